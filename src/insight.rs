//! What the tickets themselves tell: standard replies, slots, causes suggested, suspects named.
//!
//! Pure: no I/O, no clock. Whoever holds the tickets tells [`Insight`] of each one, hands it
//! words and neighbours, and gives texts back when asked; texts are not kept here, so that a
//! million tickets fit into memory.

pub mod agreement;
pub mod case;
pub mod fit;
pub mod guard;
pub mod heal;
mod minhash;
pub mod normal;
mod pattern;
pub mod replies;
pub mod slots;
mod table;
mod url;
pub mod value;
pub mod vendor;

pub use case::{Case, Pairs, Texts, Words};
pub use replies::{MinedReply, Replies};
use table::Table;
use vendor::Vendor;

use crate::model::TicketId;

/// Everything that is told from the tickets, kept up to date ticket by ticket.
#[derive(Default)]
pub struct Insight {
    table: Table,
    vendor: Vendor,
    replies: Replies,
}

impl Insight {
    /// Takes a ticket in; one that is known already is replaced.
    pub fn add(&mut self, case: &Case<'_>) {
        self.remove(case.id);
        let said = case
            .ticket
            .agent_turns()
            .map(|(_, turn)| turn.text.as_str());
        let names = self.vendor.add(&vendor::names(said));
        let no = self.table.add(case, names);
        self.replies.add(no, case);
    }

    /// Takes a ticket out again; an unknown one is ignored.
    pub fn remove(&mut self, id: TicketId) {
        if let Some((no, names)) = self.table.remove(id) {
            self.vendor.remove(&names);
            self.replies.remove(no);
        }
    }

    /// Brings everything that rests on several tickets up to date.
    pub fn finish(&mut self, texts: &dyn Texts) {
        self.replies.finish(texts, &self.vendor, &self.table);
    }

    /// The vendor's own domains and contacts.
    pub fn vendor(&self) -> &Vendor {
        &self.vendor
    }

    /// The standard replies found.
    pub fn replies(&self) -> &Replies {
        &self.replies
    }
}
