//! What may stand between an act and its undo, and what may not.

use gongdan::api::{Ballot, CastVote, Desk, Recategorise, Request, Target, UndoScope, ask};
use gongdan::model::{Category, CauseState, Revision};

use super::{Bench, DOCUMENT, annotate, cause_names, done, import, new_cause, titled};

fn categorise(desk: &dyn Desk, id: &str, category: &str) {
    let change = Recategorise {
        targets: vec![Target {
            id: id.to_owned(),
            base_rev: None,
        }],
        category: Category::parse(category),
        note: String::new(),
    };
    done(desk.call(Request::Recategorise(change))).unwrap();
}

fn agree(desk: &dyn Desk, id: &str) {
    let vote = CastVote {
        ids: vec![id.to_owned()],
        ballot: Ballot::Agree,
        note: String::new(),
    };
    done(desk.call(Request::Vote(vote))).unwrap();
}

pub fn another_decision_on_the_ticket_is_not_in_the_way_of_an_undo(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "子账号").id.to_string();
    annotate(mine, &[&id], None, &[new_cause("未授予登录权限")]).unwrap();
    agree(theirs, &id);
    categorise(theirs, &id, "访问管理｜授权");
    let undo = done(mine.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert!(undo.moved_on.is_empty(), "{undo:?}");
    let row = titled(mine, "子账号");
    assert_eq!(row.cause_state, CauseState::Placeholder);
    assert_eq!(row.product, "访问管理", "the colleague's decision stays");
}

pub fn an_undo_passes_over_what_went_with_its_dataset(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    import(desk, "more", "b.md", &DOCUMENT.replace("子账号", "主账号"));
    let (stays, goes) = (titled(desk, "子账号"), titled(desk, "主账号"));
    categorise(desk, stays.id.as_str(), "访问管理｜授权");
    categorise(desk, goes.id.as_str(), "访问管理｜授权");
    let name = "more".to_owned();
    done(desk.call(Request::RemoveDataset(ask::RemoveDataset { name }))).unwrap();
    let undo = done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(undo.moved_on, [format!("category/{}", goes.id)]);
    assert_eq!(titled(desk, "子账号").product, stays.product);
}

pub fn another_decision_on_the_ticket_is_no_conflict(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "子账号").id.to_string();
    let seen = titled(mine, "子账号").revision.0;
    annotate(mine, &[&id], Some(seen), &[new_cause("甲")]).unwrap();
    // Each of them is the second revision of its own key.
    categorise(theirs, &id, "访问管理｜授权");
    categorise(theirs, &id, "访问管理｜登录");
    // Against the row first seen, faster than the list came back.
    let second = annotate(mine, &[&id], Some(seen), &[new_cause("乙")]).unwrap();
    assert!(second.conflicts.is_empty(), "{second:?}");
    let row = titled(mine, "子账号");
    assert_eq!((cause_names(&row), row.revision), (vec!["乙"], Revision(2)));
}
