//! sled and nothing but sled: packs of bodies, the directory, and the fold of records.
//!
//! The store is the truth; the search index is derived from it. Everything lies in one sled tree
//! under key prefixes (the table is in `store/keys.rs`): the journal, the packs, and what the
//! fold made of them. A fold and the sequence it reached are written in one piece, so a store
//! that was killed at any moment opens at some sequence and folds the rest of its journal.
//!
//! sled is pinned to 0.34.7: its successor corrupts data.
//!
//! | file | what it is |
//! |---|---|
//! | `engine` | the database: chunks, writes, syncing |
//! | `fold` | what records do, one file a kind of record |
//! | `directory` | every ticket in memory: lists, tree, counts, ids |
//! | `packs`, `origins` | bodies; sources and what recognises a text |
//! | `tables`, `vocabulary` | what is small and whole in memory |
//! | `read`, `log`, `acts` | asking: bodies and decisions, records, what undo takes back |
//! | `backup`, `format` | leaving and coming; older and newer versions |

mod acts;
mod annotations;
mod backup;
mod codec;
mod directory;
mod engine;
mod error;
mod fold;
mod format;
mod keys;
mod log;
mod matcher;
mod origins;
mod packs;
mod read;
mod tables;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    TryLockError,
};
use std::time::Duration;

pub use acts::Act;
pub use annotations::{CategoryFold, CausesFold, Vote};
pub use directory::{CauseCounts, DatasetCount, Directory, Entry, Resolved};
pub use error::StoreError;
pub use fold::{Folded, Refusal, Verdict};
pub use log::{KeptConflict, Logged};
pub use matcher::Matcher;
pub use packs::{Body, PACK_BODIES};
pub use read::NamedView;
pub use tables::{AtHand, CopyMade, Uses};
pub use vocabulary::{Vocabulary, cause_id};

use self::engine::{Engine, Write};
use self::fold::Fold;
use self::format::Lock;
use self::packs::{BodyCache, Facts, Fresh, Slots};
use self::tables::{Recent, Tables};
use crate::journal::{EmbeddedJournal, Journal};
use crate::model::{PackNo, Record, Sequence};

/// What a long operation is told after each step: steps done, and in all. Breaking stops it.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Records folded at a time when a store catches up with its journal.
const REPLAY: usize = 256;

/// Packs written since the database was opened that make a load a bulk load.
const BULK: u32 = 256;

/// Packs written at once: each write of the database's wakes all threads it has for writing.
const PACKS_AT_ONCE: usize = 8;

/// The store of one data directory.
///
/// Everybody may read at any time, and commits are taken one after the other.
pub struct Store {
    dir: PathBuf,
    id: [u8; 16],
    fingerprint_key: [u8; 32],
    /// `None` when it could not be opened again.
    backing: RwLock<Option<Backing>>,
    directory: RwLock<Directory>,
    tables: RwLock<Tables>,
    writer: Mutex<Writer>,
    applied: AtomicU64,
    syncs: Syncs,
    /// How many unpack bodies now.
    unpacking: AtomicUsize,
    next_pack: AtomicU32,
    /// `next_pack` when the database was opened.
    settled: AtomicU32,
    cache: BodyCache,
    fresh: Fresh,
    /// Packs that no record names yet.
    unwritten: Mutex<Vec<Write>>,
    /// Last, so that the database is closed before another process may open it.
    _lock: Lock,
}

/// What is on the disk.
struct Backing {
    engine: Engine,
    journal: Box<dyn Journal>,
}

impl Backing {
    fn open(dir: &Path) -> Result<Self, StoreError> {
        let engine = Engine::open(&format::database(dir))?;
        let journal = Box::new(EmbeddedJournal::open(engine.tree())?);
        Ok(Self { engine, journal })
    }

    /// The facts of a pack's bodies; `None` = there is no such pack.
    fn facts(&self, pack: PackNo) -> Result<Option<Vec<Facts>>, StoreError> {
        let Some(bytes) = self.engine.get(&keys::pack(pack))? else {
            return Ok(None);
        };
        let (bodies, _) = packs::decode(pack, &bytes, Slots::ALL)?;
        Ok(Some(
            bodies.iter().map(|(_, body)| Facts::of(body)).collect(),
        ))
    }

    fn record(&self, sequence: Sequence) -> Result<Option<Record>, StoreError> {
        let read = self.journal.read(sequence, 1)?.pop();
        Ok(read
            .filter(|(at, _)| *at == sequence)
            .map(|(_, record)| record))
    }
}

/// What only the one who commits may touch.
struct Writer {
    recent: Recent,
    /// Whether a write failed half way.
    failed: bool,
}

/// How far the disk is behind.
#[derive(Default)]
struct Syncs {
    state: Mutex<SyncState>,
    changed: Condvar,
}

