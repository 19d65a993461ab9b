//! What is likely about a customer's message: category, replies, causes, tickets, passages; each
//! row can be taken.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::frame;
use super::slots::in_words;
use crate::desk::api::{
    AdviceView, AdvisedReply, LikelyCategory, PassageRow, SuggestedCause, TicketRow,
};
use crate::model::{Generation, TicketId};
use crate::tui::app::{App, Look};
use crate::tui::flow::Flow;
use crate::tui::line::{clean, covered, cut, cut_spans, put};
use crate::tui::say;
use crate::words::{self, Count, Msg, Word, word};

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
    /// Number of the question for it.
    pub generation: Generation,
    /// The row under the cursor, of all parts together.
    pub selected: usize,
}

/// A row: what can be taken.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
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

    /// Takes what is likely. The cursor stays on its row, unless it was on the first, which is
    /// wanted most whatever it is.
    pub fn take(&mut self, view: Box<AdviceView>) {
        let before = self.part(self.selected).map(|part| part.name());
        self.view = Some(view);
        if self.selected > 0 {
            let at = self
                .parts()
                .iter()
                .position(|part| Some(part.name()) == before);
            self.selected = at.unwrap_or(0);
        }
    }

    /// Whether replies may still come.
    pub fn waits(&self) -> bool {
        self.view.is_none() || self.analysing().is_some()
    }

    /// Percent of the first analysis, where the replies wait for it.
    fn analysing(&self) -> Option<u64> {
        self.view.as_ref().and_then(|view| view.analysing)
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.parts().len()
    }

    /// A row.
    pub fn part(&self, at: usize) -> Option<Part<'_>> {
        self.parts().get(at).copied()
    }

    /// The row of the nth reply.
    pub fn reply(&self, nth: usize) -> Option<usize> {
        matches!(self.part(nth), Some(Part::Reply(_))).then_some(nth)
    }

    /// Goes to the first row of the next part, or of one before.
    pub fn next_part(&mut self, by: isize) {
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

/// The beginning of ids, as evidence that can be looked up.
pub fn evidence(look: &Look, ids: &[TicketId]) -> String {
    let names: Vec<String> = ids
        .iter()
        .take(3)
        .map(|id| format!("#{}", id.as_str().get(..6).unwrap_or_default()))
        .collect();
    let (n, which) = (Count(ids.len()), names.join(" "));
    words::text(look.lang, &Msg::Evidence { n, which: &which })
}

/// A share as percent.
pub fn percent(score: f32) -> String {
    format!("{:.0} %", score * 100.0)
}

/// Draws the overlay, scrolled so that the row under the cursor is seen.
pub fn render(app: &App, advice: &Advice, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let look = &app.look;
    let title = format!(
        "{}  {}",
        word(look.lang, Word::AdviceTitle),
        clean(&advice.text)
    );
    let inner = frame::open(app, frame::middle(screen, 110, 44), &title, buffer);
    if advice.view.is_none() {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    }
    let inset = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let (lines, cursor) = lines(look, advice, inset.width.into());
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
