//! Failures of store and search as the desk's codes and values.

use std::error::Error;
use std::path::PathBuf;

use crate::api::{BadCause, DeskError};
use crate::model::TicketId;
use crate::search::SearchError;
use crate::store::{Refusal, StoreError};

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Busy { path } => Self::Busy {
                path: path.display().to_string(),
            },
            StoreError::NewerFormat { found, known } => Self::NewerFormat {
                found: *found,
                known: *known,
            },
            // Its own words only name the path once more.
            StoreError::Io { path, source } => storage(source, Some(path)),
            StoreError::NotEmpty { path } => storage(&error, Some(path)),
            StoreError::Cancelled => Self::Cancelled,
            StoreError::Engine(_)
            | StoreError::Log(_)
            | StoreError::Ahead { .. }
            | StoreError::LostParcels { .. }
            | StoreError::NewerRules { .. }
            | StoreError::Room { .. }
            | StoreError::Damaged { .. }
            | StoreError::PackSize { .. }
            | StoreError::Encode(_)
            | StoreError::Failed
            | StoreError::BadBackup { .. } => storage(&error, None),
        }
    }
}

impl From<SearchError> for DeskError {
    fn from(error: SearchError) -> Self {
        match &error {
            SearchError::Io { path, .. } | SearchError::Damaged { path } => {
                storage(&error, Some(path))
            }
            SearchError::Index { .. } | SearchError::Commit { .. } | SearchError::Closed => {
                storage(&error, None)
            }
        }
    }
}

fn storage(error: &dyn Error, path: Option<&PathBuf>) -> DeskError {
    DeskError::Storage {
        path: path.map(|path| path.display().to_string()),
        detail: chain(error),
    }
}

/// An error with all its causes on one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

pub(super) fn unknown_id(id: &str) -> DeskError {
    DeskError::UnknownId { id: id.to_owned() }
}

pub(super) fn ambiguous(id: &str, candidates: &[TicketId]) -> DeskError {
    DeskError::AmbiguousId {
        id: id.to_owned(),
        candidates: candidates.iter().map(TicketId::to_string).collect(),
    }
}

/// What a refused record means for whoever asked for it; `name` is what the record was about.
pub(super) fn refused(refusal: Refusal, name: &str) -> DeskError {
    match refusal {
        Refusal::UnknownTicket => unknown_id(name),
        Refusal::UnknownCause => DeskError::UnknownCause {
            name: name.to_owned(),
            candidates: vec![],
        },
        Refusal::NameTaken => bad_cause(name, BadCause::NameTaken),
        Refusal::InUse => bad_cause(name, BadCause::InUse),
        Refusal::UnknownReply => DeskError::UnknownReply {
            id: name.to_owned(),
        },
        Refusal::UnknownDataset => DeskError::UnknownDataset {
            name: name.to_owned(),
        },
        Refusal::UnknownConflict => DeskError::UnknownConflict {
            record: name.to_owned(),
        },
        Refusal::BadSetting => DeskError::BadSetting {
            name: name.to_owned(),
            detail: String::new(),
        },
        Refusal::BadRecord | Refusal::BadPack | Refusal::NotDone => {
            DeskError::bug(format!("{refusal:?} {name}"))
        }
    }
}

pub(super) fn bad_cause(name: &str, why: BadCause) -> DeskError {
    DeskError::BadCause {
        name: name.to_owned(),
        why,
    }
}
