//! Decisions of agents: one by one, together, and against one another.

use gongdan::api::{
    Answer, DeskError, ErrorCode, Push, Recategorise, Request, Settlement, Target, UndoScope,
    VocabularyEdit, ask,
};
use gongdan::model::{Category, CauseState, Setting};

use super::{
    Bench, DOCUMENT, all, annotate, cause_names, done, found, import, known, new_cause, rows, show,
    titled,
};

pub fn an_unknown_cause_is_refused(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    let error = annotate(desk, &[id.as_str()], None, &[known("证书没有重新绑定")]).unwrap_err();
    let DeskError::UnknownCause { candidates, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(candidates[0], "证书未重新绑定");
    assert_eq!(titled(desk, "子账号").cause_state, CauseState::Placeholder);
}

pub fn annotating_and_undoing(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    annotate(
        desk,
        &[id.as_str()],
        Some(0),
        &[new_cause("未授予登录权限")],
    )
    .unwrap();
    let row = titled(desk, "子账号");
    assert_eq!(
        (cause_names(&row), row.cause_state),
        (vec!["未授予登录权限"], CauseState::Confirmed)
    );
    assert_eq!(row.causes[0].by, "林");
    assert_eq!(rows(found(desk, "因:未授予登录权限").rows)[0].id, id);
    annotate(
        desk,
        &[id.as_str()],
        Some(1),
        &[known("未授予登录权限"), new_cause("文档缺失")],
    )
    .unwrap();
    let undo = done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(
        undo.entries.iter().filter(|e| e.what == "causes").count(),
        1
    );
    assert_eq!(cause_names(&titled(desk, "子账号")), ["未授予登录权限"]);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(titled(desk, "子账号").cause_state, CauseState::Placeholder);
    let error = done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap_err();
    assert_eq!(error.code(), ErrorCode::NothingToUndo);
    done(desk.call(Request::Redo(ask::Redo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(cause_names(&titled(desk, "子账号")), ["未授予登录权限"]);
    let history = show(desk, id.as_str()).history;
    assert_eq!(history.len(), 5);
    assert!(history[1].undo && !history[4].undo);
    assert_eq!(history[4].after, ["未授予登录权限"]);
}

pub fn marked_tickets_are_one_act(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let ids: Vec<String> = all(desk).iter().map(|row| row.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let act = annotate(desk, &ids, None, &[new_cause("用户操作不当")]).unwrap();
    assert_eq!(act.entries.iter().filter(|e| e.what == "causes").count(), 3);
    assert!(
        all(desk)
            .iter()
            .all(|row| cause_names(row) == ["用户操作不当"])
    );
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert!(
        all(desk)
            .iter()
            .all(|row| row.cause_state != CauseState::Confirmed)
    );
    assert_eq!(cause_names(&titled(desk, "证书")), ["证书未重新绑定"]);
}

pub fn a_colleagues_change_is_not_undone(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let (a, b) = (titled(mine, "子账号").id, titled(mine, "证书").id);
    annotate(mine, &[a.as_str(), b.as_str()], None, &[new_cause("甲")]).unwrap();
    annotate(theirs, &[a.as_str()], None, &[new_cause("乙")]).unwrap();
    let undo = done(mine.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(undo.moved_on, [format!("cause/{a}")]);
    assert_eq!(cause_names(&titled(mine, "子账号")), ["乙"]);
    assert_eq!(cause_names(&titled(mine, "证书")), ["证书未重新绑定"]);
}

pub fn the_slower_of_two_is_told(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "子账号").id;
    annotate(theirs, &[id.as_str()], Some(0), &[new_cause("乙")]).unwrap();
    let act = annotate(mine, &[id.as_str()], Some(0), &[new_cause("甲")]).unwrap();
    assert_eq!(act.conflicts.len(), 1);
    let conflict = &act.conflicts[0];
    assert_eq!(conflict.mine.after, ["甲"]);
    assert_eq!(
        conflict.theirs.as_ref().map(|e| e.after.clone()),
        Some(vec!["乙".to_owned()])
    );
    assert_eq!(cause_names(&titled(mine, "子账号")), ["乙"]);
    let record = conflict.record;
    let how = Settlement::Mine;
    done(mine.call(Request::ResolveConflict(ask::ResolveConflict {
        record,
        how,
    })))
    .unwrap();
    assert_eq!(cause_names(&titled(mine, "子账号")), ["甲"]);
    assert_eq!(
        mine.call(Request::Conflicts(ask::Conflicts)).unwrap(),
        Answer::Conflicts(vec![])
    );
}

pub fn a_corrected_category_counts(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    let request = Recategorise {
        targets: vec![Target {
            id: id.to_string(),
            base_rev: None,
        }],
        category: Category::parse("访问管理｜授权"),
        note: "不是账户问题".to_owned(),
    };
    done(desk.call(Request::Recategorise(request))).unwrap();
    let row = titled(desk, "子账号");
    assert_eq!(
        (row.product.as_str(), row.issue_type.as_str()),
        ("访问管理", "授权")
    );
    let view = show(desk, id.as_str());
    assert_eq!(
        view.category_given.map(|c| c.product),
        Some("账户与财务".to_owned())
    );
    assert_eq!(view.history[0].note, "不是账户问题");
    assert_eq!(rows(found(desk, "类:访问管理").rows)[0].id, id);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(titled(desk, "子账号").product, "账户与财务");
}

pub fn a_renamed_cause_is_followed(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let edit = VocabularyEdit::Rename {
        cause: "证书未重新绑定".to_owned(),
        name: "新证书未绑定到域名".to_owned(),
    };
    done(desk.call(Request::EditVocabulary(edit))).unwrap();
    assert_eq!(cause_names(&titled(desk, "证书")), ["新证书未绑定到域名"]);
    assert_eq!(
        rows(found(desk, "新证书未绑定到域名").rows)[0].title,
        "证书续期后浏览器仍提示过期"
    );
    // The old name still leads there.
    let id = titled(desk, "子账号").id;
    annotate(desk, &[id.as_str()], None, &[known("证书未重新绑定")]).unwrap();
    assert_eq!(cause_names(&titled(desk, "子账号")), ["新证书未绑定到域名"]);
}

pub fn a_colleague_hears_of_a_change(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let heard = theirs.subscribe();
    let id = titled(mine, "子账号").id;
    annotate(mine, &[id.as_str()], None, &[known("证书未重新绑定")]).unwrap();
    let deadline = std::time::Duration::from_secs(10);
    loop {
        if heard.recv_timeout(deadline).unwrap() == Push::Changed(vec![id]) {
            return;
        }
    }
}

pub fn a_bad_setting_is_refused(bench: &Bench) {
    let desk = bench.first.as_ref();
    let set = |value: &str| {
        let value = Some(value.to_owned());
        done(desk.call(Request::SetSetting(ask::SetSetting {
            setting: Setting::Words,
            value,
            base_rev: None,
        })))
    };
    assert_eq!(set("{").unwrap_err().code(), ErrorCode::BadSetting);
    set("[\"云舟盘\"]").unwrap();
    let Answer::Settings(rows) = desk.call(Request::Settings(ask::Settings)).unwrap() else {
        panic!()
    };
    assert!(
        rows.iter()
            .any(|row| row.name == "words" && row.value == "[\"云舟盘\"]")
    );
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    let Answer::Settings(rows) = desk.call(Request::Settings(ask::Settings)).unwrap() else {
        panic!()
    };
    assert!(
        rows.iter()
            .any(|row| row.name == "words" && row.value == "[]")
    );
}
