//! The look-alikes of a ticket, as what annotating them at once would change.

use std::collections::BTreeSet;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::annotate::{AnnotateForm, Purpose};
use super::{Backdrop, Command, Handed, Outcome, Overlay, Question, WrongAnswer, frame, row_of};
use crate::api::{
    Annotate, Answer, CauseChoice, Request, Row, SuggestedCause, Target, TicketRow, ask,
};
use crate::keymap::Action;
use crate::model::{CauseState, TicketId};
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, cut_spans, pad, put};
use crate::tui::look::Look;
use crate::tui::msg::{ChangeKind, Topic};
use crate::tui::notices::Weight;
use crate::tui::say;
use crate::tui::step::{Step, Way, moved};
use crate::tui::view::{Subject, View};
use crate::words::{self, Count, Msg, Word, word};

/// Look-alikes annotated at once at most.
const LONGEST: usize = 2_000;

/// Columns from which each row says what its causes become.
const COMPARED: usize = 64;

/// Causes offered by digits.
const OFFERED: usize = 9;

/// The form's state.
#[derive(Debug)]
pub struct GroupForm {
    /// The ticket whose look-alikes they are.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// The ticket and its look-alikes, when they have come.
    pub rows: Option<Vec<TicketRow>>,
    /// Causes that digits choose.
    pub suggestions: Vec<SuggestedCause>,
    /// The causes that all get; `None` = none is chosen yet.
    pub causes: Option<Vec<CauseChoice>>,
    /// Why.
    pub note: String,
    /// Tickets left out.
    pub left: BTreeSet<TicketId>,
    /// The row under the cursor.
    pub selected: usize,
}

impl GroupForm {
    /// The look-alikes of a ticket: its confirmed causes are proposed, else what is suggested.
    pub fn new(ticket: &TicketRow, suggestions: Vec<SuggestedCause>) -> Self {
        let causes = if ticket.cause_state == CauseState::Confirmed {
            let names = ticket.causes.iter().map(|cause| cause.name.clone());
            Some(names.map(CauseChoice::Known).collect())
        } else {
            let first = suggestions.first();
            first.map(|first| vec![CauseChoice::Known(first.cause.clone())])
        };
        Self {
            id: ticket.id,
            title: ticket.title.clone(),
            rows: None,
            suggestions,
            causes,
            note: String::new(),
            left: BTreeSet::new(),
            selected: 0,
        }
    }

    /// Leaves the ticket under the cursor out, or takes it in again.
    pub fn toggle(&mut self) {
        let row = self.rows.as_ref().and_then(|rows| rows.get(self.selected));
        if let Some(id) = row.map(|row| row.id)
            && !self.left.remove(&id)
        {
            self.left.insert(id);
        }
    }

    /// The tickets that are annotated, with the revisions seen.
    pub fn targets(&self) -> Vec<Target> {
        let rows = self.rows.iter().flatten();
        rows.filter(|row| !self.left.contains(&row.id))
            .map(|row| Target {
                id: row.id.to_string(),
                base_rev: Some(row.revision),
            })
            .collect()
    }
}

impl GroupForm {
    /// The form for the look-alikes of the selected ticket; `None` = an article or nothing.
    pub fn of(view: &View<'_>) -> Option<Self> {
        let ticket = view.list.current_ticket()?;
        let shown = view.detail.suggested_for.as_deref() == Some(ticket.id.as_str());
        let suggestions = if shown {
            view.detail.suggestions.clone()
        } else {
            Vec::new()
        };
        Some(Self::new(ticket, suggestions))
    }

    fn save(&self, view: &View<'_>) -> Outcome {
        let targets = self.targets();
        if targets.is_empty() {
            return Outcome::close();
        }
        let Some(causes) = self.causes.clone() else {
            return Outcome::stay().say(view.look.lang, Weight::Warn, Word::GroupNoCause);
        };
        let request = Request::Annotate(Annotate {
            targets,
            causes,
            note: self.note.clone(),
        });
        Outcome::change(ChangeKind::Annotate, request).and(Command::GoOn)
    }
}

