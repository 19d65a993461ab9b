//! Standard replies: what mining found, under what agents keep.
//!
//! Mining never overwrites what an agent wrote: a kept reply shows its own text, with the mined
//! one beside it where they differ, and counts the tickets of the group it came from.

mod rows;

use std::collections::{HashMap, HashSet};

use crate::api::{DeskError, ReplyQuery, SlotRow};
use crate::insight::guard::findings;
use crate::insight::normal::Class;
use crate::insight::slots::candidates;
use crate::insight::value::ValueKind;
use crate::insight::vendor::Vendor;
use crate::insight::{Insight, Kept, MinedReply, RankedReply, id_of};
use crate::model::{ReplyId, StandardReply, Ticket, TicketId};
use crate::store::Uses;
use crate::text::template::Template;

/// Characters of a title made of a text.
const TITLE: usize = 28;
/// Merges that are followed: a ring of them ends.
const MERGES: usize = 16;

/// A reply as it is known: mined, kept, or both.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) mined: Option<&'a MinedReply>,
    pub(super) kept: Option<&'a StandardReply>,
}

/// All replies there are.
pub(super) struct ReplyCatalogue<'a> {
    insight: &'a Insight,
    kept: &'a [StandardReply],
    /// Mined replies of kept ones whose own texts no ticket has any more: the tickets came again,
    /// reworded.
    adopted: HashMap<ReplyId, ReplyId>,
    /// By a mined reply's id, or its own where none is mined: the kept one.
    kept_by_mined: HashMap<ReplyId, &'a StandardReply>,
    /// Kept replies that were merged, by the one that stands for them.
    merged: HashMap<ReplyId, Vec<&'a StandardReply>>,
    uses: HashMap<ReplyId, Uses>,
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
            (Some(kept), _) => in_use(kept),
            (None, Some(mined)) => mined.offered,
            (None, None) => false,
        }
    }

    /// Why it is not offered; empty = it is.
    fn withheld(&self) -> &'static str {
        match (self.kept, self.mined) {
            (Some(kept), _) if kept.merged.is_some() => "merged",
            (Some(kept), _) if kept.retired => "retired",
            (Some(kept), _) if !kept.outdated.is_empty() => "outdated",
            (None, Some(mined)) if mined.class == Class::Holding => "holding",
            (None, Some(mined)) if !mined.offered => "thin",
            (Some(_) | None, _) => "",
        }
    }

    /// What the tickets say that an agent has not seen; `None` = nothing new.
    pub(super) fn offer(&self) -> Option<&str> {
        let (kept, mined) = (self.kept?, self.mined?);
        let new = mined.text != kept.basis && mined.text != kept.text;
        (new && kept.merged.is_none()).then_some(mined.text.as_str())
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
    pub(super) fn slots(&self, vendor: &Vendor) -> Vec<SlotRow> {
        let names = Template::parse(self.text(), &self.declared()).names();
        let seen = self.mined.map(|mined| mined.slots.as_slice());
        names
            .into_iter()
            .map(|name| {
                let slot = seen.unwrap_or_default().iter().find(|s| s.name == name);
                let values = slot.map(|slot| slot.values.as_slice()).unwrap_or_default();
                let values: Vec<String> = values.iter().map(|(value, _)| value.clone()).collect();
                // Whatever the blank is called: what the guard would stop names a customer.
                let personal = |value: &String| !findings(value, vendor, &|_| false).is_empty();
                let personal = values.iter().any(personal);
                let row = slot_row(name, values);
                SlotRow {
                    personal: row.personal || personal,
                    ..row
                }
            })
            .collect()
    }

    pub(super) fn in_category(&self, query: &ReplyQuery) -> bool {
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

/// A blank with values seen elsewhere.
pub(super) fn slot_row(name: String, values: Vec<String>) -> SlotRow {
    SlotRow {
        own: 0,
        personal: ValueKind::of_slot(&name).is_personal(),
        values,
        name,
    }
}

/// Slots with the values of the ticket at hand before those seen elsewhere.
pub(super) fn with_ticket(
    mut slots: Vec<SlotRow>,
    ticket: Option<&Ticket>,
    vendor: &Vendor,
) -> Vec<SlotRow> {
    let Some(ticket) = ticket else { return slots };
    for slot in &mut slots {
        let mut values = candidates(ValueKind::of_slot(&slot.name), ticket, vendor);
        slot.own = values.len();
        for value in slot.values.drain(..) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        slot.values = values;
    }
    slots
}

impl<'a> ReplyCatalogue<'a> {
    pub(super) fn new(
        insight: &'a Insight,
        kept: &'a [StandardReply],
        uses: &[(ReplyId, Uses)],
    ) -> Self {
        let mut shelf = Self {
            insight,
            kept,
            adopted: HashMap::new(),
            kept_by_mined: HashMap::new(),
            merged: HashMap::new(),
            uses: HashMap::new(),
        };
        shelf.adopt();
        for reply in kept {
            let known = shelf.kept_by_mined.entry(shelf.group(reply.id));
            // Of two that stand for one group, the one in use.
            let known = known.or_insert(reply);
            if known.merged.is_some() {
                *known = reply;
            }
        }
        for reply in kept.iter().filter(|reply| reply.merged.is_some()) {
            let heir = shelf.heir(reply.id);
            shelf.merged.entry(heir).or_default().push(reply);
        }
        for (id, uses) in uses {
            let heir = shelf.heir(*id);
            let known = shelf.uses.entry(heir).or_default();
            known.count += uses.count;
            known.last = known.last.max(uses.last);
        }
        shelf
    }

    /// What the tickets tell, on which it stands.
    pub(super) fn insight(&self) -> &'a Insight {
        self.insight
    }

    /// The kept reply that a text is a copy of, where it must not be sent any more.
    pub(super) fn stale(&self, said: &str) -> Option<&'a StandardReply> {
        let kept = self.get(id_of(said))?.kept?;
        (kept.retired || !kept.outdated.is_empty()).then_some(kept)
    }

    /// Finds the mined replies of kept ones that were mined once, and are by no id any more.
    fn adopt(&mut self) {
        let mined = |reply: &StandardReply| self.insight.replies().get(reply.id);
        let taken: HashSet<ReplyId> = self.kept.iter().filter_map(mined).map(|m| m.id).collect();
        let lost = self.kept.iter().filter(|reply| mined(reply).is_none());
        for reply in lost.filter(|reply| !reply.basis.is_empty()) {
            let found = self.insight.mined_like(&reply.basis);
            if let Some(found) = found.filter(|found| !taken.contains(found)) {
                self.adopted.insert(reply.id, found);
            }
        }
    }

    fn mined(&self, id: ReplyId) -> Option<&'a MinedReply> {
        let replies = self.insight.replies();
        let adopted = || replies.get(*self.adopted.get(&id)?);
        replies.get(id).or_else(adopted)
    }

    /// The id that all variants of a reply share.
    fn group(&self, id: ReplyId) -> ReplyId {
        self.mined(id).map_or(id, |mined| mined.id)
    }

    /// The group that stands for an id: its own, or the one it was merged into.
    fn heir(&self, id: ReplyId) -> ReplyId {
        let mut group = self.group(id);
        for _ in 0..MERGES {
            let kept = self.kept_by_mined.get(&group);
            match kept.and_then(|kept| kept.merged) {
                Some(next) => group = self.group(next),
                None => break,
            }
        }
        group
    }

    /// Everything there is: mined ones best first, then those that only agents keep.
    pub(super) fn all(&self) -> Vec<Known<'a>> {
        let mined = self.insight.replies().all();
        let mut out: Vec<Known<'a>> = mined
            .into_iter()
            .map(|mined| self.with_kept(mined))
            .collect();
        out.extend(self.kept_only());
        out
    }

    /// Replies that agents keep and no two tickets share.
    pub(super) fn kept_only(&self) -> impl Iterator<Item = Known<'a>> + '_ {
        let own = self
            .kept
            .iter()
            .filter(|kept| self.mined(kept.id).is_none());
        own.map(|kept| Known {
            mined: None,
            kept: Some(kept),
        })
    }

    /// Whether a mined reply may be offered, for itself or by the one it was merged into.
    pub(super) fn offers(&self, mined: &MinedReply) -> bool {
        self.get(mined.id).is_some_and(|known| known.offered())
    }

    /// Replies that only agents keep and that fit a message, best first.
    pub(super) fn kept_for(&self, asked: &str, similar: &[(TicketId, f32)]) -> Vec<RankedReply> {
        let kept: Vec<Kept<'_>> = self
            .kept_only()
            .filter_map(|known| known.kept)
            .filter(|kept| in_use(kept))
            .map(|kept| Kept {
                id: kept.id,
                name: &kept.name,
                text: &kept.text,
            })
            .collect();
        self.insight.kept_for(asked, similar, &kept)
    }

    /// The reply of an id, or the one that it was merged into.
    pub(super) fn get(&self, id: ReplyId) -> Option<Known<'a>> {
        self.own(self.heir(id))
    }

    /// The reply of an id itself, merged or not.
    fn own(&self, id: ReplyId) -> Option<Known<'a>> {
        match self.mined(id) {
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

    /// The reply that a short code or the beginning of an id names; of a merged one, the one
    /// it was merged into.
    pub(super) fn find(&self, text: &str) -> Result<Known<'a>, DeskError> {
        let named = self.named(text)?;
        Ok(named.id().and_then(|id| self.get(id)).unwrap_or(named))
    }

    /// The reply that a short code or the beginning of an id names, merged or not.
    pub(super) fn named(&self, text: &str) -> Result<Known<'a>, DeskError> {
        let text = text.trim().trim_start_matches('#');
        let unknown = || DeskError::UnknownReply {
            id: text.to_owned(),
        };
        if text.is_empty() {
            return Err(unknown());
        }
        let coded = self.kept.iter().find(|kept| is_code(kept, text));
        if let Some(known) = coded.and_then(|kept| self.own(kept.id)) {
            return Ok(known);
        }
        if let Some(known) = text.parse().ok().and_then(|id| self.own(id)) {
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
                Err(DeskError::AmbiguousId {
                    id: text.to_owned(),
                    candidates: ids,
                })
            }
        }
    }
}

/// Whether a kept reply may be offered.
pub(super) fn in_use(kept: &StandardReply) -> bool {
    !kept.retired && kept.outdated.is_empty() && kept.merged.is_none()
}

pub(super) fn is_code(kept: &StandardReply, code: &str) -> bool {
    !kept.retired && !kept.code.is_empty() && kept.code.eq_ignore_ascii_case(code)
}

/// A title made of a text.
pub(super) fn beginning(text: &str) -> String {
    let line = crate::text::sanitize::one_line(text);
    line.chars().take(TITLE).collect()
}
