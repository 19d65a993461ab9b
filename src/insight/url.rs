//! Where a URL begins and ends in text that lost its line breaks and spaces.
//!
//! This finds addresses only; what they mean is the business of [`super::value`].

use std::ops::Range;

use super::pattern::{after, before, is_han, patterns};

patterns! {
    scheme = r"(?i)https?://";
    /// A step's number at the end of the text before a position.
    last_step = r"(\d{1,2})(?:\.|、|：|\)|）)\s*\p{Han}";
    /// A page's name, and what was glued to it: a program's name, the same word again, a word
    /// behind a file's ending.
    glued_word = r"(?i)/[\w.-]*?(?:[a-z0-9](?P<program>windows|macos|linux|android|java|python|tip)|\.(?:md|html|htm|js|java|php|py|go|pdf|zip)(?P<word>[a-z]\w*))$";
    /// A path segment in small letters with an acronym glued to its end.
    glued_label = r"/[a-z0-9._-]*[a-z]([A-Z]{2,6})$";
}

/// One address in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Where the redaction mark in it begins; `None` = the address is whole.
    pub(super) mark: Option<usize>,
}

/// The redaction marks of a text, in order; asterisks and crosses, which authors write
/// themselves for any value, left out.
pub(super) fn marks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let written =
        |mark: &Range<usize>| !after(text, mark.start).starts_with(['*', '＊', 'x', 'X', '×']);
    crate::text::redaction::marks(text)
        .into_iter()
        .filter(written)
}

/// The addresses of a text, in order.
pub(super) fn urls(text: &str) -> Vec<Url> {
    let starts: Vec<Range<usize>> = scheme()
        .find_iter(text)
        .map(|found| found.range())
        .collect();
    let marks: Vec<Range<usize>> = marks(text).collect();
    let mut out: Vec<Url> = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        if out.last().is_some_and(|last| start.start < last.range.end) {
            continue;
        }
        let limit = starts.get(at + 1).map_or(text.len(), |next| next.start);
        let url = read(text, &marks, start.start, start.end, limit);
        if url.range.end > start.end {
            out.push(url);
        }
    }
    out
}

/// Reads one address from its scheme on.
fn read(text: &str, marks: &[Range<usize>], start: usize, body: usize, limit: usize) -> Url {
    let mut end = body;
    let mut broken = None;
    while let Some(c) = after(text, end).chars().next().filter(|_| end < limit) {
        let found = marks
            .binary_search_by_key(&end, |mark| mark.start)
            .ok()
            .and_then(|at| marks.get(at).cloned());
        if let Some(found) = found.or_else(|| stars(text, end)) {
            broken.get_or_insert(end);
            end = found.end;
            // A mark ends the address unless host or path go on behind it.
            let mut rest = after(text, end).chars();
            let goes_on = match rest.next() {
                Some('/' | '?' | '#' | '&') => true,
                Some('.') => rest.next().is_some_and(|c| c.is_ascii_alphanumeric()),
                Some(_) | None => false,
            };
            if !goes_on {
                return Url {
                    range: start..end,
                    mark: broken,
                };
            }
        } else if is_url_char(c) {
            end += c.len_utf8();
        } else {
            break;
        }
    }
    let end = trimmed(text, start, body, end);
    Url {
        range: start..end,
        mark: broken,
    }
}

/// The asterisks of a redaction at a place of an address; one or two are the author's own.
fn stars(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = after(text, at);
    let count = rest.len() - rest.trim_start_matches('*').len();
    (count >= 3).then_some(at..at + count)
}

/// Takes back what only looks like the end of an address: punctuation, the next step's number,
/// the next sentence's first acronym.
fn trimmed(text: &str, start: usize, body: usize, end: usize) -> usize {
    let next = after(text, end).chars().next();
    let next_is_text = next.is_some_and(|c| is_han(c) || "「『【[“\"《（(".contains(c));
    let url = text.get(start..end).unwrap_or_default();
    if url.ends_with('.') && next_is_text {
        let cut = step_number(before(text, start), before(url, url.len() - 1));
        return (end - 1 - cut).max(body);
    }
    if next.is_some_and(|c| "、）)".contains(c)) {
        let behind = after(text, end).chars().nth(1);
        if behind.is_some_and(|c| !c.is_ascii_digit()) {
            return (end - step_number(before(text, start), url)).max(body);
        }
    }
    if next.is_some_and(|c| is_han(c) || c == '：')
        && let Some(label) = glued_label().captures(url).and_then(|found| found.get(1))
    {
        return start + label.start();
    }
    if next_is_text || next.is_some_and(|c| "：:".contains(c) || c.is_whitespace()) {
        let glued = glued_word().captures(url);
        let glued = glued.and_then(|found| found.name("program").or_else(|| found.name("word")));
        if let Some(at) = glued.map(|glued| glued.start()).or_else(|| said_twice(url)) {
            return start + at;
        }
    }
    let kept = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
    (start + kept.len()).max(body)
}

