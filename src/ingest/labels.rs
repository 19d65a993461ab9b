//! The one table of labels: which words name which part of a ticket, and who speaks.
//!
//! To add a synonym, add a word to [`BUILT_IN`]; a team adds its own by setting. Words are
//! compared without case, spaces, underscores, decoration and trailing numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::{LabelKind, Speaker};
use crate::text::fold::is_cjk;

/// A part of a ticket document that a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Field {
    /// Title given as a field.
    Title,
    /// Product area and issue type in one.
    Category,
    /// Product area alone.
    Product,
    /// Issue type alone.
    IssueType,
    /// Products and scenarios.
    Scenarios,
    /// The customer's question.
    Question,
    /// The agent's replies.
    Replies,
    /// The full conversation.
    Dialogue,
    /// Root causes.
    Causes,
    /// Date of the case.
    Date,
    /// What agents wrote for each other.
    Internal,
}

impl Field {
    /// Whether the field carries the case's text, not only facts about it.
    pub(crate) fn is_content(self) -> bool {
        matches!(
            self,
            Self::Question | Self::Replies | Self::Dialogue | Self::Causes
        )
    }
}

/// What a word of the table means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Field(Field),
    Speaker(Speaker),
}

use Meaning::{Field as F, Speaker as S};

/// Every built-in synonym.
const BUILT_IN: &[(Meaning, &[&str])] = &[
    (
        F(Field::Title),
        &[
            "标题",
            "工单标题",
            "问题标题",
            "案例标题",
            "主题",
            "工单主题",
            "题目",
            "问题名称",
            "问题概述",
            "问题摘要",
            "摘要",
            "title",
            "subject",
            "ticket title",
            "summary",
            "topic",
        ],
    ),
    (
        F(Field::Category),
        &[
            "问题分类",
            "分类",
            "工单分类",
            "类别",
            "问题类别",
            "所属分类",
            "产品分类",
            "产品类别",
            "业务分类",
            "分类标签",
            "归类",
            "所属类别",
            "工单类别",
            "分类路径",
            "问题归类",
            "产品与类型",
            "类目",
            "category",
            "categories",
            "classification",
            "ticket category",
            "分类信息",
            "产品｜类型",
            "产品/类型",
            "产品|类型",
            "产品及类型",
            "产品和类型",
        ],
    ),
    (
        F(Field::Product),
        &[
            "产品",
            "所属产品",
            "产品线",
            "产品名称",
            "业务线",
            "产品模块",
            "product",
            "product area",
            "产品领域",
        ],
    ),
    (
        F(Field::IssueType),
        &[
            "类型",
            "问题类型",
            "工单类型",
            "子类",
            "子分类",
            "二级分类",
            "咨询类型",
            "故障类型",
            "type",
            "issue type",
            "ticket type",
            "subcategory",
        ],
    ),
    (
        F(Field::Scenarios),
        &[
            "适用场景",
            "适用产品",
            "适用范围",
            "场景",
            "使用场景",
            "业务场景",
            "涉及产品",
            "相关产品",
            "关联产品",
            "相关场景",
            "scenario",
            "scenarios",
            "applies to",
            "applicable scenarios",
            "related products",
        ],
    ),
    (
        F(Field::Question),
        &[
            "问题描述",
            "详细问题描述",
            "问题详细描述",
            "问题详述",
            "详细描述",
            "详细问题",
            "问题详情",
            "问题内容",
            "问题说明",
            "客户问题",
            "客户问题描述",
            "用户问题",
            "用户问题描述",
            "用户提问",
            "客户提问",
            "客户咨询",
            "用户咨询",
            "提问",
            "问题",
            "描述",
            "工单内容",
            "工单描述",
            "工单详情",
            "故障描述",
            "故障现象",
            "问题现象",
            "现象",
            "现象描述",
            "反馈内容",
            "客户反馈",
            "用户反馈",
            "客户描述",
            "用户描述",
            "咨询内容",
            "客户诉求",
            "用户诉求",
            "诉求",
            "原始问题",
            "提问内容",
            "问题背景",
            "完整问题",
            "案情",
            "问",
            "q",
            "question",
            "questions",
            "description",
            "problem",
            "problem description",
            "issue",
            "issue description",
            "details",
            "customer question",
            "user question",
            "query",
            "symptom",
            "symptoms",
            "question detail",
            "instruction",
            "ask",
        ],
    ),
    (
        F(Field::Replies),
        &[
            "客服解答",
            "客服解答内容",
            "客服回复",
            "客服回复内容",
            "客服答复",
            "客服回答",
            "解答",
            "解答内容",
            "回复",
            "回复内容",
            "答复",
            "答复内容",
            "回答",
            "回答内容",
            "解决方案",
            "解决方法",
            "解决办法",
            "处理方案",
            "处理方法",
            "处理意见",
            "处理结果",
            "处理建议",
            "解决措施",
            "处理措施",
            "工程师回复",
            "工程师解答",
            "工程师答复",
            "技术支持回复",
            "技术回复",
            "官方回复",
            "官方解答",
            "坐席回复",
            "坐席解答",
            "标准回复",
            "标准答案",
            "答案",
            "参考答案",
            "参考回复",
            "答",
            "客服处理",
            "人工回复",
            "最终回复",
            "a",
            "answer",
            "answers",
            "reply",
            "replies",
            "solution",
            "solutions",
            "resolution",
            "response",
            "responses",
            "support reply",
            "support replies",
            "agent reply",
            "agent replies",
            "support answer",
            "support response",
            "agent response",
            "fix",
        ],
    ),
    (
        F(Field::Dialogue),
        &[
            "对话",
            "对话记录",
            "对话内容",
            "对话详情",
            "完整对话",
            "完整对话记录",
            "完整对话内容",
            "对话过程",
            "沟通记录",
            "完整沟通记录",
            "沟通过程",
            "沟通内容",
            "聊天记录",
            "完整聊天记录",
            "会话",
            "会话记录",
            "会话内容",
            "完整会话",
            "交流记录",
            "历史对话",
            "工单对话",
            "处理过程",
            "处理记录",
            "处理流程",
            "交互记录",
            "往来记录",
            "跟进记录",
            "原始对话",
            "全部对话",
            "客服对话",
            "对话全文",
            "工单记录",
            "conversation",
            "conversations",
            "full conversation",
            "dialogue",
            "dialog",
            "full dialogue",
            "transcript",
            "chat",
            "chat log",
            "chat history",
            "messages",
            "thread",
            "history",
            "conversation history",
            "turns",
        ],
    ),
    (
        F(Field::Causes),
        &[
            "根本原因分析",
            "根本原因",
            "根因",
            "根因分析",
            "原因分析",
            "原因",
            "问题原因",
            "问题原因分析",
            "故障原因",
            "故障原因分析",
            "问题根因",
            "问题根源",
            "根源分析",
            "产生原因",
            "引发原因",
            "起因",
            "原因定位",
            "定位结论",
            "根因定位",
            "归因",
            "归因分析",
            "原因归类",
            "根因归类",
            "原因总结",
            "结论",
            "问题结论",
            "分析结论",
            "cause",
            "causes",
            "root cause",
            "root causes",
            "root cause analysis",
            "cause analysis",
            "rca",
            "reason",
        ],
    ),
    (
        F(Field::Date),
        &[
            "日期",
            "时间",
            "创建时间",
            "提交时间",
            "工单时间",
            "工单日期",
            "发生时间",
            "提问时间",
            "提单时间",
            "受理时间",
            "处理时间",
            "创建日期",
            "发布时间",
            "date",
            "created",
            "created at",
            "time",
            "submitted",
            "opened",
        ],
    ),
    (
        F(Field::Internal),
        &[
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
            "内部处理备注",
            "仅内部可见",
            "客服备注",
            "客服内部备注",
            "坐席备注",
            "备注（内部）",
            "备注(内部)",
            "internal note",
            "internal notes",
            "internal comment",
            "internal comments",
            "private note",
            "private notes",
            "work notes",
            "agent notes",
        ],
    ),
    (
        S(Speaker::Internal),
        &[
            "内部备注",
            "内部",
            "内部说明",
            "内部记录",
            "内部沟通",
            "内部留言",
            "内部消息",
            "内部评论",
            "仅内部可见",
            "备注（内部）",
            "备注(内部)",
            "internal note",
            "internal comment",
            "internal",
            "private note",
        ],
    ),
    (
        S(Speaker::Customer),
        &[
            "客户",
            "用户",
            "提问者",
            "提问人",
            "提单人",
            "咨询者",
            "咨询人",
            "访客",
            "顾客",
            "买家",
            "客人",
            "问题提交人",
            "提交人",
            "我方客户",
            "问",
            "q",
            "customer",
            "user",
            "client",
            "visitor",
            "requester",
            "asker",
            "human",
            "guest",
            "reporter",
        ],
    ),
    (
        S(Speaker::Agent),
        &[
            "客服",
            "客服人员",
            "客服代表",
            "在线客服",
            "人工客服",
            "技术客服",
            "工程师",
            "技术工程师",
            "售后工程师",
            "支持工程师",
            "运维工程师",
            "客服工程师",
            "值班工程师",
            "坐席",
            "座席",
            "客服专员",
            "专员",
            "技术支持",
            "技术支持工程师",
            "售后",
            "售后支持",
            "支持",
            "支持人员",
            "技术人员",
            "技术",
            "服务人员",
            "官方",
            "官方客服",
            "运维",
            "专家",
            "顾问",
            "客户经理",
            "处理人",
            "回复人",
            "答",
            "a",
            "agent",
            "support",
            "support agent",
            "support engineer",
            "engineer",
            "technical support",
            "tech support",
            "staff",
            "operator",
            "customer service",
            "customer support",
            "assistant",
            "representative",
            "rep",
            "advisor",
        ],
    ),
    (
        S(Speaker::Other),
        &[
            "其他",
            "系统",
            "系统消息",
            "系统提示",
            "系统通知",
            "机器人",
            "智能客服",
            "自动回复",
            "第三方",
            "商务",
            "销售",
            "other",
            "system",
            "bot",
            "robot",
            "chatbot",
            "auto reply",
        ],
    ),
];

