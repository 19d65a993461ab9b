//! Keeping insight at the store's heels: one thread that reads the tickets, follows changes and
//! names suspects.
//!
//! It starts with the first request that needs it, or with the first session that listens: a
//! command that lists tickets does not pay for it. Flags in rows are of a finished run only, and
//! a ticket that changes loses its flags until the next.

mod saved;

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::insight::{Case, Insight, Misfiled, Suspect, Words};
use crate::model::{CauseId, CauseState, CauseStatus, DocNo, Sequence, TicketFilter, TicketId};
use crate::search::Search;
use crate::store::{Body, Store};

use super::api::{DeskError, ErrorCode, Fanout, JobState, Part, Progress, Push};

/// Tickets read and taken in at once.
const BATCH: usize = 256;
/// How long nothing must change before a run begins, unless somebody waits for it.
const QUIET: Duration = Duration::from_millis(400);
/// How many times as long as a run took it rests before the next, unless somebody waits for it: a
/// run looks at every ticket, and a team annotates all the time. And no longer than this.
const REST: u32 = 10;
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Changed tickets from which all are read again beside the old result, which serves meanwhile.
const MANY: usize = 2_000;
/// Changed tickets from which the result is kept anew, or this share of all: the file of a large
/// store takes a while.
const FEW: usize = 32;
const MANY_SHARES: usize = 20;
/// Changed flags that are told one by one; more are a reason to ask for everything again.
const TOLD: usize = 200;

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

/// What a finished run doubts.
#[derive(Debug, Default)]
pub(super) struct Flags {
    /// Given causes that are probably wrong, the most certain first.
    pub(super) suspects: Vec<Suspect<TicketId>>,
    /// Categories that are probably wrong, the most certain first.
    pub(super) misfiled: Vec<Misfiled<TicketId>>,
    suspect_ids: HashSet<TicketId>,
    misfiled_ids: HashSet<TicketId>,
}

#[derive(Default)]
struct Queue {
    docs: BTreeSet<DocNo>,
    /// Tickets that changed since the run under way looked at them.
    stale: HashSet<TicketId>,
    /// Whether all tickets are to be read again.
    full: bool,
    vocabulary: bool,
    started: bool,
    closing: bool,
    busy: bool,
    /// Whether a first run is done.
    ready: bool,
    /// Calls that wait for a finished run.
    waiting: usize,
    /// Imports under way: a run beside them would read every ticket twice, and both would be slow.
    imports: usize,
    last_change: Option<Instant>,
    /// The store's, of which everything is known or queued.
    sequence: Sequence,
    done: u64,
    total: u64,
    failed: Option<DeskError>,
}

/// What the thread does next.
struct Work {
    full: bool,
    /// The store's when it was taken up.
    sequence: Sequence,
    vocabulary: bool,
    docs: Vec<DocNo>,
}

impl Queue {
    fn idle(&self) -> bool {
        self.ready && !self.busy && !self.pending()
    }

    fn pending(&self) -> bool {
        self.full || self.vocabulary || !self.docs.is_empty()
    }

    /// How long a pending run has to wait; `None` = until the last import is over.
    ///
    /// Once there are results, a run also waits until nothing changes for a while, and for as long
    /// as the thread wants to rest after the last.
    fn rest(&self, own: Duration) -> Option<Duration> {
        if self.waiting > 0 {
            return Some(Duration::ZERO);
        }
        if self.imports > 0 {
            return None;
        }
        if !self.ready {
            return Some(Duration::ZERO);
        }
        let quiet = self.last_change.map_or(QUIET, |at| at.elapsed());
        Some(QUIET.saturating_sub(quiet).max(own))
    }
}

impl Flags {
    fn new(suspects: Vec<Suspect<TicketId>>, misfiled: Vec<Misfiled<TicketId>>) -> Self {
        Self {
            suspect_ids: suspects.iter().map(|found| found.ticket).collect(),
            misfiled_ids: misfiled.iter().map(|found| found.ticket).collect(),
            suspects,
            misfiled,
        }
    }

    /// Whether a ticket's causes are probably wrong.
    pub(super) fn suspect(&self, id: TicketId) -> bool {
        self.suspect_ids.contains(&id)
    }

