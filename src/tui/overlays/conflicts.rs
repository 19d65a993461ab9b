//! Changes that came too late, with both versions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::{Conflict, LogEntry};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::tui::say;
use crate::words::{Word, word};

/// The list's state.
#[derive(Debug)]
pub struct ConflictList {
    /// The conflicts, when they have come.
    pub rows: Option<Vec<Conflict>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// The row under the cursor.
    pub selected: usize,
    /// What Enter does.
    pub verdict: Verdict,
}

/// How a conflict is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The kept record is applied now.
    Mine,
    /// The kept record is dropped.
    Theirs,
}

impl Verdict {
    /// The other way.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Theirs => Self::Mine,
            Self::Mine => Self::Theirs,
        }
    }
}

/// Draws the conflicts.
pub fn render(
    app: &App,
    list: &ConflictList,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let title = word(app.look.lang, Word::ConflictsTitle);
    let inner = frame::open(app, frame::middle(screen, 90, 20), title, buffer);
    let Some(rows) = &list.rows else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    let Some(conflict) = rows.get(list.selected) else {
        frame::placeholder(app, inner, Word::NoConflicts, buffer);
        return None;
    };
    let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let above = Rect {
        height: count.min(inner.height / 3),
        ..inner
    };
    frame::rows(app, above, rows.len(), list.selected, buffer, |at| {
        let title = rows.get(at).map_or("", |row| row.mine.title.as_str());
        let words = format!(" {}", clean(title));
        Line::from(cut(&words, above.width.into(), &app.look.glyphs))
    });
    let mut flow = Flow::new(usize::from(inner.width).saturating_sub(2), app.look.glyphs);
    flow.line(choice_line(app, list.verdict));
    side(app, &mut flow, Word::Mine, Some(&conflict.mine));
    side(app, &mut flow, Word::Theirs, conflict.theirs.as_ref());
    let below = frame::below(inner, above.height);
    frame::rule(app, below, buffer);
    let below = frame::below(below, 1);
    for (line, y) in flow.lines.iter().zip(0..below.height) {
        put(buffer, below, y, line);
    }
    None
}

fn choice_line(app: &App, verdict: Verdict) -> Line<'static> {
    let theme = &app.look.theme;
    let mut spans = vec![Span::raw(" ")];
    for (number, one, words) in [
        (1, Verdict::Mine, Word::KeepMine),
        (2, Verdict::Theirs, Word::TakeTheirs),
    ] {
        let (style, mark) = if one == verdict {
            (theme.selected, '>')
        } else {
            (theme.dim, ' ')
        };
        let words = format!("{mark}{number} {} ", word(app.look.lang, words));
        spans.push(Span::styled(words, style));
        spans.push(Span::raw("  "));
    }
    Line::from(spans)
}

fn side(app: &App, flow: &mut Flow<'_>, label: Word, entry: Option<&LogEntry>) {
    let look = &app.look;
    let Some(entry) = entry else {
        return;
    };
    flow.blank();
    let who = format!(
        "{}  {}  {}",
        word(look.lang, label),
        say::author(look.lang, &entry.author, entry.declared),
        say::time(look, entry.at),
    );
    flow.labelled("", look.theme.heading, 1, &who, look.theme.heading);
    let change = say::change(look.lang, &entry.what, &entry.before, &entry.after);
    flow.labelled("", look.theme.text, 1, &change, look.theme.text);
    if !entry.note.is_empty() {
        let note = say::labelled(look.lang, Word::Note, &entry.note);
        flow.labelled("", look.theme.dim, 1, &note, look.theme.dim);
    }
}
