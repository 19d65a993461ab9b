//! A text over the whole screen, without any frame, to be selected by mouse.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pager::scroll;
use super::{Backdrop, Outcome, Overlay, frame};
use crate::keymap::Action;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::put;
use crate::tui::look::Look;
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{Word, word};

/// The page's state.
#[derive(Debug)]
pub struct Page {
    /// The text.
    pub text: String,
    /// The first line drawn.
    pub top: usize,
}

impl Page {
    fn lines(&self, look: &Look, width: u16) -> Vec<Line<'static>> {
        let mut flow = Flow::new(width.into(), look.glyphs);
        flow.text(&self.text, look.theme.text);
        flow.lines
    }
}

impl Overlay for Page {
    fn footer(&self) -> Vec<Hint> {
        vec![Action::Cancel.into()]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let screen = view.screen;
        let lines = self.lines(view.look, screen.width).len();
        let height = usize::from(screen.height.saturating_sub(1));
        scroll(&mut self.top, step, lines, height)
    }

    /// Any key leads back.
    fn unbound(&mut self, _key: KeyEvent, _view: &View<'_>) -> Outcome {
        Outcome::close()
    }

    fn backdrop(&self) -> Backdrop {
        Backdrop::Keep
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        frame::clear(screen, buffer);
        let height = screen.height.saturating_sub(1);
        let lines = self.lines(look, screen.width);
        for (line, y) in lines.iter().skip(self.top).zip(0..height) {
            put(buffer, screen, y, line);
        }
        let words = word(look.lang, Word::PageTitle);
        let line = Line::from(Span::styled(words, look.theme.dim));
        put(buffer, screen, height, &line);
        None
    }
}
