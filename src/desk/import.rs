//! Imports: bytes in, acknowledged batches, an honest report.
//!
//! Three stages run side by side: reading and masking, storing, indexing. What the store has
//! acknowledged stays, whatever happens afterwards; running the same import again resumes it.

mod exported;
mod merge;
mod report;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::actor::Actor;
use super::export::ExportLine;
use super::indexing::Indexing;
use super::insights::Insights;
use super::jobs::Jobs;
use super::jobs::{Cancel, ImportJob, Job, Piece, unknown};
use super::sample;
use super::writer::Writer;
use crate::api::Fanout;
use crate::api::{DeskError, ErrorCode, ImportOptions, ImportReport, JobState, Progress, Push};
use crate::ingest::{ColumnName, FileReport, Item, LabelTable, Masking, Options, Reader};
use crate::model::JobId;
use crate::store::Store;
use exported::ExportReader;
use merge::Merge;
use report::ReportBuilder;

/// Pieces of input and parsed batches that wait between two stages.
const WAITING: usize = 8;
/// Parsed items handed on at once.
const ITEMS: usize = 256;
/// The dataset of an import that names none.
const UNNAMED: &str = "default";

/// Held by the one import that may store something: what it recognises as new must not become
/// another's at the same time.
struct Turn(Arc<Imports>);

impl Turn {
    fn take(imports: &Arc<Imports>) -> Result<Self, DeskError> {
        if imports.importing.swap(true, Ordering::AcqRel) {
            return Err(DeskError::Importing);
        }
        Ok(Self(Arc::clone(imports)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.importing.store(false, Ordering::Release);
    }
}

/// What the reading stage hands on.
enum Parsed {
    Items {
        file: Arc<str>,
        items: Vec<Item>,
    },
    File {
        file: Arc<str>,
        report: Box<FileReport>,
    },
    Exported(Box<ExportLine>),
}

/// What comes into the store: documents and exports.
pub(super) struct Imports {
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) insights: Arc<Insights>,
    pub(super) pushes: Arc<Fanout>,
    pub(super) jobs: Arc<Jobs>,
    pub(super) importing: AtomicBool,
    pub(super) writer: Arc<Writer>,
}

impl Imports {
    pub(super) fn import_open(
        imports: &Arc<Self>,
        who: &Actor,
        options: ImportOptions,
    ) -> Result<JobId, DeskError> {
        let turn = if options.dry_run {
            None
        } else {
            Some(Turn::take(imports)?)
        };
        let id = imports.jobs.next_id();
        let (input, pieces) = bounded(WAITING);
        let cancel = Cancel::default();
        let thread = {
            let (imports, who, cancel) = (Arc::clone(imports), who.clone(), cancel.clone());
            thread::Builder::new()
                .name("import".to_owned())
                .spawn(move || Import::new(&imports, &who, id, options, cancel)?.run(&pieces, turn))
                .map_err(DeskError::bug)?
        };
        let job = ImportJob {
            input: Mutex::new(Some(input)),
            thread: Mutex::new(Some(thread)),
            cancel,
        };
        imports.jobs.insert(id, Job::Import(Arc::new(job)));
        Ok(id)
    }

    pub(super) fn import_data(
        &self,
        job: JobId,
        file: String,
        bytes: Vec<u8>,
        end: bool,
    ) -> Result<(), DeskError> {
        let Job::Import(import) = self.jobs.get(job)? else {
            return Err(unknown(job));
        };
        let input = import
            .input
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match input {
            // The thread takes no more after a failure; its error comes with the close.
            Some(input) => {
                let _ = input.send(Piece { file, bytes, end });
                Ok(())
            }
            // What was on its way when it was cancelled.
            None if import.cancel.is_set() => Ok(()),
            None => Err(unknown(job)),
        }
    }

