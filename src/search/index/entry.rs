//! A document of ours as entries of the index: one a ticket, one a passage of an article.

use tantivy::TantivyDocument;

use super::schema::{Fields, PINYIN_GRAM, TYPE_MARK, fold_category};
use super::stream::push;
use super::zone::pack;
use crate::search::analysis::{Analyser, Chunk, cells};
use crate::search::{Document, Kind};
use crate::text::fold::{fold, is_cjk};
use crate::text::pinyin::readings;

/// Letters of a Latin word's beginnings that are kept as terms; longer ones are looked up.
pub const EDGE_LETTERS: usize = 3;

/// Cells between texts that are no neighbours.
const GAP: u32 = 8;

/// Initials of two letters.
pub const DOUBLE: [&str; 3] = ["zh", "ch", "sh"];

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
    edges: Vec<Edge>,
}

impl<'a> Entry<'a> {
    fn new(document: &'a Document, analyser: &'a Analyser, fields: &'a Fields, place: u64) -> Self {
        let mut entry = Self {
            document,
            analyser,
            fields,
            out: TantivyDocument::new(),
            edges: Vec::new(),
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
        let names: Vec<&str> = self
            .document
            .causes
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        let mut labels: Vec<&str> = Vec::new();
        if let Some(category) = &self.document.category {
            labels.extend([category.product.as_str(), category.issue_type.as_str()]);
        }
        labels.extend(self.document.scenarios.iter().map(String::as_str));
        labels.extend(self.document.reply_names.iter().map(String::as_str));
        let mut cell = 0;
        let title_terms = self.terms(title, &mut cell, Edges::All);
        let asked = cell;
        let (question, turns) = ask.split_at(ask.len().min(1));
        let mut all = title_terms.clone();
        let mut ask_terms = self.terms(question, &mut cell, Edges::Characters);
        ask_terms.push_str(&self.terms(turns, &mut cell, Edges::None));
        all.push_str(&ask_terms);
        let answered = cell;
        let answer_terms = self.terms(answer, &mut cell, Edges::None);
        all.push_str(&answer_terms);
        let labelled = cell;
        let mut cause_terms = self.terms(&names, &mut cell, Edges::All);
        all.push_str(&cause_terms);
        all.push_str(&self.terms(&labels, &mut cell, Edges::All));
        let rest_terms = self.terms(rest, &mut 0, Edges::None);
        for (id, _) in &self.document.causes {
            if let Some(id) = id {
                push(&mut cause_terms, &format!("i:{id}"), 0);
            }
        }
        self.edges.sort_unstable();
        self.edges.dedup();
        let mut edges = String::with_capacity(self.edges.len() * 5);
        for edge in &self.edges {
            edge.push(&mut edges);
        }
        let spoken: Vec<&str> = title.iter().chain(&labels).chain(&names).copied().collect();
        self.out
            .add_u64(fields.bounds, pack([asked, answered, labelled]));
        for (field, value) in [
            (fields.title, title_terms),
            (fields.ask, ask_terms),
            (fields.answer, answer_terms),
            (fields.rest, rest_terms),
            (fields.cause, cause_terms),
            (fields.all, all),
            (fields.edge, edges),
            (fields.pinyin, pinyin_terms(&spoken)),
        ] {
            if !value.is_empty() {
                self.out.add_text(field, value);
            }
        }
    }

    /// The terms of some texts one after the other from a cell on, as a field's value.
    fn terms(&mut self, texts: &[&str], cell: &mut u32, kept: Edges) -> String {
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let mut value = String::with_capacity(bytes * 4);
        let edges = &mut self.edges;
        for text in texts.iter().filter(|text| !text.is_empty()) {
            let base = *cell;
            let mut last = base;
            self.analyser.terms(text, |term, at| {
                push(&mut value, term, base + at);
                last = last.max(base + at);
                add_edges(edges, term, kept);
            });
            *cell = last + GAP;
        }
        value
    }
}

/// Which short beginnings of a text are kept as terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edges {
    None,
    /// Chinese characters.
    Characters,
    /// Chinese characters and the first letters of Latin words.
    All,
}

