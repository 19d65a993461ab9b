//! `gongdan dataset`: what was imported together, and letting it go.

use std::io::IsTerminal;

use clap::Subcommand;

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Table};
use super::say::say;
use crate::api::{DatasetRow, Desk, DeskError, DeskExt, ask};
use crate::words::Lang;

/// List or remove datasets
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List datasets with their counts
    List,
    /// Remove a dataset; this cannot be undone
    Remove {
        /// Its name
        name: String,
        /// Do not ask
        #[arg(long, short = 'y')]
        yes: bool,
    },
}

/// Lists or removes datasets.
///
/// # Errors
/// When the dataset is unknown, or nobody confirmed.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let rows = desk.ask(ask::Datasets)?;
    match &args.command {
        Command::List => list(cx, &rows),
        Command::Remove { name, yes } => {
            let row = rows
                .iter()
                .find(|row| row.name == *name)
                .ok_or_else(|| DeskError::UnknownDataset { name: name.clone() })?;
            if !yes {
                confirm(cx, row)?;
            }
            remove(cx, &*desk, name)
        }
    }
}

fn list(cx: &mut Context, rows: &[DatasetRow]) -> Result<Exit, Failure> {
    if cx.json() {
        for row in rows {
            cx.out.object(row)?;
        }
        return Ok(Exit::Done);
    }
    let mut table = match cx.lang {
        Lang::Zh => Table::new(&["数据集", "工单", "文章", "仅在此处"], 0),
        Lang::En => Table::new(&["dataset", "tickets", "articles", "only here"], 0),
    };
    for row in rows {
        table.row(vec![
            Line::plain(&row.name),
            Line::plain(row.tickets.to_string()),
            Line::plain(row.articles.to_string()),
            Line::plain(row.only_here.to_string()),
        ]);
    }
    cx.out.table(table)?;
    Ok(Exit::Done)
}

fn remove(cx: &mut Context, desk: &dyn Desk, name: &str) -> Result<Exit, Failure> {
    let request = ask::RemoveDataset {
        name: name.to_owned(),
    };
    acts::perform(cx, desk, request)
}

/// Asks; without a terminal to ask on, the answer is no.
fn confirm(cx: &mut Context, row: &DatasetRow) -> Result<(), Failure> {
    let (name, gone, lang) = (&row.name, row.only_here, cx.lang);
    if cx.json() || !std::io::stdin().is_terminal() {
        return Err(Failure::Refused {
            message: say!(
                lang,
                "移除数据集「{name}」会去掉 {gone} 条工单，不能撤销，需要确认",
                "removing the dataset “{name}” drops {gone} tickets, cannot be undone, and must be confirmed"
            ),
            hint: Some(say!(lang, "确认请加 --yes", "confirm with --yes")),
        });
    }
    let question = say!(
        lang,
        "移除数据集「{name}」？其中 {gone} 条工单只在此处，将一并去掉，不能撤销。[y/N]",
        "Remove the dataset “{name}”? {gone} of its tickets are only here and go with it; this cannot be undone. [y/N]"
    );
    match cx.out.ask(&question).as_deref() {
        Some("y" | "Y" | "yes" | "是") => Ok(()),
        _ => Err(Failure::Refused {
            message: say!(lang, "没有移除", "not removed"),
            hint: None,
        }),
    }
}
