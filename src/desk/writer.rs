//! The one way by which a change gets into the store: made against what was read under the writer's
//! lock, folded, told to the index, to the analysis and to whoever listens.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::actor::Actor;
use super::conflicts::Conflicts;
use super::errors::refused;
use super::history::History;
use super::indexing::Indexing;
use super::insights::Insights;
use super::meaning::Meaning;
use super::reloads::Reloads;
use crate::api::Fanout;
use crate::api::{ActDone, Answer, DeskError, Part, Push};
use crate::model::{ActId, DocNo, Key, Op, Record, Revision, TicketId};
use crate::store::Store;
use crate::store::{Folded, Verdict};

/// The one way by which a change gets into the store.
pub(super) struct Writer {
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) insights: Arc<Insights>,
    pub(super) meaning: Arc<Meaning>,
    pub(super) pushes: Arc<Fanout>,
    pub(super) reloads: Arc<Reloads>,
    pub(super) conflicts: Arc<Conflicts>,
    pub(super) history: Arc<History>,
    /// Held from reading what a change is made against until its records are folded and queued
    /// for the index, so that the index's sequence never runs ahead of what it was given.
    pub(super) lock: Mutex<()>,
}

/// Proof that the writer's lock is held.
pub(super) struct Writing<'a> {
    writer: &'a Writer,
    _guard: std::sync::MutexGuard<'a, ()>,
}

impl Writer {
    /// Begins a change: reads made from here on hold until its records are folded.
    pub(super) fn write(&self) -> Writing<'_> {
        // The lock guards no data of its own.
        Writing {
            writer: self,
            _guard: self.lock.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Gives an answer, once what it says was done is on the disk.
    pub(super) fn acknowledged(&self, answer: Answer) -> Result<Answer, DeskError> {
        if let Answer::Done(_) | Answer::Imported(_) = &answer {
            self.store.sync()?;
        }
        Ok(answer)
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
}

impl Writer {
    /// The revision a change is made against: the one the agent saw, or today's where only the
    /// agent's own session has changed the key since, faster than its answers came back.
    pub(super) fn base(
        &self,
        who: &Actor,
        key: &Key,
        seen: Option<Revision>,
    ) -> Result<Revision, DeskError> {
        let now = self.store.revision(key)?;
        let Some(seen) = seen.filter(|seen| *seen < now) else {
            return Ok(seen.unwrap_or(now));
        };
        let since = self.store.history_of(key)?;
        let own = since
            .iter()
            .filter(|l| matches!(l.verdict, Verdict::Accepted { revision } if revision > seen))
            .all(|l| l.record.author == who.author && l.record.origin == who.origin);
        Ok(if own { now } else { seen })
    }

    /// Commits an act and tells what became of it. A record that makes no sense is an error;
    /// a conflict is part of the answer.
    pub(super) fn finish(
        &self,
        writing: &Writing<'_>,
        act: ActBuilder<'_>,
    ) -> Result<ActDone, DeskError> {
        let id = act.act;
        // Under the writer's lock: the same order may have been before us.
        if let Some(done) = self.made(id)? {
            return Ok(done);
        }
        let names: Vec<String> = act.records.iter().map(record_name).collect();
        let folded = writing.commit(act.records)?;
        let mut done = ActDone {
            act: id,
            entries: Vec::new(),
            unchanged: Vec::new(),
            conflicts: Vec::new(),
            moved_on: Vec::new(),
        };
        for (fold, name) in folded.iter().zip(&names) {
            self.note_verdict(fold, name, &mut done)?;
        }
        Ok(done)
    }

    /// What became of an act that was made before.
    pub(super) fn made(&self, act: ActId) -> Result<Option<ActDone>, DeskError> {
        let records = self.store.act(act)?;
        if records.is_empty() {
            return Ok(None);
        }
        let mut done = ActDone {
            act,
            entries: Vec::new(),
            unchanged: Vec::new(),
            conflicts: Vec::new(),
            moved_on: Vec::new(),
        };
        let mut known = Default::default();
        for logged in records {
            if logged.verdict != Verdict::Conflict {
                done.entries
                    .push(self.history.log_entry(&logged, &mut known)?);
            } else if let Some(kept) = self.store.conflict(logged.record.id)? {
                done.conflicts.push(self.conflicts.conflict(&kept)?);
            }
        }
        Ok(Some(done))
    }

    fn note_verdict(&self, fold: &Folded, name: &str, done: &mut ActDone) -> Result<(), DeskError> {
        match fold.verdict {
            Verdict::Accepted { .. } => {
                if let Some(logged) = self.store.record_at(fold.sequence)? {
                    done.entries
                        .push(self.history.log_entry(&logged, &mut Default::default())?);
                }
                Ok(())
            }
            Verdict::Conflict => {
                let logged = self.store.record_at(fold.sequence)?;
                let id = logged.map(|logged| logged.record.id);
                let kept = id.map(|id| self.store.conflict(id)).transpose()?;
                if let Some(kept) = kept.flatten() {
                    done.conflicts.push(self.conflicts.conflict(&kept)?);
                }
                Ok(())
            }
            Verdict::Repeated => Ok(()),
            Verdict::Refused(refusal) => Err(refused(refusal, name)),
        }
    }
}

impl Writing<'_> {
    /// Folds records and tells the index and the listeners.
    ///
    /// What an import brings is on the disk afterwards. Of everything else the act's author is told
    /// only once it is: see [`Writer::acknowledged`].
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
        let before = self.writer.store.applied();
        let folded = if bulk {
            self.writer.store.commit(records)?
        } else {
            self.writer.store.apply(records)?
        };
        let applied = self.writer.store.applied();
        let touched: Vec<_> = folded
            .iter()
            .flat_map(|fold| fold.touched.iter().copied())
            .collect();
        self.writer.indexing.changed(before, applied, &touched);
        self.writer.meaning.changed(&touched);
        self.writer.insights.changed(applied, &touched, vocabulary);
        if lexicon {
            self.writer.indexing.lexicon_changed();
            self.writer.insights.lexicon_changed();
        }
        match parts {
            None if bulk => self.writer.reloads.tell(),
            None => self.writer.pushes.send(&Push::Reload),
            Some(parts) => self.writer.tell(&touched, parts),
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
        Op::Reply(_) => Some(&[Part::Replies]),
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
        | Op::Reply(_)
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

/// What a record is about, as an error names it.
fn record_name(record: &crate::model::Record) -> String {
    match (&record.op, &record.key) {
        (Op::CauseCreate { name, .. }, _) => name.clone(),
        (Op::CauseRename(change), _) => change.to.clone(),
        (_, Key::Dataset(name) | Key::View(name)) => name.clone(),
        (_, Key::Cause(id) | Key::Category(id) | Key::Vote(id, _) | Key::Outdated(id)) => {
            id.to_string()
        }
        (_, key) => key.to_string(),
    }
}
