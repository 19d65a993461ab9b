//! What is likely about a customer's message: category, replies, causes, tickets, passages; each
//! row can be taken.

use std::collections::HashSet;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::copying::{self, Version};
use super::reading::Reading;
use super::slots::in_words;
use super::{Command, Outcome, Overlay, Question, WrongAnswer, frame, row_of};
use crate::api::{
    AdviceView, AdvisedReply, Answer, DraftOf, LikelyCategory, PassageRow, Request, SuggestedCause,
    TicketRow, ask,
};
use crate::keymap::Action;
use crate::model::TicketId;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, covered, cut, cut_spans, put};
use crate::tui::look::Look;
use crate::tui::msg::Topic;
use crate::tui::say::{self, evidence, percent};
use crate::tui::step::{ReplyStep, Step, moved};
use crate::tui::view::View;
use crate::words::{self, Count, Msg, Word, word};

/// Characters of a pasted message that are looked at.
const LONGEST_TEXT: usize = 20_000;

/// Rows shown of each part.
const SHOWN: usize = 5;

/// Categories shown.
const CATEGORIES: usize = 3;

/// Lines of the reply under the cursor that are shown; the form or the copy shows all.
const REPLY_LINES: usize = 8;

/// The overlay's state.
#[derive(Debug)]
pub struct Advice {
    /// The message.
    pub text: String,
    /// What is likely, when it has come.
    pub view: Option<Box<AdviceView>>,
    /// The row under the cursor, of all parts together.
    pub selected: usize,
}