impl Overlay for GroupForm {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoAnnotateAll),
            Hint::new(Action::ToggleChoice, Word::DoTick),
            Hint::new(Action::NextField, Word::DoOtherCause),
            Action::MoveDown.into(),
            Action::Cancel.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let count = self.rows.as_ref().map_or(0, Vec::len);
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, count, 16),
            Step::Toggle => {
                self.toggle();
                self.selected = moved(self.selected, Way::Rows(1), count, 16);
            }
            Step::Next | Step::Previous | Step::Create => {
                let subject = Subject {
                    targets: self.targets(),
                    name: self.title.clone(),
                    current: Vec::new(),
                };
                let causes = AnnotateForm::new(Purpose::Group, subject);
                return Outcome::stay().open(causes.with_note(self.note.clone()));
            }
            Step::Confirm => return self.save(view),
            Step::Cancel | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    /// A digit takes the suggested cause of this number.
    fn unbound(&mut self, key: KeyEvent, _view: &View<'_>) -> Outcome {
        if let Some(one) = row_of(key).and_then(|at| self.suggestions.get(at)) {
            self.causes = Some(vec![CauseChoice::Known(one.cause.clone())]);
        }
        Outcome::stay()
    }

    fn question(&self) -> Option<Question> {
        let (id, limit) = (self.id.to_string(), LONGEST);
        Some(Question {
            topic: Topic::Lookalikes,
            request: Request::Lookalikes(ask::Lookalikes { id, limit }),
        })
    }

    fn is_filled(&self) -> bool {
        self.rows.is_some()
    }

    /// Takes the look-alikes; those that an agent decided on are left out until chosen.
    fn answer(&mut self, answer: Answer, view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Page(page) = answer else {
            return Err(WrongAnswer);
        };
        let tickets = page.rows.into_iter().filter_map(|row| match row {
            Row::Ticket(ticket) => Some(ticket),
            Row::Passage(_) => None,
        });
        let rows: Vec<TicketRow> = tickets.collect();
        if rows.iter().all(|row| row.id == self.id) {
            return Ok(Outcome::close().say(view.look.lang, Weight::Plain, Word::GroupOfOne));
        }
        let decided = rows
            .iter()
            .filter(|row| row.cause_state == CauseState::Confirmed && row.id != self.id);
        self.left = decided.map(|row| row.id).collect();
        self.rows = Some(rows);
        Ok(Outcome::stay())
    }

    fn take(&mut self, handed: Handed) {
        if let Handed::Causes(causes, note) = handed {
            (self.causes, self.note) = (Some(causes), note);
        }
    }

    fn backdrop(&self) -> Backdrop {
        Backdrop::DimBesideDetail
    }

    fn render(&self, view: &View<'_>, _screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let theme = &look.theme;
        let title = format!("{}  {}", word(lang, Word::GroupTitle), self.title);
        let count = self.rows.as_ref().map_or(1, Vec::len);
        let area = frame::beside(view, count + 6);
        let inner = frame::open(look, area, &title, buffer);
        if inner.height < 4 {
            return None;
        }
        let Some(rows) = &self.rows else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        let new = match &self.causes {
            Some(causes) => say::cause_names(lang, causes),
            None => word(lang, Word::GroupNoCause).to_owned(),
        };
        let n = Count(self.targets().len());
        let count = words::text(lang, &Msg::ForTickets { n });
        let head = vec![
            Span::raw(" "),
            Span::styled(say::labelled(lang, Word::BecomesCause, &new), theme.good),
            Span::styled(format!("  {count}"), theme.dim),
        ];
        let (head, _) = cut_spans(head, inner.width.into(), &look.glyphs);
        put(buffer, inner, 0, &Line::from(head));
        put(buffer, inner, 1, &offered(look, self));
        let mut list = frame::below(inner, 2);
        if !self.note.is_empty() {
            let note = say::labelled(lang, Word::Note, &clean(&self.note));
            let note = cut(&format!(" {note}"), inner.width.into(), &look.glyphs);
            put(buffer, list, 0, &Line::from(Span::styled(note, theme.text)));
            list = frame::below(list, 1);
        }
        let list = Rect {
            height: list.height.saturating_sub(1),
            ..list
        };
        frame::rows(look, list, rows.len(), self.selected, buffer, |at| {
            let row = rows.get(at);
            row.map_or_else(Line::default, |row| {
                line(look, self, row, &new, list.width.into())
            })
        });
        let hint = cut(word(lang, Word::GroupHint), list.width.into(), &look.glyphs);
        let hint = Line::from(Span::styled(format!(" {hint}"), theme.dim));
        put(buffer, inner, inner.height - 1, &hint);
        None
    }
}

/// The causes that digits choose.
fn offered(look: &Look, form: &GroupForm) -> Line<'static> {
    let theme = &look.theme;
    let mut spans = vec![Span::raw(" ")];
    for (one, digit) in form.suggestions.iter().zip(1..=OFFERED) {
        spans.push(Span::styled(format!("{digit} "), theme.key));
        let words = format!("{} {}   ", clean(&one.cause), say::percent(one.score));
        spans.push(Span::styled(words, theme.dim));
    }
    Line::from(spans)
}

/// A ticket, its causes, and what they become.
fn line(look: &Look, form: &GroupForm, row: &TicketRow, new: &str, width: usize) -> Line<'static> {
    let theme = &look.theme;
    let glyphs = &look.glyphs;
    let left = form.left.contains(&row.id);
    let mark = if left { " [ ] " } else { " [x] " };
    let names: Vec<String> = row.causes.iter().map(|cause| clean(&cause.name)).collect();
    let old = if names.is_empty() {
        word(look.lang, Word::NoCause).to_owned()
    } else {
        say::list(look.lang, &names)
    };
    if width < COMPARED {
        // What all become stands above; here, what each is now.
        let half = width.saturating_sub(6) / 2;
        let title = pad(&cut(&clean(&row.title), half, glyphs), half + 1);
        return Line::from(vec![
            Span::styled(mark, theme.key),
            Span::styled(title, if left { theme.dim } else { theme.text }),
            Span::styled(cut(&old, half, glyphs), theme.dim),
        ]);
    }
    let room = width.saturating_sub(5 + 4);
    let half = room / 2;
    let title = pad(&cut(&clean(&row.title), half, glyphs), half + 1);
    let quarter = (room - half) / 2;
    let mut spans = vec![
        Span::styled(mark, theme.key),
        Span::styled(title, if left { theme.dim } else { theme.text }),
    ];
    if left {
        spans.push(Span::styled(cut(&old, room - half, glyphs), theme.dim));
    } else {
        let old = pad(&cut(&old, quarter, glyphs), quarter);
        spans.push(Span::styled(old, theme.bad));
        spans.push(Span::styled(" > ", theme.dim));
        spans.push(Span::styled(cut(new, quarter, glyphs), theme.good));
    }
    Line::from(spans)
}
