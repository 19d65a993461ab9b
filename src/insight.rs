//! What the tickets themselves tell: standard replies, slots, causes suggested, suspects named.
//!
//! Pure: no I/O, no clock. Whoever holds the tickets tells [`Insight`] of each one, hands it
//! words and neighbours, and gives texts back when asked; texts are not kept here, so that a
//! million tickets fit into memory.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! agreement pattern
//! case minhash record topics url
//! fit heal value
//! damage fact
//! normal
//! situation vendor
//! guard links slots
//! replies
//! kept table
//! causes
//! answer stored
//! ```

pub mod agreement;
mod answer;
mod case;
mod causes;
pub mod damage;
mod fact;
pub mod fit;
pub mod guard;
pub mod heal;
mod kept;
mod links;
mod minhash;
pub mod normal;
mod pattern;
mod record;
mod replies;
mod situation;
pub mod slots;
mod stored;
mod table;
mod topics;
mod url;
pub mod value;
pub mod vendor;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use answer::{Advice, LikelyCategory, RankedReply};
pub use case::{Case, Pairs, Texts, Words};
pub use causes::{Misfiled, Reason, ReasonKind, Suggestion, Suspect};
pub use kept::Kept;
pub use replies::{MinedReply, Replies, id_of};
pub use stored::VERSION;

use causes::Causes;
use kept::Sketches;
use replies::{Form, Tickets};
use table::Table;
use vendor::Vendor;

use crate::model::{CauseId, ReplyId, Speaker, Ticket, TicketId};

/// Weight of a ticket that shares a message's rare words and that search did not find.
const OWN: f32 = 0.5;
/// Suspects and misfiled tickets listed at most.
const LISTED: usize = 10_000;

/// Everything that is told from the tickets, kept up to date ticket by ticket.
///
/// Order of work: vocabulary, then tickets, then [`Self::finish`]; afterwards single tickets
/// may come and go, each followed by a cheap `finish`.
///
/// Measured by `cargo bench --bench insight` on tickets made by rule, one thread of a shared
/// machine: 5,000 in 1.2 s, 50,000 in 8 s, 400,000 in 37 s and 156 MB (about 0.4 kB a ticket:
/// most are copies; one whose every text is its own takes about 0.9 kB); one more ticket in 0.5
/// to 1.1 ms, causes suggested in 0.2 ms, suspects of 400,000 named in 3.6 s. Kept in a file of
/// 52 MB, written in 0.5 s and read in 1.2 s with 7 MB of memory beside it.
pub struct Insight {
    words: Arc<dyn Words>,
    table: Table,
    vendor: Vendor,
    replies: Replies,
    causes: Causes,
    sketches: Sketches,
    /// By a text: the mined reply like it, since the replies were brought up to date.
    like: Mutex<HashMap<u64, Option<ReplyId>>>,
}

/// A reply that can be offered for a ticket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Offer {
    /// A standard reply, with how well it fits from 0 to 1.
    Standard(ReplyId, f32),
    /// A turn of the ticket's own dialogue, by position: it says enough and names nobody.
    Turn(usize),
}

impl Default for Insight {
    fn default() -> Self {
        Self::new(Arc::new(Pairs))
    }
}

impl Insight {
    /// An empty one that takes text apart with these words.
    pub fn new(words: Arc<dyn Words>) -> Self {
        Self {
            words,
            table: Table::default(),
            vendor: Vendor::default(),
            replies: Replies::default(),
            causes: Causes::default(),
            sketches: Sketches::default(),
            like: Mutex::default(),
        }
    }

    /// Takes the vocabulary of causes: id and names, today's first, retired ones left out.
    /// Gives the causes that came or went: tickets that carry one should be added again.
    pub fn set_vocabulary(&mut self, causes: &[(CauseId, Vec<String>)]) -> Vec<CauseId> {
        self.causes.set_vocabulary(causes, self.words.as_ref())
    }

    /// Allows contacts that a team names as the vendor's own.
    pub fn allow_contacts(&mut self, contacts: impl IntoIterator<Item = String>) {
        self.vendor.allow(contacts);
    }

