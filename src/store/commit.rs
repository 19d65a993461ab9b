//! From records to the log, and from the log into the database.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Write;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::cursor::{Cursor, LEVEL, ParcelRow};
use super::engine;
use super::fold::Fold;
use super::verdict::Folded;
use super::{
    Backing, Body, PACK_BODIES, Store, StoreError, Writer, keys, opening, packs, records,
    write_patiently,
};
use crate::journal::{Entry, Pack, Parcel, Place};
use crate::model::{Op, PackNo, Record, Sequence};

/// How long sled may hold what it did not sync, after a write that is on the disk.
const CHECKPOINT_AFTER: Duration = Duration::from_secs(10);

/// Bytes of packs from which an import had better commit.
const ENOUGH_UNNAMED: usize = 32 << 20;

/// Numbers of packs that no record names yet: those of the fold stay below.
const UNNAMED: u32 = 1 << 31;

/// How far the log's end on the disk is behind.
#[derive(Default)]
pub(super) struct Syncs {
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

/// When sled was last synced.
pub(super) struct Checkpoint(Instant);

impl Checkpoint {
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }
}

/// Packs made for records that are still to come.
#[derive(Default)]
pub(super) struct Unnamed {
    packs: VecDeque<UnnamedPack>,
    given: u32,
    bytes: usize,
}

struct UnnamedPack {
    number: PackNo,
    pack: Pack,
    bodies: Vec<Body>,
    /// Bytes of the bodies before compression.
    length: usize,
}

impl Unnamed {
    /// Takes a pack out. Packs are named in the order they were put, so those that were passed
    /// over were given up.
    fn take(&mut self, number: PackNo) -> Option<UnnamedPack> {
        let at = self.packs.iter().position(|pack| pack.number == number)?;
        let taken = self.packs.drain(..=at).next_back();
        self.bytes = self.packs.iter().map(|pack| pack.length).sum();
        taken
    }
}

impl Store {
    /// Makes a pack of up to [`PACK_BODIES`] bodies, for an import record of the next commit to
    /// name. One that no record names is given up.
    ///
    /// # Errors
    /// [`StoreError::PackSize`], or when they cannot be encoded.
    pub fn put_pack(&self, bodies: Vec<Body>) -> Result<PackNo, StoreError> {
        if bodies.is_empty() || bodies.len() > PACK_BODIES {
            return Err(StoreError::PackSize {
                given: bodies.len(),
                most: PACK_BODIES,
            });
        }
        let (bytes, length) = packs::encode(&bodies)?;
        let pack = Pack::new(bytes, bodies.iter().map(packs::facts_of).collect());
        let mut unnamed = self.unnamed();
        let number = PackNo(UNNAMED | unnamed.given);
        unnamed.given = (unnamed.given + 1) % UNNAMED;
        unnamed.bytes += length;
        unnamed.packs.push_back(UnnamedPack {
            number,
            pack,
            bodies,
            length,
        });
        Ok(number)
    }

    /// Whether so much waits to be named that an import had better commit.
    pub fn has_enough_packs(&self) -> bool {
        self.unnamed().bytes >= ENOUGH_UNNAMED
    }

    fn unnamed(&self) -> MutexGuard<'_, Unnamed> {
        let unnamed = self.unnamed.lock();
        unnamed.unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends records to the log, folds them, and returns once they are on the disk.
    ///
    /// # Errors
    /// When the log or the disk fails. A record that may not be applied is no error: its
    /// [`Verdict`](super::Verdict) says so.
    pub fn commit(&self, records: Vec<Record>) -> Result<Vec<Folded>, StoreError> {
        let folded = self.apply(records)?;
        self.sync()?;
        Ok(folded)
    }

