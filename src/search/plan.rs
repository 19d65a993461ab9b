//! From a query's tree to queries of the index, exact and relaxed.

mod terms;

use tantivy::Searcher;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query};

pub use terms::Terms;

use super::analysis::{Analyser, Shape, Word, is_stop};
use super::index::{EDGE_LETTERS, Fields};
use super::query::{End, Fact, Node, Part, Query as Tree};
use crate::model::{CategoryFilter, QueryNote, TicketFilter};

/// A query of the index.
pub type Built = Box<dyn Query>;

/// A word that a query insists on, or not.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The word.
    pub word: Word,
    /// Whether it says only how something is asked.
    pub stop: bool,
    /// Whether it may go on.
    pub end: End,
}

/// How far a query is stretched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
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

/// Weights of the one flat ranking.
mod weight {
    /// A word in the title, beside the weighted text.
    pub const TITLE: f32 = 1.0;
    /// A word in the customer's words, beside the weighted text.
    pub const ASK: f32 = 0.5;
    /// A pair of a longer word.
    pub const PAIR: f32 = 0.5;
    /// A pair across two words: says that they are neighbours.
    pub const BRIDGE: f32 = 0.75;
    /// A word that says how something is asked.
    pub const STOP: f32 = 0.2;
    /// A synonym that stands for a word which is missing.
    pub const SYNONYM: f32 = 0.4;
    /// A synonym beside its word, where no word must be.
    pub const SIDE_SYNONYM: f32 = 0.3;
    /// Letters that spell a title or label.
    pub const SPELLED: f32 = 0.3;
    /// A word that letters stand for.
    pub const SPOKEN: f32 = 0.2;
    /// A word one letter away.
    pub const NEAR: f32 = 0.3;
    /// The beginning of a word.
    pub const PREFIX: f32 = 0.6;
    /// A character or first letters.
    pub const EDGE: f32 = 0.5;
}

/// A query ready to be stretched.
pub struct Plan<'a> {
    terms: Terms<'a>,
    analyser: &'a Analyser,
    /// Plain words on the outermost level: what relaxation works on.
    pub units: Vec<Unit>,
    /// Pairs across neighbouring words.
    bridges: Vec<String>,
    /// Everything else the query says, and the filter.
    fixed: Vec<(Occur, Built)>,
    /// Whether the query says nothing at all.
    pub empty: bool,
    /// What was not understood.
    pub notes: Vec<QueryNote>,
}

impl<'a> Plan<'a> {
    /// Plans a query under a filter.
    pub fn new(
        tree: Tree,
        filter: &TicketFilter,
        analyser: &'a Analyser,
        searcher: &'a Searcher,
        fields: &'a Fields,
    ) -> Self {
        let mut plan = Self {
            terms: Terms::new(searcher, fields),
            analyser,
            units: Vec::new(),
            bridges: Vec::new(),
            fixed: Vec::new(),
            empty: true,
            notes: tree.notes,
        };
        for node in tree.all {
            plan.node(node);
        }
        if plan.units.iter().all(|unit| unit.stop) {
            // Nothing else to go by.
            for unit in &mut plan.units {
                unit.stop = false;
            }
        }
        plan.empty = plan.units.is_empty() && plan.fixed.is_empty();
        plan.filter(filter);
        plan
    }

    fn node(&mut self, node: Node) {
        match node {
            Node::Words {
                text,
                part: Part::Any,
                end,
            } => self.free(&text, end),
            Node::Not(inner) => {
                if let Some(query) = self.strict(*inner) {
                    self.fixed.push((Occur::MustNot, query));
                }
            }
            Node::Words { .. } | Node::Phrase { .. } | Node::Any(_) | Node::Every(_) => {
                if let Some(query) = self.strict(node) {
                    self.fixed.push((Occur::Must, query));
                }
            }
            Node::Fact(fact) => {
                if let Some(query) = self.fact(fact) {
                    self.fixed.push((Occur::Must, scoreless(query)));
                }
            }
        }
    }