    pub(super) fn import_close(&self, job: JobId) -> Result<ImportReport, DeskError> {
        let Job::Import(import) = self.jobs.take(job)? else {
            return Err(unknown(job));
        };
        drop(import.close());
        let thread = import
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let thread = thread.ok_or_else(|| unknown(job))?;
        thread
            .join()
            .unwrap_or_else(|_panic| Err(DeskError::bug("the import thread panicked")))
    }

    /// Imports the sample corpus into a store without any dataset.
    pub(super) fn load_sample(imports: &Arc<Self>, who: &Actor) -> Result<ImportReport, DeskError> {
        if !imports.store.directory().datasets().is_empty() {
            return Ok(ImportReport::default());
        }
        let options = ImportOptions {
            dataset: Some(sample::DATASET.to_owned()),
            articles: false,
            dry_run: false,
            no_mask: false,
            list_masks: false,
            columns: Vec::new(),
        };
        let job = match Self::import_open(imports, who, options) {
            // Whatever is being imported is more than a sample.
            Err(error) if error.code() == ErrorCode::Importing => {
                return Ok(ImportReport::default());
            }
            opened => opened?,
        };
        for (file, text) in sample::FILES {
            imports.import_data(job, (*file).to_owned(), text.as_bytes().to_vec(), true)?;
        }
        imports.import_close(job)
    }
}

/// One import while it runs.
struct Import<'a> {
    imports: &'a Imports,
    who: &'a Actor,
    id: JobId,
    options: ImportOptions,
    cancel: Cancel,
    report: ReportBuilder,
    merge: Merge<'a>,
}

impl<'a> Import<'a> {
    fn new(
        imports: &'a Imports,
        who: &'a Actor,
        id: JobId,
        options: ImportOptions,
        cancel: Cancel,
    ) -> Result<Self, DeskError> {
        let dataset = options
            .dataset
            .clone()
            .unwrap_or_else(|| UNNAMED.to_owned());
        let merge = Merge::new(imports, who, dataset.clone(), options.dry_run)?;
        let report = ReportBuilder::new(dataset, options.list_masks);
        Ok(Self {
            imports,
            who,
            id,
            options,
            cancel,
            report,
            merge,
        })
    }

    fn run(
        mut self,
        pieces: &Receiver<Piece>,
        turn: Option<Turn>,
    ) -> Result<ImportReport, DeskError> {
        let started = Instant::now();
        let _analysis_waits = self.imports.insights.during_import();
        let settings = self.imports.store.settings();
        let masking = if self.options.no_mask {
            Masking::Off
        } else {
            Masking::of(&settings)
        };
        let reading = Options {
            labels: LabelTable::with(&settings.labels),
            articles: self.options.articles,
            masking,
            fingerprint_key: self.imports.store.fingerprint_key(),
            columns: self
                .options
                .columns
                .iter()
                .map(|(label, column)| ColumnName {
                    label: label.clone(),
                    column: column.clone(),
                })
                .collect(),
        };
        let (parsed, batches) = bounded(WAITING);
        let cancel = self.cancel.clone();
        let stored = thread::scope(|scope| {
            let outlet = Outlet { parsed, cancel };
            let (reading, who) = (&reading, self.who);
            scope.spawn(move || read_all(pieces, reading, who, &outlet));
            self.store_all(batches)
        });
        drop(turn);
        let state = match (&stored, self.cancel.is_set()) {
            (Err(_), _) => JobState::Failed,
            (Ok(()), true) => JobState::Cancelled,
            (Ok(()), false) => JobState::Done,
        };
        self.tell(state);
        stored?;
        if !self.options.dry_run && !self.cancel.is_set() {
            self.imports.indexing.catch_up()?;
            self.imports.indexing.search.settle();
            self.imports.store.settle()?;
        }
        let counts = self.merge.counts();
        let cancelled = self.cancel.is_set();
        Ok(self
            .report
            .finish(&counts, started.elapsed().as_secs_f64(), cancelled))
    }

