//! The whole of insight on small invented stores.

mod figures;
mod grouping;

use std::collections::BTreeMap;

use super::*;
use crate::model::{Category, Speaker, Turn};

/// A small store, as the desk would hold it.
#[derive(Default)]
struct Store {
    tickets: BTreeMap<TicketId, (Ticket, Vec<String>, bool)>,
}

fn id(n: u32) -> TicketId {
    TicketId::from_hash(blake3::hash(&n.to_le_bytes()).as_bytes())
}

fn cause(name: &str) -> CauseId {
    CauseId::from_hash(blake3::hash(name.as_bytes()).as_bytes())
}

fn turn(speaker: Speaker, text: &str) -> Turn {
    Turn {
        speaker,
        name: None,
        text: text.to_owned(),
        in_summary: false,
    }
}

impl Store {
    fn put(
        &mut self,
        category: &str,
        title: &str,
        question: &str,
        replies: &[&str],
        causes: &[&str],
    ) -> TicketId {
        let id = id(self.tickets.len() as u32);
        let ticket = Ticket {
            title: title.to_owned(),
            category: Category::parse(category),
            question: question.to_owned(),
            dialogue: replies
                .iter()
                .map(|text| turn(Speaker::Agent, text))
                .collect(),
            ..Ticket::default()
        };
        let causes = causes.iter().map(|name| (*name).to_owned()).collect();
        self.tickets.insert(id, (ticket, causes, false));
        id
    }

    fn confirm(&mut self, id: TicketId, name: &str) {
        if let Some((_, causes, confirmed)) = self.tickets.get_mut(&id) {
            *causes = vec![name.to_owned()];
            *confirmed = true;
        }
    }

    fn add(&self, insight: &mut Insight, id: TicketId) {
        let (ticket, names, confirmed) = &self.tickets[&id];
        let causes: Vec<CauseId> = names.iter().map(|name| cause(name)).collect();
        insight.add(&Case {
            id,
            ticket,
            category: ticket.category.as_ref(),
            causes: &causes,
            outdated: false,
            confirmed: *confirmed,
            order: 0,
        });
    }

    fn insight(&self) -> Insight {
        let mut insight = Insight::default();
        let names: std::collections::BTreeSet<&String> = self
            .tickets
            .values()
            .flat_map(|(_, causes, _)| causes)
            .collect();
        let vocabulary: Vec<(CauseId, Vec<String>)> = names
            .into_iter()
            .map(|name| (cause(name), vec![name.clone()]))
            .collect();
        insight.set_vocabulary(&vocabulary);
        for id in self.tickets.keys() {
            self.add(&mut insight, *id);
        }
        insight.finish(self);
        insight
    }
}

impl Texts for Store {
    fn turn(&self, ticket: TicketId, turn: usize) -> Option<String> {
        Some(
            self.tickets
                .get(&ticket)?
                .0
                .dialogue
                .get(turn)?
                .text
                .clone(),
        )
    }
}

const CLOSE: &str = "您好，关闭服务可以在控制台自助操作https://console.cloud.example/account/close关闭前需满足以下条件：1、没有欠费2、数据已清空3、没有处理中的提现注意：关闭后无法找回";
const CLOSE_BROKEN: &str =
    "您好，关闭服务可以在控制台自助操作https://console.cloud.example/[REDACTED_PATH]";

/// Offers what mining thinks can be offered.
fn offered(reply: &MinedReply) -> bool {
    reply.offered
}

#[test]
fn what_was_found_survives_as_bytes_and_goes_on() {
    let mut store = Store::default();
    for _ in 0..3 {
        store.put("云｜账号", "关闭服务", "怎么关闭", &[CLOSE], &["账号咨询"]);
    }
    let mut insight = store.insight();
    let mut bytes = Vec::new();
    insight.write(&mut bytes).unwrap();
    let mut again = Insight::read(std::sync::Arc::new(Pairs), &*bytes).unwrap();
    let late = store.put("云｜账号", "还想关闭", "怎么关闭服务", &[CLOSE], &[]);
    for one in [&mut insight, &mut again] {
        store.add(one, late);
        one.finish(&store);
    }
    assert_eq!(again.replies().all(), insight.replies().all());
    assert_eq!(again.replies().all()[0].tickets, 4);
    assert!(Insight::read(std::sync::Arc::new(Pairs), &bytes[..bytes.len() / 2]).is_err());
}

