//! The scores of all documents of a segment while clauses add to them.
//!
//! The memory is used again and again, and only what was touched is wiped: to get it from the
//! system costs as much as half of the reading.

use std::sync::{Mutex, PoisonError};

use tantivy::{DocId, Score};

/// Piles that are kept.
const KEPT: usize = 8;

/// Scores an accumulator that is kept holds at most.
const LARGEST: usize = 4 << 20;

static FREE: Mutex<Vec<ScoreAccumulator>> = Mutex::new(Vec::new());

/// The scores of all documents of a segment, at first nothing.
#[derive(Default)]
pub struct ScoreAccumulator {
    sums: Vec<Score>,
    /// Those that are more than nothing.
    touched: Vec<DocId>,
}

impl ScoreAccumulator {
    /// One for so many documents.
    pub fn of(documents: u32) -> Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut accumulator = free.pop().unwrap_or_default();
        drop(free);
        accumulator.sums.resize(documents as usize, 0.0);
        accumulator
    }

    /// Adds to the score of a document.
    pub fn add(&mut self, doc: DocId, score: Score) {
        if let Some(sum) = self.sums.get_mut(doc as usize)
            && score > 0.0
        {
            if *sum == 0.0 {
                self.touched.push(doc);
            }
            *sum += score;
        }
    }

    /// What a document scores.
    pub fn score(&self, doc: DocId) -> Score {
        self.sums.get(doc as usize).copied().unwrap_or(0.0)
    }

    /// The documents that score anything, in no order.
    pub fn touched(&self) -> &[DocId] {
        &self.touched
    }
}

impl Drop for ScoreAccumulator {
    fn drop(&mut self) {
        let Self { sums, touched } = self;
        for doc in touched.drain(..) {
            if let Some(sum) = sums.get_mut(doc as usize) {
                *sum = 0.0;
            }
        }
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT && sums.capacity() <= LARGEST {
            let (sums, touched) = (std::mem::take(sums), std::mem::take(touched));
            free.push(Self { sums, touched });
        }
    }
}
