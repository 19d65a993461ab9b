//! Parts of a ticket inside the one text: where they lie, and words and phrases of one part only.

use std::ops::Range;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Bits of each bound in its column.
const BITS: u32 = 20;

/// A part of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The title.
    Title,
    /// The customer's words.
    Ask,
    /// The agent's words.
    Answer,
}

/// The bounds of the parts as a column holds them: where the customer's words, the agent's words
/// and the labels begin.
pub fn pack(starts: [u32; 3]) -> u64 {
    let top = (1 << BITS) - 1;
    starts
        .into_iter()
        .rev()
        .fold(0, |all, start| (all << BITS) | u64::from(start.min(top)))
}

/// Where the parts of one ticket lie in its text.
#[derive(Debug, Clone, Copy)]
pub struct Bounds(u64);

impl Bounds {
    /// The column of a segment.
    pub fn column(segment: &SegmentReader) -> tantivy::Result<BoundsColumn> {
        Ok(BoundsColumn(segment.fast_fields().u64("bounds")?))
    }

    /// The positions of a part.
    fn positions(self, zone: Zone) -> Range<u32> {
        let start = |nth: u32| ((self.0 >> (nth * BITS)) & ((1 << BITS) - 1)) as u32;
        match zone {
            Zone::Title => 0..start(0),
            Zone::Ask => start(0)..start(1),
            Zone::Answer => start(1)..start(2),
        }
    }

    /// Positions of a part.
    pub fn length(self, zone: Zone) -> u32 {
        let positions = self.positions(zone);
        positions.end.saturating_sub(positions.start)
    }

    /// How many of some positions lie in a part.
    pub fn count(self, zone: Zone, positions: &[u32]) -> u32 {
        let part = self.positions(zone);
        positions.iter().filter(|at| part.contains(at)).count() as u32
    }
}

/// The bounds of a segment's entries.
pub struct BoundsColumn(Column<u64>);

impl BoundsColumn {
    /// The bounds of an entry.
    pub fn of(&self, doc: DocId) -> Bounds {
        Bounds(self.0.first(doc).unwrap_or(0))
    }
}

/// Documents with some terms at their distances inside one part. Scores nothing.
#[derive(Debug, Clone)]
pub struct ZoneQuery {
    zone: Zone,
    /// Terms of one field with their positions from the first.
    terms: Arc<[(u32, Term)]>,
}

impl ZoneQuery {
    /// A word of one term, or a phrase of several.
    pub fn new(zone: Zone, terms: Vec<(u32, Term)>) -> Self {
        Self {
            zone,
            terms: terms.into(),
        }
    }
}

impl Query for ZoneQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (_, term) in self.terms.iter() {
            visitor(term, true);
        }
    }
}

impl Weight for ZoneQuery {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut terms = Vec::with_capacity(self.terms.len());
        for (at, term) in self.terms.iter() {
            let inverted = reader.inverted_index(term.field())?;
            let option = IndexRecordOption::WithFreqsAndPositions;
            let Some(postings) = inverted.read_postings(term, option)? else {
                return Ok(Box::new(EmptyScorer));
            };
            terms.push((*at, postings));
        }
        terms.sort_by_key(|(_, postings)| postings.size_hint());
        let mut scorer = ZoneScorer {
            zone: self.zone,
            bounds: Bounds::column(reader)?,
            terms,
            doc: 0,
            first: Vec::new(),
            other: Vec::new(),
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let why = format!("document {doc}: parts are matched, not scored");
        Err(TantivyError::InvalidArgument(why))
    }
}

struct ZoneScorer {
    zone: Zone,
    bounds: BoundsColumn,
    /// Terms by their frequency, the rarest first.
    terms: Vec<(u32, SegmentPostings)>,
    doc: DocId,
    first: Vec<u32>,
    other: Vec<u32>,
}

impl ZoneScorer {
    /// Goes on from where the rarest term stands to the next document that matches.
    fn settle(&mut self) -> DocId {
        loop {
            let Some((lead, others)) = self.terms.split_first_mut() else {
                self.doc = TERMINATED;
                return TERMINATED;
            };
            let doc = lead.1.doc();
            if doc == TERMINATED {
                self.doc = TERMINATED;
                return TERMINATED;
            }
            let behind = others.iter_mut().find_map(|(_, postings)| {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                (postings.doc() > doc).then(|| postings.doc())
            });
            match behind {
                Some(TERMINATED) => {
                    self.doc = TERMINATED;
                    return TERMINATED;
                }
                Some(next) => {
                    lead.1.seek(next);
                }
                None if self.holds(doc) => {
                    self.doc = doc;
                    return doc;
                }
                None => {
                    if let Some((_, lead)) = self.terms.first_mut() {
                        lead.advance();
                    }
                }
            }
        }
    }

    /// Whether all terms stand in the part, as far apart as they should.
    fn holds(&mut self, doc: DocId) -> bool {
        let zone = self.bounds.of(doc).positions(self.zone);
        for (nth, (at, postings)) in self.terms.iter_mut().enumerate() {
            postings.positions(&mut self.other);
            self.other.retain(|position| zone.contains(position));
            // Compared by where the phrase would begin.
            for position in &mut self.other {
                *position = position.wrapping_sub(*at);
            }
            if nth == 0 {
                std::mem::swap(&mut self.first, &mut self.other);
            } else {
                let other = &self.other;
                self.first.retain(|position| other.contains(position));
            }
            if self.first.is_empty() {
                return false;
            }
        }
        true
    }
}

impl DocSet for ZoneScorer {
    fn advance(&mut self) -> DocId {
        if let Some((_, lead)) = self.terms.first_mut() {
            lead.advance();
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if let Some((_, lead)) = self.terms.first_mut()
            && lead.doc() < target
        {
            lead.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.terms.first().map_or(0, |(_, lead)| lead.size_hint())
    }
}

impl Scorer for ZoneScorer {
    fn score(&mut self) -> Score {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_told_apart() {
        let bounds = Bounds(pack([7, 40, 90]));
        assert_eq!(bounds.positions(Zone::Title), 0..7);
        assert_eq!(bounds.positions(Zone::Ask), 7..40);
        assert_eq!(bounds.positions(Zone::Answer), 40..90);
        assert_eq!(bounds.count(Zone::Ask, &[6, 7, 39, 40]), 2);
    }
}