    /// Words of the outermost level.
    fn free(&mut self, text: &str, end: End) {
        let words = self.analyser.words(text);
        self.bridges.extend(bridges(&words));
        self.units.extend(units(words, end));
    }

    /// A part of the query as it must hold, without relaxation of its own.
    fn strict(&mut self, node: Node) -> Option<Built> {
        match node {
            Node::Words { text, part, end } => {
                let mut units = units(self.analyser.words(&text), end);
                if units.iter().any(|unit| !unit.stop) {
                    units.retain(|unit| !unit.stop);
                }
                let musts: Vec<Built> = units
                    .iter()
                    .flat_map(|unit| self.musts(unit, part, Reach::Literal))
                    .collect();
                every(musts)
            }
            Node::Phrase { text, part } => self.phrase(&text, part),
            Node::Fact(fact) => self.fact(fact).map(scoreless),
            Node::Not(inner) => {
                let inner = self.strict(*inner)?;
                Some(Box::new(BooleanQuery::new(vec![
                    (Occur::Must, scoreless(Box::new(AllQuery))),
                    (Occur::MustNot, inner),
                ])))
            }
            Node::Any(nodes) => {
                let parts = nodes
                    .into_iter()
                    .filter_map(|node| self.strict(node))
                    .collect();
                any(parts)
            }
            Node::Every(nodes) => {
                let mut clauses: Vec<(Occur, Built)> = Vec::new();
                for node in nodes {
                    match node {
                        Node::Not(inner) => {
                            clauses.extend(self.strict(*inner).map(|q| (Occur::MustNot, q)));
                        }
                        node => clauses.extend(self.strict(node).map(|q| (Occur::Must, q))),
                    }
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) && !clauses.is_empty()
                {
                    clauses.push((Occur::Must, scoreless(Box::new(AllQuery))));
                }
                (!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Built)
            }
        }
    }

    /// A phrase in a part; outside of titles also in what carries no ticket up.
    fn phrase(&self, text: &str, part: Part) -> Option<Built> {
        let rest = self.terms.fields().rest;
        let also = matches!(part, Part::Any | Part::Answer);
        let cells = phrase_cells(self.analyser, text);
        match cells.as_slice() {
            [] => None,
            [(_, only)] if is_character(only) && part == Part::Any => self.character(only, part),
            [(_, only)] => {
                let mut found = vec![self.terms.word(part, only, 1.0)];
                found.extend(also.then(|| self.terms.term(rest, only, 1.0)));
                any(found)
            }
            cells => {
                let mut found = vec![self.terms.phrase(part, cells)];
                found.extend(also.then(|| self.terms.phrase_in(rest, cells)));
                any(found)
            }
        }
    }

    /// Documents with a Chinese character.
    fn character(&self, text: &str, part: Part) -> Option<Built> {
        let mut found = vec![self.terms.word(part, text, 1.0)];
        found.extend(self.terms.beginning(part, text, weight::EDGE));
        any(found)
    }

    fn fact(&mut self, fact: Fact) -> Option<Built> {
        let (found, written) = match fact {
            Fact::Category(text) => (self.terms.category(&text), text),
            Fact::Type(text) => (self.terms.issue_type(&text), text),
            Fact::Cause(text) => (self.cause(&text), text),
            Fact::State(state) => (
                Some(
                    self.terms
                        .term(self.terms.fields().state, state.name(), 1.0),
                ),
                String::new(),
            ),
            Fact::Dataset(text) => (self.terms.dataset(&text), text),
            Fact::Id(text) => (self.terms.id(&text), text),
        };
        if found.is_none() {
            self.notes.push(QueryNote {
                kind: "unknown_value".to_owned(),
                text: written.clone(),
            });
            self.free(&written, End::Complete);
        }
        found
    }

