//! Why the desk could not do what was asked.
//!
//! An error carries what a sentence about it needs, in typed fields; the sentence itself belongs
//! to `words`. Its code, and its reasons where it has several, are variants: a new one does not
//! compile before it has words in both languages.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Role, Unreachable};

/// A refusal or failure with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskError {
    /// No ticket or article has this id.
    UnknownId {
        /// What was asked for.
        id: String,
    },
    /// Several ids begin so.
    AmbiguousId {
        /// What was asked for.
        id: String,
        /// Some of the ids that begin so.
        candidates: Vec<String>,
    },
    /// The ticket has no such reply.
    NoReply {
        /// The ticket.
        id: String,
        /// What it has instead.
        has: RepliesThere,
    },
    /// No standard reply has this id or short code.
    UnknownReply {
        /// What was asked for.
        id: String,
    },
    /// A standard reply cannot be changed so.
    BadReply {
        /// The reply.
        name: String,
        /// Why not.
        why: BadReply,
    },
    /// A ticket or article cannot be marked outdated so.
    BadOutdated {
        /// The ticket or article.
        id: String,
        /// Why not.
        why: BadOutdated,
    },
    /// No cause of the vocabulary has this name.
    UnknownCause {
        /// The name.
        name: String,
        /// The nearest names.
        candidates: Vec<String>,
    },
    /// The cause cannot be changed or given so.
    BadCause {
        /// The cause.
        name: String,
        /// Why not.
        why: BadCause,
    },
    /// The ticket cannot be voted on so.
    BadVote {
        /// The ticket.
        id: String,
        /// Why not.
        why: BadVote,
    },
    /// A category without a product.
    BadCategory {
        /// The category as it was written.
        text: String,
    },
    /// No dataset has this name.
    UnknownDataset {
        /// The name.
        name: String,
    },
    /// No conflict is kept for this record.
    UnknownConflict {
        /// The record's id.
        record: String,
    },
    /// Two changes cannot be made one: one has to be chosen.
    NoMerge {
        /// The key both change.
        key: String,
    },
    /// No job has this number, or it is over.
    UnknownJob {
        /// The number.
        job: String,
    },
    /// No saved view has this name.
    UnknownView {
        /// The name.
        name: String,
    },
    /// A view cannot be called so.
    BadView {
        /// The name.
        name: String,
        /// Why not.
        why: BadView,
    },
    /// A setting cannot take this value.
    BadSetting {
        /// The setting.
        name: String,
        /// What is wrong with the value, and where in it; empty where it is not known.
        detail: String,
    },
    /// A directory is no embedding model that can be used.
    BadModel {
        /// The directory.
        path: String,
        /// Why not.
        why: BadModel,
        /// What of it, as the reader says it.
        detail: String,
    },
    /// There is nothing to undo or redo.
    NothingToUndo {
        /// Keys that have moved on since, which kept acts from being undone.
        moved_on: Vec<String>,
    },
    /// The answer was cancelled.
    Cancelled,
    /// The author may not do this.
    Refused {
        /// The least role that may.
        role: Role,
    },
    /// The tickets are being analysed for the first time.
    InsightNotReady {
        /// How far that is.
        percent: u64,
    },
    /// Another process holds the store.
    Busy {
        /// The data directory.
        path: String,
    },
    /// Another import is storing something; it can be waited for.
    Importing,
    /// The store was written by a newer version.
    NewerFormat {
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// The desk cannot be reached.
    Unreachable(Unreachable),
    /// A request is longer than can be sent.
    TooLong {
        /// The most that can be sent, in MiB.
        limit: usize,
    },
    /// The disk failed, or data is damaged.
    Storage {
        /// Where, if it is known.
        path: Option<String>,
        /// What the system or a library said.
        detail: String,
    },
    /// A fault of the program.
    Bug {
        /// What is known of it; may be empty.
        detail: String,
    },
}

/// The replies of a ticket that has not the one asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepliesThere {
    /// So many; the one asked for is not among them.
    Turns(usize),
    /// So many, all of them holding replies, and no standard reply fits.
    Holding(usize),
}

