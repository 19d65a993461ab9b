//! The built binary, run as scripts and people run it: own home, own data, nothing inherited.

mod answering;
mod contract;
mod documents;
mod journey;
mod leaks;
mod meaning;
mod moving;
mod notes;
mod opinions;
mod pages;
mod rough;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A person with a home and a store of their own.
struct Person {
    dir: TempDir,
}

/// What a run printed, and how it ended.
struct Ran {
    out: Vec<u8>,
    err: String,
    code: i32,
}

impl Person {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("home")).unwrap();
        Self { dir }
    }

    /// Somebody whose store holds the tickets of [`documents::TICKETS`].
    fn with_tickets() -> Self {
        let person = Self::new();
        let file = person.file("七月.md", documents::TICKETS.as_bytes());
        person.ok(&["import", &file, "--json"]);
        person
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, and names it.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        text(&path)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongdan"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.path("home"))
            .env("GONGDAN_HOST_CONFIG", self.path("no-such-host.toml"))
            .env("GONGDAN_DATA_DIR", self.path("data"))
            .env("PATH", std::env::var_os("PATH").unwrap())
            .current_dir(self.dir.path());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, b"", &[])
    }

    fn fed(&self, args: &[&str], input: &[u8]) -> Ran {
        self.run_with(args, input, &[])
    }

    fn run_with(&self, args: &[&str], input: &[u8], vars: &[(&str, &str)]) -> Ran {
        let mut child = self
            .command(args)
            .envs(vars.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing closes the pipe first.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ran {
            out: output.stdout,
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap_or(-1),
        }
    }

    /// A run that must come to its end.
    fn ok(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.text(), ran.err);
        ran
    }

    /// The objects that a run with `--json` prints.
    fn objects(&self, args: &[&str]) -> Vec<Value> {
        let mut args = args.to_vec();
        args.push("--json");
        self.ok(&args).objects()
    }

    /// The one object that a run with `--json` prints.
    fn object(&self, args: &[&str]) -> Value {
        let objects = self.objects(args);
        assert_eq!(objects.len(), 1, "{args:?}: {objects:?}");
        objects.into_iter().next().unwrap()
    }

    /// The id of the ticket with this title.
    fn id(&self, title: &str) -> String {
        let rows = self.objects(&["list"]);
        let row = rows.iter().find(|row| row["title"] == title);
        row.unwrap()["id"].as_str().unwrap().to_owned()
    }
}

impl Ran {
    fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }

    fn objects(&self) -> Vec<Value> {
        let text = self.text();
        let parsed = text.lines().map(|line| serde_json::from_str(line).unwrap());
        parsed.collect()
    }

    fn complaint(&self) -> Value {
        serde_json::from_str(self.err.trim()).unwrap()
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
