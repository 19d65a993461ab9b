//! Who may ask for what.

use std::collections::BTreeMap;

use super::accounts::Accounts;
use crate::api::Role;

/// The team's table of who has which role: `name` or `@group` → role, `*` = everybody else.
pub(super) type RoleTable = BTreeMap<String, String>;

/// The role of a user in a team's daemon.
///
/// Root and the service's own user are admins. A user's own name decides before groups, so that
/// one member of a group can be given less; of several groups the highest role counts. Whoever
/// the table does not name is an agent: the socket's group has let them in. A role that does not
/// exist gives the least there is.
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
    let given = |role: &String| Role::parse(role).unwrap_or(Role::Reader);
    let own = name.as_ref().and_then(|name| table.get(name));
    if let Some(role) = own.map(given) {
        return role;
    }
    let by_group = table
        .iter()
        .filter_map(|(who, role)| Some((who.strip_prefix('@')?, given(role))))
        .filter(|(group, _)| {
            accounts.group(group).is_some_and(|found| {
                found.gid == gid || name.as_ref().is_some_and(|n| found.members.contains(n))
            })
        })
        .map(|(_, role)| role)
        .max();
    let others = || table.get("*").map(given);
    by_group.or_else(others).unwrap_or(Role::Agent)
}

#[cfg(test)]
mod tests {
    use super::super::accounts::Group;
    use super::*;

    struct Host;

    impl Accounts for Host {
        fn group_name(&self, _: u32) -> Option<String> {
            None
        }

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
    }

    #[test]
    fn a_slip_in_a_roles_name_gives_less_and_never_more() {
        assert_eq!(role(&[("u1001", "reder")], 1001, 100), Role::Reader);
        assert_eq!(role(&[("@leads", "curater")], 1001, 100), Role::Reader);
        assert_eq!(role(&[("*", "emperor")], 1001, 100), Role::Reader);
        let better = [("@leads", "curater"), ("@ops", "agent")];
        assert_eq!(
            role(&better, 1002, 100),
            Role::Agent,
            "of several the highest"
        );
    }

    #[test]
    fn every_role_can_be_given() {
        use crate::model::{Setting, TeamSettings};
        for role in Role::ALL {
            let table = format!("{{\"lin\":\"{role}\"}}");
            assert!(
                TeamSettings::check(Setting::Roles, Some(&table)).is_ok(),
                "{role}"
            );
        }
    }
}
