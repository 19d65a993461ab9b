//! The log's view in sled, and nothing but sled: packs of bodies, the directory, and the fold.
//!
//! The log (`journal`) is the truth: a change is acknowledged once its frame is on the disk. The
//! store is folded from the log, and the search index is derived from the store. Packs, records,
//! what the fold made of them, its place in the log and a rolling digest go into one sled tree in
//! one piece (the table of keys is in `store/keys.rs`), without a sync; sled is synced at
//! checkpoints. So a store that was killed at any moment opens at some place and folds the rest,
//! and one that is lost or damaged is moved aside and folded anew.
//!
//! sled is pinned to 0.34.7: its successor corrupts data.
//!
//! | file | what it is |
//! |---|---|
//! | `engine` | the database: chunks, writes, syncing |
//! | `opening`, `commit` | from log and database to a store; from records to the log and the fold |
//! | `cursor`, `records` | the fold's place in the log; records and parcels as the store keeps them |
//! | `fold` | what records do, one file a kind of record |
//! | `directory` | every ticket in memory: lists, tree, counts, ids |
//! | `packs`, `origins` | bodies; sources and what recognises a text |
//! | `tables`, `vocabulary` | what is small and whole in memory |
//! | `read`, `log`, `acts` | asking: bodies and decisions, records, what undo takes back |
//! | `backup`, `older`, `format` | leaving and coming; older and newer versions |
//! | `salvage` | checking the log, and reading around damage |
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! annotations codec engine error format keys matcher verdict vocabulary
//! cursor directory origins packs tables
//! records
//! fold
//! commit log older opening read
//! acts backup salvage
//! ```

mod acts;
mod annotations;
mod backup;
mod codec;
mod commit;
mod cursor;
mod directory;
mod engine;
mod error;
mod fold;
mod format;
mod keys;
mod log;
mod matcher;
mod older;
mod opening;
mod origins;
mod packs;
mod read;
mod records;
mod salvage;
mod tables;
#[cfg(test)]
mod tests;
mod verdict;
mod vocabulary;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};
use std::time::Duration;

pub use acts::Act;
pub use annotations::{CategoryFold, CausesFold, Vote};
pub use directory::{CauseCounts, DatasetCount, Directory, Entry, Resolved};
pub use error::StoreError;
pub use log::{KeptConflict, Logged};
pub use matcher::Matcher;
pub use packs::{Body, PACK_BODIES};
pub use read::NamedView;
pub use salvage::{Salvaged, salvage, verify};
pub use tables::{AtHand, CopyMade, Uses};
pub use verdict::{Folded, Refusal, Verdict};
pub use vocabulary::{Vocabulary, cause_id};

use self::commit::{Syncs, Unnamed};
use self::cursor::Cursor;
use self::engine::Engine;
use self::format::Lock;
use self::packs::{BodyCache, Fresh};
use self::tables::{Recent, Tables};
use crate::journal::Log;
use crate::model::{Record, Sequence};

/// What a long operation is told after each step: steps done, and in all. Breaking stops it.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Packs written since the database was opened that make a load a bulk load.
const BULK: u32 = 256;

/// The store of one data directory.
///
/// Everybody may read at any time, and commits are taken one after the other.
pub struct Store {
    dir: PathBuf,
    log: Log,
    /// `None` when it could not be opened again.
    backing: RwLock<Option<Backing>>,
    directory: RwLock<Directory>,
    tables: RwLock<Tables>,
    writer: Mutex<Writer>,
    applied: AtomicU64,
    syncs: Syncs,
    /// How many unpack bodies now.
    unpacking: AtomicUsize,
    /// Packs there were when the database was opened.
    settled: AtomicU32,
    cache: BodyCache,
    fresh: Fresh,
    /// Packs that no record names yet.
    unnamed: Mutex<Unnamed>,
    /// Last, so that the database is closed before another process may open it.
    _lock: Lock,
}

/// What is on the disk.
struct Backing {
    engine: Engine,
}

