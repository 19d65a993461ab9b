//! The datasets; Enter lists one's tickets only.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::confirm::Confirm;
use super::menu::{Entry, Menu};
use super::{Command, Outcome, Overlay, Question, Work, WrongAnswer, frame};
use crate::api::{Answer, DatasetRow, Request, ask};
use crate::keymap::Action;
use crate::tui::hint::Hint;
use crate::tui::line::clean;
use crate::tui::msg::{ChangeKind, Topic};
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Lang, Msg, Word, word};

/// The list's state.
#[derive(Debug, Default)]
pub struct DatasetList {
    /// The datasets, when they have come.
    pub rows: Option<Vec<DatasetRow>>,
    /// The row under the cursor.
    pub selected: usize,
}

/// What can be done with a dataset. Its removal is asked about, with how many tickets go with it.
fn menu(row: &DatasetRow, lang: Lang) -> Menu {
    let name = clean(&row.name);
    let n = Count(row.only_here);
    let question = words::text(lang, &Msg::RemoveDataset { name: &name, n });
    let request = Request::RemoveDataset(ask::RemoveDataset {
        name: row.name.clone(),
    });
    let work = Work::Change(ChangeKind::RemoveDataset, request);
    let only = Outcome::close().and(Command::OnlyDataset(row.name.clone()));
    let remove = Outcome::close().open(Confirm { question, work });
    Menu::new(
        row.name.clone(),
        vec![
            Entry::new(Word::OnlyDataset, only),
            Entry::new(Word::RemoveDataset, remove),
        ],
    )
}

impl Overlay for DatasetList {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoMenu),
            Action::MoveDown.into(),
            Action::Cancel.into(),
        ]
    }

    /// Enter shows what can be done with a dataset.
    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = self.rows.as_deref().unwrap_or_default();
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, rows.len(), 10),
            Step::Confirm => {
                if let Some(row) = rows.get(self.selected) {
                    return Outcome::stay().open(menu(row, view.look.lang));
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
            topic: Topic::Datasets,
            request: Request::Datasets(ask::Datasets),
        })
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn is_filled(&self) -> bool {
        self.rows.is_some()
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Datasets(rows) = answer else {
            return Err(WrongAnswer);
        };
        self.rows = Some(rows);
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let count = self.rows.as_ref().map_or(1, |rows| rows.len().max(1));
        let height = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
        let area = frame::middle(screen, 70, height);
        let inner = frame::open(look, area, word(lang, Word::DatasetsTitle), buffer);
        let Some(rows) = &self.rows else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        frame::rows(look, inner, rows.len(), self.selected, buffer, |at| {
            rows.get(at).map_or_else(Line::default, |row| {
                let counts = Msg::DatasetCounts {
                    tickets: Count(row.tickets),
                    articles: Count(row.articles),
                };
                Line::from(vec![
                    Span::styled(format!(" {}  ", clean(&row.name)), theme.text),
                    Span::styled(words::text(lang, &counts), theme.dim),
                ])
            })
        });
        None
    }
}
