//! Records: every change, by whom, from where, and what it was made against.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ActId, Category, CauseId, Change, Fingerprint, PackNo, RecordId, ReplyChange, ReplyId,
    Revision, Setting, Source, TicketFilter, TicketId,
};

/// One change, as its author sent it. The journal adds only its sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of the record format.
    pub v: u16,
    /// Given by the author's side; a record id folded once is never folded again.
    pub id: RecordId,
    /// The records of one act are done and undone together.
    pub act: ActId,
    /// The act that this record takes back, when it is part of an undo.
    #[serde(default)]
    pub undoes: Option<ActId>,
    /// What is changed.
    pub key: Key,
    /// The key's revision the author saw; absent for operations that commute.
    #[serde(default)]
    pub base_rev: Option<Revision>,
    /// How it is changed.
    pub op: Op,
    /// Who changed it.
    pub author: Author,
    /// From where.
    pub origin: Origin,
    /// When, by the clock of the desk that took it.
    pub at: Timestamp,
}

impl Record {
    /// The record format written by this version.
    pub const VERSION: u16 = 1;
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Author {
    /// Unix user id, from the kernel.
    pub uid: u32,
    /// Name of that user, or the declared name.
    pub name: String,
    /// Whether the name was declared by the agent on a shared account.
    #[serde(default)]
    pub declared: bool,
}

impl Author {
    /// The number that tells agents' opinions apart: the user id, and for a name declared on a
    /// shared account one made of both, above all user ids in use.
    pub fn voter(&self) -> u32 {
        if !self.declared {
            return self.uid;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.uid.to_be_bytes());
        hasher.update(self.name.as_bytes());
        let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
        u32::from_be_bytes([a, b, c, d]) | 1 << 31
    }

    /// Whether a view of this name is this author's to keep: their own, or the team's.
    pub fn may_keep_view(&self, name: &str) -> bool {
        name.strip_prefix('~').is_none_or(|own| {
            own.split_once('/')
                .is_some_and(|(owner, _)| owner == self.voter().to_string())
        })
    }
}

/// Where a change was made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Host name.
    pub host: String,
    /// Random id of the session: the scope of undo in the workbench.
    pub session: String,
}

/// What a record changes; one revision counter each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The root causes of a ticket.
    Cause(TicketId),
    /// The category of a ticket.
    Category(TicketId),
    /// One agent's opinion on a ticket's causes; the agent by [`Author::voter`].
    Vote(TicketId, u32),
    /// A standard reply.
    Reply(ReplyId),
    /// An entry of the vocabulary.
    Vocab(CauseId),
    /// A saved view.
    View(String),
    /// A team setting.
    Setting(Setting),
    /// Use counts of a standard reply.
    Use(ReplyId),
    /// Whether a standard reply is a favourite of the user with this uid.
    Star(ReplyId, u32),
    /// Whether a ticket or article is outdated.
    Outdated(TicketId),
    /// The members of a dataset.
    Dataset(String),
    /// A conflict that a record resolves.
    Conflict(RecordId),
}

/// A key that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not a record key")]
pub struct KeyError {
    /// What was given.
    pub text: String,
}

