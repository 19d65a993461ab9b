//! What can be said to one ticket: its own turns, then standard replies; a digit copies one.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::copying::{self, Version};
use super::slots::in_words;
use super::{Backdrop, Command, Outcome, Overlay, Question, WrongAnswer, frame, row_of};
use crate::api::{Answer, DraftOf, Offered, Request, ask};
use crate::keymap::Action;
use crate::model::{Speaker, TicketId, is_holding};
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::msg::Topic;
use crate::tui::step::{ReplyStep, Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Msg, Word, word};

/// Characters of a reply that are shown; the copy takes all.
const LONGEST: usize = 4000;

/// The picker's state.
#[derive(Debug)]
pub struct Replies {
    /// The ticket.
    pub id: TicketId,
    /// Standard replies for it, when they have come.
    pub offers: Vec<Offered>,
    /// The row under the cursor.
    pub selected: usize,
}

/// A reply to pick.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplyRow {
    /// The ticket's own.
    Turn {
        /// Which agent turn, from 1.
        turn: usize,
        /// What was said.
        text: String,
        /// Whether it answers nothing.
        holding: bool,
    },
    /// A standard reply.
    Standard(Offered),
}

impl ReplyRow {
    fn text(&self) -> &str {
        match self {
            Self::Turn { text, .. } => text,
            Self::Standard(offer) => &offer.text,
        }
    }
}

impl Replies {
    /// The replies of the selected ticket; `None` = an article or nothing.
    pub fn of(view: &View<'_>) -> Option<Self> {
        let id = view.list.current_ticket()?.id;
        // The one that a plain copy would take.
        let best = view.shown_ticket(id).and_then(|ticket| ticket.best_turn);
        Some(Self {
            id,
            offers: Vec::new(),
            selected: best.map_or(0, |turn| turn.saturating_sub(1)),
        })
    }

    /// The agent's turns of the ticket, then what is offered; `None` until the ticket has come.
    fn rows(&self, view: &View<'_>) -> Option<Vec<ReplyRow>> {
        let ticket = view.shown_ticket(self.id)?;
        let agents = ticket
            .dialogue
            .iter()
            .filter(|turn| turn.speaker == Speaker::Agent);
        let turns = agents.zip(1..).map(|(turn, number)| ReplyRow::Turn {
            turn: number,
            text: turn.text.chars().take(LONGEST).collect(),
            holding: is_holding(&turn.text),
        });
        // Its own turns are listed above in any case.
        let standard = self.offers.iter().filter(|offer| offer.reply.is_some());
        Some(
            turns
                .chain(standard.cloned().map(ReplyRow::Standard))
                .collect(),
        )
    }

    /// Copies a reply.
    fn pick(&self, row: &ReplyRow, version: Version, view: &View<'_>) -> Outcome {
        let id = self.id.to_string();
        let command = match row {
            ReplyRow::Turn { turn, .. } => {
                let turn = Some(*turn);
                Command::Copy(version.of(DraftOf::Turn {
                    id,
                    turn,
                    receiver: None,
                }))
            }
            ReplyRow::Standard(offer) => {
                let number = offer.number;
                let what = version.of(DraftOf::Offer { id, number });
                copying::copy(what, &offer.title, &offer.text, &offer.slots, view)
            }
        };
        Outcome::close().and(command)
    }
}

