//! Who is at which ticket.

use serde::{Deserialize, Serialize};

use crate::model::TicketId;

/// What an agent does with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Reads it.
    Reads,
    /// Has come to it in a queue: others are handed another one.
    Works,
    /// Has the annotation form open for it.
    Annotates,
}

/// An agent's session at a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// The session; an agent may have several.
    pub session: String,
    /// The agent's name, by the kernel or as declared.
    pub name: String,
    /// Unix user id.
    pub uid: u32,
    /// Whether the name was declared.
    pub declared: bool,
    /// What it does there.
    pub doing: Doing,
}

/// Everybody at one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// The ticket.
    pub ticket: TicketId,
    /// Who is there, the first to come first; nobody any more where it is empty.
    pub agents: Vec<Present>,
}

/// What became of coming to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attending {
    /// The session that asked, as others see it.
    pub session: String,
    /// Who works on the ticket already.
    pub held_by: Option<Present>,
}
