//! One line of a document: what shape it has, before anybody knows what it means here.

use crate::model::Speaker;

use super::labels::{Field, LabelTable, Named, is_chinese_digit, split_number, value};

/// How a label is set. Stronger forms come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// `### 问题描述`
    Heading,
    /// `**问题描述**：` or `【问题描述】`
    Bold,
    /// `问题描述：`
    Plain,
}

/// Level of a bold line that stands alone as a heading.
pub(crate) const BOLD_LEVEL: u8 = 7;
/// Level of a numbered line that stands alone as a heading.
pub(crate) const NUMBERED_LEVEL: u8 = 8;

/// The shape of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape<'t> {
    /// Nothing but white space.
    Blank,
    /// `---`, `***`, `====`
    Rule,
    /// ```` ``` ````
    Fence,
    /// A heading that is no label; levels 7 and 8 only look like one.
    Heading { level: u8, text: &'t str },
    /// A label, with what follows it on the line.
    Label {
        form: Form,
        level: u8,
        named: Named,
        heading: &'t str,
        rest: &'t str,
    },
    /// A bold or bracketed label of no known meaning.
    Unknown { heading: &'t str, rest: &'t str },
    /// Anything else.
    Text,
}

/// Finds the shape of one line, which holds no line feed.
pub(crate) fn shape<'t>(line: &'t str, table: &LabelTable) -> Shape<'t> {
    let text = line.trim();
    let Some(first) = text.chars().next() else {
        return Shape::Blank;
    };
    if first == '\\' {
        return Shape::Text;
    }
    if is_rule(text) {
        return Shape::Rule;
    }
    if text.starts_with("```") || text.starts_with("~~~") {
        return Shape::Fence;
    }
    // Four spaces make a code block.
    if first == '#'
        && !line.starts_with("    ")
        && let Some(shape) = heading(text, table)
    {
        return shape;
    }
    labelled(text, table).unwrap_or_else(|| look_alike(text))
}

fn is_rule(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    if !matches!(
        first,
        '-' | '*' | '_' | '=' | '—' | '─' | '－' | '━' | '~' | '＝'
    ) {
        return false;
    }
    let marks = text.chars().filter(|c| *c == first).count();
    marks >= 3 && text.chars().all(|c| c == first || c == ' ') && first != '~'
}

fn heading<'t>(text: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    let level = text.bytes().take_while(|b| *b == b'#').count();
    let body = text.get(level..)?;
    if level > 6 {
        return None;
    }
    // Many documents leave the space out; `#标签` with one mark is a tag, `#!` a script.
    if level == 1 && !body.is_empty() && !body.starts_with([' ', '\t', '\u{3000}']) {
        return None;
    }
    let level = u8::try_from(level).ok()?;
    let body = close_heading(body.trim(), level);
    if body.starts_with('\\') {
        return Some(Shape::Heading { level, text: body });
    }
    if let Some(named) = table.field(body) {
        if !is_counter(body) {
            return Some(Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading: body,
                rest: "",
            });
        }
        // `回复 2` is the second reply; `问题 2` alone is a title's number.
        if named.field != Field::Question {
            return Some(Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading: body,
                rest: "",
            });
        }
        return Some(Shape::Heading { level, text: body });
    }
    // `### 问题描述：text` on one line. `## 问题：text` is a title with its prefix.
    if title_number(body).is_some() {
        return Some(Shape::Heading { level, text: body });
    }
    if let Some((name, rest)) = split_label(body) {
        let prefix = is_title_prefix(name);
        if let Some(named) = table.field(name).filter(|_| !prefix) {
            return Some(Shape::Label {
                form: Form::Heading,
                level,
                named,
                heading: name,
                rest,
            });
        }
    }
    Some(Shape::Heading { level, text: body })
}

fn close_heading(body: &str, level: u8) -> &str {
    let bare = body.trim_end_matches('#');
    let closes = body.len() - bare.len() == usize::from(level) && bare.ends_with(' ');
    if closes && !body.starts_with('\\') {
        bare.trim_end()
    } else {
        body
    }
}

/// Whether a heading is a word with a number: `问题 12`, `Case 3`.
pub(crate) fn is_counter(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit() || is_chinese_digit(c))
}

/// Splits `label：rest` or `【label】rest` at a colon or bracket near the start.
fn split_label(text: &str) -> Option<(&str, &str)> {
    if let Some(inner) = text.strip_prefix(['【', '[', '〖', '「']) {
        let end = inner.find(['】', ']', '〗', '」'])?;
        let name = inner.get(..end).filter(|n| n.len() <= 72)?;
        let rest = inner
            .get(end..)?
            .trim_start_matches(['】', ']', '〗', '」']);
        // `[text](address)` is a link.
        if rest.starts_with('(') {
            return None;
        }
        return Some((
            name,
            rest.trim_start().trim_start_matches([':', '：']).trim(),
        ));
    }
    let (at, mark) = text
        .char_indices()
        .take(40)
        .find(|(_, c)| matches!(c, ':' | '：'))?;
    let (name, rest) = (text.get(..at)?, text.get(at + mark.len_utf8()..)?);
    (!rest.starts_with("//")).then(|| (name.trim(), rest.trim()))
}