/// A Chinese character, or up to three letters with a mark above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge(u32);

impl Edge {
    const LETTERS: u32 = 1 << 31;

    fn character(c: char) -> Self {
        Self(u32::from(c))
    }

    fn letters(letters: &[u8]) -> Self {
        let packed = letters
            .iter()
            .fold(0, |all, letter| (all << 8) | u32::from(*letter));
        Self(packed | Self::LETTERS)
    }

    /// Appends it to a field's value as a term.
    fn push(self, value: &mut String) {
        let mut buffer = [0; 4];
        if self.0 & Self::LETTERS == 0 {
            let c = char::from_u32(self.0).unwrap_or_default();
            push(value, c.encode_utf8(&mut buffer), 0);
            return;
        }
        let bytes = (self.0 ^ Self::LETTERS).to_be_bytes();
        let first = bytes
            .iter()
            .position(|byte| *byte != 0)
            .unwrap_or(bytes.len());
        let letters = bytes
            .get(first..)
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        push(value, letters.unwrap_or_default(), 0);
    }
}

/// Bytes of the longest pair of Chinese characters: what is longer is a word made of pairs.
const PAIR_BYTES: usize = 8;

/// Adds the first letters of a Latin term, or the characters of a Chinese one.
fn add_edges(edges: &mut Vec<Edge>, term: &str, kept: Edges) {
    if kept == Edges::None {
        return;
    }
    if term.is_ascii() {
        if kept == Edges::All {
            let longest = EDGE_LETTERS.min(term.len());
            let starts = (1..=longest).filter_map(|end| term.as_bytes().get(..end));
            edges.extend(starts.map(Edge::letters));
        }
        return;
    }
    let known = term.len() > PAIR_BYTES && term.chars().next().is_some_and(is_cjk);
    if !known {
        edges.extend(term.chars().map(Edge::character));
    }
}

/// The pinyin of short texts: at the cell of each character its syllables and double initials, and
/// its initial with the next one's, because initials alone stand in most titles.
fn pinyin_terms(texts: &[&str]) -> String {
    let mut value = String::new();
    let mut cell = 0;
    let mut gram = String::new();
    let (mut before, mut initials): (Vec<u8>, Vec<u8>) = Default::default();
    for text in texts {
        let folded = fold(text);
        before.clear();
        for chunk in cells(&folded) {
            // Letters stand one a cell here, so that `cdnzs` is five neighbours.
            let text = match chunk {
                Chunk::Chinese { text, .. } | Chunk::Latin { text, .. } => text,
            };
            for c in text.chars().filter(|c| c.is_alphanumeric()) {
                let pieces = spellings(c);
                initials.clear();
                initials.extend(u8::try_from(c).ok().filter(u8::is_ascii));
                for first in pieces.iter().filter_map(|piece| piece.bytes().next()) {
                    if !initials.contains(&first) {
                        initials.push(first);
                    }
                }
                for a in &before {
                    for b in &initials {
                        gram.clear();
                        gram.extend([PINYIN_GRAM, char::from(*a), char::from(*b)]);
                        push(&mut value, &gram, cell - 1);
                    }
                }
                std::mem::swap(&mut before, &mut initials);
                // Single letters are only asked for in pairs.
                for piece in pieces.iter().filter(|piece| piece.len() > 1) {
                    push(&mut value, piece, cell);
                }
                cell += 1;
            }
        }
        cell += GAP;
    }
    value
}

/// The double initials and syllables of a Chinese character, each once; of others nothing.
fn spellings(c: char) -> Vec<&'static str> {
    let mut pieces: Vec<&'static str> = Vec::new();
    if c.is_ascii() {
        return pieces;
    }
    for reading in readings(c).iter().copied() {
        let double = reading.get(..2).filter(|two| DOUBLE.contains(two));
        for piece in double.into_iter().chain([reading]) {
            if !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
    }
    pieces
}
