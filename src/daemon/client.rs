//! The desk behind the socket, for whoever asks it.
//!
//! # What happens to a request when the connection is lost
//!
//! | it was | then |
//! |---|---|
//! | not sent whole, so not read | it is sent again, whatever it is |
//! | a question | it is asked again |
//! | an order | it is given again under the id of its act |
//! | part of a job | [`Unreachable::NotAnswered`] |
//!
//! The id of an act is made here, before the order is first sent, and the ids of its records are
//! derived from it. The daemon looks the act up in its journal before it does anything, under
//! the same lock that it writes with: an order is done once, whether the first sending was lost,
//! was answered, or still stands in a queue of the same daemon. The acts of a store are kept as
//! long as the store, so that no window of remembered ids can be outrun, and no counter of a
//! client's has to be kept over its restarts.
//!
//! A daemon that goes in good order answers everything that was sent before.

mod link;

use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::api::{Answer, Desk, DeskError, Fanout, Push, Request, Retry, Unreachable};
use crate::model::ActId;
use crossbeam_channel::Receiver;

use super::error::DaemonError;
use super::message::{DaemonInfo, ToDaemon, Want, Welcome};
use super::peer::session_id;
use super::start::{Starter, Where, connect};
use super::{probe, wire::WireError};

use link::{Link, Lost};

/// How often a question is asked again that was sent and not answered: a question that ends
/// daemons must not end one after the other.
const AGAIN: usize = 2;

/// How often an order is given again that was sent and not answered, for the same reason.
const GIVEN_AGAIN: usize = 5;

/// Pause between two tries to find the daemon again while only pushes are waited for.
const RETRY: Duration = Duration::from_millis(250);

/// How a client finds its daemon, and who it says it is.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// Where the daemon is.
    pub place: Where,
    /// How one is started; `None` = it is not.
    pub starter: Option<Starter>,
    /// How long is waited for one that starts, stops or was lost.
    pub patience: Duration,
    /// This session's id, of letters, digits and `-`: the scope of undo. No two clients share
    /// one.
    pub session: String,
    /// The agent's name, where a Unix account is shared.
    pub declared: Option<String>,
}

/// A desk behind a socket. It finds a lost daemon again by itself.
pub struct SocketDesk {
    inner: Arc<Inner>,
}

struct Inner {
    options: ConnectOptions,
    state: Mutex<State>,
    numbers: AtomicU64,
    listeners: Fanout,
    /// Whether anybody subscribed: a new connection does so too then.
    listening: AtomicBool,
}

struct State {
    link: Arc<Link>,
    role: String,
}

impl SocketDesk {
    /// Connects to a daemon, and starts it where there is none and the options say how.
    ///
    /// # Errors
    /// [`DaemonError::Absent`] where there is none and none is to be started.
    pub fn connect(mut options: ConnectOptions) -> Result<Self, DaemonError> {
        options.session = session_id(&options.session);
        let (stream, welcome) = open(&options, options.starter.as_ref(), options.patience)?;
        let inner = Arc::new_cyclic(|inner| Inner {
            state: Mutex::new(State {
                link: Inner::link(inner, stream, welcome.info),
                role: welcome.role,
            }),
            options,
            numbers: AtomicU64::new(1),
            listeners: Fanout::default(),
            listening: AtomicBool::new(false),
        });
        inner.lock().link.read();
        Ok(Self { inner })
    }

    /// What the daemon told of itself when it was found last.
    pub fn daemon(&self) -> DaemonInfo {
        self.inner.lock().link.daemon().clone()
    }

    /// The name of this user's role.
    pub fn role(&self) -> String {
        self.inner.lock().role.clone()
    }
}

/// Of the inside: a connection made anew at this very moment is ended as well.
impl Drop for Inner {
    fn drop(&mut self) {
        self.lock().link.close();
    }
}

impl Desk for SocketDesk {
    fn call(&self, request: Request) -> Result<Answer, DeskError> {
        let inner = &self.inner;
        let (again, act) = match request.rule().retry {
            Retry::Freely => (AGAIN, None),
            Retry::SameAct => (GIVEN_AGAIN, Some(ActId::random())),
            Retry::Never | Retry::PartOf(_) => (0, None),
        };
        let n = inner.number();
        let call = ToDaemon::Call { n, act, request };
        inner.send(n, &call.encode().map_err(unsendable)?, again)
    }

