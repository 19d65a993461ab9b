//! What the Markdown export writes, the reader reads back.

use proptest::prelude::*;

use super::{read_as, said};
use crate::ingest::markdown_out::document;
use crate::ingest::{LabelTable, Masking, Options};
use crate::model::{Category, Section, Speaker, Ticket, Turn};

fn options() -> Options {
    Options {
        masking: Masking::Off,
        ..Options::default()
    }
}

fn again(tickets: &[Ticket]) -> (Vec<Ticket>, String) {
    let text = document(tickets.iter(), &LabelTable::default());
    let read = read_as("export.md", text.as_bytes(), &options(), 4096);
    (read.tickets.into_iter().map(|t| t.ticket).collect(), text)
}

/// Text of lines that look like everything the reader knows.
fn hostile_text() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("## 标题"),
        Just("### 问题描述"),
        Just("---"),
        Just("**客户**：x"),
        Just("客服：x"),
        Just("根本原因：y"),
        Just("1. 一"),
        Just("- 项"),
        Just("```"),
        Just("\\# x"),
        Just("\\\\客户：x"),
        Just("> 引"),
        Just("【分类】a"),
        Just("plain words"),
        Just("  缩进"),
        Just("| a | b |"),
        Just("Q1: z"),
        Just("**粗**：z"),
        Just("\\server\\share"),
        Just("===="),
        Just("2024-01-02"),
        Just("客户A：x"),
        Just(""),
        Just("问题 3：q"),
    ];
    prop::collection::vec(line, 1..6)
        .prop_map(|lines| lines.join("\n").trim().to_owned())
        .prop_filter("some text", |t| !t.is_empty())
}

fn ticket() -> impl Strategy<Value = Ticket> {
    let title = prop_oneof![
        Just(""),
        Just("1. 如何"),
        Just("问题描述"),
        Just("Q1: x"),
        Just("证书 ## "),
        Just("\\x"),
        Just("【问题】y"),
        Just("普通标题"),
        Just("C#"),
        Just("# z"),
        Just("**粗**"),
        Just("问题 3"),
    ];
    let turn = (0..3u8, prop::option::of("[a-z小王]{1,4}"), hostile_text());
    let section = (
        prop_oneof![
            Just("备注"),
            Just("问题：a"),
            Just("客户"),
            Just("时间"),
            Just("\\y"),
            Just("根因")
        ],
        hostile_text(),
    );
    let cause = prop_oneof![
        Just("证书过期"),
        Just("未备案"),
        Just("# 井号"),
        Just("客户：误操作")
    ];
    (
        title,
        prop::option::of((
            prop_oneof![Just("CDN"), Just("对象存储")],
            prop_oneof![Just(""), Just("a/b"), Just("证书")],
        )),
        prop::option::of(hostile_text()),
        prop::collection::vec(turn, 0..5),
        prop::collection::vec(section, 0..2),
        prop::collection::hash_set(cause, 0..3),
        prop::bool::ANY,
    )
        .prop_map(
            |(title, category, question, turns, sections, causes, summary)| Ticket {
                title: title.trim().to_owned(),
                category: category.map(|(p, t)| Category {
                    product: p.to_owned(),
                    issue_type: t.to_owned(),
                }),
                question: question.unwrap_or_default(),
                dialogue: turns
                    .into_iter()
                    .enumerate()
                    .map(|(at, (who, name, text))| Turn {
                        speaker: [Speaker::Customer, Speaker::Agent, Speaker::Other]
                            [usize::from(who)],
                        name,
                        // Equal turns cannot be told apart by their marks.
                        text: format!("第{at}句 {text}"),
                        in_summary: summary && who == 1,
                    })
                    .collect(),
                sections: sections
                    .into_iter()
                    .map(|(h, t)| Section {
                        heading: h.to_owned(),
                        text: t,
                    })
                    .collect(),
                causes: causes.into_iter().map(str::to_owned).collect(),
                ..Ticket::default()
            },
        )
}

proptest! {
    #[test]
    fn a_ticket_written_is_read_back_equal(tickets in prop::collection::vec(ticket(), 1..4)) {
        let (read, text) = again(&tickets);
        prop_assert_eq!(&read, &tickets, "{}", text);
        prop_assert_eq!(again(&read).1, text);
    }
}

#[test]
fn a_second_export_of_a_foreign_document_equals_the_first() {
    let doc = "\n## 1. 甲\n\n**分类**：CDN > 证书\n适用场景：CDN、证书\n日期：2024/1/2\n\n### 问题描述\n---\n\n\n两空行\n### 回复\n1. a\n# 注释\n2. b\n### 完整对话\n客户小张：q\n客服：a\n# 注释\n客服：b\n### 其他记录\n- x\n### 根因\n甲；乙\n";
    let first: Vec<Ticket> = read_as("x.md", doc.as_bytes(), &options(), 64)
        .tickets
        .into_iter()
        .map(|t| t.ticket)
        .collect();
    assert_eq!(first.len(), 1);
    let (second, text) = again(&first);
    assert_eq!(second, first, "{text}");
    assert_eq!(again(&second).1, text);
    assert_eq!(said(&first[0]).len(), 3);
}