fn said(replies: &[&str]) -> Ticket {
    let turn = |text: &&str| crate::model::Turn {
        speaker: crate::model::Speaker::Agent,
        name: None,
        text: (*text).to_owned(),
        in_summary: false,
    };
    Ticket {
        dialogue: replies.iter().map(turn).collect(),
        ..Ticket::default()
    }
}

#[test]
fn the_best_turn_is_the_one_that_answers_and_not_the_last() {
    let steps = "您好，请登录控制台，在证书管理里点击申请免费证书，填写域名后提交审核";
    let closing = "签发方如今发的免费证书一张只管九十天";
    let ticket = said(&["您好，请稍等", steps, closing, "嗯嗯是的", "不客气"]);
    assert_eq!(best_turn(&ticket, &[]), Some(1), "it says most");
    assert_eq!(best_turn(&ticket, &[2]), Some(2), "others were sent it too");
    let asks = said(&[
        "您好，请在刷新预取页提交目录刷新",
        "麻烦您提供一下出错的域名和时间？",
    ]);
    assert_eq!(
        best_turn(&asks, &[1]),
        Some(0),
        "an answer before a question"
    );
}

#[test]
fn of_turns_that_answer_nothing_none_is_the_best() {
    let ticket = said(&["您好，请稍等，这边看下", "您好，可以了，您再试试看哈"]);
    assert_eq!(best_turn(&ticket, &[]), None);
}

#[test]
fn a_shared_answer_is_found_and_holding_replies_are_not_offered() {
    let mut store = Store::default();
    for n in 0..3 {
        store.put(
            "账户｜账户问题",
            &format!("注销{n}"),
            "请帮我注销",
            &[
                "您好，请稍等，这边看下",
                CLOSE,
                "这个已处理完毕，您核对一下",
            ],
            &[],
        );
    }
    let insight = store.insight();
    let all = insight.replies().all();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].tickets, all[0].offered), (3, true));
    assert!(
        all[0].text.contains("\n2、数据已清空\n3、"),
        "{}",
        all[0].text
    );
    assert_eq!(insight.replies().counts()[&normal::Class::Holding], 6);
    assert_eq!(all[0].categories[0].0.to_string(), "账户｜账户问题");
}

#[test]
fn a_customers_domain_is_not_the_vendors_however_many_tickets_they_have() {
    let mut store = Store::default();
    for n in 0..4 {
        store.put(
            "CDN｜配置问题",
            &format!("第{n}次回源失败"),
            "www.shop-big.cn 一直打不开，帮忙看下",
            &["您好，请登录控制台，在域名管理里打开 www.shop-big.cn 的回源配置，将回源协议改为跟随，保存后五分钟生效"],
            &[],
        );
    }
    let insight = store.insight();
    let vendor = insight.vendor();
    assert!(!vendor.owns(value::ValueKind::Domain, "www.shop-big.cn"));
    let all = insight.replies().all();
    assert_eq!(all.len(), 1);
    assert!(!all[0].text.contains("shop-big"), "{}", all[0].text);
    assert_eq!(all[0].slots[0].kind, value::ValueKind::Domain);
}

#[test]
fn a_broken_copy_joins_its_siblings_and_is_healed_from_them() {
    let mut store = Store::default();
    let broken = store.put("账户｜账户问题", "注销", "注销", &[CLOSE_BROKEN], &[]);
    let whole = store.put("账户｜账户问题", "关闭", "关闭", &[CLOSE], &[]);
    let insight = store.insight();
    let reply = &insight.replies_of(broken)[0];
    assert_eq!(reply.tickets, 2);
    assert!(!reply.broken_link && reply.text.contains("/account/close "));
    assert_eq!(reply.healed, [(broken, whole)]);
    let siblings = insight.siblings(broken, 0, &store);
    let siblings: Vec<heal::Sibling<'_>> = siblings
        .iter()
        .map(|(source, text)| heal::Sibling {
            source: *source,
            text,
        })
        .collect();
    assert_eq!(
        heal::heal(CLOSE_BROKEN, &siblings, &|_, _| None).text,
        CLOSE
    );
}

