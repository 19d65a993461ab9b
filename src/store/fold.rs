//! Applying records to the state, in the log's order: what is accepted, kept or refused.
//!
//! The fold is a function of the state and the record alone: no clock, no chance, nothing of the
//! process. Folding the same log anywhere gives the same state, whatever batches it is cut
//! into. It writes into a [`Fold`], whose writes go to the disk in one piece.

mod annotate;
mod books;
mod import;
mod team;
mod vocabulary;

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

pub(super) use books::{ActHead, decode_act, decode_conflict, decode_verdict};

use super::codec::{Reader, put};
use super::directory::{self, Directory, Row};
use super::engine::{Engine, Pair};
use super::origins::{self, Origin};
use super::tables::{Recent, Tables};
use super::verdict::{Folded, Refusal, Verdict};
use super::{StoreError, keys, records};
use crate::journal::{BodyFacts, Pack};
use crate::model::{DocNo, Key, Op, PackNo, Record, Revision, Sequence, TicketId};

/// Whether an operation was done, or why not.
type Outcome = Result<(), Refusal>;

/// Gives a record that is in the log.
pub(super) type RecordAt<'a> = &'a dyn Fn(Sequence) -> Result<Record, StoreError>;

/// Revision and last change of a key.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Head {
    pub(super) revision: Revision,
    pub(super) sequence: Sequence,
}

impl Head {
    fn encode(self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.revision.0.into());
        put(&mut out, self.sequence.0);
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        Some(Self {
            revision: Revision(reader.take_u32()?),
            sequence: Sequence(reader.take()?),
        })
    }
}

/// Values by key; `None` = removed.
type Writes = HashMap<Vec<u8>, Option<Vec<u8>>>;

/// A fold under way: the state in memory, and the writes that will make it durable.
pub(super) struct Fold<'a> {
    engine: &'a Engine,
    directory: &'a mut Directory,
    tables: &'a mut Tables,
    recent: &'a mut Recent,
    /// The packs of the parcel that is being folded, and the number of the first.
    packs: &'a [Pack],
    first_pack: u32,
    record_at: RecordAt<'a>,
    writes: Writes,
    /// Pages are decoded once and encoded once, however many lines of them change.
    origins: HashMap<u32, Vec<Origin>>,
    pages: BTreeSet<u32>,
    recent_pages: BTreeSet<u32>,
}

