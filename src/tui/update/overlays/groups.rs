//! Look-alikes annotated at once.

use tui_input::Input;

use super::Then;
use crate::desk::Request;
use crate::desk::api::Annotate;
use crate::tui::app::{App, Weight};
use crate::tui::msg::Deed;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::annotate::Purpose;
use crate::tui::overlays::group::GroupForm;
use crate::tui::update::actions::{self, Subject};
use crate::tui::update::moves::{Step, Way, moved};
use crate::tui::update::{opening, queues};
use crate::words::{Word, word};

/// The look-alikes: Space leaves one out, Tab chooses another cause, Enter annotates the rest.
pub(super) fn in_group(app: &mut App, mut form: GroupForm, step: Step) -> Then {
    let count = form.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => form.selected = moved(form.selected, way, count, 16),
        Step::Toggle => {
            form.toggle();
            form.selected = moved(form.selected, Way::Rows(1), count, 16);
        }
        Step::Next | Step::Previous | Step::Create => {
            let subject = Subject {
                targets: form.targets(),
                name: form.title.clone(),
                current: Vec::new(),
            };
            let effects = opening::causes_form(app, Purpose::Group, subject);
            if let Some(Overlay::Annotate(causes)) = app.overlays.last_mut() {
                causes.note = Input::new(form.note.clone());
            }
            return Then::stay_and(Overlay::Group(form), effects);
        }
        Step::Confirm => {
            let targets = form.targets();
            if targets.is_empty() {
                return Then::close(vec![]);
            }
            let Some(causes) = form.causes.clone() else {
                let words = word(app.look.lang, Word::GroupNoCause).to_owned();
                app.notices.say(Weight::Warn, words);
                return Then::stay(Overlay::Group(form));
            };
            let request = Request::Annotate(Annotate {
                targets,
                causes,
                note: form.note.clone(),
            });
            queues::go_on(app);
            let order = actions::numbered(app, Deed::Annotate, request);
            return Then::send(Overlay::Group(form), order);
        }
        Step::Cancel | Step::Delete(_) | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Group(form))
}