#[test]
fn one_customers_reply_is_no_standard_reply_but_a_clean_one_serves_its_ticket() {
    let mut store = Store::default();
    let clean = store.put(
        "存储｜权限",
        "跨域",
        "跨域报错",
        &["您好，请在空间设置里添加跨域规则，来源填写业务站点，五分钟后生效"],
        &[],
    );
    let personal = store.put(
        "域名｜解析",
        "解析",
        "解析不对",
        &["您好，请把 a.shop.test 的主机记录改为 5f0c1a2b3c4d5e6f7a8b9c0d 后再验证所有权"],
        &[],
    );
    let insight = store.insight();
    assert!(insight.replies().all().is_empty());
    assert_eq!(
        insight.offers(clean, &store.tickets[&clean].0, &[], &offered),
        [Offer::Turn(0)]
    );
    assert_eq!(
        insight.offers(personal, &store.tickets[&personal].0, &[], &offered),
        []
    );
}

#[test]
fn a_ticket_added_again_counts_once_and_a_removed_one_not_at_all() {
    let mut store = Store::default();
    let ids: Vec<TicketId> = (0..3)
        .map(|n| store.put("账户｜账户问题", &format!("注销{n}"), "注销", &[CLOSE], &[]))
        .collect();
    let mut insight = store.insight();
    let reply = insight.replies().all()[0].id;
    store.add(&mut insight, ids[0]);
    insight.finish(&store);
    assert_eq!(insight.replies().get(reply).unwrap().tickets, 3);
    assert_eq!(insight.replies().counts()[&normal::Class::Answer], 3);
    insight.remove(ids[1]);
    insight.finish(&store);
    assert_eq!(insight.replies().get(reply).unwrap().tickets, 2);
    insight.remove(ids[2]);
    insight.finish(&store);
    assert!(insight.replies().all().is_empty());
    assert_eq!(insight.len(), 1);
}

#[test]
fn mining_in_one_go_or_ticket_by_ticket_gives_the_same() {
    let mut store = Store::default();
    for n in 0..4 {
        store.put("账户｜账户问题", &format!("注销{n}"), "注销", &[CLOSE], &[]);
        store.put("证书｜申请", &format!("申请{n}"), "怎么申请", &[&format!("证书申请步骤：1.打开证书页面2.填写域名c{n}.shop.test并提交3.按提示添加解析记录等待签发")], &[]);
    }
    let at_once = store.insight();
    let mut one_by_one = Insight::default();
    for id in store.tickets.keys() {
        store.add(&mut one_by_one, *id);
        one_by_one.finish(&store);
    }
    assert_eq!(at_once.replies().all(), one_by_one.replies().all());
    assert_eq!(at_once.replies().all().len(), 2);
}

const CERT: &str = "证书部署有误";
const USE: &str = "产品使用方法咨询";

#[test]
fn a_cause_nothing_speaks_of_is_suspect_and_a_right_one_is_not() {
    let mut store = Store::default();
    let wrong = store.put(
        "账户｜账户问题",
        "注销账号",
        "注销账号",
        &[
            CLOSE_BROKEN,
            "账号注销后不能恢复，请先备份账户里的数据再提交",
        ],
        &[CERT],
    );
    let right = store.put(
        "CDN｜证书问题",
        "证书不生效",
        "HTTPS打不开",
        &["您好，证书链不完整，请重新上传包含中间证书的文件后再部署"],
        &[CERT],
    );
    for n in 0..3 {
        store.put(
            "账户｜账户问题",
            &format!("账号注销{n}"),
            "申请注销",
            &[CLOSE],
            &[USE],
        );
    }
    let insight = store.insight();
    let suspects = insight.suspects();
    assert_eq!(suspects.len(), 1, "{suspects:?}");
    assert_eq!(suspects[0].ticket, wrong);
    let kinds: Vec<ReasonKind> = suspects[0]
        .reasons
        .iter()
        .map(|reason| reason.kind)
        .collect();
    assert!(
        kinds.contains(&ReasonKind::NoWordInCommon)
            && kinds.contains(&ReasonKind::NeighboursDisagree),
        "{kinds:?}"
    );
    assert_eq!(insight.suspect(right), None);
    // Its own wrong label does not vote for it; the tickets answered alike do.
    let suggested = insight.suggest(wrong, &store.tickets[&wrong].0, &[]);
    assert_eq!(suggested[0].cause, cause(USE));
    assert_eq!(suggested[0].evidence.len(), 3);
}

