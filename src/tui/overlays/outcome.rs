//! What an overlay asks for after a key or an answer, as a value: the workbench applies it.

use super::Overlay;
use crate::api::{CauseChoice, Request, ViewName};
use crate::keymap::Action;
use crate::tui::msg::{ChangeKind, CopyWhat, SaveFile, Topic};
use crate::tui::notices::Weight;
use crate::tui::panes::tabs::Tab;
use crate::words::{Lang, Word, word};

/// What becomes of an overlay, and what is done besides.
#[derive(Debug)]
#[must_use]
pub struct Outcome {
    /// What becomes of the overlay.
    pub next: Next,
    /// What is done after that, in this order.
    pub commands: Vec<Command>,
}

/// What becomes of an overlay.
#[derive(Debug)]
pub enum Next {
    /// It stays and keeps the keys.
    Stay,
    /// It closes: what it was for is done.
    Close,
    /// It is left: what it stands in for, if anything, is there again.
    Leave,
    /// It gives way to another; leaving that one leads back here.
    GiveWay(Box<dyn Overlay>),
    /// It closes because its work is on the way, and comes back as it is if nothing becomes of that.
    Submit(Work),
    /// The same, once a question is answered with yes.
    AskFirst {
        /// The question.
        question: String,
        /// What is done then.
        work: Work,
    },
    /// It closes; what it stands in for is submitted with this work.
    Proceed(Work),
}

/// Work that a form is closed for.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// A change of the desk's.
    Change(ChangeKind, Request),
    /// A copy.
    Copy(CopyWhat),
    /// A file to be written.
    Save(SaveFile),
}

/// Something the workbench does for an overlay.
#[derive(Debug)]
pub enum Command {
    /// Says something in the status line.
    Say(Weight, String),
    /// Asks the desk; what comes opens an overlay of its own.
    Ask(Topic, Request),
    /// Asks the overlay's own question again.
    AskAgain,
    /// Sends a change that no form waits for.
    Change(ChangeKind, Request),
    /// Sends work for a part of a list that stays open; the part comes back if nothing becomes of it.
    SubmitPart(Box<dyn Overlay>, Work),
    /// Copies a text.
    Copy(CopyWhat),
    /// Gives a text to the program that EDITOR names.
    EditOutside(String),
    /// Opens another overlay above.
    Open(Box<dyn Overlay>),
    /// Hands something to the overlay below.
    Hand(Handed),
    /// Closes all overlays.
    CloseAll,
    /// Lists what a query finds; overlays close.
    ShowQuery(String),
    /// Lists what is like a message.
    ShowSimilar(String),
    /// Lists the tickets of a dataset only; overlays close.
    OnlyDataset(String),
    /// Opens a tab; overlays close.
    OpenTab(Tab),
    /// Leaves a saved view for everything, if it is the one that is open.
    LeaveView(ViewName),
    /// Calls what is listed a saved view.
    NameView(ViewName),
    /// Goes on to the next ticket: this one was decided on.
    GoOn,
    /// Does an action of the panes, and remembers it as a command given.
    Run(Action),
}

/// What one overlay hands to the one below it.
#[derive(Debug, Clone, PartialEq)]
pub enum Handed {
    /// Causes that were chosen, and why.
    Causes(Vec<CauseChoice>, String),
    /// By how many rows the entry under the cursor moves.
    Moved(isize),
}

impl Outcome {
    /// The overlay stays.
    pub fn stay() -> Self {
        Self::new(Next::Stay)
    }

    /// The overlay closes.
    pub fn close() -> Self {
        Self::new(Next::Close)
    }

    /// The overlay is left.
    pub fn leave() -> Self {
        Self::new(Next::Leave)
    }

    /// The overlay closes because its work is on the way.
    pub fn submit(work: Work) -> Self {
        Self::new(Next::Submit(work))
    }

    /// The same for a change of the desk's.
    pub fn change(kind: ChangeKind, request: Request) -> Self {
        Self::submit(Work::Change(kind, request))
    }

    /// What becomes of the overlay, and nothing else yet.
    pub fn new(next: Next) -> Self {
        Self {
            next,
            commands: Vec::new(),
        }
    }

    /// Does something besides.
    pub fn and(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Opens another overlay above.
    pub fn open(self, overlay: impl Overlay) -> Self {
        self.and(Command::Open(Box::new(overlay)))
    }

    /// Says something in the status line.
    pub fn say(self, lang: Lang, weight: Weight, what: Word) -> Self {
        self.and(Command::Say(weight, word(lang, what).to_owned()))
    }
}
