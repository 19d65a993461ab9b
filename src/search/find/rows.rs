//! The rows of an answer, step by step of how far a query is stretched.

use std::collections::HashSet;

use tantivy::DocAddress;

use crate::model::{MatchSection, Relaxed};
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
    /// How many of them match as asked.
    asked: usize,
    seen: HashSet<DocAddress>,
}

impl Rows {
    /// No rows yet.
    pub fn new(limit: usize, dropped: Vec<String>) -> Self {
        Self {
            limit,
            dropped,
            hits: Vec::new(),
            asked: 0,
            seen: HashSet::new(),
        }
    }

    /// Whether there are as many as are wanted.
    pub fn filled(&self) -> bool {
        self.hits.len() >= self.limit
    }

    /// Hits that match as asked.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Hits that match in part or spelled otherwise.
    pub fn relaxed(&self) -> usize {
        self.hits.len() - self.asked
    }

    /// All hits, section by section.
    pub fn in_sections(mut self) -> Vec<Hit> {
        self.hits.sort_by_key(|hit| hit.section);
        self.hits.truncate(self.limit);
        self.hits
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

    /// Adds one that is not there yet. Those that match as asked find room in the place of others.
    pub fn push(&mut self, found: Found, relaxed: Option<Relaxed>) {
        let room = !self.filled() || (relaxed.is_none() && self.asked < self.limit);
        if room && self.seen.insert(found.address) {
            let mut hit = found.hit;
            hit.relaxed = self.also_dropped(relaxed);
            hit.section = Some(match hit.relaxed {
                None => MatchSection::All,
                Some(_) => MatchSection::Part,
            });
            self.asked += usize::from(hit.relaxed.is_none());
            self.hits.push(hit);
        }
    }
}
