//! A team at one daemon: the first frame of a workbench, what its keys cost the line, and many
//! agents at once.
//!
//! `cargo bench --bench team`; `GONGDAN_BENCH_TICKETS` sets the size of the store (100,000 else),
//! `GONGDAN_BENCH_DIR=DIR` keeps it there and uses what an earlier run left,
//! `GONGDAN_BENCH_SESSIONS` and `GONGDAN_BENCH_SECONDS` set how many agents work how long (200 and
//! 240 else), `GONGDAN_BENCH_PACE=rush` makes them ask without a pause, `GONGDAN_BENCH_ONLY=first` or
//! `=load` leaves the other half out. How fast agents are is told in `agent.rs`.
//!
//! The agents run in this process and share the processors with the daemon, as workbenches on a
//! jump host do. A keystroke is answered when rows to it, or to a later one, are there. At the end
//! everything acknowledged is looked for in the log, and every collision among the conflicts.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod agent;
#[allow(dead_code, reason = "other benches use the rest")]
mod clock;
#[allow(dead_code, reason = "other benches use the rest")]
mod corpus;
#[allow(dead_code, reason = "other benches use the rest")]
mod feed;
mod table;
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "shared with the tests, which use the rest"
)]
#[path = "../terminal.rs"]
mod terminal;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use agent::{Decision, Office, Seen};
use clock::Clock;
use corpus::Corpus;
use feed::Feed;
use gongdan::api::{Answer, Desk, LogEntry, Request, Row, TicketRow, VocabularyEdit, ask};
use gongdan::daemon::{ConnectOptions, SocketDesk, Starter, Where};
use gongdan::model::TicketFilter;
use terminal::{Home, Terminal};

/// Tickets handed over as one document.
const FILE: u32 = 5_000;

/// Articles beside them: where there are any, what they say is looked for with each ticket shown.
const ARTICLES: [&str; 2] = ["article-cdn-cost.txt", "snippets-sms-docs.txt"];

/// Tickets that many agents look at.
const HOT: usize = 12;

/// How often the daemon's memory is looked at.
const LOOK: Duration = Duration::from_secs(30);

/// Keys whose bytes are counted, and the screens they are struck at.
const KEYS: usize = 30;
const SCREENS: [(u16, u16); 3] = [(200, 50), (120, 36), (80, 24)];

/// How every frame begins.
const FRAME: &[u8] = b"\x1b[?2026h";

/// Starts of a workbench that are measured.
const STARTS: usize = 20;

fn main() {
    let only = std::env::var("GONGDAN_BENCH_ONLY").unwrap_or_default();
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let kept = std::env::var_os("GONGDAN_BENCH_DIR").map(PathBuf::from);
    let dir = kept.unwrap_or_else(|| scratch.path().join("data"));
    let corpus = Corpus::new();
    let desk = connect(&dir, "desk");
    if let Answer::Status(status) = ask(&desk, Request::Status(ask::Status))
        && status.tickets == 0
    {
        import(
            &corpus,
            &desk,
            size("GONGDAN_BENCH_TICKETS", 100_000) as u32,
        );
    }
    let clock = Clock::start();
    ask(&desk, Request::CatchUp(ask::CatchUp));
    ask(&desk, Request::Analyse(ask::Analyse));
    println!("warm after {:.1} s", clock.stop().clock);
    if only != "load" {
        way_through(&desk);
        first_frames(&desk, &dir);
        keys(&dir);
    }
    if only != "first" {
        load(corpus, &desk, &dir);
    }
    drop(desk);
    let place = own(&dir);
    gongdan::daemon::stop(&place, Duration::from_secs(60)).expect("the daemon goes");
}

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

fn own(dir: &Path) -> Where {
    Where::Own {
        dir: dir.to_owned(),
        runtime_dir: None,
    }
}

/// A session of an agent's own, of the daemon that the program itself is.
fn connect(dir: &Path, name: &str) -> SocketDesk {
    let args = ["serve", "--background", "--idle", "1", "--data-dir"];
    let starter = Starter {
        program: env!("CARGO_BIN_EXE_gongdan").into(),
        args: args
            .into_iter()
            .map(Into::into)
            .chain([dir.as_os_str().to_owned()])
            .collect(),
    };
    let options = ConnectOptions {
        place: own(dir),
        starter: Some(starter),
        patience: Duration::from_secs(60),
        session: name.to_owned(),
        declared: Some(name.to_owned()),
    };
    SocketDesk::connect(options).expect("a daemon")
}

fn ask(desk: &SocketDesk, request: Request) -> Answer {
    desk.call(request).expect("an answer")
}

fn import(corpus: &Corpus, desk: &SocketDesk, tickets: u32) {
    let clock = Clock::start();
    let feed = Feed::open(desk);
    for first in (0..tickets).step_by(FILE as usize) {
        let mut text = format!("# 工单 {first}\n\n---\n\n");
        for number in first..tickets.min(first + FILE) {
            corpus.case(number).write(&mut text);
        }
        feed.give(&format!("{first:08}.md"), text.as_bytes(), || {});
    }
    for name in ARTICLES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("seeds")
            .join(name);
        let text = std::fs::read(path).expect("an article");
        feed.give(name, &text, || {});
    }
    feed.close();
    println!("{tickets} tickets imported in {:.1} s", clock.stop().clock);
}

