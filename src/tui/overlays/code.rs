//! A standard reply by its short code or a word of it; Enter copies it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::reply_form::ReplyForm;
use super::slots::in_words;
use super::{Command, Outcome, Overlay, Question, WrongAnswer, copying, frame};
use crate::api::{Answer, DraftOf, ReplyEdit, ReplyQuery, ReplyRow, Request};
use crate::keymap::{Action, Context};
use crate::model::ReplyId;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, put};
use crate::tui::measure::pinyin_finds;
use crate::tui::msg::{ChangeKind, CopyWhat, Topic};
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Msg, Word, word};

/// The form's state.
#[derive(Debug)]
pub struct CodeForm {
    /// The standard replies, when they have come.
    pub replies: Option<Vec<ReplyRow>>,
    /// What is typed.
    pub input: Input,
    /// The row under the cursor.
    pub selected: usize,
    /// Whether those that are never offered are listed as well.
    pub all: bool,
    /// Whether Enter was struck before the replies came: it is done when they do.
    pub confirmed: bool,
    /// The reply that the picked one is merged into; `None` = the picked one is copied.
    pub merge_into: Option<ReplyId>,
    /// The ticket at hand, whose values stand first in the blanks.
    pub ticket: Option<String>,
}

impl CodeForm {
    /// Which replies are listed.
    pub fn query(&self) -> ReplyQuery {
        ReplyQuery {
            all: self.all,
            coded: true,
            ticket: self.ticket.clone(),
            ..ReplyQuery::default()
        }
    }

