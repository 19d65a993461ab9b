//! What can be said to one ticket: its own turns, then standard replies; a digit copies one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use super::slots::in_words;
use crate::desk::api::Offered;
use crate::model::{Generation, Speaker, TicketId, is_holding};
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::words::{self, Count, Msg, Word, word};

/// Characters of a reply that are shown; the copy takes all.
const LONGEST: usize = 4000;

/// The picker's state.
#[derive(Debug)]
pub struct Replies {
    /// The ticket.
    pub id: TicketId,
    /// Standard replies for it, when they have come.
    pub offers: Vec<Offered>,
    /// Number of the question for them.
    pub generation: Generation,
    /// The row under the cursor.
    pub selected: usize,
}

/// A reply to pick.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplyRow {
    /// The ticket's own.
    Turn {
        /// Which agent turn, from 1.
        turn: usize,
        /// What was said.
        text: String,
        /// Whether it answers nothing.
        holding: bool,
    },
    /// A standard reply.
    Standard(Offered),
}

impl ReplyRow {
    fn text(&self) -> &str {
        match self {
            Self::Turn { text, .. } => text,
            Self::Standard(offer) => &offer.text,
        }
    }
}

/// The agent's turns of a ticket, then what is offered; `None` until the ticket has come.
pub fn rows(app: &App, list: &Replies) -> Option<Vec<ReplyRow>> {
    let ticket = app
        .detail
        .ticket()
        .filter(|ticket| ticket.row.id == list.id)?;
    let agents = ticket
        .dialogue
        .iter()
        .filter(|turn| turn.speaker == Speaker::Agent);
    let turns = agents.zip(1..).map(|(turn, number)| ReplyRow::Turn {
        turn: number,
        text: turn.text.chars().take(LONGEST).collect(),
        holding: is_holding(&turn.text),
    });
    // Its own turns are listed above in any case.
    let standard = list.offers.iter().filter(|offer| offer.reply.is_some());
    Some(
        turns
            .chain(standard.cloned().map(ReplyRow::Standard))
            .collect(),
    )
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
    let Some(rows) = rows(app, replies) else {
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
        row.map_or_else(Line::default, |row| {
            line(app, at + 1, row, list.width.into())
        })
    });
    let chosen = rows.get(replies.selected).map_or("", ReplyRow::text);
    whole(
        app,
        &in_words(chosen),
        frame::below(inner, list.height),
        buffer,
    );
    None
}

fn line(app: &App, number: usize, row: &ReplyRow, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let lang = app.look.lang;
    let (words, style) = match row {
        ReplyRow::Turn {
            text,
            holding: true,
            ..
        } => {
            let words = format!("({}) {}", word(lang, Word::Holding), clean(text));
            (words, theme.dim)
        }
        ReplyRow::Turn { text, .. } => (clean(text), theme.text),
        ReplyRow::Standard(offer) => {
            let n = Count(offer.tickets);
            let seen = words::text(lang, &Msg::SeenIn { n });
            let label = word(lang, Word::Standard);
            let star = if offer.favourite { "*" } else { "" };
            let words = format!("[{label}]{star} {}  {seen}", clean(&offer.title));
            (words, theme.good)
        }
    };
    Line::from(vec![
        Span::styled(format!(" {number:>2} "), theme.key),
        Span::styled(
            cut(&words, width.saturating_sub(5), &app.look.glyphs),
            style,
        ),
    ])
}

/// Draws a text below a rule.
pub fn whole(app: &App, words: &str, area: Rect, buffer: &mut Buffer) {
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
