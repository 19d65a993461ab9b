//! What letters spell: titles, categories and causes by their pinyin.

use std::sync::Arc;

use tantivy::schema::Field;

use super::terms::{EXPANSIONS, Terms};
use crate::search::clause::{Clause, Known, Sets, Stretch, matching};
use crate::search::index::{DOUBLE, PINYIN_GRAM};
use crate::text::pinyin::{cuts, is_syllable};

/// Ways to cut a string of letters into syllables that are tried.
const CUTS: usize = 8;

/// Letters of a string that may be pinyin.
const PINYIN_LETTERS: std::ops::RangeInclusive<usize> = 2..=24;

/// Documents that a likely way must find for less likely ones not to be looked at.
const ENOUGH: usize = 10;

/// Ways to read some letters that leave as many syllables unfinished.
struct Way {
    unfinished: usize,
    clauses: Vec<Clause>,
}

impl Terms<'_> {
    /// Titles, categories and causes that letters spell by pinyin: in one stretch; if few are
    /// found, also behind a Latin word that may stand elsewhere (`cdnzs`); if none of these is
    /// found, in two stretches.
    pub fn pinyin(&self, text: &str) -> tantivy::Result<Option<Clause>> {
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !letters || !PINYIN_LETTERS.contains(&text.len()) {
            return Ok(None);
        }
        if let Some(known) = self.spelled.borrow().get(text) {
            return Ok(known.clone());
        }
        let spelled = self.look_up(text)?;
        let key = text.to_owned();
        self.spelled.borrow_mut().insert(key, spelled.clone());
        Ok(spelled)
    }

    fn look_up(&self, text: &str) -> tantivy::Result<Option<Clause>> {
        let mut found = Tried::default();
        for way in self.ways(text) {
            if found.sets.len() >= ENOUGH {
                return Ok(found.clause());
            }
            found.add(self, way.clauses)?;
        }
        let halves: Vec<(&str, &str)> = (2..text.len().saturating_sub(1))
            .filter_map(|at| text.split_at_checked(at))
            .collect();
        let led = halves.iter().filter_map(|(word, rest)| {
            let word = self.known(self.fields().all, word);
            let rest = (word.frequency > 0).then(|| self.any_way(rest)).flatten()?;
            Some(Clause::All(vec![Clause::Term(word, 0.5), rest]))
        });
        found.add(self, led.collect())?;
        if found.sets.len() == 0 {
            found.add(self, self.two_stretches(&halves))?;
        }
        Ok(found.clause())
    }

    /// Both halves spelled, each in one stretch: by the cuts that leave least unfinished.
    fn two_stretches(&self, halves: &[(&str, &str)]) -> Vec<Clause> {
        let mut least = usize::MAX;
        let mut found = Vec::new();
        for (a, b) in halves {
            let likely = |text: &str| self.ways(text).into_iter().next();
            let (Some(a), Some(b)) = (likely(a), likely(b)) else {
                continue;
            };
            let unfinished = a.unfinished + b.unfinished;
            let both = [a, b].map(|way| Clause::any(way.clauses));
            let both: Vec<Clause> = both.into_iter().flatten().collect();
            if unfinished < least {
                least = unfinished;
                found.clear();
            }
            if unfinished == least {
                found.push(Clause::All(both));
            }
        }
        found
    }

    fn any_way(&self, text: &str) -> Option<Clause> {
        let ways = self.ways(text).into_iter();
        Clause::any(ways.flat_map(|way| way.clauses).collect())
    }

    /// Titles, categories and causes that letters spell in one stretch: what leaves no syllable
    /// unfinished but the last comes first.
    fn ways(&self, text: &str) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        for cut in cuts(text, CUTS) {
            let whole = cut.split_last().map_or(&[][..], |(_, whole)| whole);
            let unfinished = whole.iter().filter(|piece| !is_syllable(piece)).count();
            let Some(clause) = self.cut(&cut) else {
                continue;
            };
            match ways.iter_mut().find(|way| way.unfinished == unfinished) {
                Some(way) => way.clauses.push(clause),
                None => ways.push(Way {
                    unfinished,
                    clauses: vec![clause],
                }),
            }
        }
        ways.sort_by_key(|way| way.unfinished);
        ways
    }

    /// What is spelled by the pieces of one cut; `None` = nothing can be.
    fn cut(&self, cut: &[&str]) -> Option<Clause> {
        let field = self.fields().pinyin;
        let mut slots: Vec<(u32, Vec<Arc<Known>>)> = Vec::new();
        let mut narrow = Vec::new();
        for ((piece, at), next) in cut.iter().zip(0..).zip(1..) {
            let next = cut.get(next);
            let standing = piece.len() > 1;
            if standing {
                slots.push((at, self.piece(field, piece, next.is_none())?));
            }
            let first = |piece: &str| piece.chars().next();
            if let (Some(a), Some(b)) = (first(piece), next.and_then(|next| first(next))) {
                let pair = self.there(field, &format!("{PINYIN_GRAM}{a}{b}"))?;
                if standing && next.is_some_and(|next| next.len() > 1) {
                    // Where both pieces stand so do their initials.
                    narrow.push(pair);
                } else {
                    slots.push((at, vec![pair]));
                }
            }
        }
        (!slots.is_empty()).then(|| Clause::Stretch(Arc::new(Stretch { slots, narrow }), 1.0))
    }

    /// The terms of a syllable or of initials; the last may go on.
    fn piece(&self, field: Field, piece: &str, last: bool) -> Option<Vec<Arc<Known>>> {
        if !last || DOUBLE.contains(&piece) {
            return Some(vec![self.there(field, piece)?]);
        }
        let ends = self.frequent(field, piece, EXPANSIONS);
        let ends: Vec<_> = ends.iter().map(|end| self.known(field, end)).collect();
        (!ends.is_empty()).then_some(ends)
    }

    fn there(&self, field: Field, text: &str) -> Option<Arc<Known>> {
        Some(self.known(field, text)).filter(|known| known.frequency > 0)
    }
}

/// What was tried, and what it found.
#[derive(Default)]
struct Tried {
    clauses: Vec<Clause>,
    sets: Sets,
}

impl Tried {
    fn add(&mut self, terms: &Terms<'_>, clauses: Vec<Clause>) -> tantivy::Result<()> {
        let Some(clause) = Clause::any(clauses) else {
            return Ok(());
        };
        let found = matching(terms.searcher, &clause, None)?;
        self.sets = self.sets.or(found, terms.searcher);
        self.clauses.push(clause);
        Ok(())
    }

    fn clause(self) -> Option<Clause> {
        let clause = Clause::any(self.clauses)?;
        Some(Clause::Found(Box::new(clause), Arc::new(self.sets)))
    }
}
