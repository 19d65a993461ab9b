//! Standard replies: picked, filled, looked at, copied.

use super::Then;
use crate::desk::Request;
use crate::desk::api::{Compose, DraftOf, SlotRow};
use crate::tui::app::{App, Weight};
use crate::tui::msg::{CopyWhat, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::advice::Advice;
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::guard::Guard;
use crate::tui::overlays::replies::{self, Replies, ReplyRow};
use crate::tui::overlays::slots::SlotForm;
use crate::tui::update::actions;
use crate::tui::update::keys::delete;
use crate::tui::update::moves::{Step, moved};
use crate::words::{Word, word};

/// Copies a standard reply; one with blanks is filled on a form first.
pub fn standard(
    app: &mut App,
    of: DraftOf,
    title: &str,
    text: &str,
    slots: &[SlotRow],
) -> Vec<Effect> {
    if slots.is_empty() {
        let values = Default::default();
        return vec![Effect::Copy(CopyWhat::Standard {
            compose: Compose {
                of,
                values,
                original: false,
            },
            anyway: false,
        })];
    }
    let form = SlotForm::new(of, title.to_owned(), text.to_owned(), slots.to_vec());
    app.overlays.push(Overlay::Slots(form));
    vec![]
}

/// The replies of a ticket: Enter copies the one under the cursor.
pub(super) fn in_replies(app: &mut App, mut list: Replies, step: Step) -> Then {
    let rows = replies::rows(app, &list).unwrap_or_default();
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, rows.len(), 10),
        Step::Confirm => {
            if let Some(row) = rows.get(list.selected) {
                return Then::close(pick(app, &list, row));
            }
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Replies(list))
}

/// Copies a reply of a ticket.
pub(super) fn pick(app: &mut App, list: &Replies, row: &ReplyRow) -> Vec<Effect> {
    match row {
        ReplyRow::Turn { turn, .. } => vec![Effect::Copy(CopyWhat::Reply {
            id: list.id,
            turn: Some(*turn),
        })],
        ReplyRow::Standard(offer) => {
            let of = DraftOf::Offer {
                id: list.id.to_string(),
                number: offer.number,
            };
            standard(app, of, &offer.title, &offer.text, &offer.slots)
        }
    }
}

/// What is likely about a message: Enter copies the reply under the cursor, Tab lists the
/// tickets like it.
pub(super) fn in_advice(app: &mut App, mut advice: Advice, step: Step) -> Then {
    let count = advice.view.as_ref().map_or(0, |view| view.replies.len());
    match step {
        Step::Move(way) => advice.selected = moved(advice.selected, way, count, 3),
        Step::Confirm => {
            let at = advice.selected;
            if at < count {
                return Then::close(advised(app, &advice, at));
            }
        }
        Step::Next => {
            actions::similar_to_text(app, &advice.text);
            return Then::close(vec![]);
        }
        Step::Cancel | Step::Toggle | Step::Create | Step::Previous | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Advice(advice))
}

/// Copies a reply advised for a message.
pub(super) fn advised(app: &mut App, advice: &Advice, at: usize) -> Vec<Effect> {
    let Some(reply) = advice.view.as_ref().and_then(|view| view.replies.get(at)) else {
        return vec![];
    };
    let of = DraftOf::Standard {
        reply: reply.id.to_string(),
        ticket: None,
    };
    standard(app, of, &reply.title, &reply.text, &reply.slots)
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
                form.at = empty;
                let words = word(app.look.lang, Word::SlotLeft).to_owned();
                app.notices.say(Weight::Warn, words);
            }
            None => {
                let values = form.values();
                return Then::close(vec![Effect::Copy(CopyWhat::Standard {
                    compose: Compose {
                        of: form.of,
                        values,
                        original: false,
                    },
                    anyway: false,
                })]);
            }
        },
        Step::Cancel | Step::Toggle | Step::Create => {}
    }
    Then::stay(Overlay::Slots(form))
}

/// A warning before a copy: Enter copies in spite of it.
pub(super) fn in_guard(guard: Guard, step: Step) -> Then {
    if step == Step::Confirm {
        Then::close(vec![Effect::Copy(guard.anyway)])
    } else {
        Then::stay(Overlay::Guard(guard))
    }
}

/// Standard replies by code or word: Enter copies the one under the cursor.
pub(super) fn in_code(app: &mut App, mut form: CodeForm, step: Step) -> Then {
    match step {
        Step::Move(way) => form.selected = moved(form.selected, way, form.rows().len(), 12),
        Step::Delete(what) => {
            if delete(&mut form.input, what) {
                form.selected = 0;
            }
        }
        Step::Confirm => {
            let Some(row) = form.rows().get(form.selected).map(|row| (*row).clone()) else {
                return Then::stay(Overlay::Code(form));
            };
            // The selected ticket gives values for the blanks.
            let ticket = app.list.current_ticket().map(|t| t.id.to_string());
            let of = DraftOf::Standard {
                reply: row.id.to_string(),
                ticket,
            };
            return Then::close(standard(app, of, &row.title, &row.text, &row.slots));
        }
        Step::Cancel | Step::Toggle | Step::Create | Step::Next | Step::Previous => {}
    }
    Then::stay(Overlay::Code(form))
}

/// Asks what is likely about a message.
pub fn advise(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(text) = actions::message(app, text) else {
        return vec![];
    };
    let generation = app.next_generation();
    app.overlays.push(Overlay::Advice(Advice {
        text: text.clone(),
        view: None,
        generation,
        selected: 0,
    }));
    let topic = crate::tui::msg::Topic::Advice;
    vec![actions::ask(generation, topic, Request::Answer { text })]
}
