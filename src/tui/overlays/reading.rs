//! A ticket or article read above what is being done: closing it leads back.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Outcome, Overlay, Question, WrongAnswer, frame, pager};
use crate::api::{Answer, Request, TicketOrArticle, ask};
use crate::keymap::Action;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::put;
use crate::tui::look::Look;
use crate::tui::msg::Topic;
use crate::tui::panes::detail::{Shown, article, ticket};
use crate::tui::say;
use crate::tui::scroll::{self, Part};
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{Word, word};

/// The overlay's state.
#[derive(Debug)]
pub struct Reading {
    id: String,
    /// What is read, when it has come.
    shown: Shown,
    /// The first line drawn.
    top: usize,
}

impl Reading {
    /// Opens a ticket or an article.
    pub fn new(id: String) -> Self {
        Self {
            id,
            shown: Shown::Nothing,
            top: 0,
        }
    }
}

/// The lines of what is read, and the one to begin at.
fn lines(look: &Look, reading: &Reading, width: usize) -> (Vec<Line<'static>>, usize) {
    let mut flow = Flow::new(width, look.glyphs);
    let mut begin = 0;
    match &reading.shown {
        Shown::Nothing => flow.text(word(look.lang, Word::Loading), look.theme.dim),
        Shown::Ticket(view) => {
            let beside = ticket::Beside {
                relaxed: None,
                waits: None,
                suggestions: &[],
                holding: ticket::Holding::Shown,
                others: Vec::new(),
            };
            ticket::set(&mut flow, look, view, &beside);
        }
        Shown::Article(view) => begin = article::set(&mut flow, look, view).1,
        Shown::Failed(error) => flow.text(&say::error(look.lang, error), look.theme.bad),
    }
    (flow.lines, begin)
}

impl Overlay for Reading {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Action::Cancel.into(),
            Action::MoveDown.into(),
            Action::PageDown.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let (lines, begin) = lines(view.look, self, pager::columns(view.screen));
        let count = lines.len() - begin;
        let height = pager::inside(pager::area(view.screen, count)).height;
        pager::scroll(&mut self.top, step, count, height.into())
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Reading,
            request: Request::Show(ask::Show {
                id: self.id.clone(),
            }),
        })
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        self.shown = match answer {
            Answer::Shown(TicketOrArticle::Ticket(ticket)) => Shown::Ticket(ticket),
            Answer::Shown(TicketOrArticle::Article(article)) => Shown::Article(article),
            _ => return Err(WrongAnswer),
        };
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = match &self.shown {
            Shown::Article(_) => Word::Article,
            Shown::Nothing | Shown::Ticket(_) | Shown::Failed(_) => Word::PaneDetail,
        };
        let (lines, begin) = lines(look, self, pager::columns(screen));
        let area = pager::area(screen, lines.len() - begin);
        frame::open(look, area, word(look.lang, title), buffer);
        let inner = pager::inside(area);
        for (line, y) in lines.iter().skip(begin + self.top).zip(0..inner.height) {
            put(buffer, inner, y, line);
        }
        let part = Part {
            top: self.top,
            height: inner.height.into(),
            lines: lines.len() - begin,
        };
        scroll::on_box(look, area, part, buffer);
        None
    }
}
