//! Advice on a message, and causes for a ticket.

use std::sync::Arc;

use super::catalogue::Catalogue;
use super::indexing::Indexing;
use super::insights::Insights;
use super::meaning::question;
use super::reply_catalogue::{Known, ReplyCatalogue, with_ticket};
use crate::api::{AdviceView, AdvisedReply, DeskError, SuggestedCause};
use crate::insight::Suggestion;
use crate::model::{CauseStatus, DocNo, Ticket, TicketId};
use crate::search::{Kind, spare};
use crate::store::Store;

/// Hits of search that vote.
const VOTERS: usize = 24;
/// Hits of search of which tickets and passages are shown.
const READ: usize = 40;
/// Tickets and passages shown beside advice.
const SHOWN: usize = 10;
/// Passages shown.
const PASSAGES: usize = 3;
/// A score of search at which two texts are about half alike.
const HALF: f32 = 12.0;
/// Replies offered for a message at most.
const REPLIES: usize = 3;
/// Replies that fit a ticket or a customer's message worse than this are not offered: a wrong one
/// costs more than none. On judged real tickets of which no other has the reply, something was
/// offered for 32 % at .15, 22 % at .2, 18 % at .25, 12 % at .3 and 6 % at .4; where another has
/// it, it was among the three for 35, 31, 25, 23 and 15 %.
const SURE: f32 = 0.27;
/// Nor are those that fit worse than this share of the best.
const BESIDE_BEST: f32 = 0.35;

/// What is likely about a ticket or a customer's message.
pub(super) struct Advice {
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) insights: Arc<Insights>,
    pub(super) catalogue: Arc<Catalogue>,
}

impl Advice {
    /// Tickets like a ticket, by search, with scores from 0 to 1.
    pub(super) fn alike(
        &self,
        id: TicketId,
        ticket: &Ticket,
    ) -> Result<Vec<(TicketId, f32)>, DeskError> {
        let doc = self.store.directory().by_id(id);
        self.voters(&ticket.text(), &question(ticket), doc)
    }

    fn voters(
        &self,
        text: &str,
        about: &str,
        exclude: Option<DocNo>,
    ) -> Result<Vec<(TicketId, f32)>, DeskError> {
        let hits = self
            .catalogue
            .alike(text, about, &|_| None, exclude, VOTERS)?;
        let directory = self.store.directory();
        let tickets = hits.hits.iter().filter(|hit| hit.kind == Kind::Ticket);
        let top = tickets.clone().map(|hit| hit.score).fold(0.0, f32::max);
        // A score says little by itself: it grows with the text and with the store. Far behind
        // the best, a hit shares common words only.
        let vote = |score: f32| top / (top + HALF) * (score / top).powi(2);
        Ok(tickets
            .filter_map(|hit| {
                let entry = directory.entry(hit.doc).filter(|entry| !entry.removed)?;
                Some((entry.id, vote(hit.score)))
            })
            .collect())
    }

    pub(super) fn suggest(&self, id: &str) -> Result<Vec<SuggestedCause>, DeskError> {
        let _asked = spare::Asked::begin();
        let insight = self.insights.read()?;
        let id = self.catalogue.resolve_ticket(id)?;
        let ticket = self.catalogue.ticket(id)?;
        let found = insight.suggest(id, &ticket, &self.alike(id, &ticket)?);
        Ok(self.named(found))
    }

    /// Suggestions with names; a cause that is not in use any more is not suggested.
    fn named(&self, found: Vec<Suggestion<TicketId>>) -> Vec<SuggestedCause> {
        let vocabulary = self.store.vocabulary();
        found
            .into_iter()
            .filter_map(|suggestion| {
                let cause = vocabulary.get(vocabulary.resolve(suggestion.cause))?;
                (cause.status == CauseStatus::Active).then(|| SuggestedCause {
                    cause: cause.name.clone(),
                    score: suggestion.score,
                    evidence: suggestion.evidence,
                    cause_id: cause.id,
                })
            })
            .collect()
    }

