//! Memory for the scores of all documents of a segment, used again and again: what the system
//! gives back it has to wipe first, which costs as much as half of the reading.

use std::sync::{Mutex, PoisonError};

use tantivy::Score;

/// Piles that are kept.
const KEPT: usize = 8;

/// Scores a pile that is kept holds at most.
const LARGEST: usize = 4 << 20;

static FREE: Mutex<Vec<Vec<Score>>> = Mutex::new(Vec::new());

/// The scores of all documents of a segment, at first nothing.
pub struct Pile(pub Vec<Score>);

impl Pile {
    /// One for so many documents.
    pub fn of(documents: u32) -> Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scores = free.pop().unwrap_or_default();
        drop(free);
        scores.clear();
        scores.resize(documents as usize, 0.0);
        Self(scores)
    }
}

impl Drop for Pile {
    fn drop(&mut self) {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT && self.0.capacity() <= LARGEST {
            free.push(std::mem::take(&mut self.0));
        }
    }
}
