//! The vocabulary of root causes: type to filter, Enter shows what can be done with a cause.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::annotate::fits;
use super::frame;
use crate::desk::api::CauseRow;
use crate::model::{CauseStatus, Generation};
use crate::tui::app::App;
use crate::tui::line::{clean, cut, pad};
use crate::tui::measure as text;
use crate::tui::say;
use crate::words::{self, Count, Lang, Msg, Word, names, word};

/// The list's state.
#[derive(Debug)]
pub struct VocabularyList {
    /// The vocabulary, when it has come.
    pub causes: Option<Vec<CauseRow>>,
    /// Number of the question for it.
    pub generation: Generation,
    /// What the causes must hold.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VocabularyRow {
    /// A cause.
    Known(CauseRow),
    /// What is typed, as a new cause: its upper level and its name.
    New {
        /// Upper level; empty = none.
        group: String,
        /// Name.
        name: String,
    },
}

impl VocabularyList {
    /// The rows that fit what is typed; what is typed as a new cause last.
    pub fn rows(&self) -> Vec<VocabularyRow> {
        let typed = self.input.value().trim();
        let wanted = typed.to_lowercase();
        let all = self.causes.iter().flatten();
        let mut rows: Vec<VocabularyRow> = all
            .clone()
            .filter(|row| fits(row, &wanted))
            .cloned()
            .map(VocabularyRow::Known)
            .collect();
        let (group, name) = match typed.split_once(['/', '／']) {
            Some((group, name)) => (group.trim(), name.trim()),
            None => ("", typed),
        };
        let known = all.clone().any(|row| row.cause.name == name);
        if !name.is_empty() && !known && self.causes.is_some() {
            rows.push(VocabularyRow::New {
                group: group.to_owned(),
                name: name.to_owned(),
            });
        }
        rows
    }
}

/// What stands after a cause: its use, and where it is not offered any more.
fn usage(lang: Lang, row: &CauseRow) -> String {
    let (given, confirmed) = (Count(row.given), Count(row.confirmed));
    let usage = words::text(lang, &Msg::CauseUse { given, confirmed });
    match row.cause.status {
        CauseStatus::Active => usage,
        CauseStatus::Retired => format!("({})  {usage}", names::cause_status(lang, "retired")),
        CauseStatus::Merged(_) => format!("({})  {usage}", names::cause_status(lang, "merged")),
    }
}

/// A cause under its upper level.
pub fn full_name(row: &CauseRow) -> String {
    if row.cause.group.is_empty() {
        clean(&row.cause.name)
    } else {
        format!("{} / {}", clean(&row.cause.group), clean(&row.cause.name))
    }
}

/// Draws the list.
pub fn render(
    app: &App,
    list: &VocabularyList,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let area = frame::middle(screen, 84, 30);
    let inner = frame::open(app, area, word(lang, Word::VocabularyTitle), buffer);
    if inner.is_empty() {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, Word::Filter, &list.input, buffer);
    let below = frame::below(inner, 1);
    if list.causes.is_none() {
        frame::placeholder(app, below, Word::Loading, buffer);
        return Some(cursor);
    }
    let rows = list.rows();
    if rows.is_empty() {
        frame::placeholder(app, below, Word::NoCausesYet, buffer);
    }
    let width = usize::from(below.width);
    frame::rows(app, below, rows.len(), list.selected, buffer, |at| {
        rows.get(at)
            .map_or_else(Line::default, |row| line(app, row, width))
    });
    Some(cursor)
}

fn line(app: &App, row: &VocabularyRow, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let glyphs = &app.look.glyphs;
    match row {
        VocabularyRow::Known(row) => {
            let usage = usage(app.look.lang, row).replace('·', glyphs.dot);
            let room = width.saturating_sub(text::width(&usage) + 4);
            let style = match row.cause.status {
                CauseStatus::Active => theme.text,
                CauseStatus::Retired | CauseStatus::Merged(_) => theme.dim,
            };
            let name = pad(&cut(&full_name(row), room, glyphs), room + 1);
            Line::from(vec![
                Span::styled(format!(" {name} "), style),
                Span::styled(usage, theme.dim),
            ])
        }
        VocabularyRow::New { group, name } => {
            let name = if group.is_empty() {
                clean(name)
            } else {
                format!("{} / {}", clean(group), clean(name))
            };
            let words = say::labelled(app.look.lang, Word::NewCause, &name);
            let words = cut(&words, width.saturating_sub(4), glyphs);
            Line::from(Span::styled(format!(" + {words}"), theme.warn))
        }
    }
}
