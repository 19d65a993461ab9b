//! What a query asks of the index: clauses, the documents they match, and what these score.
//!
//! The library walks document by document through queries made of queries. Of a common word that
//! is a call for each of hundreds of thousands of documents. Here a list is read block by block
//! into bits, sets are intersected sixty-four documents at a time, and only what may be shown is
//! scored.

mod accumulator;
mod docs;
mod matching;
mod reader;
mod said;
mod scoring;

use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::query::{Bm25Weight, BoostQuery, Query};
use tantivy::schema::Field;

pub use docs::Docs;
pub use matching::{Sets, matching};
pub use said::{K1, PartScore, PartsScore, Said, each_said, rescore};
pub use scoring::{Scored, best, by_score, ranked};

/// A term of a field, looked up in every segment.
#[derive(Clone)]
pub struct Known {
    /// The field.
    pub field: Field,
    /// Where its list is, by segment.
    infos: Vec<Option<TermInfo>>,
    /// Documents with it, deleted ones included until they are merged away.
    pub frequency: u64,
    /// How telling it is by the share of the documents that have it (BM25's).
    pub rarity: f32,
    /// What it scores.
    bm25: Bm25Weight,
}

impl Known {
    /// A term by where its lists are.
    pub fn new(field: Field, infos: Vec<Option<TermInfo>>, documents: u64, average: f32) -> Self {
        let lists = infos.iter().flatten();
        let frequency: u64 = lists.map(|info| u64::from(info.doc_freq)).sum();
        let (all, having) = (documents as f32, frequency as f32);
        Self {
            field,
            infos,
            frequency,
            rarity: (1.0 + (all - having + 0.5).max(0.0) / (having + 0.5)).ln(),
            bm25: Bm25Weight::for_one_term_without_explain(frequency, documents, average),
        }
    }

    fn info(&self, segment: usize) -> Option<&TermInfo> {
        self.infos.get(segment)?.as_ref()
    }

    /// Documents of a segment that have it.
    fn here(&self, segment: usize) -> u32 {
        self.info(segment).map_or(0, |info| info.doc_freq)
    }
}

/// Neighbouring positions of a field, each with one of some terms.
pub struct Stretch {
    /// Positions from the first, with what may stand there.
    pub slots: Vec<(u32, Vec<Arc<Known>>)>,
}

/// A part of a query.
#[derive(Clone)]
pub enum Clause {
    /// A term with its weight.
    Term(Arc<Known>, f32),
    /// Neighbouring terms with their weight.
    Stretch(Arc<Stretch>, f32),
    /// A query of the library, and its weight.
    Library(Arc<dyn Query>, f32),
    /// All of some parts.
    All(Vec<Clause>),
    /// At least one of some parts.
    Any(Vec<Clause>),
    /// A part of which all that matches scores alike.
    Alike(Box<Clause>, f32),
    /// All documents that a part does not match. Scores nothing.
    Not(Box<Clause>),
    /// A part whose documents are known already.
    Found(Box<Clause>, Arc<Sets>),
}

impl Clause {
    /// The same with another weight.
    pub fn boosted(self, by: f32) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| part.boosted(by)).collect();
        match self {
            Self::Term(term, weight) => Self::Term(term, weight * by),
            Self::Stretch(stretch, weight) => Self::Stretch(stretch, weight * by),
            Self::Library(query, weight) => Self::Library(query, weight * by),
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::Alike(part, score) => Self::Alike(part, score * by),
            Self::Found(part, sets) => Self::Found(Box::new(part.boosted(by)), sets),
            Self::Not(_) => self,
        }
    }

    /// The same where it only decides what matches.
    pub fn scoreless(self) -> Self {
        Self::Alike(Box::new(self), 0.0)
    }

    /// All of some parts; `None` for none.
    pub fn every(mut parts: Vec<Self>) -> Option<Self> {
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Self::All(parts)),
        }
    }

    /// Any of some parts; `None` for none.
    pub fn any(mut parts: Vec<Self>) -> Option<Self> {
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Self::Any(parts)),
        }
    }
}

/// The library's query with a weight.
fn weighted(query: &dyn Query, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query.box_clone(), weight))
}
