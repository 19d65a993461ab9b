//! Standard replies: found, picked, copied.

use super::{Then, replying};
use crate::desk::Request;
use crate::desk::api::{DraftOf, ReplyEdit, SlotRow};
use crate::tui::app::App;
use crate::tui::msg::{CopyWhat, Effect, Topic};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::advice::{Advice, Part};
use crate::tui::overlays::at_hand::{self, AtHandList};
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::replies::{self, Replies, ReplyRow};
use crate::tui::overlays::slots::SlotForm;
use crate::tui::update::keys::delete;
use crate::tui::update::moves::{ReplyStep, Step, moved};
use crate::tui::update::{actions, opening};

/// Copies a reply; one with blanks is filled on a form first.
pub fn standard(
    app: &mut App,
    what: CopyWhat,
    title: &str,
    text: &str,
    slots: &[SlotRow],
) -> Vec<Effect> {
    // The desk alone knows the blanks of the original.
    if slots.is_empty() || what.compose.original {
        return vec![Effect::Copy(what)];
    }
    let (title, slots) = (title.to_owned(), slots.to_vec());
    let form = SlotForm::new(what.compose, title, text, slots, &app.memory);
    app.overlays.push(Overlay::Slots(form));
    vec![]
}

/// How a reply is copied by Enter or a digit, and by the key for the original.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    Fitted,
    Written,
}

impl As {
    fn copy(self, of: DraftOf) -> CopyWhat {
        match self {
            Self::Fitted => CopyWhat::of(of),
            Self::Written => CopyWhat::of(of).original(),
        }
    }
}

/// The replies of a ticket: Enter copies the one under the cursor.
pub(super) fn in_replies(app: &mut App, mut list: Replies, step: Step) -> Then {
    let rows = replies::rows(app, &list).unwrap_or_default();
    let row = rows.get(list.selected);
    match (step, row) {
        (Step::Move(way), _) => list.selected = moved(list.selected, way, rows.len(), 10),
        (Step::Confirm, Some(row)) => return Then::close(pick(app, &list, row, As::Fitted)),
        (Step::Reply(ReplyStep::Original), Some(row)) => {
            return Then::close(pick(app, &list, row, As::Written));
        }
        (Step::Reply(step), Some(ReplyRow::Standard(offer))) => {
            let reply = offer.reply.map(|id| id.to_string()).unwrap_or_default();
            let effects = replying::on_row(app, step, reply, offer.favourite);
            return Then::stay_and(Overlay::Replies(list), effects);
        }
        (Step::Reply(ReplyStep::Promote), Some(ReplyRow::Turn { turn, .. })) => {
            let effects = replying::promote(app, list.id.to_string(), *turn);
            return Then::stay_and(Overlay::Replies(list), effects);
        }
        (Step::Reply(ReplyStep::Favourite | ReplyStep::Menu), Some(ReplyRow::Turn { .. })) => {
            replying::promote_first(app);
        }
        _ => {}
    }
    Then::stay(Overlay::Replies(list))
}

/// Copies a reply of a ticket.
pub(super) fn pick(app: &mut App, list: &Replies, row: &ReplyRow, how: As) -> Vec<Effect> {
    match row {
        ReplyRow::Turn { turn, .. } => {
            let of = DraftOf::Turn {
                id: list.id.to_string(),
                turn: Some(*turn),
            };
            vec![Effect::Copy(how.copy(of))]
        }
        ReplyRow::Standard(offer) => {
            let of = DraftOf::Offer {
                id: list.id.to_string(),
                number: offer.number,
            };
            let what = how.copy(of);
            standard(app, what, &offer.title, &offer.text, &offer.slots)
        }
    }
}

/// Favourites and last copies: Enter copies the one under the cursor.
pub(super) fn in_at_hand(app: &mut App, mut list: AtHandList, step: Step) -> Then {
    let rows = list.rows.as_deref().unwrap_or_default();
    match (step, rows.get(list.selected)) {
        (Step::Move(way), _) => list.selected = moved(list.selected, way, rows.len(), 10),
        (Step::Confirm, Some(_)) => {
            let effects = at_hand_by(app, &list, list.selected, As::Fitted);
            return Then::close(effects);
        }
        (Step::Reply(ReplyStep::Original), Some(_)) => {
            let effects = at_hand_by(app, &list, list.selected, As::Written);
            return Then::close(effects);
        }
        (Step::Reply(ReplyStep::Promote), Some(row)) if row.ticket.is_some() => {
            let id = row.ticket.map(|id| id.to_string()).unwrap_or_default();
            let turn = row.turn.and_then(|turn| usize::try_from(turn).ok());
            let effects = replying::promote(app, id, turn.unwrap_or(1));
            return Then::stay_and(Overlay::AtHand(list), effects);
        }
        (Step::Reply(ReplyStep::Favourite | ReplyStep::Menu), Some(row))
            if row.ticket.is_some() =>
        {
            replying::promote_first(app);
        }
        (Step::Reply(step), Some(row)) => {
            let effects = replying::on_row(app, step, row.id.to_string(), row.favourite);
            return Then::stay_and(Overlay::AtHand(list), effects);
        }
        _ => {}
    }
    Then::stay(Overlay::AtHand(list))
}