    /// Takes a ticket in; one that is known already is replaced.
    pub fn add(&mut self, case: &Case<'_>) {
        self.remove(case.id);
        let said = case
            .ticket
            .agent_turns()
            .map(|(_, turn)| turn.text.as_str());
        let heard = vendor::customers_names(asked(case.ticket));
        // What an agent says back to a customer is the customer's, however many tickets they have.
        let names = self.vendor.add(vendor::names(said).difference(&heard));
        self.vendor.heard(&heard);
        let no = self.table.add(case, names);
        let turns = classed(case.ticket);
        // What must not be followed any more is no evidence for a reply.
        self.replies
            .add(no, if case.outdated { &[] } else { &turns });
        let category = self.table.category_of(no);
        self.causes
            .add(no, case, &turns, category, self.words.as_ref());
    }

    /// Takes a ticket out again; an unknown one is ignored.
    pub fn remove(&mut self, id: TicketId) {
        if let Some((no, names)) = self.table.remove(id) {
            self.vendor.remove(&names);
            self.replies.remove(no);
            self.causes.remove(no);
        }
    }

    /// Brings the standard replies up to date: work for those that changed only.
    pub fn finish(&mut self, texts: &dyn Texts) {
        self.like = Mutex::default();
        self.replies.finish(texts, &self.vendor, &self.table);
    }

    /// How many tickets there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no ticket.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The vendor's own domains and contacts.
    pub fn vendor(&self) -> &Vendor {
        &self.vendor
    }

    /// The standard replies found.
    pub fn replies(&self) -> &Replies {
        &self.replies
    }

    /// The turns of a ticket's dialogue that say what a standard reply says, by position.
    ///
    /// `may` says which replies count.
    pub fn turns_shared(&self, id: TicketId, may: &dyn Fn(&MinedReply) -> bool) -> Vec<usize> {
        let no = self.table.no(id);
        no.map_or_else(Vec::new, |no| self.replies.turns_shared(no, may))
    }

    /// The standard replies that a ticket's own agents used.
    pub fn replies_of(&self, id: TicketId) -> Vec<&MinedReply> {
        self.table
            .no(id)
            .map(|no| self.replies.of_ticket(no))
            .unwrap_or_default()
    }

    /// What can be offered for a ticket, best first: standard replies its agents used, its own
    /// turns that say enough and name nobody, replies of tickets like it.
    ///
    /// `may` says which replies may be offered.
    pub fn offers(
        &self,
        id: TicketId,
        ticket: &Ticket,
        similar: &[(TicketId, f32)],
        may: &dyn Fn(&MinedReply) -> bool,
    ) -> Vec<Offer> {
        let own = self.replies_of(id).into_iter().filter(|reply| may(reply));
        let mut used: Vec<&MinedReply> = own.collect();
        used.sort_by_key(|reply| {
            (
                reply.class != normal::Class::Answer,
                std::cmp::Reverse(reply.tickets),
            )
        });
        used.dedup_by_key(|reply| reply.id);
        let mut out: Vec<Offer> = used
            .iter()
            .map(|reply| Offer::Standard(reply.id, 1.0))
            .collect();
        let held: Vec<(TicketId, usize)> = used
            .iter()
            .flat_map(|reply| reply.evidence.clone())
            .collect();
        for (turn, said) in ticket.agent_turns() {
            let answers = normal::class(&said.text) == normal::Class::Answer;
            let names_nobody = guard::findings(&said.text, &self.vendor, &|_| false).is_empty();
            if answers && names_nobody && !held.contains(&(id, turn)) {
                out.push(Offer::Turn(turn));
            }
        }
        let asked = format!("{}\n{}", ticket.title, ticket.question);
        for (reply, score, _) in answer::replies(&asked, &self.numbers(similar), &self.replies, may)
        {
            if !used.iter().any(|known| known.id == reply) {
                out.push(Offer::Standard(reply, score));
            }
        }
        out
    }

    /// What agents say that answers nothing, form by form, the most frequent first.
    pub fn holding(&self, most: usize, texts: &dyn Texts) -> Vec<MinedReply> {
        self.replies.holding(most, texts, &self.table)
    }

    /// The mined reply that a text is a copy of, or that says most of what it says; remembered,
    /// because the same few texts are asked for with every ticket that is looked at.
    pub fn mined_like(&self, text: &str) -> Option<ReplyId> {
        let mut known = self.like.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.entry(pattern::hash_text(text));
        *found.or_insert_with(|| self.find_like(text))
    }

