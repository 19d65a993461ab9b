//! A large import over the socket: in chunks, with progress and cancel, passed by annotations.
//!
//! `GONGDAN_TEST_IMPORT_MB` sets how much is imported: 20 MB else, a gigabyte to be sure.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use crossbeam_channel::Receiver;
use gongdan::api::{
    Annotate, Answer, CauseChoice, Desk, ImportOptions, ImportReport, JobState, Push, Request,
    Target, ask,
};
use gongdan::daemon::SocketDesk;
use gongdan::model::JobId;

use super::process::{Home, program};
use super::{listed, own, until, way};

/// Bytes of a chunk, as a client hands them over.
const CHUNK: usize = 1 << 20;

/// Bytes of a document: some chunks, and a bit of another.
const DOCUMENT: usize = 5 * CHUNK / 2;

/// Bytes of an import that is cancelled after its first batches.
const FEW: usize = 10 << 20;

/// Lines of a ticket's question, as where a log was pasted: some 2 kB.
const LINES: usize = 40;

/// Chunks that may be taken while an annotation is on its way: those that wait between two stages
/// of an import, and as many again where the machine has something else to do.
const PASSED: usize = 16;

fn bytes() -> usize {
    let megabytes = std::env::var("GONGDAN_TEST_IMPORT_MB");
    megabytes.map_or(20, |text| text.parse().unwrap()) << 20
}

fn connect(home: &Home) -> SocketDesk {
    SocketDesk::connect(way(own(home.path()), Some(program(home.path())))).unwrap()
}

fn write_ticket(text: &mut Vec<u8>, n: usize) {
    write!(
        text,
        "\n## 第 {n} 号实例磁盘告警\n\n**问题分类**: 云主机｜磁盘问题\n\n\
         ### 详细问题描述\n实例 i-{n} 的磁盘告警，日志如下\n"
    )
    .unwrap();
    for line in 0..LINES {
        let block = (n * 7919 + line * 104_729) % 1_000_003;
        writeln!(
            text,
            "{line:04} 块 {block:06} 读取超时，队列 {}",
            block % 64
        )
        .unwrap();
    }
    write!(
        text,
        "\n### 客服解答内容\n1. 您好，请先对 i-{n} 做快照，再更换磁盘 d-{n}。\n\n\
         ### 根本原因分析\n磁盘老化\n\n---\n"
    )
    .unwrap();
}

fn open(desk: &dyn Desk) -> JobId {
    let options = ImportOptions {
        dataset: Some("八月".to_owned()),
        articles: false,
        dry_run: false,
        no_mask: false,
        list_masks: false,
        columns: Vec::new(),
    };
    match desk.call(Request::ImportOpen(options)) {
        Ok(Answer::Job(job)) => job,
        other => panic!("{other:?}"),
    }
}

fn close(desk: &dyn Desk, job: JobId) -> ImportReport {
    match desk.call(Request::ImportClose(ask::ImportClose { job })) {
        Ok(Answer::Imported(report)) => report,
        other => panic!("{other:?}"),
    }
}

/// Hands documents over in chunks that end anywhere, also within a character; `taken` is told after
/// each, and says whether to go on. Gives the tickets of all that was handed over.
fn hand_over(desk: &dyn Desk, job: JobId, bytes: usize, mut taken: impl FnMut() -> bool) -> usize {
    let mut tickets = 0;
    for document in 0..bytes.div_ceil(DOCUMENT) {
        let mut text = "# 工单汇总\n\n---\n".as_bytes().to_vec();
        while text.len() < DOCUMENT {
            write_ticket(&mut text, tickets);
            tickets += 1;
        }
        let chunks = text.chunks(CHUNK);
        let last = chunks.len();
        for (chunk, nth) in chunks.zip(1..) {
            let data = Request::ImportData(ask::ImportData {
                job,
                file: format!("{document}.md"),
                bytes: chunk.to_vec(),
                end: nth == last,
            });
            assert_eq!(desk.call(data), Ok(Answer::Taken(())));
            if !taken() {
                return tickets;
            }
        }
    }
    tickets
}

fn tickets(desk: &dyn Desk) -> (Vec<String>, usize) {
    listed(desk, 50)
}