/// Ends of a label that say how much of the part is given, not which part.
const EXTENTS: [&str; 14] = [
    "要点",
    "内容",
    "记录",
    "详情",
    "摘要",
    "汇总",
    "整理",
    "如下",
    "全文",
    "总结",
    "小结",
    "说明",
    "keypoints",
    "summary",
];

/// The labels a document is read by: the built-in table and a team's own synonyms.
#[derive(Debug, Clone)]
pub struct LabelTable {
    fields: HashMap<String, Field>,
    speakers: HashMap<String, Speaker>,
    /// First characters of the speakers' words: most lines begin with none.
    speaker_heads: HashSet<char>,
    longest: usize,
}

impl Default for LabelTable {
    fn default() -> Self {
        Self::built_in()
    }
}

/// A label recognised in a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    /// What it names.
    pub(crate) field: Field,
    /// Whether it was numbered, as in `回复 2`.
    pub(crate) numbered: bool,
}

impl LabelTable {
    /// The built-in table alone.
    pub fn built_in() -> Self {
        let mut table = Self {
            fields: HashMap::new(),
            speakers: HashMap::new(),
            speaker_heads: HashSet::new(),
            longest: 0,
        };
        for (meaning, words) in BUILT_IN {
            for word in *words {
                table.add(*meaning, word);
            }
        }
        table
    }

