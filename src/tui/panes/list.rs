//! The ticket list: a window of rows around what is seen, of a store of any size.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::api::{Behind, PassageRow, QueueKind, QueuePage, Row, SimilarTo, TicketRow};
use crate::model::{CauseState, Generation, QueryNote, Relaxed, Revision, TicketId};
use crate::tui::app::App;
use crate::tui::layout::Focus;
use crate::tui::line::{clean, cut, cut_spans, highlighted, put};
use crate::tui::measure as text;
use crate::words::{Word, word};

/// Rows asked for at once when browsing: a few screens around the one seen.
pub const WINDOW: usize = 200;
/// Hits asked for: nobody reads further, and the query can be made narrower.
pub const HITS: usize = 200;
/// Hits asked for with each key: a screen of them.
pub const FIRST_HITS: usize = 50;
/// How near to the last of them the others are asked for.
const NEAR: usize = 10;

/// The list's state.
#[derive(Debug, Default)]
pub struct ListPane {
    /// What is listed.
    pub source: Source,
    /// Position of the first row held.
    pub start: usize,
    /// The rows held.
    pub rows: Vec<Row>,
    /// Rows that can be scrolled through.
    pub total: usize,
    /// Of a query: what became of it.
    pub hits: Option<Hits>,
    /// Of a queue: why each ticket waits, those included that others work on.
    pub queue: QueuePage,
    /// The row under the cursor.
    pub selected: usize,
    /// The first row drawn.
    pub top: usize,
    /// Tickets chosen for bulk work, with the revisions seen.
    pub marked: BTreeMap<TicketId, Marked>,
    /// The newest question.
    pub generation: Generation,
    /// First row of the window asked for and not yet come.
    pub asked: Option<usize>,
    /// What changed since they were asked for: they may have been read before.
    pub missed: BTreeSet<TicketId>,
    /// The question that has not been answered for a while.
    pub late: Option<Generation>,
    /// Whether the rows are out of date.
    pub stale: bool,
    /// Whether all hits are wanted, not only the first.
    pub all_hits: bool,
    /// Since when all are to be marked once they come.
    pub marks_all: Option<Generation>,
    /// Whether rows have ever come.
    pub loaded: bool,
    /// Whether the rows asked for are the same list again, in which the cursor stays on its row.
    pub keep: bool,
    /// Tickets that the cursor goes to as soon as one of them is there.
    pub goal: BTreeSet<TicketId>,
    /// Whether it stays where it stands instead, until it is moved: what was decided makes way for
    /// the next of a queue, whichever that is.
    pub in_place: bool,
}

/// What is known of a marked ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Revision of its root causes.
    pub revision: Revision,
    /// Its title.
    pub title: String,
    /// The last question before it was marked: an order sent since is about it, too.
    pub since: Generation,
}

/// What is listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// What query line and filter let through.
    #[default]
    Query,
    /// Tickets that wait for an agent.
    Queue(QueueKind),
    /// Tickets like one ticket or text.
    Similar {
        /// Like what.
        to: SimilarTo,
        /// What the screen calls it.
        title: String,
    },
}

/// What became of a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hits {
    /// Hits in all.
    pub total: usize,
    /// Whether `total` is a lower bound.
    pub more: bool,
    /// How the query was relaxed.
    pub relaxed: Option<Relaxed>,
    /// What was not understood.
    pub notes: Vec<QueryNote>,
    /// How far the index was behind.
    pub behind: Option<Behind>,
    /// Milliseconds that the desk took.
    pub millis: u128,
}

/// The name of a row that is the same in every answer.
pub fn row_id(row: &Row) -> String {
    match row {
        Row::Ticket(ticket) => ticket.id.to_string(),
        Row::Passage(passage) => passage.id.clone(),
    }
}

