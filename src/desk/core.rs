//! What all sessions of a desk share: store, index, jobs, listeners.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::model::{ActId, DocNo, Key, Op, Record, Revision, TicketFilter, TicketId};
use crate::store::{Folded, Resolved, Store};

use super::actor::Actor;
use super::errors::{ambiguous, unknown_id};
use super::indexing::Indexing;
use super::insights::Insights;
use super::jobs::Jobs;
use super::presence::Presence;
use super::reloads::Reloads;
use super::sample;
use crate::api::{Answer, DeskError, Fanout, Part, Push, Status};

/// The file in the data directory that holds what the last run found.
const INSIGHT: &str = "insight.bin";

/// The shared part of a desk.
pub(super) struct Core {
    pub(super) dir: PathBuf,
    pub(super) store: Arc<Store>,
    pub(super) indexing: Indexing,
    pub(super) insights: Insights,
    pub(super) pushes: Arc<Fanout>,
    reloads: Arc<Reloads>,
    pub(super) presence: Arc<Presence>,
    pub(super) jobs: Jobs,
    /// Held from reading what a change is made against until its records are folded and queued
    /// for the index, so that the index's sequence never runs ahead of what it was given.
    writer: Mutex<()>,
    /// Whether an import is storing something.
    pub(super) importing: AtomicBool,
}

/// Proof that the writer's lock is held.
pub(super) struct Writing<'a> {
    core: &'a Core,
    _guard: std::sync::MutexGuard<'a, ()>,
}

impl Core {
    pub(super) fn open(dir: &Path) -> Result<Arc<Self>, DeskError> {
        let store = Arc::new(Store::open(dir)?);
        let pushes = Arc::new(Fanout::default());
        let indexing = Indexing::open(&dir.join("index"), Arc::clone(&store), Arc::clone(&pushes))?;
        let insights = Insights::new(
            dir.join(INSIGHT),
            Arc::clone(&store),
            indexing.search.clone(),
            Arc::clone(&pushes),
        );
        Ok(Arc::new(Self {
            dir: dir.to_owned(),
            insights,
            store,
            indexing,
            presence: Presence::new(Arc::clone(&pushes)),
            reloads: Reloads::new(Arc::clone(&pushes)),
            pushes,
            jobs: Jobs::default(),
            writer: Mutex::new(()),
            importing: AtomicBool::new(false),
        }))
    }

    /// Begins a change: reads made from here on hold until its records are folded.
    pub(super) fn write(&self) -> Writing<'_> {
        // The lock guards no data of its own.
        Writing {
            core: self,
            _guard: self.writer.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Gives an answer, once what it says was done is on the disk.
    pub(super) fn acknowledged(&self, answer: Answer) -> Result<Answer, DeskError> {
        if let Answer::Done(_) | Answer::Imported(_) = &answer {
            self.store.sync()?;
        }
        Ok(answer)
    }

    pub(super) fn status(&self, who: &Actor) -> Status {
        let directory = self.store.directory();
        let datasets = directory.datasets();
        let behind = self.indexing.behind();
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: self.dir.display().to_string(),
            sequence: self.store.applied(),
            tickets: directory.count(&TicketFilter::default()),
            articles: directory.article_count(),
            datasets: datasets.len(),
            sample: datasets
                .iter()
                .any(|dataset| dataset.name == sample::DATASET),
            indexing: behind.map(|behind| behind.percent),
            index_work: behind.map(|behind| behind.work),
            agent: who.author.name.clone(),
            clients: 1,
        }
    }

    /// Tells the listeners of changed tickets, and of what else has changed.
    fn tell(&self, docs: &[DocNo], parts: BTreeSet<Part>) {
        let directory = self.store.directory();
        let entries = docs.iter().filter_map(|doc| directory.entry(*doc));
        let ids: Vec<TicketId> = entries.map(|entry| entry.id).collect();
        drop(directory);
        if !ids.is_empty() {
            self.pushes.send(&Push::Changed(ids));
        }
        for part in parts {
            self.pushes.send(&Push::Part(part));
        }
    }

    /// The shown ticket or article that the beginning of an id names.
    pub(super) fn resolve(&self, prefix: &str) -> Result<DocNo, DeskError> {
        let prefix = prefix.trim().trim_start_matches('#');
        match self.store.directory().resolve(prefix) {
            Resolved::One(doc) => Ok(doc),
            Resolved::Many(ids) => Err(ambiguous(prefix, &ids)),
            Resolved::None => Err(unknown_id(prefix)),
        }
    }

    /// The ticket that the beginning of an id names; an article is none.
    pub(super) fn resolve_ticket(&self, prefix: &str) -> Result<TicketId, DeskError> {
        let doc = self.resolve(prefix)?;
        let entry = self.store.directory().entry(doc);
        entry
            .filter(|entry| !entry.is_article)
            .map(|entry| entry.id)
            .ok_or_else(|| unknown_id(prefix))
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.jobs.cancel_all();
    }
}

