//! What letters spell: titles, categories and causes by their pinyin.

use std::sync::Arc;

use tantivy::schema::Field;

use super::terms::{EXPANSIONS, Terms};
use crate::search::clause::{Clause, Known, Sets, Stretch, matching};
use crate::search::index::{initials, pair};
use crate::text::pinyin::{cuts, is_syllable, reads};

/// Ways to cut a string of letters into syllables that are tried.
const CUTS: usize = 8;

/// Letters of a string that may be pinyin.
const PINYIN_LETTERS: std::ops::RangeInclusive<usize> = 2..=24;

/// Pairs of syllables that a beginning of one stands for at most, the most frequent first.
const PAIRS: usize = 32;

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
        let mut found: Vec<Clause> = self.stretch(cut).into_iter().collect();
        found.extend(self.categories_read(cut));
        Clause::any(found)
    }

    /// Titles, causes and names of replies.
    fn stretch(&self, cut: &[&str]) -> Option<Clause> {
        let field = self.fields().pinyin;
        let mut slots: Vec<(u32, Vec<Arc<Known>>)> = Vec::new();
        let last = cut.len().saturating_sub(1);
        // The piece that a pair before it holds already.
        let mut held = None;
        for ((nth, piece), at) in cut.iter().enumerate().zip(0..) {
            let Some(next) = cut.get(nth + 1) else {
                if held != Some(nth) && piece.len() > 1 {
                    slots.push((at, self.begun(field, piece, EXPANSIONS)?));
                }
                continue;
            };
            let ends = nth + 1 == last;
            let whole = |text: &str| text.len() > 1 && is_syllable(text);
            if whole(piece) && (ends || whole(next)) {
                let pair = pair(piece, next);
                let terms = match ends {
                    true => self.begun(field, &pair, PAIRS)?,
                    false => vec![self.there(field, &pair)?],
                };
                slots.push((at, terms));
                held = Some(nth + 1);
                continue;
            }
            if held != Some(nth) && piece.len() > 1 {
                slots.push((at, vec![self.there(field, piece)?]));
            }
            if let (Some(a), Some(b)) = (piece.chars().next(), next.chars().next()) {
                slots.push((at, vec![self.there(field, &initials(a, b))?]));
            }
        }
        (!slots.is_empty()).then(|| Clause::Stretch(Arc::new(Stretch { slots }), 1.0))
    }

    /// The terms that go on from a syllable, initials or a pair.
    fn begun(&self, field: Field, text: &str, most: usize) -> Option<Vec<Arc<Known>>> {
        let ends = self.frequent(field, text, most);
        let ends: Vec<_> = ends.iter().map(|end| self.known(field, end)).collect();
        (!ends.is_empty()).then_some(ends)
    }

    fn there(&self, field: Field, text: &str) -> Option<Arc<Known>> {
        Some(self.known(field, text)).filter(|known| known.frequency > 0)
    }

    /// Products and types: there are few of them, and most tickets have the same.
    fn categories_read(&self, cut: &[&str]) -> Option<Clause> {
        let named = ["p:", "t:"].map(|mark| self.named(mark, |name| reads(name, cut)));
        Clause::any(named.into_iter().flatten().collect())
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
