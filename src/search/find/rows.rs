//! The rows of an answer, step by step of how far a query is stretched.

use std::collections::HashSet;

use tantivy::DocAddress;

use super::ENOUGH;
use crate::model::Relaxed;
use crate::search::Hit;
use crate::search::collect::Found;

/// Hits of several steps, each entry once.
pub struct Rows {
    /// Rows that are wanted.
    pub limit: usize,
    /// What of the query no row answers.
    dropped: Vec<String>,
    /// Those there are.
    pub hits: Vec<Hit>,
    seen: HashSet<DocAddress>,
}

impl Rows {
    /// No rows yet.
    pub fn new(limit: usize, dropped: Vec<String>) -> Self {
        Self {
            limit,
            dropped,
            hits: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Whether there are enough for no further step to be tried.
    pub fn full(&self) -> bool {
        self.hits.len() >= self.limit.min(ENOUGH)
    }

    /// Hits that match as asked.
    pub fn asked(&self) -> usize {
        self.hits.iter().filter(|hit| hit.relaxed.is_none()).count()
    }

    fn also_dropped(&self, relaxed: Option<Relaxed>) -> Option<Relaxed> {
        if self.dropped.is_empty() {
            return relaxed;
        }
        let mut relaxed = relaxed.unwrap_or_else(|| Relaxed {
            kind: "dropped".to_owned(),
            dropped: Vec::new(),
        });
        relaxed.dropped.retain(|word| !self.dropped.contains(word));
        relaxed.dropped.splice(0..0, self.dropped.iter().cloned());
        Some(relaxed)
    }

    /// Adds one that is not there yet, while there is room.
    pub fn push(&mut self, found: Found, relaxed: Option<Relaxed>) {
        if self.hits.len() < self.limit && self.seen.insert(found.address) {
            let mut hit = found.hit;
            hit.relaxed = self.also_dropped(relaxed);
            self.hits.push(hit);
        }
    }
}
