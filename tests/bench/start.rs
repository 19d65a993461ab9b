//! How soon the workbench is there, on a real pseudo-terminal.
//!
//! `cargo bench --bench start`; `GONGDAN_BENCH_DIR=DIR` opens data that the bench `search` kept,
//! else it is the sample corpus.
//!
//! Printed are the times from the start of the process until the first frame is on the terminal,
//! until a query typed right then shows in it, until the first rows are listed, and until the
//! query's rows are there: with no daemon running, which then starts, and beside one.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod table;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Starts measured of each kind.
const ROUNDS: usize = 12;

/// The query that is typed into the first frame.
const TYPED: &str = "证书";

/// What is waited for, in the order of [`Start::seen`].
const STEPS: [&str; 4] = [
    "first frame",
    "query typed into it shows",
    "rows listed",
    "query's rows",
];

fn main() {
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let kept = std::env::var_os("GONGDAN_BENCH_DIR").map(PathBuf::from);
    let home = Home {
        data: kept.unwrap_or_else(|| scratch.path().join("data")),
        dir: scratch.path().to_owned(),
    };
    // Whatever the first start makes is there.
    home.start();
    for (name, running) in [("no daemon yet", false), ("beside a daemon", true)] {
        let mut times: [Vec<(Duration, &str)>; STEPS.len()] = Default::default();
        for _ in 0..ROUNDS {
            if !running {
                home.stop();
            }
            for (times, seen) in times.iter_mut().zip(home.start()) {
                times.push((seen, ""));
            }
        }
        table::heading(name);
        for (step, times) in STEPS.iter().zip(times) {
            table::print(step, times);
        }
    }
    home.stop();
}

/// Where the program runs, and nothing of the machine's user reaches it.
struct Home {
    dir: PathBuf,
    data: PathBuf,
}

impl Home {
    /// Starts the workbench, types a query at its first frame, and leaves; when each step was
    /// seen on the screen.
    fn start(&self) -> [Duration; STEPS.len()] {
        let (rows, cols) = (36, 120);
        let size = PtySize {
            rows,
            cols,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut keys = pair.master.take_writer().expect("its keys");
        let mut output = pair.master.try_clone_reader().expect("its output");
        let [rows, cols] = [rows, cols].map(|n| n.try_into().expect("a size above nothing"));
        let mut screen = vt100::Parser::new(rows, cols, 0);
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gongdan"));
        command.env_clear();
        command.env("HOME", &self.dir);
        command.env("GONGDAN_DATA_DIR", &self.data);
        command.env("TERM", "xterm-256color");
        let started = Instant::now();
        let mut child = pair.slave.spawn_command(command).expect("a workbench");
        drop(pair.slave);
        let mut seen = [None; STEPS.len()];
        let mut buffer = [0; 65_536];
        while seen.iter().any(Option::is_none) {
            let count = output.read(&mut buffer).expect("a screen");
            assert!(count > 0, "it ended: {}", screen.screen().contents());
            let read = &buffer[..count];
            screen.process(read);
            if read.windows(4).any(|window| window == b"\x1b[6n") {
                keys.write_all(b"\x1b[1;2R").expect("an answer");
            }
            let text = screen.screen().contents();
            let shown = [
                text.contains("搜索"),
                text.lines().next().is_some_and(|line| line.contains(TYPED)),
                text.contains("工单 1/"),
                text.lines().next().is_some_and(|line| line.contains(" ms")),
            ];
            let first = seen[0].is_none();
            for (seen, shown) in seen.iter_mut().zip(shown) {
                if shown {
                    seen.get_or_insert(started.elapsed());
                }
            }
            if first && seen[0].is_some() {
                write!(keys, "/{TYPED}").expect("keys are taken");
            }
        }
        keys.write_all(b"\x1b\x1bq").expect("keys are taken");
        drop(keys);
        while output.read(&mut buffer).is_ok_and(|count| count > 0) {}
        child.wait().expect("an end");
        seen.map(Option::unwrap_or_default)
    }

    fn stop(&self) {
        stop(&self.dir, &self.data);
    }
}

fn stop(home: &Path, data: &Path) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gongdan"));
    command.arg("stop").env_clear();
    command.env("HOME", home).env("GONGDAN_DATA_DIR", data);
    let output = command.output().expect("a daemon that goes");
    assert!(output.status.success(), "{output:?}");
}
