//! The daemon's own life: from the lock to the last connection.

use std::net::Shutdown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::api::{Desk, DeskError, DeskExt, ErrorCode, Push, ask};
use crate::model::Setting;

use super::access::RoleTable;
use super::accounts::{Accounts, HostAccounts};
use super::error::DaemonError;
use super::listener::Listener;
use super::lock::{Lock, LockInfo};
use super::message::{PROTOCOL, VERSION};
use super::peer::Peer;
use super::place::{self, Place};
use super::probe::{self, Probe};
use super::session;
use super::shared::Shared;
use super::{SessionFactory, inherited};

/// How often the daemon looks whether its socket is still there, and whether anybody needs it.
const TICK: Duration = Duration::from_millis(200);

/// How long requests may take to finish when the daemon stops.
const GRACE: Duration = Duration::from_secs(10);

/// How long connections may take to notice that they were cut off.
const CUT: Duration = Duration::from_secs(2);

/// Pause between two tries to open a store that a command holds.
const OPEN_AGAIN: Duration = Duration::from_millis(50);

/// How a daemon is to run.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The data directory.
    pub dir: PathBuf,
    /// Where a socket may lie that cannot lie in the data directory.
    pub runtime_dir: Option<PathBuf>,
    /// A whole team's daemon; `None` = one person's.
    pub team: Option<Team>,
    /// How long after its last client it goes; `None` = never.
    pub idle: Option<Duration>,
    /// How long it waits for a daemon that is going, or a command that holds the store.
    pub patience: Duration,
}

/// A whole team's daemon, under a service user.
#[derive(Debug, Clone)]
pub struct Team {
    /// Where clients knock, such as `/run/gongdan/desk.sock`.
    pub socket: PathBuf,
    /// The Unix group that may; `None` = whoever the socket's directory lets in.
    pub group: Option<String>,
}

/// A daemon that has its lock, its store and its socket.
pub struct Server {
    shared: Arc<Shared>,
    listener: Listener,
    idle: Option<Duration>,
    roles: Option<RoleWatch>,
    /// Released last.
    _lock: Lock,
}

/// Asks a running [`Server`] to stop.
#[derive(Clone)]
pub struct Stopper(Arc<Shared>);

impl Stopper {
    /// Lets requests finish, closes the store, removes the socket.
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// Runs a daemon until it is stopped by [`super::stop`], a signal, or idleness.
///
/// `open` opens the store and gives the way to make sessions; it is called once the daemon's
/// lock is held, and again while the store is busy.
///
/// # Errors
/// [`DaemonError::Running`] where a daemon serves the directory already, and whatever forbids
/// one there.
pub fn serve(
    options: &ServeOptions,
    open: impl FnMut() -> Result<SessionFactory, DeskError>,
) -> Result<(), DaemonError> {
    allow_descriptors();
    let server = Server::start(options, open)?;
    let stopper = server.stopper();
    let mut signals =
        Signals::new([SIGTERM, SIGINT, SIGHUP]).map_err(DaemonError::io(&options.dir))?;
    let handle = signals.handle();
    let listening = std::thread::spawn(move || {
        for _ in &mut signals {
            stopper.stop();
        }
    });
    server.run();
    handle.close();
    // The thread has nothing left that could fail.
    let _ = listening.join();
    Ok(())
}

/// Takes as many descriptors as the host gives: each client needs one.
fn allow_descriptors() {
    let most = getrlimit(Resource::Nofile).maximum;
    // With fewer there is room for fewer clients.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: most,
            maximum: most,
        },
    );
}

impl Server {
    /// Takes the lock, opens the store, binds the socket.
    ///
    /// # Errors
    /// As [`serve`].
    pub fn start(
        options: &ServeOptions,
        mut open: impl FnMut() -> Result<SessionFactory, DeskError>,
    ) -> Result<Self, DaemonError> {
        let place = Place::new(&options.dir, options.runtime_dir.as_deref());
        place::prepare(place.dir())?;
        let mut lock = take_lock(&place, options.patience)?;
        let mut info = LockInfo {
            pid: std::process::id(),
            version: VERSION.to_owned(),
            protocol: PROTOCOL,
            socket: None,
        };
        lock.write(&info)?;
        let factory = open_store(&mut open, options.patience)?;
        let shared = Shared::new(factory, place::euid(), options.team.is_some());
        let roles = options.team.as_ref().map(|_| watch_roles(&shared));
        let listener = match &options.team {
            None => Listener::bind_in(&place)?,
            Some(team) => team_listener(team)?,
        };
        serve_on(&listener, &shared)?;
        // Last: whoever reads where the socket is finds it there.
        info.socket = Some(listener.path().to_path_buf());
        lock.write(&info)?;
        Ok(Self {
            shared,
            listener,
            idle: options.idle,
            roles,
            _lock: lock,
        })
    }

