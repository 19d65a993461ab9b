//! Forms: root causes, categories, exports.

use tui_input::Input;

use super::Then;
use crate::config::Existing;
use crate::desk::Request;
use crate::desk::api::{Annotate, Ballot, CastVote, CauseChoice, Recategorise};
use crate::tui::app::{App, Weight};
use crate::tui::line::clean;
use crate::tui::msg::{Ask, Deed, Effect, SaveFile, Topic};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::annotate::{AnnotateForm, Choice, Field, Purpose};
use crate::tui::overlays::category::{self, CategoryForm, CategoryRow};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::export::ExportForm;
use crate::tui::say;
use crate::tui::update::actions;
use crate::tui::update::keys::delete;
use crate::tui::update::moves::{Step, Way, moved};
use crate::words::{self, Count, Lang, Msg, Word, word};

/// From how many tickets on an act is asked about before it is done.
const MANY: usize = 10;

pub(super) fn annotate(app: &mut App, mut form: AnnotateForm, step: Step) -> Then {
    let rows = form.rows();
    match step {
        Step::Move(way) => form.selected = moved(form.selected, way, rows.len(), 16),
        Step::Next | Step::Previous => {
            form.field = match form.field {
                Field::Causes => Field::Note,
                Field::Note => Field::Causes,
            };
        }
        Step::Toggle => {
            if let Some(row) = rows.get(form.selected) {
                form.toggle(row);
            }
        }
        Step::Create => {
            let new = rows.iter().find(|row| matches!(row, Choice::New(_)));
            if let Some(row) = new.filter(|row| !form.has(row)) {
                form.toggle(row);
            }
        }
        Step::Delete(what) => {
            let input = match form.field {
                Field::Causes => &mut form.input,
                Field::Note => &mut form.note,
            };
            if delete(input, what) {
                form.selected = 0;
            }
        }
        Step::Confirm => return save_causes(app, form),
        Step::Cancel => return Then::close(vec![]),
        Step::Reply(_) => {}
    }
    Then::stay(Overlay::Annotate(form))
}

fn save_causes(app: &mut App, form: AnnotateForm) -> Then {
    let Some(causes) = form.result().filter(|_| form.vocabulary.is_some()) else {
        let words = word(app.look.lang, Word::NewCauseHint);
        app.notices.say(Weight::Plain, words.to_owned());
        return Then::stay(Overlay::Annotate(form));
    };
    let note = form.note.value().trim().to_owned();
    match form.purpose {
        Purpose::Decide => {}
        Purpose::Dissent => {
            let ids = form.targets.into_iter().map(|target| target.id).collect();
            let ballot = Ballot::Differ(causes);
            let request = Request::Vote(CastVote { ids, ballot, note });
            return Then::close(actions::order(app, Deed::Vote, request));
        }
        Purpose::Group => {
            if let Some(Overlay::Group(group)) = app.overlays.last_mut() {
                (group.causes, group.note) = (Some(causes), note);
            }
            return Then::close(vec![]);
        }
    }
    let names = cause_names(app.look.lang, &causes);
    let n = Count(form.targets.len());
    let question = words::text(app.look.lang, &Msg::AnnotatedMany { n, causes: &names });
    let request = Request::Annotate(Annotate {
        targets: form.targets,
        causes,
        note,
    });
    send(app, n.0, question, Deed::Annotate, request)
}

/// Causes by name, or that there are none.
pub fn cause_names(lang: Lang, causes: &[CauseChoice]) -> String {
    let names: Vec<String> = causes
        .iter()
        .map(|cause| match cause {
            CauseChoice::Known(name) | CauseChoice::New(name) => clean(name),
        })
        .collect();
    if names.is_empty() {
        word(lang, Word::NoCause).to_owned()
    } else {
        say::list(lang, &names)
    }
}

/// Sends an order; one about many tickets is asked about first.
pub(super) fn send(
    app: &mut App,
    tickets: usize,
    question: String,
    deed: Deed,
    request: Request,
) -> Then {
    let then = Effect::Ask(Ask {
        topic: Topic::Act(deed),
        generation: app.next_generation(),
        request,
    });
    if tickets < MANY {
        return Then::close(vec![then]);
    }
    app.overlays
        .push(Overlay::Confirm(Confirm { question, then }));
    Then::close(vec![])
}

pub(super) fn in_category(app: &mut App, mut form: CategoryForm, step: Step) -> Then {
    let rows = category::rows(&app.tree.nodes, form.input.value());
    match step {
        Step::Move(way) => form.selected = moved(form.selected, way, rows.len(), 16),
        Step::Confirm | Step::Create => {
            let Some(row) = rows.into_iter().nth(form.selected) else {
                return Then::stay(Overlay::Category(form));
            };
            let category = match row {
                CategoryRow::Known(category, _) | CategoryRow::New(category) => Some(category),
                CategoryRow::Given => None,
            };
            let lang = app.look.lang;
            let name = category.as_ref().map_or_else(
                || word(lang, Word::CategoryGiven).to_owned(),
                ToString::to_string,
            );
            let n = Count(form.targets.len());
            let question = words::text(lang, &Msg::RecategorisedMany { n, category: &name });
            let request = Request::Recategorise(Recategorise {
                targets: form.targets,
                category,
                note: String::new(),
            });
            return send(app, n.0, question, Deed::Recategorise, request);
        }
        Step::Delete(what) => {
            if delete(&mut form.input, what) {
                form.selected = 0;
            }
        }
        Step::Next => {
            if let Some(CategoryRow::Known(category, _)) = rows.get(form.selected) {
                form.input = Input::new(category.to_string());
                form.selected = 0;
            }
        }
        Step::Toggle | Step::Previous | Step::Cancel | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Category(form))
}

/// The export form: Tab takes the next form of file, Enter writes it.
pub(super) fn in_export(app: &mut App, mut form: ExportForm, step: Step) -> Then {
    match step {
        Step::Previous | Step::Move(Way::Rows(-1)) => form.turn_back(),
        Step::Next | Step::Toggle | Step::Move(_) => form.turn(1),
        Step::Delete(what) => {
            delete(&mut form.path, what);
        }
        Step::Confirm => {
            let path = form.path.value().trim().to_owned();
            if path.is_empty() {
                return Then::stay(Overlay::Export(form));
            }
            let words = words::text(app.look.lang, &Msg::Exporting { path: &path });
            app.notices.say(Weight::Plain, words);
            return Then::close(vec![Effect::Save(SaveFile {
                request: Request::Export {
                    format: form.format,
                    query: form.query,
                },
                path,
                existing: Existing::Keep,
            })]);
        }
        Step::Create | Step::Cancel | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Export(form))
}
