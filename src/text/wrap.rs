//! Wrapping text into lines of at most so many columns, with the place of each line in the text.
//!
//! Lines break where Unicode allows (UAX #14), so Chinese breaks anywhere but before 。 or ，,
//! and a word wider than the line is cut between graphemes. The text itself is never changed:
//! styles and highlights, which are byte ranges of the text, map onto lines by [`pieces`].
//! Ratatui's own wrapping overflows and panics on some of such texts; lines from here are drawn
//! without it.

use std::borrow::Cow;
use std::ops::Range;

use textwrap::WordSeparator;
use textwrap::core::Fragment;
use textwrap::wrap_algorithms::wrap_first_fit;
use unicode_segmentation::UnicodeSegmentation;

use super::width::width;

/// Columns of a tab. Tabs have no stops here, so that a line's text does not depend on where
/// the line begins, and are no wider than the narrowest line.
pub const TAB: usize = 2;

/// A line can hold at least one wide character.
const MIN_COLUMNS: usize = 2;

/// One line of a wrapped text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedLine {
    /// The bytes of the text it shows, without the blanks or line feed it was broken at.
    pub range: Range<usize>,
    /// Its columns, tabs expanded.
    pub width: usize,
}

impl WrappedLine {
    /// The line's text, tabs expanded; `text` is the text that was wrapped.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        expand_tabs(text.get(self.range.clone()).unwrap_or_default())
    }
}

/// Wraps a text into lines of at most `columns`; fewer than two count as two. One of the few
/// characters that take more stands alone on its line.
///
/// There is at least one line, and one for each line feed more.
pub fn wrap(text: &str, columns: usize) -> Vec<WrappedLine> {
    let columns = columns.max(MIN_COLUMNS);
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, start, columns, &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

/// The text with each tab as [`TAB`] blanks.
pub fn expand_tabs(text: &str) -> Cow<'_, str> {
    if text.contains('\t') {
        Cow::Owned(text.replace('\t', &" ".repeat(TAB)))
    } else {
        Cow::Borrowed(text)
    }
}

/// A line's range cut at the borders of marks, each piece with whether it is marked.
///
/// `marks` are byte ranges of the wrapped text in ascending order, without overlaps; they may
/// reach over several lines.
pub fn pieces(line: Range<usize>, marks: &[Range<usize>]) -> Vec<(Range<usize>, bool)> {
    let mut pieces = Vec::new();
    let mut at = line.start;
    let first = marks.partition_point(|mark| mark.end <= line.start);
    for mark in marks.iter().skip(first) {
        if mark.start >= line.end {
            break;
        }
        let (start, end) = (mark.start.max(at), mark.end.min(line.end));
        if at < start {
            pieces.push((at..start, false));
        }
        if start < end {
            pieces.push((start..end, true));
        }
        at = at.max(end);
    }
    if at < line.end {
        pieces.push((at..line.end, false));
    }
    pieces
}

/// What stays together on a line, with the blanks after it.
#[derive(Debug)]
struct Piece {
    bytes: usize,
    width: usize,
    blank_bytes: usize,
    blank_width: usize,
}

impl Fragment for Piece {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a line has far fewer than 2^52 columns"
    )]
    fn width(&self) -> f64 {
        self.width as f64
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a line has far fewer than 2^52 columns"
    )]
    fn whitespace_width(&self) -> f64 {
        self.blank_width as f64
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

fn wrap_paragraph(text: &str, start: usize, columns: usize, lines: &mut Vec<WrappedLine>) {
    let pieces = pieces_of(text, columns);
    let mut at = start;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a line has far fewer than 2^52 columns"
    )]
    let wrapped = wrap_first_fit(&pieces, &[columns as f64]);
    for (n, line) in wrapped.iter().enumerate() {
        let bytes: usize = line.iter().map(|p| p.bytes + p.blank_bytes).sum();
        let broad: usize = line.iter().map(|p| p.width + p.blank_width).sum();
        let (last_bytes, last_width) = line
            .last()
            .map_or((0, 0), |last| (last.blank_bytes, last.blank_width));
        let (shown, width) = (bytes - last_bytes, broad - last_width);
        // An indentation too wide for the first word would leave an empty line before it.
        let vain = n == 0 && shown == 0 && wrapped.len() > 1;
        if !vain {
            lines.push(WrappedLine {
                range: at..at + shown,
                width,
            });
        }
        at += bytes;
    }
}