    /// The way to stop it from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.shared))
    }

    /// The socket that clients connect to.
    pub fn socket(&self) -> &Path {
        self.listener.path()
    }

    /// Serves until it is stopped or idle, then finishes.
    pub fn run(mut self) {
        while self.shared.tick(TICK, self.idle) {
            if !self.listener.is_in_place() {
                self.bind_again();
            }
        }
    }

    /// Puts the socket back. Connections that there are go on.
    fn bind_again(&mut self) {
        // A directory that is gone may come back: the next tick tries again.
        let Ok(again) = self.listener.again() else {
            return;
        };
        if serve_on(&again, &self.shared).is_ok() {
            self.listener.close();
            self.listener = again;
        }
    }
}

/// Finishes in good order, however it comes to its end.
impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop();
        self.listener.unlink();
        self.listener.close();
        // What was sent before is read and answered; nothing can be sent any more.
        if !self.shared.hang_up(Shutdown::Read, GRACE) {
            self.shared.hang_up(Shutdown::Both, CUT);
        }
        drop(self.roles.take());
        self.shared.close_desk();
    }
}

fn serve_on(listener: &Listener, shared: &Arc<Shared>) -> Result<(), DaemonError> {
    let shared = Arc::clone(shared);
    listener.serve(move |stream| session::accept(&shared, stream))
}

/// Waits for a daemon that is going, but not for one that serves.
fn take_lock(place: &Place, patience: Duration) -> Result<Lock, DaemonError> {
    let serves = || {
        matches!(
            probe::look(place),
            Probe::Ready(_) | Probe::Older(_) | Probe::Newer(_)
        )
    };
    Lock::acquire(&place.lock(), patience, serves)?.ok_or_else(|| DaemonError::Running {
        path: place.dir().to_path_buf(),
        pid: super::lock::read(&place.lock()).map(|info| info.pid),
    })
}

/// Opens the store, waiting for a command that holds it.
fn open_store(
    open: &mut impl FnMut() -> Result<SessionFactory, DeskError>,
    patience: Duration,
) -> Result<SessionFactory, DaemonError> {
    let deadline = Instant::now() + patience;
    loop {
        match open() {
            Err(error) if error.code() == ErrorCode::Busy && Instant::now() < deadline => {
                std::thread::sleep(OPEN_AGAIN);
            }
            opened => return opened.map_err(DaemonError::Desk),
        }
    }
}

/// The socket of a team: the service manager's, or one of our own.
fn team_listener(team: &Team) -> Result<Listener, DaemonError> {
    if let Some(socket) = inherited::listener()? {
        return Ok(Listener::inherited(socket, team.socket.clone()));
    }
    if team.socket.as_os_str().len() > place::MAX_SOCKET_PATH {
        return Err(DaemonError::NoPlace {
            path: team.socket.clone(),
            reason: format!("a path of over {} bytes", place::MAX_SOCKET_PATH),
        });
    }
    let dir = team.socket.parent().unwrap_or(Path::new("/"));
    place::check(dir, place::euid())?;
    let group = team.group.as_deref().map(|name| {
        HostAccounts::default()
            .group(name)
            .map(|group| group.gid)
            .ok_or_else(|| DaemonError::NoPlace {
                path: team.socket.clone(),
                reason: format!("there is no group {name}"),
            })
    });
    Listener::bind(&team.socket, group.transpose()?)
}

/// Keeps the roles in force up to date; ends when it is dropped.
struct RoleWatch {
    over: Option<Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for RoleWatch {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            // A watch that failed has nothing left to end.
            let _ = thread.join();
        }
    }
}

/// Reads the team's roles now, and again whenever settings change.
fn watch_roles(shared: &Arc<Shared>) -> RoleWatch {
    let (over, ended) = bounded::<()>(0);
    let own = Peer {
        uid: place::euid(),
        gid: rustix::process::getegid().as_raw(),
        pid: std::process::id(),
        name: "gongdan".to_owned(),
        declared: None,
        session: String::new(),
    };
    let thread = shared.open_session(&own).and_then(|desk| {
        let pushes = desk.subscribe();
        read_roles(shared, desk.as_ref());
        let shared = Arc::clone(shared);
        std::thread::Builder::new()
            .name("gongdan-roles".to_owned())
            .spawn(move || keep_roles(&shared, desk.as_ref(), &pushes, &ended))
            .ok()
    });
    RoleWatch {
        over: Some(over),
        thread,
    }
}

fn keep_roles(shared: &Shared, desk: &dyn Desk, pushes: &Receiver<Push>, ended: &Receiver<()>) {
    loop {
        select! {
            recv(pushes) -> push => match push {
                Ok(Push::Reload | Push::Resync) => read_roles(shared, desk),
                Ok(
                    Push::Changed(_)
                    | Push::Findable(_)
                    | Push::Part(_)
                    | Push::Progress(_)
                    | Push::Present(_),
                ) => {}
                Err(_) => return,
            },
            recv(ended) -> _ => return,
        }
    }
}

/// Leaves the roles as they are where the setting cannot be read.
fn read_roles(shared: &Shared, desk: &dyn Desk) {
    if let Ok(rows) = desk.ask(ask::Settings)
        && let Some(row) = rows.iter().find(|row| row.name == Setting::Roles.name())
        && let Ok(table) = serde_json::from_str::<RoleTable>(&row.value)
    {
        shared.set_roles(table);
    }
}
