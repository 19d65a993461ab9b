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
use crate::tui::update::moves::{ReplyStep, Step, moved};
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

/// The blanks of a reply: Enter goes to the first empty one, and copies when there is none.
pub(super) fn in_slots(app: &mut App, mut form: SlotForm, step: Step) -> Then {
    let count = form.slots.len().max(1);
    match step {
        Step::Next => form.at = (form.at + 1) % count,
        Step::Previous => form.at = (form.at + count - 1) % count,
        Step::Move(way) => form.at = moved(form.at, way, count, count),
        Step::Delete(what) => {
            if let Some(input) = form.input() {
                delete(input, what);
            }
        }
        Step::Confirm => match form.first_empty() {
            Some(empty) => {
                // From the last blank that was filled on, it is the way to the next, not a fault.
                let here = form.slots.get(form.at);
                let stuck = here.is_some_and(|blank| blank.input.value().trim().is_empty());
                form.at = empty;
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