    /// Appends records to the log and folds them; everybody sees it at once, and it is on the
    /// disk with the next [`Self::sync`].
    ///
    /// An earlier failure is made good first: the log's end is written again, and the database is
    /// opened again.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub fn apply(&self, records: Vec<Record>) -> Result<Vec<Folded>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(newer) = records.iter().find(|record| record.v > Record::VERSION) {
            return Err(StoreError::NewerRules {
                found: newer.v,
                known: Record::VERSION,
            });
        }
        let mut writer = self.writer();
        self.log.recover()?;
        if writer.failed {
            self.reopen(&mut writer)?;
        }
        let (parcel, bodies) = self.parcel(records)?;
        self.mark_unsynced(&mut writer)?;
        let place = self.log.append(&parcel)?;
        // Until all is well: what is in memory may be ahead of the disk.
        writer.failed = true;
        for (number, (bodies, length)) in (writer.cursor.packs..).map(PackNo).zip(bodies) {
            self.fresh.put(number, bodies, length);
        }
        let folded = self.with(|backing| self.fold(backing, &mut writer, &[(place, parcel)]))?;
        writer.failed = false;
        Ok(folded)
    }

    /// A parcel of records and the packs they name, and the bodies of those.
    #[expect(
        clippy::type_complexity,
        reason = "bodies and their length, used once by the caller"
    )]
    fn parcel(
        &self,
        records: Vec<Record>,
    ) -> Result<(Parcel, Vec<(Vec<Body>, usize)>), StoreError> {
        let mut parcel = Parcel {
            level: LEVEL,
            ..Parcel::default()
        };
        let mut all = Vec::new();
        let mut unnamed = self.unnamed();
        for mut record in records {
            if let Op::Import(batch) = &mut record.op
                && !batch.entries.is_empty()
            {
                let place = parcel.packs.len() as u32;
                batch.pack = match unnamed.take(batch.pack) {
                    Some(taken) => {
                        parcel.packs.push(taken.pack);
                        all.push((taken.bodies, taken.length));
                        PackNo(place)
                    }
                    None => PackNo(u32::MAX),
                };
            }
            let entry = Entry::new(record).map_err(|e| StoreError::Encode(e.into()))?;
            parcel.entries.push(entry);
        }
        Ok((parcel, all))
    }

    /// Returns once everything applied so far is on the disk. Whoever waits at the same time waits
    /// for the same write: a hundred agents who annotate at once cost the disk little more than one.
    ///
    /// # Errors
    /// When the disk fails: what was applied may be on it or not, and the next commit finds out.
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
            let synced = self.log.recover().and_then(|()| self.log.sync());
            state = self.syncs.lock();
            state.under_way = false;
            if synced.is_ok() {
                state.reached = state.reached.max(reaches);
            }
            self.syncs.changed.notify_all();
            synced?;
            drop(state);
            if self.is_checkpoint_due() {
                self.checkpoint()?;
            }
            state = self.syncs.lock();
        }
        Ok(())
    }

    fn is_checkpoint_due(&self) -> bool {
        let writer = self.writer.try_lock();
        writer.is_ok_and(|writer| {
            writer.unsynced && writer.checkpoint.0.elapsed() >= CHECKPOINT_AFTER
        })
    }

    /// Syncs the database, so that an end of the machine costs no folding.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let position = {
            let mut writer = self.writer();
            writer.checkpoint = Checkpoint::now();
            if !writer.unsynced || writer.failed {
                return Ok(());
            }
            writer.cursor.place.position
        };
        self.with(|backing| backing.engine.sync())?;
        let mut writer = self.writer();
        // Whatever was folded meanwhile is not synced.
        if writer.cursor.place.position == position && !writer.failed {
            let path = opening::unsynced_marker(&self.dir);
            fs::remove_file(&path).map_err(StoreError::io(&path))?;
            writer.unsynced = false;
        }
        Ok(())
    }

    /// Notes, before the first write after a checkpoint, that sled may lose what it holds when
    /// the machine ends.
    pub(super) fn mark_unsynced(&self, writer: &mut Writer) -> Result<(), StoreError> {
        if writer.unsynced {
            return Ok(());
        }
        let path = opening::unsynced_marker(&self.dir);
        let written = || {
            let mut file = File::create(&path)?;
            file.write_all(opening::boot_id().as_bytes())?;
            file.sync_all()?;
            File::open(&self.dir)?.sync_all()
        };
        written().map_err(StoreError::io(&path))?;
        writer.unsynced = true;
        Ok(())
    }

    /// Folds parcels and writes what came of it, with packs, records and the place in the log, in
    /// one piece.
    pub(super) fn fold(
        &self,
        backing: &Backing,
        writer: &mut Writer,
        parcels: &[(Place, Parcel)],
    ) -> Result<Vec<Folded>, StoreError> {
        if let Some((_, newer)) = parcels.iter().find(|(_, parcel)| parcel.level > LEVEL) {
            return Err(StoreError::NewerRules {
                found: newer.level,
                known: LEVEL,
            });
        }
        let begin = writer.cursor.sequence;
        let batch: Vec<&Record> = parcels
            .iter()
            .flat_map(|(_, parcel)| parcel.entries.iter().map(|entry| &entry.record))
            .collect();
        let record_at = |sequence: Sequence| {
            let here = sequence.0.checked_sub(begin + 1);
            if let Some(record) = here.and_then(|at| batch.get(at as usize)) {
                return Ok((*record).clone());
            }
            let missing = || StoreError::damaged(format!("record {sequence} is missing"));
            backing.record(sequence)?.ok_or_else(missing)
        };
        // Bodies first: whoever looks into the directory finds the packs it names. Their numbers
        // follow from the log, so that folding again writes the same.
        backing.engine.write(bodies(parcels, writer.cursor.packs))?;
        let mut directory = write_patiently(&self.directory);
        let mut tables = write_patiently(&self.tables);
        let mut fold = Fold::new(
            &backing.engine,
            &mut directory,
            &mut tables,
            &mut writer.recent,
            &record_at,
        );
        let mut cursor = writer.cursor.clone();
        let mut folded = Vec::new();
        for (place, parcel) in parcels {
            folded.extend(fold_one(&mut fold, &mut cursor, *place, parcel)?);
        }
        fold.keep(Cursor::key(), cursor.encode());
        let writes = fold.finish(Sequence(cursor.sequence));
        drop((directory, tables));
        backing.engine.write(writes)?;
        self.applied.store(cursor.sequence, Ordering::Release);
        writer.cursor = cursor;
        Ok(folded)
    }
}

