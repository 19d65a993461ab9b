//! The socket clients knock at: bound, watched, bound again when somebody removed it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::error::DaemonError;
use super::place::Place;

/// Pause after a failure to accept: descriptors may have run out, and come back.
const PAUSE: Duration = Duration::from_millis(50);

/// A bound socket.
pub(super) struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Device and inode of the file, by which a replaced one is known.
    /// `None` for a socket that is another's to remove.
    file: Option<(u64, u64)>,
    group: Option<u32>,
    closing: Arc<AtomicBool>,
}

impl Listener {
    /// Binds the first of the places that takes a socket. A file in the way is removed: only
    /// whoever holds the daemon's lock comes here, so no other daemon listens on it.
    pub(super) fn bind_in(place: &Place) -> Result<Self, DaemonError> {
        let mut reason = String::new();
        for path in place.sockets()? {
            match Self::bind(&path, None) {
                Ok(listener) => return Ok(listener),
                // Such as a file system without sockets.
                Err(error) => reason = DaemonErrorText(&error).to_string(),
            }
        }
        Err(place.no_place(reason))
    }

    /// Binds one path. With a group, its members may connect; else only the owner.
    pub(super) fn bind(path: &Path, group: Option<u32>) -> Result<Self, DaemonError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(DaemonError::io(path)(error));
            }
            Ok(()) | Err(_) => {}
        }
        let socket = UnixListener::bind(path).map_err(DaemonError::io(path))?;
        // Between the two calls only the directory protects the socket, which it does.
        let mode = if group.is_some() { 0o660 } else { 0o600 };
        if let Some(gid) = group {
            std::os::unix::fs::chown(path, None, Some(gid)).map_err(DaemonError::io(path))?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(DaemonError::io(path))?;
        Ok(Self {
            socket,
            path: path.to_path_buf(),
            file: identity(path),
            group,
            closing: Arc::default(),
        })
    }

    /// Takes a socket that the service manager bound, and watches over itself.
    pub(super) fn inherited(socket: UnixListener, path: PathBuf) -> Self {
        Self {
            socket,
            path,
            file: None,
            group: None,
            closing: Arc::default(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Accepts connections on a thread of its own until [`Self::close`].
    pub(super) fn serve(
        &self,
        mut accept: impl FnMut(UnixStream) + Send + 'static,
    ) -> Result<(), DaemonError> {
        let socket = self
            .socket
            .try_clone()
            .map_err(DaemonError::io(&self.path))?;
        let closing = Arc::clone(&self.closing);
        let run = move || {
            loop {
                let accepted = socket.accept();
                if closing.load(Ordering::SeqCst) {
                    return;
                }
                match accepted {
                    Ok((stream, _)) => accept(stream),
                    Err(_) => std::thread::sleep(PAUSE),
                }
            }
        };
        std::thread::Builder::new()
            .name("gongdan-accept".to_owned())
            .spawn(run)
            .map_err(DaemonError::io(&self.path))?;
        Ok(())
    }

    /// Whether the file is still the one that was bound.
    pub(super) fn is_in_place(&self) -> bool {
        self.file.is_none() || identity(&self.path) == self.file
    }

    /// Binds the same path again.
    pub(super) fn again(&self) -> Result<Self, DaemonError> {
        Self::bind(&self.path, self.group)
    }

    /// Ends accepting.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        if self.file.is_some() {
            // Connections that nobody accepted yet are refused.
            let _ = rustix::net::shutdown(&self.socket, rustix::net::Shutdown::Both);
        } else {
            // Shut down it would be of no use to the service manager either, who keeps such
            // connections for the next daemon. One more only wakes the thread that accepts.
            let _ = UnixStream::connect(&self.path);
        }
    }

    /// Removes the file, where it is still ours.
    pub(super) fn unlink(&self) {
        if self.file.is_some() && self.is_in_place() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let found = fs::symlink_metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

/// An error with its cause on one line.
struct DaemonErrorText<'a>(&'a DaemonError);

impl std::fmt::Display for DaemonErrorText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            DaemonError::Io { path, source } => write!(f, "{}: {source}", path.display()),
            other => other.fmt(f),
        }
    }
}
