//! Keeping the books: verdicts, history, acts and who undid them, conflicts.

use super::{Fold, Head, Refusal, Verdict};
use crate::model::{ActId, DocNo, Op, Record, RecordId, Revision, Sequence};
use crate::store::codec::{Reader, put};
use crate::store::tables::from_json;
use crate::store::{StoreError, keys};

/// An act as undo sees it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(in crate::store) struct ActHead {
    pub(in crate::store) session: String,
    /// The act it took back.
    pub(in crate::store) undoes: Option<ActId>,
    /// Whether it takes something back: an undo does, a redo (the undo of an undo) does not.
    pub(in crate::store) takes_back: bool,
    /// Whether it was itself taken back.
    pub(in crate::store) undone: bool,
}

impl Fold<'_> {
    /// Writes down what became of a record.
    pub(super) fn book(
        &mut self,
        sequence: Sequence,
        record: &Record,
        verdict: &Verdict,
        touched: &[DocNo],
    ) -> Result<(), StoreError> {
        self.put(keys::verdict(sequence), encode_verdict(verdict, touched));
        match verdict {
            Verdict::Repeated | Verdict::Refused(_) => return Ok(()),
            Verdict::Accepted { .. } => {
                if record.op.inverted().is_some() {
                    self.enter_act(sequence, record)?;
                }
            }
            Verdict::Conflict => {}
        }
        // By these an order that is given again is known, however late. An import is none.
        if !matches!(record.op, Op::Import(_)) {
            let key = keys::at(keys::act_records(record.act), sequence);
            self.put(key, Vec::new());
        }
        // An undo that came too late took nothing back.
        if let (Some(undone), Verdict::Accepted { .. }) = (record.undoes, verdict) {
            self.mark_undone(undone)?;
        }
        if let Some(key) = keys::history(&record.key) {
            self.put(keys::at(key, sequence), Vec::new());
        }
        Ok(())
    }

    pub(super) fn remember(&mut self, id: RecordId, sequence: Sequence) {
        if let Some(forgotten) = self.recent.push(id, sequence) {
            self.recent_pages.remove(&forgotten);
            self.remove(keys::page(keys::RECENT, forgotten));
        }
        self.recent_pages.insert(self.recent.last_page());
    }

    pub(super) fn keep_conflict(&mut self, sequence: Sequence, record: &Record, head: Head) {
        let mut out = Vec::new();
        put(&mut out, sequence.0);
        put(&mut out, head.sequence.0);
        self.put(keys::conflict(record.id), out);
    }

    pub(super) fn resolve(
        &mut self,
        sequence: Sequence,
        settlement: &Record,
        kept: RecordId,
        apply: bool,
        touched: &mut Vec<DocNo>,
    ) -> Result<Verdict, StoreError> {
        if !self.all_done_before(sequence, settlement.act)? {
            return Ok(Verdict::Refused(Refusal::NotDone));
        }
        let key = keys::conflict(kept);
        let Some(bytes) = self.get(&key)? else {
            return Ok(Verdict::Refused(Refusal::UnknownConflict));
        };
        let (at, _) = decode_conflict(&bytes)?;
        let mut revision = Revision(0);
        if apply {
            let record = (self.record_at)(at)?;
            match self.enact(sequence, &record, touched)? {
                Verdict::Accepted { revision: now } => revision = now,
                refused => return Ok(refused),
            }
            if let Some(key) = keys::history(&record.key) {
                self.put(keys::at(key, sequence), Vec::new());
            }
        }
        self.remove(key);
        self.put(keys::settled(kept), bytes);
        Ok(Verdict::Accepted { revision })
    }

    /// Keeps a settled conflict again.
    pub(super) fn reopen(&mut self, kept: RecordId) -> Result<Verdict, StoreError> {
        let key = keys::settled(kept);
        let Some(bytes) = self.get(&key)? else {
            return Ok(Verdict::Refused(Refusal::UnknownConflict));
        };
        self.remove(key);
        self.put(keys::conflict(kept), bytes);
        Ok(Verdict::Accepted {
            revision: Revision(0),
        })
    }

    /// Whether all of an act that stands right before a place was done: an act's records follow
    /// one another.
    fn all_done_before(&self, sequence: Sequence, act: ActId) -> Result<bool, StoreError> {
        for before in (1..sequence.0).rev().map(Sequence) {
            if (self.record_at)(before)?.act != act {
                break;
            }
            let bytes = self.get(&keys::verdict(before))?;
            let bytes = bytes.ok_or_else(|| StoreError::damaged("a verdict is missing"))?;
            match decode_verdict(&bytes)?.0 {
                Verdict::Accepted { .. } | Verdict::Repeated => {}
                Verdict::Conflict | Verdict::Refused(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    fn act(&self, id: ActId) -> Result<Option<ActHead>, StoreError> {
        let bytes = self.get(&keys::act(id))?;
        bytes.map(|bytes| decode_act(&bytes)).transpose()
    }

    fn enter_act(&mut self, sequence: Sequence, record: &Record) -> Result<(), StoreError> {
        if self.act(record.act)?.is_some() {
            return Ok(());
        }
        let takes_back = match record.undoes {
            None => false,
            Some(undone) => self.act(undone)?.is_none_or(|act| !act.takes_back),
        };
        let head = ActHead {
            session: record.origin.session.clone(),
            undoes: record.undoes,
            takes_back,
            undone: false,
        };
        self.put_json(keys::act(record.act), &head)?;
        let key = keys::at(keys::author_acts(record.author.voter()), sequence);
        self.put(key, record.act.0.to_be_bytes().to_vec());
        Ok(())
    }

    fn mark_undone(&mut self, id: ActId) -> Result<(), StoreError> {
        if let Some(mut act) = self.act(id)? {
            act.undone = true;
            self.put_json(keys::act(id), &act)?;
        }
        Ok(())
    }
}

/// Reads an act.
pub(in crate::store) fn decode_act(bytes: &[u8]) -> Result<ActHead, StoreError> {
    from_json(bytes, "an act")
}

/// Reads a kept conflict: its own sequence, and that of the change that was faster.
pub(in crate::store) fn decode_conflict(bytes: &[u8]) -> Result<(Sequence, Sequence), StoreError> {
    let mut reader = Reader(bytes);
    match (reader.take(), reader.take()) {
        (Some(at), Some(theirs)) => Ok((Sequence(at), Sequence(theirs))),
        _ => Err(StoreError::damaged("a kept conflict")),
    }
}

fn encode_verdict(verdict: &Verdict, touched: &[DocNo]) -> Vec<u8> {
    let (kind, value) = match verdict {
        Verdict::Accepted { revision } => (0, u64::from(revision.0)),
        Verdict::Conflict => (1, 0),
        Verdict::Repeated => (2, 0),
        Verdict::Refused(refusal) => {
            let place = Refusal::ALL.iter().position(|known| known == refusal);
            (3, place.unwrap_or_default() as u64)
        }
    };
    let mut out = vec![kind];
    put(&mut out, value);
    let mut last = 0;
    for doc in touched {
        put(&mut out, u64::from(doc.0 - last));
        last = doc.0;
    }
    out
}

/// Reads a verdict and the numbers it touched, in order.
pub(in crate::store) fn decode_verdict(bytes: &[u8]) -> Result<(Verdict, Vec<DocNo>), StoreError> {
    let damaged = || StoreError::damaged("a verdict");
    let (kind, rest) = bytes.split_first().ok_or_else(damaged)?;
    let mut reader = Reader(rest);
    let value = reader.take_u32().ok_or_else(damaged)?;
    let verdict = match kind {
        0 => Verdict::Accepted {
            revision: Revision(value),
        },
        1 => Verdict::Conflict,
        2 => Verdict::Repeated,
        3 => {
            let refusal = Refusal::ALL.get(value as usize).ok_or_else(damaged)?;
            Verdict::Refused(*refusal)
        }
        _ => return Err(damaged()),
    };
    let mut touched = Vec::new();
    let mut last = 0;
    while !reader.0.is_empty() {
        last += reader.take_u32().ok_or_else(damaged)?;
        touched.push(DocNo(last));
    }
    Ok((verdict, touched))
}