/// What the packs of parcels write, the first of them under this number.
fn bodies(parcels: &[(Place, Parcel)], first: u32) -> Vec<engine::Write> {
    let packs = parcels.iter().flat_map(|(_, parcel)| &parcel.packs);
    (first..)
        .zip(packs)
        .filter_map(|(number, pack)| {
            let bytes = pack.bytes.whole()?.to_vec();
            Some((keys::pack(PackNo(number)), Some(bytes)))
        })
        .collect()
}

/// Folds one parcel.
fn fold_one<'a>(
    fold: &mut Fold<'a>,
    cursor: &mut Cursor,
    place: Place,
    parcel: &'a Parcel,
) -> Result<Vec<Folded>, StoreError> {
    fold.begin(&parcel.packs, cursor.packs)?;
    let row = ParcelRow {
        chain: place.chain,
        level: parcel.level,
        first: cursor.sequence + 1,
        records: parcel.entries.len() as u64,
        first_pack: cursor.packs,
        packs: parcel.packs.len() as u32,
    };
    fold.keep(keys::parcel(place.position), row.encode());
    let mut all = Vec::new();
    for entry in &parcel.entries {
        cursor.sequence += 1;
        let sequence = Sequence(cursor.sequence);
        let folded = fold.fold(sequence, &entry.record)?;
        fold.keep(keys::record(sequence), records::encode(&entry.json)?);
        let pack = match &entry.record.op {
            Op::Import(batch) => parcel.packs.get(batch.pack.0 as usize),
            _ => None,
        };
        let lines = fold.lines(&folded.touched);
        cursor.digest(&folded, &lines, pack.map(|pack| &pack.hash));
        all.push(folded);
    }
    cursor.packs += row.packs;
    cursor.place = place;
    Ok(all)
}