/// Annotates what is there until told to stop; gives how many chunks were taken meanwhile, for
/// each.
fn annotate_on(desk: &dyn Desk, chunks: &AtomicUsize, over: &AtomicBool) -> Vec<usize> {
    let mut passed = Vec::new();
    until("the first tickets are there", || {
        !tickets(desk).0.is_empty()
    });
    let (ids, _) = tickets(desk);
    let mut last = 0;
    for (n, id) in ids.iter().cycle().enumerate() {
        // One for each chunk: an agent does not annotate all the time.
        until("another chunk is taken", || {
            over.load(Ordering::SeqCst) || chunks.load(Ordering::SeqCst) > last
        });
        if over.load(Ordering::SeqCst) {
            break;
        }
        last = chunks.load(Ordering::SeqCst);
        let order = Request::Annotate(Annotate {
            targets: vec![Target {
                id: id.clone(),
                base_rev: None,
            }],
            causes: vec![CauseChoice::New(format!("原因 {}", n / ids.len() % 2))],
            note: format!("第 {n} 次"),
        });
        let before = chunks.load(Ordering::SeqCst);
        let answer = desk.call(order);
        assert!(matches!(answer, Ok(Answer::Done(_))), "{answer:?}");
        passed.push(chunks.load(Ordering::SeqCst) - before);
    }
    passed
}

/// What was told of an import, and how often everything was to be asked for again.
fn told(pushes: &Receiver<Push>, job: JobId) -> (Vec<u64>, usize) {
    let (mut steps, mut reloads) = (Vec::new(), 0);
    for push in pushes.try_iter() {
        match push {
            Push::Progress(progress) if progress.job == Some(job) => steps.push(progress.done),
            Push::Reload => reloads += 1,
            _ => {}
        }
    }
    (steps, reloads)
}

#[test]
fn annotations_pass_a_large_import_by() {
    let home = Home::new();
    let (importer, agent) = (connect(&home), connect(&home));
    let pushes = agent.subscribe();
    let (chunks, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let begun = Instant::now();
    let (job, written, handed_over, report, passed) = std::thread::scope(|scope| {
        let annotating = scope.spawn(|| annotate_on(&agent, &chunks, &over));
        let job = open(&importer);
        let written = hand_over(&importer, job, bytes(), || {
            chunks.fetch_add(1, Ordering::SeqCst);
            true
        });
        // What is left is settled without any more chunks.
        over.store(true, Ordering::SeqCst);
        let handed_over = begun.elapsed();
        let report = close(&importer, job);
        let passed = annotating.join().unwrap();
        (job, written, handed_over, report, passed)
    });
    let took = begun.elapsed();
    assert_eq!((report.new, report.cancelled), (written, false));
    assert_eq!(tickets(&agent).1, written);
    let most = passed.iter().copied().max().unwrap();
    assert!(
        most <= PASSED,
        "{most} chunks were taken before one was done"
    );
    let (steps, reloads) = told(&pushes, job);
    assert!(steps.is_sorted() && steps.len() > bytes() / (8 * CHUNK));
    // Screens are told as often as they can follow, however many batches there are.
    assert!(
        reloads as u64 <= took.as_secs() + 2,
        "{reloads} in {took:?}"
    );
    println!(
        "{} MB, {written} tickets in {} chunks: {:.1} s, handed over in {:.1} s; {} annotations, {most} chunks at most \
         before one was done; {} steps told, {reloads} reloads",
        bytes() >> 20,
        chunks.load(Ordering::SeqCst),
        took.as_secs_f64(),
        handed_over.as_secs_f64(),
        passed.len(),
        steps.len(),
    );
}

#[test]
fn an_import_that_is_cancelled_keeps_what_it_told_and_can_be_repeated() {
    let home = Home::new();
    let (importer, agent) = (connect(&home), connect(&home));
    let pushes = agent.subscribe();
    let job = open(&importer);
    let mut chunks = 0;
    hand_over(&importer, job, FEW, || {
        chunks += 1;
        chunks < 6
    });
    until("some of it is stored", || tickets(&agent).1 > 0);
    assert_eq!(
        importer.call(Request::Cancel(ask::Cancel { job })),
        Ok(Answer::Taken(()))
    );
    let report = close(&importer, job);
    assert!(report.cancelled);
    let kept = tickets(&agent).1;
    assert_eq!(kept, report.new, "what was told is what is there");
    let mut last = None;
    until("its end is told", || {
        for push in pushes.try_iter() {
            if let Push::Progress(progress) = push
                && progress.job == Some(job)
            {
                last = Some(progress.state);
            }
        }
        last == Some(JobState::Cancelled)
    });
    let again = open(&importer);
    let written = hand_over(&importer, again, FEW, || true);
    let report = close(&importer, again);
    assert_eq!((report.new, report.unchanged), (written - kept, kept));
    assert_eq!(tickets(&agent).1, written);
}
