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
    /// Files, folders (.md .markdown .txt .jsonl in them), or - for standard input
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
    /// Store telephone numbers, keys and the like as they are
    #[arg(long)]
    no_mask: bool,
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
    };
    let mut fed = if gathered.documents.is_empty() {
        Fed::default()
    } else {
        let desk = cx.desk()?;
        feed(cx, &desk, options, gathered.documents)?
    };
    fed.unreadable.splice(0..0, gathered.unreadable);
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
