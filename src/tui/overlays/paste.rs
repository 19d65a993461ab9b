//! A customer's message, to find what is like it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use super::frame;
use crate::tui::app::App;
use crate::tui::field;
use crate::words::{Word, word};

/// The form's state.
#[derive(Debug, Default)]
pub struct PasteForm {
    /// What is typed; a paste is taken at once.
    pub input: Input,
}

/// Draws the form.
pub fn render(
    app: &App,
    form: &PasteForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let area = frame::middle(screen, 72, 3);
    let title = word(app.look.lang, Word::AnswerTitle);
    let inner = frame::open(app, area, title, buffer);
    if inner.is_empty() {
        return None;
    }
    Some(field::render(&form.input, inner, app.look.theme.text, buffer).cursor)
}
