//! Standard replies: what mining found, under what agents keep.
//!
//! Mining never overwrites what an agent wrote: a kept reply shows its own text, with the mined
//! one beside it where they differ, and counts the tickets of the group it came from.

use std::collections::HashMap;

use crate::insight::normal::Class;
use crate::insight::slots::Template;
use crate::insight::{Insight, MinedReply, id_of};
use crate::model::{Change, Key, Op, ReplyId, Revision, StandardReply};

use super::api::{
    ActDone, DeskError, ErrorCode, ReplyCategory, ReplyEdit, ReplyQuery, ReplyRow, SlotRow,
};
use super::core::{ActBuilder, Core};
use super::local::Actor;

/// Characters of a title made of a text.
const TITLE: usize = 28;

/// A reply as it is known: mined, kept, or both.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) mined: Option<&'a MinedReply>,
    pub(super) kept: Option<&'a StandardReply>,
}

/// All replies there are.
pub(super) struct Shelf<'a> {
    insight: &'a Insight,
    kept: &'a [StandardReply],
    /// By a mined reply's id: the kept one of its group.
    kept_by_mined: HashMap<ReplyId, &'a StandardReply>,
    uses: HashMap<ReplyId, u64>,
}

impl Known<'_> {
    pub(super) fn id(&self) -> Option<ReplyId> {
        let mined = || self.mined.map(|mined| mined.id);
        self.kept.map(|kept| kept.id).or_else(mined)
    }

    /// The text as it is sent, slots as `{{名称}}`.
    pub(super) fn text(&self) -> &str {
        let mined = || self.mined.map_or("", |mined| &mined.text);
        self.kept.map_or_else(mined, |kept| &kept.text)
    }

    pub(super) fn title(&self) -> String {
        let name = self
            .kept
            .map(|kept| &kept.name)
            .filter(|name| !name.is_empty());
        match (name, self.kept, self.mined) {
            (Some(name), _, _) => name.clone(),
            (None, _, Some(mined)) => mined.title.clone(),
            (None, kept, None) => {
                let text = kept.map_or("", |kept| &kept.text);
                crate::text::sanitize::one_line(text)
                    .chars()
                    .take(TITLE)
                    .collect()
            }
        }
    }

    pub(super) fn code(&self) -> &str {
        self.kept.map_or("", |kept| &kept.code)
    }

    /// Whether it may be offered: an agent's word counts before what mining thinks.
    pub(super) fn offered(&self) -> bool {
        match (self.kept, self.mined) {
            (Some(kept), _) => !kept.retired && kept.outdated.is_empty(),
            (None, Some(mined)) => mined.offered,
            (None, None) => false,
        }
    }

    /// Names that mining declared as slots.
    pub(super) fn declared(&self) -> Vec<String> {
        let slots = self.mined.map(|mined| mined.slots.as_slice());
        slots
            .unwrap_or_default()
            .iter()
            .map(|slot| slot.name.clone())
            .collect()
    }

    /// The blanks of its text with the values seen in them.
    pub(super) fn slots(&self) -> Vec<SlotRow> {
        let names = Template::parse(self.text(), &self.declared()).names();
        let seen = self.mined.map(|mined| mined.slots.as_slice());
        names
            .into_iter()
            .map(|name| {
                let slot = seen.unwrap_or_default().iter().find(|s| s.name == name);
                let values = slot.map(|slot| slot.values.as_slice()).unwrap_or_default();
                SlotRow {
                    values: values.iter().map(|(value, _)| value.clone()).collect(),
                    name,
                }
            })
            .collect()
    }

    fn in_category(&self, query: &ReplyQuery) -> bool {
        query.category.as_ref().is_none_or(|wanted| {
            self.mined.is_some_and(|mined| {
                mined
                    .categories
                    .iter()
                    .any(|(c, _)| wanted.holds(&c.product, &c.issue_type))
            })
        })
    }
}

impl<'a> Shelf<'a> {
    pub(super) fn new(
        insight: &'a Insight,
        kept: &'a [StandardReply],
        uses: &[(ReplyId, u64)],
    ) -> Self {
        let group = |id: ReplyId| insight.replies().get(id).map_or(id, |mined| mined.id);
        let mut counts = HashMap::new();
        for (id, count) in uses {
            *counts.entry(group(*id)).or_default() += count;
        }
        Self {
            insight,
            kept,
            kept_by_mined: kept.iter().map(|kept| (group(kept.id), kept)).collect(),
            uses: counts,
        }
    }

