//! Keys inside overlays: the last of the stack has them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use tui_input::Input;

use super::actions;
use super::keys::delete;
use super::moves::{Step, Way, moved};
use crate::desk::Request;
use crate::desk::api::{Annotate, Recategorise};
use crate::keymap::Action;
use crate::tui::app::{App, Weight};
use crate::tui::field;
use crate::tui::msg::{Ask, CopyWhat, Deed, Effect, Topic};
use crate::tui::overlays::annotate::{AnnotateForm, Choice, Field};
use crate::tui::overlays::category::{CategoryForm, CategoryRow};
use crate::tui::overlays::command::{self, Command};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::conflicts::{ConflictList, Verdict};
use crate::tui::overlays::datasets::DatasetList;
use crate::tui::overlays::replies::{self, Replies};
use crate::tui::overlays::{Overlay, category, help, page, pager, stats};
use crate::tui::panes::list::Source;
use crate::tui::say;
use crate::words::{self, Count, Msg, Word, word};

/// From how many tickets on an act is asked about before it is done.
const MANY: usize = 10;
/// Commands kept in the history.
const KEPT: usize = 50;

/// What becomes of an overlay after a key.
struct Then {
    /// The overlay, unless it closes.
    overlay: Option<Overlay>,
    effects: Vec<Effect>,
}

impl Then {
    fn stay(overlay: Overlay) -> Self {
        Self {
            overlay: Some(overlay),
            effects: vec![],
        }
    }

    fn close(effects: Vec<Effect>) -> Self {
        Self {
            overlay: None,
            effects,
        }
    }
}

/// Applies an action to the last overlay.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(step) = Step::of(action) else {
        return vec![];
    };
    let Some(overlay) = app.overlays.pop() else {
        return vec![];
    };
    if step == Step::Cancel {
        return vec![];
    }
    // Overlays that a step opens come to stand above this one.
    let place = app.overlays.len();
    let then = stepped(app, overlay, step);
    if let Some(overlay) = then.overlay {
        app.overlays.insert(place.min(app.overlays.len()), overlay);
    }
    then.effects
}

fn stepped(app: &mut App, overlay: Overlay, step: Step) -> Then {
    match overlay {
        Overlay::Annotate(form) => annotate(app, form, step),
        Overlay::Category(form) => in_category(app, form, step),
        Overlay::Command(line) => in_command(app, line, step),
        Overlay::Replies(list) => in_replies(app, list, step),
        Overlay::Confirm(confirm) => in_confirm(confirm, step),
        Overlay::Conflicts(list) => in_conflicts(app, list, step),
        Overlay::Datasets(list) => in_datasets(app, list, step),
        Overlay::Paste(form) => match step {
            Step::Confirm => {
                actions::similar_to_text(app, form.input.value());
                Then::close(vec![])
            }
            _ => edited(Overlay::Paste(form), step),
        },
        Overlay::Help(help) => scrolled(app, Overlay::Help(help), step),
        Overlay::Stats(view) => scrolled(app, Overlay::Stats(view), step),
        Overlay::Pager(pager) => scrolled(app, Overlay::Pager(pager), step),
        Overlay::Page(page) => scrolled(app, Overlay::Page(page), step),
    }
}

/// The field that is typed in, of an overlay that has one.
pub fn field_of(overlay: &mut Overlay) -> Option<&mut Input> {
    match overlay {
        Overlay::Help(help) => Some(&mut help.input),
        Overlay::Command(line) => Some(&mut line.input),
        Overlay::Annotate(form) => Some(match form.field {
            Field::Causes => &mut form.input,
            Field::Note => &mut form.note,
        }),
        Overlay::Category(form) => Some(&mut form.input),
        Overlay::Paste(form) => Some(&mut form.input),
        Overlay::Replies(_)
        | Overlay::Confirm(_)
        | Overlay::Conflicts(_)
        | Overlay::Datasets(_)
        | Overlay::Stats(_)
        | Overlay::Pager(_)
        | Overlay::Page(_) => None,
    }
}

/// The text of the last overlay's field has changed: its rows are others now.
pub fn typed(app: &mut App) {
    match app.overlays.last_mut() {
        Some(Overlay::Help(help)) => help.top = 0,
        Some(Overlay::Command(line)) => line.selected = None,
        Some(Overlay::Annotate(form)) if form.field == Field::Causes => form.selected = 0,
        Some(Overlay::Category(form)) => form.selected = 0,
        _ => {}
    }
}