    /// Whether a ticket's category is probably wrong.
    pub(super) fn misfiled(&self, id: TicketId) -> bool {
        self.misfiled_ids.contains(&id)
    }

    fn without(&self, gone: &HashSet<TicketId>) -> Self {
        let keep = |id: &TicketId| !gone.contains(id);
        Self::new(
            self.suspects
                .iter()
                .filter(|found| keep(&found.ticket))
                .cloned()
                .collect(),
            self.misfiled
                .iter()
                .filter(|found| keep(&found.ticket))
                .cloned()
                .collect(),
        )
    }

    /// Tickets that only one of two runs doubts.
    fn differing(&self, other: &Self) -> Vec<TicketId> {
        let suspects = self.suspect_ids.symmetric_difference(&other.suspect_ids);
        let misfiled = self.misfiled_ids.symmetric_difference(&other.misfiled_ids);
        let ids: BTreeSet<TicketId> = suspects.chain(misfiled).copied().collect();
        ids.into_iter().collect()
    }
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
            .map_err(|source| DeskError::new(ErrorCode::Bug).with("detail", source))?;
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

    /// What the tickets tell; refused until the first run is done, which this begins.
    pub(super) fn read(&self) -> Result<RwLockReadGuard<'_, Insight>, DeskError> {
        self.start()?;
        let queue = self.shared.lock();
        if let Some(error) = &queue.failed {
            return Err(error.clone());
        }
        if !queue.ready {
            let percent = queue.done * 100 / queue.total.max(1);
            return Err(DeskError::new(ErrorCode::InsightNotReady).with("percent", percent.min(99)));
        }
        drop(queue);
        Ok(self.shared.read())
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

/// The thread's own state.
struct Worker {
    file: PathBuf,
    /// Tickets taken in since the result was kept.
    unsaved: usize,
    /// Until when it rests.
    rest: Option<Instant>,
    shared: Arc<Shared>,
    words: Arc<Segmented>,
    store: Arc<Store>,
    pushes: Arc<Fanout>,
}

impl Worker {
    fn run(mut self) {
        self.restore();
        while let Some(work) = self.take() {
            let begun = Instant::now();
            let done = self.work(&work);
            let rest = (begun.elapsed() * REST).min(LONGEST_REST);
            self.rest = Some(Instant::now() + rest);
            let mut queue = self.shared.lock();
            queue.busy = false;
            let first = !queue.ready;
            match done {
                Ok(true) => queue.ready = true,
                // Closing: what is half read must not be kept for the whole.
                Ok(false) => return,
                Err(error) => queue.failed = Some(error),
            }
            queue.done = 0;
            queue.total = 0;
            let over = queue.failed.is_some();
            drop(queue);
            self.shared.changed.notify_all();
            if over {
                self.tell(0, 0, JobState::Failed);
            } else if first || work.full {
                self.tell(0, 0, JobState::Done);
            } else {
                // Of tickets that look different now it was told already.
                self.pushes.send(&Push::Part(Part::Replies));
            }
            if over {
                return;
            }
            self.save(&work);
        }
    }

    /// Begins with what an earlier process found, where it left that: what changed since is
    /// work like any other.
    fn restore(&self) {
        let words = Arc::clone(&self.words) as Arc<dyn Words>;
        let Some((insight, flags, at)) = saved::read(&self.file, &self.store, words) else {
            return;
        };
        let Ok(docs) = self.store.changed_since(at) else {
            return;
        };
        *self.shared.write() = insight;
        let mut queue = self.shared.lock();
        let behind = at < queue.sequence;
        queue.full = docs.len() >= MANY;
        queue.vocabulary = behind;
        queue.docs.extend(docs);
        if !queue.pending() {
            queue.ready = true;
        }
        let flags = Arc::new(flags.without(&queue.stale));
        let mut known = self
            .shared
            .flags
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *known = flags;
        drop(known);
        drop(queue);
        self.shared.changed.notify_all();
    }

