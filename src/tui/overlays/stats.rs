//! Figures over the whole store, as bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::{CauseCount, Stats};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::line::{clean, cut, pad, put};
use crate::tui::overlays::pager;
use crate::tui::panes::tree::product_name;
use crate::words::{Bytes, Count, Word, names, word};

/// Rows of one chart at most.
const LONGEST: usize = 12;

/// The view's state.
#[derive(Debug)]
pub struct StatsView {
    /// The figures, when they have come.
    pub stats: Option<Box<Stats>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// The first line drawn.
    pub top: usize,
}

/// All lines of the view.
pub fn lines(app: &App, stats: &Stats, width: usize) -> Vec<Line<'static>> {
    let lang = app.look.lang;
    let mut lines = vec![
        figures(
            app,
            &[
                (Word::Tickets, Count(stats.tickets).to_string()),
                (Word::Articles, Count(stats.articles).to_string()),
                (Word::Passages, Count(stats.passages).to_string()),
            ],
        ),
        figures(
            app,
            &[
                (Word::Copies, Count(stats.copies).to_string()),
                (Word::StoreSize, Bytes(stats.store_bytes).to_string()),
                (Word::IndexSize, Bytes(stats.index_bytes).to_string()),
            ],
        ),
    ];
    for (title, rows) in charts(app, stats) {
        if rows.is_empty() {
            continue;
        }
        lines.push(Line::default());
        let title = Span::styled(word(lang, title), app.look.theme.heading);
        lines.push(Line::from(title));
        bars(app, &rows, width, &mut lines);
    }
    lines
}

fn charts(app: &App, stats: &Stats) -> Vec<(Word, Vec<(String, usize)>)> {
    let lang = app.look.lang;
    let products = stats
        .categories
        .iter()
        .filter(|node| node.issue_type.is_none())
        .map(|node| (product_name(app, &node.product), node.count));
    let states = stats
        .cause_states
        .iter()
        .map(|(name, n)| (names::cause_state(lang, name).to_owned(), *n));
    let causes = |rows: &[CauseCount]| -> Vec<(String, usize)> {
        rows.iter()
            .map(|row| (row.cause.clone(), row.tickets))
            .collect()
    };
    let skipped = stats.by_day.len().saturating_sub(LONGEST);
    vec![
        (Word::Product, products.collect()),
        (Word::Causes, states.collect()),
        (Word::CausesBefore, causes(&stats.causes_given)),
        (Word::CausesNow, causes(&stats.causes_now)),
        (
            Word::ByDay,
            stats.by_day.iter().skip(skipped).cloned().collect(),
        ),
        (Word::ByAgent, stats.by_agent.clone()),
    ]
}

fn figures(app: &App, rows: &[(Word, String)]) -> Line<'static> {
    let theme = &app.look.theme;
    let mut spans = Vec::new();
    for (label, value) in rows {
        let label = format!("{} ", word(app.look.lang, *label));
        spans.push(Span::styled(label, theme.dim));
        spans.push(Span::styled(format!("{value}   "), theme.text));
    }
    Line::from(spans)
}

fn bars(app: &App, rows: &[(String, usize)], width: usize, lines: &mut Vec<Line<'static>>) {
    let theme = &app.look.theme;
    let glyphs = &app.look.glyphs;
    let label = (width / 3).min(30);
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let room = width.saturating_sub(label + 10);
    for (name, n) in rows.iter().take(LONGEST) {
        let bar = glyphs.bar.repeat((n * room).div_ceil(most));
        let name = pad(&cut(&clean(name), label, glyphs), label + 1);
        lines.push(Line::from(vec![
            Span::styled(name, theme.text),
            Span::styled(bar, theme.category),
            Span::styled(format!(" {}", Count(*n)), theme.dim),
        ]));
    }
}

/// Draws the view.
pub fn render(
    app: &App,
    view: &StatsView,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let title = word(app.look.lang, Word::StatisticsTitle);
    frame::open(app, frame::middle(screen, 100, 32), title, buffer);
    let inner = pager::inside(screen);
    let Some(stats) = &view.stats else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    let lines = lines(app, stats, inner.width.into());
    for (line, y) in lines.iter().skip(view.top).zip(0..inner.height) {
        put(buffer, inner, y, line);
    }
    None
}
