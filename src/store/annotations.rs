//! What agents decided on a ticket: root causes, category, votes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Author, Category, CauseId, Revision, Stance};

/// The agents' decision on a ticket's root causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CausesFold {
    /// Count of decisions.
    pub revision: Revision,
    /// The causes decided on, in the order they were added; empty when not confirmed.
    pub causes: Vec<CauseId>,
    /// Whether the decision stands; `false` = it was taken back, and the given causes hold.
    pub confirmed: bool,
    /// Who decided last.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// Why, in the agent's words; empty = none.
    pub note: String,
}

/// The agents' decision on a ticket's category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryFold {
    /// Count of decisions.
    pub revision: Revision,
    /// The category; `None` = as given.
    pub category: Option<Category>,
    /// Who decided last.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// Why, in the agent's words; empty = none.
    pub note: String,
}

/// One agent's opinion on a ticket's confirmed causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The agent.
    pub author: Author,
    /// The opinion.
    pub stance: Stance,
    /// When.
    pub at: Timestamp,
    /// Why; empty = none.
    pub note: String,
    /// The causes that held when it was given.
    #[serde(default)]
    pub about: Vec<CauseId>,
    /// Whether it was the decision until another agent decided anew.
    #[serde(default)]
    pub decided: bool,
    /// Whether somebody decided anew since, knowing that agents differed.
    #[serde(default)]
    pub settled: bool,
}

impl Vote {
    /// The causes the agent holds to be right; `None` = only not those it is about.
    pub fn causes(&self) -> Option<&[CauseId]> {
        match &self.stance {
            Stance::Agree => Some(&self.about),
            Stance::Differ(causes) if causes.is_empty() && !self.decided => None,
            Stance::Differ(causes) => Some(causes),
        }
    }
}
