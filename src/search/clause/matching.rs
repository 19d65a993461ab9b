//! Which documents a clause matches.

use std::sync::Arc;

use tantivy::postings::Postings;
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocAddress, DocId, DocSet, Searcher, TERMINATED};

use super::docs::{self, Docs, is_few};
use super::reader::Segment;
use super::{Clause, Known, Scored, Stretch, weighted};
use crate::search::parallel::each_segment;

/// A list that is so many times as long as what it is held against is sought in, not read.
const SOUGHT: usize = 8;

/// Postings from which reading them is spread over the cores.
const SPREAD: u64 = 30_000;

/// The documents of every segment.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    /// By segment.
    pub by_segment: Vec<Docs>,
}

impl Sets {
    /// How many documents they are.
    pub fn len(&self) -> usize {
        self.by_segment.iter().map(Docs::len).sum()
    }

    /// Whether a document is among them.
    pub fn has(&self, address: DocAddress) -> bool {
        let docs = self.of(address.segment_ord as usize);
        docs.is_some_and(|docs| docs.has(address.doc_id))
    }

    /// Those that are in any of both.
    pub fn or(&self, other: Self, searcher: &Searcher) -> Self {
        let segments = searcher.segment_readers().iter().enumerate();
        let by_segment = segments
            .zip(other.by_segment)
            .map(|((ord, segment), other)| {
                let own = self.of(ord).cloned().unwrap_or_else(Docs::empty);
                Docs::union(vec![own, other], segment.max_doc())
            });
        Self {
            by_segment: by_segment.collect(),
        }
    }

    /// Where they stand.
    pub fn places(&self) -> Vec<DocAddress> {
        let mut places = Vec::with_capacity(self.len());
        for (docs, ord) in self.by_segment.iter().zip(0..) {
            docs.each(|doc| places.push(DocAddress::new(ord, doc)));
        }
        places
    }

    /// About so many of them, of every segment the same share of those that came last.
    pub fn last(&self, count: usize) -> Self {
        let all = self.len().max(1) as u64;
        let share = |docs: &Docs| docs.last((docs.len() as u64 * count as u64 / all) as usize);
        Self {
            by_segment: self.by_segment.iter().map(share).collect(),
        }
    }

    /// Those that stand at some places.
    pub fn at(places: &[Scored], searcher: &Searcher) -> Self {
        let mut by_segment = vec![Vec::new(); searcher.segment_readers().len()];
        for (_, address) in places {
            if let Some(docs) = by_segment.get_mut(address.segment_ord as usize) {
                docs.push(address.doc_id);
            }
        }
        by_segment.iter_mut().for_each(|docs| docs.sort_unstable());
        Self {
            by_segment: by_segment.into_iter().map(Docs::Few).collect(),
        }
    }

    /// The documents of a segment.
    pub fn of(&self, segment: usize) -> Option<&Docs> {
        self.by_segment.get(segment)
    }
}

/// The documents that are not deleted and match a clause; among some that are known to be so,
/// where they are given.
pub fn matching(
    searcher: &Searcher,
    clause: &Clause,
    among: Option<&Sets>,
) -> tantivy::Result<Sets> {
    let spread = clause.load() >= SPREAD;
    let by_segment = each_segment(searcher, spread, |reader, ord| {
        let segment = Segment { reader, ord };
        let among = among.and_then(|sets| sets.of(ord));
        let found = segment.matching(clause, among)?;
        Ok(match (among, reader.alive_bitset()) {
            (None, Some(alive)) => {
                let mut there = BitSet::with_max_value_and_full(reader.max_doc());
                there.intersect_update(alive.bitset());
                found.and(
                    &Docs::of_library(&there, reader.max_doc()),
                    reader.max_doc(),
                )
            }
            _ => found,
        })
    })?;
    Ok(Sets { by_segment })
}

impl Clause {
    /// Postings that are read to tell what it matches, about.
    pub(super) fn load(&self) -> u64 {
        match self {
            Self::Term(term, _) => term.frequency,
            Self::Stretch(stretch, _) => stretch.slots.iter().map(|slot| all_of(&slot.1)).sum(),
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::load).sum(),
            Self::Alike(part, _) | Self::Not(part) => part.load(),
            // Phrases: nobody knows.
            Self::Library(..) => SPREAD,
            Self::Found(..) => 0,
        }
    }
}

