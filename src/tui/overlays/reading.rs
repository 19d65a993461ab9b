//! A ticket or article read above what is being done: closing it leads back.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{frame, pager};
use crate::desk::{Answer, DeskError, ErrorCode};
use crate::model::Generation;
use crate::tui::app::{App, Look};
use crate::tui::flow::Flow;
use crate::tui::line::put;
use crate::tui::panes::detail::{Shown, article, ticket};
use crate::tui::say;
use crate::words::{Word, word};

/// The overlay's state.
#[derive(Debug)]
pub struct Reading {
    /// What is read, when it has come.
    pub shown: Shown,
    /// Number of the question for it.
    pub generation: Generation,
    /// The first line drawn.
    pub top: usize,
}

impl Reading {
    /// Takes what came.
    pub fn take(&mut self, answer: Answer) {
        self.shown = match answer {
            Answer::Ticket(ticket) => Shown::Ticket(ticket),
            Answer::Article(article) => Shown::Article(article),
            _ => Shown::Failed(DeskError::new(ErrorCode::Bug)),
        };
    }
}

/// The lines of what is read, and the one to begin at.
pub fn lines(look: &Look, reading: &Reading, width: usize) -> (Vec<Line<'static>>, usize) {
    let mut flow = Flow::new(width, look.glyphs);
    let mut begin = 0;
    match &reading.shown {
        Shown::Nothing => flow.text(word(look.lang, Word::Loading), look.theme.dim),
        Shown::Ticket(view) => {
            let beside = ticket::Beside {
                relaxed: None,
                waits: None,
                suggestions: &[],
                others: Vec::new(),
            };
            ticket::set(&mut flow, look, view, &beside);
        }
        Shown::Article(view) => begin = article::set(&mut flow, look, view).1,
        Shown::Failed(error) => flow.text(&say::error(look.lang, error), look.theme.bad),
    }
    (flow.lines, begin)
}

/// Draws what is read.
pub fn render(
    app: &App,
    reading: &Reading,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let title = match &reading.shown {
        Shown::Article(_) => Word::Article,
        Shown::Nothing | Shown::Ticket(_) | Shown::Failed(_) => Word::PaneDetail,
    };
    frame::open(app, pager::area(screen), word(app.look.lang, title), buffer);
    let inner = pager::inside(screen);
    let (lines, begin) = lines(&app.look, reading, inner.width.into());
    for (line, y) in lines.iter().skip(begin + reading.top).zip(0..inner.height) {
        put(buffer, inner, y, line);
    }
    None
}
