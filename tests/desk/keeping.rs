//! Promises on what agents keep: merged, offered though no two tickets share it, outdated.

use gongdan::api::{
    Answer, Desk, DeskError, ErrorCode, ReplyEdit, Request, Row, SimilarTo, UndoScope,
    VocabularyEdit, ask,
};

use super::answering::{
    advice, analysed, compose, document, edit, id, offers, ready, replies, shared, standard,
};
use super::{Bench, done, import};

fn create(desk: &dyn Desk, name: &str, code: &str, text: &str) {
    let new = ReplyEdit::Create {
        name: name.to_owned(),
        code: code.to_owned(),
        text: text.to_owned(),
        of: None,
    };
    edit(desk, new).unwrap();
}

fn mark(desk: &dyn Desk, id: &str, reason: &str, heir: Option<&str>) -> Result<(), DeskError> {
    let request = Request::MarkOutdated(ask::MarkOutdated {
        id: id.to_owned(),
        reason: reason.to_owned(),
        successor: heir.map(str::to_owned),
        base_rev: None,
    });
    done(desk.call(request)).map(drop)
}

pub fn merged_replies_lead_to_the_one_that_stays(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let stays = shared(desk);
    create(desk, "换证短版", "duan", "您好，证书请在域名管理里更换。");
    let other = replies(desk, "换证短版", false)[0].id;
    let merge = ReplyEdit::Merge {
        reply: stays.id.to_string(),
        others: vec!["duan".to_owned()],
    };
    edit(desk, merge).unwrap();
    assert!(replies(desk, "换证短版", false).is_empty());
    let met = &replies(desk, "换证短版", true)[0];
    assert_eq!(
        (met.withheld.as_str(), met.merged_into),
        ("merged", Some(stays.id))
    );
    assert_eq!(shared(desk).merged, [other]);
    for asked in ["duan", other.as_str()] {
        let draft = compose(desk, standard(asked), &[]).unwrap();
        assert_eq!((draft.reply, draft.merged_from), (stays.id, Some(other)));
    }
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(replies(desk, "换证短版", false).len(), 1);
    let itself = ReplyEdit::Merge {
        reply: stays.id.to_string(),
        others: vec![stays.id.to_string()],
    };
    assert_eq!(edit(desk, itself).unwrap_err().code(), ErrorCode::BadReply);
}

pub fn what_agents_write_is_offered_where_it_fits(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    create(
        desk,
        "子账号查看账单",
        "zzh",
        "您好，子账号看不到账单是因为没有财务权限，请主账号在访问控制里授权。",
    );
    let kept = replies(desk, "zzh", false)[0].id;
    let found = advice(desk, "我们的子账号登录后看不到账单，要怎么开通");
    assert_eq!(
        found.replies.first().map(|reply| reply.id),
        Some(kept),
        "{found:?}"
    );
    let ticket = id(desk, "子账号看不到账单");
    assert_eq!(offers(desk, &ticket)[0].reply, Some(kept));
    let elsewhere = advice(desk, "更换证书后仍然显示旧证书");
    assert!(elsewhere.replies.iter().all(|reply| reply.id != kept));
}

pub fn what_the_tickets_say_anew_is_offered_not_imposed(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let name = |text: Option<&str>| ReplyEdit::Change {
        reply: shared(desk).id.to_string(),
        name: Some("换证书".to_owned()),
        code: None,
        text: text.map(str::to_owned),
        base_rev: None,
    };
    edit(desk, name(None)).unwrap();
    let before = shared(desk);
    // Four more tickets say ten minutes no longer.
    let mut more = String::from("# 工单汇总\n\n---\n");
    for (at, domain) in ["kiwi", "lime", "date", "nut"].into_iter().enumerate() {
        more += &format!(
            "\n## 证书更换第{at}问\n\n**问题分类**: CDN｜证书问题\n\n### 详细问题描述\n怎样换证书\n\n### 客服解答内容\n1. 您好，更换域名证书请按以下步骤操作1.进入证书管理页面上传新证书2.打开域名管理并选择www.{domain}.test这一项3.点击修改证书并等待半小时左右生效\n\n---\n"
        );
    }
    import(desk, "more", "b.md", &more);
    analysed(desk);
    let row = shared(desk);
    assert_eq!(row.text, before.text, "kept text stays");
    let offer = row.mined_text.expect("the change is offered");
    assert!(offer.contains("半小时左右"), "{offer}");
    assert_eq!(row.mined_before, before.text);
    let settle = |take| ReplyEdit::Settle {
        reply: row.id.to_string(),
        take,
    };
    edit(desk, settle(false)).unwrap();
    assert_eq!(shared(desk).mined_text, None);
    assert_eq!(shared(desk).text, before.text);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    edit(desk, settle(true)).unwrap();
    assert_eq!(shared(desk).text, offer);
    assert_eq!(
        edit(desk, settle(true)).unwrap_err().code(),
        ErrorCode::BadReply
    );
}

