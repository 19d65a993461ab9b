//! Favourites and what was copied lately; a digit copies one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use super::replies::whole;
use super::slots::in_words;
use crate::desk::api::{AtHandRow, DraftOf};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::line::{clean, cut};
use crate::tui::measure as text;
use crate::tui::say;
use crate::words::{Word, word};

/// The list's state.
#[derive(Debug)]
pub struct AtHandList {
    /// Favourites, then last copies, when they have come.
    pub rows: Option<Vec<AtHandRow>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// The row under the cursor.
    pub selected: usize,
    /// The ticket at hand, whose values stand first in the blanks.
    pub ticket: Option<String>,
}

/// What a row is a copy of; the ticket at hand gives values for its blanks.
pub fn source(row: &AtHandRow, at_hand: Option<String>) -> DraftOf {
    match (row.ticket, row.turn) {
        (Some(ticket), turn) => DraftOf::Turn {
            id: ticket.to_string(),
            turn: turn.and_then(|turn| usize::try_from(turn).ok()),
        },
        (None, _) => DraftOf::Standard {
            reply: row.id.to_string(),
            ticket: at_hand,
        },
    }
}

/// Draws the list: the rows above, the whole text of the one under the cursor below.
pub fn render(
    app: &App,
    list: &AtHandList,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let title = word(app.look.lang, Word::AtHandTitle);
    let inner = frame::open(app, frame::middle(screen, 90, 30), title, buffer);
    let Some(rows) = &list.rows else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    if rows.is_empty() {
        frame::placeholder(app, inner, Word::NothingAtHand, buffer);
        return None;
    }
    let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let area = Rect {
        height: count.min(inner.height.div_ceil(2)),
        ..inner
    };
    frame::rows(app, area, rows.len(), list.selected, buffer, |at| {
        let row = rows.get(at);
        row.map_or_else(Line::default, |row| {
            line(app, at + 1, row, area.width.into())
        })
    });
    let chosen = rows.get(list.selected).map_or("", |row| row.text.as_str());
    let rest = frame::below(inner, area.height);
    whole(app, &in_words(chosen), rest, buffer);
    None
}

fn line(app: &App, number: usize, row: &AtHandRow, width: usize) -> Line<'static> {
    let look = &app.look;
    let theme = &look.theme;
    let star = if row.favourite { "*" } else { " " };
    let number = format!(" {number:>2} {star} ");
    let code = if row.code.is_empty() {
        String::new()
    } else {
        format!(";{}  ", clean(&row.code))
    };
    let mut words = clean(&row.title);
    let state = if !row.outdated.is_empty() {
        say::labelled(look.lang, Word::Outdated, &clean(&row.outdated))
    } else if row.retired {
        word(look.lang, Word::Retired).to_owned()
    } else {
        String::new()
    };
    if !state.is_empty() {
        words = format!("{words}  {state}");
    }
    let when = row
        .copied
        .map_or_else(String::new, |at| format!("  {} ", say::time(look, at)));
    let used = text::width(&number) + text::width(&code) + text::width(&when);
    let room = width.saturating_sub(used);
    let words = crate::tui::line::pad(&cut(&words, room, &look.glyphs), room);
    let style = if state.is_empty() {
        theme.text
    } else {
        theme.dim
    };
    Line::from(vec![
        Span::styled(number, theme.key),
        Span::styled(code, theme.key),
        Span::styled(words, style),
        Span::styled(when, theme.dim),
    ])
}
