//! Why a daemon does not run, or cannot be reached.

use std::io;
use std::path::PathBuf;

use crate::api::{self, DeskError, Role, Unreachable};

/// A failure of the daemon's life or of the way to it.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The directory cannot be trusted, or cannot hold a daemon.
    #[error("{path} {problem}")]
    Directory {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        problem: DirectoryProblem,
    },
    /// The socket can lie neither in the data directory nor in a runtime directory.
    #[error("no place for the socket of {path}: {reason}")]
    NoPlace {
        /// The data directory.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A daemon holds the directory already.
    #[error("a daemon runs already for {path}{}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Running {
        /// The data directory.
        path: PathBuf,
        /// Its process, where it is known.
        pid: Option<u32>,
    },
    /// No daemon runs.
    #[error("no daemon runs for {path}")]
    Absent {
        /// The data directory or the socket.
        path: PathBuf,
    },
    /// A team's service does not run.
    #[error("the service at {path} is down; {owner} starts it")]
    Down {
        /// The team's socket.
        path: PathBuf,
        /// Who starts it: the user the socket's directory belongs to.
        owner: String,
    },
    /// This user may not connect to a team's service.
    #[error("only the group {group} may connect to {path}")]
    Outside {
        /// The team's socket.
        path: PathBuf,
        /// The Unix group that may.
        group: String,
    },
    /// The daemon speaks an older protocol.
    #[error("the daemon is older ({version}, protocol {protocol})")]
    Older {
        /// Its program version.
        version: String,
        /// Its protocol number.
        protocol: u32,
    },
    /// The daemon speaks a newer protocol.
    #[error("the daemon is newer ({version}, protocol {protocol}): start this program anew")]
    Newer {
        /// Its program version.
        version: String,
        /// Its protocol number.
        protocol: u32,
    },
    /// The daemon does not let this user do that.
    #[error("the daemon refuses: the role {role} is needed")]
    Refused {
        /// The role that would do.
        role: String,
    },
    /// The daemon serves as many connections as it may.
    #[error("the daemon serves as many connections as it may")]
    Full,
    /// The daemon does not answer as it should.
    #[error("the daemon cannot be reached: {detail}")]
    Unreachable {
        /// What happened.
        detail: String,
    },
    /// The daemon that was started ended before it was ready.
    #[error("the daemon did not start: {detail}")]
    NotStarted {
        /// How it ended, and the end of its log.
        detail: String,
        /// Whether a signal ended it.
        killed: bool,
    },
    /// The store could not be opened.
    #[error("the store could not be opened")]
    Desk(#[source] DeskError),
    /// A file or socket failed.
    #[error("{path}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What is wrong with a directory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryProblem {
    /// A symbolic link could be turned elsewhere.
    #[error("is a symbolic link: name the directory itself")]
    Symlink,
    /// It is a file, a socket, or the like.
    #[error("is not a directory")]
    NotADirectory,
    /// Somebody else could put files in it.
    #[error("belongs to the user {owner}, not to {wanted}")]
    Owner {
        /// Whose it is.
        owner: u32,
        /// Whose it has to be.
        wanted: u32,
    },
    /// Somebody else can write in it.
    #[error("can be written by others (mode {mode:o}): chmod 0700")]
    Mode {
        /// Its permission bits.
        mode: u32,
    },
    /// Somebody else's: this user may not even look into it.
    #[error("is somebody else's: this user may not enter it")]
    Closed,
    /// Locks do not hold there.
    #[error("lies on {kind}, where locks do not hold: use a local disk")]
    Network {
        /// The kind of file system.
        kind: &'static str,
    },
}

impl DaemonError {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// The name scripts can know the failure by.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Directory { .. } => "directory",
            Self::NoPlace { .. } => "no_place",
            Self::Running { .. } => "running",
            Self::Absent { .. } => "absent",
            Self::Down { .. } => "down",
            Self::Outside { .. } => "outside",
            Self::Older { .. } => "older",
            Self::Newer { .. } => "newer",
            Self::Refused { .. } => "refused",
            Self::Full => "full",
            Self::Unreachable { .. } => "unreachable",
            Self::NotStarted { .. } => "not_started",
            Self::Desk(_) => "desk",
            Self::Io { .. } => "io",
        }
    }
}

impl From<DirectoryProblem> for api::DirectoryProblem {
    fn from(problem: DirectoryProblem) -> Self {
        match problem {
            DirectoryProblem::Symlink => Self::Symlink,
            DirectoryProblem::NotADirectory => Self::NotADirectory,
            DirectoryProblem::Owner { owner, wanted } => Self::Owner { owner, wanted },
            DirectoryProblem::Mode { mode } => Self::Mode { mode },
            DirectoryProblem::Closed => Self::Closed,
            DirectoryProblem::Network { kind } => Self::Network {
                kind: kind.to_owned(),
            },
        }
    }
}

/// The desk's vocabulary for it.
impl From<DaemonError> for DeskError {
    fn from(error: DaemonError) -> Self {
        let shown = |path: &std::path::Path| path.display().to_string();
        Self::Unreachable(match error {
            DaemonError::Desk(inner) => return inner,
            // A role that this program does not know is one of a newer daemon: more than any here.
            DaemonError::Refused { role } => {
                let role = Role::parse(&role).unwrap_or(Role::Admin);
                return Self::Refused { role };
            }
            DaemonError::Running { path, .. } => return Self::Busy { path: shown(&path) },
            DaemonError::Directory { path, problem } => Unreachable::Directory {
                path: shown(&path),
                problem: problem.into(),
            },
            DaemonError::NoPlace { path, reason } => Unreachable::NoPlace {
                path: shown(&path),
                why: reason,
            },
            DaemonError::Absent { path } => Unreachable::Absent { path: shown(&path) },
            DaemonError::Down { path, owner } => Unreachable::Down {
                path: shown(&path),
                owner,
            },
            DaemonError::Outside { path, group } => Unreachable::Outside {
                path: shown(&path),
                group,
            },
            DaemonError::Older { version, protocol } => Unreachable::Older { version, protocol },
            DaemonError::Newer { version, protocol } => Unreachable::Newer { version, protocol },
            DaemonError::Full => Unreachable::Full,
            DaemonError::NotStarted { detail, .. } => Unreachable::NotStarted { why: detail },
            DaemonError::Io { path, source } => Unreachable::Io {
                path: shown(&path),
                why: source.to_string(),
            },
            other @ DaemonError::Unreachable { .. } => Unreachable::Other {
                detail: other.to_string(),
            },
        })
    }
}
