//! A question before something large is done.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Overlay, frame};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::put;
use crate::tui::msg::Effect;
use crate::words::{Word, word};

/// The question's state.
#[derive(Debug)]
pub struct Confirm {
    /// What is asked.
    pub question: String,
    /// What is done when the agent says yes.
    pub then: Effect,
    /// The form that asks for it, with the number of its order: it comes back when the agent says no.
    pub form: Option<(Generation, Box<Overlay>)>,
}

/// Draws the question.
pub fn render(
    app: &App,
    confirm: &Confirm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let columns = screen.width.min(64);
    let mut flow = Flow::new(usize::from(columns).saturating_sub(4), app.look.glyphs);
    flow.text(&confirm.question, app.look.theme.text);
    let rows = u16::try_from(flow.lines.len()).unwrap_or(u16::MAX);
    let area = frame::middle(screen, columns, rows.saturating_add(2));
    let title = word(app.look.lang, Word::ConfirmTitle);
    let inner = frame::open(app, area, title, buffer);
    let inner = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    for (line, y) in flow.lines.iter().zip(0..inner.height) {
        put(buffer, inner, y, line);
    }
    None
}
