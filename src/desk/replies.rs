//! The service of standard replies: listing, changing, filling and counting them.

mod edit;
mod listing;

use std::sync::Arc;

use super::advice::Advice;
use super::catalogue::Catalogue;
use super::history::History;
use super::insights::Insights;
use super::writer::Writer;
use crate::store::Store;

/// Standard replies: finding, filling, changing and counting them.
pub(super) struct Replies {
    pub(super) store: Arc<Store>,
    pub(super) insights: Arc<Insights>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) history: Arc<History>,
    pub(super) writer: Arc<Writer>,
    pub(super) advice: Arc<Advice>,
}
