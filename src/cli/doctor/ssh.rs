//! `gongdan doctor ssh`: what a jump host needs, as a script to read and to run.
//!
//! The files that the script writes are those of the packages, word for word: both come from
//! `packaging/`.

use super::super::context::Context;
use super::super::failure::Failure;

/// Where the packages put the program; the script writes where it really is.
const PACKAGED: &str = "/usr/bin/gongdan";

/// Sets up group, service user, units and sshd for one team. Every step can be run again.
///
/// `@NAME@` stands for a file of [`FILES`].
const SCRIPT: &str = r#"#!/bin/sh
# Sets up gongdan for a team on this jump host. Read it, then run it as root.
#
# Agents are the members of the group "gongdan". Their ssh sessions reach the workbench and
# nothing else of this machine. Who may curate and administrate is a team setting:
#     gongdan settings set roles '{"@gongdan":"agent","lin":"curator","root":"admin"}'
set -eu
umask 022
program="$(command -v gongdan)"

# The group of the agents, and the user that owns the store.
getent group gongdan >/dev/null || groupadd --system gongdan
getent passwd gongdan-desk >/dev/null ||
    useradd --system --gid gongdan --home-dir /var/lib/gongdan --shell /usr/sbin/nologin gongdan-desk
install -d -o gongdan-desk -g gongdan -m 0700 /var/lib/gongdan

@SOCKET@
@SERVICE@
@TMPFILES@
if [ -d /run/systemd/system ]; then
    systemd-tmpfiles --create /etc/tmpfiles.d/gongdan.conf
    systemctl daemon-reload
    systemctl enable --now gongdan.socket
fi

# Members of the group get the workbench and nothing else. Their keys are root's to keep, and
# their shell is /bin/sh: bash would run a ~/.bashrc before the forced command.
install -d -m 0755 /etc/ssh/gongdan-keys
@SSHD@
sshd -t
# Where sshd starts with each connection there is nothing to reload.
if [ -d /run/systemd/system ]; then systemctl try-reload-or-restart ssh; fi

# An agent: useradd --create-home --shell /bin/sh --groups gongdan NAME
#           chown root: /home/NAME && chmod 0755 /home/NAME
#           install -m 0644 NAME.pub /etc/ssh/gongdan-keys/NAME
"#;

/// Where a file stands in the script, where it is written, and its text.
const FILES: [(&str, &str, &str); 4] = [
    (
        "@SOCKET@",
        "/etc/systemd/system/gongdan.socket",
        include_str!("../../../packaging/systemd/gongdan.socket"),
    ),
    (
        "@SERVICE@",
        "/etc/systemd/system/gongdan.service",
        include_str!("../../../packaging/systemd/gongdan.service"),
    ),
    (
        "@TMPFILES@",
        "/etc/tmpfiles.d/gongdan.conf",
        include_str!("../../../packaging/systemd/tmpfiles.conf"),
    ),
    (
        "@SSHD@",
        "/etc/ssh/sshd_config.d/gongdan.conf",
        include_str!("../../../packaging/examples/sshd.conf"),
    ),
];

/// Prints the script.
///
/// # Errors
/// When standard output cannot be written.
pub fn tell(cx: &mut Context) -> Result<(), Failure> {
    cx.out.document(script().as_bytes())
}

fn script() -> String {
    FILES
        .iter()
        .fold(SCRIPT.to_owned(), |script, (place, path, text)| {
            let text = text.replace(PACKAGED, "$program");
            script.replace(place, &format!("cat >{path} <<EOF\n{text}EOF"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_finds_nothing_to_expand_in_the_packaged_files_but_the_program() {
        for (place, _, text) in FILES {
            assert!(SCRIPT.contains(place));
            assert!(!text.contains(['$', '`', '\\']), "{text}");
            assert!(text.ends_with('\n'));
        }
        assert_eq!(script().matches("$program --").count(), 2);
        assert!(!script().contains(PACKAGED));
    }
}
