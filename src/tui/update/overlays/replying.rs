//! What is done with standard replies beside copying them: favourites, promotion, changes.

use crate::desk::Request;
use crate::desk::api::{Compose, DraftOf, ReplyEdit, ReplyRow};
use crate::tui::app::{App, Weight};
use crate::tui::msg::{CopyWhat, Deed, Effect, Topic};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::menu::ReplyItem;
use crate::tui::overlays::outdate::OutdateForm;
use crate::tui::overlays::reply_form::ReplyForm;
use crate::tui::update::actions::{self, Order};
use crate::tui::update::moves::ReplyStep;
use crate::tui::update::opening;
use crate::words::{Word, word};

/// Does something with the standard reply under the cursor of a list.
pub(super) fn on_row(
    app: &mut App,
    step: ReplyStep,
    reply: String,
    favourite: bool,
) -> Vec<Effect> {
    match step {
        ReplyStep::Favourite => star(app, reply, !favourite),
        ReplyStep::Menu | ReplyStep::Edit | ReplyStep::Promote => opening::reply_menu(app, reply),
        ReplyStep::Original | ReplyStep::Mask | ReplyStep::MaskAll | ReplyStep::Slot => vec![],
    }
}

fn star(app: &mut App, reply: String, starred: bool) -> Vec<Effect> {
    actions::order(app, Deed::Star, Request::Star { reply, starred })
}

/// Makes a standard reply of what an agent said: the form opens when the text has come.
pub(super) fn promote(app: &mut App, id: String, turn: usize) -> Vec<Effect> {
    let generation = app.next_generation();
    let turn = Some(turn);
    let request = Request::Compose(Compose {
        of: DraftOf::Turn { id, turn },
        values: Default::default(),
        original: false,
    });
    vec![actions::ask(generation, Topic::Promotion, request)]
}

/// Says that what was said in one ticket must be made a standard reply first.
pub(super) fn promote_first(app: &mut App) {
    let words = word(app.look.lang, Word::PromoteFirst).to_owned();
    app.notices.say(Weight::Plain, words);
}

/// Does what was picked from the menu of a reply.
pub(super) fn picked(app: &mut App, item: ReplyItem, row: &ReplyRow) -> Vec<Effect> {
    let reply = row.id.to_string();
    match item {
        ReplyItem::Copy | ReplyItem::Original => {
            let ticket = app.list.current_ticket();
            let ticket = ticket.map(|ticket| ticket.id.to_string());
            let mut what = CopyWhat::of(DraftOf::Standard { reply, ticket });
            if item == ReplyItem::Original {
                what = what.original();
            }
            app.overlays.clear();
            super::standard(app, what, &row.title, &row.text, &row.slots)
        }
        ReplyItem::Star | ReplyItem::Unstar => star(app, reply, item == ReplyItem::Star),
        ReplyItem::Edit => form(app, ReplyForm::change(row, &app.look)),
        ReplyItem::Follow => {
            let mined = row.mined_text.as_deref().unwrap_or(&row.text);
            form(app, ReplyForm::follow(row, mined, &app.look))
        }
        ReplyItem::Keep => {
            let take = false;
            vec![edit(app, ReplyEdit::Settle { reply, take }).effect]
        }
        ReplyItem::Merge => opening::merge_reply(app, row.id),
        ReplyItem::Part => match row.merged.last() {
            Some(last) => {
                let reply = last.to_string();
                vec![edit(app, ReplyEdit::Part { reply }).effect]
            }
            None => vec![],
        },
        ReplyItem::Outdate => {
            app.overlays
                .push(Overlay::Outdate(OutdateForm::of_reply(row)));
            vec![]
        }
        ReplyItem::Retire | ReplyItem::Revive => {
            let retired = item == ReplyItem::Retire;
            vec![edit(app, ReplyEdit::Retire { reply, retired }).effect]
        }
        ReplyItem::History => opening::log(app, Some(reply), Word::ReplyHistory),
        ReplyItem::Tickets => {
            let ids: Vec<String> = row.evidence.iter().map(|id| format!("id:{id}")).collect();
            actions::show_query(app, ids.join(" OR "));
            vec![]
        }
    }
}

fn form(app: &mut App, form: ReplyForm) -> Vec<Effect> {
    app.overlays.push(Overlay::ReplyForm(Box::new(form)));
    vec![]
}

/// A change of a standard reply.
pub(super) fn edit(app: &mut App, edit: ReplyEdit) -> Order {
    actions::numbered(app, Deed::Reply, Request::EditReply(edit))
}
