//! The mouse: a click selects, the wheel scrolls what is under it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{actions, moves, outcome, queues};
use crate::keymap::Action;
use crate::tui::app::App;
use crate::tui::layout::Focus;
use crate::tui::msg::Effect;
use crate::tui::panes::tabs;
use crate::tui::step::Way;

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
        return outcome::click(app, place);
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
        app.list.goal.clear();
        app.list.selected = row.min(app.list.total.saturating_sub(1));
    } else if areas.detail.contains(place) {
        app.focus = Focus::Detail;
    }
    vec![]
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
        return outcome::act(app, action);
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
