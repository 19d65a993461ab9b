//! Root causes: suggested from tickets like a ticket, and doubted where all else speaks against.
//!
//! Given causes repeat the mistakes of whatever labelled them. So what an agent confirmed
//! outweighs what was given by far, replies and questions speak louder than labels, and
//! placeholders, which are in no vocabulary, never vote.

mod lookalike;
mod misfiled;
mod neighbours;
mod suggest;
mod suspect;
mod vocabulary;

use std::collections::{BTreeSet, HashMap};

pub use misfiled::Misfiled;
pub use suggest::Suggestion;
pub use suspect::{Reason, ReasonKind, Suspect};

use serde::{Deserialize, Serialize};

use super::case::{Case, Words};
use super::minhash::{Index, Signature};
use super::normal::{Class, canonical};
use super::pattern::{is_han, weight};
use super::topics::Topics;
use crate::model::{CauseId, Speaker, Ticket};
use neighbours::Postings;
use vocabulary::Vocabulary;

/// Likeness from which two questions are look-alikes.
const ALIKE: f32 = 0.6;
/// Characters below which a question says nothing by itself: 如题.
const SHORT: usize = 6;
/// Words kept of a ticket.
const KEPT_WORDS: usize = 12;
/// Bands by which questions are found: short texts that must agree well need fewer.
const QUESTION_BANDS: usize = 5;

/// What a ticket speaks of, part by part.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Parts {
    title: Topics,
    question: Topics,
    /// Of replies that say something.
    replies: Topics,
}

impl Parts {
    fn all(self) -> Topics {
        self.title.union(self.question).union(self.replies)
    }

    fn loud(self) -> Topics {
        self.title.union(self.replies)
    }
}

/// A cause a ticket carries, and where the ticket speaks of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Carried {
    /// Number in the vocabulary.
    cause: u16,
    relation: Relation,
}

/// Where a ticket speaks of a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Relation {
    /// The cause says nothing that could be looked for.
    Unknown,
    /// In its title or its replies.
    Loud,
    /// In its question only.
    QuestionOnly,
    /// Nowhere.
    Nowhere,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Row {
    present: bool,
    confirmed: bool,
    carried: Box<[Carried]>,
    parts: Parts,
    /// Look-alikes by question; `u32::MAX` = none.
    question: u32,
    words: Box<[u32]>,
    category: u32,
}

/// What is known of causes, kept up to date ticket by ticket.
#[derive(Debug, Serialize, Deserialize)]
pub struct Causes {
    vocabulary: Vocabulary,
    rows: Vec<Row>,
    questions: Index,
    /// By question group: its tickets.
    asked: Vec<Vec<u32>>,
    /// By cause: tickets that carry it.
    carriers: Vec<BTreeSet<u32>>,
    /// Tickets with a cause by category, and by category and cause.
    in_category: HashMap<u32, usize>,
    in_category_with: HashMap<(u32, u16), usize>,
    postings: Postings,
}

impl Default for Causes {
    fn default() -> Self {
        Self {
            vocabulary: Vocabulary::default(),
            rows: Vec::new(),
            questions: Index::new(QUESTION_BANDS),
            asked: Vec::new(),
            carriers: Vec::new(),
            in_category: HashMap::new(),
            in_category_with: HashMap::new(),
            postings: Postings::default(),
        }
    }
}

impl Causes {
    /// Takes the vocabulary as it is now: id and names, today's first. Tickets that were added
    /// before keep what was found of the older names until they are added again; gives the
    /// causes that came or went, whose tickets should be.
    pub(super) fn set_vocabulary(
        &mut self,
        causes: &[(CauseId, Vec<String>)],
        words: &dyn Words,
    ) -> Vec<CauseId> {
        let ids = causes.iter().map(|(id, _)| *id).collect();
        let mut moved = self.vocabulary.keep(&ids);
        for (id, names) in causes {
            if self.vocabulary.set(*id, names, words) {
                moved.push(*id);
            }
        }
        self.carriers
            .resize_with(self.vocabulary.len(), BTreeSet::new);
        moved
    }