fn pieces_of(text: &str, columns: usize) -> Vec<Piece> {
    // A tab breaks lines as a blank does; being one byte too, it leaves all places as they are.
    let blanked: Cow<'_, str> = if text.contains('\t') {
        Cow::Owned(text.replace('\t', " "))
    } else {
        Cow::Borrowed(text)
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    for word in WordSeparator::UnicodeBreakProperties.find_words(&blanked) {
        let (bytes, blank_bytes) = (word.word.len(), word.whitespace.len());
        let end = at + bytes;
        let source = text.get(at..end).unwrap_or_default();
        let blanks = text.get(end..end + blank_bytes).unwrap_or_default();
        push_word(source, columns, &mut pieces);
        if let Some(last) = pieces.last_mut() {
            last.blank_bytes = blank_bytes;
            last.blank_width = blanks
                .bytes()
                .map(|b| if b == b'\t' { TAB } else { 1 })
                .sum();
        }
        at = end + blank_bytes;
    }
    pieces
}

/// Adds a word, in as many pieces as it takes for each to fit into a line.
fn push_word(word: &str, columns: usize, pieces: &mut Vec<Piece>) {
    let mut push = |bytes, width| {
        pieces.push(Piece {
            bytes,
            width,
            blank_bytes: 0,
            blank_width: 0,
        });
    };
    let whole = drawn_width(word);
    if whole <= columns {
        push(word.len(), whole);
        return;
    }
    let (mut bytes, mut used) = (0, 0);
    for (part, wide) in word.graphemes(true).flat_map(|g| parts(g, columns)) {
        if used + wide > columns && bytes > 0 {
            push(bytes, used);
            (bytes, used) = (0, 0);
        }
        bytes += part.len();
        used += wide;
    }
    if bytes > 0 {
        push(bytes, used);
    }
}

/// A grapheme with its width, or pieces of it that fit where it is wider than a line.
fn parts(grapheme: &str, columns: usize) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = grapheme;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        // Characters are not measured one by one: U+FE0F widens the one before it.
        let fits = |end: &usize| rest.get(..*end).is_some_and(|p| drawn_width(p) <= columns);
        let end = if fits(&rest.len()) {
            rest.len()
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            ends.take_while(fits).last().unwrap_or(first)
        };
        let (part, after) = rest.split_at_checked(end)?;
        // A zero-width rest would join its beginning again, and widen it.
        let wide = drawn_width(part).max(usize::from(part.len() < grapheme.len()));
        rest = after;
        Some((part, wide))
    })
}

