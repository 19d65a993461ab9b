//! Taking acts back, and doing them again.

use super::actor::Actor;
use super::annotate::Annotations;
use super::writer::ActBuilder;
use crate::api::{ActDone, DeskError, UndoScope};
use crate::model::{Key, Op, Record, Sequence};
use crate::store::{Act, Logged, Verdict};

impl Annotations {
    pub(super) fn undo(&self, who: &Actor, scope: UndoScope) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut moved_on = Vec::new();
        let mut before: Option<Sequence> = None;
        // An act of which nothing can be taken back any more gives way to the one before it.
        loop {
            let act = self
                .store
                .last_act(who.author.voter(), session(who, scope), before)?;
            let Some(act) = act else {
                return Err(DeskError::NothingToUndo { moved_on });
            };
            before = act.records.first().map(|(sequence, _)| *sequence);
            let undo = self.inverse(who, &act, &mut moved_on)?;
            if !undo.records.is_empty() {
                let mut done = self.writer.finish(&writing, undo)?;
                done.moved_on = moved_on;
                return Ok(done);
            }
        }
    }

    pub(super) fn redo(&self, who: &Actor, scope: UndoScope) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let act = self
            .store
            .last_undo(who.author.voter(), session(who, scope))?
            .ok_or_else(|| DeskError::NothingToUndo { moved_on: vec![] })?;
        let mut moved_on = Vec::new();
        let redo = self.inverse(who, &act, &mut moved_on)?;
        let mut done = self.writer.finish(&writing, redo)?;
        done.moved_on = moved_on;
        Ok(done)
    }

    /// The act that takes another back, without the keys that have moved on since.
    fn inverse<'a>(
        &self,
        who: &'a Actor,
        act: &Act,
        moved_on: &mut Vec<String>,
    ) -> Result<ActBuilder<'a>, DeskError> {
        let mut undo = ActBuilder::undoing(who, act.id);
        let mut in_use = Vec::new();
        let known = moved_on.len();
        for (sequence, record) in act.records.iter().rev() {
            let Some(op) = record.op.inverted() else {
                continue;
            };
            if self.moved_on(*sequence, record)? {
                moved_on.push(record.key.to_string());
            } else if self.used_elsewhere(record, &undo)? {
                in_use.push(record.key.to_string());
            } else {
                let base = match record.base_rev {
                    Some(_) => Some(self.store.revision(&record.key)?),
                    None => None,
                };
                undo.add(record.key.clone(), base, op);
            }
        }
        if moved_on.len() > known {
            // A settlement stands as long as what it made of the key.
            let of_the_key = |record: &Record| !matches!(record.key, Key::Conflict(_));
            undo.records.retain(of_the_key);
        }
        if undo.records.is_empty() {
            moved_on.append(&mut in_use);
        }
        Ok(undo)
    }

    /// Whether a record is about a ticket that is there no more: its dataset was removed since.
    fn is_gone(&self, key: &Key) -> bool {
        match key {
            Key::Cause(id) | Key::Category(id) | Key::Vote(id, _) | Key::Outdated(id) => {
                let directory = self.store.directory();
                let entry = directory.by_id(*id).and_then(|doc| directory.entry(doc));
                entry.is_none_or(|entry| entry.removed)
            }
            _ => false,
        }
    }

    /// Whether a key was changed since by an act that still stands, or is nobody's any more.
    fn moved_on(&self, sequence: Sequence, record: &Record) -> Result<bool, DeskError> {
        if self.is_gone(&record.key) {
            return Ok(true);
        }
        if let Key::Conflict(kept) = record.key {
            // It has no revision: it is settled, or it is not.
            let settles = record.op != Op::Reopen;
            return Ok(self.store.is_settled(kept)? != settles);
        }
        if record.base_rev.is_none() {
            return Ok(false);
        }
        let later: Vec<Logged> = self
            .store
            .history_of(&record.key)?
            .into_iter()
            .filter(|l| l.sequence > sequence && matches!(l.verdict, Verdict::Accepted { .. }))
            .collect();
        // Walking back, an undo and the act it names cancel each other; anything else stands.
        let mut open = Vec::new();
        for logged in later.iter().rev() {
            let record = &logged.record;
            if let Some(at) = open.iter().position(|act| *act == record.act) {
                open.swap_remove(at);
            } else if let Some(undone) = record.undoes {
                open.push(undone);
            } else {
                return Ok(true);
            }
        }
        // What is left open takes back this act or an older one.
        Ok(!open.is_empty())
    }

    /// Whether a cause that a record created is used by a ticket that this undo leaves alone, or
    /// by a change that waits for its conflict to be settled.
    fn used_elsewhere(&self, record: &Record, undo: &ActBuilder<'_>) -> Result<bool, DeskError> {
        let (Op::CauseCreate { .. }, Key::Vocab(cause)) = (&record.op, &record.key) else {
            return Ok(false);
        };
        let waits =
            |kept: &Record| matches!(&kept.op, Op::Causes { add, .. } if add.contains(cause));
        let kept = self.store.conflicts()?;
        if kept.iter().any(|kept| waits(&kept.record)) {
            return Ok(true);
        }
        let directory = self.store.directory();
        let mut users = directory
            .docs_with_cause(*cause)
            .into_iter()
            .filter_map(|doc| directory.entry(doc));
        Ok(users.any(|entry| {
            let key = Key::Cause(entry.id);
            !undo.records.iter().any(|record| record.key == key)
        }))
    }
}

fn session(who: &Actor, scope: UndoScope) -> Option<&str> {
    match scope {
        UndoScope::Session => Some(who.origin.session.as_str()),
        UndoScope::Author => None,
    }
}
