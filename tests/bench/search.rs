//! How fast search is, on a corpus made by rule.
//!
//! `cargo bench --bench search`; `GONGDAN_BENCH_TICKETS=1000000` sets the size (20,000 else).
//! `GONGDAN_BENCH_DIR=DIR` keeps the imported data there, and uses what an earlier run left;
//! a directory that exists and is empty is refused.
//! `GONGDAN_BENCH_SLOW=1` names the slowest questions. `GONGDAN_BENCH_ONLY=strokes` leaves the
//! import and the comparison with the bare index out.
//!
//! Printed are the rate of an import from Markdown to findable, beside the rate at which the bare
//! index library takes the same fields, made on the same processors and ready-made; sizes; and
//! p50, p99 and worst of every kind of question. A *stroke* is what one key costs at the desk: rows
//! with highlights and the counts of the category tree.
//!
//! Times are those of the clock: on a busy machine they measure its load. Processor seconds do so
//! less: other programs only spoil the caches. How soon the workbench is there: the bench `start`.
//!
//! # Growth
//!
//! 2 cores, nothing else running; tickets of 1,173 B.
//!
//! | tickets | import, clock | import, processors | most memory | index, merged | store |
//! |---|---|---|---|---|---|
//! | 100,000 | 13.8 s (7,248/s) | 26.9 s (.27 ms each) | 545 MB | 151 MB (1.29 x raw text) | 120 MB |
//! | 1,000,000 | 140.0 s (7,143/s) | 275.2 s (.28 ms each) | 839 MB | 1,499 MB (1.28 x) | 1,137 MB |
//!
//! The bare library takes 14,216 tickets/s of ready-made fields. When their analysis runs on the same
//! processors it takes 9,283/s, a million in 107.7 s: an import takes 1.30 times as long as that, and
//! twice as long as with ready-made fields. At 100,000 three runs gave 1.26, 1.26 and 1.34. Of an
//! import's processor time the library has a little more than half, analysis a fifth, reading,
//! masking and storing a sixth.
//!
//! Questions, each the first time it is asked (p50, p99, worst in ms):
//!
//! | | 100,000 | 1,000,000 |
//! |---|---|---|
//! | a stroke | 2.4, 5.0, 12.0 | 3.3, 10.3, 13.0 |
//! | its rows | 2.2, 4.4, 5.4 | 3.0, 6.2, 7.3 |
//! | its counts | .2, 1.8, 2.6 | .4, 2.5, 5.1 |
//! | phrases of common words | 1.2, 6.0, 7.6 | 1.3, 7.8, 9.3 |
//! | similar, 500 characters | 9.7, 14.8, 14.8 | 15.9, 23.1, 23.6 |
//! | a change is findable after | 36, 54, 55 | 30, 42, 44 |
//!
//! At 10,000,000, by what grew between these: store 12 GB, index 15 GB, import 24 minutes. What
//! rows cost hardly grows, because of very common words only the best titles and the last tickets
//! are looked at; lists of common words are ten times as long, and so are counts (4 ms, 24 at
//! p99), which read them whole: a stroke then takes 7 ms, 35 at p99, and `similar` 30 to 40, whose
//! postings are limited.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod bare;
mod clock;
mod corpus;
mod feed;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bare::Bare;
use clock::{Clock, measure, memory};
use corpus::{Corpus, Dice};
use feed::Feed;
use gongdan::api::{Answer, Desk, Recategorise, Request, SimilarTo, Target, ask};
use gongdan::desk::LocalDesk;
use gongdan::model::{Category, TicketFilter};

/// Tickets of one file of an import.
const FILE: u32 = 10_000;

/// Rows of an answer.
const ROWS: usize = 50;

/// Queries typed letter by letter beside those drawn from the corpus.
const TYPED: [&str; 14] = [
    "index",
    "1080p",
    "iphone",
    "https证书",
    "cdn 加速",
    "证书过期怎么处理",
    "对象存储 上传失败",
    "qshell登录",
    "zhengshu",
    "域名解析不生效",
    "退款",
    "403",
    "img12.example.com",
    "账号 注销",
];

