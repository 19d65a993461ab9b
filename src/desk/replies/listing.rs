//! Standard replies as people and scripts see them.

use std::collections::HashSet;

use crate::insight::MinedReply;
use crate::insight::normal::Class;
use crate::model::{ReplyId, Revision, StandardReply, TicketId};
use crate::store::{Body, Uses};
use crate::text::pinyin;

use super::{Known, Shelf, is_code, with_ticket};
use crate::api::{DeskError, ReplyCategory, ReplyQuery, ReplyRow, ReplyView};
use crate::desk::actor::Actor;
use crate::desk::core::Core;
use crate::desk::insights::turn_of;

/// Tickets shown of one reply.
const SHOWN: usize = 50;
/// Forms of holding replies that are listed, the most frequent ones.
const HOLDING: usize = 200;
/// Tickets named as evidence.
const EVIDENCE: usize = 200;

/// Where a reply was seen: in its own group, and in those of replies merged into it.
struct Seen {
    tickets: usize,
    variants: usize,
    evidence: Vec<TicketId>,
}

impl<'a> Shelf<'a> {
    fn seen(&self, known: Known<'a>, merged: &[ReplyId]) -> Seen {
        let mined = merged.iter().filter_map(|id| self.mined(*id));
        let own = known.mined.into_iter();
        let mut seen = Seen {
            tickets: 0,
            variants: 0,
            evidence: Vec::new(),
        };
        let mut named: HashSet<TicketId> = HashSet::new();
        for mined in own.chain(mined) {
            let before = seen.evidence.len();
            let new = mined.evidence.iter().map(|(id, _)| *id);
            seen.evidence.extend(new.filter(|id| named.insert(*id)));
            // A ticket that has two of them counts once, as far as tickets are named.
            let twice = mined.evidence.len() - (seen.evidence.len() - before);
            seen.tickets += mined.tickets - twice.min(mined.tickets);
            seen.variants += mined.variants;
        }
        if let (None, Some(kept)) = (known.mined, known.kept) {
            // Taken from a ticket, it may be the only copy.
            seen.evidence = self.insight.said_in(&kept.text);
            seen.tickets = seen.evidence.len();
            seen.variants = usize::from(seen.tickets > 0);
        }
        seen.evidence.truncate(EVIDENCE);
        seen
    }

    pub(in crate::desk) fn row(&self, known: Known<'a>) -> Option<ReplyRow> {
        let id = known.id()?;
        let (mined, kept) = (known.mined, known.kept);
        let group = mined.map_or(id, |mined| mined.id);
        let healed = mined.map(|mined| mined.healed.as_slice());
        let healed = healed.unwrap_or_default();
        let mut healed_from: Vec<_> = healed.iter().map(|(_, source)| *source).collect();
        healed_from.sort_unstable();
        healed_from.dedup();
        let merged = self.merged.get(&group).map(Vec::as_slice);
        let merged: Vec<ReplyId> = merged.unwrap_or_default().iter().map(|r| r.id).collect();
        let seen = self.seen(known, &merged);
        let uses = self.uses.get(&group).copied().unwrap_or_default();
        Some(ReplyRow {
            id,
            title: known.title(),
            code: known.code().to_owned(),
            text: known.text().to_owned(),
            slots: known.slots(self.insight.vendor()),
            tickets: seen.tickets,
            variants: seen.variants,
            holding: mined.is_some_and(|mined| mined.class == Class::Holding),
            healed: !healed.is_empty(),
            curated: kept.is_some(),
            categories: mined.map(categories).unwrap_or_default(),
            offered: known.offered(),
            broken_link: !crate::insight::heal::broken_links(known.text()).is_empty(),
            healed_from,
            newest_ticket: seen.evidence.first().copied(),
            newest_date: None,
            evidence: seen.evidence,
            uses: uses.count,
            favourite: false,
            last_copied: uses.last,
            outdated: kept.map_or_else(String::new, |kept| kept.outdated.clone()),
            successor: kept.and_then(|kept| kept.successor),
            retired: kept.is_some_and(|kept| kept.retired),
            mined_text: known.offer().map(str::to_owned),
            mined_before: kept.map_or_else(String::new, |kept| kept.basis.clone()),
            revision: kept.map_or(Revision(0), |kept| kept.revision),
            withheld: known.withheld().to_owned(),
            merged,
            merged_into: kept.and_then(|kept| kept.merged),
        })
    }
}

