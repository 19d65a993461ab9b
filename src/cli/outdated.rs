//! `gongdan outdated`: tickets and articles that must not be followed any more.

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::api::ask;
use crate::model::Revision;

/// Say why a ticket or article must not be followed any more
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ticket or article, by any unique prefix of its id
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present = "revive")]
    reason: Option<String>,
    /// The ticket or article that took its place
    #[arg(long, value_name = "ID", requires = "reason")]
    successor: Option<String>,
    /// It holds again
    #[arg(long, conflicts_with = "reason")]
    revive: bool,
    /// The revision the mark was made against; a newer one makes it a conflict
    #[arg(long, value_name = "N")]
    base_rev: Option<u32>,
}

/// Marks a ticket or article outdated, or takes the mark away.
///
/// # Errors
/// When the desk cannot be opened or refuses.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let request = ask::MarkOutdated {
        id: args.id.clone(),
        reason: args.reason.clone().unwrap_or_default(),
        successor: args.successor.clone(),
        base_rev: args.base_rev.map(Revision),
    };
    acts::perform(cx, &*desk, request)
}
