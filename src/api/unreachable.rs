//! Why there is no way to the desk.

use serde::{Deserialize, Serialize};

/// Why there is no way to the desk behind a socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// No daemon runs.
    Absent {
        /// The data directory or the socket.
        path: String,
    },
    /// A team's service does not run.
    Down {
        /// The team's socket.
        path: String,
        /// Who starts it.
        owner: String,
    },
    /// This user may not connect to a team's service.
    Outside {
        /// The team's socket.
        path: String,
        /// The Unix group that may.
        group: String,
    },
    /// The daemon speaks an older protocol.
    Older {
        /// Its program version.
        version: String,
        /// Its protocol number.
        protocol: u32,
    },
    /// The daemon speaks a newer protocol.
    Newer {
        /// Its program version.
        version: String,
        /// Its protocol number.
        protocol: u32,
    },
    /// The daemon serves as many connections as it may.
    Full,
    /// The daemon that was started ended before it was ready.
    NotStarted {
        /// How it ended.
        why: String,
    },
    /// The socket can lie neither in the data directory nor in a runtime directory.
    NoPlace {
        /// The data directory.
        path: String,
        /// Why not.
        why: String,
    },
    /// A file or socket failed.
    Io {
        /// Which.
        path: String,
        /// What the system said.
        why: String,
    },
    /// The directory cannot be trusted, or cannot hold a daemon.
    Directory {
        /// Which.
        path: String,
        /// What is wrong with it.
        problem: DirectoryProblem,
    },
    /// The connection was lost before the request was sent whole: nothing was done.
    NotSent,
    /// The connection was lost before the answer: nobody knows whether it was done.
    NotAnswered,
    /// The daemon does not answer as it should.
    Other {
        /// What happened; may be empty.
        detail: String,
    },
}

/// What is wrong with a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryProblem {
    /// A symbolic link could be turned elsewhere.
    Symlink,
    /// It is a file, a socket, or the like.
    NotADirectory,
    /// Somebody else could put files in it.
    Owner {
        /// Whose it is.
        owner: u32,
        /// Whose it has to be.
        wanted: u32,
    },
    /// Somebody else can write in it.
    Mode {
        /// Its permission bits.
        mode: u32,
    },
    /// Somebody else's: this user may not even look into it.
    Closed,
    /// Locks do not hold there.
    Network {
        /// The kind of file system.
        kind: String,
    },
}
