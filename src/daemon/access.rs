//! Who may ask for what.

use std::collections::BTreeMap;
use std::fmt;

use crate::desk::api::Request;

use super::accounts::Accounts;

/// What a person may do; each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Browse, search and copy.
    Reader,
    /// Annotate and correct.
    Agent,
    /// Vocabulary, standard replies and imports.
    Curator,
    /// Everything: settings, backups, the daemon itself.
    Admin,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Agent, Self::Curator, Self::Admin];

    /// The name that settings and refusals use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Agent => "agent",
            Self::Curator => "curator",
            Self::Admin => "admin",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The least role that may ask for this.
///
/// A job is a matter of whoever began it, which the session sees to: whoever may not begin one
/// has none to read, feed, close or cancel.
pub fn needed(request: &Request) -> Role {
    match request {
        Request::Status
        | Request::Tree { .. }
        | Request::List { .. }
        | Request::Search { .. }
        | Request::Similar { .. }
        | Request::Show { .. }
        | Request::Vocabulary
        | Request::Log { .. }
        | Request::Conflicts
        | Request::Reply { .. }
        | Request::Analyse
        | Request::Replies(_)
        | Request::Offers { .. }
        | Request::Compose(_)
        | Request::Answer { .. }
        | Request::Suggest { .. }
        | Request::Queue { .. }
        | Request::RecordUse { .. }
        | Request::CatchUp
        | Request::Datasets
        | Request::Settings
        | Request::ImportData { .. }
        | Request::ImportClose { .. }
        | Request::ReadData { .. }
        | Request::Cancel { .. }
        | Request::Stats
        | Request::Check => Role::Reader,
        Request::Annotate(_)
        | Request::Recategorise(_)
        | Request::Undo(_)
        | Request::Redo(_)
        | Request::ResolveConflict { .. }
        | Request::Export { .. } => Role::Agent,
        Request::EditVocabulary(_)
        | Request::EditReply(_)
        | Request::ImportOpen(_)
        | Request::LoadSample
        | Request::RemoveDataset { .. } => Role::Curator,
        Request::SetSetting { .. } | Request::Backup => Role::Admin,
    }
}

/// The team's table of who has which role: `name` or `@group` → role, `*` = everybody else.
pub(super) type RoleTable = BTreeMap<String, String>;

/// The role of a user in a team's daemon.
///
/// Root and the service's own user are admins. A user's own name decides before groups, so that
/// one member of a group can be given less; of several groups the highest role counts. Whoever
/// the table does not name is an agent: the socket's group has let them in.
pub(super) fn role_of(
    table: &RoleTable,
    accounts: &dyn Accounts,
    (uid, gid): (u32, u32),
    service: u32,
) -> Role {
    if uid == 0 || uid == service {
        return Role::Admin;
    }
    let name = accounts.user_name(uid);
    let own = name.as_ref().and_then(|name| table.get(name));
    if let Some(role) = own.and_then(|role| Role::parse(role)) {
        return role;
    }
    let by_group = table
        .iter()
        .filter_map(|(who, role)| Some((who.strip_prefix('@')?, Role::parse(role)?)))
        .filter(|(group, _)| {
            accounts.group(group).is_some_and(|found| {
                found.gid == gid || name.as_ref().is_some_and(|n| found.members.contains(n))
            })
        })
        .map(|(_, role)| role)
        .max();
    let others = || table.get("*").and_then(|role| Role::parse(role));
    by_group.or_else(others).unwrap_or(Role::Agent)
}

#[cfg(test)]
mod tests {
    use super::super::accounts::Group;
    use super::*;

    struct Host;

    impl Accounts for Host {
        fn user_name(&self, uid: u32) -> Option<String> {
            (uid >= 1000).then(|| format!("u{uid}"))
        }

        fn group(&self, name: &str) -> Option<Group> {
            let (gid, members): (u32, &[&str]) = match name {
                "leads" => (50, &["u1001", "u1002"]),
                "ops" => (60, &["u1002"]),
                _ => return None,
            };
            let members = members.iter().map(|m| (*m).to_owned()).collect();
            Some(Group { gid, members })
        }
    }

    fn role(table: &[(&str, &str)], uid: u32, gid: u32) -> Role {
        let table = table
            .iter()
            .map(|(who, role)| ((*who).to_owned(), (*role).to_owned()))
            .collect();
        role_of(&table, &Host, (uid, gid), 500)
    }

    #[test]
    fn names_decide_before_groups_and_groups_before_everybody() {
        let table = [
            ("@leads", "curator"),
            ("@ops", "admin"),
            ("u1001", "reader"),
            ("*", "reader"),
        ];
        assert_eq!(role(&table, 1001, 100), Role::Reader);
        assert_eq!(role(&table, 1002, 100), Role::Admin);
        assert_eq!(role(&table, 1003, 50), Role::Curator, "by primary group");
        assert_eq!(role(&table, 1004, 100), Role::Reader, "by *");
    }

    #[test]
    fn without_a_table_everybody_let_in_is_an_agent() {
        assert_eq!(role(&[], 1001, 100), Role::Agent);
        assert_eq!(role(&[], 0, 0), Role::Admin);
        assert_eq!(role(&[], 500, 500), Role::Admin, "the service itself");
        assert_eq!(role(&[("u1001", "emperor")], 1001, 100), Role::Agent);
    }

    #[test]
    fn reading_is_for_all_and_imports_are_for_curators() {
        assert_eq!(needed(&Request::Status), Role::Reader);
        let remove = Request::RemoveDataset { name: "一".into() };
        assert_eq!(needed(&remove), Role::Curator);
        assert!(needed(&Request::Backup) > needed(&remove));
    }
}
