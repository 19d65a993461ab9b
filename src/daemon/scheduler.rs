//! The threads that answer requests, for all connections.
//!
//! Two hundred agents who type ask for more rows at once than there are processors. Worked on all
//! together, all would be late, and an annotation would be late with them. So as many heavy
//! questions are worked on as there are processors, the one that is due first before the others;
//! what is light, or waits for something else than the processors, has a thread at once.
//!
//! Rows are due when they are asked for, and what stands beside them a moment later: they come
//! first, but whoever types cannot keep the counts of another waiting for ever. What is begun is not
//! interrupted, so all processors but one may be at work on what stands beside: rows find one that
//! is at other rows, which are soon done. Nobody can fill the line: see [`super::pool`].

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Priority;

/// How much later than rows is due what stands beside them.
const BESIDE: Duration = Duration::from_millis(300);

/// The same of what is known to take a while.
const LEISURE: Duration = Duration::from_secs(3);

/// How much later a question is due for each that its connection has in the line already.
const GREED: Duration = Duration::from_millis(100);

/// How long a thread without work stays.
const LINGER: Duration = Duration::from_secs(10);

/// What is to be done, with its turn at the processors.
pub(super) type Work = Box<dyn FnOnce(&mut Turn) + Send>;

/// A turn at the processors; what is light has none.
#[derive(Default)]
pub(super) struct Turn(Option<(Arc<Scheduler>, Line)>);

impl Turn {
    /// Gives the processor to the next in the line, though the work goes on: it waits for
    /// something else.
    pub(super) fn end(&mut self) {
        if let Some((scheduler, line)) = self.0.take() {
            let mut state = scheduler.lock();
            state.of(line).at_work -= 1;
            scheduler.wake(state);
        }
    }
}

/// Where a heavy question waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Rows,
    /// Whatever is not rows.
    Beside,
}

/// Threads that do what they are given.
pub(super) struct Scheduler {
    state: Mutex<State>,
    changed: Condvar,
    /// Heavy questions that are worked on at a time.
    processors: usize,
}

#[derive(Default)]
struct State {
    light: VecDeque<Work>,
    rows: Waiting,
    beside: Waiting,
    /// Questions that ever stood in a line.
    count: u64,
    idle: usize,
    /// Threads that were made and did not look for work yet.
    coming: usize,
}

/// A line.
#[derive(Default)]
struct Waiting {
    line: BinaryHeap<Reverse<Heavy>>,
    /// Questions that came out of it and are worked on.
    at_work: usize,
}

impl Waiting {
    /// When the first is due, and its number; `None` = nobody waits.
    fn first(&self) -> Option<(Instant, u64)> {
        self.line.peek().map(|Reverse(question)| question.place())
    }
}

/// A question in the line.
struct Heavy {
    due: Instant,
    /// Of two that are due at once, the one that came first.
    number: u64,
    work: Work,
}

impl Heavy {
    fn place(&self) -> (Instant, u64) {
        (self.due, self.number)
    }
}

impl PartialEq for Heavy {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Heavy {}

impl PartialOrd for Heavy {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Heavy {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place().cmp(&other.place())
    }
}

/// What a thread does next.
enum Next {
    Light(Work),
    Heavy(Line, Work),
}

impl Scheduler {
    /// One that works on as many heavy questions as there are processors.
    pub(super) fn new() -> Arc<Self> {
        Self::of(std::thread::available_parallelism().map_or(1, usize::from))
    }

