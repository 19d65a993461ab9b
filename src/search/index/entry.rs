//! A document of ours as entries of the index: one a ticket, one a passage of an article.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crossbeam_channel::{Receiver, Sender, bounded};
use tantivy::schema::{Field, OwnedValue};

use super::schema::{Fields, PINYIN_GRAM, PINYIN_PAIR, TYPE_MARK, fold_category};
use super::stream::push;
use super::zone::pack;
use crate::model::DocNo;
use crate::search::analysis::{Analyser, Chunk, cells};
use crate::search::query::day_number;
use crate::search::{Document, Kind};
use crate::text::fold::{fold, is_cjk};
use crate::text::pinyin::{DOUBLE, readings};

/// Letters of a Latin word's beginnings that are kept as terms; longer ones are looked up.
pub const EDGE_LETTERS: usize = 3;

/// Bytes of the terms of a text beside its own: a pair of characters for each, and their places.
const TERM_BYTES: usize = 4;

/// Cells between texts that are no neighbours.
const GAP: u32 = 8;

/// Fields of an entry at most.
const FIELDS: usize = 15;

/// An entry on its way into the index, one of a group that one thread of the index writes.
///
/// That thread makes the values of the whole group when it comes to its first entry: made earlier
/// they would be several times the text's size while they wait, made one by one they would drive
/// out of the processor's caches what writing needs, and be driven out by it.
pub struct Entry {
    group: Arc<Group>,
    nth: usize,
}

/// Entries that are made and written together.
struct Group {
    /// Documents, and their places: 0 = ticket, else the passage of an article, from 1.
    parts: Vec<(Arc<Document>, u64)>,
    analyser: Arc<Analyser>,
    fields: Fields,
    values: OnceLock<Vec<Values>>,
    _slot: Slot,
}

/// What an entry has in each field.
type Values = Vec<(Field, OwnedValue)>;

/// The entries of some documents, with the numbers of these.
pub fn entries(
    documents: &[Arc<Document>],
    analyser: &Arc<Analyser>,
    fields: &Fields,
    slot: Slot,
) -> Vec<(DocNo, Entry)> {
    let parts = documents.iter().flat_map(|document| {
        let places = match document.kind {
            Kind::Ticket => 0..=0,
            Kind::Article => 1..=document.passages.len().max(1) as u64,
        };
        places.map(|place| (Arc::clone(document), place))
    });
    let group = Arc::new(Group {
        parts: parts.collect(),
        analyser: Arc::clone(analyser),
        fields: *fields,
        values: OnceLock::new(),
        _slot: slot,
    });
    let numbers = group.parts.iter().map(|(document, _)| document.doc);
    let entry = |(nth, doc)| {
        let group = Arc::clone(&group);
        (doc, Entry { group, nth })
    };
    numbers.enumerate().map(entry).collect()
}

impl tantivy::Document for Entry {
    type Value<'a> = &'a OwnedValue;
    type FieldsValuesIter<'a> =
        std::iter::Map<std::slice::Iter<'a, (Field, OwnedValue)>, Borrow<'a>>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let borrow: Borrow<'_> = |(field, value)| (*field, value);
        let values = self.group.values.get_or_init(|| self.group.make());
        let own = values.get(self.nth).map_or(&[][..], Vec::as_slice);
        own.iter().map(borrow)
    }
}