    pub(super) fn advise(&self, text: &str) -> Result<AdviceView, DeskError> {
        let _asked = spare::Asked::begin();
        let (tickets, passages) = self.rows_like(text)?;
        let found = AdviceView {
            tickets,
            passages,
            ..AdviceView::default()
        };
        match self.insights.progress()? {
            None => self.understood(text, found),
            analysing => Ok(AdviceView { analysing, ..found }),
        }
    }

    /// What is found, with what the tickets tell.
    fn understood(&self, text: &str, found: AdviceView) -> Result<AdviceView, DeskError> {
        let insight = self.insights.read()?;
        let similar = self.voters(text, text, None)?;
        let (kept, uses) = (self.store.replies(), self.catalogue.uses());
        let shelf = ReplyCatalogue::new(&insight, &kept, &uses);
        let advice = insight.answer(text, &similar, &|mined| shelf.offers(mined));
        // The message as a ticket, so that its values stand first in the slots.
        let asked = Ticket {
            question: text.to_owned(),
            ..Ticket::default()
        };
        let mut ranked = advice.replies;
        ranked.extend(shelf.kept_for(text, &similar));
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        let best = ranked.first().map_or(0.0, |ranked| ranked.score);
        let mut replies: Vec<AdvisedReply> = Vec::new();
        for ranked in ranked
            .into_iter()
            .filter(|ranked| fits(ranked.score) && ranked.score >= best * BESIDE_BEST)
        {
            let known = shelf.get(ranked.id).filter(Known::offered);
            let Some((known, id)) = known.and_then(|known| Some((known, known.id()?))) else {
                continue;
            };
            // Two that were merged are one.
            if replies.len() == REPLIES || replies.iter().any(|reply| reply.id == id) {
                continue;
            }
            replies.push(AdvisedReply {
                id,
                title: known.title(),
                text: known.text().to_owned(),
                slots: with_ticket(
                    known.slots(insight.vendor()),
                    Some(&asked),
                    insight.vendor(),
                ),
                score: ranked.score,
                tickets: known.mined.map_or(0, |mined| mined.tickets),
                code: known.code().to_owned(),
                evidence: ranked.evidence,
            });
        }
        Ok(AdviceView {
            category: advice.categories.into_iter().map(Into::into).collect(),
            replies,
            causes: self.named(advice.causes),
            ..found
        })
    }

    fn rows_like(
        &self,
        text: &str,
    ) -> Result<(Vec<crate::api::TicketRow>, Vec<crate::api::PassageRow>), DeskError> {
        let mut hits = self.catalogue.like(text, text, None, READ)?;
        let (mut seen, mut read) = (0, 0);
        let directory = self.store.directory();
        // What is outdated is found by search, and never offered.
        let holds = |doc| directory.entry(doc).is_some_and(|entry| !entry.outdated);
        hits.hits.retain(|hit| {
            if !holds(hit.doc) {
                return false;
            }
            let (count, most) = match hit.kind {
                Kind::Ticket => (&mut seen, SHOWN),
                Kind::Article => (&mut read, PASSAGES),
            };
            *count += 1;
            *count <= most
        });
        drop(directory);
        let (mut tickets, mut passages) = (Vec::new(), Vec::new());
        for row in self
            .catalogue
            .hit_rows(&self.indexing.search.likeness(text), &hits)?
        {
            match row {
                crate::api::Row::Ticket(mut row) => {
                    row.rank = tickets.len() + 1;
                    tickets.push(row);
                }
                crate::api::Row::Passage(mut row) => {
                    row.rank = passages.len() + 1;
                    passages.push(row);
                }
            }
        }
        Ok((tickets, passages))
    }
}

/// Whether a reply fits well enough to be offered.
pub(super) fn fits(score: f32) -> bool {
    score >= SURE
}

impl From<crate::insight::LikelyCategory> for crate::api::LikelyCategory {
    fn from(likely: crate::insight::LikelyCategory) -> Self {
        Self {
            product: likely.category.product,
            issue_type: likely.category.issue_type,
            score: likely.share,
            evidence: likely.evidence,
        }
    }
}
