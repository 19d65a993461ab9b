# Makes a jump host of this machine that nobody else sees: file systems of its own above the real
# ones, users and processes of its own, and in them what `gongdan doctor ssh` prints, run whole.
# Run in namespaces of its own: host.sh DIRECTORY PROGRAM PORT, with the agent's key in the directory.
set -eu
at=$1 program=$2 port=$3
mount -t tmpfs tmpfs "$at/upper"
for dir in etc var run home opt usr/local; do
    name=$(echo "$dir" | tr / -)
    mkdir -p "$at/upper/$name/upper" "$at/upper/$name/work"
    mount -t overlay overlay \
        -o "lowerdir=/$dir,upperdir=$at/upper/$name/upper,workdir=$at/upper/$name/work" "/$dir"
done
install -m 0755 "$program" /usr/local/bin/gongdan

# The service manager is the one part that is not real: it notes what it is told.
mkdir -p /run/systemd/system /run/sshd /opt/manager
cat >/opt/manager/systemctl <<'STUB'
#!/bin/sh
echo "systemctl $*" >>/run/manager.log
STUB
cat >/opt/manager/systemd-tmpfiles <<'STUB'
#!/bin/sh
sed -n 's/^d \([^ ]*\) \([0-7]*\) \([^ ]*\) \([^ ]*\) -$/install -d -m \2 -o \3 -g \4 \1/p' "$2" | sh
STUB
chmod 0755 /opt/manager/*
export PATH=/opt/manager:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root

gongdan doctor ssh >/run/setup.sh
sh /run/setup.sh
# Every step can be run again.
sh /run/setup.sh
grep -q 'enable --now gongdan.socket' /run/manager.log
grep -q 'try-reload-or-restart ssh' /run/manager.log

# An agent, by the lines that the script ends with.
sed -n '/^# An agent:/,$s/^#\( An agent:\)\{0,1\} *//p' /run/setup.sh | sed 's/NAME/lin/g' >/run/agent.sh
cp "$at/lin.pub" /run/lin.pub
(cd /run && sh -e ./agent.sh)
echo 'echo a trap; exit 9' >/home/lin/.bashrc
cp /home/lin/.bashrc /home/lin/.profile

# The service, as the unit has it.
service=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/gongdan.service)
setpriv --reuid gongdan-desk --regid gongdan --clear-groups \
    env -i PATH="$PATH" $service &
tries=0
until [ -S /run/gongdan/desk.sock ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ]
    sleep 0.1
done
stat -c '%U:%G %a' /run/gongdan /var/lib/gongdan >"$at/modes"
exec /usr/sbin/sshd -D -e -p "$port" -o ListenAddress=127.0.0.1 -o PidFile=none
