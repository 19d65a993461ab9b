//! The socket that a service manager bound and hands over (`LISTEN_FDS`).

use std::os::unix::net::UnixListener;

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use super::error::DaemonError;

/// The first descriptor handed over, by convention.
const FIRST: i32 = 3;

/// The socket handed to this process; `None` where there is none.
pub(super) fn listener() -> Result<Option<UnixListener>, DaemonError> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
    let ours = number("LISTEN_PID") == Some(std::process::id());
    if !ours || number("LISTEN_FDS").is_none_or(|count| count == 0) {
        return Ok(None);
    }
    // A copy of the descriptor that safe code may own.
    let copy = pidfd_open(getpid(), PidfdFlags::empty())
        .and_then(|own| pidfd_getfd(&own, FIRST, PidfdGetfdFlags::empty()))
        .map_err(|error| DaemonError::Unreachable {
            detail: format!("the socket handed over cannot be used: {error}"),
        })?;
    Ok(Some(UnixListener::from(copy)))
}
