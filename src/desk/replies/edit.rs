//! Changing standard replies: every change is a record, and undo takes it back.

use std::collections::BTreeSet;

use crate::api::{ActDone, BadReply, DeskError, ReplyEdit};
use crate::desk::actor::Actor;
use crate::desk::replies::Replies;
use crate::desk::reply_catalogue::{Known, ReplyCatalogue, is_code};
use crate::desk::writer::ActBuilder;
use crate::insight::id_of;
use crate::model::{Key, Op, ReplyChange, ReplyId, Revision, StandardReply};

impl Replies {
    pub(in crate::desk) fn edit_reply(
        &self,
        who: &Actor,
        edit: &ReplyEdit,
    ) -> Result<ActDone, DeskError> {
        let insight = self.insights.read()?;
        let writing = self.writer.write();
        let kept = self.store.replies();
        let shelf = ReplyCatalogue::new(&insight, &kept, &[]);
        let mut act = ActBuilder::new(who);
        for draft in drafts(edit, &shelf)? {
            draft.check(&kept)?;
            let key = Key::Reply(draft.after.id);
            let base = self.writer.base(who, &key, draft.base_rev)?;
            if let Some(op) = draft.op() {
                act.add(key, Some(base), op);
            }
        }
        drop(insight);
        self.writer.finish(&writing, act)
    }
}

/// What an edit makes of the replies it is about.
fn drafts(edit: &ReplyEdit, shelf: &ReplyCatalogue<'_>) -> Result<Vec<Draft>, DeskError> {
    let ReplyEdit::Merge { reply, others } = edit else {
        return Ok(vec![Draft::of(edit, shelf)?]);
    };
    let stays = Draft::begun(shelf.find(reply)?);
    let heir = stays.after.id;
    let mut seen = BTreeSet::new();
    // The one that stays is kept from now on: its text must not change with the next import.
    let mut out = vec![stays];
    for other in others {
        let mut draft = Draft::begun(shelf.find(other)?);
        if draft.after.id == heir {
            return Err(bad_reply(other, BadReply::MergedIntoItself));
        }
        draft.after.merged = Some(heir);
        if seen.insert(draft.after.id) {
            out.push(draft);
        }
    }
    Ok(out)
}

/// A kept reply before and after an edit.
struct Draft {
    before: Option<StandardReply>,
    after: StandardReply,
    base_rev: Option<Revision>,
}

impl Draft {
    fn of(edit: &ReplyEdit, shelf: &ReplyCatalogue<'_>) -> Result<Self, DeskError> {
        let mut draft = match edit {
            ReplyEdit::Create {
                name,
                code,
                text,
                of,
            } => {
                let id = of.unwrap_or_else(|| id_of(text));
                if let Some(known) = shelf.get(id).and_then(|known| known.kept) {
                    return Err(bad_reply(&title_of(known), BadReply::TextTaken));
                }
                let mut after = StandardReply::blank(id);
                (after.name, after.code) = (tidy(name), tidy(code));
                after.text = clean(text);
                if let Some(mined) = shelf.get(id).and_then(|known| known.mined) {
                    after.basis.clone_from(&mined.text);
                }
                return Ok(Self {
                    before: None,
                    after,
                    base_rev: None,
                });
            }
            ReplyEdit::Change { reply, .. }
            | ReplyEdit::Retire { reply, .. }
            | ReplyEdit::Outdated { reply, .. }
            | ReplyEdit::Merge { reply, .. }
            | ReplyEdit::Settle { reply, .. } => Self::begun(shelf.find(reply)?),
            ReplyEdit::Part { reply } => Self::begun(shelf.named(reply)?),
        };
        let seen = shelf.get(draft.after.id).and_then(|known| known.mined);
        let seen = seen.map(|mined| mined.text.clone());
        let after = &mut draft.after;
        match edit {
            ReplyEdit::Create { .. } | ReplyEdit::Merge { .. } => {}
            ReplyEdit::Part { .. } => after.merged = None,
            ReplyEdit::Settle { reply, take } => {
                let known = shelf.find(reply)?;
                let offered = known.offer().map(str::to_owned);
                let Some(offered) = offered else {
                    return Err(bad_reply(&known.title(), BadReply::NothingOffered));
                };
                if *take {
                    after.text.clone_from(&offered);
                }
                after.basis = offered;
            }
            ReplyEdit::Change {
                name,
                code,
                text,
                base_rev,
                ..
            } => {
                replace(&mut after.name, name.as_deref().map(tidy));
                replace(&mut after.code, code.as_deref().map(tidy));
                replace(&mut after.text, text.as_deref().map(clean));
                if let (Some(_), Some(mined)) = (text, seen) {
                    // Whoever writes the text has seen what the tickets say.
                    after.basis = mined;
                }
                draft.base_rev = *base_rev;
            }
            ReplyEdit::Retire { retired, .. } => after.retired = *retired,
            ReplyEdit::Outdated {
                reason,
                successor,
                base_rev,
                ..
            } => {
                draft.base_rev = *base_rev;
                after.outdated = tidy(reason);
                after.successor = match successor.as_deref() {
                    Some(successor) => shelf.find(successor)?.id(),
                    None => None,
                };
                if after.successor == Some(after.id) {
                    return Err(bad_reply(&title_of(after), BadReply::SuccessorIsItself));
                }
            }
        }
        Ok(draft)
    }

