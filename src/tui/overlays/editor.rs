//! A team setting as JSON in a multi-line editor; what is wrong with it is named by line.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, TextArea};

use super::{Outcome, Overlay, frame};
use crate::api::{Request, SettingRow, ask};
use crate::keymap::{Action, Context};
use crate::model::{Revision, Setting, TeamSettings};
use crate::tui::field::{in_text, paste_text};
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::msg::ChangeKind;
use crate::tui::notices::Weight;
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{self, Lang, Msg, Word, names, word};

/// The editor's state.
#[derive(Debug)]
pub struct Editor {
    /// Which setting.
    pub setting: Setting,
    /// The text.
    pub text: TextArea<'static>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// Whether leaving without saving was asked about.
    pub warned: bool,
    /// The revision of the value it began with.
    pub base_rev: Revision,
    before: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What.
    pub why: String,
}

impl Editor {
    /// An editor on a setting's value, with one entry a line.
    pub fn new(setting: Setting, row: &SettingRow, look: &Look) -> Self {
        let value = &row.value;
        let pretty = serde_json::from_str::<serde_json::Value>(value)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_else(|_| value.to_owned());
        let mut text = TextArea::from(pretty.lines().map(str::to_owned));
        text.set_style(look.theme.text);
        text.set_line_number_style(look.theme.dim);
        text.set_cursor_line_style(Style::new());
        // The terminal's own cursor is shown, so that input methods draw where it stands.
        text.set_cursor_style(look.theme.text);
        text.set_selection_style(look.theme.selected);
        Self {
            setting,
            text,
            problem: None,
            warned: false,
            base_rev: row.revision,
            before: pretty,
        }
    }

    /// The text as it stands.
    fn value(&self) -> String {
        self.text.lines().join("\n")
    }

    /// Whether it was changed.
    fn is_changed(&self) -> bool {
        self.value() != self.before
    }

    /// Checks the text against the setting's shape; where it is wrong, the cursor goes there.
    ///
    /// `None` = it is wrong, and [`Self::problem`] says how.
    fn checked(&mut self) -> Option<String> {
        let text = self.value();
        let mut settings = TeamSettings::default();
        let checked = TeamSettings::check(self.setting, Some(&text))
            .and_then(|()| settings.set(self.setting, Some(&text)));
        match checked {
            Ok(()) => {
                self.problem = None;
                Some(settings.get(self.setting))
            }
            Err(error) => {
                let (line, byte) = (error.source.line().max(1), error.source.column());
                let on_line = self.text.lines().get(line - 1);
                let column = on_line
                    .and_then(|text| text.get(..byte.saturating_sub(1)))
                    .map_or(0, |before| before.chars().count());
                let to = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
                self.text
                    .move_cursor(CursorMove::Jump(to(line - 1), to(column)));
                self.problem = Some(Problem {
                    line,
                    column: column + 1,
                    why: error.source.to_string(),
                });
                None
            }
        }
    }
}

impl Editor {
    fn save(&mut self, lang: Lang) -> Outcome {
        if !self.is_changed() {
            return Outcome::close().say(lang, Weight::Plain, Word::Unchanged);
        }
        let Some(value) = self.checked() else {
            return Outcome::stay();
        };
        let request = Request::SetSetting(ask::SetSetting {
            setting: self.setting,
            value: Some(value),
            base_rev: Some(self.base_rev),
        });
        Outcome::change(ChangeKind::Setting, request)
    }

    /// Leaves without saving; what was written is asked about once.
    fn leave(&mut self, lang: Lang) -> Outcome {
        if !self.is_changed() || self.warned {
            return Outcome::leave();
        }
        self.warned = true;
        Outcome::stay().say(lang, Weight::Warn, Word::Unsaved)
    }
}

impl Overlay for Editor {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        vec![Action::Save.into(), Action::Cancel.into()]
    }

    fn step(&mut self, _step: Step, _view: &View<'_>) -> Outcome {
        Outcome::stay()
    }

    /// Everything but saving and leaving is the text's.
    fn key(&mut self, action: Option<Action>, key: KeyEvent, view: &View<'_>) -> Outcome {
        match action {
            Some(Action::Save) => return self.save(view.look.lang),
            Some(Action::Cancel) => return self.leave(view.look.lang),
            _ => {}
        }
        if in_text(&mut self.text, action, key) {
            self.problem = None;
        }
        self.warned = false;
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _view: &View<'_>) -> Outcome {
        paste_text(&mut self.text, text);
        Outcome::stay()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let name = self.setting.name();
        let title = format!(
            "{}  {}",
            word(lang, Word::SettingsTitle),
            names::setting(lang, name)
        );
        let inner = frame::open(look, frame::middle(screen, 90, 26), &title, buffer);
        if inner.height < 2 {
            return None;
        }
        let area = Rect {
            height: inner.height - 1,
            ..inner
        };
        (&self.text).render(area, buffer);
        let (words, style) = match &self.problem {
            Some(problem) => {
                let (line, column) = (problem.line, problem.column);
                let why = clean(&problem.why);
                let message = Msg::WrongAt {
                    line,
                    column,
                    why: &why,
                };
                (words::text(lang, &message), theme.bad)
            }
            None => (word(lang, Word::EditorHint).to_owned(), theme.dim),
        };
        let words = cut(&words, usize::from(inner.width) - 1, &look.glyphs);
        let last = frame::below(inner, inner.height - 1);
        put(
            buffer,
            last,
            0,
            &Line::from(Span::styled(format!(" {words}"), style)),
        );
        // Where the widget scrolled to is known only once it is drawn.
        let cursor = self.text.screen_cursor();
        let (top, left) = self.text.scroll_offset();
        let to = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let x = to(cursor.col).saturating_sub(left) + self.text.line_number_width();
        let y = to(cursor.row).saturating_sub(top);
        Some((
            (area.x + x).min(area.right().saturating_sub(1)),
            (area.y + y).min(area.bottom().saturating_sub(1)),
        ))
    }
}
