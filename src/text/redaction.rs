//! Redaction marks: what stands where something was taken out, in any spelling.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// `[REDACTED_PATH]`, `[SANITIZED_URL]`, `[URL已脱敏]`, `【手机号已脱敏】`, `<EMAIL_MASKED>`, `***`.
static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)[\[【<［{(（]{1,2}[^\[\]【】<>{}\n]{0,24}?",
        r"(?:redacted|sanitized|sanitised|masked|anonymi[sz]ed|hidden|removed",
        r"|脱敏|已隐藏|已屏蔽|已打码|隐去|隐私)",
        r"[^\[\]【】<>{}\n]{0,24}?[\]】>］})）]{1,2}",
        r"|\*{3,}|[xX]{4,}|×{3,}|＊{3,}",
    ))
    .ok()
});

/// Finds the redaction marks of a text, as byte ranges in order.
///
/// `[图片]` is no mark: it stands where a picture was.
pub fn marks(text: &str) -> Vec<Range<usize>> {
    let may_hold = text.contains([
        '[', '【', '<', '［', '{', '(', '（', '*', 'x', 'X', '×', '＊',
    ]);
    match (&*MARK, may_hold) {
        (Some(mark), true) => mark.find_iter(text).map(|m| m.range()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_in_every_spelling() {
        for mark in [
            "[REDACTED_PATH]",
            "[REDACTED]",
            "[SANITIZED_URL]",
            "[URL已脱敏]",
            "【已脱敏】",
            "[手机号已脱敏]",
            "<EMAIL_MASKED>",
            "{{REDACTED}}",
            "***",
        ] {
            let text = format!("请访问 {mark}，谢谢 [图片]");
            let found = marks(&text);
            assert_eq!(found.len(), 1, "{mark}");
            assert_eq!(text.get(found[0].clone()), Some(mark));
        }
    }

    #[test]
    fn pictures_and_brackets_are_no_marks() {
        assert!(marks("[图片]在 [域名管理] 中（免费）点击 **配置**").is_empty());
    }
}
