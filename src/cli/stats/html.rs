//! The figures as one HTML file: charts drawn in the file itself, nothing fetched, no script.

use std::fmt::Write as _;

use crate::api::{AgreementRow, CauseCount, Coverage, Stats};
use crate::text::sanitize;
use crate::words::{self, Count, Lang, Msg, Word, names, word};

/// Rows of one chart at most.
const LONGEST: usize = 20;
/// Causes shown of one product area.
const CAUSES: usize = 5;
/// Width of a chart, in the units of its drawing.
const WIDTH: usize = 720;
/// Height of a row.
const ROW: usize = 24;
/// Where bars begin, and how long the longest is.
const BARS: (usize, usize) = (260, 330);
/// Days drawn at most.
const DAYS: usize = 120;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2024;--faint:#667085;--paper:#fff;--bar:#2f7d84;--part:#a9c9cc;--rule:#e4e7ec}\
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--faint:#98a2b3;--paper:#15181b;--bar:#5fb0b7;--part:#33575a;--rule:#2a2f36}}\
body{margin:2rem auto;max-width:46rem;padding:0 1rem;background:var(--paper);color:var(--ink);\
font:15px/1.6 system-ui,\"PingFang SC\",\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif}\
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--rule)}\
dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem}dt{color:var(--faint);font-size:.85rem}dd{margin:0;font-size:1.3rem}\
svg{width:100%;height:auto;display:block}svg text{font-size:13px;fill:var(--ink)}svg .n{fill:var(--faint)}\
svg .bar{fill:var(--bar)}svg .part{fill:var(--part)}p{color:var(--faint)}";

/// A row of a bar chart.
struct Bar {
    name: String,
    /// Share of the chart's width, 0 to 1.
    share: f64,
    shown: String,
    class: &'static str,
}

/// The report as HTML.
pub fn page(stats: &Stats, made: &str, lang: Lang) -> String {
    let mut out = String::new();
    let title = safe(word(lang, Word::StatisticsTitle));
    let (code, made) = (lang.pick("zh-CN", "en"), safe(made));
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Gongdan {title}</title><style>{STYLE}</style></head>\
         <body><h1>Gongdan {title}</h1><p>{made}</p>\n"
    );
    numbers(&mut out, stats, lang);
    section(
        &mut out,
        lang,
        Word::Coverage,
        coverage(stats.coverage.as_ref(), lang),
    );
    let states = stats.cause_states.iter();
    let states = states.map(|(name, n)| (names::cause_state(lang, name).to_owned(), *n));
    section(&mut out, lang, Word::Causes, counted(states.collect()));
    section(&mut out, lang, Word::ByProduct, by_product(stats, lang));
    section(
        &mut out,
        lang,
        Word::CausesBefore,
        counted(causes(&stats.causes_given)),
    );
    section(
        &mut out,
        lang,
        Word::CausesNow,
        counted(causes(&stats.causes_now)),
    );
    days(&mut out, stats, lang);
    section(
        &mut out,
        lang,
        Word::ByAgent,
        counted(stats.by_agent.clone()),
    );
    let replies = stats.replies.iter().map(|reply| {
        let name = if reply.title.is_empty() {
            reply.id.to_string()
        } else {
            reply.title.clone()
        };
        (name, usize::try_from(reply.uses).unwrap_or(usize::MAX))
    });
    section(
        &mut out,
        lang,
        Word::RepliesByUse,
        counted(replies.collect()),
    );
    let agreed = stats.agreement.iter().map(|row| agreement(row, lang));
    section(&mut out, lang, Word::Agreement, agreed.collect());
    for row in stats
        .causes_by_product
        .iter()
        .filter(|row| !row.causes.is_empty())
    {
        let of = name_of(&row.product, lang);
        let title = format!("{} · {of}", word(lang, Word::TopCauses));
        let mut rows = causes(&row.causes);
        rows.truncate(CAUSES);
        chart(&mut out, &title, &counted(rows));
    }
    out.push_str("</body></html>\n");
    out
}

/// Text of the store made harmless: no controls, no markup.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize::one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn numbers(out: &mut String, stats: &Stats, lang: Lang) {
    out.push_str("<dl>");
    for (label, n) in [
        (Word::Tickets, stats.tickets),
        (Word::Articles, stats.articles),
        (Word::Passages, stats.passages),
        (Word::Copies, stats.copies),
        (Word::Disputed, stats.disputed),
    ] {
        let label = safe(word(lang, label));
        let _ = write!(out, "<div><dt>{label}</dt><dd>{}</dd></div>", Count(n));
    }
    out.push_str("</dl>\n");
}

fn name_of(product: &str, lang: Lang) -> String {
    if product.is_empty() {
        word(lang, Word::Uncategorised).to_owned()
    } else {
        product.to_owned()
    }
}

fn causes(rows: &[CauseCount]) -> Vec<(String, usize)> {
    let rows = rows.iter();
    rows.map(|row| (row.cause.clone(), row.tickets)).collect()
}

fn counted(rows: Vec<(String, usize)>) -> Vec<Bar> {
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let rows = rows.into_iter();
    rows.map(|(name, n)| Bar {
        name,
        share: n as f64 / most as f64,
        shown: Count(n).to_string(),
        class: "bar",
    })
    .collect()
}

fn by_product(stats: &Stats, lang: Lang) -> Vec<Bar> {
    let nodes = &stats.categories;
    let most = nodes
        .iter()
        .map(|node| node.count)
        .max()
        .unwrap_or(0)
        .max(1);
    let bar = |(name, count, class)| Bar {
        name,
        share: count as f64 / most as f64,
        shown: Count(count).to_string(),
        class,
    };
    nodes
        .iter()
        .map(|node| match &node.issue_type {
            None => bar((name_of(&node.product, lang), node.count, "bar")),
            Some(issue_type) => {
                // No-break spaces: ordinary ones at the beginning are dropped.
                let name = format!("\u{a0}\u{a0}{}", name_of(issue_type, lang));
                bar((name, node.count, "part"))
            }
        })
        .collect()
}

