//! `gongdan stats`: figures over the whole store.

use super::categories;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style, Table};
use super::say::say;
use crate::desk::api::{CauseCount, Stats};
use crate::desk::{Answer, Request};
use crate::words::{Bytes, Lang, names};

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
    let (store, index) = (Bytes(stats.store_bytes), Bytes(stats.index_bytes));
    cx.out.say(say!(
        lang,
        "磁盘 {store}，其中索引 {index}",
        "{store} on disk, {index} of it the index"
    ))?;
    let copies = stats.copies;
    cx.out.say(say!(
        lang,
        "复制回复 {copies} 次",
        "{copies} replies copied"
    ))?;
    heading(cx, &say!(lang, "类别", "Categories"))?;
    cx.out.table(categories::tree(&stats.categories, lang))?;
    heading(cx, &say!(lang, "根因状态", "State of the causes"))?;
    let states: Vec<_> = stats
        .cause_states
        .iter()
        .map(|(name, count)| (names::cause_state(lang, name).to_owned(), *count))
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
