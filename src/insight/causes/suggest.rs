//! Up to three causes for a ticket or a text, each with the tickets that voted for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::neighbours::{Weights, raise};
use super::{Carried, Causes, Relation, Row, Spoken, kept_words};
use crate::insight::case::Words;
use crate::insight::normal::Class;
use crate::insight::replies::Replies;
use crate::model::CauseId;

/// What a given cause's vote is worth beside a confirmed one.
const GIVEN: f32 = 0.25;
/// What is left of the vote of a ticket that does not speak of the cause it carries.
const DOUBTFUL: f32 = 0.05;
/// Weight of a neighbour that search found.
const SEARCHED: f32 = 0.7;
/// Suggestions at most.
const MOST: usize = 3;
/// A lower score is not worth a line.
const LEAST: f32 = 0.08;
/// Tickets named as evidence.
const EVIDENCE: usize = 5;
/// What a name alone is worth where all its words stand in the ticket.
const BY_NAME: f32 = 0.35;
/// Share of a cause's words from which its name alone suggests it.
const NAMED: f32 = 0.5;

/// A cause that may hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion<T> {
    /// The cause.
    pub cause: CauseId,
    /// How much speaks for it, 0 to 1.
    pub score: f32,
    /// The tickets that voted, most weight first.
    pub evidence: Vec<T>,
}

/// Votes on one cause.
#[derive(Debug, Default)]
struct Tally {
    mass: f32,
    /// Of it, what agents confirmed.
    confirmed: f32,
    /// Chance that every vote is wrong.
    doubt: f32,
    voters: Vec<(u32, f32)>,
}

impl Causes {
    /// Suggests causes for a ticket; `searched` are tickets like it with scores from 0 to 1.
    pub(in crate::insight) fn suggest(
        &self,
        no: u32,
        ticket: &crate::model::Ticket,
        turns: &[(usize, &str, Class)],
        searched: &[(u32, f32)],
        replies: &Replies,
    ) -> Vec<Suggestion<u32>> {
        let Some(row) = self.row(no) else {
            return Vec::new();
        };
        let mut weights = self.of_groups(no, row, replies);
        self.of_words(&row.words, &mut weights);
        self.vote(weights, Some(no), searched, &Spoken::of(ticket, turns))
    }

    /// Suggests causes for a customer's text.
    pub(in crate::insight) fn suggest_for(
        &self,
        text: &str,
        searched: &[(u32, f32)],
        words: &dyn Words,
    ) -> Vec<Suggestion<u32>> {
        let spoken = Spoken::asking(text);
        let mut weights = Weights::new();
        self.of_words(&kept_words(&spoken, words), &mut weights);
        self.vote(weights, None, searched, &spoken)
    }

