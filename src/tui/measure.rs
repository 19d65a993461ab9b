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

/// The text with what terminals and multiplexers measure differently made simple: of several
/// emoji joined to one the first stays, a flag becomes its letters, and signs that choose how the
/// character before them looks go.
pub fn simple_emoji(text: Cow<'_, str>) -> Cow<'_, str> {
    let odd = |c: char| {
        matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}')
            || SKINS.contains(&c)
            || FLAGS.contains(&c)
    };
    if !text.chars().any(odd) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut joined = false;
    for c in text.chars() {
        match c {
            '\u{200d}' => joined = true,
            _ if FLAGS.contains(&c) => {
                let letter = u32::from(c) - u32::from(*FLAGS.start());
                out.extend(char::from_u32(u32::from('A') + letter));
            }
            _ if odd(c) => {}
            _ if std::mem::take(&mut joined) => {}
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The letters that flags are made of.
const FLAGS: std::ops::RangeInclusive<char> = '\u{1f1e6}'..='\u{1f1ff}';

/// The colours of skins.
const SKINS: std::ops::RangeInclusive<char> = '\u{1f3fb}'..='\u{1f3ff}';

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
    fn joined_emoji_and_flags_are_drawn_as_what_every_terminal_measures_alike() {
        let drawn = |text: &'static str| simple_emoji(Cow::Borrowed(text)).into_owned();
        assert_eq!(drawn("👨\u{200d}👩\u{200d}👧的域名"), "👨的域名");
        assert_eq!(drawn("🏳\u{fe0f}\u{200d}🌈ok"), "🏳ok");
        assert_eq!(drawn("🇨🇳备案"), "CN备案");
        assert_eq!(drawn("👍🏽 1\u{fe0f}\u{20e3}"), "👍 1");
        assert_eq!(drawn("证书❤\u{fe0f}"), "证书❤");
    }

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
