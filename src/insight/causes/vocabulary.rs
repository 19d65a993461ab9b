//! The causes that can be given, and what in their names can be looked for in a ticket.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{Relation, Spoken};
use crate::insight::case::Words;
use crate::insight::pattern::is_han;
use crate::insight::topics::{Topics, telling};
use crate::model::CauseId;

/// Words of causes that say nothing about which one it is.
const GENERIC: [&str; 74] = [
    "问题",
    "配置",
    "异常",
    "错误",
    "使用",
    "产品",
    "用户",
    "操作",
    "方法",
    "咨询",
    "流程",
    "系统",
    "处理",
    "不当",
    "需要",
    "重新",
    "申请",
    "导致",
    "服务",
    "自动",
    "人工",
    "介入",
    "失败",
    "无法",
    "不足",
    "超出",
    "设置",
    "相关",
    "其他",
    "其它",
    "客户",
    "功能",
    "需求",
    "说明",
    "情况",
    "原因",
    "部署",
    "提示",
    "正确",
    "进行",
    "添加",
    "提交",
    "支持",
    "目前",
    "可以",
    "您好",
    "这个",
    "我们",
    "已经",
    "一下",
    "这边",
    "如何",
    "怎么",
    "什么",
    "为什么",
    "现在",
    "一直",
    "显示",
    "帮忙",
    "麻烦",
    "控制台",
    "确认",
    "查看",
    "点击",
    "选择",
    "通过",
    "如果",
    "没有",
    "不是",
    "还是",
    "请问",
    "你们",
    "资源",
    "云",
];

/// Whether a word says nothing about which cause or ticket it is.
pub(super) fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word)
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    /// `None` = it is not in use any more; tickets may still carry its number.
    id: Option<CauseId>,
    name: String,
    topics: Topics,
    /// Words of its names that can be looked for.
    words: Vec<String>,
}

/// The vocabulary, by number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Vocabulary {
    entries: Vec<Entry>,
    numbers: HashMap<CauseId, u16>,
}

impl Vocabulary {
    /// Adds a cause or changes its names, today's first.
    /// Tells whether it was not there before.
    pub(super) fn set(&mut self, id: CauseId, names: &[String], words: &dyn Words) -> bool {
        let joined = names.join(" ").to_lowercase();
        // Without a dictionary words are pairs of ideographs: what says nothing goes first, so
        // that no pair spans it.
        let mut bare = joined.clone();
        for word in GENERIC {
            bare = bare.replace(word, " ");
        }
        let mut found: Vec<String> = words
            .words(&bare)
            .into_iter()
            .filter(|word| !is_generic(word))
            .filter(|word| telling_form(word))
            .collect();
        found.sort();
        found.dedup();
        let entry = Entry {
            id: Some(id),
            name: names.first().cloned().unwrap_or_default(),
            topics: Topics::of(&joined),
            words: found,
        };
        match self
            .numbers
            .get(&id)
            .and_then(|no| self.entries.get_mut(usize::from(*no)))
        {
            Some(known) => {
                *known = entry;
                false
            }
            None => {
                // More causes than that are no vocabulary.
                let Ok(no) = u16::try_from(self.entries.len()) else {
                    return false;
                };
                self.numbers.insert(id, no);
                self.entries.push(entry);
                true
            }
        }
    }

    /// Takes out the causes that are not among these; gives them.
    pub(super) fn keep(&mut self, ids: &HashSet<CauseId>) -> Vec<CauseId> {
        let gone: Vec<CauseId> = self
            .numbers
            .keys()
            .filter(|id| !ids.contains(id))
            .copied()
            .collect();
        for id in &gone {
            let no = self.numbers.remove(id).map(usize::from);
            if let Some(entry) = no.and_then(|no| self.entries.get_mut(no)) {
                entry.id = None;
                entry.words.clear();
                entry.topics = Topics::default();
            }
        }
        gone
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn number(&self, id: CauseId) -> Option<u16> {
        self.numbers.get(&id).copied()
    }

    pub(super) fn id(&self, no: u16) -> Option<CauseId> {
        self.entries.get(usize::from(no)).and_then(|entry| entry.id)
    }

    pub(super) fn name(&self, no: u16) -> &str {
        self.entries
            .get(usize::from(no))
            .map_or("", |entry| entry.name.as_str())
    }

    pub(super) fn topics(&self, no: u16) -> Topics {
        self.entries
            .get(usize::from(no))
            .map(|entry| entry.topics)
            .unwrap_or_default()
    }

    /// Whether two causes may hold for the same ticket: one, or on the same subject.
    pub(super) fn compatible(&self, a: u16, b: u16) -> bool {
        a == b || self.topics(a).meets(self.topics(b))
    }

    /// Where a ticket speaks of a cause.
    pub(super) fn relation(&self, no: u16, text: &Spoken) -> Relation {
        let Some(entry) = self.entries.get(usize::from(no)) else {
            return Relation::Unknown;
        };
        if entry.topics.is_empty() && entry.words.is_empty() {
            return Relation::Unknown;
        }
        let says = |part: &str| entry.words.iter().any(|word| contains_word(part, word));
        if entry.topics.meets(text.parts.loud())
            || says(&text.title)
            || says(&telling(&text.replies))
        {
            Relation::Loud
        } else if entry.topics.meets(text.parts.question) || says(&telling(&text.question)) {
            Relation::QuestionOnly
        } else {
            Relation::Nowhere
        }
    }

    /// The share of a cause's telling words that a text has.
    pub(super) fn cover(&self, no: u16, text: &Spoken) -> f32 {
        let Some(entry) = self
            .entries
            .get(usize::from(no))
            .filter(|entry| entry.words.len() > 1)
        else {
            return 0.0;
        };
        let whole = format!(
            "{}\n{}\n{}",
            text.title,
            text.question,
            telling(&text.replies)
        );
        let found = entry
            .words
            .iter()
            .filter(|word| contains_word(&whole, word))
            .count();
        found as f32 / entry.words.len() as f32
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = u16> + use<> {
        0..u16::try_from(self.entries.len()).unwrap_or(u16::MAX)
    }
}

/// Whether a word can be looked for: two ideographs, or two Latin letters and more.
fn telling_form(word: &str) -> bool {
    let long = word.chars().count() > 1;
    long && (word.chars().all(is_han) || word.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Whether a text has a word; a Latin one not within a longer.
fn contains_word(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    let inner = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let end = at + word.len();
        !text.get(..at).unwrap_or_default().ends_with(inner)
            && !text.get(end..).unwrap_or_default().starts_with(inner)
    })
}
