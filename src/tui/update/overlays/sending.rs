//! A text on its way to the clipboard: blanks filled, warnings looked at.

use super::Then;
use crate::tui::app::{App, Weight};
use crate::tui::msg::{CopyWhat, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::guard::{Fix, Guard};
use crate::tui::overlays::reply_form::ReplyForm;
use crate::tui::overlays::slots::SlotForm;
use crate::tui::update::actions::Order;
use crate::tui::update::keys::delete;
use crate::tui::update::moves::{ReplyStep, Step, Way, moved};
use crate::words::{Word, word};

/// Copies what was filled in on a form, which closes.
pub(super) fn copy(app: &mut App, form: Overlay, what: CopyWhat) -> Then {
    let number = app.next_generation();
    let effect = Effect::Copy(CopyWhat {
        form: Some(number),
        ..what
    });
    Then::send(form, Order { number, effect })
}

/// Moves a row down or up through the blanks and the candidates below the one typed in.
fn move_in_slots(form: &mut SlotForm, way: Way) {
    let blank = form.slots.get(form.at);
    let candidates = blank.map_or(0, |blank| blank.candidates.len());
    // 0 = the blank itself.
    let row = form.chosen.map_or(0, |at| at + 1);
    match way {
        Way::Rows(rows) if rows > 0 && row < candidates => form.chosen = Some(row),
        Way::Rows(rows) if rows < 0 && row > 0 => form.chosen = (row - 1).checked_sub(1),
        way => {
            let count = form.slots.len().max(1);
            form.go_to(moved(form.at, way, count, count));
        }
    }
}

/// The blanks of a reply: Enter takes the candidate chosen, else goes to the first empty blank, and
/// copies when there is none.
pub(super) fn in_slots(app: &mut App, mut form: SlotForm, step: Step) -> Then {
    let count = form.slots.len().max(1);
    match step {
        Step::Next => form.go_to((form.at + 1) % count),
        Step::Previous => form.go_to((form.at + count - 1) % count),
        Step::Move(way) => move_in_slots(&mut form, way),
        Step::Delete(what) => {
            form.chosen = None;
            if let Some(input) = form.input() {
                delete(input, what);
            }
        }
        Step::Confirm if form.chosen.is_some_and(|chosen| form.take(chosen)) => {}
        Step::Confirm => match form.first_empty() {
            Some(empty) => {
                // From the last blank that was filled on, it is the way to the next, not a fault.
                let here = form.slots.get(form.at);
                let stuck = here.is_some_and(|blank| blank.input.value().trim().is_empty());
                form.go_to(empty);
                if stuck {
                    let words = word(app.look.lang, Word::SlotLeft).to_owned();
                    app.notices.say(Weight::Warn, words);
                }
            }
            None => {
                let mut compose = form.compose.clone();
                compose.values.extend(form.values());
                return copy(app, Overlay::Slots(form), CopyWhat::from(compose));
            }
        },
        Step::Cancel | Step::Toggle | Step::Create | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Slots(form))
}

/// What the guard found: Enter copies, whatever is left.
pub(super) fn in_guard(app: &mut App, mut guard: Box<Guard>, step: Step) -> Then {
    let count = guard.draft.findings.len();
    match step {
        Step::Confirm => {
            let what = guard.copy();
            return copy(app, Overlay::Guard(guard), what);
        }
        Step::Move(way) => guard.at = moved(guard.at, way, count, count),
        Step::Next | Step::Toggle => guard.at = (guard.at + 1) % count.max(1),
        Step::Previous => guard.at = (guard.at + count.max(1) - 1) % count.max(1),
        Step::Reply(ReplyStep::Mask) => guard.fix(Fix::Mask),
        Step::Reply(ReplyStep::MaskAll) => guard.mask_all(),
        Step::Reply(ReplyStep::Slot) => guard.fix(Fix::Slot),
        Step::Reply(ReplyStep::Edit) => {
            let source = guard.source();
            let form = ReplyForm::once(guard.changed(String::new()), &source, &app.look);
            // What was found stays below: leaving the text goes back to it.
            app.overlays.push(Overlay::ReplyForm(Box::new(form)));
        }
        Step::Reply(ReplyStep::Original) => {
            let what = CopyWhat::from(guard.compose.clone()).original();
            return copy(app, Overlay::Guard(guard), what);
        }
        Step::Reply(ReplyStep::Favourite | ReplyStep::Promote | ReplyStep::Menu)
        | Step::Cancel
        | Step::Create
        | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Guard(guard))
}
