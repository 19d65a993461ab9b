//! A directory in memory that fails on purpose, and parcels to put into it.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::files::{Files, LogFile};
use super::parcel::{Entry, Pack, Parcel};
use crate::model::{ActId, Author, Change, Key, Op, Origin, Record, RecordId};

/// What goes wrong at an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Part of the bytes are written, then the disk fails.
    Short,
    /// The disk fails.
    Eio,
    /// The disk is full; part of the bytes may be there.
    Full,
    /// The process ends.
    Kill,
}

/// A small generator of numbers, the same for the same seed.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
}

#[derive(Clone, Default)]
struct Content {
    /// What a crash of the machine leaves for certain.
    durable: Vec<u8>,
    /// What a process sees.
    now: Vec<u8>,
}

struct World {
    files: BTreeMap<String, Content>,
    chance: Chance,
    /// Faults by the number of the changing operation they strike.
    faults: BTreeMap<u64, Fault>,
    operations: u64,
    dead: bool,
}

/// A directory that forgets what was not synced, and fails where it is told to.
#[derive(Clone)]
pub(crate) struct Faulty(Arc<Mutex<World>>);

struct FaultyFile {
    world: Faulty,
    name: String,
}

impl Faulty {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(World {
            files: BTreeMap::new(),
            chance: Chance::new(seed),
            faults: BTreeMap::new(),
            operations: 0,
            dead: false,
        })))
    }

    /// Lets the n-th changing operation from now on fail.
    pub(crate) fn fail(&self, after: u64, fault: Fault) {
        let mut world = self.lock();
        let at = world.operations + after;
        world.faults.insert(at, fault);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.lock().dead
    }

    /// Changing operations so far.
    pub(crate) fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// The directory as a new process finds it: whole after the end of a process, and after the
    /// end of the machine with some of what was not synced, sector by sector.
    pub(crate) fn after(&self, machine: bool) -> Self {
        let mut world = self.lock();
        let mut chance = Chance::new(world.chance.below(u64::MAX));
        let mut files = world.files.clone();
        for content in files.values_mut() {
            if machine {
                let len = content.now.len().max(content.durable.len());
                let mut left = content.now.clone();
                // A file's length is one of the two; so is each sector.
                if chance.below(2) == 0 {
                    left.truncate(
                        content
                            .durable
                            .len()
                            .max(chance.below(len as u64 + 1) as usize),
                    );
                }
                for (at, sector) in left.chunks_mut(512).enumerate() {
                    let old = content.durable.get(at * 512..).unwrap_or_default();
                    if chance.below(3) == 0 {
                        for (n, byte) in sector.iter_mut().enumerate() {
                            *byte = old.get(n).copied().unwrap_or(0);
                        }
                    }
                }
                content.now = left;
            }
            content.durable = content.now.clone();
        }
        Self(Arc::new(Mutex::new(World {
            files,
            chance,
            faults: BTreeMap::new(),
            operations: 0,
            dead: false,
        })))
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        self.lock().files.get(name).unwrap().now.clone()
    }

    /// Turns one bit of a file.
    pub(crate) fn flip(&self, name: &str, bit: usize) {
        let mut world = self.lock();
        let content = world.files.get_mut(name).unwrap();
        content.now[bit / 8] ^= 1 << (bit % 8);
        content.durable = content.now.clone();
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// Counts an operation; what strikes it.
    fn begin(&self) -> io::Result<(MutexGuard<'_, World>, Option<Fault>)> {
        let mut world = self.lock();
        if world.dead {
            return Err(io::Error::other("killed"));
        }
        world.operations += 1;
        let at = world.operations;
        let fault = world.faults.remove(&at);
        world.dead |= fault == Some(Fault::Kill);
        Ok((world, fault))
    }
}

fn error(fault: Fault) -> io::Error {
    match fault {
        Fault::Full => io::ErrorKind::StorageFull.into(),
        Fault::Short | Fault::Eio => io::Error::from_raw_os_error(5),
        Fault::Kill => io::Error::other("killed"),
    }
}

impl Files for Faulty {
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.lock().files.keys().cloned().collect())
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn LogFile>> {
        if !self.lock().files.contains_key(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let (world, name) = (self.clone(), name.to_owned());
        Ok(Arc::new(FaultyFile { world, name }))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn LogFile>> {
        let (mut world, fault) = self.begin()?;
        if let Some(fault) = fault {
            return Err(error(fault));
        }
        if world.files.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        world.files.insert(name.to_owned(), Content::default());
        drop(world);
        self.open(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (mut world, fault) = self.begin()?;
        if let Some(fault) = fault {
            return Err(error(fault));
        }
        let content = world.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        world.files.insert(to.to_owned(), content);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let (mut world, fault) = self.begin()?;
        if let Some(fault) = fault {
            return Err(error(fault));
        }
        world.files.remove(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let fault = self.begin()?.1;
        fault.map_or(Ok(()), |fault| Err(error(fault)))
    }
}

impl LogFile for FaultyFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let world = self.world.lock();
        let file = world.files.get(&self.name).ok_or(io::ErrorKind::NotFound)?;
        let rest = file.now.get(offset as usize..).unwrap_or_default();
        let len = rest.len().min(bytes.len());
        bytes[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let (mut world, fault) = self.world.begin()?;
        let part = match fault {
            None => bytes.len(),
            Some(Fault::Eio) => 0,
            Some(_) => world.chance.below(bytes.len() as u64 + 1) as usize,
        };
        let file = world.files.get_mut(&self.name).unwrap();
        let end = offset as usize + part;
        if file.now.len() < end {
            file.now.resize(end, 0);
        }
        file.now[offset as usize..end].copy_from_slice(&bytes[..part]);
        fault.map_or(Ok(()), |fault| Err(error(fault)))
    }

    fn size(&self) -> io::Result<u64> {
        let world = self.world.lock();
        Ok(world.files.get(&self.name).unwrap().now.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let (mut world, fault) = self.world.begin()?;
        if let Some(fault) = fault {
            return Err(error(fault));
        }
        let file = world.files.get_mut(&self.name).unwrap();
        file.now.resize(len as usize, 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let (mut world, fault) = self.world.begin()?;
        let file = world.files.get_mut(&self.name).unwrap();
        match fault {
            None => {
                file.durable = file.now.clone();
                Ok(())
            }
            Some(fault) => Err(error(fault)),
        }
    }
}

/// A record with a number.
pub(crate) fn record(n: u128) -> Record {
    Record {
        v: Record::VERSION,
        id: RecordId(n),
        act: ActId(n),
        undoes: None,
        key: Key::View(format!("v{n}")),
        base_rev: None,
        op: Op::Setting(Change {
            from: None,
            to: Some(format!("值 {n}")),
        }),
        author: Author {
            uid: 1,
            name: "a".into(),
            declared: false,
        },
        origin: Origin {
            host: "h".into(),
            session: "s".into(),
        },
        at: jiff::Timestamp::UNIX_EPOCH,
    }
}

/// A parcel of some records and packs.
pub(crate) fn parcel(first: u128, records: u128, packs: &[&[u8]]) -> Parcel {
    let entry = |n| Entry::new(record(n)).unwrap();
    let pack = |bytes: &&[u8]| Pack::new(bytes.to_vec(), Vec::new());
    Parcel {
        level: 1,
        entries: (first..first + records).map(entry).collect(),
        packs: packs.iter().map(pack).collect(),
    }
}
