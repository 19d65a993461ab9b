//! What actions mean inside overlays and fields: steps through a list or a form.

use crate::keymap::Action;

/// A way to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// This many rows.
    Rows(isize),
    /// This many half pages.
    HalfPages(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// What an action means inside an overlay or a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Moves.
    Move(Way),
    /// Takes what is selected or typed.
    Confirm,
    /// Closes the overlay, or leaves the field.
    Cancel,
    /// Chooses the row under the cursor, or unchooses it.
    Toggle,
    /// Adds what is typed as a new entry.
    Create,
    /// Goes to the next field, or completes.
    Next,
    /// Goes to the previous field.
    Previous,
    /// Deletes before the cursor.
    Delete(Deleted),
    /// Does something with a reply.
    Reply(ReplyStep),
}

/// What can be done with a reply, or with a text on its way to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyStep {
    /// Copies it as it was written.
    Original,
    /// Makes it a favourite, or no more.
    Favourite,
    /// Makes a standard reply of it.
    Promote,
    /// Shows what else can be done.
    Menu,
    /// Hides what the guard found, or shows it again.
    Mask,
    /// Hides all that the guard found.
    MaskAll,
    /// Makes a blank of what the guard found, or takes it back.
    Slot,
    /// Edits its text.
    Edit,
}

/// The actions that mean something inside overlays and fields.
const STEPS: [(Action, Step); 24] = [
    (Action::MoveDown, Step::Move(Way::Rows(1))),
    (Action::MoveUp, Step::Move(Way::Rows(-1))),
    (Action::HalfPageDown, Step::Move(Way::HalfPages(1))),
    (Action::HalfPageUp, Step::Move(Way::HalfPages(-1))),
    (Action::PageDown, Step::Move(Way::HalfPages(2))),
    (Action::PageUp, Step::Move(Way::HalfPages(-2))),
    (Action::First, Step::Move(Way::First)),
    (Action::Last, Step::Move(Way::Last)),
    (Action::Confirm, Step::Confirm),
    (Action::Cancel, Step::Cancel),
    (Action::ToggleChoice, Step::Toggle),
    (Action::CreateChoice, Step::Create),
    (Action::NextField, Step::Next),
    (Action::PrevField, Step::Previous),
    (Action::DeleteWord, Step::Delete(Deleted::Word)),
    (Action::DeleteToStart, Step::Delete(Deleted::ToStart)),
    (Action::CopyOriginal, Step::Reply(ReplyStep::Original)),
    (Action::Favourite, Step::Reply(ReplyStep::Favourite)),
    (Action::Promote, Step::Reply(ReplyStep::Promote)),
    (Action::ReplyMenu, Step::Reply(ReplyStep::Menu)),
    (Action::MaskFinding, Step::Reply(ReplyStep::Mask)),
    (Action::MaskAll, Step::Reply(ReplyStep::MaskAll)),
    (Action::MakeSlot, Step::Reply(ReplyStep::Slot)),
    (Action::EditText, Step::Reply(ReplyStep::Edit)),
];

impl Step {
    /// What an action means; `None` = nothing there.
    pub fn of(action: Action) -> Option<Self> {
        STEPS
            .iter()
            .find(|(known, _)| *known == action)
            .map(|(_, step)| *step)
    }
}

/// Moves a position among `count` rows, of which `page` are seen.
pub fn moved(at: usize, way: Way, count: usize, page: usize) -> usize {
    let last = count.saturating_sub(1);
    let half = isize::try_from(page / 2).unwrap_or(1).max(1);
    let to = match way {
        Way::Rows(rows) => at.saturating_add_signed(rows),
        Way::HalfPages(pages) => at.saturating_add_signed(pages.saturating_mul(half)),
        Way::First => 0,
        Way::Last => last,
    };
    to.min(last)
}

/// What an editing key deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// The word before the cursor.
    Word,
    /// Everything before the cursor.
    ToStart,
}
