//! Given causes that are probably wrong, with the reasons; the most certain first.
//!
//! Precision goes first: a cause that the title or a reply speaks of is hardly ever doubted,
//! whatever the neighbours carry.

use serde::{Deserialize, Serialize};

use super::suggest::worth;
use super::{Carried, Causes, Relation, Row};
use crate::insight::replies::Replies;
use crate::insight::topics::Topics;

/// Doubt from which a cause is suspect.
const SUSPECT: f32 = 0.5;
/// Tickets with a cause that a category must have before a cause can be odd for it.
const ENOUGH: usize = 6;

/// Why a cause is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// Tickets like it carry another cause: that cause, how many.
    NeighboursDisagree,
    /// Title and replies speak of something else: what of.
    NoWordInCommon,
    /// No other ticket of the category carries it: how many carry others.
    OddForCategory,
}

impl ReasonKind {
    /// The name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::NeighboursDisagree => "neighbours_disagree",
            Self::NoWordInCommon => "no_word_in_common",
            Self::OddForCategory => "odd_for_category",
        }
    }
}

/// One reason to doubt a cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Its kind.
    pub kind: ReasonKind,
    /// Values for a sentence: the doubted cause first, then as the kind says.
    pub args: Vec<String>,
    /// How much it weighs, 0 to 1.
    pub score: f32,
}

/// A ticket whose given cause is probably wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect<T> {
    /// The ticket.
    pub ticket: T,
    /// All reasons together, 0 to 1.
    pub score: f32,
    /// The reasons, strongest first.
    pub reasons: Vec<Reason>,
}

impl Causes {
    /// Doubts about a ticket's given causes; `None` where there are too few. What an agent
    /// confirmed is not doubted.
    pub(in crate::insight) fn suspect(&self, no: u32, replies: &Replies) -> Option<Suspect<u32>> {
        let row = self
            .row(no)
            .filter(|row| !row.confirmed && !row.carried.is_empty())?;
        let doubts = row
            .carried
            .iter()
            .map(|carried| self.doubt(no, row, *carried, replies));
        let reasons = doubts.max_by(|a, b| together(a).total_cmp(&together(b)))?;
        let score = together(&reasons);
        (score >= SUSPECT).then_some(Suspect {
            ticket: no,
            score,
            reasons,
        })
    }

    fn doubt(&self, no: u32, row: &Row, carried: Carried, replies: &Replies) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = [
            self.silent(row, carried),
            self.outvoted(no, row, carried, replies),
            self.odd(row, carried),
        ]
        .into_iter()
        .flatten()
        .collect();
        reasons.sort_by(|a, b| b.score.total_cmp(&a.score));
        reasons
    }

    /// The ticket speaks of something else.
    fn silent(&self, row: &Row, carried: Carried) -> Option<Reason> {
        let parts = row.parts;
        let answered = !parts.replies.is_empty();
        let titled = !parts.title.is_empty();
        let subject = !self.vocabulary.topics(carried.cause).is_empty();
        let score = match carried.relation {
            // Without an answer, title and question are symptoms, which need not name the cause.
            Relation::Nowhere if !subject || parts.all().is_empty() => 0.3,
            Relation::Nowhere if answered && titled => 0.85,
            Relation::Nowhere if answered => 0.75,
            Relation::Nowhere => 0.4,
            Relation::QuestionOnly if answered && titled && agree(parts.title, parts.replies) => {
                0.62
            }
            Relation::QuestionOnly | Relation::Loud | Relation::Unknown => return None,
        };
        let spoken = if parts.loud().is_empty() {
            parts.all()
        } else {
            parts.loud()
        };
        Some(self.reason(
            ReasonKind::NoWordInCommon,
            carried,
            spoken.names().join("、"),
            score,
        ))
    }

    /// Tickets like it carry another cause.
    fn outvoted(&self, no: u32, row: &Row, carried: Carried, replies: &Replies) -> Option<Reason> {
        let (mut own, mut confirmed) = (0.0, 0);
        let mut others: std::collections::BTreeMap<u16, (f32, usize)> = Default::default();
        for (other, weight) in self.of_groups(no, row, replies) {
            let Some(theirs) = self.row(other).filter(|theirs| !theirs.carried.is_empty()) else {
                continue;
            };
            let agrees = theirs
                .carried
                .iter()
                .any(|c| self.vocabulary.compatible(c.cause, carried.cause));
            for vote in &theirs.carried {
                let mass = weight * worth(theirs, vote);
                if agrees {
                    own += mass;
                } else {
                    let entry = others.entry(vote.cause).or_default();
                    entry.0 += mass;
                    entry.1 += 1;
                    confirmed += usize::from(theirs.confirmed);
                }
            }
        }
        let all: f32 = others.values().map(|(mass, _)| mass).sum();
        let (best, (_, tickets)) = others.into_iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
        let certain = (tickets >= 2 && all >= 0.4) || confirmed > 0;
        if !certain || all < 3.0 * own {
            return None;
        }
        let weight = (tickets + 3 * confirmed).min(4) as f32 / 4.0;
        let borne_out = match carried.relation {
            Relation::Loud => 0.4,
            Relation::Unknown => 0.7,
            Relation::QuestionOnly => 0.8,
            Relation::Nowhere => 1.0,
        };
        let score = (0.35 + 0.5 * weight) * borne_out;
        let mut reason = self.reason(
            ReasonKind::NeighboursDisagree,
            carried,
            self.vocabulary.name(best).to_owned(),
            score,
        );
        reason.args.push(tickets.to_string());
        Some(reason)
    }

    /// Nobody else in the category carries it, though many elsewhere do.
    fn odd(&self, row: &Row, carried: Carried) -> Option<Reason> {
        let here = self.in_category.get(&row.category).copied().unwrap_or(0);
        let with = self
            .in_category_with
            .get(&(row.category, carried.cause))
            .copied()
            .unwrap_or(0);
        let carriers = self
            .carriers
            .get(usize::from(carried.cause))
            .map_or(0, std::collections::BTreeSet::len);
        let rare = with * 50 <= here.max(50) && with <= 1 + here / 50;
        let borne_out = matches!(carried.relation, Relation::Loud | Relation::Unknown);
        if here < ENOUGH || !rare || carriers < 3 + with || borne_out {
            return None;
        }
        Some(self.reason(
            ReasonKind::OddForCategory,
            carried,
            (here - with).to_string(),
            0.4,
        ))
    }

    fn reason(&self, kind: ReasonKind, carried: Carried, arg: String, score: f32) -> Reason {
        Reason {
            kind,
            args: vec![self.vocabulary.name(carried.cause).to_owned(), arg],
            score,
        }
    }
}

/// Reasons do not rest on one another: the chance that all of them mislead.
fn together(reasons: &[Reason]) -> f32 {
    1.0 - reasons
        .iter()
        .map(|reason| 1.0 - reason.score)
        .product::<f32>()
}

/// Whether title and replies speak of the same.
fn agree(title: Topics, replies: Topics) -> bool {
    title.meets(replies)
}