fn categories(mined: &MinedReply) -> Vec<ReplyCategory> {
    let categories = mined.categories.iter();
    let row = categories.map(|(category, tickets)| ReplyCategory {
        product: category.product.clone(),
        issue_type: category.issue_type.clone(),
        tickets: *tickets,
    });
    row.collect()
}

impl Core {
    /// How often each reply was copied.
    pub(in crate::desk) fn uses(&self) -> Vec<(ReplyId, Uses)> {
        self.store.all_uses()
    }

    pub(in crate::desk) fn replies(
        &self,
        who: &Actor,
        query: &ReplyQuery,
    ) -> Result<Vec<ReplyRow>, DeskError> {
        let insight = self.insights.read()?;
        let (kept, uses) = (self.store.replies(), self.uses());
        let shelf = Shelf::new(&insight, &kept, &uses);
        let holding = if query.all {
            insight.holding(HOLDING, &turn_of(&self.store))
        } else {
            Vec::new()
        };
        let held = holding.iter().map(|mined| Known {
            mined: Some(mined),
            kept: None,
        });
        let asked = query.query.to_lowercase();
        let words: Vec<&str> = asked.split_whitespace().collect();
        let wanted = |known: &Known<'_>| {
            let text = format!("{}\n{}\n{}", known.title(), known.code(), known.text());
            let text = text.to_lowercase();
            let title = known.title();
            let holds = |word: &&str| text.contains(*word) || pinyin::finds(&title, word);
            words.iter().all(holds)
        };
        let mut rows: Vec<ReplyRow> = shelf
            .all()
            .into_iter()
            .chain(held)
            .filter(|known| {
                query.all || known.offered() || (query.coded && !known.code().is_empty())
            })
            .filter(|known| !query.changed || known.offer().is_some())
            .filter(|known| known.in_category(query) && wanted(known))
            .filter_map(|known| shelf.row(known))
            .map(|row| self.dated(row))
            .collect();
        let stars = self.stars(who, &shelf);
        let at_hand = query.ticket.as_deref().map(|id| self.ticket_of(id));
        let at_hand = at_hand.transpose()?;
        for row in &mut rows {
            row.favourite = stars.contains(&row.id);
            let slots = std::mem::take(&mut row.slots);
            row.slots = with_ticket(slots, at_hand.as_ref(), insight.vendor());
        }
        rows.sort_by_key(|row| {
            let used = row.tickets as u64 + row.uses;
            (!row.offered, std::cmp::Reverse(used))
        });
        Ok(rows)
    }

    /// A reply with the tickets behind it and its history.
    pub(in crate::desk) fn standard_reply(
        &self,
        who: &Actor,
        text: &str,
    ) -> Result<ReplyView, DeskError> {
        let insight = self.insights.read()?;
        let (kept, uses) = (self.store.replies(), self.uses());
        let shelf = Shelf::new(&insight, &kept, &uses);
        let named = shelf.named(text)?;
        let known = shelf.find(text)?;
        let row = shelf.row(known);
        let unknown = || DeskError::UnknownReply {
            id: text.to_owned(),
        };
        let mut row = self.dated(row.ok_or_else(unknown)?);
        row.favourite = self.stars(who, &shelf).contains(&row.id);
        let mut found_in = Vec::new();
        for id in row.evidence.iter().take(SHOWN) {
            let Some(doc) = self.store.directory().by_id(*id) else {
                continue;
            };
            if let Body::Ticket(ticket) = self.store.body(doc)? {
                found_in.push(self.ticket_row(doc, &ticket)?);
            }
        }
        Ok(ReplyView {
            asked: named.id().filter(|id| *id != row.id),
            history: self.reply_history(row.id)?,
            found_in,
            row,
        })
    }

    /// A reply that agents keep, by short code or the beginning of its id; `None` = none, or
    /// several.
    pub(in crate::desk) fn kept_reply(&self, text: &str) -> Option<ReplyId> {
        let text = text.trim().trim_start_matches('#');
        let kept = self.store.replies();
        if let Some(coded) = kept.iter().find(|kept| is_code(kept, text)) {
            return Some(coded.id);
        }
        let begins = |kept: &&StandardReply| kept.id.as_str().starts_with(text);
        let mut begins = kept.iter().filter(begins);
        match (begins.next(), begins.next()) {
            (Some(one), None) => Some(one.id),
            _ => None,
        }
    }

    fn dated(&self, mut row: ReplyRow) -> ReplyRow {
        let directory = self.store.directory();
        let doc = row.newest_ticket.and_then(|id| directory.by_id(id));
        row.newest_date = doc.and_then(|doc| directory.entry(doc)?.date);
        row
    }
}
