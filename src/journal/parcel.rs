//! What one commit puts into the log at once: records, and the packs of bodies they name.
//!
//! A parcel carries the facts of its bodies, so that the store's fold never opens a pack. Its
//! *content* (records, facts, and of each pack hash and length) is covered by the chain; the
//! bytes of a pack are covered by their hash alone, so that they can be erased.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{Category, Record};

/// The layout of a content.
const VERSION: u8 = 1;

/// Contents at least this long are compressed.
const COMPRESS_FROM: usize = 400;

/// First byte of a stored content: as it is.
const PLAIN: u8 = 0;

/// First byte of a stored content: compressed by zstd.
const ZSTD: u8 = 1;

/// Bytes of the checksum behind a stored content.
const CHECK: usize = 8;

/// Bytes of a content at most: a length that is damaged must not take the memory.
const LARGEST: usize = 1 << 30;

/// A 32-byte blake3 hash.
pub type Hash = [u8; 32];

/// Records, and the packs they name by their place among the packs of the same parcel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parcel {
    /// The rules by which its records are folded.
    pub level: u16,
    /// Its records in order.
    pub entries: Vec<Entry>,
    /// Its packs in order.
    pub packs: Vec<Pack>,
}

/// A record, and the text that stands for it wherever it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record.
    pub record: Record,
    /// The same as JSON.
    pub json: Vec<u8>,
}

impl Entry {
    /// Encodes a record.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn new(record: Record) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_vec(&record)?;
        Ok(Self { record, json })
    }
}

/// Bodies compressed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The hash of its bytes.
    pub hash: Hash,
    /// Length of its bytes.
    pub len: u32,
    /// What the fold needs of its bodies, in their order.
    pub facts: Vec<BodyFacts>,
    /// Its bytes.
    pub bytes: PackBytes,
}

/// The bytes of a pack, or why there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackBytes {
    /// As they were put.
    Whole(Vec<u8>),
    /// They were not read.
    Unread,
    /// They were erased on purpose.
    Erased,
    /// They are not what was put.
    Damaged,
}

impl PackBytes {
    /// The bytes, if they are there.
    pub fn whole(&self) -> Option<&[u8]> {
        match self {
            Self::Whole(bytes) => Some(bytes),
            Self::Unread | Self::Erased | Self::Damaged => None,
        }
    }
}

impl Pack {
    /// A pack of encoded bodies with their facts.
    pub fn new(bytes: Vec<u8>, facts: Vec<BodyFacts>) -> Self {
        Self {
            hash: *blake3::hash(&bytes).as_bytes(),
            len: bytes.len() as u32,
            facts,
            bytes: PackBytes::Whole(bytes),
        }
    }

    /// Whether bytes are those of the pack.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.len as usize && *blake3::hash(bytes).as_bytes() == self.hash
    }

    /// Judges bytes that were read back.
    pub(super) fn judge(&self, bytes: Vec<u8>) -> PackBytes {
        if bytes.len() != self.len as usize {
            PackBytes::Damaged
        } else if *blake3::hash(&bytes).as_bytes() == self.hash {
            PackBytes::Whole(bytes)
        } else if bytes.iter().all(|byte| *byte == 0) {
            PackBytes::Erased
        } else {
            PackBytes::Damaged
        }
    }
}

/// What the fold needs of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyFacts {
    /// Whether it is a reference text.
    pub is_article: bool,
    /// The hash by which its title is recognised.
    pub title: u64,
    /// Its category as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Its causes as given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// Its date as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

