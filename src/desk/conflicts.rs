//! Conflicts: what two agents made of one revision, and how it is settled.
//!
//! The kept record stays in the journal whatever becomes of it; a settlement is an act like any
//! other, which an undo takes back.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::catalogue::Catalogue;
use super::history::History;
use super::history::Known;
use crate::api::{Conflict, DeskError, Settlement};
use crate::model::{
    Category, CauseId, CauseStatus, Change, Key, Op, Record, ReplyChange, ReplyId, StandardReply,
    TicketId,
};
use crate::store::Store;
use crate::store::{KeptConflict, Logged, Verdict};

/// What becomes of a key when a conflict about it is settled.
pub(super) struct Outcome {
    /// The operation; `None` when nothing is to be changed any more.
    pub(super) op: Option<Op>,
    /// The values afterwards, as the log shows values.
    values: Vec<String>,
}

/// Changes that came too late, and what each would make of its ticket.
pub(super) struct Conflicts {
    pub(super) store: Arc<Store>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) history: Arc<History>,
}

impl Conflicts {
    pub(super) fn conflicts(&self) -> Result<Vec<Conflict>, DeskError> {
        let kept = self.store.conflicts()?;
        kept.iter().map(|kept| self.conflict(kept)).collect()
    }

    pub(super) fn conflict(&self, kept: &KeptConflict) -> Result<Conflict, DeskError> {
        let mut known = Known::default();
        let mine = Logged {
            sequence: kept.sequence,
            record: kept.record.clone(),
            verdict: Verdict::Conflict,
        };
        let theirs = match kept.theirs {
            Some(sequence) => self.store.record_at(sequence)?,
            None => None,
        };
        // A ticket that is gone has no values any more; the conflict is shown all the same.
        let values = |how| self.outcome(kept, how).ok().flatten().map(|o| o.values);
        Ok(Conflict {
            record: kept.record.id,
            mine: self.history.log_entry(&mine, &mut known)?,
            theirs: theirs
                .map(|theirs| self.history.log_entry(&theirs, &mut known))
                .transpose()?,
            now: values(Settlement::Theirs).unwrap_or_default(),
            merged: values(Settlement::Merge),
        })
    }

    /// What a settlement makes of the key; `None` where it cannot be told or done.
    pub(super) fn outcome(
        &self,
        kept: &KeptConflict,
        how: Settlement,
    ) -> Result<Option<Outcome>, DeskError> {
        match (&kept.record.key, &kept.record.op) {
            (Key::Cause(id), Op::Causes { .. }) => self.causes_outcome(*id, kept, how).map(Some),
            (Key::Category(id), Op::Category { category, note }) => {
                self.category_outcome(*id, &category.to, note, how)
            }
            (Key::Reply(id), Op::Reply(change)) => self.reply_outcome(*id, change, kept, how),
            (_, _) => self.whole_outcome(kept, how),
        }
    }

    /// Of a key that holds one value: the kept change, made of the value of today.
    fn whole_outcome(
        &self,
        kept: &KeptConflict,
        how: Settlement,
    ) -> Result<Option<Outcome>, DeskError> {
        let op = self.made_now(&kept.record)?;
        let mut record = kept.record.clone();
        record.op = op.clone();
        let logged = Logged {
            sequence: kept.sequence,
            record,
            verdict: Verdict::Conflict,
        };
        let entry = self.history.log_entry(&logged, &mut Known::default())?;
        Ok(match how {
            Settlement::Theirs => Some(Outcome {
                op: None,
                values: entry.before,
            }),
            Settlement::Mine => Some(Outcome {
                op: Some(op),
                values: entry.after,
            }),
            Settlement::Merge => None,
        })
    }