impl ListPane {
    /// The row at a position, if it is held.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(at.checked_sub(self.start)?)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.row(self.selected)
    }

    /// The ticket under the cursor.
    pub fn current_ticket(&self) -> Option<&TicketRow> {
        match self.current()? {
            Row::Ticket(ticket) => Some(ticket),
            Row::Passage(_) => None,
        }
    }

    /// Whether the rows shown are of an older question, and that for so long that it is seen.
    pub fn is_late(&self) -> bool {
        self.asked.is_some() && self.late == Some(self.generation)
    }

    /// Begins another list: the cursor goes to the top.
    pub fn restart(&mut self) {
        self.selected = 0;
        self.top = 0;
        self.keep = false;
        self.in_place = false;
        self.goal.clear();
        self.all_hits = false;
        self.marks_all = None;
        self.stale = true;
    }

    /// Whether somebody has come near the end of the first hits, and there are more.
    pub fn wants_all_hits(&self, height: usize) -> bool {
        let seen = self.selected.max(self.top + height.saturating_sub(1));
        seen + NEAR >= self.rows.len() && self.has_more_hits()
    }

    /// Whether a query found more than the first hits, which is all that was asked for.
    fn has_more_hits(&self) -> bool {
        let held = self.rows.len();
        self.source == Source::Query
            && !self.all_hits
            && held < HITS
            && self.hits.as_ref().is_some_and(|hits| hits.total > held)
    }

    /// Asks for the same list again: the cursor stays on its row.
    pub fn refresh(&mut self) {
        self.keep = true;
        self.stale = true;
    }

    /// Keeps the cursor on its row when the next rows come.
    pub fn hold_row(&mut self) {
        self.keep = true;
    }

    /// Takes rows that came; the cursor stays on its row where that is still there.
    pub fn replace(&mut self, start: usize, rows: Vec<Row>, total: usize) {
        // The row under the cursor now: it may have moved on since the question was asked.
        let keep = (std::mem::take(&mut self.keep) && !self.in_place)
            .then(|| self.current().map(row_id))
            .flatten();
        self.start = start;
        self.rows = rows;
        self.total = total;
        self.loaded = true;
        self.asked = None;
        for row in &self.rows {
            if let Row::Ticket(ticket) = row
                && let Some(marked) = self.marked.get_mut(&ticket.id)
            {
                marked.revision = ticket.revision;
            }
        }
        if let Some(keep) = keep
            && let Some(at) = self.rows.iter().position(|row| row_id(row) == keep)
        {
            let at = at + self.start;
            self.top = (self.top + at).saturating_sub(self.selected);
            self.selected = at;
        }
        self.reach_goal();
        if let Some(since) = self.marks_all.take() {
            self.mark_all(since);
        }
    }

    /// The cursor goes back to one of these tickets: to the first that is listed, now or when the
    /// next rows come.
    pub fn return_to(&mut self, tickets: BTreeSet<TicketId>) {
        self.in_place = false;
        self.goal = tickets;
        self.reach_goal();
    }

    fn reach_goal(&mut self) {
        let is_goal = |row: &Row| match row {
            Row::Ticket(ticket) => self.goal.contains(&ticket.id),
            Row::Passage(_) => false,
        };
        if let Some(at) = self.rows.iter().position(is_goal) {
            self.selected = at + self.start;
            self.goal.clear();
        }
    }

    /// The same rows in another order, or some of them, come next: the cursor stays on its row.
    pub fn hold_place(&mut self) {
        self.keep = true;
    }

    /// The tickets held.
    pub fn tickets(&self) -> impl Iterator<Item = TicketId> {
        self.rows.iter().filter_map(|row| match row {
            Row::Ticket(ticket) => Some(ticket.id),
            Row::Passage(_) => None,
        })
    }

    /// Takes what has become of some rows; what a query found in them stays.
    pub fn patch(&mut self, now: Vec<Row>) {
        let mut now: BTreeMap<TicketId, TicketRow> = now
            .into_iter()
            .filter_map(|row| match row {
                Row::Ticket(ticket) => Some((ticket.id, ticket)),
                Row::Passage(_) => None,
            })
            .collect();
        for row in &mut self.rows {
            let Row::Ticket(held) = row else { continue };
            let Some(new) = now.remove(&held.id) else {
                continue;
            };
            if let Some(marked) = self.marked.get_mut(&new.id) {
                marked.revision = new.revision;
            }
            let before = std::mem::replace(held, new);
            held.rank = before.rank;
            held.score = before.score;
            held.title_highlights = before.title_highlights;
            held.snippet = before.snippet;
            held.highlights = before.highlights;
            held.relaxed = before.relaxed;
        }
    }

    /// Where a window must begin so that everything seen is held; `None` when it is.
    pub fn wanted_window(&self, height: usize) -> Option<usize> {
        let end = (self.top + height).min(self.total);
        let held = self.start..self.start + self.rows.len();
        let seen_is_held =
            self.top >= held.start && end <= held.end || end <= self.top || self.hits.is_some();
        (!seen_is_held).then(|| self.window_start(height))
    }

    /// Where a window around what is seen begins.
    pub fn window_start(&self, height: usize) -> usize {
        self.top.saturating_sub(WINDOW.saturating_sub(height) / 2)
    }

    /// Marks the ticket under the cursor, or takes its mark away.
    pub fn toggle_mark(&mut self, since: Generation) {
        let Some(ticket) = self.current_ticket() else {
            return;
        };
        let (id, marked) = mark_of(ticket, since);
        if self.marked.remove(&id).is_none() {
            self.marked.insert(id, marked);
        }
    }

    /// Marks all tickets held; where a query found more, once they have come.
    pub fn mark_all(&mut self, since: Generation) {
        if self.has_more_hits() {
            self.marks_all = Some(since);
            self.all_hits = true;
            self.refresh();
            return;
        }
        let tickets = self.rows.iter().filter_map(|row| match row {
            Row::Ticket(ticket) => Some(mark_of(ticket, since)),
            Row::Passage(_) => None,
        });
        self.marked.extend(tickets);
    }
}

