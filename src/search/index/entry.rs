//! A document of ours as entries of the index: one a ticket, one a passage of an article.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;

use super::schema::{Fields, PINYIN_GRAM, TYPE_MARK, fold_category};
use super::stream::push;
use crate::search::analysis::{Analyser, Chunk, cells};
use crate::search::{Document, Kind};
use crate::text::fold::fold;
use crate::text::pinyin::readings;

/// How often a part counts in the one weighted text.
const TITLE_WEIGHT: usize = 2;
const ASK_WEIGHT: usize = 2;

/// Letters of a Latin word's beginnings that are kept as terms; longer ones are looked up.
pub const EDGE_LETTERS: usize = 3;

/// Cells between texts that are no neighbours.
const GAP: u32 = 16;

/// The entries of a document.
pub fn entries(document: &Document, analyser: &Analyser, fields: &Fields) -> Vec<TantivyDocument> {
    match document.kind {
        Kind::Ticket => vec![ticket(document, analyser, fields)],
        Kind::Article => {
            let empty = crate::model::Passage::default();
            let passages = if document.passages.is_empty() {
                std::slice::from_ref(&empty)
            } else {
                &document.passages
            };
            passages
                .iter()
                .zip(1..)
                .map(|(passage, number)| {
                    let mut entry = Entry::new(document, analyser, fields, number);
                    let title = [document.title.as_str(), passage.heading.as_str()];
                    entry.finish(&title, &[], &[&passage.text], &[]);
                    entry.out
                })
                .collect()
        }
    }
}

fn ticket(document: &Document, analyser: &Analyser, fields: &Fields) -> TantivyDocument {
    let mut entry = Entry::new(document, analyser, fields, 0);
    let customer = without(&document.customer, &document.question);
    entry.finish(
        &[&document.title],
        &[&document.question, customer.0, customer.1],
        &[&document.agent],
        &[&document.holding, &document.sections],
    );
    entry.out
}

/// A text around the first place where another stands in it, which is not said twice.
fn without<'a>(text: &'a str, part: &str) -> (&'a str, &'a str) {
    let part = part.trim();
    if part.is_empty() {
        return (text, "");
    }
    text.split_once(part).unwrap_or((text, ""))
}

struct Entry<'a> {
    document: &'a Document,
    analyser: &'a Analyser,
    fields: &'a Fields,
    out: TantivyDocument,
    all: String,
    edges: BTreeSet<String>,
}

impl<'a> Entry<'a> {
    fn new(document: &'a Document, analyser: &'a Analyser, fields: &'a Fields, place: u64) -> Self {
        let mut entry = Self {
            document,
            analyser,
            fields,
            out: TantivyDocument::new(),
            all: String::new(),
            edges: BTreeSet::new(),
        };
        entry.out.add_u64(fields.doc, u64::from(document.doc.0));
        entry.out.add_u64(fields.place, place);
        let mut id = String::new();
        push(&mut id, document.id.as_str(), 0);
        entry.out.add_text(fields.id, id);
        entry.facts(place);
        entry
    }

    /// What filters ask for.
    fn facts(&mut self, place: u64) {
        let (product, issue_type) = self
            .document
            .category
            .as_ref()
            .map_or(("", ""), |category| {
                (category.product.as_str(), category.issue_type.as_str())
            });
        let mut terms = String::new();
        let folded = (fold_category(product), fold_category(issue_type));
        push(&mut terms, &format!("p:{}", folded.0), 0);
        push(&mut terms, &format!("t:{}", folded.1), 0);
        push(
            &mut terms,
            &format!("c:{}{TYPE_MARK}{}", folded.0, folded.1),
            0,
        );
        // Passages have no category, and stand under no node of the tree.
        if place == 0 {
            self.out.add_text(self.fields.category, terms);
            let written = format!("{product}{TYPE_MARK}{issue_type}");
            self.out.add_text(self.fields.column, written);
            let mut state = String::new();
            push(&mut state, self.document.state.name(), 0);
            self.out.add_text(self.fields.state, state);
        }
        let mut datasets = String::new();
        for dataset in &self.document.datasets {
            push(&mut datasets, &fold(dataset), 0);
        }
        self.out.add_text(self.fields.dataset, datasets);
    }

