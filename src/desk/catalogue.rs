//! The store as it is browsed and found. Rows are made in [`super::rows`], queries are answered in
//! [`super::find`].

use std::sync::Arc;

use super::errors::{ambiguous, unknown_id};
use super::indexing::Indexing;
use super::insights::Insights;
use super::meaning::Meaning;
use crate::api::DeskError;
use crate::model::{DocNo, ReplyId, TicketId};
use crate::store::Store;
use crate::store::{Resolved, Uses};

/// What is in the store, as it is browsed and found: rows, ids, queries.
pub(super) struct Catalogue {
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) insights: Arc<Insights>,
    pub(super) meaning: Arc<Meaning>,
}

impl Catalogue {
    /// The shown ticket or article that the beginning of an id names.
    pub(super) fn resolve(&self, prefix: &str) -> Result<DocNo, DeskError> {
        let prefix = prefix.trim().trim_start_matches('#');
        match self.store.directory().resolve(prefix) {
            Resolved::One(doc) => Ok(doc),
            Resolved::Many(ids) => Err(ambiguous(prefix, &ids)),
            Resolved::None => Err(unknown_id(prefix)),
        }
    }

    /// The ticket that the beginning of an id names; an article is none.
    pub(super) fn resolve_ticket(&self, prefix: &str) -> Result<TicketId, DeskError> {
        let doc = self.resolve(prefix)?;
        let entry = self.store.directory().entry(doc);
        entry
            .filter(|entry| !entry.is_article)
            .map(|entry| entry.id)
            .ok_or_else(|| unknown_id(prefix))
    }

    /// How often each reply was copied.
    pub(super) fn uses(&self) -> Vec<(ReplyId, Uses)> {
        self.store.all_uses()
    }
}