fn main() {
    let tickets: u32 = std::env::var("GONGDAN_BENCH_TICKETS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_000);
    let corpus = Corpus::new();
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let kept = std::env::var_os("GONGDAN_BENCH_DIR").map(PathBuf::from);
    let dir = kept.unwrap_or_else(|| scratch.path().join("data"));
    let there = dir.exists();
    if there && std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_none()) {
        // Taken for what an earlier run left, it would be measured as an empty store.
        let dir = dir.display();
        panic!("{dir} is empty: name what an earlier run filled, or what does not exist");
    }
    let start = Instant::now();
    let desk = feed::desk(&dir);
    println!(
        "desk opened in {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    let all = std::env::var("GONGDAN_BENCH_ONLY").is_err();
    let bare = all.then(|| bare::measure(&corpus, tickets));
    if !there {
        import(&corpus, &desk, tickets, bare);
        let clock = Clock::start();
        feed::settled(&dir);
        println!("merged after {:.1} s", clock.stop().clock);
    }
    rooms(&dir);
    questions(&corpus, &desk);
    change(&desk);
}

/// Imports Markdown until it is findable; what making it costs is not counted.
fn import(corpus: &Corpus, desk: &LocalDesk, tickets: u32, bare: Option<Bare>) {
    let written = tempfile::tempdir().expect("a temporary directory");
    let (files, raw) = write(corpus, written.path(), tickets);
    let (mut bytes, mut most) = (0, 0);
    let clock = Clock::start();
    let feed = Feed::open(desk);
    for path in files {
        let text = std::fs::read(&path).expect("a document");
        bytes += text.len();
        let file = path.file_name().expect("a name").to_string_lossy();
        feed.give(&file, &text, || most = most.max(memory("RssAnon:")));
    }
    let report = feed.close();
    let spent = clock.stop();
    most = most.max(memory("RssAnon:"));
    let rate = f64::from(tickets) / spent.clock;
    println!(
        "import: {} of {tickets} tickets new, {:.0} B each; {:.1} s = {rate:.0}/s; processors {:.1} s; \
         memory {most} MB, with mapped files {} MB",
        report.new,
        raw as f64 / f64::from(tickets),
        spent.clock,
        spent.processors,
        memory("VmHWM:"),
    );
    if let Some(bare) = bare {
        let each = spent.clock / f64::from(tickets);
        println!(
            "import = {:.2} x the bare index, {:.2} x the bare index with analysis",
            each / bare.ready_made,
            each / bare.analysed
        );
    }
    let Ok(Answer::Status(status)) = desk.call(Request::Status(ask::Status)) else {
        panic!("a status");
    };
    let dir = PathBuf::from(status.data_dir);
    let (index, all) = (size(&dir.join("index")), size(&dir));
    println!(
        "index {:.0} MB = {:.2} x raw text; store {:.0} MB = {:.2} x; Markdown {:.0} MB",
        index as f64 / 1e6,
        index as f64 / raw as f64,
        (all - index) as f64 / 1e6,
        (all - index) as f64 / raw as f64,
        bytes as f64 / 1e6,
    );
}

/// Writes documents into a folder; their paths, and the bytes of the tickets' text.
fn write(corpus: &Corpus, dir: &Path, tickets: u32) -> (Vec<PathBuf>, usize) {
    let mut raw = 0;
    let files = (0..tickets).step_by(FILE as usize).map(|first| {
        let mut text = format!("# 工单 {first}\n\n---\n\n");
        for number in first..tickets.min(first + FILE) {
            let case = corpus.case(number);
            raw += case.raw();
            case.write(&mut text);
        }
        let path = dir.join(format!("{first:08}.md"));
        std::fs::write(&path, text).expect("a document");
        path
    });
    (files.collect(), raw)
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

/// What takes how much of the index, by field and kind of file.
fn rooms(dir: &Path) {
    let index = tantivy::Index::open_in_dir(feed::index(dir)).expect("an index");
    let usage = index.reader().expect("a reader").searcher().space_usage();
    let usage = usage.expect("the files' sizes");
    let mut rooms: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    for segment in usage.segments() {
        let kinds = [
            segment.termdict(),
            segment.postings(),
            segment.positions(),
            segment.fieldnorms(),
            segment.fast_fields(),
        ];
        for (at, kind) in kinds.into_iter().enumerate() {
            for field in kind.fields() {
                let room = rooms.entry(field.field_name().to_owned()).or_default();
                room[at] += field.total().get_bytes();
            }
        }
        rooms.entry("(store)".to_owned()).or_default()[1] += segment.store().total().get_bytes();
    }
    println!(
        "\n{:<12} {:>9} {:>9} {:>9} {:>9} {:>9}  kB in {} segments",
        "field",
        "words",
        "postings",
        "positions",
        "lengths",
        "columns",
        usage.segments().len()
    );
    for (field, room) in rooms {
        let [a, b, c, d, e] = room.map(|bytes| bytes / 1_000);
        println!("{field:<12} {a:>9} {b:>9} {c:>9} {d:>9} {e:>9}");
    }
}

fn questions(corpus: &Corpus, desk: &LocalDesk) {
    let mut dice = Dice::new(77);
    let mut typed: Vec<String> = TYPED.iter().map(|text| (*text).to_owned()).collect();
    for _ in 0..40 {
        let words: Vec<&str> = (0..1 + dice.below(3))
            .map(|_| corpus.word(&mut dice))
            .collect();
        typed.push(words.join(" "));
    }
    let mut strokes: Vec<String> = Vec::new();
    for text in &typed {
        let chars: Vec<char> = text.chars().collect();
        strokes.extend((1..=chars.len()).map(|end| chars[..end].iter().collect::<String>()));
    }
    // The first key can be any letter, digit or common character.
    strokes.extend(('a'..='z').chain('0'..='9').map(String::from));
    strokes.extend("我的一不在问请有证书上域".chars().map(String::from));
    table::heading("at the desk");
    measure("stroke: 50 rows and counts", &strokes, |query| {
        search(desk, query);
        tree(desk, query);
    });
    measure("  rows alone", &strokes, |query| search(desk, query));
    measure("  counts alone", &strokes, |query| tree(desk, query));
    let phrases: Vec<String> = (0..60)
        .map(|_| format!("\"{}{}\"", corpus.word(&mut dice), corpus.word(&mut dice)))
        .collect();
    measure("phrases", &phrases, |query| search(desk, query));
    let long: Vec<String> = (0..60).map(|_| corpus.text(&mut dice, 500)).collect();
    measure("similar, 500 characters", &long, |text| {
        let to = SimilarTo::Text(text.to_owned());
        let request = Request::Similar(ask::Similar { to, limit: ROWS });
        desk.call(request).expect("an answer");
    });
}

fn search(desk: &LocalDesk, query: &str) {
    let request = Request::Search(ask::Search {
        query: query.to_owned(),
        filter: TicketFilter::default(),
        limit: ROWS,
    });
    desk.call(request).expect("an answer");
}

fn tree(desk: &LocalDesk, query: &str) {
    let request = Request::Tree(ask::Tree {
        query: query.to_owned(),
        filter: TicketFilter::default(),
    });
    desk.call(request).expect("an answer");
}

/// How soon a changed ticket is findable after the change was acknowledged.
fn change(desk: &LocalDesk) {
    let request = Request::List(ask::List {
        filter: TicketFilter::default(),
        offset: 0,
        limit: 40,
    });
    let Ok(Answer::Page(page)) = desk.call(request) else {
        panic!("a list");
    };
    let mut times = Vec::new();
    for (nth, row) in page.rows.iter().enumerate() {
        let gongdan::api::Row::Ticket(row) = row else {
            continue;
        };
        let name = format!("新类zq{nth}{}", std::process::id());
        let change = Recategorise {
            targets: vec![Target {
                id: row.id.to_string(),
                base_rev: None,
            }],
            category: Some(Category {
                product: name.clone(),
                issue_type: String::new(),
            }),
            note: String::new(),
        };
        desk.call(Request::Recategorise(change)).expect("a change");
        let start = Instant::now();
        loop {
            let request = Request::Search(ask::Search {
                query: format!("类:{name}"),
                filter: TicketFilter::default(),
                limit: 1,
            });
            let Ok(Answer::Found(found)) = desk.call(request) else {
                panic!("an answer");
            };
            if found.notes.is_empty() && found.total > 0 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        times.push((start.elapsed(), ""));
    }
    table::print("a change is findable after", times);
}
