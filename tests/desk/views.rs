//! Saved views: of one's own and of the team, in an order that holds.

use gongdan::api::{Answer, Desk, ErrorCode, Request, UndoScope, ViewEdit, ViewName, ViewRow, ask};
use gongdan::desk::LocalDesk;
use gongdan::model::{Author, CauseState, Origin, TicketFilter};

use super::{Bench, DOCUMENT, all, annotate, done, import, new_cause, show};

fn named(name: &str, team: bool) -> ViewName {
    ViewName {
        name: name.to_owned(),
        team,
    }
}

fn save(name: ViewName, query: &str) -> ViewEdit {
    ViewEdit::Save {
        name,
        query: query.to_owned(),
        filter: TicketFilter {
            cause_state: Some(CauseState::Given),
            ..TicketFilter::default()
        },
    }
}

fn edit(desk: &dyn Desk, edit: ViewEdit) -> Result<(), ErrorCode> {
    let answer = done(desk.call(Request::EditView(edit)));
    answer.map(|_| ()).map_err(|error| error.code())
}

fn views(desk: &dyn Desk) -> Vec<ViewRow> {
    match desk.call(Request::Views(ask::Views)).unwrap() {
        Answer::Views(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn names(desk: &dyn Desk) -> Vec<String> {
    views(desk).into_iter().map(|row| row.name).collect()
}

pub fn views_are_saved_named_ordered_and_deleted(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    for name in ["退款", "证书", "登录"] {
        edit(mine, save(named(name, false), name)).unwrap();
    }
    edit(mine, save(named("全组", true), "类:CDN")).unwrap();
    edit(theirs, save(named("证书", false), "他人的")).unwrap();
    assert_eq!(names(mine), ["全组", "退款", "证书", "登录"]);
    assert_eq!(names(theirs), ["全组", "证书"]);
    assert_eq!(views(mine)[2].query, "证书");
    assert_eq!(views(mine)[2].filter.cause_state, Some(CauseState::Given));

    let name = named("登录", false);
    edit(mine, ViewEdit::Move { name, to: 0 }).unwrap();
    // Saved again it keeps its place.
    edit(mine, save(named("退款", false), "退订")).unwrap();
    assert_eq!(names(mine), ["全组", "登录", "退款", "证书"]);
    assert_eq!(views(mine)[2].query, "退订");

    let rename = |from: &str, to: &str| ViewEdit::Rename {
        name: named(from, false),
        to: to.to_owned(),
    };
    edit(mine, rename("登录", "登不上")).unwrap();
    assert_eq!(names(mine), ["全组", "登不上", "退款", "证书"]);
    assert_eq!(
        edit(mine, rename("登不上", "证书")),
        Err(ErrorCode::BadView)
    );
    assert_eq!(
        edit(mine, rename("登录", "一")),
        Err(ErrorCode::UnknownView)
    );
    assert_eq!(
        edit(mine, save(named(" ", false), "")),
        Err(ErrorCode::BadView)
    );

    let name = named("证书", false);
    edit(mine, ViewEdit::Drop { name }).unwrap();
    assert_eq!(names(mine), ["全组", "登不上", "退款"]);
    assert_eq!(names(theirs), ["全组", "证书"], "others keep theirs");
    done(mine.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(names(mine), ["全组", "登不上", "退款", "证书"]);
}

#[test]
fn on_a_shared_account_undo_takes_back_only_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let called = |name: &str, declared| super::Identity {
        authority: gongdan::desk::Authority::Owner,
        author: Author {
            uid: 1000,
            name: name.to_owned(),
            declared,
        },
        origin: Origin {
            host: "jump1".to_owned(),
            session: name.to_owned(),
        },
    };
    let lin = LocalDesk::open(dir.path(), called("林", true)).unwrap();
    let zhou = lin.session(called("周", true));
    let nobody = lin.session(called("support", false));
    import(&lin, "工单", "a.md", DOCUMENT);
    let (a, b) = (all(&lin)[0].id.to_string(), all(&lin)[1].id.to_string());
    let before = |id: &str| show(&lin, id).row.cause_state;
    let (was_a, was_b) = (before(&a), before(&b));
    annotate(&lin, &[&a], None, &[new_cause("甲")]).unwrap();
    annotate(&zhou, &[&b], None, &[new_cause("乙")]).unwrap();
    let undo = |desk: &LocalDesk| {
        done(desk.call(Request::Undo(ask::Undo {
            scope: UndoScope::Author,
        })))
    };
    assert_eq!(undo(&nobody).unwrap_err().code(), ErrorCode::NothingToUndo);
    undo(&lin).unwrap();
    assert_eq!(show(&lin, &a).row.cause_state, was_a);
    assert_eq!(show(&lin, &b).row.causes[0].name, "乙");
    assert_eq!(undo(&lin).unwrap_err().code(), ErrorCode::NothingToUndo);
    undo(&zhou).unwrap();
    assert_eq!(show(&lin, &b).row.cause_state, was_b);
}
