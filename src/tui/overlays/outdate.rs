//! Why a reply, a ticket or an article must not be used any more, and what takes its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Outcome, Overlay, frame};
use crate::api::{ArticleView, ReplyEdit, ReplyRow, Request, TicketView, ask};
use crate::keymap::{Action, Context};
use crate::model::Revision;
use crate::tui::hint::Hint;
use crate::tui::line::clean;
use crate::tui::msg::ChangeKind;
use crate::tui::panes::detail::Shown;
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{Word, word};

/// What is outdated, by its id.
#[derive(Debug)]
enum Of {
    Reply(String),
    /// A ticket or an article.
    Entry(String),
}

/// The form's state.
#[derive(Debug)]
pub struct OutdateForm {
    of: Of,
    title: String,
    reason: Input,
    successor: Input,
    /// Whether the successor is typed in.
    in_successor: bool,
    base_rev: Revision,
}

impl OutdateForm {
    /// A form for a reply, with what holds now.
    pub fn of_reply(row: &ReplyRow) -> Self {
        let successor = row.successor.map(|id| id.to_string());
        let (of, title) = (Of::Reply(row.id.to_string()), row.title.clone());
        Self::new(of, title, &row.outdated, successor, row.revision)
    }

    /// A form for a ticket.
    fn of_ticket(ticket: &TicketView) -> Self {
        let row = &ticket.row;
        let successor = row.successor.map(|id| id.to_string());
        let (of, title) = (Of::Entry(row.id.to_string()), row.title.clone());
        Self::new(
            of,
            title,
            &row.outdated,
            successor,
            ticket.outdated_revision,
        )
    }

    /// A form for an article.
    fn of_article(article: &ArticleView) -> Self {
        let successor = article.successor.map(|id| id.to_string());
        let (of, title) = (Of::Entry(article.id.to_string()), article.title.clone());
        let revision = article.outdated_revision;
        Self::new(of, title, &article.outdated, successor, revision)
    }

    fn new(
        of: Of,
        title: String,
        reason: &str,
        successor: Option<String>,
        base_rev: Revision,
    ) -> Self {
        Self {
            of,
            title,
            reason: Input::new(reason.to_owned()),
            successor: Input::new(successor.unwrap_or_default()),
            in_successor: false,
            base_rev,
        }
    }

    /// The change; without a reason it may be used again.
    fn order(&self) -> (ChangeKind, Request) {
        let successor = self.successor.value().trim();
        let successor = (!successor.is_empty()).then(|| successor.to_owned());
        let reason = self.reason.value().trim().to_owned();
        let base_rev = Some(self.base_rev);
        match &self.of {
            Of::Reply(reply) => {
                let edit = ReplyEdit::Outdated {
                    reply: reply.clone(),
                    reason,
                    successor,
                    base_rev,
                };
                (ChangeKind::Reply, Request::EditReply(edit))
            }
            Of::Entry(id) => {
                let mark = Request::MarkOutdated(ask::MarkOutdated {
                    id: id.clone(),
                    reason,
                    successor,
                    base_rev,
                });
                (ChangeKind::Outdate, mark)
            }
        }
    }
}

impl OutdateForm {
    /// A form for what is shown; `None` = nothing is.
    pub fn of(view: &View<'_>) -> Option<Self> {
        match &view.detail.shown {
            Shown::Ticket(ticket) => Some(Self::of_ticket(ticket)),
            Shown::Article(article) => Some(Self::of_article(article)),
            Shown::Nothing | Shown::Failed(_) => None,
        }
    }
}

impl Overlay for OutdateForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let save = if self.reason.value().trim().is_empty() {
            Word::DoInUse
        } else {
            Word::DoOutdate
        };
        vec![
            Hint::new(Action::Confirm, save),
            Hint::new(Action::NextField, Word::DoNextField),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(if self.in_successor {
            &mut self.successor
        } else {
            &mut self.reason
        })
    }

    fn step(&mut self, step: Step, _view: &View<'_>) -> Outcome {
        match step {
            Step::Next | Step::Previous | Step::Move(_) => {
                self.in_successor = !self.in_successor;
            }
            Step::Confirm => {
                let (kind, request) = self.order();
                return Outcome::change(kind, request);
            }
            Step::Cancel | Step::Toggle | Step::Create | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let lang = look.lang;
        let title = format!("{}  {}", word(lang, Word::Outdate), clean(&self.title));
        let inner = frame::open(look, frame::middle(screen, 72, 5), &title, buffer);
        if inner.is_empty() {
            return None;
        }
        let reason = frame::labelled_field(look, inner, Word::Reason, &self.reason, buffer);
        let below = frame::below(inner, 1);
        if below.is_empty() {
            return Some(reason);
        }
        let successor =
            frame::labelled_field(look, below, Word::Successor, &self.successor, buffer);
        let hint = frame::below(inner, 2);
        if !hint.is_empty() {
            frame::placeholder(look, hint, Word::OutdateHint, buffer);
        }
        Some(if self.in_successor { successor } else { reason })
    }
}
