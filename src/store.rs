//! sled and nothing but sled: packs of bodies, the directory, and the fold of records.

mod annotations;
mod directory;
mod error;
mod fold;
mod matcher;
mod vocabulary;

use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, RwLock, RwLockReadGuard};

use jiff::Timestamp;

pub use annotations::{CategoryFold, CausesFold, Vote};
pub use directory::{CauseCounts, DatasetCount, Directory, Entry, Resolved};
pub use error::StoreError;
pub use fold::{Folded, Refusal, Verdict};
pub use matcher::Matcher;
pub use vocabulary::{Vocabulary, cause_id};

use crate::model::{
    ActId, Article, DocNo, PackNo, Record, RecordId, ReplyId, Revision, Sequence, Source,
    StandardReply, TeamSettings, Ticket, TicketId, View,
};

/// What a pack holds: a ticket or an article.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A ticket.
    Ticket(Ticket),
    /// A reference text.
    Article(Article),
}

/// A record with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its place in the journal.
    pub sequence: Sequence,
    /// The record.
    pub record: Record,
    /// What became of it.
    pub verdict: Verdict,
}

/// A record that did not apply because its key had moved on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptConflict {
    /// Its place in the journal.
    pub sequence: Sequence,
    /// The record.
    pub record: Record,
    /// The change that was faster.
    pub theirs: Option<Sequence>,
}

/// The records that are undone as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// The act it took back.
    pub undoes: Option<ActId>,
    /// Its accepted records in order.
    pub records: Vec<(Sequence, Record)>,
}

/// How often a standard reply was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uses {
    /// How often.
    pub count: u64,
    /// The last time.
    pub last: Option<Timestamp>,
}

/// A saved view with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedView {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub view: View,
    /// Count of its changes.
    pub revision: Revision,
}

/// What a long operation is told and asked after each step: bytes or items done, and in all.
/// Breaking stops it.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Bodies a pack holds at most.
pub const PACK_BODIES: usize = 16;

/// The store of one data directory.
pub struct Store {
    directory: RwLock<Directory>,
}

