//! The format of a store, the lock that says whose it is, and the steps from older formats.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::StoreError;

/// The format written by this version. Whatever an older version cannot read takes a new one, an
/// operation of a record too: its number must be raised with [`MIGRATIONS`].
pub(super) const FORMAT: u32 = 2;

/// What changes the directory of a database.
type Step = fn(&Path) -> Result<(), StoreError>;

/// One step from a format to the next.
pub(super) struct Migration {
    /// The format it begins at.
    pub(super) from: u32,
    /// What it does; `None` = nothing that is there changes, and from now on there may be what an
    /// older version cannot read.
    pub(super) run: Option<Step>,
}

/// All steps, the oldest first. Format 1 is the first there is.
pub(super) const MIGRATIONS: &[Migration] = &[
    // Records may keep a settled conflict again.
    Migration { from: 1, run: None },
];

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

/// Sees to it that a data directory has the format of this version.
///
/// The format stands in a file of its own, so that a newer one is told from damage even where it
/// is no sled at all. One whose database must be changed is copied before.
pub(super) fn check(dir: &Path, to: u32, steps: &[Migration]) -> Result<(), StoreError> {
    let path = dir.join("format");
    let found = match fs::read_to_string(&path) {
        Ok(text) => text
            .trim()
            .parse::<u32>()
            .ok()
            .ok_or_else(|| StoreError::damaged("the format of the store"))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if database(dir).exists() {
                return Err(StoreError::damaged("the format of the store is missing"));
            }
            return write(&path, to);
        }
        Err(error) => return Err(StoreError::io(&path)(error)),
    };
    if found > to {
        return Err(StoreError::NewerFormat { found, known: to });
    }
    let steps = || steps.iter().filter(|step| step.from >= found);
    if steps().any(|step| step.run.is_some()) {
        copy(&database(dir), &dir.join(format!("sled.format-{found}")))?;
    }
    for step in steps() {
        if let Some(run) = step.run {
            run(&database(dir))?;
        }
        write(&path, step.from + 1)?;
    }
    Ok(())
}

fn write(path: &Path, format: u32) -> Result<(), StoreError> {
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

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(to).map_err(StoreError::io(to))?;
    for entry in fs::read_dir(from).map_err(StoreError::io(from))? {
        let entry = entry.map_err(StoreError::io(from))?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if old.is_dir() {
            copy(&old, &new)?;
        } else {
            fs::copy(&old, &new).map_err(StoreError::io(&old))?;
            let synced = File::open(&new).and_then(|file| file.sync_all());
            synced.map_err(StoreError::io(&new))?;
        }
    }
    Ok(())
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
    fn an_older_format_is_copied_before_its_steps_run() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("format"), 1).unwrap();
        fs::create_dir_all(database(dir.path()).join("blobs")).unwrap();
        fs::write(database(dir.path()).join("db"), "old").unwrap();
        let step = Migration {
            from: 1,
            run: Some(|path| fs::write(path.join("db"), "new").map_err(StoreError::io(path))),
        };
        check(dir.path(), 2, &[step]).unwrap();
        let read = |path: &str| fs::read_to_string(dir.path().join(path)).unwrap();
        assert_eq!(read("sled/db"), "new");
        assert_eq!(read("sled.format-1/db"), "old");
        assert_eq!(read("format"), "2\n");
    }

    #[test]
    fn every_format_leads_to_this_one() {
        let steps = MIGRATIONS.iter().map(|step| step.from);
        assert!(steps.eq(1..FORMAT));
    }

    #[test]
    fn a_newer_format_is_refused_with_both_versions() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("format"), 7).unwrap();
        let error = check(dir.path(), FORMAT, MIGRATIONS).unwrap_err();
        assert!(matches!(
            error,
            StoreError::NewerFormat {
                found: 7,
                known: FORMAT
            }
        ));
    }
}
