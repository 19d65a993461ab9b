//! One stream that a store is made again of: journal and packs, which only ever grow.
//!
//! A backup is a line that names it, then a zstd stream of frames (a kind, a length in four
//! bytes, that many bytes): keys, packs, records, and at the end the hash of all frames before.
//! What the fold made is left out: restoring folds the journal again.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::engine::Engine;
use super::{Progress, Store, StoreError, format, keys};
use crate::journal::{EmbeddedJournal, Journal};
use crate::model::{PackNo, Record, Sequence};

/// The first line.
const MAGIC: &[u8] = b"GONGDAN BACKUP 1\n";

/// Packs are compressed already, and records read again only in need.
const LEVEL: i32 = 3;

/// Records taken at a time.
const STEP: usize = 256;

/// Bytes of a frame at most: a pack can hold sixteen tickets of 20 MB.
const LARGEST: usize = 1 << 30;

const KEY: u8 = b'k';
const PACK: u8 = b'p';
const RECORD: u8 = b'r';
const END: u8 = b'e';

impl Store {
    /// Writes everything up to now as one stream, while others go on reading and writing, and
    /// returns the sequence it holds.
    ///
    /// # Errors
    /// When something cannot be read or written, or `progress` breaks.
    pub fn backup(
        &self,
        to: &mut dyn Write,
        progress: Progress<'_>,
    ) -> Result<Sequence, StoreError> {
        let (last, packs) = {
            // Between two commits: every pack that a record up to here names is there.
            let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            (self.applied(), self.next_pack.load(Ordering::Relaxed))
        };
        let total = u64::from(packs) + last.0;
        to.write_all(MAGIC).map_err(out)?;
        let mut frames = Frames::new(to)?;
        frames.put(KEY, &[&self.fingerprint_key])?;
        for number in 0..packs {
            let bytes = self.with(|backing| backing.engine.get(&keys::pack(PackNo(number))))?;
            if let Some(bytes) = bytes {
                frames.put(PACK, &[&number.to_be_bytes(), &bytes])?;
            }
            go_on(progress(u64::from(number) + 1, total))?;
        }
        let mut at = Sequence(0);
        while at < last {
            let wanted = STEP.min((last.0 - at.0) as usize);
            let records = self.with(|backing| Ok(backing.journal.read(at.next(), wanted)?))?;
            if records.is_empty() {
                return Err(StoreError::damaged("the journal has a hole"));
            }
            for (sequence, record) in &records {
                let json = serde_json::to_vec(record).map_err(|e| StoreError::Encode(e.into()))?;
                frames.put(RECORD, &[&json])?;
                at = *sequence;
            }
            go_on(progress(u64::from(packs) + at.0, total))?;
        }
        frames.end()?;
        Ok(last)
    }

    /// Makes a new store of a backup; nothing is left behind when it fails.
    ///
    /// The new store has an id of its own, so that no index of the old one is taken for its.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] when a store is there, [`StoreError::BadBackup`] when the stream
    /// is not whole; else when the disk fails or `progress` breaks.
    pub fn restore(
        dir: &Path,
        from: &mut dyn Read,
        progress: Progress<'_>,
    ) -> Result<(), StoreError> {
        super::make_private(dir)?;
        let lock = format::lock(dir)?;
        if has_content(dir)? {
            return Err(StoreError::NotEmpty {
                path: dir.to_owned(),
            });
        }
        let building = dir.join("restoring");
        let built = build(&building, from, progress).and_then(|()| {
            let place = format::database(dir);
            format::check(dir, format::FORMAT, format::MIGRATIONS)?;
            fs::rename(&building, &place).map_err(StoreError::io(&place))?;
            let synced = File::open(dir).and_then(|file| file.sync_all());
            synced.map_err(StoreError::io(dir))
        });
        if let Err(error) = built {
            // The first error says more than one of cleaning up.
            let _ = fs::remove_dir_all(&building);
            return Err(error);
        }
        // Folds the whole journal.
        Self::open_locked(dir, lock, progress)
            .map(drop)
            .inspect_err(|_| {
                let _ = fs::remove_dir_all(format::database(dir));
                let _ = fs::remove_file(dir.join("format"));
            })
    }
}

