//! Fusion of what is found by words with what is near by meaning.

use std::collections::{HashMap, HashSet};

use super::ranking::MeaningWeights;
use super::vectors::{Neighbour, Vectors};
use super::{Hit, Hits, Kind, SearchError};
use crate::model::{DocNo, MatchSection, SectionCount};

/// A query's vector, and the tickets among which its like is sought.
pub struct Near<'a> {
    /// The vectors of all tickets.
    pub vectors: &'a Vectors,
    /// The query's own.
    pub query: &'a [f32],
    /// Whether a ticket may be found at all.
    pub passes: &'a dyn Fn(DocNo) -> bool,
}

/// How near tickets are: 1 for the nearest, 0 for one that only stands for the rest.
pub struct Nearness {
    by_doc: HashMap<DocNo, (f32, Neighbour)>,
    /// The nearest first.
    pub order: Vec<DocNo>,
}

impl Near<'_> {
    /// How near some tickets and the nearest are.
    ///
    /// # Errors
    /// [`SearchError`] when the vectors cannot be read.
    pub fn nearness(
        &self,
        given: &[DocNo],
        weights: &MeaningWeights,
    ) -> Result<Nearness, SearchError> {
        let near = self
            .vectors
            .nearest(self.query, weights.nearest, given, self.passes)?;
        let best = near.first().map_or(0.0, |near| near.cosine);
        let rest = near.get(weights.rest.min(near.len().saturating_sub(1)));
        let rest = rest.map_or(0.0, |near| near.cosine);
        let width = (best - rest).max(f32::EPSILON);
        let order = near.iter().map(|near| near.doc).collect();
        let by_doc = near
            .into_iter()
            .map(|near| (near.doc, (((near.cosine - rest) / width).max(0.0), near)));
        Ok(Nearness {
            by_doc: by_doc.collect(),
            order,
        })
    }
}

impl Nearness {
    /// How near a ticket is, from 0 to 1.
    pub fn of(&self, doc: DocNo) -> f32 {
        self.by_doc.get(&doc).map_or(0.0, |(near, _)| *near)
    }
}

/// Puts what is near among what was found by words, in the order of both.
///
/// What has all words stays before everything else; what has some of them and what is near
/// alone are one list.
pub fn fuse(
    mut found: Hits,
    near: &Near<'_>,
    weights: &MeaningWeights,
    limit: usize,
) -> Result<Hits, SearchError> {
    let tickets = found.hits.iter().filter(|hit| hit.kind == Kind::Ticket);
    let tickets: Vec<DocNo> = tickets.map(|hit| hit.doc).collect();
    let nearness = near.nearness(&tickets, weights)?;
    let weight = near.vectors.mean_share();
    let best = |section: MatchSection| {
        let own = found.hits.iter().filter(|hit| hit.section == Some(section));
        own.map(|hit| hit.score).fold(f32::EPSILON, f32::max)
    };
    let (all, part) = (best(MatchSection::All), best(MatchSection::Part));
    for hit in &mut found.hits {
        let best = match hit.section {
            Some(MatchSection::All) => all,
            Some(MatchSection::Part | MatchSection::Meaning) | None => part,
        };
        let own = match hit.kind {
            Kind::Ticket => nearness.of(hit.doc),
            Kind::Article => 0.0,
        };
        hit.score = hit.score / best + weight * own;
    }
    let known: HashSet<DocNo> = tickets.into_iter().collect();
    let others = nearness.order.iter().filter(|doc| !known.contains(doc));
    let mut others: Vec<Hit> = others
        .filter_map(|doc| {
            let (near, neighbour) = nearness.by_doc.get(doc)?;
            Some(Hit {
                doc: *doc,
                kind: Kind::Ticket,
                passage: None,
                score: weight * near,
                relaxed: None,
                section: Some(MatchSection::Meaning),
                near: Some(neighbour.aspect),
            })
        })
        .filter(|hit| hit.score > 0.0)
        .collect();
    if !others.is_empty() {
        found.sections.push(SectionCount {
            section: MatchSection::Meaning,
            count: others.len(),
            more: false,
        });
    }
    found.hits.append(&mut others);
    let first = |hit: &Hit| hit.section != Some(MatchSection::All);
    found.hits.sort_by(|a, b| {
        first(a)
            .cmp(&first(b))
            .then_with(|| b.score.total_cmp(&a.score))
    });
    found.hits.truncate(limit);
    Ok(found)
}