impl Backing {
    fn open(dir: &Path) -> Result<Self, StoreError> {
        let engine = Engine::open(&format::database(dir))?;
        Ok(Self { engine })
    }

    fn record(&self, sequence: Sequence) -> Result<Option<Record>, StoreError> {
        records::read(&self.engine, sequence)
    }
}

/// What only the one who commits may touch.
struct Writer {
    recent: Recent,
    /// The fold's place in the log.
    cursor: Cursor,
    /// Whether a fold failed half way: what is in memory may be ahead of the disk.
    failed: bool,
    /// Whether sled holds what was not synced since the last checkpoint.
    unsynced: bool,
    checkpoint: commit::Checkpoint,
}

impl Store {
    /// Opens the store of a data directory, creating both where they are not there, and folds
    /// what the log holds beyond the store's place in it.
    ///
    /// A database that is lost, damaged or of an older layout is moved aside and folded anew.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process holds it, [`StoreError::NewerFormat`] when a
    /// newer version wrote it, [`StoreError::Damaged`] when the log is lost or damaged; else when
    /// the disk fails.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, &mut |_, _| ControlFlow::Continue(()))
    }

    /// The store's own random id, which is the log's.
    pub fn id(&self) -> [u8; 16] {
        self.log.founding().id
    }

    /// The random key of fingerprints; it stays with the store and its backups.
    pub fn fingerprint_key(&self) -> [u8; 32] {
        self.log.founding().fingerprint_key
    }

    /// The sequence of the last record that was folded; 0 = none.
    pub fn applied(&self) -> Sequence {
        Sequence(self.applied.load(Ordering::Acquire))
    }

    /// Ends of the log that a crash tore off, by the names of the files they are kept in.
    pub fn torn(&self) -> Vec<String> {
        self.log.torn()
    }

    /// The directory, for as long as the guard lives: commits wait for it, so keep it short.
    ///
    /// Whoever holds it may ask the store anything else meanwhile, but not commit.
    pub fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The vocabulary of root causes.
    pub fn vocabulary(&self) -> Arc<Vocabulary> {
        Arc::clone(&self.directory().vocabulary)
    }

    /// Closes and reopens the database behind the scenes, which the first start after a bulk
    /// load would else wait for; call it from the background after an import. After a small one
    /// it does nothing.
    ///
    /// # Errors
    /// When it cannot be opened again; the store then takes and gives nothing more.
    pub fn settle(&self) -> Result<(), StoreError> {
        let writer = self.writer();
        let packs = writer.cursor.packs;
        if packs - self.settled.load(Ordering::Relaxed) < BULK {
            return Ok(());
        }
        let mut backing = write_patiently(&self.backing);
        // Closed before it is opened: the database can be open only once.
        drop(backing.take());
        *backing = Some(Backing::open(&self.dir)?);
        drop(writer);
        self.settled.store(packs, Ordering::Relaxed);
        Ok(())
    }

    /// Bytes of the database on the disk.
    pub fn size_on_disk(&self) -> u64 {
        self.with(|backing| Ok(backing.engine.size_on_disk()))
            .unwrap_or_default()
    }

    /// Does something with the database, which stays open for it.
    fn with<T>(
        &self,
        work: impl FnOnce(&Backing) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let backing = self.backing.read().unwrap_or_else(PoisonError::into_inner);
        let done = work(backing.as_ref().ok_or(StoreError::Failed)?);
        if let Err(error) = &done
            && error.is_damage()
        {
            opening::want_refold(&self.dir);
        }
        done
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a lock for writing without standing in the way of readers.
///
/// A waiting writer makes std's lock hold up new readers, and a thread that reads under its first
/// guard would wait for a writer that waits for it.
fn write_patiently<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    loop {
        match lock.try_write() {
            Ok(guard) => return guard,
            Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_micros(50)),
        }
    }
}

/// Makes a directory that nobody else can look into, unless it is there.
fn make_private(dir: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(StoreError::io(dir))
}
