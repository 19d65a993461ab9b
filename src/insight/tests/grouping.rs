//! Which turns are copies of one reply, told by what is offered of them.

use super::Store;

/// What is offered of turns that each stand in a ticket of their own: tickets and text.
fn offered(turns: &[&str]) -> Vec<(usize, String)> {
    let mut store = Store::default();
    for (no, turn) in turns.iter().enumerate() {
        store.put("云｜咨询", &format!("问题{no}"), "怎么办", &[turn], &[]);
    }
    let insight = store.insight();
    let replies = insight.replies().all().into_iter();
    let offered = replies.filter(|reply| reply.offered);
    offered
        .map(|reply| (reply.tickets, reply.text.clone()))
        .collect()
}

const QUOTA: &str = "状态异常通常由配额用尽引起，请到配额管理申请提升，并删除不再使用的旧资源";
const SWITCH: &str = "先在左侧菜单展开高级选项，把只读开关关掉以后再保存";
const LISTED: &str = "导出一份当前清单留底，出错时按清单逐条导回就行";

#[test]
fn replies_that_share_a_main_sentence_stay_apart() {
    let (a, b) = (format!("{QUOTA}；{SWITCH}"), format!("{QUOTA}；{LISTED}"));
    let found = offered(&[&a, &b, &a, &b, &format!("您好，{a}"), &b]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|(tickets, _)| *tickets == 3), "{found:?}");
}

#[test]
fn a_reply_that_denies_another_is_another_reply() {
    let yes = "当前套餐支持变更地域，变更期间数据会同步过去，大约需要两个小时";
    let not = "当前套餐不支持变更地域，变更期间数据会同步过去，大约需要两个小时";
    let found = offered(&[yes, not, yes, not]);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn what_an_agent_says_to_one_customer_besides_makes_no_other_reply() {
    let plain = format!("{QUOTA}；{SWITCH}");
    let before = format!("您截图里第二行的提示是浏览器自己给出的，{plain}");
    let after = format!("{plain}。另外您问的合同进度已经转给商务");
    for turns in [
        [&before, &after, &plain, &plain],
        [&plain, &before, &plain, &after],
    ] {
        let found = offered(&turns.map(String::as_str));
        assert_eq!(found, [(4, plain.clone())]);
    }
}

#[test]
fn another_word_in_the_same_words_is_no_blank() {
    let of = |name: &str| format!("关于{name}，{QUOTA}");
    let names = ["日志投递", "消息队列主题", "人脸核验接口"].map(of);
    let found = offered(&names.each_ref().map(String::as_str));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(names.contains(&found[0].1), "{found:?}");
}

#[test]
fn a_sentence_that_stands_in_a_longer_reply_is_not_that_reply() {
    let whole = "查看上月账单：进入费用中心的账单页，点账单编号看明细。查看本月消费：进入费用中心的实时账页，按产品展开";
    let part = "麻烦先给下扣款短信的截图，查看本月消费：进入费用中心的实时账页，按产品展开";
    let found = offered(&[whole, whole, part]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, 2, "{found:?}");
}

#[test]
fn which_text_came_first_does_not_matter() {
    let a = format!("{QUOTA}；{SWITCH}");
    let b = format!("{QUOTA}；{LISTED}");
    let mut turns = [QUOTA, &a, &b, &a, &b, &a, &b];
    for _ in 0..turns.len() {
        let found = offered(&turns).into_iter();
        let mut texts: Vec<String> = found.map(|(_, text)| text).collect();
        texts.sort();
        assert_eq!(texts, [a.clone(), b.clone()], "{turns:?}");
        turns.rotate_left(1);
    }
}
