//! A short menu of what can be done with one thing: a digit or Enter does it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::{CauseRow, DatasetRow};
use crate::tui::app::App;
use crate::words::{Word, word};

/// The menu's state.
#[derive(Debug)]
pub struct Menu {
    /// What it is about.
    pub title: String,
    /// What can be done.
    pub items: Vec<Item>,
    /// The row under the cursor.
    pub selected: usize,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Lists the tickets of a dataset only.
    OnlyDataset(DatasetRow),
    /// Removes a dataset.
    RemoveDataset(DatasetRow),
    /// Lists the tickets with a cause only.
    OnlyCause(CauseRow),
    /// Gives a cause another name.
    RenameCause(CauseRow),
    /// Makes a cause another one.
    MergeCause(CauseRow),
    /// Moves a cause under another upper level.
    GroupCause(CauseRow),
    /// Stops offering a cause.
    RetireCause(CauseRow),
    /// Offers a retired cause again.
    ReviveCause(CauseRow),
}

impl Item {
    fn words(&self) -> Word {
        match self {
            Self::OnlyDataset(_) => Word::OnlyDataset,
            Self::RemoveDataset(_) => Word::RemoveDataset,
            Self::OnlyCause(_) => Word::OnlyCause,
            Self::RenameCause(_) => Word::RenameCause,
            Self::MergeCause(_) => Word::MergeCause,
            Self::GroupCause(_) => Word::GroupCause,
            Self::RetireCause(_) => Word::RetireCause,
            Self::ReviveCause(_) => Word::ReviveCause,
        }
    }
}

/// Draws the menu.
pub fn render(app: &App, menu: &Menu, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let rows = u16::try_from(menu.items.len()).unwrap_or(u16::MAX);
    let area = frame::middle(screen, 56, rows.saturating_add(2));
    let inner = frame::open(app, area, &menu.title, buffer);
    let count = menu.items.len();
    frame::rows(app, inner, count, menu.selected, buffer, |at| {
        let words = menu
            .items
            .get(at)
            .map_or("", |item| word(app.look.lang, item.words()));
        Line::from(vec![
            Span::styled(format!(" {} ", at + 1), app.look.theme.key),
            Span::styled(words, app.look.theme.text),
        ])
    });
    None
}
