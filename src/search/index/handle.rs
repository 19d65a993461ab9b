//! A tantivy index in a directory with its one writer and its reader.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::{LogMergePolicy, UserOperation};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term};

use super::entry::{Entry, Slots, entries};
use super::schema::{Fields, SCHEMA_VERSION};
use super::stream::{ReadyMade, TOKENIZER};
use crate::model::{DocNo, Sequence};
use crate::search::analysis::{self, Analyser};
use crate::search::{Document, SearchError};

/// Memory of the writer's threads before they write a segment, in bytes each.
///
/// Larger segments are merged less often, which is most of what merging costs.
const WRITER_BYTES: usize = 112 << 20;

/// Threads of the writer at most; they analyse too.
const WRITER_THREADS: usize = 4;

/// Documents that one of them takes at once. As many are analysed, and then written: fewer at a time
/// fit the processor's caches worse, more make too much wait.
pub const GROUP: usize = 128;

/// Bytes of text from which a group is full with fewer: its terms are several times as much.
const GROUP_BYTES: usize = 4 << 20;

/// Groups that wait for each of them at most, the one it is at included.
const GROUPS: usize = 4;

/// Bytes up to which all files are checked against their sums when the index is opened.
const CHECKED_BYTES: u64 = 16 << 20;

/// Small segments that are merged as soon as there are so many.
const MERGED: usize = 5;

/// Entries up to which segments are of one size to the policy: above them only such as are about as
/// large are merged with each other, and not one of thousands with every few annotations.
const LAYER: u32 = 64;

/// Entries from which a segment is large: merging such is left to [`IndexHandle::settle`].
const LARGE: u32 = 8_192;

/// Large segments that are left as they are.
const SETTLED: usize = 2;

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The store it was made of, in hexadecimal.
    pub store: String,
    /// Everything up to this sequence is in it.
    pub sequence: Sequence,
    /// Version of the schema.
    pub schema: u32,
    /// Version of the analysis.
    pub analysis: u32,
    /// Digest of the team's words and synonyms.
    pub lexicon: u64,
}

impl Payload {
    /// The payload of an index that holds nothing yet.
    pub fn empty(store_id: &[u8; 16], lexicon: u64) -> Self {
        Self {
            store: data_encoding::HEXLOWER.encode(store_id),
            sequence: Sequence(0),
            schema: SCHEMA_VERSION,
            analysis: analysis::VERSION,
            lexicon,
        }
    }
}

/// Tells an index how its fields' values are read.
pub fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, ReadyMade);
}

/// An index in a directory.
pub struct IndexHandle {
    dir: PathBuf,
    fields: Fields,
    index: Index,
    reader: IndexReader,
    writer: RwLock<IndexWriter<Entry>>,
    payload: RwLock<Payload>,
    /// Threads that analyse and write.
    threads: usize,
    slots: Slots,
    /// The numbers that may be in it: what is not needs no deletion.
    held: Mutex<Held>,
}

/// Numbers of documents that may be in an index.
struct Held {
    /// All below this one may.
    below: u32,
    /// Those put since the index was opened, a bit each from `below` on.
    put: Vec<u64>,
}

impl Held {
    fn of(searcher: &Searcher) -> tantivy::Result<Self> {
        let mut below = 0;
        for segment in searcher.segment_readers() {
            if segment.max_doc() > 0 {
                let highest = segment.fast_fields().u64("doc")?.max_value();
                let highest = u32::try_from(highest).unwrap_or(u32::MAX);
                below = below.max(highest.saturating_add(1));
            }
        }
        let put = Vec::new();
        Ok(Self { below, put })
    }

    /// Notes a document; whether it may have been there before.
    fn put(&mut self, doc: DocNo) -> bool {
        let Some(above) = doc.0.checked_sub(self.below) else {
            return true;
        };
        let (word, bit) = (above as usize / 64, 1 << (above % 64));
        if self.put.len() <= word {
            self.put.resize(word + 1, 0);
        }
        let Some(word) = self.put.get_mut(word) else {
            return true;
        };
        let held = *word & bit != 0;
        *word |= bit;
        held
    }
}

/// Makes an error of the index library ours.
pub fn failed(doing: &'static str) -> impl FnOnce(tantivy::TantivyError) -> SearchError {
    move |source| SearchError::Index { doing, source }
}

