//! Figures over the whole store, and checking store and index against each other.

mod whole;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::actor::Actor;
use super::catalogue::Catalogue;
use super::indexing::Indexing;
use super::insights::Insights;
use super::sample;
use crate::api::Status;
use crate::api::{CauseCount, DeskError, Health, Stats};
use crate::model::{CauseState, DocNo, Op, TicketFilter, is_placeholder};
use crate::store::Body;
use crate::store::Store;

/// Bodies and records read at once.
const BATCH: usize = 512;

/// Figures over the whole store, and its state.
pub(super) struct Figures {
    pub(super) dir: PathBuf,
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) insights: Arc<Insights>,
    pub(super) catalogue: Arc<Catalogue>,
}

impl Figures {
    pub(super) fn status(&self, who: &Actor) -> Status {
        let directory = self.store.directory();
        let datasets = directory.datasets();
        let behind = self.indexing.behind();
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: self.dir.display().to_string(),
            sequence: self.store.applied(),
            tickets: directory.count(&TicketFilter::default()),
            articles: directory.article_count(),
            datasets: datasets.len(),
            sample: datasets
                .iter()
                .any(|dataset| dataset.name == sample::DATASET),
            indexing: behind.map(|behind| behind.percent),
            index_work: behind.map(|behind| behind.work),
            agent: who.author.name.clone(),
            clients: 1,
        }
    }

    pub(super) fn stats(&self) -> Result<Stats, DeskError> {
        let everything = TicketFilter::default();
        let directory = self.store.directory();
        let tickets = directory.count(&everything);
        let articles = directory.article_count();
        let categories = directory.tree(&everything);
        let cause_states = CauseState::ALL
            .iter()
            .map(|state| {
                let filter = TicketFilter {
                    cause_state: Some(*state),
                    ..TicketFilter::default()
                };
                (state.name().to_owned(), directory.count(&filter))
            })
            .collect();
        let article_docs: Vec<DocNo> = directory.articles().collect();
        drop(directory);
        let (causes_given, causes_now) = self.cause_figures()?;
        let (by_day, by_agent, copies) = self.work_figures()?;
        let index_bytes = self.indexing.search.size_on_disk();
        Ok(Stats {
            tickets,
            articles,
            passages: self.passages(&article_docs)?,
            categories,
            cause_states,
            causes_given,
            causes_now,
            by_day,
            by_agent,
            copies,
            replies: self.replies_by_use(),
            coverage: self.coverage()?,
            agreement: self.agreement_rows()?,
            disputed: self.disputed_count(),
            causes_by_product: self.causes_by_product(),
            store_bytes: self.store.size_on_disk(),
            index_bytes,
        })
    }

    fn passages(&self, docs: &[DocNo]) -> Result<usize, DeskError> {
        let bodies = self.store.bodies(docs)?;
        let passages = bodies.iter().map(|body| match body {
            Body::Article(article) => article.passages.len(),
            Body::Ticket(_) => 0,
        });
        Ok(passages.sum())
    }

    /// Causes by ticket, before and after annotation.
    fn cause_figures(&self) -> Result<(Vec<CauseCount>, Vec<CauseCount>), DeskError> {
        let vocabulary = self.store.vocabulary();
        let mut given: HashMap<String, usize> = HashMap::new();
        let docs: Vec<DocNo> = self
            .store
            .directory()
            .list(&TicketFilter::default())
            .collect();
        for batch in docs.chunks(BATCH) {
            for body in self.store.bodies(batch)? {
                if let Body::Ticket(ticket) = body {
                    for cause in ticket
                        .causes
                        .into_iter()
                        .filter(|name| !is_placeholder(name))
                    {
                        *given.entry(cause).or_default() += 1;
                    }
                }
            }
        }
        let counts = self.store.directory().cause_counts();
        let now = counts.iter().filter_map(|(id, count)| {
            let name = vocabulary.get(*id)?.name.clone();
            Some((name, count.given + count.confirmed))
        });
        Ok((sorted(given), sorted(now.filter(|(_, n)| *n > 0))))
    }

    /// Annotations by day and agent, and copies.
    #[expect(
        clippy::type_complexity,
        reason = "three lists that one pass over the log makes"
    )]
    fn work_figures(
        &self,
    ) -> Result<(Vec<(String, usize)>, Vec<(String, usize)>, usize), DeskError> {
        let (mut days, mut agents, mut copies) = (BTreeMap::new(), HashMap::new(), 0);
        let mut before = None;
        loop {
            let logged = self.store.log(before, BATCH)?;
            let Some(last) = logged.last() else { break };
            before = Some(last.sequence);
            for record in logged.iter().map(|logged| &logged.record) {
                match &record.op {
                    Op::Causes { .. } | Op::Category { .. } if record.undoes.is_none() => {
                        let day = record.at.strftime("%Y-%m-%d").to_string();
                        *days.entry(day).or_insert(0) += 1;
                        *agents.entry(record.author.name.clone()).or_insert(0) += 1;
                    }
                    Op::Use { count, .. } => copies += *count as usize,
                    _ => {}
                }
            }
        }
        let mut agents: Vec<(String, usize)> = agents.into_iter().collect();
        agents.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok((days.into_iter().collect(), agents, copies))
    }

    pub(super) fn check(&self) -> Result<Health, DeskError> {
        let directory = self.store.directory();
        let docs: Vec<DocNo> = directory.docs().collect();
        drop(directory);
        let mut unreadable = Vec::new();
        for doc in &docs {
            if self.store.body(*doc).is_err() {
                let id = self
                    .store
                    .directory()
                    .entry(*doc)
                    .map(|entry| entry.id.to_string());
                unreadable.extend(id);
            }
        }
        Ok(Health {
            store_documents: docs.len(),
            index_documents: self.indexing.search.documents(),
            unreadable,
            store_sequence: self.store.applied(),
            index_sequence: self.indexing.search.sequence(),
            conflicts: self.store.conflicts()?.len(),
        })
    }
}

/// Counts, most first, then by name.
fn sorted(counts: impl IntoIterator<Item = (String, usize)>) -> Vec<CauseCount> {
    let mut counts: Vec<CauseCount> = counts
        .into_iter()
        .map(|(cause, tickets)| CauseCount { cause, tickets })
        .collect();
    counts.sort_by(|a, b| {
        b.tickets
            .cmp(&a.tickets)
            .then_with(|| a.cause.cmp(&b.cause))
    });
    counts
}
