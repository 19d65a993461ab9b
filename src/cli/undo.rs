//! `gongdan undo` and `gongdan redo`: one's own last act, from whatever session.

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use crate::api::{UndoScope, ask};

/// Take back your last change
#[derive(Debug, clap::Args)]
pub struct UndoArgs {}

/// Do again what undo took back
#[derive(Debug, clap::Args)]
pub struct RedoArgs {}

/// Takes back the user's last act.
///
/// Every command is a session of its own, so the scope is the author.
///
/// # Errors
/// When there is nothing to undo.
pub fn undo(_: &UndoArgs, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    acts::perform(
        cx,
        &*desk,
        ask::Undo {
            scope: UndoScope::Author,
        },
    )
}

/// Does again what the user's last undo took back.
///
/// # Errors
/// When there is nothing to redo.
pub fn redo(_: &RedoArgs, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    acts::perform(
        cx,
        &*desk,
        ask::Redo {
            scope: UndoScope::Author,
        },
    )
}
