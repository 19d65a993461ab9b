//! Titles: their numbering and the words before them.

use super::super::labels::{is_chinese_digit, split_number, strip_picture, value};
use super::split_label;

const TITLE_PREFIXES: [&str; 22] = [
    "问题",
    "工单",
    "案例",
    "问答",
    "问",
    "题目",
    "示例",
    "实例",
    "条目",
    "question",
    "ticket",
    "case",
    "issue",
    "faq",
    "item",
    "例",
    "q",
    "no",
    "编号",
    "序号",
    "记录",
    "工单标题",
];

pub(super) fn is_title_prefix(word: &str) -> bool {
    let word = word.trim().trim_end_matches(['.', '#', '№']).trim();
    TITLE_PREFIXES.iter().any(|p| p.eq_ignore_ascii_case(word))
}

/// Splits an explicit number off a title: `Q1: x`, `问题 1：x`, `【案例三】x`, `第2题 x`, `Case #3 - x`.
pub(crate) fn title_number(text: &str) -> Option<(u32, &str)> {
    let text = strip_picture(text);
    let inner = text.trim_start_matches(['【', '[', '（', '(']);
    let bracketed = inner.len() < text.len();
    let numeral = |c: char| c.is_ascii_digit() || is_chinese_digit(c);
    let at = inner.find(numeral).filter(|at| *at > 0 && *at <= 24)?;
    let (word, tail) = (inner.get(..at)?, inner.get(at..)?);
    let word = word
        .trim_end_matches([' ', '#', '-', '_', '.', '№', ':', '：'])
        .trim();
    let end = tail.find(|c: char| !numeral(c)).unwrap_or(tail.len());
    let (digits, rest) = (tail.get(..end)?, tail.get(end..)?);
    let ordinal = word == "第";
    if !ordinal && !is_title_prefix(word) {
        return None;
    }
    let rest = if ordinal {
        let unit = rest
            .trim_start()
            .chars()
            .next()
            .filter(|c| "个条题例则项问".contains(*c))?;
        let rest = rest.trim_start().get(unit.len_utf8()..)?;
        ["工单", "问题", "案例"]
            .iter()
            .find_map(|w| rest.strip_prefix(w))
            .unwrap_or(rest)
    } else {
        rest
    };
    let marks = [
        ':', '：', '.', '、', '．', ' ', '-', '—', '】', ']', '）', ')', '|', '｜', '\u{3000}',
    ];
    // `Q3季度账单` is a title of its own; `问题1图片` hardly ever.
    let marked = rest.is_empty() || rest.starts_with(marks);
    if !marked && !bracketed {
        return None;
    }
    // `Q1.5 x` is no number.
    if rest.starts_with('.')
        && rest
            .get(1..)
            .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    Some((value(digits)?, rest.trim_start_matches(marks)))
}

/// Strips a bare prefix without number: `【问题】x`, `问题：x`, `Q: x`.
pub(crate) fn title_prefix(text: &str) -> Option<&str> {
    let (name, rest) = split_label(text)?;
    (is_title_prefix(name) && !rest.is_empty()).then_some(rest)
}

/// Whether a heading names a part of the document that is no ticket: 目录, 附录.
pub(crate) fn is_no_ticket(title: &str) -> bool {
    const PARTS: [&str; 34] = [
        "目录",
        "附录",
        "说明",
        "前言",
        "概述",
        "概览",
        "索引",
        "统计",
        "统计信息",
        "数据统计",
        "分类统计",
        "结语",
        "总结",
        "参考资料",
        "使用说明",
        "文档说明",
        "数据说明",
        "免责声明",
        "版权声明",
        "简介",
        "背景",
        "更新日志",
        "修订记录",
        "文档信息",
        "contents",
        "table of contents",
        "toc",
        "appendix",
        "notes",
        "about",
        "introduction",
        "overview",
        "statistics",
        "disclaimer",
    ];
    let bare = split_number(strip_picture(title.trim())).1;
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    PARTS.iter().any(|part| part.eq_ignore_ascii_case(bare))
}

/// Whether a line closes a document: `以上共 30 条`, `— 文档结束 —`.
pub(crate) fn is_footer(line: &str) -> bool {
    const BEGINS: [&str; 22] = [
        "以上内容",
        "以上共",
        "以上为",
        "以上是全部",
        "以上工单",
        "以上数据",
        "本文档",
        "本文件",
        "本数据集",
        "本页共",
        "共计",
        "总计",
        "合计",
        "文档结束",
        "全文完",
        "数据结束",
        "生成时间",
        "导出时间",
        "统计信息",
        "end of document",
        "end of file",
        "generated ",
    ];
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower: String = bare.chars().take(24).flat_map(char::to_lowercase).collect();
    let counted = lower.starts_with('共')
        && lower
            .chars()
            .nth(1)
            .is_some_and(|c| c.is_ascii_digit() || c == ' ');
    counted || BEGINS.iter().any(|b| lower.starts_with(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_titles_are_split_off() {
        for text in [
            "Q1: x",
            "问题 1：x",
            "【案例一】x",
            "第2个问题：x",
            "Case #3 - x",
            "工单12 x",
            "No.5 x",
        ] {
            assert_eq!(
                title_number(text).map(|(_, rest)| rest),
                Some("x"),
                "{text}"
            );
        }
        for text in ["Q3季度账单", "问题很多 1", "5G 套餐", "问题1.5倍"] {
            assert_eq!(title_number(text), None, "{text}");
        }
        assert_eq!(title_prefix("【问题】x"), Some("x"));
    }
}
