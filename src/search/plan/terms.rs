//! Terms of the index: looked up, enumerated and made into queries.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::rc::Rc;
use std::sync::Arc;

use tantivy::query::{PhraseQuery, RangeQuery};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{Searcher, SegmentReader, Term};

use crate::search::clause::{Clause, Known};
use crate::search::index::{EDGE_LETTERS, Fields, TYPE_MARK, Zone, ZoneQuery, fold_category};
use crate::search::query::{Days, Part};
use crate::text::fold::fold;

/// Beginnings are looked up in this many terms of a segment at most.
const SCANNED: usize = 500;

/// Words that a beginning stands for at most, the most frequent first.
pub(super) const EXPANSIONS: usize = 8;

/// Words of a beginning that each segment proposes.
const CANDIDATES: usize = 32;

/// Hits from which it does not matter who says the words, which are common.
pub const MANY: usize = 20_000;

/// Values of a fact that a query may mean at once.
const VALUES: usize = 32;

/// The terms of one state of the index. What was looked up is remembered: every step of a query
/// asks for the same.
pub struct Terms<'a> {
    pub(super) searcher: &'a Searcher,
    fields: &'a Fields,
    known: RefCell<HashMap<(Field, String), Arc<Known>>>,
    averages: RefCell<HashMap<Field, f32>>,
    /// Words near others.
    near: RefCell<HashMap<(Field, String), Vec<String>>>,
    /// Words by their beginnings.
    longer: RefCell<HashMap<String, Rc<[String]>>>,
    /// Names of categories by their mark.
    names: RefCell<HashMap<String, Rc<BTreeSet<String>>>>,
    /// What letters spell.
    pub(super) spelled: RefCell<HashMap<String, Option<Clause>>>,
}

impl<'a> Terms<'a> {
    /// The terms of a searcher.
    pub fn new(searcher: &'a Searcher, fields: &'a Fields) -> Self {
        Self {
            searcher,
            fields,
            known: RefCell::default(),
            averages: RefCell::default(),
            near: RefCell::default(),
            longer: RefCell::default(),
            names: RefCell::default(),
            spelled: RefCell::default(),
        }
    }

