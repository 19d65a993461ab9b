//! `gongdan stats`: figures over the whole store.

use super::categories;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style, Table};
use super::say::say;
use super::shim::Lang;
use crate::desk::api::{CauseCount, Stats};
use crate::desk::{Answer, Request};

/// Rows shown of a long list; `--json` has them all.
const TOP: usize = 15;

/// Show figures over the whole store
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Shows figures.
///
/// # Errors
/// When the desk cannot be opened.
pub fn run(_: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let Answer::Stats(stats) = desk.call(Request::Stats)? else {
        return Err(Failure::unexpected());
    };
    if cx.json() {
        cx.out.object(&stats)?;
    } else {
        show(cx, &stats)?;
    }
    Ok(Exit::Done)
}

fn show(cx: &mut Context, stats: &Stats) -> Result<(), Failure> {
    let lang = cx.lang;
    let (tickets, articles, passages) = (stats.tickets, stats.articles, stats.passages);
    cx.out.say(say!(
        lang,
        "工单 {tickets}　文章 {articles}（{passages} 段）",
        "{tickets} tickets, {articles} articles ({passages} passages)"
    ))?;
    let (store, index) = (bytes(stats.store_bytes), bytes(stats.index_bytes));
    cx.out.say(say!(
        lang,
        "磁盘 {store}，其中索引 {index}",
        "{store} on disk, {index} of it the index"
    ))?;
    let copies = stats.copies;
    cx.out.say(say!(lang, "复制回复 {copies} 次", "{copies} replies copied"))?;
    heading(cx, &say!(lang, "类别", "Categories"))?;
    cx.out.table(categories::tree(&stats.categories, lang))?;
    heading(cx, &say!(lang, "根因状态", "State of the causes"))?;
    let states: Vec<_> = stats
        .cause_states
        .iter()
        .map(|(name, count)| (state_word(name, lang), *count))
        .collect();
    counts(cx, &states)?;
    heading(cx, &say!(lang, "给定的根因", "Causes as given"))?;
    counts(cx, &causes(&stats.causes_given))?;
    heading(cx, &say!(lang, "现在的根因", "Causes now"))?;
    counts(cx, &causes(&stats.causes_now))?;
    if !stats.by_agent.is_empty() {
        heading(cx, &say!(lang, "标注（按人）", "Annotations by agent"))?;
        counts(cx, &stats.by_agent)?;
        heading(cx, &say!(lang, "标注（按天）", "Annotations by day"))?;
        counts(cx, &stats.by_day)?;
    }
    Ok(())
}

fn heading(cx: &mut Context, text: &str) -> Result<(), Failure> {
    cx.out.say("")?;
    cx.out.line(&Line::styled(Style::Strong, text))
}

fn counts(cx: &mut Context, rows: &[(String, usize)]) -> Result<(), Failure> {
    let mut table = match cx.lang {
        Lang::Zh => Table::new(&["数量", "名称"], 1),
        Lang::En => Table::new(&["count", "name"], 1),
    };
    for (name, count) in rows.iter().take(TOP) {
        table.row(vec![Line::plain(count.to_string()), Line::plain(name)]);
    }
    cx.out.table(table)?;
    let more = rows.len().saturating_sub(TOP);
    if more > 0 {
        let text = say!(cx.lang, "… 另有 {more} 项", "… and {more} more");
        cx.out.line(&Line::styled(Style::Faint, text))?;
    }
    Ok(())
}

fn causes(rows: &[CauseCount]) -> Vec<(String, usize)> {
    rows.iter()
        .map(|row| (row.cause.clone(), row.tickets))
        .collect()
}

fn state_word(name: &str, lang: Lang) -> String {
    match name {
        "none" => say!(lang, "无根因", "none"),
        "placeholder" => say!(lang, "待分析", "placeholder"),
        "given" => say!(lang, "文档给定", "given"),
        "confirmed" => say!(lang, "已确认", "confirmed"),
        other => other.to_owned(),
    }
}

/// A number of bytes in the unit that reads best.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut value = count as f64 / 1000.0;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_in_the_unit_that_reads_best() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(74_994), "75.0 kB");
        assert_eq!(bytes(1_260_000_000), "1.3 GB");
    }
}