/// Why a standard reply cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadReply {
    /// It would have no text.
    Empty,
    /// The reply named in the error has this short code already.
    CodeTaken {
        /// The short code.
        code: String,
    },
    /// The short code holds blanks.
    CodeSpaced {
        /// The short code.
        code: String,
    },
    /// The reply named in the error has this text already.
    TextTaken,
    /// It cannot be merged into itself.
    MergedIntoItself,
    /// It cannot be its own successor.
    SuccessorIsItself,
    /// The tickets offer no new text for it.
    NothingOffered,
}

/// Why a ticket or article cannot be marked outdated so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadOutdated {
    /// A successor without a reason.
    NoReason,
    /// It cannot be its own successor.
    SuccessorIsItself,
    /// The successor named in the error is outdated itself.
    SuccessorOutdated {
        /// Why the successor is outdated.
        reason: String,
    },
}

/// Why a root cause cannot be changed or given so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadCause {
    /// It would have no name.
    Empty,
    /// The name says nothing of a cause.
    Placeholder,
    /// The name is longer than 100 characters.
    TooLong,
    /// The vocabulary has it already.
    NameTaken,
    /// Tickets have it.
    InUse,
    /// It is retired.
    Retired,
    /// It cannot be its own group.
    GroupIsItself,
    /// It cannot be merged into itself.
    MergeIntoItself,
}

/// Why a ticket cannot be voted on so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadVote {
    /// Nobody has confirmed causes.
    Undecided,
    /// The voter confirmed the causes.
    OwnDecision,
}

/// Why a directory is no embedding model that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadModel {
    /// A file is missing or cannot be read.
    Unreadable,
    /// A file is damaged or does not fit the others.
    Damaged,
    /// It is of a kind that is not read.
    Unsupported,
    /// Nothing says how its vectors are pooled.
    Pooling,
    /// It fails its test.
    SelfTest,
    /// The program was built without this.
    NotBuilt,
}

/// Why a view cannot be called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadView {
    /// It would have no name.
    Empty,
    /// The name is too long.
    TooLong,
    /// A name that begins with `~` is reserved for keys of a person's own views.
    BeginsWithTilde,
    /// There is a view of this name.
    Taken,
}

/// The kinds of [`DeskError`], for whoever decides by the kind alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// No ticket or article has this id.
    UnknownId,
    /// Several ids begin so.
    AmbiguousId,
    /// The ticket has no such reply.
    NoReply,
    /// No standard reply has this id or short code.
    UnknownReply,
    /// A standard reply cannot be changed so.
    BadReply,
    /// A ticket or article cannot be marked outdated so.
    BadOutdated,
    /// No cause of the vocabulary has this name.
    UnknownCause,
    /// The cause cannot be changed or given so.
    BadCause,
    /// The ticket cannot be voted on so.
    BadVote,
    /// A category without a product.
    BadCategory,
    /// No dataset has this name.
    UnknownDataset,
    /// No conflict is kept for this record.
    UnknownConflict,
    /// Two changes cannot be made one: one has to be chosen.
    NoMerge,
    /// No job has this number, or it is over.
    UnknownJob,
    /// No saved view has this name.
    UnknownView,
    /// A view cannot be called so.
    BadView,
    /// A setting cannot take this value.
    BadSetting,
    /// A directory is no embedding model that can be used.
    BadModel,
    /// There is nothing to undo or redo.
    NothingToUndo,
    /// The answer was cancelled.
    Cancelled,
    /// The author may not do this.
    Refused,
    /// The tickets are being analysed for the first time.
    InsightNotReady,
    /// Another process holds the store.
    Busy,
    /// Another import is storing something; it can be waited for.
    Importing,
    /// The store was written by a newer version.
    NewerFormat,
    /// The desk cannot be reached.
    Unreachable,
    /// A request is longer than can be sent.
    TooLong,
    /// The disk failed, or data is damaged.
    Storage,
    /// A fault of the program.
    Bug,
}

impl DeskError {
    /// A fault of the program.
    pub fn bug(detail: impl fmt::Display) -> Self {
        Self::Bug {
            detail: detail.to_string(),
        }
    }

