//! Who speaks: the mark at the start of a line.

use super::super::labels::{LabelTable, split_number, strip_picture};
use super::{closing_bold, strip_bullet, strip_quote};
use crate::model::Speaker;
use crate::text::internal::names_notes;

/// A speaker at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpeakerLine<'t> {
    /// Who.
    pub(crate) speaker: Speaker,
    /// The name beside the role.
    pub(crate) name: Option<String>,
    /// What is said on the line.
    pub(crate) text: &'t str,
    /// Whether the mark was bold or bracketed, which prose hardly is.
    pub(crate) strong: bool,
}

/// Characters within which a mark ends.
const NEAR: usize = 48;

/// Reads `客服小王：text`, `**客户**：text`, `[10:02] Agent: text` and the like.
pub(crate) fn speaker<'t>(line: &'t str, table: &LabelTable) -> Option<SpeakerLine<'t>> {
    let text = line.trim_start();
    let first = text.chars().next()?;
    if first == '\\' {
        return None;
    }
    let body = strip_quote(strip_bullet(strip_quote(text)));
    let body = match split_number(body) {
        (Some(_), rest) => rest,
        _ => body,
    };
    let body = strip_picture(strip_heading(body));
    let timed = strip_time(body);
    if let Some((speaker, name)) = alone(body, timed, table) {
        return Some(SpeakerLine {
            speaker,
            name,
            text: "",
            strong: true,
        });
    }
    let body = timed;
    let (bold, inner) = match body.strip_prefix("**").or_else(|| body.strip_prefix("__")) {
        Some(inner) => (true, strip_picture(strip_time(inner))),
        None => (false, body),
    };
    let (bracket, inner) = match inner.strip_prefix(['【', '[', '〖', '<', '「']) {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let (head, rest) = speaker_end(inner, bold, bracket)?;
    let (speaker, name) = who(head, table)?;
    Some(SpeakerLine {
        speaker,
        name,
        text: rest,
        strong: bold || bracket,
    })
}

/// A line that is nothing but a mark with its time, as chat programs export it:
/// `客服小王 2024-01-02 10:00:00`, `10:02 张三(客户)`.
fn alone(body: &str, timed: &str, table: &LabelTable) -> Option<(Speaker, Option<String>)> {
    let (before, after) = (strip_stamp_end(body), timed.len() < body.len());
    let head = match (before.len() < body.len(), after) {
        (true, _) => before,
        (false, true) => timed,
        (false, false) => return None,
    };
    let stamp = body.len() - head.len();
    // A clock beside the name, and a name of its own: prose has neither.
    let clock = if after {
        body.get(..stamp)
    } else {
        body.get(head.len()..)
    };
    let clock = clock.is_some_and(has_clock);
    let head = head.trim().trim_matches(['*', ' ']);
    if !clock || head.contains([':', '：', '，', '。']) || head.chars().count() > 24 {
        return None;
    }
    who(head, table)
}

fn strip_heading(text: &str) -> &str {
    let bare = text.trim_start_matches('#');
    if bare.len() < text.len() && text.len() - bare.len() <= 6 {
        bare.trim_start()
    } else {
        text
    }
}

/// Splits the speaker's mark from what is said.
fn speaker_end(inner: &str, bold: bool, bracket: bool) -> Option<(&str, &str)> {
    let mut far = inner.chars();
    let _ = far.nth(NEAR - 1);
    let near = inner.strip_suffix(far.as_str())?;
    let close = if bracket {
        near.find(['】', ']', '〗', '>', '」'])
    } else if bold {
        closing_bold(near)
    } else {
        None
    };
    if let Some(at) = close {
        let head = near.get(..at)?;
        let mut rest = inner
            .get(at..)?
            .trim_start_matches(['】', ']', '〗', '>', '」', '*', '_']);
        let inside = head.trim_end().ends_with([':', '：']);
        let stamped = strip_stamp(rest.trim_start());
        let outside = stamped.starts_with([':', '：']);
        if outside {
            rest = stamped.trim_start_matches([':', '：']);
            // `**客服：**` inside `**…**` can leave its closing marks behind.
            rest = rest.strip_prefix("**").unwrap_or(rest);
        }
        if !(inside || outside || bracket || rest.trim().is_empty()) {
            return None;
        }
        return Some((head.trim_end_matches([':', '：', ' ']), rest.trim_start()));
    }
    if bracket {
        return None;
    }
    // The colon of a time inside the mark does not end it: 客服 10:02:33：text.
    let mut from = 0;
    loop {
        let at = from + near.get(from..)?.find([':', '：'])?;
        let mark = near.get(at..)?.chars().next()?;
        let after = at + mark.len_utf8();
        let digits = |c: char| c.is_ascii_digit();
        let clock = near.get(..at)?.ends_with(digits) && inner.get(after..)?.starts_with(digits);
        if clock && near.get(..at)?.contains([' ', '(', '（', '[']) {
            from = after;
            continue;
        }
        let rest = inner.get(after..)?;
        if rest.starts_with("//") {
            return None;
        }
        return Some((near.get(..at)?, rest.trim_start_matches("**").trim_start()));
    }
}

