//! Words against what the desk can say: no error and no keymap lacks them.

use gongdan::api::{DeskError, ErrorCode};
use gongdan::words::{Lang, error};

/// The code after this one; the match makes a new code a compile error here.
fn next(code: ErrorCode) -> Option<ErrorCode> {
    Some(match code {
        ErrorCode::UnknownId => ErrorCode::AmbiguousId,
        ErrorCode::AmbiguousId => ErrorCode::NoReply,
        ErrorCode::NoReply => ErrorCode::UnknownReply,
        ErrorCode::UnknownReply => ErrorCode::BadReply,
        ErrorCode::BadReply => ErrorCode::BadOutdated,
        ErrorCode::BadOutdated => ErrorCode::UnknownCause,
        ErrorCode::UnknownCause => ErrorCode::BadCause,
        ErrorCode::BadCause => ErrorCode::BadVote,
        ErrorCode::BadVote => ErrorCode::BadCategory,
        ErrorCode::BadCategory => ErrorCode::UnknownDataset,
        ErrorCode::UnknownDataset => ErrorCode::UnknownConflict,
        ErrorCode::UnknownConflict => ErrorCode::NoMerge,
        ErrorCode::NoMerge => ErrorCode::UnknownJob,
        ErrorCode::UnknownJob => ErrorCode::UnknownView,
        ErrorCode::UnknownView => ErrorCode::BadView,
        ErrorCode::BadView => ErrorCode::BadSetting,
        ErrorCode::BadSetting => ErrorCode::NothingToUndo,
        ErrorCode::NothingToUndo => ErrorCode::Cancelled,
        ErrorCode::Cancelled => ErrorCode::Refused,
        ErrorCode::Refused => ErrorCode::IndexNotReady,
        ErrorCode::IndexNotReady => ErrorCode::InsightNotReady,
        ErrorCode::InsightNotReady => ErrorCode::Busy,
        ErrorCode::Busy => ErrorCode::Importing,
        ErrorCode::Importing => ErrorCode::NewerFormat,
        ErrorCode::NewerFormat => ErrorCode::Unreachable,
        ErrorCode::Unreachable => ErrorCode::TooLong,
        ErrorCode::TooLong => ErrorCode::Storage,
        ErrorCode::Storage => ErrorCode::Bug,
        ErrorCode::Bug => return None,
    })
}

#[test]
fn every_error_of_the_desk_has_a_sentence_in_both_languages() {
    for code in std::iter::successors(Some(ErrorCode::UnknownId), |code| next(*code)) {
        let name = DeskError::new(code).to_string();
        for lang in [Lang::Zh, Lang::En] {
            let (message, _) = error(lang, &name, &|_| String::new());
            // What a code without a sentence of its own is shown as.
            assert!(!message.contains(&name) || name == "cancelled", "{message}");
        }
    }
}
