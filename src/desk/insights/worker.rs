//! The thread that reads the tickets and names suspects.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::flags::Flags;
use super::queue::Work;
use super::{Segmented, Shared, saved, turn_of};
use crate::api::{DeskError, Fanout, JobState, Part, Progress, Push};
use crate::insight::{Case, Insight, Words};
use crate::model::{CauseId, CauseState, CauseStatus, DocNo, TicketFilter, TicketId};
use crate::store::{Body, Store};

/// Tickets read and taken in at once.
const BATCH: usize = 256;
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

/// How far the doubting of all tickets stands back behind those who ask, as `nice` counts.
const BACK: i32 = 10;

/// The thread's own state.
pub(super) struct Worker {
    pub(super) file: PathBuf,
    /// Tickets taken in since the result was kept.
    pub(super) unsaved: usize,
    /// Until when it rests.
    pub(super) rest: Option<Instant>,
    pub(super) shared: Arc<Shared>,
    pub(super) words: Arc<Segmented>,
    pub(super) store: Arc<Store>,
    pub(super) pushes: Arc<Fanout>,
}

impl Worker {
    pub(super) fn run(mut self) {
        self.restore();
        while let Some(work) = self.take() {
            let begun = Instant::now();
            let done = self.work(&work);
            let rest = (begun.elapsed() * REST).min(LONGEST_REST);
            self.rest = Some(Instant::now() + rest);
            let mut queue = self.shared.lock();
            queue.busy = false;
            let first = !queue.ready;
            let differing = match done {
                Ok(Some(differing)) => {
                    queue.ready = true;
                    differing
                }
                // Closing: what is half read must not be kept for the whole.
                Ok(None) => return,
                Err(error) => {
                    queue.failed = Some(error);
                    Vec::new()
                }
            };
            queue.done = 0;
            queue.total = 0;
            let over = queue.failed.is_some();
            drop(queue);
            self.shared.changed.notify_all();
            // Whoever is told of it may ask at once for what is behind it.
            self.tell_of(differing);
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

    /// Begins with what an earlier process found, where it left that: it serves at once, and what
    /// changed since is work like any other.
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
        queue.ready = true;
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
        self.tell(0, 0, JobState::Done);
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

    /// Does it, and gives the tickets that look different now; `None` when the desk is closing.
    fn work(&self, work: &Work) -> Result<Option<Vec<TicketId>>, DeskError> {
        if work.full {
            let Some(insight) = self.anew()? else {
                return Ok(None);
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
        Ok(Some(self.doubt()))
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

    /// Names suspects, and gives the tickets that look different now.
    fn doubt(&self) -> Vec<TicketId> {
        let (suspects, misfiled) = {
            // Read by all at once, and written by this thread alone: it is in nobody's way.
            let insight = self.shared.read();
            standing_back(|| (insight.suspects(), insight.misfiled()))
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
        found.differing(&before)
    }

    fn tell_of(&self, differing: Vec<TicketId>) {
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

/// Does what takes long and nobody waits for, on a thread that stands back behind those who ask.
///
/// It must hold no lock that they want. A thread of its own, because whoever stood back may not
/// step forward again.
fn standing_back<T: Send>(work: impl Fn() -> T + Sync) -> T {
    thread::scope(|scope| {
        let back = thread::Builder::new().name("doubt".to_owned());
        let spawned = back.spawn_scoped(scope, || {
            // Where that is not allowed it is an equal.
            let _ = rustix::process::setpriority_process(None, BACK);
            work()
        });
        match spawned {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => work(),
        }
    })
}
