//! The replies of the fake, and what it advises.

use super::tickets::{cause_id, passage, ticket, ticket_id};
use crate::api::{
    AdviceView, AdvisedReply, AtHandRow, Draft, DraftFinding, LikelyCategory, ReplyRow, SlotRow,
    SuggestedCause,
};
use crate::model::{ReplyId, Revision};

/// The text of the standard reply.
pub const STANDARD: &str = "您好，请在控制台对 {{域名}} 重新提交一次配置，约 {{分钟}} 分钟生效。";

pub(super) fn slots() -> Vec<SlotRow> {
    [
        ("域名", &["www.example.com", "cdn.example.com"][..]),
        ("分钟", &["10"]),
    ]
    .map(|(name, values)| SlotRow {
        name: name.into(),
        values: values.iter().map(|&value| value.into()).collect(),
        own: 1,
        personal: false,
    })
    .to_vec()
}

pub(super) fn standard() -> ReplyRow {
    ReplyRow {
        id: ReplyId::from_hash(&[3; 32]),
        title: "重新提交配置".into(),
        code: "zs".into(),
        text: STANDARD.into(),
        slots: slots(),
        tickets: 4,
        variants: 2,
        holding: false,
        healed: false,
        curated: true,
        categories: Vec::new(),
        offered: true,
        broken_link: false,
        healed_from: Vec::new(),
        evidence: vec![ticket_id(0)],
        uses: 0,
        favourite: false,
        outdated: String::new(),
        successor: None,
        retired: false,
        mined_text: None,
        mined_before: String::new(),
        withheld: String::new(),
        merged: Vec::new(),
        merged_into: None,
        newest_ticket: Some(ticket_id(0)),
        newest_date: None,
        last_copied: None,
        revision: Revision(0),
    }
}

/// A favourite, and a turn copied before.
pub(super) fn at_hand(favourite: bool) -> AtHandRow {
    let row = standard();
    AtHandRow {
        id: row.id,
        title: if favourite {
            row.title
        } else {
            "请稍后重试".into()
        },
        code: if favourite { row.code } else { String::new() },
        text: if favourite {
            row.text
        } else {
            "请稍后重试。".into()
        },
        slots: if favourite { row.slots } else { Vec::new() },
        favourite,
        copied: None,
        ticket: (!favourite).then(|| ticket_id(1)),
        turn: (!favourite).then_some(2),
        outdated: String::new(),
        retired: false,
    }
}

/// A draft of a text in which nothing was found.
pub fn draft(text: &str) -> Draft {
    Draft {
        reply: ReplyId::from_hash(&[3; 32]),
        standard: true,
        ticket: None,
        turn: None,
        turns: 0,
        title: "重新提交配置".into(),
        text: text.into(),
        template: text.into(),
        original: text.into(),
        slots: Vec::new(),
        unfilled: Vec::new(),
        findings: Vec::new(),
        healed: Vec::new(),
        broken_links: Vec::new(),
        pictures: 0,
        fitted: false,
        lent: false,
        retired: false,
        holding: false,
        marks: Vec::new(),
        outdated: String::new(),
        successor: None,
        merged_from: None,
    }
}

/// A place of a text that the guard found.
pub fn finding(text: &str, value: &str, kind: &str, slot: &str) -> DraftFinding {
    let before = text.split(value).next().unwrap();
    let start = before.chars().count();
    let end = start + value.chars().count();
    DraftFinding {
        start,
        end,
        value: value.into(),
        kind: kind.into(),
        hidden_start: start,
        hidden_end: end,
        mask: "***".into(),
        slot: slot.into(),
    }
}

pub(super) fn suggested(cause: &str, score: f32) -> SuggestedCause {
    SuggestedCause {
        cause: cause.into(),
        score,
        evidence: vec![ticket_id(8), ticket_id(16)],
        cause_id: cause_id(cause),
    }
}

pub(super) fn advice() -> AdviceView {
    AdviceView {
        category: vec![LikelyCategory {
            product: "CDN".into(),
            issue_type: "证书问题".into(),
            score: 0.75,
            evidence: vec![ticket_id(8)],
        }],
        replies: vec![
            AdvisedReply {
                id: ReplyId::from_hash(&[4; 32]),
                title: "等待证书下发".into(),
                text: "您好，证书下发约需十分钟，请稍后刷新页面。".into(),
                slots: Vec::new(),
                score: 0.9,
                tickets: 6,
                code: String::new(),
                evidence: Vec::new(),
            },
            AdvisedReply {
                id: ReplyId::from_hash(&[3; 32]),
                title: "重新提交配置".into(),
                text: STANDARD.into(),
                slots: slots(),
                score: 0.6,
                tickets: 4,
                code: "zs".into(),
                evidence: Vec::new(),
            },
        ],
        tickets: vec![ticket(0).row],
        causes: vec![suggested("证书下发超时", 0.66)],
        passages: vec![passage("证书")],
        analysing: None,
    }
}
