//! The vocabulary of root causes: type to filter, Enter shows what can be done with a cause.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::annotate::fits;
use super::cause_edit::{CauseEdit, Change};
use super::menu::{Entry, Menu};
use super::{Command, Outcome, Overlay, Question, Work, WrongAnswer, as_kind_mut, frame};
use crate::api::{Answer, CauseRow, Request, VocabularyEdit, ask};
use crate::keymap::{Action, Context};
use crate::model::CauseStatus;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, pad};
use crate::tui::look::Look;
use crate::tui::msg::{ChangeKind, Topic};
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::tui::{measure as text, say};
use crate::words::{self, Count, Lang, Msg, Word, names, word};

/// The list's state.
#[derive(Debug, Default)]
pub struct VocabularyList {
    /// The vocabulary, when it has come.
    pub causes: Option<Vec<CauseRow>>,
    /// What the causes must hold.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum VocabularyRow {
    /// A cause.
    Known(CauseRow),
    /// What is typed, as a new cause: its upper level and its name.
    New {
        /// Upper level; empty = none.
        group: String,
        /// Name.
        name: String,
    },
}

impl VocabularyList {
    /// The rows that fit what is typed; what is typed as a new cause last.
    fn rows(&self) -> Vec<VocabularyRow> {
        let typed = self.input.value().trim();
        let wanted = typed.to_lowercase();
        let all = self.causes.iter().flatten();
        let mut rows: Vec<VocabularyRow> = all
            .clone()
            .filter(|row| fits(row, &wanted))
            .cloned()
            .map(VocabularyRow::Known)
            .collect();
        let (group, name) = match typed.split_once(['/', '／']) {
            Some((group, name)) => (group.trim(), name.trim()),
            None => ("", typed),
        };
        let known = all.clone().any(|row| row.cause.name == name);
        if !name.is_empty() && !known && self.causes.is_some() {
            rows.push(VocabularyRow::New {
                group: group.to_owned(),
                name: name.to_owned(),
            });
        }
        rows
    }
}

/// What stands after a cause: its use, and where it is not offered any more.
fn usage(lang: Lang, row: &CauseRow) -> String {
    let (given, confirmed) = (Count(row.given), Count(row.confirmed));
    let usage = words::text(lang, &Msg::CauseUse { given, confirmed });
    match row.cause.status {
        CauseStatus::Active => usage,
        CauseStatus::Retired => format!("({})  {usage}", names::cause_status(lang, "retired")),
        CauseStatus::Merged(_) => format!("({})  {usage}", names::cause_status(lang, "merged")),
    }
}

impl VocabularyList {
    /// Makes a cause of what is typed; the list stays for the next.
    fn create(&mut self, group: String, name: String) -> Outcome {
        let edit = VocabularyEdit::Create { name, group };
        let sent = Self {
            causes: self.causes.clone(),
            input: std::mem::take(&mut self.input),
            selected: std::mem::take(&mut self.selected),
        };
        let work = Work::Change(ChangeKind::Vocabulary, Request::EditVocabulary(edit));
        Outcome::stay().and(Command::SubmitPart(Box::new(sent), work))
    }

    /// What can be done with a cause.
    fn menu(&self, row: &CauseRow) -> Menu {
        let query = format!("因:\"{}\" ", row.cause.name);
        let list = Outcome::close().and(Command::ShowQuery(query));
        let mut entries = vec![Entry::new(Word::OnlyCause, list)];
        let cause = row.cause.id.to_string();
        match row.cause.status {
            CauseStatus::Active => {
                for (label, what) in [
                    (Word::RenameCause, Change::Name),
                    (Word::MergeCause, Change::Into),
                    (Word::GroupCause, Change::Group),
                ] {
                    let causes = self.causes.clone().unwrap_or_default();
                    let form = CauseEdit::new(what, row.clone(), causes);
                    entries.push(Entry::new(label, Outcome::close().open(form)));
                }
                let retire = changed(VocabularyEdit::Retire { cause });
                entries.push(Entry::new(Word::RetireCause, retire));
            }
            CauseStatus::Retired => {
                let revive = changed(VocabularyEdit::Revive { cause });
                entries.push(Entry::new(Word::ReviveCause, revive));
            }
            // Undoing the merge is the way back.
            CauseStatus::Merged(_) => {}
        }
        Menu::new(say::cause(row), entries)
    }
}