/// Copies a favourite, or what was copied before.
pub(super) fn at_hand_by(app: &mut App, list: &AtHandList, at: usize, how: As) -> Vec<Effect> {
    let Some(row) = list.rows.as_ref().and_then(|rows| rows.get(at)) else {
        return vec![];
    };
    let what = how.copy(at_hand::source(row, list.ticket.clone()));
    standard(app, what, &row.title, &row.text, &row.slots)
}

/// What is likely about a message: Enter copies, opens or lists what is under the cursor, Tab
/// goes to the next part.
pub(super) fn in_advice(app: &mut App, mut advice: Advice, step: Step) -> Then {
    let count = advice.count();
    match step {
        Step::Move(way) => advice.selected = moved(advice.selected, way, count, 10),
        Step::Next => advice.next_part(1),
        Step::Previous => advice.next_part(-1),
        Step::Confirm => {
            let at = advice.selected;
            if at < count {
                return taken(app, advice, at, As::Fitted);
            }
        }
        Step::Reply(ReplyStep::Original) => {
            let at = advice.selected;
            if matches!(advice.part(at), Some(Part::Reply(_))) {
                return taken(app, advice, at, As::Written);
            }
        }
        Step::Reply(step) => {
            if let Some(Part::Reply(reply)) = advice.part(advice.selected) {
                let effects = replying::on_row(app, step, reply.id.to_string(), false);
                return Then::stay_and(Overlay::Advice(advice), effects);
            }
        }
        Step::Toggle => {
            actions::similar_to_text(app, &advice.text);
            return Then::close(vec![]);
        }
        Step::Cancel | Step::Create | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Advice(advice))
}

/// Copies a reply, shows a ticket or passage, or lists the tickets of a category or cause.
fn taken(app: &mut App, advice: Advice, at: usize, how: As) -> Then {
    let query = match advice.part(at) {
        None => return Then::stay(Overlay::Advice(advice)),
        Some(Part::Reply(_)) => return Then::close(advised(app, &advice, at, how)),
        Some(Part::Category(likely)) if likely.issue_type.is_empty() => {
            format!("类:\"{}\" ", likely.product)
        }
        Some(Part::Category(likely)) => {
            format!("类:\"{}｜{}\" ", likely.product, likely.issue_type)
        }
        Some(Part::Cause(cause)) => format!("因:\"{}\" ", cause.cause),
        Some(Part::Ticket(ticket)) => {
            let effects = opening::reading(app, ticket.id.to_string());
            return Then::stay_and(Overlay::Advice(advice), effects);
        }
        Some(Part::Passage(passage)) => {
            let effects = opening::reading(app, passage.id.clone());
            return Then::stay_and(Overlay::Advice(advice), effects);
        }
    };
    actions::show_query(app, query);
    Then::close(vec![])
}

/// Copies a reply advised for a message, by its place among all parts.
pub(super) fn advised(app: &mut App, advice: &Advice, at: usize, how: As) -> Vec<Effect> {
    let Some(Part::Reply(reply)) = advice.part(at) else {
        return vec![];
    };
    let of = DraftOf::Standard {
        reply: reply.id.to_string(),
        ticket: None,
    };
    standard(app, how.copy(of), &reply.title, &reply.text, &reply.slots)
}

/// Standard replies by code or word: Enter copies the one under the cursor.
pub(super) fn in_code(app: &mut App, mut form: CodeForm, step: Step) -> Then {
    let row = form.rows().get(form.selected).map(|row| (*row).clone());
    form.confirmed = step == Step::Confirm && form.replies.is_none();
    match (step, row) {
        (Step::Move(way), _) => {
            form.selected = moved(form.selected, way, form.rows().len(), 12);
        }
        (Step::Delete(what), _) if delete(&mut form.input, what) => form.selected = 0,
        (Step::Confirm, Some(row)) => {
            let picked = row.id.to_string();
            if let Some(into) = form.merge_into {
                let (reply, others) = (into.to_string(), vec![picked]);
                let order = replying::edit(app, ReplyEdit::Merge { reply, others });
                return Then::send(Overlay::Code(form), order);
            }
            let of = DraftOf::Standard {
                reply: picked,
                ticket: form.ticket,
            };
            let what = CopyWhat::of(of);
            if row.merged_into.is_some() {
                // The blanks are those of the one that stands for it.
                return Then::close(vec![Effect::Copy(what)]);
            }
            return Then::close(standard(app, what, &row.title, &row.text, &row.slots));
        }
        (Step::Reply(step), Some(row)) => {
            let effects = replying::on_row(app, step, row.id.to_string(), row.favourite);
            return Then::stay_and(Overlay::Code(form), effects);
        }
        (Step::Toggle, _) => {
            form.all = !form.all;
            form.generation = app.next_generation();
            let request = Request::Replies(form.query());
            let effect = actions::ask(form.generation, Topic::StandardReplies, request);
            return Then::stay_and(Overlay::Code(form), vec![effect]);
        }
        (Step::Create, _) => {
            let name = form.input.value().trim().to_owned();
            return Then::close(opening::new_reply(app, name));
        }
        _ => {}
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
    vec![actions::ask(
        generation,
        Topic::Advice,
        Request::Answer { text },
    )]
}