    /// Takes the receiving end, so that a failure here ends the reading stage too.
    fn store_all(&mut self, batches: Receiver<Parsed>) -> Result<(), DeskError> {
        for parsed in batches {
            if self.cancel.is_set() {
                break;
            }
            match parsed {
                Parsed::Items { file, items } => {
                    for item in items {
                        self.merge.add(&file, item)?;
                    }
                    self.tell(JobState::Running);
                    self.imports.indexing.make_room(|| self.cancel.is_set());
                }
                Parsed::File { file, report } => self.report.file(&file, *report),
                Parsed::Exported(line) => self.merge.add_exported(*line)?,
            }
        }
        self.merge.flush()
    }

    fn tell(&self, state: JobState) {
        self.imports.pushes.send(&Push::Progress(Progress {
            job: Some(self.id),
            what: "import".to_owned(),
            done: self.merge.counts().tickets as u64,
            total: 0,
            state,
        }));
    }
}

/// The way to the storing stage, and the wish to stop.
struct Outlet {
    parsed: Sender<Parsed>,
    cancel: Cancel,
}

/// Reads documents until the input ends or nobody wants more.
fn read_all(pieces: &Receiver<Piece>, options: &Options, who: &Actor, outlet: &Outlet) {
    // Files may come interleaved from one client; each has its own reader.
    let mut inputs: BTreeMap<String, Input<'_>> = BTreeMap::new();
    for piece in pieces {
        if outlet.cancel.is_set() {
            // Keep taking, so that the sender is never stuck; the bytes are dropped.
            continue;
        }
        let file: Arc<str> = Arc::from(piece.file.as_str());
        let input = inputs
            .entry(piece.file)
            .or_insert_with_key(|name| Input::new(name, &piece.bytes, options, who));
        input.feed(&file, &piece.bytes, outlet);
        if piece.end
            && let Some(input) = inputs.remove(file.as_ref())
        {
            input.finish(&file, outlet);
        }
    }
}

/// One file being read.
enum Input<'a> {
    Document(Box<Reader<'a>>),
    Export(Box<ExportReader<'a>>),
}

impl<'a> Input<'a> {
    fn new(name: &str, first: &[u8], options: &'a Options, who: &'a Actor) -> Self {
        if ExportReader::recognises(first) {
            Self::Export(Box::new(ExportReader::new(who, &options.masking)))
        } else {
            Self::Document(Box::new(Reader::new(name, options)))
        }
    }

    fn feed(&mut self, file: &Arc<str>, bytes: &[u8], outlet: &Outlet) {
        match self {
            Self::Document(reader) => outlet.items(file, |sink| reader.feed(bytes, sink)),
            Self::Export(reader) => {
                reader.feed(bytes, &mut |line| outlet.send(Parsed::exported(line)));
            }
        }
    }

    fn finish(self, file: &Arc<str>, outlet: &Outlet) {
        let report = match self {
            Self::Document(reader) => outlet.items(file, |sink| reader.finish(sink)),
            Self::Export(reader) => reader.finish(&mut |line| outlet.send(Parsed::exported(line))),
        };
        outlet.send(Parsed::File {
            file: Arc::clone(file),
            report: Box::new(report),
        });
    }
}

impl Parsed {
    fn exported(line: ExportLine) -> Self {
        Self::Exported(Box::new(line))
    }
}

impl Outlet {
    fn send(&self, parsed: Parsed) {
        // When the storing stage ended, reading goes on to no effect until the input ends.
        let _ = self.parsed.send(parsed);
    }

    /// Hands items on as they come, some at a time.
    fn items<T>(&self, file: &Arc<str>, read: impl FnOnce(&mut dyn FnMut(Item)) -> T) -> T {
        let mut items = Vec::new();
        let result = read(&mut |item| {
            items.push(item);
            if items.len() >= ITEMS {
                let items = std::mem::take(&mut items);
                self.send(Parsed::Items {
                    file: Arc::clone(file),
                    items,
                });
            }
        });
        if !items.is_empty() {
            self.send(Parsed::Items {
                file: Arc::clone(file),
                items,
            });
        }
        result
    }
}