    /// The built-in table with a team's own synonyms, which win.
    pub fn with(own: &BTreeMap<LabelKind, Vec<String>>) -> Self {
        let mut table = Self::built_in();
        for (kind, words) in own {
            for word in words {
                table.add(meaning(*kind), word);
            }
        }
        table
    }

    fn add(&mut self, meaning: Meaning, word: &str) {
        let key = squeeze(word);
        if key.is_empty() {
            return;
        }
        self.longest = self.longest.max(key.chars().count());
        match meaning {
            Meaning::Field(field) => drop(self.fields.insert(key, field)),
            Meaning::Speaker(speaker) => {
                self.speaker_heads.extend(key.chars().next());
                self.speakers.insert(key, speaker);
            }
        }
    }

    /// The field a word names, whatever its decoration and numbering.
    pub(crate) fn field(&self, text: &str) -> Option<Named> {
        // Decoration and numbers add to the longest word; anything longer is a sentence.
        if text.len() > (self.longest + 24) * 4 {
            return None;
        }
        let bare = undecorate(text);
        let key = squeeze(bare);
        if key.chars().count() > self.longest + 6 {
            return None;
        }
        if let Some(field) = self.fields.get(&key) {
            return Some(Named {
                field: *field,
                numbered: false,
            });
        }
        let unbracketed = bare
            .find(['(', '（'])
            .filter(|at| *at > 0 && bare.ends_with([')', '）']))
            .and_then(|at| bare.get(..at))
            .map(squeeze);
        if let Some(field) = unbracketed.and_then(|k| self.fields.get(&k).copied()) {
            return Some(Named {
                field,
                numbered: false,
            });
        }
        if let Some(field) = self.shortened(&key) {
            return Some(Named {
                field,
                numbered: false,
            });
        }
        let trimmed = key.trim_end_matches(|c: char| c.is_ascii_digit() || is_chinese_digit(c));
        // `会话 20240102` is the name of one, not the 20240102nd.
        let numbered = (1..=6).contains(&(key.len() - trimmed.len()));
        let trimmed = trimmed.trim_end_matches(['#', '第', '.', '-']);
        self.fields
            .get(trimmed)
            .filter(|_| numbered)
            .map(|field| Named {
                field: *field,
                numbered,
            })
    }

