//! Sets of documents of one segment.

use tantivy::{BitSet, DocId};

/// One in so many documents of a segment is few.
const FEW: u32 = 64;

/// Documents of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Docs {
    /// Ascending.
    Few(Vec<DocId>),
    /// A bit each, and how many they are.
    Many(Vec<u64>, usize),
}

/// Whether so many documents of a segment are kept one by one.
pub fn is_few(count: u32, max_doc: u32) -> bool {
    count <= max_doc / FEW
}

/// The word and the bit of a document.
fn place(doc: DocId) -> (usize, u64) {
    (doc as usize / 64, 1 << (doc % 64))
}

/// Bits for all documents of a segment, none of them set.
pub fn none(max_doc: u32) -> Vec<u64> {
    vec![0; (max_doc as usize).div_ceil(64)]
}

/// Sets the bits of some documents.
pub fn set(bits: &mut [u64], docs: &[DocId]) {
    for doc in docs {
        let (word, bit) = place(*doc);
        if let Some(word) = bits.get_mut(word) {
            *word |= bit;
        }
    }
}

/// Calls `each` with the documents of a word of bits.
fn each_bit(mut word: u64, base: DocId, each: &mut impl FnMut(DocId)) {
    while word != 0 {
        each(base + word.trailing_zeros());
        word &= word - 1;
    }
}

fn has(bits: &[u64], doc: DocId) -> bool {
    let (word, bit) = place(doc);
    bits.get(word).is_some_and(|word| word & bit != 0)
}

impl Docs {
    /// No documents.
    pub fn empty() -> Self {
        Self::Few(Vec::new())
    }

    /// All documents of a segment.
    pub fn all(max_doc: u32) -> Self {
        let mut bits = vec![u64::MAX; (max_doc as usize).div_ceil(64)];
        if let (Some(last), 1..) = (bits.last_mut(), max_doc % 64) {
            *last = (1 << (max_doc % 64)) - 1;
        }
        Self::Many(bits, max_doc as usize)
    }

    /// Documents by their bits.
    pub fn of(bits: Vec<u64>, max_doc: u32) -> Self {
        let count = bits.iter().map(|word| word.count_ones() as usize).sum();
        let docs = Self::Many(bits, count);
        if is_few(u32::try_from(count).unwrap_or(u32::MAX), max_doc) {
            Self::Few(docs.to_vec())
        } else {
            docs
        }
    }

