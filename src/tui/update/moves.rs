//! Moving in the panes: selections, scrolling, from match to match.

use crate::tui::app::App;
use crate::tui::layout::Focus;
use crate::tui::step::{Way, moved};

/// Moves in the pane that has the keys.
pub fn in_pane(app: &mut App, way: Way) {
    match app.focus {
        Focus::Query | Focus::List => in_list(app, way),
        Focus::Tree => in_tree(app, way),
        Focus::Detail => in_detail(app, way),
    }
}

/// Moves the selection of the list.
pub fn in_list(app: &mut App, way: Way) {
    let page = usize::from(app.areas().list.height);
    app.list.in_place = false;
    app.list.goal.clear();
    app.list.selected = moved(app.list.selected, way, app.list.total, page);
}

/// Moves the selection of the tree.
pub fn in_tree(app: &mut App, way: Way) {
    let page = usize::from(app.areas().tree.height);
    let count = app.tree.rows().len();
    app.tree.selected = moved(app.tree.selected, way, count, page);
}

/// Scrolls the detail pane.
pub fn in_detail(app: &mut App, way: Way) {
    let page = usize::from(app.areas().detail.height);
    let tops = (app.detail.text.lines.len() + 1).saturating_sub(page);
    app.detail.top = moved(app.detail.top, way, tops, page);
}

/// Goes to the first of some lines after the top of the detail pane.
pub fn to_next(app: &mut App, lines: &[usize]) -> bool {
    let next = lines.iter().copied().find(|line| *line > app.detail.top);
    if let Some(line) = next {
        app.detail.top = line;
    }
    next.is_some()
}

/// Goes to the last of some lines before the top of the detail pane.
pub fn to_previous(app: &mut App, lines: &[usize]) -> bool {
    let previous = lines.iter().copied().rfind(|line| *line < app.detail.top);
    if let Some(line) = previous {
        app.detail.top = line;
    }
    previous.is_some()
}
