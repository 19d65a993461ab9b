//! What was decided on the queries asked last: a key asks for rows and counts, and agents ask the
//! same again; deciding how far a query has to be stretched is done once for all of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::find::ResolvedQuery;
use crate::model::TicketFilter;

/// Queries that are remembered.
const KEPT: usize = 128;

/// A resolved query, or the place where it is being made: who asks the same meanwhile waits.
type Slot = Arc<Mutex<Option<Arc<ResolvedQuery>>>>;

/// Resolved queries of one state of an index; a newer state forgets them.
#[derive(Default)]
pub struct QueryCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    generation: u64,
    /// The one asked for last comes last.
    slots: VecDeque<(String, TicketFilter, Slot)>,
}

impl QueryCache {
    /// A query resolved under a filter, by `decide` where nobody did before.
    pub fn get<E>(
        &self,
        generation: u64,
        query: &str,
        filter: &TicketFilter,
        decide: impl FnOnce() -> Result<ResolvedQuery, E>,
    ) -> Result<Arc<ResolvedQuery>, E> {
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

impl Kept {
    fn slot(&mut self, generation: u64, query: &str, filter: &TicketFilter) -> Slot {
        if generation < self.generation {
            // One who began before the last commit: theirs is not kept.
            return Slot::default();
        }
        if generation > self.generation {
            self.slots.clear();
            self.generation = generation;
        }
        let same = |(q, f, _): &(String, TicketFilter, Slot)| q == query && f == filter;
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

    fn decided(cache: &QueryCache, generation: u64, query: &str) -> bool {
        let mut decided = false;
        let resolved: Result<_, ()> =
            cache.get(generation, query, &TicketFilter::default(), || {
                decided = true;
                Ok(ResolvedQuery::default())
            });
        assert!(resolved.is_ok());
        decided
    }

    #[test]
    fn a_query_is_decided_on_once_until_the_index_changes() {
        let cache = QueryCache::default();
        assert!(decided(&cache, 1, "证书"));
        assert!(!decided(&cache, 1, "证书"));
        assert!(decided(&cache, 2, "证书"));
        // A search of the older state neither takes the newer one nor leaves its own.
        assert!(decided(&cache, 1, "证书"));
        assert!(!decided(&cache, 2, "证书"));
    }

    #[test]
    fn the_queries_asked_longest_ago_are_forgotten() {
        let cache = QueryCache::default();
        for n in 0..=KEPT {
            decided(&cache, 1, &n.to_string());
            decided(&cache, 1, "0");
        }
        assert!(!decided(&cache, 1, "0"));
        assert!(decided(&cache, 1, "1"));
    }
}
