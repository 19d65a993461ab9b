//! Keeping insight at the store's heels: one thread that reads the tickets, follows changes and
//! names suspects.
//!
//! It starts with the first request that needs it, or with the first session that listens: a
//! command that lists tickets does not pay for it. Flags in rows are of a finished run only, and
//! a ticket that changes loses its flags until the next.

mod flags;
mod queue;
mod saved;
mod worker;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use queue::Queue;
use worker::Worker;

use crate::api::{DeskError, Fanout};
use crate::insight::{Insight, Words};
use crate::model::{DocNo, Sequence, TicketId};
use crate::search::Search;
use crate::store::{Body, Store};

pub(super) use flags::Flags;

/// Insight with the thread that feeds it.
pub(super) struct Insights {
    file: PathBuf,
    shared: Arc<Shared>,
    search: Search,
    store: Arc<Store>,
    pushes: Arc<Fanout>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    insight: RwLock<Insight>,
    flags: RwLock<Arc<Flags>>,
}

impl Insights {
    /// `file` is where a run's result is kept for the next process.
    pub(super) fn new(
        file: PathBuf,
        store: Arc<Store>,
        search: Search,
        pushes: Arc<Fanout>,
    ) -> Self {
        Self {
            file,
            shared: Arc::new(Shared {
                queue: Mutex::new(Queue::default()),
                changed: Condvar::new(),
                insight: RwLock::new(Insight::default()),
                flags: RwLock::default(),
            }),
            search,
            store,
            pushes,
            thread: Mutex::new(None),
        }
    }

    /// Begins the first run, unless it has begun.
    pub(super) fn start(&self) -> Result<(), DeskError> {
        let mut slot = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_some() {
            return Ok(());
        }
        {
            let mut queue = self.shared.lock();
            queue.started = true;
            queue.full = true;
            queue.sequence = self.store.applied();
        }
        let worker = Worker {
            file: self.file.clone(),
            unsaved: 0,
            rest: None,
            shared: Arc::clone(&self.shared),
            words: Arc::new(Segmented(self.search.clone())),
            store: Arc::clone(&self.store),
            pushes: Arc::clone(&self.pushes),
        };
        let thread = thread::Builder::new()
            .name("insight".to_owned())
            .spawn(move || worker.run())
            .map_err(DeskError::bug)?;
        *slot = Some(thread);
        Ok(())
    }

    /// Tells of changed tickets; `sequence` = the store's after the change, `vocabulary` = causes
    /// changed too.
    pub(super) fn changed(&self, sequence: Sequence, docs: &[DocNo], vocabulary: bool) {
        let mut queue = self.shared.lock();
        queue.sequence = queue.sequence.max(sequence);
        if !queue.started || (docs.is_empty() && !vocabulary) {
            return;
        }
        let ids: HashSet<TicketId> = {
            let directory = self.store.directory();
            let entries = docs.iter().filter_map(|doc| directory.entry(*doc));
            entries.map(|entry| entry.id).collect()
        };
        self.shared.drop_flags(&ids);
        queue.stale.extend(ids);
        queue.docs.extend(docs.iter().copied());
        queue.vocabulary |= vocabulary;
        queue.last_change = Some(Instant::now());
        drop(queue);
        self.shared.changed.notify_all();
    }

    /// Begins no run of its own accord while an import is under way, until the guard is dropped.
    pub(super) fn during_import(&self) -> DuringImport<'_> {
        self.shared.lock().imports += 1;
        DuringImport(&self.shared)
    }

    /// The words that tell tickets apart may have changed: all are read again.
    pub(super) fn lexicon_changed(&self) {
        let mut queue = self.shared.lock();
        if queue.started {
            queue.full = true;
            queue.last_change = Some(Instant::now());
        }
        drop(queue);
        self.shared.changed.notify_all();
    }

    /// Waits until a finished run holds everything acknowledged so far.
    pub(super) fn wait(&self) -> Result<(), DeskError> {
        self.start()?;
        let mut queue = self.shared.lock();
        queue.waiting += 1;
        self.shared.changed.notify_all();
        while !queue.idle() && queue.failed.is_none() {
            queue = self
                .shared
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        queue.waiting -= 1;
        match &queue.failed {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }

    /// Percent of the first run that are over, which this begins; `None` = it is done.
    pub(super) fn progress(&self) -> Result<Option<u64>, DeskError> {
        self.start()?;
        let queue = self.shared.lock();
        match &queue.failed {
            Some(error) => Err(error.clone()),
            None if queue.ready => Ok(None),
            None => Ok(Some((queue.done * 100 / queue.total.max(1)).min(99))),
        }
    }

    /// What the tickets tell; refused until the first run is done, which this begins.
    pub(super) fn read(&self) -> Result<RwLockReadGuard<'_, Insight>, DeskError> {
        match self.progress()? {
            None => Ok(self.shared.read()),
            Some(percent) => Err(DeskError::InsightNotReady { percent }),
        }
    }

    /// What the tickets tell, where a run is done already; begins nothing.
    pub(super) fn at_hand(&self) -> Option<RwLockReadGuard<'_, Insight>> {
        let ready = self.shared.lock().ready;
        ready.then(|| self.shared.read())
    }

    /// What the last finished run doubts.
    pub(super) fn flags(&self) -> Arc<Flags> {
        let flags = self.shared.flags.read();
        Arc::clone(&flags.unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Insights {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        let slot = self
            .thread
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = slot.take() {
            // A panic of the thread was its own end; the store is untouched by it.
            let _ = thread.join();
        }
    }
}

/// An import is under way.
pub(super) struct DuringImport<'a>(&'a Shared);

impl Drop for DuringImport<'_> {
    fn drop(&mut self) {
        self.0.lock().imports -= 1;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // The queue is whole between any two statements.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Insight> {
        self.insight.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Insight> {
        self.insight.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn drop_flags(&self, ids: &HashSet<TicketId>) {
        let mut flags = self.flags.write().unwrap_or_else(PoisonError::into_inner);
        if ids
            .iter()
            .any(|id| flags.suspect(*id) || flags.misfiled(*id))
        {
            *flags = Arc::new(flags.without(ids));
        }
    }
}

/// The index's words, so that names of products count as one.
struct Segmented(Search);

impl Words for Segmented {
    fn words(&self, text: &str) -> Vec<String> {
        self.0.segment(text)
    }
}

/// Gives the text of a ticket's turn, read from the store.
pub(super) fn turn_of(store: &Store) -> impl Fn(TicketId, usize) -> Option<String> + use<'_> {
    |ticket, turn| {
        let doc = store.directory().by_id(ticket)?;
        match store.body(doc).ok()? {
            Body::Ticket(body) => body.dialogue.into_iter().nth(turn).map(|turn| turn.text),
            Body::Article(_) => None,
        }
    }
}
