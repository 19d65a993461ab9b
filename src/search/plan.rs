//! From a query's tree to queries of the index, exact and relaxed.

mod relaxation;
mod spelled;
mod terms;
mod words;

use tantivy::Searcher;

pub use relaxation::{Relaxation, Wanted};
pub use terms::{MANY, Terms};
pub use words::{Unit, weighted};

use super::analysis::Analyser;
use super::clause::Clause;
use super::index::Fields;
use super::query::{End, Fact, Node, Part, Query as Tree};
use super::ranking::WordWeights;
use crate::model::{CategoryFilter, QueryNote, TicketFilter};
use words::{bridges, is_character, phrase_cells, units};

/// A query ready to be stretched.
pub struct Plan<'a> {
    terms: Terms<'a>,
    analyser: &'a Analyser,
    weights: &'a WordWeights,
    /// Plain words on the outermost level: what relaxation works on.
    pub units: Vec<Unit>,
    /// Pairs across neighbouring words.
    bridges: Vec<String>,
    /// Everything else that must be, and the filter.
    fixed: Vec<Clause>,
    /// Whether one word is all that is asked.
    alone: bool,
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
        (analyser, weights): (&'a Analyser, &'a WordWeights),
        searcher: &'a Searcher,
        fields: &'a Fields,
    ) -> Self {
        let mut plan = Self {
            terms: Terms::new(searcher, fields),
            analyser,
            weights,
            units: Vec::new(),
            bridges: Vec::new(),
            fixed: Vec::new(),
            // What is left out is left out whole.
            alone: false,
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
        plan.alone = plan.units.len() == 1 && plan.fixed.is_empty();
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
                let inner = self.strict(*inner);
                self.fixed
                    .extend(inner.map(|inner| Clause::Not(Box::new(inner))));
            }
            Node::Words { .. } | Node::Phrase { .. } | Node::Any(_) | Node::Every(_) => {
                let strict = self.strict(node);
                self.fixed.extend(strict);
            }
            Node::Fact(fact) => {
                let fact = self.fact(fact);
                self.fixed.extend(fact.map(Clause::scoreless));
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
    fn strict(&mut self, node: Node) -> Option<Clause> {
        match node {
            Node::Words { text, part, end } => {
                let mut units = units(self.analyser.words(&text), end);
                if units.iter().any(|unit| !unit.stop) {
                    units.retain(|unit| !unit.stop);
                }
                let musts: Vec<Clause> = units
                    .iter()
                    .flat_map(|unit| self.literal(unit, part))
                    .collect();
                Clause::every(musts)
            }
            Node::Phrase { text, part } => self.phrase(&text, part),
            Node::Fact(fact) => self.fact(fact).map(Clause::scoreless),
            Node::Not(inner) => Some(Clause::Not(Box::new(self.strict(*inner)?))),
            Node::Any(nodes) => {
                let parts = nodes
                    .into_iter()
                    .filter_map(|node| self.strict(node))
                    .collect();
                Clause::any(parts)
            }
            Node::Every(nodes) => {
                let parts = nodes
                    .into_iter()
                    .filter_map(|node| self.strict(node))
                    .collect();
                Clause::every(parts)
            }
        }
    }

    /// A phrase in a part; outside of titles also in what carries no ticket up.
    fn phrase(&self, text: &str, part: Part) -> Option<Clause> {
        let rest = self.terms.fields().rest;
        let also = matches!(part, Part::Any | Part::Answer);
        let cells = phrase_cells(self.analyser, text);
        match cells.as_slice() {
            [] => None,
            [(_, only)] if is_character(only) && part == Part::Any => self.character(only, part),
            [(_, only)] => {
                let mut found = vec![self.terms.word(part, only, 1.0)];
                found.extend(also.then(|| self.terms.term(rest, only, 1.0)));
                Clause::any(found)
            }
            cells => {
                let mut found = vec![self.terms.phrase(part, cells)];
                found.extend(also.then(|| self.terms.phrase_in(rest, cells)));
                Clause::any(found)
            }
        }
    }

    /// Documents with a Chinese character.
    fn character(&self, text: &str, part: Part) -> Option<Clause> {
        let mut found = vec![self.terms.word(part, text, 1.0)];
        let begun = self
            .terms
            .beginning(part, text, self.weights.edge, self.alone);
        found.extend(begun);
        Clause::any(found)
    }

    fn fact(&mut self, fact: Fact) -> Option<Clause> {
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
            Fact::Date(days) => (Some(self.terms.days(&days)), days.written),
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

    fn cause(&self, text: &str) -> Option<Clause> {
        let field = self.terms.fields().cause;
        if self.terms.frequency(field, &format!("i:{text}")) > 0 {
            return Some(self.terms.term(field, &format!("i:{text}"), 1.0));
        }
        let mut terms = Vec::new();
        self.analyser
            .terms(text, |term, _| terms.push(term.to_owned()));
        terms.retain(|term| term.chars().count() <= 2 || term.is_ascii());
        Clause::every(
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
            let clause = self.terms.term(field, &term, 1.0);
            self.fixed.push(clause.scoreless());
        }
    }
}