    /// Keeps the result for the next process, when enough of it is new.
    fn save(&mut self, work: &Work) {
        self.unsaved += work.docs.len();
        let insight = self.shared.read();
        if !work.full && self.unsaved < FEW.max(insight.len() / MANY_SHARES) {
            return;
        }
        let flags = self.shared.flags.read();
        let flags = Arc::clone(&flags.unwrap_or_else(PoisonError::into_inner));
        saved::write(&self.file, &self.store, work.sequence, &insight, &flags);
        drop(insight);
        self.unsaved = 0;
    }

    /// The next work, once nothing has changed for a while or somebody waits; `None` = the end.
    fn take(&self) -> Option<Work> {
        let mut queue = self.shared.lock();
        loop {
            if queue.closing {
                return None;
            }
            let own = self.rest.map_or(Duration::ZERO, |until| {
                until.saturating_duration_since(Instant::now())
            });
            let rest = queue.pending().then(|| queue.rest(own)).flatten();
            if rest == Some(Duration::ZERO) {
                queue.busy = true;
                queue.stale.clear();
                let docs: Vec<DocNo> = std::mem::take(&mut queue.docs).into_iter().collect();
                return Some(Work {
                    sequence: queue.sequence,
                    full: std::mem::take(&mut queue.full) || docs.len() >= MANY,
                    vocabulary: std::mem::take(&mut queue.vocabulary),
                    docs,
                });
            }
            queue = if let Some(rest) = rest {
                let waited = self.shared.changed.wait_timeout(queue, rest);
                waited.unwrap_or_else(PoisonError::into_inner).0
            } else {
                let waited = self.shared.changed.wait(queue);
                waited.unwrap_or_else(PoisonError::into_inner)
            };
        }
    }

    /// Whether it came to its end; otherwise the desk is closing.
    fn work(&self, work: &Work) -> Result<bool, DeskError> {
        if work.full {
            let Some(insight) = self.anew()? else {
                return Ok(false);
            };
            *self.shared.write() = insight;
        } else {
            let mut docs: BTreeSet<DocNo> = work.docs.iter().copied().collect();
            if work.vocabulary {
                let moved = self.shared.write().set_vocabulary(&self.vocabulary());
                let directory = self.store.directory();
                for cause in moved {
                    docs.extend(directory.docs_with_cause(cause));
                }
            }
            self.allow(&mut self.shared.write());
            let docs: Vec<DocNo> = docs.into_iter().collect();
            for docs in docs.chunks(BATCH) {
                let bodies = self.bodies(docs)?;
                let mut insight = self.shared.write();
                self.feed(&mut insight, bodies);
            }
            self.shared.write().finish(&self.texts());
        }
        self.doubt();
        Ok(true)
    }

    /// All tickets read into a new insight; `None` when the desk is closing.
    fn anew(&self) -> Result<Option<Insight>, DeskError> {
        let mut insight = Insight::new(Arc::clone(&self.words) as Arc<dyn Words>);
        insight.set_vocabulary(&self.vocabulary());
        self.allow(&mut insight);
        let mut docs: Vec<DocNo> = {
            let directory = self.store.directory();
            directory.list(&TicketFilter::default()).collect()
        };
        // In order of import, so that packs are read in theirs.
        docs.sort_unstable();
        self.shared.lock().total = docs.len() as u64;
        for docs in docs.chunks(BATCH) {
            let bodies = self.bodies(docs)?;
            self.feed(&mut insight, bodies);
            if !self.advance(docs.len()) {
                return Ok(None);
            }
        }
        insight.finish(&self.texts());
        Ok(Some(insight))
    }

    /// Names suspects, and tells of rows that look different now.
    fn doubt(&self) {
        let (suspects, misfiled) = {
            let insight = self.shared.read();
            (insight.suspects(), insight.misfiled())
        };
        let queue = self.shared.lock();
        let found = Arc::new(Flags::new(suspects, misfiled).without(&queue.stale));
        let before = {
            let mut flags = self
                .shared
                .flags
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *flags, Arc::clone(&found))
        };
        drop(queue);
        let differing = found.differing(&before);
        if differing.len() > TOLD {
            self.pushes.send(&Push::Reload);
        } else if !differing.is_empty() {
            self.pushes.send(&Push::Changed(differing));
        }
    }

