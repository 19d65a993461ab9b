//! A key: part of a sequence, an action, or a character of a field.

use crossterm::event::{KeyCode, KeyEvent};

use super::{actions, listing, outcome};
use crate::keymap::{Action, Lookup, Sequence};
use crate::tui::app::App;
use crate::tui::field;
use crate::tui::keys::chord;
use crate::tui::layout::Focus;
use crate::tui::msg::Effect;
use crate::tui::notices::Weight;
use crate::tui::step::Step;
use crate::words::{self, Msg};

/// Applies one key.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    app.notices.current = None;
    let Some(chord) = chord(event) else {
        return vec![];
    };
    if !app.pending.is_empty() && event.code == KeyCode::Esc {
        app.pending.clear();
        return vec![];
    }
    app.pending.push(chord);
    match app.keymap.lookup(&app.contexts(), &app.pending) {
        Lookup::Pending(_) => vec![],
        Lookup::Action(action) => {
            app.pending.clear();
            act(app, action, event)
        }
        Lookup::Unbound => unbound(app, event),
    }
}

/// Does what an action means where the keys are now.
fn act(app: &mut App, action: Action, event: KeyEvent) -> Vec<Effect> {
    if action == Action::Redraw || action == Action::Suspend {
        actions::act(app, action)
    } else if !app.overlays.is_empty() {
        outcome::key(app, Some(action), event)
    } else if app.focus == Focus::Query {
        in_query(app, action)
    } else {
        actions::act(app, action)
    }
}

fn unbound(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let keys = std::mem::take(&mut app.pending);
    if !app.overlays.is_empty() {
        return outcome::key(app, None, event);
    }
    if app.focus == Focus::Query {
        if field::edit(&mut app.query.input, event) {
            listing::query_changed(app);
        }
        return vec![];
    }
    let keys = Sequence(keys).to_string();
    let words = words::text(app.look.lang, &Msg::Unbound { keys: &keys });
    app.notices.say(Weight::Plain, words);
    vec![]
}

/// The query line: editing keys edit, moves move the list below.
fn in_query(app: &mut App, action: Action) -> Vec<Effect> {
    match Step::of(action) {
        Some(Step::Confirm | Step::Cancel | Step::Next) => app.focus = Focus::List,
        Some(Step::Previous) => app.focus = Focus::Tree,
        Some(Step::Delete(what)) => {
            if field::delete(&mut app.query.input, what) {
                listing::query_changed(app);
            }
        }
        Some(Step::Move(way)) => super::moves::in_list(app, way),
        Some(Step::Toggle | Step::Create | Step::Reply(_)) | None => {}
    }
    vec![]
}
