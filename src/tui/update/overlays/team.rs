//! What a team shares: datasets, the vocabulary, settings.

use crossterm::event::KeyEvent;
use tui_input::Input;

use super::{Then, ask_first, views};
use crate::desk::Request;
use crate::desk::api::{CauseRow, DatasetRow, VocabularyEdit};
use crate::keymap::Action;
use crate::model::{CauseStatus, Setting};
use crate::tui::app::{App, Weight};
use crate::tui::line::clean;
use crate::tui::msg::{Deed, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::cause_edit::{CauseEdit, Change};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::editor::Editor;
use crate::tui::overlays::menu::{Item, Menu};
use crate::tui::overlays::settings::SettingList;
use crate::tui::overlays::vocabulary::{VocabularyList, VocabularyRow, full_name};
use crate::tui::update::actions;
use crate::tui::update::keys::{delete, in_text};
use crate::tui::update::moves::{Step, moved};
use crate::words::{self, Count, Msg, Word, word};

/// The vocabulary: Enter shows what can be done with a cause, or adds what is typed.
pub(super) fn in_vocabulary(app: &mut App, mut list: VocabularyList, step: Step) -> Then {
    let rows = list.rows();
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, rows.len(), 20),
        Step::Delete(what) => {
            if delete(&mut list.input, what) {
                list.selected = 0;
            }
        }
        Step::Confirm => match rows.into_iter().nth(list.selected) {
            Some(VocabularyRow::Known(cause)) => app.overlays.push(cause_menu(cause)),
            Some(VocabularyRow::New { group, name }) => return create(app, list, group, name),
            None => {}
        },
        Step::Create => {
            if let Some(VocabularyRow::New { group, name }) = rows.into_iter().last() {
                return create(app, list, group, name);
            }
        }
        Step::Cancel | Step::Toggle | Step::Next | Step::Previous | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Vocabulary(list))
}

/// Makes a cause of what is typed; the list stays for the next.
fn create(app: &mut App, list: VocabularyList, group: String, name: String) -> Then {
    let edit = VocabularyEdit::Create { name, group };
    let order = actions::numbered(app, Deed::Vocabulary, Request::EditVocabulary(edit));
    let rest = VocabularyList {
        causes: list.causes.clone(),
        input: Input::default(),
        selected: 0,
        ..list
    };
    Then {
        overlay: Some(Overlay::Vocabulary(rest)),
        ..Then::send(Overlay::Vocabulary(list), order)
    }
}

fn cause_menu(cause: CauseRow) -> Overlay {
    let mut items = vec![Item::OnlyCause(cause.clone())];
    match cause.cause.status {
        CauseStatus::Active => items.extend([
            Item::RenameCause(cause.clone()),
            Item::MergeCause(cause.clone()),
            Item::GroupCause(cause.clone()),
            Item::RetireCause(cause.clone()),
        ]),
        CauseStatus::Retired => items.push(Item::ReviveCause(cause.clone())),
        // Undoing the merge is the way back.
        CauseStatus::Merged(_) => {}
    }
    Overlay::Menu(Menu {
        title: full_name(&cause),
        items,
        selected: 0,
    })
}

/// The menu: Enter does what is under the cursor.
pub(super) fn in_menu(app: &mut App, mut menu: Menu, step: Step) -> Then {
    match step {
        Step::Move(way) => menu.selected = moved(menu.selected, way, menu.items.len(), 8),
        Step::Confirm => {
            if let Some(item) = menu.items.into_iter().nth(menu.selected) {
                return Then::close(picked(app, item));
            }
            return Then::close(vec![]);
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_)
        | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Menu(menu))
}

/// Does what was picked from a menu.
pub fn picked(app: &mut App, item: Item) -> Vec<Effect> {
    let edit = match item {
        Item::Reply(item, row) => return super::replying::picked(app, item, &row),
        Item::OnlyDataset(row) => {
            only_dataset(app, &row);
            return vec![];
        }
        Item::RemoveDataset(row) => {
            ask_removal(app, row);
            return vec![];
        }
        Item::OnlyCause(row) => {
            only_cause(app, &row);
            return vec![];
        }
        Item::RenameCause(row) => return edit_cause(app, Change::Name, row),
        Item::MergeCause(row) => return edit_cause(app, Change::Into, row),
        Item::GroupCause(row) => return edit_cause(app, Change::Group, row),
        Item::RetireCause(row) => VocabularyEdit::Retire {
            cause: row.cause.id.to_string(),
        },
        Item::View(row, deed) => return views::picked(app, &row, deed),
        Item::ReviveCause(row) => VocabularyEdit::Revive {
            cause: row.cause.id.to_string(),
        },
    };
    actions::order(app, Deed::Vocabulary, Request::EditVocabulary(edit))
}

