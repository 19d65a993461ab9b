//! Why a reply must not be sent any more, and what takes its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use super::frame;
use crate::desk::api::{ReplyEdit, ReplyRow};
use crate::model::{Generation, Revision};
use crate::tui::app::App;
use crate::words::{Word, word};

/// The form's state.
#[derive(Debug)]
pub struct OutdateForm {
    /// The reply.
    reply: String,
    title: String,
    reason: Input,
    successor: Input,
    /// Whether the successor is typed in.
    in_successor: bool,
    base_rev: Revision,
    /// The order that saves it as it stands.
    pub sent: Option<Generation>,
}

impl OutdateForm {
    /// A form for a reply, with what holds now.
    pub fn new(row: &ReplyRow) -> Self {
        let successor = row.successor.map(|id| id.to_string()).unwrap_or_default();
        Self {
            reply: row.id.to_string(),
            title: row.title.clone(),
            reason: Input::new(row.outdated.clone()),
            successor: Input::new(successor),
            in_successor: false,
            base_rev: row.revision,
            sent: None,
        }
    }

    /// The field that is typed in.
    pub fn input(&mut self) -> &mut Input {
        self.sent = None;
        if self.in_successor {
            &mut self.successor
        } else {
            &mut self.reason
        }
    }

    /// Goes to the other field.
    pub fn turn(&mut self) {
        self.in_successor = !self.in_successor;
    }

    /// The change; without a reason the reply may be sent again.
    pub fn edit(&self) -> ReplyEdit {
        let successor = self.successor.value().trim();
        ReplyEdit::Outdated {
            reply: self.reply.clone(),
            reason: self.reason.value().trim().to_owned(),
            successor: (!successor.is_empty()).then(|| successor.to_owned()),
            base_rev: Some(self.base_rev),
        }
    }
}

/// Draws the form.
pub fn render(
    app: &App,
    form: &OutdateForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let title = format!("{}  {}", word(lang, Word::OutdateReply), form.title);
    let inner = frame::open(app, frame::middle(screen, 72, 5), &title, buffer);
    if inner.is_empty() {
        return None;
    }
    let reason = frame::labelled_field(app, inner, Word::Reason, &form.reason, buffer);
    let below = frame::below(inner, 1);
    if below.is_empty() {
        return Some(reason);
    }
    let successor = frame::labelled_field(app, below, Word::Successor, &form.successor, buffer);
    let hint = frame::below(inner, 2);
    if !hint.is_empty() {
        frame::placeholder(app, hint, Word::OutdateHint, buffer);
    }
    Some(if form.in_successor { successor } else { reason })
}