#[derive(Default)]
struct SyncState {
    /// Everything up to here is on the disk.
    reached: Sequence,
    /// Whether somebody writes to it now.
    under_way: bool,
}

impl Syncs {
    fn lock(&self) -> MutexGuard<'_, SyncState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, SyncState>) -> MutexGuard<'a, SyncState> {
        let waited = self.changed.wait(state);
        waited.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Opens the store of a data directory, creating both where they are not there, and folds
    /// what the journal holds beyond the applied sequence.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process holds it, [`StoreError::NewerFormat`] when a
    /// newer version wrote it; else when the disk fails or data is damaged.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        make_private(dir)?;
        let lock = format::lock(dir)?;
        format::check(dir, format::FORMAT, format::MIGRATIONS)?;
        Self::open_locked(dir, lock, &mut |_, _| ControlFlow::Continue(()))
    }

    fn open_locked(dir: &Path, lock: Lock, progress: Progress<'_>) -> Result<Self, StoreError> {
        let backing = Backing::open(dir)?;
        let engine = &backing.engine;
        let id = kept_or_random(engine, "id")?;
        let fingerprint_key = kept_or_random(engine, "key")?;
        let applied = engine.get(&keys::meta("applied"))?;
        let applied = applied.and_then(|bytes| keys::number_at(&bytes, 0));
        let last_pack = engine.keys_back(&[keys::PACK]).next().transpose()?;
        let next_pack = last_pack
            .and_then(|key| keys::u32_at_end(&key))
            .map_or(0, |last| last + 1);
        let store = Self {
            dir: dir.to_owned(),
            id,
            fingerprint_key,
            directory: RwLock::new(Directory::read(engine)?),
            tables: RwLock::new(Tables::load(engine)?),
            writer: Mutex::new(Writer {
                recent: Recent::load(engine)?,
                failed: false,
            }),
            applied: AtomicU64::new(applied.unwrap_or_default()),
            syncs: Syncs::default(),
            unpacking: AtomicUsize::new(0),
            next_pack: AtomicU32::new(next_pack),
            settled: AtomicU32::new(next_pack),
            cache: BodyCache::default(),
            fresh: Fresh::default(),
            unwritten: Mutex::default(),
            backing: RwLock::new(Some(backing)),
            _lock: lock,
        };
        store.replay(progress)?;
        Ok(store)
    }

    /// The store's own random id.
    pub fn id(&self) -> [u8; 16] {
        self.id
    }

    /// The random key of fingerprints; it stays with the store and its backups.
    pub fn fingerprint_key(&self) -> [u8; 32] {
        self.fingerprint_key
    }

    /// The sequence of the last record that was folded; 0 = none.
    pub fn applied(&self) -> Sequence {
        Sequence(self.applied.load(Ordering::Acquire))
    }

    /// Stores up to [`PACK_BODIES`] bodies for an import record to name. They become durable
    /// with the next commit; a pack that no record names is lost room, nothing else.
    ///
    /// # Errors
    /// [`StoreError::PackSize`], or when they cannot be encoded or written.
    pub fn put_pack(&self, bodies: Vec<Body>) -> Result<PackNo, StoreError> {
        if bodies.is_empty() || bodies.len() > PACK_BODIES {
            return Err(StoreError::PackSize {
                given: bodies.len(),
                most: PACK_BODIES,
            });
        }
        let (bytes, length) = packs::encode(&bodies)?;
        let number = PackNo(self.next_pack.fetch_add(1, Ordering::Relaxed));
        self.fresh.put(number, bodies, length);
        let mut unwritten = self.unwritten();
        unwritten.push((keys::pack(number), Some(bytes)));
        let enough = unwritten.len() >= PACKS_AT_ONCE;
        drop(unwritten);
        if enough {
            self.with(|backing| self.write_packs(backing))?;
        }
        Ok(number)
    }

    /// Writes the packs that wait for it; whoever asks for the same meanwhile waits too.
    fn write_packs(&self, backing: &Backing) -> Result<(), StoreError> {
        let mut unwritten = self.unwritten();
        if unwritten.is_empty() {
            return Ok(());
        }
        backing.engine.write(unwritten.drain(..))
    }

    fn unwritten(&self) -> MutexGuard<'_, Vec<Write>> {
        let unwritten = self.unwritten.lock();
        unwritten.unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends records to the journal, folds them, and returns once all of it is on the disk.
    ///
    /// # Errors
    /// When the journal or the disk fails. A record that may not be applied is no error: its
    /// [`Verdict`] says so.
    pub fn commit(&self, records: Vec<Record>) -> Result<Vec<Folded>, StoreError> {
        let folded = self.apply(records)?;
        self.sync()?;
        Ok(folded)
    }

