//! Charts of the statistics: bars, days, and lines of text.

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols;
use ratatui::text::{Line, Span};
use ratatui::widgets::{self, BarChart, BarGroup, Sparkline, Widget};

use crate::tui::line::{clean, cut, pad, put};
use crate::tui::look::Look;
use crate::tui::measure as text;
use crate::words::Count;

/// Rows of a chart of days.
const DAYS: u16 = 4;
/// Days shown at most: a line at a time is enough to see how work goes.
const MOST_DAYS: i32 = 366;

/// A chart with its title.
pub struct Chart {
    title: String,
    body: Body,
    /// Rows that there was no room for.
    more: usize,
}

enum Body {
    Text(Vec<Vec<Span<'static>>>),
    Bars(Vec<Bar>),
    Days(Days),
}

/// A row of a bar chart.
pub struct Bar {
    name: String,
    value: u64,
    /// The value that fills the row; `None` = the largest of the chart.
    whole: Option<u64>,
    shown: String,
    part: bool,
}

/// Counts by day without gaps.
pub struct Days {
    first: String,
    last: String,
    most: u64,
    counts: Vec<u64>,
}

impl Bar {
    /// A row of a count.
    pub fn counted(name: String, count: usize) -> Self {
        Self {
            name: clean(&name),
            value: count as u64,
            whole: None,
            shown: Count(count).to_string(),
            part: false,
        }
    }

    /// A row of a share.
    pub fn share(name: String, part: usize, whole: usize, shown: String) -> Self {
        Self {
            value: part as u64,
            whole: Some(whole.max(1) as u64),
            shown,
            ..Self::counted(name, 0)
        }
    }

    /// A row that only names what follows.
    pub fn heading(name: String) -> Self {
        Self {
            shown: String::new(),
            ..Self::counted(name, 0)
        }
    }

    /// The same as a part of the row above.
    #[must_use]
    pub fn below(self) -> Self {
        Self { part: true, ..self }
    }
}

impl Days {
    /// The counts of days written `2026-01-31`; those between without one count nothing.
    pub fn new(by_day: &[(String, usize)]) -> Self {
        let known: Vec<(Date, u64)> = by_day
            .iter()
            .filter_map(|(day, count)| Some((day.parse().ok()?, *count as u64)))
            .collect();
        let last = known.iter().map(|(day, _)| *day).max();
        let first = known.iter().map(|(day, _)| *day).min();
        let mut counts = Vec::new();
        let mut begin = first;
        if let (Some(first), Some(last)) = (first, last) {
            let earliest = last.checked_sub(MOST_DAYS.days()).unwrap_or(first);
            let mut day = first.max(earliest);
            begin = Some(day);
            while day <= last {
                let found = known.iter().find(|(known, _)| *known == day);
                counts.push(found.map_or(0, |(_, count)| *count));
                let Ok(next) = day.tomorrow() else { break };
                day = next;
            }
        }
        let name = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            first: name(begin),
            last: name(last),
            most: counts.iter().copied().max().unwrap_or(0),
            counts,
        }
    }
}

impl Chart {
    /// Lines of text.
    pub fn text(title: String, lines: Vec<Vec<Span<'static>>>) -> Self {
        Self {
            title,
            body: Body::Text(lines),
            more: 0,
        }
    }

    /// Bars, the first ones of many.
    pub fn bars(title: String, mut bars: Vec<Bar>, most: usize) -> Self {
        let more = bars.len().saturating_sub(most);
        bars.truncate(most);
        Self {
            title,
            body: Body::Bars(bars),
            more,
        }
    }

    /// Counts by day.
    pub fn days(title: String, days: Days) -> Self {
        Self {
            title,
            body: Body::Days(days),
            more: 0,
        }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        match &self.body {
            Body::Text(lines) => lines.is_empty(),
            Body::Bars(bars) => bars.is_empty(),
            Body::Days(days) => days.counts.is_empty(),
        }
    }

    /// Lines with the title.
    pub fn height(&self) -> u16 {
        let rows = match &self.body {
            Body::Text(lines) => lines.len(),
            Body::Bars(bars) => bars.len() + usize::from(self.more > 0),
            Body::Days(_) => usize::from(DAYS) + 1,
        };
        u16::try_from(rows + 1).unwrap_or(u16::MAX)
    }

    /// Draws the chart.
    pub fn render(&self, look: &Look, area: Rect, buffer: &mut Buffer) {
        let title = cut(&self.title, area.width.into(), &look.glyphs);
        put(buffer, area, 0, &Line::styled(title, look.theme.heading));
        let below = Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        };
        match &self.body {
            Body::Text(lines) => {
                for (line, y) in lines.iter().zip(0..below.height) {
                    put(buffer, below, y, &Line::from(line.clone()));
                }
            }
            Body::Bars(bars) => {
                bars_in(look, bars, below, buffer);
                if self.more > 0 {
                    let words = format!("+ {}", Count(self.more));
                    let line = Line::styled(words, look.theme.dim);
                    put(buffer, below, below.height.saturating_sub(1), &line);
                }
            }
            Body::Days(days) => days_in(look, days, below, buffer),
        }
    }
}

