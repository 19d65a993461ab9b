//! A query stretched: every word as asked, by synonyms, pinyin or a letter away, or none that must.

use std::sync::Arc;

use super::words::{add_word, is_character, phrase_cells, units};
use super::{Plan, Unit};
use crate::search::analysis::Shape;
use crate::search::clause::{Clause, Known};
use crate::search::index::EDGE_LETTERS;
use crate::search::query::{End, Part};
use crate::search::ranking::WordWeights;

/// How far a query is stretched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relaxation {
    /// The words themselves.
    Literal,
    /// Or words that stand for them.
    Synonyms,
    /// Or in what carries no ticket up: holding replies, sections without a label.
    Rest,
    /// Or spelled by pinyin.
    Pinyin,
    /// Or a letter away.
    Fuzzy,
}

/// A query at one step of its stretching.
#[derive(Clone)]
pub struct Wanted {
    /// What must be in a document.
    pub musts: Clause,
    /// What lifts it up beside.
    pub shoulds: Vec<Clause>,
}

impl Plan<'_> {
    /// What must be in a document for one word.
    fn musts(
        &self,
        unit: &Unit,
        part: Part,
        relaxation: Relaxation,
    ) -> tantivy::Result<Vec<Clause>> {
        let literal = self.literal(unit, part);
        let mut alternatives: Vec<Clause> = Vec::new();
        let text = unit.word.text.as_str();
        if relaxation >= Relaxation::Synonyms && part == Part::Any {
            for synonym in self.analyser.synonyms().of(text) {
                let words = units(self.analyser.words(synonym), End::Complete);
                let musts = words
                    .iter()
                    .flat_map(|unit| self.literal(unit, part))
                    .collect();
                let musts = Clause::every(musts);
                alternatives.extend(musts.map(|clause| clause.boosted(self.weights.synonym)));
            }
        }
        if relaxation >= Relaxation::Rest && part == Part::Any {
            alternatives.extend(
                self.in_rest(text)
                    .map(|clause| clause.boosted(self.weights.rest)),
            );
        }
        if relaxation == Relaxation::Pinyin {
            alternatives.extend(self.spelled(text, part)?);
        }
        if relaxation == Relaxation::Fuzzy && unit.word.shape == Shape::Latin {
            for near in self.terms.near(self.terms.fields().all, text) {
                alternatives.push(self.terms.term(
                    self.terms.fields().all,
                    &near,
                    self.weights.near,
                ));
            }
        }
        if alternatives.is_empty() {
            return Ok(literal);
        }
        alternatives.extend(Clause::every(literal));
        Ok(Clause::any(alternatives).into_iter().collect())
    }

    /// What letters spell: in titles, labels and causes; and the words they stand for, anywhere.
    fn spelled(&self, text: &str, part: Part) -> tantivy::Result<Vec<Clause>> {
        let title = self.terms.pinyin(text)?;
        let title = title.map(|clause| clause.boosted(self.weights.spelled));
        let ways = self.analyser.spoken().of(text).into_iter();
        let words = ways.filter_map(|words| {
            let pairs = words.iter().flat_map(|word| self.pairs(word, part));
            Some(Clause::every(pairs.collect())?.boosted(self.weights.spoken))
        });
        Ok(title.into_iter().chain(words).collect())
    }

    /// What must be in a document for the word itself.
    pub(super) fn literal(&self, unit: &Unit, part: Part) -> Vec<Clause> {
        let text = unit.word.text.as_str();
        let begun = |text: &str| {
            let mut found = vec![self.terms.word(part, text, 1.0)];
            let begun = self
                .terms
                .beginning(part, text, self.weights.prefix, self.alone);
            found.extend(begun);
            Clause::any(found)
        };
        match (unit.word.shape, unit.end) {
            (Shape::Chinese, _) if is_character(text) => {
                self.character(text, part).into_iter().collect()
            }
            (Shape::Chinese, _) | (Shape::Latin | Shape::Chunk, End::Complete) => {
                self.pairs(text, part)
            }
            (Shape::Latin, End::Typing | End::Star) => begun(text).into_iter().collect(),
            (Shape::Chunk, End::Typing | End::Star) => {
                let mut cells = phrase_cells(self.analyser, text);
                let last = cells.pop();
                let mut parts: Vec<Clause> = cells
                    .iter()
                    .map(|(_, term)| self.terms.word(part, term, 1.0))
                    .collect();
                parts.extend(last.and_then(|(_, last)| begun(&last)));
                parts
            }
        }
    }

    /// The smallest terms that any text with this word has.
    fn pairs(&self, text: &str, part: Part) -> Vec<Clause> {
        phrase_cells(self.analyser, text)
            .iter()
            .map(|(_, term)| self.terms.word(part, term, 1.0))
            .collect()
    }

    /// The same in what carries no ticket up.
    fn in_rest(&self, text: &str) -> Option<Clause> {
        let rest = self.terms.fields().rest;
        Clause::every(
            phrase_cells(self.analyser, text)
                .iter()
                .map(|(_, term)| self.terms.term(rest, term, 1.0))
                .collect(),
        )
    }

    /// The query with every word in it as asked, stretched as far as `relaxation`. `None` when nothing
    /// is asked.
    pub fn conjunction(&self, relaxation: Relaxation) -> tantivy::Result<Option<Wanted>> {
        let fields = self.terms.fields();
        let mut musts: Vec<Clause> = Vec::new();
        for unit in self.units.iter().filter(|unit| !unit.stop) {
            musts.extend(self.musts(unit, Part::Any, relaxation)?);
        }
        let mut shoulds: Vec<Clause> = Vec::new();
        if musts.len() + self.bridges.len() < 24 {
            for (text, weight) in self.scored(self.weights) {
                if text.chars().count() > 2 && !text.is_ascii() {
                    shoulds.push(self.terms.term(fields.all, &text, weight));
                }
                let weight = weight * self.weights.title;
                shoulds.push(self.terms.term(fields.title, &text, weight));
            }
            for bridge in &self.bridges {
                shoulds.push(self.terms.term(fields.all, bridge, self.weights.bridge));
            }
        }
        musts.extend(self.fixed.iter().cloned());
        Ok(Clause::every(musts).map(|musts| Wanted { musts, shoulds }))
    }

    /// The words by which the best are rescored, with what each weighs; pairs as `pair` says.
    pub fn rescored(&self, pair: f32) -> Vec<(Arc<Known>, f32)> {
        let weights = WordWeights {
            pair,
            bridge: pair,
            ..self.weights.clone()
        };
        let bridges = self.bridges.iter().map(|b| (b.clone(), weights.bridge));
        let words = self.scored(&weights).into_iter().chain(bridges);
        let mut found: Vec<(String, f32)> = Vec::new();
        for (text, weight) in words {
            match found.iter_mut().find(|known| known.0 == text) {
                Some(known) => known.1 = known.1.max(weight),
                None => found.push((text, weight)),
            }
        }
        let all = self.terms.fields().all;
        let known = found
            .into_iter()
            .map(|(text, weight)| (self.terms.known(all, &text), weight));
        known.collect()
    }

    /// Titles with one of the words.
    pub fn titles(&self) -> Vec<Clause> {
        let title = self.terms.fields().title;
        let words = self.scored(self.weights).into_iter();
        words
            .map(|(text, _)| self.terms.term(title, &text, 1.0))
            .collect()
    }

    /// Titles with a word of which only the beginning is typed.
    pub fn begun_titles(&self) -> Vec<Clause> {
        let title = self.terms.fields().title;
        let mut found = Vec::new();
        for unit in self.units.iter().filter(|unit| !unit.stop) {
            let text = unit.word.text.as_str();
            let typing = unit.word.shape == Shape::Latin && unit.end != End::Complete;
            if typing || is_character(text) {
                let longer = self.terms.longer(text);
                let weight = self.weights.prefix * self.weights.title;
                let terms = longer.iter();
                found.extend(terms.map(|text| self.terms.term(title, text, weight)));
            }
        }
        found
    }

    /// Everything that is asked beside plain words. `None` where nothing is.
    pub fn beside(&self) -> Option<Clause> {
        Clause::every(self.fixed.clone())
    }

    /// The words as terms with weights, for ranking.
    fn scored(&self, weights: &WordWeights) -> Vec<(String, f32)> {
        let mut found: Vec<(String, f32)> = Vec::new();
        let mut add = |text: String, weight: f32| match found.iter_mut().find(|f| f.0 == text) {
            Some(known) => known.1 = known.1.max(weight),
            None => found.push((text, weight)),
        };
        for unit in &self.units {
            let weight = if unit.stop { weights.stop } else { 1.0 };
            add_word(self.analyser, &unit.word, (weight, weights.pair), &mut add);
        }
        found
    }

    /// Whether the index has nothing of a Latin word.
    fn unknown(&self, unit: &Unit) -> bool {
        unit.word.shape == Shape::Latin
            && self
                .terms
                .frequency(self.terms.fields().all, &unit.word.text)
                == 0
    }

    /// Single characters and first letters, of which none must be: the last resort.
    pub fn characters(&self) -> Vec<Clause> {
        let mut edges: Vec<String> = Vec::new();
        for unit in &self.units {
            let text = &unit.word.text;
            if unit.word.shape == Shape::Chinese {
                edges.extend(text.chars().map(String::from));
            } else {
                edges.extend(text.get(..EDGE_LETTERS.min(text.len())).map(str::to_owned));
            }
        }
        edges.sort();
        edges.dedup();
        edges
            .iter()
            .map(|edge| self.terms.edge(edge, 1.0))
            .collect()
    }

    /// The query as a flat ranking in which no word must be.
    pub fn ranking(&self) -> tantivy::Result<Vec<Clause>> {
        let fields = self.terms.fields();
        let mut shoulds: Vec<Clause> = Vec::new();
        let mut add = |text: &str, weight: f32| {
            shoulds.push(self.terms.term(fields.all, text, weight));
            shoulds.push(
                self.terms
                    .term(fields.title, text, weight * self.weights.title),
            );
        };
        for (text, weight) in self.scored(self.weights) {
            add(&text, weight);
        }
        for bridge in &self.bridges {
            add(bridge, self.weights.bridge);
        }
        for unit in self.units.iter().filter(|unit| !unit.stop) {
            let text = unit.word.text.as_str();
            for synonym in self.analyser.synonyms().of(text) {
                if self.terms.frequency(fields.all, synonym) > 0 {
                    add(synonym, self.weights.side_synonym);
                }
            }
        }
        for unit in self.units.iter().filter(|unit| !unit.stop) {
            let text = unit.word.text.as_str();
            if is_character(text) {
                shoulds.push(self.terms.term(fields.edge, text, self.weights.character));
            }
        }
        for unit in self.units.iter().filter(|unit| self.unknown(unit)) {
            let text = unit.word.text.as_str();
            shoulds.extend(self.spelled(text, Part::Any)?);
            for near in self.terms.near(fields.all, text) {
                shoulds.push(self.terms.term(fields.all, &near, self.weights.near));
            }
        }
        Ok(shoulds)
    }

    /// Whether a document can match in part: several terms are asked for in plain words.
    pub fn is_divisible(&self) -> bool {
        let required = self.required();
        required.iter().map(|(_, terms)| terms.len()).sum::<usize>() > 1
    }

    /// The words that the query insists on, with their positions in [`Self::units`] and the terms
    /// that each needs.
    pub fn required(&self) -> Vec<(usize, Vec<String>)> {
        let needed = |unit: &Unit| {
            phrase_cells(self.analyser, &unit.word.text)
                .into_iter()
                .map(|(_, term)| term)
                .collect()
        };
        self.units
            .iter()
            .enumerate()
            .filter(|(_, unit)| !unit.stop)
            .map(|(at, unit)| (at, needed(unit)))
            .collect()
    }
}