type Borrow<'a> = fn(&'a (Field, OwnedValue)) -> (Field, &'a OwnedValue);

impl Group {
    fn make(&self) -> Vec<Values> {
        let parts = self.parts.iter();
        let make = |(document, place): &(Arc<Document>, u64)| {
            values(document, *place, &self.analyser, &self.fields)
        };
        parts.map(make).collect()
    }
}

/// Groups that wait for the index at once, each until it is written.
pub struct Slots {
    taken: Sender<()>,
    freed: Receiver<()>,
}

/// One of them.
#[derive(Default)]
pub struct Slot(Option<Receiver<()>>);

impl Slots {
    pub fn new(count: usize) -> Self {
        let (taken, freed) = bounded(count);
        Self { taken, freed }
    }

    /// Waits until one is free.
    pub fn take(&self) -> Slot {
        // Both ends are ours.
        let _ = self.taken.send(());
        Slot(Some(self.freed.clone()))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let freed = self.0.as_ref().map(Receiver::try_recv);
        debug_assert!(freed.is_none_or(|freed| freed.is_ok()));
    }
}

fn values(document: &Document, place: u64, analyser: &Analyser, fields: &Fields) -> Values {
    let mut making = Making::new(document, analyser, fields, place);
    if place == 0 {
        let customer = without(&document.customer, &document.question);
        making.finish(
            &[&document.title],
            &[&document.question, customer.0, customer.1],
            &[&document.agent],
            &[&document.holding, &document.sections],
        );
    } else {
        let passage = usize::try_from(place - 1).ok();
        let passage = passage.and_then(|nth| document.passages.get(nth));
        let (heading, text) = passage.map_or(("", ""), |p| (&p.heading, &p.text));
        making.finish(&[&document.title, heading], &[], &[text], &[]);
    }
    making.out
}

/// A text around the first place where another stands in it, which is not said twice.
fn without<'a>(text: &'a str, part: &str) -> (&'a str, &'a str) {
    let part = part.trim();
    if part.is_empty() {
        return (text, "");
    }
    text.split_once(part).unwrap_or((text, ""))
}

/// The values of an entry in the making.
struct Making<'a> {
    document: &'a Document,
    analyser: &'a Analyser,
    fields: &'a Fields,
    out: Values,
    edges: Vec<Edge>,
}

impl<'a> Making<'a> {
    fn new(document: &'a Document, analyser: &'a Analyser, fields: &'a Fields, place: u64) -> Self {
        let mut making = Self {
            document,
            analyser,
            fields,
            out: Vec::with_capacity(FIELDS),
            edges: Vec::new(),
        };
        making.number(fields.doc, u64::from(document.doc.0));
        making.number(fields.place, place);
        let mut id = String::new();
        push(&mut id, document.id.as_str(), 0);
        making.text(fields.id, id);
        making.facts(place);
        making
    }

    fn number(&mut self, field: Field, value: u64) {
        self.out.push((field, OwnedValue::U64(value)));
    }

    fn text(&mut self, field: Field, value: String) {
        self.out.push((field, OwnedValue::Str(value)));
    }

    /// What filters ask for.
    fn facts(&mut self, place: u64) {
        if let Some(date) = self.document.date {
            self.number(self.fields.date, day_number(date));
        }
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
            self.text(self.fields.category, terms);
            let written = format!("{product}{TYPE_MARK}{issue_type}");
            self.text(self.fields.column, written);
            let mut state = String::new();
            push(&mut state, self.document.state.name(), 0);
            self.text(self.fields.state, state);
        }
        let mut datasets = String::new();
        for dataset in &self.document.datasets {
            push(&mut datasets, &fold(dataset), 0);
        }
        self.text(self.fields.dataset, datasets);
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
        let (question, turns) = ask.split_at(ask.len().min(1));
        let mut cell = 0;
        let mut all = value_of(&[title, ask, answer, &names, &labels]);
        self.terms(title, &mut cell, Edges::All, &mut all);
        let title_terms = all.clone();
        let asked = cell;
        self.terms(question, &mut cell, Edges::Characters, &mut all);
        self.terms(turns, &mut cell, Edges::None, &mut all);
        let answered = cell;
        self.terms(answer, &mut cell, Edges::None, &mut all);
        let labelled = cell;
        let before = all.len();
        self.terms(&names, &mut cell, Edges::All, &mut all);
        let mut cause_terms = all.get(before..).unwrap_or_default().to_owned();
        self.terms(&labels, &mut cell, Edges::All, &mut all);
        let mut rest_terms = value_of(&[rest]);
        self.terms(rest, &mut 0, Edges::None, &mut rest_terms);
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
        let replies = self.document.reply_names.iter().map(String::as_str);
        let titles = title.iter().chain(&names).copied();
        let spoken: Vec<&str> = titles.chain(replies).collect();
        self.number(fields.bounds, pack([asked, answered, labelled]));
        for (field, value) in [
            (fields.title, title_terms),
            (fields.rest, rest_terms),
            (fields.cause, cause_terms),
            (fields.all, all),
            (fields.edge, edges),
            (fields.pinyin, pinyin_terms(&spoken)),
        ] {
            if !value.is_empty() {
                self.text(field, value);
            }
        }
    }

    /// Appends the terms of some texts, one after the other from a cell on, to a field's value.
    fn terms(&mut self, texts: &[&str], cell: &mut u32, kept: Edges, value: &mut String) {
        let edges = &mut self.edges;
        for text in texts.iter().filter(|text| !text.is_empty()) {
            let base = *cell;
            let mut last = base;
            self.analyser.terms(text, |term, at| {
                push(value, term, base + at);
                last = last.max(base + at);
                add_edges(edges, term, kept);
            });
            *cell = last + GAP;
        }
    }
}

