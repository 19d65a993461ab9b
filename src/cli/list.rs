//! `gongdan list`: tickets in list order.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::filter::Filter;
use super::rows;
use super::say::say;
use crate::api::{DeskExt, Page, ask};

/// List tickets
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    filter: Filter,
    /// Rows at most
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Print only how many there are
    #[arg(long)]
    count: bool,
}

#[derive(Serialize)]
struct Count {
    count: usize,
}

/// Lists tickets.
///
/// # Errors
/// When the desk cannot be opened or the filter names something unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let request = ask::List {
        filter: args.filter.resolve(&*desk, cx.lang)?,
        offset: args.offset,
        limit: if args.count { 0 } else { args.limit },
    };
    let page = desk.ask(request)?;
    if args.count {
        return count(cx, page.total);
    }
    shown(cx, &page)
}

/// Writes a page of tickets.
///
/// # Errors
/// When standard output cannot be written.
pub fn shown(cx: &mut Context, page: &Page) -> Result<Exit, Failure> {
    if cx.json() {
        for row in &page.rows {
            cx.out.object(row)?;
        }
        return Ok(Exit::Done);
    }
    rows::table(cx, &page.rows)?;
    let (shown, total) = (page.rows.len(), page.total);
    if shown < total {
        cx.out.note(say!(
            cx.lang,
            "显示 {shown} 条，共 {total} 条（-n 调整）",
            "{shown} of {total} shown (-n shows more)"
        ));
    }
    Ok(Exit::Done)
}

fn count(cx: &mut Context, count: usize) -> Result<Exit, Failure> {
    if cx.json() {
        cx.out.object(&Count { count })?;
    } else {
        cx.out.say(count.to_string())?;
    }
    Ok(Exit::Done)
}