#[test]
fn one_confirmed_cause_outweighs_several_given_ones() {
    let mut store = Store::default();
    let ids: Vec<TicketId> = (0..4)
        .map(|n| {
            store.put(
                "账户｜账户问题",
                &format!("注销第{n}个"),
                "注销",
                &[CLOSE],
                &[USE],
            )
        })
        .collect();
    store.confirm(ids[0], "客户不再使用");
    let open = store.put("账户｜账户问题", "想注销了", "怎样注销呢", &[CLOSE], &[]);
    let insight = store.insight();
    let suggested = insight.suggest(open, &store.tickets[&open].0, &[]);
    assert_eq!(suggested[0].cause, cause("客户不再使用"));
    assert_eq!(suggested[0].evidence, [ids[0]]);
    assert!(suggested[0].score > suggested[1].score && suggested[0].score <= 1.0);
    assert_eq!(insight.suspect(ids[0]), None);
}

#[test]
fn a_ticket_filed_apart_from_its_look_alikes_is_misfiled() {
    let mut store = Store::default();
    let steps = "免费证书申请步骤：1.打开证书页面2.选择品牌并补全资料3.添加解析记录完成域名所有权验证4.等待签发后部署";
    for n in 0..4 {
        store.put(
            "CDN｜证书问题",
            &format!("申请证书{n}"),
            &format!("第{n}次申请证书"),
            &[steps],
            &[],
        );
    }
    let apart = store.put(
        "对象存储｜其他",
        "自己生成证书",
        "证书如何生成",
        &[steps],
        &[],
    );
    let insight = store.insight();
    let misfiled = insight.misfiled();
    assert_eq!(misfiled.len(), 1);
    assert_eq!(
        (
            misfiled[0].ticket,
            misfiled[0].proposed.to_string().as_str()
        ),
        (apart, "CDN｜证书问题")
    );
    assert_eq!(insight.groups(&|_| true)[0].len(), 5);
}

#[test]
fn a_message_is_answered_from_similar_tickets() {
    let mut store = Store::default();
    let ids: Vec<TicketId> = (0..3)
        .map(|n| {
            store.put(
                "账户｜账户问题",
                &format!("注销{n}"),
                "注销",
                &["请稍等", CLOSE],
                &[USE],
            )
        })
        .collect();
    let insight = store.insight();
    let similar: Vec<(TicketId, f32)> = ids.iter().map(|id| (*id, 0.9)).collect();
    let advice = insight.answer("你好，我想注销账号，怎么操作", &similar, &offered);
    assert_eq!(advice.categories[0].category.to_string(), "账户｜账户问题");
    assert_eq!(advice.replies.len(), 1);
    assert_eq!(advice.replies[0].evidence.len(), 3);
    assert_eq!(advice.causes[0].cause, cause(USE));
}

#[test]
fn a_huge_reply_full_of_values_costs_no_more_than_its_length() {
    let piece = "1.打开https://a.shop.test/apply2.补全[REDACTED_URL]资料，明天联系13812345678或b.shop.test，";
    let text = piece.repeat(2_000);
    let begun = std::time::Instant::now();
    let found = guard::findings(&text, &Vendor::default(), &|_| false);
    let fitted = fit::fit(&text);
    println!("{} bytes: {:?}", text.len(), begun.elapsed());
    assert_eq!(found.len(), 2_000 * 5);
    assert_eq!(fitted.text.matches('\n').count(), 2_000 * 2 - 1);
}
