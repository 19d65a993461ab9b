//! Waiting for the index: a script wants the answer, not "not yet".

use std::time::Duration;

use super::context::Context;
use super::failure::Failure;
use super::say::say;
use crate::desk::{Answer, Desk, Request};

/// How often the desk is asked when it pushes nothing.
const ROUND: Duration = Duration::from_millis(100);

/// Returns when the index is up to date.
///
/// # Errors
/// When the desk fails.
pub fn for_index(desk: &dyn Desk, cx: &mut Context) -> Result<(), Failure> {
    let pushes = desk.subscribe();
    let mut told = false;
    loop {
        let Answer::Status(status) = desk.call(Request::Status)? else {
            return Err(Failure::unexpected());
        };
        let Some(percent) = status.indexing else {
            return Ok(());
        };
        if !told {
            told = true;
            cx.out.note(say!(
                cx.lang,
                "正在重建索引 {percent} %，请稍候",
                "the index is being rebuilt ({percent} %), one moment"
            ));
        }
        // Whatever is pushed, or silence: look again.
        let _ = pushes.recv_timeout(ROUND);
    }
}
