//! Keeping the index at the store's heels: one thread that catches up, follows and rebuilds.
//!
//! Few changed tickets (an annotation) pass many (an import). The index is told a sequence only
//! when everything up to it has been put, so a crash at any point leaves it behind, never ahead.

mod queue;
mod worker;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use queue::{FEW, Queue};
use worker::Worker;

use crate::api::{Behind, DeskError, Fanout, IndexWork, Push};
use crate::model::{DocNo, Sequence};
use crate::search::{Lexicon, Search, Standing};
use crate::store::Store;

/// The index with the thread that feeds it.
pub(super) struct Indexing {
    pub(super) search: Search,
    store: Arc<Store>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    pushes: Arc<Fanout>,
    /// Whether somebody was answered before the words were there.
    early: AtomicBool,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Indexing {
    pub(super) fn open(
        dir: &Path,
        store: Arc<Store>,
        pushes: Arc<Fanout>,
    ) -> Result<Self, DeskError> {
        let (search, standing) = Search::open(dir, store.id(), &lexicon(&store))?;
        let mut queue = Queue::default();
        match standing {
            Standing::At(sequence) if sequence <= store.applied() => {
                let docs = store.changed_since(sequence)?;
                queue.add(sequence, store.applied(), docs);
            }
            // Ahead of the store, or beyond repair.
            Standing::At(_) | Standing::Rebuild { .. } => {
                queue.rebuild = true;
                queue.total = store.directory().docs().count() as u64;
            }
        }
        let shared = Arc::new(Shared {
            queue: Mutex::new(queue),
            changed: Condvar::new(),
        });
        let worker = Worker {
            shared: Arc::clone(&shared),
            search: search.clone(),
            store: Arc::clone(&store),
            pushes: Arc::clone(&pushes),
            uncommitted: 0,
        };
        let thread = thread::Builder::new()
            .name("indexing".to_owned())
            .spawn(move || worker.run())
            .map_err(DeskError::bug)?;
        Ok(Self {
            search,
            store,
            shared,
            thread: Some(thread),
            pushes,
            early: AtomicBool::new(false),
        })
    }

    /// Queues documents that a commit changed: the store's sequence `before` and after it.
    pub(super) fn changed(&self, before: Sequence, sequence: Sequence, docs: &[DocNo]) {
        self.shared.lock().add(before, sequence, docs.to_vec());
        self.shared.changed.notify_all();
    }

    /// Waits until not much waits for the index, so that an import's bodies are still in memory when
    /// it comes to them. Of an index that makes no headway now, nothing is waited for; nor when
    /// `stops` says so.
    pub(super) fn make_room(&self, stops: impl Fn() -> bool) {
        let mut queue = self.shared.lock();
        while queue.is_full() && !stops() {
            queue = self.shared.wait(queue);
        }
    }

    /// Words or synonyms may have changed: the index is built anew with them.
    pub(super) fn lexicon_changed(&self) {
        let mut queue = self.shared.lock();
        queue.rebuild = true;
        self.shared.changed.notify_all();
    }

    /// How far a rebuild or catch-up is; `None` = the index is up to date.
    pub(super) fn behind(&self) -> Option<Behind> {
        self.shared.lock().behind()
    }

    /// The same as an answer tells it: a few changes are there in a moment, and of a team that
    /// annotates there are always some.
    pub(super) fn far_behind(&self) -> Option<Behind> {
        let queue = self.shared.lock();
        let few = queue.total <= FEW as u64 && queue.work() == IndexWork::Index;
        queue.behind().filter(|_| !few)
    }

    /// Waits until everything acknowledged so far is findable, and queries are cut into words.
    pub(super) fn catch_up(&self) -> Result<(), DeskError> {
        let queue = self.shared.wait_for(self.store.applied());
        if let Some(detail) = &queue.failed {
            return Err(DeskError::Storage {
                path: None,
                detail: detail.clone(),
            });
        }
        drop(queue);
        self.search.flush()?;
        self.search.dictionary().wait();
        Ok(())
    }

    /// Somebody was answered: who asked before the words were there is told to ask again when they
    /// are.
    pub(super) fn answered(&self) {
        let dictionary = self.search.dictionary();
        if dictionary.is_ready() || self.early.swap(true, Ordering::Relaxed) {
            return;
        }
        let pushes = Arc::clone(&self.pushes);
        let thread = thread::Builder::new().name("words".to_owned());
        // Without a thread the next key asks again.
        let _ = thread.spawn(move || {
            dictionary.wait();
            pushes.send(&Push::Reload);
        });
    }
}

impl Drop for Indexing {
    /// Finishes what is few, leaves what is many to the next start.
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was its own end; the store is untouched by it.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // The queue is whole between any two statements.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the index was told of everything up to a sequence, or never will be.
    fn wait_for(&self, wanted: Sequence) -> MutexGuard<'_, Queue> {
        let mut queue = self.lock();
        while !queue.holds(wanted) && queue.failed.is_none() {
            // Once is enough: two who wait would wake each other without end.
            if !std::mem::replace(&mut queue.hurry, true) {
                self.changed.notify_all();
            }
            queue = self.wait(queue);
        }
        queue
    }

    fn wait<'a>(&self, queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
        let queue = self.changed.wait(queue);
        queue.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The team's words for the index.
fn lexicon(store: &Store) -> Lexicon {
    let settings = store.settings();
    Lexicon {
        words: settings.words.clone(),
        synonyms: settings.synonyms.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn many_who_wait_for_the_index_do_not_keep_each_other_awake() {
        let mut queue = Queue::default();
        queue.add(Sequence(0), Sequence(1), vec![DocNo(1)]);
        let shared = Shared {
            queue: Mutex::new(queue),
            changed: Condvar::new(),
        };
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| drop(shared.wait_for(Sequence(1))));
            }
            // The thread that feeds the index is woken by them some times, and then left to its work.
            let mut queue = shared.lock();
            let mut woken = 0;
            loop {
                let patience = Duration::from_millis(300);
                let (after, over) = shared.changed.wait_timeout(queue, patience).unwrap();
                queue = after;
                woken += 1;
                if over.timed_out() || woken > 1_000 {
                    break;
                }
            }
            // Lets them go before anything is said of it.
            queue.few.clear();
            drop(queue);
            shared.changed.notify_all();
            assert!(woken <= 1_000, "they wake each other without end");
        });
    }
}
