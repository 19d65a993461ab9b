//! One stream that a store is made again of: its log, parcel by parcel.
//!
//! A backup is a line that names it, then a zstd stream of frames (a kind, a length in four
//! bytes, that many bytes): the key, then of each parcel the content and its packs, and at the end
//! the hash of all frames before. What the fold made is left out: restoring folds the log again.
//! Backups of the first kind (keys, packs, records) are restored too.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::engine::Engine;
use super::older::Gather;
use super::{Progress, Store, StoreError, format, keys, opening};
use crate::journal::{self, Founding, Log, PackBytes, Packs, Parcel};
use crate::model::{PackNo, Sequence};

/// The first line.
const MAGIC: &[u8] = b"GONGDAN BACKUP 2\n";

/// The first line of what versions before the log wrote.
const OLD_MAGIC: &[u8] = b"GONGDAN BACKUP 1\n";

/// Packs are compressed already, and records read again only in need.
const LEVEL: i32 = 3;

/// Bytes of a frame at most: a pack can hold sixteen tickets of 20 MB.
const LARGEST: usize = 1 << 30;

const KEY: u8 = b'k';
const PARCEL: u8 = b'c';
const PACK: u8 = b'p';
const ERASED: u8 = b'x';
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
        let (last, end) = {
            let writer = self.writer();
            (
                Sequence(writer.cursor.sequence),
                writer.cursor.place.position,
            )
        };
        to.write_all(MAGIC).map_err(out)?;
        let mut frames = Frames::new(to)?;
        frames.put(KEY, &[&self.fingerprint_key()])?;
        let mut reader = self.log.read(1, Packs::Read)?;
        for position in 1..=end {
            let read = reader
                .next()
                .map_err(StoreError::io(format::log(&self.dir)))?;
            let Some(journal::Read::Parcel { place, parcel, .. }) = read else {
                return Err(lost(position));
            };
            if place.position != position {
                return Err(lost(position));
            }
            let content = parcel.content();
            frames.put(
                PARCEL,
                &[&content.map_err(|e| StoreError::Encode(e.into()))?],
            )?;
            for pack in &parcel.packs {
                match &pack.bytes {
                    PackBytes::Whole(bytes) => frames.put(PACK, &[bytes])?,
                    PackBytes::Erased => frames.put(ERASED, &[])?,
                    PackBytes::Unread | PackBytes::Damaged => return Err(lost(position)),
                }
            }
            go_on(progress(position, end))?;
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
        let built = build(dir, from, progress).and_then(|()| {
            let place = format::log(dir);
            fs::rename(dir.join(BUILDING), &place).map_err(StoreError::io(&place))?;
            let synced = File::open(dir).and_then(|file| file.sync_all());
            synced.map_err(StoreError::io(dir))?;
            format::write(dir)
        });
        // The packs of an old backup lay there.
        let _ = fs::remove_dir_all(dir.join(OLD_PACKS));
        // Folds the whole log.
        let opened = built.and_then(|()| Self::open_locked(dir, lock, progress).map(drop));
        if let Err(error) = opened {
            // The first error says more than one of cleaning up.
            for made in [BUILDING, "log", "sled"] {
                let _ = fs::remove_dir_all(dir.join(made));
            }
            for made in ["format", "unsynced"] {
                let _ = fs::remove_file(dir.join(made));
            }
            return Err(error);
        }
        Ok(())
    }
}

/// Where a restored log is built.
const BUILDING: &str = "restoring";

/// Where the packs of an old backup wait for their records.
const OLD_PACKS: &str = "restoring.packs";

fn lost(position: u64) -> StoreError {
    StoreError::LostParcels {
        first: position,
        last: position,
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

/// Writes a backup's parcels into a new log.
fn build(dir: &Path, from: &mut dyn Read, progress: Progress<'_>) -> Result<(), StoreError> {
    let mut magic = [0; MAGIC.len()];
    from.read_exact(&mut magic).map_err(cut_off)?;
    let is_old = magic == OLD_MAGIC;
    if !is_old && magic != MAGIC {
        return Err(bad("it does not begin as a backup of a format known here"));
    }
    let mut stream = Incoming::new(from)?;
    let Some((KEY, key)) = stream.next()? else {
        return Err(bad("it does not begin with its key"));
    };
    let founding = Founding {
        fingerprint_key: key.try_into().ok().ok_or_else(|| bad("its key is cut"))?,
        ..opening::new_founding()
    };
    let log = opening::create_log(&dir.join(BUILDING), founding)?;
    if is_old {
        build_of_old(dir, &log, &mut stream, progress)?;
    } else {
        build_of_parcels(&log, &mut stream, progress)?;
    }
    Ok(log.sync()?)
}

fn build_of_parcels(
    log: &Log,
    stream: &mut Incoming<'_>,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let mut frames = 0;
    while let Some((kind, content)) = stream.next()? {
        if kind != PARCEL {
            return Err(bad("it holds something of a newer version"));
        }
        let parcel = Parcel::from_content(&content);
        let mut parcel = parcel.ok_or_else(|| bad("a parcel cannot be read"))?;
        for pack in &mut parcel.packs {
            pack.bytes = match stream.next()? {
                Some((PACK, bytes)) if pack.is_of(&bytes) => PackBytes::Whole(bytes),
                Some((ERASED, _)) => PackBytes::Erased,
                _ => return Err(bad("a pack is missing")),
            };
        }
        log.append(&parcel)?;
        frames += 1;
        go_on(progress(frames, 0))?;
    }
    Ok(())
}

fn build_of_old(
    dir: &Path,
    log: &Log,
    stream: &mut Incoming<'_>,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let packs = Engine::open(&dir.join(OLD_PACKS))?;
    let mut gather = Gather::new(log, &packs);
    let mut frames = 0;
    while let Some((kind, bytes)) = stream.next()? {
        match kind {
            PACK => {
                let (number, pack) = bytes
                    .split_first_chunk::<4>()
                    .ok_or_else(|| bad("a pack has no number"))?;
                let number = PackNo(u32::from_be_bytes(*number));
                packs.write([(keys::pack(number), Some(pack.to_vec()))])?;
            }
            RECORD => {
                let record = serde_json::from_slice(&bytes);
                gather.add(record.map_err(|error| bad(&error.to_string()))?)?;
            }
            _ => return Err(bad("it holds something of a newer version")),
        }
        frames += 1;
        go_on(progress(frames, 0))?;
    }
    gather.close()
}

/// Frames on their way in.
struct Incoming<'a> {
    stream: zstd::Decoder<'static, io::BufReader<&'a mut dyn Read>>,
    hasher: blake3::Hasher,
}

impl<'a> Incoming<'a> {
    fn new(from: &'a mut dyn Read) -> Result<Self, StoreError> {
        Ok(Self {
            stream: zstd::Decoder::new(from).map_err(cut_off)?,
            hasher: blake3::Hasher::new(),
        })
    }

    /// The next frame; `None` at the end, once everything is proved whole.
    fn next(&mut self) -> Result<Option<(u8, Vec<u8>)>, StoreError> {
        let (kind, bytes) = frame(&mut self.stream)?;
        if kind != END {
            hash(&mut self.hasher, kind, &[&bytes]);
            return Ok(Some((kind, bytes)));
        }
        if bytes != self.hasher.finalize().as_bytes() {
            return Err(bad("its checksum is wrong"));
        }
        // The stream's own end may be missing still.
        if self.stream.read(&mut [0]).map_err(cut_off)? > 0 {
            return Err(bad("it goes on after its end"));
        }
        Ok(None)
    }
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