/// How long the shortest question takes there and back.
fn way_through(desk: &SocketDesk) {
    let ways = (0..5_000).map(|_| {
        let begun = Instant::now();
        ask(desk, Request::Present(ask::Present));
        (begun.elapsed(), "")
    });
    table::heading("through the socket");
    table::print("there and back", ways.collect());
}

/// How long a workbench takes from its start to a frame with tickets in it.
fn first_frames(desk: &SocketDesk, dir: &Path) {
    let newest = newest(desk, 1);
    let title: String = newest[0].title.chars().take(4).collect();
    let home = Home::new();
    let dir = dir.to_str().expect("a path of letters");
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let begun = Instant::now();
        let variables = [("GONGDAN_DATA_DIR", dir)];
        let terminal = Terminal::open_with(&home, 120, 36, &[], &variables);
        while !terminal.text().contains(&title) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{}",
                terminal.text()
            );
            std::thread::sleep(Duration::from_micros(200));
        }
        times.push((begun.elapsed(), ""));
        let pid = terminal.process().as_raw_nonzero().get();
        let holds = Holds::of(pid.unsigned_abs());
        memory = memory.max(holds.own + holds.files);
        terminal.send("q");
        assert!(terminal.ended(), "the workbench ends well");
    }
    table::heading("a workbench at a warm daemon");
    table::print("from start to tickets on the screen", times);
    println!("its memory: {memory} MiB");
}

/// What a key costs the line that a workbench is looked at over: bytes of a key and of a frame
/// while the list is walked through.
fn keys(dir: &Path) {
    let home = Home::new();
    let dir = dir.to_str().expect("a path of letters");
    println!("\n{KEYS} times j         bytes a key  bytes a frame");
    for (columns, rows) in SCREENS {
        let variables = [("GONGDAN_DATA_DIR", dir)];
        let terminal = Terminal::open_with(&home, columns, rows, &[], &variables);
        terminal.until("工单 1/");
        let before = terminal.written().len();
        for nth in 0..KEYS {
            terminal.send("j");
            terminal.until(&format!("工单 {}/", nth + 2));
        }
        let written = terminal.written().split_off(before);
        let frames = written.windows(FRAME.len()).filter(|w| *w == FRAME);
        println!(
            "{columns:>3} x {rows:<13} {:>12} {:>14}",
            written.len() / KEYS,
            written.len() / frames.count().max(1)
        );
        terminal.send("q");
        assert!(terminal.ended(), "the workbench ends well");
    }
}

/// What a process holds.
#[derive(Clone, Copy)]
struct Holds {
    /// Mebibytes of memory that are its own.
    own: usize,
    /// Mebibytes of files that it looks at.
    files: usize,
    threads: usize,
}

impl Holds {
    fn of(pid: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number =
                line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
            number.unwrap_or_default()
        };
        Self {
            own: number("RssAnon:") / 1024,
            files: number("RssFile:") / 1024,
            threads: number("Threads:"),
        }
    }
}

/// The tickets at the top of the list.
fn newest(desk: &SocketDesk, limit: usize) -> Vec<TicketRow> {
    let list = Request::List(ask::List {
        filter: TicketFilter::default(),
        offset: 0,
        limit,
    });
    let Answer::Page(page) = ask(desk, list) else {
        panic!("a list");
    };
    let rows = page.rows.into_iter().filter_map(|row| match row {
        Row::Ticket(row) => Some(row),
        Row::Passage(_) => None,
    });
    rows.collect()
}

/// Lets many agents work at once, and looks for everything they were told.
fn load(corpus: Corpus, desk: &SocketDesk, dir: &Path) {
    let sessions = size("GONGDAN_BENCH_SESSIONS", 200);
    let seconds = size("GONGDAN_BENCH_SECONDS", 240);
    let rush = std::env::var("GONGDAN_BENCH_PACE").is_ok_and(|pace| pace == "rush");
    learn_causes(desk, sessions);
    ask(desk, Request::CatchUp(ask::CatchUp));
    ask(desk, Request::Analyse(ask::Analyse));
    let before = log(desk).len();
    let pid = desk.daemon().pid;
    let mut holds = vec![Holds::of(pid)];
    let office = Arc::new(Office {
        corpus,
        pace: if rush { agent::RUSH } else { agent::PEOPLE },
        hot: newest(desk, HOT).iter().map(|row| row.id).collect(),
        until: Instant::now() + Duration::from_secs(seconds as u64),
        given: Mutex::default(),
    });
    let (used, clock) = (clock::processors_of(pid), Clock::start());
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let agents: Vec<_> = (0..sessions)
            .map(|number| {
                let office = &office;
                scope.spawn(move || {
                    agent::work(office, connect(dir, &format!("agent{number}")), number)
                })
            })
            .collect();
        while let left = office.until.saturating_duration_since(Instant::now())
            && !left.is_zero()
        {
            std::thread::sleep(left.min(LOOK));
            holds.push(Holds::of(pid));
        }
        agents
            .into_iter()
            .map(|agent| agent.join().expect("an agent ends well"))
            .collect()
    });
    let spent = clock.stop();
    println!(
        "\n{sessions} agents for {seconds} s{}; processors: daemon {:.1} s, agents {:.1} s of {:.1} s",
        if rush { " in a rush" } else { "" },
        clock::processors_of(pid) - used,
        spent.processors,
        spent.clock,
    );
    println!(
        "the daemon's memory each {} s, its own and of files, MiB, and threads:",
        LOOK.as_secs()
    );
    for holds in holds {
        println!(
            "    {:>6} {:>6} {:>6}",
            holds.own, holds.files, holds.threads
        );
    }
    print_times(&seen);
    let pushes = seen.iter().flat_map(|seen| &seen.pushes);
    let mut heard: BTreeMap<&str, usize> = BTreeMap::new();
    for (what, count) in pushes {
        *heard.entry(what).or_default() += count;
    }
    println!("pushes: {heard:?}");
    let decisions: Vec<&Decision> = seen.iter().flat_map(|seen| &seen.decisions).collect();
    check(desk, &decisions, before);
}