pub fn holding_replies_are_listed_and_never_offered(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let all = replies(desk, "请稍等", true);
    assert_eq!(
        (all[0].holding, all[0].withheld.as_str()),
        (true, "holding")
    );
    assert_eq!((all[0].tickets, all[0].evidence.len()), (3, 3));
    assert!(replies(desk, "请稍等", false).is_empty());
}

pub fn an_outdated_ticket_says_why_and_is_not_offered(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let (old, new) = (id(desk, "想要注销账号"), id(desk, "申请注销账号"));
    let asked = "我想注销账号，应该怎么做";
    assert!(!advice(desk, asked).replies.is_empty());
    mark(desk, &old, "注销入口已变", Some(&new)).unwrap();
    analysed(desk);
    let row = super::show(desk, &old).row;
    assert_eq!(row.outdated, "注销入口已变");
    assert_eq!(row.successor.map(|id| id.to_string()), Some(new.clone()));
    let found = desk.call(Request::Similar(ask::Similar {
        to: SimilarTo::Text(asked.to_owned()),
        limit: 10,
    }));
    let Answer::Found(found) = found.unwrap() else {
        panic!("no hits");
    };
    let met = found.rows.iter().any(|row| {
        matches!(row, Row::Ticket(row) if row.id.as_str() == old && row.outdated == "注销入口已变")
    });
    assert!(met, "search still finds it, with its mark");
    let advice = advice(desk, asked);
    assert!(advice.tickets.iter().all(|row| row.id.as_str() != old));
    assert!(
        advice.replies.is_empty(),
        "one copy alone is no standard reply"
    );
    let of = gongdan::api::DraftOf::Turn {
        id: old.clone(),
        turn: None,
        receiver: None,
    };
    let draft = compose(desk, of, &[]).unwrap();
    assert_eq!(
        (draft.outdated.as_str(), draft.successor.as_deref()),
        ("注销入口已变", Some(&*new))
    );
    assert!(offers(desk, &old).iter().all(|offer| offer.turn.is_none()));
    let ring = mark(desk, &new, "旧", Some(&old)).unwrap_err();
    assert_eq!(
        ring.code(),
        ErrorCode::BadOutdated,
        "its successor is outdated itself"
    );
    mark(desk, &old, "", None).unwrap();
    analysed(desk);
    assert_eq!(super::show(desk, &old).row.outdated, "");
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(super::show(desk, &old).row.outdated, "注销入口已变");
}

pub fn a_retired_cause_is_suggested_no_more(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", &document());
    analysed(desk);
    let ticket = id(desk, "证书更换步骤咨询");
    let suggested = || match desk
        .call(Request::Suggest(ask::Suggest { id: ticket.clone() }))
        .unwrap()
    {
        Answer::Suggestions(found) => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(suggested()[0].cause, "证书未重新绑定");
    let edit = |edit: VocabularyEdit| {
        done(desk.call(Request::EditVocabulary(edit))).unwrap();
        analysed(desk);
    };
    let cause = "证书未重新绑定".to_owned();
    edit(VocabularyEdit::Retire {
        cause: cause.clone(),
    });
    assert!(suggested().iter().all(|found| found.cause != cause));
    edit(VocabularyEdit::Revive {
        cause: cause.clone(),
    });
    assert_eq!(suggested()[0].cause, cause);
}
