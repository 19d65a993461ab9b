//! Running text in a box: logs, history, vocabulary, settings, status.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::frame;
use crate::model::Generation;
use crate::tui::app::{App, Look};
use crate::tui::flow::Flow;
use crate::tui::line::put;
use crate::words::{Word, word};

/// The pager's state.
#[derive(Debug)]
pub struct Pager {
    /// What it shows.
    pub title: Word,
    /// Number of the question for its text.
    pub generation: Generation,
    /// The text, when it has come.
    pub text: Option<Vec<Para>>,
    /// What stands there when the text is empty.
    pub empty: Word,
    /// The first line drawn.
    pub top: usize,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Para {
    /// A heading.
    Heading(String),
    /// Plain text.
    Text(String),
    /// What matters less.
    Dim(String),
    /// A warning.
    Warn(String),
}

/// The lines of a pager.
pub fn lines(look: &Look, pager: &Pager, width: usize) -> Vec<Line<'static>> {
    let theme = &look.theme;
    let mut flow = Flow::new(width, look.glyphs);
    let Some(paras) = &pager.text else {
        flow.text(word(look.lang, Word::Loading), theme.dim);
        return flow.lines;
    };
    if paras.is_empty() {
        flow.text(word(look.lang, pager.empty), theme.dim);
    }
    for para in paras {
        match para {
            Para::Heading(words) => {
                flow.blank();
                flow.text(words, theme.heading);
            }
            Para::Text(words) => flow.text(words, theme.text),
            Para::Dim(words) => flow.text(words, theme.dim),
            Para::Warn(words) => flow.text(words, theme.warn),
        }
    }
    flow.lines
}

/// Where a pager stands.
pub fn area(screen: Rect) -> Rect {
    frame::middle(screen, 100, 32)
}

/// The inside of a pager's box.
pub fn inside(screen: Rect) -> Rect {
    let area = area(screen);
    Rect::new(
        area.x + 2.min(area.width),
        area.y + 1.min(area.height),
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

/// Draws the pager.
pub fn render(app: &App, pager: &Pager, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let title = word(app.look.lang, pager.title);
    frame::open(app, area(screen), title, buffer);
    let inner = inside(screen);
    let lines = lines(&app.look, pager, inner.width.into());
    for (line, y) in lines.iter().skip(pager.top).zip(0..inner.height) {
        put(buffer, inner, y, line);
    }
    None
}
