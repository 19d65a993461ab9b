//! Tickets like a text. The best by all words together are looked at closely: what their customers
//! asked and what they were answered is scored apart and added; then once more by what the tickets
//! that ask the same were answered.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, Score, Searcher, TERMINATED, TantivyError};

use super::clause::{Clause, K1, Known, PartScore, Scored, Sets, by_score, each_said, ranked};
use super::collect;
use super::find::Finder;
use super::index::Zone;
use super::meaning::Near;
use super::plan::{Terms, weighted};
use super::ranking::SimilarWeights;
use super::{Hit, Hits, Kind};
use crate::model::DocNo;

/// Entries that are looked at closely, and so many times as many as are wanted.
const NEAREST: usize = 200;
const TIMES: usize = 2;

/// What was answered in a ticket, without holding replies; `None` where nothing is known of it.
pub type Answered<'a> = &'a dyn Fn(DocNo) -> Option<String>;

/// A term of the text with the weight it has in it, its rarity included.
struct Asked {
    term: Arc<Known>,
    text: String,
    weight: f32,
}

/// The index as a text is likened to it.
struct Likeness<'a> {
    finder: &'a Finder<'a>,
    terms: Terms<'a>,
    weights: &'a SimilarWeights,
    /// How the customer's and the agent's part are scored.
    parts: [(PartScore, f32); 3],
}

/// The parts that are scored.
const PARTS: [Zone; 3] = [Zone::Title, Zone::Ask, Zone::Answer];

/// The best hits for a text.
pub fn similar(
    finder: &Finder<'_>,
    text: &str,
    answered: Answered<'_>,
    exclude: Option<DocNo>,
    limit: usize,
    near: Option<&Near<'_>>,
) -> tantivy::Result<Hits> {
    let likeness = Likeness::new(finder)?;
    let asked = likeness.asked(text, finder.weights.budget.terms);
    // More than are wanted: some are left out.
    let nearest = NEAREST.max(limit.saturating_mul(TIMES).saturating_add(1));
    let mut best = likeness.best(&asked, nearest)?;
    if let Some(near) = near {
        likeness.add_near(near, &mut best)?;
    }
    likeness.follow(&asked, answered, &mut best)?;
    let mut hits: Vec<Hit> = Vec::new();
    let mut places = collect::Places::new(finder.searcher);
    for (score, address) in best {
        if hits.len() >= limit {
            break;
        }
        let hit = places.hit(address, score)?;
        let shown = match hit.kind {
            Kind::Ticket => Some(hit.doc) != exclude,
            Kind::Article => {
                let share = likeness.shares(&asked, &[address], None)?;
                share.iter().all(|share| *share >= likeness.weights.overlap)
            }
        };
        hits.extend(shown.then_some(hit));
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.doc.cmp(&a.doc)));
    Ok(Hits {
        total: hits.len(),
        more: hits.len() >= limit,
        hits,
        ..Hits::default()
    })
}

/// The best passages of articles for a text.
pub fn passages(finder: &Finder<'_>, text: &str, limit: usize) -> tantivy::Result<Hits> {
    let among = finder.passages.all(finder.searcher)?;
    let mut hits = Hits::default();
    if among.len() == 0 {
        return Ok(hits);
    }
    let likeness = Likeness::new(finder)?;
    let asked = likeness.asked(text, finder.weights.budget.terms);
    let nearest = match among.len() <= NEAREST {
        true => among.places(),
        false => likeness.nearest(&asked, Some(&among), NEAREST)?,
    };
    let mut best = likeness.scored(&nearest, &asked, &likeness.parts)?;
    best.sort_by(by_score);
    let entries: Vec<DocAddress> = best.iter().map(|(_, address)| *address).collect();
    let shares = likeness.shares(&asked, &entries, None)?;
    let mut places = collect::Places::new(finder.searcher);
    let near = best.into_iter().zip(shares);
    for ((score, address), _) in near
        .filter(|(_, share)| *share >= likeness.weights.overlap)
        .take(limit)
    {
        hits.hits.push(places.hit(address, score)?);
    }
    hits.total = hits.hits.len();
    Ok(hits)
}

impl<'a> Likeness<'a> {
    fn new(finder: &'a Finder<'a>) -> tantivy::Result<Self> {
        let weights = &finder.weights.similar;
        let [title, ask, answer] =
            PARTS.map(|zone| PartScore::new(finder.searcher, zone, finder.weights.similar.b));
        Ok(Self {
            finder,
            weights,
            terms: Terms::new(finder.searcher, finder.fields),
            parts: [
                (title?, weights.title),
                (ask?, weights.ask),
                (answer?, weights.answer),
            ],
        })
    }

