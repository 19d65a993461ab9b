//! The database: one sled tree, values in chunks, and writes that are really on the disk.
//!
//! Two traps of sled 0.34 are closed here. Its `flush` does not fsync on Linux, so the file is
//! synced after it. Large values go to files that are never synced, and sixteen values are read
//! from the disk for each that is asked for, so a value is cut into chunks of 2 KiB under
//! consecutive keys: a logical key, and the chunk in four bytes.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::StoreError;

/// Bytes of a chunk at most; earlier versions wrote chunks of 7 KiB, which read the same.
const CHUNK: usize = 2 * 1024;

/// Bytes of the length before a value, in its first chunk.
const LEN: usize = 4;

/// Bytes of the chunk number after a key.
const SUFFIX: usize = 4;

/// Memory for sled's cache.
const CACHE: u64 = 96 * 1024 * 1024;

/// How long the lock of a database that was just closed may linger.
const LINGER: Duration = Duration::from_secs(5);

/// A value written or removed.
pub(super) type Write = (Vec<u8>, Option<Vec<u8>>);

/// A key and its value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// Ends of the names of snapshots that are still being written.
const UNFINISHED: &str = ".generating";

/// One open database.
pub(super) struct Engine {
    path: PathBuf,
    /// For syncing: the file sled writes to.
    file: File,
    db: sled::Db,
}

impl Engine {
    /// Opens or creates the database in a directory of its own.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        drop_unfinished(path)?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(CACHE)
            // Nothing is durable but by a commit, so nothing need be flushed between.
            .flush_every_ms(None);
        let begun = Instant::now();
        let db = loop {
            match config.open() {
                // Our own lock is held, so it is a former self that has not quite gone.
                Err(sled::Error::Io(error))
                    if error.to_string().contains("lock") && begun.elapsed() < LINGER =>
                {
                    std::thread::sleep(Duration::from_millis(5));
                }
                other => break other?,
            }
        };
        let file = path.join("db");
        Ok(Self {
            file: File::open(&file).map_err(StoreError::io(&file))?,
            path: path.to_owned(),
            db,
        })
    }

    /// Whether nothing was ever written.
    pub(super) fn is_empty(&self) -> bool {
        self.db.is_empty()
    }

    /// The keys with a prefix and their values as older versions wrote them, without chunks.
    pub(super) fn raw(&self, prefix: &[u8]) -> sled::Iter {
        self.db.scan_prefix(prefix)
    }

    /// A value.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(first) = self.db.get(chunk_key(key, 0))? else {
            return Ok(None);
        };
        let Some((len, bytes)) = split_len(&first) else {
            return Err(StoreError::damaged("a value has no length"));
        };
        let mut value = Vec::with_capacity(len);
        value.extend_from_slice(bytes);
        let mut chunk = 1;
        while value.len() < len {
            let more = self
                .db
                .get(chunk_key(key, chunk))?
                .ok_or_else(|| StoreError::damaged("a value is cut off"))?;
            value.extend_from_slice(&more);
            chunk += 1;
        }
        value.truncate(len);
        Ok(Some(value))
    }

    /// Every key with a prefix and its value, in the order of keys.
    pub(super) fn scan(
        &self,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<Pair, StoreError>> + use<> {
        let mut chunks = self.db.scan_prefix(prefix);
        std::iter::from_fn(move || {
            loop {
                let (key, first) = match chunks.next()? {
                    Ok(item) => item,
                    Err(error) => return Some(Err(error.into())),
                };
                let (key, number) = key.split_last_chunk::<SUFFIX>()?;
                if *number != [0; SUFFIX] {
                    // What a longer value left behind.
                    continue;
                }
                return Some(collect(key.to_vec(), &first, &mut chunks));
            }
        })
    }

    /// The keys with a prefix, from the last to the first.
    pub(super) fn keys_back(
        &self,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<Vec<u8>, StoreError>> + use<> {
        self.db
            .scan_prefix(prefix)
            .keys()
            .rev()
            .filter_map(|key| match key {
                Ok(key) => {
                    let (key, number) = key.split_last_chunk::<SUFFIX>()?;
                    (*number == [0; SUFFIX]).then(|| Ok(key.to_vec()))
                }
                Err(error) => Some(Err(error.into())),
            })
    }

    /// Writes all or nothing; it is durable with the next [`Self::sync`].
    pub(super) fn write(&self, writes: impl IntoIterator<Item = Write>) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in writes {
            let old = match self.db.get(chunk_key(&key, 0))? {
                Some(first) => split_len(&first).map_or(0, |(len, _)| chunks_of(len)),
                None => 0,
            };
            let new = match value {
                Some(value) => insert(&mut batch, &key, &value),
                None => 0,
            };
            for chunk in new..old {
                batch.remove(chunk_key(&key, chunk));
            }
        }
        Ok(self.db.apply_batch(batch)?)
    }

    /// Returns once everything written is on the disk.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        self.file
            .sync_all()
            .map_err(StoreError::io(self.path.join("db")))
    }

    /// Bytes on the disk.
    pub(super) fn size_on_disk(&self) -> u64 {
        self.db.size_on_disk().unwrap_or_default()
    }
}

fn chunk_key(key: &[u8], chunk: u32) -> Vec<u8> {
    let mut full = Vec::with_capacity(key.len() + SUFFIX);
    full.extend_from_slice(key);
    full.extend_from_slice(&chunk.to_be_bytes());
    full
}

fn split_len(first: &[u8]) -> Option<(usize, &[u8])> {
    let (len, bytes) = first.split_first_chunk::<LEN>()?;
    Some((u32::from_le_bytes(*len) as usize, bytes))
}

/// Chunks that a value of a length takes.
fn chunks_of(len: usize) -> u32 {
    (len + LEN).div_ceil(CHUNK) as u32
}

fn insert(batch: &mut sled::Batch, key: &[u8], value: &[u8]) -> u32 {
    let (head, mut rest) = value.split_at(value.len().min(CHUNK - LEN));
    let mut first = Vec::with_capacity(LEN + head.len());
    first.extend_from_slice(&(value.len() as u32).to_le_bytes());
    first.extend_from_slice(head);
    batch.insert(chunk_key(key, 0), first);
    let mut chunk = 1;
    while !rest.is_empty() {
        let (next, after) = rest.split_at(rest.len().min(CHUNK));
        batch.insert(chunk_key(key, chunk), next);
        rest = after;
        chunk += 1;
    }
    chunk
}

fn collect(key: Vec<u8>, first: &[u8], chunks: &mut sled::Iter) -> Result<Pair, StoreError> {
    let Some((len, bytes)) = split_len(first) else {
        return Err(StoreError::damaged("a value has no length"));
    };
    let mut value = Vec::with_capacity(len);
    value.extend_from_slice(bytes);
    while value.len() < len {
        let (_, more) = chunks
            .next()
            .ok_or_else(|| StoreError::damaged("a value is cut off"))??;
        value.extend_from_slice(&more);
    }
    value.truncate(len);
    Ok((key, value))
}

/// Removes the snapshots that a former self did not finish: killed, or out of space.
///
/// sled takes one for the newest of all when it opens, and then reads damage. They hold nothing
/// that the log does not.
fn drop_unfinished(path: &Path) -> Result<(), StoreError> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::io(path)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(StoreError::io(path))?;
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            std::fs::remove_file(entry.path()).map_err(StoreError::io(&entry.path()))?;
        }
    }
    Ok(())
}