impl Key {
    /// The ticket that a record under this key is about, if it is about one.
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Cause(id) | Self::Category(id) | Self::Vote(id, _) | Self::Outdated(id) => {
                Some(*id)
            }
            Self::Reply(_)
            | Self::Vocab(_)
            | Self::View(_)
            | Self::Setting(_)
            | Self::Use(_)
            | Self::Star(..)
            | Self::Dataset(_)
            | Self::Conflict(_) => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cause(id) => write!(f, "cause/{id}"),
            Self::Category(id) => write!(f, "category/{id}"),
            Self::Vote(id, uid) => write!(f, "vote/{id}/{uid}"),
            Self::Reply(id) => write!(f, "reply/{id}"),
            Self::Vocab(id) => write!(f, "vocab/{id}"),
            Self::View(name) => write!(f, "view/{name}"),
            Self::Setting(setting) => write!(f, "settings/{}", setting.name()),
            Self::Use(id) => write!(f, "use/{id}"),
            Self::Star(id, uid) => write!(f, "star/{id}/{uid}"),
            Self::Outdated(id) => write!(f, "outdated/{id}"),
            Self::Dataset(name) => write!(f, "dataset/{name}"),
            Self::Conflict(id) => write!(f, "conflict/{id}"),
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let error = || KeyError {
            text: text.to_owned(),
        };
        let (kind, rest) = text.split_once('/').ok_or_else(error)?;
        let key = match kind {
            "cause" => rest.parse().ok().map(Self::Cause),
            "category" => rest.parse().ok().map(Self::Category),
            "vote" => rest
                .split_once('/')
                .and_then(|(id, uid)| Some(Self::Vote(id.parse().ok()?, uid.parse().ok()?))),
            "reply" => rest.parse().ok().map(Self::Reply),
            "vocab" => rest.parse().ok().map(Self::Vocab),
            "view" => Some(Self::View(rest.to_owned())),
            "settings" => Setting::parse(rest).map(Self::Setting),
            "use" => rest.parse().ok().map(Self::Use),
            "star" => rest
                .split_once('/')
                .and_then(|(id, uid)| Some(Self::Star(id.parse().ok()?, uid.parse().ok()?))),
            "outdated" => rest.parse().ok().map(Self::Outdated),
            "dataset" => Some(Self::Dataset(rest.to_owned())),
            "conflict" => u128::from_str_radix(rest, 16)
                .ok()
                .map(|id| Self::Conflict(RecordId(id))),
            _ => None,
        };
        key.ok_or_else(error)
    }
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How a key is changed. Every operation can be inverted except import and removal of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Op {
    /// Changes the set of a ticket's root causes (`cause/ID`).
    Causes {
        /// Causes the ticket gets.
        add: Vec<CauseId>,
        /// Causes the ticket loses.
        remove: Vec<CauseId>,
        /// Whether the causes were, and are now, an agent's decision.
        confirmed: Change<bool>,
        /// Why, in the agent's words; empty = none.
        #[serde(default)]
        note: String,
    },
    /// Corrects a ticket's category (`category/ID`); `None` = as given.
    Category {
        /// The correction before and after.
        category: Change<Option<Category>>,
        /// Why, in the agent's words; empty = none.
        #[serde(default)]
        note: String,
    },
    /// Gives, changes or takes back an opinion on a ticket's causes (`vote/ID/UID`). Commutes.
    Vote {
        /// The opinion before and after.
        stance: Change<Option<Stance>>,
        /// Why; empty = none.
        #[serde(default)]
        note: String,
    },
    /// Adds a cause to the vocabulary (`vocab/CID`).
    CauseCreate {
        /// Its name.
        name: String,
        /// Its upper level; empty = none.
        #[serde(default)]
        group: String,
    },
    /// Takes a cause out again that nothing uses: the inverse of [`Op::CauseCreate`].
    CauseDrop {
        /// Its name.
        name: String,
        /// Its upper level.
        #[serde(default)]
        group: String,
    },
    /// Renames a cause (`vocab/CID`); the old name becomes an alias.
    CauseRename(Change<String>),
    /// Moves a cause under another upper level (`vocab/CID`).
    CauseGroup(Change<String>),
    /// Merges a cause into another, or parts them again (`vocab/CID`).
    CauseMerge(Change<Option<CauseId>>),
    /// Retires a cause or brings it back (`vocab/CID`).
    CauseRetire(Change<bool>),
    /// Writes a standard reply, field by field (`reply/RID`).
    Reply(ReplyChange),
    /// Marks a ticket or article outdated (`outdated/ID`); `None` = it is not.
    Outdated(Change<Option<OutdatedMark>>),
    /// Saves, changes or drops a view (`view/NAME`).
    View(Change<Option<View>>),
    /// Changes a team setting (`settings/NAME`); the values are JSON text, `None` = the default.
    Setting(Change<Option<String>>),
    /// Counts copies of a reply (`use/RID`). Commutes.
    Use {
        /// How many.
        count: u32,
        /// What the guard had warned of, where the agent copied anyway.
        #[serde(default)]
        overridden: Vec<String>,
        /// The ticket and agent turn, from 1, that it was copied from, where it was no standard
        /// reply.
        #[serde(default)]
        turn: Option<(TicketId, u32)>,
    },
    /// Makes a reply a favourite of its author, or no more (`star/RID/UID`). Commutes.
    Star(Change<bool>),
    /// Adds the bodies of a pack (`dataset/NAME`). Not undoable.
    Import(ImportBatch),
    /// Drops a dataset's sources, and tickets with their last one (`dataset/NAME`). Not undoable.
    RemoveDataset,
    /// Settles a conflict (`conflict/RECORD`).
    Resolve {
        /// Whether the kept record is applied by this one. A settlement that makes something of
        /// the key has a record of its own for that.
        apply: bool,
    },
    /// Keeps a settled conflict again (`conflict/RECORD`).
    Reopen,
}

