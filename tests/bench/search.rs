//! How fast search is, on a corpus made by rule.
//!
//! `cargo bench --bench search`; `GONGDAN_BENCH_TICKETS=1000000` sets the size (20,000 else).
//! Prints the rate of indexing, the index's size against the raw text and what takes it, and p50,
//! p99 and worst of every kind of question. `GONGDAN_BENCH_SLOW=1` names the slowest ones.
//!
//! Times are those of the clock: on a busy machine they measure its load.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod corpus;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use corpus::{Corpus, Dice, raw};
use gongdan::model::{Sequence, TicketFilter};
use gongdan::search::{Document, Lexicon, Search};

/// Documents put at once, as an import does.
const BATCH: u32 = 1_600;

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
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (search, _) = Search::open(dir.path(), [1; 16], &Lexicon::default()).expect("an index");
    build(&corpus, &search, tickets);
    rooms(dir.path());
    questions(&corpus, &search);
    change(&corpus, &search);
}

fn build(corpus: &Corpus, search: &Search, tickets: u32) {
    search.segment("证书");
    let mut bytes = 0;
    let mut spent = Duration::ZERO;
    for first in (0..tickets).step_by(BATCH as usize) {
        let batch: Vec<Document> = (first..tickets.min(first + BATCH))
            .map(|number| corpus.ticket(number))
            .collect();
        bytes += batch.iter().map(raw).sum::<usize>();
        let start = Instant::now();
        search.put(&batch).expect("documents are taken");
        spent += start.elapsed();
    }
    let start = Instant::now();
    search.commit(Sequence(1)).expect("a commit");
    search.flush().expect("a commit");
    spent += start.elapsed();
    let rate = f64::from(tickets) / spent.as_secs_f64();
    let size = search.size_on_disk() as f64;
    println!(
        "{tickets} tickets, {:.0} B each; indexed in {:.1} s: {rate:.0}/s; index {:.0} MB = {:.2} x raw",
        bytes as f64 / f64::from(tickets),
        spent.as_secs_f64(),
        size / 1e6,
        size / bytes as f64
    );
}

/// What takes how much of the index, by field and kind of file.
fn rooms(dir: &Path) {
    let index = std::fs::read_dir(dir)
        .expect("the index's directory")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.is_dir())
        .expect("an index");
    let index = tantivy::Index::open_in_dir(index).expect("an index");
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

fn questions(corpus: &Corpus, search: &Search) {
    let filter = TicketFilter::default();
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
    println!(
        "\n{:<28} {:>5} {:>8} {:>8} {:>8}",
        "", "n", "p50 ms", "p99 ms", "worst"
    );
    let title = corpus.text(&mut dice, 12);
    let body = corpus.text(&mut dice, 400);
    measure("keystroke, 50 rows", &strokes, |query| {
        search.find(query, &filter, 50).expect("an answer");
    });
    measure("counts for the tree", &strokes, |query| {
        search.counts(query, &filter).expect("an answer");
    });
    measure("50 rows marked", &strokes, |query| {
        let light = search.highlighter(query);
        for _ in 0..50 {
            light.marks(&title);
            light.snippet(&[&body], 160);
        }
    });
    let phrases: Vec<String> = (0..60)
        .map(|_| format!("\"{}{}\"", corpus.word(&mut dice), corpus.word(&mut dice)))
        .collect();
    measure("phrases", &phrases, |query| {
        search.find(query, &filter, 50).expect("an answer");
    });
    let long: Vec<String> = (0..60).map(|_| corpus.text(&mut dice, 500)).collect();
    measure("similar, 500 characters", &long, |text| {
        search
            .similar(text, &|_| None, None, 50)
            .expect("an answer");
    });
}

fn measure(name: &str, queries: &[String], ask: impl Fn(&str)) {
    for query in queries.iter().take(20) {
        ask(query);
    }
    let mut times: Vec<(Duration, &str)> = queries
        .iter()
        .map(|query| {
            let start = Instant::now();
            ask(query);
            (start.elapsed(), query.as_str())
        })
        .collect();
    times.sort();
    let at = |share: f64| {
        times[((times.len() - 1) as f64 * share) as usize]
            .0
            .as_secs_f64()
            * 1e3
    };
    println!(
        "{name:<28} {:>5} {:>8.2} {:>8.2} {:>8.2}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    if std::env::var_os("GONGDAN_BENCH_SLOW").is_some() {
        for (time, query) in times.iter().rev().take(8) {
            let query: String = query.chars().take(30).collect();
            println!("    {:>8.2} {query:?}", time.as_secs_f64() * 1e3);
        }
    }
}

/// How soon a changed ticket is findable.
fn change(corpus: &Corpus, search: &Search) {
    let mut times = Vec::new();
    for n in 0..20 {
        let mut document = corpus.ticket(n);
        document.title = format!("改动{n} zzq{n}x");
        let start = Instant::now();
        search.put(&[document]).expect("a document is taken");
        search.flush().expect("a commit");
        times.push(start.elapsed());
    }
    times.sort();
    println!(
        "{:<28} {:>5} {:>8.2} {:>8} {:>8.2}",
        "a change findable",
        times.len(),
        times[times.len() / 2].as_secs_f64() * 1e3,
        "",
        times[times.len() - 1].as_secs_f64() * 1e3
    );
}
