//! Promises on standard replies, advice and queues.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gongdan::api::{
    AdviceView, Answer, Compose, Desk, DeskError, Draft, DraftOf, ErrorCode, Offered, Part, Push,
    QueueKind, QueuePage, RepliesThere, ReplyEdit, ReplyQuery, ReplyRow, Request, SuggestedCause,
    UndoScope, Used, ask,
};
use gongdan::model::{CategoryFilter, TicketFilter};

use super::{Bench, done, import, known, list, new_cause, rows};

/// A reply that three tickets share but for a domain, one that is wrong about its cause, and
/// replies that say nothing.
pub fn document() -> String {
    let mut text = String::from("# 工单汇总\n\n---\n");
    let steps = |domain: &str| {
        format!(
            "您好，更换域名证书请按以下步骤操作1.进入证书管理页面上传新证书2.打开域名管理并选择{domain}这一项3.点击修改证书并等待十分钟生效"
        )
    };
    for (title, domain) in [
        ("更换证书后仍然显示旧证书", "www.apple.test"),
        ("证书更换步骤咨询", "shop.pear.test"),
        ("如何更换域名证书", "cdn.plum.test"),
    ] {
        let reply = steps(domain);
        text += &format!(
            "\n## {title}\n\n**问题分类**: CDN｜证书问题\n\n### 详细问题描述\n{title}，域名是 {domain}\n\n\
             ### 客服解答内容\n1. 您好，请稍等，这边看下\n2. {reply}\n\n### 根本原因分析\n证书未重新绑定\n\n---\n"
        );
    }
    for title in ["想要注销账号", "申请注销账号"] {
        text += &format!(
            "\n## {title}\n\n**问题分类**: 账户与财务｜账户问题\n\n### 详细问题描述\n{title}，怎么操作\n\n\
             ### 客服解答内容\n1. 您好，注销账号需要先结清全部欠费，删除账号下的所有资源，再到账号中心提交注销申请\n\n\
             ### 根本原因分析\n证书未重新绑定\n\n---\n"
        );
    }
    text += "\n## 子账号看不到账单\n\n**问题分类**: 账户与财务｜账户问题\n\n### 详细问题描述\n子账号看不到账单\n\n\
             ### 客服解答内容\n1. 您好，已经处理好了，请您确认\n\n### 根本原因分析\n需要根据具体情况进一步分析\n\n---\n";
    text
}

pub(super) fn ready(desk: &dyn Desk) {
    import(desk, "team", "a.md", &document());
    analysed(desk);
}

pub(super) fn analysed(desk: &dyn Desk) {
    desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
    desk.call(Request::Analyse(ask::Analyse)).unwrap();
}

pub(super) fn replies(desk: &dyn Desk, query: &str, all: bool) -> Vec<ReplyRow> {
    let query = ReplyQuery {
        query: query.to_owned(),
        all,
        ..ReplyQuery::default()
    };
    match desk.call(Request::Replies(query)).unwrap() {
        Answer::Replies(rows) => rows,
        other => panic!("{other:?}"),
    }
}

pub(super) fn id(desk: &dyn Desk, title: &str) -> String {
    let rows = rows(list(desk, TicketFilter::default()).rows);
    let row = rows.into_iter().find(|row| row.title == title).unwrap();
    row.id.to_string()
}

pub(super) fn offers(desk: &dyn Desk, id: &str) -> Vec<Offered> {
    match desk
        .call(Request::Offers(ask::Offers { id: id.to_owned() }))
        .unwrap()
    {
        Answer::Offers(offers) => offers,
        other => panic!("{other:?}"),
    }
}

pub(super) fn compose(
    desk: &dyn Desk,
    of: DraftOf,
    values: &[(&str, &str)],
) -> Result<Draft, DeskError> {
    let values = values
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let request = Request::Compose(Compose {
        of,
        values: values.collect::<BTreeMap<_, _>>(),
        original: false,
    });
    match desk.call(request)? {
        Answer::Draft(draft) => Ok(*draft),
        other => panic!("{other:?}"),
    }
}