/// Where the second half of an address's last word begins that stands there twice: `toolstools`.
fn said_twice(url: &str) -> Option<usize> {
    let from = url.rfind('/').map_or(0, |at| at + 1);
    let last = after(url, from);
    let half = last.len() / 2;
    let twice = last.len() >= 8 && last.len().is_multiple_of(2) && last.is_ascii();
    (twice && last.get(..half) == last.get(half..)).then_some(from + half)
}

/// How many digits at the end of an address are the number of the next step.
fn step_number(before_url: &str, url: &str) -> usize {
    let digits = url.len() - url.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 {
        return 0;
    }
    let tail = after(url, url.len() - digits);
    let expected = last_step()
        .captures_iter(last_chars(before_url))
        .last()
        .and_then(|found| found.get(1)?.as_str().parse::<u32>().ok())
        .map(|last| (last + 1).to_string());
    if let Some(expected) = expected.filter(|e| tail.ends_with(e.as_str())) {
        return expected.len();
    }
    let glued_to_word =
        before(url, url.len() - digits).ends_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    match (digits, glued_to_word, tail.ends_with('0')) {
        (1 | 2, true, _) => digits,
        (_, _, false) if digits > 1 => 1,
        _ => 0,
    }
}

/// The end of a text, in which the last step's number is looked for.
fn last_chars(text: &str) -> &str {
    let from = text.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
    after(text, from)
}

/// Whether a character can stand in an address. Brackets and quotes cannot here: in such
/// texts they belong to the sentence.
fn is_url_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        urls(text)
            .into_iter()
            .map(|url| text.get(url.range).unwrap())
            .collect()
    }

    #[test]
    fn a_url_ends_before_chinese_and_before_the_next_step() {
        assert_eq!(
            found("打开https://a.example.com/apply2.补全资料"),
            ["https://a.example.com/apply"]
        );
        assert_eq!(
            found("见https://a.example.com/list3、核对"),
            ["https://a.example.com/list"]
        );
        assert_eq!(
            found("见https://a.example.com/x控制台"),
            ["https://a.example.com/x"]
        );
        for glued in ["windows环境", "tooltool工具", "Tip：说明"] {
            let text = format!("下载https://a.example.com/1302/tool{glued}");
            let text = text.replace("tooltooltool", "tooltool");
            assert_eq!(found(&text), ["https://a.example.com/1302/tool"], "{text}");
        }
        assert_eq!(
            found("见https://a.example.com/docs/copy.mdbatchcopy批量复制"),
            ["https://a.example.com/docs/copy.md"]
        );
        assert_eq!(
            found("1.下载https://a.example.com/manual/36672.安装"),
            ["https://a.example.com/manual/3667"]
        );
    }

    #[test]
    fn glued_addresses_and_labels_come_apart() {
        assert_eq!(
            found("存储：https://a.example.com/bucketCDN：https://a.example.com/domain"),
            [
                "https://a.example.com/bucket",
                "https://a.example.com/domain"
            ]
        );
        assert_eq!(
            found("https://a.example.comhttps://b.example.com/x。"),
            ["https://a.example.com", "https://b.example.com/x"]
        );
    }

    #[test]
    fn a_mark_belongs_to_its_address_in_any_spelling() {
        for mark in [
            "[REDACTED_PATH]",
            "[SANITIZED_URL]",
            "[URL已脱敏]",
            "[REDACTED]",
        ] {
            let text = format!("参考https://doc.example.com/{mark}然后");
            let url = &urls(&text)[0];
            assert!(
                text.get(url.range.clone()).unwrap().ends_with(mark),
                "{text}"
            );
            assert!(url.mark.is_some());
        }
        assert!(urls("见https://a.example.com/x[图片]")[0].mark.is_none());
    }
}
