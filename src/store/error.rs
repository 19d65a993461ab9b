//! Why the store could not do what was asked.

use std::io;
use std::path::PathBuf;

use crate::journal::JournalError;

/// A failure of the store. What a record may not do is a [`super::Verdict`], never an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the store.
    #[error("the ticket store at {path} is already open in another process")]
    Busy {
        /// The data directory.
        path: PathBuf,
    },
    /// The store was written by a newer version.
    #[error("the store has format {found}, and this version knows formats up to {known}")]
    NewerFormat {
        /// Format of the store.
        found: u32,
        /// Newest format known here.
        known: u32,
    },
    /// A file or directory failed.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The engine failed.
    #[error("the database of the store failed")]
    Engine(#[from] sled::Error),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Something stored cannot be read back.
    #[error("stored data is damaged: {what}")]
    Damaged {
        /// What.
        what: String,
    },
    /// A pack cannot hold what was given.
    #[error("a pack holds 1 to {most} bodies, not {given}")]
    PackSize {
        /// Bodies given.
        given: usize,
        /// Bodies a pack can hold.
        most: usize,
    },
    /// A pack cannot be encoded or compressed.
    #[error("the bodies of a pack cannot be encoded")]
    Encode(#[source] io::Error),
    /// An earlier write failed half way: what is in memory may be ahead of the disk.
    #[error("an earlier write failed; the store takes no more until it is opened again")]
    Failed,
    /// Restore wants an empty place.
    #[error("{path} is not empty: restore wants a new directory")]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// A backup is no backup, or damaged, or cut off.
    #[error("the backup cannot be read: {detail}")]
    BadBackup {
        /// What is wrong with it.
        detail: String,
    },
    /// Somebody asked it to stop.
    #[error("stopped on request")]
    Cancelled,
}

impl StoreError {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}
