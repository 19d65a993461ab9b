//! Changes that came too late, with both versions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::{Conflict, LogEntry, Settlement};
use crate::model::{Generation, RecordId};
use crate::tui::app::App;
use crate::tui::flow::Flow;
use crate::tui::line::{clean, cut, put};
use crate::tui::say;
use crate::words::{Word, names, word};

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
    pub how: Settlement,
}

impl ConflictList {
    /// Takes the conflict under the cursor out to be settled: its record, and a list of it alone.
    pub fn take(&mut self) -> Option<(RecordId, Self)> {
        let rows = self.rows.as_mut()?;
        let taken = (self.selected < rows.len()).then(|| rows.remove(self.selected))?;
        let selected = self.selected;
        self.selected = selected.min(rows.len().saturating_sub(1));
        let record = taken.record;
        let alone = Self {
            rows: Some(vec![taken]),
            generation: self.generation,
            selected: 0,
            how: self.how,
        };
        Some((record, alone))
    }

    /// Takes conflicts back that were not settled: the cursor is on them again.
    pub fn take_back(&mut self, sent: Self) {
        let rows = self.rows.get_or_insert_default();
        let at = self.selected.min(rows.len());
        rows.splice(at..at, sent.rows.unwrap_or_default());
        (self.selected, self.how) = (at, sent.how);
    }
}

/// The ways a conflict can be settled, in the order of their digits.
pub fn ways(conflict: &Conflict) -> Vec<Settlement> {
    let mut ways = vec![Settlement::Mine, Settlement::Theirs];
    if conflict.merged.is_some() {
        ways.push(Settlement::Merge);
    }
    ways
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
        let words = rows
            .get(at)
            .map_or_else(String::new, |row| about(app, &row.mine));
        let words = format!(" {}", clean(&words));
        Line::from(cut(&words, above.width.into(), &app.look.glyphs))
    });
    let below = frame::below(inner, above.height);
    frame::rule(app, below, buffer);
    let below = frame::below(below, 1);
    let mut lines = sides(app, list.how, conflict, inner.width);
    if lines.len() > usize::from(below.height) {
        lines = one_by_one(app, list.how, conflict, inner.width);
    }
    for (line, y) in lines.iter().zip(0..below.height) {
        put(buffer, below, y, line);
    }
    None
}

/// What a change is about: the ticket, else what kind of thing and which.
fn about(app: &App, entry: &LogEntry) -> String {
    if !entry.title.is_empty() {
        return entry.title.clone();
    }
    let name = entry.key.split_once('/').map_or("", |(_, name)| name);
    let name = match entry.what.as_str() {
        "setting" => names::setting(app.look.lang, name),
        _ => name,
    };
    format!("{}  {name}", names::log_kind(app.look.lang, &entry.what))
}

/// Columns from which both versions stand side by side.
const BESIDE: usize = 60;

/// What can be done, both versions, and what they give together.
fn sides(app: &App, how: Settlement, conflict: &Conflict, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width).saturating_sub(2);
    let mut lines = vec![choice_line(app, how, conflict), Line::default()];
    let mine = |width| {
        let entry = Some(&conflict.mine);
        version(app, width, Word::Mine, entry, &conflict.mine.after)
    };
    let theirs = |width| {
        let entry = conflict.theirs.as_ref();
        version(app, width, Word::Theirs, entry, &conflict.now)
    };
    if width < BESIDE {
        lines.extend(mine(width));
        lines.push(Line::default());
        lines.extend(theirs(width));
    } else {
        let half = width / 2 - 1;
        lines.extend(beside(mine(half), theirs(half), half));
    }
    if let Some(merged) = &conflict.merged {
        lines.push(Line::default());
        lines.extend(version(app, width, Word::Merged, None, merged));
    }
    lines
}

/// The same where there is little room: what is chosen comes first, so that each can be seen.
fn one_by_one(app: &App, how: Settlement, conflict: &Conflict, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width).saturating_sub(2);
    let set = |one| match one {
        Settlement::Mine => {
            let mine = &conflict.mine;
            version(app, width, Word::Mine, Some(mine), &mine.after)
        }
        Settlement::Theirs => {
            let theirs = conflict.theirs.as_ref();
            version(app, width, Word::Theirs, theirs, &conflict.now)
        }
        Settlement::Merge => {
            let merged = conflict.merged.as_deref().unwrap_or_default();
            version(app, width, Word::Merged, None, merged)
        }
    };
    let mut order = ways(conflict);
    let at = order.iter().position(|one| *one == how).unwrap_or(0);
    order.rotate_left(at);
    let lines = order.into_iter().flat_map(set);
    std::iter::once(choice_line(app, how, conflict))
        .chain(lines)
        .collect()
}

/// Two texts in two columns.
fn beside(left: Vec<Line<'static>>, right: Vec<Line<'static>>, width: usize) -> Vec<Line<'static>> {
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let rows = (0..count).map(|_| {
        let mut line = left.next().unwrap_or_default();
        let room = (width + 2).saturating_sub(line.width());
        line.spans.push(Span::raw(" ".repeat(room)));
        line.spans.extend(right.next().unwrap_or_default().spans);
        line
    });
    rows.collect()
}

fn choice_line(app: &App, how: Settlement, conflict: &Conflict) -> Line<'static> {
    let theme = &app.look.theme;
    let mut spans = vec![Span::raw(" ")];
    for (number, one) in (1..).zip(ways(conflict)) {
        let words = match one {
            Settlement::Mine => Word::KeepMine,
            Settlement::Theirs => Word::TakeTheirs,
            Settlement::Merge => Word::Merge,
        };
        let (style, mark) = if one == how {
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

/// One version: whose, and the values it has, one a line.
fn version(
    app: &App,
    width: usize,
    label: Word,
    entry: Option<&LogEntry>,
    values: &[String],
) -> Vec<Line<'static>> {
    let look = &app.look;
    let mut flow = Flow::new(width, look.glyphs);
    let label = word(look.lang, label);
    let who = match entry {
        Some(entry) => format!(
            "{label}  {}  {}",
            say::author(look.lang, &entry.author, entry.declared),
            say::time(look, entry.at),
        ),
        None => label.to_owned(),
    };
    flow.labelled("", look.theme.heading, 1, &who, look.theme.heading);
    for value in values {
        flow.labelled("", look.theme.text, 1, value, look.theme.text);
    }
    if values.is_empty() {
        let none = word(look.lang, Word::NoCause);
        flow.labelled("", look.theme.dim, 1, none, look.theme.dim);
    }
    if let Some(entry) = entry.filter(|entry| !entry.note.is_empty()) {
        let note = say::labelled(look.lang, Word::Note, &entry.note);
        flow.labelled("", look.theme.dim, 1, &note, look.theme.dim);
    }
    flow.lines
}
