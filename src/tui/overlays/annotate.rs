//! The annotation form: root causes from the vocabulary, new ones on purpose only, and a note.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{
    Backdrop, Command, Handed, Outcome, Overlay, Question, Work, WrongAnswer, confirm, edit, frame,
};
use crate::api::{
    Annotate, Answer, Ballot, CastVote, CauseChoice, CauseRow, Page, Request, Row, Target, ask,
};
use crate::keymap::{Action, Context};
use crate::model::{CauseState, CauseStatus, TicketId, is_placeholder};
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, pad, put};
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

/// Look-alikes that are asked for their causes.
const ALIKE: usize = 200;

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
    /// What is suggested for the ticket, the likeliest first.
    pub suggested: Vec<String>,
    /// The one ticket whose look-alikes are asked for their causes.
    pub like: Option<TicketId>,
    /// How many look-alikes have a cause, by its name.
    pub alike: BTreeMap<String, usize>,
    /// The vocabulary, when it has come.
    pub vocabulary: Option<Vec<CauseRow>>,
    /// What the causes must hold.
    pub input: Input,
    /// Why.
    pub note: Input,
    /// Which field is typed in.
    pub field: Field,
    /// What the agent did so far to say which causes are meant.
    pub meant: Meant,
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

/// What an agent did to say which causes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Nothing: the causes that the ticket has are kept.
    Kept,
    /// They went to a row: it takes the place of the ticket's own causes.
    Pointed,
    /// They ticked rows: these are meant, and no others.
    Ticked,
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
        rows.sort_by_key(|row| self.rank(row));
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

    /// Where a row stands: what is suggested, what the ticket has, what its look-alikes have, and
    /// then what is used most.
    fn rank(&self, row: &Choice) -> (u8, Reverse<usize>) {
        let Choice::Known {
            name,
            given,
            confirmed,
            ..
        } = row
        else {
            return (4, Reverse(0));
        };
        if let Some(at) = self.suggested.iter().position(|one| one == name) {
            (0, Reverse(self.suggested.len() - at))
        } else if self.current.contains(name) {
            (1, Reverse(0))
        } else if let Some(tickets) = self.alike.get(name) {
            (2, Reverse(*tickets))
        } else {
            (3, Reverse(given + confirmed))
        }
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

    /// How many of a ticket's look-alikes have a cause.
    fn causes_of(&self, page: Page) -> BTreeMap<String, usize> {
        let mut alike = BTreeMap::new();
        for row in page.rows {
            let Row::Ticket(ticket) = row else {
                continue;
            };
            if Some(ticket.id) != self.like {
                for cause in ticket.causes {
                    *alike.entry(cause.name).or_default() += 1;
                }
            }
        }
        alike
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
        self.meant = Meant::Ticked;
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
        let typed = !self.input.value().trim().is_empty();
        let is_ticked = self.meant == Meant::Ticked;
        let keeps = self.meant == Meant::Kept || is_ticked;
        if !typed && keeps && !self.chosen.is_empty() {
            return Some(self.chosen.clone());
        }
        // In bulk nothing is taken that was not gone to.
        let is_bulk = self.targets.len() > 1;
        if !typed && is_bulk && self.meant == Meant::Kept {
            return None;
        }
        let row = self.rows().into_iter().nth(self.selected)?;
        if matches!(row, Choice::New(_)) && self.selected == 0 && !self.has(&row) {
            return None;
        }
        let mut causes = if is_ticked {
            self.chosen.clone()
        } else {
            Vec::new()
        };
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
            suggested: Vec::new(),
            like: None,
            alike: BTreeMap::new(),
            meant: Meant::Kept,
            vocabulary: None,
            input: Input::default(),
            note: Input::default(),
            field: Field::Causes,
            chosen: Vec::new(),
            selected: 0,
        }
    }

    /// The form for the marked or selected tickets; `None` = an article or nothing.
    ///
    /// The causes of one ticket are ticked, unless they are in doubt; of several nothing is.
    pub fn of(purpose: Purpose, view: &View<'_>) -> Option<Self> {
        let mut form = Self::new(purpose, view.subject()?);
        let ticket = view.list.current_ticket();
        let Some(ticket) = ticket.filter(|_| view.list.marked.is_empty()) else {
            return Some(form);
        };
        form.like = Some(ticket.id);
        if view.detail.suggested_for.as_deref() == Some(ticket.id.as_str()) {
            let suggested = view.detail.suggestions.iter();
            form.suggested = suggested.map(|one| one.cause.clone()).collect();
        }
        let has_causes = matches!(
            ticket.cause_state,
            CauseState::Given | CauseState::Confirmed
        );
        let in_doubt = ticket.suspect || ticket.disputed;
        if purpose == Purpose::Decide && has_causes && !in_doubt {
            let own = form.current.iter().cloned();
            form.chosen = own.map(CauseChoice::Known).collect();
        }
        Some(form)
    }

    /// The form with a note that was written before.
    #[must_use]
    pub fn with_note(mut self, note: String) -> Self {
        self.note = Input::new(note);
        self
    }

    /// What Enter saves.
    fn outcome_line(&self, look: &Look, width: usize) -> Line<'static> {
        let result = self.result().filter(|_| self.vocabulary.is_some());
        let (words, style) = match result {
            Some(causes) => {
                let names = say::cause_names(look.lang, &causes);
                let words = say::labelled(look.lang, Word::AnnotatesAs, &names);
                (words, look.theme.good)
            }
            None => (
                word(look.lang, Word::ChooseCause).to_owned(),
                look.theme.dim,
            ),
        };
        let words = cut(&format!(" {words}"), width, &look.glyphs);
        Line::from(Span::styled(words, style))
    }

    fn save(&self, lang: Lang) -> Outcome {
        let Some(causes) = self.result().filter(|_| self.vocabulary.is_some()) else {
            let is_new = !self.input.value().trim().is_empty();
            let why = if is_new {
                Word::NewCauseHint
            } else {
                Word::ChooseCause
            };
            return Outcome::stay().say(lang, Weight::Plain, why);
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
            Step::Move(way) => {
                self.selected = moved(self.selected, way, rows.len(), 16);
                if self.meant == Meant::Kept {
                    self.meant = Meant::Pointed;
                }
            }
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
            request: Request::Vocabulary(ask::Vocabulary),
        })
    }

    fn asks_again(&self) -> bool {
        // Filled in while it could not be asked for.
        self.vocabulary.is_none()
    }

    fn questions(&self) -> Vec<Question> {
        let alike = self.like.map(|id| Question {
            topic: Topic::Lookalikes,
            request: Request::Lookalikes(ask::Lookalikes {
                id: id.to_string(),
                limit: ALIKE,
            }),
        });
        self.question().into_iter().chain(alike).collect()
    }

    fn is_filled(&self) -> bool {
        let typed = |input: &Input| !input.value().is_empty();
        let is_typed = typed(&self.input) || typed(&self.note);
        is_typed || self.meant == Meant::Ticked || self.vocabulary.is_some()
    }

    /// Takes the vocabulary, or the look-alikes; the cursor stays on its row once it was moved.
    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let before = self.rows().into_iter().nth(self.selected);
        match answer {
            Answer::Vocabulary(rows) => {
                self.chosen.retain(|choice| match choice {
                    CauseChoice::Known(name) => rows.iter().any(|row| row.cause.name == *name),
                    CauseChoice::New(_) => true,
                });
                self.vocabulary = Some(rows);
            }
            Answer::Page(page) => self.alike = self.causes_of(page),
            _ => return Err(WrongAnswer),
        }
        if self.meant != Meant::Kept {
            let at = self
                .rows()
                .iter()
                .position(|row| Some(row) == before.as_ref());
            self.selected = at.unwrap_or(self.selected);
        }
        Ok(Outcome::stay())
    }

    fn decides(&self) -> bool {
        true
    }

    fn backdrop(&self) -> Backdrop {
        Backdrop::DimBesideDetail
    }

    fn render(&self, view: &View<'_>, _screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = match self.purpose {
            Purpose::Decide => Word::AnnotateTitle,
            Purpose::Dissent => Word::DissentTitle,
            Purpose::Group => Word::GroupTitle,
        };
        let title = word(look.lang, title);
        let title = format!("{title}  {}", self.subject);
        // All rows there can be: the box must not change with what is typed.
        let known = self.vocabulary.as_ref().map_or(0, Vec::len);
        let area = frame::beside(view, known + 7);
        let inner = frame::open(look, area, &title, buffer);
        if inner.height < 3 {
            return None;
        }
        let causes = frame::labelled_field(look, inner, Word::Filter, &self.input, buffer);
        let note_row = Rect::new(inner.x, inner.bottom() - 1, inner.width, 1);
        let note = frame::labelled_field(look, note_row, Word::Note, &self.note, buffer);
        let list = frame::below(inner, 1);
        let mut list = Rect {
            height: list.height - 1,
            ..list
        };
        if list.height > 2 {
            list.height -= 1;
            let row = frame::below(list, 0);
            let row = Rect {
                y: list.bottom(),
                height: 1,
                ..row
            };
            put(buffer, row, 0, &self.outcome_line(look, row.width.into()));
        }
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
