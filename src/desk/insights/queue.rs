//! What is to be looked at, and when.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use crate::api::DeskError;
use crate::model::{DocNo, Sequence, TicketId};

/// How long nothing must change before a run begins, unless somebody waits for it.
const QUIET: Duration = Duration::from_millis(400);

#[derive(Default)]
pub(super) struct Queue {
    pub(super) docs: BTreeSet<DocNo>,
    /// Tickets that changed since the run under way looked at them.
    pub(super) stale: HashSet<TicketId>,
    /// Whether all tickets are to be read again.
    pub(super) full: bool,
    pub(super) vocabulary: bool,
    pub(super) started: bool,
    pub(super) closing: bool,
    pub(super) busy: bool,
    /// Whether a first run is done.
    pub(super) ready: bool,
    /// Calls that wait for a finished run.
    pub(super) waiting: usize,
    /// Imports under way: a run beside them would read every ticket twice, and both would be slow.
    pub(super) imports: usize,
    pub(super) last_change: Option<Instant>,
    /// The store's, of which everything is known or queued.
    pub(super) sequence: Sequence,
    pub(super) done: u64,
    pub(super) total: u64,
    pub(super) failed: Option<DeskError>,
}

/// What the thread does next.
pub(super) struct Work {
    pub(super) full: bool,
    /// The store's when it was taken up.
    pub(super) sequence: Sequence,
    pub(super) vocabulary: bool,
    pub(super) docs: Vec<DocNo>,
}

impl Queue {
    pub(super) fn idle(&self) -> bool {
        self.ready && !self.busy && !self.pending()
    }

    pub(super) fn pending(&self) -> bool {
        self.full || self.vocabulary || !self.docs.is_empty()
    }

    /// How long a pending run has to wait; `None` = until the last import is over.
    ///
    /// Once there are results, a run also waits until nothing changes for a while, and for as long
    /// as the thread wants to rest after the last.
    pub(super) fn rest(&self, own: Duration) -> Option<Duration> {
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
