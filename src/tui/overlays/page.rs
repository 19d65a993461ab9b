//! A text over the whole screen, without any frame, to be selected by mouse.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::put;
use crate::words::{Word, word};

/// The page's state.
#[derive(Debug)]
pub struct Page {
    /// The text.
    pub text: String,
    /// The first line drawn.
    pub top: usize,
}

/// The lines of a page.
pub fn lines(app: &App, page: &Page, width: u16) -> Vec<Line<'static>> {
    let mut flow = Flow::new(width.into(), app.look.glyphs);
    flow.text(&page.text, app.look.theme.text);
    flow.lines
}

/// Draws the page.
pub fn render(app: &App, page: &Page, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    frame::clear(screen, buffer);
    let height = screen.height.saturating_sub(1);
    let lines = lines(app, page, screen.width);
    for (line, y) in lines.iter().skip(page.top).zip(0..height) {
        put(buffer, screen, y, line);
    }
    let words = word(app.look.lang, Word::PageTitle);
    let line = Line::from(Span::styled(words, app.look.theme.dim));
    put(buffer, screen, height, &line);
    None
}
