//! The query line: what is searched for, and what became of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use crate::api::{Behind, IndexWork, Progress, Row, Status};
use crate::tui::app::{App, Link};
use crate::tui::field;
use crate::tui::layout::Focus;
use crate::tui::line::{clean, cut_spans, put};
use crate::tui::measure as text;
use crate::tui::panes::list::{Hits, Source};
use crate::tui::say;
use crate::words::{self, Count, Msg, Word, word};

/// The query line's state.
#[derive(Debug, Default)]
pub struct QueryLine {
    /// What is typed.
    pub input: Input,
}

impl QueryLine {
    /// The query, without surrounding blanks.
    pub fn text(&self) -> &str {
        self.input.value().trim()
    }
}

/// Draws the query on the upper rule; returns where its cursor stands.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let theme = &app.look.theme;
    let label = format!(" {} / ", word(app.look.lang, Word::Query));
    let label_style = if app.focus == Focus::Query {
        theme.title_focus
    } else {
        theme.title
    };
    let label_width = text::width(&label);
    put_at(
        buffer,
        area,
        0,
        &Line::from(Span::styled(label, label_style)),
    );
    let typed = text::width(app.query.input.value());
    let room = usize::from(area.width).saturating_sub(label_width + 2);
    let (tail, tail_width) = cut_spans(
        outcome(app),
        room.saturating_sub(typed.min(room / 2) + 1),
        &app.look.glyphs,
    );
    if tail_width > 0 {
        let x = usize::from(area.width) - tail_width;
        put_at(buffer, area, x, &Line::from(tail));
    }
    let field_room = room.saturating_sub(tail_width);
    let field_area = Rect {
        x: area.x + u16::try_from(label_width).unwrap_or(0),
        width: u16::try_from(field_room).unwrap_or(0),
        ..area
    };
    let shown = field::render(&app.query.input, field_area, Style::reset(), buffer);
    if shown.width > 0 {
        // One blank between the text and the rule.
        let end = field_area.x + shown.width;
        buffer.set_string(end, area.y, " ", Style::reset());
    }
    (app.focus == Focus::Query).then_some(shown.cursor)
}

fn put_at(buffer: &mut Buffer, area: Rect, x: usize, line: &Line<'_>) {
    let x = u16::try_from(x).unwrap_or(0).min(area.width);
    let part = Rect {
        x: area.x + x,
        width: area.width - x,
        ..area
    };
    put(buffer, part, 0, line);
}

/// What stands at the right end: hits, time, labels, progress.
fn outcome(app: &App) -> Vec<Span<'static>> {
    let theme = &app.look.theme;
    let mut parts: Vec<Span<'static>> = Vec::new();
    match &app.link {
        Link::Connecting => {
            parts.push(Span::styled(word(app.look.lang, Word::Opening), theme.warn));
        }
        Link::Failed(_) => parts.push(Span::styled(word(app.look.lang, Word::NoDesk), theme.bad)),
        Link::Up => {}
    }
    if let Some(behind) = behind(app) {
        parts.push(Span::styled(
            say::indexing(app.look.lang, behind),
            theme.warn,
        ));
    }
    if let Some(progress) = &app.progress
        && !is_of_index(progress)
    {
        parts.push(Span::styled(
            say::progress(app.look.lang, progress),
            theme.warn,
        ));
    }
    if app.list.is_late() {
        let what = if app.query.text().is_empty() {
            Word::Loading
        } else {
            Word::Searching
        };
        parts.push(Span::styled(word(app.look.lang, what), theme.warn));
    } else if let Some(hits) = &app.list.hits {
        parts.extend(labels(app, hits));
        let (exact, near) = found(app, hits);
        let (n, ms) = (Count(exact), hits.millis);
        let message = match near {
            0 if hits.more => Msg::HitsMore { n, ms },
            0 => Msg::Hits { n, ms },
            near => Msg::HitsNear {
                n,
                near: Count(near),
                ms,
            },
        };
        parts.push(Span::styled(
            words::text(app.look.lang, &message),
            theme.text,
        ));
    } else if app.list.loaded {
        parts.push(Span::styled(
            words::text(
                app.look.lang,
                &Msg::Listed {
                    n: Count(app.list.total),
                },
            ),
            theme.text,
        ));
    }
    let mut spans = Vec::new();
    for part in parts {
        let before = if spans.is_empty() {
            " ".to_owned()
        } else {
            format!(" {} ", app.look.glyphs.dot)
        };
        spans.push(Span::styled(before, theme.dim));
        spans.push(part);
    }
    if !spans.is_empty() {
        spans.push(Span::raw(" "));
    }
    spans
}

/// How many were found as asked, and how many rows only by relaxing the query.
fn found(app: &App, hits: &Hits) -> (usize, usize) {
    let near = app
        .list
        .rows
        .iter()
        .filter(|row| match row {
            Row::Ticket(ticket) => ticket.relaxed.is_some(),
            Row::Passage(passage) => passage.relaxed.is_some(),
        })
        .count();
    let asked = app.list.rows.len() - near;
    // A total that only counts what is listed counts the near ones too.
    let exact = if hits.relaxed.is_some() || hits.total <= app.list.rows.len() {
        asked
    } else {
        hits.total
    };
    (exact, near)
}

fn behind(app: &App) -> Option<Behind> {
    let of_hits = app.list.hits.as_ref().and_then(|hits| hits.behind);
    let of_status = app.status.as_ref().and_then(Status::behind);
    of_hits.or(of_status)
}

/// Whether work is told of by the index itself.
fn is_of_index(progress: &Progress) -> bool {
    let works = [IndexWork::Index, IndexWork::Reindex];
    works.iter().any(|work| work.name() == progress.what)
}

fn labels(app: &App, hits: &Hits) -> Vec<Span<'static>> {
    let theme = &app.look.theme;
    let lang = app.look.lang;
    let mut labels = Vec::new();
    if let Source::Similar { title, .. } = &app.list.source {
        labels.push(Span::styled(
            say::labelled(lang, Word::SimilarTitle, &clean(title)),
            theme.article,
        ));
    }
    if let Some(relaxed) = &hits.relaxed {
        labels.push(Span::styled(
            clean(&say::relaxed(lang, relaxed)),
            theme.warn,
        ));
    }
    for note in &hits.notes {
        labels.push(Span::styled(clean(&say::note(lang, note)), theme.warn));
    }
    labels
}
