//! A whole jump host, set up by the script that `doctor ssh` prints and reached over ssh as an agent
//! who is not its owner.

use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use super::{PATIENCE, sshd};
use crate::terminal::{Line, Terminal};

/// A jump host in namespaces of its own.
struct Host {
    dir: TempDir,
    port: u16,
    child: Child,
}

impl Host {
    /// Sets one up; `None`, with a message, where that is not possible.
    fn set_up() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: only root can set up a jump host");
            return None;
        }
        if sshd() != Some("/usr/sbin/sshd") || !has("ssh") || !has("setpriv") || !has("useradd") {
            println!("skipped: there is no sshd, ssh, setpriv or useradd");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        // Agents of the host get to their key through it.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(dir.path().join("upper")).unwrap();
        if !namespaces(&dir) {
            println!("skipped: no file systems can be laid over others here");
            return None;
        }
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(dir.path().join("lin"))
            .status();
        assert!(made.unwrap().success());
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        drop(socket);
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let child = apart()
            .args([
                "sh",
                concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ssh/host.sh"),
            ])
            .arg(dir.path())
            .arg(env!("CARGO_BIN_EXE_gongdan"))
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut host = Self { dir, port, child };
        host.until_it_listens();
        Some(host)
    }

    fn until_it_listens(&mut self) {
        let deadline = Instant::now() + PATIENCE * 3;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let over = self.child.try_wait().unwrap();
            assert!(
                over.is_none() && Instant::now() < deadline,
                "the script failed: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    fn options(&self) -> Vec<String> {
        let key = self.dir.path().join("lin").display().to_string();
        let mut options: Vec<String> = ["-F", "/dev/null", "-i", &key].map(str::to_owned).into();
        for option in [
            "IdentitiesOnly=yes",
            "BatchMode=yes",
            "UserKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=no",
            "LogLevel=ERROR",
        ] {
            options.extend(["-o".to_owned(), option.to_owned()]);
        }
        options
    }

    /// Runs a client of ssh to its end; `port` is its option for the port.
    fn client(&self, program: &str, port: &str, args: &[&str]) -> Output {
        Command::new(program)
            .args(self.options())
            .args([port, &self.port.to_string()])
            .args(args)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn ssh(&self, command: &[&str]) -> Output {
        self.client("ssh", "-p", &[&["lin@127.0.0.1"], command].concat())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Whatever runs in the namespaces ends with their first process.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn has(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output();
    found.unwrap().status.success()
}

/// A command that runs in namespaces of its own.
fn apart() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]);
    command
}

fn namespaces(dir: &TempDir) -> bool {
    let at = dir.path().join("upper").display().to_string();
    let tries = format!(
        "mount -t tmpfs tmpfs {at} && mkdir {at}/a {at}/b && \
         mount -t overlay overlay -o lowerdir=/etc,upperdir={at}/a,workdir={at}/b /etc"
    );
    let tried = apart().args(["sh", "-c", &tries]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

#[test]
fn a_jump_host_lets_an_agent_to_the_workbench_and_to_nothing_else() {
    let Some(host) = Host::set_up() else {
        return;
    };
    let modes = fs::read_to_string(host.dir.path().join("modes")).unwrap();
    assert_eq!(
        modes,
        "gongdan-desk:gongdan 2750\ngongdan-desk:gongdan 700\n"
    );

    // What the agent may: the commands, by the command that was sent.
    let listed = host.ssh(&["list", "--json"]);
    assert!(listed.status.success(), "{}{}", said(&listed), host.log());
    let status = host.ssh(&["status", "--json"]);
    assert!(
        said(&status).contains("\"state\":\"ready\""),
        "{}",
        said(&status)
    );

    // And nothing else, whatever is asked for.
    for command in [
        &["id"][..],
        &["list;", "id"],
        &["$(id)"],
        &["sh", "-c", "id"],
    ] {
        let refused = host.ssh(command);
        assert_eq!(refused.status.code(), Some(2), "{command:?}");
        assert!(!said(&refused).contains("uid="), "{}", said(&refused));
    }
    let curators = host.ssh(&["cause", "create", "新根因"]);
    assert_eq!(curators.status.code(), Some(4), "{}", said(&curators));
    for (program, args) in [
        ("scp", &["/etc/hostname", "lin@127.0.0.1:/tmp/x"][..]),
        ("scp", &["-O", "/etc/hostname", "lin@127.0.0.1:/tmp/x"]),
        ("sftp", &["lin@127.0.0.1"]),
    ] {
        let refused = host.client(program, "-P", args);
        assert!(!refused.status.success(), "{program} {args:?}");
    }
    nothing_is_forwarded(&host);
    the_workbench_comes(&host);
}

fn nothing_is_forwarded(host: &Host) {
    let there = format!("127.0.0.1:{}", host.port);
    let back = host.client(
        "ssh",
        "-p",
        &[
            "-N",
            "-o",
            "ExitOnForwardFailure=yes",
            "-R",
            &format!("0:{there}"),
            "lin@127.0.0.1",
        ],
    );
    assert!(!back.status.success(), "a port of the host was opened");
    // Standard input and output of the client joined to a port of the host.
    let through = host.client("ssh", "-p", &["-W", &there, "lin@127.0.0.1"]);
    assert!(!said(&through).contains("SSH-2.0"), "{}", said(&through));
    assert!(!through.status.success());
}

fn the_workbench_comes(host: &Host) {
    let mut ssh = CommandBuilder::new("ssh");
    ssh.env_clear();
    ssh.env("PATH", std::env::var_os("PATH").unwrap());
    ssh.env("TERM", "xterm-256color");
    ssh.arg("-tt");
    ssh.args(host.options());
    ssh.args(["-p", &host.port.to_string(), "lin@127.0.0.1"]);
    let terminal = Terminal::runs(ssh, 100, 30, Line::Fast);
    // The trap in the agent's own files has not snapped, and an empty store is no failure.
    let screen = terminal.until("[全部]");
    assert!(!screen.contains("a trap"), "{screen}");
    terminal.until("0 条");
    terminal.send("q");
    assert!(terminal.ended());
    let mut log = String::new();
    let path = host.dir.path().join("log");
    fs::File::open(path)
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert!(log.contains("Accepted publickey for lin"), "{log}");
}
