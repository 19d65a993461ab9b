//! What a run found, in a file beside the store, so that the next process begins with it.
//!
//! The file is derived: one that is damaged, of another version, of another store or of other
//! words is as good as none.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Flags;
use crate::insight::{Insight, Misfiled, Suspect, VERSION, Words};
use crate::model::{Sequence, TicketId};
use crate::store::Store;

/// The first bytes of the file.
const MAGIC: &[u8; 8] = b"gdinsigh";
/// Bytes of the digest that follows them.
const DIGEST: usize = 32;
/// Bytes written and read at once: what was found of a million tickets is larger than what may
/// be held beside it.
const PIECE: usize = 1 << 18;

/// What the file was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    version: u32,
    program: String,
    store: [u8; 16],
    /// Digest of the team's settings: its words tell tickets apart.
    settings: [u8; 32],
}

/// Beside the header and before what was found.
#[derive(Serialize, Deserialize)]
struct Doubts {
    sequence: u64,
    suspects: Vec<Suspect<TicketId>>,
    misfiled: Vec<Misfiled<TicketId>>,
}

impl Header {
    fn of(store: &Store) -> Self {
        let settings = serde_json::to_vec(&*store.settings()).unwrap_or_default();
        Self {
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            store: store.id(),
            settings: *blake3::hash(&settings).as_bytes(),
        }
    }
}

/// Writes what a run found of a store as it was at a sequence. A file that cannot be written is
/// left as it was: nothing is lost but time.
pub(super) fn write(path: &Path, store: &Store, at: Sequence, insight: &Insight, flags: &Flags) {
    let doubts = Doubts {
        sequence: at.0,
        suspects: flags.suspects.clone(),
        misfiled: flags.misfiled.clone(),
    };
    let _ = put(path, |mut file| {
        let header = Header::of(store);
        postcard::to_io(&header, &mut file).map_err(io::Error::other)?;
        postcard::to_io(&doubts, &mut file).map_err(io::Error::other)?;
        insight.write(file).map_err(io::Error::other)
    });
}

/// Writes a file bit by bit, with the digest of what `fill` writes before it.
fn put(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(MAGIC)?;
    file.write_all(&[0; DIGEST])?;
    let digesting = Digesting {
        file,
        digest: blake3::Hasher::new(),
    };
    let mut body = BufWriter::with_capacity(PIECE, digesting);
    fill(&mut body)?;
    let Digesting { mut file, digest } =
        body.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(MAGIC.len() as u64))?;
    file.write_all(digest.finalize().as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A file with the digest of what was written to it.
struct Digesting {
    file: tempfile::NamedTempFile,
    digest: blake3::Hasher,
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens a file at what was written, when its digest is right.
fn open(path: &Path) -> Option<BufReader<File>> {
    let mut file = File::open(path).ok()?;
    let mut head = [0; MAGIC.len() + DIGEST];
    file.read_exact(&mut head).ok()?;
    let digest = head.strip_prefix(MAGIC)?;
    let mut whole = blake3::Hasher::new();
    whole.update_reader(&file).ok()?;
    if whole.finalize().as_bytes().as_slice() != digest {
        return None;
    }
    file.seek(SeekFrom::Start(head.len() as u64)).ok()?;
    Some(BufReader::with_capacity(PIECE, file))
}

/// Reads what was written, with the sequence it was found at.
pub(super) fn read(
    path: &Path,
    store: &Store,
    words: Arc<dyn Words>,
) -> Option<(Insight, Flags, Sequence)> {
    let mut file = open(path)?;
    let mut text = vec![0; PIECE];
    let (header, _) = postcard::from_io::<Header, _>((&mut file, &mut text)).ok()?;
    if header != Header::of(store) {
        return None;
    }
    let (doubts, _) = postcard::from_io::<Doubts, _>((&mut file, &mut text)).ok()?;
    let at = Sequence(doubts.sequence);
    if at > store.applied() {
        return None;
    }
    let insight = Insight::read(words, file).ok()?;
    Some((insight, Flags::new(doubts.suspects, doubts.misfiled), at))
}
