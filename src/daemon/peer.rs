//! Who is at the other end, by the kernel's word.

use std::os::fd::AsFd;

use super::accounts::Accounts;
use super::error::DaemonError;
use super::message::Hello;

/// Characters of a declared name at most.
const NAME_CHARS: usize = 40;

/// Characters of a session id at most.
const SESSION_CHARS: usize = 64;

/// A client, as its session's desk has to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Unix user, by the kernel.
    pub uid: u32,
    /// Primary group, by the kernel.
    pub gid: u32,
    /// Process, by the kernel; it may be over, and its number another's.
    pub pid: u32,
    /// The user's name; the number as text where it has none.
    pub name: String,
    /// The name an agent on a shared account declared.
    pub declared: Option<String>,
    /// The client's session: the scope of its undo.
    pub session: String,
}

/// User, group and process at the other end of a socket.
pub(super) fn credentials(socket: impl AsFd) -> Result<(u32, u32, u32), DaemonError> {
    let found = rustix::net::sockopt::socket_peercred(socket).map_err(|error| {
        DaemonError::Unreachable {
            detail: error.to_string(),
        }
    })?;
    let pid = u32::try_from(found.pid.as_raw_nonzero().get()).unwrap_or(0);
    Ok((found.uid.as_raw(), found.gid.as_raw(), pid))
}

impl Peer {
    /// A client by its credentials and what it said. Only name and session are taken from what
    /// it said, and only as far as they can be shown.
    pub(super) fn new(
        (uid, gid, pid): (u32, u32, u32),
        hello: &Hello,
        accounts: &dyn Accounts,
    ) -> Self {
        let declared = hello.declared.as_deref().map(tidy).unwrap_or_default();
        Self {
            uid,
            gid,
            pid,
            name: accounts.user_name(uid).unwrap_or_else(|| uid.to_string()),
            declared: Some(declared).filter(|name| !name.is_empty()),
            session: session_id(&hello.session),
        }
    }
}

/// What of a session's id is used.
pub(super) fn session_id(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(SESSION_CHARS)
        .collect()
}

/// A name without what would disturb a screen or a log.
fn tidy(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .take(NAME_CHARS)
        .collect();
    kept.trim().to_owned()
}

/// Marks of direction and width zero, by which one name can look like another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::super::accounts::HostAccounts;
    use super::super::message::{PROTOCOL, VERSION, Want};
    use super::*;

    #[test]
    fn a_client_names_its_session_and_itself_but_not_its_user() {
        let hello = Hello {
            protocol: PROTOCOL,
            version: VERSION.into(),
            want: Want::Session,
            session: "a1-b2/../\n".into(),
            declared: Some("  林\u{202e}\u{1b}[31m  ".into()),
        };
        let peer = Peer::new((0, 0, 5), &hello, &HostAccounts::default());
        assert_eq!((peer.uid, peer.name.as_str()), (0, "root"));
        assert_eq!(peer.session, "a1-b2");
        assert_eq!(peer.declared.as_deref(), Some("林[31m"));
        let silent = Hello {
            declared: Some("\u{200b} ".into()),
            ..hello
        };
        let peer = Peer::new((0, 0, 5), &silent, &HostAccounts::default());
        assert_eq!(peer.declared, None);
    }
}
