//! Masking at the door.

use super::read_as;
use crate::ingest::{Masking, Options};

const DOC: &str = "## 联系方式\n**分类**：账户｜资料\n### 问题描述\n我的手机 13800138000\n邮箱 a.b@example.com\n### 客服解答\n**客服**：请拨打 400-123-4567\n或写信 help@example.com\n### 根本原因\n资料未更新\n";

#[test]
fn contacts_become_marks_and_are_counted_by_side() {
    let read = read_as("x.md", DOC.as_bytes(), &Options::default(), 16);
    let ticket = read.ticket(0);
    assert_eq!(
        ticket.question,
        "我的手机 [REDACTED_PHONE]\n邮箱 [REDACTED_EMAIL]"
    );
    assert_eq!(
        ticket.dialogue[0].text,
        "请拨打 [REDACTED_PHONE]\n或写信 [REDACTED_EMAIL]"
    );
    let places: Vec<_> = read
        .report
        .places
        .iter()
        .map(|p| (p.line, p.class.name(), p.side.name()))
        .collect();
    assert_eq!(
        places,
        [
            (4, "phone", "customer"),
            (5, "email", "customer"),
            (7, "phone", "agent"),
            (8, "email", "agent")
        ]
    );
    assert_eq!(read.value("masked", "count"), Some("4"));
    let contacts: Vec<&str> = read.report.contacts.keys().map(String::as_str).collect();
    assert_eq!(contacts, ["4001234567", "help@example.com"]);
    assert!(!format!("{:?}", read.report.warnings).contains("13800138000"));
}

#[test]
fn the_vendors_own_contacts_stay() {
    let allow = vec!["4001234567".to_owned(), "@example.com".to_owned()];
    let options = Options {
        masking: Masking::On {
            allow,
            classes: Vec::new(),
        },
        ..Options::default()
    };
    let read = read_as("x.md", DOC.as_bytes(), &options, 16);
    assert_eq!(
        read.ticket(0).dialogue[0].text,
        "请拨打 400-123-4567\n或写信 help@example.com"
    );
    assert_eq!(read.report.masked.len(), 1);
}

#[test]
fn masking_can_be_off_and_the_fingerprint_does_not_know() {
    let off = Options {
        masking: Masking::Off,
        ..Options::default()
    };
    let (plain, masked) = (
        read_as("x.md", DOC.as_bytes(), &off, 16),
        read_as("x.md", DOC.as_bytes(), &Options::default(), 16),
    );
    assert!(plain.ticket(0).question.contains("13800138000"));
    assert_eq!(plain.tickets[0].fingerprint, masked.tickets[0].fingerprint);
    let other = Options {
        fingerprint_key: [7; 32],
        ..Options::default()
    };
    assert_ne!(
        read_as("x.md", DOC.as_bytes(), &other, 16).tickets[0].fingerprint,
        plain.tickets[0].fingerprint
    );
}

#[test]
fn a_heading_in_a_warning_quotes_no_contact() {
    let doc = DOC.replace("### 根本原因", "### 转 13800138000\nx\n### 根本原因");
    let read = read_as("x.md", doc.as_bytes(), &Options::default(), 16);
    assert_eq!(
        read.value("unknown_section", "heading"),
        Some("转 [REDACTED_PHONE]")
    );
}
