//! The dictionary's longer words of a run of Chinese, remembered because runs repeat.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use jieba_rs::Jieba;

/// Parts of the memory, so that threads seldom wait for each other.
const PARTS: usize = 16;

/// Runs a part remembers before it forgets all of them.
const KEPT: usize = 4_096;

/// Bytes of the longest run that is remembered.
const LONGEST: usize = 120;

/// Characters from which a word is long: shorter ones are pairs.
const LONG: usize = 3;

/// A word by its bytes in the run and the character at which it begins.
#[derive(Debug, Clone, Copy)]
struct Place {
    from: u32,
    to: u32,
    at: u32,
}

type Part = Mutex<HashMap<Box<str>, Box<[Place]>>>;

/// Runs cut before.
#[derive(Default)]
pub struct Runs {
    parts: [Part; PARTS],
    hasher: RandomState,
}

impl Runs {
    /// Calls `each` with every long word of a run and the character at which it begins.
    pub fn long_words(&self, run: &str, jieba: &Jieba, mut each: impl FnMut(&str, u32)) {
        let mut tell = |places: &[Place]| {
            for place in places {
                if let Some(word) = run.get(place.from as usize..place.to as usize) {
                    each(word, place.at);
                }
            }
        };
        if run.chars().nth(LONG - 1).is_none() {
            return;
        }
        let part = (run.len() <= LONGEST)
            .then(|| self.hasher.hash_one(run) as usize % PARTS)
            .and_then(|nth| self.parts.get(nth));
        let Some(part) = part else {
            tell(&cut(run, jieba));
            return;
        };
        let known = part.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = known.get(run) {
            tell(places);
            return;
        }
        drop(known);
        let places = cut(run, jieba);
        tell(&places);
        let mut known = part.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(run.into(), places);
    }
}

fn cut(run: &str, jieba: &Jieba) -> Box<[Place]> {
    let starts: Vec<usize> = run
        .char_indices()
        .map(|(at, _)| at)
        .chain([run.len()])
        .collect();
    let place = |token: jieba_rs::Token<'_>| {
        Some(Place {
            from: u32::try_from(*starts.get(token.start)?).ok()?,
            to: u32::try_from(*starts.get(token.end)?).ok()?,
            at: u32::try_from(token.start).ok()?,
        })
    };
    jieba
        .cut_for_search(run, false)
        .into_iter()
        .filter(|token| token.end - token.start >= LONG)
        .filter_map(place)
        .collect()
}