impl Parcel {
    /// The content: what the chain covers.
    ///
    /// # Errors
    /// When facts cannot be written as JSON.
    pub fn content(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.level.to_le_bytes());
        put_count(&mut out, self.entries.len());
        for entry in &self.entries {
            put_bytes(&mut out, &entry.json);
        }
        put_count(&mut out, self.packs.len());
        for pack in &self.packs {
            out.extend_from_slice(&pack.hash);
            out.extend_from_slice(&pack.len.to_le_bytes());
            put_bytes(&mut out, &serde_json::to_vec(&pack.facts)?);
        }
        Ok(out)
    }

    /// The chain after it, when it stands at a position behind another chain.
    ///
    /// # Errors
    /// As [`Self::content`].
    pub fn chain(&self, before: &Hash, position: u64) -> Result<Hash, serde_json::Error> {
        Ok(chain(before, position, &self.content()?))
    }

    /// Reads a content; its packs' bytes are unread. `None` = it is none.
    pub fn from_content(content: &[u8]) -> Option<Self> {
        let mut rest = Rest(content);
        if rest.take(1)? != [VERSION] {
            return None;
        }
        let level = u16::from_le_bytes(*rest.take(2)?.first_chunk()?);
        let mut entries = Vec::new();
        for _ in 0..rest.count()? {
            let json = rest.bytes()?.to_vec();
            let record = serde_json::from_slice(&json).ok()?;
            entries.push(Entry { record, json });
        }
        let mut packs = Vec::new();
        for _ in 0..rest.count()? {
            packs.push(Pack {
                hash: *rest.take(32)?.first_chunk()?,
                len: rest.count()?,
                facts: serde_json::from_slice(rest.bytes()?).ok()?,
                bytes: PackBytes::Unread,
            });
        }
        rest.0.is_empty().then_some(Self {
            level,
            entries,
            packs,
        })
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    for (to, from) in check.iter_mut().zip(blake3::hash(bytes).as_bytes()) {
        *to = *from;
    }
    check
}

/// A content as it is stored.
pub(super) fn store(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let (kind, body) = if content.len() < COMPRESS_FROM {
        (PLAIN, std::borrow::Cow::Borrowed(content))
    } else {
        (ZSTD, zstd::bulk::compress(content, 1)?.into())
    };
    let mut stored = Vec::with_capacity(1 + body.len());
    stored.push(kind);
    stored.extend_from_slice(&body);
    // zstd has bits that mean nothing; no flipped bit may go unseen.
    let check = checksum(&stored);
    stored.extend_from_slice(&check);
    Ok(stored)
}

/// The content that is stored; `None` = it is damaged.
pub(super) fn unstore(stored: &[u8]) -> Option<Vec<u8>> {
    let (stored, check) = stored.split_last_chunk::<CHECK>()?;
    if checksum(stored) != *check {
        return None;
    }
    let (kind, body) = stored.split_first()?;
    match *kind {
        PLAIN => Some(body.to_vec()),
        ZSTD => {
            let mut content = Vec::new();
            let decoder = zstd::Decoder::new(body).ok()?;
            let mut limited = std::io::Read::take(decoder, LARGEST as u64);
            std::io::Read::read_to_end(&mut limited, &mut content).ok()?;
            Some(content)
        }
        _ => None,
    }
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&(count as u32).to_le_bytes());
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_count(out, bytes.len());
    out.extend_from_slice(bytes);
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn count(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.count()? as usize;
        self.take(len)
    }
}

/// The link that a content makes at a position.
pub(super) fn chain(before: &Hash, position: u64, content: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before);
    hasher.update(&position.to_le_bytes());
    hasher.update(blake3::hash(content).as_bytes());
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::parcel;
    use super::*;

    #[test]
    fn a_parcel_comes_back_from_its_content_and_gives_the_same_content_again() {
        let sent = parcel(7, 3, &[b"one pack", b"another"]);
        let content = sent.content().unwrap();
        let mut read = Parcel::from_content(&unstore(&store(&content).unwrap()).unwrap()).unwrap();
        assert_eq!(read.content().unwrap(), content);
        for (pack, sent) in read.packs.iter_mut().zip(&sent.packs) {
            pack.bytes = pack.judge(sent.bytes.whole().unwrap().to_vec());
        }
        assert_eq!(read, sent);
    }

    #[test]
    fn a_pack_of_zeros_was_erased_and_any_other_is_damaged() {
        let pack = Pack::new(b"bodies".to_vec(), Vec::new());
        assert_eq!(pack.judge(vec![0; 6]), PackBytes::Erased);
        assert_eq!(pack.judge(b"bodiez".to_vec()), PackBytes::Damaged);
        assert_eq!(pack.judge(b"bod".to_vec()), PackBytes::Damaged);
    }

    proptest! {
        #[test]
        fn rubbish_is_no_panic(bytes: Vec<u8>) {
            let _ = Parcel::from_content(&bytes);
            let _ = unstore(&bytes);
        }
    }
}
