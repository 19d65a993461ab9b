//! What a query finds, and what of it went wrong.

use std::path::PathBuf;

use crate::model::{DocNo, MatchSection, QueryNote, Relaxed, SectionCount, Sequence};

use super::Kind;
use super::vectors::Aspect;

/// One hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The ticket or article.
    pub doc: DocNo,
    /// Ticket or article.
    pub kind: Kind,
    /// Of an article, which passage, from 1.
    pub passage: Option<u32>,
    /// Score; comparable only within one answer.
    pub score: f32,
    /// How the query was relaxed to find this hit; `None` = it matches as asked.
    pub relaxed: Option<Relaxed>,
    /// The section of a query's answer that it belongs to; `None` where a text's like is sought.
    pub section: Option<MatchSection>,
    /// What of the ticket is near; `None` where words found it.
    pub near: Option<Aspect>,
}

/// The hits of a query, best first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hits {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many there are in all: all that match as asked, which the category tree counts too, or,
    /// if there are none, all that match as [`Self::relaxed`] says. Rows that fill up a short
    /// answer say so themselves and are not among them.
    pub total: usize,
    /// Whether `total` is a lower bound.
    pub more: bool,
    /// How many each section has, of those that were looked for and have any: what matches in
    /// part is not counted where the rows that are wanted all match as asked.
    pub sections: Vec<SectionCount>,
    /// How the query was relaxed when nothing matched as asked; `None` = something did.
    pub relaxed: Option<Relaxed>,
    /// What of the query was not understood.
    pub notes: Vec<QueryNote>,
}

/// How an index that was opened stands to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It holds everything up to this sequence: put what came after.
    At(Sequence),
    /// It cannot be caught up: use [`super::Search::rebuild`]. What can be read of the old one
    /// goes on serving.
    Rebuild {
        /// Why.
        reason: RebuildReason,
    },
}

/// Why an index has to be built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebuildReason {
    /// There is none yet.
    Missing,
    /// Its files cannot be read.
    Damaged {
        /// What is wrong with them.
        detail: String,
    },
    /// It belongs to another store.
    OtherStore,
    /// Another version of the program made it.
    OtherVersion,
    /// Words or synonyms have changed since.
    OtherLexicon,
}

/// Why the index could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A directory or file of the index could not be used.
    #[error("the search index at {path} cannot be used")]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
    /// The index library failed.
    #[error("the search index failed while {doing}")]
    Index {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        #[source]
        source: tantivy::TantivyError,
    },
    /// A file of the index does not hold what was written.
    #[error("the file {path} of the search index is damaged")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Changes could not be committed; the index has to be built anew.
    #[error("the search index could not be committed: {detail}")]
    Commit {
        /// What went wrong, of the first failure.
        detail: String,
    },
    /// The thread that commits ended before its time.
    #[error("the search index takes no more changes")]
    Closed,
}
