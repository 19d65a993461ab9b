//! The journal inside the store's own sled tree, under a key prefix of its own.
//!
//! Keys are `j`, the sequence in eight big-endian bytes, and the chunk in two: a record larger
//! than a chunk lies under consecutive keys, because sled moves large values to files that its
//! flush never syncs.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Journal, JournalError};
use crate::model::{Record, Sequence};

/// First byte of every key.
const PREFIX: u8 = b'j';

/// Bytes of a value at most.
const CHUNK: usize = 7 * 1024;

/// Records at least this long are compressed.
const COMPRESS_FROM: usize = 400;

/// First byte of a record's text: plain JSON.
const PLAIN: u8 = 0;

/// First byte of a record's text: JSON compressed by zstd.
const ZSTD: u8 = 1;

/// A journal in a sled tree that it shares with the store.
pub struct EmbeddedJournal {
    tree: sled::Tree,
    last: AtomicU64,
    /// One append at a time: the sequence is taken and written together.
    appending: Mutex<()>,
}

impl EmbeddedJournal {
    /// Takes up the journal of a tree, empty or not.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn open(tree: sled::Tree) -> Result<Self, JournalError> {
        let last = match tree.scan_prefix([PREFIX]).next_back() {
            Some(item) => sequence_of(&item?.0).unwrap_or_default(),
            None => 0,
        };
        Ok(Self {
            tree,
            last: AtomicU64::new(last),
            appending: Mutex::new(()),
        })
    }
}

impl Journal for EmbeddedJournal {
    fn append(&self, records: &[Record]) -> Result<Sequence, JournalError> {
        let _one = self
            .appending
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let first = self.last.load(Ordering::Acquire) + 1;
        let mut batch = sled::Batch::default();
        for (sequence, record) in (first..).zip(records) {
            for (chunk, bytes) in (0u16..).zip(encode(record)?.chunks(CHUNK)) {
                batch.insert(key(sequence, chunk).as_slice(), bytes);
            }
        }
        self.tree.apply_batch(batch)?;
        self.last
            .store(first + records.len() as u64 - 1, Ordering::Release);
        Ok(Sequence(first))
    }

    fn read(&self, from: Sequence, limit: usize) -> Result<Vec<(Sequence, Record)>, JournalError> {
        let mut records = Vec::new();
        if limit == 0 {
            return Ok(records);
        }
        let mut bytes: Vec<u8> = Vec::new();
        let mut at = from.0;
        for item in self.tree.range(key(from.0, 0).as_slice()..&[PREFIX + 1]) {
            let (key, value) = item?;
            let sequence = sequence_of(&key).unwrap_or_default();
            if sequence != at && !bytes.is_empty() {
                records.push((Sequence(at), decode(Sequence(at), &bytes)?));
                bytes.clear();
                if records.len() >= limit {
                    return Ok(records);
                }
            }
            at = sequence;
            bytes.extend_from_slice(&value);
        }
        if !bytes.is_empty() && records.len() < limit {
            records.push((Sequence(at), decode(Sequence(at), &bytes)?));
        }
        Ok(records)
    }

    fn last(&self) -> Sequence {
        Sequence(self.last.load(Ordering::Acquire))
    }
}

fn key(sequence: u64, chunk: u16) -> [u8; 11] {
    let mut key = [0; 11];
    key[0] = PREFIX;
    key[1..9].copy_from_slice(&sequence.to_be_bytes());
    key[9..].copy_from_slice(&chunk.to_be_bytes());
    key
}

fn sequence_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.get(1..9)?.try_into().ok()?))
}

fn encode(record: &Record) -> Result<Vec<u8>, JournalError> {
    let json = serde_json::to_vec(record)?;
    let (kind, body) = if json.len() < COMPRESS_FROM {
        (PLAIN, json)
    } else {
        (ZSTD, zstd::bulk::compress(&json, 1)?)
    };
    let mut bytes = Vec::with_capacity(body.len() + 1);
    bytes.push(kind);
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

fn decode(sequence: Sequence, bytes: &[u8]) -> Result<Record, JournalError> {
    let damaged = || JournalError::Damaged { sequence };
    let (kind, body) = bytes.split_first().ok_or_else(damaged)?;
    let json = match *kind {
        PLAIN => std::borrow::Cow::Borrowed(body),
        ZSTD => zstd::decode_all(body).ok().ok_or_else(damaged)?.into(),
        _ => return Err(damaged()),
    };
    serde_json::from_slice(&json).ok().ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ActId, Author, Change, Key, Op, Origin, RecordId};

    fn record(n: u128, text: &str) -> Record {
        Record {
            v: Record::VERSION,
            id: RecordId(n),
            act: ActId(n),
            undoes: None,
            key: Key::View("v".into()),
            base_rev: None,
            op: Op::Setting(Change {
                from: None,
                to: Some(text.to_owned()),
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

    #[test]
    fn records_come_back_in_order_and_survive_reopening() {
        let dir = tempfile::tempdir().unwrap();
        let db = sled::open(dir.path()).unwrap();
        let journal = EmbeddedJournal::open((*db).clone()).unwrap();
        assert_eq!(journal.last(), Sequence(0));
        // Hardly compressible, so that it takes several chunks.
        let large: String = (0..40_000u32)
            .map(|n| char::from_u32(0x4e00 + n.wrapping_mul(2_654_435_761) % 20_000).unwrap())
            .collect();
        let records = [record(1, "a"), record(2, &large), record(3, "c")];
        assert_eq!(journal.append(&records).unwrap(), Sequence(1));
        assert_eq!(journal.append(&records[..1]).unwrap(), Sequence(4));
        let journal = EmbeddedJournal::open((*db).clone()).unwrap();
        assert_eq!(journal.last(), Sequence(4));
        let read = journal.read(Sequence(2), 2).unwrap();
        assert_eq!(
            read,
            [
                (Sequence(2), records[1].clone()),
                (Sequence(3), records[2].clone())
            ]
        );
        assert_eq!(journal.read(Sequence(5), 9).unwrap(), []);
    }
}
