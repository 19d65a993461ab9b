//! Who else is at which ticket, and where the desk was told that this agent is.

use std::collections::BTreeMap;

use crate::api::{Attended, Attending, Doing, Present};
use crate::model::TicketId;

/// Others, as far as the desk told.
#[derive(Debug, Default)]
pub struct Company {
    /// Everybody at each ticket, this session included.
    at: BTreeMap<TicketId, Vec<Present>>,
    /// This session, once the desk has called it by its name.
    own: Option<String>,
    /// What the desk was told last.
    pub told: Option<(TicketId, Doing)>,
}

impl Company {
    /// Takes all there is.
    pub fn replace(&mut self, all: Vec<Attended>) {
        self.at.clear();
        self.change(all);
    }

    /// Takes what has changed.
    pub fn change(&mut self, changed: Vec<Attended>) {
        for Attended { ticket, agents } in changed {
            if agents.is_empty() {
                self.at.remove(&ticket);
            } else {
                self.at.insert(ticket, agents);
            }
        }
    }

    /// Takes what became of coming to a ticket; says whether somebody else works on it.
    pub fn came(&mut self, attending: Attending) -> bool {
        self.own = Some(attending.session);
        attending.held_by.is_some()
    }

    /// Somebody else who works on a ticket, and came to it before this agent did.
    pub fn holder(&self, ticket: TicketId) -> Option<&Present> {
        let there = self.at.get(&ticket).map(Vec::as_slice);
        let mut working = there.unwrap_or_default().iter();
        let first = working.find(|one| one.doing != Doing::Reads)?;
        (self.own.as_ref() != Some(&first.session)).then_some(first)
    }

    /// The others at a ticket, the first to come first.
    pub fn others(&self, ticket: TicketId) -> impl Iterator<Item = &Present> {
        let there = self.at.get(&ticket).map(Vec::as_slice);
        let others = there.unwrap_or_default().iter();
        others.filter(|one| self.own.as_ref() != Some(&one.session))
    }
}
