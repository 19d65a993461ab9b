//! Changes that came too late, with both versions.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{
    Command, Next, Outcome, Overlay, Question, Work, WrongAnswer, as_kind_mut, frame, row_of,
};
use crate::api::{Answer, Conflict, LogEntry, Request, Settlement, ask};
use crate::keymap::Action;
use crate::tui::flow::Flow;
use crate::tui::hint::Hint;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::msg::{ChangeKind, Topic};
use crate::tui::say;
use crate::tui::step::{Step, moved};
use crate::tui::view::View;
use crate::words::{Word, names, word};

/// The list's state.
#[derive(Debug)]
pub struct ConflictList {
    /// The conflicts, when they have come.
    pub rows: Option<Vec<Conflict>>,
    /// The row under the cursor.
    pub selected: usize,
    /// What Enter does.
    pub how: Settlement,
}

impl ConflictList {
    /// These conflicts; `None` = all, which are asked for.
    pub fn new(rows: Option<Vec<Conflict>>) -> Self {
        Self {
            rows,
            selected: 0,
            how: Settlement::Mine,
        }
    }

    fn current(&self) -> Option<&Conflict> {
        self.rows.as_ref()?.get(self.selected)
    }

    /// Goes on to another way of settling the conflict under the cursor.
    fn turn(&mut self, by: isize) {
        let ways = self.current().map(ways).unwrap_or_default();
        let at = ways.iter().position(|way| *way == self.how).unwrap_or(0);
        let count = ways.len().cast_signed().max(1);
        let to = (at.cast_signed() + by).rem_euclid(count);
        if let Some(way) = ways.get(to.unsigned_abs()) {
            self.how = *way;
        }
    }

    /// Settles the conflict under the cursor, which goes; the list stays for the others.
    fn resolve(&mut self) -> Outcome {
        let at = self.selected;
        let taken = self.rows.as_mut().filter(|rows| at < rows.len());
        let Some(taken) = taken.map(|rows| rows.remove(at)) else {
            return Outcome::close();
        };
        let how = self.how;
        let record = taken.record;
        let request = Request::ResolveConflict(ask::ResolveConflict { record, how });
        let alone = Self {
            rows: Some(vec![taken]),
            selected: 0,
            how,
        };
        let left = self.rows.as_ref().map_or(0, Vec::len);
        self.selected = at.min(left.saturating_sub(1));
        let next = if left == 0 { Next::Close } else { Next::Stay };
        let work = Work::Change(ChangeKind::Resolve, request);
        Outcome::new(next).and(Command::SubmitPart(Box::new(alone), work))
    }
}

/// The ways a conflict can be settled, in the order of their digits.
fn ways(conflict: &Conflict) -> Vec<Settlement> {
    let mut ways = vec![Settlement::Mine, Settlement::Theirs];
    if conflict.merged.is_some() {
        ways.push(Settlement::Merge);
    }
    ways
}

impl Overlay for ConflictList {
    fn footer(&self) -> Vec<Hint> {
        let way = match self.how {
            Settlement::Mine => Word::KeepMine,
            Settlement::Theirs => Word::TakeTheirs,
            Settlement::Merge => Word::Merge,
        };
        if self.current().is_none() {
            return vec![Action::Cancel.into()];
        }
        vec![
            Hint::new(Action::Confirm, way),
            Hint::new(Action::NextField, Word::DoNextWay),
            Action::MoveDown.into(),
            Action::Cancel.into(),
        ]
    }

    fn step(&mut self, step: Step, _view: &View<'_>) -> Outcome {
        let count = self.rows.as_ref().map_or(0, Vec::len);
        match step {
            Step::Move(way) => self.selected = moved(self.selected, way, count, 8),
            Step::Next | Step::Toggle => self.turn(1),
            Step::Previous => self.turn(-1),
            Step::Confirm => return self.resolve(),
            Step::Cancel | Step::Create | Step::Delete(_) | Step::Reply(_) => {}
        }
        Outcome::stay()
    }

    /// A digit settles the conflict in the way of this number.
    fn unbound(&mut self, key: KeyEvent, _view: &View<'_>) -> Outcome {
        let ways = self.current().map(ways).unwrap_or_default();
        match row_of(key).and_then(|at| ways.get(at)) {
            Some(way) => {
                self.how = *way;
                self.resolve()
            }
            None => Outcome::stay(),
        }
    }

    fn question(&self) -> Option<Question> {
        let wanted = self.rows.is_none();
        wanted.then_some(Question {
            topic: Topic::Conflicts,
            request: Request::Conflicts(ask::Conflicts),
        })
    }

