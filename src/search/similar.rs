//! Tickets like a text: what was asked and what was answered scored apart and added, term by
//! term; then once more by what the tickets that ask the same were answered.

use std::collections::HashMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, TantivyError};

use super::collect;
use super::find::Finder;
use super::plan::{SIMILAR_SYNONYM, weighted};
use super::{Hit, Hits, Kind, spare};
use crate::model::DocNo;

/// Terms of the text that are looked up, the most telling ones.
const TERMS: usize = 40;

/// Characters of a text that are read.
const READ: usize = 4_000;

/// BM25's saturation of a repeated term.
const K1: f32 = 1.2;

/// BM25's regard for length. Measured on real tickets, .3 serves this job better than .75.
const B: f32 = 0.3;

/// Postings of a field that are read in one segment: in a large collection the most telling terms
/// have to do, and what only common words liken is not found.
const BUDGET: u64 = 1_000_000;

/// Large segments that are scored at the same time.
const PARTS: usize = 2;

/// A segment is small that holds less than one in so many entries.
const SMALL: u64 = 100;

/// Tickets whose answers are followed.
const LED: usize = 10;

/// What the answer most like those followed scores beside the best ticket, if one of the tickets
/// asks just the same: to have been answered alike tells more than to ask alike.
const FOLLOW: f32 = 2.0;

/// Part of what a text asks, by weight, that a passage must hold: beside thousands of tickets some
/// passage always has a word in common.
const OVERLAP: f32 = 0.3;

/// Terms of one answer that are followed, the most telling ones.
const FOLLOWED: usize = 24;

/// How sharply an answer's say falls with the share of the text that its ticket asks too, and
/// with its ticket's score beside the best one's: a ticket with the same question says what the
/// answer is, one with half of the words hardly.
const SHARE_POWER: i32 = 2;
const SCORE_POWER: i32 = 3;

/// What was answered in a ticket, without holding replies; `None` where nothing is known of it.
pub type Answered<'a> = &'a dyn Fn(DocNo) -> Option<String>;

/// A term of the text with the weight it has in it.
struct Asked {
    text: String,
    weight: f32,
}

/// A score and where it stands.
type Scored = (f32, DocAddress);

/// The best hits for a text.
pub fn similar(
    finder: &Finder<'_>,
    text: &str,
    answered: Answered<'_>,
    exclude: Option<DocNo>,
    limit: usize,
) -> tantivy::Result<Hits> {
    let (searcher, fields) = (finder.searcher, finder.fields);
    let asked = asked(finder, text, TERMS);
    let mut scores = Scores::new(searcher);
    for field in [fields.title, fields.ask, fields.answer] {
        scores.add(field, &asked)?;
    }
    follow(finder, &asked, answered, &mut scores)?;
    let mut hits: Vec<Hit> = Vec::new();
    let mut places = collect::Places::new(searcher);
    // More than are wanted: some are left out.
    for (score, address) in scores.best(limit.saturating_mul(2).saturating_add(1)) {
        let hit = places.hit(address, score)?;
        let shown = match hit.kind {
            Kind::Ticket => Some(hit.doc) != exclude,
            Kind::Article => {
                let shares = shares(finder, &asked, &[address], &[fields.all])?;
                shares.iter().all(|share| *share >= OVERLAP)
            }
        };
        hits.extend(shown.then_some(hit));
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.doc.cmp(&a.doc)));
    hits.truncate(limit);
    Ok(Hits {
        total: hits.len(),
        more: hits.len() >= limit,
        hits,
        ..Hits::default()
    })
}

/// Adds to the scores what the best tickets were answered: at most [`FOLLOW`] times as much as the
/// best has.
fn follow<'a>(
    finder: &Finder<'a>,
    asked: &[Asked],
    answered: Answered<'_>,
    scores: &mut Scores<'a>,
) -> tantivy::Result<()> {
    let best = scores.best(LED);
    let Some(&(top, _)) = best.first() else {
        return Ok(());
    };
    let mut say: f32 = 0.0;
    let mut followed: HashMap<String, f32> = HashMap::new();
    let entries: Vec<DocAddress> = best.iter().map(|(_, address)| *address).collect();
    let customers = [finder.fields.title, finder.fields.ask];
    let shares = shares(finder, asked, &entries, &customers)?;
    let mut places = collect::Places::new(finder.searcher);
    for ((score, address), share) in best.into_iter().zip(shares) {
        let hit = places.hit(address, score)?;
        if hit.kind != Kind::Ticket {
            continue;
        }
        let Some(answer) = answered(hit.doc) else {
            continue;
        };
        let own = share.powi(SHARE_POWER) * (score / top).powi(SCORE_POWER);
        say = say.max(own);
        let terms = self::asked(finder, &answer, FOLLOWED);
        let all: f32 = terms.iter().map(|term| term.weight).sum();
        for term in terms {
            *followed.entry(term.text).or_default() += own * term.weight / all.max(f32::EPSILON);
        }
    }
    let mut followed: Vec<Asked> = followed
        .into_iter()
        .map(|(text, weight)| Asked { text, weight })
        .collect();
    sort(&mut followed);
    followed.truncate(TERMS);
    let mut answers = Scores::new(finder.searcher);
    answers.add(finder.fields.answer, &followed)?;
    if let Some(&(most, _)) = answers.best(1).first() {
        scores.blend(&answers, FOLLOW * say * top / most);
    }
    Ok(())
}

