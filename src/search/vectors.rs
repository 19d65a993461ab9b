//! The vectors of tickets: one bit a dimension in memory, one byte a dimension in a file beside the
//! index.
//!
//! The nearest are sought by the bits, all of which are looked at: a million take some
//! milliseconds. What is found so is measured by the bytes, read by their position. The file is a
//! log of records of one size, derived like the index: a file of another store or model is begun
//! anew, and so is what does not end in a whole record.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::SearchError;
use crate::model::{DocNo, Sequence};

const MAGIC: &[u8; 8] = b"GDVECT01";
/// The magic number, the store's id, the model's hash, the dimensions.
const HEADER: usize = 8 + 16 + 32 + 4;
/// Number, kind, share read, two spare bytes, digest, scale, and a sum over all of it.
const FIXED: usize = 4 + 1 + 1 + 2 + 8 + 4 + 4;
/// Records that are marks and no vectors.
const REMOVED: u8 = 254;
const REACHED: u8 = 255;
/// No vector.
const NONE: u32 = u32::MAX;

/// What of a ticket a vector is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Title and question.
    Question,
    /// What was said then.
    Conversation,
}

impl Aspect {
    /// All of them, in the order of [`Vectors::put`].
    pub const ALL: [Self; 2] = [Self::Question, Self::Conversation];
}

/// What vectors belong to; those of anything else are of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorKey {
    /// The store's id.
    pub store: [u8; 16],
    /// The model's hash.
    pub model: [u8; 32],
    /// Numbers in a vector.
    pub dimensions: usize,
}

/// One aspect of a ticket, embedded.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// Of length 1.
    pub values: Vec<f32>,
    /// The share of the ticket's characters that are in it.
    pub share: f32,
}

/// A ticket near a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The ticket.
    pub doc: DocNo,
    /// The cosine of the nearer of its vectors.
    pub cosine: f32,
    /// Which that is.
    pub aspect: Aspect,
}

/// The vectors of one store's tickets by one model.
pub struct Vectors {
    file: File,
    path: PathBuf,
    key: VectorKey,
    table: RwLock<Table>,
}

#[derive(Default)]
struct Table {
    /// By number: its vectors' records.
    docs: Vec<[u32; 2]>,
    /// By number: the digest of its text.
    digests: Vec<u64>,
    /// By record: its bits, and the ticket it is of.
    bits: Vec<u64>,
    owners: Vec<u32>,
    shares: Vec<u8>,
    records: u32,
    embedded: usize,
    reached: Sequence,
}

impl Vectors {
    /// Opens the vectors in a file, or begins anew.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the file cannot be read or written.
    pub fn open(path: &Path, key: VectorKey) -> Result<Self, SearchError> {
        let failed = |source| SearchError::Io {
            path: path.to_owned(),
            source,
        };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        let header = key.header();
        let mut found = vec![0; HEADER];
        let own = file.read_exact_at(&mut found, 0).is_ok() && found == header;
        if !own {
            file.set_len(0).map_err(failed)?;
            file.write_all_at(&header, 0).map_err(failed)?;
        }
        let vectors = Self {
            file,
            path: path.to_owned(),
            key,
            table: RwLock::default(),
        };
        vectors.load().map_err(failed)?;
        Ok(vectors)
    }

    /// Reads all records as far as they are whole.
    fn load(&self) -> std::io::Result<()> {
        let mut table = self.write();
        let mut reader = BufReader::with_capacity(1 << 20, self.file.try_clone()?);
        std::io::copy(
            &mut reader.by_ref().take(HEADER as u64),
            &mut std::io::sink(),
        )?;
        let mut record = vec![0; self.key.record()];
        let mut whole = HEADER as u64;
        while reader.read_exact(&mut record).is_ok() {
            let Some(read) = Record::read(&record) else {
                break;
            };
            table.take(&read);
            whole += record.len() as u64;
        }
        self.file.set_len(whole)
    }

