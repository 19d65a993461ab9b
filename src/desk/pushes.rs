//! Telling every session what happened, without waiting for any of them.

use std::sync::{Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::api::Push;

/// Pushes a session may be behind before it is told to ask again for everything.
const OUTBOX: usize = 256;

/// The sessions that listen.
#[derive(Default)]
pub(super) struct Pushes {
    listeners: Mutex<Vec<Listener>>,
}

struct Listener {
    outbox: Sender<Push>,
    /// Whether pushes were lost since the last one that went through.
    behind: bool,
}

impl Pushes {
    pub(super) fn subscribe(&self) -> Receiver<Push> {
        let (outbox, receiver) = bounded(OUTBOX);
        self.lock().push(Listener {
            outbox,
            behind: false,
        });
        receiver
    }

    /// Sends to all that still listen. A full outbox loses the push and gets one
    /// [`Push::Resync`] as soon as it has room.
    pub(super) fn send(&self, push: &Push) {
        self.lock().retain_mut(|listener| {
            if listener.behind {
                match listener.outbox.try_send(Push::Resync) {
                    Ok(()) => listener.behind = false,
                    Err(TrySendError::Full(_)) => return true,
                    Err(TrySendError::Disconnected(_)) => return false,
                }
            }
            match listener.outbox.try_send(push.clone()) {
                Ok(()) => true,
                Err(TrySendError::Full(_)) => {
                    listener.behind = true;
                    true
                }
                Err(TrySendError::Disconnected(_)) => false,
            }
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Listener>> {
        // A listener list is whole between any two statements.
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_listener_is_told_once_to_ask_again() {
        let pushes = Pushes::default();
        let slow = pushes.subscribe();
        for _ in 0..OUTBOX + 10 {
            pushes.send(&Push::Reload);
        }
        assert_eq!(slow.try_iter().filter(|p| *p == Push::Resync).count(), 0);
        pushes.send(&Push::Reload);
        assert_eq!(
            slow.try_iter().collect::<Vec<_>>(),
            [Push::Resync, Push::Reload]
        );
    }

    #[test]
    fn a_listener_that_left_is_forgotten() {
        let pushes = Pushes::default();
        drop(pushes.subscribe());
        pushes.send(&Push::Reload);
        assert!(pushes.lock().is_empty());
    }
}
