//! The script that sets up a jump host: what it runs and writes is taken by those it is for.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::sshd;
use crate::terminal::Home;

fn script() -> String {
    let printed = Home::new().run(&["doctor", "ssh"]);
    String::from_utf8(printed.stdout).unwrap()
}

/// The files that the script writes, by their paths.
fn files(script: &str) -> Vec<(String, String)> {
    let pieces = script.split("cat >").skip(1);
    pieces
        .map(|piece| {
            let (path, rest) = piece.split_once(" <<EOF\n").unwrap();
            let (text, _) = rest.split_once("\nEOF\n").unwrap();
            (
                path.to_owned(),
                text.replace("$program", "/bin/true") + "\n",
            )
        })
        .collect()
}

fn written(files: &[(String, String)], ending: &str, dir: &Path, name: &str) -> String {
    let found = files.iter().find(|(path, _)| path.ends_with(ending));
    let path = dir.join(name);
    fs::write(&path, &found.unwrap().1).unwrap();
    path.display().to_string()
}

#[test]
fn a_shell_can_read_the_script() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("setup.sh");
    fs::write(&path, script()).unwrap();
    let read = Command::new("sh").arg("-n").arg(&path).output().unwrap();
    assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");
}

#[test]
fn sshd_takes_the_block_and_forces_the_restricted_mode() {
    let Some(sshd) = sshd() else {
        println!("skipped: sshd is not installed");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let block = written(
        &files(&script()),
        "sshd_config.d/gongdan.conf",
        dir.path(),
        "block",
    );
    // Everybody is of the group, because a test can make none.
    let text = fs::read_to_string(&block).unwrap();
    let key = dir.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .status();
    assert!(made.unwrap().success());
    let all = text.replace("Match Group gongdan", "Match User *");
    fs::write(&block, format!("HostKey {}\n{all}", key.display())).unwrap();
    let read = Command::new(sshd)
        .args(["-T", "-C", "user=root,host=a,addr=192.0.2.1", "-f", &block])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&read.stderr);
    if said.contains("privilege separation") {
        println!("skipped: sshd may not run here: {said}");
        return;
    }
    assert!(read.status.success(), "{said}");
    let holds = String::from_utf8(read.stdout).unwrap();
    for line in [
        "forcecommand /bin/true --restricted",
        "disableforwarding yes",
        "permituserrc no",
        "authorizedkeysfile /etc/ssh/gongdan-keys/%u",
    ] {
        assert!(holds.lines().any(|held| held == line), "{line}: {holds}");
    }
}

#[test]
fn systemd_takes_the_units() {
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        println!("skipped: systemd-analyze is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let files = files(&script());
    let units = ["gongdan.socket", "gongdan.service"]
        .map(|unit| written(&files, &format!("/{unit}"), dir.path(), unit));
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args(&units)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    // It also complains about units of the machine that are none of ours.
    let ours = said.lines().find(|line| line.contains("gongdan"));
    assert_eq!(ours, None, "{said}");
}
