//! Requests, answers and pushes, and clients that behave badly.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gongdan::api::{
    Answer, Data, Desk, DeskError, ErrorCode, ImportOptions, Push, Request, TicketOrArticle, ask,
};
use gongdan::model::JobId;
use serde_json::json;

use super::fake::BIG;
use super::{Daemon, LONG, Raw, agent, connect, note, show, temp, until};

/// Answers that a client with 32 threads may get before another client gets its one.
const PASSED: usize = 64;

#[test]
fn a_client_is_known_by_the_kernels_word_and_its_session() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let desk = connect(dir.path());
    let uid = rustix::process::getuid().as_raw();
    assert_eq!(agent(&desk), format!("{uid}/-/s1"));
    let _second = connect(dir.path());
    let Answer::Status(status) = desk.call(Request::Status(ask::Status)).unwrap() else {
        panic!()
    };
    assert_eq!(status.clients, 2);
}

#[test]
fn a_long_question_does_not_hold_up_a_short_one_of_the_same_client() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let desk = Arc::new(connect(dir.path()));
    let waiting = {
        let desk = Arc::clone(&desk);
        std::thread::spawn(move || desk.call(show("wait")))
    };
    until("the question is asked", || daemon.world.waiting() == 1);
    agent(desk.as_ref());
    daemon.world.open_gate();
    assert!(waiting.join().unwrap().is_ok());
}

#[test]
fn twenty_megabytes_go_through_in_one_answer() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let Ok(Answer::Shown(TicketOrArticle::Article(article))) =
        connect(dir.path()).call(show("big"))
    else {
        panic!()
    };
    assert_eq!(article.passages[0].text.len(), BIG / 3 * 3);
}

#[test]
fn bytes_arrive_as_they_were_sent_in_both_directions() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let desk = connect(dir.path());
    let Ok(Answer::Job(job)) = desk.call(import()) else {
        panic!()
    };
    let data = Request::ImportData(ask::ImportData {
        job,
        file: "七月.md".into(),
        bytes: vec![0xab; 1 << 20],
        end: true,
    });
    assert_eq!(desk.call(data), Ok(Answer::Taken(())));
    let Ok(Answer::Job(job)) = desk.call(Request::Backup(ask::Backup)) else {
        panic!()
    };
    let Ok(Answer::Data(Data { bytes, end: true })) =
        desk.call(Request::ReadData(ask::ReadData { job }))
    else {
        panic!()
    };
    assert_eq!(bytes, vec![0xff; 1 << 20]);
}

#[test]
fn a_refusal_keeps_its_code_and_values() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let error = connect(dir.path()).call(show("k7q2md")).unwrap_err();
    assert_eq!(
        error,
        DeskError::UnknownId {
            id: "k7q2md".to_owned()
        }
    );
}

#[test]
fn a_fault_in_one_request_is_an_answer_to_that_request_only() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let desk = connect(dir.path());
    let error = desk.call(show("panic")).unwrap_err();
    assert!(
        matches!(&error, DeskError::Bug { detail } if detail.contains("a fault in one request")),
        "{error}"
    );
    agent(&desk);
}

#[test]
fn whoever_sends_rubbish_loses_its_own_connection_only() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let decent = connect(dir.path());
    let oversized = {
        let mut bytes = (9u32 << 20).to_be_bytes().to_vec();
        bytes.extend([0; 64]);
        bytes
    };
    let unknown = super::frame(&json!({"sing": "a song"}));
    for rubbish in [b"GET / HTTP/1.1\r\n\r\n".to_vec(), oversized, unknown] {
        let mut raw = Raw::knock(&daemon.socket);
        raw.0.write_all(&rubbish).unwrap();
        assert!(raw.hung_up(), "before the greeting: {rubbish:?}");
        let mut raw = Raw::session(&daemon.socket);
        raw.0.write_all(&rubbish).unwrap();
        assert!(raw.hung_up(), "after the greeting: {rubbish:?}");
        agent(&decent);
    }
}

