//! Gongdan beside what a user would otherwise have: SQLite's full-text index of trigrams, and
//! ripgrep over the files.
//!
//! `cargo bench --bench peers`; `GONGDAN_BENCH_TICKETS=100000` sets the size (20,000 else). All
//! three get the same tickets, made by rule, and the same queries: single words of two characters
//! and more, pairs of words that must both be there, and addresses.
//!
//! Printed are what making each findable costs, its size beside the tickets' text, how long an
//! answer takes, and the share of the queries *answered*: of those whose words do stand in some
//! ticket, as a plain scan tells, how many find anything as asked. ripgrep, where it is installed,
//! runs as a process a query, and a second word filters the lines of the first: it ranks nothing
//! and knows lines, not tickets. The `rg` of a Debian is `apt-get install ripgrep`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

#[allow(dead_code, reason = "the bench of search alone uses all of it")]
mod clock;
#[allow(dead_code, reason = "the bench of search alone uses all of it")]
mod corpus;
mod feed;
#[allow(dead_code, reason = "the bench of search alone uses all of it")]
mod table;
mod trigrams;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clock::Clock;
use corpus::{Corpus, Dice};
use feed::Feed;
use gongdan::api::{Answer, Desk, Request, ask};
use gongdan::desk::LocalDesk;
use gongdan::model::TicketFilter;
use gongdan::text::fold::fold;
use trigrams::Trigrams;

/// Tickets of one file.
const FILE: u32 = 1_000;

/// Rows of an answer.
const ROWS: usize = 50;

/// Queries of each kind, and of ripgrep's, which takes a hundred times as long.
const QUERIES: usize = 200;
const SLOW_QUERIES: usize = 40;

