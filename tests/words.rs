//! Words for what the desk can say. That none is missing the compiler sees; that each says the
//! right thing is seen here.

use std::collections::BTreeSet;

use gongdan::api::{
    BadCause, BadOutdated, BadReply, BadView, BadVote, DeskError, DirectoryProblem, RepliesThere,
    Role, Unreachable,
};
use gongdan::words::{Lang, error};

/// Every error with a name `N`, and every reason of those that have several.
fn all() -> Vec<DeskError> {
    let name = || "N".to_owned();
    let mut all = vec![
        DeskError::UnknownId { id: name() },
        DeskError::AmbiguousId {
            id: name(),
            candidates: vec![],
        },
        DeskError::UnknownReply { id: name() },
        DeskError::UnknownCause {
            name: name(),
            candidates: vec![],
        },
        DeskError::BadCategory { text: name() },
        DeskError::UnknownDataset { name: name() },
        DeskError::UnknownConflict { record: name() },
        DeskError::NoMerge { key: name() },
        DeskError::UnknownJob { job: name() },
        DeskError::UnknownView { name: name() },
        DeskError::BadSetting {
            name: name(),
            detail: String::new(),
        },
        DeskError::NothingToUndo { moved_on: vec![] },
        DeskError::NothingToUndo {
            moved_on: vec![name()],
        },
        DeskError::Cancelled,
        DeskError::Refused { role: Role::Admin },
        DeskError::InsightNotReady { percent: 42 },
        DeskError::Busy { path: name() },
        DeskError::Importing,
        DeskError::NewerFormat { found: 9, known: 8 },
        DeskError::TooLong { limit: 8 },
        DeskError::Storage {
            path: Some(name()),
            detail: String::new(),
        },
        DeskError::bug(""),
    ];
    let has = [
        RepliesThere::Turns(2),
        RepliesThere::Holding(0),
        RepliesThere::Holding(1),
    ];
    all.extend(has.map(|has| DeskError::NoReply { id: name(), has }));
    let code = || "C".to_owned();
    let replies = [
        BadReply::Empty,
        BadReply::CodeTaken { code: code() },
        BadReply::CodeSpaced { code: code() },
        BadReply::TextTaken,
        BadReply::MergedIntoItself,
        BadReply::SuccessorIsItself,
        BadReply::NothingOffered,
    ];
    all.extend(replies.map(|why| DeskError::BadReply { name: name(), why }));
    let outdated = [
        BadOutdated::NoReason,
        BadOutdated::SuccessorIsItself,
        BadOutdated::SuccessorOutdated { reason: code() },
    ];
    all.extend(outdated.map(|why| DeskError::BadOutdated { id: name(), why }));
    let causes = [
        BadCause::Empty,
        BadCause::Placeholder,
        BadCause::TooLong,
        BadCause::NameTaken,
        BadCause::InUse,
        BadCause::Retired,
        BadCause::GroupIsItself,
        BadCause::MergeIntoItself,
    ];
    all.extend(causes.map(|why| DeskError::BadCause { name: name(), why }));
    let votes = [BadVote::Undecided, BadVote::OwnDecision];
    all.extend(votes.map(|why| DeskError::BadVote { id: name(), why }));
    let views = [
        BadView::Empty,
        BadView::TooLong,
        BadView::BeginsWithTilde,
        BadView::Taken,
    ];
    all.extend(views.map(|why| DeskError::BadView { name: name(), why }));
    all.extend(no_way().into_iter().map(DeskError::Unreachable));
    all
}

fn no_way() -> Vec<Unreachable> {
    let (path, why) = (|| "N".to_owned(), || "W".to_owned());
    let problems = [
        DirectoryProblem::Symlink,
        DirectoryProblem::NotADirectory,
        DirectoryProblem::Owner {
            owner: 7,
            wanted: 8,
        },
        DirectoryProblem::Mode { mode: 0o777 },
        DirectoryProblem::Closed,
        DirectoryProblem::Network {
            kind: "nfs".to_owned(),
        },
    ];
    let mut all = vec![
        Unreachable::Absent { path: path() },
        Unreachable::Down {
            path: path(),
            owner: why(),
        },
        Unreachable::Outside {
            path: path(),
            group: why(),
        },
        Unreachable::Older {
            version: why(),
            protocol: 1,
        },
        Unreachable::Newer {
            version: why(),
            protocol: 9,
        },
        Unreachable::Full,
        Unreachable::NotStarted { why: why() },
        Unreachable::NoPlace {
            path: path(),
            why: why(),
        },
        Unreachable::Io {
            path: path(),
            why: why(),
        },
        Unreachable::NotSent,
        Unreachable::NotAnswered,
        Unreachable::Other { detail: why() },
    ];
    all.extend(problems.map(|problem| Unreachable::Directory {
        path: path(),
        problem,
    }));
    all
}

#[test]
fn every_reason_has_a_sentence_of_its_own_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let mut seen = BTreeSet::new();
        for one in all() {
            let (message, _) = error(lang, &one);
            assert!(seen.insert(message.clone()), "{message} said twice: {one}");
            let is_chinese = message.chars().any(|c| ('一'..='龥').contains(&c));
            assert_eq!(is_chinese, lang == Lang::Zh, "{message}");
        }
    }
}

#[test]
fn a_sentence_names_what_it_is_about_and_no_code() {
    for one in all() {
        let told = serde_json::to_string(&one).unwrap();
        let exempt = matches!(
            one,
            DeskError::BadReply {
                why: BadReply::Empty | BadReply::CodeSpaced { .. },
                ..
            } | DeskError::BadCause {
                why: BadCause::Empty,
                ..
            } | DeskError::BadView {
                why: BadView::Empty | BadView::TooLong | BadView::BeginsWithTilde,
                ..
            }
        );
        for lang in [Lang::Zh, Lang::En] {
            let (message, hint) = error(lang, &one);
            if told.contains("\"N\"") && !exempt {
                assert!(message.contains('N'), "{message}");
            }
            for text in [&message, &hint] {
                assert!(!text.contains('_'), "a code, not words: {text}");
            }
        }
    }
}

#[test]
fn a_kind_of_error_has_the_name_it_has_on_the_wire() {
    for one in all() {
        let wire = serde_json::to_value(&one).unwrap();
        let name = match &wire {
            serde_json::Value::String(name) => name,
            other => other.as_object().unwrap().keys().next().unwrap(),
        };
        assert_eq!(name, one.code().name());
    }
}
