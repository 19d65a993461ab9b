//! Saved views: opening, saving, naming, ordering.

use tui_input::Input;

use super::Then;
use crate::desk::Request;
use crate::desk::api::{ViewEdit, ViewRow};
use crate::tui::app::{App, Weight};
use crate::tui::msg::{Deed, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::menu::{Item, Menu, ViewDeed};
use crate::tui::overlays::views::{ViewForm, ViewList};
use crate::tui::panes::list::Source;
use crate::tui::panes::tabs::Tab;
use crate::tui::update::keys::delete;
use crate::tui::update::moves::{Step, moved};
use crate::tui::update::{actions, queues};
use crate::words::{Word, word};

/// The list: Enter shows what can be done with a view.
pub(super) fn in_list(app: &mut App, mut list: ViewList, step: Step) -> Then {
    let count = app.tabs.rows.len();
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 10),
        Step::Confirm => {
            if let Some(row) = app.tabs.rows.get(list.selected).cloned() {
                app.overlays.push(Overlay::Menu(Menu {
                    title: row.name.clone(),
                    items: ViewDeed::ALL
                        .map(|deed| Item::View(row.clone(), deed))
                        .into(),
                    selected: 0,
                }));
            }
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Reply(_)
        | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Views(list))
}

/// The form: Tab makes it the team's, Enter saves.
pub(super) fn in_form(app: &mut App, mut form: ViewForm, step: Step) -> Then {
    match step {
        Step::Next | Step::Previous | Step::Toggle if form.renamed.is_none() => {
            form.team = !form.team;
        }
        Step::Delete(what) => {
            delete(&mut form.name, what);
        }
        Step::Confirm => {
            let typed = form.name.value().trim().to_owned();
            if typed.is_empty() {
                return Then::stay(Overlay::ViewForm(form));
            }
            let edit = match form.renamed.clone() {
                Some(name) => ViewEdit::Rename { name, to: typed },
                None => ViewEdit::Save {
                    name: form.names(),
                    query: form.query.clone(),
                    filter: form.filter.clone(),
                },
            };
            let order = actions::numbered(app, Deed::View, Request::EditView(edit));
            return Then::send(Overlay::ViewForm(form), order);
        }
        Step::Move(_)
        | Step::Next
        | Step::Previous
        | Step::Toggle
        | Step::Create
        | Step::Reply(_)
        | Step::Cancel => {}
    }
    Then::stay(Overlay::ViewForm(form))
}

/// What is listed is the view that was saved, unless the agent has gone on since.
pub fn saved(app: &mut App, form: &ViewForm) {
    let name = form.names();
    if form.renamed.is_some() {
        if app.tabs.open == form.renamed {
            app.tabs.open = Some(name);
        }
        return;
    }
    let listed = (app.query.text(), &app.filter) == (form.query.as_str(), &form.filter);
    if !listed || app.list.source != Source::Query {
        return;
    }
    if app.tabs.open.is_none() {
        // What was everything is a view now; everything is everything again.
        app.tabs.before = Default::default();
    }
    app.tabs.open = Some(name);
}

fn order(app: &mut App, edit: ViewEdit) -> Vec<Effect> {
    actions::order(app, Deed::View, Request::EditView(edit))
}

/// Does what was picked from the menu of a view.
pub(super) fn picked(app: &mut App, row: &ViewRow, deed: ViewDeed) -> Vec<Effect> {
    let name = row.called();
    match deed {
        ViewDeed::Open => {
            app.overlays.clear();
            queues::open(app, Tab::Saved(name));
            vec![]
        }
        ViewDeed::Rename => {
            app.overlays.push(Overlay::ViewForm(ViewForm {
                renamed: Some(name),
                query: String::new(),
                filter: row.filter.clone(),
                name: Input::new(row.name.clone()),
                team: row.team,
            }));
            vec![]
        }
        ViewDeed::Forward => moved_by(app, row, -1),
        ViewDeed::Back => moved_by(app, row, 1),
        ViewDeed::Drop => {
            if app.tabs.open.as_ref() == Some(&name) {
                queues::open(app, Tab::All);
            }
            order(app, ViewEdit::Drop { name })
        }
    }
}

/// Moves a view among those of its owner; the cursor of the list goes with it.
fn moved_by(app: &mut App, row: &ViewRow, by: isize) -> Vec<Effect> {
    let shelf: Vec<&ViewRow> = app
        .tabs
        .rows
        .iter()
        .filter(|o| o.team == row.team)
        .collect();
    let Some(at) = shelf.iter().position(|other| other.name == row.name) else {
        return vec![];
    };
    let to = at.saturating_add_signed(by).min(shelf.len() - 1);
    if let (true, Some(Overlay::Views(list))) = (to != at, app.overlays.last_mut()) {
        list.selected = list.selected.saturating_add_signed(by);
    }
    let name = row.called();
    order(app, ViewEdit::Move { name, to })
}

/// Opens the form that saves what is listed.
pub fn save(app: &mut App) {
    if app.list.source != Source::Query {
        let words = word(app.look.lang, Word::NothingToSave).to_owned();
        return app.notices.say(Weight::Plain, words);
    }
    let open = app.tabs.open.clone();
    let team = open.as_ref().is_some_and(|name| name.team);
    let name = open.map(|open| open.name).unwrap_or_default();
    app.overlays.push(Overlay::ViewForm(ViewForm {
        renamed: None,
        query: app.query.text().to_owned(),
        filter: app.filter.clone(),
        name: Input::new(name),
        team,
    }));
}
