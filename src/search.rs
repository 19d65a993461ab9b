//! Search: finds tickets and passages by Chinese, Latin or pinyin words, and tickets like a text.
//!
//! The index is derived from the store and can be thrown away at any time. It keeps no bodies:
//! a hit names a document by number, and whoever shows it reads the text from the store and asks
//! a [`Highlighter`] what to point out in it.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! analysis document query query_cache ranking spare vectors
//! highlight hits index meaning parallel
//! bare clause
//! collect plan
//! find
//! engine similar
//! ```

mod analysis;
#[doc(hidden)]
pub mod bare;
mod clause;
mod collect;
mod document;
mod engine;
mod find;
mod highlight;
mod hits;
mod index;
mod meaning;
mod parallel;
mod plan;
mod query;
mod query_cache;
mod ranking;
mod similar;
pub mod spare;
#[cfg(test)]
mod tests;
mod vectors;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use analysis::Dictionary;
pub use document::{Document, Kind, Lexicon};
pub use hits::{Hit, Hits, RebuildReason, SearchError, Standing};
pub use meaning::Near;
pub use query::nothing_asked;
pub use similar::Answered;
pub use vectors::{Aspect, Vector, VectorKey, Vectors};

use crate::model::{DocNo, Sequence, TicketFilter, TreeNode};
use engine::{Edition, Engine, Rebuild};
use find::Finder;
use highlight::Marker;
use ranking::Weights;
use tantivy::Searcher;

/// The search index of one store: a cheap handle that threads share by cloning.
///
/// Changes are findable a moment after [`put`](Self::put), without a commit of the caller's;
/// [`commit`](Self::commit) says how far the index has come.
#[derive(Clone)]
pub struct Search {
    engine: Arc<Engine>,
    weights: Arc<Weights>,
}

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
        let (engine, standing) = Engine::open(dir, store_id, lexicon)?;
        let search = Self {
            engine: Arc::new(engine),
            weights: Arc::default(),
        };
        Ok((search, standing))
    }

    /// Adds documents, or replaces those with the same numbers.
    ///
    /// The call returns when they wait for the threads of the index, which analyse and write them.
    /// Few documents are findable within some 50 ms, many at the next [`Self::commit`] or within
    /// seconds.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written.
    pub fn put(&self, documents: Vec<Document>) -> Result<(), SearchError> {
        self.engine.put(&shared(documents))
    }

    /// Takes documents out.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written.
    pub fn remove(&self, docs: &[DocNo]) -> Result<(), SearchError> {
        self.engine.remove(docs)
    }

    /// Says that everything up to a sequence of the store has been put, and commits it soon on
    /// the index's own thread. Call it only after the store itself has been flushed.
    ///
    /// # Errors
    /// [`SearchError::Closed`] when the index takes no more changes.
    pub fn commit(&self, sequence: Sequence) -> Result<(), SearchError> {
        self.engine.commit(sequence)
    }

    /// Waits until everything put, removed and committed before is on disk and findable.
    ///
    /// # Errors
    /// [`SearchError`] when it cannot be written.
    pub fn flush(&self) -> Result<(), SearchError> {
        self.engine.flush()
    }

    /// The dictionary of words, which loads on a thread of its own. Before it is there queries are
    /// answered all the same, with Chinese cut into pairs of characters.
    pub fn dictionary(&self) -> Dictionary {
        self.engine.serving().analyser.dictionary()
    }

    /// Merges what an import left behind into one or two parts, which makes questions cheaper.
    ///
    /// Returns at once; the work is done on a thread, which the last handle waits for.
    pub fn settle(&self) {
        self.engine.settle();
    }

    /// Begins a new index beside this one, which goes on serving and taking changes until
    /// [`Rebuilder::finish`].
    ///
    /// # Errors
    /// [`SearchError`] when the directory cannot be written.
    pub fn rebuild(&self, lexicon: &Lexicon) -> Result<Rebuilder, SearchError> {
        let rebuild = self.engine.rebuild(lexicon)?;
        Ok(Rebuilder { rebuild })
    }

    /// The sequence up to which the index on disk holds everything.
    pub fn sequence(&self) -> Sequence {
        self.engine.serving().index.payload().sequence
    }

    /// How many tickets and articles the index holds.
    pub fn documents(&self) -> usize {
        self.engine.serving().index.documents().unwrap_or(0)
    }

    /// Bytes of the index on disk.
    pub fn size_on_disk(&self) -> u64 {
        index::size(self.engine.serving().index.dir())
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
        self.with(|finder| finder.find(query, filter, limit))
    }

    /// The best hits of a query by its words and by what it means.
    ///
    /// A query with typed operators is answered by its words alone: they say what must stand in a
    /// ticket.
    ///
    /// # Errors
    /// [`SearchError`] when the index or the vectors cannot be read.
    pub fn find_near(
        &self,
        query: &str,
        filter: &TicketFilter,
        limit: usize,
        near: &Near<'_>,
    ) -> Result<Hits, SearchError> {
        if query::is_strict(query) {
            return self.find(query, filter, limit);
        }
        let retrieved = limit.max(self.weights.budget.rescored);
        let found = self.find(query, filter, retrieved)?;
        meaning::fuse(found, near, &self.weights.meaning, limit)
    }

    /// The category tree over a query's hits: product areas by count, each before its types.
    /// The filter's category is not applied. Passages of articles are not counted.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn counts(&self, query: &str, filter: &TicketFilter) -> Result<Vec<TreeNode>, SearchError> {
        self.with(|finder| finder.counts(query, filter))
    }

    /// All documents that a query matches as asked, by number; of articles once each.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn matching(&self, query: &str, filter: &TicketFilter) -> Result<Vec<DocNo>, SearchError> {
        self.with(|finder| finder.matching(query, filter))
    }

    /// Tickets and passages like a text, such as a customer's message or a whole ticket.
    ///
    /// Tickets that ask the same lead to others that were given the same answer: `answered` tells
    /// what that was of the few best ones, because the index keeps no bodies.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn similar(
        &self,
        text: &str,
        answered: Answered<'_>,
        exclude: Option<DocNo>,
        limit: usize,
    ) -> Result<Hits, SearchError> {
        self.with(|finder| similar::similar(finder, text, answered, exclude, limit, None))
    }

    /// Tickets and passages like a text by its words and by what it means.
    ///
    /// # Errors
    /// [`SearchError`] when the index or the vectors cannot be read.
    pub fn similar_near(
        &self,
        text: &str,
        answered: Answered<'_>,
        exclude: Option<DocNo>,
        limit: usize,
        near: &Near<'_>,
    ) -> Result<Hits, SearchError> {
        self.with(|finder| similar::similar(finder, text, answered, exclude, limit, Some(near)))
    }

    /// Passages of articles like a text, whatever tickets are.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn passages_like(&self, text: &str, limit: usize) -> Result<Hits, SearchError> {
        self.with(|finder| similar::passages(finder, text, limit))
    }

    /// What a query looks for in the texts of its rows; made once an answer.
    pub fn highlighter(&self, query: &str) -> Highlighter {
        Highlighter(Marker::new(query, &self.engine.serving().analyser))
    }

    /// What texts like another have of it; made once an answer.
    pub fn likeness(&self, text: &str) -> Highlighter {
        Highlighter(Marker::like(text, &self.engine.serving().analyser))
    }

    /// A text's words as the index cuts them: folded, in order, without punctuation.
    pub fn segment(&self, text: &str) -> Vec<String> {
        let edition = self.engine.serving();
        edition.analyser.wait();
        let words = edition.analyser.words(text);
        words.into_iter().map(|word| word.text).collect()
    }

    /// The files of the index whose content is not what was written; reads all of them.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be read.
    pub fn damaged(&self) -> Result<Vec<PathBuf>, SearchError> {
        self.engine.serving().index.damaged()
    }

    fn with<T>(
        &self,
        ask: impl FnOnce(&Finder<'_>) -> tantivy::Result<T>,
    ) -> Result<T, SearchError> {
        let edition: Arc<Edition> = self.engine.serving();
        let searcher: Searcher = edition.index.searcher();
        let finder = Finder {
            searcher: &searcher,
            fields: edition.index.fields(),
            analyser: &edition.analyser,
            cache: &edition.cache,
            weights: &self.weights,
            categories: &edition.categories,
            passages: &edition.passages,
        };
        ask(&finder).map_err(index::failed("being searched"))
    }
}

