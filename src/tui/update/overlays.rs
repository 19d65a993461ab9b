//! Keys inside overlays: the last of the stack has them.

mod answering;
mod commands;
mod forms;
mod groups;
mod lists;
mod replying;
mod sending;
mod team;
mod views;
mod writing;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use tui_input::Input;

use super::actions::Order;
use super::keys::delete;
use super::moves::{Step, moved};
use super::sent;
use crate::keymap::Action;
use crate::model::Generation;
use crate::tui::app::{App, Sent};
use crate::tui::field;
use crate::tui::msg::Effect;
use crate::tui::overlays::annotate::Field;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::conflicts::ways;
use crate::tui::overlays::{Overlay, help, page, pager, reading, replies, stats};

use answering::As;
pub use answering::{advise, standard};
pub use forms::cause_names;
pub use team::{editing, picked};
pub use views::{save as save_view, saved as view_saved};
pub use writing::{edited_outside, key as writing};

/// What becomes of an overlay after a key.
struct Then {
    /// The overlay, unless it closes.
    overlay: Option<Overlay>,
    effects: Vec<Effect>,
    /// What comes back if nothing becomes of the order with this number.
    sent: Option<(Generation, Overlay)>,
}

impl Then {
    fn stay(overlay: Overlay) -> Self {
        Self::stay_and(overlay, vec![])
    }

    fn stay_and(overlay: Overlay, effects: Vec<Effect>) -> Self {
        Self {
            overlay: Some(overlay),
            effects,
            sent: None,
        }
    }

    fn close(effects: Vec<Effect>) -> Self {
        Self {
            overlay: None,
            effects,
            sent: None,
        }
    }

    /// A form that closes because its order is on the way.
    fn send(form: Overlay, order: Order) -> Self {
        Self {
            overlay: None,
            effects: vec![order.effect],
            sent: Some((order.number, form)),
        }
    }