    /// The kind.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::UnknownId { .. } => ErrorCode::UnknownId,
            Self::AmbiguousId { .. } => ErrorCode::AmbiguousId,
            Self::NoReply { .. } => ErrorCode::NoReply,
            Self::UnknownReply { .. } => ErrorCode::UnknownReply,
            Self::BadReply { .. } => ErrorCode::BadReply,
            Self::BadOutdated { .. } => ErrorCode::BadOutdated,
            Self::UnknownCause { .. } => ErrorCode::UnknownCause,
            Self::BadCause { .. } => ErrorCode::BadCause,
            Self::BadVote { .. } => ErrorCode::BadVote,
            Self::BadCategory { .. } => ErrorCode::BadCategory,
            Self::UnknownDataset { .. } => ErrorCode::UnknownDataset,
            Self::UnknownConflict { .. } => ErrorCode::UnknownConflict,
            Self::NoMerge { .. } => ErrorCode::NoMerge,
            Self::UnknownJob { .. } => ErrorCode::UnknownJob,
            Self::UnknownView { .. } => ErrorCode::UnknownView,
            Self::BadView { .. } => ErrorCode::BadView,
            Self::BadSetting { .. } => ErrorCode::BadSetting,
            Self::BadModel { .. } => ErrorCode::BadModel,
            Self::NothingToUndo { .. } => ErrorCode::NothingToUndo,
            Self::Cancelled => ErrorCode::Cancelled,
            Self::Refused { .. } => ErrorCode::Refused,
            Self::InsightNotReady { .. } => ErrorCode::InsightNotReady,
            Self::Busy { .. } => ErrorCode::Busy,
            Self::Importing => ErrorCode::Importing,
            Self::NewerFormat { .. } => ErrorCode::NewerFormat,
            Self::Unreachable(_) => ErrorCode::Unreachable,
            Self::TooLong { .. } => ErrorCode::TooLong,
            Self::Storage { .. } => ErrorCode::Storage,
            Self::Bug { .. } => ErrorCode::Bug,
        }
    }
}

impl ErrorCode {
    /// The name that scripts know the kind by.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownId => "unknown_id",
            Self::AmbiguousId => "ambiguous_id",
            Self::NoReply => "no_reply",
            Self::UnknownReply => "unknown_reply",
            Self::BadReply => "bad_reply",
            Self::BadOutdated => "bad_outdated",
            Self::UnknownCause => "unknown_cause",
            Self::BadCause => "bad_cause",
            Self::BadVote => "bad_vote",
            Self::BadCategory => "bad_category",
            Self::UnknownDataset => "unknown_dataset",
            Self::UnknownConflict => "unknown_conflict",
            Self::NoMerge => "no_merge",
            Self::UnknownJob => "unknown_job",
            Self::UnknownView => "unknown_view",
            Self::BadView => "bad_view",
            Self::BadSetting => "bad_setting",
            Self::BadModel => "bad_model",
            Self::NothingToUndo => "nothing_to_undo",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::InsightNotReady => "insight_not_ready",
            Self::Busy => "busy",
            Self::Importing => "importing",
            Self::NewerFormat => "newer_format",
            Self::Unreachable => "unreachable",
            Self::TooLong => "too_long",
            Self::Storage => "storage",
            Self::Bug => "bug",
        }
    }
}

/// For logs and tests; people get words from whoever shows the error.
impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().name())?;
        let value = serde_json::to_value(self).unwrap_or_default();
        let Some(fields) = value.get(self.code().name()).and_then(|v| v.as_object()) else {
            return Ok(());
        };
        for (name, value) in fields {
            match value.as_str() {
                Some(text) => write!(f, " {name}={text}")?,
                None => write!(f, " {name}={value}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for DeskError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_a_log_has_its_code_and_its_values() {
        let error = DeskError::UnknownId { id: "k7".into() };
        assert_eq!(error.to_string(), "unknown_id id=k7");
        assert_eq!(DeskError::Cancelled.to_string(), "cancelled");
    }
}