impl IndexHandle {
    /// Makes an empty index in a new directory.
    pub fn create(dir: &Path, payload: Payload) -> Result<Self, SearchError> {
        std::fs::create_dir_all(dir).map_err(|source| SearchError::Io {
            path: dir.to_owned(),
            source,
        })?;
        let (schema, _) = Fields::build();
        let index = Index::create_in_dir(dir, schema).map_err(failed("being created"))?;
        let index = Self::of(dir, index, payload).map_err(failed("being created"))?;
        index.commit(None)?;
        Ok(index)
    }

    /// Opens the index of a directory with the payload of its last commit.
    ///
    /// Small indexes are checked whole, large ones by the ends of their files.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let doing = "being opened";
        let index = Index::open_in_dir(dir).map_err(failed(doing))?;
        if size(dir) <= CHECKED_BYTES {
            let damaged = index.validate_checksum().map_err(failed(doing))?;
            if let Some(path) = damaged.into_iter().next() {
                return Err(SearchError::Damaged { path });
            }
        }
        let metas = index.load_metas().map_err(failed(doing))?;
        let payload = metas
            .payload
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .ok_or_else(|| SearchError::Damaged {
                path: dir.join("meta.json"),
            })?;
        Self::of(dir, index, payload).map_err(failed(doing))
    }

    fn of(dir: &Path, index: Index, payload: Payload) -> tantivy::Result<Self> {
        register(&index);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(WRITER_THREADS);
        let writer: IndexWriter<Entry> =
            index.writer_with_num_threads(threads, WRITER_BYTES * threads)?;
        // A writer's first stamp is that of the last commit. A merge that runs meanwhile would take
        // a deletion under it for a part of that commit, and some of its segments would never see it.
        writer.run(Vec::new())?;
        // Small segments are merged as they come; large ones are left to `settle`.
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(MERGED);
        policy.set_max_docs_before_merge(LARGE as usize);
        policy.set_min_layer_size(LAYER);
        writer.set_merge_policy(Box::new(policy));
        // Reloading is ours: the default watches the directory from a thread.
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let (_, fields) = Fields::build();
        let held = Mutex::new(Held::of(&reader.searcher())?);
        Ok(Self {
            dir: dir.to_owned(),
            fields,
            index,
            reader,
            writer: RwLock::new(writer),
            payload: RwLock::new(payload),
            threads,
            slots: Slots::new(threads * GROUPS),
            held,
        })
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its fields.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What was last committed.
    pub fn payload(&self) -> Payload {
        self.payload
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The index as last committed.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Replaces documents; returns when they wait for the threads that analyse and write them.
    pub fn put(
        &self,
        documents: &[Arc<Document>],
        analyser: &Arc<Analyser>,
    ) -> Result<(), SearchError> {
        let most = documents.len().div_ceil(self.threads).clamp(1, GROUP);
        let mut rest = documents;
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |document: &&Arc<Document>| {
                let fits = bytes < GROUP_BYTES;
                bytes += document.bytes();
                fits
            };
            let count = rest.iter().take(most).take_while(fits).count();
            let (group, others) = rest.split_at(count);
            rest = others;
            let entries = entries(group, analyser, &self.fields, self.slots.take());
            let mut operations = Vec::with_capacity(entries.len());
            let mut last = None;
            for (doc, entry) in entries {
                if last.replace(doc) != Some(doc) && self.may_hold(doc) {
                    operations.push(UserOperation::Delete(self.term(doc)));
                }
                operations.push(UserOperation::Add(entry));
            }
            let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
            let taken = writer.run(operations);
            taken.map_err(failed("taking documents"))?;
        }
        Ok(())
    }

    /// Takes a document out.
    pub fn remove(&self, doc: DocNo) {
        if self.may_hold(doc) {
            let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
            writer.delete_term(self.term(doc));
        }
    }

    /// Whether a document may be in it, as it will be from now on.
    fn may_hold(&self, doc: DocNo) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.put(doc)
    }

    fn term(&self, doc: DocNo) -> Term {
        Term::from_field_u64(self.fields.doc, u64::from(doc.0))
    }

    /// Makes everything put so far findable and lasting, as holding everything up to `sequence`.
    pub fn commit(&self, sequence: Option<Sequence>) -> Result<(), SearchError> {
        let doing = "committing";
        let mut payload = self.payload();
        payload.sequence = sequence.unwrap_or(payload.sequence);
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        let mut prepared = writer.prepare_commit().map_err(failed(doing))?;
        // Numbers and text always serialise.
        prepared.set_payload(&serde_json::to_string(&payload).unwrap_or_default());
        prepared.commit().map_err(failed(doing))?;
        drop(writer);
        self.reader.reload().map_err(failed(doing))?;
        *self.payload.write().unwrap_or_else(PoisonError::into_inner) = payload;
        Ok(())
    }

    /// Merges large segments into two at most, each on a thread of the library's, and waits for
    /// it. What is put meanwhile is taken; searches see the merged ones when this returns.
    pub fn settle(&self) -> Result<(), SearchError> {
        let doing = "merging";
        let metas = self.index.load_metas().map_err(failed(doing))?;
        let mut merged = metas.segments;
        let large = merged.iter().filter(|segment| segment.max_doc() >= LARGE);
        if large.count() <= SETTLED {
            return Ok(());
        }
        // Those of middling size go along.
        merged.retain(|segment| segment.max_doc() > LAYER);
        let merges: Vec<_> = {
            let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
            groups(merged)
                .into_iter()
                .filter(|group| group.len() > 1)
                .map(|group| writer.merge(&group))
                .collect()
        };
        for merge in merges {
            // A segment that the policy merged meanwhile is none the worse for it.
            if let Err(error) = merge.wait()
                && !matches!(error, TantivyError::InvalidArgument(_))
            {
                return Err(failed(doing)(error));
            }
        }
        self.reader.reload().map_err(failed(doing))
    }

    /// Tickets and articles in it.
    pub fn documents(&self) -> tantivy::Result<usize> {
        let searcher = self.searcher();
        let mut count = 0;
        for place in [0, 1] {
            let term = Term::from_field_u64(self.fields.place, place);
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            count += searcher.search(&query, &tantivy::collector::Count)?;
        }
        Ok(count)
    }

    /// The files whose content does not match their sums; reads the whole index.
    pub fn damaged(&self) -> Result<Vec<PathBuf>, SearchError> {
        let damaged = self
            .index
            .validate_checksum()
            .map_err(failed("being checked"))?;
        Ok(damaged.into_iter().collect())
    }
}

