//! The way to the desk.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use crate::desk::{Desk, DeskError, ErrorCode};

/// Opens the desk of a data directory.
///
/// # Errors
/// When the store is busy, newer than this program, or damaged.
pub fn open(dir: &Path) -> Result<Arc<dyn Desk>, Failure> {
    Err(DeskError::new(ErrorCode::Unreachable)
        .with("detail", dir.display())
        .into())
}

/// Makes a store of a backup.
///
/// # Errors
/// When the backup is not whole.
pub fn restore(dir: &Path, _: &mut dyn Read) -> Result<(), Failure> {
    Err(DeskError::new(ErrorCode::Unreachable)
        .with("detail", dir.display())
        .into())
}