/// A key that no binding took: a digit that picks, or a character of a field.
pub fn unbound(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let digit = match event.code {
        KeyCode::Char(c) if event.modifiers == KeyModifiers::NONE => c.to_digit(10),
        _ => None,
    };
    match (app.overlays.last_mut(), digit) {
        (Some(Overlay::Page(_)), _) => {
            app.overlays.pop();
        }
        (Some(Overlay::Replies(list)), Some(digit)) => {
            let id = list.id;
            let turn = usize::try_from(digit).unwrap_or(0);
            let known =
                replies::rows(app, id).is_some_and(|rows| rows.iter().any(|row| row.turn == turn));
            if known {
                app.overlays.pop();
                return vec![copy(id, turn)];
            }
        }
        (Some(Overlay::Conflicts(list)), Some(digit)) => {
            list.verdict = match digit {
                1 => Verdict::Mine,
                2 => Verdict::Theirs,
                _ => return vec![],
            };
            return act(app, Action::Confirm);
        }
        (Some(Overlay::Annotate(form)), _)
            if form.field == Field::Causes && event.code == KeyCode::Char(' ') =>
        {
            return act(app, Action::ToggleChoice);
        }
        (Some(overlay), _) => {
            if field_of(overlay).is_some_and(|input| field::edit(input, event)) {
                typed(app);
            }
        }
        (None, _) => {}
    }
    vec![]
}

fn copy(id: crate::model::TicketId, turn: usize) -> Effect {
    Effect::Copy(CopyWhat::Reply {
        id,
        turn: Some(turn),
    })
}

/// Deleting keys in a field; everything else changes nothing.
fn edited(mut overlay: Overlay, step: Step) -> Then {
    if let (Step::Delete(what), Some(input)) = (step, field_of(&mut overlay)) {
        delete(input, what);
    }
    Then::stay(overlay)
}

fn annotate(app: &mut App, mut form: AnnotateForm, step: Step) -> Then {
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
    }
    Then::stay(Overlay::Annotate(form))
}

fn save_causes(app: &mut App, form: AnnotateForm) -> Then {
    let Some(causes) = form.result().filter(|_| form.vocabulary.is_some()) else {
        return Then::stay(Overlay::Annotate(form));
    };
    let names: Vec<String> = causes
        .iter()
        .map(|cause| match cause {
            crate::desk::api::CauseChoice::Known(name)
            | crate::desk::api::CauseChoice::New(name) => name.clone(),
        })
        .collect();
    let names = if names.is_empty() {
        word(app.look.lang, Word::NoCause).to_owned()
    } else {
        say::list(app.look.lang, &names)
    };
    let n = Count(form.targets.len());
    let question = words::text(app.look.lang, &Msg::AnnotatedMany { n, causes: &names });
    let request = Request::Annotate(Annotate {
        targets: form.targets,
        causes,
        note: form.note.value().trim().to_owned(),
    });
    send(app, n.0, question, Deed::Annotate, request)
}

/// Sends an order; one about many tickets is asked about first.
fn send(app: &mut App, tickets: usize, question: String, deed: Deed, request: Request) -> Then {
    let then = Ask {
        topic: Topic::Act(deed),
        generation: app.next_generation(),
        request,
    };
    if tickets < MANY {
        return Then::close(vec![Effect::Ask(then)]);
    }
    app.overlays
        .push(Overlay::Confirm(Confirm { question, then }));
    Then::close(vec![])
}

fn in_category(app: &mut App, mut form: CategoryForm, step: Step) -> Then {
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
        Step::Toggle | Step::Previous | Step::Cancel => {}
    }
    Then::stay(Overlay::Category(form))
}

fn in_command(app: &mut App, mut line: Command, step: Step) -> Then {
    let proposals = command::proposals(app, line.input.value());
    match step {
        Step::Move(way) => {
            line.selected = match (line.selected, way) {
                (None, Way::Rows(1)) => (!proposals.is_empty()).then_some(0),
                (Some(0), Way::Rows(-1)) => None,
                (at, way) => at.map(|at| moved(at, way, proposals.len(), 8)),
            };
        }
        Step::Next => {
            if let Some(name) = proposals.get(line.selected.unwrap_or(0)) {
                line.input = Input::new(name.clone());
                line.selected = None;
            }
        }
        Step::Delete(what) => {
            delete(&mut line.input, what);
            line.selected = None;
        }
        Step::Confirm => {
            let chosen = line.selected.and_then(|at| proposals.get(at).cloned());
            let name = chosen.unwrap_or_else(|| line.input.value().trim().to_owned());
            return Then::close(command(app, &name));
        }
        Step::Toggle | Step::Create | Step::Previous | Step::Cancel => {}
    }
    Then::stay(Overlay::Command(line))
}