    fn find_like(&self, text: &str) -> Option<ReplyId> {
        let form = Form::of(text);
        let copies = self.replies.like(&form);
        let copies = copies.and_then(|group| self.replies.of_group(group));
        let reworded = || self.replies.of_group(self.replies.reworded(&form)?);
        copies.or_else(reworded).map(|mined| mined.id)
    }

    /// The newest tickets whose agents said what a text says, as far as they are one group.
    pub fn said_in(&self, text: &str) -> Vec<TicketId> {
        self.said_as(&Form::of(text))
    }

    fn said_as(&self, form: &Form) -> Vec<TicketId> {
        let group = self.replies.like(form);
        self.ids(group.map_or_else(Vec::new, |group| self.replies.newest_of(group, &self.table)))
    }

    /// The vendor's address that a masked one was, told by what is left of it and by the words
    /// before it, with a ticket that has it whole; `None` = it is not certain.
    pub fn whole_link(&self, masked: &str, words_before: &str) -> Option<(String, TicketId)> {
        let links = self.replies.links();
        let (url, no) = links.whole(masked, words_before, &self.vendor)?;
        Some((url.to_owned(), self.table.id(no)))
    }

    /// Texts that may hold what redaction broke in a ticket's turn: copies of the same reply.
    pub fn siblings(
        &self,
        id: TicketId,
        turn: usize,
        texts: &dyn Texts,
    ) -> Vec<(TicketId, String)> {
        let places = self
            .table
            .no(id)
            .map(|no| self.replies.siblings(no, turn))
            .unwrap_or_default();
        places
            .into_iter()
            .map(|(no, turn)| (self.table.id(no), turn))
            .filter_map(|(source, turn)| Some((source, texts.turn(source, turn)?)))
            .collect()
    }

    /// Causes for a ticket, up to three; `similar` are tickets like it with scores from 0 to 1.
    pub fn suggest(
        &self,
        id: TicketId,
        ticket: &Ticket,
        similar: &[(TicketId, f32)],
    ) -> Vec<Suggestion<TicketId>> {
        let Some(no) = self.table.no(id) else {
            return Vec::new();
        };
        let found = self.causes.suggest(
            no,
            ticket,
            &classed(ticket),
            &self.numbers(similar),
            &self.replies,
        );
        found
            .into_iter()
            .map(|suggestion| self.named(suggestion))
            .collect()
    }

    /// Category, replies and causes for a customer's message; `similar` as in [`Self::suggest`],
    /// to which tickets that share its rare words are added.
    /// `may` says which replies may be offered.
    pub fn answer(
        &self,
        text: &str,
        similar: &[(TicketId, f32)],
        may: &dyn Fn(&MinedReply) -> bool,
    ) -> Advice {
        let text = normal::capped(text);
        let mut similar = self.numbers(similar);
        for (no, share) in self.causes.near(text, self.words.as_ref()) {
            if !similar.iter().any(|(known, _)| *known == no) {
                similar.push((no, share * OWN));
            }
        }
        let replies = answer::replies(text, &similar, &self.replies, may);
        Advice {
            categories: answer::categories(text, &similar, &self.table)
                .into_iter()
                .map(|(category, share, evidence)| LikelyCategory {
                    category,
                    share,
                    evidence: self.ids(evidence),
                })
                .collect(),
            replies: replies
                .into_iter()
                .map(|(id, score, evidence)| RankedReply {
                    id,
                    score,
                    evidence: self.ids(evidence),
                })
                .collect(),
            causes: self
                .causes
                .suggest_for(text, &similar, self.words.as_ref())
                .into_iter()
                .map(|suggestion| self.named(suggestion))
                .collect(),
        }
    }