    fn searcher(&self) -> &'a Searcher {
        self.finder.searcher
    }

    /// The entries that have most of some terms, looked at closely.
    fn best(&self, asked: &[Asked], limit: usize) -> tantivy::Result<Vec<Scored>> {
        let nearest = self.nearest(asked, None, limit)?;
        let mut best = self.scored(&nearest, asked, &self.parts)?;
        best.sort_by(by_score);
        Ok(best)
    }

    /// Adds to the best how near they are, and what is near alone.
    fn add_near(&self, near: &Near<'_>, best: &mut Vec<Scored>) -> tantivy::Result<()> {
        let mut places = collect::Places::new(self.searcher());
        let mut docs: Vec<Option<DocNo>> = Vec::with_capacity(best.len());
        for (score, address) in best.iter() {
            let hit = places.hit(*address, *score)?;
            docs.push((hit.kind == Kind::Ticket).then_some(hit.doc));
        }
        let given: Vec<DocNo> = docs.iter().copied().flatten().collect();
        let nearness = near.nearness(&given, &self.finder.weights.meaning);
        let nearness = nearness.map_err(|error| TantivyError::SystemError(error.to_string()))?;
        let top = best.first().map_or(1.0, |(score, _)| *score);
        let weight = self.finder.weights.meaning.similar * top;
        for ((score, _), doc) in best.iter_mut().zip(docs) {
            *score += weight * doc.map_or(0.0, |doc| nearness.of(doc));
        }
        let known: HashSet<DocNo> = given.into_iter().collect();
        for doc in nearness.order.iter().filter(|doc| !known.contains(doc)) {
            let own = weight * nearness.of(*doc);
            if let Some(address) = self.address(*doc)?.filter(|_| own > 0.0) {
                best.push((own, address));
            }
        }
        best.sort_by(by_score);
        Ok(())
    }

    /// Where a ticket stands in the index.
    fn address(&self, doc: DocNo) -> tantivy::Result<Option<DocAddress>> {
        let term = Term::from_field_u64(self.finder.fields.doc, u64::from(doc.0));
        for (segment, reader) in (0..).zip(self.searcher().segment_readers()) {
            let index = reader.inverted_index(self.finder.fields.doc)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !reader.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(segment, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// The entries that have most of some terms, wherever these stand; among some, where they are
    /// given.
    fn nearest(
        &self,
        asked: &[Asked],
        among: Option<&Sets>,
        limit: usize,
    ) -> tantivy::Result<Vec<DocAddress>> {
        let mut left = self.finder.weights.budget.postings;
        let mut clauses = Vec::new();
        for asked in asked {
            let title = self.terms.known(self.finder.fields.title, &asked.text);
            let postings = asked.term.frequency + title.frequency;
            if postings <= left {
                left -= postings;
                let weight = asked.weight / asked.term.rarity;
                clauses.push(Clause::Term(Arc::clone(&asked.term), weight));
                clauses.push(Clause::Term(title, weight));
            }
        }
        let (nearest, _) = ranked(self.searcher(), &clauses, among, limit)?;
        Ok(nearest.into_iter().map(|(_, address)| address).collect())
    }

    /// What some entries score by terms in some parts.
    fn scored(
        &self,
        entries: &[DocAddress],
        asked: &[Asked],
        parts: &[(PartScore, f32)],
    ) -> tantivy::Result<Vec<Scored>> {
        let mut scored: Vec<Scored> = entries.iter().map(|entry| (0.0, *entry)).collect();
        let terms: Vec<&Known> = asked.iter().map(|asked| asked.term.as_ref()).collect();
        let searcher = self.searcher();
        each_said(searcher, &terms, entries, |at, nth, bounds, positions| {
            let parts = parts.iter();
            let score = parts.map(|(part, weight)| weight * part.score(bounds, positions));
            if let (Some((sum, _)), Some(asked)) = (scored.get_mut(at), asked.get(nth)) {
                *sum += asked.weight * score.sum::<Score>();
            }
        })?;
        Ok(scored)
    }

    /// Adds to the best what they were answered, and those that were answered alike: at most
    /// [`SimilarWeights::follow`] times as much as the best has.
    fn follow(
        &self,
        asked: &[Asked],
        answered: Answered<'_>,
        best: &mut Vec<Scored>,
    ) -> tantivy::Result<()> {
        let Some((top, _)) = best.first().copied() else {
            return Ok(());
        };
        let led = best
            .get(..self.weights.leaders.min(best.len()))
            .unwrap_or_default();
        let (followed, say) = self.answers(asked, answered, led)?;
        let known: HashSet<DocAddress> = best.iter().map(|(_, address)| *address).collect();
        let mut others = self.nearest(&followed, None, NEAREST)?;
        others.retain(|entry| !known.contains(entry));
        best.extend(self.scored(&others, asked, &self.parts)?);
        let [_, _, answer] = &self.parts;
        let entries: Vec<DocAddress> = best.iter().map(|(_, address)| *address).collect();
        let answers = self.scored(&entries, &followed, std::slice::from_ref(answer))?;
        let most = answers.iter().map(|(score, _)| *score).fold(0.0, f32::max);
        if most > 0.0 {
            let weight = self.weights.follow * say * top / most;
            for ((score, _), (answer, _)) in best.iter_mut().zip(answers) {
                *score += weight * answer;
            }
            best.sort_by(by_score);
        }
        Ok(())
    }

    /// The most telling terms of what the best tickets were answered; and the greatest say that one
    /// of these has.
    fn answers(
        &self,
        asked: &[Asked],
        answered: Answered<'_>,
        best: &[Scored],
    ) -> tantivy::Result<(Vec<Asked>, f32)> {
        let top = best.first().map_or(0.0, |(score, _)| *score);
        let entries: Vec<DocAddress> = best.iter().map(|(_, address)| *address).collect();
        let shares = self.shares(asked, &entries, Some(&[Zone::Title, Zone::Ask]))?;
        let mut places = collect::Places::new(self.searcher());
        let mut say: f32 = 0.0;
        let mut followed: HashMap<String, Asked> = HashMap::new();
        for ((score, address), share) in best.iter().zip(shares) {
            let hit = places.hit(*address, *score)?;
            if hit.kind != Kind::Ticket {
                continue;
            }
            let Some(answer) = answered(hit.doc) else {
                continue;
            };
            let own =
                share.powf(self.weights.share_power) * (score / top).powf(self.weights.score_power);
            say = say.max(own);
            let terms = self.asked(&answer, self.finder.weights.budget.followed);
            let all: f32 = terms.iter().map(|term| term.weight).sum();
            for mut term in terms {
                term.weight *= own / all.max(f32::EPSILON);
                match followed.get_mut(&term.text) {
                    Some(known) => known.weight += term.weight,
                    None => drop(followed.insert(term.text.clone(), term)),
                }
            }
        }
        let mut followed: Vec<Asked> = followed.into_values().collect();
        sort(&mut followed);
        followed.truncate(self.finder.weights.budget.terms);
        Ok((followed, say))
    }

    /// How much of what a text asks, by weight, entries have in some parts, or anywhere.
    fn shares(
        &self,
        asked: &[Asked],
        entries: &[DocAddress],
        parts: Option<&[Zone]>,
    ) -> tantivy::Result<Vec<f32>> {
        let mut shares = vec![0.0; entries.len()];
        let all: f32 = asked.iter().map(|term| term.weight).sum();
        let terms: Vec<&Known> = asked.iter().map(|asked| asked.term.as_ref()).collect();
        let searcher = self.searcher();
        each_said(searcher, &terms, entries, |at, nth, bounds, positions| {
            let there = parts.is_none_or(|parts| {
                let mut parts = parts.iter();
                parts.any(|part| bounds.count(*part, positions) > 0)
            });
            if let (true, Some(share), Some(asked)) = (there, shares.get_mut(at), asked.get(nth)) {
                *share += asked.weight / all.max(f32::EPSILON);
            }
        })?;
        Ok(shares)
    }

    /// The most telling terms of a text.
    fn asked(&self, text: &str, limit: usize) -> Vec<Asked> {
        let read: String = text.chars().take(self.finder.weights.budget.read).collect();
        let mut order: Vec<String> = Vec::new();
        let mut counts: HashMap<String, (f32, f32)> = HashMap::new();
        for (term, weight) in weighted(self.finder.analyser, &read, &self.finder.weights.words) {
            let entry = counts.entry(term).or_insert_with_key(|term| {
                order.push(term.clone());
                (0.0, weight)
            });
            entry.0 += 1.0;
            entry.1 = entry.1.max(weight);
        }
        let mut asked: Vec<Asked> = Vec::with_capacity(order.len());
        for text in order {
            let term = self.terms.known(self.finder.fields.all, &text);
            let (count, weight) = counts.get(&text).copied().unwrap_or((1.0, 1.0));
            // A word said often is what it is about, but not so many times as often.
            let weight = weight * term.rarity * (count * (K1 + 1.0) / (count + K1));
            asked.push(Asked { term, text, weight });
        }
        let synonyms = self.synonyms(&asked);
        asked.extend(synonyms);
        asked.retain(|asked| asked.term.frequency > 0);
        sort(&mut asked);
        asked.truncate(limit);
        asked
    }

    /// Words of the index that stand for terms it has or has not, and are none of them: never more
    /// telling than what they stand for.
    fn synonyms(&self, asked: &[Asked]) -> Vec<Asked> {
        let mut found: Vec<Asked> = Vec::new();
        for own in asked {
            for synonym in self.finder.analyser.synonyms().of(&own.text) {
                let there = |other: &&Asked| other.text == synonym && other.term.frequency > 0;
                if asked.iter().find(there).is_some() {
                    continue;
                }
                let term = self.terms.known(self.finder.fields.all, synonym);
                let weight = self.weights.synonym * own.weight.min(term.rarity);
                match found.iter_mut().find(|other| other.text == synonym) {
                    Some(other) => other.weight = other.weight.max(weight),
                    None => found.push(Asked {
                        term,
                        text: synonym.to_owned(),
                        weight,
                    }),
                }
            }
        }
        found
    }
}

/// The most telling first; equal ones by their text, so that answers do not vary.
fn sort(asked: &mut [Asked]) {
    asked.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.text.cmp(&b.text))
    });
}