fn bars_in(look: &Look, bars: &[Bar], area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let shown = bars.iter().map(|bar| text::width(&bar.shown)).max();
    let shown = shown.unwrap_or(0);
    let longest = bars.iter().map(|bar| text::width(&bar.name)).max();
    let room = (width / 2).saturating_sub(shown + 1).max(8);
    let name = longest.unwrap_or(0).min(room);
    let most = bars.iter().filter(|bar| bar.whole.is_none());
    let most = most.map(|bar| bar.value).max().unwrap_or(0).max(1);
    let rows = bars.iter().map(|bar| {
        let label = pad(&cut(&bar.name, name, &look.glyphs), name + 1);
        let gap = shown - text::width(&bar.shown);
        let label = Line::from(vec![
            Span::styled(label, look.theme.text),
            Span::raw(" ".repeat(gap)),
            Span::styled(bar.shown.clone(), look.theme.dim),
        ]);
        let style = if bar.part {
            look.theme.dim
        } else {
            look.theme.category
        };
        // In thousandths of what fills the row, so that bars of several wholes stand together.
        let value = bar.value * 1_000 / bar.whole.unwrap_or(most);
        widgets::Bar::default()
            .value(value)
            .label(label)
            .text_value(String::new())
            .style(style)
    });
    let rows: Vec<_> = rows.collect();
    BarChart::default()
        .data(BarGroup::default().bars(&rows))
        .direction(ratatui::layout::Direction::Horizontal)
        .bar_width(1)
        .bar_gap(0)
        .max(1_000)
        .bar_set(levels(look))
        .render(area, buffer);
}

fn days_in(look: &Look, days: &Days, area: Rect, buffer: &mut Buffer) {
    let most = Count(usize::try_from(days.most).unwrap_or(usize::MAX)).to_string();
    let label = u16::try_from(text::width(&most) + 1).unwrap_or(0);
    let chart = Rect {
        x: area.x + label.min(area.width),
        width: area.width.saturating_sub(label),
        height: DAYS.min(area.height),
        ..area
    };
    put(buffer, area, 0, &Line::styled(most, look.theme.dim));
    let columns = usize::from(chart.width);
    // Few days are wide; of many the newest are seen.
    let wide = (columns / days.counts.len().max(1)).clamp(1, 4);
    let skip = days.counts.len().saturating_sub(columns);
    let seen = days.counts.iter().skip(skip);
    let data: Vec<u64> = seen
        .flat_map(|count| std::iter::repeat_n(*count, wide))
        .collect();
    Sparkline::default()
        .data(&data)
        .max(days.most.max(1))
        .bar_set(levels(look))
        .style(look.theme.category)
        .render(chart, buffer);
    let span = if days.first == days.last {
        days.last.clone()
    } else {
        format!("{} {} {}", days.first, look.glyphs.step, days.last)
    };
    let span = cut(&span, columns, &look.glyphs);
    let axis = Rect { y: area.y, ..chart };
    let axis = Rect {
        height: DAYS + 1,
        ..axis
    };
    put(buffer, axis, DAYS, &Line::styled(span, look.theme.dim));
}

/// The blocks bars are made of; where those would be two columns wide, ASCII.
fn levels(look: &Look) -> symbols::bar::Set<'static> {
    if text::width(look.glyphs.bar) == 1 && look.glyphs.bar.is_ascii() {
        return symbols::bar::Set {
            full: look.glyphs.bar,
            seven_eighths: look.glyphs.bar,
            three_quarters: look.glyphs.bar,
            five_eighths: "+",
            half: "+",
            three_eighths: "-",
            one_quarter: "-",
            one_eighth: ".",
            empty: " ",
        };
    }
    symbols::bar::NINE_LEVELS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_work_stand_between_those_with() {
        let by_day = [("2026-01-30".to_owned(), 3), ("2026-02-02".to_owned(), 1)];
        let days = Days::new(&by_day);
        assert_eq!(days.counts, [3, 0, 0, 1]);
        assert_eq!((days.first.as_str(), days.most), ("2026-01-30", 3));
        assert!(Days::new(&[]).counts.is_empty());
    }

    #[test]
    fn a_long_history_shows_its_last_year() {
        let by_day = [("2020-01-01".to_owned(), 9), ("2026-02-02".to_owned(), 1)];
        let days = Days::new(&by_day);
        assert_eq!(days.counts.len(), 367);
        assert_eq!(days.most, 1);
    }
}
