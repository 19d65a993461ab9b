//! The thread that feeds the index.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::queue::{BATCH, FEW, Pending, QUIET, Work};
use super::{Shared, lexicon};
use crate::api::{DeskError, Fanout, IndexWork, JobState, Progress, Push};
use crate::desk::documents::document;
use crate::model::{DocNo, Sequence};
use crate::search::{Document, Search};
use crate::store::Store;

/// Documents between two commits while a backlog is worked off.
const COMMIT_EVERY: u64 = 100_000;
/// How long it rests at most after few changes were committed soon: what comes meanwhile is still
/// findable within a tenth of a second.
const SHORT_REST: Duration = Duration::from_millis(25);
/// What is committed later than this was kept waiting by others who need the processors: it rests
/// some times as long, but no longer than this, and leaves them to the team's searches.
const SOON: Duration = Duration::from_millis(80);
const REST: u32 = 4;
const LONGEST_REST: Duration = Duration::from_millis(400);

/// How long to rest after a commit of few changes that took so long.
fn rest(took: Duration) -> Duration {
    if took <= SOON {
        took.min(SHORT_REST)
    } else {
        (took * REST).min(LONGEST_REST)
    }
}

/// The thread's own state.
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) search: Search,
    pub(super) store: Arc<Store>,
    pub(super) pushes: Arc<Fanout>,
    /// Documents put since the last commit.
    pub(super) uncommitted: u64,
}

impl Worker {
    pub(super) fn run(mut self) {
        loop {
            let result = match self.take() {
                Work::Put(pending) => self.put(&pending),
                Work::Rebuild => self.rebuild(),
                Work::Commit(sequence) => self.commit(sequence),
                Work::Close => return,
            };
            let mut queue = self.shared.lock();
            if let Err(error) = result {
                queue.failed = Some(error.to_string());
                queue.few.clear();
                queue.many.clear();
                queue.rebuild = false;
                queue.put = None;
            }
            queue.busy = false;
            let work = queue.work();
            queue.rebuilding = false;
            let idle = queue.idle();
            let mut told = false;
            if idle {
                queue.done = 0;
                queue.total = 0;
                queue.hurry = false;
                told = std::mem::take(&mut queue.told);
            }
            let closing = queue.closing && queue.failed.is_some();
            drop(queue);
            self.shared.changed.notify_all();
            if told {
                self.tell(work, 0, 0, JobState::Done);
            }
            if closing {
                return;
            }
        }
    }

    fn take(&self) -> Work {
        let mut queue = self.shared.lock();
        loop {
            if let Some(work) = queue.next() {
                queue.busy = true;
                return work;
            }
            // What was put is told of when nothing came after it for a while.
            let quiet = queue.put.map(|_| QUIET);
            let now = Instant::now();
            let rest = queue.rest.filter(|_| !queue.few.is_empty());
            let rest = rest.map(|until| until.saturating_duration_since(now));
            let wait = quiet.into_iter().chain(rest).min().unwrap_or(Duration::MAX);
            queue = self
                .shared
                .changed
                .wait_timeout(queue, wait)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn put(&mut self, pending: &Pending) -> Result<(), DeskError> {
        let begun = Instant::now();
        for docs in pending.docs.chunks(BATCH) {
            self.feed(docs)?;
            self.uncommitted += docs.len() as u64;
            self.advance(docs.len());
        }
        let mut queue = self.shared.lock();
        queue.note(pending);
        let few = pending.docs.len() <= FEW && queue.few.is_empty();
        let due = few || self.uncommitted >= COMMIT_EVERY;
        let Some((sequence, _)) = queue.put.take_if(|_| due) else {
            return Ok(());
        };
        drop(queue);
        self.commit(sequence)?;
        if few {
            self.search.flush()?;
            self.tell_findable(&pending.docs);
            let rest = rest(begun.elapsed());
            self.shared.lock().rest = Some(Instant::now() + rest);
        }
        Ok(())
    }

    fn tell_findable(&self, docs: &[DocNo]) {
        let directory = self.store.directory();
        let entries = docs.iter().filter_map(|doc| directory.entry(*doc));
        let ids = entries.map(|entry| entry.id).collect();
        drop(directory);
        self.pushes.send(&Push::Findable(ids));
    }

    fn commit(&mut self, sequence: Sequence) -> Result<(), DeskError> {
        self.uncommitted = 0;
        self.search.commit(sequence)?;
        self.shared.lock().committed = sequence;
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Builds the index anew beside the old one, which serves and follows meanwhile.
    fn rebuild(&mut self) -> Result<(), DeskError> {
        let sequence = self.store.applied();
        let docs: Vec<DocNo> = self.store.directory().docs().collect();
        {
            let mut queue = self.shared.lock();
            queue.done = 0;
            queue.total = docs.len() as u64;
        }
        let mut rebuilder = self.search.rebuild(&lexicon(&self.store))?;
        for docs in docs.chunks(BATCH) {
            let documents = self.documents(docs)?.0;
            rebuilder.put(documents)?;
            self.advance(docs.len());
            loop {
                let mut queue = self.shared.lock();
                if queue.closing {
                    // It is owed still: what there is must not be taken for the whole.
                    queue.rebuild = true;
                    return Ok(());
                }
                let Some(few) = queue.few() else {
                    break;
                };
                drop(queue);
                self.feed(&few.docs)?;
            }
        }
        self.store.sync()?;
        rebuilder.finish(sequence)?;
        self.search.settle();
        self.pushes.send(&Push::Reload);
        Ok(())
    }

    fn feed(&self, docs: &[DocNo]) -> Result<(), DeskError> {
        let (documents, removed) = self.documents(docs)?;
        if !removed.is_empty() {
            self.search.remove(&removed)?;
        }
        if !documents.is_empty() {
            self.search.put(documents)?;
        }
        Ok(())
    }

    /// The documents to put, and the numbers to take out.
    fn documents(&self, docs: &[DocNo]) -> Result<(Vec<Document>, Vec<DocNo>), DeskError> {
        let (shown, removed): (Vec<DocNo>, Vec<DocNo>) = {
            let directory = self.store.directory();
            docs.iter()
                .partition(|doc| directory.entry(**doc).is_some_and(|e| !e.removed))
        };
        let bodies = self.store.followed_bodies(&shown)?;
        // The index must never hold what the store would not find again after its end.
        self.store.sync()?;
        let documents = shown
            .iter()
            .zip(bodies)
            .filter_map(|(doc, body)| document(&self.store, *doc, body));
        Ok((documents.collect(), removed))
    }

    fn advance(&self, by: usize) {
        let mut queue = self.shared.lock();
        queue.done += by as u64;
        let (work, done, total) = (queue.work(), queue.done, queue.total);
        let tells = total > FEW as u64;
        queue.told |= tells;
        drop(queue);
        self.shared.changed.notify_all();
        if tells {
            self.tell(work, done, total, JobState::Running);
        }
    }

    fn tell(&self, work: IndexWork, done: u64, total: u64, state: JobState) {
        let what = work.name().to_owned();
        self.pushes.send(&Push::Progress(Progress {
            job: None,
            what,
            done,
            total,
            state,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_findable_soon_unless_the_processors_are_needed_elsewhere() {
        let quick = Duration::from_millis(30);
        assert!(rest(quick) + 2 * quick < Duration::from_millis(100));
        let slow = Duration::from_millis(90);
        assert!(rest(slow) > 2 * slow && rest(10 * slow) == LONGEST_REST);
    }
}
