//! Figures over the whole store, as charts that scroll.
//!
//! The charts are drawn on a canvas as high as they need, of which the screen shows a part.

mod chart;

use chart::{Bar, Chart, Days};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{Outcome, Overlay, Question, WrongAnswer, frame, pager};
use crate::api::{AgreementRow, Answer, CauseCount, Coverage, Request, Stats, ask};
use crate::keymap::Action;
use crate::tui::hint::Hint;
use crate::tui::look::Look;
use crate::tui::msg::Topic;
use crate::tui::say;
use crate::tui::scroll::{self, Part};
use crate::tui::step::Step;
use crate::tui::view::View;
use crate::words::{self, Bytes, Count, Msg, Word, names, word};

/// Rows of one chart at most.
const LONGEST: usize = 14;
/// Product areas whose causes are shown.
const PRODUCTS: usize = 6;
/// Causes shown of one product area.
const CAUSES: usize = 3;
/// Columns of a chart that reads well; wider screens show several side by side.
const COLUMN: u16 = 56;

/// The view's state.
#[derive(Debug, Default)]
pub struct StatsView {
    /// The figures, when they have come.
    pub stats: Option<Box<Stats>>,
    /// The first line drawn.
    pub top: usize,
}

/// The inside of the view's box: nearly the whole screen.
fn inside(screen: Rect) -> Rect {
    let area = frame::middle(screen, 180, u16::MAX);
    Rect::new(
        area.x + 2.min(area.width),
        area.y + 1.min(area.height),
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    )
}

/// Lines of the whole view at a width.
fn height(look: &Look, stats: &Stats, width: u16) -> usize {
    let (_, height) = places(&charts(look, stats), width);
    height.into()
}

impl Overlay for StatsView {
    fn footer(&self) -> Vec<Hint> {
        vec![
            Action::Cancel.into(),
            Action::MoveDown.into(),
            Action::PageDown.into(),
        ]
    }

    fn step(&mut self, step: Step, view: &View<'_>) -> Outcome {
        let inner = inside(view.screen);
        let lines = self.stats.as_ref();
        let lines = lines.map_or(0, |stats| height(view.look, stats, inner.width));
        pager::scroll(&mut self.top, step, lines, inner.height.into())
    }

    fn question(&self) -> Option<Question> {
        Some(Question {
            topic: Topic::Stats,
            request: Request::Stats(ask::Stats),
        })
    }

    fn answer(&mut self, answer: Answer, _view: &View<'_>) -> Result<Outcome, WrongAnswer> {
        let Answer::Stats(stats) = answer else {
            return Err(WrongAnswer);
        };
        self.stats = Some(stats);
        Ok(Outcome::stay())
    }

    fn render(&self, view: &View<'_>, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
        let look = view.look;
        let title = word(look.lang, Word::StatisticsTitle);
        let boxed = frame::middle(screen, 180, u16::MAX);
        frame::open(look, boxed, title, buffer);
        let inner = inside(screen);
        let Some(stats) = &self.stats else {
            frame::placeholder(look, inner, Word::Loading, buffer);
            return None;
        };
        let canvas = canvas(look, stats, inner.width);
        let top = u16::try_from(self.top).unwrap_or(0);
        for y in 0..inner.height.min(canvas.area.height.saturating_sub(top)) {
            for x in 0..inner.width {
                let drawn = canvas.cell((x, top + y)).cloned();
                if let (Some(drawn), Some(cell)) =
                    (drawn, buffer.cell_mut((inner.x + x, inner.y + y)))
                {
                    *cell = drawn;
                }
            }
        }
        let part = Part {
            top: self.top,
            height: inner.height.into(),
            lines: canvas.area.height.into(),
        };
        scroll::on_box(look, boxed, part, buffer);
        None
    }
}

/// Everything there is to see, on as many lines as it takes.
fn canvas(look: &Look, stats: &Stats, width: u16) -> Buffer {
    let charts = charts(look, stats);
    let (places, height) = places(&charts, width);
    let mut canvas = Buffer::empty(Rect::new(0, 0, width, height));
    for (chart, place) in charts.iter().zip(places) {
        chart.render(look, place, &mut canvas);
    }
    canvas
}

/// Where each chart stands: in columns, each under the one that ends first.
fn places(charts: &[Chart], width: u16) -> (Vec<Rect>, u16) {
    let columns = (width / COLUMN).clamp(1, 3);
    let each = (width.saturating_sub(3 * (columns - 1))) / columns;
    let mut ends = vec![0u16; columns.into()];
    let mut places = Vec::with_capacity(charts.len());
    for chart in charts {
        let lowest = ends.iter().copied().min().unwrap_or(0);
        let column = ends.iter().position(|end| *end == lowest).unwrap_or(0);
        let x = u16::try_from(column).unwrap_or(0) * (each + 3);
        let height = chart.height();
        places.push(Rect::new(x, lowest, each, height));
        if let Some(end) = ends.get_mut(column) {
            // One blank line between two.
            *end = end.saturating_add(height + 1);
        }
    }
    let height = ends.into_iter().max().unwrap_or(0).saturating_sub(1);
    (places, height)
}

