//! Soon.
use super::context::Context;
use super::failure::{Exit, Failure};
/// Soon
#[derive(Debug, clap::Args)]
pub struct Args {}
/// Runs.
///
/// # Errors
/// Desk.
pub fn run(_: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let _desk = cx.desk()?;
    Ok(Exit::Done)
}
