//! The bytes of documents on their way to the desk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::SIGINT;
use signal_hook::iterator::Signals;

use super::files::{Content, Document, Unreadable};
use super::progress::Progress;
use crate::api::{Desk, DeskExt, ErrorCode, ImportOptions, ImportReport, ask};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::say::say;
use crate::model::JobId;

/// The most bytes of one request.
const CHUNK: usize = 1024 * 1024;

/// Time between two tries while another import is under way.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// The exit code of a process that a second Ctrl-C ended: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// What an import did, and what never reached the desk.
#[derive(Debug, Default)]
pub struct Fed {
    /// The desk's report.
    pub report: ImportReport,
    /// Files that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Files of a folder that are of no kind that is read, by the end of their names.
    pub unread: BTreeMap<String, usize>,
}

/// Feeds documents to a desk; Ctrl-C cancels, and what was acknowledged stays.
///
/// # Errors
/// When the desk fails.
pub fn all(
    cx: &mut Context,
    desk: &Arc<dyn Desk>,
    options: ImportOptions,
    documents: Vec<Document>,
) -> Result<Fed, Failure> {
    let pushes = desk.subscribe();
    let job = open(cx, &**desk, options)?;
    let interrupt = Interrupt::cancels(desk, job);
    let mut progress = Progress::begin(cx, pushes, job, &documents);
    let mut unreadable = Vec::new();
    for document in documents {
        if interrupt.came() {
            break;
        }
        progress.document(&document.name);
        match send(&**desk, job, &document, &mut progress) {
            Ok(Sent::Whole) => {}
            Ok(Sent::Failed(why)) => unreadable.push(Unreadable {
                file: document.name,
                why: why.to_string(),
            }),
            Err(Failure::Desk(error)) if error.code() == ErrorCode::Cancelled => break,
            Err(failure) => return Err(failure),
        }
    }
    progress.sent();
    let report = desk.ask(ask::ImportClose { job })?;
    progress.end();
    Ok(Fed {
        report,
        unreadable,
        unread: BTreeMap::new(),
    })
}

/// Begins an import; while another is under way, it is waited for.
fn open(cx: &mut Context, desk: &dyn Desk, options: ImportOptions) -> Result<JobId, Failure> {
    let mut told = false;
    loop {
        match desk.ask(options.clone()) {
            Ok(job) => return Ok(job),
            Err(error) if error.code() == ErrorCode::Importing => {
                if !std::mem::replace(&mut told, true) {
                    cx.out.note(say!(
                        cx.lang,
                        "另一次导入正在进行，等它结束（Ctrl-C 放弃）",
                        "another import is under way; waiting for its end (Ctrl-C gives up)"
                    ));
                }
                std::thread::sleep(LOOK_EVERY);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

enum Sent {
    Whole,
    Failed(io::Error),
}

fn send(
    desk: &dyn Desk,
    job: JobId,
    document: &Document,
    progress: &mut Progress,
) -> Result<Sent, Failure> {
    let mut reader: Box<dyn Read> = match &document.content {
        Content::File(path) => match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => return Ok(Sent::Failed(error)),
        },
        Content::Stdin => Box::new(io::stdin().lock()),
        Content::Bytes(bytes) => Box::new(bytes.as_slice()),
    };
    let mut first = true;
    loop {
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(CHUNK as u64).read_to_end(&mut bytes);
        if let Err(error) = read {
            if !first {
                // What came before the fault is a document cut off: it ends here.
                put(desk, job, document, Vec::new(), true)?;
            }
            return Ok(Sent::Failed(error));
        }
        first = false;
        let end = bytes.len() < CHUNK;
        progress.advance(bytes.len() as u64);
        put(desk, job, document, bytes, end)?;
        if end {
            return Ok(Sent::Whole);
        }
    }
}

fn put(
    desk: &dyn Desk,
    job: JobId,
    document: &Document,
    bytes: Vec<u8>,
    end: bool,
) -> Result<(), Failure> {
    Ok(desk.ask(ask::ImportData {
        job,
        file: document.name.clone(),
        bytes,
        end,
    })?)
}

/// Ctrl-C while it lives: the first cancels the job, the second ends the process.
struct Interrupt {
    came: Arc<AtomicBool>,
    handle: Option<signal_hook::iterator::Handle>,
}

impl Interrupt {
    fn cancels(desk: &Arc<dyn Desk>, job: JobId) -> Self {
        let came = Arc::new(AtomicBool::new(false));
        // Without signals the import works; Ctrl-C then ends it as it ends any program.
        let Ok(mut signals) = Signals::new([SIGINT]) else {
            return Self { came, handle: None };
        };
        let handle = signals.handle();
        let (desk, flag) = (Arc::clone(desk), Arc::clone(&came));
        std::thread::spawn(move || {
            for _ in signals.forever() {
                if flag.swap(true, Ordering::SeqCst) {
                    std::process::exit(INTERRUPTED);
                }
                // A job that is over cannot be cancelled, and need not be.
                let _ = desk.ask(ask::Cancel { job });
            }
        });
        Self {
            came,
            handle: Some(handle),
        }
    }

    fn came(&self) -> bool {
        self.came.load(Ordering::SeqCst)
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.close();
        }
    }
}