    fn cause(&self, text: &str) -> Option<Built> {
        let field = self.terms.fields().cause;
        if self.terms.frequency(field, &format!("i:{text}")) > 0 {
            return Some(self.terms.term(field, &format!("i:{text}"), 1.0));
        }
        let mut terms = Vec::new();
        self.analyser
            .terms(text, |term, _| terms.push(term.to_owned()));
        terms.retain(|term| term.chars().count() <= 2 || term.is_ascii());
        every(
            terms
                .iter()
                .map(|term| self.terms.term(field, term, 1.0))
                .collect(),
        )
        .filter(|_| {
            terms
                .iter()
                .all(|term| self.terms.frequency(field, term) > 0)
        })
    }

    fn filter(&mut self, filter: &TicketFilter) {
        let fields = *self.terms.fields();
        let mut must = Vec::new();
        if let Some(CategoryFilter {
            product,
            issue_type,
        }) = &filter.category
        {
            must.push((
                fields.category,
                Terms::category_term(product, issue_type.as_deref()),
            ));
        }
        if let Some(state) = filter.cause_state {
            must.push((fields.state, state.name().to_owned()));
        }
        if let Some(cause) = filter.cause {
            must.push((fields.cause, format!("i:{cause}")));
        }
        if let Some(dataset) = &filter.dataset {
            must.push((fields.dataset, crate::text::fold::fold(dataset)));
        }
        for (field, term) in must {
            let query = self.terms.term(field, &term, 1.0);
            self.fixed.push((Occur::Must, scoreless(query)));
        }
    }

    /// What must be in a document for one word.
    fn musts(&self, unit: &Unit, part: Part, reach: Reach) -> Vec<Built> {
        let literal = self.literal(unit, part);
        let mut alternatives: Vec<Built> = Vec::new();
        let text = unit.word.text.as_str();
        if reach >= Reach::Synonyms && part == Part::Any {
            for synonym in self.analyser.synonyms().of(text) {
                let words = units(self.analyser.words(synonym), End::Complete);
                let musts = words
                    .iter()
                    .flat_map(|unit| self.literal(unit, part))
                    .collect();
                alternatives.extend(every(musts).map(|query| boosted(query, weight::SYNONYM)));
            }
        }
        if reach >= Reach::Rest && part == Part::Any {
            alternatives.extend(self.in_rest(text).map(|query| boosted(query, 0.2)));
        }
        if reach == Reach::Pinyin {
            alternatives.extend(self.spelled(text, part));
        }
        if reach == Reach::Fuzzy && unit.word.shape == Shape::Latin {
            for near in self.terms.near(self.terms.fields().all, text) {
                alternatives.push(
                    self.terms
                        .term(self.terms.fields().all, &near, weight::NEAR),
                );
            }
        }
        if alternatives.is_empty() {
            return literal;
        }
        alternatives.extend(every(literal));
        any(alternatives).into_iter().collect()
    }

    /// What letters spell: in titles, labels and causes; and the words they stand for, anywhere.
    fn spelled(&self, text: &str, part: Part) -> Vec<Built> {
        let title = self.terms.pinyin(text);
        let title = title.map(|query| boosted(query, weight::SPELLED));
        let ways = self.analyser.spoken().of(text).into_iter();
        let words = ways.filter_map(|words| {
            let pairs = words.iter().flat_map(|word| self.pairs(word, part));
            Some(boosted(every(pairs.collect())?, weight::SPOKEN))
        });
        title.into_iter().chain(words).collect()
    }

