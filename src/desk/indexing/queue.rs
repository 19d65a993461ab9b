//! What the index is to be told, and in which order.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::api::{Behind, IndexWork};
use crate::model::{DocNo, Sequence};

/// Documents put at once; also the unit in which an import yields to an annotation.
pub(super) const BATCH: usize = 1_600;
/// Documents of an import that wait at most while the index follows it.
const ROOM: usize = 4 * BATCH;
/// Changes of at most this many documents pass larger ones.
pub(super) const FEW: usize = 64;
/// How long nothing must come before many changes are committed.
pub(super) const QUIET: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(super) struct Queue {
    pub(super) few: VecDeque<Pending>,
    pub(super) many: VecDeque<Pending>,
    pub(super) rebuild: bool,
    /// Whether the thread is at a rebuild now.
    pub(super) rebuilding: bool,
    pub(super) closing: bool,
    /// Whether the thread is at work on something it took from here.
    pub(super) busy: bool,
    /// Up to where and since when everything is put that the index was not told of.
    pub(super) put: Option<(Sequence, Instant)>,
    /// Up to where the index was told.
    pub(super) committed: Sequence,
    /// Whether somebody waits for it to be told.
    pub(super) hurry: bool,
    /// Until when few changes rest.
    pub(super) rest: Option<Instant>,
    /// Whether progress was told that has to be ended.
    pub(super) told: bool,
    /// Progress since the thread was last idle.
    pub(super) done: u64,
    pub(super) total: u64,
    /// Why the thread gave up; search answers from what there is.
    pub(super) failed: Option<String>,
}

pub(super) struct Pending {
    /// Up to where everything is put before any of it is.
    pub(super) before: Sequence,
    /// Up to where when all of it is.
    pub(super) sequence: Sequence,
    pub(super) docs: Vec<DocNo>,
}

/// What the thread does next.
pub(super) enum Work {
    Put(Pending),
    Rebuild,
    Commit(Sequence),
    Close,
}

impl Queue {
    pub(super) fn idle(&self) -> bool {
        self.few.is_empty()
            && self.many.is_empty()
            && self.put.is_none()
            && !self.rebuild
            && !self.busy
    }

    /// Whether the index was told of everything up to a sequence: a team that annotates all the time
    /// never leaves the thread idle.
    pub(super) fn holds(&self, sequence: Sequence) -> bool {
        let whole = !self.rebuild && !self.rebuilding;
        self.idle() || (whole && self.committed >= sequence)
    }

    /// Whether enough waits, and the thread works it off.
    pub(super) fn is_full(&self) -> bool {
        let follows = !self.rebuild && !self.rebuilding && !self.closing && self.failed.is_none();
        let waiting: usize = self.many.iter().map(|pending| pending.docs.len()).sum();
        follows && waiting > ROOM
    }

    pub(super) fn behind(&self) -> Option<Behind> {
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
    pub(super) fn work(&self) -> IndexWork {
        if self.rebuild || self.rebuilding {
            IndexWork::Reindex
        } else {
            IndexWork::Index
        }
    }

    pub(super) fn add(&mut self, before: Sequence, sequence: Sequence, docs: Vec<DocNo>) {
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
    pub(super) fn few(&mut self) -> Option<Pending> {
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
    pub(super) fn next(&mut self) -> Option<Work> {
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
    pub(super) fn note(&mut self, pending: &Pending) {
        // An index that owes a rebuild may lack anything, and must not claim to be whole.
        if self.rebuild {
            return;
        }
        self.put = Some((self.whole(pending.sequence), Instant::now()));
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
    fn an_import_waits_for_an_index_that_follows_it_and_for_no_other() {
        let mut queue = Queue::default();
        queue.add(Sequence(0), Sequence(1), vec![DocNo(1); ROOM]);
        assert!(!queue.is_full());
        queue.add(Sequence(1), Sequence(2), vec![DocNo(1); FEW + 1]);
        assert!(queue.is_full());
        queue.rebuild = true;
        assert!(!queue.is_full(), "it would wait for the whole rebuild");
        queue.rebuild = false;
        queue.failed = Some("the disk is full".to_owned());
        assert!(!queue.is_full(), "it would wait for ever");
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