    /// The operation of a record as it would be if its author had seen today's value.
    fn made_now(&self, record: &Record) -> Result<Op, DeskError> {
        let cause = |id: &CauseId| {
            let known = self.store.vocabulary().get(*id).cloned();
            known.ok_or_else(|| DeskError::UnknownCause {
                name: id.to_string(),
                candidates: vec![],
            })
        };
        let mut op = record.op.clone();
        match (&record.key, &mut op) {
            (Key::Vocab(id), Op::CauseRename(change)) => change.from = cause(id)?.name,
            (Key::Vocab(id), Op::CauseGroup(change)) => change.from = cause(id)?.group,
            (Key::Vocab(id), Op::CauseMerge(change)) => {
                change.from = match cause(id)?.status {
                    CauseStatus::Merged(into) => Some(into),
                    CauseStatus::Active | CauseStatus::Retired => None,
                };
            }
            (Key::Vocab(id), Op::CauseRetire(change)) => {
                change.from = cause(id)?.status == CauseStatus::Retired;
            }
            (Key::Setting(setting), Op::Setting(change)) => {
                change.from = Some(self.store.settings().get(*setting));
            }
            (Key::View(name), Op::View(change)) => {
                let views = self.store.views().into_iter();
                let mut named = views.filter(|known| known.name == *name);
                change.from = named.next().map(|known| known.view);
            }
            (Key::Outdated(id), Op::Outdated(change)) => change.from = self.store.outdated(*id)?,
            // The others hold no value, or commute and are in no conflict.
            (_, _) => {}
        }
        Ok(op)
    }

    fn causes_outcome(
        &self,
        id: TicketId,
        kept: &KeptConflict,
        how: Settlement,
    ) -> Result<Outcome, DeskError> {
        let Op::Causes {
            add, remove, note, ..
        } = &kept.record.op
        else {
            return Err(DeskError::bug(""));
        };
        let now: BTreeSet<_> = {
            let directory = self.store.directory();
            let doc = directory.by_id(id);
            let doc = doc.ok_or_else(|| super::errors::unknown_id(id.as_str()))?;
            directory.causes_of(doc).iter().copied().collect()
        };
        let wanted: BTreeSet<_> = match how {
            Settlement::Theirs => now,
            Settlement::Mine => {
                let mut around = self.catalogue.cause_states(id)?.around;
                around.remove(&kept.sequence).unwrap_or_default().1
            }
            Settlement::Merge => {
                let both = now.into_iter().chain(add.iter().copied());
                both.filter(|cause| !remove.contains(cause)).collect()
            }
        };
        let vocabulary = self.store.vocabulary();
        let wanted = wanted.into_iter().map(|id| vocabulary.resolve(id));
        let wanted: BTreeSet<_> = wanted.collect();
        let values = self
            .catalogue
            .cause_names(&wanted.iter().copied().collect::<Vec<_>>());
        let op = self.catalogue.causes_op(id, None, &wanted, note)?;
        let idle =
            matches!(&op, Op::Causes { add, remove, .. } if add.is_empty() && remove.is_empty());
        let op = (!idle).then_some(op);
        Ok(Outcome { op, values })
    }

    fn category_outcome(
        &self,
        id: TicketId,
        mine: &Option<Category>,
        note: &str,
        how: Settlement,
    ) -> Result<Option<Outcome>, DeskError> {
        let from = self.store.category(id)?.and_then(|fold| fold.category);
        let to = match how {
            Settlement::Theirs => from.clone(),
            Settlement::Mine => mine.clone(),
            // A ticket has one category.
            Settlement::Merge => return Ok(None),
        };
        let values = to.iter().map(ToString::to_string).collect();
        let category = Change { from, to };
        let note = note.to_owned();
        let op = Some(Op::Category { category, note });
        Ok(Some(Outcome { op, values }))
    }

