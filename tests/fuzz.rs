//! Fuzzing on stable Rust: small inputs of the repository, changed by chance, against what must
//! always hold.
//!
//! Each target runs a bounded number of inputs with the other tests. `GONGDAN_FUZZ_SECONDS=3600
//! cargo test --release --test gongdan fuzz::documents` runs one target for so long and says how
//! many inputs that were. An input that fails is shrunk, shown, and becomes a file of the corpus.

mod clipboard;
mod documents;
mod settings;

use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// The inputs that are changed.
const CORPUS: &[(&str, &[u8])] = &[
    ("ticket.md", include_bytes!("fuzz/corpus/ticket.md")),
    ("rows.csv", include_bytes!("fuzz/corpus/rows.csv")),
    ("lines.jsonl", include_bytes!("fuzz/corpus/lines.jsonl")),
    ("page.html", include_bytes!("fuzz/corpus/page.html")),
    ("keymap.toml", include_bytes!("fuzz/corpus/keymap.toml")),
];

/// Pieces that have a meaning somewhere.
const TOKENS: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    "\t",
    "---\n",
    "# ",
    "### 问题描述\n",
    "**客服**：",
    "```",
    "|",
    "\"",
    "\"\"",
    ",",
    ";",
    "{",
    "}",
    "[",
    "]",
    "{{",
    "}}",
    "\\{{",
    "\\u",
    "\\ud800",
    "1e400",
    "null",
    "<p>",
    "</",
    "<!--",
    "&#0;",
    "&amp;",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "\x1b]52;c;",
    "\x1b[201~",
    "\x07",
    "\u{9b}",
    "\0",
    "类:",
    "-",
    "OR",
    "(",
    ")",
    "*",
    "id:",
    "日期:2024-05..",
    "=",
    "C-",
    "g g",
    "内部：",
    "[URL已脱敏]",
    "***",
    "13800000000",
];

/// One change of an input.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Puts a token in.
    Insert(usize, usize),
    /// Takes bytes out.
    Remove(usize, usize),
    /// Repeats bytes.
    Repeat(usize, usize),
    /// Changes one byte.
    Byte(usize, u8),
    /// Ends the input early.
    Cut(usize),
}

impl Change {
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>) {
        let within = |at: usize| at % (bytes.len() + 1);
        match *self {
            Self::Insert(at, token) => {
                let at = within(at);
                let token = TOKENS[token % TOKENS.len()].bytes();
                bytes.splice(at..at, token);
            }
            Self::Remove(at, count) => {
                let at = within(at);
                let end = (at + count).min(bytes.len());
                bytes.drain(at..end);
            }
            Self::Repeat(at, count) => {
                let at = within(at);
                let piece = bytes[at..(at + count).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            Self::Byte(at, byte) => {
                if !bytes.is_empty() {
                    let at = at % bytes.len();
                    bytes[at] = byte;
                }
            }
            Self::Cut(at) => {
                let at = within(at);
                bytes.truncate(at);
            }
        }
    }
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<usize>(), any::<usize>()).prop_map(|(at, token)| Change::Insert(at, token)),
        2 => (any::<usize>(), 1..200usize).prop_map(|(at, count)| Change::Remove(at, count)),
        2 => (any::<usize>(), 1..200usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        1 => any::<usize>().prop_map(Change::Cut),
    ]
}

/// An input of the corpus with its name, changed a few times.
fn changed() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    (0..CORPUS.len(), vec(change(), 0..12)).prop_map(|(at, changes)| {
        let (name, bytes) = CORPUS[at];
        let mut bytes = bytes.to_vec();
        for change in &changes {
            change.apply(&mut bytes);
        }
        (name, bytes)
    })
}

/// The same as text.
fn changed_text() -> impl Strategy<Value = String> {
    changed().prop_map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
}

/// A few tokens and words in a row: a query, a template, a line.
fn line() -> impl Strategy<Value = String> {
    vec(
        prop_oneof![
            (0..TOKENS.len()).prop_map(|at| TOKENS[at].to_owned()),
            "[a-z证书过期 ]{1,6}",
        ],
        0..12,
    )
    .prop_map(|pieces| pieces.concat())
}

/// Runs a check on inputs: so many as a test, or for as long as the environment says.
pub(crate) fn fuzz<S: Strategy>(
    cases: u32,
    inputs: S,
    check: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let seconds = std::env::var("GONGDAN_FUZZ_SECONDS");
    let seconds = seconds.ok().and_then(|seconds| seconds.parse().ok());
    let deadline = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut run = 0;
    loop {
        let config = Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        };
        if let Err(failure) = TestRunner::new(config).run(&inputs, &check) {
            panic!("{failure}");
        }
        run += cases;
        match deadline {
            Some(deadline) if Instant::now() < deadline => {}
            Some(_) => return println!("{run} inputs"),
            None => return,
        }
    }
}
