//! What each agent has at hand: favourites, and what was copied lately.

use super::actor::Actor;
use super::replies::Replies;
use super::reply_catalogue::with_ticket;
use super::reply_catalogue::{Known, ReplyCatalogue};
use super::writer::ActBuilder;
use crate::api::{ActDone, AtHandRow, DeskError, Offered, Used};
use crate::insight::vendor::Vendor;
use crate::model::{Change, Key, Op, ReplyId, TicketId};
use crate::store::CopyMade;

impl Replies {
    /// Counts copies, as one act.
    pub(super) fn record_use(&self, who: &Actor, uses: &[Used]) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut act = ActBuilder::new(who);
        for used in uses {
            let op = Op::Use {
                count: used.count,
                overridden: used.overridden.clone(),
                turn: used.turn,
            };
            act.add(Key::Use(used.reply), None, op);
        }
        self.writer.finish(&writing, act)
    }

    /// Makes a reply a favourite, or no more; nothing is recorded where it is so already.
    pub(super) fn star(
        &self,
        who: &Actor,
        reply: &str,
        starred: bool,
    ) -> Result<ActDone, DeskError> {
        let insight = self.insights.read()?;
        let writing = self.writer.write();
        let kept = self.store.replies();
        let known = ReplyCatalogue::new(&insight, &kept, &[]).find(reply)?;
        let uid = who.author.voter();
        let stars = self.store.at_hand(uid).stars;
        let mut act = ActBuilder::new(who);
        if let Some(id) = known.id() {
            // A reply that mining grouped anew may be known by another id by now.
            let same = |star: &ReplyId| *star == id || known.mined.is_some_and(|m| m.id == *star);
            let known: Vec<ReplyId> = stars.into_iter().filter(same).collect();
            let from = !known.is_empty();
            let ids = if from { known } else { vec![id] };
            for id in ids.into_iter().filter(|_| from != starred) {
                let to = starred;
                act.add(Key::Star(id, uid), None, Op::Star(Change { from, to }));
            }
        }
        drop(insight);
        self.writer.finish(&writing, act)
    }

    /// The favourites of an agent, by the ids their replies have now.
    pub(super) fn stars(&self, who: &Actor, shelf: &ReplyCatalogue<'_>) -> Vec<ReplyId> {
        let stars = self.store.at_hand(who.author.voter()).stars.into_iter();
        stars.filter_map(|star| shelf.get(star)?.id()).collect()
    }

    /// What can be said to a ticket, with the agent's favourites marked.
    pub(super) fn offers_to(&self, who: &Actor, id: &str) -> Result<Vec<Offered>, DeskError> {
        let mut offers = self.offers(id)?;
        let insight = self.insights.read()?;
        let kept = self.store.replies();
        let stars = self.stars(who, &ReplyCatalogue::new(&insight, &kept, &[]));
        for offer in &mut offers {
            offer.favourite = offer.reply.is_some_and(|reply| stars.contains(&reply));
        }
        Ok(offers)
    }

    /// Favourites, then last copies, each newest first.
    pub(super) fn at_hand(
        &self,
        who: &Actor,
        ticket: Option<&str>,
    ) -> Result<Vec<AtHandRow>, DeskError> {
        let insight = self.insights.read()?;
        let ticket = ticket.map(|id| self.ticket_of(id)).transpose()?;
        let kept = self.store.replies();
        let shelf = ReplyCatalogue::new(&insight, &kept, &[]);
        let hand = self.store.at_hand(who.author.voter());
        let mut rows: Vec<AtHandRow> = Vec::new();
        for star in hand.stars.iter().rev() {
            let Some(known) = shelf.get(*star) else {
                continue;
            };
            let mut row = row(*star, known, insight.vendor());
            row.favourite = true;
            rows.push(row);
        }
        for copy in hand.copies.iter().rev() {
            let known = shelf.get(copy.reply);
            let id = known.as_ref().and_then(Known::id).unwrap_or(copy.reply);
            match rows.iter_mut().find(|row| row.id == id) {
                Some(row) => row.copied = row.copied.max(Some(copy.at)),
                None => rows.extend(self.copied(&shelf, copy, known)),
            }
        }
        for row in &mut rows {
            let slots = std::mem::take(&mut row.slots);
            row.slots = with_ticket(slots, ticket.as_ref(), insight.vendor());
        }
        Ok(rows)
    }

    /// A copy that was made; `None` = the ticket is gone, or the reply.
    fn copied(
        &self,
        shelf: &ReplyCatalogue<'_>,
        copy: &CopyMade,
        known: Option<Known<'_>>,
    ) -> Option<AtHandRow> {
        let mut made = match (known, copy.turn) {
            (_, Some((ticket, turn))) => self.turn_row(shelf, copy.reply, ticket, turn)?,
            (Some(known), None) => row(copy.reply, known, shelf.insight().vendor()),
            (None, None) => return None,
        };
        made.copied = Some(copy.at);
        Some(made)
    }

    fn turn_row(
        &self,
        shelf: &ReplyCatalogue<'_>,
        id: ReplyId,
        ticket: TicketId,
        turn: u32,
    ) -> Option<AtHandRow> {
        let body = self.catalogue.ticket(ticket).ok()?;
        let nth = usize::try_from(turn).ok()?.checked_sub(1)?;
        let (at, said) = body.agent_turns().nth(nth)?;
        Some(AtHandRow {
            id,
            title: super::reply_catalogue::beginning(&said.text),
            code: String::new(),
            text: self.turn_text(shelf, (ticket, &body), at),
            slots: Vec::new(),
            favourite: false,
            copied: None,
            ticket: Some(ticket),
            turn: Some(turn),
            outdated: String::new(),
            retired: false,
        })
    }
}

fn row(id: ReplyId, known: Known<'_>, vendor: &Vendor) -> AtHandRow {
    AtHandRow {
        id: known.id().unwrap_or(id),
        title: known.title(),
        code: known.code().to_owned(),
        text: known.text().to_owned(),
        slots: known.slots(vendor),
        favourite: false,
        copied: None,
        ticket: None,
        turn: None,
        outdated: known.kept.map_or_else(String::new, |k| k.outdated.clone()),
        retired: known.kept.is_some_and(|kept| kept.retired),
    }
}