/// A row: what can be taken.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// A standard reply, to be copied.
    Reply(&'a AdvisedReply),
    /// A category, to be listed.
    Category(&'a LikelyCategory),
    /// A root cause, to be listed.
    Cause(&'a SuggestedCause),
    /// A ticket, to be read.
    Ticket(&'a TicketRow),
    /// A passage, to be read.
    Passage(&'a PassageRow),
}

impl Part<'_> {
    /// What tells it from the other rows.
    fn name(&self) -> String {
        match self {
            Self::Reply(reply) => reply.id.to_string(),
            Self::Category(likely) => format!("{}｜{}", likely.product, likely.issue_type),
            Self::Cause(cause) => cause.cause.clone(),
            Self::Ticket(ticket) => ticket.id.to_string(),
            Self::Passage(passage) => format!("{} {}", passage.id, passage.heading),
        }
    }

    fn heading(&self) -> Word {
        match self {
            Self::Reply(_) => Word::StandardReplies,
            Self::Category(_) => Word::Category,
            Self::Cause(_) => Word::SuggestedCauses,
            Self::Ticket(_) => Word::SimilarTitle,
            Self::Passage(_) => Word::RelatedPassages,
        }
    }
}

impl Advice {
    /// The rows, the replies first: the first of them is what is wanted most.
    fn parts(&self) -> Vec<Part<'_>> {
        let Some(view) = &self.view else {
            return Vec::new();
        };
        let replies = view.replies.iter().map(Part::Reply);
        replies
            .chain(view.category.iter().take(CATEGORIES).map(Part::Category))
            .chain(view.causes.iter().take(SHOWN).map(Part::Cause))
            .chain(view.tickets.iter().take(SHOWN).map(Part::Ticket))
            .chain(view.passages.iter().take(SHOWN).map(Part::Passage))
            .collect()
    }

    /// Copies a reply, shows a ticket or passage, or lists the tickets of a category or cause.
    fn pick(&self, at: usize, version: Version, view: &View<'_>) -> Outcome {
        let query = match self.part(at) {
            None => return Outcome::stay(),
            Some(Part::Reply(reply)) => {
                let what = version.of(DraftOf::Standard {
                    reply: reply.id.to_string(),
                    ticket: None,
                });
                let command = copying::copy(what, &reply.title, &reply.text, &reply.slots, view);
                return Outcome::close().and(command);
            }
            Some(Part::Category(likely)) if likely.issue_type.is_empty() => {
                format!("类:\"{}\" ", likely.product)
            }
            Some(Part::Category(likely)) => {
                format!("类:\"{}｜{}\" ", likely.product, likely.issue_type)
            }
            Some(Part::Cause(cause)) => format!("因:\"{}\" ", cause.cause),
            Some(Part::Ticket(ticket)) => {
                return Outcome::stay().open(Reading::new(ticket.id.to_string()));
            }
            Some(Part::Passage(passage)) => {
                return Outcome::stay().open(Reading::new(passage.id.clone()));
            }
        };
        Outcome::close().and(Command::ShowQuery(query))
    }

    /// Percent of the first analysis, where the replies wait for it.
    fn analysing(&self) -> Option<u64> {
        self.view.as_ref().and_then(|view| view.analysing)
    }

    /// How many rows there are.
    fn count(&self) -> usize {
        self.parts().len()
    }

    /// A row.
    fn part(&self, at: usize) -> Option<Part<'_>> {
        self.parts().get(at).copied()
    }

    /// Lines without the text of the row under the cursor.
    fn plain_lines(&self, look: &Look, width: usize) -> usize {
        let (lines, (first, last)) = lines(look, self, width);
        lines.len() - (last - first)
    }

    /// Goes to the first row of the next part, or of one before.
    fn next_part(&mut self, by: isize) {
        let parts = self.parts();
        let mut firsts = Vec::new();
        let mut last = None;
        for (at, part) in parts.iter().enumerate() {
            if last != Some(part.heading()) {
                firsts.push(at);
                last = Some(part.heading());
            }
        }
        let now = firsts.iter().rposition(|first| *first <= self.selected);
        let count = firsts.len().cast_signed().max(1);
        let to = (now.unwrap_or(0).cast_signed() + by).rem_euclid(count);
        self.selected = firsts.get(to.unsigned_abs()).copied().unwrap_or(0);
    }
}

/// What is likely about a pasted message; else what is said instead.
pub fn open(pasted: &str) -> Result<Advice, Word> {
    let text = message(pasted).ok_or(Word::NothingPasted)?;
    Ok(Advice {
        text,
        view: None,
        selected: 0,
    })
}

/// A customer's message, cleaned; `None` = there is none.
fn message(pasted: &str) -> Option<String> {
    // Pasted line ends come as carriage returns.
    let text: String = pasted
        .replace('\r', "\n")
        .chars()
        .take(LONGEST_TEXT)
        .collect();
    let text = crate::tui::measure::sanitize(&text).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

impl Overlay for Advice {
    fn footer(&self) -> Vec<Hint> {
        let part = self.part(self.selected);
        let pick = part.map(|part| match part {
            Part::Reply(_) => Word::DoCopy,
            Part::Category(_) | Part::Cause(_) => Word::DoList,
            Part::Ticket(_) | Part::Passage(_) => Word::DoRead,
        });
        let pick = pick.map(|pick| Hint::new(Action::Confirm, pick));
        let of_replies = if matches!(part, Some(Part::Reply(_))) {
            vec![Action::CopyOriginal.into(), Action::ReplyMenu.into()]
        } else {
            Vec::new()
        };
        let rest = [
            Action::MoveDown.into(),
            Hint::new(Action::NextField, Word::DoNextGroup),
            Hint::new(Action::ToggleChoice, Word::DoListAlike),
        ];
        let cancel = Action::Cancel.into();
        let hints = pick.into_iter().chain(rest).chain(of_replies);
        hints.chain([cancel]).collect()
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let at = self.selected;
        match step {
            Step::Move(way) => self.selected = moved(at, way, self.count(), 10),
            Step::Next => self.next_part(1),
            Step::Previous => self.next_part(-1),
            Step::Confirm => return self.pick(at, Version::Fitted, view),
            Step::Reply(step) => {
                if let Some(Part::Reply(reply)) = self.part(at) {
                    return match step {
                        ReplyStep::Original => self.pick(at, Version::Original, view),
                        _ => copying::on_reply(step, reply.id.to_string(), false),
                    };
                }
            }
            Step::Toggle => {
                return Outcome::close().and(Command::ShowSimilar(self.text.clone()));
            }
            Step::Cancel | Step::Create | Step::Delete(_) => {}
        }
        Outcome::stay()
    }

    /// A digit copies the reply of this number.
    fn unbound(&mut self, key: KeyEvent, view: &View<'_>) -> Outcome {
        match row_of(key) {
            Some(at) if matches!(self.part(at), Some(Part::Reply(_))) => {
                self.pick(at, Version::Fitted, view)
            }
            _ => Outcome::stay(),
        }
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Advice,
            request: Request::Advise(ask::Advise {
                text: self.text.clone(),
            }),
        })
    }

    fn asks_again(&self) -> bool {
        // Advice that is here stays as it was read; replies may wait for the first analysis.
        self.view.is_none() || self.analysing().is_some()
    }

    fn is_filled(&self) -> bool {
        self.view.is_some()
    }

    /// Takes what is likely. The cursor stays on its row, unless it was on the first, which is
    /// wanted most whatever it is.
    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Advice(view) = answer else {
            return Err(WrongAnswer);
        };
        let before = self.part(self.selected).map(|part| part.name());
        self.view = Some(view);
        if self.selected > 0 {
            let at = self
                .parts()
                .iter()
                .position(|part| Some(part.name()) == before);
            self.selected = at.unwrap_or(0);
        }
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = format!(
            "{}  {}",
            word(look.lang, Word::AdviceTitle),
            clean(&self.text)
        );
        let width = frame::inner_columns(screen, 110);
        // With room for the longest of the replies under the cursor.
        let rows = match &self.view {
            Some(_) => self.plain_lines(look, width) + REPLY_LINES + 1,
            None => 1,
        };
        let area = frame::middle(screen, 110, frame::rows_for(rows, 44));
        let inner = frame::open(look, area, &title, buffer);
        if self.view.is_none() {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        }
        let inset = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(2),
            ..inner
        };
        let (lines, cursor) = lines(look, self, inset.width.into());
        let height = usize::from(inset.height);
        // A line above the row stays in sight, and as much of what is below it as there is room for.
        let top = if cursor.1 < height {
            0
        } else {
            cursor.0.saturating_sub(1).min(lines.len() - height)
        };
        for (line, y) in lines.iter().skip(top).zip(0..inset.height) {
            put(buffer, inset, y, line);
        }
        None
    }
}

