//! What should be looked at before a reply is sent, with the places made visible.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame;
use crate::desk::api::Draft;
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::put;
use crate::tui::msg::CopyWhat;
use crate::tui::say;
use crate::words::{self, Word, word};

/// The overlay's state.
#[derive(Debug)]
pub struct Guard {
    /// The text and what was found in it.
    pub draft: Box<Draft>,
    /// The copy as it is made in spite of that.
    pub anyway: CopyWhat,
}

/// Draws the warnings and the text.
pub fn render(app: &App, guard: &Guard, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let look = &app.look;
    let theme = &look.theme;
    let draft = &guard.draft;
    let title = word(look.lang, Word::GuardTitle);
    let inner = frame::open(app, frame::middle(screen, 90, 30), title, buffer);
    let terms: Vec<String> = draft
        .findings
        .iter()
        .map(|found| found.value.to_ascii_lowercase())
        .chain(
            draft
                .broken_links
                .iter()
                .map(|link| link.to_ascii_lowercase()),
        )
        .collect();
    let width = usize::from(inner.width).saturating_sub(2);
    let mut flow = Flow::new(width, look.glyphs).highlighting(&terms, theme.hit);
    if !draft.outdated.is_empty() {
        let words = say::labelled(look.lang, Word::Outdated, &draft.outdated);
        flow.text(&words, theme.bad);
    }
    if !draft.broken_links.is_empty() {
        let links = say::list(look.lang, &draft.broken_links);
        let words = say::labelled(look.lang, Word::BrokenLinks, &links);
        flow.text(&words, theme.warn);
    }
    if !draft.findings.is_empty() {
        let found = draft.findings.iter();
        let found = words::findings(
            look.lang,
            found.map(|found| (found.kind.as_str(), found.value.as_str())),
        );
        flow.text(&say::labelled(look.lang, Word::LookAt, &found), theme.warn);
    }
    flow.text(word(look.lang, Word::CopyAnyway), theme.dim);
    flow.blank();
    flow.text(&draft.text, theme.text);
    for (line, y) in flow.lines.iter().zip(0..inner.height) {
        let inset = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(1),
            ..inner
        };
        put(buffer, inset, y, line);
    }
    None
}
