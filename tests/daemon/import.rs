//! An import that loses its daemon: what was seen stays, and importing again brings the rest.

use std::collections::BTreeSet;
use std::fmt::Write;

use gongdan::api::{
    Annotate, Answer, CauseChoice, Desk, DeskError, ErrorCode, ImportOptions, ImportReport,
    Request, Target, TicketOrArticle, ask,
};
use gongdan::daemon::SocketDesk;

use super::process::{Home, program};
use super::{listed, own, until, way};

/// Documents, and tickets in each: enough that an import takes many steps.
const FILES: usize = 40;
const TICKETS: usize = 200;

fn document(file: usize) -> String {
    let mut text = String::from("# 工单汇总\n\n---\n");
    for n in 0..TICKETS {
        write!(
            text,
            "\n## 第 {file} 批第 {n} 号快照无法回滚\n\n**问题分类**: 云主机｜快照问题\n\n\
             ### 详细问题描述\n磁盘 d{file}-{n} 的快照回滚一直不动\n\n\
             ### 客服解答内容\n1. 您好，请先停止云主机 d{file}-{n}，再回滚快照。\n\n\
             ### 根本原因分析\n回滚前未停机\n\n---\n"
        )
        .unwrap();
    }
    text
}

fn import(desk: &dyn Desk) -> Result<ImportReport, DeskError> {
    let options = ImportOptions {
        dataset: Some("七月".to_owned()),
        articles: false,
        dry_run: false,
        no_mask: false,
        list_masks: false,
        columns: Vec::new(),
    };
    let Answer::Job(job) = desk.call(Request::ImportOpen(options))? else {
        panic!()
    };
    for file in 0..FILES {
        desk.call(Request::ImportData(ask::ImportData {
            job,
            file: format!("{file}.md"),
            bytes: document(file).into_bytes(),
            end: true,
        }))?;
    }
    match desk.call(Request::ImportClose(ask::ImportClose { job }))? {
        Answer::Imported(report) => Ok(report),
        other => panic!("{other:?}"),
    }
}

/// The ids of all tickets, and how many there are said to be.
fn ids(desk: &dyn Desk) -> (BTreeSet<String>, usize) {
    let (ids, total) = listed(desk, FILES * TICKETS * 2);
    (ids.into_iter().collect(), total)
}

fn causes(desk: &dyn Desk, id: &str) -> Vec<String> {
    match desk.call(Request::Show(ask::Show { id: id.to_owned() })) {
        Ok(Answer::Shown(TicketOrArticle::Ticket(view))) => {
            view.row.causes.iter().map(|c| c.name.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_import_whose_daemon_was_killed_keeps_what_was_seen_and_is_repeated_without_doubles() {
    let home = Home::new();
    let start = || SocketDesk::connect(way(own(home.path()), Some(program(home.path())))).unwrap();
    let desk = start();
    let (seen, annotated) = std::thread::scope(|scope| {
        let importing = scope.spawn(|| import(&start()));
        until("the first tickets are there", || {
            importing.is_finished() || !ids(&desk).0.is_empty()
        });
        let seen = ids(&desk).0;
        let first = seen.first().unwrap().clone();
        // An order of somebody else's passes the import by.
        let order = Request::Annotate(Annotate {
            targets: vec![Target {
                id: first.clone(),
                base_rev: None,
            }],
            causes: vec![CauseChoice::New("快照被锁定".to_owned())],
            note: String::new(),
        });
        assert!(matches!(desk.call(order), Ok(Answer::Done(_))));
        let before = desk.daemon().pid;
        home.kill();
        let lost = importing.join().unwrap().unwrap_err();
        let codes = [ErrorCode::Unreachable, ErrorCode::UnknownJob];
        assert!(codes.contains(&lost.code()), "{lost:?}");
        desk.call(Request::Status(ask::Status)).unwrap();
        assert_ne!(desk.daemon().pid, before);
        (seen, first)
    });
    let (kept, _) = ids(&desk);
    assert!(kept.is_superset(&seen), "what was seen is gone");
    assert!(
        kept.len() < FILES * TICKETS,
        "it was killed after its end: nothing was shown"
    );
    println!("killed at {} of {} tickets", kept.len(), FILES * TICKETS);
    import(&desk).unwrap();
    let (all, total) = ids(&desk);
    assert_eq!((all.len(), total), (FILES * TICKETS, FILES * TICKETS));
    assert!(all.is_superset(&kept));
    assert_eq!(causes(&desk, &annotated), ["快照被锁定"]);
    // Once more: nothing is new.
    import(&desk).unwrap();
    assert_eq!(ids(&desk), (all, total));
}
