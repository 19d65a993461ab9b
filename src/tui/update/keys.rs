//! A key: part of a sequence, an action, or a character of a field.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui_textarea::TextArea;
use tui_input::{Input, InputRequest};

use super::moves::Step;
use super::{actions, overlays};
use crate::keymap::{Action, Lookup, Sequence};
use crate::tui::app::{App, Focus, Weight};
use crate::tui::field;
use crate::tui::keys::chord;
use crate::tui::msg::Effect;
use crate::tui::overlays::Overlay;
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
    } else if matches!(app.overlays.last(), Some(Overlay::Editor(_))) {
        overlays::editing(app, Some(action), event)
    } else if matches!(app.overlays.last(), Some(Overlay::ReplyForm(_))) {
        overlays::writing(app, Some(action), event)
    } else if !app.overlays.is_empty() {
        overlays::act(app, action)
    } else if app.focus == Focus::Query {
        in_query(app, action)
    } else {
        actions::act(app, action)
    }
}

fn unbound(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let keys = std::mem::take(&mut app.pending);
    if matches!(app.overlays.last(), Some(Overlay::Editor(_))) {
        return overlays::editing(app, None, event);
    }
    if matches!(app.overlays.last(), Some(Overlay::ReplyForm(_))) {
        return overlays::writing(app, None, event);
    }
    if !app.overlays.is_empty() {
        return overlays::unbound(app, event);
    }
    if app.focus == Focus::Query {
        if field::edit(&mut app.query.input, event) {
            actions::query_changed(app);
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
            if delete(&mut app.query.input, what) {
                actions::query_changed(app);
            }
        }
        Some(Step::Move(way)) => super::moves::in_list(app, way),
        Some(Step::Toggle | Step::Create | Step::Reply(_)) | None => {}
    }
    vec![]
}

/// What an editing key deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// The word before the cursor.
    Word,
    /// Everything before the cursor.
    ToStart,
}

/// A key in a text of several lines: deleting is as in a field, whatever the editor binds itself.
/// Says whether the text changed.
pub fn in_text(text: &mut TextArea<'static>, action: Option<Action>, event: KeyEvent) -> bool {
    match action.and_then(Step::of) {
        Some(Step::Delete(Deleted::ToStart)) => text.delete_line_by_head(),
        Some(Step::Delete(Deleted::Word)) => text.delete_word(),
        _ => text.input(event),
    }
}

/// Deletes from a field; says whether its text changed.
pub fn delete(input: &mut Input, what: Deleted) -> bool {
    let before = input.value().to_owned();
    match what {
        Deleted::Word => {
            input.handle(InputRequest::DeletePrevWord);
        }
        Deleted::ToStart => {
            let rest: String = before.chars().skip(input.cursor()).collect();
            *input = Input::new(rest).with_cursor(0);
        }
    }
    before != input.value()
}
