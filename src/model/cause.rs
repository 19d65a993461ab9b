//! Root causes: the vocabulary's entries, and what is not a cause at all.

use serde::{Deserialize, Serialize};

use super::{CauseId, Revision};

/// An entry of the managed two-level list of root causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Its id, which survives renaming.
    pub id: CauseId,
    /// Its name today.
    pub name: String,
    /// The upper level it stands under; empty = none.
    #[serde(default)]
    pub group: String,
    /// Earlier names, by which documents and agents may still call it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether it may still be given to tickets.
    pub status: CauseStatus,
    /// Count of changes of this entry.
    pub revision: Revision,
}

/// Whether a cause may still be given to tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CauseStatus {
    /// In use.
    Active,
    /// Kept for the tickets that carry it, not offered any more.
    Retired,
    /// Another cause took its place; tickets follow.
    Merged(CauseId),
}

/// What is known of why a ticket happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CauseState {
    /// Nothing was given.
    None,
    /// Something was given that says nothing: 需要根据具体情况分析.
    Placeholder,
    /// A cause came with the document; nobody looked at it.
    Given,
    /// An agent decided.
    Confirmed,
}

impl CauseState {
    /// All states, in the order screens list them.
    pub const ALL: [Self; 4] = [Self::None, Self::Placeholder, Self::Given, Self::Confirmed];

    /// The name that commands and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Placeholder => "placeholder",
            Self::Given => "given",
            Self::Confirmed => "confirmed",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Whether a given cause says nothing, whatever its wording.
pub fn is_placeholder(text: &str) -> bool {
    crate::text::phrases::is_placeholder(text)
}