/// Whether a directory holds anything but our own lock.
fn has_content(dir: &Path) -> Result<bool, StoreError> {
    for entry in fs::read_dir(dir).map_err(StoreError::io(dir))? {
        if entry.map_err(StoreError::io(dir))?.file_name() != "lock" {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes a backup's journal and packs into a new database.
fn build(path: &Path, from: &mut dyn Read, progress: Progress<'_>) -> Result<(), StoreError> {
    let mut magic = [0; MAGIC.len()];
    from.read_exact(&mut magic).map_err(cut_off)?;
    if magic != MAGIC {
        return Err(bad("it does not begin as a backup of a format known here"));
    }
    let mut stream = zstd::Decoder::new(from).map_err(cut_off)?;
    let mut hasher = blake3::Hasher::new();
    let engine = Engine::open(path)?;
    let journal = EmbeddedJournal::open(engine.tree())?;
    let mut records: Vec<Record> = Vec::new();
    let mut frames = 0;
    loop {
        let (kind, bytes) = frame(&mut stream)?;
        if kind == END {
            if bytes != hasher.finalize().as_bytes() {
                return Err(bad("its checksum is wrong"));
            }
            // The stream's own end may be missing still.
            if stream.read(&mut [0]).map_err(cut_off)? > 0 {
                return Err(bad("it goes on after its end"));
            }
            break;
        }
        hash(&mut hasher, kind, &[&bytes]);
        match kind {
            KEY => engine.write([(keys::meta("key"), Some(bytes))])?,
            PACK => {
                let (number, pack) = bytes
                    .split_first_chunk::<4>()
                    .ok_or_else(|| bad("a pack has no number"))?;
                let number = PackNo(u32::from_be_bytes(*number));
                engine.write([(keys::pack(number), Some(pack.to_vec()))])?;
            }
            RECORD => {
                let record = serde_json::from_slice(&bytes);
                records.push(record.map_err(|error| bad(&error.to_string()))?);
                if records.len() == STEP {
                    journal.append(&records)?;
                    records.clear();
                }
            }
            _ => return Err(bad("it holds something of a newer version")),
        }
        frames += 1;
        go_on(progress(frames, 0))?;
    }
    if !records.is_empty() {
        journal.append(&records)?;
    }
    engine.sync()
}

/// Frames on their way out.
struct Frames<'a> {
    stream: zstd::Encoder<'static, &'a mut dyn Write>,
    hasher: blake3::Hasher,
}

impl<'a> Frames<'a> {
    fn new(to: &'a mut dyn Write) -> Result<Self, StoreError> {
        let mut stream = zstd::Encoder::new(to, LEVEL).map_err(out)?;
        stream.include_checksum(true).map_err(out)?;
        Ok(Self {
            stream,
            hasher: blake3::Hasher::new(),
        })
    }

    fn put(&mut self, kind: u8, parts: &[&[u8]]) -> Result<(), StoreError> {
        hash(&mut self.hasher, kind, parts);
        self.write(kind, parts).map_err(out)
    }

    fn end(mut self) -> Result<(), StoreError> {
        let hash = self.hasher.finalize();
        self.write(END, &[hash.as_bytes()]).map_err(out)?;
        self.stream.finish().and_then(Write::flush).map_err(out)
    }

    fn write(&mut self, kind: u8, parts: &[&[u8]]) -> io::Result<()> {
        self.stream.write_all(&[kind])?;
        self.stream.write_all(&len_of(parts))?;
        parts
            .iter()
            .try_for_each(|part| self.stream.write_all(part))
    }
}

fn hash(hasher: &mut blake3::Hasher, kind: u8, parts: &[&[u8]]) {
    hasher.update(&[kind]).update(&len_of(parts));
    for part in parts {
        hasher.update(part);
    }
}

fn len_of(parts: &[&[u8]]) -> [u8; 4] {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    (len as u32).to_le_bytes()
}

fn frame(stream: &mut impl Read) -> Result<(u8, Vec<u8>), StoreError> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).map_err(cut_off)?;
    let [kind, len @ ..] = head;
    let len = u32::from_le_bytes(len) as usize;
    if len > LARGEST {
        return Err(bad("a part of it is impossibly long"));
    }
    // Grown as it comes: a damaged length must not take the memory.
    let mut bytes = Vec::new();
    let read = stream.take(len as u64).read_to_end(&mut bytes);
    if read.map_err(cut_off)? < len {
        return Err(bad("it is cut off"));
    }
    Ok((kind, bytes))
}

fn go_on(flow: ControlFlow<()>) -> Result<(), StoreError> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(StoreError::Cancelled),
    }
}

fn bad(detail: &str) -> StoreError {
    StoreError::BadBackup {
        detail: detail.to_owned(),
    }
}

fn cut_off(error: io::Error) -> StoreError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        bad("it is cut off")
    } else {
        bad(&error.to_string())
    }
}

fn out(source: io::Error) -> StoreError {
    StoreError::Io {
        path: "backup".into(),
        source,
    }
}
