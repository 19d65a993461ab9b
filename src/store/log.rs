//! Asking for records: by id and place, the log, histories, conflicts, what changed.

use std::collections::HashSet;

use super::fold::{decode_conflict, decode_verdict};
use super::{Backing, Store, StoreError, Verdict, keys};
use crate::model::{ActId, DocNo, Key, Record, RecordId, Sequence, TicketId};

/// A record with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its place in the log.
    pub sequence: Sequence,
    /// The record.
    pub record: Record,
    /// What became of it.
    pub verdict: Verdict,
}

/// A record that did not apply because its key had moved on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptConflict {
    /// Its place in the log.
    pub sequence: Sequence,
    /// The record.
    pub record: Record,
    /// The change that was faster.
    pub theirs: Option<Sequence>,
}

impl Store {
    /// A record by id: of the last 100,000, or kept as a conflict.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn record(&self, id: RecordId) -> Result<Option<Logged>, StoreError> {
        let recent = {
            let writer = self
                .writer
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            writer.recent.sequence(id)
        };
        let kept = || self.with(|backing| backing.engine.get(&keys::conflict(id)));
        let sequence = match recent {
            Some(sequence) => sequence,
            None => match kept()? {
                Some(bytes) => decode_conflict(&bytes)?.0,
                None => return Ok(None),
            },
        };
        self.record_at(sequence)
    }

    /// A record by its place.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn record_at(&self, sequence: Sequence) -> Result<Option<Logged>, StoreError> {
        if sequence > self.applied() {
            return Ok(None);
        }
        self.with(|backing| {
            let record = backing.record(sequence)?;
            record
                .map(|record| logged(backing, sequence, record))
                .transpose()
        })
    }

    /// Records before a place (`None` = from the newest on), newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn log(&self, before: Option<Sequence>, limit: usize) -> Result<Vec<Logged>, StoreError> {
        let newest = self.applied().next();
        let end = before.unwrap_or(newest).min(newest).0;
        let first = end.saturating_sub(limit as u64).max(1);
        let wanted = end.saturating_sub(first) as usize;
        self.with(|backing| {
            let newest_first = (first..first + wanted as u64).rev().map(Sequence);
            newest_first
                .map(|sequence| {
                    let record = backing.record(sequence)?;
                    let missing = || StoreError::damaged(format!("record {sequence} is missing"));
                    logged(backing, sequence, record.ok_or_else(missing)?)
                })
                .collect()
        })
    }

    /// The records about one ticket (causes, category, votes, outdated), oldest first. Imports
    /// are not among them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn history(&self, id: TicketId) -> Result<Vec<Logged>, StoreError> {
        self.logged_under(&keys::ticket_history(id))
    }

    /// The records of an act, oldest first: those accepted, and those kept as conflicts. None
    /// for an import, which makes too many.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn act(&self, id: ActId) -> Result<Vec<Logged>, StoreError> {
        self.logged_under(&keys::act_records(id))
    }

    /// The records about any one key, oldest first, and the settlements that applied one of
    /// them. None for datasets and use counts.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn history_of(&self, key: &Key) -> Result<Vec<Logged>, StoreError> {
        let Some(prefix) = keys::history(key) else {
            return Ok(Vec::new());
        };
        let mut listed = self.logged_under(&prefix)?;
        // The keys of a ticket share one list.
        let own = listed.iter().filter(|logged| logged.record.key == *key);
        let own: HashSet<RecordId> = own.map(|logged| logged.record.id).collect();
        listed.retain(|logged| match &logged.record.key {
            Key::Conflict(kept) if own.contains(kept) => true,
            other => other == key,
        });
        Ok(listed)
    }

    /// A record that is kept as a conflict, if it is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn conflict(&self, id: RecordId) -> Result<Option<KeptConflict>, StoreError> {
        self.with(|backing| match backing.engine.get(&keys::conflict(id))? {
            Some(bytes) => kept_conflict(backing, &bytes),
            None => Ok(None),
        })
    }

    /// The records kept as conflicts, oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn conflicts(&self) -> Result<Vec<KeptConflict>, StoreError> {
        self.with(|backing| {
            let mut kept = Vec::new();
            for item in backing.engine.scan(&[keys::CONFLICT]) {
                kept.extend(kept_conflict(backing, &item?.1)?);
            }
            kept.sort_by_key(|kept| kept.sequence);
            Ok(kept)
        })
    }

    /// Whether a record was kept as a conflict and is settled now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_settled(&self, kept: RecordId) -> Result<bool, StoreError> {
        self.with(|backing| Ok(backing.engine.get(&keys::settled(kept))?.is_some()))
    }

    /// Tickets and articles that changed after a sequence, removed ones included, by number.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn changed_since(&self, sequence: Sequence) -> Result<Vec<DocNo>, StoreError> {
        let mut changed = Vec::new();
        let applied = self.applied();
        self.with(|backing| {
            for at in (sequence.0 + 1..=applied.0).map(Sequence) {
                if let Some(bytes) = backing.engine.get(&keys::verdict(at))? {
                    changed.extend(decode_verdict(&bytes)?.1);
                }
            }
            Ok(())
        })?;
        changed.sort_unstable();
        changed.dedup();
        Ok(changed)
    }

    fn logged_under(&self, prefix: &[u8]) -> Result<Vec<Logged>, StoreError> {
        self.with(|backing| {
            let sequences = sequences(backing, prefix)?;
            let mut found = Vec::with_capacity(sequences.len());
            for sequence in sequences {
                if let Some(record) = backing.record(sequence)? {
                    found.push(logged(backing, sequence, record)?);
                }
            }
            Ok(found)
        })
    }
}

/// The sequences listed under a prefix, oldest first.
pub(super) fn sequences(backing: &Backing, prefix: &[u8]) -> Result<Vec<Sequence>, StoreError> {
    let damaged = || StoreError::damaged("a list of records");
    let keys = backing.engine.keys_back(prefix);
    let sequences = keys.map(|key| keys::sequence_at_end(&key?).ok_or_else(damaged));
    let mut sequences = sequences.collect::<Result<Vec<_>, StoreError>>()?;
    sequences.reverse();
    Ok(sequences)
}

fn kept_conflict(backing: &Backing, bytes: &[u8]) -> Result<Option<KeptConflict>, StoreError> {
    let (sequence, theirs) = decode_conflict(bytes)?;
    let kept = |record| KeptConflict {
        sequence,
        record,
        theirs: Some(theirs).filter(|theirs| theirs.0 > 0),
    };
    Ok(backing.record(sequence)?.map(kept))
}

fn logged(backing: &Backing, sequence: Sequence, record: Record) -> Result<Logged, StoreError> {
    let bytes = backing.engine.get(&keys::verdict(sequence))?;
    let bytes = bytes.ok_or_else(|| StoreError::damaged("a verdict is missing"))?;
    Ok(Logged {
        sequence,
        record,
        verdict: decode_verdict(&bytes)?.0,
    })
}
