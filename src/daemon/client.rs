//! The desk behind the socket, for whoever asks it.
//!
//! # What happens to a request when the connection is lost
//!
//! One that was not sent whole was not read: it is sent again, whatever it is. A question that
//! was sent is asked again. An order that was sent may have been done; nobody can know, because
//! a daemon that crashed remembers nothing. It is not sent again: the caller gets
//! [`ErrorCode::Unreachable`] with `outcome` = `unknown`, and looks. A daemon that goes in good
//! order answers everything that was sent before.

mod fanout;
mod link;

use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::desk::api::{Answer, Desk, DeskError, ErrorCode, Push, Request};

use super::error::DaemonError;
use super::message::{DaemonInfo, ToDaemon, Want, Welcome};
use super::start::{Starter, Where, connect};
use super::{probe, wire::WireError};

use fanout::Fanout;
use link::{Link, Lost};

/// How often a question is asked again that was sent and not answered: a question that ends
/// daemons must not end one after the other.
const AGAIN: usize = 2;

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
    /// This session's id, of letters, digits and `-`: the scope of undo.
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
    welcome: Welcome,
}

impl SocketDesk {
    /// Connects to a daemon, and starts it where there is none and the options say how.
    ///
    /// # Errors
    /// [`DaemonError::Absent`] where there is none and none is to be started.
    pub fn connect(options: ConnectOptions) -> Result<Self, DaemonError> {
        let (stream, welcome) = open(&options, options.starter.as_ref(), options.patience)?;
        let inner = Arc::new_cyclic(|inner| Inner {
            state: Mutex::new(State {
                link: Inner::link(inner, stream),
                welcome,
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
        self.inner.lock().welcome.info.clone()
    }

    /// The name of this user's role.
    pub fn role(&self) -> String {
        self.inner.lock().welcome.role.clone()
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
        let n = inner.number();
        let mut left = if is_question(&request) { AGAIN } else { 0 };
        let frame = ToDaemon::Call { n, request }.encode().map_err(unsendable)?;
        let deadline = Instant::now() + inner.options.patience;
        loop {
            let link = inner.connected()?;
            match link.ask(n, &frame) {
                Ok(answer) => return answer,
                Err(Lost::NotSent) if Instant::now() < deadline => {}
                Err(Lost::Sent) if left > 0 => left -= 1,
                Err(lost) => return Err(lost.into()),
            }
        }
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
    fn link(this: &Weak<Self>, stream: UnixStream) -> Arc<Link> {
        let (told, over) = (this.clone(), this.clone());
        Link::new(
            stream,
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
        let link = Self::link(&Arc::downgrade(self), stream);
        *state = State {
            link: Arc::clone(&link),
            welcome,
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
    DeskError::new(ErrorCode::Bug).with("detail", error)
}

/// The order that was lost, or the way to the daemon.
impl From<Lost> for DeskError {
    fn from(lost: Lost) -> Self {
        let (detail, outcome) = match lost {
            Lost::NotSent => ("the connection to the daemon was lost", "not_sent"),
            Lost::Sent => (
                "the connection to the daemon was lost before it answered",
                "unknown",
            ),
        };
        Self::new(ErrorCode::Unreachable)
            .with("detail", detail)
            .with("outcome", outcome)
    }
}

/// Whether asking twice is the same as asking once.
fn is_question(request: &Request) -> bool {
    match request {
        Request::Status
        | Request::Tree { .. }
        | Request::List { .. }
        | Request::Search { .. }
        | Request::Similar { .. }
        | Request::Show { .. }
        | Request::Vocabulary
        | Request::Log { .. }
        | Request::Conflicts
        | Request::Reply { .. }
        | Request::Analyse
        | Request::Replies(_)
        | Request::Offers { .. }
        | Request::Compose(_)
        | Request::Answer { .. }
        | Request::Suggest { .. }
        | Request::Queue { .. }
        | Request::CatchUp
        | Request::Datasets
        | Request::Settings
        | Request::Stats
        | Request::Check => true,
        Request::Annotate(_)
        | Request::Recategorise(_)
        | Request::EditVocabulary(_)
        | Request::EditReply(_)
        | Request::RecordUse { .. }
        | Request::Undo(_)
        | Request::Redo(_)
        | Request::ResolveConflict { .. }
        | Request::ImportOpen(_)
        | Request::ImportData { .. }
        | Request::ImportClose { .. }
        | Request::LoadSample
        | Request::Cancel { .. }
        | Request::RemoveDataset { .. }
        | Request::SetSetting { .. }
        | Request::Export { .. }
        | Request::Backup
        | Request::ReadData { .. } => false,
    }
}
