//! Waiting for the index: a script wants the answer, not "not yet".

use super::context::Context;
use super::failure::Failure;
use crate::desk::{Answer, Desk, Request};
use crate::words::{self, Msg};

/// Returns when search holds everything the store does.
///
/// # Errors
/// When the desk fails.
pub fn for_index(desk: &dyn Desk, cx: &mut Context) -> Result<(), Failure> {
    let Answer::Status(status) = desk.call(Request::Status)? else {
        return Err(Failure::unexpected());
    };
    if let Some(percent) = status.indexing {
        cx.out
            .note(words::text(cx.lang, &Msg::Indexing { percent }));
        desk.call(Request::CatchUp)?;
    }
    Ok(())
}

/// Returns when suggestions and standard replies hold everything the store does, and search too.
///
/// # Errors
/// When the desk fails.
pub fn for_insight(desk: &dyn Desk, cx: &mut Context) -> Result<(), Failure> {
    for_index(desk, cx)?;
    desk.call(Request::Analyse)?;
    Ok(())
}
