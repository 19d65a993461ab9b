//! The Markdown export: one dialect that the reader reads back to the identical ticket.
//!
//! Lines of text that would be taken for structure get a backslash, which the reader takes off.

use std::fmt::Write as _;

use crate::model::{Speaker, Ticket, Turn};

use super::assemble::tidy_title;
use super::labels::LabelTable;
use super::layout::escape;
use super::line::{Shape, shape};

/// The head of an export, with the true count of its tickets.
pub fn document_header(tickets: usize) -> String {
    format!("# 工单导出\n\n本文档包含 {tickets} 个工单。\n\n---\n")
}

/// Writes tickets as one document.
pub fn document<'t>(
    tickets: impl ExactSizeIterator<Item = &'t Ticket>,
    labels: &LabelTable,
) -> String {
    let mut out = document_header(tickets.len());
    for ticket in tickets {
        out.push_str(&ticket_to_markdown(ticket, labels));
    }
    out
}

/// Writes one ticket, with the rule that ends it.
///
/// `labels` must be those the document will be read by: they decide what is escaped.
pub fn ticket_to_markdown(ticket: &Ticket, labels: &LabelTable) -> String {
    let mut out = format!("\n## {}\n\n", title(&ticket.title, labels));
    let category = ticket
        .category
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    // Written even when empty: a label is what makes a heading a ticket.
    let _ = writeln!(out, "**分类**：{category}\n");
    if !ticket.scenarios.is_empty() {
        let _ = writeln!(out, "**适用场景**：{}\n", ticket.scenarios.join(", "));
    }
    if let Some(date) = ticket.date {
        let _ = writeln!(out, "**日期**：{date}\n");
    }
    if !ticket.question.is_empty() {
        let _ = writeln!(out, "### 问题描述\n\n{}\n", block(&ticket.question, labels));
    }
    let summary = ticket.dialogue.iter().any(|t| t.in_summary);
    if summary {
        turns(&mut out, "完整对话", ticket.dialogue.iter(), labels);
        turns(
            &mut out,
            "客服解答",
            ticket.dialogue.iter().filter(|t| t.in_summary),
            labels,
        );
    } else if !ticket.dialogue.is_empty() {
        turns(&mut out, "客服解答", ticket.dialogue.iter(), labels);
    }
    for section in &ticket.sections {
        let heading = heading(&section.heading, labels);
        let _ = writeln!(out, "### {heading}\n\n{}\n", block(&section.text, labels));
    }
    if !ticket.causes.is_empty() {
        let causes: Vec<String> = ticket
            .causes
            .iter()
            .map(|c| c.replace(['；', ';'], "，"))
            .collect();
        let _ = writeln!(
            out,
            "### 根本原因分析\n\n{}\n",
            block(&causes.join("；"), labels)
        );
    }
    out.push_str("---\n");
    out
}

fn turns<'t>(
    out: &mut String,
    label: &str,
    turns: impl Iterator<Item = &'t Turn>,
    labels: &LabelTable,
) {
    let _ = writeln!(out, "### {label}\n");
    for turn in turns {
        let role = match turn.speaker {
            Speaker::Customer => "客户",
            Speaker::Agent => "客服",
            Speaker::Other => "其他",
            Speaker::Internal => "内部备注",
        };
        let name = turn
            .name
            .as_ref()
            .map(|n| format!("（{n}）"))
            .unwrap_or_default();
        // The first line stands behind the mark; the others could be misread.
        let mut lines = turn.text.split('\n');
        let _ = writeln!(
            out,
            "**{role}{name}**：{}",
            lines.next().unwrap_or_default()
        );
        for line in lines {
            let _ = writeln!(out, "{}", escape(line, labels));
        }
    }
    out.push('\n');
}

fn block(text: &str, labels: &LabelTable) -> String {
    text.split('\n')
        .map(|l| escape(l, labels))
        .collect::<Vec<_>>()
        .join("\n")
}

fn title(title: &str, labels: &LabelTable) -> String {
    let plain = matches!(shape(&format!("## {title}"), labels), Shape::Heading { level: 2, text } if text == title);
    if plain && tidy_title(title, true) == title {
        title.to_owned()
    } else {
        format!("\\{title}")
    }
}

fn heading(heading: &str, labels: &LabelTable) -> String {
    let line = format!("### {heading}");
    let plain =
        matches!(shape(&line, labels), Shape::Heading { level: 3, text } if text == heading);
    let talk = super::line::speaker(&line, labels).is_some()
        || super::line::title_prefix(heading).is_some();
    if plain && !talk && !heading.starts_with('\\') {
        heading.to_owned()
    } else {
        format!("\\{heading}")
    }
}