    fn subscribe(&self) -> Receiver<Push> {
        let inner = &self.inner;
        let receiver = inner.listeners.subscribe();
        if !inner.listening.swap(true, Ordering::SeqCst) {
            match inner.connection(None, Duration::ZERO) {
                Ok(link) => inner.subscribe_on(&link),
                Err(_) => inner.look_for_it(),
            }
        }
        receiver
    }
}

impl Inner {
    fn link(this: &Weak<Self>, stream: UnixStream, daemon: DaemonInfo) -> Arc<Link> {
        let (told, over) = (this.clone(), this.clone());
        Link::new(
            stream,
            daemon,
            Box::new(move |push| {
                if let Some(inner) = told.upgrade() {
                    inner.listeners.send(&push);
                }
            }),
            Box::new(move || find_again(&over)),
        )
    }

    fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// The connection, made anew where it was lost.
    fn connected(self: &Arc<Self>) -> Result<Arc<Link>, DaemonError> {
        self.connection(self.options.starter.as_ref(), self.options.patience)
    }

    fn connection(
        self: &Arc<Self>,
        starter: Option<&Starter>,
        patience: Duration,
    ) -> Result<Arc<Link>, DaemonError> {
        let mut state = self.lock();
        if state.link.is_alive() {
            return Ok(Arc::clone(&state.link));
        }
        let (stream, welcome) = open(&self.options, starter, patience)?;
        let link = Self::link(&Arc::downgrade(self), stream, welcome.info);
        *state = State {
            link: Arc::clone(&link),
            role: welcome.role,
        };
        drop(state);
        link.read();
        if self.listening.load(Ordering::SeqCst) {
            self.subscribe_on(&link);
            // Nobody knows what happened in between.
            self.listeners.send(&Push::Resync);
        }
        Ok(link)
    }

    /// Sends a request, and again as often as it may be asked twice.
    fn send(self: &Arc<Self>, n: u64, frame: &[u8], mut again: usize) -> Result<Answer, DeskError> {
        let deadline = Instant::now() + self.options.patience;
        loop {
            match self.connected()?.ask(n, frame) {
                Ok(answer) => return answer,
                Err(Lost::NotSent) if Instant::now() < deadline => {}
                Err(Lost::Sent) if again > 0 => again -= 1,
                Err(lost) => return Err(lost.into()),
            }
        }
    }

    /// Finds the lost daemon in the background.
    fn look_for_it(self: &Arc<Self>) {
        let inner = Arc::downgrade(self);
        // Without a thread the next call finds it.
        drop(std::thread::Builder::new().spawn(move || find_again(&inner)));
    }

    fn subscribe_on(&self, link: &Link) {
        let n = self.number();
        if let Ok(frame) = (ToDaemon::Subscribe { n }).encode() {
            // A lost connection subscribes again when it is made anew.
            drop(link.ask(n, &frame));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks for the daemon after the connection was lost, as long as somebody waits for pushes.
///
/// It starts none: a daemon that was stopped stays so until somebody asks for something.
fn find_again(inner: &Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        if inner.listeners.is_empty() || inner.connection(None, Duration::ZERO).is_ok() {
            return;
        }
        drop(inner);
        std::thread::sleep(RETRY);
    }
}

fn open(
    options: &ConnectOptions,
    starter: Option<&Starter>,
    patience: Duration,
) -> Result<(UnixStream, Welcome), DaemonError> {
    let hello = probe::hello(
        Want::Session,
        options.session.clone(),
        options.declared.clone(),
    );
    connect(&options.place, &hello, starter, patience)
}

/// A request that does not fit into a frame.
fn unsendable(error: WireError) -> DeskError {
    match error {
        WireError::TooLong { max, .. } => DeskError::TooLong { limit: max >> 20 },
        WireError::Io(_) | WireError::Cut | WireError::Rubbish { .. } => DeskError::bug(error),
    }
}

/// The order that was lost, or the way to the daemon.
impl From<Lost> for DeskError {
    fn from(lost: Lost) -> Self {
        Self::Unreachable(match lost {
            Lost::NotSent => Unreachable::NotSent,
            Lost::Sent => Unreachable::NotAnswered,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_to_send_is_refused_with_the_limit_and_is_no_fault() {
        let text = "长".repeat(super::super::wire::MAX_FROM_CLIENT);
        let max = super::super::wire::MAX_FROM_CLIENT;
        let error = super::super::wire::encode(&text, &[], max).unwrap_err();
        let told = unsendable(error);
        assert_eq!(told, DeskError::TooLong { limit: 8 });
    }
}