impl<'a> Fold<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        directory: &'a mut Directory,
        tables: &'a mut Tables,
        recent: &'a mut Recent,
        record_at: RecordAt<'a>,
    ) -> Self {
        Self {
            engine,
            directory,
            tables,
            recent,
            packs: &[],
            first_pack: 0,
            record_at,
            writes: HashMap::new(),
            origins: HashMap::new(),
            pages: BTreeSet::new(),
            recent_pages: BTreeSet::new(),
        }
    }

    /// Begins the next parcel of the log: keeps the facts of its packs, the first of them under this
    /// number. The packs themselves are written before.
    ///
    /// # Errors
    /// When facts cannot be encoded.
    pub(super) fn begin(&mut self, packs: &'a [Pack], first: u32) -> Result<(), StoreError> {
        (self.packs, self.first_pack) = (packs, first);
        for (number, pack) in (first..).map(PackNo).zip(packs) {
            let facts = records::encode_facts(&pack.facts)?;
            self.put(keys::facts(number), facts);
        }
        Ok(())
    }

    /// The pack that a record names by its place in the parcel, with its number.
    fn named_pack(&self, place: PackNo) -> Option<(PackNo, &'a Pack)> {
        let pack = self.packs.get(place.0 as usize)?;
        Some((PackNo(self.first_pack + place.0), pack))
    }

    /// The facts of a pack's bodies.
    fn facts(&self, number: PackNo) -> Result<Option<Vec<BodyFacts>>, StoreError> {
        let here = number.0.checked_sub(self.first_pack);
        match here.and_then(|place| self.packs.get(place as usize)) {
            Some(pack) => Ok(Some(pack.facts.clone())),
            // One of an earlier parcel of the same batch is in the writes.
            None => match self.writes.get(&keys::facts(number)) {
                Some(Some(bytes)) => records::decode_facts(number, bytes).map(Some),
                Some(None) | None => records::facts(self.engine, number),
            },
        }
    }

    /// The lines of what a record touched, as they are now.
    pub(super) fn lines(&self, touched: &[DocNo]) -> Vec<Vec<u8>> {
        let lines = touched.iter().filter_map(|doc| self.directory.row(*doc));
        lines.map(|row| format!("{row:?}").into_bytes()).collect()
    }

    /// Writes something beside what the fold makes.
    pub(super) fn keep(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.put(key, value);
    }

    /// Folds the next record of the log.
    ///
    /// # Errors
    /// When the disk fails or data is damaged: the state in memory is of no use then.
    pub(super) fn fold(
        &mut self,
        sequence: Sequence,
        record: &Record,
    ) -> Result<Folded, StoreError> {
        let mut touched = Vec::new();
        let verdict = if self.recent.sequence(record.id).is_some() {
            Verdict::Repeated
        } else {
            self.remember(record.id, sequence);
            self.judge(sequence, record, &mut touched)?
        };
        touched.sort_unstable();
        touched.dedup();
        self.book(sequence, record, &verdict, &touched)?;
        Ok(Folded {
            sequence,
            verdict,
            touched,
        })
    }

    /// Ends the fold: everything that is to be written, up to a sequence, in one piece.
    pub(super) fn finish(mut self, applied: Sequence) -> Writes {
        for page in std::mem::take(&mut self.pages) {
            let bytes = self.directory.page(page);
            self.put(keys::page(keys::DIRECTORY, page), bytes);
        }
        for (page, lines) in std::mem::take(&mut self.origins) {
            self.put(keys::page(keys::ORIGINS, page), origins::encode(&lines));
        }
        for page in std::mem::take(&mut self.recent_pages) {
            let bytes = self.recent.page(page);
            self.put(keys::page(keys::RECENT, page), bytes);
        }
        self.put(keys::meta("applied"), applied.0.to_be_bytes().to_vec());
        self.writes
    }

    fn judge(
        &mut self,
        sequence: Sequence,
        record: &Record,
        touched: &mut Vec<DocNo>,
    ) -> Result<Verdict, StoreError> {
        if record.v > Record::VERSION || !fits(&record.key, &record.op) {
            return Ok(Verdict::Refused(Refusal::BadRecord));
        }
        if let Key::Conflict(kept) = record.key {
            return match record.op {
                Op::Resolve { apply } => self.resolve(sequence, record, kept, apply, touched),
                // `fits` let nothing else through.
                _ => self.reopen(kept),
            };
        }
        let head = self.head(&record.key)?;
        if record.base_rev.is_some_and(|base| base != head.revision) {
            self.keep_conflict(sequence, record, head);
            return Ok(Verdict::Conflict);
        }
        self.enact(sequence, record, touched)
    }

    /// Applies a record against today's revision.
    fn enact(
        &mut self,
        sequence: Sequence,
        record: &Record,
        touched: &mut Vec<DocNo>,
    ) -> Result<Verdict, StoreError> {
        let revision = self.head(&record.key)?.revision.next();
        let outcome = self.apply(record, revision, touched)?;
        if let Err(refusal) = outcome {
            return Ok(Verdict::Refused(refusal));
        }
        let head = Head { revision, sequence };
        self.put(keys::head(&record.key), head.encode());
        Ok(Verdict::Accepted { revision })
    }

    fn apply(
        &mut self,
        record: &Record,
        revision: Revision,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        match (&record.key, &record.op) {
            (Key::Cause(id), Op::Causes { .. }) => self.set_causes(*id, record, revision, touched),
            (Key::Category(id), Op::Category { .. }) => {
                self.set_category(*id, record, revision, touched)
            }
            // What is one person's changes nobody else's record, whatever it says of its owner.
            (Key::View(name), Op::View(change))
                if !record.author.may_keep_view(name)
                    || change.to.as_ref().is_some_and(|view| !view.fits(name)) =>
            {
                Ok(Err(Refusal::BadRecord))
            }
            (Key::Vote(id, uid), Op::Vote { .. }) => self.set_vote(*id, *uid, record, touched),
            (Key::Outdated(id), Op::Outdated(change)) => {
                self.set_outdated(*id, change.to.as_ref(), touched)
            }
            (Key::Vocab(id), op) => self.change_cause(*id, op, record, revision, touched),
            (Key::Reply(id), Op::Reply(change)) => self.change_reply(*id, change, revision),
            (Key::View(name), Op::View(change)) => {
                self.set_view(name, change.to.as_ref(), revision)
            }
            (Key::Setting(setting), Op::Setting(change)) => {
                Ok(self.set_setting(*setting, change.to.as_deref()))
            }
            (Key::Use(id), Op::Use { count, turn, .. }) => {
                self.count_use(*id, *count, *turn, record)
            }
            (Key::Star(id, uid), Op::Star(change)) => self.star(*id, *uid, change.to),
            (Key::Dataset(name), Op::Import(batch)) => {
                self.import(name, record.act, batch, touched)
            }
            (Key::Dataset(name), Op::RemoveDataset) => self.remove_dataset(name, touched),
            // `fits` let no other pair through.
            _ => Ok(Err(Refusal::BadRecord)),
        }
    }

    /// A value as the writes so far leave it.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.engine.get(key),
        }
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.writes.insert(key, Some(value));
    }

    fn put_json<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), StoreError> {
        let json = serde_json::to_vec(value).map_err(|e| StoreError::Encode(e.into()))?;
        self.put(key, json);
        Ok(())
    }

    fn remove(&mut self, key: Vec<u8>) {
        self.writes.insert(key, None);
    }

    /// Keys with a prefix and their values as the writes so far leave them, in order.
    fn scan(&self, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
        let mut found = Vec::new();
        for item in self.engine.scan(prefix) {
            let (key, value) = item?;
            if !self.writes.contains_key(&key) {
                found.push((key, value));
            }
        }
        let written = self
            .writes
            .iter()
            .filter(|(key, _)| key.starts_with(prefix));
        found.extend(written.filter_map(|(key, value)| Some((key.clone(), value.clone()?))));
        found.sort_unstable();
        Ok(found)
    }

    fn head(&self, key: &Key) -> Result<Head, StoreError> {
        match self.get(&keys::head(key))? {
            None => Ok(Head::default()),
            Some(bytes) => {
                Head::decode(&bytes).ok_or_else(|| StoreError::damaged("a key's revision"))
            }
        }
    }

    /// The number and line of something shown.
    fn shown(&self, id: TicketId) -> Option<(DocNo, Row)> {
        let doc = self.directory.by_id(id)?;
        let row = self.directory.row(doc)?;
        (!row.removed()).then_some((doc, row))
    }

    fn put_row(&mut self, doc: DocNo, row: Row) {
        self.directory.put(doc, row);
        self.pages.insert(doc.0 / directory::PAGE as u32);
    }
}

/// Whether an operation belongs to a key.
fn fits(key: &Key, op: &Op) -> bool {
    match op {
        Op::Causes { .. } => matches!(key, Key::Cause(_)),
        Op::Category { .. } => matches!(key, Key::Category(_)),
        Op::Vote { .. } => matches!(key, Key::Vote(..)),
        Op::CauseCreate { .. }
        | Op::CauseDrop { .. }
        | Op::CauseRename(_)
        | Op::CauseGroup(_)
        | Op::CauseMerge(_)
        | Op::CauseRetire(_) => matches!(key, Key::Vocab(_)),
        Op::Reply(_) => matches!(key, Key::Reply(_)),
        Op::Outdated(_) => matches!(key, Key::Outdated(_)),
        Op::View(_) => matches!(key, Key::View(_)),
        Op::Setting(_) => matches!(key, Key::Setting(_)),
        Op::Use { .. } => matches!(key, Key::Use(_)),
        Op::Star(_) => matches!(key, Key::Star(..)),
        Op::Import(_) | Op::RemoveDataset => matches!(key, Key::Dataset(_)),
        Op::Resolve { .. } | Op::Reopen => matches!(key, Key::Conflict(_)),
    }
}
