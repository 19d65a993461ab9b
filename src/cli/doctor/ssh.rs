//! `gongdan doctor ssh`: what a jump host needs, as a script to read and to run.

use super::super::context::Context;
use super::super::failure::Failure;

/// Sets up group, service user, units and sshd for one team. Every step can be run again.
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

# The socket lies where only the group gets in: the directory protects it, not its own mode.
cat >/etc/systemd/system/gongdan.socket <<EOF
[Unit]
Description=Gongdan desk (socket)

[Socket]
ListenStream=/run/gongdan/desk.sock
SocketUser=gongdan-desk
SocketGroup=gongdan
SocketMode=0660
DirectoryMode=2750

[Install]
WantedBy=sockets.target
EOF
cat >/etc/systemd/system/gongdan.service <<EOF
[Unit]
Description=Gongdan desk
Requires=gongdan.socket

[Service]
User=gongdan-desk
Group=gongdan
ExecStart=$program --data-dir /var/lib/gongdan serve --system
LimitCORE=0
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateNetwork=yes
ReadWritePaths=/var/lib/gongdan /run/gongdan
EOF
cat >/etc/tmpfiles.d/gongdan.conf <<EOF
d /run/gongdan 2750 gongdan-desk gongdan -
EOF
if [ -d /run/systemd/system ]; then
    systemd-tmpfiles --create /etc/tmpfiles.d/gongdan.conf
    systemctl daemon-reload
    systemctl enable --now gongdan.socket
fi

# Members of the group get the workbench and nothing else. Their keys are root's to keep, and
# their shell is /bin/sh: bash would run a ~/.bashrc before the forced command.
install -d -m 0755 /etc/ssh/gongdan-keys
cat >/etc/ssh/sshd_config.d/gongdan.conf <<EOF
Match Group gongdan
    ForceCommand $program --restricted
    AuthorizedKeysFile /etc/ssh/gongdan-keys/%u
    DisableForwarding yes
    PermitUserRC no
    PermitTTY yes
EOF
sshd -t
# Where sshd starts with each connection there is nothing to reload.
if [ -d /run/systemd/system ]; then systemctl try-reload-or-restart ssh; fi

# An agent: useradd --create-home --shell /bin/sh --groups gongdan NAME
#           chown root: /home/NAME && chmod 0755 /home/NAME
#           install -m 0644 NAME.pub /etc/ssh/gongdan-keys/NAME
"#;

/// Prints the script.
///
/// # Errors
/// When standard output cannot be written.
pub fn tell(cx: &mut Context) -> Result<(), Failure> {
    cx.out.document(SCRIPT.as_bytes())
}