    fn finish(&mut self, title: &[&str], ask: &[&str], answer: &[&str], rest: &[&str]) {
        let fields = self.fields;
        let title_terms = self.terms(title);
        let ask_terms = self.terms(ask);
        let answer_terms = self.terms(answer);
        let rest_terms = self.terms(rest);
        let mut cause_terms = String::new();
        let names: Vec<&str> = self
            .document
            .causes
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        cause_terms.push_str(&self.terms(&names));
        let mut labels: Vec<&str> = Vec::new();
        if let Some(category) = &self.document.category {
            labels.extend([category.product.as_str(), category.issue_type.as_str()]);
        }
        labels.extend(self.document.scenarios.iter().map(String::as_str));
        labels.extend(self.document.reply_names.iter().map(String::as_str));
        let label_terms = self.terms(&labels);
        for _ in 0..TITLE_WEIGHT {
            self.all.push_str(&title_terms);
        }
        for _ in 0..ASK_WEIGHT {
            self.all.push_str(&ask_terms);
        }
        self.all.push_str(&answer_terms);
        self.all.push_str(&cause_terms);
        self.all.push_str(&label_terms);
        for (id, _) in &self.document.causes {
            if let Some(id) = id {
                push(&mut cause_terms, &format!("i:{id}"), 0);
            }
        }
        let mut edges = String::new();
        for edge in &self.edges {
            push(&mut edges, edge, 0);
        }
        let spoken: Vec<&str> = title.iter().chain(&labels).chain(&names).copied().collect();
        let pinyin = pinyin_terms(&spoken);
        for (field, value) in [
            (fields.title, title_terms),
            (fields.ask, ask_terms),
            (fields.answer, answer_terms),
            (fields.rest, rest_terms),
            (fields.cause, cause_terms),
            (fields.all, std::mem::take(&mut self.all)),
            (fields.edge, edges),
            (fields.pinyin, pinyin),
        ] {
            if !value.is_empty() {
                self.out.add_text(field, value);
            }
        }
    }

    /// The terms of some texts one after the other, as a field's value.
    fn terms(&mut self, texts: &[&str]) -> String {
        let mut value = String::new();
        let mut base = 0;
        let edges = &mut self.edges;
        for text in texts {
            let mut last = base;
            self.analyser.terms(text, |term, cell| {
                push(&mut value, term, base + cell);
                last = last.max(base + cell);
                add_edges(edges, term);
            });
            base = last + GAP;
        }
        value
    }
}

/// Adds the first letters of a Latin term, or the characters of a Chinese one.
fn add_edges(edges: &mut BTreeSet<String>, term: &str) {
    let mut buffer = [0; 4];
    if term.is_ascii() {
        for end in 1..=EDGE_LETTERS.min(term.len()) {
            if let Some(edge) = term.get(..end)
                && !edges.contains(edge)
            {
                edges.insert(edge.to_owned());
            }
        }
        return;
    }
    for c in term.chars() {
        let edge = c.encode_utf8(&mut buffer);
        if !edges.contains(edge) {
            edges.insert(edge.to_owned());
        }
    }
}

/// The pinyin of short texts: at the cell of each character the beginnings of its syllables, and
/// its initial with the next one's, because initials alone stand in most titles.
fn pinyin_terms(texts: &[&str]) -> String {
    let mut value = String::new();
    let mut cell = 0;
    for text in texts {
        let folded = fold(text);
        let mut before: Vec<char> = Vec::new();
        for chunk in cells(&folded) {
            // Letters stand one a cell here, so that `cdnzs` is five neighbours.
            let text = match chunk {
                Chunk::Chinese { text, .. } | Chunk::Latin { text, .. } => text,
            };
            for c in text.chars().filter(|c| c.is_alphanumeric()) {
                let pieces = spellings(c);
                let initials: Vec<char> = pieces
                    .iter()
                    .filter(|piece| piece.len() == 1)
                    .filter_map(|piece| piece.chars().next())
                    .collect();
                for (a, b) in before
                    .iter()
                    .flat_map(|a| initials.iter().map(move |b| (a, b)))
                {
                    push(&mut value, &format!("{PINYIN_GRAM}{a}{b}"), cell - 1);
                }
                for piece in &pieces {
                    push(&mut value, piece, cell);
                }
                before = initials;
                cell += 1;
            }
        }
        cell += GAP;
    }
    value
}

/// The beginnings of a character's syllables, or the letter itself.
fn spellings(c: char) -> BTreeSet<String> {
    if c.is_ascii() {
        return BTreeSet::from([c.to_string()]);
    }
    let mut pieces = BTreeSet::new();
    for reading in readings(c) {
        for end in 1..=reading.len() {
            pieces.extend(reading.get(..end).map(str::to_owned));
        }
    }
    pieces
}