impl Writing<'_> {
    /// Folds records and tells the index and the listeners.
    ///
    /// What an import brings is on the disk afterwards. Of everything else the act's author is told
    /// only once it is: see [`Core::acknowledged`].
    pub(super) fn commit(&self, records: Vec<Record>) -> Result<Vec<Folded>, DeskError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let parts: Option<BTreeSet<Part>> = records
            .iter()
            .map(|record| changed_parts(&record.op))
            .collect::<Option<Vec<_>>>()
            .map(|parts| parts.into_iter().flatten().copied().collect());
        let lexicon = records
            .iter()
            .any(|record| matches!(record.key, Key::Setting(_)));
        let vocabulary = records.iter().any(|record| changes_causes(&record.op));
        let bulk = records
            .iter()
            .any(|record| matches!(record.op, Op::Import(_)));
        // Nothing else is folded meanwhile: whoever writes holds the writer.
        let before = self.core.store.applied();
        let folded = if bulk {
            self.core.store.commit(records)?
        } else {
            self.core.store.apply(records)?
        };
        let applied = self.core.store.applied();
        let touched: Vec<_> = folded
            .iter()
            .flat_map(|fold| fold.touched.iter().copied())
            .collect();
        self.core.indexing.changed(before, applied, &touched);
        self.core.insights.changed(applied, &touched, vocabulary);
        if lexicon {
            self.core.indexing.lexicon_changed();
            self.core.insights.lexicon_changed();
        }
        match parts {
            None if bulk => self.core.reloads.tell(),
            None => self.core.pushes.send(&Push::Reload),
            Some(parts) => self.core.tell(&touched, parts),
        }
        Ok(folded)
    }
}

/// What an operation changes beside the tickets it touches; `None` = everything that is shown.
fn changed_parts(op: &Op) -> Option<&'static [Part]> {
    match op {
        Op::Causes { .. } | Op::Vote { .. } | Op::Outdated(_) | Op::Use { .. } | Op::Star(_) => {
            Some(&[])
        }
        Op::Category { .. } => Some(&[Part::Counts]),
        Op::CauseCreate { .. } | Op::CauseDrop { .. } | Op::CauseGroup(_) | Op::CauseRetire(_) => {
            Some(&[Part::Vocabulary])
        }
        Op::Reply { .. } => Some(&[Part::Replies]),
        Op::View(_) => Some(&[Part::Views]),
        // Of what it was kept for is not known here.
        Op::Resolve { .. } | Op::Reopen => {
            Some(&[Part::Counts, Part::Vocabulary, Part::Replies, Part::Views])
        }
        Op::CauseRename(_)
        | Op::CauseMerge(_)
        | Op::Setting(_)
        | Op::Import(_)
        | Op::RemoveDataset => None,
    }
}

/// Whether an operation changes the vocabulary: an import brings causes along.
fn changes_causes(op: &Op) -> bool {
    match op {
        Op::CauseCreate { .. }
        | Op::CauseDrop { .. }
        | Op::CauseRename(_)
        | Op::CauseMerge(_)
        | Op::CauseRetire(_)
        | Op::Import(_)
        | Op::Resolve { .. }
        | Op::Reopen => true,
        Op::CauseGroup(_)
        | Op::Causes { .. }
        | Op::Category { .. }
        | Op::Vote { .. }
        | Op::Reply { .. }
        | Op::Outdated(_)
        | Op::View(_)
        | Op::Setting(_)
        | Op::Use { .. }
        | Op::Star(_)
        | Op::RemoveDataset => false,
    }
}

/// Makes the records of one act.
pub(super) struct ActBuilder<'a> {
    who: &'a Actor,
    pub(super) act: ActId,
    undoes: Option<ActId>,
    at: Timestamp,
    /// Records the act had before these.
    before: u32,
    pub(super) records: Vec<Record>,
}

impl<'a> ActBuilder<'a> {
    /// The act that was ordered.
    pub(super) fn new(who: &'a Actor) -> Self {
        Self {
            who,
            act: who.act,
            undoes: None,
            at: Timestamp::now(),
            before: 0,
            records: Vec::new(),
        }
    }

    /// An act beside the one that was ordered.
    pub(super) fn apart(who: &'a Actor) -> Self {
        Self {
            act: ActId::random(),
            ..Self::new(who)
        }
    }

    /// Gives away the records so far; those that follow are of the same act.
    pub(super) fn take(&mut self) -> Vec<Record> {
        let taken = std::mem::take(&mut self.records);
        self.before += u32::try_from(taken.len()).unwrap_or(u32::MAX);
        self.at = Timestamp::now();
        taken
    }

    /// The act that was ordered, and that takes another back.
    pub(super) fn undoing(who: &'a Actor, act: ActId) -> Self {
        Self {
            undoes: Some(act),
            ..Self::new(who)
        }
    }

    pub(super) fn add(&mut self, key: Key, base_rev: Option<Revision>, op: Op) {
        let number = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.records.push(Record {
            v: Record::VERSION,
            id: self.act.record(self.before.saturating_add(number)),
            act: self.act,
            undoes: self.undoes,
            key,
            base_rev,
            op,
            author: self.who.author.clone(),
            origin: self.who.origin.clone(),
            at: self.at,
        });
    }
}
