//! What documents score by clauses, and the best of them.

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, Score, Searcher};

use super::accumulator::ScoreAccumulator;
use super::docs::Docs;
use super::matching::{Sets, library_scores};
use super::reader::Segment;
use super::{Clause, Known, Stretch};
use crate::search::parallel::each_segment;

/// Documents from which scoring them is spread over the cores.
const SPREAD: usize = 2_000;

/// Documents in which it is counted how often they have what letters spell; of more it matters
/// little.
const COUNTED: usize = 2_000;

/// The score of what does not match.
const NONE: Score = Score::NEG_INFINITY;

/// A score and where it stands.
pub type Scored = (Score, DocAddress);

/// The best of some documents that match a clause, best first, by what it scores and by what
/// others add where they match.
pub fn best(
    searcher: &Searcher,
    musts: &Clause,
    beside: &[Clause],
    sets: &Sets,
    limit: usize,
) -> tantivy::Result<Vec<Scored>> {
    let found = each_segment(searcher, sets.len() >= SPREAD, |reader, ord| {
        let segment = Segment { reader, ord };
        let docs = sets.of(ord).map(Docs::to_vec).unwrap_or_default();
        let mut sums = vec![0.0; docs.len()];
        segment.add_musts(searcher, musts, &docs, &mut sums)?;
        for clause in beside {
            segment.add(searcher, clause, &docs, &mut sums)?;
        }
        let mut scored: Vec<(Score, DocId)> = sums.into_iter().zip(docs).collect();
        cut(&mut scored, limit);
        Ok(addressed(scored, ord))
    })?;
    Ok(merged(found, limit))
}

/// The best documents by the sum of some clauses of which none must match, best first, and how
/// many there are; only those among some, where these are given.
pub fn ranked(
    searcher: &Searcher,
    clauses: &[Clause],
    among: Option<&Sets>,
    limit: usize,
) -> tantivy::Result<(Vec<Scored>, usize)> {
    let load: u64 = clauses.iter().map(Clause::load).sum();
    let found = each_segment(searcher, load >= SPREAD as u64, |reader, ord| {
        let segment = Segment { reader, ord };
        let mut accumulator = ScoreAccumulator::of(reader.max_doc());
        for clause in clauses {
            segment.accumulate(searcher, clause, &mut accumulator)?;
        }
        let mut scored: Vec<(Score, DocId)> = Vec::new();
        let (mut least, mut count) = (0.0, 0);
        let room = limit.saturating_mul(4).max(64);
        let mut take = |doc: DocId| {
            let sum = accumulator.score(doc);
            if sum > 0.0 && !reader.is_deleted(doc) {
                count += 1;
                if sum >= least {
                    scored.push((sum, doc));
                }
                if scored.len() >= room {
                    cut(&mut scored, limit);
                    let worst = scored.iter().map(|(score, _)| *score);
                    least = worst.fold(Score::MAX, Score::min);
                }
            }
        };
        let touched = accumulator.touched();
        match among.map(|sets| sets.of(ord)) {
            Some(Some(docs)) if docs.len() < touched.len() => docs.each(take),
            Some(Some(docs)) => touched
                .iter()
                .filter(|doc| docs.has(**doc))
                .for_each(|doc| take(*doc)),
            Some(None) => {}
            None => touched.iter().for_each(|doc| take(*doc)),
        }
        cut(&mut scored, limit);
        Ok((addressed(scored, ord), count))
    })?;
    let (found, counts): (Vec<_>, Vec<usize>) = found.into_iter().unzip();
    Ok((merged(found, limit), counts.into_iter().sum()))
}

/// Keeps the best; among equal ones those that stand first.
fn cut(scored: &mut Vec<(Score, DocId)>, limit: usize) {
    let better =
        |a: &(Score, DocId), b: &(Score, DocId)| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1));
    if scored.len() > limit {
        if limit > 0 {
            scored.select_nth_unstable_by(limit - 1, better);
        }
        scored.truncate(limit);
    }
}

