//! The way to the desk: today in this process.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::context::variable;
use super::failure::Failure;
use super::identity;
use crate::desk::{Desk, DeskError, ErrorCode, Identity, LocalDesk};
use crate::store::Store;

/// How long a busy store is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Time between two tries.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Opens the desk of a data directory, for the user who runs this process.
///
/// Another command is over in a moment, so it waits a moment for a busy store.
///
/// # Errors
/// When the store is busy, newer than this program, or damaged.
pub fn open(dir: &Path) -> Result<Arc<dyn Desk>, DeskError> {
    let identity = Identity {
        author: identity::author(variable("USER")),
        origin: identity::origin(),
    };
    let deadline = Instant::now() + PATIENCE;
    loop {
        match LocalDesk::open(dir, identity.clone()) {
            Ok(desk) => return Ok(Arc::new(desk)),
            Err(error) if error.code == ErrorCode::Busy && Instant::now() < deadline => {
                std::thread::sleep(LOOK_EVERY);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Makes a store of a backup in an empty place. The desk has no part in it: there is none yet.
///
/// # Errors
/// When the backup is not whole, or the disk fails.
pub fn restore(dir: &Path, backup: &mut dyn Read) -> Result<(), Failure> {
    Store::restore(dir, backup, &mut |_, _| ControlFlow::Continue(()))
        .map_err(|error| DeskError::from(error).into())
}
