//! The program on a real pseudo-terminal: keys in, screens out.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

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

    /// Runs a command without a terminal, to its end.
    pub fn run(&self, args: &[&str]) -> std::process::Output {
        std::process::Command::new(env!("CARGO_BIN_EXE_gongdan"))
            .args(args)
            .env_clear()
            .envs(self.environment())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
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
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gongdan"));
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.args(args);
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

    /// Waits for the program's end; whether it ended well.
    pub fn ended(mut self) -> bool {
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

fn cells(count: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(count).unwrap()
}

/// Feeds the screen, and answers as a terminal does when asked where its cursor is.
fn follow(
    mut reader: Box<dyn Read + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
) {
    thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(count) = reader.read(&mut buffer) {
            if count == 0 {
                return;
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
