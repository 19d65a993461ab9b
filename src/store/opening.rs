//! Opening: log and database, made to agree whatever happened to either.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::DirBuilderExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};

use super::commit::{Checkpoint, Syncs, Unnamed};
use super::cursor::{Cursor, ParcelRow};
use super::engine::Engine;
use super::format::{self, Layout, Lock};
use super::packs::{BodyCache, Fresh};
use super::tables::{Recent, Tables};
use super::{
    Backing, Directory, Progress, Store, StoreError, Writer, keys, make_private, older, records,
    write_patiently,
};
use crate::journal::{Disk, Founding, Hint, Log, PackBytes, Packs, Parcel, Place, Read};

/// Records folded at a time when a store catches up with its log.
const REPLAY: usize = 256;

/// Bytes of packs folded at a time.
const REPLAY_BYTES: usize = 4 << 20;

/// What the database holds.
struct Loaded {
    backing: Backing,
    directory: Directory,
    tables: Tables,
    recent: Recent,
    /// `None` = it is new.
    cursor: Option<Cursor>,
}

impl Loaded {
    fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::read(Backing::open(dir)?)
    }

    fn read(backing: Backing) -> Result<Self, StoreError> {
        let engine = &backing.engine;
        let cursor = engine.get(&Cursor::key())?;
        let cursor = match cursor {
            Some(bytes) => {
                let cursor = Cursor::decode(&bytes);
                Some(cursor.ok_or_else(|| StoreError::damaged("the store's place in the log"))?)
            }
            None if engine.is_empty() => None,
            None => return Err(StoreError::damaged("the store is of an older layout")),
        };
        Ok(Self {
            directory: Directory::read(engine)?,
            tables: Tables::load(engine)?,
            recent: Recent::load(engine)?,
            cursor,
            backing,
        })
    }

    /// Opens it, or an empty one in place of one that is damaged.
    fn open_or_anew(dir: &Path) -> Result<Self, StoreError> {
        // sled panics on some damages.
        let opened = catch_unwind(AssertUnwindSafe(|| Self::open(dir)));
        match opened {
            Ok(Err(error)) if error.is_damage() => {}
            Ok(opened) => return opened,
            Err(_) => {}
        }
        Self::anew(dir)
    }

    fn anew(dir: &Path) -> Result<Self, StoreError> {
        move_aside(dir)?;
        Self::open(dir)
    }
}

