//! Plain BM25 over words and pairs of characters: what ours has to beat.

use std::collections::HashMap;

use gongdan::search::{Document, Search};

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// An inverted index in memory.
pub struct Plain<'a> {
    search: &'a Search,
    postings: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    average: f64,
}

impl<'a> Plain<'a> {
    pub fn new(documents: &[Document], search: &'a Search) -> Self {
        let mut plain = Self {
            search,
            postings: HashMap::new(),
            lengths: Vec::new(),
            average: 1.0,
        };
        for (at, document) in documents.iter().enumerate() {
            let mut text = [
                document.title.as_str(),
                &document.question,
                &document.customer,
                &document.agent,
                &document.holding,
                &document.sections,
            ]
            .join("\n");
            for passage in &document.passages {
                text.push_str(&passage.text);
            }
            let mut counts: HashMap<String, f64> = HashMap::new();
            let terms = plain.terms(&text);
            plain.lengths.push(terms.len() as f64);
            for term in terms {
                *counts.entry(term).or_default() += 1.0;
            }
            for (term, count) in counts {
                plain.postings.entry(term).or_default().push((at, count));
            }
        }
        let total: f64 = plain.lengths.iter().sum();
        plain.average = total / plain.lengths.len().max(1) as f64;
        plain
    }

    fn terms(&self, text: &str) -> Vec<String> {
        let mut terms = self.search.segment(text);
        let folded: Vec<char> = gongdan::text::fold::fold(text).chars().collect();
        for pair in folded.windows(2) {
            if pair.iter().all(|c| gongdan::text::fold::is_cjk(*c)) {
                terms.push(pair.iter().collect());
            }
        }
        terms
    }

    pub fn find(&self, query: &str, exclude: Option<usize>) -> Vec<usize> {
        let mut scores = vec![0.0; self.lengths.len()];
        for term in self.terms(query) {
            let Some(postings) = self.postings.get(&term) else {
                continue;
            };
            let n = self.lengths.len() as f64;
            let df = postings.len() as f64;
            let idf = (1.0 + (n - df + 0.5) / (df + 0.5)).ln();
            for (at, count) in postings {
                let length = K1 * (1.0 - B + B * self.lengths[*at] / self.average);
                scores[*at] += idf * count * (K1 + 1.0) / (count + length);
            }
        }
        let mut rows: Vec<usize> = (0..scores.len())
            .filter(|at| scores[*at] > 0.0 && Some(*at) != exclude)
            .collect();
        rows.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        rows.truncate(10);
        rows
    }
}
