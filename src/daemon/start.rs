//! From a client's side: find the daemon, start it where there is none, ask it to go.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::accounts::{Accounts, HostAccounts};
use super::error::DaemonError;
use super::lock::{self, Lock};
use super::message::{Hello, Want, Welcome};
use super::place::{self, Place};
use super::probe::{self, Probe};

/// Pause between two looks at a daemon that starts or goes.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How often a daemon is started that is killed at once.
const STARTS: usize = 3;

/// Bytes of the log that a new daemon still appends to.
const LOG_BYTES: u64 = 1 << 20;

/// Bytes of the log's end that an error shows.
const LOG_TAIL: u64 = 600;

/// Where a daemon is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// One's own, in a data directory.
    Own {
        /// The data directory.
        dir: PathBuf,
        /// Where a socket may lie that cannot lie there.
        runtime_dir: Option<PathBuf>,
    },
    /// A team's.
    Team {
        /// Its socket.
        socket: PathBuf,
    },
}

/// How a daemon is started: a program that calls [`detach`] and then [`super::serve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The program, by its absolute path.
    pub program: PathBuf,
    /// Its arguments; paths in them are absolute, for it runs in `/`.
    pub args: Vec<OsString>,
}

/// Cuts a started daemon loose from the terminal of its starter.
pub fn detach() {
    // Whoever leads a group already was not started by a client, and stays where it is.
    let _ = rustix::process::setsid();
}

/// The socket of a daemon that runs, or the one it would listen on.
pub fn socket(place: &Where) -> Option<PathBuf> {
    match place {
        Where::Own { dir, runtime_dir } => {
            let place = Place::new(dir, runtime_dir.as_deref());
            probe::sockets(&place).into_iter().next()
        }
        Where::Team { socket } => Some(socket.clone()),
    }
}

/// A greeting at one place.
///
/// # Errors
/// As [`probe::greet`] and [`probe::granted`].
fn greet(place: &Where, hello: &Hello) -> Result<(UnixStream, Welcome), DaemonError> {
    let (stream, welcome) = match place {
        Where::Own { dir, runtime_dir } => {
            probe::greet(&Place::new(dir, runtime_dir.as_deref()), hello)?
        }
        Where::Team { socket } => probe::greet_at(socket, team_owner(socket)?, hello)?,
    };
    probe::granted(&welcome)?;
    Ok((stream, welcome))
}

/// The user whose daemon may listen there: the owner of the directory, where nobody else can
/// put a socket.
fn team_owner(socket: &Path) -> Result<u32, DaemonError> {
    let dir = socket.parent().unwrap_or(Path::new("/"));
    let absent = |_| DaemonError::Absent {
        path: socket.to_path_buf(),
    };
    let owner = std::fs::symlink_metadata(dir).map_err(absent)?.uid();
    place::check(dir, owner)?;
    Ok(owner)
}

/// Connects to a daemon, waiting for one that starts or goes, and starting one where there is
/// none and a starter is given.
///
/// # Errors
/// [`DaemonError::Absent`] at once where there is none and nothing to start one with.
pub(super) fn connect(
    place: &Where,
    hello: &Hello,
    starter: Option<&Starter>,
    patience: Duration,
) -> Result<(UnixStream, Welcome), DaemonError> {
    let deadline = Instant::now() + patience;
    let mut starts = 0;
    loop {
        let error = match greet(place, hello) {
            Err(error) => error,
            connected => return connected,
        };
        let out_of_time = Instant::now() >= deadline;
        match (&error, place, starter) {
            (DaemonError::Absent { .. }, Where::Own { dir, runtime_dir }, Some(starter))
                if !out_of_time =>
            {
                starts += 1;
                let started = start(&Place::new(dir, runtime_dir.as_deref()), starter, deadline);
                match started {
                    // Killed from outside before it was seen serving.
                    Err(DaemonError::NotStarted { killed: true, .. }) if starts < STARTS => {}
                    started => started?,
                }
            }
            // It is asked to go for a newer one, which only a starter can bring.
            (DaemonError::Older { .. }, Where::Own { .. }, Some(_)) if !out_of_time => {
                stop(place, deadline.saturating_duration_since(Instant::now()))?;
            }
            (DaemonError::Unreachable { .. }, ..) if !out_of_time => {
                std::thread::sleep(LOOK_EVERY);
            }
            (_, Where::Team { socket }, _) => return Err(of_team(error, socket)),
            (_, Where::Own { .. }, _) => return Err(error),
        }
    }
}

/// Says of a team's service what a user can do about it: there is no other way to its store.
fn of_team(error: DaemonError, socket: &Path) -> DaemonError {
    let dir = socket.parent().unwrap_or(Path::new("/"));
    let found = || std::fs::metadata(socket).or_else(|_| std::fs::metadata(dir));
    match error {
        DaemonError::Absent { .. } => {
            let owner = std::fs::metadata(dir).map_or(0, |dir| dir.uid());
            let name = HostAccounts::default().user_name(owner);
            DaemonError::Down {
                path: socket.to_path_buf(),
                owner: name.unwrap_or_else(|| owner.to_string()),
            }
        }
        DaemonError::Io { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
            let gid = found().map_or(0, |file| file.gid());
            let name = HostAccounts::default().group_name(gid);
            DaemonError::Outside {
                path: socket.to_path_buf(),
                group: name.unwrap_or_else(|| gid.to_string()),
            }
        }
        other => other,
    }
}