impl Op {
    /// The operation that takes this one back; `None` for those that cannot be undone.
    pub fn inverted(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Causes {
                add,
                remove,
                confirmed,
                ..
            } => Self::Causes {
                add: remove,
                remove: add,
                confirmed: confirmed.inverted(),
                note: String::new(),
            },
            Self::Category { category, .. } => Self::Category {
                category: category.inverted(),
                note: String::new(),
            },
            Self::Vote { stance, .. } => Self::Vote {
                stance: stance.inverted(),
                note: String::new(),
            },
            Self::CauseCreate { name, group } => Self::CauseDrop { name, group },
            Self::CauseDrop { name, group } => Self::CauseCreate { name, group },
            Self::CauseRename(change) => Self::CauseRename(change.inverted()),
            Self::CauseGroup(change) => Self::CauseGroup(change.inverted()),
            Self::CauseMerge(change) => Self::CauseMerge(change.inverted()),
            Self::CauseRetire(change) => Self::CauseRetire(change.inverted()),
            Self::Reply(change) => Self::Reply(change.inverted()),
            Self::Outdated(change) => Self::Outdated(change.inverted()),
            Self::Star(change) => Self::Star(change.inverted()),
            Self::View(change) => Self::View(change.inverted()),
            Self::Setting(change) => Self::Setting(change.inverted()),
            Self::Resolve { apply: false } => Self::Reopen,
            Self::Reopen => Self::Resolve { apply: false },
            Self::Use { .. }
            | Self::Import(_)
            | Self::RemoveDataset
            | Self::Resolve { apply: true } => return None,
        })
    }
}

/// An agent's opinion on the causes another agent confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// The same causes.
    Agree,
    /// Other causes; empty = not these, whatever else.
    Differ(Vec<CauseId>),
}

/// Why a ticket or article must not be followed any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutdatedMark {
    /// The reason, in the agent's words.
    pub reason: String,
    /// The ticket or article that took its place.
    #[serde(default)]
    pub successor: Option<TicketId>,
}

/// A saved query with its filter, shown as a tab.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// The query in the query language.
    pub query: String,
    /// What else must hold of the tickets.
    pub filter: TicketFilter,
    /// Its place among the views of the same owner.
    pub place: u32,
    /// Whose it is, by [`Author::voter`]; `None` = the team's.
    pub owner: Option<u32>,
}

impl View {
    /// What its key is called: the title, after the owner where it has one.
    pub fn key(&self, title: &str) -> String {
        format!("{}{title}", self.prefix())
    }

    /// The title in the name of its key.
    pub fn title<'a>(&self, name: &'a str) -> &'a str {
        name.strip_prefix(&self.prefix()).unwrap_or(name)
    }

    /// Whether a name is one that this view can have: its owner's, or a team's.
    pub fn fits(&self, name: &str) -> bool {
        match self.owner {
            Some(_) => name.starts_with(&self.prefix()),
            None => !name.starts_with('~'),
        }
    }

    fn prefix(&self) -> String {
        self.owner
            .map_or_else(String::new, |owner| format!("~{owner}/"))
    }
}

/// What one import record adds: the bodies stand in its pack, in the order of the entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportBatch {
    /// The pack that holds the bodies.
    pub pack: PackNo,
    /// One entry a body; the entry's position is the body's slot.
    pub entries: Vec<ImportEntry>,
    /// Tickets met again unchanged, that gained a source and need no body.
    #[serde(default)]
    pub again: Vec<(TicketId, Source)>,
}

/// One body of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// The id it gets, or keeps when it is an update. An article's id is shaped alike.
    pub id: TicketId,
    /// What recognises the text next time.
    pub fingerprint: Fingerprint,
    /// Where it stood.
    pub source: Source,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_from_its_text() {
        let id = TicketId::from_hash(&[9; 32]);
        for key in [
            Key::Cause(id),
            Key::Vote(id, 1000),
            Key::Star(ReplyId::from_hash(&[7; 32]), 1000),
            Key::View("待标注/一".into()),
            Key::Dataset("a/b".into()),
            Key::Conflict(RecordId(7)),
        ] {
            assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        }
        assert!("nonsense/x".parse::<Key>().is_err());
    }

    #[test]
    fn inverting_twice_gives_the_operation_back() {
        let op = Op::Causes {
            add: vec![CauseId::from_hash(&[1; 32])],
            remove: vec![CauseId::from_hash(&[2; 32])],
            confirmed: Change {
                from: false,
                to: true,
            },
            note: String::new(),
        };
        assert_eq!(op.inverted().and_then(|o| o.inverted()), Some(op));
        assert_eq!(Op::RemoveDataset.inverted(), None);
    }
}
