//! `gongdan categories`: the category tree with counts.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style, Table};
use crate::api::{DeskExt, ask};
use crate::model::{TicketFilter, TreeNode};
use crate::words::{self, Lang, Word};

/// List product areas and issue types with counts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Count only the hits of this query
    #[arg(
        long,
        value_name = "QUERY",
        default_value = "",
        hide_default_value = true
    )]
    query: String,
}

#[derive(Serialize)]
struct Category<'a> {
    product: &'a str,
    issue_type: Option<&'a str>,
    count: usize,
}

/// Lists categories.
///
/// # Errors
/// When the desk cannot be opened.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    if !args.query.is_empty() {
        super::wait::for_index(&*desk, cx)?;
    }
    let request = ask::Tree {
        query: args.query.clone(),
        filter: TicketFilter::default(),
    };
    let nodes = desk.ask(request)?;
    write(cx, &nodes)?;
    Ok(Exit::Done)
}

/// Writes a category tree.
///
/// # Errors
/// When standard output cannot be written.
pub fn write(cx: &mut Context, nodes: &[TreeNode]) -> Result<(), Failure> {
    if cx.json() {
        for node in nodes {
            cx.out.object(&Category {
                product: &node.product,
                issue_type: node.issue_type.as_deref(),
                count: node.count,
            })?;
        }
        return Ok(());
    }
    let table = tree(nodes, cx.lang);
    cx.out.table(table)
}

/// A category tree as a table.
pub fn tree(nodes: &[TreeNode], lang: Lang) -> Table {
    let mut table = match lang {
        Lang::Zh => Table::new(&["分类", "工单"], 0),
        Lang::En => Table::new(&["category", "tickets"], 0),
    };
    for node in nodes {
        let none = words::word(lang, Word::Uncategorised);
        let name = match node.issue_type.as_deref() {
            Some("") => Line::plain("  ").and(none),
            Some(issue_type) => Line::plain("  ").and(issue_type),
            None if node.product.is_empty() => Line::styled(Style::Strong, none),
            None => Line::styled(Style::Strong, &node.product),
        };
        table.row(vec![name, Line::plain(node.count.to_string())]);
    }
    table
}