    /// Applies it to an overlay that was the one above this many others. What opened meanwhile
    /// stands above it.
    fn apply(self, app: &mut App, place: usize) -> Vec<Effect> {
        if let Some((order, form)) = self.sent {
            app.sending.push(Sent { order, form, place });
        }
        if let Some(overlay) = self.overlay {
            sent::insert(app, place, overlay);
        }
        self.effects
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
    let place = app.overlays.len();
    let then = match (step, overlay) {
        (Step::Cancel, overlay) => left(overlay),
        (_, overlay) => stepped(app, overlay, step),
    };
    then.apply(app, place)
}

fn stepped(app: &mut App, overlay: Overlay, step: Step) -> Then {
    match overlay {
        Overlay::Annotate(form) => forms::annotate(app, form, step),
        Overlay::Group(form) => groups::in_group(app, form, step),
        Overlay::Category(form) => forms::in_category(app, form, step),
        Overlay::Command(line) => commands::in_command(app, line, step),
        Overlay::Export(form) => forms::in_export(app, form, step),
        Overlay::Replies(list) => answering::in_replies(app, list, step),
        Overlay::Confirm(confirm) => in_confirm(confirm, step),
        Overlay::Conflicts(list) => lists::in_conflicts(app, list, step),
        Overlay::Datasets(list) => lists::in_datasets(app, list, step),
        Overlay::Settings(list) => team::in_settings(app, list, step),
        Overlay::Vocabulary(list) => team::in_vocabulary(app, list, step),
        Overlay::CauseEdit(form) => team::in_cause_edit(app, form, step),
        Overlay::Menu(menu) => team::in_menu(app, menu, step),
        Overlay::Advice(advice) => answering::in_advice(app, advice, step),
        Overlay::Slots(form) => sending::in_slots(app, form, step),
        Overlay::Guard(guard) => sending::in_guard(app, guard, step),
        Overlay::Code(form) => answering::in_code(app, form, step),
        Overlay::AtHand(list) => answering::in_at_hand(app, list, step),
        Overlay::Outdate(form) => writing::in_outdate(app, form, step),
        // Its keys come by way of `writing`.
        Overlay::ReplyForm(form) => Then::stay(Overlay::ReplyForm(form)),
        Overlay::Editor(editor) => Then::stay(Overlay::Editor(editor)),
        Overlay::Paste(form) => match step {
            Step::Confirm => Then::close(advise(app, form.input.value())),
            _ => edited(Overlay::Paste(form), step),
        },
        Overlay::Views(list) => views::in_list(app, list, step),
        Overlay::ViewForm(form) => views::in_form(app, form, step),
        Overlay::Help(help) => scrolled(app, Overlay::Help(help), step),
        Overlay::Stats(view) => scrolled(app, Overlay::Stats(view), step),
        Overlay::Pager(pager) => scrolled(app, Overlay::Pager(pager), step),
        Overlay::Reading(reading) => scrolled(app, Overlay::Reading(reading), step),
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
        Overlay::Export(form) => Some(&mut form.path),
        Overlay::Slots(form) => form.input(),
        Overlay::Code(form) => Some(&mut form.input),
        Overlay::ReplyForm(form) => form.input(),
        Overlay::Outdate(form) => Some(form.input()),
        Overlay::ViewForm(form) => Some(&mut form.name),
        Overlay::Vocabulary(list) => Some(&mut list.input),
        Overlay::CauseEdit(form) => Some(&mut form.input),
        Overlay::Editor(_)
        | Overlay::Group(_)
        | Overlay::Advice(_)
        | Overlay::Guard(_)
        | Overlay::AtHand(_)
        | Overlay::Reading(_)
        | Overlay::Menu(_)
        | Overlay::Settings(_)
        | Overlay::Replies(_)
        | Overlay::Confirm(_)
        | Overlay::Conflicts(_)
        | Overlay::Datasets(_)
        | Overlay::Views(_)
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
        Some(Overlay::Vocabulary(list)) => list.selected = 0,
        Some(Overlay::CauseEdit(form)) => form.selected = 0,
        Some(Overlay::Slots(form)) => form.chosen = None,
        Some(Overlay::Code(form)) => {
            form.selected = 0;
            form.confirmed = false;
        }
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
        (Some(Overlay::Group(form)), Some(digit)) => form.suggest(digit),
        (Some(Overlay::Replies(_) | Overlay::Advice(_) | Overlay::AtHand(_)), Some(digit)) => {
            return copied_by(app, digit);
        }
        (Some(Overlay::Slots(form)), _) if event.modifiers == KeyModifiers::ALT => {
            // Some terminals keep Alt and a digit for their tabs: Down and Enter do the same.
            if let KeyCode::Char(c) = event.code
                && let Some(at) = c.to_digit(10).and_then(|digit| digit.checked_sub(1))
            {
                form.take(usize::try_from(at).unwrap_or(usize::MAX));
            }
        }
        (Some(Overlay::Menu(menu)), Some(digit)) => {
            let at = usize::try_from(digit).unwrap_or(0);
            if let Some(item) = at.checked_sub(1).and_then(|at| menu.items.get(at)).cloned() {
                app.overlays.pop();
                return picked(app, item);
            }
        }
        (Some(Overlay::Conflicts(list)), Some(digit)) => {
            let conflict = list.rows.as_ref().and_then(|rows| rows.get(list.selected));
            let at = usize::try_from(digit).unwrap_or(0).checked_sub(1);
            let way = conflict
                .zip(at)
                .and_then(|(c, at)| ways(c).get(at).copied());
            if let Some(way) = way {
                list.how = way;
                return act(app, Action::Confirm);
            }
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

/// Copies the reply of the last overlay that has this number.
fn copied_by(app: &mut App, digit: u32) -> Vec<Effect> {
    let at = usize::try_from(digit).unwrap_or(0).checked_sub(1);
    let (Some(at), Some(overlay)) = (at, app.overlays.pop()) else {
        return vec![];
    };
    match &overlay {
        Overlay::Replies(list) => {
            let rows = replies::rows(app, list).unwrap_or_default();
            if let Some(row) = rows.get(at) {
                return answering::pick(app, list, row, As::Fitted);
            }
        }
        Overlay::AtHand(list) if list.rows.as_ref().is_some_and(|rows| at < rows.len()) => {
            return answering::at_hand_by(app, list, at, As::Fitted);
        }
        Overlay::Advice(advice) => {
            if let Some(place) = advice.reply(at) {
                return answering::advised(app, advice, place, As::Fitted);
            }
        }
        _ => {}
    }
    app.overlays.push(overlay);
    vec![]
}

/// Deleting keys in a field; everything else changes nothing.
fn edited(mut overlay: Overlay, step: Step) -> Then {
    if let (Step::Delete(what), Some(input)) = (step, field_of(&mut overlay)) {
        delete(input, what);
    }
    Then::stay(overlay)
}

fn in_confirm(confirm: Confirm, step: Step) -> Then {
    if step == Step::Confirm {
        let sent = confirm.form.map(|(order, form)| (order, *form));
        let effects = vec![confirm.then];
        Then {
            overlay: None,
            effects,
            sent,
        }
    } else {
        Then::stay(Overlay::Confirm(confirm))
    }
}

/// Leaves an overlay. Whoever says no, or heeds a warning, is back at the form that led there.
fn left(overlay: Overlay) -> Then {
    let form = if let Overlay::Confirm(confirm) = overlay {
        confirm.form.map(|(_, form)| form)
    } else if let Overlay::Guard(guard) = overlay {
        guard.form
    } else {
        None
    };
    form.map_or_else(|| Then::close(vec![]), |form| Then::stay(*form))
}

/// Closes a form whose order is large: it is asked about before it is sent.
fn ask_first(app: &mut App, question: String, form: Overlay, order: Order) -> Then {
    app.overlays.push(Overlay::Confirm(Confirm {
        question,
        then: order.effect,
        form: Some((order.number, Box::new(form))),
    }));
    Then::close(vec![])
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
        Step::Cancel
        | Step::Toggle
        | Step::Create
        | Step::Next
        | Step::Previous
        | Step::Reply(_) => {
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
            let inner = stats::inside(screen);
            let lines = view.stats.as_ref();
            let lines = lines.map_or(0, |s| stats::height(app, s, inner.width));
            view.top = scroll(view.top, lines, inner.height.into());
        }
        Overlay::Pager(pager) => {
            let lines = pager::lines(&app.look, pager, width).len();
            pager.top = scroll(pager.top, lines, height);
        }
        Overlay::Reading(reading) => {
            let (lines, begin) = reading::lines(&app.look, reading, width);
            reading.top = scroll(reading.top, lines.len() - begin, height);
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
        | Overlay::Group(_)
        | Overlay::Category(_)
        | Overlay::Replies(_)
        | Overlay::Confirm(_)
        | Overlay::Conflicts(_)
        | Overlay::Datasets(_)
        | Overlay::Views(_)
        | Overlay::ViewForm(_)
        | Overlay::Settings(_)
        | Overlay::Vocabulary(_)
        | Overlay::CauseEdit(_)
        | Overlay::Menu(_)
        | Overlay::Advice(_)
        | Overlay::Slots(_)
        | Overlay::Guard(_)
        | Overlay::AtHand(_)
        | Overlay::ReplyForm(_)
        | Overlay::Outdate(_)
        | Overlay::Code(_)
        | Overlay::Editor(_)
        | Overlay::Export(_)
        | Overlay::Paste(_) => {}
    }
    Then::stay(overlay)
}
