//! Pushes for all connections: the desk tells the daemon once, and one thread tells everybody, in
//! the same bytes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crossbeam_channel::Receiver;

use crate::api::Push;

use super::outbox::{Outbox, Pushed, pushed};

/// The outboxes of those who want pushes.
#[derive(Default)]
pub(super) struct Broadcast {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether the desk is listened to.
    listening: bool,
    outboxes: Vec<Weak<Outbox>>,
}

impl Broadcast {
    /// Puts pushes into an outbox from now on, as long as it is there. `subscribe` begins to listen
    /// to the desk, which is done once for all.
    pub(super) fn add(
        self: &Arc<Self>,
        outbox: &Arc<Outbox>,
        subscribe: impl FnOnce() -> Receiver<Push>,
    ) {
        let mut state = self.lock();
        state.outboxes.push(Arc::downgrade(outbox));
        if state.listening {
            return;
        }
        let pushes = subscribe();
        let broadcast = Arc::clone(self);
        let spawned = std::thread::Builder::new()
            .name("gongdan-push".to_owned())
            .spawn(move || broadcast.carry(&pushes));
        // Without a thread a client shows what is out of date, until the next one comes.
        state.listening = spawned.is_ok();
    }

    /// Carries pushes until the desk ends.
    fn carry(&self, pushes: &Receiver<Push>) {
        for push in pushes {
            if let Some(push) = pushed(&push) {
                self.tell(&push);
            }
        }
        self.lock().listening = false;
    }

    fn tell(&self, push: &Pushed) {
        self.lock().outboxes.retain(|outbox| {
            let there = outbox.upgrade();
            if let Some(outbox) = &there {
                outbox.push(push);
            }
            there.is_some()
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crossbeam_channel::unbounded;

    use super::*;

    fn until(holds: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !holds() {
            assert!(Instant::now() < deadline);
            std::thread::yield_now();
        }
    }

    #[test]
    fn everybody_is_told_and_whoever_left_is_forgotten() {
        let broadcast = Arc::<Broadcast>::default();
        let (desk, pushes) = unbounded();
        let [first, second] = [(); 2].map(|()| Arc::<Outbox>::default());
        broadcast.add(&first, || pushes);
        broadcast.add(&second, || unreachable!("the desk is listened to once"));
        desk.send(Push::Reload).unwrap();
        let reload = pushed(&Push::Reload).unwrap();
        for outbox in [&first, &second] {
            assert_eq!(outbox.take().unwrap().pushes, [Arc::clone(&reload)]);
        }
        drop(second);
        desk.send(Push::Reload).unwrap();
        until(|| broadcast.lock().outboxes.len() == 1);
        assert_eq!(first.take().unwrap().pushes, [reload]);
        // The desk may end, and another may come.
        drop(desk);
        until(|| !broadcast.lock().listening);
    }
}
