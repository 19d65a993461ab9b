//! The ordered log of records: what gives every change its place.
//!
//! The journal knows nothing of what records mean; applying them is the store's fold. It is a
//! trait so that a replicated engine can take the place of the embedded one: such an engine is
//! synchronous here, whatever runs inside it.

mod embedded;

pub use embedded::EmbeddedJournal;

use crate::model::{Record, Sequence};

/// An ordered log of records that only grows.
pub trait Journal: Send + Sync {
    /// Appends records in order, all or none, and returns the sequence of the first.
    ///
    /// The embedded journal's records become durable with the store's next flush; an engine of
    /// its own must not return before they are.
    ///
    /// # Errors
    /// When the records cannot be written; none of them is in the journal then.
    fn append(&self, records: &[Record]) -> Result<Sequence, JournalError>;

    /// Reads up to `limit` records from a sequence on, in order.
    ///
    /// # Errors
    /// When a record cannot be read back.
    fn read(&self, from: Sequence, limit: usize) -> Result<Vec<(Sequence, Record)>, JournalError>;

    /// The sequence of the newest record; 0 = there is none.
    fn last(&self) -> Sequence;
}

/// Why the journal could not take or give records.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk or the engine failed.
    #[error("the journal cannot be written or read")]
    Engine(#[from] sled::Error),
    /// A record cannot be read back.
    #[error("record {sequence} of the journal is damaged")]
    Damaged {
        /// Its place.
        sequence: Sequence,
    },
    /// A record cannot be written as JSON.
    #[error("a record cannot be encoded")]
    Encode(#[from] serde_json::Error),
    /// A record cannot be compressed.
    #[error("a record cannot be compressed")]
    Compress(#[from] std::io::Error),
}