/// How much of what a text asks, by weight, stands in some fields of entries.
fn shares(
    finder: &Finder<'_>,
    asked: &[Asked],
    entries: &[DocAddress],
    fields: &[Field],
) -> tantivy::Result<Vec<f32>> {
    let mut shares = vec![0.0; entries.len()];
    let all: f32 = asked.iter().map(|term| term.weight).sum();
    for term in asked {
        let mut there = vec![false; entries.len()];
        for field in fields {
            let having = finder.having(*field, &term.text, entries)?;
            there.iter_mut().zip(having).for_each(|(t, h)| *t |= h);
        }
        for (share, _) in shares.iter_mut().zip(there).filter(|(_, there)| *there) {
            *share += term.weight / all.max(f32::EPSILON);
        }
    }
    Ok(shares)
}

/// The most telling terms of a text.
fn asked(finder: &Finder<'_>, text: &str, limit: usize) -> Vec<Asked> {
    let read: String = text.chars().take(READ).collect();
    let mut order: Vec<String> = Vec::new();
    let mut counts: HashMap<String, (f32, f32)> = HashMap::new();
    for (term, weight) in weighted(finder.analyser, &read) {
        let entry = counts.entry(term).or_insert_with_key(|term| {
            order.push(term.clone());
            (0.0, weight)
        });
        entry.0 += 1.0;
        entry.1 = entry.1.max(weight);
    }
    let (mut asked, mut absent): (Vec<Asked>, Vec<Asked>) = Default::default();
    for text in order {
        let (rarity, there) = rarity(finder, &text);
        let (count, weight) = counts.get(&text).copied().unwrap_or((1.0, 1.0));
        // A word said often is what it is about, but not so many times as often.
        let weight = weight * rarity * (count * (K1 + 1.0) / (count + K1));
        let known = if there { &mut asked } else { &mut absent };
        known.push(Asked { text, weight });
    }
    let synonyms = synonyms(finder, &asked, &absent);
    asked.extend(synonyms);
    sort(&mut asked);
    asked.truncate(limit);
    asked
}

/// How telling a term is by the share of the entries that have it (BM25's), and whether any has.
fn rarity(finder: &Finder<'_>, text: &str) -> (f32, bool) {
    let documents = finder.searcher.num_docs();
    let known = |part: &dyn Fn(u32) -> bool| {
        let segments = finder.searcher.segment_readers().iter();
        let inverted = segments
            .filter(|segment| part(segment.max_doc()))
            .filter_map(|segment| segment.inverted_index(finder.fields.all).ok());
        let infos = inverted.filter_map(|i| i.terms().get(text.as_bytes()).ok().flatten());
        infos.map(|info| u64::from(info.doc_freq)).sum::<u64>()
    };
    // What the small ones have of a word changes nothing, unless nobody else has it: hundreds of
    // words are looked up, each in every segment.
    let small = |entries: u32| u64::from(entries) * SMALL < documents;
    let frequency = match known(&|entries| !small(entries)) {
        0 => known(&small),
        frequency => frequency,
    } as f32;
    let documents = documents.max(1) as f32;
    let rarity = (1.0 + (documents - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln();
    (rarity, frequency > 0.0)
}

/// Words of the index that stand for terms it has or has not, and are none of them: never more
/// telling than what they stand for.
fn synonyms(finder: &Finder<'_>, asked: &[Asked], absent: &[Asked]) -> Vec<Asked> {
    let mut found: Vec<Asked> = Vec::new();
    for term in asked.iter().chain(absent) {
        for synonym in finder.analyser.synonyms().of(&term.text) {
            let (rarity, there) = rarity(finder, synonym);
            if !there || asked.iter().any(|other| other.text == synonym) {
                continue;
            }
            let weight = SIMILAR_SYNONYM * term.weight.min(rarity);
            match found.iter_mut().find(|other| other.text == synonym) {
                Some(other) => other.weight = other.weight.max(weight),
                None => found.push(Asked {
                    text: synonym.to_owned(),
                    weight,
                }),
            }
        }
    }
    found
}

/// The most telling first; equal ones by their text, so that answers do not vary.
fn sort(asked: &mut [Asked]) {
    asked.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.text.cmp(&b.text))
    });
}