    pub(super) fn of(processors: usize) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            processors,
        })
    }

    /// Has some work done; `before` is how many questions of the same connection stand in the
    /// line.
    pub(super) fn give(self: &Arc<Self>, priority: Priority, before: usize, work: Work) {
        let later = match priority {
            Priority::Immediate => None,
            Priority::Interactive => Some((Line::Rows, Duration::ZERO)),
            Priority::Foreground => Some((Line::Beside, Duration::ZERO)),
            Priority::Secondary => Some((Line::Beside, BESIDE)),
            Priority::Background => Some((Line::Beside, LEISURE)),
        };
        let mut state = self.lock();
        match later {
            None => state.light.push_back(work),
            Some((line, later)) => {
                state.count += 1;
                let before = u32::try_from(before).unwrap_or(u32::MAX);
                let due = Instant::now() + later + GREED.saturating_mul(before);
                let number = state.count;
                let question = Reverse(Heavy { due, number, work });
                state.of(line).line.push(question);
            }
        }
        self.wake(state);
    }

    /// Sees to it that there is a thread for whatever can be done now. What has to wait for a
    /// processor is taken up by whoever is done there.
    fn wake(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let wanted = state.light.len() + state.can_begin(self.processors);
        let more = wanted > state.idle + state.coming;
        state.coming += usize::from(more);
        drop(state);
        if more {
            self.hire();
        } else if wanted > 0 {
            self.changed.notify_one();
        }
    }

    /// One thread more. Without it the caller does a piece of work itself: slow, but nothing is
    /// lost.
    fn hire(self: &Arc<Self>) {
        let scheduler = Arc::clone(self);
        let spawned = std::thread::Builder::new()
            .name("gongdan-answer".to_owned())
            .spawn(move || scheduler.run());
        if spawned.is_err() {
            let next = {
                let mut state = self.lock();
                state.coming -= 1;
                state.next(self.processors)
            };
            if let Some(next) = next {
                self.work(next);
            }
        }
    }

    fn run(self: &Arc<Self>) {
        let mut state = self.lock();
        state.coming -= 1;
        loop {
            if let Some(next) = state.next(self.processors) {
                drop(state);
                self.work(next);
                state = self.lock();
                continue;
            }
            state.idle += 1;
            let (after, timeout) = self
                .changed
                .wait_timeout_while(state, LINGER, |state| !state.has_next(self.processors))
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            state.idle -= 1;
            if timeout.timed_out() {
                return;
            }
        }
    }

    fn work(self: &Arc<Self>, next: Next) {
        let (work, mut turn) = match next {
            Next::Light(work) => (work, Turn::default()),
            Next::Heavy(line, work) => (work, Turn(Some((Arc::clone(self), line)))),
        };
        // One bad request must not end a thread of all; the panic hook has told of it.
        drop(catch_unwind(AssertUnwindSafe(|| work(&mut turn))));
        // This thread looks for the next itself.
        if let Some((_, line)) = turn.0 {
            self.lock().of(line).at_work -= 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of(&mut self, line: Line) -> &mut Waiting {
        match line {
            Line::Rows => &mut self.rows,
            Line::Beside => &mut self.beside,
        }
    }

    /// Processors that no heavy question is worked on at, and of these such as what stands beside
    /// rows may have.
    fn free(&self, processors: usize) -> (usize, usize) {
        let free = processors.saturating_sub(self.rows.at_work + self.beside.at_work);
        // Where there is only one it is for all.
        let beside = processors.saturating_sub(1).max(1);
        (free, free.min(beside.saturating_sub(self.beside.at_work)))
    }

    /// How many heavy questions can be begun now.
    fn can_begin(&self, processors: usize) -> usize {
        let (free, beside) = self.free(processors);
        free.min(self.rows.line.len() + self.beside.line.len().min(beside))
    }

    fn has_next(&self, processors: usize) -> bool {
        !self.light.is_empty() || self.can_begin(processors) > 0
    }

    fn next(&mut self, processors: usize) -> Option<Next> {
        if let Some(work) = self.light.pop_front() {
            return Some(Next::Light(work));
        }
        let (free, beside) = self.free(processors);
        let rows = self.rows.first().filter(|_| free > 0);
        let other = self.beside.first().filter(|_| beside > 0);
        let line = match (rows, other) {
            (None, None) => return None,
            (Some(rows), Some(other)) if other < rows => Line::Beside,
            (Some(_), _) => Line::Rows,
            (None, Some(_)) => Line::Beside,
        };
        let waiting = self.of(line);
        let Reverse(question) = waiting.line.pop()?;
        waiting.at_work += 1;
        Some(Next::Heavy(line, question.work))
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{bounded, unbounded};

    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    /// A scheduler of one processor whose first question lasts until the sender is dropped.
    fn busy() -> (Arc<Scheduler>, crossbeam_channel::Sender<()>) {
        let scheduler = Scheduler::of(1);
        let (go, wait) = bounded::<()>(0);
        let work = move |_: &mut Turn| wait.recv().unwrap_or_default();
        scheduler.give(Priority::Interactive, 0, Box::new(work));
        (scheduler, go)
    }

    /// The order in which those are served who came while the only processor was taken.
    fn served(came: &[(Priority, usize)]) -> Vec<usize> {
        let (scheduler, go) = busy();
        let (tell, told) = unbounded();
        for (number, (priority, before)) in came.iter().enumerate() {
            let tell = tell.clone();
            let work = move |_: &mut Turn| tell.send(number).unwrap();
            scheduler.give(*priority, *before, Box::new(work));
        }
        drop((go, tell));
        told.iter().collect()
    }

    #[test]
    fn what_is_urgent_is_served_first_and_equals_as_they_came() {
        use Priority::{Background, Foreground, Interactive, Secondary};
        let came = [
            Background,
            Secondary,
            Interactive,
            Foreground,
            Secondary,
            Interactive,
        ]
        .map(|priority| (priority, 0));
        assert_eq!(served(&came), [2, 3, 5, 1, 4, 0]);
    }

    #[test]
    fn whoever_asks_for_much_at_once_comes_after_those_who_ask_for_little() {
        use Priority::Interactive;
        assert_eq!(
            served(&[
                (Interactive, 0),
                (Interactive, 1),
                (Interactive, 2),
                (Interactive, 0)
            ]),
            [0, 3, 1, 2]
        );
    }

    #[test]
    fn what_stands_beside_rows_is_not_kept_waiting_for_ever_by_rows() {
        let scheduler = Scheduler::of(1);
        let (tell, told) = bounded(1);
        // One who asks for rows again and again, always before the last are there.
        fn again(scheduler: &Arc<Scheduler>, over: &Arc<Mutex<bool>>) {
            let (next, over) = (Arc::clone(scheduler), Arc::clone(over));
            scheduler.give(
                Priority::Interactive,
                0,
                Box::new(move |_: &mut Turn| {
                    if !*over.lock().unwrap() {
                        again(&next, &over);
                    }
                }),
            );
        }
        let over = Arc::new(Mutex::new(false));
        again(&scheduler, &over);
        again(&scheduler, &over);
        scheduler.give(
            Priority::Secondary,
            0,
            Box::new(move |_: &mut Turn| tell.send(()).unwrap()),
        );
        told.recv_timeout(LONG).unwrap();
        *over.lock().unwrap() = true;
    }

    #[test]
    fn rows_find_a_processor_however_much_is_asked_for_beside_them() {
        let scheduler = Scheduler::of(2);
        let (go, wait) = bounded::<()>(0);
        let (tell, told) = unbounded();
        for priority in [
            Priority::Foreground,
            Priority::Secondary,
            Priority::Background,
        ] {
            let (wait, tell) = (wait.clone(), tell.clone());
            let lasts = move |_: &mut Turn| {
                wait.recv().unwrap_or_default();
                tell.send("beside").unwrap();
            };
            scheduler.give(priority, 0, Box::new(lasts));
        }
        let (tell_rows, rows) = bounded(1);
        let work = move |_: &mut Turn| tell_rows.send(()).unwrap();
        scheduler.give(Priority::Interactive, 0, Box::new(work));
        rows.recv_timeout(LONG).unwrap();
        // Nor is any of the others forgotten.
        drop((go, tell));
        assert_eq!(told.iter().count(), 3);
    }

    #[test]
    fn work_that_waits_for_something_else_gives_the_processor_away() {
        let scheduler = Scheduler::of(1);
        let (tell, told) = bounded(1);
        let (over, wait) = bounded(1);
        let waits = move |turn: &mut Turn| {
            turn.end();
            wait.recv_timeout(LONG).unwrap();
            tell.send(()).unwrap();
        };
        scheduler.give(Priority::Interactive, 0, Box::new(waits));
        let other = move |_: &mut Turn| over.send(()).unwrap();
        scheduler.give(Priority::Interactive, 0, Box::new(other));
        told.recv_timeout(LONG).unwrap();
        assert_eq!(scheduler.lock().rows.at_work, 0);
    }

    #[test]
    fn what_is_light_waits_for_nobody() {
        let (scheduler, go) = busy();
        let (tell, told) = bounded(2);
        // Not even for another that waits.
        for wait in [None, Some(told.clone())] {
            let tell = tell.clone();
            let work = move |_: &mut Turn| {
                if let Some(wait) = wait {
                    wait.recv_timeout(LONG).unwrap();
                }
                tell.send(()).unwrap();
            };
            scheduler.give(Priority::Immediate, 0, Box::new(work));
        }
        told.recv_timeout(LONG).unwrap();
        drop(go);
    }

    #[test]
    fn work_that_panics_takes_nobodys_place() {
        let scheduler = Scheduler::of(1);
        let (tell, told) = bounded(1);
        for _ in 0..3 {
            scheduler.give(
                Priority::Interactive,
                0,
                Box::new(|_: &mut Turn| panic!("a bad question")),
            );
        }
        scheduler.give(
            Priority::Interactive,
            0,
            Box::new(move |_: &mut Turn| tell.send(()).unwrap()),
        );
        told.recv_timeout(LONG).unwrap();
    }

    #[test]
    fn there_are_no_more_threads_than_work_at_once() {
        let scheduler = Scheduler::of(2);
        let (go, wait) = bounded::<()>(0);
        let (tell, told) = unbounded();
        for _ in 0..100 {
            let (wait, tell) = (wait.clone(), tell.clone());
            let work = move |_: &mut Turn| {
                let _ = wait.recv();
                tell.send(std::thread::current().id()).unwrap();
            };
            scheduler.give(Priority::Interactive, 0, Box::new(work));
        }
        drop((go, tell));
        let threads: std::collections::HashSet<_> = told.iter().collect();
        assert!(threads.len() <= 2, "{} threads", threads.len());
    }
}