    /// Everything there is: mined ones best first, then those that only agents keep.
    pub(super) fn all(&self) -> Vec<Known<'a>> {
        let mined = self.insight.replies().all();
        let mut out: Vec<Known<'a>> = mined
            .into_iter()
            .map(|mined| self.with_kept(mined))
            .collect();
        let replies = self.insight.replies();
        let own = self
            .kept
            .iter()
            .filter(|kept| replies.get(kept.id).is_none());
        out.extend(own.map(|kept| Known {
            mined: None,
            kept: Some(kept),
        }));
        out
    }

    /// The reply of an id.
    pub(super) fn get(&self, id: ReplyId) -> Option<Known<'a>> {
        match self.insight.replies().get(id) {
            Some(mined) => Some(self.with_kept(mined)),
            None => self
                .kept
                .iter()
                .find(|kept| kept.id == id)
                .map(|kept| Known {
                    mined: None,
                    kept: Some(kept),
                }),
        }
    }

    fn with_kept(&self, mined: &'a MinedReply) -> Known<'a> {
        Known {
            mined: Some(mined),
            kept: self.kept_by_mined.get(&mined.id).copied(),
        }
    }

    /// The reply that a short code or the beginning of an id names.
    pub(super) fn find(&self, text: &str) -> Result<Known<'a>, DeskError> {
        let text = text.trim().trim_start_matches('#');
        let unknown = || DeskError::new(ErrorCode::UnknownReply).with("id", text);
        if text.is_empty() {
            return Err(unknown());
        }
        let coded = self.kept.iter().find(|kept| is_code(kept, text));
        if let Some(known) = coded.and_then(|kept| self.get(kept.id)) {
            return Ok(known);
        }
        if let Some(known) = text.parse().ok().and_then(|id| self.get(id)) {
            return Ok(known);
        }
        let begins = |id: ReplyId| id.as_str().starts_with(text);
        let found: Vec<Known<'a>> = self
            .all()
            .into_iter()
            .filter(|known| known.id().is_some_and(begins))
            .collect();
        match found.as_slice() {
            [] => Err(unknown()),
            [one] => Ok(*one),
            several => {
                let ids = several.iter().filter_map(Known::id).take(8);
                let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
                Err(DeskError::new(ErrorCode::AmbiguousId)
                    .with("id", text)
                    .with("candidates", ids.join(" ")))
            }
        }
    }

    pub(super) fn row(&self, known: Known<'a>) -> Option<ReplyRow> {
        let id = known.id()?;
        let (mined, kept) = (known.mined, known.kept);
        let group = mined.map_or(id, |mined| mined.id);
        let healed = mined.map(|mined| mined.healed.as_slice());
        let healed = healed.unwrap_or_default();
        let mut healed_from: Vec<_> = healed.iter().map(|(_, source)| *source).collect();
        healed_from.sort_unstable();
        healed_from.dedup();
        let categories = mined.map(|mined| mined.categories.as_slice());
        let evidence = mined.map(|mined| mined.evidence.as_slice());
        Some(ReplyRow {
            id,
            title: known.title(),
            code: known.code().to_owned(),
            text: known.text().to_owned(),
            slots: known.slots(),
            tickets: mined.map_or(0, |mined| mined.tickets),
            variants: mined.map_or(0, |mined| mined.variants),
            holding: mined.is_some_and(|mined| mined.class == Class::Holding),
            healed: !healed.is_empty(),
            curated: kept.is_some(),
            categories: categories
                .unwrap_or_default()
                .iter()
                .map(|(category, tickets)| ReplyCategory {
                    product: category.product.clone(),
                    issue_type: category.issue_type.clone(),
                    tickets: *tickets,
                })
                .collect(),
            offered: known.offered(),
            broken_link: !crate::insight::heal::broken_links(known.text()).is_empty(),
            healed_from,
            evidence: evidence.unwrap_or_default().iter().map(|e| e.0).collect(),
            uses: self.uses.get(&group).copied().unwrap_or_default(),
            outdated: kept.map_or_else(String::new, |kept| kept.outdated.clone()),
            successor: kept.and_then(|kept| kept.successor),
            retired: kept.is_some_and(|kept| kept.retired),
            mined_text: mined
                .filter(|mined| kept.is_some_and(|kept| kept.text != mined.text))
                .map(|mined| mined.text.clone()),
            revision: kept.map_or(Revision(0), |kept| kept.revision),
        })
    }
}

impl Core {
    /// How often each reply was copied.
    pub(super) fn uses(&self) -> Vec<(ReplyId, u64)> {
        let uses = self.store.all_uses().into_iter();
        uses.map(|(id, uses)| (id, uses.count)).collect()
    }

    pub(super) fn replies(&self, query: &ReplyQuery) -> Result<Vec<ReplyRow>, DeskError> {
        let insight = self.insights.read()?;
        let (kept, uses) = (self.store.replies(), self.uses());
        let shelf = Shelf::new(&insight, &kept, &uses);
        let asked = query.query.to_lowercase();
        let words: Vec<&str> = asked.split_whitespace().collect();
        let wanted = |known: &Known<'_>| {
            let text = format!("{}\n{}\n{}", known.title(), known.code(), known.text());
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut rows: Vec<ReplyRow> = shelf
            .all()
            .into_iter()
            .filter(|known| query.all || known.offered())
            .filter(|known| known.in_category(query) && wanted(known))
            .filter_map(|known| shelf.row(known))
            .collect();
        rows.sort_by_key(|row| {
            let used = row.tickets as u64 + row.uses;
            (!row.offered, std::cmp::Reverse(used))
        });
        Ok(rows)
    }

