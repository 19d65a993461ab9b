//! Terms of the index: looked up, enumerated and made into queries.

use tantivy::query::{ConstScoreQuery, PhraseQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::{Built, any, boosted};
use crate::search::index::{EDGE_LETTERS, Fields, PINYIN_GRAM, TYPE_MARK, fold_category};
use crate::text::fold::fold;
use crate::text::pinyin::cuts;

/// Beginnings are looked up in this many terms of a segment at most.
const SCANNED: usize = 500;

/// Words that a beginning stands for at most, the most frequent first.
const EXPANSIONS: usize = 8;

/// Ways to cut a string of letters into syllables that are tried.
const CUTS: usize = 8;

/// Letters of a string that may be pinyin.
const PINYIN_LETTERS: std::ops::RangeInclusive<usize> = 2..=24;

/// Values of a fact that a query may mean at once.
const VALUES: usize = 32;

/// The terms of one state of the index.
pub struct Terms<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
}

impl<'a> Terms<'a> {
    /// The terms of a searcher.
    pub fn new(searcher: &'a Searcher, fields: &'a Fields) -> Self {
        Self { searcher, fields }
    }

    /// The fields.
    pub fn fields(&self) -> &'a Fields {
        self.fields
    }

    /// Documents with a term, deleted ones included until they are merged away.
    pub fn frequency(&self, field: Field, text: &str) -> u64 {
        let term = Term::from_field_text(field, text);
        self.searcher.doc_freq(&term).unwrap_or(0)
    }

    /// A term with a weight.
    pub fn term(&self, field: Field, text: &str, weight: f32) -> Built {
        let term = Term::from_field_text(field, text);
        let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
        if (weight - 1.0).abs() < f32::EPSILON {
            query
        } else {
            boosted(query, weight)
        }
    }

    /// Documents with a character, or with a word that begins with up to three letters.
    pub fn edge(&self, text: &str) -> Built {
        let term = Term::from_field_text(self.fields.edge, text);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Box::new(ConstScoreQuery::new(Box::new(query), 1.0))
    }

    /// Documents with a phrase: terms with their cells from the first.
    pub fn phrase(&self, field: Field, cells: &[(usize, String)]) -> Built {
        let terms = cells
            .iter()
            .map(|(cell, text)| (*cell, Term::from_field_text(field, text)))
            .collect();
        Box::new(PhraseQuery::new_with_offset(terms))
    }

    /// Documents with a longer word that begins so.
    pub fn beginning(&self, field: Field, text: &str, weight: f32) -> Option<Built> {
        if field == self.fields.all && text.chars().count() <= EDGE_LETTERS {
            return Some(boosted(self.edge(text), weight));
        }
        let mut found = self.range(field, text, SCANNED);
        found.retain(|(term, _)| term != text && !term.contains('\0'));
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(EXPANSIONS);
        any(found
            .iter()
            .map(|(term, _)| self.term(field, term, weight))
            .collect())
    }

    /// The terms that begin with a text, with their frequencies, of at most `limit` a segment.
    fn range(&self, field: Field, text: &str, limit: usize) -> Vec<(String, u64)> {
        let mut found: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
        for segment in self.searcher.segment_readers() {
            let Ok(inverted) = segment.inverted_index(field) else {
                continue;
            };
            let Ok(mut stream) = inverted.terms().range().ge(text.as_bytes()).into_stream() else {
                continue;
            };
            let mut seen = 0;
            while seen < limit && stream.advance() {
                if !stream.key().starts_with(text.as_bytes()) {
                    break;
                }
                seen += 1;
                if let Ok(term) = std::str::from_utf8(stream.key()) {
                    *found.entry(term.to_owned()).or_default() +=
                        u64::from(stream.value().doc_freq);
                }
            }
        }
        found.into_iter().collect()
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
    pub fn category(&self, text: &str) -> Option<Built> {
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
    pub fn issue_type(&self, text: &str) -> Option<Built> {
        let issue_type = fold_category(text);
        self.named("t:", |name| name == issue_type)
            .or_else(|| self.named("t:", |name| name.contains(&issue_type)))
    }

    fn named(&self, mark: &str, holds: impl Fn(&str) -> bool) -> Option<Built> {
        let all = self.range(self.fields.category, mark, usize::MAX);
        any(all
            .iter()
            .filter(|(term, _)| term.strip_prefix(mark).is_some_and(&holds))
            .take(VALUES)
            .map(|(term, _)| self.term(self.fields.category, term, 1.0))
            .collect())
    }

    /// Documents of a dataset as typed: exactly it, else every one whose name holds it.
    pub fn dataset(&self, text: &str) -> Option<Built> {
        let folded = fold(text);
        let field = self.fields.dataset;
        if self.frequency(field, &folded) > 0 {
            return Some(self.term(field, &folded, 1.0));
        }
        any(self
            .range(field, "", usize::MAX)
            .iter()
            .filter(|(name, _)| name.contains(&folded))
            .take(VALUES)
            .map(|(name, _)| self.term(field, name, 1.0))
            .collect())
    }

    /// Documents whose id begins so.
    pub fn id(&self, text: &str) -> Option<Built> {
        let folded = fold(text);
        // `ID.N` names a passage of an article.
        let id = folded.split('.').next().unwrap_or_default();
        any(self
            .range(self.fields.id, id, VALUES)
            .iter()
            .map(|(id, _)| self.term(self.fields.id, id, 1.0))
            .collect())
    }

    /// Titles, categories and causes that letters spell by pinyin.
    pub fn pinyin(&self, text: &str) -> Option<Built> {
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !letters || !PINYIN_LETTERS.contains(&text.len()) {
            return None;
        }
        let field = self.fields.pinyin;
        let mut ways = Vec::new();
        for cut in cuts(text, CUTS) {
            let mut cells: Vec<(usize, String)> = Vec::new();
            for (at, piece) in cut.iter().enumerate() {
                if piece.len() > 1 {
                    cells.push((at, (*piece).to_owned()));
                }
                let next = cut.get(at + 1).and_then(|next| next.chars().next());
                if let (Some(a), Some(b)) = (piece.chars().next(), next) {
                    cells.push((at, format!("{PINYIN_GRAM}{a}{b}")));
                }
            }
            if cells
                .iter()
                .any(|(_, term)| self.frequency(field, term) == 0)
            {
                continue;
            }
            match cells.as_slice() {
                [] => {}
                [(_, only)] => ways.push(self.term(field, only, 1.0)),
                cells => ways.push(self.phrase(field, cells)),
            }
        }
        any(ways)
    }

    /// Words of the index one letter away from a Latin word, the most frequent first.
    pub fn near(&self, field: Field, word: &str) -> Vec<String> {
        if word.len() < 3 || !word.is_ascii() || word.bytes().all(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let mut found: Vec<(u64, String)> = Vec::new();
        for near in one_edit(word) {
            let frequency = self.frequency(field, &near);
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
