//! Forms: root causes, categories, exports.

use tui_input::Input;

use super::{Then, ask_first};
use crate::config::Existing;
use crate::desk::Request;
use crate::desk::api::{Annotate, Ballot, CastVote, CauseChoice, Recategorise};
use crate::tui::app::{App, Weight};
use crate::tui::line::clean;
use crate::tui::msg::{Deed, Effect, SaveFile};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::annotate::{AnnotateForm, Choice, Field, Purpose};
use crate::tui::overlays::category::{self, CategoryForm, CategoryRow};
use crate::tui::overlays::export::ExportForm;
use crate::tui::say;
use crate::tui::update::actions::{self, Order};
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
        Purpose::Decide => decide(app, form, causes, note),
        Purpose::Dissent => {
            let ids = form.targets.iter().map(|target| target.id.clone());
            let vote = CastVote {
                ids: ids.collect(),
                ballot: Ballot::Differ(causes),
                note,
            };
            let order = actions::numbered(app, Deed::Vote, Request::Vote(vote));
            Then::send(Overlay::Annotate(form), order)
        }
        Purpose::Group => {
            if let Some(Overlay::Group(group)) = app.overlays.last_mut() {
                (group.causes, group.note) = (Some(causes), note);
            }
            Then::close(vec![])
        }
    }
}

fn decide(app: &mut App, form: AnnotateForm, causes: Vec<CauseChoice>, note: String) -> Then {
    let names = cause_names(app.look.lang, &causes);
    let n = Count(form.targets.len());
    let question = words::text(app.look.lang, &Msg::AnnotatedMany { n, causes: &names });
    let request = Request::Annotate(Annotate {
        targets: form.targets.clone(),
        causes,
        note,
    });
    let order = actions::numbered(app, Deed::Annotate, request);
    send(app, n, question, Overlay::Annotate(form), order)
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

/// Sends a form's order; one about many tickets is asked about first.
fn send(app: &mut App, tickets: Count, question: String, form: Overlay, order: Order) -> Then {
    if tickets.0 < MANY {
        Then::send(form, order)
    } else {
        ask_first(app, question, form, order)
    }
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
                targets: form.targets.clone(),
                category,
                note: String::new(),
            });
            let order = actions::numbered(app, Deed::Recategorise, request);
            return send(app, n, question, Overlay::Category(form), order);
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
            let number = app.next_generation();
            let effect = Effect::Save(SaveFile {
                request: Request::Export {
                    format: form.format,
                    query: form.query.clone(),
                },
                path,
                existing: Existing::Keep,
                form: number,
            });
            return Then::send(Overlay::Export(form), Order { number, effect });
        }
        Step::Create | Step::Cancel | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Export(form))
}