fn coverage(coverage: Option<&Coverage>, lang: Lang) -> Vec<Bar> {
    let Some(coverage) = coverage else {
        return Vec::new();
    };
    let bar = |name: String, at: usize, of: usize| {
        let share = at as f64 / of.max(1) as f64;
        Bar {
            name,
            share,
            shown: format!("{}/{} · {:.0} %", Count(at), Count(of), share * 100.0),
            class: "bar",
        }
    };
    let all = word(lang, Word::AllTickets).to_owned();
    let rows = coverage.products.iter();
    let rows = rows.map(|row| bar(name_of(&row.product, lang), row.covered, row.tickets));
    std::iter::once(bar(all, coverage.covered, coverage.tickets))
        .chain(rows)
        .collect()
}

fn agreement(row: &AgreementRow, lang: Lang) -> Bar {
    let all = || word(lang, Word::AllTickets).to_owned();
    let (n, percent) = (Count(row.tickets), row.percent.round());
    Bar {
        name: row.cause.clone().unwrap_or_else(all),
        share: row.percent / 100.0,
        shown: match row.kappa {
            Some(kappa) => words::text(lang, &Msg::Agreement { n, percent, kappa }),
            None => words::text(lang, &Msg::AgreementPercent { n, percent }),
        },
        class: "bar",
    }
}

fn section(out: &mut String, lang: Lang, title: Word, bars: Vec<Bar>) {
    chart(out, word(lang, title), &bars);
}

/// A chart of horizontal bars; nothing where there are none.
fn chart(out: &mut String, title: &str, bars: &[Bar]) {
    if bars.is_empty() {
        return;
    }
    let shown = bars.len().min(LONGEST);
    let (title, height) = (safe(title), shown * ROW);
    let _ = write!(
        out,
        "<h2>{title}</h2>\n<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">"
    );
    for (bar, at) in bars.iter().take(shown).zip(0..) {
        let (y, base) = (at * ROW, at * ROW + 16);
        let (name, value, class) = (safe(&cut(&bar.name)), safe(&bar.shown), bar.class);
        let full = safe(&bar.name);
        let (left, longest) = BARS;
        let width = bar.share.clamp(0.0, 1.0) * longest as f64;
        let after = left as f64 + width + 6.0;
        let _ = write!(
            out,
            "<g><title>{full}</title><text x=\"0\" y=\"{base}\">{name}</text>\
             <rect class=\"{class}\" x=\"{left}\" y=\"{}\" width=\"{width:.1}\" height=\"14\" rx=\"2\"/>\
             <text class=\"n\" x=\"{after:.1}\" y=\"{base}\">{value}</text></g>",
            y + 4
        );
    }
    out.push_str("</svg>\n");
    let more = bars.len() - shown;
    if more > 0 {
        let _ = writeln!(out, "<p>+ {}</p>", Count(more));
    }
}

/// A name cut to the room before the bars; the whole stands in the drawing's own tip.
fn cut(name: &str) -> String {
    /// Columns of 13-pixel type that fit.
    const ROOM: usize = 36;
    if crate::text::width::width(name) <= ROOM {
        return name.to_owned();
    }
    let mut out = String::new();
    for c in name.chars() {
        if crate::text::width::width(&out) + 3 > ROOM {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// Annotations by day as columns, the newest at the right.
fn days(out: &mut String, stats: &Stats, lang: Lang) {
    let (Some(first), Some(last)) = (stats.by_day.first(), stats.by_day.last()) else {
        return;
    };
    let skipped = stats.by_day.len().saturating_sub(DAYS);
    let rows: Vec<_> = stats.by_day.iter().skip(skipped).collect();
    let first = rows.first().map_or(&first.0, |row| &row.0);
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let step = WIDTH as f64 / rows.len() as f64;
    let title = safe(word(lang, Word::ByDay));
    let _ = write!(
        out,
        "<h2>{title}</h2>\n<svg viewBox=\"0 0 {WIDTH} 140\" role=\"img\" aria-label=\"{title}\">"
    );
    for ((day, n), at) in rows.iter().zip(0..) {
        let height = *n as f64 / most as f64 * 100.0;
        let (x, y) = (f64::from(at) * step, 110.0 - height);
        let width = (step - 2.0).clamp(1.0, 40.0);
        let (day, n) = (safe(day), Count(*n));
        let _ = write!(
            out,
            "<g><title>{day}: {n}</title><rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" \
             width=\"{width:.1}\" height=\"{height:.1}\"/></g>"
        );
    }
    let (first, last) = (safe(first), safe(&last.0));
    let _ = writeln!(
        out,
        "<text class=\"n\" x=\"0\" y=\"130\">{first}</text>\
         <text class=\"n\" x=\"{WIDTH}\" y=\"130\" text-anchor=\"end\">{last}</text></svg>"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_controls_of_the_store_are_made_harmless() {
        let bars = counted(vec![(
            "<script>\u{1b}[31m\"x\" & 'y'\u{202e}".to_owned(),
            3,
        )]);
        let mut out = String::new();
        chart(&mut out, "a<b", &bars);
        assert!(!out.contains("<script") && !out.contains('\u{1b}') && !out.contains('\u{202e}'));
        assert!(out.contains("&lt;script&gt;") && out.contains("a&lt;b"));
    }

    #[test]
    fn a_chart_without_rows_is_left_out() {
        let mut out = String::new();
        chart(&mut out, "空", &[]);
        assert!(out.is_empty());
    }
}
