//! How long it takes on thousands of generated tickets, and how much of what was put in is
//! found. Times are printed, not judged: machines differ.

use std::time::Instant;

use super::super::*;
use super::{Store, cause};
use crate::model::{Speaker, TicketId};

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = pattern::mix(self.0.wrapping_add(0x9e37_79b9_7f4a_7c15));
        (self.0 % sides as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const SUBJECTS: [&str; 12] = [
    "证书", "账单", "发票", "账号", "退款", "域名", "缓存", "上传", "主机", "短信", "直播", "日志",
];
const VERBS: [&str; 10] = [
    "打开", "核对", "添加", "删除", "绑定", "下载", "填写", "启用", "关闭", "调整",
];
const THINGS: [&str; 14] = [
    "列表页面",
    "安全规则",
    "访问密钥",
    "回源地址",
    "告警阈值",
    "结算周期",
    "收件信息",
    "实例规格",
    "快照策略",
    "推流地址",
    "签名模板",
    "过期时间",
    "成员权限",
    "存储类型",
];
const HOLDING: [&str; 4] = [
    "您好，请稍等，这边看下",
    "您好，这个已处理完毕，您再核对一下。",
    "我们人工介入处理中，麻烦您等一下",
    "好的",
];

/// A standard reply: steps that hold together, with a customer's domain in one of them.
fn template(dice: &mut Dice, subject: &str, n: usize) -> String {
    let mut text = format!("您好，关于{subject}的第{n}类情况请按如下步骤操作");
    for step in 1..=4 {
        let (a, b) = (dice.pick(&VERBS), dice.pick(&VERBS));
        let (c, d) = (dice.pick(&THINGS), dice.pick(&THINGS));
        text += &format!("{step}.{a}{subject}{c}并{b}{d}");
    }
    text + &format!("参考https://doc.cloud.example/manual/{n}完成后为DOMAIN重新提交")
}

fn store(tickets: usize, templates: &[(usize, String)]) -> (Store, Vec<Option<usize>>) {
    let mut dice = Dice(7);
    let mut store = Store::default();
    let mut truth = Vec::new();
    for _ in 0..tickets {
        let own = dice.roll(10) < 6;
        let (subject, said, used) = if own {
            let at = dice.roll(templates.len());
            let (subject, text) = &templates[at];
            let domain = format!("c{}.customer{}.test", dice.roll(50), dice.roll(400));
            let prefix = dice.pick(&["", "", "", "看了下这个是正常的。", "不好意思，"]);
            (
                *subject,
                format!("{prefix}{}", text.replace("DOMAIN", &domain)),
                Some(at),
            )
        } else {
            let subject = dice.roll(SUBJECTS.len());
            let text: Vec<String> = (0..3)
                .map(|_| {
                    format!(
                        "{}{}的{}在{}之后{}",
                        dice.pick(&VERBS),
                        dice.pick(&THINGS),
                        dice.roll(900),
                        dice.pick(&THINGS),
                        dice.pick(&VERBS)
                    )
                })
                .collect();
            (subject, format!("您好，{}", text.join("，")), None)
        };
        let name = SUBJECTS[subject];
        let title = format!("{name}{}{}", dice.pick(&VERBS), dice.pick(&THINGS));
        let question = format!(
            "{name}的{}一直不对，{}以后还是{}",
            dice.pick(&THINGS),
            dice.pick(&VERBS),
            dice.roll(100_000)
        );
        let given = if dice.roll(20) == 0 {
            SUBJECTS[dice.roll(SUBJECTS.len())]
        } else {
            name
        };
        let given = format!("{given}操作不当");
        let (first, last) = (dice.pick(&HOLDING), dice.pick(&HOLDING));
        store.put(
            &format!("产品{}｜{name}问题", subject % 4),
            &title,
            &question,
            &[first, &said, last],
            &[&given],
        );
        truth.push(used);
    }
    (store, truth)
}

fn templates(count: usize) -> Vec<(usize, String)> {
    let mut dice = Dice(99);
    (0..count)
        .map(|n| {
            let subject = dice.roll(SUBJECTS.len());
            (subject, template(&mut dice, SUBJECTS[subject], n))
        })
        .collect()
}

#[test]
fn replies_put_in_are_found_again_and_nothing_else_is_offered() {
    let templates = templates(60);
    let (store, truth) = store(1_500, &templates);
    let begun = Instant::now();
    let insight = store.insight();
    println!("1,500 tickets: {:?}", begun.elapsed());
    let of: std::collections::BTreeMap<TicketId, Option<usize>> = (0..truth.len())
        .map(|n| (super::id(n as u32), truth[n]))
        .collect();
    let offered: Vec<&MinedReply> = insight
        .replies()
        .all()
        .into_iter()
        .filter(|r| r.offered)
        .collect();
    let mut found = std::collections::BTreeSet::new();
    let mut wrong = 0;
    for reply in &offered {
        let kinds: std::collections::BTreeSet<Option<usize>> = reply
            .evidence
            .iter()
            .map(|(ticket, _)| of[ticket])
            .collect();
        match kinds.iter().next() {
            Some(Some(template)) if kinds.len() == 1 => {
                found.insert(*template);
            }
            _ => {
                println!("{}", reply.text);
                wrong += 1;
            }
        }
    }
    println!(
        "offered {}, of one template {}, mixed or none {wrong}",
        offered.len(),
        found.len()
    );
    assert!(found.len() >= 54, "of 60 replies found {}", found.len());
    assert!(
        wrong * 20 <= offered.len(),
        "{wrong} of {} offered are no one reply",
        offered.len()
    );
    let slotted = offered
        .iter()
        .filter(|reply| reply.text.contains("{{域名}}"))
        .count();
    assert_eq!(slotted, found.len());
    assert!(
        !offered
            .iter()
            .any(|reply| HOLDING.iter().any(|holding| reply.text == *holding))
    );
}

#[test]
fn causes_put_in_wrong_are_doubted_first() {
    let (store, _) = store(1_500, &templates(60));
    let insight = store.insight();
    let wrong = |id: &TicketId| {
        let (ticket, causes, _) = &store.tickets[id];
        let subject = ticket.title.chars().take(2).collect::<String>();
        !causes[0].starts_with(&subject)
    };
    let suspects = insight.suspects();
    let right = suspects
        .iter()
        .filter(|suspect| !wrong(&suspect.ticket))
        .count();
    let put_in = store.tickets.keys().filter(|id| wrong(id)).count();
    println!(
        "suspects {}, of them right causes {right}; wrong ones put in {put_in}",
        suspects.len()
    );
    assert!(suspects.len() - right >= put_in / 2);
    assert_eq!(
        suspects
            .iter()
            .take(20)
            .filter(|suspect| !wrong(&suspect.ticket))
            .count(),
        0
    );
    assert_eq!(
        suspects[0].reasons[0].args[0],
        store.tickets[&suspects[0].ticket].1[0]
    );
}

#[test]
fn one_more_ticket_is_cheap() {
    let (mut store, _) = store(1_500, &templates(60));
    let mut insight = store.insight();
    let before = insight.replies().all().len();
    let template = templates(60)[0].1.replace("DOMAIN", "new.customer.test");
    let id = store.put(
        "产品0｜证书问题",
        "新来的",
        "新来的工单",
        &[&template],
        &["证书操作不当"],
    );
    let begun = Instant::now();
    store.add(&mut insight, id);
    insight.finish(&store);
    println!("one more: {:?}", begun.elapsed());
    let begun = Instant::now();
    let suggested = insight.suggest(id, &store.tickets[&id].0, &[]);
    println!("suggest: {:?}", begun.elapsed());
    assert_eq!(insight.replies().all().len(), before);
    assert_eq!(insight.replies_of(id).len(), 1);
    let subject = SUBJECTS[templates(60)[0].0];
    assert_eq!(suggested[0].cause, cause(&format!("{subject}操作不当")));
    assert!(
        store.tickets[&id]
            .0
            .dialogue
            .iter()
            .all(|turn| turn.speaker == Speaker::Agent)
    );
}