    /// The library's bits of a segment.
    pub fn of_library(set: &BitSet, max_doc: u32) -> Self {
        let buckets = max_doc.div_ceil(64);
        let words = (0..buckets).map(|at| u64::from_le_bytes(set.tinyset(at).into_bytes()));
        Self::of(words.collect(), max_doc)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        match self {
            Self::Few(docs) => docs.len(),
            Self::Many(_, count) => *count,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a document is among them.
    pub fn has(&self, doc: DocId) -> bool {
        match self {
            Self::Few(docs) => docs.binary_search(&doc).is_ok(),
            Self::Many(bits, _) => has(bits, doc),
        }
    }

    /// Calls `each` with every one, ascending.
    pub fn each(&self, mut each: impl FnMut(DocId)) {
        match self {
            Self::Few(docs) => docs.iter().copied().for_each(each),
            Self::Many(bits, _) => {
                for (word, base) in bits.iter().zip((0..).step_by(64)) {
                    each_bit(*word, base, &mut each);
                }
            }
        }
    }

    /// The last of them.
    pub fn last(&self, count: usize) -> Self {
        let docs = match self {
            Self::Few(docs) => docs
                .get(docs.len().saturating_sub(count)..)
                .unwrap_or_default()
                .to_vec(),
            Self::Many(bits, _) => {
                let (mut first, mut found) = (bits.len(), 0);
                for word in bits.iter().rev() {
                    if found >= count {
                        break;
                    }
                    found += word.count_ones() as usize;
                    first -= 1;
                }
                let mut docs = Vec::with_capacity(found);
                for (word, base) in bits.iter().zip((0..).step_by(64)).skip(first) {
                    each_bit(*word, base, &mut |doc| docs.push(doc));
                }
                docs
            }
        };
        Self::Few(docs)
    }

    /// Each of them, ascending.
    pub fn to_vec(&self) -> Vec<DocId> {
        match self {
            Self::Few(docs) => docs.clone(),
            Self::Many(_, count) => {
                let mut docs = Vec::with_capacity(*count);
                self.each(|doc| docs.push(doc));
                docs
            }
        }
    }

    /// Those that are in both.
    pub fn and(self, other: &Self, max_doc: u32) -> Self {
        match (self, other) {
            (Self::Few(mut docs), Self::Many(bits, _)) => {
                docs.retain(|doc| has(bits, *doc));
                Self::Few(docs)
            }
            (Self::Many(bits, _), Self::Few(docs)) => {
                let mut docs = docs.clone();
                docs.retain(|doc| has(&bits, *doc));
                Self::Few(docs)
            }
            (Self::Few(docs), Self::Few(others)) => Self::Few(common(&docs, others)),
            (Self::Many(mut bits, _), Self::Many(others, _)) => {
                for (word, other) in bits.iter_mut().zip(others) {
                    *word &= other;
                }
                Self::of(bits, max_doc)
            }
        }
    }

    /// Those that are not in the other.
    pub fn minus(self, other: &Self, max_doc: u32) -> Self {
        match (self, other) {
            (Self::Few(mut docs), other) => {
                let out = other.flags(&docs);
                let mut out = out.iter();
                docs.retain(|_| out.next() == Some(&false));
                Self::Few(docs)
            }
            (Self::Many(mut bits, _), Self::Few(others)) => {
                for doc in others {
                    let (word, bit) = place(*doc);
                    if let Some(word) = bits.get_mut(word) {
                        *word &= !bit;
                    }
                }
                Self::of(bits, max_doc)
            }
            (Self::Many(mut bits, _), Self::Many(others, _)) => {
                for (word, other) in bits.iter_mut().zip(others) {
                    *word &= !other;
                }
                Self::of(bits, max_doc)
            }
        }
    }

    /// Those that are in any of some sets.
    pub fn union(sets: Vec<Self>, max_doc: u32) -> Self {
        let total: usize = sets.iter().map(Self::len).sum();
        if is_few(u32::try_from(total).unwrap_or(u32::MAX), max_doc) {
            let mut docs = Vec::with_capacity(total);
            for set in &sets {
                set.each(|doc| docs.push(doc));
            }
            docs.sort_unstable();
            docs.dedup();
            return Self::Few(docs);
        }
        let mut bits = none(max_doc);
        for other in &sets {
            match other {
                Self::Few(docs) => set(&mut bits, docs),
                Self::Many(others, _) => {
                    for (word, other) in bits.iter_mut().zip(others) {
                        *word |= other;
                    }
                }
            }
        }
        Self::of(bits, max_doc)
    }

    /// Which of some ascending documents are among them.
    pub fn flags(&self, docs: &[DocId]) -> Vec<bool> {
        match self {
            Self::Many(bits, _) => docs.iter().map(|doc| has(bits, *doc)).collect(),
            Self::Few(own) => {
                let mut own = own.iter().peekable();
                let mut flag = |doc: &DocId| {
                    while own.next_if(|own| *own < doc).is_some() {}
                    own.peek() == Some(&doc)
                };
                docs.iter().map(&mut flag).collect()
            }
        }
    }
}

/// What is in two ascending lists.
fn common(a: &[DocId], b: &[DocId]) -> Vec<DocId> {
    let mut b = b.iter().peekable();
    let mut found = Vec::new();
    for doc in a {
        while b.next_if(|other| *other < doc).is_some() {}
        if b.peek() == Some(&doc) {
            found.push(*doc);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const MAX: u32 = 700;

    fn docs(set: &BTreeSet<DocId>) -> Docs {
        let mut bits = none(MAX);
        let list: Vec<DocId> = set.iter().copied().collect();
        super::set(&mut bits, &list);
        Docs::of(bits, MAX)
    }

    proptest! {
        #[test]
        fn sets_are_what_sets_are(
            a in prop::collection::btree_set(0..MAX, 0..60),
            b in prop::collection::btree_set(0..MAX, 0..8),
        ) {
            for (a, b) in [(&a, &b), (&b, &a), (&a, &a)] {
                let list = |set: BTreeSet<DocId>| set.into_iter().collect::<Vec<_>>();
                prop_assert_eq!(docs(a).to_vec(), list(a.clone()));
                prop_assert_eq!(docs(a).and(&docs(b), MAX).to_vec(), list(a & b));
                prop_assert_eq!(docs(a).minus(&docs(b), MAX).to_vec(), list(a - b));
                let union = Docs::union(vec![docs(a), docs(b)], MAX);
                prop_assert_eq!(union.len(), (a | b).len());
                prop_assert_eq!(union.to_vec(), list(a | b));
                let last: Vec<DocId> = a.iter().rev().take(9).rev().copied().collect();
                prop_assert!(docs(a).last(9).to_vec().ends_with(&last));
                let flags: Vec<bool> = a.iter().map(|doc| b.contains(doc)).collect();
                prop_assert_eq!(docs(b).flags(&list(a.clone())), flags);
                prop_assert_eq!(Docs::all(MAX).minus(&docs(a), MAX).len(), MAX as usize - a.len());
            }
        }
    }
}
