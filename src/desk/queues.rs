//! The queues of what is to be annotated, and groups that one decision settles.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::actor::Actor;
use super::catalogue::Catalogue;
use super::insights::Insights;
use crate::api::{DeskError, Page, Present, QueueKind, QueuePage, QueueRow};
use crate::insight::Insight;
use crate::model::{Category, CauseState, DocNo, TicketFilter, TicketId, TreeNode};
use crate::store::Body;
use crate::store::Store;

/// Tickets that wait for a decision.
pub(super) struct Queues {
    pub(super) store: Arc<Store>,
    pub(super) insights: Arc<Insights>,
    pub(super) catalogue: Arc<Catalogue>,
}

impl Queues {
    pub(super) fn lookalikes(&self, id: &str, limit: usize) -> Result<Page, DeskError> {
        let insight = self.insights.read()?;
        let id = self.catalogue.resolve_ticket(id)?;
        let mut ids = vec![id];
        ids.extend(insight.fellows(id));
        drop(insight);
        let docs = self.catalogue.shown(&ids);
        Ok(Page {
            rows: self
                .catalogue
                .plain_rows(docs.get(..limit).unwrap_or(&docs), 1)?,
            total: docs.len(),
        })
    }

    pub(super) fn queue(
        &self,
        who: &Actor,
        kind: Option<QueueKind>,
        filter: &TicketFilter,
        limit: usize,
        held: &BTreeMap<TicketId, Present>,
    ) -> Result<QueuePage, DeskError> {
        self.catalogue.check_filter(filter)?;
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
        let tree = self.sift(&mut waiting, filter);
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
            tree,
        })
    }

    /// Leaves what a filter lets through; the categories of it all, but for the filter's own.
    fn sift(&self, waiting: &mut Vec<Waiting>, filter: &TicketFilter) -> Vec<TreeNode> {
        let everywhere = TicketFilter {
            category: None,
            ..filter.clone()
        };
        let directory = self.store.directory();
        let docs = |waiting: &[Waiting]| -> Vec<DocNo> {
            let docs = waiting.iter().filter_map(|row| directory.by_id(row.id));
            docs.collect()
        };
        let mut all = docs(waiting);
        directory.keep(&everywhere, &mut all);
        let tree = directory.tree_of(all.iter().copied());
        if *filter != TicketFilter::default() {
            directory.keep(filter, &mut all);
            let left: HashSet<DocNo> = all.into_iter().collect();
            waiting.retain(|row| {
                directory
                    .by_id(row.id)
                    .is_some_and(|doc| left.contains(&doc))
            });
        }
        tree
    }

    /// Tickets whose cause says nothing, largest groups of look-alikes first; one row a ticket,
    /// the tickets of a group together.
    fn placeholders(&self, insight: &Insight) -> Vec<Waiting> {
        let mut wanted: HashSet<TicketId> = HashSet::new();
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
            group.into_iter().map(move |id| Waiting {
                id,
                kind: QueueKind::Placeholder,
                reason: Reason::Lookalikes(size),
                score,
                proposed: None,
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
                reason: Reason::Told(reason.kind.name(), reason.args.clone()),
                score: suspect.score,
                proposed: None,
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
                reason: Reason::Told("filed_elsewhere", args),
                score: found.score,
                proposed: Some(found.proposed.clone()),
            }
        });
        found.collect()
    }

    /// Tickets on whose causes agents differ: who decided, then who holds what.
    fn disputed(&self) -> Result<Vec<Waiting>, DeskError> {
        let mut out = Vec::new();
        for id in self.confirmed(|entry| entry.disputed) {
            let Some(decision) = self.store.causes(id)? else {
                continue;
            };
            let causes = self.catalogue.cause_names(&decision.causes);
            let mut said = vec![decision.author.name, causes.join("；")];
            let votes = self.catalogue.vote_views(id)?;
            let differing = votes.iter().filter(|vote| vote.stance == "differ").count();
            // One more than voted decided.
            let score = differing as f32 / (votes.len() as f32 + 1.0);
            for vote in votes {
                said.extend([vote.author, vote.causes.join("；")]);
            }
            out.push(Waiting {
                id,
                kind: QueueKind::Disputed,
                reason: Reason::Told("agents_differ", said),
                score: 0.5 + score / 2.0,
                proposed: None,
            });
        }
        Ok(out)
    }

    /// What the agent decided, the newest first.
    fn mine(&self, who: &Actor) -> Result<Vec<Waiting>, DeskError> {
        let mut decided = Vec::new();
        for id in self.confirmed(|_| true) {
            let fold = self.store.causes(id)?;
            if let Some(fold) = fold.filter(|fold| fold.author.voter() == who.author.voter()) {
                decided.push((fold.at, id, self.catalogue.cause_names(&fold.causes)));
            }
        }
        decided.sort_by_key(|(at, id, _)| (std::cmp::Reverse(*at), *id));
        let rows = decided.into_iter().map(|(_, id, causes)| Waiting {
            id,
            kind: QueueKind::Mine,
            reason: Reason::Told("decided", causes),
            score: 1.0,
            proposed: None,
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
            Body::Ticket(ticket) => self.catalogue.ticket_row(doc, &ticket)?,
            Body::Article(_) => return Err(super::errors::unknown_id(waiting.id.as_str())),
        };
        let (reason_kind, reason_args) = match waiting.reason {
            Reason::Lookalikes(size) => ("lookalikes", vec![size.to_string()]),
            Reason::Told(kind, args) => (kind, args),
        };
        Ok(QueueRow {
            id: waiting.id,
            title: row.title,
            kind: waiting.kind,
            reason_kind: reason_kind.to_owned(),
            reason_args,
            score: waiting.score,
            product: row.product,
            issue_type: row.issue_type,
            revision: row.revision,
            causes: row.causes.into_iter().map(|tag| tag.name).collect(),
            proposed: waiting.proposed,
            held_by: held.get(&waiting.id).cloned(),
        })
    }
}

/// A ticket that waits, before its text is read.
struct Waiting {
    id: TicketId,
    kind: QueueKind,
    reason: Reason,
    score: f32,
    proposed: Option<Category>,
}

/// Why it waits; in numbers where there are as many as tickets.
enum Reason {
    Lookalikes(usize),
    Told(&'static str, Vec<String>),
}
