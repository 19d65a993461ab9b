//! The restricted mode as an agent meets it who would like more: with an editor, a pager, programs
//! and keys of their own at hand, none of which is used.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::home;
use crate::terminal::{Home, Terminal};

/// Programs that anything might start.
const PROGRAMS: [&str; 7] = ["ed", "vi", "less", "tmux", "xclip", "wl-copy", "sh"];

/// A home with traps laid: whatever is started of [`PROGRAMS`] leaves a file behind.
struct Trapped {
    home: Home,
    path: String,
    service: Child,
}

impl Trapped {
    fn new() -> Self {
        let home = home();
        let traps = home.path().join("traps");
        std::fs::create_dir(&traps).unwrap();
        for program in PROGRAMS {
            let path = traps.join(program);
            let sprung = home.path().join("sprung");
            let script = format!("#!/bin/sh\necho {program} >>{}\n", sprung.display());
            std::fs::write(&path, script).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let keys = home.path().join(".config/gongdan");
        std::fs::create_dir_all(&keys).unwrap();
        std::fs::write(keys.join("keymap.toml"), "[global]\nx = \"quit\"\n").unwrap();
        let path = traps.display().to_string();
        let service = serve(&home);
        Self {
            home,
            path,
            service,
        }
    }

    /// The flag that leads to the service of this test.
    fn flag(&self) -> String {
        format!("--restricted={}", socket(&self.home).display())
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let ed = format!("{}/ed", self.path);
        vec![
            ("PATH", format!("{}:/usr/bin:/bin", self.path)),
            ("EDITOR", ed.clone()),
            ("VISUAL", ed),
            ("PAGER", format!("{}/less", self.path)),
            ("LD_LIBRARY_PATH", self.path.clone()),
            ("XDG_CONFIG_HOME", format!("{}/other", self.path)),
        ]
    }

    /// Runs a restricted command with something on its standard input.
    fn run(&self, args: &[&str], original: Option<&str>, input: &str) -> Output {
        let flag = self.flag();
        let mut command = self.home.command(&[&[flag.as_str()], args].concat());
        // Where the store lies no session says.
        command.env_remove("GONGDAN_DATA_DIR");
        command.envs(self.variables());
        if let Some(original) = original {
            command.env("SSH_ORIGINAL_COMMAND", original);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // It may be refused before it is read.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    fn code(&self, args: &[&str]) -> Option<i32> {
        self.run(args, None, "").status.code()
    }

    fn sprung(&self) -> String {
        std::fs::read_to_string(self.home.path().join("sprung")).unwrap_or_default()
    }
}

/// The service goes with its home.
impl Drop for Trapped {
    fn drop(&mut self) {
        let mut command = self.home.command(&["stop", "--yes"]);
        command.env_remove("GONGDAN_DATA_DIR");
        command.env("GONGDAN_SOCKET", socket(&self.home));
        command.output().unwrap();
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

fn socket(home: &Home) -> PathBuf {
    home.path().join("run/desk.sock")
}

/// A team's service over the home's store, ready for clients.
fn serve(home: &Home) -> Child {
    let socket = socket(home);
    let dir = socket.parent().unwrap();
    std::fs::create_dir(dir).unwrap();
    std::fs::set_permissions(dir, PermissionsExt::from_mode(0o750)).unwrap();
    // One's own primary group, which every host knows.
    let group = Command::new("id").arg("-gn").output().unwrap();
    let group = String::from_utf8(group.stdout).unwrap();
    let socket = socket.display().to_string();
    home.run(&["stop"]);
    let args = [
        "serve",
        "--system",
        "--socket",
        &socket,
        "--group",
        group.trim(),
    ];
    let service = home.command(&args).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while std::os::unix::net::UnixStream::connect(&socket).is_err() {
        assert!(Instant::now() < deadline, "the service does not come up");
        std::thread::sleep(Duration::from_millis(10));
    }
    service
}

const TICKET: &str = "# 八月\n\n---\n\n## 域名解析不生效\n\n**问题分类**: 域名｜解析问题\n\n\
    ### 详细问题描述\n改了解析后一直是旧地址\n\n### 客服解答内容\n1. 您好，请在域名控制台刷新解析缓存，十分钟左右生效。\n\n\
    ### 根本原因分析\n缓存未过期\n";

#[test]
fn a_restricted_command_reads_and_writes_streams_only_and_starts_nothing() {
    let trapped = Trapped::new();
    let out = trapped.home.path().join("out");
    let out = out.display().to_string();
    let file = trapped.home.file("八月.md", TICKET);
    let imported = trapped.run(&["import", "-", "--dataset", "八月"], None, TICKET);
    assert!(imported.status.success(), "{imported:?}");
    for refused in [
        &["import", &file][..],
        &["export", "-o", &out],
        &["export", "--output", &out],
        &["backup", &out],
        &["restore", &out],
        &["stats", "--html", &out],
        &["search", "--batch", &file],
        &["settings", "edit", "words"],
        &["serve"],
        &["stop"],
        &["--data-dir", &out, "list"],
        &["list", "--standalone"],
    ] {
        let run = trapped.run(refused, None, "");
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(4), "{refused:?}: {told}");
        assert!(told.contains("受限模式"), "{refused:?}: {told}");
    }
    assert!(!std::path::Path::new(&out).exists());
    let exported = trapped.run(&["export", "--format", "jsonl"], None, "");
    assert!(String::from_utf8_lossy(&exported.stdout).contains("域名解析不生效"));
    // Nor is anything shown by a pager, however long it is.
    assert_eq!(trapped.code(&["list"]), Some(0));
    assert_eq!(trapped.code(&["--help"]), Some(0));
    assert_eq!(trapped.sprung(), "");
}

#[test]
fn the_command_of_ssh_names_subcommands_and_nothing_else() {
    let trapped = Trapped::new();
    let run = |original: &str| trapped.run(&[], Some(original), TICKET);
    assert!(run("gongdan import - --dataset 八月").status.success());
    let listed = run("list --json");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("域名解析不生效"));
    for other in [
        "sh -c id",
        "/bin/sh",
        "list; id",
        "$(id)",
        "list && id",
        "list | sh",
        "-c id",
        "scp -t /tmp",
    ] {
        let run = run(other);
        assert_eq!(run.status.code(), Some(2), "{other}: {run:?}");
        assert!(!String::from_utf8_lossy(&run.stdout).contains("uid="));
    }
    // The same where the program is the login shell itself.
    let shell = |line: &str| {
        let mut command = trapped.home.command(&["-c", line]);
        command.env_remove("GONGDAN_DATA_DIR");
        command.envs(trapped.variables()).output().unwrap()
    };
    // There the service is the host's: where it is down, nothing private takes its place.
    if !std::path::Path::new("/run/gongdan").exists() {
        let down = shell("list");
        assert_eq!(down.status.code(), Some(3), "{down:?}");
        assert!(String::from_utf8_lossy(&down.stderr).contains("团队的服务没有运行"));
        assert!(!trapped.home.path().join(".local/share/gongdan").exists());
    }
    for other in ["id", "list; id", "'"] {
        assert_eq!(shell(other).status.code(), Some(2), "{other}");
    }
    assert_eq!(shell("export -o /tmp/x").status.code(), Some(4));
    assert_eq!(trapped.sprung(), "");
}

#[test]
fn a_restricted_workbench_has_a_clean_environment_no_core_and_no_keys_of_ones_own() {
    let trapped = Trapped::new();
    let imported = trapped.run(&["import", "-", "--dataset", "八月"], None, TICKET);
    assert!(imported.status.success(), "{imported:?}");
    // The first analysis is over.
    assert_eq!(trapped.code(&["replies"]), Some(0));
    let variables = trapped.variables();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let terminal = Terminal::open_with(&trapped.home, 120, 36, &[&trapped.flag()], &variables);
    terminal.until("域名解析不生效");
    let process = terminal.process().as_raw_nonzero();
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core"));
    let core: Vec<&str> = core.unwrap().split_whitespace().skip(4).take(2).collect();
    assert_eq!(core, ["0", "0"]);
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap();
    let environment = String::from_utf8_lossy(&environment).into_owned();
    for name in [
        "EDITOR",
        "VISUAL",
        "PAGER",
        "LD_LIBRARY_PATH",
        "XDG_CONFIG_HOME",
    ] {
        assert!(!environment.contains(name), "{name}");
    }
    assert!(environment.contains("PATH=/usr/local/bin:/usr/bin:/bin\0"));
    // A key of their own does nothing, and the rest works.
    terminal.send("x");
    terminal.send("/解析\r");
    terminal.until("改了解析后一直是旧地址");
    // No file is written.
    terminal.send("ge");
    terminal.until("此处不能用");
    terminal.send("y");
    assert!(terminal.until_copied().contains("十分钟左右生效"));
    terminal.send("q");
    assert!(terminal.ended());
    assert_eq!(trapped.sprung(), "");
}
