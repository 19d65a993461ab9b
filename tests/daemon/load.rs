//! Many agents at one daemon, who type, read, think and annotate as people do.
//!
//! `cargo test --release --test gongdan daemon::load -- --ignored --nocapture`, sized by
//! `GONGDAN_LOAD_TICKETS`, `GONGDAN_LOAD_SESSIONS` and `GONGDAN_LOAD_SECONDS`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gongdan::daemon::SocketDesk;
use gongdan::desk::api::{Annotate, CauseChoice, Doing, ImportOptions, Row, Target, TicketRow};
use gongdan::desk::{Answer, Desk, Push, Request};
use gongdan::model::TicketFilter;

use super::process::{Home, program};
use super::{own, way};

/// Words that tickets and questions are made of.
const PRODUCTS: [&str; 6] = ["CDN", "对象存储", "云主机", "短信", "域名", "直播"];
const THINGS: [&str; 10] = [
    "证书", "回源", "缓存", "带宽", "账单", "权限", "快照", "签名", "解析", "推流",
];
const TROUBLES: [&str; 10] = [
    "一直处理中",
    "突然升高",
    "无法登录",
    "提示过期",
    "没有生效",
    "配置失败",
    "返回错误",
    "被拒绝",
    "重复扣费",
    "延迟很大",
];
const CAUSES: [&str; 4] = [
    "证书部署异常",
    "缓存规则未配置",
    "权限未授予",
    "解析记录错误",
];

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }

    /// Sleeps as long as a person thinks or types.
    fn think(&mut self, from: u64, to: u64) {
        let span = usize::try_from(to - from).unwrap();
        std::thread::sleep(Duration::from_millis(from + self.roll(span) as u64));
    }
}

fn document(dice: &mut Dice, from: usize, count: usize) -> String {
    let mut text = String::from("# 工单汇总\n\n---\n");
    for n in from..from + count {
        let (product, thing, trouble) = (dice.of(&PRODUCTS), dice.of(&THINGS), dice.of(&TROUBLES));
        let (other, cause) = (dice.of(&THINGS), dice.of(&CAUSES));
        write!(
            text,
            "\n## {product}{thing}{trouble}\n\n**问题分类**: {product}｜{thing}问题\n\n\
             ### 详细问题描述\n站点 s{n}.example.com 的{thing}{trouble}，{other}也看过，没有变化。\n\n\
             ### 客服解答内容\n1. 您好，请提供一下 s{n}.example.com 的请求编号。\n\
             2. 您好，{thing}需要重新配置，{other}保持不变，十分钟后生效。\n\n\
             ### 根本原因分析\n{cause}\n\n---\n"
        )
        .unwrap();
    }
    text
}

fn import(desk: &dyn Desk, tickets: usize) {
    let options = ImportOptions {
        dataset: Some("load".to_owned()),
        articles: false,
        dry_run: false,
        no_mask: false,
        list_masks: false,
    };
    let Ok(Answer::Job(job)) = desk.call(Request::ImportOpen(options)) else {
        panic!()
    };
    let mut dice = Dice(1);
    for from in (0..tickets).step_by(1000) {
        let text = document(&mut dice, from, 1000.min(tickets - from));
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(1 << 20).collect();
        for (at, piece) in pieces.iter().enumerate() {
            desk.call(Request::ImportData {
                job,
                file: format!("{from}.md"),
                bytes: piece.to_vec(),
                end: at + 1 == pieces.len(),
            })
            .unwrap();
        }
    }
    let Ok(Answer::Imported(report)) = desk.call(Request::ImportClose { job }) else {
        panic!()
    };
    assert_eq!(report.tickets, tickets);
}

/// What one agent saw.
#[derive(Default)]
struct Seen {
    took: BTreeMap<&'static str, Vec<Duration>>,
    acknowledged: Vec<String>,
    conflicts: usize,
    pushes: BTreeMap<&'static str, usize>,
}

impl Seen {
    fn timed(&mut self, what: &'static str, desk: &dyn Desk, request: Request) -> Answer {
        let begun = Instant::now();
        let answer = desk.call(request).unwrap();
        self.took.entry(what).or_default().push(begun.elapsed());
        answer
    }
}

/// Takes pushes as they come, as a screen does, and counts them by what they tell.
fn listen(desk: &dyn Desk) -> JoinHandle<BTreeMap<&'static str, usize>> {
    let pushes = desk.subscribe();
    std::thread::spawn(move || {
        let mut heard = BTreeMap::new();
        for push in pushes {
            let what = match push {
                Push::Changed(_) => "changed",
                Push::Part(_) => "part",
                Push::Reload => "reload",
                Push::Progress(_) => "progress",
                Push::Present(_) => "present",
                Push::Resync => "resync",
            };
            *heard.entry(what).or_default() += 1;
        }
        heard
    })
}

/// One agent's day at a desk of its own.
fn agent(desk: SocketDesk, agent: usize, until: Instant) -> Seen {
    let listening = listen(&desk);
    let mut seen = work(&desk, agent, until);
    drop(desk);
    seen.pushes = listening.join().unwrap();
    seen
}

