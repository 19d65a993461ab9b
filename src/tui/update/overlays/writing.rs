//! A reply being written: which keys are the text's, and what saving does.

use crossterm::event::KeyEvent;

use super::{Then, replying, sending};
use crate::desk::api::{Compose, DraftOf};
use crate::keymap::Action;
use crate::tui::app::{App, Weight};
use crate::tui::field;
use crate::tui::msg::{CopyWhat, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::outdate::OutdateForm;
use crate::tui::overlays::reply_form::{Field, Purpose, ReplyForm};
use crate::tui::update::actions;
use crate::tui::update::keys::{delete, in_text};
use crate::tui::update::moves::{Step, moved};
use crate::words::{Word, word};

/// A key of the form: in the text everything but saving, leaving and going on is the text's.
pub fn key(app: &mut App, action: Option<Action>, event: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::ReplyForm(mut form)) = app.overlays.pop() else {
        return vec![];
    };
    match (action, form.field) {
        (Some(Action::Save), _) => return saved(app, form),
        (Some(Action::Cancel), _) => return left(app, form),
        (Some(Action::EditOutside), _) => return outside(app, form),
        (Some(Action::NextField), _) => turn(&mut form, 1),
        (Some(Action::PrevField), _) => turn(&mut form, -1),
        (_, Field::Text) => {
            in_text(&mut form.text, action, event);
            form.warned = false;
        }
        (Some(Action::Confirm), _) => return saved(app, form),
        (Some(action), Field::Slots) => match Step::of(action) {
            Some(Step::Toggle) => form.toggle(form.slot, &app.look),
            Some(Step::Move(way)) => form.slot = moved(form.slot, way, form.slots.len(), 4),
            _ => {}
        },
        (None, Field::Slots) => {
            if event.code == crossterm::event::KeyCode::Char(' ') {
                form.toggle(form.slot, &app.look);
            }
        }
        (action, Field::Name | Field::Code) => in_line(&mut form, action, event),
    }
    app.overlays.push(Overlay::ReplyForm(form));
    vec![]
}

fn in_line(form: &mut ReplyForm, action: Option<Action>, event: KeyEvent) {
    form.warned = false;
    match action.and_then(Step::of) {
        Some(Step::Delete(what)) => {
            if let Some(input) = form.input() {
                delete(input, what);
            }
        }
        Some(Step::Move(way)) => {
            let down = moved(1, way, 3, 2) > 1;
            turn(form, if down { 1 } else { -1 });
        }
        _ => {
            if let Some(input) = form.input() {
                field::edit(input, event);
            }
        }
    }
}

/// Goes to another field.
fn turn(form: &mut ReplyForm, by: isize) {
    let fields = form.fields();
    let at = fields.iter().position(|field| *field == form.field);
    let count = fields.len().cast_signed();
    let to = (at.unwrap_or(0).cast_signed() + by).rem_euclid(count);
    form.field = fields.get(to.unsigned_abs()).copied().unwrap_or(form.field);
}

/// Saves or copies it.
fn saved(app: &mut App, form: Box<ReplyForm>) -> Vec<Effect> {
    let template = form.template();
    if template.trim().is_empty() {
        say(app, Weight::Warn, Word::NoText);
        app.overlays.push(Overlay::ReplyForm(form));
        return vec![];
    }
    if let Purpose::Once(compose) = &form.purpose {
        let DraftOf::Changed { of, .. } = &compose.of else {
            return vec![];
        };
        let of = DraftOf::Changed {
            text: template,
            of: of.clone(),
        };
        let compose = Compose {
            of,
            ..compose.clone()
        };
        // What was found in the text before is looked for anew.
        if matches!(app.overlays.last(), Some(Overlay::Guard(_))) {
            app.overlays.pop();
        }
        let place = app.overlays.len();
        let form = Overlay::ReplyForm(form);
        return sending::copy(app, form, CopyWhat::from(compose)).apply(app, place);
    }
    match form.edit() {
        Some(edit) if form.is_changed() || matches!(form.purpose, Purpose::New(_)) => {
            let order = replying::edit(app, edit);
            let place = app.overlays.len();
            Then::send(Overlay::ReplyForm(form), order).apply(app, place)
        }
        _ => {
            say(app, Weight::Plain, Word::Unchanged);
            vec![]
        }
    }
}

/// Leaves without saving; what was written is asked about once.
fn left(app: &mut App, mut form: Box<ReplyForm>) -> Vec<Effect> {
    if form.is_changed() && !form.warned {
        form.warned = true;
        say(app, Weight::Warn, Word::Unsaved);
        app.overlays.push(Overlay::ReplyForm(form));
    }
    vec![]
}

fn outside(app: &mut App, form: Box<ReplyForm>) -> Vec<Effect> {
    let text = form.template();
    app.overlays.push(Overlay::ReplyForm(form));
    if app.editor.is_none() {
        say(app, Weight::Plain, Word::NotInRestricted);
        return vec![];
    }
    vec![Effect::EditOutside(text)]
}

/// Takes the text as another program left it.
pub fn edited_outside(app: &mut App, edited: Result<String, String>) -> Vec<Effect> {
    let look = app.look.clone();
    match (app.overlays.last_mut(), edited) {
        (Some(Overlay::ReplyForm(form)), Ok(text)) => {
            form.set_text(crate::tui::measure::sanitize(&text).trim_end(), &look);
        }
        (_, Ok(_)) => {}
        (_, Err(why)) => app.notices.say(Weight::Bad, crate::tui::line::clean(&why)),
    }
    vec![]
}

fn say(app: &mut App, weight: Weight, what: Word) {
    let words = word(app.look.lang, what).to_owned();
    app.notices.say(weight, words);
}

/// The form for what is outdated: Enter saves it.
pub(super) fn in_outdate(app: &mut App, mut form: OutdateForm, step: Step) -> Then {
    match step {
        Step::Next | Step::Previous | Step::Move(_) => form.turn(),
        Step::Delete(what) => {
            delete(form.input(), what);
        }
        Step::Confirm => {
            let (deed, request) = form.order();
            let order = actions::numbered(app, deed, request);
            return Then::send(Overlay::Outdate(form), order);
        }
        Step::Cancel | Step::Toggle | Step::Create | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Outdate(form))
}