fn all_of(terms: &[Arc<Known>]) -> u64 {
    terms.iter().map(|term| term.frequency).sum()
}

impl Segment<'_> {
    /// The documents that match a clause, among some where these are given; deleted ones too.
    pub(super) fn matching(&self, clause: &Clause, among: Option<&Docs>) -> tantivy::Result<Docs> {
        if among.is_some_and(Docs::is_empty) {
            return Ok(Docs::empty());
        }
        match clause {
            Clause::Term(term, _) => self.with_term(term, among),
            Clause::Stretch(stretch, _) => self.with_stretch(stretch, among),
            Clause::Library(query, _) => self.of_library(query.as_ref(), among),
            Clause::All(parts) => self.with_all(parts, among),
            Clause::Any(parts) => {
                let found: Vec<Docs> = parts
                    .iter()
                    .map(|part| self.matching(part, among))
                    .collect::<tantivy::Result<_>>()?;
                Ok(Docs::union(found, self.max_doc()))
            }
            Clause::Alike(part, _) => self.matching(part, among),
            Clause::Not(part) => {
                let out = self.matching(part, among)?;
                let all = among.cloned();
                let all = all.unwrap_or_else(|| Docs::all(self.max_doc()));
                Ok(all.minus(&out, self.max_doc()))
            }
            Clause::Found(_, sets) => {
                let found = sets.of(self.ord).cloned().unwrap_or_else(Docs::empty);
                Ok(self.held(found, among))
            }
        }
    }

    fn held(&self, found: Docs, among: Option<&Docs>) -> Docs {
        match among {
            Some(among) => found.and(among, self.max_doc()),
            None => found,
        }
    }

    fn with_term(&self, term: &Known, among: Option<&Docs>) -> tantivy::Result<Docs> {
        let frequency = term.here(self.ord);
        if let Some(Docs::Few(docs)) = among
            && docs.len() * SOUGHT < frequency as usize
        {
            let Some(mut cursor) = self.cursor(term, IndexRecordOption::Basic)? else {
                return Ok(Docs::empty());
            };
            let there = |doc: &DocId| cursor.count(*doc).is_some();
            return Ok(Docs::Few(docs.iter().copied().filter(there).collect()));
        }
        let found = if is_few(frequency, self.max_doc()) {
            let mut docs = Vec::with_capacity(frequency as usize);
            self.each_block(term, |block| docs.extend_from_slice(block))?;
            Docs::Few(docs)
        } else {
            let mut bits = docs::none(self.max_doc());
            self.each_block(term, |block| docs::set(&mut bits, block))?;
            Docs::Many(bits, frequency as usize)
        };
        Ok(self.held(found, among))
    }

    /// The shortest list first: the others are only held against what is left.
    fn with_all(&self, parts: &[Clause], among: Option<&Docs>) -> tantivy::Result<Docs> {
        let mut order: Vec<(u32, &Clause)> = parts.iter().map(|p| (self.most(p), p)).collect();
        order.sort_by_key(|(most, _)| *most);
        let mut found: Option<Docs> = None;
        for (_, part) in order {
            found = Some(self.matching(part, found.as_ref().or(among))?);
        }
        Ok(found.unwrap_or_else(|| Docs::all(self.max_doc())))
    }

    /// How many documents a clause matches at most, about.
    fn most(&self, clause: &Clause) -> u32 {
        let each = |parts: &[Clause]| {
            let most = parts.iter().map(|part| self.most(part));
            most.fold((u32::MAX, 0_u32), |(least, sum), most| {
                (least.min(most), sum.saturating_add(most))
            })
        };
        match clause {
            Clause::Term(term, _) => term.here(self.ord),
            Clause::All(parts) => each(parts).0,
            Clause::Any(parts) => each(parts).1,
            Clause::Alike(part, _) => self.most(part),
            Clause::Found(_, sets) => {
                let found = sets.of(self.ord).map_or(0, Docs::len);
                u32::try_from(found).unwrap_or(u32::MAX)
            }
            Clause::Not(_) => self.max_doc(),
            // What costs most is asked of what is left by all others.
            Clause::Stretch(..) | Clause::Library(..) => u32::MAX,
        }
    }

    fn of_library(&self, query: &dyn Query, among: Option<&Docs>) -> tantivy::Result<Docs> {
        let schema = self.reader.schema();
        let weight = query.weight(EnableScoring::disabled_from_schema(schema))?;
        if let Some(Docs::Few(docs)) = among {
            let mut scorer = weight.scorer(self.reader, 1.0)?;
            let there = |doc: &DocId| sought(scorer.as_mut(), *doc);
            return Ok(Docs::Few(docs.iter().copied().filter(there).collect()));
        }
        let mut bits = docs::none(self.max_doc());
        weight.for_each_no_score(self.reader, &mut |block| docs::set(&mut bits, block))?;
        Ok(self.held(Docs::of(bits, self.max_doc()), among))
    }

    fn with_stretch(&self, stretch: &Stretch, among: Option<&Docs>) -> tantivy::Result<Docs> {
        let slots = stretch.slots.iter().map(|(_, terms)| {
            let terms = terms.iter().map(|term| Clause::Term(Arc::clone(term), 1.0));
            Clause::Any(terms.collect())
        });
        let candidates = self.with_all(&slots.collect::<Vec<_>>(), among)?;
        if stretch.slots.len() < 2 {
            return Ok(candidates);
        }
        let mut found = candidates.to_vec();
        let counts = self.stretches(stretch, &found, false)?;
        let mut counts = counts.iter();
        found.retain(|_| counts.next().is_some_and(|count| *count > 0));
        if is_few(found.len() as u32, self.max_doc()) {
            return Ok(Docs::Few(found));
        }
        let mut bits = docs::none(self.max_doc());
        docs::set(&mut bits, &found);
        Ok(Docs::Many(bits, found.len()))
    }

    /// How often some ascending documents have a stretch; if they need not be `counted`, once is
    /// enough.
    pub(super) fn stretches(
        &self,
        stretch: &Stretch,
        docs: &[DocId],
        counted: bool,
    ) -> tantivy::Result<Vec<usize>> {
        let mut slots = Vec::with_capacity(stretch.slots.len());
        for (at, terms) in &stretch.slots {
            let mut lists = Vec::with_capacity(terms.len());
            for term in terms {
                lists.extend(self.positions(term)?);
            }
            slots.push((*at, lists));
        }
        let last = slots.len().saturating_sub(1);
        let (mut first, mut other): (Vec<u32>, Vec<u32>) = Default::default();
        let mut count = |doc: &DocId| {
            first.clear();
            for (nth, (at, lists)) in slots.iter_mut().enumerate() {
                other.clear();
                for list in lists {
                    let before = other.len();
                    if sought(list, *doc) {
                        list.append_positions_with_offset(0, &mut other);
                    }
                    // Compared by where the stretch would begin.
                    for start in other.iter_mut().skip(before) {
                        *start = start.wrapping_sub(*at);
                    }
                    // The likely ends come first: most documents are done with one of them.
                    let done = !counted && nth == last && nth > 0;
                    if done && other.iter().any(|start| first.contains(start)) {
                        return 1;
                    }
                }
                if nth == 0 {
                    std::mem::swap(&mut first, &mut other);
                } else {
                    first.retain(|start| other.contains(start));
                }
                if first.is_empty() {
                    return 0;
                }
            }
            first.len()
        };
        Ok(docs.iter().map(&mut count).collect())
    }
}

/// Whether a list that only walks forward has a document.
pub(super) fn sought<D: DocSet + ?Sized>(list: &mut D, doc: DocId) -> bool {
    let here = list.doc();
    here == doc || (here < doc && here != TERMINATED && list.seek(doc) == doc)
}

/// What a query of the library scores on some ascending documents; those it does not match score
/// nothing and are told so.
pub(super) fn library_scores(
    searcher: &Searcher,
    segment: Segment<'_>,
    (query, weight): (&dyn Query, f32),
    docs: &[DocId],
    mut each: impl FnMut(usize, f32),
) -> tantivy::Result<()> {
    let query = weighted(query, weight);
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut scorer = weight.scorer(segment.reader, 1.0)?;
    for (at, doc) in docs.iter().enumerate() {
        if sought(scorer.as_mut(), *doc) {
            each(at, scorer.score());
        }
    }
    Ok(())
}
