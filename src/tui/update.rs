//! Applies what happened to the state, and says what is to be done about it.
//!
//! Nothing here blocks, and nothing touches the terminal, the disk or the clock.

mod actions;
mod answers;
mod keys;
mod layers;
mod listing;
mod mouse;
mod moves;
mod notify;
mod opinions;
mod orders;
mod outcome;
mod queues;
mod sync;

use crossterm::event::KeyEvent;

use super::app::{App, Link};
use super::layout::Focus;
use super::msg::{Effect, Msg};
use super::theme::Glyphs;
use super::{burst, field, say};
use crate::keymap::Context;
use crate::tui::notices::Weight;

/// Applies one message and returns the side effects it asks for.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(key) => keys::key(app, key),
        Msg::Paste(text) => paste(app, &text),
        Msg::Burst(keys) => unbracketed(app, keys),
        Msg::Mouse(mouse) => mouse::mouse(app, mouse),
        Msg::Resize(columns, rows) => {
            app.size = (columns, rows);
            vec![]
        }
        Msg::AmbiguousWide => {
            app.look.glyphs = Glyphs::AMBIGUOUS_WIDE;
            app.repaints += 1;
            vec![]
        }
        Msg::Linked(result) => linked(app, result),
        Msg::Answered(answered) => answers::answered(app, answered),
        Msg::Late(generation) => {
            app.list.late = Some(generation);
            vec![]
        }
        Msg::Pushed(push) => answers::pushed(app, push),
        Msg::Copied(form, copied) => answers::copied(app, form, copied),
        Msg::EditedOutside(edited) => outcome::edited_outside(app, edited),
        Msg::Saved(form, saved) => answers::saved(app, form, saved),
        Msg::Terminate => {
            app.over = true;
            vec![]
        }
        Msg::Suspend => vec![Effect::Suspend],
    };
    effects.extend(sync::sync(app));
    effects
}

fn linked(app: &mut App, result: Result<(), crate::api::DeskError>) -> Vec<Effect> {
    match result {
        Ok(()) => {
            app.link = Link::Up;
            answers::everything_is_stale(app);
            app.tabs.stale = true;
            vec![answers::ask_status(app), answers::ask_company(app)]
        }
        Err(error) => {
            let words = say::error(app.look.lang, &error);
            app.notices.say(Weight::Bad, words);
            app.link = Link::Failed(error);
            vec![]
        }
    }
}

/// Where text is typed, keys are keys however fast they come, until one of them leaves the field:
/// what follows it would act on whatever is behind. Lines of Chinese are a paste there too, and
/// elsewhere all of it is.
fn unbracketed(app: &mut App, keys: Vec<KeyEvent>) -> Vec<Effect> {
    let is_field = |app: &App| app.contexts().contains(&Context::Field);
    let text = burst::text(&keys);
    let has_lines = text.trim_end_matches('\n').contains('\n');
    if !is_field(app) || (has_lines && !text.is_ascii()) {
        return paste(app, &text);
    }
    let mut effects = Vec::new();
    for key in keys {
        if !is_field(app) {
            break;
        }
        effects.extend(keys::key(app, key));
    }
    effects
}

/// A paste goes into the field that is typed in; elsewhere it is a customer's message.
fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    app.pending.clear();
    if !app.overlays.is_empty() {
        return outcome::paste(app, text);
    }
    if app.focus == Focus::Query {
        field::paste(&mut app.query.input, text);
        listing::query_changed(app);
        return vec![];
    }
    actions::advise(app, text)
}

#[cfg(test)]
mod tests;
