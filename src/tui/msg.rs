//! Messages: what happened. Effects: what is to be done about it.

use std::collections::BTreeMap;
use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::api::{Answer, Compose, DeskError, Draft, DraftOf, Push, Request};
use crate::config::Existing;
use crate::model::Generation;

/// What happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted in brackets.
    Paste(String),
    /// Keys came at once and look like a paste without brackets.
    Burst(Vec<KeyEvent>),
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
    /// A copy was tried, with the number that its form waits for, if it was made on one.
    Copied(Option<Generation>, Copied),
    /// A file was to be written, with the number that its form waits for.
    Saved(Generation, Saved),
    /// Another program edited a text, or could not.
    EditedOutside(Result<String, String>),
    /// The question for the rows with this number has been open for a while.
    Late(Generation),
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
        draft: Box<Draft>,
        /// What the terminal must be sent for it.
        sequence: Vec<u8>,
        /// What the guard had warned of, where it was copied anyway.
        overridden: Vec<String>,
        /// What was filled in, by the name of the blank.
        values: BTreeMap<String, String>,
    },
    /// The desk had no text to copy.
    Refused(DeskError),
    /// The text has blanks to fill first.
    Blanks {
        /// What was to be copied.
        compose: Compose,
        /// The text and its blanks.
        draft: Box<Draft>,
    },
    /// The text should be looked at first.
    Guarded {
        /// What was to be copied.
        compose: Compose,
        /// The text and what was found in it.
        draft: Box<Draft>,
    },
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Asks the desk.
    Ask(Ask),
    /// Copies on a worker.
    Copy(CopyWhat),
    /// Writes an export to a file, on a worker.
    Save(SaveFile),
    /// Remembers what was filled in, by the name of the blank, on a worker.
    Remember(BTreeMap<String, String>),
    /// Sends the terminal a sequence that draws nothing.
    Emit(Vec<u8>),
    /// Gives the terminal to the program that EDITOR names, with a text to edit.
    EditOutside(String),
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

/// An export and the file it goes to.
#[derive(Debug, Clone, PartialEq)]
pub struct SaveFile {
    /// The request for the bytes.
    pub request: Request,
    /// The file; a relative one lies in the working directory.
    pub path: String,
    /// What becomes of a file that is there.
    pub existing: Existing,
    /// The number that the form waits for on which it was named.
    pub form: Generation,
}

/// What became of a file that was to be written.
#[derive(Debug)]
pub enum Saved {
    /// It was written.
    Done {
        /// The file.
        path: String,
        /// Its size.
        bytes: u64,
    },
    /// There is such a file already.
    Exists(SaveFile),
    /// The file could not be written.
    Failed {
        /// The file.
        path: String,
        /// What the system said.
        why: String,
    },
    /// The desk did not give the bytes.
    Refused(DeskError),
}

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyWhat {
    /// What is asked of the desk.
    pub compose: Compose,
    /// Whether it is copied whatever the guard finds.
    pub anyway: bool,
    /// The number that the form waits for on which it was made.
    pub form: Option<Generation>,
}

impl From<Compose> for CopyWhat {
    /// Looked at before.
    fn from(compose: Compose) -> Self {
        Self {
            compose,
            anyway: false,
            form: None,
        }
    }
}

impl CopyWhat {
    /// A copy as the desk makes it fit to send, looked at before.
    pub fn of(of: DraftOf) -> Self {
        Self::from(Compose {
            of,
            values: Default::default(),
            original: false,
        })
    }

    /// The same as it was written.
    #[must_use]
    pub fn original(mut self) -> Self {
        self.compose.original = true;
        self
    }
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Rows of the list from this one on.
    Rows {
        /// Position of the first row.
        offset: usize,
    },
    /// Rows that somebody else changed, as they are now.
    Changed,
    /// The category tree.
    Tree,
    /// The ticket or article beside the list.
    Detail,
    /// Root causes for the ticket shown.
    Suggest,
    /// That the agent is at a ticket.
    Attend,
    /// Who is at which ticket.
    Present,
    /// The look-alikes of a ticket.
    Lookalikes,
    /// What can be said to a ticket.
    Offers,
    /// Standard replies.
    StandardReplies,
    /// What is likely about a message.
    Advice,
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
    /// The saved views.
    Views,
    /// The datasets.
    Datasets,
    /// Figures.
    Stats,
    /// Records that did not apply.
    Conflicts,
    /// Favourites and last copies.
    AtHand,
    /// A ticket or article read on the way.
    Reading,
    /// Copies made, to be counted.
    Used,
    /// A standard reply, for the menu of what can be done with it.
    ReplyMenu,
    /// What an agent said, to be made a standard reply.
    Promotion,
    /// A change.
    Act(ChangeKind),
}

/// The kinds of change an agent asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Root causes were set.
    Annotate,
    /// An opinion on causes was given.
    Vote,
    /// Categories were corrected.
    Recategorise,
    /// An act was taken back.
    Undo,
    /// An undo was taken back.
    Redo,
    /// A conflict was settled.
    Resolve,
    /// The vocabulary was changed.
    Vocabulary,
    /// A saved view was changed.
    View,
    /// A team setting was changed.
    Setting,
    /// A dataset was removed.
    RemoveDataset,
    /// A standard reply was changed.
    Reply,
    /// A ticket or an article was marked outdated, or is so no more.
    Outdate,
    /// A reply became a favourite, or is one no more.
    Star,
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
    /// Root causes for the ticket shown: only the newest question counts.
    Suggest,
    /// Where the agent is: only the newest word counts.
    Attend,
    /// What overlays show: every question is answered.
    Side,
    /// Copies made and what is at hand: nothing is lost, in order; what waits is counted at once.
    Uses,
    /// Changes: nothing is lost, in order.
    Orders,
}

impl Lane {
    /// All lanes.
    pub const ALL: [Self; 8] = [
        Self::Rows,
        Self::Tree,
        Self::Detail,
        Self::Suggest,
        Self::Attend,
        Self::Side,
        Self::Uses,
        Self::Orders,
    ];

    /// Whether a question makes the ones before it worthless.
    pub fn newest_wins(self) -> bool {
        match self {
            Self::Rows | Self::Tree | Self::Detail | Self::Suggest | Self::Attend => true,
            Self::Side | Self::Uses | Self::Orders => false,
        }
    }
}

impl Topic {
    /// The worker that asks about it.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Rows { .. } => Lane::Rows,
            Self::Tree => Lane::Tree,
            Self::Detail => Lane::Detail,
            Self::Suggest => Lane::Suggest,
            Self::Attend => Lane::Attend,
            Self::Status
            | Self::Changed
            | Self::StatusPage
            | Self::Present
            | Self::Offers
            | Self::Lookalikes
            | Self::ReplyMenu
            | Self::Reading
            | Self::Promotion
            | Self::StandardReplies
            | Self::Advice
            | Self::Settings
            | Self::Vocabulary
            | Self::Views
            | Self::Log
            | Self::Datasets
            | Self::Stats
            | Self::Conflicts => Lane::Side,
            Self::AtHand | Self::Used => Lane::Uses,
            Self::Act(_) => Lane::Orders,
        }
    }
}
