//! `gongdan log`: who changed what, newest first.

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::desk::{Answer, Request};

/// Show changes, newest first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only of this ticket, by any unique prefix of its id
    id: Option<String>,
    /// Entries at most
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Shows the log.
///
/// # Errors
/// When the desk cannot be opened, or the ticket is unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let request = Request::Log {
        id: args.id.clone(),
        limit: args.limit,
    };
    let Answer::Log(entries) = desk.call(request)? else {
        return Err(Failure::unexpected());
    };
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
