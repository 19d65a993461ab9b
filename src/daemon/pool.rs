//! The threads that answer one connection's requests: as many as it keeps busy, up to a bound.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Requests of one connection that are worked on at the same time.
const THREADS: usize = 8;

/// Requests that may wait; more are not read from the socket.
const WAITING: usize = 256;

/// Bytes that may wait in requests; more are not read from the socket.
const WAITING_BYTES: usize = 16 << 20;

/// How long a thread without work stays.
const LINGER: Duration = Duration::from_secs(10);

type Work = Box<dyn FnOnce() + Send>;

/// Threads of one connection.
#[derive(Default)]
pub(super) struct Pool {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(Work, usize)>,
    waiting_bytes: usize,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl Pool {
    /// Has some work done, after waiting for room. `bytes` is what it holds in memory.
    pub(super) fn submit(self: &Arc<Self>, bytes: usize, work: Work) {
        let mut state = self.lock();
        while state.waiting.len() >= WAITING || state.waiting_bytes + bytes > WAITING_BYTES {
            if state.waiting.is_empty() {
                break;
            }
            state = self.wait(state);
        }
        state.waiting.push_back((work, bytes));
        state.waiting_bytes += bytes;
        if state.waiting.len() > state.idle && state.threads < THREADS {
            state.threads += 1;
            let pool = Arc::clone(self);
            let spawned = std::thread::Builder::new()
                .name("gongdan-answer".to_owned())
                .spawn(move || pool.run());
            if spawned.is_err() {
                state.threads -= 1;
            }
        }
        // Without any thread the reader does it itself: slow, but nothing is lost.
        let work = (state.threads == 0).then(|| state.next()).flatten();
        drop(state);
        self.changed.notify_all();
        if let Some(work) = work {
            work();
        }
    }

    /// Waits until everything submitted is done, and lets the threads go.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        while state.threads > state.idle || !state.waiting.is_empty() {
            state = self.wait(state);
        }
        state.closed = true;
        drop(state);
        self.changed.notify_all();
    }

    fn run(&self) {
        let mut state = self.lock();
        loop {
            if let Some(work) = state.next() {
                drop(state);
                self.changed.notify_all();
                work();
                state = self.lock();
                continue;
            }
            state.idle += 1;
            self.changed.notify_all();
            let (after, timeout) = self
                .changed
                .wait_timeout_while(state, LINGER, |state| {
                    state.waiting.is_empty() && !state.closed
                })
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            state.idle -= 1;
            if state.waiting.is_empty() && (timeout.timed_out() || state.closed) {
                break;
            }
        }
        state.threads -= 1;
        drop(state);
        self.changed.notify_all();
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

impl State {
    fn next(&mut self) -> Option<Work> {
        let (work, bytes) = self.waiting.pop_front()?;
        self.waiting_bytes -= bytes;
        Some(work)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn all_work_is_done_by_a_bounded_number_of_threads() {
        let pool = Arc::new(Pool::default());
        let (now, most, done) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
        );
        for _ in 0..1000 {
            let (now, most, done) = (now.clone(), most.clone(), done.clone());
            let work = move || {
                let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(at_once, Ordering::SeqCst);
                std::thread::yield_now();
                now.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
            };
            pool.submit(10, Box::new(work));
        }
        pool.finish();
        assert_eq!(done.load(Ordering::SeqCst), 1000);
        assert!(most.load(Ordering::SeqCst) <= THREADS);
    }

    #[test]
    fn whoever_waits_does_not_hold_up_the_next() {
        let pool = Arc::new(Pool::default());
        let (go, wait) = crossbeam_channel::bounded::<()>(0);
        let (tell, told) = crossbeam_channel::bounded(1);
        pool.submit(0, Box::new(move || wait.recv().unwrap_or_default()));
        pool.submit(0, Box::new(move || tell.send(()).unwrap()));
        told.recv_timeout(Duration::from_secs(10)).unwrap();
        drop(go);
        pool.finish();
    }
}