fn changed(edit: VocabularyEdit) -> Outcome {
    let request = Request::EditVocabulary(edit);
    Outcome::close().and(Command::Change(ChangeKind::Vocabulary, request))
}

impl Overlay for VocabularyList {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let pick = match self.rows().get(self.selected) {
            Some(VocabularyRow::New { .. }) => Word::DoNew,
            Some(VocabularyRow::Known(_)) | None => Word::DoMenu,
        };
        vec![
            Hint::new(Action::Confirm, pick),
            Action::MoveDown.into(),
            Hint::new(Action::CreateChoice, Word::DoNew),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn typed(&mut self) {
        self.selected = 0;
    }

    fn step(&mut self, step: Step, _view: &View<'_>) -> Outcome {
        let mut rows = self.rows();
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, rows.len(), 20),
            Step::Confirm => match rows.into_iter().nth(self.selected) {
                Some(VocabularyRow::Known(cause)) => {
                    return Outcome::stay().open(self.menu(&cause));
                }
                Some(VocabularyRow::New { group, name }) => return self.create(group, name),
                None => {}
            },
            Step::Create => {
                if let Some(VocabularyRow::New { group, name }) = rows.pop() {
                    return self.create(group, name);
                }
            }
            Step::Cancel
            | Step::Toggle
            | Step::Next
            | Step::Previous
            | Step::Delete(_)
            | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Vocabulary,
            request: Request::Vocabulary(ask::Vocabulary),
        })
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn is_filled(&self) -> bool {
        self.causes.is_some()
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Vocabulary(rows) = answer else {
            return Err(WrongAnswer);
        };
        self.causes = Some(rows);
        Ok(Outcome::stay())
    }

    /// Takes a new cause back that was not made, unless another is being typed.
    fn take_back(&mut self, sent: &mut dyn Overlay) -> bool {
        let Some(sent) = as_kind_mut::<Self>(sent).filter(|_| self.input.value().is_empty()) else {
            return false;
        };
        (self.input, self.selected) = (sent.input.clone(), sent.selected);
        true
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let area = frame::middle(
            screen,
            84,
            frame::rows_for(self.causes.as_ref().map_or(0, Vec::len) + 2, 30),
        );
        let inner = frame::open(look, area, word(lang, Word::VocabularyTitle), buffer);
        if inner.is_empty() {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, Word::Filter, &self.input, buffer);
        let below = frame::below(inner, 1);
        if self.causes.is_none() {
            frame::placeholder(look, below, Word::Loading, buffer);
            return Some(cursor);
        }
        let rows = self.rows();
        if rows.is_empty() {
            frame::placeholder(look, below, Word::NoCausesYet, buffer);
        }
        let width = usize::from(below.width);
        frame::rows(look, below, rows.len(), self.selected, buffer, |at| {
            rows.get(at)
                .map_or_else(Line::default, |row| line(look, row, width))
        });
        Some(cursor)
    }
}

fn line(look: &Look, row: &VocabularyRow, width: usize) -> Line<'static> {
    let theme = &look.theme;
    let glyphs = &look.glyphs;
    match row {
        VocabularyRow::Known(row) => {
            let usage = usage(look.lang, row).replace('·', glyphs.dot);
            let room = width.saturating_sub(text::width(&usage) + 4);
            let style = match row.cause.status {
                CauseStatus::Active => theme.text,
                CauseStatus::Retired | CauseStatus::Merged(_) => theme.dim,
            };
            let name = pad(&cut(&say::cause(row), room, glyphs), room + 1);
            Line::from(vec![
                Span::styled(format!(" {name} "), style),
                Span::styled(usage, theme.dim),
            ])
        }
        VocabularyRow::New { group, name } => {
            let name = if group.is_empty() {
                clean(name)
            } else {
                format!("{} / {}", clean(group), clean(name))
            };
            let words = say::labelled(look.lang, Word::NewCause, &name);
            let words = cut(&words, width.saturating_sub(4), glyphs);
            Line::from(Span::styled(format!(" + {words}"), theme.warn))
        }
    }
}