    /// Takes a ticket in.
    pub(super) fn add(
        &mut self,
        no: u32,
        case: &Case<'_>,
        turns: &[(usize, &str, Class)],
        category: Option<u32>,
        words: &dyn Words,
    ) {
        let text = Spoken::of(case.ticket, turns);
        let carried: Vec<Carried> = case
            .causes
            .iter()
            .filter_map(|id| self.vocabulary.number(*id))
            .map(|cause| Carried {
                cause,
                relation: self.vocabulary.relation(cause, &text),
            })
            .collect();
        let category = category.unwrap_or(u32::MAX);
        if !carried.is_empty() {
            *self.in_category.entry(category).or_default() += 1;
        }
        for Carried { cause, .. } in &carried {
            *self.in_category_with.entry((category, *cause)).or_default() += 1;
            if let Some(carriers) = self.carriers.get_mut(usize::from(*cause)) {
                carriers.insert(no);
            }
        }
        let kept = kept_words(&text, words);
        self.postings.add(no, &kept);
        let question = self.question_group(&text);
        if let Some(asked) = self.asked.get_mut(question as usize) {
            asked.push(no);
        }
        let row = Row {
            present: true,
            confirmed: case.confirmed,
            carried: carried.into_boxed_slice(),
            parts: text.parts,
            question,
            words: kept,
            category,
        };
        let at = no as usize;
        if self.rows.len() <= at {
            self.rows.resize_with(at + 1, Row::default);
        }
        self.rows[at] = row;
    }

    /// Takes a ticket out again.
    pub(super) fn remove(&mut self, no: u32) {
        let Some(row) = self.rows.get_mut(no as usize).map(std::mem::take) else {
            return;
        };
        if !row.carried.is_empty() {
            decrease(&mut self.in_category, &row.category);
        }
        for Carried { cause, .. } in &row.carried {
            decrease(&mut self.in_category_with, &(row.category, *cause));
            if let Some(carriers) = self.carriers.get_mut(usize::from(*cause)) {
                carriers.remove(&no);
            }
        }
        self.postings.remove(no, &row.words);
        if let Some(asked) = self.asked.get_mut(row.question as usize) {
            asked.retain(|known| *known != no);
        }
    }

    fn row(&self, no: u32) -> Option<&Row> {
        self.rows.get(no as usize).filter(|row| row.present)
    }

    /// The group of questions like a ticket's; `u32::MAX` where it asks too little.
    fn question_group(&mut self, text: &Spoken) -> u32 {
        let Some(asked) = text.asked() else {
            return u32::MAX;
        };
        let signature = Signature::of(&asked);
        let group = self
            .questions
            .nearest(&signature, ALIKE)
            .map(|(group, _)| group);
        group.unwrap_or_else(|| {
            self.asked.push(Vec::with_capacity(1));
            self.questions.add(&signature)
        })
    }
}

fn decrease<K: std::hash::Hash + Eq + Clone>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// What was said in a ticket, part by part, in small letters.
struct Spoken {
    title: String,
    question: String,
    replies: String,
    parts: Parts,
}

impl Spoken {
    fn of(ticket: &Ticket, turns: &[(usize, &str, Class)]) -> Self {
        let said: Vec<&str> = turns
            .iter()
            .filter(|(_, _, class)| *class != Class::Holding)
            .map(|(_, text, _)| *text)
            .collect();
        let mut question = ticket.question.clone();
        if weight(&question) < SHORT {
            let first = ticket
                .dialogue
                .iter()
                .find(|turn| turn.speaker == Speaker::Customer);
            question.push_str(first.map_or("", |turn| &turn.text));
        }
        Self::from_parts(&ticket.title, &question, &said.join("\n"))
    }

    /// What a customer wrote, before anybody answered.
    fn asking(text: &str) -> Self {
        Self::from_parts("", text, "")
    }

    fn from_parts(title: &str, question: &str, replies: &str) -> Self {
        let fold = |text: &str| super::normal::capped(text).to_lowercase();
        let (title, question, replies) = (fold(title), fold(question), fold(replies));
        let parts = Parts {
            title: Topics::of(&title),
            question: Topics::of(&question),
            replies: Topics::of(&replies),
        };
        Self {
            title,
            question,
            replies,
            parts,
        }
    }

    /// What is asked, in canonical form: title and question, each once.
    fn asked(&self) -> Option<String> {
        let (title, question) = (canonical(&self.title), canonical(&self.question));
        let asked = if question.contains(&title) {
            question
        } else {
            title + &question
        };
        (asked.chars().count() >= SHORT).then_some(asked)
    }
}

/// Hashes of the words of a ticket that can tell it from others, each once.
fn kept_words(text: &Spoken, words: &dyn Words) -> Box<[u32]> {
    let mut out: Vec<u32> = Vec::new();
    for part in [&text.title, &text.question, &text.replies] {
        let short = part
            .char_indices()
            .nth(400)
            .map_or(part.as_str(), |(at, _)| super::pattern::before(part, at));
        for word in words.words(short) {
            let han = word.chars().any(is_han);
            let telling = (han && word.chars().count() > 1)
                || (word.len() > 2 && word.chars().all(|c| c.is_ascii_alphabetic()));
            let hash = (super::pattern::hash_text(&word) >> 32) as u32;
            if telling && !vocabulary::is_generic(&word) && !out.contains(&hash) {
                out.push(hash);
            }
            if out.len() == KEPT_WORDS {
                return out.into_boxed_slice();
            }
        }
    }
    out.into_boxed_slice()
}
