//! The replies of one ticket: a digit copies one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::model::{Speaker, TicketId, is_holding};
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::words::{Word, word};

/// Characters of a reply that are shown; the copy takes all.
const LONGEST: usize = 4000;

/// The picker's state.
#[derive(Debug)]
pub struct Replies {
    /// The ticket.
    pub id: TicketId,
    /// The row under the cursor.
    pub selected: usize,
}

/// A reply to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRow {
    /// Which agent turn, from 1.
    pub turn: usize,
    /// What was said.
    pub text: String,
    /// Whether it answers nothing.
    pub holding: bool,
}

/// The agent's turns of a ticket; `None` until the ticket has come.
pub fn rows(app: &App, id: TicketId) -> Option<Vec<ReplyRow>> {
    let ticket = app.detail.ticket().filter(|ticket| ticket.row.id == id)?;
    let agents = ticket
        .dialogue
        .iter()
        .filter(|turn| turn.speaker == Speaker::Agent);
    let rows = agents.zip(1..).map(|(turn, number)| ReplyRow {
        turn: number,
        text: turn.text.chars().take(LONGEST).collect(),
        holding: is_holding(&turn.text),
    });
    Some(rows.collect())
}

/// Draws the picker: the rows above, the whole text of the one under the cursor below.
pub fn render(
    app: &App,
    replies: &Replies,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let title = word(app.look.lang, Word::RepliesTitle);
    let inner = frame::open(app, frame::middle(screen, 84, 24), title, buffer);
    let Some(rows) = rows(app, replies.id) else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    if rows.is_empty() {
        frame::placeholder(app, inner, Word::NoReplies, buffer);
        return None;
    }
    let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let list = Rect {
        height: count.min(inner.height / 2),
        ..inner
    };
    frame::rows(app, list, rows.len(), replies.selected, buffer, |at| {
        let row = rows.get(at);
        row.map_or_else(Line::default, |row| line(app, row, list.width.into()))
    });
    let chosen = rows.get(replies.selected).map_or("", |row| &row.text);
    whole(app, chosen, frame::below(inner, list.height), buffer);
    None
}

fn line(app: &App, row: &ReplyRow, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let style = if row.holding { theme.dim } else { theme.text };
    let mut words = clean(&row.text);
    if row.holding {
        words = format!("({}) {words}", word(app.look.lang, Word::Holding));
    }
    Line::from(vec![
        Span::styled(format!(" {:>2} ", row.turn), theme.key),
        Span::styled(
            cut(&words, width.saturating_sub(5), &app.look.glyphs),
            style,
        ),
    ])
}

fn whole(app: &App, words: &str, area: Rect, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    frame::rule(app, area, buffer);
    let area = frame::below(area, 1);
    let style = app.look.theme.text;
    let mut flow = Flow::new(usize::from(area.width).saturating_sub(1), app.look.glyphs);
    flow.labelled("", style, 1, words, style);
    for (line, y) in flow.lines.iter().zip(0..area.height) {
        put(buffer, area, y, line);
    }
}
