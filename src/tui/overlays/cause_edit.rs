//! A change of one cause: its name, its upper level, or the cause that takes its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::annotate::fits;
use super::{Next, Outcome, Overlay, Work, frame};
use crate::api::{CauseRow, Request, VocabularyEdit};
use crate::keymap::{Action, Context};
use crate::model::CauseStatus;
use crate::tui::hint::Hint;
use crate::tui::line::clean;
use crate::tui::msg::ChangeKind;
use crate::tui::say;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Lang, Msg, Word, word};

/// The form's state.
#[derive(Debug)]
pub struct CauseEdit {
    /// What is changed.
    pub what: Change,
    /// The cause.
    pub cause: CauseRow,
    /// All causes: to merge into, and for their upper levels.
    pub causes: Vec<CauseRow>,
    /// What is typed.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
}

/// What of a cause is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Its name.
    Name,
    /// Its upper level.
    Group,
    /// The cause that takes its place.
    Into,
}

impl CauseEdit {
    /// A form for a change of a cause.
    pub fn new(what: Change, cause: CauseRow, causes: Vec<CauseRow>) -> Self {
        let input = match what {
            Change::Name => Input::new(cause.cause.name.clone()),
            Change::Group | Change::Into => Input::default(),
        };
        Self {
            what,
            cause,
            causes,
            input,
            selected: 0,
        }
    }

    /// The rows to choose from: what the cause would become, and how that is shown.
    fn rows(&self) -> Vec<(VocabularyEdit, String)> {
        let typed = self.input.value().trim();
        let wanted = typed.to_lowercase();
        let cause = self.cause.cause.id.to_string();
        match self.what {
            Change::Name => Vec::new(),
            Change::Into => self
                .causes
                .iter()
                .filter(|row| row.cause.status == CauseStatus::Active)
                .filter(|row| row.cause.id != self.cause.cause.id && fits(row, &wanted))
                .map(|row| {
                    let into = row.cause.id.to_string();
                    let cause = cause.clone();
                    (VocabularyEdit::Merge { cause, into }, say::cause(row))
                })
                .collect(),
            Change::Group => {
                let mut groups: Vec<&str> = self
                    .causes
                    .iter()
                    .map(|row| row.cause.group.as_str())
                    .filter(|group| group.to_lowercase().contains(&wanted))
                    .chain([typed])
                    .collect();
                groups.sort_unstable();
                groups.dedup();
                // What is typed stands first.
                groups.sort_by_key(|group| *group != typed);
                groups
                    .into_iter()
                    .map(|group| {
                        let (cause, group) = (cause.clone(), group.to_owned());
                        let shown = clean(&group);
                        (VocabularyEdit::Group { cause, group }, shown)
                    })
                    .collect()
            }
        }
    }

    /// What Enter does; `None` = nothing is chosen or typed.
    fn result(&self) -> Option<(VocabularyEdit, String)> {
        match self.what {
            Change::Name => {
                let name = self.input.value().trim().to_owned();
                let cause = self.cause.cause.id.to_string();
                let shown = name.clone();
                (!name.is_empty()).then_some((VocabularyEdit::Rename { cause, name }, shown))
            }
            Change::Group | Change::Into => self.rows().into_iter().nth(self.selected),
        }
    }

    fn title(&self) -> Word {
        match self.what {
            Change::Name => Word::RenameCause,
            Change::Group => Word::GroupCause,
            Change::Into => Word::MergeCause,
        }
    }
}

impl CauseEdit {
    /// Saves the change. A merge is asked about: every ticket follows.
    fn save(&self, edit: VocabularyEdit, shown: &str, lang: Lang) -> Outcome {
        let work = Work::Change(ChangeKind::Vocabulary, Request::EditVocabulary(edit));
        if self.what != Change::Into {
            return Outcome::submit(work);
        }
        let n = Count(self.cause.given + self.cause.confirmed);
        let (name, into) = (&say::cause(&self.cause), shown);
        let question = words::text(lang, &Msg::MergeCauses { name, into, n });
        Outcome::new(Next::AskFirst { question, work })
    }
}

impl Overlay for CauseEdit {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let save = match self.what {
            Change::Name => Word::DoRename,
            Change::Group => Word::DoRegroup,
            Change::Into => Word::DoMerge,
        };
        vec![
            Hint::new(Action::Confirm, save),
            Action::MoveDown.into(),
            Hint::new(Action::NextField, Word::DoComplete),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn typed(&mut self) {
        self.selected = 0;
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        match step {
            Step::Move(way) => {
                self.selected = moved(self.selected, way, self.rows().len(), 12);
            }
            Step::Confirm | Step::Create => {
                if let Some((edit, shown)) = self.result() {
                    return self.save(edit, &shown, view.look.lang);
                }
            }
            Step::Next => {
                if let Some((_, shown)) = self.rows().into_iter().nth(self.selected) {
                    self.input = Input::new(shown);
                    self.selected = 0;
                }
            }
            Step::Cancel | Step::Toggle | Step::Previous | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let (height, label) = match self.what {
            Change::Name => (3, Word::Name),
            Change::Group => (16, Word::UpperLevel),
            Change::Into => (20, Word::Filter),
        };
        let title = format!("{}  {}", word(lang, self.title()), say::cause(&self.cause));
        let inner = frame::open(look, frame::middle(screen, 68, height), &title, buffer);
        if inner.is_empty() {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, label, &self.input, buffer);
        let rows = self.rows();
        let below = frame::below(inner, 1);
        frame::rows(look, below, rows.len(), self.selected, buffer, |at| {
            let (words, style) = match rows.get(at) {
                Some((_, shown)) if shown.is_empty() => {
                    (word(lang, Word::NoUpperLevel), look.theme.dim)
                }
                Some((_, shown)) => (shown.as_str(), look.theme.text),
                None => ("", look.theme.text),
            };
            Line::from(Span::styled(format!(" {words}"), style))
        });
        Some(cursor)
    }
}
