//! Reading around damage: what is left of log and database, as a new data directory.

use std::fs;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::cursor::{Cursor, ParcelRow};
use super::engine::Engine;
use super::{Progress, Store, StoreError, format, keys, make_private, opening, records};
use crate::journal::{
    Disk, Founding, Hash, Log, LogError, PackBytes, Packs, Parcel, Read, Reader, Verified,
};
use crate::model::{Op, PackNo, TicketId};

/// What a salvage brought over, and what is gone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvaged {
    /// Parcels brought over.
    pub parcels: u64,
    /// Those of them that only the database had whole.
    pub from_store: u64,
    /// Positions of parcels that neither has.
    pub lost: Vec<u64>,
    /// Tickets whose text neither has, with the file and line they came from.
    pub lost_tickets: Vec<(TicketId, String, u32)>,
}

/// Checks a data directory's whole log, without writing to it and while it is in use.
///
/// # Errors
/// When there is no log, or the disk fails.
pub fn verify(dir: &Path, progress: Progress<'_>) -> Result<Verified, StoreError> {
    let files = Disk::read_only(&format::log(dir));
    let checked = crate::journal::verify(&files, &mut |position| progress(position, 0));
    match checked {
        Err(LogError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(LogError::Missing.into())
        }
        checked => Ok(checked?),
    }
}

/// Copies what can be read of a damaged data directory to a new one; the old one stays as it is.
///
/// Each parcel comes from the log or from the database, whichever has it whole.
///
/// # Errors
/// [`StoreError::NotEmpty`] when something is at the new place; else when neither a log nor a
/// database can be read at all, or the disk fails.
pub fn salvage(dir: &Path, to: &Path, progress: Progress<'_>) -> Result<Salvaged, StoreError> {
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(StoreError::NotEmpty {
            path: to.to_owned(),
        });
    }
    make_private(to)?;
    // A copy: opening a database writes to it.
    let copied = to.join("sled.copy");
    let database = Database::open(&format::database(dir), &copied);
    let files = Disk::read_only(&format::log(dir));
    let known = database.as_ref().map(|database| &database.cursor);
    let founding = match (crate::journal::founding_of(&files), known) {
        (Ok(founding), _) => founding,
        (Err(_), Some(cursor)) => cursor.founding,
        (Err(error), None) => return Err(error.into()),
    };
    let log = opening::create(
        to,
        Founding {
            id: crate::model::random(),
            ..founding
        },
    )?;
    let mut salvage = Salvage {
        log,
        database,
        chain: Some(founding.chain()),
        found: Salvaged::default(),
    };
    salvage.log_and_rest(&files, progress)?;
    salvage.log.sync()?;
    let Salvage { log, found, .. } = salvage;
    drop(log);
    let _ = fs::remove_dir_all(&copied);
    drop(Store::open_with(to, progress)?);
    Ok(found)
}

/// A salvage under way.
struct Salvage {
    log: Log,
    database: Option<Database>,
    /// The old log's chain so far, where it is known.
    chain: Option<Hash>,
    found: Salvaged,
}

impl Salvage {
    fn log_and_rest(&mut self, files: &Disk, progress: Progress<'_>) -> Result<(), StoreError> {
        let mut reached = 0;
        // Without a log everything comes from the database.
        let mut reader = Reader::over(files, Packs::Read).ok();
        while let Some(reader) = &mut reader
            && let Some(read) = reader.next().map_err(StoreError::io("log"))?
        {
            match read {
                Read::Lost(lost) => {
                    for position in lost.first..=lost.last {
                        // The end of the log may be rubbish that never was a parcel.
                        if !self.take_stored(position)? {
                            self.found.lost.push(position);
                        }
                        reached = position;
                    }
                }
                Read::Parcel { place, parcel, .. } => {
                    let mut packs = parcel.packs.iter();
                    let whole = packs.all(|pack| pack.bytes != PackBytes::Damaged);
                    if whole || !self.take_stored(place.position)? {
                        self.put(parcel)?;
                    }
                    self.chain = Some(place.chain);
                    reached = place.position;
                }
            }
            if let ControlFlow::Break(()) = progress(reached, 0) {
                return Err(StoreError::Cancelled);
            }
        }
        let known = self.database.as_ref();
        let end = known.map_or(0, |database| database.cursor.place.position);
        for position in reached + 1..=end {
            if !self.take_stored(position)? {
                self.found.lost.push(position);
            }
        }
        Ok(())
    }

    /// Takes a parcel from the database, if that has it whole.
    fn take_stored(&mut self, position: u64) -> Result<bool, StoreError> {
        let database = self.database.as_ref();
        let Some((parcel, chain)) = database.and_then(|d| d.parcel(position)) else {
            self.chain = None;
            return Ok(false);
        };
        if let Some(before) = self.chain {
            let due = parcel.chain(&before, position);
            if due.ok() != Some(chain) {
                return Ok(false);
            }
        }
        self.chain = Some(chain);
        self.found.from_store += 1;
        self.put(parcel)?;
        Ok(true)
    }

    /// Appends a parcel without the records whose pack is damaged.
    fn put(&mut self, mut parcel: Parcel) -> Result<(), StoreError> {
        let damaged = |parcel: &Parcel, place: PackNo| {
            let pack = parcel.packs.get(place.0 as usize);
            pack.is_some_and(|pack| pack.bytes == PackBytes::Damaged)
        };
        let mut kept = Vec::new();
        for entry in std::mem::take(&mut parcel.entries) {
            match &entry.record.op {
                Op::Import(batch) if damaged(&parcel, batch.pack) => {
                    let lost = batch.entries.iter();
                    let lost = lost.map(|e| (e.id, e.source.file.clone(), e.source.line));
                    self.found.lost_tickets.extend(lost);
                }
                _ => kept.push(entry),
            }
        }
        parcel.entries = kept;
        // Places among the packs stay; nothing names this one any more.
        for pack in &mut parcel.packs {
            if pack.bytes == PackBytes::Damaged {
                pack.bytes = PackBytes::Erased;
            }
        }
        self.log.append(&parcel)?;
        self.found.parcels += 1;
        Ok(())
    }
}

/// What can be read of a database.
struct Database {
    engine: Engine,
    cursor: Cursor,
}

impl Database {
    fn open(from: &Path, copy: &Path) -> Option<Self> {
        let opened = catch_unwind(AssertUnwindSafe(|| {
            copy_dir(from, copy).ok()?;
            let engine = Engine::open(copy).ok()?;
            let cursor = engine.get(&Cursor::key()).ok()??;
            let cursor = Cursor::decode(&cursor)?;
            Some(Self { engine, cursor })
        }));
        opened.unwrap_or_default()
    }

    /// A parcel with its chain.
    fn parcel(&self, position: u64) -> Option<(Parcel, Hash)> {
        let read = catch_unwind(AssertUnwindSafe(|| {
            let row = self.engine.get(&keys::parcel(position)).ok()??;
            let row = ParcelRow::decode(&row).ok()?;
            let parcel = records::parcel(&self.engine, &row).ok()?;
            Some((parcel, row.chain))
        }));
        read.unwrap_or_default()
    }
}

fn copy_dir(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if old.is_dir() {
            copy_dir(&old, &new)?;
        } else {
            fs::copy(&old, &new)?;
        }
    }
    Ok(())
}