pub(super) fn standard(reply: &str) -> DraftOf {
    DraftOf::Standard {
        reply: reply.to_owned(),
        ticket: None,
    }
}

pub(super) fn advice(desk: &dyn Desk, text: &str) -> AdviceView {
    let text = text.to_owned();
    match desk.call(Request::Advise(ask::Advise { text })).unwrap() {
        Answer::Advice(advice) => *advice,
        other => panic!("{other:?}"),
    }
}

fn queue(desk: &dyn Desk, kind: Option<QueueKind>) -> QueuePage {
    queue_where(desk, kind, TicketFilter::default())
}

fn queue_where(desk: &dyn Desk, kind: Option<QueueKind>, filter: TicketFilter) -> QueuePage {
    let request = Request::Queue(ask::Queue {
        kind,
        filter,
        limit: 100,
    });
    match desk.call(request).unwrap() {
        Answer::Queue(page) => page,
        other => panic!("{other:?}"),
    }
}

fn suggestions(desk: &dyn Desk, id: &str) -> Vec<SuggestedCause> {
    match desk
        .call(Request::Suggest(ask::Suggest { id: id.to_owned() }))
        .unwrap()
    {
        Answer::Suggestions(found) => found,
        other => panic!("{other:?}"),
    }
}

pub(super) fn edit(desk: &dyn Desk, edit: ReplyEdit) -> Result<(), DeskError> {
    done(desk.call(Request::EditReply(edit))).map(drop)
}

/// The reply of the document that three tickets share.
pub(super) fn shared(desk: &dyn Desk) -> ReplyRow {
    let rows = replies(desk, "修改证书", false);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().unwrap()
}

pub fn repeated_replies_are_found(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let steps = shared(desk);
    assert_eq!((steps.tickets, steps.slots.len()), (3, 1), "{steps:?}");
    let slot = &steps.slots[0];
    assert!(steps.text.contains(&format!("{{{{{}}}}}", slot.name)));
    assert!(
        slot.values.iter().any(|value| value == "shop.pear.test"),
        "{slot:?}"
    );
    // Run-on steps stand on lines of their own.
    assert!(steps.text.contains("\n2.打开"), "{}", steps.text);
    assert_eq!(steps.categories[0].issue_type, "证书问题");
    for row in replies(desk, "", false) {
        assert!(!row.holding, "{row:?}");
        assert!(!row.text.contains("请稍等") && !row.text.contains("处理完成"));
    }
}

pub fn a_message_is_answered(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let advice = advice(desk, "你好，我要更换证书，域名是 new.kiwi.test，怎么操作");
    let best = &advice.replies[0];
    assert_eq!(best.id, shared(desk).id);
    assert_eq!(
        best.slots[0].values[0], "new.kiwi.test",
        "the customer's own first"
    );
    assert!(!best.evidence.is_empty());
    assert_eq!(advice.category[0].issue_type, "证书问题");
    assert!(advice.tickets.iter().any(|row| row.title.contains("更换")));
}

pub fn a_reply_is_filled_before_it_is_copied(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let reply = shared(desk);
    let (of, slot) = (standard(reply.id.as_str()), reply.slots[0].name.clone());
    let draft = compose(desk, of.clone(), &[]).unwrap();
    assert_eq!(draft.unfilled, std::slice::from_ref(&slot));
    let draft = compose(desk, of, &[(&slot, "my.fig.test")]).unwrap();
    assert!(
        draft.unfilled.is_empty() && draft.findings.is_empty(),
        "{draft:?}"
    );
    assert!(draft.text.contains("my.fig.test") && !draft.text.contains("{{"));
    let request = Request::RecordUse(ask::RecordUse {
        uses: vec![Used {
            reply: draft.reply,
            count: 1,
            overridden: Vec::new(),
            turn: None,
        }],
    });
    done(desk.call(request)).unwrap();
    assert_eq!(shared(desk).uses, 1);
    let unknown = compose(desk, standard("没有"), &[]).unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::UnknownReply);
}

