//! The annotation form: root causes from the vocabulary, new ones on purpose only, and a note.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::desk::api::{CauseChoice, CauseRow, Target};
use crate::model::{CauseStatus, Generation, is_placeholder};
use crate::tui::app::App;
use crate::tui::line::{clean, cut, pad};
use crate::tui::measure::{self as text, pinyin_finds};
use crate::tui::say;
use crate::words::{self, Count, Msg, Word, word};

/// What becomes of the causes chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// They are decided.
    Decide,
    /// They are held against those another agent confirmed.
    Dissent,
    /// They go to the look-alikes shown below the form.
    Group,
}

/// The form's state.
#[derive(Debug)]
pub struct AnnotateForm {
    /// What becomes of the causes chosen.
    pub purpose: Purpose,
    /// The tickets, with the revisions that were seen.
    pub targets: Vec<Target>,
    /// What the form is about: a ticket's title, or how many tickets.
    pub subject: String,
    /// Causes the ticket has now, offered first.
    pub current: Vec<String>,
    /// The vocabulary, when it has come.
    pub vocabulary: Option<Vec<CauseRow>>,
    /// Number of the question for it.
    pub generation: Generation,
    /// What the causes must hold.
    pub input: Input,
    /// Why.
    pub note: Input,
    /// Which field is typed in.
    pub field: Field,
    /// Causes chosen, in the order they were.
    pub chosen: Vec<CauseChoice>,
    /// The row under the cursor.
    pub selected: usize,
}

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The causes.
    Causes,
    /// The note.
    Note,
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A cause of the vocabulary, with how often it is used.
    Known {
        /// Its name.
        name: String,
        /// Its upper level.
        group: String,
        /// Tickets that carry it as given.
        given: usize,
        /// Tickets for which it was confirmed.
        confirmed: usize,
    },
    /// What is typed or was chosen, as a new cause.
    New(String),
    /// That there is no cause.
    Nothing,
}

impl AnnotateForm {
    /// The rows that fit what is typed: new ones chosen, causes the ticket has, others, and what
    /// is typed as a new one last.
    pub fn rows(&self) -> Vec<Choice> {
        let typed = self.input.value().trim();
        let wanted = typed.to_lowercase();
        let mut rows: Vec<Choice> = self
            .vocabulary
            .iter()
            .flatten()
            .filter(|row| row.cause.status == CauseStatus::Active)
            .filter(|row| !is_placeholder(&row.cause.name) && fits(row, &wanted))
            .map(known)
            .collect();
        rows.sort_by_key(|row| !self.is_current(row));
        if typed.is_empty() {
            let new = self.chosen.iter().filter_map(|choice| match choice {
                CauseChoice::New(name) => Some(Choice::New(name.clone())),
                CauseChoice::Known(_) => None,
            });
            rows.splice(0..0, new);
            rows.push(Choice::Nothing);
        } else if !self.knows(typed) {
            rows.push(Choice::New(typed.to_owned()));
        }
        rows
    }

    fn is_current(&self, row: &Choice) -> bool {
        match row {
            Choice::Known { name, .. } => self.current.contains(name),
            Choice::New(_) | Choice::Nothing => false,
        }
    }

    fn knows(&self, name: &str) -> bool {
        self.vocabulary
            .iter()
            .flatten()
            .any(|row| row.cause.name == name || row.cause.aliases.iter().any(|a| a == name))
    }

    /// Whether a row is chosen.
    pub fn has(&self, row: &Choice) -> bool {
        choice_of(row).is_some_and(|choice| self.chosen.contains(&choice))
    }

    /// Whether something was typed or chosen.
    pub fn is_filled(&self) -> bool {
        let typed = |input: &Input| !input.value().is_empty();
        typed(&self.input) || typed(&self.note) || !self.chosen.is_empty()
    }

    /// Chooses a row, or takes the choice back; what was typed to find it goes.
    pub fn toggle(&mut self, row: &Choice) {
        let Some(choice) = choice_of(row) else {
            return;
        };
        match self.chosen.iter().position(|known| *known == choice) {
            Some(at) => {
                self.chosen.remove(at);
            }
            None => self.chosen.push(choice),
        }
        if !self.input.value().is_empty() {
            self.input.reset();
            self.selected = 0;
        }
    }

