//! The clipboard ladder against real multiplexers: what reaches the outermost terminal.
//!
//! A pseudo-terminal stands for the terminal the agent looks at and records every byte.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gongdan::clipboard::{
    Clipboard, Environment, Hint, LIMIT, LastResort, Method, Multiplexer, Outcome, Via,
};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal that records what is written to it.
struct Recorder {
    seen: Arc<Mutex<Vec<u8>>>,
    child: Box<dyn Child + Send + Sync>,
    /// It strikes the end of input when it goes, which would end the program at a bad moment.
    _keyboard: Box<dyn Write + Send>,
    _pty: Box<dyn MasterPty + Send>,
}

impl Recorder {
    fn runs(term: &str, home: &Path, program: &str, args: &[&str]) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            ..PtySize::default()
        };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        for gone in ["TMUX", "TMUX_PANE", "STY"] {
            command.env_remove(gone);
        }
        command.env("TERM", term);
        command.env("LC_ALL", "C.UTF-8");
        command.env("HOME", home);
        command.env("SCREENDIR", home.join("screens"));
        command.cwd(home);
        let child = pty.slave.spawn_command(command).unwrap();
        let mut reader = pty.master.try_clone_reader().unwrap();
        let keyboard = pty.master.take_writer().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                record.lock().unwrap().extend_from_slice(&bytes[..n]);
            }
        });
        Self {
            seen,
            child,
            _keyboard: keyboard,
            _pty: pty.master,
        }
    }

    /// Waits until the terminal has been sent `bytes`.
    fn has(&self, bytes: &[u8]) -> bool {
        until(|| {
            let seen = self.seen.lock().unwrap();
            seen.windows(bytes.len())
                .any(|window| window == bytes)
                .then_some(())
        })
        .is_some()
    }

    /// The texts that OSC 52 put into this terminal's clipboard.
    fn clipboard(&self) -> Option<String> {
        let seen = self.seen.lock().unwrap();
        let text = String::from_utf8_lossy(&seen).into_owned();
        let (_, after) = text.split_once("\x1b]52;")?;
        let (_, after) = after.split_once(';')?;
        let end = after.find(['\x07', '\x1b'])?;
        let bytes = data_encoding::BASE64.decode(after.get(..end)?.as_bytes());
        String::from_utf8(bytes.ok()?).ok()
    }

    /// What it was sent besides OSC 52.
    fn printed(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let text = String::from_utf8_lossy(&seen).into_owned();
        let pieces = text.split("\x1b]52;").enumerate();
        let outside = pieces.filter_map(|(n, piece)| match n {
            0 => Some(piece),
            _ => piece.split_once(['\x07', '\x1b']).map(|(_, after)| after),
        });
        outside.collect()
    }

    fn receives(&self, text: &str) {
        let got = until(|| self.clipboard().filter(|got| got == text));
        assert!(
            got.is_some(),
            "the terminal got {:?}",
            self.clipboard().map(|t| t.len())
        );
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

fn until<T>(mut found: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = found() {
            return Some(found);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

fn installed(program: &str, version: &str) -> bool {
    let there = Command::new(program).arg(version).output().is_ok();
    if !there {
        println!("skipped: {program} is not installed");
    }
    there
}

/// A tmux server of our own, with one client on a recording terminal.
struct Tmux {
    name: String,
    terminal: Recorder,
    home: tempfile::TempDir,
}

impl Tmux {
    fn starts(term: &str, settings: &str, program: &str) -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("gongdan-test-{}-{n}", std::process::id());
        let home = tempfile::tempdir().unwrap();
        let conf = home.path().join("tmux.conf");
        std::fs::write(&conf, settings).unwrap();
        let conf = conf.to_str().unwrap();
        let args = ["-L", &name, "-f", conf, "new-session", program];
        let terminal = Recorder::runs(term, home.path(), "tmux", &args);
        let tmux = Self {
            name,
            terminal,
            home,
        };
        until(|| (tmux.ask("#{client_termname}") == term).then_some(())).expect("tmux starts");
        tmux
    }

    fn ask(&self, format: &str) -> String {
        let mut command = Command::new("tmux");
        command.env_remove("TMUX").env_remove("TMUX_PANE");
        let output = command
            .args(["-L", &self.name, "display-message", "-p", format])
            .output();
        String::from_utf8(output.unwrap().stdout)
            .unwrap()
            .trim()
            .to_owned()
    }

    fn clipboard(&self) -> Clipboard {
        let environment = Environment {
            tmux: Some(self.ask("#{socket_path},#{pid},0").into()),
            tmux_pane: Some(self.ask("#{pane_id}").into()),
            term: "tmux-256color".into(),
            tty: true,
            ..Environment::default()
        };
        Clipboard::new(environment, LastResort::Show, self.home.path(), None)
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.name, "kill-server"]);
        let _gone = command.output();
    }
}

