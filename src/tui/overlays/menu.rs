//! A short menu of what can be done with one thing: a digit or Enter does it.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Outcome, Overlay, frame, row_of};
use crate::keymap::Action;
use crate::tui::hint::Hint;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{Word, word};

/// The menu's state. What each entry does comes from whoever opens the menu.
#[derive(Debug)]
pub struct Menu {
    /// What it is about.
    title: String,
    entries: Vec<Entry>,
    /// The row under the cursor.
    selected: usize,
}

/// Something that can be done.
#[derive(Debug)]
pub struct Entry {
    label: Word,
    outcome: Outcome,
}

impl Entry {
    /// An entry and what picking it leads to.
    pub fn new(label: Word, outcome: Outcome) -> Self {
        Self { label, outcome }
    }
}

impl Menu {
    /// A menu of these entries.
    pub fn new(title: String, entries: Vec<Entry>) -> Self {
        Self {
            title,
            entries,
            selected: 0,
        }
    }

    /// Does what an entry says; the menu closes with it.
    fn pick(&mut self, at: usize) -> Outcome {
        if at < self.entries.len() {
            self.entries.swap_remove(at).outcome
        } else {
            Outcome::stay()
        }
    }
}

impl Overlay for Menu {
    fn footer(&self) -> Vec<Hint> {
        let entry = self.entries.get(self.selected);
        let pick = entry.map(|entry| Hint::new(Action::Confirm, entry.label));
        let rest = [Action::MoveDown, Action::Cancel].map(Hint::from);
        pick.into_iter().chain(rest).collect()
    }

    fn step(&mut self, step: Step, _view: &View<'_>) -> Outcome {
        match step {
            Step::Move(way) => {
                self.selected = moved(self.selected, way, self.entries.len(), 8);
                Outcome::stay()
            }
            Step::Confirm => self.pick(self.selected),
            Step::Cancel
            | Step::Toggle
            | Step::Create
            | Step::Next
            | Step::Previous
            | Step::Delete(_)
            | Step::Reply(_) => Outcome::stay(),
        }
    }

    fn unbound(&mut self, key: KeyEvent, _view: &View<'_>) -> Outcome {
        row_of(key).map_or_else(Outcome::stay, |at| self.pick(at))
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let count = self.entries.len();
        let rows = u16::try_from(count).unwrap_or(u16::MAX);
        let area = frame::middle(screen, 56, rows.saturating_add(2));
        let inner = frame::open(look, area, &self.title, buffer);
        frame::rows(look, inner, count, self.selected, buffer, |at| {
            let entry = self.entries.get(at);
            let words = entry.map_or("", |entry| word(look.lang, entry.label));
            Line::from(vec![
                Span::styled(format!(" {} ", at + 1), look.theme.key),
                Span::styled(words, look.theme.text),
            ])
        });
        None
    }
}