    /// What Enter saves: what was chosen, and the row found by typing or nothing else chosen.
    ///
    /// `None` = there is nothing under the cursor to save, or only a cause that would be new: a
    /// slip of the keys must not make one, so it is chosen by its own key or gone down to.
    pub fn result(&self) -> Option<Vec<CauseChoice>> {
        let mut causes = self.chosen.clone();
        let typed = !self.input.value().trim().is_empty();
        if !typed && !causes.is_empty() {
            return Some(causes);
        }
        let row = self.rows().into_iter().nth(self.selected)?;
        if matches!(row, Choice::New(_)) && self.selected == 0 && !self.has(&row) {
            return None;
        }
        if let Some(choice) = choice_of(&row)
            && !causes.contains(&choice)
        {
            causes.push(choice);
        }
        Some(causes)
    }
}

fn choice_of(row: &Choice) -> Option<CauseChoice> {
    match row {
        Choice::Known { name, .. } => Some(CauseChoice::Known(name.clone())),
        Choice::New(name) => Some(CauseChoice::New(name.clone())),
        Choice::Nothing => None,
    }
}

fn known(row: &CauseRow) -> Choice {
    Choice::Known {
        name: row.cause.name.clone(),
        group: row.cause.group.clone(),
        given: row.given,
        confirmed: row.confirmed,
    }
}

/// Whether a cause fits what is typed: by name, alias or upper level, or by pinyin.
pub fn fits(row: &CauseRow, typed: &str) -> bool {
    typed.is_empty()
        || std::iter::once(&row.cause.name)
            .chain(&row.cause.aliases)
            .chain([&row.cause.group])
            .any(|name| name.to_lowercase().contains(typed) || pinyin_finds(name, typed))
}

/// Draws the form.
pub fn render(
    app: &App,
    form: &AnnotateForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let title = match form.purpose {
        Purpose::Decide => Word::AnnotateTitle,
        Purpose::Dissent => Word::DissentTitle,
        Purpose::Group => Word::GroupTitle,
    };
    let title = word(app.look.lang, title);
    let title = format!("{title}  {}", form.subject);
    let area = frame::middle(screen, 76, 22);
    let inner = frame::open(app, area, &title, buffer);
    if inner.height < 3 {
        return None;
    }
    let causes = frame::labelled_field(app, inner, Word::Filter, &form.input, buffer);
    let note_row = Rect::new(inner.x, inner.bottom() - 1, inner.width, 1);
    let note = frame::labelled_field(app, note_row, Word::Note, &form.note, buffer);
    let list = frame::below(inner, 1);
    let list = Rect {
        height: list.height - 1,
        ..list
    };
    if form.vocabulary.is_none() {
        frame::placeholder(app, list, Word::Loading, buffer);
    } else {
        let rows = form.rows();
        frame::rows(app, list, rows.len(), form.selected, buffer, |at| {
            let row = rows.get(at);
            row.map_or_else(Line::default, |row| line(app, form, row, list.width.into()))
        });
    }
    Some(match form.field {
        Field::Causes => causes,
        Field::Note => note,
    })
}

fn line(app: &App, form: &AnnotateForm, row: &Choice, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let glyphs = &app.look.glyphs;
    let lang = app.look.lang;
    let chosen = form.has(row);
    let mark = Span::styled(if chosen { " [x] " } else { " [ ] " }, theme.key);
    match row {
        Choice::Known {
            name,
            group,
            given,
            confirmed,
        } => {
            let (given, confirmed) = (Count(*given), Count(*confirmed));
            let usage = words::text(lang, &Msg::CauseUse { given, confirmed });
            let usage = format!("{} ", usage.replace('·', glyphs.dot));
            let room = width.saturating_sub(6 + text::width(&usage));
            let shown = format!("{}  {}", clean(name), clean(group));
            let style = match (chosen, form.is_current(row)) {
                (true, _) => theme.good,
                (false, true) => theme.warn,
                (false, false) => theme.text,
            };
            let shown = pad(&cut(shown.trim_end(), room, glyphs), room + 1);
            Line::from(vec![
                mark,
                Span::styled(shown, style),
                Span::styled(usage, theme.dim),
            ])
        }
        Choice::New(name) => {
            let words = say::labelled(lang, Word::NewCause, &clean(name));
            let words = cut(&words, width.saturating_sub(5), glyphs);
            Line::from(vec![mark, Span::styled(words, theme.warn)])
        }
        Choice::Nothing => {
            let what = match form.purpose {
                Purpose::Decide | Purpose::Group => Word::NoCause,
                Purpose::Dissent => Word::NotThese,
            };
            let words = format!("  -  {}", word(lang, what));
            Line::from(Span::styled(words, theme.dim))
        }
    }
}
