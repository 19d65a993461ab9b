//! What undo and redo take back.

use super::fold::{ActHead, decode_act, decode_verdict};
use super::log::sequences;
use super::{Backing, Store, StoreError, Verdict, keys};
use crate::model::{ActId, Record, Sequence};

/// The records that are undone as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// The act it took back.
    pub undoes: Option<ActId>,
    /// Its accepted records in order. To undo it, invert them from the last to the first.
    pub records: Vec<(Sequence, Record)>,
}

/// Whether a search goes on.
enum Step {
    Found,
    Next,
    End,
}

impl Store {
    /// The newest act of an author, by [`Author::voter`](crate::model::Author::voter), that an undo would take back: not an undo, not undone.
    ///
    /// A redo counts as the act that it did again. `session` narrows it to one session; `before`
    /// skips acts that begin there or later, for a caller that found nothing left to undo in a
    /// newer one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn last_act(
        &self,
        author: u32,
        session: Option<&str>,
        before: Option<Sequence>,
    ) -> Result<Option<Act>, StoreError> {
        self.newest_act(author, session, before, |act| {
            if act.takes_back || act.undone {
                Step::Next
            } else {
                Step::Found
            }
        })
    }

    /// The undo that a redo would take back: not undone itself, and the author did nothing new
    /// since. The redo's records name it in `undoes`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn last_undo(&self, author: u32, session: Option<&str>) -> Result<Option<Act>, StoreError> {
        self.newest_act(author, session, None, |act| {
            match (act.takes_back, act.undone, act.undoes) {
                (true, false, _) => Step::Found,
                (true, true, _) | (false, _, Some(_)) => Step::Next,
                (false, _, None) => Step::End,
            }
        })
    }

    fn newest_act(
        &self,
        author: u32,
        session: Option<&str>,
        before: Option<Sequence>,
        step: impl Fn(&ActHead) -> Step,
    ) -> Result<Option<Act>, StoreError> {
        self.with(|backing| {
            for key in backing.engine.keys_back(&keys::author_acts(author)) {
                let key = key?;
                let begun = keys::sequence_at_end(&key);
                if before.is_some_and(|before| begun >= Some(before)) {
                    continue;
                }
                let (id, head) = act_at(backing, &key)?;
                if session.is_some_and(|session| head.session != session) {
                    continue;
                }
                match step(&head) {
                    Step::Next => {}
                    Step::End => return Ok(None),
                    Step::Found => return Ok(Some(whole(backing, id, &head)?)),
                }
            }
            Ok(None)
        })
    }
}

fn act_at(backing: &Backing, key: &[u8]) -> Result<(ActId, ActHead), StoreError> {
    let damaged = || StoreError::damaged("an act");
    let id = backing.engine.get(key)?.ok_or_else(damaged)?;
    let id: [u8; 16] = id.try_into().ok().ok_or_else(damaged)?;
    let id = ActId(u128::from_be_bytes(id));
    let head = backing.engine.get(&keys::act(id))?.ok_or_else(damaged)?;
    Ok((id, decode_act(&head)?))
}

fn whole(backing: &Backing, id: ActId, head: &ActHead) -> Result<Act, StoreError> {
    let mut records = Vec::new();
    for sequence in sequences(backing, &keys::act_records(id))? {
        // What was kept as a conflict was not done.
        if !accepted(backing, sequence)? {
            continue;
        }
        if let Some(record) = backing.record(sequence)? {
            records.push((sequence, record));
        }
    }
    Ok(Act {
        id,
        undoes: head.undoes,
        records,
    })
}

fn accepted(backing: &Backing, sequence: Sequence) -> Result<bool, StoreError> {
    let bytes = backing.engine.get(&keys::verdict(sequence))?;
    let bytes = bytes.ok_or_else(|| StoreError::damaged("a verdict is missing"))?;
    Ok(matches!(
        decode_verdict(&bytes)?.0,
        Verdict::Accepted { .. }
    ))
}
