//! Over a real ssh connection, as agents work: the copied text reaches the terminal in front of
//! them, and a cut connection costs nothing.
//!
//! The server is our own: own configuration, own keys, own port, the user who runs the tests.

mod host;
mod setup;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::terminal::{Home, Line, Terminal, processes_with, until_gone};

const PATIENCE: Duration = Duration::from_secs(20);

/// An ssh server for one test.
struct Server {
    dir: TempDir,
    port: u16,
    child: Child,
}

/// Where sshd is.
fn sshd() -> Option<&'static str> {
    ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd"]
        .into_iter()
        .find(|path| Path::new(path).exists())
}

impl Server {
    /// Starts one; `None`, with a message, where there is no sshd or it may not run.
    fn start() -> Option<Self> {
        let sshd = sshd();
        let client = Command::new("ssh").arg("-V").output().is_ok();
        let (Some(sshd), true) = (sshd, client) else {
            println!("skipped: sshd is not installed");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        for key in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(dir.path().join(key))
                .status();
            assert!(made.unwrap().success());
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .unwrap()
            .port();
        let at = dir.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\n\
             AuthorizedKeysFile {at}/user.pub\nPidFile none\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nPermitRootLogin prohibit-password\nPrintMotd no\n\
             PermitUserRC no\n"
        );
        fs::write(dir.path().join("sshd_config"), config).unwrap();
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let child = Command::new(sshd)
            .args(["-D", "-e", "-f"])
            .arg(dir.path().join("sshd_config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Self { dir, port, child };
        server.listens().then_some(server)
    }

    fn listens(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if self.child.try_wait().unwrap().is_some() {
                let log = fs::read_to_string(self.dir.path().join("log")).unwrap();
                assert!(log.contains("privilege separation"), "{log}");
                println!("skipped: sshd may not run here: {log}");
                return false;
            }
            assert!(Instant::now() < deadline, "sshd does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// A terminal with an ssh client in it that runs a command on the other side.
    fn terminal(&self, remote: &str) -> Terminal {
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(user).unwrap();
        let mut ssh = CommandBuilder::new("ssh");
        ssh.env_clear();
        ssh.env("PATH", std::env::var_os("PATH").unwrap());
        ssh.env("HOME", self.dir.path());
        ssh.env("TERM", "xterm-256color");
        ssh.args(["-tt", "-F", "/dev/null", "-i"]);
        ssh.arg(self.dir.path().join("user"));
        for option in [
            "IdentitiesOnly=yes",
            "UserKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=no",
            "LogLevel=ERROR",
        ] {
            ssh.args(["-o", option]);
        }
        ssh.args(["-p", &self.port.to_string()]);
        ssh.arg(format!("{}@127.0.0.1", user.trim()));
        ssh.arg(remote);
        Terminal::runs(ssh, 100, 30, Line::Fast)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// What runs between ssh and the program, on the far side.
#[derive(Debug, Clone, Copy)]
enum Between {
    Nothing,
    Tmux,
    TmuxSetClipboard,
    Screen,
}

impl Between {
    const ALL: [Self; 4] = [
        Self::Nothing,
        Self::Tmux,
        Self::TmuxSetClipboard,
        Self::Screen,
    ];

    fn is_installed(self) -> bool {
        let (program, version) = match self {
            Self::Nothing => return true,
            Self::Tmux | Self::TmuxSetClipboard => ("tmux", "-V"),
            Self::Screen => ("screen", "--version"),
        };
        let there = Command::new(program).arg(version).output().is_ok();
        if !there {
            println!("skipped: {program} is not installed");
        }
        there
    }

    /// The command line of the far side.
    fn around(self, home: &Home, program: &str) -> String {
        let path = std::env::var("PATH").unwrap();
        let at = home.path().display();
        // Of what ssh hands over, only what describes the line; the rest is this home's.
        let env = format!(
            "env -i TERM=\"$TERM\" SSH_CONNECTION=\"$SSH_CONNECTION\" SSH_TTY=\"$SSH_TTY\" \
             PATH='{path}' HOME='{at}' SHELL=/bin/sh LC_ALL=C.UTF-8 \
             GONGDAN_DATA_DIR='{}' SCREENDIR='{at}/screens' ",
            home.data().display()
        );
        match self {
            Self::Nothing => format!("{env} {program}"),
            Self::Tmux | Self::TmuxSetClipboard => {
                let settings = match self {
                    Self::TmuxSetClipboard => "set -s set-clipboard on\n",
                    Self::Nothing | Self::Tmux | Self::Screen => "",
                };
                let config = home.file("tmux.conf", settings);
                // The multiplexer outlives the program: what it was sent is still on the way.
                format!("{env} tmux -S '{at}/tmux' -f '{config}' new-session '{program}; cat'")
            }
            Self::Screen => {
                use std::os::unix::fs::PermissionsExt;
                let sockets = home.path().join("screens");
                fs::create_dir_all(&sockets).unwrap();
                fs::set_permissions(&sockets, fs::Permissions::from_mode(0o700)).unwrap();
                format!("{env} screen -U -c /dev/null -S far sh -c '{program}; cat'")
            }
        }
    }

    /// Ends what outlives the connection.
    fn end(self, home: &Home) {
        let _ended = match self {
            Self::Nothing => return,
            Self::Tmux | Self::TmuxSetClipboard => Command::new("tmux")
                .arg("-S")
                .arg(home.path().join("tmux"))
                .arg("kill-server")
                .output(),
            Self::Screen => Command::new("screen")
                .env("SCREENDIR", home.path().join("screens"))
                .args(["-S", "far", "-X", "quit"])
                .output(),
        };
    }
}

/// A home with one ticket for each length of reply that matters, and their titles.
fn home() -> (Home, [&'static str; 3]) {
    let titles = ["一句话", "四千字节", "七万字节"];
    let long = |n: usize| "请在控制台重新部署证书。".repeat(n);
    let replies = [
        "您好，请重新绑定证书：https://console.example.com".to_owned(),
        long(4_000 / 36),
        long(70_000 / 36),
    ];
    let mut text = String::from("# 工单\n");
    for (title, reply) in titles.iter().zip(&replies) {
        text += &format!(
            "\n---\n\n## {title}\n\n**问题分类**: CDN｜证书问题\n\n### 详细问题描述\n{title}的问题\n\n\
             ### 客服解答内容\n1. {reply}\n\n### 根本原因分析\n证书未绑定\n"
        );
    }
    let home = Home::new();
    let file = home.file("长短.md", &text);
    home.objects(&["import", &file]);
    (home, titles)
}

fn id(home: &Home, title: &str) -> String {
    let rows = home.objects(&["list"]);
    let row = rows.iter().find(|row| row["title"] == title).unwrap();
    row["id"].as_str().unwrap().to_owned()
}

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_gongdan").into()
}

#[test]
fn over_ssh_a_copy_reaches_the_terminal_in_front_of_the_agent() {
    let Some(server) = Server::start() else {
        return;
    };
    for between in Between::ALL.into_iter().filter(|b| b.is_installed()) {
        let (home, titles) = home();
        for (title, at_least) in titles.into_iter().zip([20, 3_900, 69_000]) {
            let id = id(&home, title);
            let printed = home.run(&["copy", &id, "--print"]).stdout;
            let printed = String::from_utf8(printed).unwrap();
            let printed = printed.trim_end_matches('\n');
            assert!(printed.len() >= at_least, "{title}: {}", printed.len());
            let copy = format!("{} copy {id}", program().display());
            let terminal = server.terminal(&between.around(&home, &copy));
            let screen = terminal.until_that("a word on the copy", |screen| {
                screen.contains("已复制") || screen.contains("已发送")
            });
            let said = screen.lines().find(|line| line.contains("已"));
            println!("{between:?}, {title}: {}", said.unwrap());
            terminal.until_clipboard(printed);
            between.end(&home);
            terminal.kill();
        }
    }
}

#[test]
fn a_reply_too_long_for_terminals_is_shown_and_not_called_copied() {
    let Some(server) = Server::start() else {
        return;
    };
    let home = Home::new();
    let text = format!(
        "# 工单\n\n---\n\n## 太长\n\n**问题分类**: CDN｜证书问题\n\n### 详细问题描述\n太长\n\n\
         ### 客服解答内容\n1. {}完了\n\n### 根本原因分析\n证书未绑定\n",
        "请重新部署证书。".repeat(4_000)
    );
    let file = home.file("太长.md", &text);
    home.objects(&["import", &file]);
    let copy = format!("{} copy {}", program().display(), id(&home, "太长"));
    let terminal = server.terminal(&Between::Nothing.around(&home, &copy));
    let screen = terminal.until("完了");
    assert!(
        !screen.contains("已复制") && !screen.contains("已发送"),
        "{screen}"
    );
    assert_eq!(terminal.clipboard(), None);
    terminal.kill();
}

/// Where a connection is cut.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// The client is killed, as when the agent's machine goes down.
    Client,
    /// The server's process of this session is killed.
    Server,
}

#[test]
fn a_cut_connection_ends_the_workbench_and_keeps_the_annotation() {
    let Some(server) = Server::start() else {
        return;
    };
    for cut in [Cut::Client, Cut::Server] {
        let (home, [title, ..]) = home();
        let pid = home.path().join("pid");
        let start = format!(
            "sh -c 'echo $$ > {}; exec {}'",
            pid.display(),
            program().display()
        );
        let terminal = server.terminal(&Between::Nothing.around(&home, &start));
        terminal.until(&format!("> {title}"));
        terminal.send("a");
        // The causes that the ticket has are ticked already.
        terminal.until("[x] 证书未绑定");
        terminal.send("线路断开之前");
        terminal.until("新建根因：线路断开之前");
        // A new cause is made on purpose, by its own key.
        terminal.send("\x0f");
        terminal.until("[x] 新建根因：线路断开之前");
        terminal.send("\r");
        terminal.until_that("the annotation acknowledged", |screen| {
            let said = screen.lines().last();
            said.is_some_and(|line| line.contains("线路断开之前"))
        });
        let process: i32 = fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
        let process = Pid::from_raw(process).unwrap();
        match cut {
            Cut::Client => terminal.signal(Signal::KILL),
            Cut::Server => kill_process(server_of(process), Signal::KILL).unwrap(),
        }
        until_gone(process);
        let daemon = home.objects(&["status"])[0]["pid"].as_i64().unwrap();
        let daemon = Pid::from_raw(i32::try_from(daemon).unwrap()).unwrap();
        for left in processes_with(&format!("{}/data", home.path().display())) {
            if left != daemon {
                until_gone(left);
            }
        }
        let rows = home.objects(&["list"]);
        let row = rows.iter().find(|row| row["title"] == title).unwrap();
        let causes = [0, 1].map(|at| row["causes"][at]["name"].as_str());
        assert_eq!(
            causes,
            [Some("证书未绑定"), Some("线路断开之前")],
            "{cut:?}"
        );
    }
}

/// The process of sshd that a program runs under.
fn server_of(process: Pid) -> Pid {
    let mut at = process;
    loop {
        let stat = fs::read_to_string(format!("/proc/{}/stat", at.as_raw_nonzero())).unwrap();
        let (name, after) = stat.rsplit_once(") ").unwrap();
        if name.contains("(sshd") {
            return at;
        }
        let parent = after.split(' ').nth(1).unwrap().parse().unwrap();
        at = Pid::from_raw(parent).unwrap();
    }
}
