//! A soak: many agents at one daemon for a long time, with imports, restarts and clock jumps.
//!
//! `cargo bench --bench soak`; `GONGDAN_BENCH_MINUTES` sets how long (60 else),
//! `GONGDAN_BENCH_SESSIONS` how many agents (40 else), `GONGDAN_BENCH_TICKETS` how many tickets there
//! are at first (20,000 else). Every minute and a half the daemon ends, by SIGTERM and SIGKILL in
//! turn, and the next one starts; where `faketime` is installed, a day earlier or an hour later
//! than it is.
//!
//! It fails where an acknowledged act is not in the log exactly once, or where a store restored from
//! a backup exports anything else than the one that was used. Memory and handles of the daemon are
//! printed, those of its first minutes beside those of its last.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

#[allow(dead_code, reason = "other benches use the rest")]
mod corpus;
#[allow(dead_code, reason = "other benches use the rest")]
mod feed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use corpus::{Corpus, Dice};
use feed::Feed;
use gongdan::api::{
    ActDone, Annotate, Ballot, CastVote, CauseChoice, DeskError, DeskExt, ErrorCode, Row, Target,
    UndoScope, ask,
};
use gongdan::daemon::{ConnectOptions, SocketDesk, Where};
use gongdan::model::{ActId, TicketFilter};
use rustix::process::{Pid, Signal, kill_process};

/// From one end of the daemon to the next.
const RESTART: Duration = Duration::from_secs(90);

/// From one import to the next, and tickets of each.
const IMPORT: Duration = Duration::from_secs(20);
const IMPORTED: u32 = 50;

/// How often the daemon is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Milliseconds an agent pauses at most.
const PAUSE: usize = 1_500;

/// By how much the clock of each next daemon is off.
const CLOCKS: [&str; 3] = ["-1d", "+1h", "+0"];