/// A field's value with room for the terms of some texts.
fn value_of(texts: &[&[&str]]) -> String {
    let texts = texts.iter().flat_map(|texts| texts.iter());
    let bytes: usize = texts.map(|text| text.len()).sum();
    String::with_capacity(bytes * TERM_BYTES)
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

/// Two neighbouring syllables as a term of the pinyin field.
pub fn pair(a: &str, b: &str) -> String {
    format!("{a}{PINYIN_PAIR}{b}")
}

/// Two neighbouring initials as a term of the pinyin field: alone they stand in most titles.
pub fn initials(a: char, b: char) -> String {
    [PINYIN_GRAM, a, b].into_iter().collect()
}

/// How a character is spelled.
#[derive(Default)]
struct Spelling {
    /// Its syllables.
    syllables: Cow<'static, [&'static str]>,
    /// The first letters of these, or a letter or digit itself.
    initials: Vec<char>,
}

impl Spelling {
    fn of(c: char) -> Self {
        if c.is_ascii() {
            return Self {
                initials: vec![c],
                ..Self::default()
            };
        }
        let syllables = readings(c);
        let mut initials: Vec<char> = Vec::with_capacity(1);
        for first in syllables.iter().filter_map(|text| text.chars().next()) {
            if !initials.contains(&first) {
                initials.push(first);
            }
        }
        Self {
            syllables,
            initials,
        }
    }

    /// Appends it at a cell to the pinyin field's value. Single letters are only asked for in pairs.
    fn push(&self, value: &mut String, cell: u32) {
        let double = |text: &&'static str| text.get(..2).filter(|two| DOUBLE.contains(two));
        let mut doubles: Vec<&str> = self.syllables.iter().filter_map(double).collect();
        doubles.sort_unstable();
        doubles.dedup();
        let plain = self.syllables.iter().filter(|text| text.len() > 1);
        for piece in doubles.iter().chain(plain) {
            push(value, piece, cell);
        }
    }

    /// Appends it with what follows it, from its cell on.
    fn push_with(&self, next: &Self, value: &mut String, cell: u32) {
        for a in &self.initials {
            for b in &next.initials {
                push(value, &initials(*a, *b), cell);
            }
        }
        for a in self.syllables.iter() {
            for b in next.syllables.iter() {
                push(value, &pair(a, b), cell);
            }
        }
    }
}

/// The pinyin of short texts: at the cell of each character its syllables and double initials, and
/// both together with the next one's.
fn pinyin_terms(texts: &[&str]) -> String {
    let mut value = String::new();
    let mut cell = 0;
    for text in texts {
        let folded = fold(text);
        let mut before: Option<Spelling> = None;
        for chunk in cells(&folded) {
            // Letters stand one a cell here, so that `cdnzs` is five neighbours.
            let text = match chunk {
                Chunk::Chinese { text, .. } | Chunk::Latin { text, .. } => text,
            };
            for c in text.chars().filter(|c| c.is_alphanumeric()) {
                let spelling = Spelling::of(c);
                if let Some(before) = before {
                    before.push_with(&spelling, &mut value, cell - 1);
                }
                spelling.push(&mut value, cell);
                before = Some(spelling);
                cell += 1;
            }
        }
        cell += GAP;
    }
    value
}
