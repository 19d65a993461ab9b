//! Notes that agents write for each other: whatever marks one, no customer may read it.

use super::{read, read_as, said};
use crate::ingest::Options;

#[test]
fn a_note_among_replies_and_a_section_of_notes_are_nobodys_answer() {
    let doc = "# 工单\n\n## 发票抬头开错\n\n**问题分类**: 财务｜发票\n\n### 问题描述\n抬头写成了个人\n\n### 客服回复\n1. 【内部备注】此客户投诉过两次，先报主管\n2. 您好，请在发票中心申请换开\n3. 您好，换开后旧票作废\n备注（内部）：作废要人工点\n\n### 内部备注\n名单客户，优先处理\n\n### 根本原因\n填错抬头\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        [
            "I:【内部备注】此客户投诉过两次，先报主管",
            "A:您好，请在发票中心申请换开",
            "A:您好，换开后旧票作废",
            "I:备注（内部）：作废要人工点",
            "I:名单客户，优先处理",
        ]
    );
    assert_eq!(read.ticket(0).causes, ["填错抬头"]);
    assert!(read.ticket(0).sections.is_empty());
}

#[test]
fn a_conversation_names_its_notes() {
    let doc = "## 节点离线\n\n**分类**：边缘｜节点\n\n### 对话记录\n客户：节点掉了\n内部备注：机房割接，别对外说\n客服：您好，正在核实\n客服（内部）：转二线\n客服小王：您好，已恢复\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        [
            "C:节点掉了",
            "I:机房割接，别对外说",
            "A:您好，正在核实",
            "I:转二线",
            "A:您好，已恢复",
        ]
    );
}

#[test]
fn every_flag_and_role_of_a_message_marks_a_note() {
    let notes = [
        r#"{"role":"agent","content":"密","private":true}"#,
        r#"{"role":"agent","content":"密","public":false}"#,
        r#"{"role":"agent","content":"密","is_internal":1}"#,
        r#"{"role":"agent","content":"密","internal":"true"}"#,
        r#"{"role":"agent","content":"密","visibility":"internal"}"#,
        r#"{"role":"agent","content":"密","type":"note"}"#,
        r#"{"role":"internal","content":"密"}"#,
        r#"{"role":"note","content":"密"}"#,
        r#"{"speaker":"内部备注","text":"密"}"#,
        r#"{"author":"小李","body":"密","jsdPublic":false}"#,
        r#"{"role":"system","content":"密","private":true}"#,
    ];
    for note in notes {
        let line = format!(
            r#"{{"title":"t","messages":[{{"role":"customer","content":"问"}},{note},{{"role":"bot","content":"自动"}},{{"role":"agent","content":"答","private":false}}]}}"#
        );
        let read = read_as("a.jsonl", line.as_bytes(), &Options::default(), 64);
        assert_eq!(
            said(read.ticket(0)),
            ["C:问", "I:密", "O:自动", "A:答"],
            "{note}"
        );
    }
}

#[test]
fn a_note_within_a_message_is_parted_from_it() {
    let line = r#"{"title":"t","internal_note":"限速名单","replies":["您好，请重试\n【内部备注】套餐低","内部：别升级"]}"#;
    let read = read_as("a.jsonl", line.as_bytes(), &Options::default(), 64);
    assert_eq!(
        said(read.ticket(0)),
        [
            "A:您好，请重试",
            "I:【内部备注】套餐低",
            "I:别升级",
            "I:限速名单"
        ]
    );
}
