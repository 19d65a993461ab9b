//! What a daemon must know of a request, whoever sends it: the role, whether it may be sent twice,
//! and how soon its answer is missed.

use super::{Answer, Request, Role};
use crate::model::JobId;

/// One kind of request, with the type of its answer.
///
/// Every request of [`super::ask`] has it; nothing else does.
pub trait Ask: Into<Request> {
    /// What the desk answers.
    type Answer;

    /// What a daemon must know of it.
    fn rule(&self) -> Rule;

    /// The answer as it travels.
    fn wrap(answer: Self::Answer) -> Answer;

    /// The answer as it came; `None` = it is to another kind of request.
    fn take(answer: Answer) -> Option<Self::Answer>;
}

/// What holds of a request, whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The least role that may ask for it.
    pub role: Role,
    /// What may be done when its answer is lost.
    pub retry: Retry,
    /// How soon its answer is missed, if it asks much of the processors.
    pub priority: Priority,
}

/// How soon an answer is missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// It is light, or waits for something else than the processors: it takes no turn.
    Immediate,
    /// Somebody types and looks for rows.
    Interactive,
    /// Somebody waits for it who does not type: it is due as soon, and takes longer than rows.
    Foreground,
    /// It accompanies a query for rows.
    Secondary,
    /// Whoever asks for it knows that it takes a while.
    Background,
}

/// What may be done when an answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A question: asking twice is the same as asking once.
    Freely,
    /// An order, which makes one act that is known by its id: sent twice it is done once.
    SameAct,
    /// It begins a job, which ends with the connection, or makes more than one act: never.
    Never,
    /// It is a part of this job: never.
    PartOf(JobId),
}

impl Rule {
    /// The job a request is about.
    pub fn job(self) -> Option<JobId> {
        match self.retry {
            Retry::PartOf(job) => Some(job),
            Retry::Freely | Retry::SameAct | Retry::Never => None,
        }
    }
}

/// A question that every reader may ask.
pub(super) fn question(priority: Priority) -> Rule {
    Rule {
        role: Role::Reader,
        retry: Retry::Freely,
        priority,
    }
}

/// A change.
pub(super) fn order(role: Role) -> Rule {
    Rule {
        role,
        retry: Retry::SameAct,
        priority: Priority::Immediate,
    }
}

/// The beginning of a job.
pub(super) fn begins(role: Role) -> Rule {
    Rule {
        role,
        retry: Retry::Never,
        priority: Priority::Immediate,
    }
}

/// A part of a job.
///
/// A job is a matter of whoever began it, which the session sees to: whoever may not begin one
/// has none to read, feed, close or cancel.
pub(super) fn part_of(job: JobId) -> Rule {
    Rule {
        role: Role::Reader,
        retry: Retry::PartOf(job),
        priority: Priority::Immediate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ask;

    #[test]
    fn reading_is_for_all_and_imports_are_for_curators() {
        assert_eq!(Request::Status(ask::Status).rule().role, Role::Reader);
        let remove = Request::RemoveDataset(ask::RemoveDataset { name: "一".into() });
        assert_eq!(remove.rule().role, Role::Curator);
        assert!(Request::Backup(ask::Backup).rule().role > remove.rule().role);
    }

    #[test]
    fn a_part_of_a_job_names_it() {
        let read = Request::ReadData(ask::ReadData { job: JobId(7) });
        assert_eq!(read.rule().job(), Some(JobId(7)));
        assert_eq!(Request::Backup(ask::Backup).rule().job(), None);
    }
}
