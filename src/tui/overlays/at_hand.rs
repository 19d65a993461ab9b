//! Favourites and what was copied lately; a digit copies one.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::copying::{self, Version};
use super::replies::whole;
use super::slots::in_words;
use super::{Outcome, Overlay, Question, WrongAnswer, frame, row_of};
use crate::api::{Answer, AtHandRow, DraftOf, Request, ask};
use crate::keymap::Action;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut};
use crate::tui::look::Look;
use crate::tui::msg::Topic;
use crate::tui::step::{ReplyStep, Step, moved};
use crate::tui::view::View;
use crate::tui::{measure as text, say};
use crate::words::{Word, word};

/// The list's state.
#[derive(Debug)]
pub struct AtHandList {
    /// Favourites, then last copies, when they have come.
    pub rows: Option<Vec<AtHandRow>>,
    /// The row under the cursor.
    pub selected: usize,
    /// The ticket at hand, whose values stand first in the blanks.
    pub ticket: Option<String>,
}

/// What a row is a copy of; the ticket at hand gives values for its blanks.
fn source(row: &AtHandRow, at_hand: Option<String>) -> DraftOf {
    match (row.ticket, row.turn) {
        (Some(ticket), turn) => DraftOf::Turn {
            id: ticket.to_string(),
            turn: turn.and_then(|turn| usize::try_from(turn).ok()),
            receiver: None,
        },
        (None, _) => DraftOf::Standard {
            reply: row.id.to_string(),
            ticket: at_hand,
        },
    }
}

impl AtHandList {
    /// The list, with values of the selected ticket for blanks.
    pub fn of(view: &View<'_>) -> Self {
        Self {
            rows: None,
            selected: 0,
            ticket: view.ticket_at_hand(),
        }
    }

    /// Rows for the list and the longest of its texts.
    fn height(&self, look: &Look, screen: Rect) -> u16 {
        let rows = self.rows.as_deref().unwrap_or_default();
        let width = frame::inner_columns(screen, 90);
        let texts = rows.iter();
        let longest = texts.map(|row| frame::lines_of(look, &in_words(&row.text), width));
        frame::rows_for(rows.len() + 1 + longest.max().unwrap_or(0), 30)
    }

    fn pick(&self, row: &AtHandRow, version: Version, view: &View<'_>) -> Outcome {
        let what = version.of(source(row, self.ticket.clone()));
        let command = copying::copy(what, &row.title, &row.text, &row.slots, view);
        Outcome::close().and(command)
    }
}

impl Overlay for AtHandList {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoCopy),
            Action::Favourite.into(),
            Action::ReplyMenu.into(),
            Action::Cancel.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = self.rows.as_deref().unwrap_or_default();
        let Some(row) = rows.get(self.selected) else {
            return Outcome::stay();
        };
        let said_in = row.ticket.map(|id| id.to_string());
        match (step, said_in) {
            (Step::Move(way), _) => self.selected = moved(self.selected, way, rows.len(), 10),
            (Step::Confirm, _) => return self.pick(row, Version::Fitted, view),
            (Step::Reply(ReplyStep::Original), _) => {
                return self.pick(row, Version::Original, view);
            }
            (Step::Reply(ReplyStep::Promote), Some(id)) => {
                let turn = row.turn.and_then(|turn| usize::try_from(turn).ok());
                return copying::promote(id, turn.unwrap_or(1));
            }
            (Step::Reply(ReplyStep::Favourite | ReplyStep::Menu), Some(_)) => {
                return copying::promote_first(view);
            }
            (Step::Reply(step), _) => {
                return copying::on_reply(step, row.id.to_string(), row.favourite);
            }
            _ => {}
        }
        Outcome::stay()
    }

    /// A digit copies the row of this number.
    fn unbound(&mut self, key: KeyEvent, view: &View<'_>) -> Outcome {
        let rows = self.rows.as_deref().unwrap_or_default();
        match row_of(key).and_then(|at| rows.get(at)) {
            Some(row) => self.pick(row, Version::Fitted, view),
            None => Outcome::stay(),
        }
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::AtHand,
            request: Request::AtHand(ask::AtHand {
                ticket: self.ticket.clone(),
            }),
        })
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn is_filled(&self) -> bool {
        // What was copied last comes in its time; until then it can be left only.
        true
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::AtHand(rows) = answer else {
            return Err(WrongAnswer);
        };
        self.selected = self.selected.min(rows.len().saturating_sub(1));
        self.rows = Some(rows);
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = word(look.lang, Word::AtHandTitle);
        let inner = frame::open(
            look,
            frame::middle(screen, 90, self.height(look, screen)),
            title,
            buffer,
        );
        let Some(rows) = &self.rows else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        if rows.is_empty() {
            frame::placeholder(look, inner, Word::NothingAtHand, buffer);
            return None;
        }
        let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        let area = Rect {
            height: count.min(inner.height.div_ceil(2)),
            ..inner
        };
        frame::rows(look, area, rows.len(), self.selected, buffer, |at| {
            let row = rows.get(at);
            row.map_or_else(Line::default, |row| {
                line(look, at + 1, row, area.width.into())
            })
        });
        let chosen = rows.get(self.selected).map_or("", |row| row.text.as_str());
        let rest = frame::below(inner, area.height);
        whole(look, &in_words(chosen), rest, buffer);
        None
    }
}

fn line(look: &Look, number: usize, row: &AtHandRow, width: usize) -> Line<'static> {
    let theme = &look.theme;
    let star = if row.favourite { "*" } else { " " };
    let number = format!(" {number:>2} {star} ");
    let code = if row.code.is_empty() {
        String::new()
    } else {
        format!(";{}  ", clean(&row.code))
    };
    let mut words = clean(&row.title);
    let state = if !row.outdated.is_empty() {
        say::labelled(look.lang, Word::Outdated, &clean(&row.outdated))
    } else if row.retired {
        word(look.lang, Word::Retired).to_owned()
    } else {
        String::new()
    };
    if !state.is_empty() {
        words = format!("{words}  {state}");
    }
    let when = row
        .copied
        .map_or_else(String::new, |at| format!("  {} ", say::time(look, at)));
    let used = text::width(&number) + text::width(&code) + text::width(&when);
    let room = width.saturating_sub(used);
    let words = crate::tui::line::pad(&cut(&words, room, &look.glyphs), room);
    let style = if state.is_empty() {
        theme.text
    } else {
        theme.dim
    };
    Line::from(vec![
        Span::styled(number, theme.key),
        Span::styled(code, theme.key),
        Span::styled(words, style),
        Span::styled(when, theme.dim),
    ])
}