/// Starts a daemon, unless another client does so already.
fn start(place: &Place, starter: &Starter, deadline: Instant) -> Result<(), DaemonError> {
    place::prepare(place.dir())?;
    let serves = || {
        !matches!(
            probe::look(place),
            Probe::Absent | Probe::Unreachable { .. }
        )
    };
    let patience = deadline.saturating_duration_since(Instant::now());
    // `None`: another client was faster, or takes its time.
    let Some(_starting) = Lock::acquire(&place.start_lock(), patience, serves)? else {
        return Ok(());
    };
    if probe::look(place) != Probe::Absent {
        return Ok(());
    }
    let mut child = spawn(place, starter)?;
    let outcome = loop {
        let over = child
            .try_wait()
            .map_err(DaemonError::io(&starter.program))?;
        if serves() {
            break Ok(());
        }
        if let Some(status) = over {
            break Err(DaemonError::NotStarted {
                detail: format!("{status}: {}", log_tail(&place.log())),
                killed: status.signal().is_some(),
            });
        }
        if Instant::now() >= deadline {
            break Err(DaemonError::NotStarted {
                detail: "it takes too long".to_owned(),
                killed: false,
            });
        }
        std::thread::sleep(LOOK_EVERY);
    };
    // Somebody has to take the exit status of a daemon that goes before its starter does.
    std::thread::spawn(move || child.wait());
    outcome
}

fn spawn(place: &Place, starter: &Starter) -> Result<Child, DaemonError> {
    let path = place.log();
    let log = open_log(&path).map_err(DaemonError::io(&path))?;
    let also = log.try_clone().map_err(DaemonError::io(&path))?;
    Command::new(&starter.program)
        .args(&starter.args)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(also)
        .spawn()
        .map_err(DaemonError::io(&starter.program))
}

fn open_log(path: &Path) -> std::io::Result<File> {
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
        .open(path)?;
    if log.metadata()?.len() > LOG_BYTES {
        log.set_len(0)?;
    }
    Ok(log)
}

fn log_tail(path: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut log = File::open(path)?;
        let length = log.metadata()?.len();
        log.seek(SeekFrom::Start(length.saturating_sub(LOG_TAIL)))?;
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default())
        .trim()
        .to_owned()
}

/// What is found where a daemon may be.
///
/// # Errors
/// Where the directory cannot be trusted.
pub fn status(place: &Where) -> Result<Probe, DaemonError> {
    let hello = probe::hello(Want::Probe, String::new(), None);
    match greet(place, &hello) {
        Ok((_, welcome)) => Ok(probe::found(welcome.info)),
        Err(DaemonError::Absent { .. }) => Ok(Probe::Absent),
        Err(DaemonError::Unreachable { detail }) => Ok(Probe::Unreachable {
            pid: pid(place),
            detail,
        }),
        Err(error) => Err(match place {
            Where::Team { socket } => of_team(error, socket),
            Where::Own { .. } => error,
        }),
    }
}

/// Asks the daemon to finish what it does and go, and waits until it is gone. Says whether
/// there was one.
///
/// # Errors
/// [`DaemonError::Refused`] where the user may not, [`DaemonError::Unreachable`] where it did not
/// go in time.
pub fn stop(place: &Where, patience: Duration) -> Result<bool, DaemonError> {
    let deadline = Instant::now() + patience;
    let hello = probe::hello(Want::Stop, String::new(), None);
    let mut going = false;
    let asked = loop {
        match greet(place, &hello) {
            Ok((_, welcome)) => break welcome.info,
            Err(DaemonError::Absent { .. }) => return Ok(going),
            // It starts, or it goes already.
            Err(DaemonError::Unreachable { .. }) if Instant::now() < deadline => going = true,
            Err(error) => return Err(error),
        }
        std::thread::sleep(LOOK_EVERY);
    };
    while !is_gone(place, asked.pid) {
        if Instant::now() >= deadline {
            let detail = format!("process {} does not go", asked.pid);
            return Err(DaemonError::Unreachable { detail });
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(true)
}

/// Whether the daemon with this process is gone; another may have taken its place.
fn is_gone(place: &Where, pid: u32) -> bool {
    match place {
        Where::Own { dir, runtime_dir } => {
            let place = Place::new(dir, runtime_dir.as_deref());
            let holder = lock::read(&place.lock()).map(|info| info.pid);
            holder.is_some_and(|holder| holder != pid) || !lock::is_held(&place.lock())
        }
        Where::Team { .. } => match status(place) {
            Ok(Probe::Ready(info) | Probe::Older(info) | Probe::Newer(info)) => info.pid != pid,
            Ok(Probe::Absent) => true,
            Ok(Probe::Unreachable { .. }) | Err(_) => false,
        },
    }
}

fn pid(place: &Where) -> Option<u32> {
    match place {
        Where::Own { dir, runtime_dir } => {
            let place = Place::new(dir, runtime_dir.as_deref());
            lock::read(&place.lock()).map(|info| info.pid)
        }
        Where::Team { .. } => None,
    }
}
