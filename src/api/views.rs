//! Saved views as the desk tells and takes them.

use serde::{Deserialize, Serialize};

use crate::model::TicketFilter;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRow {
    /// What it is called.
    pub name: String,
    /// Whether it is the team's; else it is the agent's own.
    pub team: bool,
    /// The query in the query language; empty = everything.
    pub query: String,
    /// What else must hold of the tickets.
    pub filter: TicketFilter,
}

impl ViewRow {
    /// What tells it from all others.
    pub fn called(&self) -> ViewName {
        ViewName {
            name: self.name.clone(),
            team: self.team,
        }
    }
}

/// What tells a view from all others that an agent sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewName {
    /// What it is called.
    pub name: String,
    /// Whether it is the team's; else it is the agent's own.
    pub team: bool,
}

/// A change of the saved views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewEdit {
    /// Saves a view; one of that name is replaced and keeps its place.
    Save {
        /// Which.
        name: ViewName,
        /// The query in the query language.
        query: String,
        /// What else must hold of the tickets.
        filter: TicketFilter,
    },
    /// Gives a view another name.
    Rename {
        /// Which.
        name: ViewName,
        /// The new name.
        to: String,
    },
    /// Moves a view among those of the same owner.
    Move {
        /// Which.
        name: ViewName,
        /// Its place from 0; beyond the last = last.
        to: usize,
    },
    /// Deletes a view; its tickets stay.
    Drop {
        /// Which.
        name: ViewName,
    },
}

impl ViewEdit {
    /// The view that is changed.
    pub fn name(&self) -> &ViewName {
        match self {
            Self::Save { name, .. }
            | Self::Rename { name, .. }
            | Self::Move { name, .. }
            | Self::Drop { name } => name,
        }
    }
}
