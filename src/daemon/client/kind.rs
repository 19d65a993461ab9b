//! Which requests can be sent twice.

use crate::desk::api::Request;

/// What a request is when its answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Asking twice is the same as asking once.
    Question,
    /// It makes an act, which the log shows.
    Order,
    /// It belongs to a job, which ends with the connection, or makes more than one act.
    Job,
}

/// Which kind a request is of.
pub(super) fn kind(request: &Request) -> Kind {
    match request {
        Request::Status
        | Request::Tree { .. }
        | Request::List { .. }
        | Request::Search { .. }
        | Request::Similar { .. }
        | Request::Show { .. }
        | Request::Vocabulary
        | Request::Log { .. }
        | Request::Conflicts
        | Request::Reply { .. }
        | Request::Analyse
        | Request::Replies(_)
        | Request::Offers { .. }
        | Request::Compose(_)
        | Request::Answer { .. }
        | Request::Suggest { .. }
        | Request::Queue { .. }
        | Request::CatchUp
        | Request::Datasets
        | Request::Settings
        | Request::Stats
        | Request::Check => Kind::Question,
        Request::Annotate(_)
        | Request::Recategorise(_)
        | Request::EditVocabulary(_)
        | Request::EditReply(_)
        | Request::RecordUse { .. }
        | Request::Undo(_)
        | Request::Redo(_)
        | Request::ResolveConflict { .. }
        | Request::RemoveDataset { .. }
        | Request::SetSetting { .. } => Kind::Order,
        Request::ImportOpen(_)
        | Request::ImportData { .. }
        | Request::ImportClose { .. }
        | Request::LoadSample
        | Request::Cancel { .. }
        | Request::Export { .. }
        | Request::Backup
        | Request::ReadData { .. } => Kind::Job,
    }
}
