//! One connection of a client: requests go out numbered, answers find whoever waits for them.

use std::collections::HashMap;
use std::io::{BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Sender, bounded};

use crate::api::{Answer, DeskError, Push};

use super::super::message::{DaemonInfo, ToClient};
use super::super::wire::{self, MAX_FROM_DAEMON, WireError};

type Reply = Result<Answer, DeskError>;

/// What is done with each push.
type OnPush = Box<dyn Fn(Push) + Send + Sync>;

/// What is done once, when the connection is over.
type OnEnd = Box<dyn FnOnce() + Send>;

/// How a request was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// The daemon has not read it, or not to its end.
    NotSent,
    /// The daemon may have done it.
    Sent,
}

/// One connection.
pub(super) struct Link {
    stream: UnixStream,
    daemon: DaemonInfo,
    /// Held while a frame is written, so that frames do not mix.
    writing: Mutex<()>,
    /// Who waits for which answer; `None` when the connection is over.
    waiting: Mutex<Option<HashMap<u64, Sender<Reply>>>>,
    on_push: OnPush,
    on_end: Mutex<Option<OnEnd>>,
}

impl Link {
    pub(super) fn new(
        stream: UnixStream,
        daemon: DaemonInfo,
        on_push: OnPush,
        on_end: OnEnd,
    ) -> Arc<Self> {
        Arc::new(Self {
            stream,
            daemon,
            writing: Mutex::default(),
            waiting: Mutex::new(Some(HashMap::new())),
            on_push,
            on_end: Mutex::new(Some(on_end)),
        })
    }

    /// Begins to read what the daemon says, on a thread of its own.
    pub(super) fn read(self: &Arc<Self>) {
        let link = Arc::clone(self);
        let spawned = std::thread::Builder::new()
            .name("gongdan-read".to_owned())
            .spawn(move || {
                // However it ends, it is over.
                let _ = link.take_in();
                link.end();
                if let Some(on_end) = locked(&link.on_end).take() {
                    on_end();
                }
            });
        if spawned.is_err() {
            self.end();
        }
    }

    /// Sends a request's frame and waits for its answer.
    pub(super) fn ask(&self, n: u64, frame: &[u8]) -> Result<Reply, Lost> {
        let (tell, told) = bounded(1);
        match &mut *self.waiting() {
            Some(waiting) => drop(waiting.insert(n, tell)),
            None => return Err(Lost::NotSent),
        }
        let sent = {
            let _alone = locked(&self.writing);
            (&self.stream).write_all(frame)
        };
        if sent.is_err() {
            // A part of a frame may have gone: nothing can follow it.
            self.end();
            return Err(Lost::NotSent);
        }
        told.recv().map_err(|_ended| Lost::Sent)
    }

    /// Who is at the other end.
    pub(super) fn daemon(&self) -> &DaemonInfo {
        &self.daemon
    }

    pub(super) fn is_alive(&self) -> bool {
        self.waiting().is_some()
    }

    /// Ends the connection for good: nothing is done about its end.
    pub(super) fn close(&self) {
        drop(locked(&self.on_end).take());
        self.end();
    }

    fn take_in(&self) -> Result<(), WireError> {
        let mut reader = BufReader::with_capacity(64 << 10, &self.stream);
        while let Some(frame) = wire::read(&mut reader, MAX_FROM_DAEMON)? {
            match ToClient::decode(frame)? {
                ToClient::Answer { n, answer } => self.answered(n, Ok(answer)),
                ToClient::Failed { n, error } => self.answered(n, Err(error)),
                ToClient::Push(push) => (self.on_push)(push),
            }
        }
        Ok(())
    }

    fn answered(&self, n: u64, reply: Reply) {
        let waiter = self.waiting().as_mut().and_then(|w| w.remove(&n));
        if let Some(waiter) = waiter {
            // Whoever asked waits, and its place is free.
            let _ = waiter.send(reply);
        }
    }

    fn end(&self) {
        // Dropping the senders frees all who wait.
        drop(self.waiting().take());
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    fn waiting(&self) -> MutexGuard<'_, Option<HashMap<u64, Sender<Reply>>>> {
        locked(&self.waiting)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
