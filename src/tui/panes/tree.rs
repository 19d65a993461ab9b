//! The category tree: product areas, their issue types, and how many tickets each holds.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{CategoryFilter, Generation, TreeNode};
use crate::tui::app::App;
use crate::tui::layout::Focus;
use crate::tui::line::{cut, pad, put};
use crate::tui::measure as text;
use crate::tui::say;
use crate::words::{Count, Word, word};

/// The tree's state.
#[derive(Debug, Default)]
pub struct TreePane {
    /// Product areas, each before its types.
    pub nodes: Vec<TreeNode>,
    /// Product areas whose types are shown.
    pub open: BTreeSet<String>,
    /// The row under the cursor.
    pub selected: usize,
    /// The first row drawn.
    pub top: usize,
    /// The newest question.
    pub generation: Generation,
    /// Whether the counts are out of date.
    pub stale: bool,
    /// Whether counts have ever come.
    pub loaded: bool,
}

/// A row of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeRow<'a> {
    /// All tickets: how many.
    All(usize),
    /// A product area, and whether its types are shown.
    Product(&'a TreeNode, Fold),
    /// An issue type.
    Type(&'a TreeNode),
}

/// Whether a product area shows its types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// They are shown.
    Open,
    /// They are hidden.
    Closed,
    /// It has none.
    Leaf,
}

impl TreePane {
    /// The rows that are shown, from the top.
    pub fn rows(&self) -> Vec<TreeRow<'_>> {
        let total = self.products().map(|node| node.count).sum();
        let mut rows = vec![TreeRow::All(total)];
        for (at, node) in self.nodes.iter().enumerate() {
            if node.issue_type.is_some() {
                if self.open.contains(&node.product) {
                    rows.push(TreeRow::Type(node));
                }
                continue;
            }
            let has_types = self
                .nodes
                .get(at + 1)
                .is_some_and(|next| next.issue_type.is_some() && next.product == node.product);
            let fold = match (has_types, self.open.contains(&node.product)) {
                (false, _) => Fold::Leaf,
                (true, true) => Fold::Open,
                (true, false) => Fold::Closed,
            };
            rows.push(TreeRow::Product(node, fold));
        }
        rows
    }

    /// The product areas.
    pub fn products(&self) -> impl Iterator<Item = &TreeNode> {
        self.nodes.iter().filter(|node| node.issue_type.is_none())
    }

    /// What the row under the cursor stands for; `None` = all tickets.
    pub fn selected_filter(&self) -> Option<CategoryFilter> {
        match self.rows().get(self.selected)? {
            TreeRow::All(_) => None,
            TreeRow::Product(node, _) | TreeRow::Type(node) => Some(CategoryFilter {
                product: node.product.clone(),
                issue_type: node.issue_type.clone(),
            }),
        }
    }

    /// Takes new counts; the cursor stays on its category.
    pub fn replace(&mut self, nodes: Vec<TreeNode>, height: usize) {
        let place = self.selected_filter();
        let first = !self.loaded;
        self.nodes = nodes;
        self.loaded = true;
        if first && self.nodes.len() < height {
            self.open = self.products().map(|node| node.product.clone()).collect();
        }
        self.select(place.as_ref());
    }

    /// Puts the cursor on a category, showing it if its product area is folded.
    pub fn select(&mut self, place: Option<&CategoryFilter>) {
        let Some(place) = place else {
            self.selected = 0;
            return;
        };
        let known = self
            .nodes
            .iter()
            .any(|node| node.product == place.product && node.issue_type == place.issue_type);
        if known && place.issue_type.is_some() {
            self.open.insert(place.product.clone());
        }
        let row = self.rows().iter().position(|row| match row {
            TreeRow::All(_) => false,
            TreeRow::Product(node, _) | TreeRow::Type(node) => {
                node.product == place.product && node.issue_type == place.issue_type
            }
        });
        self.selected = row.unwrap_or(self.selected);
    }

    /// Shows or hides the types of the product area under the cursor.
    pub fn fold(&mut self, want: Option<Fold>) {
        let Some(place) = self.selected_filter() else {
            return;
        };
        let open = match want {
            Some(Fold::Open) => true,
            Some(Fold::Closed | Fold::Leaf) => false,
            None => !self.open.contains(&place.product),
        };
        if open {
            self.open.insert(place.product);
        } else {
            self.open.remove(&place.product);
            let product = CategoryFilter {
                product: place.product,
                issue_type: None,
            };
            self.select(Some(&product));
        }
    }
}

/// Draws the tree's rows.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let rows = app.tree.rows();
    let shown = rows.iter().enumerate().skip(app.tree.top);
    for ((at, row), y) in shown.zip(0..area.height) {
        put(buffer, area, y, &line(app, at, *row, area.width.into()));
    }
}

fn line(app: &App, at: usize, row: TreeRow<'_>, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let (mark, name, count) = match row {
        TreeRow::All(count) => (" ", word(app.look.lang, Word::AllTickets).to_owned(), count),
        TreeRow::Product(node, fold) => (
            fold.mark(),
            say::product(app.look.lang, &node.product),
            node.count,
        ),
        TreeRow::Type(node) => (
            "   ",
            say::issue_type(
                app.look.lang,
                node.issue_type.as_deref().unwrap_or_default(),
            ),
            node.count,
        ),
    };
    let count = if app.tree.loaded {
        Count(count).to_string()
    } else {
        String::new()
    };
    let room = width.saturating_sub(text::width(&count) + text::width(mark) + 3);
    let name = pad(&cut(&name, room, &app.look.glyphs), room);
    let chosen = match row {
        TreeRow::All(_) => app.filter.category.is_none(),
        TreeRow::Product(node, _) | TreeRow::Type(node) => app
            .filter
            .category
            .as_ref()
            .is_some_and(|f| f.product == node.product && f.issue_type == node.issue_type),
    };
    let style = if chosen { theme.category } else { theme.text };
    let line = Line::from(vec![
        Span::styled(format!("{mark} {name} "), style),
        Span::styled(format!("{count} "), theme.dim),
    ]);
    if at != app.tree.selected {
        return line;
    }
    line.style(if app.focus == Focus::Tree {
        theme.selected
    } else {
        theme.selected_dim
    })
}

impl Fold {
    fn mark(self) -> &'static str {
        match self {
            Self::Open => "v",
            Self::Closed => ">",
            Self::Leaf => " ",
        }
    }
}
