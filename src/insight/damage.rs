//! What makes a text unfit to send as it is: marks that redaction left, and ends that are lost.

use std::ops::Range;

use super::heal::broken_links;
use super::pattern::{is_han, patterns};

patterns! {
    /// The beginning of a text whose address lost its scheme.
    headless = r"^\s*//[\w*]";
    /// A last clause that announces something which does not follow.
    announces = r"(?:如下|以下|参考文档|参考|步骤|请在|可在|位于|地址为|文档|链接|详见|请见)\s*[:：]?\s*$";
    /// An address without anything behind its host's beginning.
    bare_scheme = r"https?:/{0,2}\s*$";
}

/// Places of a text that somebody must mend before it is sent, in order: marks in any spelling,
/// links that are broken, a beginning that is lost.
pub fn damages(text: &str) -> Vec<Range<usize>> {
    let mut out = crate::text::redaction::marks(text);
    out.retain(|mark| !crossed_out(text.get(mark.clone()).unwrap_or_default()));
    for link in broken_links(text) {
        out.retain(|mark| mark.end <= link.start || mark.start >= link.end);
        out.push(link);
    }
    out.extend(headless().find(text).map(|found| found.range()));
    out.extend(bare_scheme().find(text).map(|found| found.range()));
    out.sort_by_key(|range| range.start);
    out
}

/// Whether a mark is an author's own `xxxx`, which stands for any value.
fn crossed_out(mark: &str) -> bool {
    mark.starts_with(['x', 'X', '×'])
}

/// Whether a text's beginning is lost: only the rest of an address is left of it.
pub fn begins_late(text: &str) -> bool {
    headless().is_match(text)
}

/// A text whose first address lost its scheme, with it; `None` = it did not.
pub(super) fn with_scheme(text: &str) -> Option<String> {
    begins_late(text).then(|| format!("https:{}", text.trim_start()))
}

/// Whether a text's end is lost: it ends with a mark, inside a bracket, or announcing what does
/// not follow.
pub fn ends_short(text: &str) -> bool {
    let text = text.trim_end();
    let marked = damages(text).last().is_some_and(|last| {
        text.get(last.end..)
            .is_some_and(|rest| !rest.contains(is_han))
    });
    marked || announces_more(text) || inside_a_bracket(text)
}

fn announces_more(text: &str) -> bool {
    text.ends_with(['、', '（', '(', '「', '【']) || announces().is_match(text)
}

/// Whether the last bracket of a text is not closed.
fn inside_a_bracket(text: &str) -> bool {
    [
        ('「', '」'),
        ('【', '】'),
        ('（', '）'),
        ('《', '》'),
        ('“', '”'),
    ]
    .into_iter()
    .any(|(open, close)| {
        let last = text.rfind(open);
        last.is_some_and(|at| !text.get(at..).unwrap_or_default().contains(close))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_in_any_spelling_is_damage() {
        for text in [
            "参考[URL已脱敏]",
            "见https://doc.example.com/*** 的说明",
            "发到[REDACTED_EMAIL]邮箱",
            "打开<masked>后保存",
            "手机号 138***1234 已绑定",
            "//console.example.com/list 查看",
            "见 https://",
        ] {
            assert_eq!(damages(text).len(), 1, "{text}");
        }
        for text in [
            "填写 xxxx 即可",
            "[图片]在【域名管理】中",
            "见https://a.example.com/b。",
        ] {
            assert!(damages(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_lost_end_is_seen() {
        for text in [
            "证书种类：[URL已脱敏]]",
            "点击「配置",
            "步骤如下：",
            "请在",
            "见https://d.example/***",
        ] {
            assert!(ends_short(text), "{text}");
        }
        for text in [
            "点击「配置」",
            "三分钟后生效",
            "见https://d.example/*** 里的第二节说明",
        ] {
            assert!(!ends_short(text), "{text}");
        }
    }
}