pub fn a_tickets_own_replies_are_offered_first(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let id = id(desk, "证书更换步骤咨询");
    let offers = offers(desk, &id);
    assert_eq!(offers[0].reply, Some(shared(desk).id));
    assert_eq!(offers[0].slots[0].values[0], "shop.pear.test");
    for (at, offer) in offers.iter().enumerate() {
        assert_eq!(offer.number, at + 1);
        assert!(!offer.text.contains("请稍等"), "{offer:?}");
    }
    let draft = compose(desk, DraftOf::Offer { id, number: 1 }, &[]).unwrap();
    assert_eq!(draft.reply, shared(desk).id);
    // The ticket's own turn is fit to send too, and says which turn it is.
    let turn = DraftOf::Turn {
        id: draft.ticket.unwrap().to_string(),
        turn: Some(2),
        receiver: None,
    };
    let draft = compose(desk, turn, &[]).unwrap();
    assert!(draft.fitted && draft.text.contains("\n2.打开"), "{draft:?}");
    assert_eq!((draft.turn, draft.turns), (Some(2), 2));
}

/// A ticket of these replies about exchanging a certificate.
fn exchange(title: &str, replies: &[&str]) -> String {
    let said = replies.iter().zip(1..);
    let said: Vec<String> = said.map(|(said, n)| format!("{n}. {said}")).collect();
    format!(
        "# 工单汇总\n\n---\n\n## {title}\n\n**问题分类**: CDN｜证书问题\n\n### 详细问题描述\n如何更换域名证书，域名是 new.kiwi.test\n\n\
         ### 客服解答内容\n{}\n\n### 根本原因分析\n证书未重新绑定\n\n---\n",
        said.join("\n")
    )
}

fn best(desk: &dyn Desk, id: &str) -> Result<Draft, DeskError> {
    let of = DraftOf::Turn {
        id: id.to_owned(),
        turn: None,
        receiver: None,
    };
    compose(desk, of, &[])
}

pub fn the_reply_copied_is_the_one_that_answers(bench: &Bench) {
    let desk = bench.first.as_ref();
    let steps = "您好，请登录控制台，在证书管理页面上传新证书，再到域名管理里选择它并保存";
    let closing = "签发方如今发的免费证书一张只管九十天";
    let replies = [
        "您好，请稍等，这边看下",
        steps,
        closing,
        "您好，可以了，您再试试看哈",
    ];
    import(desk, "team", "b.md", &exchange("换证书", &replies));
    let id = id(desk, "换证书");
    let draft = best(desk, &id).unwrap();
    assert_eq!((draft.turn, draft.standard), (Some(2), false));
    assert!(draft.text.contains("上传新证书"), "{}", draft.text);
    assert_eq!(super::show(desk, &id).best_turn, Some(2));
}

pub fn a_ticket_of_holding_replies_lends_a_standard_reply(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let holding = ["您好，请稍等，这边看下", "您好，可以了，您再试试看哈"];
    import(
        desk,
        "more",
        "b.md",
        &exchange("如何更换域名证书呢", &holding),
    );
    analysed(desk);
    let (wanted, none) = (id(desk, "如何更换域名证书呢"), id(desk, "子账号看不到账单"));
    let draft = best(desk, &wanted).unwrap();
    assert_eq!((draft.reply, draft.standard), (shared(desk).id, true));
    assert!(draft.lent, "it is said that another reply stands in");
    assert_eq!(super::show(desk, &wanted).best_turn, None);
    let error = best(desk, &none).unwrap_err();
    let DeskError::NoReply { id, has } = error else {
        panic!("{error}")
    };
    assert_eq!(has, RepliesThere::Holding(1));
    assert!(id.len() < none.len(), "{id}");
}