/// All lines, and the first and last of the row under the cursor.
fn lines(look: &Look, advice: &Advice, width: usize) -> (Vec<Line<'static>>, (usize, usize)) {
    let theme = &look.theme;
    let mut flow = Flow::new(width, look.glyphs);
    let mut cursor = (0, 0);
    let mut last = None;
    let parts = advice.parts();
    if !parts.iter().any(|part| matches!(part, Part::Reply(_))) {
        flow.text(word(look.lang, Word::StandardReplies), theme.heading);
        match advice.analysing() {
            Some(percent) => flow.text(
                &words::text(look.lang, &Msg::RepliesAnalysed { percent }),
                theme.warn,
            ),
            None => flow.text(word(look.lang, Word::NoAdvice), theme.dim),
        }
    }
    for (at, part) in parts.iter().enumerate() {
        if last != Some(part.heading()) {
            flow.text(word(look.lang, part.heading()), theme.heading);
            last = Some(part.heading());
        }
        let chosen = at == advice.selected;
        let begin = flow.lines.len();
        let number = match part {
            Part::Reply(_) => format!("{} ", at + 1),
            _ => "- ".to_owned(),
        };
        let (said, why) = said(look, part);
        let style = if chosen { theme.selected } else { theme.text };
        let mut spans = vec![Span::styled(number, theme.key), Span::styled(said, style)];
        if !why.is_empty() {
            spans.push(Span::styled(format!("  {why}"), theme.dim));
        }
        flow.line(Line::from(cut_spans(spans, width, &look.glyphs).0));
        if let (true, Part::Reply(reply)) = (chosen, part) {
            let before = flow.lines.len();
            flow.labelled("", Style::new(), 4, &in_words(&reply.text), theme.agent);
            if flow.lines.len() > before + REPLY_LINES {
                flow.lines.truncate(before + REPLY_LINES);
                flow.labelled("", Style::new(), 4, look.glyphs.cut, theme.dim);
            }
        }
        if chosen {
            cursor = (begin, flow.lines.len().saturating_sub(1));
        }
    }
    flow.blank();
    flow.text(word(look.lang, Word::AdviceHint), theme.dim);
    (flow.lines, cursor)
}

/// Why a category is likely: tickets filed there, or what the message says by itself.
fn grounds(look: &Look, ids: &[TicketId]) -> String {
    if ids.is_empty() {
        word(look.lang, Word::NamedByMessage).to_owned()
    } else {
        evidence(look, ids)
    }
}

/// The words that a ticket shares with the message: its score is no share of anything.
fn shared(look: &Look, ticket: &TicketRow) -> String {
    let mut words = covered(&ticket.snippet, &ticket.highlights);
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.to_lowercase()));
    if words.is_empty() {
        return String::new();
    }
    let which = clean(&words.join(" "));
    words::text(look.lang, &Msg::Shared { which: &which })
}

/// What a row says, and why it is there.
fn said(look: &Look, part: &Part<'_>) -> (String, String) {
    match part {
        Part::Reply(reply) => {
            let n = Count(reply.tickets);
            let seen = words::text(look.lang, &Msg::SeenIn { n });
            let mut why = format!("{}  {seen}", percent(reply.score));
            if !reply.evidence.is_empty() {
                why = format!("{why}  {}", evidence(look, &reply.evidence));
            }
            (clean(&reply.title), why)
        }
        Part::Category(likely) => (
            clean(&say::category(
                look.lang,
                &likely.product,
                &likely.issue_type,
            )),
            format!(
                "{}  {}",
                percent(likely.score),
                grounds(look, &likely.evidence)
            ),
        ),
        Part::Cause(cause) => (
            clean(&cause.cause),
            format!(
                "{}  {}",
                percent(cause.score),
                evidence(look, &cause.evidence)
            ),
        ),
        Part::Ticket(ticket) => {
            let category = say::category(look.lang, &ticket.product, &ticket.issue_type);
            (
                format!("#{} {}", ticket.short_id, clean(&ticket.title)),
                format!("{}  {}", clean(&category), shared(look, ticket)),
            )
        }
        Part::Passage(passage) => {
            let heading = &passage.heading;
            let name = if heading.is_empty() {
                passage.article.clone()
            } else {
                format!("{} {} {heading}", passage.article, look.glyphs.step)
            };
            let snippet = cut(&clean(&passage.snippet), 60, &look.glyphs);
            (clean(&name), snippet)
        }
    }
}