fn main() {
    let tickets: u32 = std::env::var("GONGDAN_BENCH_TICKETS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_000);
    let corpus = Corpus::new();
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let files = scratch.path().join("files");
    let (texts, raw) = write(&corpus, &files, tickets);
    let kinds = kinds(&corpus, &texts);
    println!(
        "{tickets} tickets, {:.0} MB of text, Markdown files of {:.0} MB",
        raw as f64 / 1e6,
        size(&files) as f64 / 1e6
    );
    gongdan(&files, &scratch.path().join("data"), raw, &kinds);
    trigrams(&texts, &scratch.path().join("tickets.db"), raw, &kinds);
    drop(texts);
    ripgrep(&files, &kinds);
}

/// Words that must all stand in a ticket.
type Query = Vec<String>;

/// Queries of one kind, of which every one has an answer.
struct Kind {
    name: &'static str,
    queries: Vec<Query>,
}

/// Writes the tickets into files; the folded text of each, and the bytes of all.
fn write(corpus: &Corpus, dir: &Path, tickets: u32) -> (Vec<String>, usize) {
    std::fs::create_dir_all(dir).expect("a folder");
    let mut texts = Vec::with_capacity(tickets as usize);
    let mut raw = 0;
    for first in (0..tickets).step_by(FILE as usize) {
        let mut file = format!("# 工单 {first}\n\n---\n\n");
        for number in first..tickets.min(first + FILE) {
            let case = corpus.case(number);
            raw += case.raw();
            let start = file.len();
            case.write(&mut file);
            texts.push(fold(file.get(start..).unwrap_or_default()));
        }
        std::fs::write(dir.join(format!("{first:08}.md")), file).expect("a document");
    }
    (texts, raw)
}

fn kinds(corpus: &Corpus, texts: &[String]) -> Vec<Kind> {
    let mut dice = Dice::new(5);
    let mut words = |long: bool| loop {
        let word = corpus.word(&mut dice);
        if (word.chars().count() > 2) == long {
            return word.to_owned();
        }
    };
    let two: Vec<Query> = (0..QUERIES).map(|_| vec![words(false)]).collect();
    let more: Vec<Query> = (0..QUERIES).map(|_| vec![words(true)]).collect();
    let both: Vec<Query> = (0..QUERIES)
        .map(|nth| vec![words(false), words(nth % 2 == 0)])
        .collect();
    let hosts = (0..QUERIES).map(|nth| vec![format!("img{}.example.com", nth * 4 + 1)]);
    let kind = |name, queries: Vec<Query>| {
        let there = |query: &Query| texts.iter().any(|text| holds(text, query));
        let queries = queries.into_iter().filter(there).collect();
        Kind { name, queries }
    };
    vec![
        kind("a word of two characters", two),
        kind("a longer word", more),
        kind("two words", both),
        kind("an address", hosts.collect()),
    ]
}

fn holds(text: &str, query: &Query) -> bool {
    query.iter().all(|word| text.contains(word.as_str()))
}

/// Prints a line of the table: what was asked, and how many of it found something.
fn line(name: &str, kind: &Kind, taken: usize, mut ask: impl FnMut(&Query) -> bool) {
    let queries = kind.queries.iter().take(taken);
    for query in queries.clone().take(5) {
        ask(query);
    }
    let mut answered = 0;
    let mut times: Vec<Duration> = Vec::new();
    for query in queries {
        let start = Instant::now();
        answered += usize::from(ask(query));
        times.push(start.elapsed());
    }
    times.sort();
    let count = times.len().max(1);
    let at = |share: f64| {
        let nth = ((count - 1) as f64 * share) as usize;
        times.get(nth).map_or(0.0, Duration::as_secs_f64) * 1e3
    };
    println!(
        "{name:<16} {:<26} {:>5} {:>9.2} {:>9.2} {:>7.0} %",
        kind.name,
        times.len(),
        at(0.5),
        at(0.99),
        answered as f64 * 100.0 / count as f64
    );
}

fn made(name: &str, clock: &Clock, bytes: u64, raw: usize) {
    let spent = clock.stop();
    println!(
        "\n{name}: made in {:.1} s ({:.1} s of processors), {:.0} MB = {:.2} x the text",
        spent.clock,
        spent.processors,
        bytes as f64 / 1e6,
        bytes as f64 / raw as f64
    );
    println!(
        "{:<16} {:<26} {:>5} {:>9} {:>9} {:>9}",
        "", "", "n", "p50 ms", "p99 ms", "answered"
    );
}

fn gongdan(files: &Path, data: &Path, raw: usize, kinds: &[Kind]) {
    let clock = Clock::start();
    let desk = feed::desk(data);
    import(&desk, files);
    made("gongdan", &clock, size(data), raw);
    feed::settled(data);
    for kind in kinds {
        line("gongdan", kind, QUERIES, |query| {
            let request = Request::Search(ask::Search {
                query: query.join(" "),
                filter: TicketFilter::default(),
                limit: ROWS,
            });
            let Ok(Answer::Found(found)) = desk.call(request) else {
                panic!("an answer");
            };
            found.total > 0 && found.relaxed.is_none()
        });
    }
}

/// Imports the files until they are findable.
fn import(desk: &LocalDesk, files: &Path) {
    let feed = Feed::open(desk);
    for path in paths(files) {
        let bytes = std::fs::read(&path).expect("a document");
        feed.give(&path.display().to_string(), &bytes, || {});
    }
    feed.close();
}

fn trigrams(texts: &[String], path: &Path, raw: usize, kinds: &[Kind]) {
    let clock = Clock::start();
    let index = Trigrams::make(path, texts);
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    made("FTS5 trigram", &clock, bytes, raw);
    for kind in kinds {
        line("FTS5 trigram", kind, QUERIES, |query| {
            index.find(query, ROWS) > 0
        });
    }
}

fn ripgrep(files: &Path, kinds: &[Kind]) {
    let there = Command::new("rg").arg("--version").output();
    if there.is_err() {
        println!("\nripgrep: not installed");
        return;
    }
    made("ripgrep", &Clock::start(), 0, 1);
    for kind in kinds {
        line("ripgrep", kind, SLOW_QUERIES, |query| grep(files, query));
    }
}

/// Whether some line holds all words: the first one sought in the files, the others in its lines.
fn grep(files: &Path, query: &Query) -> bool {
    let (first, others) = query.split_first().expect("a word");
    let search = |word: &str| {
        let mut search = Command::new("rg");
        search.args(["--no-config", "-i", "-F", "-e", word]);
        search.stdout(Stdio::piped());
        search
    };
    let mut search_files = search(first);
    let mut last = search_files.arg(files).spawn().expect("ripgrep");
    let mut running = Vec::new();
    for word in others {
        let lines = last.stdout.take().expect("its lines");
        let next = search(word).stdin(lines).spawn().expect("ripgrep");
        running.push(std::mem::replace(&mut last, next));
    }
    let found = last.wait_with_output().expect("its lines");
    for mut search in running {
        search.wait().expect("its end");
    }
    !found.stdout.is_empty()
}

fn paths(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a folder").flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Bytes of all files below a directory.
fn size(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}
