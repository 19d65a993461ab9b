//! Waiting for the index and its words: a script wants the answer, not "not yet".

use super::context::Context;
use super::failure::Failure;
use crate::api::{Behind, Desk, DeskExt, ask};
use crate::words::{self, Lang, Msg, names};

/// Returns when search holds everything the store does.
///
/// # Errors
/// When the desk fails.
pub fn for_index(desk: &dyn Desk, cx: &mut Context) -> Result<(), Failure> {
    let status = desk.ask(ask::Status)?;
    if let Some(behind) = status.behind() {
        cx.out.note(words(cx.lang, behind));
    }
    desk.ask(ask::CatchUp)?;
    Ok(())
}

/// How far the index is behind.
pub fn words(lang: Lang, behind: Behind) -> String {
    let Behind { work, percent } = behind;
    let what = names::job(lang, work.name());
    words::text(lang, &Msg::Indexing { what, percent })
}

/// Returns when suggestions and standard replies hold everything the store does, and search too.
///
/// # Errors
/// When the desk fails.
pub fn for_insight(desk: &dyn Desk, cx: &mut Context) -> Result<(), Failure> {
    for_index(desk, cx)?;
    desk.ask(ask::Analyse)?;
    Ok(())
}