    /// The content that a word names when what only says its extent is taken away:
    /// `客服解答要点`, `完整对话如下`.
    fn shortened(&self, key: &str) -> Option<Field> {
        let stem = EXTENTS.iter().find_map(|end| key.strip_suffix(end))?;
        let long = stem.chars().count() >= 2;
        self.fields
            .get(stem)
            .copied()
            .filter(|field| long && field.is_content())
    }

    /// Whether a text is the cut-off beginning of a label.
    pub(crate) fn begins_a_label(&self, text: &str) -> bool {
        let key = squeeze(undecorate(text));
        !key.is_empty() && self.fields.keys().any(|word| word.starts_with(&key))
    }

    /// The speaker that a whole word names.
    pub(crate) fn speaker(&self, text: &str) -> Option<Speaker> {
        let first = text
            .chars()
            .find(|c| !c.is_whitespace())?
            .to_lowercase()
            .next()?;
        let may = self.speaker_heads.contains(&first);
        may.then(|| self.speakers.get(&squeeze(text)).copied())
            .flatten()
    }

    /// The longest speaker's word at the start of a text, and what follows it.
    pub(crate) fn speaker_prefix<'t>(&self, text: &'t str) -> Option<(Speaker, &'t str)> {
        let first = text.chars().next().and_then(|c| c.to_lowercase().next())?;
        if !self.speaker_heads.contains(&first) {
            return None;
        }
        let mut best = None;
        // The spelling of `squeeze`, grown by one character at a time.
        let mut key = String::new();
        for (count, (at, c)) in text.char_indices().enumerate() {
            if count >= self.longest {
                break;
            }
            let known = key.len();
            push_squeezed(&mut key, c);
            if key.len() == known {
                continue;
            }
            let Some(tail) = text.get(at + c.len_utf8()..) else {
                break;
            };
            // An ASCII word ends where its letters end.
            if c.is_ascii_alphanumeric() && tail.starts_with(|n: char| n.is_ascii_alphabetic()) {
                continue;
            }
            if let Some(speaker) = self.speakers.get(&key) {
                best = Some((*speaker, tail));
            }
        }
        best
    }
}

fn meaning(kind: LabelKind) -> Meaning {
    match kind {
        LabelKind::Title => F(Field::Title),
        LabelKind::Category => F(Field::Category),
        LabelKind::Scenarios => F(Field::Scenarios),
        LabelKind::Question => F(Field::Question),
        LabelKind::Replies => F(Field::Replies),
        LabelKind::Dialogue => F(Field::Dialogue),
        LabelKind::Causes => F(Field::Causes),
        LabelKind::Date => F(Field::Date),
        LabelKind::Customer => S(Speaker::Customer),
        LabelKind::Agent => S(Speaker::Agent),
    }
}

/// Whether a character is a Chinese numeral.
pub(crate) fn is_chinese_digit(c: char) -> bool {
    matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '〇' | '零'
    )
}

/// Strips the pictures and signs that stand before a word: `👤 客户`, `✅ 已解决`.
pub(crate) fn strip_picture(text: &str) -> &str {
    let pictured = text
        .chars()
        .next()
        .is_some_and(|c| is_picture(c) && c != '\u{200d}');
    if !pictured {
        return text;
    }
    text.trim_start_matches(|c| is_picture(c) || c == ' ')
}

/// Whether a character is a picture, or joins two into one.
fn is_picture(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x21ff | 0x2300..=0x23ff | 0x25a0..=0x27bf | 0x2b00..=0x2bff
        | 0x1f000..=0x1faff | 0x200d | 0xfe0f | 0x20e3)
}

/// Strips decoration and a leading number: `**2. 【问题描述】**：` → `问题描述`.
fn undecorate(text: &str) -> &str {
    let decoration = |c: char| match c {
        '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | ':' | '-' | '|' | '~' | '=' => true,
        '—' | '•' | '·' => true,
        '（' | '）' => false,
        _ if is_cjk(c) => false,
        _ => c.is_whitespace() || !c.is_alphanumeric() && c > '\u{2190}',
    };
    let mut bare = text.trim_matches(decoration);
    let (number, rest) = split_number(bare);
    if number.is_some() && !rest.is_empty() {
        bare = rest.trim_matches(decoration);
    }
    bare
}

