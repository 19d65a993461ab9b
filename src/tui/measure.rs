//! The text room's functions as the screen uses them.

use std::borrow::Cow;

pub use crate::text::pinyin::finds as pinyin_finds;
pub use crate::text::sanitize::clean as sanitize;
pub use crate::text::width::width;
pub use crate::text::wrap::wrap;

/// Ambiguous characters that stand often in texts, and what is as wide everywhere.
const SUBSTITUTES: [(char, &str); 12] = [
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('…', ".."),
    ('—', "-"),
    ('–', "-"),
    ('·', "-"),
    ('→', ">"),
    ('×', "x"),
    ('℃', "C"),
    ('°', "o"),
];

/// The text with the ambiguous characters replaced that overwrite their neighbours where the
/// terminal draws them two columns wide.
pub fn narrow_substitutes(text: &str) -> Cow<'_, str> {
    let ambiguous = |c: char| c >= '\u{a1}' && width_cjk(c) > width(c.encode_utf8(&mut [0; 4]));
    if !text.chars().any(ambiguous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match SUBSTITUTES.iter().find(|(known, _)| *known == c) {
            Some((_, narrow)) => out.push_str(narrow),
            None if ambiguous(c) => out.push_str(&circled(c)),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn width_cjk(c: char) -> usize {
    unicode_width::UnicodeWidthChar::width_cjk(c).unwrap_or(0)
}

/// A circled number as `(1)`; `?` for anything else.
fn circled(c: char) -> String {
    match u32::from(c) {
        n @ 0x2460..=0x2473 => format!("({})", n - 0x245f),
        _ => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_syllables_initials_and_mixtures_find_a_name() {
        for typed in ["zhengshu", "zs", "zsgq", "zhengsgq", "guoqi"] {
            assert!(pinyin_finds("证书过期", typed), "{typed}");
        }
        assert!(pinyin_finds("CDN证书", "cdnzs"));
        assert!(!pinyin_finds("证书过期", "yuming"));
    }

    #[test]
    fn ambiguous_characters_give_way_to_narrow_ones() {
        assert_eq!(
            narrow_substitutes("“源站”…① → 完成"),
            "\"源站\"..(1) > 完成"
        );
        assert_eq!(narrow_substitutes("证书，已更新。"), "证书，已更新。");
    }
}
