//! The services of a desk, and what each is made of.
//!
//! Each holds only the parts and the services that it needs; [`super::local`] says which answers
//! what. Every change goes through the one [`Writer`].

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use super::advice::Advice;
use super::annotate::Annotations;
use super::catalogue::Catalogue;
use super::conflicts::Conflicts;
use super::curation::Curation;
use super::details::Details;
use super::export::Exports;
use super::figures::Figures;
use super::history::History;
use super::import::Imports;
use super::indexing::Indexing;
use super::insights::Insights;
use super::jobs::Jobs;
use super::meaning::Meaning;
use super::presence::Presence;
use super::queues::Queues;
use super::reloads::Reloads;
use super::replies::Replies;
use super::views::Views;
use super::writer::Writer;
use crate::api::{DeskError, Fanout};
use crate::store::Store;

/// The file in the data directory that holds what the last run found.
const INSIGHT: &str = "insight.bin";

/// What all sessions of a desk share.
pub(super) struct Services {
    pub(super) store: Arc<Store>,
    pub(super) insights: Arc<Insights>,
    pub(super) meaning: Arc<Meaning>,
    pub(super) pushes: Arc<Fanout>,
    pub(super) presence: Arc<Presence>,
    jobs: Arc<Jobs>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) history: Arc<History>,
    pub(super) details: Arc<Details>,
    pub(super) conflicts: Arc<Conflicts>,
    pub(super) writer: Arc<Writer>,
    pub(super) annotations: Arc<Annotations>,
    pub(super) curation: Arc<Curation>,
    pub(super) views: Arc<Views>,
    pub(super) advice: Arc<Advice>,
    pub(super) replies: Arc<Replies>,
    pub(super) queues: Arc<Queues>,
    pub(super) figures: Arc<Figures>,
    pub(super) exports: Arc<Exports>,
    pub(super) imports: Arc<Imports>,
}

impl Services {
    /// Opens the store and the index of a data directory, or makes them.
    pub(super) fn open(dir: &Path) -> Result<Self, DeskError> {
        let store = Arc::new(Store::open(dir)?);
        let pushes = Arc::new(Fanout::default());
        let indexing = Indexing::open(&dir.join("index"), Arc::clone(&store), Arc::clone(&pushes))?;
        let insights = Insights::new(
            dir.join(INSIGHT),
            Arc::clone(&store),
            indexing.search.clone(),
            Arc::clone(&pushes),
        );
        let meaning = Meaning::open(dir, Arc::clone(&store), Arc::clone(&pushes));
        let meaning = Arc::new(meaning);
        let (indexing, insights) = (Arc::new(indexing), Arc::new(insights));
        let jobs = Arc::new(Jobs::default());
        let catalogue = Arc::new(Catalogue {
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            insights: Arc::clone(&insights),
            meaning: Arc::clone(&meaning),
        });
        let history = Arc::new(History {
            store: Arc::clone(&store),
            insights: Arc::clone(&insights),
            jobs: Arc::clone(&jobs),
            catalogue: Arc::clone(&catalogue),
        });
        let details = Arc::new(Details {
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            insights: Arc::clone(&insights),
            catalogue: Arc::clone(&catalogue),
            history: Arc::clone(&history),
        });
        let conflicts = Arc::new(Conflicts {
            store: Arc::clone(&store),
            catalogue: Arc::clone(&catalogue),
            history: Arc::clone(&history),
        });
        let writer = Arc::new(Writer {
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            insights: Arc::clone(&insights),
            meaning: Arc::clone(&meaning),
            pushes: Arc::clone(&pushes),
            reloads: Reloads::new(Arc::clone(&pushes)),
            conflicts: Arc::clone(&conflicts),
            history: Arc::clone(&history),
            lock: Mutex::new(()),
        });
        let annotations = Arc::new(Annotations {
            store: Arc::clone(&store),
            catalogue: Arc::clone(&catalogue),
            conflicts: Arc::clone(&conflicts),
            writer: Arc::clone(&writer),
        });
        let curation = Arc::new(Curation {
            store: Arc::clone(&store),
            writer: Arc::clone(&writer),
        });
        let views = Arc::new(Views {
            store: Arc::clone(&store),
            writer: Arc::clone(&writer),
        });
        let advice = Arc::new(Advice {
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            insights: Arc::clone(&insights),
            catalogue: Arc::clone(&catalogue),
        });
        let replies = Arc::new(Replies {
            store: Arc::clone(&store),
            insights: Arc::clone(&insights),
            catalogue: Arc::clone(&catalogue),
            history: Arc::clone(&history),
            writer: Arc::clone(&writer),
            advice: Arc::clone(&advice),
        });
        let queues = Arc::new(Queues {
            store: Arc::clone(&store),
            insights: Arc::clone(&insights),
            catalogue: Arc::clone(&catalogue),
        });
        let figures = Arc::new(Figures {
            dir: dir.to_owned(),
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            insights: Arc::clone(&insights),
            catalogue: Arc::clone(&catalogue),
        });
        let exports = Arc::new(Exports {
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            jobs: Arc::clone(&jobs),
            catalogue: Arc::clone(&catalogue),
        });
        let imports = Arc::new(Imports {
            store: Arc::clone(&store),
            indexing: Arc::clone(&indexing),
            insights: Arc::clone(&insights),
            pushes: Arc::clone(&pushes),
            jobs: Arc::clone(&jobs),
            importing: AtomicBool::new(false),
            writer: Arc::clone(&writer),
        });
        Ok(Self {
            presence: Presence::new(Arc::clone(&pushes)),
            store,
            insights,
            meaning,
            pushes,
            jobs,
            catalogue,
            history,
            details,
            conflicts,
            writer,
            annotations,
            curation,
            views,
            advice,
            replies,
            queues,
            figures,
            exports,
            imports,
        })
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.jobs.cancel_all();
    }
}