/// Splits `1. x`, `1、x`, `(1) x`, `（一）x`, `一、x`, `① x` into number and rest.
pub(crate) fn split_number(text: &str) -> (Option<u32>, &str) {
    let none = (None, text);
    let (open, inner) = match text.strip_prefix(['(', '（']) {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    if let Some(c) = text.chars().next().filter(|c| ('①'..='⑳').contains(c)) {
        let rest = text.get(c.len_utf8()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['.', '、', '．', ' ']);
        return (Some(u32::from(c) - u32::from('①') + 1), rest);
    }
    let len: usize = inner
        .chars()
        .take_while(|c| c.is_ascii_digit() || is_chinese_digit(*c))
        .map(char::len_utf8)
        .sum();
    let (Some(digits), Some(rest)) = (inner.get(..len), inner.get(len..)) else {
        return none;
    };
    let Some(number) = value(digits) else {
        return none;
    };
    let Some(mark) = rest.chars().next() else {
        return none;
    };
    let fits = if open {
        matches!(mark, ')' | '）')
    } else {
        matches!(mark, '.' | '、' | '．' | ')' | '）' | ':' | '：')
    };
    let after = rest.get(mark.len_utf8()..).unwrap_or_default();
    // `1.85` and `10:30` are no numbering.
    if !fits || (matches!(mark, '.' | ':') && after.starts_with(|c: char| c.is_ascii_digit())) {
        return none;
    }
    // A Chinese numeral counts only before 、 or in brackets: `一.` is rare, `一：` is prose.
    if digits.starts_with(is_chinese_digit) && !matches!(mark, '、' | ')' | '）' | '.' | '．') {
        return none;
    }
    let after = if open {
        after.trim_start_matches(['、', '.', '．'])
    } else {
        after
    };
    (Some(number), after.trim_start())
}

/// The value of Arabic or Chinese digits up to 9,999,999; `None` when empty or mixed.
pub(crate) fn value(digits: &str) -> Option<u32> {
    if digits.is_empty() || digits.len() > 21 {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(digits).filter(|d| d.len() <= 7)?.parse().ok();
    }
    let mut total = 0;
    let mut current = 0;
    for c in digits.chars() {
        match "零一二三四五六七八九".chars().position(|d| d == c) {
            Some(d) => current = u32::try_from(d).ok()?,
            None => {
                let unit = match c {
                    '十' => 10,
                    '百' => 100,
                    '〇' => 0,
                    _ => return None,
                };
                total += current.max(1) * unit;
                current = 0;
            }
        }
    }
    Some(total + current)
}

/// The spelling that words are compared in.
pub(crate) fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for c in text.chars() {
        push_squeezed(&mut squeezed, c);
    }
    squeezed
}

/// Appends what one character becomes in that spelling.
fn push_squeezed(to: &mut String, c: char) {
    match c {
        // Without capitals; to ask for them costs more than all else here.
        _ if is_cjk(c) => to.push(c),
        '_' | '-' | '*' | '\'' | '’' => {}
        _ if c.is_whitespace() => {}
        _ => to.extend(c.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_found_under_its_decoration() {
        let table = LabelTable::default();
        for (text, field) in [
            ("问题描述", Field::Question),
            ("2. 【问题描述】：", Field::Question),
            ("**客服解答**", Field::Replies),
            ("📌 根本原因分析", Field::Causes),
            ("Root Cause", Field::Causes),
            ("root_cause", Field::Causes),
            ("二、问题描述", Field::Question),
            ("问题描述（Question）", Field::Question),
        ] {
            let named = table.field(text).map(|n| n.field);
            assert_eq!(named, Some(field), "{text}");
        }
        assert!(table.field("回复 2").unwrap().numbered);
        assert_eq!(table.field("证书问题"), None);
    }

    #[test]
    fn a_team_adds_its_own_words() {
        let own = BTreeMap::from([(LabelKind::Causes, vec!["复盘结论".to_owned()])]);
        let table = LabelTable::with(&own);
        assert_eq!(table.field("复盘结论：").unwrap().field, Field::Causes);
    }

    #[test]
    fn numbers_split_off_in_every_spelling() {
        assert_eq!(split_number("1. a"), (Some(1), "a"));
        assert_eq!(split_number("12、a"), (Some(12), "a"));
        assert_eq!(split_number("（三）a"), (Some(3), "a"));
        assert_eq!(split_number("二十一、a"), (Some(21), "a"));
        assert_eq!(split_number("②a"), (Some(2), "a"));
        assert_eq!(split_number("1.85元").0, None);
        assert_eq!(split_number("401错误").0, None);
        assert_eq!(split_number("10:30").0, None);
    }
}
