//! A change of one cause: its name, its upper level, or the cause that takes its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::annotate::fits;
use super::frame;
use super::vocabulary::full_name;
use crate::desk::api::{CauseRow, VocabularyEdit};
use crate::model::CauseStatus;
use crate::tui::app::App;
use crate::tui::line::clean;
use crate::words::{Word, word};

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
    pub fn rows(&self) -> Vec<(VocabularyEdit, String)> {
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
                    (VocabularyEdit::Merge { cause, into }, full_name(row))
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
    pub fn result(&self) -> Option<(VocabularyEdit, String)> {
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

/// Draws the form.
pub fn render(
    app: &App,
    form: &CauseEdit,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let (height, label) = match form.what {
        Change::Name => (3, Word::Name),
        Change::Group => (16, Word::UpperLevel),
        Change::Into => (20, Word::Filter),
    };
    let title = format!("{}  {}", word(lang, form.title()), full_name(&form.cause));
    let inner = frame::open(app, frame::middle(screen, 68, height), &title, buffer);
    if inner.is_empty() {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, label, &form.input, buffer);
    let rows = form.rows();
    let below = frame::below(inner, 1);
    frame::rows(app, below, rows.len(), form.selected, buffer, |at| {
        let (words, style) = match rows.get(at) {
            Some((_, shown)) if shown.is_empty() => {
                (word(lang, Word::NoUpperLevel), app.look.theme.dim)
            }
            Some((_, shown)) => (shown.as_str(), app.look.theme.text),
            None => ("", app.look.theme.text),
        };
        Line::from(Span::styled(format!(" {words}"), style))
    });
    Some(cursor)
}