    /// Appends records to the journal and folds them; everybody sees it at once, and it is on the
    /// disk with the next [`Self::sync`].
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub fn apply(&self, records: Vec<Record>) -> Result<Vec<Folded>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.failed {
            return Err(StoreError::Failed);
        }
        self.with(|backing| {
            // A record may name any of them.
            self.write_packs(backing)?;
            let first = backing.journal.append(&records)?;
            // Until all is well: what is in memory may be ahead of the disk.
            writer.failed = true;
            let numbered = (first.0..).map(Sequence).zip(&records);
            let folded = self.fold(backing, &mut writer.recent, numbered)?;
            writer.failed = false;
            Ok(folded)
        })
    }

    /// Returns once everything applied so far is on the disk. Whoever waits at the same time waits
    /// for the same write: a hundred agents who annotate at once cost the disk little more than one.
    ///
    /// # Errors
    /// When the disk fails; the store then takes nothing more.
    pub fn sync(&self) -> Result<(), StoreError> {
        let wanted = self.applied();
        let mut state = self.syncs.lock();
        while state.reached < wanted {
            if state.under_way {
                state = self.syncs.wait(state);
                continue;
            }
            state.under_way = true;
            drop(state);
            let reaches = self.applied();
            let synced = self.with(|backing| backing.engine.sync());
            if synced.is_err() {
                let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
                writer.failed = true;
            }
            state = self.syncs.lock();
            state.under_way = false;
            if synced.is_ok() {
                state.reached = state.reached.max(reaches);
            }
            self.syncs.changed.notify_all();
            synced?;
        }
        Ok(())
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
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let packs = self.next_pack.load(Ordering::Relaxed);
        if packs - self.settled.load(Ordering::Relaxed) < BULK {
            return Ok(());
        }
        let mut backing = write_patiently(&self.backing);
        // Closed before it is opened: the database can be open only once.
        drop(backing.take());
        *backing = Some(Backing::open(&self.dir)?);
        self.settled.store(packs, Ordering::Relaxed);
        Ok(())
    }

    /// Bytes on the disk.
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
        work(backing.as_ref().ok_or(StoreError::Failed)?)
    }

    /// Folds what the journal holds beyond the applied sequence.
    fn replay(&self, progress: Progress<'_>) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(|backing| {
            let last = backing.journal.last();
            if self.applied() >= last {
                return Ok(());
            }
            while self.applied() < last {
                let records = backing.journal.read(self.applied().next(), REPLAY)?;
                if records.is_empty() {
                    return Err(StoreError::damaged("the journal has a hole"));
                }
                let numbered = records.iter().map(|(sequence, record)| (*sequence, record));
                self.fold(backing, &mut writer.recent, numbered)?;
                if progress(self.applied().0, last.0).is_break() {
                    return Err(StoreError::Cancelled);
                }
            }
            backing.engine.sync()
        })
    }

    /// Folds records and writes what came of it, with the sequence, in one piece.
    fn fold<'a>(
        &self,
        backing: &Backing,
        recent: &mut Recent,
        records: impl Iterator<Item = (Sequence, &'a Record)>,
    ) -> Result<Vec<Folded>, StoreError> {
        let facts = |pack| match self.fresh.facts(pack) {
            Some(facts) => Ok(Some(facts)),
            None => backing.facts(pack),
        };
        let record_at = |sequence| {
            let missing = || StoreError::damaged(format!("record {sequence} is missing"));
            backing.record(sequence)?.ok_or_else(missing)
        };
        let mut directory = write_patiently(&self.directory);
        let mut tables = write_patiently(&self.tables);
        let mut fold = Fold::new(
            &backing.engine,
            &mut directory,
            &mut tables,
            recent,
            &facts,
            &record_at,
        );
        let mut folded = Vec::new();
        for (sequence, record) in records {
            folded.push(fold.fold(sequence, record)?);
        }
        let applied = folded.last().map_or(self.applied(), |last| last.sequence);
        let writes = fold.finish(applied);
        drop((directory, tables));
        backing.engine.write(writes)?;
        self.applied.store(applied.0, Ordering::Release);
        Ok(folded)
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

/// Random bytes that a store keeps from its first day.
fn kept_or_random<const N: usize>(engine: &Engine, name: &str) -> Result<[u8; N], StoreError> {
    if let Some(bytes) = engine.get(&keys::meta(name))? {
        let bytes = bytes.try_into().ok();
        return bytes.ok_or_else(|| StoreError::damaged(format!("the {name} of the store")));
    }
    let bytes = crate::model::random::<N>();
    engine.write([(keys::meta(name), Some(bytes.to_vec()))])?;
    engine.sync()?;
    Ok(bytes)
}
