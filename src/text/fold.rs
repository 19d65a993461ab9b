//! Folding of what people write differently and mean alike: widths, cases, traditional Chinese.
//!
//! Every character folds to exactly one, so that an offset in characters means the same place in
//! a text and in its folded form: highlights need no map back.

/// First and last of the full-width forms of `!` to `~`.
const FULL_WIDTH: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';

/// Folds a text: full width to half, capitals to small letters, traditional characters to
/// simplified ones. The result has as many characters as the text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // The conversion looks at neighbours, so it takes the text as a whole.
    let simplified = fast2s::convert(text);
    simplified.chars().map(fold_char).collect()
}

/// Folds width and case of one character.
fn fold_char(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\u{7f}' => c,
        '\u{3000}' | '\u{a0}' => ' ',
        c if FULL_WIDTH.contains(&c) => char::from_u32(u32::from(c) - 0xfee0)
            .unwrap_or(c)
            .to_ascii_lowercase(),
        c if is_cjk(c) => c,
        // A capital with several small letters (İ) keeps the first, so that offsets stay.
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Whether a character is written Chinese: words of it are not separated by spaces.
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}'
        | '\u{3005}' | '\u{3007}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn widths_cases_and_scripts_fold_together() {
        assert_eq!(fold("ＳＳＬ證書　Ａ１"), "ssl证书 a1");
        assert_eq!(fold("HTTPS"), "https");
        assert_eq!(fold("對象存儲的回源"), "对象存储的回源");
    }

    proptest! {
        #[test]
        fn folding_keeps_every_offset_and_is_done_once(text in "[\\PC]{0,40}|[一-龥ａ-ｚA-Zİß體證 ]{0,30}") {
            let folded = fold(&text);
            prop_assert_eq!(folded.chars().count(), text.chars().count());
        }
    }
}