/// Whom a mark names: a role, a role with a name, a name with its role in brackets.
fn who(head: &str, table: &LabelTable) -> Option<(Speaker, Option<String>)> {
    let head = strip_stamp_end(head.trim()).trim_matches(['*', ' ', '_']);
    if head.is_empty() || head.chars().count() > 32 {
        return None;
    }
    if let Some(speaker) = table.speaker(head) {
        let name = (speaker == Speaker::Other && head != "其他").then(|| clean_name(head));
        return Some((speaker, name.flatten()));
    }
    if let Some((speaker, tail)) = table.speaker_prefix(head)
        && let Some(name) = name_after(speaker, tail)
    {
        // 客服（内部）: whoever writes, a note is a note.
        let noted = name.as_deref().is_some_and(names_notes);
        let speaker = if noted { Speaker::Internal } else { speaker };
        return Some((speaker, name.filter(|_| !noted)));
    }
    // 小王（客服）
    let open = head.find(['(', '（', '[', '【'])?;
    let (name, role) = (head.get(..open)?.trim(), head.get(open..)?);
    let speaker =
        table.speaker(role.trim_matches(['(', '（', ')', '）', '[', ']', '【', '】', ' ']))?;
    (name.chars().count() <= 16).then(|| (speaker, clean_name(name)))
}

/// The name behind a role: `小王`, `(小李)`, `-01`, `A`; `None` when the word goes on otherwise.
fn name_after(speaker: Speaker, tail: &str) -> Option<Option<String>> {
    const VERBS: [&str; 18] = [
        "回复",
        "答复",
        "提问",
        "追问",
        "补充",
        "说",
        "问",
        "答",
        "回答",
        "咨询",
        "留言",
        "反馈",
        "再次回复",
        "再次提问",
        "表示",
        "says",
        "said",
        "reply",
    ];
    let trimmed = tail.trim();
    // 内部系统 and 内部 IP are no notes.
    if speaker == Speaker::Internal && !trimmed.starts_with(['(', '（', '[', '【']) {
        return None;
    }
    if VERBS.contains(&trimmed) {
        return Some(None);
    }
    let separated = tail.starts_with([
        ' ', '(', '（', '-', '—', '_', '[', '【', '@', '#', '·', '/', '|', '\u{3000}',
    ]) || trimmed.starts_with(|c: char| c.is_ascii_digit());
    let name = clean_name(trimmed)?;
    let count = name.chars().count();
    if count > 24 || name.contains(['，', '。', '！', '？', ',', '“', '"', '/', '、']) {
        return None;
    }
    let looks_named = NAME_HEADS.contains(&name.chars().next()?) && (2..=4).contains(&count);
    let lettered = count == 1
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "甲乙丙丁".contains(c));
    let titled = ["先生", "女士", "小姐", "老师", "经理", "同学"]
        .iter()
        .any(|t| name.ends_with(t))
        && count <= 5;
    // 客户端, 用户名, 客服电话 are words, not people.
    let word = [
        "端", "名", "组", "量", "群", "电话", "热线", "邮箱", "需求", "中心", "建议",
    ]
    .iter()
    .any(|w| name.starts_with(w));
    let plausible = !word && (separated || looks_named || lettered || titled);
    let apart = separated || speaker != Speaker::Other;
    (plausible && apart).then_some(Some(name))
}

/// First characters of names as agents and customers are called by.
const NAME_HEADS: &[char] = &[
    '小', '老', '阿', '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马',
    '朱', '胡', '郭', '何', '林', '高', '罗', '郑', '梁', '谢', '宋', '唐', '许', '韩', '冯', '邓',
    '曹', '彭', '曾', '萧', '肖', '田', '董', '袁', '潘', '于', '蒋', '蔡', '余', '杜', '叶', '程',
    '苏', '魏', '吕', '丁', '任', '沈', '姚', '卢', '姜', '崔', '钟', '谭', '陆', '汪', '范', '金',
    '石', '廖', '贾', '夏', '韦', '付', '傅', '方', '白', '邹', '孟', '熊', '秦', '邱', '江', '尹',
    '薛', '闫', '段', '雷', '侯', '龙', '史',
];

/// A name without what would not read back: brackets, colons, stars; `None` when nothing is left.
pub(crate) fn clean_name(name: &str) -> Option<String> {
    let cleaned: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !"()（）[]【】<>〖〗「」:：*_`\\".contains(*c))
        .take(24)
        .collect();
    let cleaned = cleaned.trim_matches([' ', '-', '—', '@', '#', '·', '/', '|', '\u{3000}']);
    (!cleaned.is_empty()).then(|| cleaned.to_owned())
}

