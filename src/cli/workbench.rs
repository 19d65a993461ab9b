//! `gongdan` alone: the workbench.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::import;
use crate::desk::{Answer, Desk, Request};

/// Opens the workbench; into a store without any dataset it loads the sample corpus first.
///
/// # Errors
/// When the desk cannot be opened, or the terminal cannot be used.
pub fn run(cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    load_sample(cx, &*desk)?;
    Ok(Exit::Done)
}

/// No other command ever loads the sample.
fn load_sample(cx: &mut Context, desk: &dyn Desk) -> Result<(), Failure> {
    let Answer::Status(status) = desk.call(Request::Status)? else {
        return Err(Failure::unexpected());
    };
    if status.datasets > 0 {
        return Ok(());
    }
    let Answer::Imported(report) = desk.call(Request::LoadSample)? else {
        return Err(Failure::unexpected());
    };
    import::sample_loaded(cx, &report);
    Ok(())
}