    /// Bodies of numbers; `None` = it is gone.
    fn bodies(&self, docs: &[DocNo]) -> Result<Vec<(DocNo, Option<Body>)>, DeskError> {
        let (shown, removed): (Vec<DocNo>, Vec<DocNo>) = {
            let directory = self.store.directory();
            let shown = |doc: &&DocNo| directory.entry(**doc).is_some_and(|e| !e.removed);
            docs.iter().partition(shown)
        };
        let bodies = self.store.bodies(&shown)?.into_iter().map(Some);
        let gone = removed.into_iter().map(|doc| (doc, None));
        Ok(shown.into_iter().zip(bodies).chain(gone).collect())
    }

    fn feed(&self, insight: &mut Insight, bodies: Vec<(DocNo, Option<Body>)>) {
        let vocabulary = self.store.vocabulary();
        for (doc, body) in bodies {
            let directory = self.store.directory();
            let Some(entry) = directory.entry(doc) else {
                continue;
            };
            let category = directory.category_of(doc).cloned();
            let held = directory.causes_of(doc).to_vec();
            drop(directory);
            let ticket = match body {
                Some(Body::Ticket(ticket)) if !entry.removed => ticket,
                Some(Body::Ticket(_) | Body::Article(_)) | None => {
                    insight.remove(entry.id);
                    continue;
                }
            };
            let mut causes: Vec<CauseId> = Vec::new();
            for id in held {
                let id = vocabulary.resolve(id);
                if !causes.contains(&id) {
                    causes.push(id);
                }
            }
            // A ticket with a date is newer than any without: those come first in lists too.
            let dated = entry.date.map(|date| {
                let days = date.year() as i64 * 372 + date.month() as i64 * 31 + date.day() as i64;
                (1 << 40) + u64::try_from(days.max(0)).unwrap_or_default()
            });
            insight.add(&Case {
                id: entry.id,
                ticket: &ticket,
                category: category.as_ref(),
                causes: &causes,
                outdated: entry.outdated,
                confirmed: entry.state == CauseState::Confirmed,
                order: dated.unwrap_or(u64::from(doc.0)),
            });
        }
    }

    /// Today's causes with their names; retired and merged ones are not to be suggested.
    fn vocabulary(&self) -> Vec<(CauseId, Vec<String>)> {
        let vocabulary = self.store.vocabulary();
        let active = vocabulary
            .entries()
            .filter(|cause| cause.status == CauseStatus::Active);
        active
            .map(|cause| {
                let names = std::iter::once(&cause.name).chain(&cause.aliases);
                (cause.id, names.cloned().collect())
            })
            .collect()
    }

    fn allow(&self, insight: &mut Insight) {
        insight.allow_contacts(self.store.settings().allow_contacts.iter().cloned());
    }

    fn texts(&self) -> impl Fn(TicketId, usize) -> Option<String> + use<'_> {
        turn_of(&self.store)
    }

    /// Whether to go on.
    fn advance(&self, by: usize) -> bool {
        let mut queue = self.shared.lock();
        queue.done += by as u64;
        let (done, total, closing) = (queue.done, queue.total, queue.closing);
        drop(queue);
        self.tell(done, total, JobState::Running);
        !closing
    }

    fn tell(&self, done: u64, total: u64, state: JobState) {
        self.pushes.send(&Push::Progress(Progress {
            job: None,
            what: "insight".to_owned(),
            done,
            total,
            state,
        }));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_waits_for_imports_unless_somebody_waits_for_it() {
        let mut queue = Queue {
            full: true,
            imports: 1,
            ..Queue::default()
        };
        assert_eq!(queue.rest(Duration::ZERO), None);
        queue.waiting = 1;
        assert_eq!(queue.rest(Duration::ZERO), Some(Duration::ZERO));
        (queue.waiting, queue.imports) = (0, 0);
        assert_eq!(queue.rest(Duration::ZERO), Some(Duration::ZERO));
        // Later runs follow when nothing has changed for a while.
        (queue.ready, queue.last_change) = (true, Some(Instant::now()));
        assert!(queue.rest(Duration::ZERO) > Some(Duration::ZERO));
    }
}
