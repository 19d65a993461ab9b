//! Tickets like a ticket: by what agents answered, by what was asked, by rare words.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{Causes, Row, Spoken, kept_words};
use crate::insight::case::Words;
use crate::insight::replies::Replies;

/// Tickets of one question's group that are looked at, the last added first.
const OF_GROUP: usize = 60;
/// Tickets by rare words that are looked at.
const BY_WORDS: usize = 30;
/// Tickets with a word, beyond which it is too common to say anything.
const COMMON: usize = 256;
/// Weight of a ticket whose agents said the same.
const SAME_REPLY: f32 = 0.9;
/// Weight of a ticket that asked the same.
const SAME_QUESTION: f32 = 0.8;
/// Weight of a ticket that shares all rare words.
const SAME_WORDS: f32 = 0.5;
/// Share of rare words that makes tickets alike at all.
const LEAST_WORDS: f32 = 0.25;

/// Tickets by word, of words that are not common.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Postings {
    by_word: HashMap<u32, Vec<u32>>,
    tickets: usize,
}

impl Postings {
    pub(super) fn add(&mut self, no: u32, words: &[u32]) {
        self.tickets += 1;
        for word in words {
            let list = self.by_word.entry(*word).or_default();
            // A full list stays full: the word is common, and its tickets are not needed.
            if list.len() < COMMON {
                list.push(no);
            }
        }
    }

    pub(super) fn remove(&mut self, no: u32, words: &[u32]) {
        self.tickets = self.tickets.saturating_sub(1);
        for word in words {
            if let Some(list) = self
                .by_word
                .get_mut(word)
                .filter(|list| list.len() < COMMON)
            {
                list.retain(|known| *known != no);
            }
        }
    }

    /// How much a word tells: the logarithm of how few tickets have it, at least a tenth.
    pub(super) fn rarity(&self, word: u32) -> f32 {
        let tickets = self.by_word.get(&word).map_or(0, Vec::len);
        (self.tickets as f32 / (tickets as f32 + 0.5)).ln().max(0.1)
    }

    /// Tickets that share rare words, with the share of the words' weight.
    pub(super) fn alike(&self, words: &[u32]) -> Vec<(u32, f32)> {
        let mut whole = 0.0;
        let mut shares: HashMap<u32, f32> = HashMap::new();
        for word in words {
            let Some(list) = self.by_word.get(word) else {
                continue;
            };
            let rarity = self.rarity(*word);
            whole += rarity;
            if list.len() < COMMON {
                for no in list {
                    *shares.entry(*no).or_default() += rarity;
                }
            }
        }
        let mut out: Vec<(u32, f32)> = shares
            .into_iter()
            .map(|(no, share)| (no, share / whole))
            .filter(|(_, share)| *share >= LEAST_WORDS)
            .collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out.truncate(BY_WORDS);
        out
    }
}

/// Weights of the tickets like one, 0 to 1.
pub(super) type Weights = BTreeMap<u32, f32>;

impl Causes {
    /// Tickets like a ticket by its groups alone: cheap enough to ask for every ticket.
    pub(super) fn of_groups(&self, no: u32, row: &Row, replies: &Replies) -> Weights {
        let mut out = Weights::new();
        for group in replies.groups_of(no) {
            let weight = SAME_REPLY * replies.says(group);
            for other in replies.tickets_of(group) {
                raise(&mut out, *other, weight);
            }
        }
        self.of_question(row.question, &mut out);
        out.remove(&no);
        out
    }

    /// Adds the tickets that asked the same.
    pub(super) fn of_question(&self, group: u32, out: &mut Weights) {
        for other in self
            .asked
            .get(group as usize)
            .into_iter()
            .flatten()
            .rev()
            .take(OF_GROUP)
        {
            raise(out, *other, SAME_QUESTION);
        }
    }

    /// Adds the tickets that share rare words.
    pub(super) fn of_words(&self, words: &[u32], out: &mut Weights) {
        for (other, share) in self.postings.alike(words) {
            raise(out, other, share * SAME_WORDS);
        }
    }
}

impl Causes {
    /// Tickets that share rare words with a text, with weights from 0 to 1.
    pub(in crate::insight) fn near(&self, text: &str, words: &dyn Words) -> Vec<(u32, f32)> {
        self.postings
            .alike(&kept_words(&Spoken::asking(text), words))
    }

    /// Hashes of the words of a text that can tell it from others.
    pub(in crate::insight) fn telling_words(&self, text: &str, words: &dyn Words) -> Vec<u32> {
        kept_words(&Spoken::asking(text), words).into_vec()
    }

    /// How much a word tells.
    pub(in crate::insight) fn rarity(&self, word: u32) -> f32 {
        self.postings.rarity(word)
    }
}

pub(super) fn raise(out: &mut Weights, no: u32, weight: f32) {
    let known = out.entry(no).or_default();
    *known = known.max(weight);
}
