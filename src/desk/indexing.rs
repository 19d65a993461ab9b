//! Keeping the index at the store's heels: one thread that catches up, follows and rebuilds.
//!
//! Few changed tickets (an annotation) pass many (an import). The index is told a sequence only
//! when everything up to it has been put, so a crash at any point leaves it behind, never ahead.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::model::{DocNo, Sequence};
use crate::search::{Document, Lexicon, Search, Standing};
use crate::store::Store;

use super::api::{Behind, DeskError, ErrorCode, Fanout, IndexWork, JobState, Progress, Push};
use super::documents::document;

/// Documents put at once; also the unit in which an import yields to an annotation.
const BATCH: usize = 1_600;
/// Changes of at most this many documents pass larger ones.
const FEW: usize = 64;
/// How long nothing must come before many changes are committed.
const QUIET: Duration = Duration::from_millis(500);
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

/// The index with the thread that feeds it.
pub(super) struct Indexing {
    pub(super) search: Search,
    store: Arc<Store>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    few: VecDeque<Pending>,
    many: VecDeque<Pending>,
    rebuild: bool,
    /// Whether the thread is at a rebuild now.
    rebuilding: bool,
    closing: bool,
    /// Whether the thread is at work on something it took from here.
    busy: bool,
    /// Up to where and since when everything is put that the index was not told of.
    put: Option<(Sequence, Instant)>,
    /// Up to where the index was told.
    committed: Sequence,
    /// Whether somebody waits for it to be told.
    hurry: bool,
    /// Until when few changes rest.
    rest: Option<Instant>,
    /// Whether progress was told that has to be ended.
    told: bool,
    /// Progress since the thread was last idle.
    done: u64,
    total: u64,
    /// Why the thread gave up; search answers from what there is.
    failed: Option<String>,
}

struct Pending {
    /// Up to where everything is put before any of it is.
    before: Sequence,
    /// Up to where when all of it is.
    sequence: Sequence,
    docs: Vec<DocNo>,
}

/// What the thread does next.
enum Work {
    Put(Pending),
    Rebuild,
    Commit(Sequence),
    Close,
}

impl Queue {
    fn idle(&self) -> bool {
        self.few.is_empty()
            && self.many.is_empty()
            && self.put.is_none()
            && !self.rebuild
            && !self.busy
    }

    /// Whether the index was told of everything up to a sequence: a team that annotates all the time
    /// never leaves the thread idle.
    fn holds(&self, sequence: Sequence) -> bool {
        let whole = !self.rebuild && !self.rebuilding;
        self.idle() || (whole && self.committed >= sequence)
    }

    fn behind(&self) -> Option<Behind> {
        if self.idle() {
            return None;
        }
        let percent = self.done.min(self.total) * 100 / self.total.max(1);
        Some(Behind {
            work: self.work(),
            percent: u8::try_from(percent.min(99)).unwrap_or_default(),
        })
    }