    fn is_filled(&self) -> bool {
        self.rows.is_some()
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Conflicts(rows) = answer else {
            return Err(WrongAnswer);
        };
        self.rows = Some(rows);
        Ok(Outcome::stay())
    }

    /// Takes conflicts back that were not settled: the cursor is on them again.
    fn take_back(&mut self, sent: &mut dyn Overlay) -> bool {
        let Some(sent) = as_kind_mut::<Self>(sent) else {
            return false;
        };
        let rows = self.rows.get_or_insert_default();
        let at = self.selected.min(rows.len());
        rows.splice(at..at, sent.rows.take().unwrap_or_default());
        (self.selected, self.how) = (at, sent.how);
        true
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = word(look.lang, Word::ConflictsTitle);
        let inner = frame::open(look, frame::middle(screen, 90, 20), title, buffer);
        let Some(rows) = &self.rows else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        let Some(conflict) = rows.get(self.selected) else {
            frame::placeholder(look, inner, Word::NoConflicts, buffer);
            return None;
        };
        let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        let above = Rect {
            height: count.min(inner.height / 3),
            ..inner
        };
        frame::rows(look, above, rows.len(), self.selected, buffer, |at| {
            let words = rows
                .get(at)
                .map_or_else(String::new, |row| about(look, &row.mine));
            let words = format!(" {}", clean(&words));
            Line::from(cut(&words, above.width.into(), &look.glyphs))
        });
        let below = frame::below(inner, above.height);
        frame::rule(look, below, buffer);
        let below = frame::below(below, 1);
        let mut lines = sides(look, self.how, conflict, inner.width);
        if lines.len() > usize::from(below.height) {
            lines = one_by_one(look, self.how, conflict, inner.width);
        }
        for (line, y) in lines.iter().zip(0..below.height) {
            put(buffer, below, y, line);
        }
        None
    }
}

/// What a change is about: the ticket, else what kind of thing and which.
fn about(look: &Look, entry: &LogEntry) -> String {
    if !entry.title.is_empty() {
        return entry.title.clone();
    }
    let name = entry.key.split_once('/').map_or("", |(_, name)| name);
    let name = match entry.what.as_str() {
        "setting" => names::setting(look.lang, name),
        _ => name,
    };
    format!("{}  {name}", names::log_kind(look.lang, &entry.what))
}

/// Columns from which both versions stand side by side.
const BESIDE: usize = 60;

/// What can be done, both versions, and what they give together.
fn sides(look: &Look, how: Settlement, conflict: &Conflict, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width).saturating_sub(2);
    let mut lines = vec![choice_line(look, how, conflict), Line::default()];
    let mine = |width| {
        let entry = Some(&conflict.mine);
        version(look, width, Word::Mine, entry, &conflict.mine.after)
    };
    let theirs = |width| {
        let entry = conflict.theirs.as_ref();
        version(look, width, Word::Theirs, entry, &conflict.now)
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
        lines.extend(version(look, width, Word::Merged, None, merged));
    }
    lines
}

/// The same where there is little room: what is chosen comes first, so that each can be seen.
fn one_by_one(look: &Look, how: Settlement, conflict: &Conflict, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width).saturating_sub(2);
    let set = |one| match one {
        Settlement::Mine => {
            let mine = &conflict.mine;
            version(look, width, Word::Mine, Some(mine), &mine.after)
        }
        Settlement::Theirs => {
            let theirs = conflict.theirs.as_ref();
            version(look, width, Word::Theirs, theirs, &conflict.now)
        }
        Settlement::Merge => {
            let merged = conflict.merged.as_deref().unwrap_or_default();
            version(look, width, Word::Merged, None, merged)
        }
    };
    let mut order = ways(conflict);
    let at = order.iter().position(|one| *one == how).unwrap_or(0);
    order.rotate_left(at);
    let lines = order.into_iter().flat_map(set);
    std::iter::once(choice_line(look, how, conflict))
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

fn choice_line(look: &Look, how: Settlement, conflict: &Conflict) -> Line<'static> {
    let theme = &look.theme;
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
        let words = format!("{mark}{number} {} ", word(look.lang, words));
        spans.push(Span::styled(words, style));
        spans.push(Span::raw("  "));
    }
    Line::from(spans)
}

/// One version: whose, and the values it has, one a line.
fn version(
    look: &Look,
    width: usize,
    label: Word,
    entry: Option<&LogEntry>,
    values: &[String],
) -> Vec<Line<'static>> {
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