    /// The replies that fit what is typed: the one with this code first, then codes that begin
    /// so, then names and texts. One that is not offered is met by its whole code only.
    pub fn rows(&self) -> Vec<&ReplyRow> {
        let typed = self.input.value().trim().to_lowercase();
        let rank = |row: &ReplyRow| {
            let code = row.code.to_lowercase();
            if code == typed && !typed.is_empty() {
                // Of two with one code, the one that is in use.
                Some(if row.offered { 0 } else { 1 })
            } else if !row.offered && !self.all {
                None
            } else if typed.is_empty() {
                Some(usize::from(code.is_empty()))
            } else if code.starts_with(&typed) {
                Some(2)
            } else if row.title.to_lowercase().contains(&typed) || pinyin_finds(&row.title, &typed)
            {
                Some(3)
            } else if row.text.to_lowercase().contains(&typed) {
                Some(4)
            } else {
                None
            }
        };
        let mut rows: Vec<(usize, &ReplyRow)> = self
            .replies
            .iter()
            .flatten()
            .filter(|row| Some(row.id) != self.merge_into)
            .filter_map(|row| Some((rank(row)?, row)))
            .collect();
        rows.sort_by_key(|(rank, _)| *rank);
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

impl CodeForm {
    /// The standard replies, to copy one.
    pub fn of(view: &View<'_>) -> Self {
        Self::new(None, view.ticket_at_hand())
    }

    /// The standard replies, to merge one into another.
    pub fn merging(into: ReplyId) -> Self {
        Self::new(Some(into), None)
    }

    fn new(merge_into: Option<ReplyId>, ticket: Option<String>) -> Self {
        Self {
            replies: None,
            input: Input::default(),
            selected: 0,
            all: false,
            confirmed: false,
            merge_into,
            ticket,
        }
    }

    fn pick(&self, row: &ReplyRow, view: &View<'_>) -> Outcome {
        let picked = row.id.to_string();
        if let Some(into) = self.merge_into {
            let (reply, others) = (into.to_string(), vec![picked]);
            let edit = ReplyEdit::Merge { reply, others };
            return Outcome::change(ChangeKind::Reply, Request::EditReply(edit));
        }
        let what = CopyWhat::of(DraftOf::Standard {
            reply: picked,
            ticket: self.ticket.clone(),
        });
        let command = if row.merged_into.is_some() {
            // The blanks are those of the one that stands for it.
            Command::Copy(what)
        } else {
            copying::copy(what, &row.title, &row.text, &row.slots, view)
        };
        Outcome::close().and(command)
    }
}

impl Overlay for CodeForm {
    fn context(&self) -> Context {
        Context::Field
    }

    fn footer(&self) -> Vec<Hint> {
        let pick = if self.merge_into.is_some() {
            Word::DoMerge
        } else {
            Word::DoCopy
        };
        vec![
            Hint::new(Action::Confirm, pick),
            Action::ReplyMenu.into(),
            Hint::new(Action::CreateChoice, Word::DoNew),
            Hint::new(Action::ToggleChoice, Word::DoAll),
            Action::Cancel.into(),
        ]
    }

    fn field(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    fn typed(&mut self) {
        self.selected = 0;
        self.confirmed = false;
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let rows = self.rows();
        let (count, row) = (rows.len(), rows.get(self.selected).copied().cloned());
        self.confirmed = step == Step::Confirm && self.replies.is_none();
        match (step, row) {
            (Step::Move(way), _) => self.selected = moved(self.selected, way, count, 12),
            (Step::Confirm, Some(row)) => return self.pick(&row, view),
            (Step::Reply(step), Some(row)) => {
                return copying::on_reply(step, row.id.to_string(), row.favourite);
            }
            (Step::Toggle, _) => {
                self.all = !self.all;
                return Outcome::stay().and(Command::AskAgain);
            }
            (Step::Create, _) => {
                let name = self.input.value().trim().to_owned();
                return Outcome::close().open(ReplyForm::empty(name, view.look));
            }
            _ => {}
        }
        Outcome::stay()
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::StandardReplies,
            request: Request::Replies(self.query()),
        })
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn is_filled(&self) -> bool {
        // It goes on being typed until the replies are there.
        true
    }

    /// Takes the replies. A short code that was typed and confirmed before they came is copied.
    fn answer(&mut self, answer: Answer, view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Replies(replies) = answer else {
            return Err(WrongAnswer);
        };
        self.replies = Some(replies);
        Ok(if self.confirmed {
            self.step(Step::Confirm, view)
        } else {
            Outcome::stay()
        })
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let theme = &look.theme;
        let title = match self.merge_into {
            Some(_) => Word::MergeReplyTitle,
            None => Word::StandardReplies,
        };
        let title = word(look.lang, title);
        let inner = frame::open(look, frame::middle(screen, 90, 30), title, buffer);
        if inner.is_empty() {
            return None;
        }
        let cursor = frame::labelled_field(look, inner, Word::CodeTitle, &self.input, buffer);
        let below = frame::below(inner, 1);
        if self.replies.is_none() {
            frame::placeholder(look, below, Word::Loading, buffer);
            return Some(cursor);
        }
        let rows = self.rows();
        if rows.is_empty() {
            frame::placeholder(look, below, Word::NoAdvice, buffer);
            return Some(cursor);
        }
        let list = Rect {
            height: below.height / 2,
            ..below
        };
        let width = usize::from(list.width);
        frame::rows(look, list, rows.len(), self.selected, buffer, |at| {
            let Some(row) = rows.get(at) else {
                return Line::default();
            };
            let seen = words::text(
                look.lang,
                &Msg::SeenIn {
                    n: Count(row.tickets),
                },
            );
            let star = if row.favourite { "* " } else { "" };
            let state = if row.retired {
                format!("  {}", word(look.lang, Word::Retired))
            } else if let Some(into) = &row.merged_into {
                format!(
                    "  {}",
                    words::text(look.lang, &Msg::MergedInto { id: into.as_str() })
                )
            } else if row.outdated.is_empty() {
                String::new()
            } else {
                let heir = row.successor.map(|id| id.to_string()).unwrap_or_default();
                format!("  {}", words::outdated(look.lang, &row.outdated, &heir))
            };
            let words = format!("{star}{}  {seen}{state}", clean(&row.title));
            let code = format!(" {:<8} ", clean(&row.code));
            let room = width.saturating_sub(crate::tui::measure::width(&code));
            Line::from(vec![
                Span::styled(code, theme.key),
                Span::styled(cut(&words, room, &look.glyphs), theme.text),
            ])
        });
        let rest = frame::below(below, list.height);
        if rest.height > 1 {
            frame::rule(look, rest, buffer);
            let rest = frame::below(rest, 1);
            let mut flow = Flow::new(usize::from(rest.width).saturating_sub(2), look.glyphs);
            let text = rows.get(self.selected).map_or("", |row| row.text.as_str());
            flow.labelled("", theme.text, 1, &in_words(text), theme.text);
            for (line, y) in flow.lines.iter().zip(0..rest.height) {
                put(buffer, rest, y, line);
            }
        }
        Some(cursor)
    }
}
