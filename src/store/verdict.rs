//! What becomes of a record in the fold.

use serde::{Deserialize, Serialize};

use crate::model::{DocNo, Revision, Sequence};

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It was applied.
    Accepted {
        /// The key's revision afterwards.
        revision: Revision,
    },
    /// Its key had moved on since the author looked: kept whole until a record resolves it.
    Conflict,
    /// A record of this id was folded before; nothing was done again.
    Repeated,
    /// It makes no sense here, such as causes for an unknown ticket.
    Refused(Refusal),
}

/// Why a record makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The operation does not belong to the key, or the record's format is newer.
    BadRecord,
    /// No ticket or article of this id is there.
    UnknownTicket,
    /// A cause that the vocabulary does not have.
    UnknownCause,
    /// Another cause has this name.
    NameTaken,
    /// The cause is still used, or the merge would lead back to itself.
    InUse,
    /// No standard reply of this id is there.
    UnknownReply,
    /// No dataset of this name is there.
    UnknownDataset,
    /// No conflict is kept for this record.
    UnknownConflict,
    /// The setting cannot take this value.
    BadSetting,
    /// The pack is not there, or holds another number of bodies than the record names.
    BadPack,
    /// What its act was to make of the key was not done.
    NotDone,
}

impl Refusal {
    /// All refusals. The place in this list is what is stored: only ever add at the end.
    pub(super) const ALL: [Self; 11] = [
        Self::BadRecord,
        Self::UnknownTicket,
        Self::UnknownCause,
        Self::NameTaken,
        Self::InUse,
        Self::UnknownReply,
        Self::UnknownDataset,
        Self::UnknownConflict,
        Self::BadSetting,
        Self::BadPack,
        Self::NotDone,
    ];
}

/// A record after the fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Its place in the log.
    pub sequence: Sequence,
    /// What became of it.
    pub verdict: Verdict,
    /// Tickets and articles that are to be shown or indexed anew.
    pub touched: Vec<DocNo>,
}
