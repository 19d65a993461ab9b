//! Looking for a daemon, and greeting it.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use std::io::Write;

use super::error::DaemonError;
use super::lock;
use super::message::{DaemonInfo, Hello, PROTOCOL, VERSION, Verdict, Want, Welcome};
use super::peer;
use super::place::{self, Place};
use super::wire::{self, MAX_HELLO, WireError};

/// How long a daemon may take to answer a greeting.
const GREETING: Duration = Duration::from_secs(5);

/// What was found where a daemon may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// A daemon of our protocol.
    Ready(DaemonInfo),
    /// A daemon of an older protocol: ask it to go.
    Older(DaemonInfo),
    /// A daemon of a newer protocol: this program has to be started anew.
    Newer(DaemonInfo),
    /// A process holds the lock but does not answer: it starts, stops, or hangs.
    Unreachable {
        /// Its process, where it is known.
        pid: Option<u32>,
        /// What happened.
        detail: String,
    },
    /// None.
    Absent,
}

/// Looks for a private daemon.
pub(super) fn look(place: &Place) -> Probe {
    match greet(place, &hello(Want::Probe, String::new(), None)) {
        Ok((_, welcome)) => found(welcome.info),
        Err(DaemonError::Absent { .. }) => Probe::Absent,
        Err(error) => Probe::Unreachable {
            pid: lock::read(&place.lock()).map(|info| info.pid),
            detail: error.to_string(),
        },
    }
}

/// Sorts a daemon by its protocol.
pub(super) fn found(info: DaemonInfo) -> Probe {
    match info.protocol.cmp(&PROTOCOL) {
        std::cmp::Ordering::Less => Probe::Older(info),
        std::cmp::Ordering::Equal => Probe::Ready(info),
        std::cmp::Ordering::Greater => Probe::Newer(info),
    }
}

/// This program's greeting.
pub(super) fn hello(want: Want, session: String, declared: Option<String>) -> Hello {
    Hello {
        protocol: PROTOCOL,
        version: VERSION.to_owned(),
        want,
        session,
        declared,
    }
}

/// Connects to the private daemon of a directory and greets it.
///
/// # Errors
/// [`DaemonError::Absent`] where there is none, [`DaemonError::Unreachable`] where one holds the
/// lock and does not answer, [`DaemonError::Directory`] where the directory cannot be trusted.
pub(super) fn greet(place: &Place, hello: &Hello) -> Result<(UnixStream, Welcome), DaemonError> {
    place::check(place.dir(), place::euid())?;
    for socket in sockets(place) {
        match greet_private(place, &socket, hello) {
            Err(DaemonError::Absent { .. }) => {}
            other => return other,
        }
    }
    if lock::is_held(&place.lock()) {
        let detail = "its lock is held, but no socket answers".to_owned();
        return Err(DaemonError::Unreachable { detail });
    }
    Err(DaemonError::Absent {
        path: place.dir().to_path_buf(),
    })
}

/// Greets whoever listens on a socket in a directory of ours.
fn greet_private(
    place: &Place,
    socket: &Path,
    hello: &Hello,
) -> Result<(UnixStream, Welcome), DaemonError> {
    if let Some(dir) = socket.parent().filter(|dir| *dir != place.dir()) {
        place::check(dir, place::euid())?;
    }
    greet_at(socket, place::euid(), hello)
}

/// Where the socket may be: where the lock file says, else where it would be made.
pub(super) fn sockets(place: &Place) -> Vec<PathBuf> {
    lock::read(&place.lock())
        .and_then(|info| info.socket)
        .map(|socket| vec![socket])
        .or_else(|| place.sockets().ok())
        .unwrap_or_default()
}

/// Connects to a socket and greets whoever listens, who has to be `owner` or root.
pub(super) fn greet_at(
    socket: &Path,
    owner: u32,
    hello: &Hello,
) -> Result<(UnixStream, Welcome), DaemonError> {
    let absent = || DaemonError::Absent {
        path: socket.to_path_buf(),
    };
    let mut stream = UnixStream::connect(socket).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => absent(),
        _ => DaemonError::Io {
            path: socket.to_path_buf(),
            source,
        },
    })?;
    let (uid, ..) = peer::credentials(&stream)?;
    if uid != owner && uid != 0 {
        let detail = format!(
            "{} is listened on by the user {uid}, not by {owner}",
            socket.display()
        );
        return Err(DaemonError::Unreachable { detail });
    }
    let unreachable = |detail| Err(DaemonError::Unreachable { detail });
    match exchange(&mut stream, hello) {
        Ok(Some(welcome)) => Ok((stream, welcome)),
        // A daemon that goes lets connections fall that it has not yet accepted.
        Ok(None) => unreachable("it hung up without a word".to_owned()),
        Err(error) => unreachable(error.to_string()),
    }
}

fn exchange(stream: &mut UnixStream, hello: &Hello) -> Result<Option<Welcome>, WireError> {
    stream.set_read_timeout(Some(GREETING))?;
    stream.set_write_timeout(Some(GREETING))?;
    stream.write_all(&wire::encode(hello, &[], MAX_HELLO)?)?;
    let Some(frame) = wire::read(stream, MAX_HELLO)? else {
        return Ok(None);
    };
    stream.set_read_timeout(None)?;
    stream.set_write_timeout(None)?;
    serde_json::from_slice(&frame.header)
        .map(Some)
        .map_err(WireError::rubbish)
}

/// What a daemon's answer means to whoever wanted something of it.
pub(super) fn granted(welcome: &Welcome) -> Result<(), DaemonError> {
    let info = &welcome.info;
    match welcome.verdict {
        Verdict::Fine => Ok(()),
        Verdict::Full => Err(DaemonError::Full),
        Verdict::Refused => Err(DaemonError::Refused {
            role: welcome.role.clone(),
        }),
        Verdict::Protocol => {
            let (version, protocol) = (info.version.clone(), info.protocol);
            Err(if protocol < PROTOCOL {
                DaemonError::Older { version, protocol }
            } else {
                DaemonError::Newer { version, protocol }
            })
        }
    }
}
