//! The team's settings; Enter edits one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::editor::Editor;
use super::{Outcome, Overlay, Question, WrongAnswer, frame};
use crate::api::{Answer, Request, SettingRow, ask};
use crate::keymap::Action;
use crate::model::Setting;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, pad};
use crate::tui::msg::Topic;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{Word, names, word};

/// Columns of a setting's name.
const NAME: usize = 18;

/// The list's state.
#[derive(Debug, Default)]
pub struct SettingList {
    /// The settings, when they have come.
    pub rows: Option<Vec<SettingRow>>,
    /// The row under the cursor.
    pub selected: usize,
}

impl Overlay for SettingList {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoEdit),
            Action::MoveDown.into(),
            Action::Cancel.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = self.rows.as_deref().unwrap_or_default();
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, rows.len(), 8),
            Step::Confirm => {
                let row = rows.get(self.selected);
                if let Some((setting, row)) =
                    row.and_then(|row| Some((Setting::parse(&row.name)?, row)))
                {
                    return Outcome::stay().open(Editor::new(setting, row, view.look));
                }
            }
            Step::Cancel
            | Step::Toggle
            | Step::Create
            | Step::Next
            | Step::Previous
            | Step::Delete(_)
            | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Settings,
            request: Request::Settings(ask::Settings),
        })
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn is_filled(&self) -> bool {
        self.rows.is_some()
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Settings(rows) = answer else {
            return Err(WrongAnswer);
        };
        self.rows = Some(rows);
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let count = self.rows.as_ref().map_or(1, Vec::len);
        let height = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
        let area = frame::middle(screen, 84, height);
        let inner = frame::open(look, area, word(lang, Word::SettingsTitle), buffer);
        let Some(rows) = &self.rows else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        let room = usize::from(inner.width).saturating_sub(NAME + 3);
        frame::rows(look, inner, rows.len(), self.selected, buffer, |at| {
            rows.get(at).map_or_else(Line::default, |row| {
                let name = cut(names::setting(lang, &row.name), NAME, &look.glyphs);
                let value = cut(&clean(&row.value), room, &look.glyphs);
                Line::from(vec![
                    Span::styled(format!(" {} ", pad(&name, NAME)), theme.text),
                    Span::styled(value, theme.dim),
                ])
            })
        });
        None
    }
}
