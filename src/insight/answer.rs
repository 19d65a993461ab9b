//! From a customer's message to category, replies and causes: what similar tickets say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::causes::Suggestion;
use super::normal::Class;
use super::replies::{MinedReply, Replies};
use super::table::Table;
use super::topics::Topics;
use crate::model::{Category, ReplyId, TicketId};

/// Replies ranked at most: more than are shown, for whoever leaves some out.
const REPLIES: usize = 12;
/// Categories named at most.
const CATEGORIES: usize = 3;
/// Votes of all names together that say what the message says, beside those of tickets.
const NAMED: f32 = 0.6;
/// What is left of the votes for a category whose name speaks of something else.
const ELSEWHERE: f32 = 0.5;
/// A smaller share is not worth a line.
const LEAST: f32 = 0.05;
/// Replies that fit worse are not offered.
const LEAST_REPLY: f32 = 0.05;
/// Tickets named as evidence.
const EVIDENCE: usize = 5;

/// What is likely about a customer's message.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Advice {
    /// Likely categories with their share of the votes, most first.
    pub categories: Vec<LikelyCategory>,
    /// The best standard replies, with a score from 0 to 1.
    pub replies: Vec<RankedReply>,
    /// Likely causes.
    pub causes: Vec<Suggestion<TicketId>>,
}

/// A category that a message may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LikelyCategory {
    /// Which.
    pub category: Category,
    /// Share of the votes, 0 to 1.
    pub share: f32,
    /// Similar tickets filed there, most like it first.
    pub evidence: Vec<TicketId>,
}

/// A standard reply that fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedReply {
    /// Which.
    pub id: ReplyId,
    /// How well it fits, 0 to 1.
    pub score: f32,
    /// Similar tickets whose agents said it.
    pub evidence: Vec<TicketId>,
}

/// Votes of similar tickets on categories, and of the categories' own names: tickets are
/// misfiled too, and a name that says what the message says is a vote of its own.
pub(super) fn categories(
    text: &str,
    similar: &[(u32, f32)],
    table: &Table,
) -> Vec<(Category, f32, Vec<u32>)> {
    let asked = Topics::of(&text.to_lowercase());
    let mut votes: BTreeMap<u32, f32> = BTreeMap::new();
    for (no, score) in similar {
        if let Some(category) = table.category_of(*no) {
            *votes.entry(category).or_default() += score * score;
        }
    }
    let voted: f32 = votes.values().sum();
    let named: Vec<(u32, Topics)> = table
        .categories()
        .map(|(no, category)| (no, Topics::of(&category.issue_type.to_lowercase())))
        .filter(|(_, label)| !label.is_empty())
        .collect();
    let fitting = named.iter().filter(|(_, label)| label.meets(asked)).count();
    for (no, label) in named {
        if label.meets(asked) {
            *votes.entry(no).or_default() += (NAMED * voted.max(0.1)) / fitting as f32;
        } else if let Some(vote) = votes.get_mut(&no).filter(|_| !asked.is_empty()) {
            *vote *= ELSEWHERE;
        }
    }
    let whole: f32 = votes.values().sum();
    let filed = |category: u32| {
        let voters = similar.iter().map(|(no, _)| *no);
        let voters = voters.filter(|no| table.category_of(*no) == Some(category));
        voters.take(EVIDENCE).collect()
    };
    let mut out: Vec<(Category, f32, Vec<u32>)> = votes
        .into_iter()
        .filter_map(|(no, mass)| Some((table.category_at(no)?.clone(), mass / whole, filed(no))))
        .filter(|(_, share, _)| *share >= LEAST)
        .collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out.truncate(CATEGORIES);
    out
}

/// The replies that similar tickets' agents gave, best first.
///
/// A reply gains with every similar ticket that has it, and with speaking of what the
/// message speaks of; one that only asks back comes after those that answer. Its score falls with
/// the share of all votes that it has: by the tickets alone a store of thousands is sure of
/// everything, because some of them always have some reply.
pub(super) fn replies(
    text: &str,
    similar: &[(u32, f32)],
    replies: &Replies,
    may: &dyn Fn(&MinedReply) -> bool,
) -> Vec<(ReplyId, f32, Vec<u32>)> {
    let asked = Topics::of(&text.to_lowercase());
    let mut found: BTreeMap<ReplyId, (&MinedReply, f32, Vec<u32>)> = BTreeMap::new();
    for (no, score) in similar {
        for reply in replies
            .of_ticket(*no)
            .into_iter()
            .filter(|reply| may(reply))
        {
            let entry = found.entry(reply.id).or_insert((reply, 1.0, Vec::new()));
            if entry.2.last() != Some(no) {
                entry.1 *= 1.0 - score.clamp(0.0, 1.0) * 0.6;
                entry.2.push(*no);
            }
        }
    }
    let all: f32 = similar.iter().map(|(_, score)| score).sum();
    let share = |tickets: &[u32]| {
        let own = similar.iter().filter(|(no, _)| tickets.contains(no));
        own.map(|(_, score)| score).sum::<f32>() / all.max(f32::MIN_POSITIVE)
    };
    let mut out: Vec<(ReplyId, f32, Vec<u32>)> = found
        .into_iter()
        .map(|(id, (reply, doubt, tickets))| {
            let sure = (1.0 - doubt) * share(&tickets).sqrt();
            (id, sure * fitness(reply, asked), tickets)
        })
        .filter(|(_, score, _)| *score >= LEAST_REPLY)
        .collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out.truncate(REPLIES);
    for (_, _, tickets) in &mut out {
        tickets.truncate(EVIDENCE);
    }
    out
}

/// How well a reply fits by its own words, 0 to 1.
fn fitness(reply: &MinedReply, asked: Topics) -> f32 {
    let said = Topics::of(&reply.text.to_lowercase());
    let subject = match (asked.is_empty() || said.is_empty(), asked.meets(said)) {
        (true, _) => 0.8,
        (false, true) => 1.0,
        (false, false) => 0.4,
    };
    let answers = match reply.class {
        Class::Answer => 1.0,
        Class::Asking => 0.6,
        Class::Holding | Class::Scrap => 0.2,
    };
    let usual = 0.9 + 0.1 * (1.0 - 1.0 / reply.tickets.max(1) as f32);
    subject * answers * usual
}