    fn vote(
        &self,
        mut weights: Weights,
        own: Option<u32>,
        searched: &[(u32, f32)],
        text: &Spoken,
    ) -> Vec<Suggestion<u32>> {
        for (other, score) in searched {
            raise(&mut weights, *other, score.clamp(0.0, 1.0) * SEARCHED);
        }
        if let Some(own) = own {
            weights.remove(&own);
        }
        let tallies = self.tally(&weights);
        let whole: f32 = tallies.values().map(|tally| tally.mass).sum();
        let mut out: Vec<Suggestion<u32>> = self
            .vocabulary
            .numbers()
            .filter_map(|cause| self.weigh(cause, tallies.get(&cause), whole, text, own))
            .filter(|suggestion| suggestion.score >= LEAST)
            .collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.cause.cmp(&b.cause)));
        out.truncate(MOST);
        out
    }

    /// Counts the votes of tickets like the one in question.
    fn tally(&self, weights: &Weights) -> BTreeMap<u16, Tally> {
        let mut tallies: BTreeMap<u16, Tally> = BTreeMap::new();
        for (no, weight) in weights {
            let Some(row) = self.row(*no) else { continue };
            for carried in &row.carried {
                let vote = weight * worth(row, carried);
                let tally = tallies.entry(carried.cause).or_insert_with(|| Tally {
                    doubt: 1.0,
                    ..Tally::default()
                });
                tally.mass += vote;
                tally.confirmed += if row.confirmed { vote } else { 0.0 };
                tally.doubt *= 1.0 - vote;
                tally.voters.push((*no, vote));
            }
        }
        tallies
    }

    /// The score of a cause: votes, and whether the ticket speaks of it.
    fn weigh(
        &self,
        cause: u16,
        tally: Option<&Tally>,
        whole: f32,
        text: &Spoken,
        own: Option<u32>,
    ) -> Option<Suggestion<u32>> {
        let relation = self.vocabulary.relation(cause, text);
        let voted = tally.map_or(0.0, |tally| {
            (1.0 - tally.doubt) * (0.5 + 0.5 * tally.mass / whole.max(f32::EPSILON))
        });
        let topics = self.vocabulary.topics(cause);
        let asked = text.parts.title.union(text.parts.question);
        let cover = self.vocabulary.cover(cause, text);
        let named = if cover >= NAMED && (topics.is_empty() || topics.meets(asked)) {
            BY_NAME * cover
        } else {
            0.0
        };
        let score = match relation {
            Relation::Loud => {
                1.0 - (1.0 - voted) * (1.0 - named.max(if voted > 0.0 { 0.25 } else { 0.0 }))
            }
            Relation::QuestionOnly => 1.0 - (1.0 - voted * 0.8) * (1.0 - named * 0.6),
            Relation::Unknown => voted * 0.9,
            // Where the ticket is silent, labels are not believed; agents are.
            Relation::Nowhere => {
                let decided =
                    tally.map_or(0.0, |tally| tally.confirmed / tally.mass.max(f32::EPSILON));
                let silent = if topics.is_empty() { 0.7 } else { 0.3 };
                voted * (silent + (0.9 - silent) * decided)
            }
        };
        let mut voters = tally.map(|tally| tally.voters.clone()).unwrap_or_default();
        voters.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        let mut evidence: Vec<u32> = voters
            .into_iter()
            .map(|(no, _)| no)
            .take(EVIDENCE)
            .collect();
        if evidence.is_empty() {
            evidence = self.examples(cause, text, own);
        }
        let mut score = score;
        if evidence.is_empty() {
            // Its own words are all there is to show for it: little is left. Where there are none
            // to show either, as of a message, nothing is.
            evidence.push(own?);
            score *= 0.5;
        }
        Some(Suggestion {
            cause: self.vocabulary.id(cause)?,
            score,
            evidence,
        })
    }

    /// Tickets that carry a cause and speak of it, for a suggestion by name alone.
    fn examples(&self, cause: u16, text: &Spoken, own: Option<u32>) -> Vec<u32> {
        let carriers = self
            .carriers
            .get(usize::from(cause))
            .into_iter()
            .flatten()
            .rev();
        carriers
            .take(200)
            .filter(|no| Some(**no) != own)
            .filter(|no| {
                self.row(**no).is_some_and(|row| {
                    let borne_out = |c: &Carried| c.cause == cause && worth(row, c) >= GIVEN;
                    row.parts.all().meets(text.parts.all()) && row.carried.iter().any(borne_out)
                })
            })
            .take(EVIDENCE)
            .copied()
            .collect()
    }
}

/// What a ticket's vote is worth: an agent's decision in full, a label a quarter, a label that
/// the ticket itself does not bear out next to nothing.
pub(super) fn worth(row: &Row, carried: &Carried) -> f32 {
    match (row.confirmed, carried.relation) {
        (true, _) => 1.0,
        (false, Relation::Loud | Relation::Unknown) => GIVEN,
        (false, Relation::QuestionOnly) => GIVEN * 0.5,
        (false, Relation::Nowhere) => DOUBTFUL,
    }
}