    /// What must be in a document for the word itself.
    fn literal(&self, unit: &Unit, part: Part) -> Vec<Built> {
        let text = unit.word.text.as_str();
        let begun = |text: &str| {
            let mut found = vec![self.terms.word(part, text, 1.0)];
            found.extend(self.terms.beginning(part, text, weight::PREFIX));
            any(found)
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
                let mut parts: Vec<Built> = cells
                    .iter()
                    .map(|(_, term)| self.terms.word(part, term, 1.0))
                    .collect();
                parts.extend(last.and_then(|(_, last)| begun(&last)));
                parts
            }
        }
    }

    /// The smallest terms that any text with this word has.
    fn pairs(&self, text: &str, part: Part) -> Vec<Built> {
        phrase_cells(self.analyser, text)
            .iter()
            .map(|(_, term)| self.terms.word(part, term, 1.0))
            .collect()
    }

    /// The same in what carries no ticket up.
    fn in_rest(&self, text: &str) -> Option<Built> {
        let rest = self.terms.fields().rest;
        every(
            phrase_cells(self.analyser, text)
                .iter()
                .map(|(_, term)| self.terms.term(rest, term, 1.0))
                .collect(),
        )
    }

    /// The query with every word in it as asked, stretched as far as `reach`. `None` when nothing
    /// is asked.
    pub fn conjunction(&self, reach: Reach) -> Option<Built> {
        let fields = self.terms.fields();
        let mut clauses: Vec<(Occur, Built)> = Vec::new();
        for unit in self.units.iter().filter(|unit| !unit.stop) {
            let musts = self.musts(unit, Part::Any, reach);
            clauses.extend(musts.into_iter().map(|query| (Occur::Must, query)));
        }
        if clauses.is_empty() && self.fixed.is_empty() {
            return None;
        }
        if clauses.len() + self.bridges.len() < 24 {
            for (text, weight) in self.scored() {
                if text.chars().count() > 2 && !text.is_ascii() {
                    clauses.push((Occur::Should, self.terms.term(fields.all, &text, weight)));
                }
                let title = self.terms.term(fields.title, &text, weight * weight::TITLE);
                clauses.push((Occur::Should, title));
            }
            for bridge in &self.bridges {
                let query = self.terms.term(fields.all, bridge, weight::BRIDGE);
                clauses.push((Occur::Should, query));
            }
        }
        for (occur, query) in &self.fixed {
            clauses.push((*occur, query.box_clone()));
        }
        if !clauses.iter().any(|(occur, _)| *occur != Occur::MustNot) {
            clauses.push((Occur::Must, scoreless(Box::new(AllQuery))));
        }
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    /// A query whose hits go up by what the customers among them say. It reads more than the
    /// query itself does.
    pub fn by_questions(&self, query: &Built) -> Built {
        let ask = self.terms.fields().ask;
        let mut clauses = vec![(Occur::Must, query.box_clone())];
        let bridges = self.bridges.iter().map(|b| (b.clone(), weight::BRIDGE));
        for (text, weight) in self.scored().into_iter().chain(bridges) {
            let term = self.terms.term(ask, &text, weight * weight::ASK);
            clauses.push((Occur::Should, term));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// The words as terms with weights, for ranking.
    fn scored(&self) -> Vec<(String, f32)> {
        let mut found: Vec<(String, f32)> = Vec::new();
        let mut add = |text: String, weight: f32| match found.iter_mut().find(|f| f.0 == text) {
            Some(known) => known.1 = known.1.max(weight),
            None => found.push((text, weight)),
        };
        for unit in &self.units {
            let weight = if unit.stop { weight::STOP } else { 1.0 };
            add_word(self.analyser, &unit.word, weight, &mut add);
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

    /// The query by single characters and first letters: the last resort. `None` when there are
    /// no words.
    pub fn characters(&self) -> Option<Built> {
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
        let flat = any(edges.iter().map(|edge| self.terms.edge(edge)).collect())?;
        Some(self.fixed(flat))
    }

    /// A query under everything else that is asked.
    fn fixed(&self, query: Built) -> Built {
        if self.fixed.is_empty() {
            return query;
        }
        let mut clauses = vec![(Occur::Must, query)];
        for (occur, query) in &self.fixed {
            clauses.push((*occur, query.box_clone()));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// The query as a flat ranking in which no word must be. `None` when there are no words.
    pub fn ranking(&self) -> Option<Built> {
        let fields = self.terms.fields();
        let mut shoulds: Vec<Built> = Vec::new();
        let mut add = |text: &str, weight: f32| {
            shoulds.push(self.terms.term(fields.all, text, weight));
            shoulds.push(self.terms.term(fields.title, text, weight * weight::TITLE));
            shoulds.push(self.terms.term(fields.ask, text, weight * weight::ASK));
        };
        for (text, weight) in self.scored() {
            add(&text, weight);
        }
        for bridge in &self.bridges {
            add(bridge, weight::BRIDGE);
        }
        for unit in self.units.iter().filter(|unit| !unit.stop) {
            let text = unit.word.text.as_str();
            for synonym in self.analyser.synonyms().of(text) {
                if self.terms.frequency(fields.all, synonym) > 0 {
                    add(synonym, weight::SIDE_SYNONYM);
                }
            }
        }
        for unit in self.units.iter().filter(|unit| self.unknown(unit)) {
            let text = unit.word.text.as_str();
            shoulds.extend(self.spelled(text, Part::Any));
            for near in self.terms.near(fields.all, text) {
                shoulds.push(self.terms.term(fields.all, &near, weight::NEAR));
            }
        }
        any(shoulds).map(|flat| self.fixed(flat))
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

/// The terms of a text with their weights in a ranking, each as often as it is said.
pub fn weighted(analyser: &Analyser, text: &str) -> Vec<(String, f32)> {
    let words = analyser.words(text);
    let mut found: Vec<(String, f32)> = bridges(&words)
        .map(|bridge| (bridge, weight::BRIDGE))
        .collect();
    for word in &words {
        let weight = if is_stop(&word.text) {
            weight::STOP
        } else {
            1.0
        };
        add_word(analyser, word, weight, |term, weight| {
            found.push((term, weight));
        });
    }
    found
}

/// Calls `each` with the terms of one word.
fn add_word(analyser: &Analyser, word: &Word, weight: f32, mut each: impl FnMut(String, f32)) {
    let text = &word.text;
    let cells = phrase_cells(analyser, text);
    if cells.len() > 1 || word.shape == Shape::Chunk {
        each(text.clone(), weight);
        for (_, term) in cells {
            each(term, weight * weight::PAIR);
        }
    } else if text.chars().count() > 1 || text.is_ascii() {
        each(text.clone(), weight);
    }
}

/// The pairs of characters across neighbouring words.
fn bridges(words: &[Word]) -> impl Iterator<Item = String> + '_ {
    words.windows(2).filter_map(|pair| match pair {
        [a, b]
            if a.shape == Shape::Chinese
                && b.shape == Shape::Chinese
                && a.start + a.text.chars().count() == b.start =>
        {
            Some(
                a.text
                    .chars()
                    .last()
                    .into_iter()
                    .chain(b.text.chars().next())
                    .collect(),
            )
        }
        _ => None,
    })
}

/// Words as units; the last of them may go on.
fn units(words: Vec<Word>, end: End) -> Vec<Unit> {
    let last = words.len().saturating_sub(1);
    words
        .into_iter()
        .enumerate()
        .map(|(at, word)| Unit {
            stop: is_stop(&word.text),
            end: if at == last { end } else { End::Complete },
            word,
        })
        .collect()
}

/// The smallest terms of a text with their cells from its first: what phrases are checked by.
pub fn phrase_cells(analyser: &Analyser, text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    analyser.smallest(text, |term, cell| {
        found.push((cell as usize, term.to_owned()));
    });
    let first = found.first().map_or(0, |(cell, _)| *cell);
    for (cell, _) in &mut found {
        *cell -= first;
    }
    found
}

/// Whether a term is one Chinese character.
fn is_character(text: &str) -> bool {
    !text.is_ascii() && text.chars().nth(1).is_none()
}

/// All of some queries; `None` for none.
fn every(mut queries: Vec<Built>) -> Option<Built> {
    match queries.len() {
        0 | 1 => queries.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(queries))),
    }
}

/// Any of some queries; `None` for none.
fn any(mut queries: Vec<Built>) -> Option<Built> {
    match queries.len() {
        0 | 1 => queries.pop(),
        _ => Some(Box::new(BooleanQuery::union(queries))),
    }
}

fn boosted(query: Built, weight: f32) -> Built {
    Box::new(BoostQuery::new(query, weight))
}

fn scoreless(query: Built) -> Built {
    Box::new(ConstScoreQuery::new(query, 0.0))
}
