//! Folding of what people write differently and mean alike: widths, cases, traditional Chinese.
//!
//! Every character folds to exactly one, so that an offset in characters means the same place in
//! a text and in its folded form: highlights need no map back.

use std::sync::OnceLock;

/// First and last code of the characters the conversion looks at; the rest is as it is.
const FIRST: usize = 0x2e80;
const LAST: usize = 0xffff;

/// First and last of the full-width forms of `!` to `~`.
const FULL_WIDTH: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';

/// Folds a text: full width to half, capitals to small letters, traditional characters to
/// simplified ones. The result has as many characters as the text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if !text.chars().any(is_traditional) {
        return text.chars().map(fold_char).collect();
    }
    // The conversion looks at neighbours, so it takes the text as a whole.
    let simplified = fast2s::convert(text);
    simplified.chars().map(fold_char).collect()
}

/// Whether a character may be another one in simplified writing. Most texts have none such, and
/// asking a table of bits is a tenth of the conversion's work.
fn is_traditional(c: char) -> bool {
    static BITS: OnceLock<Vec<u64>> = OnceLock::new();
    let code = u32::from(c) as usize;
    if !(FIRST..=LAST).contains(&code) {
        return false;
    }
    let bits = BITS.get_or_init(|| {
        let mut bits = vec![0; (LAST - FIRST) / 64 + 1];
        let mut buffer = [0; 4];
        for c in '\u{2e80}'..='\u{ffff}' {
            let written: &str = c.encode_utf8(&mut buffer);
            // These change beside some neighbours only.
            let may = matches!(c, '藉' | '著' | '苧') || fast2s::convert(written) != *written;
            let at = u32::from(c) as usize - FIRST;
            if let (true, Some(word)) = (may, bits.get_mut(at / 64)) {
                *word |= 1_u64 << (at % 64);
            }
        }
        bits
    });
    let at = code - FIRST;
    bits.get(at / 64)
        .is_some_and(|word| word >> (at % 64) & 1 == 1)
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
        fn the_short_way_folds_like_the_long_one(text in "[一-龥ａ-ｚA-Z體證]{0,12}(看著|乾隆|憑藉|苧麻)?[一-龥 ]{0,9}") {
            let long: String = fast2s::convert(&text).chars().map(fold_char).collect();
            prop_assert_eq!(fold(&text), long);
        }

        #[test]
        fn folding_keeps_every_offset_and_is_done_once(text in "[\\PC]{0,40}|[一-龥ａ-ｚA-Zİß體證 ]{0,30}") {
            let folded = fold(&text);
            prop_assert_eq!(folded.chars().count(), text.chars().count());
        }
    }
}
