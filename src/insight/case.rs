//! What insight is told of a ticket, and what it asks back.

use crate::model::{Category, CauseId, Ticket, TicketId};

/// A ticket as it stands now.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Its id.
    pub id: TicketId,
    /// Its text.
    pub ticket: &'a Ticket,
    /// Its category, corrected where an agent did.
    pub category: Option<&'a Category>,
    /// Its root causes that hold now; placeholders are in no vocabulary and left out.
    pub causes: &'a [CauseId],
    /// Whether an agent confirmed them.
    pub confirmed: bool,
    /// Whether an agent says that it must not be followed any more.
    pub outdated: bool,
    /// Place in time: a later ticket has a higher one. Days, or the import's order.
    pub order: u64,
}

/// Gives the text of a dialogue's turns, which insight does not keep.
pub trait Texts {
    /// The text of one turn, by its position in the dialogue; `None` when it is gone.
    fn turn(&self, ticket: TicketId, turn: usize) -> Option<String>;
}

impl<F: Fn(TicketId, usize) -> Option<String>> Texts for F {
    fn turn(&self, ticket: TicketId, turn: usize) -> Option<String> {
        self(ticket, turn)
    }
}

/// Takes text apart into words; given by whoever owns a dictionary.
pub trait Words: Send + Sync {
    /// The words of a text, in order.
    fn words(&self, text: &str) -> Vec<String>;
}

/// Words without a dictionary: pairs of ideographs, and runs of letters and digits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pairs;

impl Words for Pairs {
    fn words(&self, text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut out: Vec<String> = chars
            .windows(2)
            .filter(|pair| pair.iter().all(|c| super::pattern::is_han(*c)))
            .map(|pair| pair.iter().collect())
            .collect();
        out.extend(
            text.split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|run| run.len() > 1)
                .map(str::to_owned),
        );
        out
    }
}
