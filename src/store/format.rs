//! The format of a store, and the lock that says whose it is.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::StoreError;
use crate::journal::{Disk, Log};

/// The format written by this version: 1 and 2 had no log beside the database. Whatever an older
/// version cannot read takes a new one, an operation of a record too.
pub(super) const FORMAT: u32 = 3;

/// What a data directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nothing, or the beginning of a store that never was one.
    New,
    /// A store of this format.
    Current,
    /// A store of an older one.
    Older(u32),
}

/// The lock of a data directory, held until it is dropped or the process ends.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a child that was forked a moment ago, and does not yet run
        // its program, holds a copy of it and with that the lock. Closing follows if this fails.
        let _ = flock(&self.0, FlockOperation::Unlock);
    }
}

/// Takes the lock of a data directory.
pub(super) fn lock(dir: &Path) -> Result<Lock, StoreError> {
    let path = dir.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(StoreError::io(&path))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Lock(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::Busy {
            path: dir.to_owned(),
        }),
        Err(error) => Err(StoreError::io(&path)(error.into())),
    }
}

/// The database's place in a data directory.
pub(super) fn database(dir: &Path) -> PathBuf {
    dir.join("sled")
}

/// The log's place in a data directory.
pub(super) fn log(dir: &Path) -> PathBuf {
    dir.join("log")
}

/// Tells what a data directory holds.
///
/// The format stands in a file of its own, so that a newer one is told from damage. It is written
/// once there is a log: where one of the two is missing the other was lost, and that is damage,
/// never a new store.
pub(super) fn check(dir: &Path) -> Result<Layout, StoreError> {
    let has_log = log(dir).exists();
    let path = dir.join("format");
    let found = match fs::read_to_string(&path) {
        Ok(text) => text
            .trim()
            .parse::<u32>()
            .ok()
            .ok_or_else(|| StoreError::damaged("the format of the store"))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if database(dir).exists() || (has_log && !is_begun(dir)) {
                return Err(StoreError::damaged("the format of the store is missing"));
            }
            return Ok(Layout::New);
        }
        Err(error) => return Err(StoreError::io(&path)(error)),
    };
    match found {
        FORMAT if has_log => Ok(Layout::Current),
        FORMAT => Err(StoreError::damaged("the log of the store is missing")),
        newer if newer > FORMAT => Err(StoreError::NewerFormat {
            found,
            known: FORMAT,
        }),
        older => Ok(Layout::Older(older)),
    }
}

/// Whether a log is one that was made just before the end came: nothing is in it.
fn is_begun(dir: &Path) -> bool {
    let files = Box::new(Disk::read_only(&log(dir)));
    match Log::open(files, None) {
        Ok(log) => log.end().0 == 0,
        Err(crate::journal::LogError::Missing) => true,
        Err(_) => false,
    }
}

/// Says that a data directory has the format of this version.
pub(super) fn write(dir: &Path) -> Result<(), StoreError> {
    write_number(&dir.join("format"), FORMAT)
}

fn write_number(path: &Path, format: u32) -> Result<(), StoreError> {
    let fresh = path.with_extension("new");
    let written = || -> io::Result<()> {
        let mut file = File::create(&fresh)?;
        writeln!(file, "{format}")?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        path.parent()
            .map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    };
    written().map_err(StoreError::io(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_given_up_is_free_whoever_inherited_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let held = lock(dir.path()).unwrap();
        // As a forked child has it.
        let inherited = held.0.try_clone().unwrap();
        assert!(matches!(lock(dir.path()), Err(StoreError::Busy { .. })));
        drop(held);
        assert!(lock(dir.path()).is_ok());
        drop(inherited);
    }

    #[test]
    fn a_newer_format_is_refused_with_both_versions() {
        let dir = tempfile::tempdir().unwrap();
        write_number(&dir.path().join("format"), 7).unwrap();
        let error = check(dir.path()).unwrap_err();
        assert!(matches!(
            error,
            StoreError::NewerFormat {
                found: 7,
                known: FORMAT
            }
        ));
    }

    #[test]
    fn a_format_without_a_log_and_the_other_way_round_is_damage_and_no_new_store() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(check(dir.path()).unwrap(), Layout::New);
        drop(crate::store::Store::open(dir.path()).unwrap());
        let (log, format) = (log(dir.path()), dir.path().join("format"));
        let aside = dir.path().join("aside");
        for lost in [log, format] {
            fs::rename(&lost, &aside).unwrap();
            assert!(matches!(
                crate::store::Store::open(dir.path()).err(),
                Some(StoreError::Damaged { .. })
            ));
            fs::rename(&aside, &lost).unwrap();
            drop(crate::store::Store::open(dir.path()).unwrap());
        }
    }
}
