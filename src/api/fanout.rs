//! Pushes to everybody in this process who listens, without waiting for any of them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::Push;

/// Pushes a listener may be behind; the last place is kept for [`Push::Resync`].
const PUSHES: usize = 256;

/// Whoever listens in this process.
#[derive(Default)]
pub struct Fanout {
    listeners: Mutex<Vec<Listener>>,
}

struct Listener {
    sender: Sender<Push>,
    /// Whether a resync stands at the end of what it has not yet taken.
    behind: bool,
}

impl Fanout {
    /// A new listener; dropping the receiver ends it.
    pub fn subscribe(&self) -> Receiver<Push> {
        let (sender, receiver) = bounded(PUSHES);
        self.lock().push(Listener {
            sender,
            behind: false,
        });
        receiver
    }

    /// Whether nobody listens, as far as that is known since the last push.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Sends to all that still listen.
    pub fn send(&self, push: &Push) {
        self.lock().retain_mut(|listener| listener.take(push));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Listener>> {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Says whether it still listens.
    ///
    /// The resync goes in with the first push that is lost, not with the first that fits again:
    /// there may be none. While it waits to be taken nothing follows it, for taking it makes the
    /// listener ask for everything.
    fn take(&mut self, push: &Push) -> bool {
        let waiting = self.sender.len();
        if self.behind && waiting > 0 {
            return true;
        }
        self.behind = waiting + 1 >= PUSHES;
        let push = if self.behind { &Push::Resync } else { push };
        // There is room: nobody else sends.
        self.sender.try_send(push.clone()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_listener_is_told_once_to_ask_again_even_if_nothing_follows() {
        let fanout = Fanout::default();
        let slow = fanout.subscribe();
        for _ in 0..PUSHES * 3 {
            fanout.send(&Push::Reload);
        }
        let got: Vec<Push> = slow.try_iter().collect();
        assert_eq!(got.len(), PUSHES);
        assert_eq!(got.last(), Some(&Push::Resync));
        assert_eq!(got.iter().filter(|p| **p == Push::Resync).count(), 1);
        fanout.send(&Push::Reload);
        assert_eq!(slow.try_iter().collect::<Vec<_>>(), [Push::Reload]);
    }

    #[test]
    fn whoever_left_is_forgotten() {
        let fanout = Fanout::default();
        drop(fanout.subscribe());
        fanout.send(&Push::Reload);
        assert!(fanout.is_empty());
    }
}
