//! What overlays that list replies have in common: copying one, and what else is done with it.

use super::slots::SlotForm;
use super::{Command, Outcome};
use crate::api::{Compose, DraftOf, Request, SlotRow, ask};
use crate::tui::msg::{ChangeKind, CopyWhat, Topic};
use crate::tui::notices::Weight;
use crate::tui::step::ReplyStep;
use crate::tui::view::View;
use crate::words::Word;

/// Which text of a reply is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// As the desk makes it fit to send.
    Fitted,
    /// As it was written.
    Original,
}

impl Version {
    /// The copy of a reply in this version.
    pub fn of(self, of: DraftOf) -> CopyWhat {
        match self {
            Self::Fitted => CopyWhat::of(of),
            Self::Original => CopyWhat::of(of).original(),
        }
    }
}

/// Copies a reply; one with blanks is filled in on a form first.
pub fn copy(
    what: CopyWhat,
    title: &str,
    text: &str,
    slots: &[SlotRow],
    view: &View<'_>,
) -> Command {
    // The desk alone knows the blanks of the original.
    if slots.is_empty() || what.compose.original {
        return Command::Copy(what);
    }
    let (title, slots) = (title.to_owned(), slots.to_vec());
    let form = SlotForm::new(what.compose, title, text, slots, view.memory);
    Command::Open(Box::new(form))
}

/// Does something with the standard reply under the cursor of a list, which stays open.
pub fn on_reply(step: ReplyStep, reply: String, favourite: bool) -> Outcome {
    match step {
        ReplyStep::Favourite => Outcome::stay().and(star(reply, !favourite)),
        ReplyStep::Menu | ReplyStep::Edit | ReplyStep::Promote => {
            let request = Request::StandardReply(ask::StandardReply { reply });
            Outcome::stay().and(Command::Ask(Topic::ReplyMenu, request))
        }
        ReplyStep::Original | ReplyStep::Mask | ReplyStep::MaskAll | ReplyStep::Slot => {
            Outcome::stay()
        }
    }
}

/// Makes a reply a favourite, or one no more.
pub fn star(reply: String, starred: bool) -> Command {
    Command::Change(
        ChangeKind::Star,
        Request::Star(ask::Star { reply, starred }),
    )
}

/// Makes a standard reply of what an agent said: the form opens when the text has come.
pub fn promote(id: String, turn: usize) -> Outcome {
    let turn = Some(turn);
    let request = Request::Compose(Compose {
        of: DraftOf::Turn {
            id,
            turn,
            receiver: None,
        },
        values: Default::default(),
        original: false,
    });
    Outcome::stay().and(Command::Ask(Topic::Promotion, request))
}

/// Says that what was said in one ticket must be made a standard reply first.
pub fn promote_first(view: &View<'_>) -> Outcome {
    Outcome::stay().say(view.look.lang, Weight::Plain, Word::PromoteFirst)
}
