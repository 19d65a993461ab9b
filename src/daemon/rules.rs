//! What every request needs and is, in one table: the role, whether it may be sent twice, and
//! the job it belongs to. A new request is a line here and nothing else in this module.

use crate::desk::api::Request;
use crate::model::{JobId, Key};

use super::access::Role;

/// What holds of a request, whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// The least role that may ask for it.
    pub(super) role: Role,
    /// What it is when its answer is lost.
    pub(super) kind: Kind,
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
    use Kind::{Begins, Order, PartOf, Question};
    use Role::{Admin, Agent, Curator, Reader};
    let (role, kind) = match request {
        Request::Status
        | Request::Tree { .. }
        | Request::List { .. }
        | Request::Search { .. }
        | Request::Similar { .. }
        | Request::Show { .. }
        | Request::Vocabulary
        | Request::Log { .. }
        | Request::Conflicts
        | Request::AtHand
        | Request::Analyse
        | Request::Replies(_)
        | Request::StandardReply { .. }
        | Request::Offers { .. }
        | Request::Compose(_)
        | Request::Answer { .. }
        | Request::Suggest { .. }
        | Request::Lookalikes { .. }
        | Request::Queue { .. }
        | Request::Attend { .. }
        | Request::Present
        | Request::CatchUp
        | Request::Datasets
        | Request::Views
        | Request::Settings
        | Request::Stats
        | Request::Check => (Reader, Question),
        Request::RecordUse { .. } | Request::Star { .. } => (Reader, Order),
        Request::Annotate(_)
        | Request::Vote(_)
        | Request::Recategorise(_)
        | Request::MarkOutdated { .. }
        | Request::Undo(_)
        | Request::Redo(_)
        | Request::ResolveConflict { .. } => (Agent, Order),
        Request::EditVocabulary(_) | Request::EditReply(_) | Request::RemoveDataset { .. } => {
            (Curator, Order)
        }
        // Views of one's own are in nobody's way.
        Request::EditView(edit) if !edit.name().team => (Reader, Order),
        Request::EditView(_) => (Curator, Order),
        Request::SetSetting { .. } => (Admin, Order),
        Request::ExportLog { .. } => (Reader, Begins),
        Request::Export { .. } => (Agent, Begins),
        Request::ImportOpen(_) | Request::LoadSample => (Curator, Begins),
        Request::Backup => (Admin, Begins),
        Request::ImportData { job, .. }
        | Request::ImportClose { job }
        | Request::ReadData { job }
        | Request::Cancel { job } => (Reader, PartOf(*job)),
    };
    Rule { role, kind }
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
