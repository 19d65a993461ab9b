//! Telling all screens to ask again for everything, at a pace that they can follow.
//!
//! An import changes everything with every batch. Hundreds of screens that ask for everything each
//! time would ask all the time, of a desk that has an import to do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::{Fanout, Push};

/// From one time to the next, while there are many.
const PACE: Duration = Duration::from_secs(1);

/// When everybody was told, and whether somebody is about to tell.
pub(super) struct Reloads {
    pushes: Arc<Fanout>,
    pace: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    told: Option<Instant>,
    telling: bool,
}

impl Reloads {
    pub(super) fn new(pushes: Arc<Fanout>) -> Arc<Self> {
        Self::paced(pushes, PACE)
    }

    fn paced(pushes: Arc<Fanout>, pace: Duration) -> Arc<Self> {
        Arc::new(Self {
            pushes,
            pace,
            state: Mutex::default(),
        })
    }

    /// Tells everybody, now or, where that was done just now, in a moment: once for all that
    /// happens until then, so that nobody is left with less than there is.
    pub(super) fn tell(self: &Arc<Self>) {
        let mut state = self.lock();
        if state.telling {
            return;
        }
        let since = state.told.map_or(self.pace, |told| told.elapsed());
        let wait = self.pace.saturating_sub(since);
        if wait.is_zero() {
            return self.now(state);
        }
        state.telling = true;
        drop(state);
        let reloads = Arc::clone(self);
        let spawned = std::thread::Builder::new()
            .name("gongdan-reload".to_owned())
            .spawn(move || {
                std::thread::sleep(wait);
                reloads.now(reloads.lock());
            });
        if spawned.is_err() {
            self.now(self.lock());
        }
    }

    fn now(&self, mut state: MutexGuard<'_, State>) {
        state.telling = false;
        state.told = Some(Instant::now());
        drop(state);
        self.pushes.send(&Push::Reload);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn the_first_is_told_at_once_and_the_many_after_it_as_one() {
        let pushes = Arc::new(Fanout::default());
        let told = pushes.subscribe();
        let reloads = Reloads::paced(pushes, Duration::from_secs(600));
        reloads.tell();
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [Push::Reload]);
        for _ in 0..1000 {
            reloads.tell();
        }
        assert!(reloads.lock().telling, "the last is told as well");
        assert!(told.try_recv().is_err());
    }

    #[test]
    fn what_comes_too_soon_is_told_a_moment_later() {
        let pushes = Arc::new(Fanout::default());
        let told = pushes.subscribe();
        let reloads = Reloads::paced(pushes, Duration::from_millis(20));
        for _ in 0..5 {
            reloads.tell();
            assert_eq!(told.recv_timeout(LONG), Ok(Push::Reload));
        }
    }
}
