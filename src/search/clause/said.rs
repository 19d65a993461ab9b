//! Who says a word how often: read from the positions of the one text, and so for few documents.

use tantivy::postings::Postings;
use tantivy::{DocAddress, Score, Searcher};

use super::Known;
use super::matching::sought;
use super::reader::Segment;
use super::scoring::{Scored, by_score};
use crate::search::index::{Bounds, Zone};

/// Documents of the largest segment from which the usual length of a part is learnt.
const SAMPLE: u32 = 512;

/// BM25's saturation of a repeated term.
pub const K1: f32 = 1.2;

/// A term that lifts up whoever says it in a part.
pub struct Said<'a> {
    /// The term, of the one text.
    pub term: &'a Known,
    /// What it weighs, its rarity aside.
    pub weight: f32,
}

/// How BM25 scores the words of one part.
pub struct PartScore {
    zone: Zone,
    /// Regard for length.
    b: f32,
    /// Usual length of the part.
    average: f32,
}

impl PartScore {
    /// Learns the usual length of a part.
    pub fn new(searcher: &Searcher, zone: Zone, b: f32) -> tantivy::Result<Self> {
        let average = usual_length(searcher, zone)?;
        Ok(Self { zone, b, average })
    }

    /// What a term of weight one scores that stands at some positions of a ticket.
    pub fn score(&self, bounds: Bounds, positions: &[u32]) -> Score {
        let count = bounds.count(self.zone, positions) as f32;
        let length = bounds.length(self.zone) as f32 / self.average;
        count * (K1 + 1.0) / (count + K1 * (1.0 - self.b + self.b * length))
    }
}

/// The usual length of a part, learnt from a sample.
fn usual_length(searcher: &Searcher, zone: Zone) -> tantivy::Result<f32> {
    let (mut sum, mut count) = (0_u64, 0_u64);
    let segments = searcher.segment_readers().iter();
    if let Some(largest) = segments.max_by_key(|segment| segment.max_doc()) {
        let bounds = Bounds::column(largest)?;
        let step = (largest.max_doc() / SAMPLE).max(1);
        for doc in (0..largest.max_doc()).step_by(step as usize) {
            sum += u64::from(bounds.of(doc).length(zone));
            count += 1;
        }
    }
    Ok((sum as f32 / count.max(1) as f32).max(1.0))
}

/// How BM25F scores the words of several parts together.
pub struct PartsScore {
    /// The parts, with what a word in each counts.
    parts: Vec<(Zone, f32)>,
    k1: f32,
    b: f32,
    /// Usual length of the parts together, each by its weight.
    average: f32,
}

impl PartsScore {
    /// Learns the usual length of the parts.
    pub fn new(
        searcher: &Searcher,
        parts: Vec<(Zone, f32)>,
        k1: f32,
        b: f32,
    ) -> tantivy::Result<Self> {
        let mut average = 0.0;
        for (zone, weight) in &parts {
            average += weight * usual_length(searcher, *zone)?;
        }
        Ok(Self {
            parts,
            k1,
            b,
            average: average.max(1.0),
        })
    }

    /// What a term of weight one scores that stands at some positions of a ticket.
    fn score(&self, bounds: Bounds, positions: &[u32]) -> Score {
        let parts = self.parts.iter();
        let (count, length) = parts.fold((0.0, 0.0), |(count, length), (zone, weight)| {
            (
                count + weight * bounds.count(*zone, positions) as f32,
                length + weight * bounds.length(*zone) as f32,
            )
        });
        let norm = 1.0 - self.b + self.b * length / self.average;
        count * (self.k1 + 1.0) / (count + self.k1 * norm)
    }
}

/// Scores some entries anew by words in their parts, beside so much of their scores so far, and
/// sorts them.
pub fn rescore(
    searcher: &Searcher,
    scored: &mut [Scored],
    said: &[Said<'_>],
    parts: &PartsScore,
    retrieval: f32,
) -> tantivy::Result<()> {
    let entries: Vec<DocAddress> = scored.iter().map(|(_, address)| *address).collect();
    let terms: Vec<&Known> = said.iter().map(|said| said.term).collect();
    for (score, _) in scored.iter_mut() {
        *score *= retrieval;
    }
    each_said(searcher, &terms, &entries, |at, term, bounds, positions| {
        if let (Some((score, _)), Some(said)) = (scored.get_mut(at), said.get(term)) {
            *score += said.weight * said.term.rarity * parts.score(bounds, positions);
        }
    })?;
    scored.sort_by(by_score);
    Ok(())
}

/// Calls `each` for every one of some entries and every one of some terms of the one text that it
/// has: with the places of both, its bounds, and where the term stands.
pub fn each_said(
    searcher: &Searcher,
    terms: &[&Known],
    entries: &[DocAddress],
    mut each: impl FnMut(usize, usize, Bounds, &[u32]),
) -> tantivy::Result<()> {
    let mut order: Vec<(DocAddress, usize)> = entries.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut positions: Vec<u32> = Vec::new();
    for here in order.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
        let Some((first, _)) = here.first() else {
            continue;
        };
        let reader = searcher.segment_reader(first.segment_ord);
        let ord = first.segment_ord as usize;
        let segment = Segment { reader, ord };
        let column = Bounds::column(reader)?;
        let bounds = here.iter().map(|(address, _)| column.of(address.doc_id));
        let bounds: Vec<Bounds> = bounds.collect();
        for (nth, term) in terms.iter().enumerate() {
            let Some(mut list) = segment.positions(term)? else {
                continue;
            };
            for ((address, at), bounds) in here.iter().zip(&bounds) {
                if sought(&mut list, address.doc_id) {
                    list.positions(&mut positions);
                    each(*at, nth, *bounds, &positions);
                }
            }
        }
    }
    Ok(())
}
