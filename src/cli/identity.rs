//! Who runs the command, and from where.

use std::io::Read;

use crate::model::{Author, Origin};

/// The user, by the kernel's word, and this process's session.
pub fn author(user: Option<String>) -> Author {
    let uid = rustix::process::getuid().as_raw();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = name_of(uid, &passwd)
        .or(user.filter(|name| !name.is_empty()))
        .unwrap_or_else(|| uid.to_string());
    Author {
        uid,
        name,
        declared: false,
    }
}

/// The host, and a session of its own for this process.
pub fn origin() -> Origin {
    Origin {
        host: host(),
        session: session(),
    }
}

/// The host's name as the kernel has it.
fn host() -> String {
    ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

/// A user's name in the text of a password file.
fn name_of(uid: u32, passwd: &str) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id = fields.nth(1)?;
        (id.parse() == Ok(uid) && !name.is_empty()).then(|| name.to_owned())
    })
}

/// Sixteen random hexadecimal digits; the clock and the process where there is no randomness.
fn session() -> String {
    let mut bytes = [0; 8];
    let random =
        std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    if random.is_err() {
        let now = jiff::Timestamp::now().as_nanosecond();
        bytes = (now as u64 ^ u64::from(std::process::id()) << 40).to_be_bytes();
    }
    data_encoding::HEXLOWER.encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_name_comes_from_the_password_file() {
        let passwd = "root:x:0:0::/root:/bin/sh\nlin:x:1042:1042:林:/home/lin:/bin/sh\n";
        assert_eq!(name_of(1042, passwd).as_deref(), Some("lin"));
        assert_eq!(name_of(7, passwd), None);
    }

    #[test]
    fn two_sessions_differ() {
        assert_ne!(session(), session());
    }
}
