//! A standard reply by its short code or a word of it; Enter copies it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use super::slots::in_words;
use crate::desk::api::{ReplyQuery, ReplyRow};
use crate::model::{Generation, ReplyId};
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::tui::measure::pinyin_finds;
use crate::words::{self, Count, Msg, Word, word};

/// The form's state.
#[derive(Debug)]
pub struct CodeForm {
    /// The standard replies, when they have come.
    pub replies: Option<Vec<ReplyRow>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// What is typed.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
    /// Whether those that are never offered are listed as well.
    pub all: bool,
    /// Whether Enter was struck before the replies came: it is done when they do.
    pub confirmed: bool,
    /// The reply that the picked one is merged into; `None` = the picked one is copied.
    pub merge_into: Option<ReplyId>,
    /// The ticket at hand, whose values stand first in the blanks.
    pub ticket: Option<String>,
}

impl CodeForm {
    /// Which replies are listed.
    pub fn query(&self) -> ReplyQuery {
        ReplyQuery {
            all: self.all,
            coded: true,
            ticket: self.ticket.clone(),
            ..ReplyQuery::default()
        }
    }

    /// The replies that fit what is typed: the one with this code first, then codes that begin
    /// so, then names and texts. One that is not offered is met by its whole code only.
    pub fn rows(&self) -> Vec<&ReplyRow> {
        let typed = self.input.value().trim().to_lowercase();
        let rank = |row: &ReplyRow| {
            let code = row.code.to_lowercase();
            if code == typed && !typed.is_empty() {
                // Of two with one code, the one that is in use.
                Some(if row.offered { 0 } else { 1 })
            } else if !row.offered && !self.all {
                None
            } else if typed.is_empty() {
                Some(usize::from(code.is_empty()))
            } else if code.starts_with(&typed) {
                Some(2)
            } else if row.title.to_lowercase().contains(&typed) || pinyin_finds(&row.title, &typed)
            {
                Some(3)
            } else if row.text.to_lowercase().contains(&typed) {
                Some(4)
            } else {
                None
            }
        };
        let mut rows: Vec<(usize, &ReplyRow)> = self
            .replies
            .iter()
            .flatten()
            .filter(|row| Some(row.id) != self.merge_into)
            .filter_map(|row| Some((rank(row)?, row)))
            .collect();
        rows.sort_by_key(|(rank, _)| *rank);
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// Draws the form: the replies above, the whole text of the one under the cursor below.
pub fn render(app: &App, form: &CodeForm, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let look = &app.look;
    let theme = &look.theme;
    let title = match form.merge_into {
        Some(_) => Word::MergeReplyTitle,
        None => Word::StandardReplies,
    };
    let title = word(look.lang, title);
    let inner = frame::open(app, frame::middle(screen, 90, 30), title, buffer);
    if inner.is_empty() {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, Word::CodeTitle, &form.input, buffer);
    let below = frame::below(inner, 1);
    if form.replies.is_none() {
        frame::placeholder(app, below, Word::Loading, buffer);
        return Some(cursor);
    }
    let rows = form.rows();
    if rows.is_empty() {
        frame::placeholder(app, below, Word::NoAdvice, buffer);
        return Some(cursor);
    }
    let list = Rect {
        height: below.height / 2,
        ..below
    };
    let width = usize::from(list.width);
    frame::rows(app, list, rows.len(), form.selected, buffer, |at| {
        let Some(row) = rows.get(at) else {
            return Line::default();
        };
        let seen = words::text(
            look.lang,
            &Msg::SeenIn {
                n: Count(row.tickets),
            },
        );
        let star = if row.favourite { "* " } else { "" };
        let state = if row.retired {
            format!("  {}", word(look.lang, Word::Retired))
        } else if let Some(into) = &row.merged_into {
            format!(
                "  {}",
                words::text(look.lang, &Msg::MergedInto { id: into.as_str() })
            )
        } else if row.outdated.is_empty() {
            String::new()
        } else {
            let heir = row.successor.map(|id| id.to_string()).unwrap_or_default();
            format!("  {}", words::outdated(look.lang, &row.outdated, &heir))
        };
        let words = format!("{star}{}  {seen}{state}", clean(&row.title));
        let code = format!(" {:<8} ", clean(&row.code));
        let room = width.saturating_sub(crate::tui::measure::width(&code));
        Line::from(vec![
            Span::styled(code, theme.key),
            Span::styled(cut(&words, room, &look.glyphs), theme.text),
        ])
    });
    let rest = frame::below(below, list.height);
    if rest.height > 1 {
        frame::rule(app, rest, buffer);
        let rest = frame::below(rest, 1);
        let mut flow = Flow::new(usize::from(rest.width).saturating_sub(2), look.glyphs);
        let text = rows.get(form.selected).map_or("", |row| row.text.as_str());
        flow.labelled("", theme.text, 1, &in_words(text), theme.text);
        for (line, y) in flow.lines.iter().zip(0..rest.height) {
            put(buffer, rest, y, line);
        }
    }
    Some(cursor)
}
