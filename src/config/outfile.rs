//! A file that a person asked to be written: whole or not at all, and for its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What may become of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays.
    Keep,
    /// The new one takes its place.
    Replace,
}

/// A file being written; it appears only when [`finished`](Self::finish).
///
/// A link is followed. What is no regular file (a pipe, a device) is written to and never
/// replaced.
#[derive(Debug)]
pub struct OutFile(To);

#[derive(Debug)]
enum To {
    Fresh(NamedTempFile, PathBuf),
    Straight(File),
}

impl OutFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When its directory or what is there cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        let path = target(path)?;
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok(Self(To::Straight(file)));
        }
        // Temporary files have mode 0600.
        let file = NamedTempFile::new_in(parent(&path))?;
        Ok(Self(To::Fresh(file, path)))
    }

    /// Puts the file in its place, and is sure that it is on the disk.
    ///
    /// # Errors
    /// When that fails; an older file stays then. `AlreadyExists` where one may not be replaced.
    pub fn finish(self, existing: Existing) -> io::Result<()> {
        let (file, path) = match self.0 {
            To::Straight(mut file) => return file.flush(),
            To::Fresh(file, path) => (file, path),
        };
        file.as_file().sync_all()?;
        match existing {
            Existing::Keep => file.persist_noclobber(&path),
            Existing::Replace => file.persist(&path),
        }
        .map_err(|error| error.error)?;
        // A file renamed into a directory is safe only when the directory is.
        File::open(parent(&path))?.sync_all()
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            To::Fresh(file, _) => file.write(bytes),
            To::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            To::Fresh(file, _) => file.flush(),
            To::Straight(file) => file.flush(),
        }
    }
}

/// Where a path leads: the end of its links, which need not be there.
fn target(path: &Path) -> io::Result<PathBuf> {
    /// As many as the kernel follows.
    const LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(link) => path = parent(&path).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(rustix::io::Errno::LOOP.into())
}

fn parent(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    use super::*;

    fn write(path: &Path, existing: Existing) -> io::Result<()> {
        let mut file = OutFile::create(path)?;
        file.write_all(b"new")?;
        file.finish(existing)
    }

    #[test]
    fn a_file_is_for_its_owner_alone_and_replaces_only_what_it_may() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        fs::write(&path, "old").unwrap();
        let kept = write(&path, Existing::Keep).unwrap_err();
        assert_eq!(kept.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write(&path, Existing::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_link_is_followed_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (link, file) = (dir.path().join("link"), dir.path().join("file"));
        symlink("file", &link).unwrap();
        write(&link, Existing::Replace).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_pipe_is_written_to_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            0o600.into(),
            0,
        )
        .unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write(&pipe, Existing::Replace).unwrap();
        assert_eq!(reader.join().unwrap(), b"new");
        let kind = fs::symlink_metadata(&pipe).unwrap().file_type();
        assert!(kind.is_fifo());
    }
}
