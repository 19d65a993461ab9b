//! Who runs the command, and from where.

use crate::model::{Author, Origin, random};

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

/// Sixteen random hexadecimal digits.
fn session() -> String {
    data_encoding::HEXLOWER.encode(&random::<8>())
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
