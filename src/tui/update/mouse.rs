//! The mouse: a click selects, the wheel scrolls what is under it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::moves::{self, Way};
use super::{actions, overlays, queues};
use crate::keymap::Action;
use crate::tui::app::{App, Focus};
use crate::tui::msg::Effect;
use crate::tui::overlays::{Overlay, slots};
use crate::tui::panes::tabs;

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;

/// Applies one event of the mouse.
pub fn mouse(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    let place = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(app, place),
        MouseEventKind::ScrollDown => wheel(app, place, Way::Rows(NOTCH)),
        MouseEventKind::ScrollUp => wheel(app, place, Way::Rows(-NOTCH)),
        _ => vec![],
    }
}

fn click(app: &mut App, place: Position) -> Vec<Effect> {
    if !app.overlays.is_empty() {
        in_overlay(app, place);
        return vec![];
    }
    app.notices.current = None;
    app.pending.clear();
    let areas = app.areas();
    if areas.query.contains(place) {
        app.focus = Focus::Query;
    } else if areas.tree.contains(place) {
        app.focus = Focus::Tree;
        let row = app.tree.top + row_in(areas.tree, place);
        if row < app.tree.rows().len() {
            app.tree.selected = row;
            return actions::act(app, Action::SelectCategory);
        }
    } else if areas.tabs.contains(place) {
        if let Some(tab) = tabs::at(app, areas.tabs, place) {
            queues::open(app, tab);
        }
    } else if areas.list.contains(place) {
        app.focus = Focus::List;
        let row = app.list.top + row_in(areas.list, place);
        app.list.in_place = false;
        app.list.selected = row.min(app.list.total.saturating_sub(1));
    } else if areas.detail.contains(place) {
        app.focus = Focus::Detail;
    }
    vec![]
}

/// A click on a candidate of a blank takes it.
fn in_overlay(app: &mut App, place: Position) {
    let screen = Rect::new(0, 0, app.size.0, app.size.1);
    let candidate = match app.overlays.last() {
        Some(Overlay::Slots(form)) => slots::candidate_at(app, form, screen, place),
        _ => None,
    };
    if let (Some(at), Some(Overlay::Slots(form))) = (candidate, app.overlays.last_mut()) {
        form.take(at);
    }
}

fn row_in(area: Rect, place: Position) -> usize {
    usize::from(place.y.saturating_sub(area.y))
}

fn wheel(app: &mut App, place: Position, way: Way) -> Vec<Effect> {
    if !app.overlays.is_empty() {
        let action = if way == Way::Rows(NOTCH) {
            Action::MoveDown
        } else {
            Action::MoveUp
        };
        return overlays::act(app, action);
    }
    let areas = app.areas();
    if areas.tree.contains(place) {
        moves::in_tree(app, way);
    } else if areas.list.contains(place) {
        moves::in_list(app, way);
    } else if areas.detail.contains(place) {
        moves::in_detail(app, way);
    }
    vec![]
}
