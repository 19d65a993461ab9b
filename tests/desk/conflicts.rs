//! Two changes of one revision, and what can be made of them.

use gongdan::api::{
    ActDone, Annotate, Answer, CauseChoice, Conflict, Desk, DeskError, ErrorCode, ReplyEdit,
    ReplyQuery, ReplyRow, Request, Settlement, Target, UndoScope, VocabularyEdit, ask,
};
use gongdan::model::{Category, RecordId, Revision};

use super::{Bench, DOCUMENT, done, import, titled};

fn set(desk: &dyn Desk, id: &str, base_rev: u32, cause: &str) -> ActDone {
    done(desk.call(Request::Annotate(Annotate {
        targets: vec![Target {
            id: id.to_owned(),
            base_rev: Some(Revision(base_rev)),
        }],
        causes: vec![CauseChoice::New(cause.to_owned())],
        note: format!("为何{cause}"),
    })))
    .unwrap()
}

pub(super) fn settle(desk: &dyn Desk, conflict: &Conflict, how: Settlement) -> ActDone {
    let record = conflict.record;
    done(desk.call(Request::ResolveConflict(ask::ResolveConflict {
        record,
        how,
    })))
    .unwrap()
}

pub(super) fn open(desk: &dyn Desk) -> Vec<RecordId> {
    let Answer::Conflicts(open) = desk.call(Request::Conflicts(ask::Conflicts)).unwrap() else {
        panic!()
    };
    open.iter().map(|conflict| conflict.record).collect()
}

fn causes(desk: &dyn Desk) -> Vec<String> {
    let mut names: Vec<String> = (titled(desk, "证书").causes.iter())
        .map(|cause| cause.name.clone())
        .collect();
    names.sort();
    names
}

pub fn both_versions_are_shown_and_any_can_be_kept(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "证书").id.to_string();
    let ways = [
        (Settlement::Mine, "一", vec!["甲"]),
        (Settlement::Theirs, "丁", vec!["丁"]),
        (Settlement::Merge, "乙", vec!["乙", "甲"]),
    ];
    for (how, other, wanted) in ways {
        let seen = titled(mine, "证书").revision.0;
        set(theirs, &id, seen, other);
        let act = set(mine, &id, seen, "甲");
        let [conflict] = act.conflicts.as_slice() else {
            panic!("one collision is one conflict: {act:?}")
        };
        // Each as its author made it, of what both saw.
        assert_eq!(conflict.mine.after, ["甲"]);
        assert_eq!(conflict.now, [other]);
        assert_eq!(conflict.theirs.as_ref().unwrap().author, "周");
        assert_eq!(conflict.merged.as_ref().map(Vec::len), Some(2));
        let settled = settle(mine, conflict, how);
        assert_eq!(causes(mine), wanted, "{how:?}");
        assert!(settled.conflicts.is_empty());
        assert_eq!(
            mine.call(Request::Conflicts(ask::Conflicts)).unwrap(),
            Answer::Conflicts(vec![])
        );
        if how != Settlement::Theirs {
            // It is an act like any other, and one's own.
            done(mine.call(Request::Undo(ask::Undo {
                scope: UndoScope::Session,
            })))
            .unwrap();
            assert_eq!(causes(mine), [other]);
            assert_eq!(open(mine), [conflict.record], "it is open again");
            settle(mine, conflict, Settlement::Theirs);
        }
    }
    let log = Request::Log(ask::Log {
        id: Some(id),
        limit: 100,
    });
    let Answer::Log(log) = mine.call(log).unwrap() else {
        panic!()
    };
    let lost = log.iter().filter(|entry| !entry.accepted);
    assert!(
        lost.clone()
            .all(|e| e.after == ["甲"] && e.note == "为何甲")
    );
    assert_eq!(lost.count(), 3, "what came too late stays in the log");
}

pub fn undo_takes_back_a_settlement_and_nothing_older(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let older = titled(mine, "回源").id.to_string();
    set(mine, &older, 0, "源站未设缓存");
    let id = titled(mine, "证书").id.to_string();
    set(theirs, &id, 0, "乙");
    let conflict = set(mine, &id, 0, "甲").conflicts.remove(0);
    settle(mine, &conflict, Settlement::Theirs);
    assert_eq!(open(mine), []);
    for _ in 0..2 {
        done(mine.call(Request::Undo(ask::Undo {
            scope: UndoScope::Session,
        })))
        .unwrap();
        assert_eq!(open(mine), [conflict.record]);
        assert_eq!(causes(mine), ["乙"]);
        let older = titled(mine, "回源");
        assert_eq!(super::cause_names(&older), ["源站未设缓存"]);
        done(mine.call(Request::Redo(ask::Redo {
            scope: UndoScope::Session,
        })))
        .unwrap();
        assert_eq!(open(mine), []);
    }
}

