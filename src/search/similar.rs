//! Tickets like a text: the fields scored apart and added, term by term.

use std::collections::HashMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED};

use super::analysis::Analyser;
use super::collect;
use super::index::Fields;
use super::plan::weighted;
use super::{Hit, Hits};
use crate::model::DocNo;

/// Terms of the text that are looked up, the most telling ones.
const TERMS: usize = 40;

/// Characters of the text that are read.
const READ: usize = 4_000;

/// BM25's saturation of a repeated term.
const K1: f32 = 1.2;

/// BM25's regard for length. Measured on real tickets, .3 serves this job better than .75.
const B: f32 = 0.3;

/// Weights of title, question and answer. Tickets with the same answer are better found with
/// answers counted in full (MRR .51 against .44 at .6), like questions a little worse.
const WEIGHTS: [f32; 3] = [1.0, 1.0, 1.2];

/// A term of the text with the weight it has in it.
struct Asked {
    text: String,
    weight: f32,
}

/// The best hits for a text.
pub fn similar(
    searcher: &Searcher,
    fields: &Fields,
    analyser: &Analyser,
    text: &str,
    exclude: Option<DocNo>,
    limit: usize,
) -> tantivy::Result<Hits> {
    let places = [fields.title, fields.ask, fields.answer];
    let asked = asked(searcher, fields, analyser, text);
    let mut best: Vec<(f32, DocAddress)> = Vec::new();
    let norms: Vec<Norm> = places
        .iter()
        .zip(WEIGHTS)
        .map(|(field, weight)| Norm::new(searcher, *field, weight))
        .collect::<tantivy::Result<_>>()?;
    for (ord, segment) in (0..).zip(searcher.segment_readers()) {
        let scores = scores(segment, &places, &norms, &asked)?;
        let mut of_segment: Vec<(f32, u32)> = (0..)
            .zip(scores)
            .filter(|(doc, score)| *score > 0.0 && !segment.is_deleted(*doc))
            .map(|(doc, score)| (score, doc))
            .collect();
        let wanted = limit.saturating_add(1);
        if of_segment.len() > wanted {
            of_segment.select_nth_unstable_by(wanted, |a, b| b.0.total_cmp(&a.0));
            of_segment.truncate(wanted);
        }
        best.extend(
            of_segment
                .into_iter()
                .map(|(score, doc)| (score, DocAddress::new(ord, doc))),
        );
    }
    let mut hits: Vec<Hit> = Vec::new();
    for (score, address) in best {
        hits.push(collect::hit(searcher, address, score)?);
    }
    hits.retain(|hit| Some(hit.doc) != exclude);
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.doc.cmp(&a.doc)));
    hits.truncate(limit);
    Ok(Hits {
        total: hits.len(),
        more: hits.len() >= limit,
        hits,
        ..Hits::default()
    })
}

/// The most telling terms of a text.
fn asked(searcher: &Searcher, fields: &Fields, analyser: &Analyser, text: &str) -> Vec<Asked> {
    let read: String = text.chars().take(READ).collect();
    let mut order: Vec<String> = Vec::new();
    let mut counts: HashMap<String, (f32, f32)> = HashMap::new();
    for (term, weight) in weighted(analyser, &read) {
        let entry = counts.entry(term).or_insert_with_key(|term| {
            order.push(term.clone());
            (0.0, weight)
        });
        entry.0 += 1.0;
        entry.1 = entry.1.max(weight);
    }
    let documents = searcher.num_docs().max(1) as f32;
    let mut asked: Vec<Asked> = order
        .into_iter()
        .filter_map(|text| {
            let frequency = searcher
                .doc_freq(&Term::from_field_text(fields.all, &text))
                .unwrap_or(0) as f32;
            let (count, weight) = counts.get(&text).copied().unwrap_or((1.0, 1.0));
            let idf = (1.0 + (documents - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln();
            // A word said often is what it is about, but not so many times as often.
            let weight = weight * idf * (count * (K1 + 1.0) / (count + K1));
            (frequency > 0.0).then_some(Asked { text, weight })
        })
        .collect();
    asked.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    asked.truncate(TERMS);
    asked
}

/// How length counts in a field.
struct Norm {
    weight: f32,
    /// The length part of BM25 by length code.
    by_code: Vec<f32>,
}

impl Norm {
    fn new(searcher: &Searcher, field: Field, weight: f32) -> tantivy::Result<Self> {
        let mut tokens = 0;
        for segment in searcher.segment_readers() {
            tokens += segment.inverted_index(field)?.total_num_tokens();
        }
        let average = (tokens as f32 / searcher.num_docs().max(1) as f32).max(1.0);
        let by_code = (0..=u8::MAX)
            .map(|code| {
                let length = FieldNormReader::id_to_fieldnorm(code) as f32;
                K1 * (1.0 - B + B * length / average)
            })
            .collect();
        Ok(Self { weight, by_code })
    }
}

/// The scores of all entries of a segment.
fn scores(
    segment: &SegmentReader,
    places: &[Field],
    norms: &[Norm],
    asked: &[Asked],
) -> tantivy::Result<Vec<f32>> {
    let mut scores = vec![0.0_f32; segment.max_doc() as usize];
    for (field, norm) in places.iter().zip(norms) {
        let inverted = segment.inverted_index(*field)?;
        let lengths = segment.get_fieldnorms_reader(*field)?;
        for asked in asked {
            let term = Term::from_field_text(*field, &asked.text);
            let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::WithFreqs)?
            else {
                continue;
            };
            let weight = asked.weight * norm.weight * (K1 + 1.0);
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let count = postings.term_freq() as f32;
                let length = norm.by_code.get(usize::from(lengths.fieldnorm_id(doc)));
                if let (Some(score), Some(length)) = (scores.get_mut(doc as usize), length) {
                    *score += weight * count / (count + length);
                }
                doc = postings.advance();
            }
        }
    }
    Ok(scores)
}
