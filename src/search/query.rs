//! The query language: what a person types, as a tree. Nothing typed is ever an error.

mod days;
mod parse;

pub use days::{Days, day_number};
pub use parse::parse;

use crate::model::{CauseState, QueryNote};

/// A query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// What must all hold.
    pub all: Vec<Node>,
    /// What was not understood.
    pub notes: Vec<QueryNote>,
}

/// What of a query was not understood, where nothing else is in it: it asks for nothing yet.
pub fn nothing_asked(text: &str) -> Option<Vec<QueryNote>> {
    let query = parse(text);
    (query.all.is_empty() && !query.notes.is_empty()).then_some(query.notes)
}

/// Whether a query says what must stand in a ticket and what must not: it has phrases, fields,
/// alternatives, or words to leave out.
pub fn is_strict(text: &str) -> bool {
    let mut nodes = parse(text).all.into_iter();
    nodes.any(|node| {
        !matches!(
            node,
            Node::Words {
                part: Part::Any,
                ..
            }
        )
    })
}

impl Query {
    /// The query with its facts left out and its phrases, parts and alternatives as plain words,
    /// and what is not asked any more; `None` where there is nothing of the kind.
    pub fn loosened(&self) -> Option<(Self, Vec<String>)> {
        let mut loose = Self::default();
        let mut dropped = Vec::new();
        for node in &self.all {
            node.loosen(&mut loose.all, &mut dropped);
        }
        (loose.all != self.all && !loose.all.is_empty()).then_some((loose, dropped))
    }
}

impl Node {
    fn loosen(&self, words: &mut Vec<Node>, dropped: &mut Vec<String>) {
        let mut plain = |text: &str, end: End| {
            words.push(Node::Words {
                text: text.to_owned(),
                part: Part::Any,
                end,
            });
        };
        match self {
            Node::Words { text, part, end } => {
                plain(text, *end);
                if *part != Part::Any {
                    dropped.push(text.clone());
                }
            }
            Node::Phrase { text, .. } => {
                plain(text, End::Complete);
                dropped.push(format!("\"{text}\""));
            }
            Node::Fact(fact) => dropped.push(fact.value().to_owned()),
            Node::Not(_) => words.push(self.clone()),
            Node::Any(nodes) | Node::Every(nodes) => {
                for node in nodes {
                    node.loosen(words, dropped);
                }
            }
        }
    }
}

impl Fact {
    /// What it asks for.
    fn value(&self) -> &str {
        match self {
            Fact::Category(text)
            | Fact::Type(text)
            | Fact::Cause(text)
            | Fact::Dataset(text)
            | Fact::Id(text) => text,
            Fact::State(state) => state.name(),
            Fact::Date(days) => &days.written,
        }
    }
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Words without a blank between them.
    Words {
        /// As typed.
        text: String,
        /// In which part of a ticket.
        part: Part,
        /// Whether the last word may go on.
        end: End,
    },
    /// A phrase in quotation marks.
    Phrase {
        /// As typed.
        text: String,
        /// In which part of a ticket.
        part: Part,
    },
    /// A fact about a ticket.
    Fact(Fact),
    /// None of it.
    Not(Box<Node>),
    /// At least one of them.
    Any(Vec<Node>),
    /// All of them.
    Every(Vec<Node>),
}

/// Whether the last word of some text is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A blank or another word follows.
    Complete,
    /// It is being typed: it may be the beginning of a longer word.
    Typing,
    /// A `*` says that it is a beginning.
    Star,
}

/// A part of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Anywhere.
    Any,
    /// The customer's words.
    Ask,
    /// The agent's words.
    Answer,
    /// The title.
    Title,
}

/// A fact about a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// Its category: a product, or product and type.
    Category(String),
    /// Its issue type.
    Type(String),
    /// A root cause.
    Cause(String),
    /// The state of its causes.
    State(CauseState),
    /// A dataset.
    Dataset(String),
    /// When it was.
    Date(Days),
    /// The beginning of its id.
    Id(String),
}