pub fn values_that_name_another_customer_are_not_filled_in(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let slot = &shared(desk).slots[0];
    assert!(slot.values.len() > 1 && slot.personal, "{slot:?}");
    assert_eq!(slot.offered(), [""; 0], "of no ticket");
    let offers = offers(desk, &id(desk, "证书更换步骤咨询"));
    assert_eq!(offers[0].slots[0].offered(), ["shop.pear.test"]);
}

pub fn a_kept_reply_is_the_agents(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let mined = shared(desk);
    let change = |name: Option<&str>, code: Option<&str>, text: Option<&str>| ReplyEdit::Change {
        reply: mined.id.to_string(),
        name: name.map(str::to_owned),
        code: code.map(str::to_owned),
        text: text.map(str::to_owned),
        base_rev: None,
    };
    edit(desk, change(Some("换证书"), Some("hzs"), None)).unwrap();
    let own = "您好，请在证书管理里修改证书，域名 {{域名}}。";
    edit(desk, change(None, None, Some(own))).unwrap();
    let kept = shared(desk);
    assert_eq!((kept.title.as_str(), kept.code.as_str()), ("换证书", "hzs"));
    assert_eq!((kept.text.as_str(), kept.curated), (own, true));
    assert_eq!(kept.tickets, 3, "it still counts the tickets it came from");
    assert_eq!(kept.mined_text, None, "the tickets say nothing new");
    let draft = compose(desk, standard("hzs"), &[("域名", "a.fig.test")]).unwrap();
    assert!(draft.text.ends_with("域名 a.fig.test。"));
    for asked in ["换证书", "huanzhengshu", "hzs", "zhengshu"] {
        let found = replies(desk, asked, false);
        assert!(found.iter().any(|row| row.title == "换证书"), "{asked}");
    }
    assert!(
        replies(desk, "tuikuan", false)
            .iter()
            .all(|row| row.title != "换证书")
    );
    // A colleague's import never overwrites it.
    import(bench.second.as_ref(), "more", "b.md", &document());
    analysed(desk);
    assert_eq!(shared(desk).text, own);
    // Two replies of one code would be a riddle.
    let twin = ReplyEdit::Create {
        name: "另一条".to_owned(),
        code: "HZS".to_owned(),
        text: "您好，请参考帮助中心的说明文档。".to_owned(),
        of: None,
    };
    assert_eq!(edit(desk, twin).unwrap_err().code(), ErrorCode::BadReply);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(shared(desk).text, mined.text);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert!(!shared(desk).curated);
}

pub fn a_kept_reply_stays_the_tickets_own_when_they_come_again_reworded(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let mined = shared(desk);
    let name = ReplyEdit::Change {
        reply: mined.id.to_string(),
        name: Some("换证书".to_owned()),
        code: Some("hzs".to_owned()),
        text: None,
        base_rev: None,
    };
    edit(desk, name).unwrap();
    let kept = shared(desk);
    let reworded = document().replace(
        "您好，更换域名证书请按以下步骤操作",
        "您好，您可以参照下面写的这几步自己来完成证书的更新替换",
    );
    import(desk, "team", "a.md", &reworded);
    analysed(desk);
    let rows = replies(desk, "进入证书管理页面上传新证书", true);
    let [row] = rows.as_slice() else {
        panic!("one reply, not {rows:?}");
    };
    assert_eq!(
        (row.id, row.title.as_str(), row.tickets),
        (kept.id, "换证书", 3)
    );
    assert_eq!(row.text, kept.text, "an agent's text stays");
    let offered = row.mined_text.as_deref().unwrap_or_default();
    assert!(offered.contains("更新替换"), "{offered}");
}