/// Strips `[2024-10-08 09:12]`, `2024/10/8 9:12:02`, `09:12` from the front.
fn strip_time(text: &str) -> &str {
    let (inner, close) = match text.chars().next() {
        Some('[') => (text.get(1..).unwrap_or_default(), Some(']')),
        Some('(') => (text.get(1..).unwrap_or_default(), Some(')')),
        Some('（') => (text.get(3..).unwrap_or_default(), Some('）')),
        Some('【') => (text.get(3..).unwrap_or_default(), Some('】')),
        _ => (text, None),
    };
    if !inner.starts_with(|c: char| c.is_ascii_digit()) {
        return text;
    }
    let stamp = |c: char| is_stamp(c) || matches!(c, 'T' | 'Z' | '+' | '，' | ',');
    let end = inner.find(|c: char| !stamp(c)).unwrap_or(inner.len());
    let (head, rest) = (
        inner.get(..end).unwrap_or_default(),
        inner.get(end..).unwrap_or_default(),
    );
    if !head.contains([':', '-', '/', '年', '月']) || head.len() < 4 {
        return text;
    }
    match close {
        Some(close) => rest.strip_prefix(close).map_or(text, str::trim_start),
        None => rest.trim_start(),
    }
}

/// Strips a time in brackets from the front of what follows a mark.
fn strip_stamp(text: &str) -> &str {
    if text.starts_with(['(', '（', '[']) {
        strip_time(text)
    } else {
        text
    }
}

/// Strips a time from the end of a mark: `客服 2024-10-08 09:12`, `客服（09:12）`.
fn strip_stamp_end(head: &str) -> &str {
    let stamp = |c: char| is_stamp(c) || matches!(c, '(' | ')' | '（' | '）' | '[' | ']');
    let bare = head.trim_end_matches(stamp);
    let tail = head.get(bare.len()..).unwrap_or_default();
    // What stands behind a colon was said, be it a number or a date.
    let said = tail.trim_start().starts_with(':');
    let time = has_clock(tail) || tail.contains(['年', '/']) || tail.matches('-').count() >= 2;
    if time && !said { bare } else { head }
}

/// Whether a date and time is written with a character.
fn is_stamp(c: char) -> bool {
    let unit = matches!(c, '年' | '月' | '日' | '时' | '分' | '秒');
    c.is_ascii_digit() || unit || matches!(c, '-' | '/' | ':' | '.' | ' ')
}

/// Whether a text holds a clock's time: a colon between digits.
fn has_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let clock =
        |near: &[u8]| matches!(near, [a, b':', c] if a.is_ascii_digit() && c.is_ascii_digit());
    bytes.windows(3).any(clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Option<(Speaker, Option<String>, String)> {
        let table = LabelTable::default();
        speaker(line, &table).map(|s| (s.speaker, s.name, s.text.to_owned()))
    }

    #[test]
    fn speakers_are_known_in_every_dress() {
        for (line, speaker, name) in [
            ("**客户**：x", Speaker::Customer, None),
            ("**客服：** x", Speaker::Agent, None),
            ("客服小王：x", Speaker::Agent, Some("小王")),
            ("**客服(小李)**：x", Speaker::Agent, Some("小李")),
            ("- **用户**: x", Speaker::Customer, None),
            ("> 客户：x", Speaker::Customer, None),
            ("[2024-10-08 09:12:02] 客服：x", Speaker::Agent, None),
            (
                "2024-10-08 09:12 工程师李明：x",
                Speaker::Agent,
                Some("李明"),
            ),
            ("客服 2024-10-08 09:12:33：x", Speaker::Agent, None),
            ("客服（09:12）：x", Speaker::Agent, None),
            ("【客户】x", Speaker::Customer, None),
            ("Customer: x", Speaker::Customer, None),
            ("Support Engineer (Amy): x", Speaker::Agent, Some("Amy")),
            ("小王（客服）：x", Speaker::Agent, Some("小王")),
            ("客户A：x", Speaker::Customer, Some("A")),
            ("系统：x", Speaker::Other, Some("系统")),
            ("客服回复：x", Speaker::Agent, None),
            ("客服001：x", Speaker::Agent, Some("001")),
            ("1. 客服：x", Speaker::Agent, None),
        ] {
            let expected = Some((speaker, name.map(str::to_owned), "x".to_owned()));
            assert_eq!(said(line), expected, "{line}");
        }
    }

    #[test]
    fn a_number_that_is_all_that_was_said_is_no_time() {
        for (line, text) in [
            ("客户: 504", "504"),
            ("客户: 12345678", "12345678"),
            ("客户: 2024-01-01", "2024-01-01"),
            ("Q: 20240101123456789", "20240101123456789"),
        ] {
            let (speaker, _, said) = said(line).unwrap();
            assert_eq!(
                (speaker, said.as_str()),
                (Speaker::Customer, text),
                "{line}"
            );
        }
    }

    #[test]
    fn words_that_begin_like_a_speaker_are_none() {
        for line in [
            "客户端：1.2",
            "用户名：root",
            "客服电话：x",
            "https://a.example.com",
            "\\客户：x",
            "支持的格式：png",
            "技术支持热线：400",
            "用户反馈说：图片打不开",
            "客户需求：x",
            "Agency: x",
            "答案：x",
        ] {
            assert_eq!(said(line), None, "{line}");
        }
    }
}