impl Store {
    /// [`Self::open`], telling how far the log is folded.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(dir: &Path, progress: Progress<'_>) -> Result<Self, StoreError> {
        make_private(dir)?;
        let lock = format::lock(dir)?;
        match format::check(dir)? {
            Layout::Current => {}
            Layout::New => drop(create(dir, new_founding())?),
            Layout::Older(format) => older::migrate(dir, format, progress)?,
        }
        Self::open_locked(dir, lock, progress)
    }

    pub(super) fn open_locked(
        dir: &Path,
        lock: Lock,
        progress: Progress<'_>,
    ) -> Result<Self, StoreError> {
        if is_suspect(dir)? {
            move_aside(dir)?;
        }
        let mut loaded = Loaded::open_or_anew(dir)?;
        let hint = loaded.cursor.as_ref().map(|cursor| Hint {
            founding: cursor.founding,
            place: Some(cursor.place).filter(|place| place.position > 0),
        });
        let log = Log::open(Box::new(Disk::new(&format::log(dir))), hint)?;
        let foreign = |cursor: &Cursor| cursor.founding != log.founding();
        if loaded.cursor.as_ref().is_some_and(foreign) {
            drop(loaded);
            loaded = Loaded::anew(dir)?;
        }
        if let Some(cursor) = &loaded.cursor {
            write_back(&loaded.backing.engine, cursor, &log)?;
        }
        let store = Self::assemble(dir, lock, log, loaded);
        let mut writer = store.writer();
        let mut replayed = store.replay(&mut writer, progress);
        if replayed.as_ref().is_err_and(StoreError::is_damage) {
            store.refold(&mut writer)?;
            replayed = store.replay(&mut writer, progress);
        }
        replayed?;
        let settled = writer.cursor.packs;
        store.settled.store(settled, Ordering::Relaxed);
        drop(writer);
        Ok(store)
    }

    fn assemble(dir: &Path, lock: Lock, log: Log, loaded: Loaded) -> Self {
        let cursor = loaded.cursor.unwrap_or_else(|| first_cursor(&log));
        Self {
            dir: dir.to_owned(),
            directory: RwLock::new(loaded.directory),
            tables: RwLock::new(loaded.tables),
            applied: AtomicU64::new(cursor.sequence),
            settled: AtomicU32::new(cursor.packs),
            writer: Mutex::new(Writer {
                recent: loaded.recent,
                cursor,
                failed: false,
                unsynced: unsynced_marker(dir).exists(),
                checkpoint: Checkpoint::now(),
            }),
            syncs: Syncs::default(),
            unpacking: AtomicUsize::new(0),
            cache: BodyCache::default(),
            fresh: Fresh::default(),
            unnamed: Mutex::new(Unnamed::default()),
            backing: RwLock::new(Some(loaded.backing)),
            log,
            _lock: lock,
        }
    }

    /// Opens the database again after a fold that failed, and folds what the log holds beyond it.
    pub(super) fn reopen(&self, writer: &mut Writer) -> Result<(), StoreError> {
        drop(write_patiently(&self.backing).take());
        self.take_up(writer, Loaded::open_or_anew(&self.dir)?);
        self.replay(writer, &mut |_, _| ControlFlow::Continue(()))?;
        writer.failed = false;
        Ok(())
    }

    /// Moves the database aside and begins with an empty one.
    fn refold(&self, writer: &mut Writer) -> Result<(), StoreError> {
        drop(write_patiently(&self.backing).take());
        self.take_up(writer, Loaded::anew(&self.dir)?);
        Ok(())
    }

    fn take_up(&self, writer: &mut Writer, loaded: Loaded) {
        let cursor = loaded.cursor.unwrap_or_else(|| first_cursor(&self.log));
        *write_patiently(&self.directory) = loaded.directory;
        *write_patiently(&self.tables) = loaded.tables;
        self.applied.store(cursor.sequence, Ordering::Release);
        writer.recent = loaded.recent;
        writer.cursor = cursor;
        *write_patiently(&self.backing) = Some(loaded.backing);
    }

    /// Folds what the log holds beyond the store's place in it.
    fn replay(&self, writer: &mut Writer, progress: Progress<'_>) -> Result<(), StoreError> {
        let (end, chain) = self.log.end();
        let mut at = writer.cursor.place;
        if at.position >= end {
            return if at.position == end && at.chain == chain {
                Ok(())
            } else {
                Err(ahead(&at, end))
            };
        }
        self.mark_unsynced(writer)?;
        let mut reader = match at.position {
            0 => self.log.read(1, Packs::Read)?,
            _ => self.log.read_after(&at, Packs::Read)?,
        };
        let mut batch: Vec<(Place, Parcel)> = Vec::new();
        let (mut records, mut bytes) = (0, 0);
        while let Some(read) = reader.next().map_err(StoreError::io(&self.dir))? {
            let (place, before, parcel) = match read {
                Read::Lost(lost) => {
                    return Err(StoreError::LostParcels {
                        first: lost.first,
                        last: lost.last,
                    });
                }
                Read::Parcel {
                    place,
                    before,
                    parcel,
                } => (place, before, parcel),
            };
            if before != at.chain {
                return Err(ahead(&at, end));
            }
            let damaged = |packs: &Parcel| {
                let mut packs = packs.packs.iter();
                packs.any(|pack| pack.bytes == PackBytes::Damaged)
            };
            if damaged(&parcel) {
                return Err(StoreError::LostParcels {
                    first: place.position,
                    last: place.position,
                });
            }
            records += parcel.entries.len();
            bytes += parcel
                .packs
                .iter()
                .map(|pack| pack.len as usize)
                .sum::<usize>();
            at = place;
            batch.push((place, parcel));
            if records >= REPLAY || bytes >= REPLAY_BYTES || place.position == end {
                self.with(|backing| self.fold(backing, writer, &batch))?;
                batch.clear();
                (records, bytes) = (0, 0);
                if progress(place.position, end).is_break() {
                    return Err(StoreError::Cancelled);
                }
            }
        }
        Ok(())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What fails here is folded again at the next start.
        if self.log.sync().is_ok() {
            let _ = self.checkpoint();
        }
    }
}