/// Columns as drawn: a tab inside a word, where it cannot break, takes its blanks too.
fn drawn_width(text: &str) -> usize {
    let tabs = text.bytes().filter(|byte| *byte == b'\t').count();
    width(text) + tabs * TAB
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str, columns: usize) -> Vec<String> {
        let wrapped = wrap(text, columns);
        wrapped
            .iter()
            .map(|line| line.text(text).into_owned())
            .collect()
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_punctuation() {
        assert_eq!(lines("证书部署异常。", 12), ["证书部署异", "常。"]);
        assert_eq!(lines("请 证书部署异常", 8), ["请 证书", "部署异常"]);
    }

    #[test]
    fn words_break_at_blanks_and_long_ones_inside() {
        assert_eq!(lines("a CDN domain", 6), ["a CDN", "domain"]);
        assert_eq!(lines("aaaaaaa b", 3), ["aaa", "aaa", "a b"]);
    }

    #[test]
    fn line_feeds_break_and_empty_lines_stay() {
        assert_eq!(lines("您好\n\n再见", 10), ["您好", "", "再见"]);
        assert_eq!(lines("", 10), [""]);
        assert_eq!(lines("\n", 10), ["", ""]);
    }

    #[test]
    fn tabs_are_blanks_of_two_columns() {
        assert_eq!(lines("a\tb", 10), ["a  b"]);
        assert_eq!(lines("a\tb", 3), ["a", "b"]);
        assert_eq!(lines("\tb", 10), ["  b"]);
    }

    #[test]
    fn an_indentation_too_wide_is_dropped_without_an_empty_line() {
        assert_eq!(lines("      证书", 4), ["证书"]);
    }

    #[test]
    fn a_wide_character_takes_its_line_even_at_one_column() {
        assert_eq!(lines("证书a", 1), ["证", "书", "a"]);
    }

    #[test]
    fn marks_map_onto_lines() {
        let text = "更换证书 一直处理中";
        let marked = [6..12, 13..19];
        let mapped: Vec<Vec<(&str, bool)>> = wrap(text, 6)
            .into_iter()
            .map(|line| pieces(line.range, &marked))
            .map(|line| {
                line.into_iter()
                    .map(|(r, m)| (text.get(r).unwrap(), m))
                    .collect()
            })
            .collect();
        assert_eq!(
            mapped,
            [
                vec![("更换", false), ("证", true)],
                vec![("书", true), (" ", false), ("一", true)],
                vec![("直", true), ("处理", false)],
                vec![("中", false)],
            ]
        );
    }

    /// Columns of the widest character there is: `៘` takes three.
    const WIDEST: usize = 3;

    /// Text that terminals and wrappers have trouble with.
    fn hostile() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "证",
            "书",
            "。",
            "，",
            "（",
            "）",
            "“",
            "…",
            "—",
            "a",
            "b1",
            " ",
            "  ",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "🌞",
            "👨\u{200d}👩\u{200d}👧",
            "⁉\u{fe0f}",
            "👍🏽",
            "🇨🇳",
            "🇨",
            "\u{301}",
            "\u{200b}",
            "\u{ad}",
            "\u{2028}",
            "\u{202e}",
            "\u{1b}[31m",
            "\u{1b}]52;c;YQ==\u{7}",
            "क्ष",
            "ᄀ",
            "ᆨ",
            "ﷺ",
            "\u{fe0f}",
            "\u{20e3}",
            "https://example.com/a/b?c=d",
            "\u{0}",
            "\u{a0}",
            "\u{3000}",
            "؀",
            "៘",
        ]);
        let mixed = prop::collection::vec(bits, 0..60).prop_map(|bits| bits.concat());
        prop_oneof![3 => mixed, 1 => any::<String>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_line_is_wider_than_asked(text in hostile(), columns in 0usize..50) {
            for line in wrap(&text, columns) {
                let shown = line.text(&text);
                let alone = shown.graphemes(true).count() == 1;
                let most = if alone { columns.max(WIDEST) } else { columns.max(2) };
                prop_assert!(width(&shown) <= most, "{shown:?} at {columns}");
                prop_assert!(line.width <= most);
            }
        }

        #[test]
        fn only_blanks_and_line_feeds_are_left_out(text in hostile(), columns in 0usize..50) {
            let mut at = 0;
            let mut left_out = String::new();
            for line in wrap(&text, columns) {
                prop_assert!(line.range.start >= at);
                left_out.push_str(text.get(at..line.range.start).unwrap());
                at = line.range.end;
            }
            left_out.push_str(text.get(at..).unwrap());
            prop_assert!(left_out.chars().all(|c| " \t\n".contains(c)), "{left_out:?}");
            let feeds = text.matches('\n').count();
            prop_assert_eq!(left_out.matches('\n').count(), feeds);
        }

        #[test]
        fn pieces_cover_their_line(
            line in (0usize..50, 0usize..50),
            borders in prop::collection::vec(0usize..100, 0..8)
        ) {
            let mut borders = borders;
            borders.sort_unstable();
            let marks: Vec<Range<usize>> = borders.chunks_exact(2).map(|b| b[0]..b[1]).collect();
            let line = line.0..line.0 + line.1;
            let mut at = line.start;
            for (piece, marked) in pieces(line.clone(), &marks) {
                prop_assert_eq!(piece.start, at);
                prop_assert!(piece.start < piece.end);
                for byte in piece.clone() {
                    prop_assert_eq!(marks.iter().any(|mark| mark.contains(&byte)), marked);
                }
                at = piece.end;
            }
            prop_assert_eq!(at, line.end.max(line.start));
        }
    }
}