    /// How many tickets have vectors.
    pub fn len(&self) -> usize {
        self.read().embedded
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Up to which sequence of the store everything is embedded.
    pub fn reached(&self) -> Sequence {
        self.read().reached
    }

    /// Notes that everything up to a sequence is embedded.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the file cannot be written.
    pub fn reach(&self, sequence: Sequence) -> Result<(), SearchError> {
        if self.reached() == sequence {
            return Ok(());
        }
        self.append(&[Record::mark(REACHED, NONE, sequence.0)])
    }

    /// The digest of the text that a ticket's vectors are made of.
    pub fn digest(&self, doc: DocNo) -> Option<u64> {
        let table = self.read();
        let known = table.docs.get(doc.0 as usize)?;
        let digest = table.digests.get(doc.0 as usize).copied();
        digest.filter(|_| known.iter().any(|record| *record != NONE))
    }

    /// Puts a ticket's vectors in the place of those it has.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the file cannot be written.
    pub fn put(
        &self,
        doc: DocNo,
        digest: u64,
        vectors: [Option<Vector>; 2],
    ) -> Result<(), SearchError> {
        let mut records = Vec::new();
        if self.digest(doc).is_some() {
            records.push(Record::mark(REMOVED, doc.0, 0));
        }
        for (kind, vector) in (0..).zip(vectors) {
            records.extend(vector.map(|vector| Record::vector(doc, kind, digest, &vector)));
        }
        self.append(&records)
    }

    /// Takes a ticket's vectors away.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the file cannot be written.
    pub fn remove(&self, doc: DocNo) -> Result<(), SearchError> {
        if self.digest(doc).is_none() {
            return Ok(());
        }
        self.append(&[Record::mark(REMOVED, doc.0, 0)])
    }

    /// The mean share of a ticket's characters inside the vector of its question: how much the
    /// vectors tell of the tickets.
    pub fn mean_share(&self) -> f32 {
        let table = self.read();
        let (mut sum, mut count) = (0u64, 0u64);
        for record in table.docs.iter().map(|[question, _]| *question) {
            if let Some(share) = table.shares.get(record as usize) {
                sum += u64::from(*share);
                count += 1;
            }
        }
        sum as f32 / 255.0 / count.max(1) as f32
    }

    /// The nearest tickets by their bits, among those that pass, measured by their bytes; and so
    /// many given ones.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the file cannot be read.
    pub fn nearest(
        &self,
        query: &[f32],
        count: usize,
        given: &[DocNo],
        passes: impl Fn(DocNo) -> bool,
    ) -> Result<Vec<Neighbour>, SearchError> {
        let table = self.read();
        let wanted = bits(query);
        let mut far: Vec<(u32, u32)> = Vec::with_capacity(table.owners.len());
        for (record, (owner, own)) in (0..).zip(
            table
                .owners
                .iter()
                .zip(table.bits.chunks_exact(wanted.len().max(1))),
        ) {
            if *owner != NONE {
                far.push((hamming(own, &wanted), record));
            }
        }
        // Two vectors a ticket, and some that do not pass.
        far.sort_unstable();
        let mut docs: Vec<DocNo> = Vec::new();
        for (_, record) in far {
            if docs.len() >= count {
                break;
            }
            let owner = table.owners.get(record as usize).copied();
            let doc = DocNo(owner.unwrap_or(NONE));
            if !docs.contains(&doc) && passes(doc) {
                docs.push(doc);
            }
        }
        let more = given.iter().filter(|doc| !docs.contains(doc)).copied();
        let more: Vec<DocNo> = more.collect();
        docs.extend(more);
        let mut found = Vec::with_capacity(docs.len());
        for doc in docs {
            found.extend(self.measure(&table, doc, query)?);
        }
        found.sort_by(|a: &Neighbour, b| b.cosine.total_cmp(&a.cosine).then(b.doc.cmp(&a.doc)));
        Ok(found)
    }

    /// How near a ticket is by the nearer of its vectors.
    fn measure(
        &self,
        table: &Table,
        doc: DocNo,
        query: &[f32],
    ) -> Result<Option<Neighbour>, SearchError> {
        let mut nearest: Option<Neighbour> = None;
        let known = table.docs.get(doc.0 as usize).copied().unwrap_or([NONE; 2]);
        for (record, aspect) in known.into_iter().zip(Aspect::ALL) {
            if record == NONE {
                continue;
            }
            let mut bytes = vec![0; self.key.record()];
            let at = HEADER as u64 + u64::from(record) * bytes.len() as u64;
            self.file
                .read_exact_at(&mut bytes, at)
                .map_err(|source| self.failed(source))?;
            let Some(read) = Record::read(&bytes) else {
                continue;
            };
            let cosine = read.product(query);
            if nearest.is_none_or(|nearest| cosine > nearest.cosine) {
                nearest = Some(Neighbour {
                    doc,
                    cosine,
                    aspect,
                });
            }
        }
        Ok(nearest)
    }

    fn append(&self, records: &[Record<'_>]) -> Result<(), SearchError> {
        let mut table = self.write();
        let mut bytes = Vec::new();
        for record in records {
            record.write(self.key.dimensions, &mut bytes);
        }
        let size = self.key.record();
        let at = HEADER as u64 + u64::from(table.records) * size as u64;
        self.file
            .write_all_at(&bytes, at)
            .map_err(|source| self.failed(source))?;
        for record in bytes.chunks_exact(size).filter_map(Record::read) {
            table.take(&record);
        }
        Ok(())
    }

    fn failed(&self, source: std::io::Error) -> SearchError {
        SearchError::Io {
            path: self.path.clone(),
            source,
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VectorKey {
    fn record(&self) -> usize {
        FIXED + self.dimensions
    }

    fn header(&self) -> Vec<u8> {
        let mut header = MAGIC.to_vec();
        header.extend(self.store);
        header.extend(self.model);
        header.extend(u32::try_from(self.dimensions).unwrap_or(0).to_le_bytes());
        header
    }
}

impl Table {
    /// Takes over the next record of the file.
    fn take(&mut self, record: &Record<'_>) {
        let nth = self.records;
        self.records += 1;
        let bits = record.bytes.chunks(64).map(|bytes| {
            let set = (0u32..).zip(bytes).filter(|(_, byte)| **byte < 128);
            set.fold(0u64, |bits, (at, _)| bits | 1 << at)
        });
        self.bits.extend(bits);
        self.owners.push(NONE);
        self.shares.push(record.share);
        match record.kind {
            REACHED => self.reached = Sequence(record.digest),
            REMOVED => self.forget(record.doc),
            kind => {
                let doc = record.doc as usize;
                if self.docs.len() <= doc {
                    self.docs.resize(doc + 1, [NONE; 2]);
                    self.digests.resize(doc + 1, 0);
                }
                if let (Some(own), Some(digest)) =
                    (self.docs.get_mut(doc), self.digests.get_mut(doc))
                {
                    self.embedded += usize::from(own.iter().all(|record| *record == NONE));
                    *digest = record.digest;
                    if let Some(place) = own.get_mut(usize::from(kind)) {
                        *place = nth;
                    }
                }
                if let Some(owner) = self.owners.last_mut() {
                    *owner = record.doc;
                }
            }
        }
    }

    fn forget(&mut self, doc: u32) {
        let Some(own) = self.docs.get_mut(doc as usize) else {
            return;
        };
        let records = std::mem::replace(own, [NONE; 2]);
        self.embedded -= usize::from(records.iter().any(|record| *record != NONE));
        for record in records {
            if let Some(owner) = self.owners.get_mut(record as usize) {
                *owner = NONE;
            }
        }
    }
}

/// A record of the file.
struct Record<'a> {
    doc: u32,
    kind: u8,
    share: u8,
    digest: u64,
    scale: f32,
    /// The numbers as signed bytes.
    bytes: std::borrow::Cow<'a, [u8]>,
}

impl<'a> Record<'a> {
    fn mark(kind: u8, doc: u32, digest: u64) -> Self {
        Self {
            doc,
            kind,
            share: 0,
            digest,
            scale: 0.0,
            bytes: Vec::new().into(),
        }
    }

    fn vector(doc: DocNo, kind: u8, digest: u64, vector: &Vector) -> Self {
        let most = vector
            .values
            .iter()
            .fold(0.0f32, |most, x| most.max(x.abs()));
        let scale = (most / 127.0).max(f32::MIN_POSITIVE);
        let byte = |value: &f32| ((value / scale).round() as i8).cast_unsigned();
        Self {
            doc: doc.0,
            kind,
            share: (vector.share.clamp(0.0, 1.0) * 255.0).round() as u8,
            digest,
            scale,
            bytes: vector.values.iter().map(byte).collect(),
        }
    }

    fn write(&self, dimensions: usize, to: &mut Vec<u8>) {
        let begin = to.len();
        to.extend(self.doc.to_le_bytes());
        to.extend([self.kind, self.share, 0, 0]);
        to.extend(self.digest.to_le_bytes());
        to.extend(self.scale.to_le_bytes());
        to.extend(self.bytes.iter());
        to.resize(begin + FIXED - 4 + dimensions, 0);
        let sum = sum(to.get(begin..).unwrap_or_default());
        to.extend(sum);
    }

    /// A record as it stands in the file; `None` where it is damaged.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (whole, written) = bytes.split_last_chunk::<4>()?;
        if sum(whole) != *written {
            return None;
        }
        let (doc, rest) = whole.split_first_chunk::<4>()?;
        let ([kind, share, ..], rest) = rest.split_first_chunk::<4>()?;
        let (digest, rest) = rest.split_first_chunk::<8>()?;
        let (scale, rest) = rest.split_first_chunk::<4>()?;
        Some(Self {
            doc: u32::from_le_bytes(*doc),
            kind: *kind,
            share: *share,
            digest: u64::from_le_bytes(*digest),
            scale: f32::from_le_bytes(*scale),
            bytes: rest.into(),
        })
    }

    fn product(&self, query: &[f32]) -> f32 {
        let pairs = self.bytes.iter().zip(query);
        let sum: f32 = pairs
            .map(|(byte, value)| f32::from(byte.cast_signed()) * value)
            .sum();
        sum * self.scale
    }
}

/// Enough of a digest to tell a torn record from a whole one.
fn sum(bytes: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = *blake3::hash(bytes).as_bytes();
    [a, b, c, d]
}

/// The signs of a vector: set where it is not below nothing.
fn bits(vector: &[f32]) -> Vec<u64> {
    let part = |part: &[f32]| {
        let set = (0u32..).zip(part).filter(|(_, value)| **value >= 0.0);
        set.fold(0u64, |bits, (at, _)| bits | 1 << at)
    };
    vector.chunks(64).map(part).collect()
}

fn hamming(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(dimensions: usize) -> VectorKey {
        VectorKey {
            store: [1; 16],
            model: [2; 32],
            dimensions,
        }
    }

    fn vector(seed: u32, dimensions: usize) -> Vec<f32> {
        let mut state = u64::from(seed) * 2_654_435_761 + 1;
        let mut values: Vec<f32> = Vec::new();
        for _ in 0..dimensions {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            values.push((state >> 40) as f32 / (1 << 23) as f32 - 1.0);
        }
        let length = values.iter().map(|x| x * x).sum::<f32>().sqrt();
        values.iter().map(|x| x / length).collect()
    }

    fn put(vectors: &Vectors, doc: u32) {
        let values = vector(doc, vectors.key.dimensions);
        let own = Vector { values, share: 0.5 };
        vectors
            .put(DocNo(doc), u64::from(doc), [Some(own), None])
            .unwrap();
    }

    fn nearest(vectors: &Vectors, to: u32) -> Vec<u32> {
        let query = vector(to, vectors.key.dimensions);
        let found = vectors.nearest(&query, 5, &[], |_| true).unwrap();
        found.iter().map(|neighbour| neighbour.doc.0).collect()
    }

    #[test]
    fn what_is_put_is_found_after_the_file_is_opened_again_and_what_is_removed_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        let vectors = Vectors::open(&path, key(96)).unwrap();
        for doc in 0..40 {
            put(&vectors, doc);
        }
        put(&vectors, 7);
        vectors.remove(DocNo(9)).unwrap();
        vectors.reach(Sequence(11)).unwrap();
        for vectors in [vectors, Vectors::open(&path, key(96)).unwrap()] {
            assert_eq!(nearest(&vectors, 7).first(), Some(&7));
            assert!(!nearest(&vectors, 9).contains(&9));
            assert_eq!(vectors.len(), 39);
            assert_eq!(
                (vectors.digest(DocNo(7)), vectors.digest(DocNo(9))),
                (Some(7), None)
            );
            assert_eq!(vectors.reached(), Sequence(11));
            assert!((vectors.mean_share() - 0.5).abs() < 0.01);
        }
    }

    #[test]
    fn a_torn_end_is_cut_off_and_another_models_file_is_begun_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        let vectors = Vectors::open(&path, key(64)).unwrap();
        (0..3).for_each(|doc| put(&vectors, doc));
        drop(vectors);
        let size = std::fs::metadata(&path).unwrap().len();
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(size - 5).unwrap();
        let vectors = Vectors::open(&path, key(64)).unwrap();
        assert_eq!(vectors.len(), 2);
        put(&vectors, 5);
        assert_eq!(nearest(&vectors, 5).first(), Some(&5));
        let other = VectorKey {
            model: [3; 32],
            ..key(64)
        };
        assert!(Vectors::open(&path, other).unwrap().is_empty());
    }

    #[test]
    fn the_nearest_by_bits_are_the_nearest() {
        let dir = tempfile::tempdir().unwrap();
        let vectors = Vectors::open(&dir.path().join("vectors"), key(384)).unwrap();
        for doc in 0..300 {
            put(&vectors, doc);
        }
        let mut kept = 0;
        for query in 1_000..1_020 {
            let query = vector(query, 384);
            let exact = vectors.nearest(&query, 300, &[], |_| true).unwrap();
            let near = vectors.nearest(&query, 60, &[], |_| true).unwrap();
            let best = exact.iter().take(10);
            kept += best
                .filter(|best| near.iter().any(|near| near.doc == best.doc))
                .count();
        }
        // Chance vectors have no neighbours worth the name: real ones keep more.
        assert!(kept >= 170, "{kept} of 200");
    }
}
