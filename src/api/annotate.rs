//! Annotating, the vocabulary, and what became of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{ActId, Category, Cause, CauseId, Key, RecordId, Revision, Sequence, TicketId};

/// A ticket to change, and the revision the agent saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The ticket, by any unique prefix of its id.
    pub id: String,
    /// The revision the decision was made against; `None` = whatever it is now.
    pub base_rev: Option<Revision>,
}

/// Sets the root causes of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotate {
    /// The tickets: one act for all.
    pub targets: Vec<Target>,
    /// The causes they have afterwards; empty confirms that there is none.
    pub causes: Vec<CauseChoice>,
    /// Why, in the agent's words; empty = none.
    pub note: String,
}

/// Says what the agent thinks of the causes another agent confirmed.
///
/// A ticket nobody has decided on has nothing to agree or disagree with: agreeing with its given
/// causes, or naming others, decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CastVote {
    /// The tickets, by any unique prefix of their ids: one act for all.
    pub ids: Vec<String>,
    /// The opinion.
    pub ballot: Ballot,
    /// Why, in the agent's words; empty = none.
    pub note: String,
}

/// An opinion on causes, as an agent gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    /// The same causes.
    Agree,
    /// Other causes; empty = not these, whatever else.
    Differ(Vec<CauseChoice>),
    /// None any more.
    Withdraw,
}

/// A cause, as an agent names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseChoice {
    /// A name, alias or id of the vocabulary; anything else is refused with the nearest three.
    Known(String),
    /// A name that is added to the vocabulary where it is not there yet, on purpose.
    New(String),
}

/// Corrects the category of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recategorise {
    /// The tickets: one act for all.
    pub targets: Vec<Target>,
    /// The category; `None` = back to the given one.
    pub category: Option<Category>,
    /// Why, in the agent's words; empty = none.
    pub note: String,
}

/// Changes one entry of the vocabulary, named by name, alias or id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VocabularyEdit {
    /// Adds a cause.
    Create {
        /// Its name.
        name: String,
        /// Its upper level; empty = none.
        group: String,
    },
    /// Gives a cause another name; tickets follow.
    Rename {
        /// Which.
        cause: String,
        /// Its new name.
        name: String,
    },
    /// Moves a cause under another upper level.
    Group {
        /// Which.
        cause: String,
        /// The upper level; empty = none.
        group: String,
    },
    /// Makes one cause another; tickets follow.
    Merge {
        /// Which.
        cause: String,
        /// The cause that takes its place.
        into: String,
    },
    /// Stops offering a cause.
    Retire {
        /// Which.
        cause: String,
    },
    /// Offers a retired cause again.
    Revive {
        /// Which.
        cause: String,
    },
}

/// Whose acts an undo looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoScope {
    /// The author's, from this session.
    Session,
    /// The author's, from any session.
    Author,
}

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActDone {
    /// The act; an undo has one of its own.
    pub act: ActId,
    /// What was done, one entry a record, as the log shows them.
    pub entries: Vec<LogEntry>,
    /// Tickets that had already what was asked for.
    pub unchanged: Vec<TicketId>,
    /// Records kept as conflicts because somebody was faster.
    pub conflicts: Vec<Conflict>,
    /// Of an undo: keys left alone because they have moved on since.
    pub moved_on: Vec<String>,
}

impl ActDone {
    /// The tickets it was about, each once.
    pub fn tickets(&self) -> Vec<TicketId> {
        let mut tickets: Vec<TicketId> = self.entries.iter().filter_map(LogEntry::ticket).collect();
        let mut seen = BTreeSet::new();
        tickets.retain(|id| seen.insert(*id));
        tickets
    }
}

impl LogEntry {
    /// The ticket it is about, if it is about one.
    pub fn ticket(&self) -> Option<TicketId> {
        self.key.parse().ok().and_then(|key: Key| key.ticket())
    }
}

/// A change as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Position in the journal.
    pub sequence: Sequence,
    /// The act it is part of.
    pub act: ActId,
    /// The act it took back, of an undo or a redo.
    pub undoes: Option<ActId>,
    /// Whether what it took back was an undo.
    #[serde(default)]
    pub redo: bool,
    /// When.
    pub at: Timestamp,
    /// The agent's name.
    pub author: String,
    /// Unix user id.
    pub uid: u32,
    /// Whether the name was declared.
    pub declared: bool,
    /// Host.
    pub host: String,
    /// Session.
    pub session: String,
    /// The record's key, such as `cause/k7q2md4x9a`.
    pub key: String,
    /// `causes`, `category`, `vote`, `vocabulary`, `reply`, `use`, `outdated`, `view`,
    /// `setting`, `import`, `remove_dataset` or `resolve`.
    pub what: String,
    /// What it is about: the title of a ticket or standard reply, the name of a dataset or
    /// setting; empty where before and after name it.
    pub title: String,
    /// Values before.
    pub before: Vec<String>,
    /// Values after.
    pub after: Vec<String>,
    /// Why, in the agent's words.
    #[serde(default, with = "super::absent")]
    pub note: String,
    /// Whether it was applied; `false` = it is or was a conflict.
    pub accepted: bool,
}

/// A record that did not apply because its key had moved on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The kept record.
    pub record: RecordId,
    /// What it wanted.
    pub mine: LogEntry,
    /// The change that was faster, where it is still known.
    pub theirs: Option<LogEntry>,
    /// The values that hold now.
    #[serde(default)]
    pub now: Vec<String>,
    /// The values a merge would give; `None` where it cannot be merged.
    #[serde(default)]
    pub merged: Option<Vec<String>>,
}

/// How a conflict is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The key gets what the kept record's author made of it.
    Mine,
    /// The key stays as it is, and the kept record goes.
    Theirs,
    /// The key gets both changes; refused where they are of the same part.
    Merge,
}

/// A cause with its use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseRow {
    /// The entry.
    #[serde(flatten)]
    pub cause: Cause,
    /// Tickets that carry it as given.
    pub given: usize,
    /// Tickets for which an agent confirmed it.
    pub confirmed: usize,
    /// Where it was merged to.
    pub into: Option<CauseId>,
}