    /// What is told of the work that waits or goes on: a rebuild finds less than there is, which
    /// matters more than what is new.
    fn work(&self) -> IndexWork {
        if self.rebuild || self.rebuilding {
            IndexWork::Reindex
        } else {
            IndexWork::Index
        }
    }
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
            pushes,
            uncommitted: 0,
        };
        let thread = thread::Builder::new()
            .name("indexing".to_owned())
            .spawn(move || worker.run())
            .map_err(|source| DeskError::new(ErrorCode::Bug).with("detail", source))?;
        Ok(Self {
            search,
            store,
            shared,
            thread: Some(thread),
        })
    }

    /// Queues documents that a commit changed: the store's sequence `before` and after it.
    pub(super) fn changed(&self, before: Sequence, sequence: Sequence, docs: &[DocNo]) {
        self.shared.lock().add(before, sequence, docs.to_vec());
        self.shared.changed.notify_all();
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
        let wanted = self.store.applied();
        let mut queue = self.shared.lock();
        while !queue.holds(wanted) && queue.failed.is_none() {
            queue.hurry = true;
            self.shared.changed.notify_all();
            queue = self
                .shared
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(detail) = &queue.failed {
            return Err(DeskError::new(ErrorCode::Storage).with("detail", detail));
        }
        drop(queue);
        self.search.flush()?;
        self.search.wait_for_words();
        Ok(())
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
}

impl Queue {
    fn add(&mut self, before: Sequence, sequence: Sequence, docs: Vec<DocNo>) {
        // After a failure something is missing: to go on would tell of more than there is. The
        // next start catches up from what was told.
        if docs.is_empty() || self.failed.is_some() {
            return;
        }
        self.total += docs.len() as u64;
        let pending = Pending {
            before,
            sequence,
            docs,
        };
        if pending.docs.len() <= FEW {
            self.few.push_back(pending);
        } else {
            self.many.push_back(pending);
        }
    }

    /// Up to where everything is put, after changes up to a sequence were: those that passed others
    /// must not carry it past these.
    fn whole(&self, sequence: Sequence) -> Sequence {
        let waiting = self.few.front().into_iter().chain(self.many.front());
        waiting.fold(sequence, |whole, pending| whole.min(pending.before))
    }

    /// Few changes, all that there are, once they have rested.
    fn few(&mut self) -> Option<Pending> {
        let rests = self.rest.is_some_and(|until| Instant::now() < until);
        if rests && !self.hurry && !self.closing {
            return None;
        }
        let mut all = self.few.pop_front()?;
        while let Some(more) = self.few.front()
            && all.docs.len() + more.docs.len() <= FEW
        {
            all.docs.extend(&more.docs);
            all.sequence = more.sequence;
            self.few.pop_front();
        }
        all.docs.sort_unstable();
        all.docs.dedup();
        Some(all)
    }

    /// The next piece of work, if there is any.
    fn next(&mut self) -> Option<Work> {
        if let Some(few) = self.few() {
            return Some(Work::Put(few));
        }
        if self.closing {
            return Some(self.commit().unwrap_or(Work::Close));
        }
        if self.rebuild {
            self.rebuild = false;
            self.rebuilding = true;
            return Some(Work::Rebuild);
        }
        let Some(pending) = self.many.front_mut() else {
            let (_, since) = self.put?;
            let due = self.hurry || since.elapsed() >= QUIET;
            return due.then(|| self.commit()).flatten();
        };
        if pending.docs.len() > BATCH {
            let docs = pending.docs.split_off(pending.docs.len() - BATCH);
            // Not all of it yet.
            let before = pending.before;
            return Some(Work::Put(Pending {
                before,
                sequence: before,
                docs,
            }));
        }
        self.many.pop_front().map(Work::Put)
    }

    fn commit(&mut self) -> Option<Work> {
        self.hurry = false;
        self.put.take().map(|(sequence, _)| Work::Commit(sequence))
    }

    /// Notes that all is put up to where this work says, but for what waits before that.
    fn note(&mut self, pending: &Pending) {
        // An index that owes a rebuild may lack anything, and must not claim to be whole.
        if self.rebuild {
            return;
        }
        self.put = Some((self.whole(pending.sequence), Instant::now()));
    }
}

/// The thread's own state.
struct Worker {
    shared: Arc<Shared>,
    search: Search,
    store: Arc<Store>,
    pushes: Arc<Fanout>,
    /// Documents put since the last commit.
    uncommitted: u64,
}

impl Worker {
    fn run(mut self) {
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
            rebuilder.put(&documents)?;
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
            self.search.put(&documents)?;
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
        let bodies = self.store.bodies(&shown)?;
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
    use super::*;

    #[test]
    fn catching_up_is_told_apart_from_a_rebuild() {
        let mut queue = Queue::default();
        queue.add(Sequence(0), Sequence(1), vec![DocNo(1)]);
        assert_eq!(queue.work(), IndexWork::Index);
        queue.rebuild = true;
        assert_eq!(queue.work(), IndexWork::Reindex);
        // What is few goes first; then the rebuild is at work, and no longer waits.
        assert!(matches!(queue.next(), Some(Work::Put(_))));
        assert!(matches!(queue.next(), Some(Work::Rebuild)));
        assert!(!queue.rebuild);
        assert_eq!(queue.work(), IndexWork::Reindex);
    }

    #[test]
    fn a_change_is_findable_soon_unless_the_processors_are_needed_elsewhere() {
        let quick = Duration::from_millis(30);
        assert!(rest(quick) + 2 * quick < Duration::from_millis(100));
        let slow = Duration::from_millis(90);
        assert!(rest(slow) > 2 * slow && rest(10 * slow) == LONGEST_REST);
    }

    fn pending(before: u64, sequence: u64, docs: usize) -> Pending {
        Pending {
            before: Sequence(before),
            sequence: Sequence(sequence),
            docs: vec![DocNo(1); docs],
        }
    }

    fn told(queue: &Queue) -> Option<Sequence> {
        queue.put.map(|(sequence, _)| sequence)
    }

    #[test]
    fn an_annotation_that_passes_an_import_claims_nothing_of_it() {
        let mut queue = Queue::default();
        // One commit of an import: a hundred records, of which nothing is put yet.
        queue.add(Sequence(100), Sequence(200), vec![DocNo(1); FEW + 1]);
        queue.add(Sequence(200), Sequence(201), vec![DocNo(2)]);
        let Some(Work::Put(few)) = queue.next() else {
            panic!("the annotation passes");
        };
        queue.note(&few);
        assert_eq!(told(&queue), Some(Sequence(100)));
    }

    #[test]
    fn an_index_that_owes_a_rebuild_never_claims_to_be_whole() {
        let mut queue = Queue {
            rebuild: true,
            closing: true,
            ..Queue::default()
        };
        queue.note(&pending(6, 7, 1));
        assert_eq!(told(&queue), None);
        assert!(matches!(queue.next(), Some(Work::Close)));
    }

    #[test]
    fn whoever_waits_for_a_change_waits_for_what_came_before_it_and_for_no_more() {
        let mut queue = Queue {
            committed: Sequence(5),
            ..Queue::default()
        };
        queue.add(Sequence(5), Sequence(6), vec![DocNo(1)]);
        assert!(queue.holds(Sequence(5)) && !queue.holds(Sequence(6)));
        // Other words are found only when it is built anew with them.
        queue.rebuild = true;
        assert!(!queue.holds(Sequence(5)));
    }

    #[test]
    fn after_a_failure_nothing_more_is_claimed() {
        let mut queue = Queue {
            failed: Some("the disk is full".to_owned()),
            ..Queue::default()
        };
        queue.add(Sequence(6), Sequence(7), vec![DocNo(1)]);
        assert!(queue.next().is_none());
    }

    #[test]
    fn few_changes_are_put_together_and_rest_after_a_commit_unless_somebody_waits() {
        let mut queue = Queue::default();
        for n in 1..=3 {
            let docs = vec![DocNo(9), DocNo(n)];
            queue.add(Sequence(u64::from(n) - 1), Sequence(n.into()), docs);
        }
        queue.rest = Some(Instant::now() + Duration::from_secs(600));
        assert!(queue.next().is_none());
        queue.hurry = true;
        let Some(Work::Put(all)) = queue.next() else {
            panic!()
        };
        assert_eq!(all.docs, [1, 2, 3, 9].map(DocNo));
        assert_eq!(all.sequence, Sequence(3));
        assert!(queue.few.is_empty());
    }

    #[test]
    fn the_index_is_not_told_of_what_passed_changes_that_rest() {
        let mut queue = Queue::default();
        queue.add(Sequence(4), Sequence(5), vec![DocNo(1)]);
        queue.rest = Some(Instant::now() + Duration::from_secs(600));
        let many = (0..=FEW as u32).map(DocNo).collect();
        queue.add(Sequence(5), Sequence(6), many);
        let Some(Work::Put(passing)) = queue.next() else {
            panic!()
        };
        assert_eq!(passing.sequence, Sequence(6));
        assert_eq!(queue.whole(passing.sequence), Sequence(4));
    }
}