    /// The fields.
    pub fn fields(&self) -> &'a Fields {
        self.fields
    }

    /// A term looked up.
    pub fn known(&self, field: Field, text: &str) -> Arc<Known> {
        let key = (field, text.to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return Arc::clone(known);
        }
        let segments = self.searcher.segment_readers().iter();
        let infos = segments.map(|segment| {
            // What cannot be read has nothing; whoever reads the lists is told.
            let inverted = segment.inverted_index(field).ok()?;
            inverted.terms().get(text.as_bytes()).ok().flatten()
        });
        let known = Arc::new(Known::new(
            field,
            infos.collect(),
            self.documents(),
            self.average(field),
        ));
        self.known.borrow_mut().insert(key, Arc::clone(&known));
        known
    }

    /// Entries of the index, deleted ones included.
    fn documents(&self) -> u64 {
        let segments = self.searcher.segment_readers().iter();
        segments.map(|segment| u64::from(segment.max_doc())).sum()
    }

    /// Terms of a field in an entry on average.
    fn average(&self, field: Field) -> f32 {
        if let Some(average) = self.averages.borrow().get(&field) {
            return *average;
        }
        let segments = self.searcher.segment_readers().iter();
        let terms: u64 = segments
            .filter_map(|segment| segment.inverted_index(field).ok())
            .map(|inverted| inverted.total_num_tokens())
            .sum();
        let average = terms as f32 / self.documents() as f32;
        self.averages.borrow_mut().insert(field, average);
        average
    }

    /// Documents with a term, deleted ones included until they are merged away.
    pub fn frequency(&self, field: Field, text: &str) -> u64 {
        self.known(field, text).frequency
    }

    /// A term with a weight.
    pub fn term(&self, field: Field, text: &str, weight: f32) -> Clause {
        Clause::Term(self.known(field, text), weight)
    }

    /// Documents with a character, or with a word that begins with up to three letters.
    pub fn edge(&self, text: &str, weight: f32) -> Clause {
        Clause::Alike(Box::new(self.term(self.fields.edge, text, 1.0)), weight)
    }

    /// Documents with a phrase in a part: terms with their cells from the first.
    pub fn phrase(&self, part: Part, cells: &[(usize, String)]) -> Clause {
        match zone(part) {
            Some(zone) => self.zoned(zone, cells),
            None => self.phrase_in(self.fields.all, cells),
        }
    }

    /// Documents with a phrase in a field.
    pub fn phrase_in(&self, field: Field, cells: &[(usize, String)]) -> Clause {
        let terms = cells
            .iter()
            .map(|(cell, text)| (*cell, Term::from_field_text(field, text)))
            .collect();
        Clause::Library(Arc::new(PhraseQuery::new_with_offset(terms)), 1.0)
    }

    fn zoned(&self, zone: Zone, cells: &[(usize, String)]) -> Clause {
        let terms = cells
            .iter()
            .map(|(cell, text)| (*cell as u32, Term::from_field_text(self.fields.all, text)))
            .collect();
        Clause::Library(Arc::new(ZoneQuery::new(zone, terms)), 1.0)
    }

    /// Documents with a term in a part, scored by the whole text.
    pub fn word(&self, part: Part, text: &str, weight: f32) -> Clause {
        let anywhere = self.term(self.fields.all, text, weight);
        match zone(part) {
            None => anywhere,
            Some(zone) => Clause::All(vec![anywhere, self.zoned(zone, &[(0, text.to_owned())])]),
        }
    }

    /// Documents with a longer word in a part that begins so.
    ///
    /// Where nothing else is asked, those that have it in front are often very many: the others
    /// are left out then.
    pub fn beginning(&self, part: Part, text: &str, weight: f32, alone: bool) -> Option<Clause> {
        let mut ways: Vec<Clause> = Vec::new();
        let mut many = false;
        if part == Part::Any && text.chars().count() <= EDGE_LETTERS {
            ways.push(self.edge(text, weight));
            many = alone && self.frequency(self.fields.edge, text) >= MANY as u64;
        }
        if !many {
            let longer = self.longer(text);
            ways.extend(longer.iter().map(|term| self.word(part, term, weight)));
        }
        Clause::any(ways)
    }

    /// The words that a beginning stands for: the most frequent longer ones.
    pub fn longer(&self, text: &str) -> Rc<[String]> {
        // All words with one letter are too many to choose from.
        if text.len() < 2 {
            return Rc::default();
        }
        if let Some(longer) = self.longer.borrow().get(text) {
            return Rc::clone(longer);
        }
        let mut longer = self.frequent(self.fields.all, text, EXPANSIONS + 1);
        longer.retain(|term| term != text);
        longer.truncate(EXPANSIONS);
        let longer: Rc<[String]> = longer.into();
        let key = text.to_owned();
        self.longer.borrow_mut().insert(key, Rc::clone(&longer));
        longer
    }

    /// The most frequent terms that begin with a text, of those that come first in each segment.
    pub fn frequent(&self, field: Field, text: &str, limit: usize) -> Vec<String> {
        let mut sums: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            // Only the most frequent of each segment: to make a string of every term costs more
            // than to find it.
            let mut best: Vec<(u32, String)> = Vec::new();
            let mut least = 0;
            self.scan(segment, field, text, SCANNED, |term, frequency| {
                if frequency <= least {
                    return;
                }
                best.push((frequency, term.to_owned()));
                if best.len() >= 2 * CANDIDATES {
                    best.sort_by(|a, b| b.cmp(a));
                    best.truncate(CANDIDATES);
                    least = best.last().map_or(0, |(frequency, _)| *frequency);
                }
            });
            for (frequency, term) in best {
                *sums.entry(term).or_default() += u64::from(frequency);
            }
        }
        let mut found: Vec<(String, u64)> = sums.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(limit);
        found.into_iter().map(|(term, _)| term).collect()
    }

    /// Calls `each` with the first terms of a segment that begin with a text, at most `limit`.
    fn scan(
        &self,
        segment: &SegmentReader,
        field: Field,
        text: &str,
        limit: usize,
        mut each: impl FnMut(&str, u32),
    ) {
        // What cannot be read has no terms; whoever reads the lists is told.
        let Ok(inverted) = segment.inverted_index(field) else {
            return;
        };
        let Ok(mut stream) = inverted.terms().range().ge(text.as_bytes()).into_stream() else {
            return;
        };
        let mut seen = 0;
        while seen < limit && stream.advance() {
            if !stream.key().starts_with(text.as_bytes()) {
                break;
            }
            seen += 1;
            if let Ok(term) = std::str::from_utf8(stream.key()) {
                each(term, stream.value().doc_freq);
            }
        }
    }

    /// The terms that begin with a text, of at most `limit` a segment.
    fn range(&self, field: Field, text: &str, limit: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            self.scan(segment, field, text, limit, |term, _| {
                found.insert(term.to_owned());
            });
        }
        found
    }

    /// The term of a node of the category tree.
    pub fn category_term(product: &str, issue_type: Option<&str>) -> String {
        let product = fold_category(product);
        match issue_type {
            None => format!("p:{product}"),
            Some(issue_type) => format!("c:{product}{TYPE_MARK}{}", fold_category(issue_type)),
        }
    }

    /// Tickets of a category as typed: exactly it, else every one whose name holds it.
    pub fn category(&self, text: &str) -> Option<Clause> {
        let category = crate::model::Category::parse(text)?;
        let product = fold_category(&category.product);
        let issue_type = fold_category(&category.issue_type);
        if issue_type.is_empty() {
            return self.named("p:", |name| name == product).or_else(|| {
                self.named("p:", |name| name.contains(&product))
                    .or_else(|| self.issue_type(text))
            });
        }
        let exact = format!("{product}{TYPE_MARK}{issue_type}");
        self.named("c:", |name| name == exact).or_else(|| {
            self.named("c:", |name| {
                name.split_once(TYPE_MARK)
                    .is_some_and(|(p, t)| p.contains(&product) && t.contains(&issue_type))
            })
        })
    }

    /// Tickets of an issue type as typed.
    pub fn issue_type(&self, text: &str) -> Option<Clause> {
        let issue_type = fold_category(text);
        self.named("t:", |name| name == issue_type)
            .or_else(|| self.named("t:", |name| name.contains(&issue_type)))
    }

    pub(super) fn named(&self, mark: &str, holds: impl Fn(&str) -> bool) -> Option<Clause> {
        let all = {
            let mut names = self.names.borrow_mut();
            let all = names
                .entry(mark.to_owned())
                .or_insert_with(|| Rc::new(self.range(self.fields.category, mark, usize::MAX)));
            Rc::clone(all)
        };
        Clause::any(
            all.iter()
                .filter(|term| term.strip_prefix(mark).is_some_and(&holds))
                .take(VALUES)
                .map(|term| self.term(self.fields.category, term, 1.0))
                .collect(),
        )
    }

    /// Documents of a dataset as typed: exactly it, else every one whose name holds it.
    pub fn dataset(&self, text: &str) -> Option<Clause> {
        let folded = fold(text);
        let field = self.fields.dataset;
        if self.frequency(field, &folded) > 0 {
            return Some(self.term(field, &folded, 1.0));
        }
        Clause::any(
            self.range(field, "", usize::MAX)
                .iter()
                .filter(|name| name.contains(&folded))
                .take(VALUES)
                .map(|name| self.term(field, name, 1.0))
                .collect(),
        )
    }

    /// Documents of some days.
    pub fn days(&self, days: &Days) -> Clause {
        let bound = |day: u64| Bound::Included(Term::from_field_u64(self.fields.date, day));
        let range = RangeQuery::new(bound(days.first), bound(days.last));
        Clause::Library(Arc::new(range), 0.0)
    }

    /// Documents whose id begins so.
    pub fn id(&self, text: &str) -> Option<Clause> {
        let folded = fold(text);
        // `ID.N` names a passage of an article.
        let id = folded.split('.').next().unwrap_or_default();
        Clause::any(
            self.range(self.fields.id, id, VALUES)
                .iter()
                .map(|id| self.term(self.fields.id, id, 1.0))
                .collect(),
        )
    }

    /// Words of the index one letter away from a Latin word, the most frequent first.
    pub fn near(&self, field: Field, word: &str) -> Vec<String> {
        if word.len() < 3 || !word.is_ascii() || word.bytes().all(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let key = (field, word.to_owned());
        if let Some(known) = self.near.borrow().get(&key) {
            return known.clone();
        }
        let found = self.look_near(field, word);
        self.near.borrow_mut().insert(key, found.clone());
        found
    }

    fn look_near(&self, field: Field, word: &str) -> Vec<String> {
        let segments = self.searcher.segment_readers().iter();
        let inverted: Vec<_> = segments
            .filter_map(|segment| segment.inverted_index(field).ok())
            .collect();
        let mut found: Vec<(u64, String)> = Vec::new();
        for near in one_edit(word) {
            let in_segment = |terms: &TermDictionary| terms.get(near.as_bytes()).ok().flatten();
            let infos = inverted.iter().filter_map(|i| in_segment(i.terms()));
            let frequency: u64 = infos.map(|info| u64::from(info.doc_freq)).sum();
            if frequency > 0 {
                found.push((frequency, near));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        found.dedup();
        found.truncate(EXPANSIONS);
        found.into_iter().map(|(_, near)| near).collect()
    }
}

/// The part of the one text that a query's part is; `None` = all of it.
fn zone(part: Part) -> Option<Zone> {
    match part {
        Part::Any => None,
        Part::Ask => Some(Zone::Ask),
        Part::Answer => Some(Zone::Answer),
        Part::Title => Some(Zone::Title),
    }
}

/// What one insertion, deletion, replacement or swap makes of a word of ASCII letters.
fn one_edit(word: &str) -> Vec<String> {
    let bytes = word.as_bytes();
    let alphabet: Vec<u8> = (b'a'..=b'z').chain(b'0'..=b'9').collect();
    let mut edits: Vec<Vec<u8>> = Vec::new();
    for at in 0..=bytes.len() {
        let (before, after) = bytes.split_at(at);
        for letter in &alphabet {
            edits.push([before, &[*letter], after].concat());
            if let Some((replaced, rest)) = after.split_first()
                && replaced != letter
            {
                edits.push([before, &[*letter], rest].concat());
            }
        }
        if let Some((_, rest)) = after.split_first() {
            edits.push([before, rest].concat());
        }
        if let [a, b, rest @ ..] = after
            && a != b
        {
            edits.push([before, &[*b, *a], rest].concat());
        }
    }
    edits.sort();
    edits.dedup();
    edits
        .into_iter()
        .filter_map(|edit| String::from_utf8(edit).ok())
        .filter(|edit| edit != word && edit.len() > 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::one_edit;

    #[test]
    fn swaps_and_slips_are_one_edit() {
        let near = one_edit("sll");
        assert!(near.contains(&"ssl".to_owned()));
        assert!(
            one_edit("vedio")
                .iter()
                .all(|w| strsim::osa_distance(w, "vedio") == 1)
        );
        assert!(one_edit("htpps").contains(&"https".to_owned()));
    }
}