#[test]
fn a_frame_that_never_ends_holds_nobody_up() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let mut raw = Raw::session(&daemon.socket);
    let whole = super::frame(&json!({"call": {"n": 1, "request": {"status": null}}}));
    raw.0.write_all(&whole[..whole.len() - 1]).unwrap();
    agent(&connect(dir.path()));
    raw.0.write_all(&whole[whole.len() - 1..]).unwrap();
    assert_eq!(raw.receive().unwrap()["answer"]["n"], 1);
}

#[test]
fn a_client_that_does_not_read_holds_up_nobody_but_itself() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let mut slow = Raw::session(&daemon.socket);
    slow.send(&json!({"subscribe": {"n": 1}}));
    assert_eq!(slow.receive().unwrap()["answer"]["n"], 1);
    // More than its outbox and its socket hold.
    for n in 2..6 {
        slow.send(&json!({"call": {"n": n, "request": {"show": {"id": "big"}}}}));
    }
    let desk = connect(dir.path());
    let pushes = desk.subscribe();
    for n in 0..1000 {
        desk.call(note(&n.to_string())).unwrap();
        assert!(matches!(
            pushes.recv_timeout(LONG).unwrap(),
            Push::Changed(_)
        ));
    }
    let (mut answers, mut resyncs, mut changes) = (0, 0, 0);
    // What was pushed before the overflow, a resync, and the newest after it.
    while answers < 4 || resyncs == 0 {
        let said = slow.receive().unwrap();
        answers += usize::from(said.get("answer").is_some());
        resyncs += usize::from(said["push"] == "resync");
        changes += usize::from(said["push"].get("changed").is_some());
    }
    assert!(changes < 1000, "a thousand pushes were kept");
    assert!(resyncs < 10, "told {resyncs} times to ask again");
}

#[test]
fn a_flood_from_one_client_leaves_the_others_their_answers() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let flood = Arc::new(connect(dir.path()));
    let (over, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let flooding: Vec<_> = (0..32)
        .map(|_| {
            let (flood, over, asked) = (flood.clone(), over.clone(), asked.clone());
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    agent(flood.as_ref());
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let desk = connect(dir.path());
    until("the flood has begun", || {
        asked.load(Ordering::Relaxed) > 100
    });
    let passed = (0..50).map(|_| {
        let before = asked.load(Ordering::Relaxed);
        agent(&desk);
        asked.load(Ordering::Relaxed) - before
    });
    let mut passed: Vec<usize> = passed.collect();
    passed.sort_unstable();
    let usual = passed[passed.len() / 2];
    assert!(
        usual <= PASSED,
        "{usual} answers to the flood before one to another"
    );
    over.store(true, Ordering::Relaxed);
    for asking in flooding {
        asking.join().unwrap();
    }
}

#[test]
fn a_job_belongs_to_whoever_began_it() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let (mine, theirs) = (connect(dir.path()), connect(dir.path()));
    let Ok(Answer::Job(job)) = mine.call(Request::Backup(ask::Backup)) else {
        panic!()
    };
    let stolen = theirs
        .call(Request::ReadData(ask::ReadData { job }))
        .unwrap_err();
    assert_eq!(stolen.code(), ErrorCode::UnknownJob);
    assert!(mine.call(Request::ReadData(ask::ReadData { job })).is_ok());
}

#[test]
fn work_that_nobody_can_end_any_more_is_cancelled() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let desk = connect(dir.path());
    desk.call(import()).unwrap();
    drop(desk);
    until("the import is cancelled", || {
        *daemon.world.cancelled.lock().unwrap() == [JobId(7)]
    });
}

#[test]
fn a_change_made_elsewhere_is_pushed() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let (mine, theirs) = (connect(dir.path()), connect(dir.path()));
    let heard = theirs.subscribe();
    mine.call(note("x")).unwrap();
    assert!(matches!(
        heard.recv_timeout(LONG).unwrap(),
        Push::Changed(_)
    ));
}

fn import() -> Request {
    Request::ImportOpen(ImportOptions {
        dataset: None,
        articles: false,
        dry_run: false,
        no_mask: false,
        list_masks: false,
        columns: Vec::new(),
    })
}