impl Store {
    /// Opens the store of a data directory, creating both where they are not there, and folds
    /// what the journal holds beyond the applied sequence.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process holds it, [`StoreError::NewerFormat`] when a
    /// newer version wrote it; else when the disk fails or data is damaged.
    pub fn open(_dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            directory: RwLock::default(),
        })
    }
    /// The store's own random id.
    pub fn id(&self) -> [u8; 16] {
        [0; 16]
    }
    /// The random key of fingerprints; it stays with the store and its backups.
    pub fn fingerprint_key(&self) -> [u8; 32] {
        [0; 32]
    }
    /// The sequence of the last record that was folded; 0 = none.
    pub fn applied(&self) -> Sequence {
        Sequence(0)
    }
    /// Stores up to [`PACK_BODIES`] bodies for an import record to name. They become durable with the
    /// next commit; a pack that no record names is lost room, nothing else.
    ///
    /// # Errors
    /// [`StoreError::PackSize`], or when they cannot be encoded or written.
    pub fn put_pack(&self, _bodies: &[Body]) -> Result<PackNo, StoreError> {
        Ok(PackNo(0))
    }
    /// Appends records to the journal, folds them, and returns once all of it is on the disk.
    ///
    /// # Errors
    /// When the journal or the disk fails. A record that may not be applied is no error: its
    /// [`Verdict`] says so.
    pub fn commit(&self, _records: Vec<Record>) -> Result<Vec<Folded>, StoreError> {
        Ok(Vec::new())
    }
    /// The directory, for as long as the guard lives: commits wait for it, so keep it short.
    pub fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    /// The body of a ticket or article, removed ones included.
    ///
    /// # Errors
    /// When there is no such number, or its pack is damaged.
    pub fn body(&self, _doc: DocNo) -> Result<Body, StoreError> {
        Err(StoreError::Failed)
    }
    /// Bodies in the order asked for; each pack is decoded once.
    ///
    /// # Errors
    /// As [`Self::body`].
    pub fn bodies(&self, _docs: &[DocNo]) -> Result<Vec<Body>, StoreError> {
        Ok(Vec::new())
    }
    /// Where a ticket or article stood, in the order it was met.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sources(&self, _doc: DocNo) -> Result<Vec<Source>, StoreError> {
        Ok(Vec::new())
    }
    /// The agents' decision on a ticket's causes; `None` = there never was one. The causes that
    /// hold, given ones included, are [`Directory::causes_of`].
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn causes(&self, _id: TicketId) -> Result<Option<CausesFold>, StoreError> {
        Ok(None)
    }
    /// The agents' decision on a ticket's category; `None` = there never was one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn category(&self, _id: TicketId) -> Result<Option<CategoryFold>, StoreError> {
        Ok(None)
    }
    /// The opinions on a ticket's causes, by user id.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn votes(&self, _id: TicketId) -> Result<Vec<Vote>, StoreError> {
        Ok(Vec::new())
    }
    /// Why a ticket or article is outdated; `None` = it is not.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn outdated(&self, _id: TicketId) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
    /// Revision of any key of a record; 0 = never changed.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn revision(&self, _key: &crate::model::Key) -> Result<Revision, StoreError> {
        Ok(Revision(0))
    }
    /// The vocabulary of root causes.
    pub fn vocabulary(&self) -> Arc<Vocabulary> {
        Arc::default()
    }
    /// The team's settings.
    pub fn settings(&self) -> Arc<TeamSettings> {
        Arc::default()
    }
    /// The saved views by name.
    pub fn views(&self) -> Vec<NamedView> {
        Vec::new()
    }
    /// The curated standard replies by id, retired ones included.
    pub fn replies(&self) -> Vec<StandardReply> {
        Vec::new()
    }
    /// How often a standard reply was copied, curated or not.
    pub fn uses(&self, _reply: ReplyId) -> Uses {
        Uses::default()
    }
    /// The uses of all replies ever copied.
    pub fn all_uses(&self) -> Vec<(ReplyId, Uses)> {
        Vec::new()
    }
    /// A record by id: of the last 100,000, or kept as a conflict.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn record(&self, _id: RecordId) -> Result<Option<Logged>, StoreError> {
        Ok(None)
    }
    /// A record by its place.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn record_at(&self, _sequence: Sequence) -> Result<Option<Logged>, StoreError> {
        Ok(None)
    }
    /// Records before a place (`None` = from the newest on), newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn log(&self, _before: Option<Sequence>, _limit: usize) -> Result<Vec<Logged>, StoreError> {
        Ok(Vec::new())
    }
    /// The records about one ticket (causes, category, votes, outdated), oldest first. Imports
    /// are not among them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn history(&self, _id: TicketId) -> Result<Vec<Logged>, StoreError> {
        Ok(Vec::new())
    }
    /// The records about any one key, oldest first; none for datasets and use counts.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn history_of(&self, _key: &crate::model::Key) -> Result<Vec<Logged>, StoreError> {
        Ok(Vec::new())
    }
    /// The records kept as conflicts, oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn conflicts(&self) -> Result<Vec<KeptConflict>, StoreError> {
        Ok(Vec::new())
    }
    /// The newest act of an author that an undo would take back: not an undo, not undone.
    ///
    /// `session` narrows it to one session; `before` skips acts from that place on, for a caller
    /// that found nothing left to undo in a newer one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn last_act(
        &self,
        _uid: u32,
        _session: Option<&str>,
        _before: Option<Sequence>,
    ) -> Result<Option<Act>, StoreError> {
        Ok(None)
    }
    /// The undo that a redo would take back: not undone itself, and the author did nothing new
    /// since. The redo's records name it in `undoes`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn last_undo(&self, _uid: u32, _session: Option<&str>) -> Result<Option<Act>, StoreError> {
        Ok(None)
    }
    /// Tickets and articles that changed after a sequence, removed ones included, by number.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn changed_since(&self, _sequence: Sequence) -> Result<Vec<DocNo>, StoreError> {
        Ok(Vec::new())
    }
    /// What recognises the stored tickets and articles at an import: some 60 bytes each.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn matcher(&self) -> Result<Matcher, StoreError> {
        Ok(Matcher::default())
    }
    /// A new id of a text; a taken one takes the next salt. What an import is about to add is
    /// looked up in its matcher.
    pub fn new_id(&self, _seed: &[u8], _matcher: Option<&Matcher>) -> TicketId {
        TicketId::from_hash(&[0; 32])
    }
    /// Writes everything up to now as one stream, while others go on reading and writing.
    ///
    /// # Errors
    /// When something cannot be read or written, or `progress` breaks.
    pub fn backup(
        &self,
        _to: &mut dyn Write,
        _progress: Progress<'_>,
    ) -> Result<Sequence, StoreError> {
        Ok(Sequence(0))
    }
    /// Makes a new store of a backup; nothing is left behind when it fails.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] when a store is there, [`StoreError::BadBackup`] when the stream
    /// is not whole; else when the disk fails or `progress` breaks.
    pub fn restore(
        _dir: &Path,
        _from: &mut dyn Read,
        _progress: Progress<'_>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
    /// Closes and reopens the database behind the scenes, which the first start after a bulk
    /// load would else wait for; call it from the background after an import.
    ///
    /// # Errors
    /// When it cannot be opened again; the store then takes nothing more.
    pub fn settle(&self) -> Result<(), StoreError> {
        Ok(())
    }
    /// Bytes on the disk.
    pub fn size_on_disk(&self) -> u64 {
        0
    }
}
