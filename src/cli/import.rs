//! `gongdan import`: documents to the desk, and the honest report.

mod feed;
mod files;
mod progress;
mod report;

use std::sync::Arc;

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::api::{Desk, ImportOptions};

pub use feed::Fed;
pub use files::{Content, Document};

/// Import ticket documents and reference texts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders, or - for standard input: Markdown, text, tables, JSON, HTML, e-mail
    #[arg(value_name = "PATH|-", required = true)]
    paths: Vec<String>,
    /// Name of the dataset; by default that of the first path
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    /// Import what reads like program documentation or a listing as articles
    #[arg(long)]
    articles: bool,
    /// Store nothing, only report
    #[arg(long)]
    dry_run: bool,
    /// List the places that would be masked
    #[arg(long, requires = "dry_run")]
    masks: bool,
    /// Name the columns of a table: 标题=A列,答复=C列
    #[arg(long, value_name = "LABEL=COLUMN,…", value_parser = columns)]
    map: Option<Columns>,
    /// Store telephone numbers, keys and the like as they are
    #[arg(long)]
    no_mask: bool,
}

/// Columns named by hand.
#[derive(Debug, Clone)]
struct Columns(Vec<(String, String)>);

/// Reads `标题=A列,答复=C列`.
fn columns(text: &str) -> Result<Columns, String> {
    let pairs = text
        .split([',', '，'])
        .filter(|part| !part.trim().is_empty());
    let read = |part: &str| {
        let (label, column) = part.split_once(['=', '＝'])?;
        let (label, column) = (label.trim(), column.trim());
        (!label.is_empty() && !column.is_empty()).then(|| (label.to_owned(), column.to_owned()))
    };
    let pairs: Option<Vec<(String, String)>> = pairs.map(read).collect();
    pairs
        .filter(|pairs| !pairs.is_empty())
        .map(Columns)
        .ok_or_else(|| "LABEL=COLUMN,…（标题=A列,答复=C列）".to_owned())
}

/// Imports documents and reports what became of them.
///
/// A file that cannot be read is named and the rest goes on; the exit code then is 6.
///
/// # Errors
/// When the desk cannot be opened or fails.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let gathered = files::gather(&args.paths);
    let options = ImportOptions {
        dataset: args.dataset.clone().or(gathered.dataset),
        articles: args.articles,
        dry_run: args.dry_run,
        no_mask: args.no_mask,
        list_masks: args.masks,
        columns: args.map.as_ref().map_or_else(Vec::new, |map| map.0.clone()),
    };
    let mut fed = if gathered.documents.is_empty() {
        Fed::default()
    } else {
        let desk = cx.desk()?;
        feed(cx, &desk, options, gathered.documents)?
    };
    fed.unreadable.splice(0..0, gathered.unreadable);
    fed.unread = gathered.unread;
    report::tell(cx, &fed, args.dry_run)
}

/// Feeds documents to the desk as one import.
///
/// # Errors
/// When the desk fails.
pub fn feed(
    cx: &mut Context,
    desk: &Arc<dyn Desk>,
    options: ImportOptions,
    documents: Vec<Document>,
) -> Result<Fed, Failure> {
    feed::all(cx, desk, options, documents)
}

/// Tells what an import did; its exit code.
///
/// # Errors
/// When standard output cannot be written.
pub fn tell(cx: &mut Context, fed: &Fed) -> Result<Exit, Failure> {
    report::tell(cx, fed, false)
}