fn addressed(scored: Vec<(Score, DocId)>, ord: usize) -> Vec<Scored> {
    let ord = u32::try_from(ord).unwrap_or(u32::MAX);
    let address = |(score, doc)| (score, DocAddress::new(ord, doc));
    scored.into_iter().map(address).collect()
}

fn merged(found: Vec<Vec<Scored>>, limit: usize) -> Vec<Scored> {
    let mut all: Vec<Scored> = found.into_iter().flatten().collect();
    all.sort_by(by_score);
    all.truncate(limit);
    all
}

/// Best first; among equal ones those that stand first.
pub fn by_score(a: &Scored, b: &Scored) -> Ordering {
    b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1))
}

impl Segment<'_> {
    fn lengths(&self, field: Field) -> tantivy::Result<FieldNormReader> {
        let lengths = self.reader.fieldnorms_readers().get_field(field)?;
        Ok(lengths.unwrap_or_else(|| FieldNormReader::constant(self.max_doc(), 1)))
    }

    /// Adds what some ascending documents score by a clause that all of them match.
    fn add_musts(
        &self,
        searcher: &Searcher,
        clause: &Clause,
        docs: &[DocId],
        sums: &mut [Score],
    ) -> tantivy::Result<()> {
        match clause {
            Clause::All(parts) => {
                for part in parts {
                    self.add_musts(searcher, part, docs, sums)?;
                }
                Ok(())
            }
            // All alike change no order.
            Clause::Alike(..) | Clause::Not(_) => Ok(()),
            Clause::Found(part, _) if docs.len() <= COUNTED => {
                self.add_musts(searcher, part, docs, sums)
            }
            Clause::Found(..) => Ok(()),
            Clause::Term(..) | Clause::Any(_) | Clause::Stretch(..) | Clause::Library(..) => {
                self.add(searcher, clause, docs, sums)
            }
        }
    }

    /// Adds what those of some ascending documents score that match a clause.
    fn add(
        &self,
        searcher: &Searcher,
        clause: &Clause,
        docs: &[DocId],
        sums: &mut [Score],
    ) -> tantivy::Result<()> {
        match clause {
            Clause::Term(term, weight) => {
                self.term_scores(term, *weight, docs, sums, |sum, score| {
                    *sum += score;
                })
            }
            Clause::Any(parts) => {
                for part in parts {
                    self.add(searcher, part, docs, sums)?;
                }
                Ok(())
            }
            _ => {
                let scores = self.scores(searcher, clause, docs)?;
                let scored = sums.iter_mut().zip(scores);
                for (sum, score) in scored.filter(|(_, score)| *score != NONE) {
                    *sum += score;
                }
                Ok(())
            }
        }
    }

    /// What some ascending documents score by a clause.
    fn scores(
        &self,
        searcher: &Searcher,
        clause: &Clause,
        docs: &[DocId],
    ) -> tantivy::Result<Vec<Score>> {
        let mut scores = vec![NONE; docs.len()];
        match clause {
            Clause::Term(term, weight) => {
                self.term_scores(term, *weight, docs, &mut scores, |slot, score| {
                    *slot = score;
                })?;
            }
            Clause::Stretch(stretch, weight) => {
                self.stretch_scores(stretch, *weight, docs, &mut scores)?;
            }
            Clause::Library(query, weight) => {
                let query = (query.as_ref(), *weight);
                library_scores(searcher, *self, query, docs, |at, score| {
                    if let Some(slot) = scores.get_mut(at) {
                        *slot = score;
                    }
                })?;
            }
            Clause::All(parts) => {
                scores.fill(0.0);
                for part in parts {
                    let part = self.scores(searcher, part, docs)?;
                    // Nothing and something is nothing.
                    scores.iter_mut().zip(part).for_each(|(s, p)| *s += p);
                }
            }
            Clause::Any(parts) => {
                for part in parts {
                    let part = self.scores(searcher, part, docs)?;
                    for (score, part) in scores.iter_mut().zip(part).filter(|(_, p)| *p != NONE) {
                        *score = if *score == NONE { part } else { *score + part };
                    }
                }
            }
            Clause::Alike(part, score) => self.alike(part, *score, docs, &mut scores)?,
            Clause::Not(_) => self.alike(clause, 0.0, docs, &mut scores)?,
            Clause::Found(part, _) if docs.len() <= COUNTED => {
                scores = self.scores(searcher, part, docs)?;
            }
            Clause::Found(part, _) => self.alike(clause, part.usual(), docs, &mut scores)?,
        }
        Ok(scores)
    }

    fn term_scores(
        &self,
        term: &Known,
        weight: f32,
        docs: &[DocId],
        scores: &mut [Score],
        take: impl Fn(&mut Score, Score),
    ) -> tantivy::Result<()> {
        let Some(mut cursor) = self.cursor(term, IndexRecordOption::WithFreqs)? else {
            return Ok(());
        };
        let lengths = self.lengths(term.field)?;
        let bm25 = term.bm25.boost_by(weight);
        for (doc, score) in docs.iter().zip(scores) {
            if let Some(count) = cursor.count(*doc) {
                take(score, bm25.score(lengths.fieldnorm_id(*doc), count));
            }
        }
        Ok(())
    }

    fn stretch_scores(
        &self,
        stretch: &Arc<Stretch>,
        weight: f32,
        docs: &[DocId],
        scores: &mut [Score],
    ) -> tantivy::Result<()> {
        if docs.len() > COUNTED {
            let clause = Clause::Stretch(Arc::clone(stretch), weight);
            return self.alike(&clause, stretch.score(1) * weight, docs, scores);
        }
        let counts = self.stretches(stretch, docs, true)?;
        for (score, count) in scores
            .iter_mut()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
        {
            *score = stretch.score(count as u32) * weight;
        }
        Ok(())
    }

    /// Gives what a clause matches one score.
    fn alike(
        &self,
        clause: &Clause,
        score: Score,
        docs: &[DocId],
        scores: &mut [Score],
    ) -> tantivy::Result<()> {
        let found = self.matching(clause, Some(&Docs::Few(docs.to_vec())))?;
        for (slot, there) in scores.iter_mut().zip(found.flags(docs)) {
            if there {
                *slot = score;
            }
        }
        Ok(())
    }

    /// Adds what all documents of the segment score by a clause.
    fn accumulate(
        &self,
        searcher: &Searcher,
        clause: &Clause,
        accumulator: &mut ScoreAccumulator,
    ) -> tantivy::Result<()> {
        if let Clause::Term(term, weight) = clause {
            let lengths = self.lengths(term.field)?;
            let bm25 = term.bm25.boost_by(*weight);
            return self.each_count(term, |docs, counts| {
                for (doc, count) in docs.iter().zip(counts) {
                    accumulator.add(*doc, bm25.score(lengths.fieldnorm_id(*doc), *count));
                }
            });
        }
        if let Clause::Alike(part, score) = clause {
            let docs = self.matching(part, None)?;
            docs.each(|doc| accumulator.add(doc, *score));
            return Ok(());
        }
        let docs = self.matching(clause, None)?.to_vec();
        let scores = self.scores(searcher, clause, &docs)?;
        for (doc, score) in docs.iter().zip(scores) {
            accumulator.add(*doc, score);
        }
        Ok(())
    }
}

impl Clause {
    /// What a document scores by the best of its parts, if that is a stretch.
    fn usual(&self) -> Score {
        match self {
            Self::Stretch(stretch, weight) => stretch.score(1) * weight,
            Self::Any(parts) => parts.iter().map(Self::usual).fold(0.0, Score::max),
            _ => 0.0,
        }
    }
}

impl Stretch {
    /// What a document scores that has it so often.
    fn score(&self, count: u32) -> Score {
        let slots = self.slots.iter().map(|(_, terms)| {
            let scores = terms
                .iter()
                .map(|term| term.bm25.score(FieldNormReader::fieldnorm_to_id(1), count));
            scores.fold(Score::MAX, Score::min)
        });
        slots.sum()
    }
}
