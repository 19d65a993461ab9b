//! Notes that agents write for each other: the marks at the start of a line that say so.
//!
//! What stands behind such a mark must never reach a customer, so a doubtful line counts as a
//! note: a reply that is held back costs less than a note that is sent.

use std::ops::Range;

/// Words that mark a note wherever a line begins with them.
const WORDS: [&str; 36] = [
    "内部备注",
    "内部备注信息",
    "内部说明",
    "内部记录",
    "内部沟通",
    "内部沟通记录",
    "内部信息",
    "内部注释",
    "内部留言",
    "内部消息",
    "内部评论",
    "内部讨论",
    "内部跟进",
    "内部处理",
    "内部处理备注",
    "内部批注",
    "内部可见",
    "内部使用",
    "仅内部",
    "仅内部可见",
    "仅供内部",
    "仅客服可见",
    "客服备注",
    "客服内部备注",
    "坐席备注",
    "备注内部",
    "备注仅内部可见",
    "internalnote",
    "internalnotes",
    "internalcomment",
    "internalcomments",
    "internalonly",
    "privatenote",
    "privatenotes",
    "privatecomment",
    "worknotes",
];

/// Words that mark a note only at the start of a text: a list of addresses has them in its lines.
const SHORT: [&str; 2] = ["内部", "internal"];

/// Characters within which a mark ends.
const NEAR: usize = 24;

/// Whether a word by itself names notes: a role, a heading, a column.
pub fn names_notes(word: &str) -> bool {
    let key = squeeze(word);
    WORDS.contains(&key.as_str()) || SHORT.contains(&key.as_str())
}

/// Whether a text as a whole is a note: its first line says so.
pub fn is_note(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| marked(line, true))
}

/// Whether a line within a text begins a note.
pub fn begins_note(line: &str) -> bool {
    marked(line, false)
}

/// The notes in a text: each from its mark to the end of its paragraph.
pub fn notes(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut at, mut open, mut first) = (0, false, true);
    for line in text.split('\n') {
        let end = at + line.len();
        let blank = line.trim().is_empty();
        if marked(line, first) {
            found.push(at..end);
            open = true;
        } else if blank {
            open = false;
        } else if open && let Some(last) = found.last_mut() {
            last.end = end;
        }
        first &= blank;
        at = end + 1;
    }
    found
}

/// Whether a line begins with a mark: in brackets, or before a colon.
fn marked(line: &str, first: bool) -> bool {
    let text = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '>' | '-' | '*' | '+' | '#' | '_' | '•' | '·')
    });
    let text = strip_number(text).trim_start_matches(['*', '_', ' ']);
    if !text.starts_with(|c: char| {
        matches!(
            c,
            '【' | '[' | '〖' | '（' | '(' | '<' | '「' | '内' | '仅' | '客' | '坐' | '备'
        ) || matches!(c.to_ascii_lowercase(), 'i' | 'p' | 'w')
    }) {
        return false;
    }
    let known = |word: &str, bracket: bool| {
        let key = squeeze(word);
        WORDS.contains(&key.as_str()) || ((first || bracket) && SHORT.contains(&key.as_str()))
    };
    if let Some(inner) = text.strip_prefix(['【', '[', '〖', '（', '(', '<', '「'])
        && let Some(word) = until(inner, &['】', ']', '〗', '）', ')', '>', '」', ':', '：'])
    {
        return known(word, true);
    }
    until(text, &[':', '：']).is_some_and(|word| known(word, false))
}

/// What stands before the first of some characters near the start.
fn until<'t>(text: &'t str, ends: &[char]) -> Option<&'t str> {
    let (at, _) = text
        .char_indices()
        .take(NEAR)
        .find(|(_, c)| ends.contains(c))?;
    text.get(..at)
}

fn strip_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() {
        return text;
    }
    rest.strip_prefix(['.', '、', '．', ')', '）'])
        .map_or(text, str::trim_start)
}

/// The spelling that words are compared in: letters and figures alone, without capitals.
fn squeeze(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_known_by_the_mark_it_begins_with() {
        for text in [
            "【内部备注】对方欠费",
            "内部：限速了",
            "内部备注: 勿承诺",
            "备注（内部）：走审批",
            "  2. 【内部】先别说",
            "**内部说明**：转二线",
            "[Internal note] do not tell",
            "Internal: throttled",
            "（仅内部可见）黑名单",
        ] {
            assert!(is_note(text), "{text}");
        }
        for text in [
            "您好，内部网络已恢复",
            "内部系统报错：请重试",
            "备注：请带上截图",
            "international: yes",
            "请看【内部备注】一栏",
        ] {
            assert!(!is_note(text), "{text}");
        }
    }

    #[test]
    fn a_note_ends_with_its_paragraph() {
        let text = "您好\n内部备注：甲\n乙\n\n请稍等\n内部：10.0.0.1";
        let found: Vec<&str> = notes(text)
            .into_iter()
            .filter_map(|r| text.get(r))
            .collect();
        assert_eq!(found, ["内部备注：甲\n乙"]);
    }
}
