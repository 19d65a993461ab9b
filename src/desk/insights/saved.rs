//! What a run found, in a file beside the store, so that the next process begins with it.
//!
//! The file is derived: one that is damaged, of another version, of another store or of other
//! words is as good as none.

use std::io::Write;
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
    let parts = (|| {
        let mut bytes = postcard::to_stdvec(&Header::of(store))?;
        bytes.extend(postcard::to_stdvec(&doubts)?);
        bytes.extend(insight.to_bytes()?);
        Ok::<_, postcard::Error>(bytes)
    })();
    if let Ok(bytes) = parts {
        let _ = put(path, &bytes);
    }
}

fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(MAGIC)?;
    file.write_all(blake3::hash(bytes).as_bytes())?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Reads what was written, with the sequence it was found at.
pub(super) fn read(
    path: &Path,
    store: &Store,
    words: Arc<dyn Words>,
) -> Option<(Insight, Flags, Sequence)> {
    let file = std::fs::read(path).ok()?;
    let rest = file.strip_prefix(MAGIC)?;
    let (digest, bytes) = rest.split_at_checked(DIGEST)?;
    if blake3::hash(bytes).as_bytes().as_slice() != digest {
        return None;
    }
    let (header, bytes) = postcard::take_from_bytes::<Header>(bytes).ok()?;
    if header != Header::of(store) {
        return None;
    }
    let (doubts, bytes) = postcard::take_from_bytes::<Doubts>(bytes).ok()?;
    let at = Sequence(doubts.sequence);
    if at > store.applied() {
        return None;
    }
    let insight = Insight::from_bytes(words, bytes).ok()?;
    Some((insight, Flags::new(doubts.suspects, doubts.misfiled), at))
}