/// The lengths that matter: a line, a reply of 4 kB, and nearly the most there may be.
fn texts() -> [String; 3] {
    // Without a line feed at the end, which no copy keeps.
    let like = |rest: &str, n| format!("您好，请重新部署证书。{}完", rest.repeat(n));
    [
        like("", 0),
        like("域名 example.com\n", 200),
        like("证书部署异常。\n", LIMIT / 22 - 2),
    ]
}

#[test]
fn inside_tmux_with_default_settings_a_copy_reaches_the_terminal() {
    if !installed("tmux", "-V") {
        return;
    }
    for text in texts() {
        let tmux = Tmux::starts("xterm-256color", "", "cat");
        let outcome = tmux.clipboard().copy(Method::Auto, &text, &mut Vec::new());
        assert!(
            matches!(outcome, Outcome::Copied { via: Via::Tmux }),
            "{outcome:?}"
        );
        tmux.terminal.receives(&text);
    }
}

#[test]
fn a_tmux_whose_terminal_has_no_clipboard_is_not_called_a_copy() {
    if !installed("tmux", "-V") {
        return;
    }
    let tmux = Tmux::starts("vt100", "", "cat");
    let outcome = tmux.clipboard().copy(Method::Auto, "您好", &mut Vec::new());
    let hint = Hint::TmuxBufferOnly;
    assert!(
        matches!(outcome, Outcome::Sent { via: Via::Tmux, hint: h } if h == hint),
        "{outcome:?}"
    );
    assert_eq!(tmux.ask("#{buffer_sample}"), "您好");
}

/// The bytes that a session below ssh writes, in a file that `cat` prints inside a multiplexer.
fn written(dir: &Path, term: &str, answered: Option<Multiplexer>, text: &str) -> String {
    let environment = Environment {
        term: term.into(),
        tty: true,
        answered,
        ..Environment::default()
    };
    let mut clipboard = Clipboard::new(environment, LastResort::Show, dir, None);
    let mut bytes = Vec::new();
    let outcome = clipboard.copy(Method::Auto, text, &mut bytes);
    assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
    bytes.extend_from_slice(b"the end of it");
    let file = dir.join("bytes");
    std::fs::write(&file, bytes).unwrap();
    let go = dir.join("go");
    let (go, file) = (go.display(), file.display());
    format!("echo '{READY}'; until test -e '{go}'; do sleep 0.02; done; cat '{file}'; sleep 60")
}

/// What a program says before it copies.
const READY: &str = "ready to copy";

/// Lets a program copy once the terminal shows that it runs: what is written before the
/// multiplexer's client stands is lost, unlike text, which it shows later.
fn go(dir: &Path, terminal: &Recorder) {
    assert!(terminal.has(READY.as_bytes()), "the multiplexer starts");
    std::fs::write(dir.join("go"), "").unwrap();
}

#[test]
fn below_an_outer_tmux_that_allows_it_a_copy_reaches_the_terminal_either_way() {
    if !installed("tmux", "-V") {
        return;
    }
    for settings in ["set -s set-clipboard on", "set -wg allow-passthrough on"] {
        for text in texts() {
            let dir = tempfile::tempdir().unwrap();
            let program = written(dir.path(), "tmux-256color", None, &text);
            let tmux = Tmux::starts("xterm-256color", settings, &program);
            go(dir.path(), &tmux.terminal);
            tmux.terminal.receives(&text);
        }
    }
}

#[test]
fn past_gnu_screen_a_copy_reaches_the_terminal_and_prints_nothing() {
    if !installed("screen", "--version") {
        return;
    }
    for (text, answered) in
        texts()
            .into_iter()
            .zip([None, Some(Multiplexer::Screen), Some(Multiplexer::Screen)])
    {
        let screen = Screen::starts(answered, &text);
        screen.terminal.receives(&text);
        assert!(screen.terminal.has(b"the end of it"));
        assert!(
            !screen.terminal.printed().contains("5oKo"),
            "nothing of it is printed"
        );
    }
}

/// A GNU screen of our own, in which a session below ssh has written a copy.
struct Screen {
    terminal: Recorder,
    home: tempfile::TempDir,
}

impl Screen {
    const NAME: &str = "gongdan-test";

    fn starts(answered: Option<Multiplexer>, text: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let sockets = home.path().join("screens");
        std::fs::create_dir(&sockets).unwrap();
        std::fs::set_permissions(&sockets, PermissionsExt::from_mode(0o700)).unwrap();
        let program = written(home.path(), "screen", answered, text);
        let args = [
            "-U",
            "-c",
            "/dev/null",
            "-S",
            Self::NAME,
            "sh",
            "-c",
            &program,
        ];
        let terminal = Recorder::runs("xterm-256color", home.path(), "screen", &args);
        go(home.path(), &terminal);
        Self { terminal, home }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let mut command = Command::new("screen");
        command.env("SCREENDIR", self.home.path().join("screens"));
        let _gone = command.args(["-S", Self::NAME, "-X", "quit"]).output();
    }
}