fn charts(look: &Look, stats: &Stats) -> Vec<Chart> {
    let lang = look.lang;
    let title = |name: Word| word(lang, name).to_owned();
    let states = stats.cause_states.iter().map(|(name, count)| {
        let name = names::cause_state(lang, name).to_owned();
        Bar::counted(name, *count)
    });
    let replies = stats.replies.iter().map(|reply| {
        let name = if reply.title.is_empty() {
            reply.id.to_string()
        } else {
            reply.title.clone()
        };
        Bar::counted(name, usize::try_from(reply.uses).unwrap_or(usize::MAX))
    });
    let agents = stats.by_agent.iter();
    let agents = agents.map(|(name, count)| Bar::counted(name.clone(), *count));
    let mut charts = vec![
        Chart::text(title(Word::Whole), figures(look, stats)),
        coverage(look, stats.coverage.as_ref()),
        Chart::bars(title(Word::Causes), states.collect(), LONGEST),
        Chart::bars(title(Word::ByProduct), by_product(look, stats), 2 * LONGEST),
        Chart::bars(
            title(Word::CausesBefore),
            causes(&stats.causes_given),
            LONGEST,
        ),
        Chart::bars(title(Word::CausesNow), causes(&stats.causes_now), LONGEST),
        Chart::days(title(Word::ByDay), Days::new(&stats.by_day)),
        Chart::bars(title(Word::ByAgent), agents.collect(), LONGEST),
        Chart::bars(title(Word::RepliesByUse), replies.collect(), LONGEST),
        agreement(look, stats),
        Chart::bars(
            title(Word::TopCauses),
            top_causes(look, stats),
            PRODUCTS * (CAUSES + 1),
        ),
    ];
    charts.retain(|chart| !chart.is_empty());
    charts
}

fn figures(look: &Look, stats: &Stats) -> Vec<Vec<Span<'static>>> {
    let theme = &look.theme;
    let rows = [
        (Word::Tickets, Count(stats.tickets).to_string()),
        (Word::Articles, Count(stats.articles).to_string()),
        (Word::Passages, Count(stats.passages).to_string()),
        (Word::Copies, Count(stats.copies).to_string()),
        (Word::Disputed, Count(stats.disputed).to_string()),
        (Word::StoreSize, Bytes(stats.store_bytes).to_string()),
        (Word::IndexSize, Bytes(stats.index_bytes).to_string()),
    ];
    let spans: Vec<_> = rows
        .into_iter()
        .map(|(label, value)| {
            let label = format!("{} ", word(look.lang, label));
            [
                Span::styled(label, theme.dim),
                Span::styled(format!("{value}   "), theme.text),
            ]
        })
        .collect();
    spans
        .chunks(2)
        .map(<[[Span<'static>; 2]]>::concat)
        .collect()
}

/// The share of tickets with a reusable answer, whole and by product area.
fn coverage(look: &Look, coverage: Option<&Coverage>) -> Chart {
    let lang = look.lang;
    let title = word(lang, Word::Coverage).to_owned();
    let Some(coverage) = coverage else {
        let words = word(lang, Word::NotAnalysed).to_owned();
        let span = Span::styled(words, look.theme.dim);
        return Chart::text(title, vec![vec![span]]);
    };
    let (covered, of) = (Count(coverage.covered), Count(coverage.tickets));
    let all = word(lang, Word::AllTickets).to_owned();
    let whole = words::text(lang, &Msg::Position { at: covered, of });
    let rows = coverage.products.iter().map(|row| {
        let (at, of) = (Count(row.covered), Count(row.tickets));
        let shown = words::text(lang, &Msg::Position { at, of });
        Bar::share(
            say::product(look.lang, &row.product),
            row.covered,
            row.tickets,
            shown,
        )
    });
    let first = Bar::share(all, coverage.covered, coverage.tickets, whole);
    let bars = std::iter::once(first).chain(rows).collect();
    Chart::bars(title, bars, LONGEST)
}

fn by_product(look: &Look, stats: &Stats) -> Vec<Bar> {
    let nodes = stats.categories.iter();
    nodes
        .map(|node| match &node.issue_type {
            None => Bar::counted(say::product(look.lang, &node.product), node.count),
            Some(issue_type) => Bar::counted(
                format!("  {}", say::issue_type(look.lang, issue_type)),
                node.count,
            )
            .below(),
        })
        .collect()
}

fn causes(rows: &[CauseCount]) -> Vec<Bar> {
    rows.iter()
        .map(|row| Bar::counted(row.cause.clone(), row.tickets))
        .collect()
}

fn agreement(look: &Look, stats: &Stats) -> Chart {
    let lang = look.lang;
    let bar = |row: &AgreementRow| {
        let name = row.cause.clone();
        let name = name.unwrap_or_else(|| word(lang, Word::AllTickets).to_owned());
        let (n, percent) = (Count(row.tickets), row.percent.round());
        let shown = match row.kappa {
            Some(kappa) => words::text(lang, &Msg::Agreement { n, percent, kappa }),
            None => words::text(lang, &Msg::AgreementPercent { n, percent }),
        };
        Bar::share(name, (row.percent * 10.0) as usize, 1_000, shown)
    };
    let bars = stats.agreement.iter().map(bar).collect();
    Chart::bars(word(lang, Word::Agreement).to_owned(), bars, LONGEST)
}

/// What goes wrong most in each product area.
fn top_causes(look: &Look, stats: &Stats) -> Vec<Bar> {
    let products = stats.causes_by_product.iter();
    let mut bars = Vec::new();
    for row in products.filter(|row| !row.causes.is_empty()).take(PRODUCTS) {
        bars.push(Bar::heading(say::product(look.lang, &row.product)));
        let causes = row.causes.iter().take(CAUSES);
        bars.extend(causes.map(|c| Bar::counted(format!("  {}", c.cause), c.tickets)));
    }
    bars
}