    /// A reply as it is kept, or as it is mined and will be kept.
    fn begun(known: Known<'_>) -> Self {
        let before = known.kept.cloned();
        let after = before.clone().unwrap_or_else(|| {
            let mut after = StandardReply::blank(known.id().unwrap_or(ReplyId::from_bits(0)));
            known.text().clone_into(&mut after.text);
            known.text().clone_into(&mut after.basis);
            after
        });
        Self {
            before,
            after,
            base_rev: None,
        }
    }

    /// The operation; `None` when nothing changes.
    fn op(self) -> Option<Op> {
        let id = self.after.id;
        let before = self.before.unwrap_or_else(|| StandardReply::blank(id));
        ReplyChange::between(&before, &self.after).map(Op::Reply)
    }

    /// Whether it can be kept so beside the others.
    fn check(&self, kept: &[StandardReply]) -> Result<(), DeskError> {
        if self.after.text.trim().is_empty() {
            return Err(bad_reply(&self.after.name, BadReply::Empty));
        }
        let code = self.after.code.as_str();
        if code.contains(char::is_whitespace) {
            // It is typed before Enter, and ends there.
            return Err(bad_reply(
                &self.after.name,
                BadReply::CodeSpaced {
                    code: code.to_owned(),
                },
            ));
        }
        let mut others = kept.iter().filter(|other| other.id != self.after.id);
        match others.find(|other| is_code(other, code)) {
            Some(other) if !code.is_empty() => Err(bad_reply(
                &title_of(other),
                BadReply::CodeTaken {
                    code: code.to_owned(),
                },
            )),
            Some(_) | None => Ok(()),
        }
    }
}

fn replace(field: &mut String, with: Option<String>) {
    if let Some(with) = with {
        *field = with;
    }
}

fn tidy(text: &str) -> String {
    crate::text::sanitize::one_line(text).trim().to_owned()
}

/// A text as it is kept: without what a terminal obeys, and without blank ends.
fn clean(text: &str) -> String {
    crate::text::sanitize::for_clipboard(text).trim().to_owned()
}

/// What an agent knows a kept reply by: its name, or how it begins.
fn title_of(kept: &StandardReply) -> String {
    let known = Known {
        mined: None,
        kept: Some(kept),
    };
    known.title()
}

fn bad_reply(name: &str, why: BadReply) -> DeskError {
    DeskError::BadReply {
        name: name.to_owned(),
        why,
    }
}
