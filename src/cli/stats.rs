//! `gongdan stats`: figures over the whole store, in words, as JSON or as a report to pass on.

mod html;

use std::io::Write;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style, Table};
use super::say::say;
use super::{categories, download, export, time, wait};
use crate::api::{AgreementRow, CauseCount, DeskExt, ReplyUse, Stats, ask};
use crate::config::{Existing, OutFile};
use crate::words::{self, Bytes, Lang, Word, names};

/// Rows shown of a long list; `--json` has them all.
const TOP: usize = 15;
/// Causes shown of one product area.
const TOP_CAUSES: usize = 5;

/// Show figures over the whole store
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write a report with charts as one HTML file; - writes to standard output
    #[arg(long, value_name = "FILE|-")]
    html: Option<PathBuf>,
    /// Replace the file where there is one
    #[arg(long, requires = "html")]
    force: bool,
}

/// Shows figures.
///
/// # Errors
/// When the desk cannot be opened.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    if let Some(path) = args.html.as_deref().filter(|path| *path != Path::new("-")) {
        download::may_write(cx, path, args.force)?;
    }
    let desk = cx.desk()?;
    wait::for_insight(&*desk, cx)?;
    let stats = desk.ask(ask::Stats)?;
    if let Some(path) = &args.html {
        return report(cx, &stats, path);
    }
    if cx.json() {
        cx.out.object(&stats)?;
    } else {
        show(cx, &stats)?;
    }
    Ok(Exit::Done)
}

/// Writes the report, to a file that appears only when whole.
fn report(cx: &mut Context, stats: &Stats, path: &Path) -> Result<Exit, Failure> {
    let page = html::page(stats, &time::short(jiff::Timestamp::now()), cx.lang);
    if path == Path::new("-") {
        cx.out.document(page.as_bytes())?;
        return Ok(Exit::Done);
    }
    let failed = |source| Failure::File {
        path: path.to_owned(),
        source,
    };
    let mut file = OutFile::create(path).map_err(failed)?;
    file.write_all(page.as_bytes()).map_err(failed)?;
    file.finish(Existing::Replace).map_err(failed)?;
    export::written(cx, path, page.len() as u64)?;
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
    if let Some(coverage) = &stats.coverage {
        let (covered, of) = (coverage.covered, coverage.tickets);
        let percent = coverage.percent;
        cx.out.say(say!(
            lang,
            "有可复用回复的工单 {covered}/{of}（{percent:.0} %）",
            "{covered} of {of} tickets have a reusable answer ({percent:.0} %)"
        ))?;
    }
    let disputed = stats.disputed;
    cx.out
        .say(say!(lang, "有分歧 {disputed} 条", "{disputed} disputed"))?;
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
    if !stats.agreement.is_empty() {
        heading(cx, words::word(lang, Word::Agreement))?;
        agreement(cx, &stats.agreement)?;
    }
    if !stats.replies.is_empty() {
        heading(cx, words::word(lang, Word::RepliesByUse))?;
        counts(cx, &replies(&stats.replies))?;
    }
    for row in stats
        .causes_by_product
        .iter()
        .filter(|row| !row.causes.is_empty())
    {
        let product = match row.product.as_str() {
            "" => words::word(lang, Word::Uncategorised),
            product => product,
        };
        let title = words::word(lang, Word::TopCauses);
        heading(cx, &format!("{title}　{product}"))?;
        let mut rows = causes(&row.causes);
        rows.truncate(TOP_CAUSES);
        counts(cx, &rows)?;
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

fn agreement(cx: &mut Context, rows: &[AgreementRow]) -> Result<(), Failure> {
    let mut table = match cx.lang {
        Lang::Zh => Table::new(&["工单", "一致", "κ", "根因"], 3),
        Lang::En => Table::new(&["tickets", "agree", "kappa", "cause"], 3),
    };
    for row in rows.iter().take(TOP) {
        let kappa = row
            .kappa
            .map_or("—".to_owned(), |kappa| format!("{kappa:.2}"));
        let all = words::word(cx.lang, Word::AllTickets);
        table.row(vec![
            Line::plain(row.tickets.to_string()),
            Line::plain(format!("{:.0} %", row.percent)),
            Line::plain(kappa),
            Line::plain(row.cause.as_deref().unwrap_or(all)),
        ]);
    }
    cx.out.table(table)
}

fn replies(rows: &[ReplyUse]) -> Vec<(String, usize)> {
    let rows = rows.iter();
    rows.map(|row| {
        let name = if row.title.is_empty() {
            row.id.to_string()
        } else {
            row.title.clone()
        };
        (name, usize::try_from(row.uses).unwrap_or(usize::MAX))
    })
    .collect()
}

fn causes(rows: &[CauseCount]) -> Vec<(String, usize)> {
    rows.iter()
        .map(|row| (row.cause.clone(), row.tickets))
        .collect()
}
