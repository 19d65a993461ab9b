//! What every request needs and is, in one table: the role, whether it may be sent twice, the job
//! it belongs to, and how soon its answer is missed. A new request is a line here and nothing else
//! in this module.

use crate::api::{Request, Role};
use crate::model::{JobId, Key};

/// What holds of a request, whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// The least role that may ask for it.
    pub(super) role: Role,
    /// What it is when its answer is lost.
    pub(super) kind: Kind,
    /// How soon its answer is missed, if it asks much of the processors.
    pub(super) haste: Haste,
}

/// How soon an answer is missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// It is light, or waits for something else than the processors: it takes no turn.
    AtOnce,
    /// Somebody types and looks for rows.
    Rows,
    /// Somebody waits for it who does not type: it is due as soon, and takes longer than rows.
    Soon,
    /// It stands beside rows.
    Beside,
    /// Whoever asks for it knows that it takes a while.
    Leisure,
}

/// What a request is when its answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Asking twice is the same as asking once.
    Question,
    /// It makes one act, which is known by its id: sent twice it is done once.
    Order,
    /// It begins a job, which ends with the connection, or makes more than one act.
    Begins,
    /// It is a part of this job.
    PartOf(JobId),
}

impl Rule {
    /// The job a request is about.
    pub(super) fn job(self) -> Option<JobId> {
        match self.kind {
            Kind::PartOf(job) => Some(job),
            Kind::Question | Kind::Order | Kind::Begins => None,
        }
    }
}

/// The table.
///
/// A job is a matter of whoever began it, which the session sees to: whoever may not begin one
/// has none to read, feed, close or cancel.
pub(super) fn rule(request: &Request) -> Rule {
    use Haste::{AtOnce, Beside, Leisure, Rows, Soon};
    use Kind::{Begins, Order, PartOf, Question};
    use Role::{Admin, Agent, Curator, Reader};
    let asks = |haste| (Reader, Question, haste);
    let (role, kind, haste) = match request {
        Request::Search { .. } | Request::Replies(_) => asks(Rows),
        Request::Similar { .. }
        | Request::Answer { .. }
        | Request::Offers { .. }
        | Request::Queue { .. } => asks(Soon),
        Request::Tree { .. } | Request::Suggest { .. } | Request::Lookalikes { .. } => asks(Beside),
        Request::Log { .. } | Request::Stats | Request::Check => asks(Leisure),
        Request::Status
        | Request::List { .. }
        | Request::Rows { .. }
        | Request::Show { .. }
        | Request::Vocabulary
        | Request::Conflicts
        | Request::AtHand { .. }
        | Request::Analyse
        | Request::StandardReply { .. }
        | Request::Compose(_)
        | Request::Attend { .. }
        | Request::Present
        | Request::CatchUp
        | Request::Datasets
        | Request::Views
        | Request::Settings => asks(AtOnce),
        Request::RecordUse { .. } | Request::Star { .. } => (Reader, Order, AtOnce),
        Request::Annotate(_)
        | Request::Vote(_)
        | Request::Recategorise(_)
        | Request::MarkOutdated { .. }
        | Request::Undo(_)
        | Request::Redo(_)
        | Request::ResolveConflict { .. } => (Agent, Order, AtOnce),
        Request::EditVocabulary(_) | Request::EditReply(_) | Request::RemoveDataset { .. } => {
            (Curator, Order, AtOnce)
        }
        // Views of one's own are in nobody's way.
        Request::EditView(edit) if !edit.name().team => (Reader, Order, AtOnce),
        Request::EditView(_) => (Curator, Order, AtOnce),
        Request::SetSetting { .. } => (Admin, Order, AtOnce),
        Request::ExportLog { .. } => (Reader, Begins, AtOnce),
        Request::Export { .. } => (Agent, Begins, AtOnce),
        Request::ImportOpen(_) | Request::LoadSample => (Curator, Begins, AtOnce),
        Request::Backup => (Admin, Begins, AtOnce),
        Request::ImportData { job, .. }
        | Request::ImportClose { job }
        | Request::ReadData { job }
        | Request::Cancel { job } => (Reader, PartOf(*job), AtOnce),
    };
    Rule { role, kind, haste }
}

/// The least role that may change a key: of a conflict's, that may settle it.
pub(super) fn role_for_key(key: &Key) -> Role {
    match key {
        Key::Use(_) | Key::Star(..) => Role::Reader,
        // As with views themselves: one's own is named after its owner.
        Key::View(name) if name.starts_with('~') => Role::Reader,
        Key::Cause(_) | Key::Category(_) | Key::Vote(..) | Key::Outdated(_) | Key::Conflict(_) => {
            Role::Agent
        }
        Key::Reply(_) | Key::Vocab(_) | Key::View(_) | Key::Dataset(_) => Role::Curator,
        Key::Setting(_) => Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_for_all_and_imports_are_for_curators() {
        assert_eq!(rule(&Request::Status).role, Role::Reader);
        let remove = Request::RemoveDataset { name: "一".into() };
        assert_eq!(rule(&remove).role, Role::Curator);
        assert!(rule(&Request::Backup).role > rule(&remove).role);
    }

    #[test]
    fn a_part_of_a_job_names_it() {
        let read = Request::ReadData { job: JobId(7) };
        assert_eq!(rule(&read).job(), Some(JobId(7)));
        assert_eq!(rule(&Request::Backup).job(), None);
    }
}
