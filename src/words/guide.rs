//! The reference tables of the manual: the query language and the configuration file.
//!
//! Help, man pages and the README read these tables, so that none of them can tell something
//! else. The keys of the workbench stand in the action table of `keymap`.

use super::Lang;

/// A row of a reference table: what is written, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuideRow {
    /// What a person writes, as they write it.
    pub written: &'static str,
    zh: &'static str,
    en: &'static str,
}

impl GuideRow {
    const fn new(written: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { written, zh, en }
    }

    /// What it means.
    pub fn meaning(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

/// The query language, in the order one learns it.
pub const QUERY: &[GuideRow] = &[
    GuideRow::new(
        "证书 过期",
        "有这些词的工单；词可写中文、英文、拼音（zhengshu）或声母（zs）",
        "tickets with these words; in Chinese, Latin letters, pinyin (zhengshu) or initials (zs)",
    ),
    GuideRow::new(
        "\"一直处理中\"",
        "依次连着的这些字",
        "these characters in this order",
    ),
    GuideRow::new("证书 -免费", "不含此词", "without a word"),
    GuideRow::new(
        "退款 OR 退订",
        "任一即可；可用括号分组",
        "either; parentheses group",
    ),
    GuideRow::new("doc*", "以此开头的词", "words that begin so"),
    GuideRow::new("类:CDN  cat:CDN", "产品", "a product area"),
    GuideRow::new("型:证书问题  type:证书问题", "问题类型", "an issue type"),
    GuideRow::new("因:回源  cause:回源", "根因", "a root cause"),
    GuideRow::new(
        "态:placeholder  state:placeholder",
        "根因的状态：none、placeholder、given、confirmed",
        "the state of the root cause: none, placeholder, given or confirmed",
    ),
    GuideRow::new("集:2026  dataset:2026", "数据集", "a dataset"),
    GuideRow::new(
        "日期:2024-05..2024-06  date:2024",
        "哪一天、哪个月、哪一年，或从哪天到哪天",
        "a day, a month, a year, or from one to another",
    ),
    GuideRow::new(
        "问:打不开  ask:打不开",
        "客户说的话",
        "the customer's words",
    ),
    GuideRow::new(
        "答:重新绑定  answer:重新绑定",
        "客服说的话",
        "the agent's words",
    ),
    GuideRow::new("id:k7q2md", "编号", "an id"),
];

/// The settings of a configuration file, in the order of `config::SETTINGS`.
pub const CONFIG: &[GuideRow] = &[
    GuideRow::new("language", "界面语言", "language of the interface"),
    GuideRow::new("theme", "颜色与边框", "colours and borders"),
    GuideRow::new(
        "keys",
        "内置的哪套按键",
        "which of the keymaps that are compiled in",
    ),
    GuideRow::new(
        "keymap",
        "叠加在上面的自己的按键文件",
        "a keymap file of your own, laid over it",
    ),
    GuideRow::new(
        "clipboard",
        "经哪种方式到剪贴板",
        "the way to the clipboard",
    ),
    GuideRow::new(
        "mouse",
        "是否接管鼠标；auto 表示经 SSH 时不接管",
        "whether the mouse is taken from the terminal; auto = except over SSH",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_told_twice_and_every_row_is_told_in_both_languages() {
        for table in [QUERY, CONFIG] {
            let mut written: Vec<_> = table.iter().map(|row| row.written).collect();
            written.sort_unstable();
            written.dedup();
            assert_eq!(written.len(), table.len());
            for row in table {
                assert!(!row.meaning(Lang::Zh).is_ascii(), "{}", row.written);
                assert!(row.meaning(Lang::En).is_ascii(), "{}", row.written);
            }
        }
    }
}
