//! The end of a document: whether the last ticket is cut off, and whether the count is true.

use std::collections::{HashMap, HashSet};

use crate::model::Ticket;

use super::super::labels::Field;
use super::super::raw::Draft;

/// Causes of a file that are remembered, to know a cut one by its longer fellow.
const MAX_CAUSES: usize = 10_000;

/// What the tickets so far end with.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// Whether the text ends with a line feed.
    pub(super) newline: bool,
    last_fields: HashMap<Field, u32>,
    tickets: u32,
    causes: HashSet<String>,
}

impl Ending {
    /// Notes a ticket that is complete.
    pub(super) fn note(&mut self, draft: &Draft, ticket: &Ticket) {
        self.tickets += 1;
        if let Some(field) = draft.sections.iter().rev().find_map(|s| s.field) {
            *self.last_fields.entry(field).or_insert(0) += 1;
        }
        for cause in &ticket.causes {
            if self.causes.len() < MAX_CAUSES && !self.causes.contains(cause) {
                self.causes.insert(cause.clone());
            }
        }
    }

    /// What the last ticket lacks or breaks off in; `None` = it is whole.
    pub(super) fn cut(&self, draft: &Draft, ticket: &Ticket) -> Option<&'static str> {
        let usual = self.last_fields.iter().max_by_key(|(_, n)| **n);
        if let Some((field, n)) = usual
            && self.tickets >= 2
            && n * 3 >= self.tickets * 2
            && !draft.has(*field)
        {
            return Some(name(*field));
        }
        let last = draft.sections.last()?;
        let text = last.text.trim();
        if text.is_empty() {
            let open = last.field.is_some_and(Field::is_content) || !self.newline;
            return open.then(|| last.field.map_or("section", name));
        }
        if self.newline {
            return None;
        }
        let line = text.lines().next_back().unwrap_or_default();
        let open_bold = line.matches("**").count() % 2 == 1;
        let open_end = line.ends_with([
            '，', '、', '：', ',', '(', '（', '“', '「', '【', '[', '\u{fffd}', '-', '/',
        ]);
        let shorter = ticket.causes.last().is_some_and(|c| {
            !self.causes.contains(c)
                && self
                    .causes
                    .iter()
                    .any(|known| known.starts_with(c.as_str()))
        });
        (open_bold || open_end || shorter).then(|| last.field.map_or("section", name))
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Category | Field::Product | Field::IssueType => "category",
        Field::Scenarios => "scenarios",
        Field::Question => "question",
        Field::Replies => "replies",
        Field::Dialogue => "dialogue",
        Field::Causes => "causes",
        Field::Date => "date",
        Field::Internal => "internal",
    }
}

/// The number of tickets a header promises: `包含 114 个工单`, `共30条`, `total: 12`.
pub(super) fn declared(header: &str) -> Option<u64> {
    const BEFORE: [&str; 18] = [
        "包含", "包括", "共计", "总计", "合计", "收录", "含有", "整理", "汇总", "共", "总数",
        "数量", "总共", "contains", "total", "includes", "count", "含",
    ];
    const AFTER: [&str; 18] = [
        "个",
        "条",
        "份",
        "则",
        "例",
        "项",
        "道",
        "组",
        "篇",
        "tickets",
        "ticket",
        "cases",
        "records",
        "items",
        "questions",
        "entries",
        "工单",
        "问答",
    ];
    const NOT: [&str; 10] = [
        "个月",
        "个工作日",
        "个小时",
        "个部分",
        "个产品",
        "个分类",
        "个类别",
        "项目",
        "个文件",
        "个字段",
    ];
    for line in header.lines() {
        let lower = line.to_lowercase();
        let mut from = 0;
        while let Some(at) = lower
            .get(from..)
            .and_then(|r| r.find(|c: char| c.is_ascii_digit()))
        {
            let start = from + at;
            let tail = lower.get(start..).unwrap_or_default();
            let len = tail
                .bytes()
                .take_while(|b| b.is_ascii_digit() || *b == b',')
                .count();
            let digits: String = tail
                .chars()
                .take(len)
                .filter(char::is_ascii_digit)
                .collect();
            from = start + len.max(1);
            let before = lower.get(..start).unwrap_or_default();
            let before: String = before
                .chars()
                .rev()
                .take(14)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            let announced = BEFORE.iter().any(|w| before.contains(w));
            let after = tail
                .get(len..)
                .unwrap_or_default()
                .trim_start_matches([' ', '*', '_', '余', '多']);
            let words = after.split_whitespace().take(4);
            let counted = AFTER.iter().any(|w| after.starts_with(w))
                && !NOT.iter().any(|w| after.starts_with(w))
                || words
                    .clone()
                    .any(|w| AFTER.contains(&w.trim_end_matches(['.', ','])));
            let named = [
                "数", "数量", "总计", "总数", "共计", "合计", "total", "count",
            ]
            .iter()
            .any(|w| {
                before
                    .trim_end_matches([' ', ':', '：', '*', '_', '|'])
                    .ends_with(w)
            });
            if (announced && counted)
                || (named && !after.starts_with(|c: char| c.is_alphanumeric()))
            {
                return digits.parse().ok();
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promised_count_is_found_in_its_usual_phrases() {
        for (text, count) in [
            ("本文件包含 114 个已处理的客服工单。", Some(114)),
            ("共30条", Some(30)),
            ("工单数量：12", Some(12)),
            ("**工单总数**: 7", Some(7)),
            ("This file contains 25 resolved tickets.", Some(25)),
            ("total: 1,024", Some(1024)),
            ("# 数据集 - Part 47", None),
            ("2024-10-08 整理", None),
            ("处理共需 3 个工作日", None),
        ] {
            assert_eq!(declared(text), count, "{text}");
        }
    }
}
