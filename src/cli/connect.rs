//! The way to the desk: today in this process.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::context::variable;
use super::failure::Failure;
use super::identity;
use crate::desk::{Desk, DeskError, Identity, LocalDesk};
use crate::store::Store;

/// Opens the desk of a data directory, for the user who runs this process.
///
/// # Errors
/// When the store is busy, newer than this program, or damaged.
pub fn open(dir: &Path) -> Result<Arc<dyn Desk>, Failure> {
    let identity = Identity {
        author: identity::author(variable("USER")),
        origin: identity::origin(),
    };
    Ok(Arc::new(LocalDesk::open(dir, identity)?))
}

/// Makes a store of a backup in an empty place. The desk has no part in it: there is none yet.
///
/// # Errors
/// When the backup is not whole, or the disk fails.
pub fn restore(dir: &Path, backup: &mut dyn Read) -> Result<(), Failure> {
    Store::restore(dir, backup, &mut |_, _| ControlFlow::Continue(()))
        .map_err(|error| DeskError::from(error).into())
}
