//! Orders that are given again because their answer was lost.

use gongdan::api::{
    Annotate, Answer, CauseChoice, Desk, Ordered, Request, Settlement, Target, UndoScope, Used, ask,
};
use gongdan::desk::LocalDesk;
use gongdan::model::{ActId, ReplyId, Revision};

use super::{DOCUMENT, done, identity, import, show};

/// Two agents at one desk with a ticket.
fn two() -> (tempfile::TempDir, LocalDesk, LocalDesk, String) {
    let dir = tempfile::tempdir().unwrap();
    let desk = LocalDesk::open(dir.path(), identity("林", "a")).unwrap();
    let other = desk.session(identity("周", "b"));
    import(&desk, "工单", "a.md", DOCUMENT);
    let id = super::all(&desk)[0].id.to_string();
    (dir, desk, other, id)
}

fn set(id: &str, cause: &str, base_rev: u32) -> Request {
    Request::Annotate(Annotate {
        targets: vec![Target {
            id: id.to_owned(),
            base_rev: Some(Revision(base_rev)),
        }],
        causes: vec![CauseChoice::New(cause.to_owned())],
        note: String::new(),
    })
}

fn log_length(desk: &dyn Desk) -> usize {
    let log = Request::Log(ask::Log {
        id: None,
        limit: 1000,
    });
    match desk.call(log).unwrap() {
        Answer::Log(entries) => entries.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_given_again_is_answered_alike_and_done_once() {
    let (_dir, desk, other, id) = two();
    let act = ActId::random();
    let first = done(desk.order(act, set(&id, "源站防火墙", 0))).unwrap();
    // Meanwhile somebody goes on from there.
    done(other.call(set(&id, "运营商线路", 1))).unwrap();
    let length = log_length(&desk);
    let again = done(desk.order(act, set(&id, "源站防火墙", 0))).unwrap();
    assert_eq!(again, first);
    assert_eq!(log_length(&desk), length);
    assert_eq!(show(&desk, &id).row.causes[0].name, "运营商线路");
}

#[test]
fn an_undo_given_again_takes_back_one_act() {
    let (_dir, desk, _other, id) = two();
    done(desk.call(set(&id, "源站防火墙", 0))).unwrap();
    done(desk.call(set(&id, "运营商线路", 1))).unwrap();
    let act = ActId::random();
    for _ in 0..3 {
        done(desk.order(
            act,
            Request::Undo(ask::Undo {
                scope: UndoScope::Session,
            }),
        ))
        .unwrap();
    }
    assert_eq!(show(&desk, &id).row.causes[0].name, "源站防火墙");
}

#[test]
fn a_conflict_given_again_is_one_conflict() {
    let (_dir, desk, other, id) = two();
    done(other.call(set(&id, "运营商线路", 0))).unwrap();
    let act = ActId::random();
    let lost: Vec<_> = (0..2)
        .map(|_| done(desk.order(act, set(&id, "源站防火墙", 0))).unwrap())
        .collect();
    assert_eq!(lost[0].conflicts.len(), 1);
    assert_eq!(lost[0].conflicts, lost[1].conflicts);
    let settle = Request::ResolveConflict(ask::ResolveConflict {
        record: lost[0].conflicts[0].record,
        how: Settlement::Mine,
    });
    let act = ActId::random();
    let settled = done(desk.order(act, settle.clone())).unwrap();
    assert_eq!(done(desk.order(act, settle)).unwrap(), settled);
    // What was kept is known again after it is settled, too.
    let late = done(desk.order(lost[0].act, set(&id, "源站防火墙", 0))).unwrap();
    assert_eq!(late.entries, lost[0].entries, "the cause that was made");
    assert!(late.conflicts.is_empty());
}

#[test]
fn a_copy_counted_again_is_counted_once_after_a_restart_too() {
    let (dir, desk, other, _) = two();
    let act = ActId::random();
    let count = Request::RecordUse(ask::RecordUse {
        uses: vec![Used {
            reply: ReplyId::from_hash(&[3; 32]),
            count: 1,
            overridden: vec!["other_customer".into()],
            turn: None,
        }],
    });
    done(desk.order(act, count.clone())).unwrap();
    let length = log_length(&desk);
    drop((desk, other));
    let desk = LocalDesk::open(dir.path(), identity("林", "a")).unwrap();
    done(desk.order(act, count)).unwrap();
    assert_eq!(log_length(&desk), length);
}
