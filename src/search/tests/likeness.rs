//! Tickets and passages like a text, and what carries a ticket up.

use super::{Shop, shop, ticket};
use crate::model::{DocNo, Passage};
use crate::search::{Document, Kind};

impl Shop {
    /// The documents like a text, the likest first.
    fn like(&self, text: &str) -> Vec<u32> {
        let hits = self.search.similar(text, &|_| None, None, 10).unwrap();
        hits.hits.iter().map(|hit| hit.doc.0).collect()
    }
}

fn article(number: u32, title: &str, text: &str) -> Document {
    let mut article = ticket(number, title, "", "");
    article.kind = Kind::Article;
    article.passages = vec![Passage {
        heading: String::new(),
        text: text.to_owned(),
    }];
    article
}

#[test]
fn a_passage_that_has_but_a_word_in_common_is_not_offered() {
    let shop = shop(&[
        article(1, "退款指南", "主机买错了可以申请退款，退款原路返回"),
        article(2, "短信结果码", "请求参数不合法，主机地址未登记，签名错误"),
        ticket(3, "退款", "主机买错了想退款", "请填写退款原因"),
    ]);
    let found = shop.like("主机买错了，能不能退款");
    assert!(found.contains(&1) && found.contains(&3), "{found:?}");
    assert!(!found.contains(&2), "{found:?}");
}

#[test]
fn a_passage_like_a_text_is_found_however_many_tickets_are_liker() {
    let asks = "主机买错了想申请退款，怎么退";
    let mut documents: Vec<Document> = (10..120)
        .map(|number| ticket(number, "退款", asks, "请填写退款原因"))
        .collect();
    documents.push(article(
        1,
        "退款指南",
        "主机买错了可以申请退款，退款原路返回",
    ));
    documents.push(article(
        2,
        "短信结果码",
        "请求参数不合法，主机地址未登记，签名错误",
    ));
    let shop = shop(&documents);
    assert!(!shop.like(asks).contains(&1));
    let passages = |shop: &Shop| {
        let hits = shop.search.passages_like(asks, 10).unwrap().hits;
        let found = hits.iter().map(|hit| (hit.doc.0, hit.passage));
        found.collect::<Vec<_>>()
    };
    assert_eq!(passages(&shop), [(1, Some(1))]);
    // One that was taken out is offered no more.
    shop.search.remove(&[DocNo(1)]).unwrap();
    shop.search.flush().unwrap();
    assert_eq!(passages(&shop), []);
}

#[test]
fn a_text_in_other_words_is_liked_to_tickets_by_synonyms() {
    let shop = shop(&[
        ticket(1, "注销", "这个号以后停用", "请先清空资源"),
        ticket(2, "发票抬头", "抬头开错", "请重新申请"),
    ]);
    assert_eq!(shop.like("想要销户"), [1]);
}

#[test]
fn a_telling_character_among_words_carries_its_ticket_up() {
    let other = |number| ticket(number, "更新软件", "服务器要更新软件包", "请先备份");
    let mut tickets: Vec<Document> = (1..6).map(other).collect();
    tickets.push(ticket(
        6,
        "更新软件",
        "服务器要更新软件包会不会崩",
        "请先备份",
    ));
    tickets.extend((7..10).map(other));
    let found = shop(&tickets).docs("更新软件包以后怕把服务器下崩");
    assert_eq!(found.first(), Some(&6), "{found:?}");
}

#[test]
fn a_holding_reply_carries_no_ticket_up() {
    let mut held = ticket(1, "余额", "余额怎么提现", "");
    held.holding = "证书正在处理中，请稍等，证书处理完成".to_owned();
    let shop = shop(&[held, ticket(2, "证书", "证书处理中", "请等待签发")]);
    assert_eq!(shop.docs("证书处理中").first(), Some(&2));
    assert_eq!(shop.like("证书一直处理中"), [2]);
}
