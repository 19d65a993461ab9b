//! Applies what happened to the state, and says what is to be done about it.
//!
//! Nothing here blocks, and nothing touches the terminal, the disk or the clock.

mod actions;
mod answers;
mod keys;
mod mouse;
mod moves;
mod opening;
mod opinions;
mod overlays;
mod queues;
mod sent;
mod sync;

use super::app::{App, Link, Weight};
use super::msg::{Effect, Msg};
use super::overlays::Overlay;
use super::theme::Glyphs;
use super::{field, say};

/// Applies one message and returns the side effects it asks for.
pub fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(key) => keys::key(app, key),
        Msg::Paste(text) => paste(app, &text),
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
        Msg::EditedOutside(edited) => overlays::edited_outside(app, edited),
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

fn linked(app: &mut App, result: Result<(), crate::desk::DeskError>) -> Vec<Effect> {
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

/// A paste goes into the field that is typed in; elsewhere it is a customer's message.
fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    app.pending.clear();
    if let Some(overlay) = app.overlays.last_mut() {
        match overlay {
            Overlay::Paste(_) => {
                app.overlays.pop();
                return overlays::advise(app, text);
            }
            Overlay::Help(_)
            | Overlay::Command(_)
            | Overlay::Annotate(_)
            | Overlay::Vocabulary(_)
            | Overlay::CauseEdit(_)
            | Overlay::Export(_)
            | Overlay::Slots(_)
            | Overlay::Outdate(_)
            | Overlay::Code(_)
            | Overlay::ViewForm(_)
            | Overlay::Category(_) => {
                if let Some(input) = overlays::field_of(overlay) {
                    field::paste(input, text);
                }
                overlays::typed(app);
            }
            Overlay::Editor(editor) => {
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                editor.text.insert_str(super::measure::sanitize(&text));
            }
            Overlay::ReplyForm(form) => {
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                match form.input() {
                    Some(input) => field::paste(input, &text),
                    None => {
                        form.text.insert_str(super::measure::sanitize(&text));
                    }
                }
            }
            // Nothing is typed there: it is a customer's message as well.
            Overlay::Replies(_)
            | Overlay::Group(_)
            | Overlay::AtHand(_)
            | Overlay::Reading(_)
            | Overlay::Menu(_)
            | Overlay::Advice(_)
            | Overlay::Guard(_)
            | Overlay::Settings(_)
            | Overlay::Confirm(_)
            | Overlay::Conflicts(_)
            | Overlay::Datasets(_)
            | Overlay::Views(_)
            | Overlay::Stats(_)
            | Overlay::Pager(_)
            | Overlay::Page(_) => return overlays::advise(app, text),
        }
    } else if app.focus == super::app::Focus::Query {
        field::paste(&mut app.query.input, text);
        actions::query_changed(app);
    } else {
        return overlays::advise(app, text);
    }
    vec![]
}

pub use overlays::cause_names;

#[cfg(test)]
mod tests;