/// Segments as two groups of like size: by size, each into the smaller group.
fn groups(mut segments: Vec<SegmentMeta>) -> [Vec<SegmentId>; SETTLED] {
    segments.sort_by_key(|segment| std::cmp::Reverse(segment.num_docs()));
    let mut groups: [Vec<SegmentId>; SETTLED] = Default::default();
    let mut sizes = [0_u64; SETTLED];
    for segment in segments {
        let smaller = sizes
            .iter_mut()
            .zip(&mut groups)
            .min_by_key(|(size, _)| **size);
        if let Some((size, group)) = smaller {
            *size += u64::from(segment.num_docs());
            group.push(segment.id());
        }
    }
    groups
}

/// Bytes of the files of a directory.
pub fn size(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return 0;
    };
    entries
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .map(|meta| meta.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TicketId;
    use crate::search::Lexicon;

    #[test]
    fn a_merge_beside_the_first_change_of_a_start_loses_no_deletion() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index-1");
        let analyser = Arc::new(Analyser::new(&Lexicon::default()));
        let put = |index: &IndexHandle, numbers: std::ops::Range<u32>| {
            let ticket = |n| Arc::new(Document::ticket(DocNo(n), TicketId::from_bits(n.into())));
            let tickets: Vec<_> = numbers.map(ticket).collect();
            index.put(&tickets, &analyser).unwrap();
        };
        let index = IndexHandle::create(&path, Payload::empty(&[1; 16], 0)).unwrap();
        for numbers in [0..9, 9..10, 0..1] {
            put(&index, numbers);
            index.commit(None).unwrap();
        }
        drop(index);
        let index = IndexHandle::open(&path).unwrap();
        put(&index, 1..2);
        // Those without a deletion first: the merged segment goes on from where the first stands.
        let mut segments = index.index.searchable_segment_metas().unwrap();
        segments.sort_by_key(SegmentMeta::num_deleted_docs);
        let ids: Vec<SegmentId> = segments.iter().map(SegmentMeta::id).collect();
        let merge = index.writer.write().unwrap().merge(&ids);
        merge.wait().unwrap();
        index.commit(None).unwrap();
        assert_eq!(index.documents().unwrap(), 10);
    }
}