pub fn what_is_outdated_is_not_offered(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let old = shared(desk);
    let new = ReplyEdit::Create {
        name: "新流程".to_owned(),
        code: "xlc".to_owned(),
        text: "您好，现在证书会自动续期，不需要更换。".to_owned(),
        of: None,
    };
    edit(desk, new).unwrap();
    let outdated = ReplyEdit::Outdated {
        reply: old.id.to_string(),
        reason: "证书已改为自动续期".to_owned(),
        successor: Some("xlc".to_owned()),
        base_rev: None,
    };
    edit(desk, outdated).unwrap();
    assert!(replies(desk, "修改证书", false).is_empty());
    let met = &replies(desk, "修改证书", true)[0];
    assert_eq!(met.outdated, "证书已改为自动续期");
    assert_eq!(met.successor, Some(replies(desk, "自动续期", false)[0].id));
    let advice = advice(desk, "我要更换证书，怎么操作");
    assert!(advice.replies.iter().all(|reply| reply.id != old.id));
    let draft = compose(desk, standard(old.id.as_str()), &[]).unwrap();
    assert_eq!(draft.outdated, "证书已改为自动续期", "it says why when met");
    // So does what a ticket's agent said, which is a copy of it, and that is not offered.
    let ticket = id(desk, "证书更换步骤咨询");
    let turn = DraftOf::Turn {
        id: ticket.clone(),
        turn: Some(2),
        receiver: None,
    };
    let draft = compose(desk, turn.clone(), &[]).unwrap();
    assert_eq!(draft.outdated, "证书已改为自动续期");
    assert_eq!(draft.successor, met.successor.map(|id| id.to_string()));
    assert!(
        offers(desk, &ticket)
            .iter()
            .all(|offer| offer.turn != Some(2))
    );
    let retire = |retired| ReplyEdit::Retire {
        reply: met.successor.unwrap().to_string(),
        retired,
    };
    edit(desk, retire(true)).unwrap();
    assert!(replies(desk, "自动续期", false).is_empty());
    let draft = compose(desk, standard(met.successor.unwrap().as_str()), &[]).unwrap();
    assert!(
        draft.retired && draft.warnings() == ["retired"],
        "{draft:?}"
    );
    // Whoever types its code meets it, and reads what became of it.
    let coded = ReplyQuery {
        coded: true,
        ..ReplyQuery::default()
    };
    let Answer::Replies(rows) = desk.call(Request::Replies(coded)).unwrap() else {
        panic!("replies");
    };
    let row = rows.iter().find(|row| row.code == "xlc").unwrap();
    assert!(row.retired && !row.offered);
    edit(desk, retire(false)).unwrap();
    assert_eq!(replies(desk, "自动续期", false).len(), 1);
}

pub fn a_wrong_cause_is_suspect(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let page = queue(desk, Some(QueueKind::Suspect));
    let titles: Vec<&str> = page.rows.iter().map(|row| row.title.as_str()).collect();
    assert!(titles.contains(&"想要注销账号") && titles.contains(&"申请注销账号"));
    assert!(
        titles.iter().all(|title| !title.contains("证书")),
        "{titles:?}"
    );
    assert!(page.rows[0].reason_args[0].contains("证书未重新绑定"));
    assert!(page.rows.is_sorted_by(|a, b| a.score >= b.score));
    let flagged = rows(list(desk, TicketFilter::default()).rows);
    let suspect = |row: &super::TicketRow| row.suspect;
    assert_eq!(
        flagged.iter().filter(|row| suspect(row)).count(),
        page.total
    );
    // Deciding settles it: at once, and for good.
    let id = id(desk, "想要注销账号");
    super::annotate(desk, &[&id], None, &[new_cause("账号注销咨询")]).unwrap();
    let row = super::show(desk, &id).row;
    assert!(
        !row.suspect,
        "a changed ticket loses its flag before the next run"
    );
    analysed(desk);
    let page = queue(desk, Some(QueueKind::Suspect));
    assert!(page.rows.iter().all(|row| row.title != "想要注销账号"));
    let mine = queue(desk, Some(QueueKind::Mine));
    assert_eq!(mine.rows[0].title, "想要注销账号");
    // A queue can be narrowed, and tells where there is more of it.
    let only = |product: &str| {
        let filter = TicketFilter {
            category: CategoryFilter::parse(product),
            ..TicketFilter::default()
        };
        queue_where(desk, Some(QueueKind::Mine), filter)
    };
    assert_eq!((only("账户与财务").total, only("CDN").total), (1, 0));
    let tree = only("CDN").tree;
    let products: Vec<(&str, usize)> = tree
        .iter()
        .filter(|node| node.issue_type.is_none())
        .map(|node| (node.product.as_str(), node.count))
        .collect();
    assert_eq!(products, [("账户与财务", 1)]);
    assert_eq!(queue(bench.second.as_ref(), Some(QueueKind::Mine)).total, 0);
}

