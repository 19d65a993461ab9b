//! Display width in terminal columns, and cutting and padding by it.
//!
//! The width of a text is the sum over its graphemes, because that is how a terminal screen is
//! made of cells: a Chinese character takes two columns, a combining mark none. Graphemes with
//! control characters are never drawn and count as none.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the cut-off rest of a text: one column, two where ambiguous characters are
/// wide.
pub const ELLIPSIS: &str = "…";

/// Columns of one grapheme.
pub fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        0
    } else {
        grapheme.width()
    }
}

/// Columns of a text on one line.
pub fn width(text: &str) -> usize {
    // Most text on a screen is plain ASCII or Han, and ASCII needs no segmentation.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// The longest beginning of a text that fits into `columns`.
pub fn fitting(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme_width(grapheme);
        if used > columns {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The text, or as much of it as fits into `columns` together with `ellipsis`.
///
/// Where not even the ellipsis fits, the text is cut without one.
pub fn truncate_with<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    match columns.checked_sub(width(ellipsis)) {
        Some(room) => Cow::Owned(format!("{}{ellipsis}", fitting(text, room))),
        None => Cow::Borrowed(fitting(text, columns)),
    }
}

/// The text, or as much of it as fits into `columns` together with [`ELLIPSIS`].
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    truncate_with(text, columns, ELLIPSIS)
}

/// The text cut or padded on the right to exactly `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let mut padded = truncate(text, columns).into_owned();
    let blanks = columns.saturating_sub(width(&padded));
    padded.extend(std::iter::repeat_n(' ', blanks));
    padded
}

/// The text cut or padded on the left to exactly `columns`: for numbers.
pub fn pad_left(text: &str, columns: usize) -> String {
    let text = truncate(text, columns);
    let blanks = columns.saturating_sub(width(&text));
    format!("{}{text}", " ".repeat(blanks))
}

/// The text on one line: line feeds, tabs and runs of blanks become one blank, ends are trimmed.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let neat = |text: &str| {
        !text.starts_with(' ')
            && !text.ends_with(' ')
            && !text.contains("  ")
            && !text.contains(|c: char| c.is_whitespace() && c != ' ' && c != '\u{3000}')
    };
    if neat(text) {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    Cow::Owned(words.join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_takes_two_columns_and_marks_take_none() {
        for (text, columns) in [
            ("", 0),
            ("CDN", 3),
            ("证书", 4),
            ("，。", 4),
            ("“…—①℃→│", 7),
            ("e\u{301}", 1),
            ("👨‍👩‍👧", 2),
            ("a\u{7}b", 2),
        ] {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_wide_character() {
        assert_eq!(truncate("更换证书", 8), "更换证书");
        assert_eq!(truncate("更换证书", 7), "更换证…");
        assert_eq!(truncate("更换证书", 6), "更换…");
        assert_eq!(truncate("更换", 1), "…");
        assert_eq!(truncate("更换", 0), "");
        assert_eq!(truncate_with("更换", 2, "..."), "更");
    }

    #[test]
    fn padding_fills_to_the_column() {
        assert_eq!(pad("证书", 6), "证书  ");
        assert_eq!(pad("更换证书", 6), "更换… ");
        assert_eq!(pad_left("412", 5), "  412");
    }

    #[test]
    fn one_line_keeps_words_and_drops_breaks() {
        assert_eq!(one_line(" 您好\n\t请稍等  CDN\r\n"), "您好 请稍等 CDN");
        assert!(matches!(one_line("您好 CDN"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn a_cut_text_never_exceeds_its_columns(text in any::<String>(), columns in 0usize..40) {
            prop_assert!(width(&truncate(&text, columns)) <= columns);
            prop_assert!(width(fitting(&text, columns)) <= columns);
            prop_assert_eq!(width(&pad(&text, columns)), columns);
            prop_assert_eq!(width(&pad_left(&text, columns)), columns);
        }

        #[test]
        fn one_line_has_no_breaks_and_settles(text in any::<String>()) {
            let line = one_line(&text).into_owned();
            prop_assert!(!line.contains(['\n', '\t', '\r']) && !line.contains("  "));
            prop_assert_eq!(&one_line(&line), &line);
        }
    }
}
