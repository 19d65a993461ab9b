//! The host's users and groups: the files first, then `getent`, which asks whatever directory
//! service the host uses.

use std::collections::HashMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer is believed: a person put in a group need not wait for a restart.
const BELIEVED: Duration = Duration::from_secs(60);

/// Where `getent` lies; a `PATH` is not asked.
const GETENT: &str = "/usr/bin/getent";

/// Databases, and the fields of their lines.
const USERS: &str = "passwd";
const GROUPS: &str = "group";
const NAME: usize = 0;
const NUMBER: usize = 2;

/// A Unix group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Its number.
    pub(super) gid: u32,
    /// Names of its members, beside those whose primary group it is.
    pub(super) members: Vec<String>,
}

/// Users and groups.
pub(super) trait Accounts: Send + Sync {
    /// A user's name.
    fn user_name(&self, uid: u32) -> Option<String>;

    /// A group's name.
    fn group_name(&self, gid: u32) -> Option<String>;

    /// A group by name.
    fn group(&self, name: &str) -> Option<Group>;
}

/// The accounts of this host.
#[derive(Default)]
pub(super) struct HostAccounts {
    lines: Mutex<HashMap<(&'static str, String), Known>>,
}

struct Known {
    line: Option<String>,
    at: Instant,
}

impl HostAccounts {
    /// The line of a database for a key, of the files or of the directory service.
    fn line(&self, database: &'static str, key: &str) -> Option<String> {
        let slot = (database, key.to_owned());
        let lock = || self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&slot)
            && known.at.elapsed() < BELIEVED
        {
            return known.line.clone();
        }
        let text = fs::read_to_string(format!("/etc/{database}")).unwrap_or_default();
        // A group is asked for by either; no group is named like a number.
        let by_number = database == USERS || key.bytes().all(|b| b.is_ascii_digit());
        let field = if by_number { NUMBER } else { NAME };
        let line = line_of(&text, field, key)
            .map(str::to_owned)
            .or_else(|| getent(database, key));
        let at = Instant::now();
        let known = Known {
            line: line.clone(),
            at,
        };
        lock().insert(slot, known);
        line
    }
}

impl Accounts for HostAccounts {
    fn user_name(&self, uid: u32) -> Option<String> {
        let line = self.line(USERS, &uid.to_string())?;
        let name = line.split(':').next()?;
        Some(name.to_owned()).filter(|name| !name.is_empty())
    }

    fn group_name(&self, gid: u32) -> Option<String> {
        let line = self.line(GROUPS, &gid.to_string())?;
        let name = line.split(':').next()?;
        Some(name.to_owned()).filter(|name| !name.is_empty())
    }

    fn group(&self, name: &str) -> Option<Group> {
        parse_group(&self.line(GROUPS, name)?)
    }
}

/// The line that has the key in a field; a user may be *named* like another's number.
fn line_of<'a>(text: &'a str, field: usize, key: &str) -> Option<&'a str> {
    text.lines()
        .find(|line| line.split(':').nth(field) == Some(key))
}

fn parse_group(line: &str) -> Option<Group> {
    let mut fields = line.split(':').skip(2);
    let gid = fields.next()?.parse().ok()?;
    let members = fields
        .next()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    Some(Group { gid, members })
}

fn getent(database: &str, key: &str) -> Option<String> {
    let out = Command::new(GETENT)
        .args(["--", database, key])
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let line = text.lines().next()?;
    out.status.success().then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_name_or_by_number_never_by_either() {
        let text = "root:x:0:\n990:x:7:\ngongdan:x:990:lin,zhou\n";
        let group = line_of(text, NAME, "gongdan")
            .and_then(parse_group)
            .unwrap();
        assert_eq!(group.gid, 990);
        assert_eq!(group.members, ["lin", "zhou"]);
        assert_eq!(line_of(text, NUMBER, "990"), line_of(text, NAME, "gongdan"));
        assert_eq!(line_of(text, NAME, "lin"), None);
        assert_eq!(parse_group("broken"), None);
    }

    #[test]
    fn root_is_known_on_every_host() {
        let accounts = HostAccounts::default();
        assert_eq!(accounts.user_name(0).as_deref(), Some("root"));
        assert_eq!(accounts.group_name(0).as_deref(), Some("root"));
        assert_eq!(accounts.group("root").map(|g| g.gid), Some(0));
        assert_eq!(accounts.group("no such group here"), None);
    }
}