/// Makes the causes that the agents decide for.
fn learn_causes(desk: &SocketDesk, sessions: usize) {
    let Answer::Vocabulary(known) = ask(desk, Request::Vocabulary(ask::Vocabulary)) else {
        panic!("a vocabulary");
    };
    let known: BTreeSet<String> = known.into_iter().map(|row| row.cause.name).collect();
    let wanted = (0..sessions).flat_map(agent::causes);
    for name in wanted.filter(|name| !known.contains(name)) {
        let group = String::new();
        let create = VocabularyEdit::Create { name, group };
        ask(desk, Request::EditVocabulary(create));
    }
}

fn print_times(seen: &[Seen]) {
    let mut took: BTreeMap<&str, Vec<(Duration, &str)>> = BTreeMap::new();
    for (what, times) in seen.iter().flat_map(|seen| &seen.took) {
        let times = times.iter().map(|time| (*time, ""));
        took.entry(what).or_default().extend(times);
    }
    table::heading("waited for");
    for (what, times) in took {
        table::print(what, times);
    }
}

fn log(desk: &SocketDesk) -> Vec<LogEntry> {
    let log = Request::Log(ask::Log {
        id: None,
        limit: usize::MAX,
    });
    let Answer::Log(entries) = ask(desk, log) else {
        panic!("a log");
    };
    entries
}

/// Everything acknowledged is there once, and as the log tells it nobody's decision fell under the
/// table: see [`verdicts`].
fn check(desk: &SocketDesk, decisions: &[&Decision], before: usize) {
    let entries = log(desk);
    let new = &entries[..entries.len() - before];
    let mut found: HashMap<&str, usize> = HashMap::new();
    for entry in new.iter().filter(|entry| !entry.note.is_empty()) {
        *found.entry(&entry.note).or_default() += 1;
    }
    let due = verdicts(&entries, decisions);
    let mut collisions = 0;
    for decision in decisions {
        let note = decision.note.as_str();
        assert_eq!(found.get(note), Some(&1), "{note} is lost");
        assert_eq!(due.get(note), Some(&decision.accepted), "{note}");
        assert_eq!(decision.conflicts, usize::from(!decision.accepted));
        collisions += usize::from(due.get(note) == Some(&false));
    }
    let reported: usize = decisions.iter().map(|decision| decision.conflicts).sum();
    let Answer::Conflicts(kept) = ask(desk, Request::Conflicts(ask::Conflicts)) else {
        panic!("conflicts");
    };
    let kept: BTreeSet<String> = kept
        .into_iter()
        .map(|conflict| conflict.mine.note)
        .collect();
    let lost = decisions
        .iter()
        .filter(|decision| !decision.accepted && !kept.contains(&decision.note));
    println!(
        "\n{} annotations acknowledged, {} found; {collisions} collisions, {reported} conflicts reported, \
         {} of them not kept",
        decisions.len(),
        found.len(),
        lost.count(),
    );
    assert_eq!(collisions, reported);
}

/// What should have become of each decision, by its note: it holds if nobody else had decided on
/// the ticket since the agent saw it. The log says in which order they came.
fn verdicts<'a>(entries: &[LogEntry], decisions: &[&'a Decision]) -> HashMap<&'a str, bool> {
    let of: HashMap<&str, &Decision> = (decisions.iter())
        .map(|decision| (decision.note.as_str(), *decision))
        .collect();
    // Who made each revision of a key.
    let mut made: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    let mut due = HashMap::new();
    for entry in entries.iter().rev() {
        let who = (entry.author.as_str(), entry.session.as_str());
        let revisions = made.entry(&entry.key).or_default();
        if let Some(decision) = of.get(entry.note.as_str()) {
            let since = revisions.iter().skip(decision.base.0 as usize);
            let holds = since.clone().all(|other| *other == who);
            due.insert(decision.note.as_str(), holds);
        }
        if entry.accepted {
            revisions.push(who);
        }
    }
    due
}