/// A label at the start of a line that is no heading.
fn labelled<'t>(text: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    let body = strip_quote(strip_bullet(text));
    if let Some(inner) = body.strip_prefix("**").or_else(|| body.strip_prefix("__")) {
        return bold(inner, table);
    }
    let (_, unnumbered) = split_number(body);
    if let Some(inner) = unnumbered.strip_prefix("**") {
        return bold(inner, table).filter(|s| !matches!(s, Shape::Unknown { .. }));
    }
    let bracketed = body.starts_with(['【', '〖', '「']);
    let (name, rest) = split_label(body)?;
    if name.chars().count() > 24 {
        return None;
    }
    let form = if bracketed { Form::Bold } else { Form::Plain };
    match table.field(name) {
        Some(named) => Some(Shape::Label {
            form,
            level: BOLD_LEVEL,
            named,
            heading: name,
            rest,
        }),
        None if bracketed && is_title_prefix(name) => None,
        None if bracketed => Some(Shape::Unknown {
            heading: name,
            rest,
        }),
        None => None,
    }
}

fn bold<'t>(inner: &'t str, table: &LabelTable) -> Option<Shape<'t>> {
    let Some(end) = inner.find("**").or_else(|| inner.find("__")) else {
        // Unbalanced: `**问题描述：text` or a lone `**问题描述`.
        let (name, rest) = split_label(inner).unwrap_or((inner, ""));
        let named = table.field(name)?;
        return Some(Shape::Label {
            form: Form::Bold,
            level: BOLD_LEVEL,
            named,
            heading: name,
            rest,
        });
    };
    let (name, after) = (inner.get(..end)?.trim(), inner.get(end + 2..)?.trim_start());
    if name.len() > 96 {
        return None;
    }
    let inside_colon = name.ends_with([':', '：']);
    let outside_colon = after.starts_with([':', '：']);
    let rest = if outside_colon {
        after.trim_start_matches([':', '：']).trim()
    } else {
        after
    };
    let bare = name.trim_end_matches([':', '：']).trim();
    let alone = after.is_empty();
    if !(inside_colon || outside_colon || alone) {
        return None;
    }
    if let Some(named) = table.field(bare)
        && !(alone && !inside_colon && is_counter(bare) && named.field == Field::Question)
    {
        return Some(Shape::Label {
            form: Form::Bold,
            level: BOLD_LEVEL,
            named,
            heading: bare,
            rest,
        });
    }
    if alone && !inside_colon {
        return Some(Shape::Heading {
            level: BOLD_LEVEL,
            text: bare,
        });
    }
    if title_number(bare).is_some() {
        return None;
    }
    Some(Shape::Unknown {
        heading: bare,
        rest,
    })
}

/// A line that may stand for a heading where a document has none.
fn look_alike(text: &str) -> Shape<'_> {
    let short = text.len() <= 360;
    let explicit = text.strip_prefix("**").unwrap_or(text);
    if short && (title_number(explicit).is_some() || split_number(text).0.is_some()) {
        return Shape::Heading {
            level: NUMBERED_LEVEL,
            text: text.trim_matches('*'),
        };
    }
    Shape::Text
}

/// Strips one bullet.
pub(crate) fn strip_bullet(text: &str) -> &str {
    for mark in [
        "- ", "* ", "+ ", "• ", "· ", "● ", "◆ ", "■ ", "•", "●", "◆", "■",
    ] {
        if let Some(rest) = text.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    text
}

fn strip_quote(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) = text.strip_prefix('>') {
        text = rest.trim_start();
    }
    text
}

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

fn is_title_prefix(word: &str) -> bool {
    let word = word.trim().trim_end_matches(['.', '#', '№']).trim();
    TITLE_PREFIXES.iter().any(|p| p.eq_ignore_ascii_case(word))
}

/// Splits an explicit number off a title: `Q1: x`, `问题 1：x`, `【案例三】x`, `第2题 x`, `Case #3 - x`.
pub(crate) fn title_number(text: &str) -> Option<(u32, &str)> {
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
    let body = strip_heading(body);
    let body = strip_time(body);
    let (bold, inner) = match body.strip_prefix("**").or_else(|| body.strip_prefix("__")) {
        Some(inner) => (true, strip_time(inner)),
        None => (false, body),
    };
    let (bracket, inner) = match inner.chars().next().filter(|c| "【[〖<「".contains(*c)) {
        Some(open) => (true, inner.get(open.len_utf8()..)?),
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
    let window: usize = inner.chars().take(48).map(char::len_utf8).sum();
    let near = inner.get(..window)?;
    let close = if bracket {
        near.find(['】', ']', '〗', '>', '」'])
    } else if bold {
        near.find("**").or_else(|| near.find("__"))
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
        return Some((speaker, name));
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
    let stamp = |c: char| c.is_ascii_digit() || "-/:.年月日时分秒 TZ+，,".contains(c);
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
    let stamp = |c: char| c.is_ascii_digit() || "-/:.年月日时分秒 ()（）[]".contains(c);
    let bare = head.trim_end_matches(stamp);
    let tail = head.get(bare.len()..).unwrap_or_default();
    if tail.contains([':', '年', '/']) || tail.matches('-').count() >= 2 {
        bare
    } else {
        head
    }
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