fn ahead(at: &Place, end: u64) -> StoreError {
    StoreError::Ahead {
        store: at.position,
        log: end,
    }
}

fn first_cursor(log: &Log) -> Cursor {
    Cursor::new(log.founding(), log.founding().chain())
}

/// Writes the end of the log again where the store has it and the log does not.
///
/// A disk that said it had synced, or a damage of the last frame: what was cut off lies whole in
/// the store. Nothing is written unless all of it fits.
fn write_back(engine: &Engine, cursor: &Cursor, log: &Log) -> Result<(), StoreError> {
    let (end, chain) = log.end();
    let missing = end + 1..=cursor.place.position;
    if missing.is_empty() {
        return Ok(());
    }
    let unfit = || ahead(&cursor.place, end);
    let mut parcels = Vec::new();
    let mut before = chain;
    for position in missing {
        let row = engine.get(&keys::parcel(position))?.ok_or_else(unfit)?;
        let row = ParcelRow::decode(&row)?;
        let parcel = records::parcel(engine, &row)?;
        let fits = parcel.chain(&before, position);
        if fits.ok() != Some(row.chain) {
            return Err(unfit());
        }
        before = row.chain;
        parcels.push(parcel);
    }
    for parcel in &parcels {
        log.append(parcel)?;
    }
    log.sync()?;
    Ok(())
}

/// Random, for a new store.
pub(super) fn new_founding() -> Founding {
    Founding {
        id: crate::model::random(),
        fingerprint_key: crate::model::random(),
    }
}

/// Makes the log of a new store, and then says that there is one.
pub(super) fn create(dir: &Path, founding: Founding) -> Result<Log, StoreError> {
    let path = format::log(dir);
    // A log without a format that holds nothing is the beginning of a store, see `format`.
    match fs::remove_dir_all(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::io(&path)(error));
        }
        _ => {}
    }
    let log = create_log(&path, founding)?;
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(StoreError::io(dir))?;
    format::write(dir)?;
    Ok(log)
}

/// Makes a log in a new directory.
pub(super) fn create_log(path: &Path, founding: Founding) -> Result<Log, StoreError> {
    let made = DirBuilder::new().mode(0o700).create(path);
    made.map_err(StoreError::io(path))?;
    Ok(Log::create(Box::new(Disk::new(path)), founding)?)
}

/// Whether the database must not be believed: it could not be read, or the machine ended while
/// it held what was not synced, and sled does not say what it lost.
fn is_suspect(dir: &Path) -> Result<bool, StoreError> {
    let wanted = refold_marker(dir);
    if wanted.exists() {
        return Ok(true);
    }
    let path = unsynced_marker(dir);
    match fs::read_to_string(&path) {
        Ok(boot) => Ok(boot != boot_id()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StoreError::io(&path)(error)),
    }
}

/// Moves the database out of the way; it is deleted by hand only.
pub(super) fn move_aside(dir: &Path) -> Result<(), StoreError> {
    let from = format::database(dir);
    if from.exists() {
        let mut to = None;
        for n in 1..=u32::MAX {
            let free = dir.join(format!("sled.aside-{n}"));
            if !free.exists() {
                to = Some(free);
                break;
            }
        }
        let to = to.ok_or(StoreError::Failed)?;
        fs::rename(&from, &to).map_err(StoreError::io(&from))?;
    }
    for marker in [refold_marker(dir), unsynced_marker(dir)] {
        match fs::remove_file(&marker) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::io(&marker)(error));
            }
            _ => {}
        }
    }
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(StoreError::io(dir))
}

/// Lets the next opening fold the database anew.
pub(super) fn want_refold(dir: &Path) {
    // Without the marker the same damage is met again.
    let _ = File::create(refold_marker(dir));
}

fn refold_marker(dir: &Path) -> PathBuf {
    dir.join("refold")
}

/// The file that says that sled holds what was not synced, and since which start of the machine.
pub(super) fn unsynced_marker(dir: &Path) -> PathBuf {
    dir.join("unsynced")
}

/// What is another after each start of the machine.
pub(super) fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}
