//! Standard replies as people and scripts see them.

use crate::api::{DeskError, ReplyQuery, ReplyRow, ReplyView};
use crate::desk::actor::Actor;
use crate::desk::insights::turn_of;
use crate::desk::replies::Replies;
use crate::desk::reply_catalogue::{Known, ReplyCatalogue, with_ticket};
use crate::store::Body;
use crate::text::pinyin;

/// Tickets shown of one reply.
const SHOWN: usize = 50;
/// Forms of holding replies that are listed, the most frequent ones.
const HOLDING: usize = 200;
impl Replies {
    pub(in crate::desk) fn replies(
        &self,
        who: &Actor,
        query: &ReplyQuery,
    ) -> Result<Vec<ReplyRow>, DeskError> {
        let insight = self.insights.read()?;
        let (kept, uses) = (self.store.replies(), self.catalogue.uses());
        let shelf = ReplyCatalogue::new(&insight, &kept, &uses);
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
        let (kept, uses) = (self.store.replies(), self.catalogue.uses());
        let shelf = ReplyCatalogue::new(&insight, &kept, &uses);
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
                found_in.push(self.catalogue.ticket_row(doc, &ticket)?);
            }
        }
        Ok(ReplyView {
            asked: named.id().filter(|id| *id != row.id),
            history: self.history.reply_history(row.id)?,
            found_in,
            row,
        })
    }

    fn dated(&self, mut row: ReplyRow) -> ReplyRow {
        let directory = self.store.directory();
        let doc = row.newest_ticket.and_then(|id| directory.by_id(id));
        row.newest_date = doc.and_then(|doc| directory.entry(doc)?.date);
        row
    }
}
