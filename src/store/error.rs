//! Why the store could not do what was asked.

use std::io;
use std::path::PathBuf;

use crate::journal::LogError;

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
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The store is ahead of the log, and what it has more does not fit there.
    #[error(
        "the store holds parcel {store} of the log, the log ends at {log}, and they do not fit together"
    )]
    Ahead {
        /// Position of the store.
        store: u64,
        /// Last position of the log.
        log: u64,
    },
    /// A migration would not fit on the disk.
    #[error("moving the store to this version's format takes {needed} bytes, and {free} are free")]
    Room {
        /// Bytes needed.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// Parcels of the log cannot be read.
    #[error("parcels {first} to {last} of the log are damaged")]
    LostParcels {
        /// The first position.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The log or a record was written by rules of a newer version.
    #[error("the log has rules of level {found}, and this version knows rules up to {known}")]
    NewerRules {
        /// Level of the log.
        found: u16,
        /// Newest level known here.
        known: u16,
    },
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

    /// Whether the database holds what cannot be read: folding it anew from the log helps.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            Self::Engine(error) => !matches!(error, sled::Error::Io(_)),
            _ => false,
        }
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}
