//! Why the desk could not do what was asked.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A refusal or failure: a code, and the values that a sentence about it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskError {
    /// What kind.
    pub code: ErrorCode,
    /// Values by name, such as `id`, `path`, `candidates`, `detail`.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// The kinds of refusal and failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// No ticket or article has this id. Values: `id`.
    UnknownId,
    /// Several ids begin so. Values: `id`, `candidates` (space-separated).
    AmbiguousId,
    /// The ticket has no such reply. Values: `id`, `turns` (how many agent turns there are),
    /// `detail` (`holding`: they answer nothing, and no standard reply fits).
    NoReply,
    /// No standard reply has this id or short code. Values: `id`.
    UnknownReply,
    /// A standard reply cannot be changed so. Values: `name`, `detail`.
    BadReply,
    /// A ticket or article cannot be marked outdated so. Values: `id`, `detail`.
    BadOutdated,
    /// No cause of the vocabulary has this name. Values: `name`, `candidates` (one a line).
    UnknownCause,
    /// The cause cannot be changed so. Values: `name`, `detail`.
    BadCause,
    /// The ticket cannot be voted on so. Values: `id`, `detail` (`undecided`, `own_decision`).
    BadVote,
    /// A category without a product. Values: `text`.
    BadCategory,
    /// No dataset has this name. Values: `name`.
    UnknownDataset,
    /// No conflict is kept for this record. Values: `record`.
    UnknownConflict,
    /// Two changes cannot be made one: one has to be chosen. Values: `key`.
    NoMerge,
    /// No job has this number, or it is over. Values: `job`.
    UnknownJob,
    /// No saved view has this name. Values: `name`.
    UnknownView,
    /// A view cannot be called so. Values: `name`, `detail` (`empty`, `too_long`,
    /// `begins_with_tilde`, `taken`).
    BadView,
    /// A setting cannot take this value. Values: `name`, `detail`.
    BadSetting,
    /// There is nothing to undo or redo.
    NothingToUndo,
    /// The answer was cancelled.
    Cancelled,
    /// The author may not do this. Values: `role`.
    Refused,
    /// Search is not ready. Values: `percent`.
    IndexNotReady,
    /// The tickets are being analysed for the first time. Values: `percent`.
    InsightNotReady,
    /// Another process holds the store. Values: `path`.
    Busy,
    /// Another import is storing something; it can be waited for.
    Importing,
    /// The store was written by a newer version. Values: `found`, `known`.
    NewerFormat,
    /// The desk cannot be reached. Values: `detail`.
    Unreachable,
    /// A request is longer than can be sent. Values: `limit` (MiB).
    TooLong,
    /// The disk failed, or data is damaged. Values: `path`, `detail`.
    Storage,
    /// A fault of the program. Values: `detail`.
    Bug,
}

impl DeskError {
    /// An error without values.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            values: BTreeMap::new(),
        }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    /// A value by name; empty when absent.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

/// For logs and tests; people get words from whoever shows the error.
impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = serde_json::to_value(self.code).ok();
        f.write_str(code.as_ref().and_then(|c| c.as_str()).unwrap_or("error"))?;
        for (name, value) in &self.values {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DeskError {}
