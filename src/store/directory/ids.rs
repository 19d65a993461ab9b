//! Finding numbers by id and by the beginning of an id.
//!
//! Ids are hashes, evenly spread: their first bits choose a bucket of a handful of numbers. What
//! came since the buckets were made lies in a small sorted map beside them.

use std::collections::BTreeMap;

/// Bits of an id.
const ID_BITS: u32 = 50;

/// Ids of a bucket on average.
const BUCKET: usize = 8;

/// New ids below which the buckets are not made anew.
const FRESH: usize = 4096;

/// Buckets of numbers, and the newest ids.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Where each bucket begins in `docs`; one more than there are buckets.
    starts: Vec<u32>,
    docs: Vec<u32>,
    bits: u32,
    fresh: BTreeMap<u64, u32>,
}

impl Ids {
    /// Takes note of the id of a new number.
    pub(super) fn add(&mut self, id: u64, doc: u32, all: &[u64]) {
        self.fresh.insert(id, doc);
        if self.fresh.len() > FRESH.max(self.docs.len() / 8) {
            self.build(all);
        }
    }

    /// Makes the buckets for all ids, by number.
    pub(super) fn build(&mut self, all: &[u64]) {
        self.fresh.clear();
        self.bits = (all.len() / BUCKET).max(1).ilog2().min(20);
        let shift = ID_BITS - self.bits;
        let mut starts = vec![0u32; (1 << self.bits) + 1];
        for id in all {
            starts[(id >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        self.docs = vec![0; all.len()];
        for (doc, id) in (0u32..).zip(all) {
            let slot = &mut next[(id >> shift) as usize];
            self.docs[*slot as usize] = doc;
            *slot += 1;
        }
        self.starts = starts;
    }

    /// The number of an id.
    pub(super) fn find(&self, id: u64, all: &[u64]) -> Option<u32> {
        self.between(id, id, all).next()
    }

    /// The numbers of the ids from `low` to `high`, both included, in no order.
    pub(super) fn between<'a>(
        &'a self,
        low: u64,
        high: u64,
        all: &'a [u64],
    ) -> impl Iterator<Item = u32> + 'a {
        let old = if self.docs.is_empty() {
            &[][..]
        } else {
            let shift = ID_BITS - self.bits;
            let begin = self.starts[(low >> shift) as usize] as usize;
            let end = self.starts[(high >> shift) as usize + 1] as usize;
            &self.docs[begin..end]
        };
        old.iter()
            .copied()
            .filter(move |doc| (low..=high).contains(&all[*doc as usize]))
            .chain(self.fresh.range(low..=high).map(|(_, doc)| *doc))
    }
}

/// The lowest and the highest id that begin with a text; `None` when none can.
pub(super) fn range_of(prefix: &str) -> Option<(u64, u64)> {
    let pad = |with: char| {
        let mut text = prefix.to_ascii_lowercase();
        while text.len() < 10 {
            text.push(with);
        }
        text.parse::<crate::model::TicketId>()
            .ok()
            .map(crate::model::TicketId::to_bits)
    };
    Some((pad('0')?, pad('z')?))
}
