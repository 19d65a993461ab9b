//! Advice on a message, causes for a ticket, and the queues of what is to be annotated.

use std::collections::BTreeMap;

use crate::insight::{Insight, Suggestion};
use crate::model::{Category, CauseState, CauseStatus, DocNo, Ticket, TicketFilter, TicketId};
use crate::search::Kind;
use crate::store::Body;

use super::api::{
    AdviceView, AdvisedReply, DeskError, Present, QueueKind, QueuePage, QueueRow, SuggestedCause,
};
use super::compose::with_ticket;
use super::core::Core;
use super::local::Actor;
use super::replies::{Known, Shelf};

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
/// Replies that fit worse than this are not offered.
const LEAST: f32 = 0.25;
/// Nor are those that fit worse than this share of the best.
const BESIDE_BEST: f32 = 0.35;

impl Core {
    /// Tickets like a ticket, by search, with scores from 0 to 1.
    pub(super) fn alike(
        &self,
        id: TicketId,
        ticket: &Ticket,
    ) -> Result<Vec<(TicketId, f32)>, DeskError> {
        let doc = self.store.directory().by_id(id);
        self.voters(&ticket.text(), doc)
    }

    fn voters(
        &self,
        text: &str,
        exclude: Option<DocNo>,
    ) -> Result<Vec<(TicketId, f32)>, DeskError> {
        let hits = self
            .indexing
            .search
            .similar(text, &|_| None, exclude, VOTERS)?;
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
        let insight = self.insights.read()?;
        let id = self.resolve_ticket(id)?;
        let ticket = self.ticket(id)?;
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
        let insight = self.insights.read()?;
        let similar = self.voters(text, None)?;
        let (kept, uses) = (self.store.replies(), self.uses());
        let shelf = Shelf::new(&insight, &kept, &uses);
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
        for ranked in ranked.into_iter().filter(|ranked| fits(ranked.score, best)) {
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
                slots: with_ticket(known.slots(), Some(&asked), insight.vendor()),
                score: ranked.score,
                tickets: known.mined.map_or(0, |mined| mined.tickets),
                code: known.code().to_owned(),
                evidence: ranked.evidence,
            });
        }
        let (tickets, passages) = self.rows_like(text)?;
        Ok(AdviceView {
            category: advice.categories.into_iter().map(Into::into).collect(),
            replies,
            tickets,
            causes: self.named(advice.causes),
            passages,
        })
    }

    fn rows_like(
        &self,
        text: &str,
    ) -> Result<(Vec<super::api::TicketRow>, Vec<super::api::PassageRow>), DeskError> {
        let mut hits = self.like(text, None, READ)?;
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
        for row in self.hit_rows(&self.indexing.search.likeness(text), &hits)? {
            match row {
                super::api::Row::Ticket(mut row) => {
                    row.rank = tickets.len() + 1;
                    tickets.push(row);
                }
                super::api::Row::Passage(mut row) => {
                    row.rank = passages.len() + 1;
                    passages.push(row);
                }
            }
        }
        Ok((tickets, passages))
    }

    pub(super) fn queue(
        &self,
        who: &Actor,
        kind: Option<QueueKind>,
        limit: usize,
        held: &BTreeMap<TicketId, Present>,
    ) -> Result<QueuePage, DeskError> {
        let kinds: Vec<QueueKind> = match kind {
            Some(kind) => vec![kind],
            None => QueueKind::ALL
                .into_iter()
                .filter(|kind| *kind != QueueKind::Mine)
                .collect(),
        };
        let insight = self.insights.read()?;
        let mut waiting = Vec::new();
        for kind in kinds {
            waiting.extend(match kind {
                QueueKind::Placeholder => self.placeholders(&insight),
                QueueKind::Suspect => self.suspects(),
                QueueKind::Misfiled => self.misfiled(),
                QueueKind::Disputed => self.disputed()?,
                QueueKind::Mine => self.mine(who)?,
            });
        }
        drop(insight);
        // Stable: each kind's own order decides between equals.
        waiting.sort_by(|a, b| {
            let taken = |waiting: &Waiting| held.contains_key(&waiting.id);
            let order = taken(a).cmp(&taken(b));
            order.then_with(|| b.score.total_cmp(&a.score))
        });
        let total = waiting.len();
        waiting.truncate(limit);
        Ok(QueuePage {
            rows: waiting
                .into_iter()
                .map(|waiting| self.queue_row(waiting, held))
                .collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Tickets whose cause says nothing, largest groups of look-alikes first; one row a ticket,
    /// the tickets of a group together.
    fn placeholders(&self, insight: &Insight) -> Vec<Waiting> {
        let mut wanted: std::collections::HashSet<TicketId> = std::collections::HashSet::new();
        let directory = self.store.directory();
        for state in [CauseState::Placeholder, CauseState::None] {
            let filter = TicketFilter {
                cause_state: Some(state),
                ..TicketFilter::default()
            };
            let entries = directory
                .list(&filter)
                .filter_map(|doc| directory.entry(doc));
            wanted.extend(entries.map(|entry| entry.id));
        }
        drop(directory);
        let groups = insight.groups(&|id| wanted.contains(&id));
        let rows = groups.into_iter().flat_map(|group| {
            let size = group.len();
            let score = 1.0 - 1.0 / (size as f32 + 1.0);
            group.clone().into_iter().map(move |id| Waiting {
                id,
                kind: QueueKind::Placeholder,
                reason: ("lookalikes", vec![size.to_string()]),
                score,
                proposed: None,
                group: group.clone(),
            })
        });
        rows.collect()
    }

    fn suspects(&self) -> Vec<Waiting> {
        let flags = self.insights.flags();
        let found = flags.suspects.iter().filter_map(|suspect| {
            let reason = suspect.reasons.first()?;
            Some(Waiting {
                id: suspect.ticket,
                kind: QueueKind::Suspect,
                reason: (reason.kind.name(), reason.args.clone()),
                score: suspect.score,
                proposed: None,
                group: vec![suspect.ticket],
            })
        });
        found.collect()
    }

    fn misfiled(&self) -> Vec<Waiting> {
        let flags = self.insights.flags();
        let directory = self.store.directory();
        let found = flags.misfiled.iter().map(|found| {
            let doc = directory.by_id(found.ticket);
            let now = doc.and_then(|doc| directory.category_of(doc));
            let args = vec![
                now.map(Category::to_string).unwrap_or_default(),
                found.proposed.to_string(),
                found.evidence.len().to_string(),
            ];
            Waiting {
                id: found.ticket,
                kind: QueueKind::Misfiled,
                reason: ("filed_elsewhere", args),
                score: found.score,
                proposed: Some(found.proposed.clone()),
                group: vec![found.ticket],
            }
        });
        found.collect()
    }

    fn disputed(&self) -> Result<Vec<Waiting>, DeskError> {
        let mut out = Vec::new();
        for id in self.confirmed(|entry| entry.disputed) {
            let votes = self.store.votes(id)?;
            let mut names: Vec<String> = Vec::new();
            let mut differing = 0;
            for vote in &votes {
                if let crate::model::Stance::Differ(causes) = &vote.stance {
                    differing += 1;
                    let causes = self.cause_names(causes).join("；");
                    names.push(format!("{}：{causes}", vote.author.name));
                }
            }
            // One more than voted decided.
            let score = differing as f32 / (votes.len() as f32 + 1.0);
            out.push(Waiting {
                id,
                kind: QueueKind::Disputed,
                reason: ("agents_differ", names),
                score: 0.5 + score / 2.0,
                proposed: None,
                group: vec![id],
            });
        }
        Ok(out)
    }

    /// What the agent decided, the newest first.
    fn mine(&self, who: &Actor) -> Result<Vec<Waiting>, DeskError> {
        let mut decided = Vec::new();
        for id in self.confirmed(|_| true) {
            let fold = self.store.causes(id)?;
            if let Some(fold) = fold.filter(|fold| fold.author.uid == who.author.uid) {
                decided.push((fold.at, id, self.cause_names(&fold.causes)));
            }
        }
        decided.sort_by_key(|(at, id, _)| (std::cmp::Reverse(*at), *id));
        let rows = decided.into_iter().map(|(_, id, causes)| Waiting {
            id,
            kind: QueueKind::Mine,
            reason: ("decided", causes),
            score: 1.0,
            proposed: None,
            group: vec![id],
        });
        Ok(rows.collect())
    }

    fn confirmed(&self, wanted: impl Fn(&crate::store::Entry) -> bool) -> Vec<TicketId> {
        let filter = TicketFilter {
            cause_state: Some(CauseState::Confirmed),
            ..TicketFilter::default()
        };
        let directory = self.store.directory();
        let entries = directory
            .list(&filter)
            .filter_map(|doc| directory.entry(doc));
        entries.filter(wanted).map(|entry| entry.id).collect()
    }

    fn queue_row(
        &self,
        waiting: Waiting,
        held: &BTreeMap<TicketId, Present>,
    ) -> Result<QueueRow, DeskError> {
        let doc = self.store.directory().by_id(waiting.id);
        let doc = doc.ok_or_else(|| super::errors::unknown_id(waiting.id.as_str()))?;
        let row = match self.store.body(doc)? {
            Body::Ticket(ticket) => self.ticket_row(doc, &ticket)?,
            Body::Article(_) => return Err(super::errors::unknown_id(waiting.id.as_str())),
        };
        Ok(QueueRow {
            id: waiting.id,
            title: row.title,
            kind: waiting.kind,
            reason_kind: waiting.reason.0.to_owned(),
            reason_args: waiting.reason.1,
            score: waiting.score,
            product: row.product,
            issue_type: row.issue_type,
            causes: row.causes.into_iter().map(|tag| tag.name).collect(),
            proposed: waiting.proposed,
            group: waiting.group,
            held_by: held.get(&waiting.id).cloned(),
        })
    }
}

/// Whether a reply fits well enough to be offered beside the best one.
pub(super) fn fits(score: f32, best: f32) -> bool {
    score >= LEAST && score >= best * BESIDE_BEST
}

/// A ticket that waits, before its text is read.
struct Waiting {
    id: TicketId,
    kind: QueueKind,
    reason: (&'static str, Vec<String>),
    score: f32,
    proposed: Option<Category>,
    group: Vec<TicketId>,
}