pub fn a_change_that_waits_keeps_its_new_cause(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let create = VocabularyEdit::Create {
        name: "缓存键写错".into(),
        group: String::new(),
    };
    done(mine.call(Request::EditVocabulary(create))).unwrap();
    let id = titled(mine, "证书").id.to_string();
    set(mine, &id, 0, "证书未重新绑定");
    let conflict = set(theirs, &id, 0, "缓存键写错").conflicts.remove(0);
    done(mine.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    // No ticket has the new cause, but a change that waits would give it to one.
    let refused = mine
        .call(Request::Undo(ask::Undo {
            scope: UndoScope::Session,
        }))
        .unwrap_err();
    let DeskError::NothingToUndo { moved_on } = refused else {
        panic!("{refused}")
    };
    assert!(moved_on[0].starts_with("vocab/"), "{moved_on:?}");
    settle(theirs, &conflict, Settlement::Mine);
    assert_eq!(causes(mine), ["缓存键写错"]);
    assert_eq!(open(mine), []);
}

pub fn two_categories_cannot_be_merged(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "证书").id.to_string();
    let file = |desk: &dyn Desk, category: &str| {
        done(desk.call(Request::Recategorise(gongdan::api::Recategorise {
            targets: vec![Target {
                id: id.clone(),
                base_rev: Some(Revision(0)),
            }],
            category: Category::parse(category),
            note: String::new(),
        })))
        .unwrap()
    };
    file(theirs, "安全｜证书");
    let conflict = file(mine, "域名｜证书").conflicts.remove(0);
    assert_eq!(conflict.merged, None);
    let record = conflict.record;
    let how = Settlement::Merge;
    let refused = mine.call(Request::ResolveConflict(ask::ResolveConflict {
        record,
        how,
    }));
    assert_eq!(refused.unwrap_err().code(), ErrorCode::NoMerge);
    settle(mine, &conflict, Settlement::Mine);
    assert_eq!(titled(mine, "证书").product, "域名");
}

const LONG_REPLY: &str = "您好\n请先登录控制台\n再打开域名管理\n点击刷新缓存\n感谢您的支持";

fn reply(desk: &dyn Desk, code: &str) -> ReplyRow {
    let query = ReplyQuery {
        all: true,
        ..ReplyQuery::default()
    };
    let Answer::Replies(rows) = desk.call(Request::Replies(query)).unwrap() else {
        panic!()
    };
    rows.into_iter().find(|row| row.code == code).unwrap()
}

pub fn two_edits_of_a_reply_are_merged_by_lines(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    mine.call(Request::Analyse(ask::Analyse)).unwrap();
    let edit = |desk: &dyn Desk, edit| done(desk.call(Request::EditReply(edit))).unwrap();
    edit(
        mine,
        ReplyEdit::Create {
            name: "刷新".into(),
            code: "sx".into(),
            text: LONG_REPLY.into(),
            of: None,
        },
    );
    let change = |desk: &dyn Desk, from: &str, to: &str, base_rev| {
        let text = Some(LONG_REPLY.replace(from, to));
        let change = ReplyEdit::Change {
            reply: "sx".into(),
            name: None,
            code: None,
            text,
            base_rev: Some(base_rev),
        };
        edit(desk, change)
    };
    let seen = reply(mine, "sx").revision;
    change(theirs, "感谢您的支持", "祝您愉快", seen);
    let act = change(mine, "您好", "您好，让您久等了", seen);
    let conflict = &act.conflicts[0];
    assert!(conflict.mine.after[0].starts_with("您好，让您久等了"));
    assert!(conflict.now[0].ends_with("祝您愉快"));
    settle(mine, conflict, Settlement::Merge);
    let merged = reply(mine, "sx");
    assert!(merged.text.starts_with("您好，让您久等了\n"));
    assert!(merged.text.ends_with("\n祝您愉快"), "{}", merged.text);

    // Of the same line there is no merge; mine is then mine alone.
    let seen = merged.revision;
    change(theirs, "您好", "尊敬的客户", seen);
    let act = change(mine, "您好", "亲", seen);
    assert_eq!(act.conflicts[0].merged, None);
    settle(mine, &act.conflicts[0], Settlement::Mine);
    assert_eq!(reply(mine, "sx").text, LONG_REPLY.replace("您好", "亲"));
}
