//! `gongdan log`: who changed what, newest first.

use super::acts;
use super::context::Context;
use super::download;
use super::failure::{Exit, Failure};
use crate::api::{DeskExt, ask};

/// Show changes, newest first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only of this ticket, by any unique prefix of its id
    id: Option<String>,
    /// Entries at most
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// All of it as a table for spreadsheets: with user ids, origins and act ids
    #[arg(long, conflicts_with = "limit")]
    csv: bool,
}

/// Shows the log.
///
/// # Errors
/// When the desk cannot be opened, or the ticket is unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    if args.csv {
        let id = args.id.clone();
        let job = download::begin(&*desk, ask::ExportLog { id })?;
        download::each(&*desk, job, |bytes| cx.out.document(bytes))?;
        return Ok(Exit::Done);
    }
    let request = ask::Log {
        id: args.id.clone(),
        limit: args.limit,
    };
    let entries = desk.ask(request)?;
    for entry in &entries {
        if cx.json() {
            cx.out.object(entry)?;
        } else {
            let line = acts::line(entry, cx);
            cx.out.line(&line)?;
        }
    }
    Ok(Exit::Done)
}
