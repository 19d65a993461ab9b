//! Failures of store and search as the desk's codes and values.

use std::error::Error;

use crate::model::TicketId;
use crate::search::SearchError;
use crate::store::{Refusal, StoreError};

use crate::api::{DeskError, ErrorCode};

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Busy { path } => Self::new(ErrorCode::Busy).with("path", path.display()),
            StoreError::NewerFormat { found, known } => Self::new(ErrorCode::NewerFormat)
                .with("found", found)
                .with("known", known),
            // Its own words only name the path once more.
            StoreError::Io { path, source } => storage(source).with("path", path.display()),
            StoreError::NotEmpty { path } => storage(&error).with("path", path.display()),
            StoreError::Cancelled => Self::new(ErrorCode::Cancelled),
            StoreError::Engine(_)
            | StoreError::Journal(_)
            | StoreError::Damaged { .. }
            | StoreError::PackSize { .. }
            | StoreError::Encode(_)
            | StoreError::Failed
            | StoreError::BadBackup { .. } => storage(&error),
        }
    }
}

impl From<SearchError> for DeskError {
    fn from(error: SearchError) -> Self {
        match &error {
            SearchError::Io { path, .. } | SearchError::Damaged { path } => {
                storage(&error).with("path", path.display())
            }
            SearchError::Index { .. } | SearchError::Commit { .. } | SearchError::Closed => {
                storage(&error)
            }
        }
    }
}

fn storage(error: &dyn Error) -> DeskError {
    DeskError::new(ErrorCode::Storage).with("detail", chain(error))
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
    DeskError::new(ErrorCode::UnknownId).with("id", id)
}

pub(super) fn ambiguous(id: &str, candidates: &[TicketId]) -> DeskError {
    let candidates: Vec<&str> = candidates.iter().map(TicketId::as_str).collect();
    DeskError::new(ErrorCode::AmbiguousId)
        .with("id", id)
        .with("candidates", candidates.join(" "))
}

/// What a refused record means for whoever asked for it; `name` is what the record was about.
pub(super) fn refused(refusal: Refusal, name: &str) -> DeskError {
    match refusal {
        Refusal::UnknownTicket => unknown_id(name),
        Refusal::UnknownCause => DeskError::new(ErrorCode::UnknownCause).with("name", name),
        Refusal::NameTaken => bad_cause(name, "name_taken"),
        Refusal::InUse => bad_cause(name, "in_use"),
        Refusal::UnknownReply => DeskError::new(ErrorCode::NoReply).with("id", name),
        Refusal::UnknownDataset => DeskError::new(ErrorCode::UnknownDataset).with("name", name),
        Refusal::UnknownConflict => DeskError::new(ErrorCode::UnknownConflict).with("record", name),
        Refusal::BadSetting => DeskError::new(ErrorCode::BadSetting).with("name", name),
        Refusal::BadRecord | Refusal::BadPack | Refusal::NotDone => {
            DeskError::new(ErrorCode::Bug).with("detail", format!("{refusal:?} {name}"))
        }
    }
}

pub(super) fn bad_cause(name: &str, detail: &str) -> DeskError {
    DeskError::new(ErrorCode::BadCause)
        .with("name", name)
        .with("detail", detail)
}