    pub(super) fn record_use(
        &self,
        who: &Actor,
        reply: ReplyId,
        count: u32,
        overridden: Vec<String>,
    ) -> Result<ActDone, DeskError> {
        let writing = self.write();
        let mut act = ActBuilder::new(who);
        act.add(Key::Use(reply), None, Op::Use { count, overridden });
        self.finish(&writing, act)
    }

    pub(super) fn edit_reply(&self, who: &Actor, edit: &ReplyEdit) -> Result<ActDone, DeskError> {
        let insight = self.insights.read()?;
        let writing = self.write();
        let kept = self.store.replies();
        let shelf = Shelf::new(&insight, &kept, &[]);
        let mut draft = Draft::of(edit, &shelf)?;
        if draft.after.text.trim().is_empty() {
            return Err(bad_reply(&draft.after.name, "empty"));
        }
        let code = draft.after.code.as_str();
        let taken = kept
            .iter()
            .find(|other| other.id != draft.after.id && is_code(other, code));
        if let Some(other) = taken.filter(|_| !code.is_empty()) {
            return Err(bad_reply(&other.name, "code_taken"));
        }
        if draft.base_rev.is_none() {
            draft.base_rev = Some(self.store.revision(&Key::Reply(draft.after.id))?);
        }
        let mut act = ActBuilder::new(who);
        let (key, base_rev) = (Key::Reply(draft.after.id), draft.base_rev);
        if let Some(op) = draft.op() {
            act.add(key, base_rev, op);
        }
        drop(insight);
        self.finish(&writing, act)
    }
}

/// A kept reply before and after an edit.
struct Draft {
    before: Option<StandardReply>,
    after: StandardReply,
    base_rev: Option<Revision>,
}

impl Draft {
    fn of(edit: &ReplyEdit, shelf: &Shelf<'_>) -> Result<Self, DeskError> {
        let mut draft = match edit {
            ReplyEdit::Create { name, code, text } => {
                let id = id_of(text);
                if let Some(known) = shelf.get(id).and_then(|known| known.kept) {
                    return Err(bad_reply(&known.name, "text_taken"));
                }
                let mut after = blank(id);
                (after.name, after.code) = (tidy(name), tidy(code));
                after.text = clean(text);
                return Ok(Self {
                    before: None,
                    after,
                    base_rev: None,
                });
            }
            ReplyEdit::Change { reply, .. }
            | ReplyEdit::Retire { reply, .. }
            | ReplyEdit::Outdated { reply, .. } => Self::begun(shelf.find(reply)?),
        };
        let after = &mut draft.after;
        match edit {
            ReplyEdit::Create { .. } => {}
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
                draft.base_rev = *base_rev;
            }
            ReplyEdit::Retire { retired, .. } => after.retired = *retired,
            ReplyEdit::Outdated {
                reason, successor, ..
            } => {
                after.outdated = tidy(reason);
                after.successor = match successor.as_deref() {
                    Some(successor) => shelf.find(successor)?.id(),
                    None => None,
                };
                if after.successor == Some(after.id) {
                    return Err(bad_reply(&after.name, "successor_is_itself"));
                }
            }
        }
        Ok(draft)
    }

    /// A reply as it is kept, or as it is mined and will be kept.
    fn begun(known: Known<'_>) -> Self {
        let before = known.kept.cloned();
        let after = before.clone().unwrap_or_else(|| {
            let mut after = blank(known.id().unwrap_or(ReplyId::from_bits(0)));
            known.text().clone_into(&mut after.text);
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
        let Self { before, after, .. } = self;
        let before = before.unwrap_or_else(|| blank(after.id));
        if before == after {
            return None;
        }
        Some(Op::Reply {
            name: changed(before.name, after.name),
            code: changed(before.code, after.code),
            text: changed(before.text, after.text),
            outdated: changed(before.outdated, after.outdated),
            successor: changed(before.successor, after.successor),
            retired: changed(before.retired, after.retired),
        })
    }
}

fn blank(id: ReplyId) -> StandardReply {
    StandardReply {
        id,
        name: String::new(),
        code: String::new(),
        text: String::new(),
        outdated: String::new(),
        successor: None,
        retired: false,
        revision: Revision(0),
    }
}

fn changed<T: PartialEq>(from: T, to: T) -> Option<Change<T>> {
    (from != to).then_some(Change { from, to })
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

fn is_code(kept: &StandardReply, code: &str) -> bool {
    !kept.retired && !kept.code.is_empty() && kept.code.eq_ignore_ascii_case(code)
}

fn bad_reply(name: &str, detail: &str) -> DeskError {
    DeskError::new(ErrorCode::BadReply)
        .with("name", name)
        .with("detail", detail)
}