impl Overlay for Replies {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Hint::new(Action::Confirm, Word::DoCopy),
            Action::CopyOriginal.into(),
            Action::Promote.into(),
            Action::Favourite.into(),
            Action::ReplyMenu.into(),
            Action::Cancel.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = self.rows(view).unwrap_or_default();
        let Some(row) = rows.get(self.selected) else {
            return Outcome::stay();
        };
        match (step, row) {
            (Step::Move(way), _) => self.selected = moved(self.selected, way, rows.len(), 10),
            (Step::Confirm, row) => return self.pick(row, Version::Fitted, view),
            (Step::Reply(ReplyStep::Original), row) => {
                return self.pick(row, Version::Original, view);
            }
            (Step::Reply(step), ReplyRow::Standard(offer)) => {
                let reply = offer.reply.map(|id| id.to_string()).unwrap_or_default();
                return copying::on_reply(step, reply, offer.favourite);
            }
            (Step::Reply(ReplyStep::Promote), ReplyRow::Turn { turn, .. }) => {
                return copying::promote(self.id.to_string(), *turn);
            }
            (Step::Reply(ReplyStep::Favourite | ReplyStep::Menu), ReplyRow::Turn { .. }) => {
                return copying::promote_first(view);
            }
            _ => {}
        }
        Outcome::stay()
    }

    /// A digit copies the reply of this number.
    fn unbound(&mut self, key: KeyEvent, view: &View<'_>) -> Outcome {
        let rows = self.rows(view).unwrap_or_default();
        match row_of(key).and_then(|at| rows.get(at)) {
            Some(row) => self.pick(row, Version::Fitted, view),
            None => Outcome::stay(),
        }
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Offers,
            request: Request::Offers(ask::Offers {
                id: self.id.to_string(),
            }),
        })
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn is_filled(&self) -> bool {
        // It holds the ticket's own turns.
        true
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Offers(offers) = answer else {
            return Err(WrongAnswer);
        };
        self.offers = offers;
        Ok(Outcome::stay())
    }

    fn backdrop(&self) -> Backdrop {
        Backdrop::DimBesideDetail
    }

    fn render(&self, view: &View<'_>, _screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = word(look.lang, Word::RepliesTitle);
        let inner = frame::open(look, frame::beside(view, usize::MAX), title, buffer);
        let Some(rows) = self.rows(view) else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        if rows.is_empty() {
            frame::placeholder(look, inner, Word::NoReplies, buffer);
            return None;
        }
        let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        let list = Rect {
            height: count.min(inner.height / 2),
            ..inner
        };
        frame::rows(look, list, rows.len(), self.selected, buffer, |at| {
            let row = rows.get(at);
            row.map_or_else(Line::default, |row| {
                line(look, at + 1, row, list.width.into())
            })
        });
        let chosen = rows.get(self.selected).map_or("", ReplyRow::text);
        whole(
            look,
            &in_words(chosen),
            frame::below(inner, list.height),
            buffer,
        );
        None
    }
}

fn line(look: &Look, number: usize, row: &ReplyRow, width: usize) -> Line<'static> {
    let theme = &look.theme;
    let lang = look.lang;
    let (words, style) = match row {
        ReplyRow::Turn {
            text,
            holding: true,
            ..
        } => {
            let words = format!("({}) {}", word(lang, Word::Holding), clean(text));
            (words, theme.dim)
        }
        ReplyRow::Turn { text, .. } => (clean(text), theme.text),
        ReplyRow::Standard(offer) => {
            let n = Count(offer.tickets);
            let seen = words::text(lang, &Msg::SeenIn { n });
            let label = word(lang, Word::Standard);
            let star = if offer.favourite { "*" } else { "" };
            let words = format!("[{label}]{star} {}  {seen}", clean(&offer.title));
            (words, theme.good)
        }
    };
    Line::from(vec![
        Span::styled(format!(" {number:>2} "), theme.key),
        Span::styled(cut(&words, width.saturating_sub(5), &look.glyphs), style),
    ])
}

/// Draws a text below a rule.
pub fn whole(look: &Look, words: &str, area: Rect, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    frame::rule(look, area, buffer);
    let area = frame::below(area, 1);
    let style = look.theme.text;
    let mut flow = Flow::new(usize::from(area.width).saturating_sub(1), look.glyphs);
    flow.labelled("", style, 1, words, style);
    for (line, y) in flow.lines.iter().zip(0..area.height) {
        put(buffer, area, y, line);
    }
}
