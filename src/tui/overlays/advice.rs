//! What is likely about a customer's message: category, replies, tickets, causes, passages.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::frame;
use super::slots::in_words;
use crate::desk::api::AdviceView;
use crate::model::{Generation, TicketId};
use crate::tui::app::{App, Look};
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::tui::say;
use crate::words::{self, Count, Msg, Word, word};

/// Tickets, causes and passages shown of each.
const SHOWN: usize = 5;

/// The overlay's state.
#[derive(Debug)]
pub struct Advice {
    /// The message.
    pub text: String,
    /// What is likely, when it has come.
    pub view: Option<Box<AdviceView>>,
    /// Number of the question for it.
    pub generation: Generation,
    /// The reply under the cursor.
    pub selected: usize,
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

/// Draws the overlay: what is likely above, the whole reply under the cursor below.
pub fn render(app: &App, advice: &Advice, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let look = &app.look;
    let title = format!(
        "{}  {}",
        word(look.lang, Word::AdviceTitle),
        clean(&advice.text)
    );
    let inner = frame::open(app, frame::middle(screen, 110, 44), &title, buffer);
    let Some(view) = &advice.view else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    let mut rows = Flow::new(usize::from(inner.width).saturating_sub(2), look.glyphs);
    category(&mut rows, look, view);
    let begin = rows.lines.len() + 1;
    replies(&mut rows, look, advice, view);
    rest(&mut rows, look, view);
    rows.blank();
    rows.text(word(look.lang, Word::AdviceHint), look.theme.dim);
    // The reply under the cursor stays in sight on a small screen.
    let top = (begin + advice.selected + 2).saturating_sub(usize::from(inner.height));
    for (line, y) in rows.lines.iter().skip(top).zip(0..inner.height) {
        let inset = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(1),
            ..inner
        };
        put(buffer, inset, y, line);
    }
    None
}

fn heading(flow: &mut Flow<'_>, look: &Look, what: Word) {
    flow.text(word(look.lang, what), look.theme.heading);
}

fn category(flow: &mut Flow<'_>, look: &Look, view: &AdviceView) {
    let likely: Vec<String> = view
        .category
        .iter()
        .take(3)
        .map(|one| {
            let name = say::category(look.lang, &one.product, &one.issue_type);
            format!("{name} {}", percent(one.score))
        })
        .collect();
    let words = if likely.is_empty() {
        word(look.lang, Word::Uncategorised).to_owned()
    } else {
        likely.join("   ")
    };
    let words = say::labelled(look.lang, Word::Category, &words);
    flow.text(&words, look.theme.category);
}

fn replies(flow: &mut Flow<'_>, look: &Look, advice: &Advice, view: &AdviceView) {
    let theme = &look.theme;
    heading(flow, look, Word::StandardReplies);
    if view.replies.is_empty() {
        flow.text(word(look.lang, Word::NoAdvice), theme.dim);
    }
    for (at, reply) in view.replies.iter().enumerate() {
        let chosen = at == advice.selected;
        let n = Count(reply.tickets);
        let seen = words::text(look.lang, &Msg::SeenIn { n });
        let words = format!("{}  {}  {seen}", clean(&reply.title), percent(reply.score));
        let style = if chosen { theme.selected } else { theme.text };
        flow.labelled(&format!("{}", at + 1), theme.key, 2, &words, style);
        if chosen {
            flow.labelled("", Style::new(), 4, &in_words(&reply.text), theme.agent);
        }
    }
}

fn rest(flow: &mut Flow<'_>, look: &Look, view: &AdviceView) {
    let theme = &look.theme;
    if !view.causes.is_empty() {
        heading(flow, look, Word::SuggestedCauses);
    }
    for one in view.causes.iter().take(SHOWN) {
        let words = format!("{}  {}", clean(&one.cause), percent(one.score));
        flow.line(Line::from(vec![
            Span::styled("- ", theme.dim),
            Span::styled(words, theme.text),
            Span::styled(format!("  {}", evidence(look, &one.evidence)), theme.dim),
        ]));
    }
    if !view.tickets.is_empty() {
        heading(flow, look, Word::SimilarTitle);
    }
    for row in view.tickets.iter().take(SHOWN) {
        let category = say::category(look.lang, &row.product, &row.issue_type);
        flow.line(Line::from(vec![
            Span::styled(format!("#{} ", row.short_id), theme.dim),
            Span::styled(clean(&row.title), theme.text),
            Span::styled(format!("  {}", clean(&category)), theme.category),
        ]));
    }
    if !view.passages.is_empty() {
        heading(flow, look, Word::RelatedPassages);
    }
    for passage in view.passages.iter().take(SHOWN) {
        let name = if passage.heading.is_empty() {
            format!("{}  {}", passage.article, passage.snippet)
        } else {
            let step = look.glyphs.step;
            format!("{} {step} {}", passage.article, passage.heading)
        };
        let room = flow.width().saturating_sub(2);
        let name = cut(&clean(&name), room, &look.glyphs);
        flow.labelled("-", theme.dim, 2, &name, theme.article);
    }
}
