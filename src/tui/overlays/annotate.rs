//! The annotation form: root causes from the vocabulary, new ones on purpose only, and a note.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Command, Handed, Outcome, Overlay, Question, Work, WrongAnswer, confirm, edit, frame};
use crate::api::{Annotate, Answer, Ballot, CastVote, CauseChoice, CauseRow, Request, Target};
use crate::keymap::{Action, Context};
use crate::model::{CauseStatus, is_placeholder};
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, pad};
use crate::tui::look::Look;
use crate::tui::measure::{self as text, pinyin_finds};
use crate::tui::msg::{ChangeKind, Topic};
use crate::tui::notices::Weight;
use crate::tui::say;
use crate::tui::step::{Step, moved};
use crate::tui::view::{Subject, View};
use crate::words::{self, Count, Lang, Msg, Word, word};

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

impl AnnotateForm {
    /// A form for the causes of these tickets.
    pub fn new(purpose: Purpose, subject: Subject) -> Self {
        Self {
            purpose,
            targets: subject.targets,
            subject: subject.name,
            current: subject.current,
            vocabulary: None,
            input: Input::default(),
            note: Input::default(),
            field: Field::Causes,
            chosen: Vec::new(),
            selected: 0,
        }
    }

    /// The form for the marked or selected tickets; `None` = an article or nothing.
    pub fn of(purpose: Purpose, view: &View<'_>) -> Option<Self> {
        Some(Self::new(purpose, view.subject()?))
    }

    /// The form with a note that was written before.
    #[must_use]
    pub fn with_note(mut self, note: String) -> Self {
        self.note = Input::new(note);
        self
    }

    fn save(&self, lang: Lang) -> Outcome {
        let Some(causes) = self.result().filter(|_| self.vocabulary.is_some()) else {
            return Outcome::stay().say(lang, Weight::Plain, Word::NewCauseHint);
        };
        let note = self.note.value().trim().to_owned();
        match self.purpose {
            Purpose::Decide => self.decide(lang, causes, note),
            Purpose::Dissent => {
                let ids = self.targets.iter().map(|target| target.id.clone());
                let vote = CastVote {
                    ids: ids.collect(),
                    ballot: Ballot::Differ(causes),
                    note,
                };
                Outcome::change(ChangeKind::Vote, Request::Vote(vote))
            }
            Purpose::Group => Outcome::close().and(Command::Hand(Handed::Causes(causes, note))),
        }
    }

    fn decide(&self, lang: Lang, causes: Vec<CauseChoice>, note: String) -> Outcome {
        let names = say::cause_names(lang, &causes);
        let n = Count(self.targets.len());
        let question = words::text(lang, &Msg::AnnotatedMany { n, causes: &names });
        let request = Request::Annotate(Annotate {
            targets: self.targets.clone(),
            causes,
            note,
        });
        confirm::first_if_many(n, question, Work::Change(ChangeKind::Annotate, request))
    }
}

impl Overlay for AnnotateForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let save = match self.purpose {
            Purpose::Decide => Word::DoAnnotate,
            Purpose::Dissent => Word::DoDissent,
            Purpose::Group => Word::DoChoose,
        };
        let next = match self.field {
            Field::Causes => Word::DoNote,
            Field::Note => Word::DoCauses,
        };
        vec![
            Hint::new(Action::Confirm, save),
            Hint::new(Action::ToggleChoice, Word::DoTick),
            Hint::new(Action::NextField, next),
            Hint::new(Action::CreateChoice, Word::DoNew),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(match self.field {
            Field::Causes => &mut self.input,
            Field::Note => &mut self.note,
        })
    }

    fn typed(&mut self) {
        if self.field == Field::Causes {
            self.selected = 0;
        }
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = self.rows();
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, rows.len(), 16),
            Step::Next | Step::Previous => {
                self.field = match self.field {
                    Field::Causes => Field::Note,
                    Field::Note => Field::Causes,
                };
            }
            Step::Toggle => {
                if let Some(row) = rows.get(self.selected) {
                    self.toggle(row);
                }
            }
            Step::Create => {
                let new = rows.iter().find(|row| matches!(row, Choice::New(_)));
                if let Some(row) = new.filter(|row| !self.has(row)) {
                    self.toggle(row);
                }
            }
            Step::Confirm => return self.save(view.look.lang),
            Step::Cancel | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn unbound(&mut self, key: KeyEvent, view: &View<'_>) -> Outcome {
        if self.field == Field::Causes && key.code == KeyCode::Char(' ') {
            return self.step(Step::Toggle, view);
        }
        edit(self, key)
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Vocabulary,
            request: Request::Vocabulary,
        })
    }

    fn asks_again(&self) -> bool {
        // Filled in while it could not be asked for.
        self.vocabulary.is_none()
    }

    fn is_filled(&self) -> bool {
        let typed = |input: &Input| !input.value().is_empty();
        typed(&self.input) || typed(&self.note) || !self.chosen.is_empty()
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Vocabulary(rows) = answer else {
            return Err(WrongAnswer);
        };
        self.vocabulary = Some(rows);
        Ok(Outcome::stay())
    }

    fn decides(&self) -> bool {
        true
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = match self.purpose {
            Purpose::Decide => Word::AnnotateTitle,
            Purpose::Dissent => Word::DissentTitle,
            Purpose::Group => Word::GroupTitle,
        };
        let title = word(look.lang, title);
        let title = format!("{title}  {}", self.subject);
        let area = frame::middle(screen, 76, 22);
        let inner = frame::open(look, area, &title, buffer);
        if inner.height < 3 {
            return None;
        }
        let causes = frame::labelled_field(look, inner, Word::Filter, &self.input, buffer);
        let note_row = Rect::new(inner.x, inner.bottom() - 1, inner.width, 1);
        let note = frame::labelled_field(look, note_row, Word::Note, &self.note, buffer);
        let list = frame::below(inner, 1);
        let list = Rect {
            height: list.height - 1,
            ..list
        };
        if self.vocabulary.is_none() {
            frame::placeholder(look, list, Word::Loading, buffer);
        } else {
            let rows = self.rows();
            frame::rows(look, list, rows.len(), self.selected, buffer, |at| {
                let row = rows.get(at);
                row.map_or_else(Line::default, |row| {
                    line(look, self, row, list.width.into())
                })
            });
        }
        Some(match self.field {
            Field::Causes => causes,
            Field::Note => note,
        })
    }
}

fn line(look: &Look, form: &AnnotateForm, row: &Choice, width: usize) -> Line<'static> {
    let theme = &look.theme;
    let glyphs = &look.glyphs;
    let lang = look.lang;
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
