//! `gongdan` alone: the workbench.
use super::context::Context;
use super::failure::{Exit, Failure};
/// Opens the workbench.
///
/// # Errors
/// Desk.
pub fn run(cx: &mut Context) -> Result<Exit, Failure> {
    let _desk = cx.desk()?;
    Ok(Exit::Done)
}