    fn reply_outcome(
        &self,
        id: ReplyId,
        change: &ReplyChange,
        kept: &KeptConflict,
        how: Settlement,
    ) -> Result<Option<Outcome>, DeskError> {
        let now = self.store.replies().into_iter().find(|r| r.id == id);
        let now = now.unwrap_or_else(|| StandardReply::blank(id));
        let base = self.reply_before(&now, kept)?;
        let mut mine = base.clone();
        change.apply(&mut mine);
        let wanted = match how {
            Settlement::Theirs => now.clone(),
            Settlement::Mine => mine.clone(),
            Settlement::Merge => match merged(&base, &mine, &now) {
                Some(merged) => merged,
                None => return Ok(None),
            },
        };
        let values = values_of(&wanted, change);
        let op = ReplyChange::between(&now, &wanted).map(Op::Reply);
        Ok(Some(Outcome { op, values }))
    }

    /// A reply as it was when the kept record was made: what came after it, taken back.
    fn reply_before(
        &self,
        now: &StandardReply,
        kept: &KeptConflict,
    ) -> Result<StandardReply, DeskError> {
        let mut base = now.clone();
        let seen = kept.record.base_rev.map_or(0, |revision| revision.0);
        let accepted = self.store.history_of(&kept.record.key)?.into_iter();
        let later = accepted.filter(
            |logged| matches!(logged.verdict, Verdict::Accepted { revision } if revision.0 > seen),
        );
        for logged in later.collect::<Vec<_>>().into_iter().rev() {
            if let Op::Reply(change) = logged.record.op {
                change.inverted().apply(&mut base);
            }
        }
        Ok(base)
    }
}

/// What a reply holds of the parts that a change touches, as the log shows them.
fn values_of(reply: &StandardReply, change: &ReplyChange) -> Vec<String> {
    let parts = [
        (&change.name, &reply.name),
        (&change.code, &reply.code),
        (&change.text, &reply.text),
        (&change.outdated, &reply.outdated),
    ];
    let touched = parts.into_iter().filter(|(change, _)| change.is_some());
    let values = touched.map(|(_, value)| value.clone());
    values.filter(|value| !value.is_empty()).collect()
}

/// One reply of two changes of the same; `None` where both changed the same part.
fn merged(
    base: &StandardReply,
    mine: &StandardReply,
    now: &StandardReply,
) -> Option<StandardReply> {
    Some(StandardReply {
        id: now.id,
        revision: now.revision,
        name: either(&base.name, &mine.name, &now.name)?,
        code: either(&base.code, &mine.code, &now.code)?,
        text: match either(&base.text, &mine.text, &now.text) {
            Some(text) => text,
            None => both_texts(&base.text, &mine.text, &now.text)?,
        },
        outdated: either(&base.outdated, &mine.outdated, &now.outdated)?,
        successor: either(&base.successor, &mine.successor, &now.successor)?,
        retired: either(&base.retired, &mine.retired, &now.retired)?,
        merged: either(&base.merged, &mine.merged, &now.merged)?,
        // What the tickets said is nobody's decision.
        basis: now.basis.clone(),
    })
}

/// The value of whoever changed it.
fn either<T: PartialEq + Clone>(base: &T, mine: &T, now: &T) -> Option<T> {
    if mine == base || mine == now {
        Some(now.clone())
    } else if now == base {
        Some(mine.clone())
    } else {
        None
    }
}

/// Both changes of a text, where they are of different lines.
fn both_texts(base: &str, mine: &str, now: &str) -> Option<String> {
    // Whole lines, so that the last one is like the others.
    let [base, mine, now] = [base, mine, now].map(|text| format!("{text}\n"));
    let merged = diffy::merge(&base, &now, &mine).ok()?;
    Some(merged.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_different_lines_come_together_and_of_the_same_do_not() {
        let base = "您好\n请先登录控制台\n再打开域名管理\n点击刷新\n感谢支持";
        let mine = base.replace("您好", "您好，久等了");
        let theirs = base.replace("感谢支持", "祝您使用愉快");
        let both = both_texts(base, &mine, &theirs).unwrap();
        assert_eq!(
            both,
            "您好，久等了\n请先登录控制台\n再打开域名管理\n点击刷新\n祝您使用愉快"
        );
        let other = base.replace("您好", "尊敬的客户");
        assert_eq!(both_texts(base, &mine, &other), None);
    }
}