fn main() {
    let minutes = number("GONGDAN_BENCH_MINUTES", 60);
    let sessions = number("GONGDAN_BENCH_SESSIONS", 40);
    let tickets = number("GONGDAN_BENCH_TICKETS", 20_000);
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let dir = scratch.path().join("data");
    let corpus = Corpus::new();
    let mut daemon = Daemon::start(&dir, 2);
    let first = u32::try_from(tickets).expect("a number of tickets");
    import(&corpus, &connect(&dir, "import"), 0, first);
    println!("{tickets} tickets; {sessions} agents for {minutes} minutes");
    let (work, over) = (Work::default(), AtomicBool::new(false));
    let end = Instant::now() + Duration::from_secs(60 * minutes as u64);
    let looks = std::thread::scope(|scope| {
        for agent in 0..sessions {
            let (dir, corpus, work, over) = (&dir, &corpus, &work, &over);
            scope.spawn(move || work.of_an_agent(dir, corpus, agent, over));
        }
        let (import_dir, import_corpus, imports_over) = (&dir, &corpus, &over);
        scope.spawn(move || imports(import_dir, import_corpus, first, imports_over));
        let looks = watch(&mut daemon, &dir, end);
        over.store(true, Ordering::Relaxed);
        looks
    });
    work.tell();
    tell(&looks);
    let lost = work.lost(&connect(&dir, "check"));
    daemon.end(Signal::TERM);
    let used = exported(&dir);
    let backup = scratch.path().join("backup");
    run(&dir, &["backup", text(&backup)]);
    let again = scratch.path().join("again");
    run(&again, &["restore", text(&backup)]);
    let same = used == exported(&again);
    println!("lost or doubled: {lost}; restored from a backup: {same}");
    assert_eq!(lost, 0, "acknowledged acts are in the log once");
    assert!(same, "a restored store says the same");
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn run(dir: &Path, args: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_gongdan"))
        .args(args)
        .args(["--standalone", "--data-dir", text(dir)])
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    output.stdout
}

fn exported(dir: &Path) -> Vec<u8> {
    run(dir, &["export", "--format", "jsonl"])
}

/// A daemon that is ended and started again.
struct Daemon {
    dir: PathBuf,
    process: Child,
}

impl Daemon {
    fn start(dir: &Path, clock: usize) -> Self {
        Self {
            dir: dir.to_owned(),
            process: Self::spawn(dir, clock),
        }
    }

    fn spawn(dir: &Path, clock: usize) -> Child {
        let program = env!("CARGO_BIN_EXE_gongdan");
        let faked = Command::new("faketime").arg("--version").output().is_ok();
        let mut command = if faked {
            let mut command = Command::new("faketime");
            let clock = CLOCKS[clock % CLOCKS.len()];
            command.args(["--exclude-monotonic", "-f", clock, program]);
            command
        } else {
            Command::new(program)
        };
        command
            .args(["serve", "--idle", "60", "--data-dir", text(dir)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a daemon")
    }

    /// The process that serves.
    fn pid(&self) -> Option<u32> {
        let place = own(&self.dir);
        match gongdan::daemon::status(&place) {
            Ok(gongdan::daemon::Probe::Ready(info)) => Some(info.pid),
            _ => None,
        }
    }

    fn end(&mut self, signal: Signal) {
        if let Some(pid) = self.pid().and_then(|pid| i32::try_from(pid).ok()) {
            let pid = Pid::from_raw(pid).expect("a process");
            kill_process(pid, signal).expect("it is there");
        }
        self.process.wait().expect("it ends");
    }
}

fn own(dir: &Path) -> Where {
    Where::Own {
        dir: dir.to_owned(),
        runtime_dir: None,
    }
}

fn connect(dir: &Path, name: &str) -> SocketDesk {
    let begun = Instant::now();
    loop {
        let options = ConnectOptions {
            place: own(dir),
            starter: None,
            patience: Duration::from_secs(20),
            session: name.to_owned(),
            declared: Some(name.to_owned()),
        };
        match SocketDesk::connect(options) {
            Ok(desk) => return desk,
            Err(error) if begun.elapsed() > Duration::from_secs(120) => panic!("{error}"),
            Err(_) => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

fn import(corpus: &Corpus, desk: &SocketDesk, first: u32, count: u32) {
    let mut text = format!("# 工单 {first}\n\n---\n\n");
    for number in first..first + count {
        corpus.case(number).write(&mut text);
    }
    let feed = Feed::open(desk);
    feed.give(&format!("{first:08}.md"), text.as_bytes(), || {});
    feed.close();
}

/// Imports that begin while the daemon is there and may be cut off by its end, as an operator's are.
fn imports(dir: &Path, corpus: &Corpus, mut first: u32, over: &AtomicBool) {
    let mut next = Instant::now() + IMPORT;
    while !over.load(Ordering::Relaxed) {
        if Instant::now() < next {
            std::thread::sleep(Duration::from_millis(200));
            continue;
        }
        next = Instant::now() + IMPORT;
        let cut = std::panic::AssertUnwindSafe(|| {
            import(corpus, &connect(dir, "import"), first, IMPORTED);
        });
        // Cut off: the same again, as far as it did not come.
        if std::panic::catch_unwind(cut).is_ok() {
            first += IMPORTED;
        }
    }
}

/// What is seen of the daemon.
struct Look {
    mebibytes: usize,
    handles: usize,
    threads: usize,
}

/// Looks at the daemon until the end, and ends and starts it meanwhile.
fn watch(daemon: &mut Daemon, dir: &Path, end: Instant) -> Vec<Look> {
    let (mut looks, mut restarts, mut since) = (Vec::new(), 0, Instant::now());
    while Instant::now() < end {
        std::thread::sleep(LOOK);
        if let Some(look) = daemon.pid().and_then(Look::at) {
            looks.push(look);
        }
        if since.elapsed() >= RESTART {
            let signal = [Signal::TERM, Signal::KILL][restarts % 2];
            daemon.end(signal);
            restarts += 1;
            daemon.process = Daemon::spawn(dir, restarts);
            since = Instant::now();
        }
    }
    println!("{restarts} restarts");
    looks
}

impl Look {
    fn at(pid: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let number = |name: &str| -> usize {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            number.unwrap_or_default()
        };
        Some(Self {
            mebibytes: number("RssAnon:") / 1024,
            handles: std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count(),
            threads: number("Threads:"),
        })
    }
}

fn tell(looks: &[Look]) {
    let part = (looks.len() / 6).max(1);
    let most = |looks: &[Look], of: fn(&Look) -> usize| looks.iter().map(of).max().unwrap_or(0);
    for (when, looks) in [
        ("first sixth", &looks[..part.min(looks.len())]),
        ("last sixth", &looks[looks.len().saturating_sub(part)..]),
    ] {
        println!(
            "{when}: at most {} MiB, {} handles, {} threads",
            most(looks, |look| look.mebibytes),
            most(looks, |look| look.handles),
            most(looks, |look| look.threads)
        );
    }
}

/// What the agents did.
#[derive(Default)]
struct Work {
    acknowledged: Mutex<Vec<ActId>>,
    refused: Mutex<BTreeMap<&'static str, usize>>,
    asked: AtomicUsize,
}

impl Work {
    fn of_an_agent(&self, dir: &Path, corpus: &Corpus, number: usize, over: &AtomicBool) {
        let mut dice = Dice::new(number as u64 + 1);
        let name = format!("agent{number}");
        let mut desk = connect(dir, &name);
        while !over.load(Ordering::Relaxed) {
            if let Err(error) = self.step(&desk, corpus, &mut dice) {
                let mut refused = self.refused.lock().expect("no panic");
                *refused.entry(error.code().name()).or_default() += 1;
                drop(refused);
                if error.code() == ErrorCode::Unreachable {
                    desk = connect(dir, &name);
                }
            }
            self.asked.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(dice.below(PAUSE) as u64));
        }
    }

    fn step(&self, desk: &SocketDesk, corpus: &Corpus, dice: &mut Dice) -> Result<(), DeskError> {
        let done = match dice.below(12) {
            0..4 => {
                let query = corpus.word(dice).to_owned();
                desk.ask(ask::Search {
                    query,
                    filter: TicketFilter::default(),
                    limit: 50,
                })?;
                return Ok(());
            }
            4 | 5 => {
                let id = some_ticket(desk, dice)?;
                desk.ask(ask::Show { id })?;
                return Ok(());
            }
            6 => {
                let text = corpus.text(dice, 60);
                desk.ask(ask::Advise { text })?;
                return Ok(());
            }
            7..10 => desk.ask(Annotate {
                targets: vec![target(some_ticket(desk, dice)?)],
                causes: vec![CauseChoice::New(format!("浸泡根因{}", dice.below(20)))],
                note: String::new(),
            })?,
            10 => desk.ask(CastVote {
                ids: vec![some_ticket(desk, dice)?],
                ballot: Ballot::Agree,
                note: String::new(),
            })?,
            _ => desk.ask(ask::Undo {
                scope: UndoScope::Session,
            })?,
        };
        self.note(&done);
        Ok(())
    }

    fn note(&self, done: &ActDone) {
        if !done.entries.is_empty() {
            self.acknowledged.lock().expect("no panic").push(done.act);
        }
    }

    fn tell(&self) {
        println!(
            "{} questions and orders, {} acts acknowledged; refused: {:?}",
            self.asked.load(Ordering::Relaxed),
            self.acknowledged.lock().expect("no panic").len(),
            self.refused.lock().expect("no panic")
        );
    }

    /// Acknowledged acts that are not in the log exactly once.
    fn lost(&self, desk: &SocketDesk) -> usize {
        let whole = ask::Log {
            id: None,
            limit: usize::MAX >> 1,
        };
        let mut there: BTreeMap<(String, String), usize> = BTreeMap::new();
        for entry in desk.ask(whole).expect("the log") {
            *there.entry((entry.act.to_string(), entry.key)).or_default() += 1;
        }
        let acknowledged = self.acknowledged.lock().expect("no panic");
        let wrong = |act: &&ActId| {
            let act = act.to_string();
            let keys = there.range((act.clone(), String::new())..);
            let mut counts = keys.take_while(|((of, _), _)| *of == act).peekable();
            counts.peek().is_none() || counts.any(|(_, count)| *count != 1)
        };
        acknowledged.iter().filter(wrong).count()
    }
}

fn some_ticket(desk: &SocketDesk, dice: &mut Dice) -> Result<String, DeskError> {
    let list = |offset, limit| {
        desk.ask(ask::List {
            filter: TicketFilter::default(),
            offset,
            limit,
        })
    };
    let total = list(0, 0)?.total;
    let page = list(dice.below(total.max(1)), 1)?;
    let id = page.rows.into_iter().find_map(|row| match row {
        Row::Ticket(ticket) => Some(ticket.id.to_string()),
        Row::Passage(_) => None,
    });
    Ok(id.unwrap_or_default())
}

fn target(id: String) -> Target {
    Target { id, base_rev: None }
}
