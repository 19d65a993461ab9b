//! The way to the desk: a daemon where one runs, else this process.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::environment::variable;
use super::failure::Failure;
use super::identity;
use crate::api::{Desk, DeskError, ErrorCode, Unreachable};
use crate::daemon::{self, ConnectOptions, DaemonError, SocketDesk, Starter, Where};
use crate::desk::{Authority, Identity, LocalDesk};
use crate::store::Store;

/// Where a whole team's daemon listens.
pub const TEAM_SOCKET: &str = "/run/gongdan/desk.sock";

/// The variable that names a team's socket elsewhere.
pub const SOCKET_VARIABLE: &str = "GONGDAN_SOCKET";

/// Minutes after its last client that a daemon started by a workbench goes.
const IDLE_MINUTES: &str = "5";

/// How long a busy store is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a daemon that starts is waited for: it may have to fold a long journal first.
const START_PATIENCE: Duration = Duration::from_secs(20);

/// Time between two tries.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Where the desk is, and whether a daemon may be asked.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where a daemon is looked for.
    pub place: Where,
    /// The data directory.
    pub dir: PathBuf,
    /// Whether the desk is opened in this process, whatever runs.
    pub standalone: bool,
}

impl Way {
    /// Opens the desk for a command: a running daemon's, else this process's.
    ///
    /// # Errors
    /// When the store is busy, newer than this program, or damaged.
    pub fn open(&self) -> Result<Arc<dyn Desk>, DeskError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let error = match self.try_open() {
                Err(error) if error.code() == ErrorCode::Busy => error,
                opened => return opened,
            };
            // Another command is over in a moment, and a daemon that starts is there in one.
            if Instant::now() >= deadline {
                return Err(error);
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn try_open(&self) -> Result<Arc<dyn Desk>, DeskError> {
        if !self.standalone {
            match SocketDesk::connect(self.options(None, PATIENCE)) {
                Ok(desk) => return Ok(Arc::new(desk)),
                Err(DaemonError::Absent { .. }) if self.is_own() => {}
                // A daemon cannot serve such a directory; a command alone can use it.
                Err(DaemonError::Directory { .. } | DaemonError::NoPlace { .. })
                    if self.is_own() => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.open_here()
    }

    /// Opens the desk in this process.
    fn open_here(&self) -> Result<Arc<dyn Desk>, DeskError> {
        daemon::may_keep(&self.dir)?;
        Ok(Arc::new(LocalDesk::open(&self.dir, own_identity())?))
    }

    /// Opens the desk for a workbench, which shares it: starts a daemon where there is none.
    ///
    /// # Errors
    /// As [`Self::open`], and when no daemon can serve the directory.
    pub fn open_shared(&self) -> Result<Arc<dyn Desk>, DeskError> {
        if self.standalone {
            return self.open();
        }
        let starter = self.is_own().then(|| self.starter()).transpose()?;
        let options = self.options(starter, START_PATIENCE);
        match SocketDesk::connect(options) {
            Ok(desk) => Ok(Arc::new(desk)),
            // As a command does: no socket fits there, and nobody else can share it.
            Err(DaemonError::NoPlace { .. }) if self.is_own() => self.open_here(),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the store is one person's, and not a team's behind its socket.
    pub fn is_own(&self) -> bool {
        matches!(self.place, Where::Own { .. })
    }

    fn options(&self, starter: Option<Starter>, patience: Duration) -> ConnectOptions {
        ConnectOptions {
            place: self.place.clone(),
            starter,
            patience,
            session: identity::origin().session,
            declared: variable("GONGDAN_AGENT"),
        }
    }

    /// This program again, as a daemon.
    fn starter(&self) -> Result<Starter, DeskError> {
        let lost = |error: std::io::Error| {
            DeskError::Unreachable(Unreachable::Other {
                detail: error.to_string(),
            })
        };
        let dir = std::path::absolute(&self.dir).map_err(lost)?;
        let args = [
            "serve",
            "--background",
            "--idle",
            IDLE_MINUTES,
            "--data-dir",
        ];
        Ok(Starter {
            program: std::env::current_exe().map_err(lost)?,
            args: args
                .into_iter()
                .map(Into::into)
                .chain([dir.into_os_string()])
                .collect(),
        })
    }
}

/// Who runs this process, and from where.
pub fn own_identity() -> Identity {
    let mut author = identity::author(variable("USER"));
    if let Some(name) = variable("GONGDAN_AGENT") {
        (author.name, author.declared) = (name, true);
    }
    Identity {
        author,
        origin: identity::origin(),
        authority: Authority::Owner,
    }
}

/// Makes a store of a backup in an empty place. The desk has no part in it: there is none yet.
///
/// # Errors
/// When the backup is not whole, or the disk fails.
pub fn restore(dir: &Path, backup: &mut dyn Read) -> Result<(), Failure> {
    Store::restore(dir, backup, &mut |_, _| ControlFlow::Continue(()))
        .map_err(|error| DeskError::from(error).into())
}
