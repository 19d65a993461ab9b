//! Who a session acts for, and with what authority.

use crate::model::{ActId, Author, Origin};

/// Who a session acts for, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The agent.
    pub author: Author,
    /// Host and session: the scope of undo.
    pub origin: Origin,
    /// Whose store it is.
    pub authority: Authority,
}

/// Whose store a session works on: it decides what an imported export is taken at its word for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// Their own, or the one they serve to a team.
    Owner,
    /// The team's, of which they are one.
    Member,
}

/// Who does what is asked, and the id of the act it makes where it makes one.
#[derive(Clone)]
pub(super) struct Actor {
    pub(super) author: Author,
    pub(super) origin: Origin,
    pub(super) authority: Authority,
    pub(super) act: ActId,
}
