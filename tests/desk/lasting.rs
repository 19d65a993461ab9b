//! What was found in the tickets lasts from one process to the next.

use std::time::{Duration, Instant};

use gongdan::api::{Desk, JobState, Push, ReplyRow, Request, ask};
use gongdan::desk::LocalDesk;
use gongdan::model::{Setting, TicketFilter};

use super::answering::{analysed, document, replies};
use super::{done, identity, import};

/// The replies that a new process gives, and how many tickets it read for them.
fn reopened(dir: &std::path::Path) -> (Vec<ReplyRow>, u64) {
    let desk = LocalDesk::open(dir, identity("林", "b")).unwrap();
    let heard = desk.subscribe();
    analysed(&desk);
    let read = heard.try_iter().filter_map(|push| match push {
        Push::Progress(p) if p.what == "insight" && p.state == JobState::Running => Some(p.done),
        _ => None,
    });
    let read = read.max().unwrap_or_default();
    (replies(&desk, "", true), read)
}

#[test]
fn the_next_process_begins_with_what_the_last_one_found() {
    let dir = tempfile::tempdir().unwrap();
    let desk = LocalDesk::open(dir.path(), identity("林", "a")).unwrap();
    import(&desk, "team", "a.md", &document());
    analysed(&desk);
    let found = replies(&desk, "", true);
    drop(desk);
    assert_eq!(reopened(dir.path()), (found.clone(), 0));
    // A change that the file does not know is caught up with, and nothing else is read again.
    let desk = LocalDesk::open(dir.path(), identity("林", "c")).unwrap();
    let more = document()
        .replace("apple", "quince")
        .replace("更换证书后", "换了证书后");
    import(&desk, "more", "b.md", &more);
    drop(desk);
    let (now, read) = reopened(dir.path());
    assert_eq!(read, 0, "only what changed is read");
    let tickets = |rows: &[ReplyRow]| rows.iter().map(|row| row.tickets).max();
    assert!(tickets(&now) > tickets(&found), "{now:?}");
    // Damage is noticed, and costs time only.
    let file = dir.path().join("insight.bin");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let (again, read) = reopened(dir.path());
    assert!(read > 0, "all are read again");
    assert_eq!(again, now);
}

#[test]
fn an_analysis_cut_short_is_done_again_and_never_taken_for_the_whole() {
    let dir = tempfile::tempdir().unwrap();
    let desk = LocalDesk::open(dir.path(), identity("林", "a")).unwrap();
    // Whoever listens begins the analysis; the process ends while it is at it.
    drop(desk.subscribe());
    import(&desk, "team", "a.md", &document());
    drop(desk);
    let (found, _) = reopened(dir.path());
    assert!(!found.is_empty());
}

#[test]
fn who_asks_before_the_words_are_there_is_told_when_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let desk = LocalDesk::open(dir.path(), identity("林", "a")).unwrap();
    import(&desk, "team", "a.md", &document());
    // A dictionary of the team's own is loaded anew by each process.
    done(desk.call(Request::SetSetting(ask::SetSetting {
        setting: Setting::Words,
        value: Some("[\"云舟盘\"]".to_owned()),
        base_rev: None,
    })))
    .unwrap();
    desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
    drop(desk);
    let desk = LocalDesk::open(dir.path(), identity("林", "b")).unwrap();
    let heard = desk.subscribe();
    let search = || {
        let request = Request::Search(ask::Search {
            query: "证书".to_owned(),
            filter: TicketFilter::default(),
            limit: 10,
        });
        desk.call(request).unwrap()
    };
    search();
    let told = || heard.try_iter().any(|push| push == Push::Reload);
    let deadline = Instant::now() + Duration::from_secs(60);
    while !told() {
        assert!(Instant::now() < deadline, "nobody is told");
        std::thread::sleep(Duration::from_millis(5));
    }
    // Once is enough.
    search();
    assert!(!told());
}
