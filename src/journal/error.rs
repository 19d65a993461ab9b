//! Why the log could not take or give parcels.

use std::io;

/// A failure of the log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// There is no log.
    #[error("there is no log")]
    Missing,
    /// Nothing was written, and nothing of it is on the disk.
    #[error("the log cannot be written; nothing was stored")]
    Refused(#[source] io::Error),
    /// What was written may be on the disk or not.
    #[error("the log cannot be written; what was to be stored may be stored or not")]
    Unknown(#[source] io::Error),
    /// The disk failed.
    #[error("the log cannot be read or written")]
    Io(#[source] io::Error),
    /// A parcel cannot be written as JSON.
    #[error("a record cannot be encoded")]
    Encode(#[source] serde_json::Error),
    /// Something in it cannot be read back.
    #[error("the log is damaged: {what}")]
    Damaged {
        /// What.
        what: String,
    },
}
