//! The look-alikes of a ticket, as what annotating them at once would change.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::advice::percent;
use super::frame;
use crate::desk::api::{CauseChoice, Page, Row, SuggestedCause, Target, TicketRow};
use crate::model::{CauseState, Generation, TicketId};
use crate::tui::app::App;
use crate::tui::line::{clean, cut, cut_spans, pad, put};
use crate::tui::say;
use crate::tui::update::cause_names;
use crate::words::{self, Count, Msg, Word, word};

/// Causes offered by digits.
const OFFERED: usize = 9;

/// The form's state.
#[derive(Debug)]
pub struct GroupForm {
    /// The ticket whose look-alikes they are.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// The ticket and its look-alikes, when they have come.
    pub rows: Option<Vec<TicketRow>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// Causes that digits choose.
    pub suggestions: Vec<SuggestedCause>,
    /// The causes that all get; `None` = none is chosen yet.
    pub causes: Option<Vec<CauseChoice>>,
    /// Why.
    pub note: String,
    /// Tickets left out.
    pub left: BTreeSet<TicketId>,
    /// The row under the cursor.
    pub selected: usize,
}

impl GroupForm {
    /// The look-alikes of a ticket: its confirmed causes are proposed, else what is suggested.
    pub fn new(
        generation: Generation,
        ticket: &TicketRow,
        suggestions: Vec<SuggestedCause>,
    ) -> Self {
        let causes = if ticket.cause_state == CauseState::Confirmed {
            let names = ticket.causes.iter().map(|cause| cause.name.clone());
            Some(names.map(CauseChoice::Known).collect())
        } else {
            let first = suggestions.first();
            first.map(|first| vec![CauseChoice::Known(first.cause.clone())])
        };
        Self {
            id: ticket.id,
            title: ticket.title.clone(),
            rows: None,
            generation,
            suggestions,
            causes,
            note: String::new(),
            left: BTreeSet::new(),
            selected: 0,
        }
    }

    /// Takes the look-alikes; those that an agent decided on are left out until chosen.
    pub fn take(&mut self, page: Page) {
        let tickets = page.rows.into_iter().filter_map(|row| match row {
            Row::Ticket(ticket) => Some(ticket),
            Row::Passage(_) => None,
        });
        let rows: Vec<TicketRow> = tickets.collect();
        let decided = rows
            .iter()
            .filter(|row| row.cause_state == CauseState::Confirmed && row.id != self.id);
        self.left = decided.map(|row| row.id).collect();
        self.rows = Some(rows);
    }

    /// Leaves the ticket under the cursor out, or takes it in again.
    pub fn toggle(&mut self) {
        let row = self.rows.as_ref().and_then(|rows| rows.get(self.selected));
        if let Some(id) = row.map(|row| row.id)
            && !self.left.remove(&id)
        {
            self.left.insert(id);
        }
    }

    /// Takes the suggested cause of this number.
    pub fn suggest(&mut self, digit: u32) {
        let at = usize::try_from(digit).unwrap_or(0).checked_sub(1);
        if let Some(one) = at.and_then(|at| self.suggestions.get(at)) {
            self.causes = Some(vec![CauseChoice::Known(one.cause.clone())]);
        }
    }

    /// The tickets that are annotated, with the revisions seen.
    pub fn targets(&self) -> Vec<Target> {
        let rows = self.rows.iter().flatten();
        rows.filter(|row| !self.left.contains(&row.id))
            .map(|row| Target {
                id: row.id.to_string(),
                base_rev: Some(row.revision),
            })
            .collect()
    }
}

/// Draws the form.
pub fn render(
    app: &App,
    form: &GroupForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let theme = &app.look.theme;
    let title = format!("{}  {}", word(lang, Word::GroupTitle), form.title);
    let area = frame::middle(screen, 110, 34);
    let inner = frame::open(app, area, &title, buffer);
    if inner.height < 4 {
        return None;
    }
    let Some(rows) = &form.rows else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    let new = match &form.causes {
        Some(causes) => cause_names(lang, causes),
        None => word(lang, Word::GroupNoCause).to_owned(),
    };
    let n = Count(form.targets().len());
    let count = words::text(lang, &Msg::ForTickets { n });
    let mut head = vec![
        Span::raw(" "),
        Span::styled(say::labelled(lang, Word::BecomesCause, &new), theme.good),
        Span::styled(format!("  {count}"), theme.dim),
    ];
    if !form.note.is_empty() {
        let note = say::labelled(lang, Word::Note, &clean(&form.note));
        head.push(Span::styled(format!("  {note}"), theme.text));
    }
    let (head, _) = cut_spans(head, inner.width.into(), &app.look.glyphs);
    put(buffer, inner, 0, &Line::from(head));
    put(buffer, inner, 1, &offered(app, form));
    let list = frame::below(inner, 2);
    let list = Rect {
        height: list.height.saturating_sub(1),
        ..list
    };
    frame::rows(app, list, rows.len(), form.selected, buffer, |at| {
        let row = rows.get(at);
        row.map_or_else(Line::default, |row| {
            line(app, form, row, &new, list.width.into())
        })
    });
    let hint = cut(
        word(lang, Word::GroupHint),
        list.width.into(),
        &app.look.glyphs,
    );
    let hint = Line::from(Span::styled(format!(" {hint}"), theme.dim));
    put(buffer, inner, inner.height - 1, &hint);
    None
}

/// The causes that digits choose.
fn offered(app: &App, form: &GroupForm) -> Line<'static> {
    let theme = &app.look.theme;
    let mut spans = vec![Span::raw(" ")];
    for (one, digit) in form.suggestions.iter().zip(1..=OFFERED) {
        spans.push(Span::styled(format!("{digit} "), theme.key));
        let words = format!("{} {}   ", clean(&one.cause), percent(one.score));
        spans.push(Span::styled(words, theme.dim));
    }
    Line::from(spans)
}

/// A ticket, its causes, and what they become.
fn line(app: &App, form: &GroupForm, row: &TicketRow, new: &str, width: usize) -> Line<'static> {
    let theme = &app.look.theme;
    let glyphs = &app.look.glyphs;
    let left = form.left.contains(&row.id);
    let mark = if left { " [ ] " } else { " [x] " };
    let names: Vec<String> = row.causes.iter().map(|cause| clean(&cause.name)).collect();
    let old = if names.is_empty() {
        word(app.look.lang, Word::NoCause).to_owned()
    } else {
        say::list(app.look.lang, &names)
    };
    let room = width.saturating_sub(5 + 4);
    let half = room / 2;
    let title = pad(&cut(&clean(&row.title), half, glyphs), half + 1);
    let quarter = (room - half) / 2;
    let mut spans = vec![
        Span::styled(mark, theme.key),
        Span::styled(title, if left { theme.dim } else { theme.text }),
    ];
    if left {
        spans.push(Span::styled(cut(&old, room - half, glyphs), theme.dim));
    } else {
        let old = pad(&cut(&old, quarter, glyphs), quarter);
        spans.push(Span::styled(old, theme.bad));
        spans.push(Span::styled(" > ", theme.dim));
        spans.push(Span::styled(cut(new, quarter, glyphs), theme.good));
    }
    Line::from(spans)
}
