//! Settling a conflict: an act like any other, which an undo takes back.

use super::actor::Actor;
use super::annotate::Annotations;
use super::writer::ActBuilder;
use crate::api::{ActDone, DeskError, Settlement};
use crate::model::{Key, Op, RecordId};

impl Annotations {
    pub(super) fn settle(
        &self,
        who: &Actor,
        record: RecordId,
        how: Settlement,
    ) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let kept = self.store.conflict(record)?;
        let kept = kept.ok_or_else(|| DeskError::UnknownConflict {
            record: record.to_string(),
        })?;
        let mut act = ActBuilder::new(who);
        match (how, self.conflicts.outcome(&kept, how)) {
            // Theirs can be taken whatever has become of the key.
            (Settlement::Theirs, _) => {}
            (_, Err(error)) => return Err(error),
            (_, Ok(Some(outcome))) => {
                if let Some(op) = outcome.op {
                    let revision = self.store.revision(&kept.record.key)?;
                    act.add(kept.record.key.clone(), Some(revision), op);
                }
            }
            (_, Ok(None)) => {
                let key = kept.record.key.to_string();
                return Err(DeskError::NoMerge { key });
            }
        }
        act.add(Key::Conflict(record), None, Op::Resolve { apply: false });
        self.writer.finish(&writing, act)
    }
}
