//! A customer's message, to find what is like it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Outcome, Overlay, advise, frame};
use crate::keymap::{Action, Context};
use crate::tui::field;
use crate::tui::hint::Hint;
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{Word, word};

/// The form's state.
#[derive(Debug, Default)]
pub struct PasteForm {
    /// What is typed; a paste is taken at once.
    pub input: Input,
}

impl Overlay for PasteForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoAdvise),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        match step {
            Step::Confirm => advise(Outcome::close(), self.input.value(), view),
            Step::Move(_)
            | Step::Cancel
            | Step::Toggle
            | Step::Create
            | Step::Next
            | Step::Previous
            | Step::Delete(_)
            | Step::Reply(_) => Outcome::stay(),
        }
    }

    fn paste(&mut self, text: &str, view: &View<'_>) -> Outcome {
        advise(Outcome::close(), text, view)
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let area = frame::middle(screen, 72, 3);
        let title = word(look.lang, Word::AnswerTitle);
        let inner = frame::open(look, area, title, buffer);
        if inner.is_empty() {
            return None;
        }
        Some(field::render(&self.input, inner, look.theme.text, buffer).cursor)
    }
}
