//! Messages: what happened. Effects: what is to be done about it.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::desk::{Answer, DeskError, Push, Request};
use crate::model::{Generation, TicketId};

/// What happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted in brackets.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// The terminal draws ambiguous characters two columns wide.
    AmbiguousWide,
    /// The desk is connected, or it cannot be.
    Linked(Result<(), DeskError>),
    /// An answer came.
    Answered(Answered),
    /// The desk told something.
    Pushed(Push),
    /// A copy was tried.
    Copied(Copied),
    /// The process was asked to end.
    Terminate,
    /// The process was asked to stop for a while.
    Suspend,
}

/// An answer with what it answers.
#[derive(Debug)]
pub struct Answered {
    /// What was asked.
    pub topic: Topic,
    /// The number of the question.
    pub generation: Generation,
    /// The answer.
    pub result: Result<Answer, DeskError>,
    /// How long the desk took.
    pub took: Duration,
}

/// What became of a copy.
#[derive(Debug)]
pub enum Copied {
    /// The ladder's last step, with what was copied.
    Done {
        /// What happened.
        outcome: crate::clipboard::Outcome,
        /// What was copied.
        text: String,
        /// What the terminal must be sent for it.
        sequence: Vec<u8>,
        /// Redaction marks left in it.
        marks: Vec<String>,
        /// Whether it answers nothing.
        holding: bool,
    },
    /// The desk had no text to copy.
    Refused(DeskError),
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Asks the desk.
    Ask(Ask),
    /// Copies on a worker.
    Copy(CopyWhat),
    /// Sends the terminal a sequence that draws nothing.
    Emit(Vec<u8>),
    /// Stops the process until it is continued.
    Suspend,
}

/// A question or an order to the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// What it is about; comes back with the answer.
    pub topic: Topic,
    /// The number of the question; comes back with the answer.
    pub generation: Generation,
    /// The request.
    pub request: Request,
}

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyWhat {
    /// An agent's turn of a ticket, as the desk makes it fit to send.
    Reply {
        /// The ticket.
        id: TicketId,
        /// Which agent turn, from 1; `None` = the best.
        turn: Option<usize>,
    },
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Rows of the list from this one on.
    Rows {
        /// Position of the first row.
        offset: usize,
    },
    /// The category tree.
    Tree,
    /// The ticket or article beside the list.
    Detail,
    /// Root causes that may hold for the ticket beside the list.
    Suggestions,
    /// What the store holds, for the frame.
    Status,
    /// What the store holds, to be read.
    StatusPage,
    /// Team settings.
    Settings,
    /// The vocabulary of root causes.
    Vocabulary,
    /// The log of a ticket, or of everything.
    Log,
    /// The datasets.
    Datasets,
    /// Figures.
    Stats,
    /// Records that did not apply.
    Conflicts,
    /// A change.
    Act(Deed),
}

/// The kinds of change an agent asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Root causes were set.
    Annotate,
    /// Categories were corrected.
    Recategorise,
    /// An act was taken back.
    Undo,
    /// An undo was taken back.
    Redo,
    /// A conflict was settled.
    Resolve,
}

/// The workers: one thread each, so that none waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Rows of the list: only the newest question counts.
    Rows,
    /// Counts of the tree: only the newest question counts.
    Tree,
    /// The ticket shown: only the newest question counts.
    Detail,
    /// Root causes suggested for it: only the newest question counts.
    Suggestions,
    /// What overlays show: every question is answered.
    Side,
    /// Changes: nothing is lost, in order.
    Orders,
}

impl Lane {
    /// All lanes.
    pub const ALL: [Self; 6] = [
        Self::Rows,
        Self::Tree,
        Self::Detail,
        Self::Suggestions,
        Self::Side,
        Self::Orders,
    ];

    /// Whether a question makes the ones before it worthless.
    pub fn newest_wins(self) -> bool {
        matches!(
            self,
            Self::Rows | Self::Tree | Self::Detail | Self::Suggestions
        )
    }
}

impl Topic {
    /// The worker that asks about it.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Rows { .. } => Lane::Rows,
            Self::Tree => Lane::Tree,
            Self::Detail => Lane::Detail,
            Self::Suggestions => Lane::Suggestions,
            Self::Status
            | Self::StatusPage
            | Self::Settings
            | Self::Vocabulary
            | Self::Log
            | Self::Datasets
            | Self::Stats
            | Self::Conflicts => Lane::Side,
            Self::Act(_) => Lane::Orders,
        }
    }
}