/// The scores of all entries of the index.
struct Scores<'a> {
    searcher: &'a Searcher,
    by_segment: Vec<Vec<f32>>,
}

impl<'a> Scores<'a> {
    fn new(searcher: &'a Searcher) -> Self {
        let segments = searcher.segment_readers().iter();
        let by_segment = segments.map(|segment| vec![0.0; segment.max_doc() as usize]);
        Self {
            searcher,
            by_segment: by_segment.collect(),
        }
    }

    /// Adds what terms score in a field.
    fn add(&mut self, field: Field, asked: &[Asked]) -> tantivy::Result<()> {
        let lengths = lengths(self.searcher, field)?;
        let segments = self.searcher.segment_readers().iter();
        let lengths = lengths.as_slice();
        let parts = PARTS.min(spare::threads());
        std::thread::scope(|scope| {
            let mut others = Vec::new();
            for (segment, scores) in segments.zip(&mut self.by_segment) {
                let mut work = move || add_segment(segment, field, lengths, asked, scores);
                // One large segment is this thread's own.
                if segment.max_doc() >= collect::WORTHY && others.len() + 1 < parts {
                    others.push(scope.spawn(work));
                } else {
                    work()?;
                }
            }
            for other in others {
                other.join().unwrap_or_else(|_panic| {
                    Err(TantivyError::ErrorInThread("a segment's scores".to_owned()))
                })?;
            }
            Ok(())
        })
    }

    /// Adds other scores, weighted.
    fn blend(&mut self, others: &Self, weight: f32) {
        for (own, other) in self.by_segment.iter_mut().zip(&others.by_segment) {
            for (own, other) in own.iter_mut().zip(other) {
                *own += weight * other;
            }
        }
    }

    /// The highest scores above nothing of entries that are not deleted, best first.
    fn best(&self, wanted: usize) -> Vec<Scored> {
        let mut kept: Vec<Scored> = Vec::new();
        let mut least = 0.0;
        let room = wanted.saturating_mul(4).max(64);
        for (ord, (segment, scores)) in
            (0..).zip(self.searcher.segment_readers().iter().zip(&self.by_segment))
        {
            for (doc, score) in (0..).zip(scores) {
                if *score > least && !segment.is_deleted(doc) {
                    kept.push((*score, DocAddress::new(ord, doc)));
                    if kept.len() >= room {
                        cut(&mut kept, wanted);
                        least = kept.last().map_or(0.0, |(score, _)| *score);
                    }
                }
            }
        }
        cut(&mut kept, wanted);
        kept
    }
}

fn cut(kept: &mut Vec<Scored>, wanted: usize) {
    kept.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
    kept.truncate(wanted);
}

/// The length part of BM25 in a field by length code.
fn lengths(searcher: &Searcher, field: Field) -> tantivy::Result<Vec<f32>> {
    let mut tokens = 0;
    for segment in searcher.segment_readers() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
    }
    let average = (tokens as f32 / searcher.num_docs().max(1) as f32).max(1.0);
    Ok((0..=u8::MAX)
        .map(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code) as f32;
            K1 * (1.0 - B + B * length / average)
        })
        .collect())
}

fn add_segment(
    segment: &SegmentReader,
    field: Field,
    by_code: &[f32],
    asked: &[Asked],
    scores: &mut [f32],
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let lengths = segment.get_fieldnorms_reader(field)?;
    let mut left = BUDGET;
    for asked in asked {
        let term = Term::from_field_text(field, &asked.text);
        let frequency = u64::from(inverted.doc_freq(&term)?);
        if frequency > left {
            continue;
        }
        left -= frequency;
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::WithFreqs)?
        else {
            continue;
        };
        let weight = asked.weight * (K1 + 1.0);
        let mut doc = postings.doc();
        while doc != TERMINATED {
            let count = postings.term_freq() as f32;
            let length = by_code.get(usize::from(lengths.fieldnorm_id(doc)));
            if let (Some(score), Some(length)) = (scores.get_mut(doc as usize), length) {
                *score += weight * count / (count + length);
            }
            doc = postings.advance();
        }
    }
    Ok(())
}