/// One agent's work: type a question letter by letter, open a hit, now and then annotate it.
fn work(desk: &dyn Desk, agent: usize, until: Instant) -> Seen {
    let mut dice = Dice(agent as u64 + 7);
    let mut seen = Seen::default();
    dice.think(0, 3000);
    while Instant::now() < until {
        let question = format!("{} {}", dice.of(&THINGS), dice.of(&TROUBLES));
        let mut typed = String::new();
        let mut hits = Vec::new();
        for letter in question.chars() {
            typed.push(letter);
            let search = Request::Search {
                query: typed.clone(),
                filter: TicketFilter::default(),
                limit: 50,
            };
            if let Answer::Found(found) = seen.timed("search", desk, search) {
                hits = found.rows;
            }
            dice.think(80, 250);
        }
        dice.think(500, 2000);
        let Some(Row::Ticket(row)) = hits.into_iter().next() else {
            continue;
        };
        let show = Request::Show {
            id: row.id.to_string(),
        };
        seen.timed("show", desk, show);
        let reads = Request::Attend {
            id: Some(row.id.to_string()),
            doing: Doing::Reads,
        };
        seen.timed("attend", desk, reads);
        dice.think(1000, 4000);
        if dice.roll(3) == 0 {
            let note = format!("{agent} {}", seen.acknowledged.len());
            annotate(&mut seen, desk, &row, dice.of(&CAUSES), note);
        }
    }
    seen
}

fn annotate(seen: &mut Seen, desk: &dyn Desk, row: &TicketRow, cause: &str, note: String) {
    let order = Request::Annotate(Annotate {
        targets: vec![Target {
            id: row.id.to_string(),
            base_rev: Some(row.revision),
        }],
        causes: vec![CauseChoice::New(cause.to_owned())],
        note: note.clone(),
    });
    if let Answer::Done(done) = seen.timed("annotate", desk, order) {
        seen.conflicts += done.conflicts.len();
        if !done.entries.is_empty() {
            seen.acknowledged.push(note);
        }
    }
}

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// Kibibytes of memory a process holds.
fn memory(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
#[ignore = "a load of minutes, for a quiet machine"]
fn agents_at_one_daemon_are_answered_and_nothing_is_lost() {
    let tickets = size("GONGDAN_LOAD_TICKETS", 100_000);
    let sessions = size("GONGDAN_LOAD_SESSIONS", 200);
    let seconds = size("GONGDAN_LOAD_SECONDS", 60);
    let home = Home::new();
    let start = || -> SocketDesk {
        SocketDesk::connect(way(own(home.path()), Some(program(home.path())))).unwrap()
    };
    let desk = start();
    let begun = Instant::now();
    import(&desk, tickets);
    desk.call(Request::CatchUp).unwrap();
    println!("{tickets} tickets imported in {:?}", begun.elapsed());
    let pid = desk.daemon().pid;
    let before = memory(pid);
    let until = Instant::now() + Duration::from_secs(seconds as u64);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let agents: Vec<_> = (0..sessions)
            .map(|agent| {
                let start = &start;
                scope.spawn(move || self::agent(start(), agent, until))
            })
            .collect();
        agents.into_iter().map(|a| a.join().unwrap()).collect()
    });
    println!(
        "{sessions} sessions, {seconds} s; daemon {} → {} MiB",
        before / 1024,
        memory(pid) / 1024
    );
    let mut took: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (what, times) in seen.iter().flat_map(|seen| &seen.took) {
        took.entry(what).or_default().extend(times);
    }
    for (what, times) in &mut took {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        let (p50, p99, worst) = (at(50), at(99), at(100));
        println!(
            "{what}: {} · p50 {p50:?} p99 {p99:?} worst {worst:?}",
            times.len()
        );
    }
    let mut heard: BTreeMap<&str, usize> = BTreeMap::new();
    for (what, count) in seen.iter().flat_map(|seen| &seen.pushes) {
        *heard.entry(what).or_default() += count;
    }
    println!("pushes: {heard:?}");
    assert_eq!(heard.get("resync"), None, "a client that reads was behind");
    assert_nothing_lost(&desk, &seen);
}

fn assert_nothing_lost(desk: &dyn Desk, seen: &[Seen]) {
    let log = Request::Log {
        id: None,
        limit: usize::MAX,
    };
    let Ok(Answer::Log(entries)) = desk.call(log) else {
        panic!()
    };
    let found: BTreeSet<&str> = entries.iter().map(|entry| entry.note.as_str()).collect();
    let acknowledged = seen.iter().flat_map(|seen| &seen.acknowledged);
    let lost = acknowledged
        .filter(|note| !found.contains(note.as_str()))
        .count();
    assert_eq!(lost, 0);
    let told: usize = seen.iter().map(|seen| seen.conflicts).sum();
    let Ok(Answer::Conflicts(kept)) = desk.call(Request::Conflicts) else {
        panic!()
    };
    println!("{told} collisions, each told once");
    assert_eq!(told, kept.len(), "one conflict for every collision");
}

#[test]
#[ignore = "measures, for a quiet machine"]
fn the_way_through_the_socket_is_short() {
    let dir = super::temp();
    let _daemon = super::Daemon::start(dir.path());
    let desk = super::connect(dir.path());
    let mut times: Vec<Duration> = (0..5000)
        .map(|_| {
            let begun = Instant::now();
            super::agent(&desk);
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "there and back: p50 {:?} p99 {:?}",
        times[2500], times[4950]
    );
    assert!(times[2500] < Duration::from_millis(5));
}
