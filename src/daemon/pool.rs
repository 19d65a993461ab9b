//! What one connection asks for: so many requests at a time are handed to the threads of all, and
//! only so many wait, so that nobody fills the line of the others.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::scheduler::{Scheduler, Turn, Work};
use crate::api::Priority;

/// Requests of one connection that are worked on, or stand in the line, at the same time.
const AT_ONCE: usize = 8;

/// Requests that may wait; more are not read from the socket.
const WAITING: usize = 256;

/// Bytes that may wait in requests; more are not read from the socket.
const WAITING_BYTES: usize = 16 << 20;

/// The requests of one connection.
pub(super) struct Pool {
    scheduler: Arc<Scheduler>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    /// Requests that were handed on and are not done.
    at_once: usize,
    /// Of these, such as stand in a line.
    in_line: usize,
}

struct Waiting {
    work: Work,
    priority: Priority,
    /// What it holds in memory.
    bytes: usize,
}

impl Pool {
    pub(super) fn new(scheduler: &Arc<Scheduler>) -> Arc<Self> {
        Arc::new(Self {
            scheduler: Arc::clone(scheduler),
            state: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// Has some work done, after waiting for room. `bytes` is what it holds in memory.
    pub(super) fn submit(self: &Arc<Self>, priority: Priority, bytes: usize, work: Work) {
        let mut state = self.lock();
        while state.waiting.len() >= WAITING || state.waiting_bytes + bytes > WAITING_BYTES {
            if state.waiting.is_empty() {
                break;
            }
            state = self.wait(state);
        }
        state.waiting.push_back(Waiting {
            work,
            priority,
            bytes,
        });
        state.waiting_bytes += bytes;
        self.hand_on(state);
    }

    /// Waits until everything submitted is done.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        while state.at_once > 0 || !state.waiting.is_empty() {
            state = self.wait(state);
        }
    }

    /// Hands on what waits, as far as there may be more at once.
    fn hand_on(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let mut given = Vec::new();
        while state.at_once < AT_ONCE
            && let Some(next) = state.waiting.pop_front()
        {
            state.waiting_bytes -= next.bytes;
            state.at_once += 1;
            let before = state.in_line;
            state.in_line += usize::from(next.priority != Priority::Immediate);
            given.push((next, before));
        }
        drop(state);
        self.changed.notify_all();
        for (next, before) in given {
            let Waiting { work, priority, .. } = next;
            let done = Done(Arc::clone(self), priority);
            let work = move |turn: &mut Turn| {
                let _done = done;
                work(turn);
            };
            self.scheduler.give(priority, before, Box::new(work));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room for the next request when it is dropped.
struct Done(Arc<Pool>, Priority);

impl Drop for Done {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.at_once -= 1;
        state.in_line -= usize::from(self.1 != Priority::Immediate);
        self.0.hand_on(state);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn all_work_is_done_so_much_at_a_time() {
        let pool = Pool::new(&Scheduler::of(2));
        let (now, most, done) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
        );
        for n in 0..1000 {
            let (now, most, done) = (now.clone(), most.clone(), done.clone());
            let work = move |_: &mut Turn| {
                let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(at_once, Ordering::SeqCst);
                std::thread::yield_now();
                now.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
            };
            let priority = [Priority::Immediate, Priority::Interactive][n % 2];
            pool.submit(priority, 10, Box::new(work));
        }
        pool.finish();
        assert_eq!(done.load(Ordering::SeqCst), 1000);
        assert!(most.load(Ordering::SeqCst) <= AT_ONCE);
    }

    #[test]
    fn whoever_waits_does_not_hold_up_the_next() {
        let pool = Pool::new(&Scheduler::of(1));
        let (go, wait) = crossbeam_channel::bounded::<()>(0);
        let (tell, told) = crossbeam_channel::bounded(1);
        let waits = move |_: &mut Turn| wait.recv().unwrap_or_default();
        pool.submit(Priority::Immediate, 0, Box::new(waits));
        let tells = move |_: &mut Turn| tell.send(()).unwrap();
        pool.submit(Priority::Immediate, 0, Box::new(tells));
        told.recv_timeout(Duration::from_secs(10)).unwrap();
        drop(go);
        pool.finish();
    }

    #[test]
    fn work_that_panics_makes_room_as_well() {
        let pool = Pool::new(&Scheduler::of(1));
        for _ in 0..3 * AT_ONCE {
            pool.submit(
                Priority::Immediate,
                0,
                Box::new(|_: &mut Turn| panic!("a bad request")),
            );
        }
        pool.finish();
    }
}
