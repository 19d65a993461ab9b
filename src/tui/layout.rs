//! Where everything stands: a pure function of the screen's size and the focus.

use ratatui::layout::Rect;

use crate::keymap::Context;

/// Columns from which three panes stand side by side.
const WIDE: u16 = 110;
/// Columns from which list and detail stand above each other.
const MEDIUM: u16 = 70;
/// The smallest screen on which work is possible.
pub const SMALLEST: (u16, u16) = (40, 10);

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The query line.
    Query,
    /// The category tree.
    Tree,
    /// The ticket list.
    List,
    /// The ticket or article shown.
    Detail,
}

impl Focus {
    /// The contexts in which keys are looked up there, the innermost first.
    pub fn contexts(self) -> Vec<Context> {
        match self {
            Self::Query => vec![Context::Field],
            Self::Tree => vec![Context::Tree, Context::Global],
            Self::List => vec![Context::List, Context::Global],
            Self::Detail => vec![Context::Detail, Context::Global],
        }
    }
}

/// How the panes are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Three panes side by side.
    Wide,
    /// List, or tree, over detail.
    Medium,
    /// One pane at a time.
    Narrow,
    /// Too small for anything.
    TooSmall,
}

/// The inside of the panes; a pane of no size is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// How the panes are arranged.
    pub shape: Shape,
    /// The whole screen.
    pub screen: Rect,
    /// The query line, without its frame.
    pub query: Rect,
    /// The tree's rows.
    pub tree: Rect,
    /// The row of tabs above the list.
    pub tabs: Rect,
    /// The list's rows.
    pub list: Rect,
    /// The detail's lines.
    pub detail: Rect,
    /// The status line.
    pub status: Rect,
}

impl Areas {
    /// The whole inside of the list's pane: the tabs and the rows.
    pub fn list_pane(&self) -> Rect {
        if self.tabs.is_empty() {
            self.list
        } else {
            self.tabs.union(self.list)
        }
    }
}

/// What the layout depends on beside the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    /// All panes that fit.
    Panes,
    /// The detail alone.
    Detail,
}

/// Computes the areas of the panes.
pub fn layout(columns: u16, rows: u16, focus: Focus, zoom: Zoom) -> Areas {
    let none = Rect::new(0, 0, 0, 0);
    let mut areas = Areas {
        shape: Shape::TooSmall,
        screen: Rect::new(0, 0, columns, rows),
        query: none,
        tree: none,
        tabs: none,
        list: none,
        detail: none,
        status: none,
    };
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        return areas;
    }
    areas.status = Rect::new(0, rows - 1, columns, 1);
    areas.query = Rect::new(2, 0, columns - 4, 1);
    if columns < MEDIUM {
        areas.shape = Shape::Narrow;
        narrow(&mut areas, focus, zoom);
    } else if columns < WIDE {
        areas.shape = Shape::Medium;
        medium(&mut areas, focus, zoom);
    } else {
        areas.shape = Shape::Wide;
        wide(&mut areas, zoom);
    }
    tabs(&mut areas);
    areas
}

/// The first row of the list is the tabs'.
fn tabs(areas: &mut Areas) {
    let list = areas.list;
    if list.height > 1 {
        areas.tabs = Rect { height: 1, ..list };
        areas.list = Rect {
            y: list.y + 1,
            height: list.height - 1,
            ..list
        };
    }
}

/// Inside of the frame: below the query and the titles, above the lower rule.
fn inside(areas: &Areas) -> Rect {
    let screen = areas.screen;
    Rect::new(1, 2, screen.width - 2, screen.height - 4)
}

fn wide(areas: &mut Areas, zoom: Zoom) {
    let inside = inside(areas);
    if zoom == Zoom::Detail {
        areas.detail = inside;
        return;
    }
    let tree = (inside.width / 6).clamp(18, 30);
    let rest = inside.width - tree - 2;
    let list = rest * 47 / 100;
    areas.tree = Rect {
        width: tree,
        ..inside
    };
    areas.list = Rect {
        x: inside.x + tree + 1,
        width: list,
        ..inside
    };
    areas.detail = Rect {
        x: inside.x + tree + 1 + list + 1,
        width: rest - list,
        ..inside
    };
}

fn medium(areas: &mut Areas, focus: Focus, zoom: Zoom) {
    let inside = inside(areas);
    if zoom == Zoom::Detail {
        areas.detail = inside;
        return;
    }
    let upper = (inside.height - 1) * 45 / 100;
    let above = Rect {
        height: upper.max(1),
        ..inside
    };
    match focus {
        Focus::Tree => areas.tree = above,
        Focus::Query | Focus::List | Focus::Detail => areas.list = above,
    }
    areas.detail = Rect {
        y: above.bottom() + 1,
        height: inside.height - above.height - 1,
        ..inside
    };
}

fn narrow(areas: &mut Areas, focus: Focus, zoom: Zoom) {
    let screen = areas.screen;
    let pane = Rect::new(0, 2, screen.width, screen.height - 3);
    match (zoom, focus) {
        (Zoom::Detail, _) | (Zoom::Panes, Focus::Detail) => areas.detail = pane,
        (Zoom::Panes, Focus::Tree) => areas.tree = pane,
        (Zoom::Panes, Focus::Query | Focus::List) => areas.list = pane,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    proptest! {
        #[test]
        fn no_pane_leaves_the_screen_or_covers_another(
            columns in 0u16..400, rows in 0u16..120, focus in 0usize..4, zoomed in 0usize..2,
        ) {
            let focus = [Focus::Query, Focus::Tree, Focus::List, Focus::Detail][focus];
            let zoom = [Zoom::Panes, Zoom::Detail][zoomed];
            let areas = layout(columns, rows, focus, zoom);
            let Areas { query, tree, tabs, list, detail, status, .. } = areas;
            let panes = [query, tree, tabs, list, detail, status];
            for (at, pane) in panes.iter().enumerate() {
                prop_assert!(pane.right() <= columns && pane.bottom() <= rows);
                for other in &panes[at + 1..] {
                    prop_assert!(pane.intersection(*other).is_empty());
                }
            }
            if areas.shape != Shape::TooSmall {
                prop_assert!(list.height + tree.height + detail.height >= 4);
            }
        }
    }
}
