//! What was decided on the queries asked last: a key asks for rows and counts, and agents ask the
//! same again; deciding how far a query has to be stretched is done once for all of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::TicketFilter;

/// Queries that are remembered.
const KEPT: usize = 128;

/// A resolved query, or the place where it is being made: who asks the same meanwhile waits.
type Slot<T> = Arc<Mutex<Option<Arc<T>>>>;

/// Resolved queries of one state of an index; a newer state forgets them.
pub struct QueryCache<T>(Mutex<Kept<T>>);

struct Kept<T> {
    generation: u64,
    /// The one asked for last comes last.
    slots: VecDeque<(String, TicketFilter, Slot<T>)>,
}

impl<T> Default for QueryCache<T> {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            generation: 0,
            slots: VecDeque::new(),
        }))
    }
}

impl<T> QueryCache<T> {
    /// A query resolved under a filter, by `decide` where nobody did before.
    pub fn get<E>(
        &self,
        generation: u64,
        query: &str,
        filter: &TicketFilter,
        decide: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let slot = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.slot(generation, query, filter)
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(resolved) = slot.as_ref() {
            return Ok(Arc::clone(resolved));
        }
        let resolved = Arc::new(decide()?);
        *slot = Some(Arc::clone(&resolved));
        Ok(resolved)
    }
}

impl<T> Kept<T> {
    fn slot(&mut self, generation: u64, query: &str, filter: &TicketFilter) -> Slot<T> {
        if generation < self.generation {
            // One who began before the last commit: theirs is not kept.
            return Slot::default();
        }
        if generation > self.generation {
            self.slots.clear();
            self.generation = generation;
        }
        let same = |(q, f, _): &(String, TicketFilter, Slot<T>)| q == query && f == filter;
        let known = self.slots.iter().position(same);
        let entry = known
            .and_then(|at| self.slots.remove(at))
            .unwrap_or_else(|| (query.to_owned(), filter.clone(), Slot::default()));
        let slot = Arc::clone(&entry.2);
        if self.slots.len() >= KEPT {
            self.slots.pop_front();
        }
        self.slots.push_back(entry);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(cache: &QueryCache<u32>, generation: u64, query: &str) -> bool {
        let mut decided = false;
        let resolved: Result<_, ()> =
            cache.get(generation, query, &TicketFilter::default(), || {
                decided = true;
                Ok(0)
            });
        assert!(resolved.is_ok());
        decided
    }

    #[test]
    fn a_query_is_decided_on_once_until_the_index_changes() {
        let cache = QueryCache::<u32>::default();
        assert!(decided(&cache, 1, "证书"));
        assert!(!decided(&cache, 1, "证书"));
        assert!(decided(&cache, 2, "证书"));
        // A search of the older state neither takes the newer one nor leaves its own.
        assert!(decided(&cache, 1, "证书"));
        assert!(!decided(&cache, 2, "证书"));
    }

    #[test]
    fn the_queries_asked_longest_ago_are_forgotten() {
        let cache = QueryCache::<u32>::default();
        for n in 0..=KEPT {
            decided(&cache, 1, &n.to_string());
            decided(&cache, 1, "0");
        }
        assert!(!decided(&cache, 1, "0"));
        assert!(decided(&cache, 1, "1"));
    }
}
