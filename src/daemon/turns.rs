//! Turns at the processors: what asks much of them goes one after the other, the most urgent first.
//!
//! Two hundred agents who type ask for more rows at once than there are processors. Worked on all
//! together, all would be late, and an annotation would be late with them. So as many heavy
//! questions are worked on as there are processors; rows come before what stands beside them; and
//! what is light takes no turn at all.
//!
//! Nobody can fill the line: a connection has only so many threads that could stand in it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Sender, bounded};

use super::rules::Haste;

/// Everybody's turns.
pub(super) struct Turns {
    state: Mutex<State>,
}

struct State {
    free: usize,
    /// Who waits, the most urgent lines first.
    lines: [VecDeque<Sender<()>>; 3],
}

/// A turn, until it is dropped.
pub(super) struct Turn<'a>(&'a Turns);

impl Turns {
    /// As many turns at a time as there are processors.
    pub(super) fn new() -> Self {
        Self::of(std::thread::available_parallelism().map_or(1, usize::from))
    }

    fn of(count: usize) -> Self {
        Self {
            state: Mutex::new(State {
                free: count,
                lines: Default::default(),
            }),
        }
    }

    /// Waits for a turn; `None` at once for what needs none.
    pub(super) fn take(&self, haste: Haste) -> Option<Turn<'_>> {
        let line = match haste {
            Haste::AtOnce => return None,
            Haste::Rows => 0,
            Haste::Beside => 1,
            Haste::Leisure => 2,
        };
        let mut state = self.lock();
        if state.free > 0 {
            state.free -= 1;
        } else {
            let (tell, told) = bounded(1);
            state.lines[line].push_back(tell);
            drop(state);
            // Whoever tells hands its own turn over; it cannot be gone without telling.
            let _ = told.recv();
        }
        Some(Turn(self))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        match state.lines.iter_mut().find_map(VecDeque::pop_front) {
            // There is room for the one word, and who waits for it does nothing else.
            Some(next) => drop(next.send(())),
            None => state.free += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;

    fn waiting(turns: &Turns) -> usize {
        turns.lock().lines.iter().map(VecDeque::len).sum()
    }

    /// The order in which those are served who came while the only turn was taken.
    fn served(came: &[Haste]) -> Vec<Haste> {
        let turns = Arc::new(Turns::of(1));
        let first = turns.take(Haste::Rows);
        let (tell, told) = bounded(came.len());
        let threads: Vec<_> = came
            .iter()
            .enumerate()
            .map(|(at, haste)| {
                let (turns, tell, haste) = (Arc::clone(&turns), tell.clone(), *haste);
                let own = Arc::clone(&turns);
                let thread = std::thread::spawn(move || {
                    let _turn = own.take(haste);
                    tell.send(haste).unwrap();
                });
                let deadline = Instant::now() + Duration::from_secs(30);
                while waiting(&turns) <= at {
                    assert!(Instant::now() < deadline);
                    std::thread::yield_now();
                }
                thread
            })
            .collect();
        drop(first);
        for thread in threads {
            thread.join().unwrap();
        }
        drop(tell);
        told.iter().collect()
    }

    #[test]
    fn what_is_urgent_is_served_first_and_equals_as_they_came() {
        use Haste::{Beside, Leisure, Rows};
        assert_eq!(
            served(&[Leisure, Beside, Rows, Beside, Rows]),
            [Rows, Rows, Beside, Beside, Leisure]
        );
    }

    #[test]
    fn what_is_light_waits_for_nobody_and_a_turn_comes_back() {
        let turns = Turns::of(1);
        let heavy = turns.take(Haste::Rows);
        assert!(turns.take(Haste::AtOnce).is_none());
        drop(heavy);
        drop(turns.take(Haste::Leisure));
        assert_eq!(turns.lock().free, 1);
    }
}
