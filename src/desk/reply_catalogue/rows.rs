//! Standard replies as rows: what is known of each, and where it was seen.

use std::collections::HashSet;

use super::{Known, ReplyCatalogue};
use crate::api::{ReplyCategory, ReplyRow};
use crate::insight::MinedReply;
use crate::insight::normal::Class;
use crate::model::{ReplyId, Revision, TicketId};

/// Tickets named as evidence.
const EVIDENCE: usize = 200;

/// Where a reply was seen: in its own group, and in those of replies merged into it.
struct Seen {
    tickets: usize,
    variants: usize,
    evidence: Vec<TicketId>,
}

impl<'a> ReplyCatalogue<'a> {
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
