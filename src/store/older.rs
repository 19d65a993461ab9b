//! Stores of formats 1 and 2, whose database held everything, and the way from there to a log.
//!
//! The log is made beside the database and takes its place whole; the old database is moved
//! aside, never changed, so that the way back is to put it in its place again.

use std::fs::{self, File};
use std::path::Path;

use super::cursor::LEVEL;
use super::engine::Engine;
use super::packs::{self, Slots};
use super::{Progress, StoreError, format, keys, opening};
use crate::journal::{Entry, Founding, Log, Pack, Parcel};
use crate::model::{Op, PackNo, Record};

/// Records of a parcel at most.
const STEP: usize = 256;

/// Bytes of packs of a parcel from which it is closed.
const STEP_BYTES: usize = 4 << 20;

/// Gathers records of the old kind into parcels.
///
/// They name packs by the numbers of a database, which is asked for the packs.
pub(super) struct Gather<'a> {
    log: &'a Log,
    packs: &'a Engine,
    parcel: Parcel,
    bytes: usize,
    taken: std::collections::HashSet<PackNo>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(log: &'a Log, packs: &'a Engine) -> Self {
        Self {
            log,
            packs,
            parcel: Parcel::default(),
            bytes: 0,
            taken: std::collections::HashSet::new(),
        }
    }

    /// Takes the next record.
    pub(super) fn add(&mut self, mut record: Record) -> Result<(), StoreError> {
        if let Op::Import(batch) = &mut record.op
            && !batch.entries.is_empty()
        {
            batch.pack = self.pack(batch.pack)?;
        }
        let entry = Entry::new(record).map_err(|e| StoreError::Encode(e.into()))?;
        self.parcel.entries.push(entry);
        if self.parcel.entries.len() >= STEP || self.bytes >= STEP_BYTES {
            self.close()?;
        }
        Ok(())
    }

    /// The place in the parcel of a pack by its old number.
    fn pack(&mut self, old: PackNo) -> Result<PackNo, StoreError> {
        let nowhere = PackNo(u32::MAX);
        // A record that came twice names it again, and is not folded again.
        if !self.taken.insert(old) {
            return Ok(nowhere);
        }
        let Some(bytes) = self.packs.get(&keys::pack(old))? else {
            return Ok(nowhere);
        };
        let (bodies, _) = packs::decode(old, &bytes, Slots::ALL)?;
        let facts = bodies.iter().map(|(_, body)| packs::facts_of(body));
        let facts = facts.collect();
        self.bytes += bytes.len();
        let place = PackNo(self.parcel.packs.len() as u32);
        self.parcel.packs.push(Pack::new(bytes, facts));
        Ok(place)
    }

    /// Puts what is left into the log.
    pub(super) fn close(&mut self) -> Result<(), StoreError> {
        let mut parcel = std::mem::take(&mut self.parcel);
        self.bytes = 0;
        if parcel.entries.is_empty() {
            return Ok(());
        }
        parcel.level = LEVEL;
        self.log.append(&parcel)?;
        Ok(self.log.sync()?)
    }
}

/// Makes the log of a store whose database held everything.
pub(super) fn migrate(dir: &Path, format: u32, progress: Progress<'_>) -> Result<(), StoreError> {
    let place = format::log(dir);
    if !place.exists() {
        let building = dir.join("log.new");
        if building.exists() {
            fs::remove_dir_all(&building).map_err(StoreError::io(&building))?;
        }
        room(dir)?;
        build(dir, &building, progress)?;
        fs::rename(&building, &place).map_err(StoreError::io(&place))?;
        sync(dir)?;
    }
    let old = dir.join(format!("sled.format-{format}"));
    let database = format::database(dir);
    if database.exists() && !old.exists() {
        fs::rename(&database, &old).map_err(StoreError::io(&old))?;
        sync(dir)?;
    }
    format::write(dir)
}

fn sync(dir: &Path) -> Result<(), StoreError> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(StoreError::io(dir))
}

/// Refuses before anything is written where log and new database will not fit beside the old one.
fn room(dir: &Path) -> Result<(), StoreError> {
    let path = format::database(dir);
    let mut needed = 0;
    for entry in fs::read_dir(&path).map_err(StoreError::io(&path))? {
        let meta = entry.and_then(|entry| entry.metadata());
        needed += 2 * meta.map_err(StoreError::io(&path))?.len();
    }
    let free = rustix::fs::statvfs(dir).map_err(|error| StoreError::io(dir)(error.into()))?;
    let free = free.f_bavail.saturating_mul(free.f_frsize);
    if free < needed {
        return Err(StoreError::Room { needed, free });
    }
    Ok(())
}

fn build(dir: &Path, building: &Path, progress: Progress<'_>) -> Result<(), StoreError> {
    let engine = Engine::open(&format::database(dir))?;
    let kept = |name: &str| {
        let missing = || StoreError::damaged(format!("the {name} of the store"));
        engine.get(&keys::meta(name))?.ok_or_else(missing)
    };
    let fit = |what: &str| StoreError::damaged(format!("the {what} of the store"));
    // The same id: sequences stay, so the index does.
    let founding = Founding {
        id: kept("id")?.try_into().ok().ok_or_else(|| fit("id"))?,
        fingerprint_key: kept("key")?.try_into().ok().ok_or_else(|| fit("key"))?,
    };
    let log = opening::create_log(building, founding)?;
    let mut gather = Gather::new(&log, &engine);
    let mut text: Vec<u8> = Vec::new();
    let mut at = 0;
    let mut done = 0;
    let mut put = |gather: &mut Gather<'_>, at: u64, text: &[u8]| {
        gather.add(decode(at, text)?)?;
        done += 1;
        match progress(done, 0) {
            std::ops::ControlFlow::Continue(()) => Ok(()),
            std::ops::ControlFlow::Break(()) => Err(StoreError::Cancelled),
        }
    };
    for item in engine.raw(&[keys::RECORD]) {
        let (key, value) = item?;
        // The prefix, the sequence, and the chunk in two bytes.
        let sequence = keys::number_at(&key, 1);
        let sequence = sequence.ok_or_else(|| StoreError::damaged("a record's key"))?;
        if sequence != at && !text.is_empty() {
            put(&mut gather, at, &text)?;
            text.clear();
        }
        at = sequence;
        text.extend_from_slice(&value);
    }
    if !text.is_empty() {
        put(&mut gather, at, &text)?;
    }
    gather.close()
}

/// Reads a record as it was stored: a byte for how, and JSON.
fn decode(sequence: u64, bytes: &[u8]) -> Result<Record, StoreError> {
    let damaged = || StoreError::damaged(format!("record {sequence}"));
    let (kind, body) = bytes.split_first().ok_or_else(damaged)?;
    let json = match *kind {
        0 => std::borrow::Cow::Borrowed(body),
        1 => zstd::decode_all(body).ok().ok_or_else(damaged)?.into(),
        _ => return Err(damaged()),
    };
    serde_json::from_slice(&json).ok().ok_or_else(damaged)
}
