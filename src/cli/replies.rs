//! `gongdan replies`: the standard replies.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::filter;
use super::output::{Line, Style, Table};
use super::say::say;
use super::wait;
use crate::api::{AtHandRow, DeskExt, ReplyQuery, ReplyRow, ask};
use crate::words::{self, Lang, Word};

/// Characters of an id that a list shows.
const SHORT: usize = 6;

/// List standard replies
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words that stand in the reply
    query: Vec<String>,
    /// Only those used in this product area, or issue type of it: 产品 or 产品｜类型
    #[arg(long, value_name = "产品[｜类型]")]
    category: Option<String>,
    /// Also those that are never offered, and why: holding replies, retired, outdated, merged,
    /// saying too little
    #[arg(long)]
    all: bool,
    /// Your favourites only, newest first
    #[arg(long, conflicts_with_all = ["query", "category", "all"])]
    favourites: bool,
    /// What you copied lately only, newest first
    #[arg(long, conflicts_with_all = ["query", "category", "all", "favourites"])]
    recent: bool,
}

/// Lists standard replies.
///
/// # Errors
/// When the desk cannot be opened.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let category = args
        .category
        .as_deref()
        .map(|text| filter::category(text, cx.lang))
        .transpose()?;
    let desk = cx.desk()?;
    wait::for_insight(&*desk, cx)?;
    if args.favourites || args.recent {
        let mut rows = desk.ask(ask::AtHand { ticket: None })?;
        if args.favourites {
            rows.retain(|row| row.favourite);
        } else {
            rows.retain(|row| row.copied.is_some());
            rows.sort_by_key(|row| std::cmp::Reverse(row.copied));
        }
        return at_hand(cx, &rows);
    }
    let query = ReplyQuery {
        query: args.query.join(" "),
        category,
        all: args.all,
        ..ReplyQuery::default()
    };
    let rows = desk.ask(query)?;
    if cx.json() {
        for row in &rows {
            cx.out.object(row)?;
        }
        return Ok(Exit::Done);
    }
    if args.query.is_empty() {
        table(cx, &rows)?;
    } else {
        for row in &rows {
            whole(cx, row)?;
        }
    }
    Ok(Exit::Done)
}

/// Favourites or last copies.
fn at_hand(cx: &mut Context, rows: &[AtHandRow]) -> Result<Exit, Failure> {
    if cx.json() {
        for row in rows {
            cx.out.object(row)?;
        }
        return Ok(Exit::Done);
    }
    let mut table = match cx.lang {
        Lang::Zh => Table::new(&["编号", "代码", "收藏", "回复", "最近复制"], 3),
        Lang::En => Table::new(&["ID", "code", "favourite", "reply", "last copied"], 3),
    };
    for row in rows {
        let from = row.ticket.map_or_else(String::new, |id| format!(" #{id}"));
        table.row(vec![
            Line::styled(
                Style::Faint,
                row.id.as_str().chars().take(SHORT).collect::<String>(),
            ),
            Line::plain(&row.code),
            Line::plain(if row.favourite { "*" } else { "" }),
            Line::plain(&row.title).with(Style::Faint, from),
            Line::plain(row.copied.map_or_else(String::new, super::time::short)),
        ]);
    }
    cx.out.table(table)?;
    Ok(Exit::Done)
}

fn table(cx: &mut Context, rows: &[ReplyRow]) -> Result<(), Failure> {
    let mut table = match cx.lang {
        Lang::Zh => Table::new(&["编号", "代码", "回复", "工单", "空位", "分类"], 2),
        Lang::En => Table::new(&["ID", "code", "reply", "tickets", "slots", "category"], 2),
    };
    for row in rows {
        let category = row.categories.first().map(category).unwrap_or_default();
        let style = if row.offered {
            Style::Plain
        } else {
            Style::Faint
        };
        table.row(vec![
            Line::styled(Style::Faint, short(row)),
            Line::plain(&row.code),
            Line::styled(style, &row.title).with(Style::Warn, state(row, cx.lang)),
            Line::plain(row.tickets.to_string()),
            Line::plain(row.slots.len().to_string()),
            Line::plain(category),
        ]);
    }
    cx.out.table(table)
}

/// A reply in full, with what is known of it.
///
/// # Errors
/// When standard output cannot be written.
pub fn whole(cx: &mut Context, row: &ReplyRow) -> Result<(), Failure> {
    let (tickets, variants, uses) = (row.tickets, row.variants, row.uses);
    let mut facts = say!(
        cx.lang,
        "见于 {tickets} 条工单，{variants} 种写法，复制过 {uses} 次",
        "in {tickets} tickets, {variants} variants, copied {uses} times"
    );
    if let Some(newest) = row.newest_ticket {
        let date = row
            .newest_date
            .map(|date| format!(" {date}"))
            .unwrap_or_default();
        facts += &say!(
            cx.lang,
            "，最近见于 #{newest}{date}",
            ", last in #{newest}{date}"
        );
    }
    let code = if row.code.is_empty() {
        String::new()
    } else {
        format!("  ;{}", row.code)
    };
    cx.out.line(
        &Line::styled(Style::Faint, format!("{}  ", short(row)))
            .with(Style::Strong, &row.title)
            .and(code)
            .with(Style::Warn, state(row, cx.lang))
            .with(Style::Faint, format!("  {facts}")),
    )?;
    cx.out.text(&row.text, 2)?;
    for slot in &row.slots {
        let values: Vec<&str> = slot.values.iter().take(3).map(String::as_str).collect();
        let line = format!("  {{{{{}}}}}  {}", slot.name, values.join("  "));
        cx.out.line(&Line::styled(Style::Faint, line))?;
    }
    let evidence: Vec<String> = row
        .evidence
        .iter()
        .take(5)
        .map(|id| format!("#{id}"))
        .collect();
    if !evidence.is_empty() {
        let line = format!("  {}", evidence.join(" "));
        cx.out.line(&Line::styled(Style::Faint, line))?;
    }
    cx.out.say("")
}

fn short(row: &ReplyRow) -> String {
    row.id.as_str().chars().take(SHORT).collect()
}

fn category(of: &crate::api::ReplyCategory) -> String {
    if of.issue_type.is_empty() {
        of.product.clone()
    } else {
        format!("{}｜{}", of.product, of.issue_type)
    }
}

/// What should be known before it is sent.
fn state(row: &ReplyRow, lang: Lang) -> String {
    let heir = row.successor.map(|id| id.to_string()).unwrap_or_default();
    let into = row.merged_into.map(|id| id.to_string()).unwrap_or_default();
    let withheld = match row.withheld.as_str() {
        "outdated" => words::outdated(lang, &row.outdated, &heir),
        "merged" => say!(lang, "已并入 {into}", "merged into {into}"),
        "retired" => say!(lang, "停用", "retired"),
        "holding" => words::word(lang, Word::Holding).to_owned(),
        "thin" => say!(lang, "可重复的内容太少", "says too little by itself"),
        _ => String::new(),
    };
    let marks = [
        (!withheld.is_empty(), withheld.as_str()),
        (row.broken_link, lang.pick("链接残缺", "broken link")),
        (row.healed, lang.pick("链接已补", "link filled")),
        (
            row.mined_text.is_some(),
            lang.pick("工单中说法有变", "the tickets say something new"),
        ),
    ];
    let worn = marks.iter().filter(|(worn, _)| *worn);
    worn.map(|(_, mark)| format!(" {mark}")).collect()
}
