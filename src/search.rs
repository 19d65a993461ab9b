//! Search: finds tickets and passages by Chinese, Latin or pinyin words, and tickets like a text.
//!
//! The index is derived from the store and can be thrown away at any time. It keeps no bodies:
//! a hit names a document by number, and whoever shows it reads the text from the store and asks
//! [`Search::marks`] or [`Search::snippet`] what to point out in it.

mod document;
mod hits;

use std::path::Path;

pub use document::{Document, Kind, Lexicon};
pub use hits::{Hit, Hits, RebuildReason, SearchError, Standing};

use crate::model::{DocNo, Sequence, TicketFilter, TreeNode};

/// The search index of one store: a cheap handle that threads share by cloning.
///
/// Changes are findable a moment after [`put`](Self::put), without a commit of the caller's;
/// [`commit`](Self::commit) says how far the index has come.
#[derive(Clone)]
pub struct Search {}

impl Search {
    /// Opens the index in a directory, or makes an empty one.
    ///
    /// Returns at once: the dictionary of words loads on a thread of its own. The index never
    /// fails for being damaged, old or another store's; [`Standing`] says so instead.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the directory cannot be made or written.
    pub fn open(
        dir: &Path,
        store_id: [u8; 16],
        lexicon: &Lexicon,
    ) -> Result<(Self, Standing), SearchError> {
        todo!()
    }

    /// Adds documents, or replaces those with the same numbers.
    ///
    /// Analysis is spread over the cores; the call returns when it is done. Few documents are
    /// findable within some 50 ms, many at the next [`Self::commit`] or within seconds.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written.
    pub fn put(&self, documents: &[Document]) -> Result<(), SearchError> {
        todo!()
    }

    /// Takes documents out.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written.
    pub fn remove(&self, docs: &[DocNo]) -> Result<(), SearchError> {
        todo!()
    }

    /// Says that everything up to a sequence of the store has been put, and commits it soon on
    /// the index's own thread. Call it only after the store itself has been flushed.
    ///
    /// # Errors
    /// [`SearchError::Closed`] when the index takes no more changes.
    pub fn commit(&self, sequence: Sequence) -> Result<(), SearchError> {
        todo!()
    }

    /// Waits until everything put, removed and committed before is on disk and findable.
    ///
    /// # Errors
    /// [`SearchError`] when it cannot be written.
    pub fn flush(&self) -> Result<(), SearchError> {
        todo!()
    }

    /// Begins a new index beside this one, which goes on serving and taking changes until
    /// [`Rebuilder::finish`].
    ///
    /// # Errors
    /// [`SearchError`] when the directory cannot be written.
    pub fn rebuild(&self, lexicon: &Lexicon) -> Result<Rebuilder, SearchError> {
        todo!()
    }

    /// The sequence up to which the index on disk holds everything.
    pub fn sequence(&self) -> Sequence {
        todo!()
    }

    /// How many tickets and articles the index holds.
    pub fn documents(&self) -> usize {
        todo!()
    }

    /// Bytes of the index on disk.
    pub fn size_on_disk(&self) -> u64 {
        todo!()
    }

    /// The best hits of a query in the query language. A malformed query degrades to words and
    /// says so in [`Hits::notes`]; an empty one finds nothing.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn find(
        &self,
        query: &str,
        filter: &TicketFilter,
        limit: usize,
    ) -> Result<Hits, SearchError> {
        todo!()
    }

    /// The category tree over a query's hits: product areas by count, each before its types.
    /// The filter's category is not applied. Passages of articles are not counted.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn counts(&self, query: &str, filter: &TicketFilter) -> Result<Vec<TreeNode>, SearchError> {
        todo!()
    }

    /// All documents that a query matches as asked, by number; of articles once each.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn matching(&self, query: &str, filter: &TicketFilter) -> Result<Vec<DocNo>, SearchError> {
        todo!()
    }

    /// Tickets and passages like a text, such as a customer's message or a whole ticket.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn similar(
        &self,
        text: &str,
        exclude: Option<DocNo>,
        limit: usize,
    ) -> Result<Hits, SearchError> {
        todo!()
    }

    /// What a query matched in a text: ascending, merged ranges in characters, end exclusive.
    pub fn marks(&self, query: &str, text: &str) -> Vec<(usize, usize)> {
        todo!()
    }

    /// The best passage of some texts on one line of about `width` characters, with the ranges
    /// in it that the query matched. Without a match it is the beginning of the first text.
    pub fn snippet(
        &self,
        query: &str,
        texts: &[&str],
        width: usize,
    ) -> (String, Vec<(usize, usize)>) {
        todo!()
    }

    /// A text's words as the index cuts them: folded, in order, without punctuation.
    pub fn segment(&self, text: &str) -> Vec<String> {
        todo!()
    }
}

/// A new index being built beside the serving one. Dropped unfinished, it leaves nothing.
pub struct Rebuilder {}

impl Rebuilder {
    /// Adds documents.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written.
    pub fn put(&mut self, documents: &[Document]) -> Result<(), SearchError> {
        todo!()
    }

    /// Commits the new index as holding everything up to a sequence, puts it in the place of the
    /// old one and deletes that. What was put into [`Search`] meanwhile is applied to both.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written; the old one goes on serving.
    pub fn finish(self, sequence: Sequence) -> Result<(), SearchError> {
        todo!()
    }
}
