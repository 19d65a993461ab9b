//! The saved views: a list of them, and the form that names one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::menu::{Entry, Menu};
use super::view_form::ViewForm;
use super::{Command, Handed, Outcome, Overlay, frame};
use crate::api::{Request, ViewEdit, ViewRow};
use crate::keymap::Action;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, pad};
use crate::tui::look::Look;
use crate::tui::msg::ChangeKind;
use crate::tui::panes::tabs::Tab;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{Word, names, word};

/// Columns of a view's name.
const NAME: usize = 24;

/// The list's state; the views are the app's own.
#[derive(Debug, Default)]
pub struct ViewList {
    /// The row under the cursor.
    pub selected: usize,
}

/// What can be done with a view.
fn menu(row: &ViewRow, rows: &[ViewRow]) -> Menu {
    let name = row.called();
    let open = Outcome::close().and(Command::OpenTab(Tab::Saved(name.clone())));
    let rename = Outcome::close().open(ViewForm::renaming(row));
    let forget = Outcome::close()
        .and(Command::LeaveView(name.clone()))
        .and(change(ViewEdit::Drop { name }));
    let entries = vec![
        Entry::new(Word::OpenView, open),
        Entry::new(Word::RenameView, rename),
        Entry::new(Word::MoveViewUp, moved_by(row, rows, -1)),
        Entry::new(Word::MoveViewDown, moved_by(row, rows, 1)),
        Entry::new(Word::DropView, forget),
    ];
    Menu::new(row.name.clone(), entries)
}

fn change(edit: ViewEdit) -> Command {
    Command::Change(ChangeKind::View, Request::EditView(edit))
}

/// Moves a view among those of its owner; the cursor of the list goes with it.
fn moved_by(row: &ViewRow, rows: &[ViewRow], by: isize) -> Outcome {
    let siblings = rows.iter().filter(|other| other.team == row.team);
    let siblings: Vec<&ViewRow> = siblings.collect();
    let Some(at) = siblings.iter().position(|other| other.name == row.name) else {
        return Outcome::close();
    };
    let to = at.saturating_add_signed(by).min(siblings.len() - 1);
    let name = row.called();
    let order = Outcome::close().and(change(ViewEdit::Move { name, to }));
    if to == at {
        return order;
    }
    order.and(Command::Hand(Handed::Moved(by)))
}

impl Overlay for ViewList {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoMenu),
            Action::MoveDown.into(),
            Action::Cancel.into(),
        ]
    }

    /// Enter shows what can be done with a view.
    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = &view.tabs.rows;
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, rows.len(), 10),
            Step::Confirm => {
                if let Some(row) = rows.get(self.selected) {
                    return Outcome::stay().open(menu(row, rows));
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
        Outcome::stay()
    }

    fn take(&mut self, handed: Handed) {
        if let Handed::Moved(by) = handed {
            self.selected = self.selected.saturating_add_signed(by);
        }
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let rows = &view.tabs.rows;
        // Two for the words that stand there while there is none.
        let height = u16::try_from(rows.len().max(2)).unwrap_or(u16::MAX);
        let area = frame::middle(screen, 84, height.saturating_add(2));
        let inner = frame::open(look, area, word(lang, Word::ViewsTitle), buffer);
        if rows.is_empty() {
            frame::placeholder(look, inner, Word::NoViews, buffer);
            return None;
        }
        let room = usize::from(inner.width).saturating_sub(NAME + 12);
        frame::rows(look, inner, rows.len(), self.selected, buffer, |at| {
            rows.get(at).map_or_else(Line::default, |row| {
                let kind = names::view_kind(lang, if row.team { "team" } else { "own" });
                let name = pad(&cut(&clean(&row.name), NAME, &look.glyphs), NAME + 1);
                let shows = cut(&clean(&shows(look, row)), room, &look.glyphs);
                Line::from(vec![
                    Span::styled(format!(" {} ", pad(kind, 8)), theme.dim),
                    Span::styled(name, theme.text),
                    Span::styled(shows, theme.dim),
                ])
            })
        });
        None
    }
}

/// What a view shows, in words.
fn shows(look: &Look, row: &ViewRow) -> String {
    let state = row.filter.cause_state;
    let category = row
        .filter
        .category
        .as_ref()
        .map(|node| match &node.issue_type {
            Some(issue_type) => format!("{}｜{issue_type}", node.product),
            None => node.product.clone(),
        });
    let parts = [
        Some(row.query.clone()),
        category,
        state.map(|state| names::cause_state(look.lang, state.name()).to_owned()),
        row.filter.dataset.clone(),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(&format!(" {} ", look.glyphs.dot))
}