fn mark_of(ticket: &TicketRow, since: Generation) -> (TicketId, Marked) {
    let marked = Marked {
        revision: ticket.revision,
        title: ticket.title.clone(),
        since,
    };
    (ticket.id, marked)
}

/// Draws the list's rows.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    if app.list.loaded && app.list.total == 0 {
        let empty = app
            .status
            .as_ref()
            .is_some_and(|status| status.tickets == 0);
        let why = if empty {
            Word::EmptyStore
        } else {
            Word::NoTickets
        };
        let words = Span::styled(word(app.look.lang, why), app.look.theme.dim);
        put(buffer, area, 0, &Line::from(vec![Span::raw(" "), words]));
        return;
    }
    for y in 0..area.height {
        let at = app.list.top + usize::from(y);
        if at >= app.list.total {
            break;
        }
        let line = match app.list.row(at) {
            Some(Row::Ticket(ticket)) => ticket_line(app, at, ticket, area.width.into()),
            Some(Row::Passage(passage)) => passage_line(app, passage, area.width.into()),
            None => Line::from(Span::styled(
                format!("  {}", app.look.glyphs.cut),
                app.look.theme.dim,
            )),
        };
        put(buffer, area, y, &on_row(app, at, line));
    }
}

fn on_row(app: &App, at: usize, line: Line<'static>) -> Line<'static> {
    let theme = &app.look.theme;
    if at != app.list.selected {
        return line;
    }
    match app.focus {
        Focus::List | Focus::Query => line.style(theme.selected),
        Focus::Tree | Focus::Detail => line.style(theme.selected_dim),
    }
}

/// Columns of the category beside a title.
fn category_width(width: usize) -> usize {
    match width {
        0..30 => 0,
        30..50 => 10,
        50..70 => 16,
        _ => 22,
    }
}

fn ticket_line(app: &App, at: usize, ticket: &TicketRow, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let glyphs = &app.look.glyphs;
    let marked = app.list.marked.contains_key(&ticket.id);
    let pointer = pointer(marked, at == app.list.selected, ticket.relaxed.is_some());
    let (state, state_style) = state_mark(app, ticket);
    let category = category_of(app, ticket, category_width(width));
    let category_columns = text::width(&category);
    let tail = if category_columns == 0 {
        3
    } else {
        category_columns + 4
    };
    let room = width.saturating_sub(2 + tail);
    let title_style = match (marked, ticket.relaxed.is_some()) {
        (true, _) => theme.marked,
        (false, true) => theme.dim,
        (false, false) => theme.text,
    };
    let title = if ticket.title.trim().is_empty() && ticket.snippet.trim().is_empty() {
        vec![Span::styled(word(app.look.lang, Word::Untitled), theme.dim)]
    } else if ticket.title.trim().is_empty() {
        highlighted(&ticket.snippet, &ticket.highlights, theme.dim, theme.hit)
    } else {
        highlighted(
            &ticket.title,
            &ticket.title_highlights,
            title_style,
            theme.hit,
        )
    };
    let (title, used) = cut_spans(title, room, glyphs);
    let mut spans = vec![Span::styled(pointer, theme.marked)];
    spans.extend(title);
    spans.push(Span::raw(" ".repeat(room - used + 1)));
    if category_columns > 0 {
        spans.push(Span::styled(category, theme.category));
        spans.push(Span::raw(" "));
    }
    spans.push(Span::styled(state, state_style));
    let others = app.company.others(ticket.id).next().is_some();
    let company = if others { "@" } else { " " };
    spans.push(Span::styled(company, theme.warn));
    Line::from(spans)
}

/// Two columns before a title: the cursor, and whether the row is marked or found by relaxing
/// the query.
fn pointer(marked: bool, selected: bool, relaxed: bool) -> String {
    let cursor = if selected { '>' } else { ' ' };
    let state = match (marked, relaxed) {
        (true, _) => '*',
        (false, true) => '~',
        (false, false) => ' ',
    };
    format!("{cursor}{state}")
}

/// The category for a narrow column: the issue type where there is no room for both.
fn category_of(app: &App, ticket: &TicketRow, width: usize) -> String {
    let product = clean(&ticket.product);
    let issue_type = clean(&ticket.issue_type);
    let both = match (product.is_empty(), issue_type.is_empty()) {
        (_, true) => product.clone(),
        (true, false) => issue_type,
        (false, false) => format!("{product} {issue_type}"),
    };
    if text::width(&both) <= width {
        return both;
    }
    let chosen = app.filter.category.as_ref();
    let shown =
        if chosen.is_some_and(|f| f.product == ticket.product) && !ticket.issue_type.is_empty() {
            clean(&ticket.issue_type)
        } else {
            product
        };
    cut(&shown, width, &app.look.glyphs)
}

/// One column that says how it stands with a ticket's causes and category.
fn state_mark(app: &App, ticket: &TicketRow) -> (&'static str, Style) {
    let theme = &app.look.theme;
    if !ticket.outdated.is_empty() {
        return ("x ", theme.dim);
    }
    if ticket.disputed {
        return ("!", theme.bad);
    }
    if ticket.suspect {
        return ("?", theme.warn);
    }
    if ticket.misfiled {
        return ("^", theme.warn);
    }
    match ticket.cause_state {
        CauseState::None => (" ", theme.dim),
        CauseState::Placeholder => ("-", theme.dim),
        CauseState::Given => ("+", theme.dim),
        CauseState::Confirmed => ("#", theme.good),
    }
}

fn passage_line(app: &App, passage: &PassageRow, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let label = word(app.look.lang, Word::Article);
    let heading = match (passage.article.is_empty(), passage.heading.is_empty()) {
        (_, true) => passage.article.clone(),
        (true, false) => passage.heading.clone(),
        (false, false) => format!(
            "{} {} {}",
            passage.article, app.look.glyphs.step, passage.heading
        ),
    };
    let state = if passage.outdated.is_empty() {
        ' '
    } else {
        'x'
    };
    let spans = vec![
        Span::styled(format!(" {state}{label} "), theme.article),
        Span::styled(clean(&heading), theme.text),
        Span::raw("  "),
    ];
    let snippet = highlighted(&passage.snippet, &passage.highlights, theme.dim, theme.hit);
    let spans = spans.into_iter().chain(snippet).collect();
    Line::from(cut_spans(spans, width, &app.look.glyphs).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_hits_are_wanted_near_the_end_of_the_first_and_not_before() {
        let passage = PassageRow {
            rank: 1,
            id: "a.1".into(),
            article: String::new(),
            heading: String::new(),
            source: String::new(),
            outdated: String::new(),
            successor: None,
            date: None,
            score: None,
            snippet: String::new(),
            highlights: Vec::new(),
            relaxed: None,
            section: None,
            missing: Vec::new(),
        };
        let mut list = ListPane {
            hits: Some(Hits {
                total: 5_000,
                ..Hits::default()
            }),
            rows: vec![Row::Passage(passage); FIRST_HITS],
            total: FIRST_HITS,
            ..ListPane::default()
        };
        assert!(!list.wants_all_hits(20));
        list.selected = FIRST_HITS - NEAR;
        assert!(list.wants_all_hits(20));
        list.selected = 0;
        assert!(list.wants_all_hits(50), "a screen that shows them all");
        // Marking all waits for them.
        list.mark_all(Generation::default());
        assert!(list.all_hits && list.marks_all.is_some() && list.stale);
        list.replace(0, list.rows.clone(), FIRST_HITS);
        assert!(list.marks_all.is_none());
        list.all_hits = false;
        list.hits = Some(Hits {
            total: FIRST_HITS,
            ..Hits::default()
        });
        assert!(!list.wants_all_hits(50), "there are no more");
    }
}
