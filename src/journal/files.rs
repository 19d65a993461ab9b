//! The files of the log, behind a trait: the disk, and in tests a disk that fails on purpose.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One directory of files.
pub trait Files: Send + Sync {
    /// The names of its files, in no order.
    ///
    /// # Errors
    /// When the directory cannot be read.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Opens a file that is there.
    ///
    /// # Errors
    /// When it is not, or cannot be opened.
    fn open(&self, name: &str) -> io::Result<Arc<dyn LogFile>>;

    /// Makes a new, empty file.
    ///
    /// # Errors
    /// When there is one of this name, or it cannot be made.
    fn create(&self, name: &str) -> io::Result<Arc<dyn LogFile>>;

    /// Gives a file another name, whatever had it before.
    ///
    /// # Errors
    /// When it cannot be renamed.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Returns once names made, changed and removed are on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    fn sync(&self) -> io::Result<()>;
}

/// One open file.
pub trait LogFile: Send + Sync {
    /// Reads at an offset; fewer bytes than asked for come back at the end of the file.
    ///
    /// # Errors
    /// When the disk fails.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all bytes at an offset. After an error some of them may be there.
    ///
    /// # Errors
    /// When the disk fails or is full.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Its length in bytes.
    ///
    /// # Errors
    /// When the disk fails.
    fn size(&self) -> io::Result<u64>;

    /// Cuts or extends it.
    ///
    /// # Errors
    /// When the disk fails.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Returns once its bytes are on the disk.
    ///
    /// # Errors
    /// When the disk fails; what was written since the last success may be lost then.
    fn sync(&self) -> io::Result<()>;
}

/// A directory on the disk.
#[derive(Debug)]
pub struct Disk {
    dir: PathBuf,
    /// Whether files are opened for reading only.
    read_only: bool,
}

impl Disk {
    /// A directory that is written to.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            read_only: false,
        }
    }

    /// A directory that is only looked at.
    pub fn read_only(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            read_only: true,
        }
    }
}

impl Files for Disk {
    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn LogFile>> {
        let mut options = File::options();
        options.read(true).write(!self.read_only);
        Ok(Arc::new(options.open(self.dir.join(name))?))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn LogFile>> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true).mode(0o600);
        Ok(Arc::new(options.open(self.dir.join(name))?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.dir.join(from), self.dir.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.dir.join(name))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.dir)?.sync_all()
    }
}

impl LogFile for File {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut read = 0;
        while let Some(rest) = bytes.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match FileExt::read_at(self, rest, offset + read as u64) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(read)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        File::set_len(self, len)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}