/// Documents that several indexes, or several entries of one, are made of.
fn shared(documents: Vec<Document>) -> Vec<Arc<Document>> {
    documents.into_iter().map(Arc::new).collect()
}

/// Does some work on the threads that search by: they live as long as the process, and what a
/// thread has to be given first costs more than what most answers do.
///
/// # Errors
/// [`SearchError`] when a thread is lost.
pub fn spread<A: Send, T: Send>(
    parts: impl Iterator<Item = A>,
    work: impl Fn(A) -> T + Sync,
) -> Result<Vec<T>, SearchError> {
    let done = parallel::pool().map(|part| Ok(work(part)), parts);
    done.map_err(index::failed("spreading work"))
}

/// What was asked for, to be pointed out in texts.
pub struct Highlighter(Marker);

impl Highlighter {
    /// What matched in a text: ascending, merged ranges in characters, end exclusive.
    pub fn marks(&self, text: &str) -> Vec<(usize, usize)> {
        self.0.marks(text)
    }

    /// The best passage of some texts on one line of about `width` characters, with the ranges
    /// in it that matched. Without a match it is the beginning of the first text. Of long texts
    /// the first thousands of characters are looked at.
    pub fn snippet(&self, texts: &[&str], width: usize) -> (String, Vec<(usize, usize)>) {
        self.0.snippet(texts, width)
    }
}

/// A new index being built beside the serving one. Dropped unfinished, it leaves nothing.
pub struct Rebuilder {
    rebuild: Rebuild,
}

impl Rebuilder {
    /// Adds documents.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written.
    pub fn put(&mut self, documents: Vec<Document>) -> Result<(), SearchError> {
        self.rebuild.put(&shared(documents))
    }

    /// Commits the new index as holding everything up to a sequence, puts it in the place of the
    /// old one and deletes that. What was put into [`Search`] meanwhile is applied to both.
    ///
    /// # Errors
    /// [`SearchError`] when the index cannot be written; the old one goes on serving.
    pub fn finish(self, sequence: Sequence) -> Result<(), SearchError> {
        self.rebuild.finish(sequence)
    }
}