/// Does a command by its name; a name cut short counts when it is the only one.
fn command(app: &mut App, typed: &str) -> Vec<Effect> {
    if typed.is_empty() {
        return vec![];
    }
    let begun: Vec<Action> = Action::ALL
        .iter()
        .copied()
        .filter(|action| action.name().starts_with(typed))
        .collect();
    let only = match begun.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let Some(action) = Action::parse(typed).or(only) else {
        let lang = app.look.lang;
        let name = crate::tui::line::clean(typed);
        let like = Action::nearest(typed).join(lang.pick("、", ", "));
        let message = if like.is_empty() {
            Msg::UnknownCommand { name: &name }
        } else {
            Msg::UnknownCommandLike {
                name: &name,
                like: &like,
            }
        };
        app.notices.say(Weight::Warn, words::text(lang, &message));
        return vec![];
    };
    let name = action.name().to_owned();
    app.commands.retain(|known| *known != name);
    app.commands.push(name);
    let surplus = app.commands.len().saturating_sub(KEPT);
    app.commands.drain(..surplus);
    actions::act(app, action)
}

fn in_replies(app: &App, mut list: Replies, step: Step) -> Then {
    let rows = replies::rows(app, list.id).unwrap_or_default();
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, rows.len(), 10),
        Step::Confirm => {
            if let Some(row) = rows.get(list.selected) {
                return Then::close(vec![copy(list.id, row.turn)]);
            }
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Replies(list))
}

fn in_confirm(confirm: Confirm, step: Step) -> Then {
    if step == Step::Confirm {
        Then::close(vec![Effect::Ask(confirm.then)])
    } else {
        Then::stay(Overlay::Confirm(confirm))
    }
}

fn in_conflicts(app: &mut App, mut list: ConflictList, step: Step) -> Then {
    let count = list.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 8),
        Step::Next | Step::Previous | Step::Toggle => list.verdict = list.verdict.other(),
        Step::Confirm => {
            let Some(rows) = list.rows.as_mut().filter(|_| list.selected < count) else {
                return Then::close(vec![]);
            };
            let conflict = rows.remove(list.selected);
            let none_left = rows.is_empty();
            list.selected = list.selected.min(rows.len().saturating_sub(1));
            let request = Request::ResolveConflict {
                record: conflict.record,
                apply: list.verdict == Verdict::Mine,
            };
            let effects = actions::order(app, Deed::Resolve, request);
            return Then {
                overlay: (!none_left).then_some(Overlay::Conflicts(list)),
                effects,
            };
        }
        Step::Cancel | Step::Create | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Conflicts(list))
}

fn in_datasets(app: &mut App, mut list: DatasetList, step: Step) -> Then {
    let count = list.rows.as_ref().map_or(0, Vec::len);
    match step {
        Step::Move(way) => list.selected = moved(list.selected, way, count, 10),
        Step::Confirm => {
            let row = list.rows.as_ref().and_then(|rows| rows.get(list.selected));
            if let Some(row) = row {
                app.filter.dataset = Some(row.name.clone());
                app.list.source = Source::Query;
                actions::query_changed(app);
                let by = crate::tui::line::clean(&row.name);
                let words = words::text(app.look.lang, &Msg::Filtered { by: &by });
                app.notices.say(Weight::Plain, words);
                return Then::close(vec![]);
            }
        }
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Delete(_) => {}
    }
    Then::stay(Overlay::Datasets(list))
}

/// Running text scrolls; Enter closes it.
fn scrolled(app: &App, mut overlay: Overlay, step: Step) -> Then {
    let screen = Rect::new(0, 0, app.size.0, app.size.1);
    let inner = pager::inside(screen);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let way = match step {
        Step::Move(way) => way,
        Step::Confirm => return Then::close(vec![]),
        Step::Delete(_) => return edited(overlay, step),
        Step::Cancel | Step::Toggle | Step::Create | Step::Next | Step::Previous => {
            return Then::stay(overlay);
        }
    };
    let scroll = |top: usize, lines: usize, height: usize| {
        moved(top, way, (lines + 1).saturating_sub(height), height)
    };
    match &mut overlay {
        Overlay::Help(help) => {
            help.top = scroll(help.top, help::lines(app, help).len(), help::page(screen));
        }
        Overlay::Stats(view) => {
            let lines = view
                .stats
                .as_ref()
                .map_or(0, |s| stats::lines(app, s, width).len());
            view.top = scroll(view.top, lines, height);
        }
        Overlay::Pager(pager) => {
            let lines = pager::lines(&app.look, pager, width).len();
            pager.top = scroll(pager.top, lines, height);
        }
        Overlay::Page(page) => {
            let lines = page::lines(app, page, screen.width).len();
            page.top = scroll(
                page.top,
                lines,
                usize::from(screen.height.saturating_sub(1)),
            );
        }
        Overlay::Command(_)
        | Overlay::Annotate(_)
        | Overlay::Category(_)
        | Overlay::Replies(_)
        | Overlay::Confirm(_)
        | Overlay::Conflicts(_)
        | Overlay::Datasets(_)
        | Overlay::Paste(_) => {}
    }
    Then::stay(overlay)
}