fn only_dataset(app: &mut App, row: &DatasetRow) {
    app.overlays.clear();
    app.filter.dataset = Some(row.name.clone());
    actions::filter_changed(app);
    let by = clean(&row.name);
    let words = words::text(app.look.lang, &Msg::Filtered { by: &by });
    app.notices.say(Weight::Plain, words);
}

/// Asks before a dataset goes, with how many tickets go with it.
fn ask_removal(app: &mut App, row: DatasetRow) {
    let name = clean(&row.name);
    let n = Count(row.only_here);
    let question = words::text(app.look.lang, &Msg::RemoveDataset { name: &name, n });
    let request = Request::RemoveDataset { name: row.name };
    let order = actions::numbered(app, Deed::RemoveDataset, request);
    app.overlays.push(Overlay::Confirm(Confirm {
        question,
        then: order.effect,
        form: None,
    }));
}

/// Lists the tickets with a cause.
fn only_cause(app: &mut App, row: &CauseRow) {
    actions::show_query(app, format!("因:\"{}\" ", row.cause.name));
}

fn edit_cause(app: &mut App, what: Change, row: CauseRow) -> Vec<Effect> {
    let causes = app.overlays.iter().rev().find_map(|overlay| {
        if let Overlay::Vocabulary(list) = overlay {
            list.causes.clone()
        } else {
            None
        }
    });
    let form = CauseEdit::new(what, row, causes.unwrap_or_default());
    app.overlays.push(Overlay::CauseEdit(form));
    vec![]
}

/// The change of one cause. A merge is asked about: every ticket follows.
pub(super) fn in_cause_edit(app: &mut App, mut form: CauseEdit, step: Step) -> Then {
    match step {
        Step::Move(way) => form.selected = moved(form.selected, way, form.rows().len(), 12),
        Step::Delete(what) => {
            if delete(&mut form.input, what) {
                form.selected = 0;
            }
        }
        Step::Confirm | Step::Create => {
            let Some((edit, shown)) = form.result() else {
                return Then::stay(Overlay::CauseEdit(form));
            };
            let order = actions::numbered(app, Deed::Vocabulary, Request::EditVocabulary(edit));
            if form.what != Change::Into {
                return Then::send(Overlay::CauseEdit(form), order);
            }
            let n = Count(form.cause.given + form.cause.confirmed);
            let (name, into) = (full_name(&form.cause), shown);
            let message = Msg::MergeCauses {
                name: &name,
                into: &into,
                n,
            };
            let question = words::text(app.look.lang, &message);
            return ask_first(app, question, Overlay::CauseEdit(form), order);
        }
        Step::Next => {
            if let Some((_, shown)) = form.rows().into_iter().nth(form.selected) {
                form.input = Input::new(shown);
                form.selected = 0;
            }
        }
        Step::Cancel | Step::Toggle | Step::Previous | Step::Reply(_) => {}
    }
    Then::stay(Overlay::CauseEdit(form))
}

/// The settings: Enter edits one.
pub(super) fn in_settings(app: &mut App, mut list: SettingList, step: Step) -> Then {
    let count = list.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 8),
        Step::Confirm => {
            let row = list.rows.as_ref().and_then(|rows| rows.get(list.selected));
            if let Some((setting, row)) =
                row.and_then(|row| Some((Setting::parse(&row.name)?, row)))
            {
                let editor = Editor::new(setting, row, &app.look);
                app.overlays.push(Overlay::Editor(Box::new(editor)));
            }
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_)
        | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Settings(list))
}

/// A key of the editor: everything but saving and leaving is the text's.
pub fn editing(app: &mut App, action: Option<Action>, event: KeyEvent) -> Vec<Effect> {
    let lang = app.look.lang;
    let Some(Overlay::Editor(mut editor)) = app.overlays.pop() else {
        return vec![];
    };
    if action == Some(Action::Save) {
        if !editor.is_changed() {
            let words = word(lang, Word::Unchanged).to_owned();
            app.notices.say(Weight::Plain, words);
            return vec![];
        }
        if let Some(value) = editor.checked() {
            let request = Request::SetSetting {
                setting: editor.setting,
                value: Some(value),
                base_rev: Some(editor.base_rev),
            };
            let order = actions::numbered(app, Deed::Setting, request);
            let place = app.overlays.len();
            return Then::send(Overlay::Editor(editor), order).apply(app, place);
        }
    } else if action == Some(Action::Cancel) {
        if !editor.is_changed() || editor.warned {
            return vec![];
        }
        editor.warned = true;
        let words = word(lang, Word::Unsaved).to_owned();
        app.notices.say(Weight::Warn, words);
    } else {
        if in_text(&mut editor.text, action, event) {
            editor.problem = None;
        }
        editor.warned = false;
    }
    app.overlays.push(Overlay::Editor(editor));
    vec![]
}
