//! What is said to the user in the status line.

use crate::api::DeskError;
use crate::keymap::Action;
use crate::tui::app::App;
use crate::tui::notices::Weight;
use crate::tui::panes::status::action_words;
use crate::tui::say;
use crate::words::{self, Msg, Word, word};

/// Says something to know.
pub fn say(app: &mut App, what: Word) {
    let words = word(app.look.lang, what).to_owned();
    app.notices.say(Weight::Plain, words);
}

/// Says that there is nothing for an action here.
pub fn not_here(app: &mut App, action: Action) {
    let action = action_words(&app.look, action);
    let words = words::text(app.look.lang, &Msg::NotHere { action });
    app.notices.say(Weight::Plain, words);
}

/// Says what failed.
pub fn failed(app: &mut App, error: &DeskError) {
    let words = say::error(app.look.lang, error);
    app.notices.say(Weight::Bad, words);
}

/// Says that the desk gave an answer of another kind than was asked for.
pub fn unexpected(app: &mut App) {
    failed(app, &DeskError::bug(""));
}
