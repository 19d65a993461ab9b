//! The program on a real pseudo-terminal: keys in, screens out.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long a screen may take before a journey fails; far more than any machine needs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A home of its own for one journey: nothing of the machine's user reaches the program.
pub struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The environment that the program sees, and nothing else.
    fn environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        [
            ("HOME", self.path().display().to_string()),
            ("GONGDAN_DATA_DIR", self.data().display().to_string()),
            ("PATH", path),
            ("TERM", "xterm-256color".to_owned()),
            // Over a remote line there is no display to copy to.
            ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// Writes a document to import, and names it.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// The objects that a command with `--json` prints; it must come to its end.
    pub fn objects(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let output = self.run(&[args, &["--json"]].concat());
        assert!(output.status.success(), "{args:?}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// A command that runs in this home.
    pub fn command(&self, args: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gongdan"));
        command.args(args).env_clear().envs(self.environment());
        command
    }

    /// Runs a command without a terminal, to its end.
    pub fn run(&self, args: &[&str]) -> std::process::Output {
        self.command(args)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }
}

impl Drop for Home {
    /// A workbench leaves a daemon behind, which must not outlive its home.
    fn drop(&mut self) {
        self.run(&["stop"]);
    }
}

/// The line between program and terminal.
#[derive(Debug, Clone, Copy)]
pub enum Line {
    /// As fast as it goes.
    Fast,
    /// A few bytes at a time.
    Slow {
        /// Bytes a second.
        per_second: u32,
    },
}

impl Line {
    fn bytes_at_once(self) -> usize {
        match self {
            Self::Fast => 65_536,
            Self::Slow { .. } => 1_024,
        }
    }
}

/// A running program on a pseudo-terminal.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    screen: Arc<Mutex<vt100::Parser>>,
    /// Every byte the program wrote.
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    pub fn open(home: &Home, columns: u16, rows: u16, args: &[&str]) -> Self {
        Self::open_with(home, columns, rows, args, &[])
    }

    /// Opens the program with variables of the environment beside the home's.
    pub fn open_with(
        home: &Home,
        columns: u16,
        rows: u16,
        args: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = gongdan(home);
        for (name, value) in variables {
            command.env(name, value);
        }
        command.args(args);
        Self::runs(command, columns, rows, Line::Fast)
    }

    /// Opens the program at the end of a line.
    pub fn open_over(home: &Home, columns: u16, rows: u16, line: Line) -> Self {
        Self::runs(gongdan(home), columns, rows, line)
    }

    /// Runs any program on a terminal.
    pub fn runs(command: CommandBuilder, columns: u16, rows: u16, line: Line) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let screen = Arc::new(Mutex::new(vt100::Parser::new(
            cells(rows),
            cells(columns),
            0,
        )));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let reader = pair.master.try_clone_reader().unwrap();
        follow(
            reader,
            line,
            Arc::clone(&screen),
            Arc::clone(&bytes),
            Arc::clone(&keys),
        );
        Self {
            master: pair.master,
            child,
            keys,
            screen,
            bytes,
        }
    }

    /// Types text or keys as bytes.
    pub fn send(&self, keys: &str) {
        let mut writer = self.keys.lock().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Waits until the screen shows a text.
    pub fn until(&self, text: &str) -> String {
        self.until_that(text, |screen| screen.contains(text))
    }

    /// Waits until the screen is as wanted.
    pub fn until_that(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let text = self.text();
            if wanted(&text) {
                return text;
            }
            assert!(Instant::now() < deadline, "{what:?} never came:\n{text}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The screen as lines of text.
    pub fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.screen
            .lock()
            .unwrap()
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
    }

    /// Looks at the screen cell by cell.
    pub fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.screen.lock().unwrap().screen())
    }

    /// Waits until the program has written a sequence of bytes.
    pub fn until_written(&self, wanted: &[u8]) {
        let deadline = Instant::now() + PATIENCE;
        while !self
            .bytes
            .lock()
            .unwrap()
            .windows(wanted.len())
            .any(|window| window == wanted)
        {
            assert!(
                Instant::now() < deadline,
                "{:?} was never written",
                wanted.escape_ascii()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Every byte the program has written so far.
    pub fn written(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    /// The text that the program put last into this terminal's clipboard, by OSC 52.
    pub fn clipboard(&self) -> Option<String> {
        let written = self.written();
        let text = String::from_utf8_lossy(&written);
        let (_, after) = text.rsplit_once("\x1b]52;")?;
        let (_, after) = after.split_once(';')?;
        let (base64, _) = after.split_once(['\x07', '\x1b'])?;
        let bytes = data_encoding::BASE64.decode(base64.as_bytes()).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// Waits until the clipboard holds something, and takes it.
    pub fn until_copied(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(text) = self.clipboard() {
                return text;
            }
            assert!(
                Instant::now() < deadline,
                "nothing copied:\n{}",
                self.text()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the clipboard holds a text.
    pub fn until_clipboard(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.clipboard().as_deref() != Some(text) {
            assert!(
                Instant::now() < deadline,
                "{text:?} was never copied, but {:?}:\n{}",
                self.clipboard(),
                self.text()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn process(&self) -> Pid {
        let id = self.child.process_id().unwrap();
        Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.process(), signal).unwrap();
    }

    /// Waits for the program's end; whether it ended well.
    pub fn ended(mut self) -> bool {
        self.until_ended()
    }

    /// Waits for the program's end, and keeps the screen; whether it ended well.
    pub fn until_ended(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(Instant::now() < deadline, "still running:\n{}", self.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends the program without asking it.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The program in a home, for a terminal.
fn gongdan(home: &Home) -> CommandBuilder {
    in_home(home, env!("CARGO_BIN_EXE_gongdan"))
}

/// Any program in a home, for a terminal.
pub fn in_home(home: &Home, program: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    for (name, value) in home.environment() {
        command.env(name, value);
    }
    command
}

/// The processes that were started with something in their environment.
pub fn processes_with(text: &str) -> Vec<Pid> {
    let entries = std::fs::read_dir("/proc").unwrap();
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &i32| {
        // One that has gone, or somebody else's, has none to read.
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(text)
    })
    .filter_map(Pid::from_raw)
    .collect()
}

/// Waits until a process is no more.
pub fn until_gone(process: Pid) {
    let deadline = Instant::now() + PATIENCE;
    let stat = format!("/proc/{}/stat", process.as_raw_nonzero());
    // One that has ended but was not yet asked for its status runs no more.
    let runs = |stat: String| {
        let (_, after) = stat.rsplit_once(") ").unwrap();
        !after.starts_with('Z')
    };
    while std::fs::read_to_string(&stat).is_ok_and(runs) {
        assert!(Instant::now() < deadline, "{process:?} is still running");
        thread::sleep(Duration::from_millis(10));
    }
}

fn cells(count: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(count).unwrap()
}

/// Feeds the screen, and answers as a terminal does when asked where its cursor is.
fn follow(
    mut reader: Box<dyn Read + Send>,
    line: Line,
    screen: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; line.bytes_at_once()];
        while let Ok(count) = reader.read(&mut buffer) {
            if count == 0 {
                return;
            }
            if let Line::Slow { per_second } = line {
                // Not a wait for something to happen: the line itself.
                thread::sleep(Duration::from_secs_f64(
                    count as f64 / f64::from(per_second),
                ));
            }
            let read = &buffer[..count];
            let mut parser = screen.lock().unwrap();
            parser.process(read);
            let (row, column) = parser.screen().cursor_position();
            drop(parser);
            bytes.lock().unwrap().extend_from_slice(read);
            if read.windows(4).any(|window| window == b"\x1b[6n") {
                let answer = format!("\x1b[{};{}R", row + 1, column + 1);
                // The program may be gone by now.
                let _ = keys.lock().unwrap().write_all(answer.as_bytes());
            }
        }
    });
}