    /// Given causes that are probably wrong, the most certain first, at most 10,000.
    pub fn suspects(&self) -> Vec<Suspect<TicketId>> {
        let mut out: Vec<Suspect<TicketId>> = self
            .table
            .numbers()
            .filter_map(|no| self.causes.suspect(no, &self.replies))
            .map(|found| Suspect {
                ticket: self.table.id(found.ticket),
                score: found.score,
                reasons: found.reasons,
            })
            .collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.ticket.cmp(&b.ticket)));
        out.truncate(LISTED);
        out
    }

    /// Whether a ticket's given causes are probably wrong, and why.
    pub fn suspect(&self, id: TicketId) -> Option<Suspect<TicketId>> {
        let found = self.causes.suspect(self.table.no(id)?, &self.replies)?;
        Some(Suspect {
            ticket: id,
            score: found.score,
            reasons: found.reasons,
        })
    }

    /// Categories that are probably wrong, the most certain first, at most 10,000.
    pub fn misfiled(&self) -> Vec<Misfiled<TicketId>> {
        let shelves = self.causes.shelves(&self.table);
        let mut out: Vec<Misfiled<TicketId>> = self
            .table
            .numbers()
            .filter_map(|no| {
                self.causes
                    .misfiled(no, &self.replies, &shelves, &self.table)
            })
            .map(|found| Misfiled {
                ticket: self.table.id(found.ticket),
                proposed: found.proposed,
                score: found.score,
                evidence: self.ids(found.evidence),
            })
            .collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.ticket.cmp(&b.ticket)));
        out.truncate(LISTED);
        out
    }

    /// Tickets that were asked or answered like a ticket, the most alike first.
    pub fn lookalikes(&self, id: TicketId) -> Vec<TicketId> {
        let found = self
            .table
            .no(id)
            .map(|no| self.causes.lookalikes(no, &self.replies));
        self.ids(found.unwrap_or_default())
    }

    /// All tickets that one decision with a ticket can settle, the most alike first.
    pub fn fellows(&self, id: TicketId) -> Vec<TicketId> {
        let found = self
            .table
            .no(id)
            .map(|no| self.causes.fellows(no, &self.replies));
        self.ids(found.unwrap_or_default())
    }

    /// Wanted tickets in groups that one decision can settle, the largest first.
    pub fn groups(&self, wanted: &dyn Fn(TicketId) -> bool) -> Vec<Vec<TicketId>> {
        let groups = self
            .causes
            .groups(&self.replies, &|no| wanted(self.table.id(no)));
        groups.into_iter().map(|group| self.ids(group)).collect()
    }

    fn numbers(&self, similar: &[(TicketId, f32)]) -> Vec<(u32, f32)> {
        similar
            .iter()
            .filter_map(|(id, score)| Some((self.table.no(*id)?, *score)))
            .collect()
    }

    fn ids(&self, numbers: Vec<u32>) -> Vec<TicketId> {
        numbers.into_iter().map(|no| self.table.id(no)).collect()
    }

    fn named(&self, found: Suggestion<u32>) -> Suggestion<TicketId> {
        Suggestion {
            cause: found.cause,
            score: found.score,
            evidence: self.ids(found.evidence),
        }
    }
}

/// The turn of a ticket's dialogue to send to another customer, by position: one that answers
/// before one that asks back, of those one that others were sent too (`shared`), then the one
/// that says most. `None` = nobody said more than 请稍等.
pub fn best_turn(ticket: &Ticket, shared: &[usize]) -> Option<usize> {
    let ranked = ticket.agent_turns().map(|(at, turn)| {
        let said = normal::substance(normal::capped(&turn.text));
        (normal::class(&turn.text), shared.contains(&at), said, at)
    });
    let best = ranked.max()?;
    (best.0 != normal::Class::Holding).then_some(best.3)
}

/// What the customer of a ticket wrote.
fn asked(ticket: &Ticket) -> impl Iterator<Item = &str> {
    let turns = ticket
        .dialogue
        .iter()
        .filter(|turn| turn.speaker == Speaker::Customer);
    [ticket.title.as_str(), ticket.question.as_str()]
        .into_iter()
        .chain(turns.map(|turn| turn.text.as_str()))
}

/// The agents' turns of a ticket with what each is good for.
fn classed(ticket: &Ticket) -> Vec<(usize, &str, normal::Class)> {
    let turns = ticket.agent_turns();
    turns
        .map(|(at, turn)| (at, turn.text.as_str(), normal::class(&turn.text)))
        .collect()
}

#[cfg(test)]
mod tests;
