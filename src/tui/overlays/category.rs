//! The category form: one of the tree's, a new one typed as `产品｜类型`, or the given one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::desk::api::Target;
use crate::model::{Category, TreeNode};
use crate::tui::app::App;
use crate::tui::line::clean;
use crate::tui::measure::pinyin_finds;
use crate::tui::say;
use crate::words::{Count, Word, word};

/// The form's state.
#[derive(Debug)]
pub struct CategoryForm {
    /// The tickets.
    pub targets: Vec<Target>,
    /// What the form is about: a ticket's title, or how many tickets.
    pub subject: String,
    /// What is typed.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CategoryRow {
    /// A category that tickets have, and how many.
    Known(Category, usize),
    /// What is typed.
    New(Category),
    /// As the document gave it.
    Given,
}

/// The rows that fit what is typed.
pub fn rows(nodes: &[TreeNode], typed: &str) -> Vec<CategoryRow> {
    let typed = typed.trim();
    let wanted = typed.to_lowercase();
    let known = nodes.iter().filter(|node| !node.product.is_empty());
    let mut rows: Vec<CategoryRow> = known
        .filter_map(|node| {
            let issue_type = node.issue_type.clone()?;
            let category = Category {
                product: node.product.clone(),
                issue_type,
            };
            let name = category.to_string();
            let fits = wanted.is_empty()
                || name.to_lowercase().contains(&wanted)
                || pinyin_finds(&name, &wanted);
            fits.then_some(CategoryRow::Known(category, node.count))
        })
        .collect();
    if typed.is_empty() {
        rows.push(CategoryRow::Given);
        return rows;
    }
    if let Some(typed) = Category::parse(typed) {
        let exists = rows
            .iter()
            .any(|row| matches!(row, CategoryRow::Known(known, _) if *known == typed));
        if !exists {
            rows.push(CategoryRow::New(typed));
        }
    }
    rows
}

/// Draws the form.
pub fn render(
    app: &App,
    form: &CategoryForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let theme = &app.look.theme;
    let title = format!("{}  {}", word(lang, Word::CategoryTitle), form.subject);
    let inner = frame::open(app, frame::middle(screen, 60, 20), &title, buffer);
    if inner.is_empty() {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, Word::Category, &form.input, buffer);
    let rows = rows(&app.tree.nodes, form.input.value());
    let list = frame::below(inner, 1);
    frame::rows(
        app,
        list,
        rows.len(),
        form.selected,
        buffer,
        |at| match rows.get(at) {
            Some(CategoryRow::Known(category, count)) => Line::from(vec![
                Span::styled(format!("   {}", clean(&category.to_string())), theme.text),
                Span::styled(format!("  {}", Count(*count)), theme.dim),
            ]),
            Some(CategoryRow::New(category)) => {
                let name = clean(&category.to_string());
                let words = say::labelled(lang, Word::NewCategory, &name);
                Line::from(Span::styled(format!(" + {words}"), theme.warn))
            }
            Some(CategoryRow::Given) => Line::from(Span::styled(
                format!(" - {}", word(lang, Word::CategoryGiven)),
                theme.dim,
            )),
            None => Line::default(),
        },
    );
    Some(cursor)
}