pub fn a_confirmed_cause_is_suggested(bench: &Bench) {
    let desk = bench.first.as_ref();
    ready(desk);
    let decided = id(desk, "想要注销账号");
    super::annotate(desk, &[&decided], None, &[new_cause("账号注销咨询")]).unwrap();
    analysed(desk);
    let other = id(desk, "申请注销账号");
    let found = suggestions(desk, &other);
    assert_eq!(found[0].cause, "账号注销咨询", "{found:?}");
    assert!(found[0].evidence.iter().any(|id| id.to_string() == decided));
    assert!(found.len() <= 3 && found.is_sorted_by(|a, b| a.score >= b.score));
    super::annotate(desk, &[&other], None, &[known("账号注销咨询")]).unwrap();
    let waiting = queue(desk, Some(QueueKind::Placeholder));
    assert_eq!(waiting.rows[0].title, "子账号看不到账单");
    assert!(queue(desk, None).total >= waiting.total);
}

pub fn whoever_listens_hears_of_the_analysis(bench: &Bench) {
    let (desk, heard) = (bench.first.as_ref(), bench.second.subscribe());
    import(desk, "team", "a.md", &document());
    let deadline = Instant::now() + Duration::from_secs(20);
    let finished = |push: &Push| match push {
        Push::Progress(progress) => progress.what == "insight",
        // A run over a few changes is told by what it may have changed.
        Push::Part(part) => *part == Part::Replies,
        _ => false,
    };
    while Instant::now() < deadline {
        if heard
            .recv_timeout(Duration::from_millis(200))
            .is_ok_and(|push| finished(&push))
        {
            return;
        }
    }
    panic!("nothing was heard of the analysis");
}

pub fn a_value_like_the_customers_own_is_looked_at(bench: &Bench) {
    let desk = bench.first.as_ref();
    let text = "## 域名打不开\n\n**分类**：CDN｜配置问题\n\n### 问题描述\n\n\
        www.myshop-lemon.cn 打不开，解析到 118.24.66.912 ，订单 8824017735501\n\n### 客服解答\n\n\
        您好，myshop-lemon.cn 和 shop-lemon.cn 请解析到 118.24.66.91 ，订单 882401773550 已开通\n";
    import(desk, "team", "a.md", text);
    let id = super::titled(desk, "域名打不开").id.to_string();
    let found = |receiver: Option<String>| {
        let of = DraftOf::Turn {
            id: id.clone(),
            turn: Some(1),
            receiver,
        };
        let draft = compose(desk, of, &[]).unwrap();
        let values = draft.findings.into_iter().map(|finding| finding.value);
        values.take(3).collect::<Vec<String>>()
    };
    // Whoever gets a turn of a resolved ticket is another customer, unless the ticket is named.
    assert_eq!(
        found(None),
        ["myshop-lemon.cn", "shop-lemon.cn", "118.24.66.91"]
    );
    assert_eq!(
        found(Some(id.clone())),
        ["shop-lemon.cn", "118.24.66.91", "882401773550"]
    );
}
