//! The lock that says whether a daemon lives, and what stands in its file.
//!
//! The lock is the truth; the text in the file is only a hint where to look. The file is never
//! removed: two processes could then hold locks on two files of the same name.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::error::DaemonError;

/// Time between two tries for a lock that another holds.
const TRY_EVERY: Duration = Duration::from_millis(5);

/// What a daemon writes into its lock file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LockInfo {
    pub(super) pid: u32,
    pub(super) version: String,
    pub(super) protocol: u32,
    /// Where the socket lies; `None` while the store is being opened.
    pub(super) socket: Option<PathBuf>,
}

/// A lock on a file, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock; `None` where another holds it for as long as `patience`, or `give_up`
    /// says that there is no sense in waiting.
    pub(super) fn acquire(
        path: &Path,
        patience: Duration,
        mut give_up: impl FnMut() -> bool,
    ) -> Result<Option<Self>, DaemonError> {
        let deadline = Instant::now() + patience;
        let file = open(path)?;
        loop {
            match file.try_lock() {
                Ok(()) => {
                    let path = path.to_path_buf();
                    return Ok(Some(Self { file, path }));
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Err(DaemonError::io(path)(source)),
            }
            if give_up() || Instant::now() >= deadline {
                return Ok(None);
            }
            std::thread::sleep(TRY_EVERY);
        }
    }

    /// Says in the file who holds the lock.
    pub(super) fn write(&mut self, info: &LockInfo) -> Result<(), DaemonError> {
        let mut text = serde_json::to_vec(info).unwrap_or_default();
        text.push(b'\n');
        // In place: a renamed file would be another one than the locked.
        let mut written = || -> io::Result<()> {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(&text)
        };
        written().map_err(DaemonError::io(&self.path))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A child that was forked a moment ago, and does not yet run its program, holds a copy of
        // the file, with which the lock would live on. Closing follows if this fails.
        let _ = self.file.unlock();
    }
}

fn open(path: &Path) -> Result<File, DaemonError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
        .open(path)
        .map_err(DaemonError::io(path))
}

/// What stands in a lock file, where it can be read.
pub(super) fn read(path: &Path) -> Option<LockInfo> {
    let mut text = String::new();
    File::open(path)
        .ok()?
        .take(64 << 10)
        .read_to_string(&mut text)
        .ok()?;
    serde_json::from_str(&text).ok()
}

/// Whether some process holds the lock now.
///
/// Looking takes the lock for a moment where it is free; whoever wants it for good tries again.
pub(super) fn is_held(path: &Path) -> bool {
    File::open(path)
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_and_free_after_it_whoever_inherited_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("daemon.lock");
        assert!(!is_held(&path));
        let mut first = Lock::acquire(&path, Duration::ZERO, || false)
            .unwrap()
            .unwrap();
        let info = LockInfo {
            pid: 7,
            version: "0.1.0".into(),
            protocol: 1,
            socket: Some("/x/desk.sock".into()),
        };
        first.write(&info).unwrap();
        assert!(is_held(&path));
        assert_eq!(read(&path), Some(info));
        let second = Lock::acquire(&path, Duration::ZERO, || false).unwrap();
        assert!(second.is_none());
        // As a forked child has it.
        let inherited = first.file.try_clone().unwrap();
        drop(first);
        assert!(
            Lock::acquire(&path, Duration::ZERO, || false)
                .unwrap()
                .is_some()
        );
        drop(inherited);
    }

    #[test]
    fn rubbish_in_the_file_is_no_information() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("daemon.lock");
        std::fs::write(&path, "{\"pid\":").unwrap();
        assert_eq!(read(&path), None);
    }
}
