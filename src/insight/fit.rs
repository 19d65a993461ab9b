//! Making a reply fit to send: lost line breaks back, glued addresses apart, picture marks out.
//!
//! Only white space is added and picture marks are dropped: no word changes. The edits are
//! kept, so that a screen can show what was done.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::pattern::{after, before, is_han, patterns};
use super::url::urls;

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// A step begins on a line of its own.
    LineBreak,
    /// An address is set apart.
    Space,
    /// A picture's mark is dropped.
    Picture,
}

/// One change of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Bytes of the original that are replaced; empty = something is inserted.
    pub range: Range<usize>,
    /// What stands there instead.
    pub with: String,
    /// What it is for.
    pub kind: EditKind,
}

/// A text fit to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    /// The text.
    pub text: String,
    /// What was changed, by position in the original, none overlapping another.
    pub edits: Vec<Edit>,
}

impl Fitted {
    /// How many pictures stood in the original.
    pub fn pictures(&self) -> usize {
        self.edits
            .iter()
            .filter(|edit| edit.kind == EditKind::Picture)
            .count()
    }
}

patterns! {
    picture = r"[ \t]*(?:\[|【)(?:图片|image|图像|截图)(?:\]|】)";
    step = r"(?P<mark>[（(]?(?:(?P<n>\d{1,2})|(?P<a>[a-h]))(?:\.|、|：|:|\)|）|．))";
    circled = "[①-⑳]";
    notice = r"注意事项|注意[：:]|「注意事项」|温馨提示|备注[：:]";
}

/// Makes a text fit to send. Doing it again changes nothing.
pub fn fit(text: &str) -> Fitted {
    let pictures: Vec<Edit> = picture()
        .find_iter(text)
        .map(|found| Edit {
            with: instead_of(text, &found.range()),
            range: found.range(),
            kind: EditKind::Picture,
        })
        .collect();
    let mut fitted = apply(text, &pictures);
    // A break can end an address earlier and so make room for another one; four rounds are
    // more than any text needs.
    for _ in 0..4 {
        let next = spaced(&fitted);
        if next == fitted {
            break;
        }
        fitted = next;
    }
    let edits = retrace(text, &fitted, pictures);
    Fitted {
        text: fitted,
        edits,
    }
}

/// What takes a picture's place: a line break where it stood between two texts.
fn instead_of(text: &str, picture: &Range<usize>) -> String {
    let head = before(text, picture.start);
    let tail = after(text, picture.end);
    let between = !head.is_empty()
        && !head.ends_with(char::is_whitespace)
        && !tail.is_empty()
        && !tail.starts_with(char::is_whitespace)
        && picture_at_start(tail).is_none();
    if between {
        "\n".to_owned()
    } else {
        String::new()
    }
}

fn picture_at_start(text: &str) -> Option<()> {
    picture()
        .find(text)
        .filter(|found| found.start() == 0)
        .map(|_| ())
}

/// Adds the line breaks and spaces that a text without pictures lacks.
fn spaced(text: &str) -> String {
    let mut inserts: BTreeMap<usize, char> = BTreeMap::new();
    inserts.extend(
        breaks(text)
            .into_iter()
            .filter(|at| lacks(text, *at, '\n'))
            .map(|at| (at, '\n')),
    );
    for url in urls(text) {
        let Range { start, end } = url.range;
        let glued_to = |c: char| is_han(c) || c.is_ascii_alphanumeric();
        let glued_by = |c: char| is_han(c) || c.is_alphanumeric() || "[「『【《“".contains(c);
        if before(text, start).ends_with(glued_to) && lacks(text, start, ' ') {
            inserts.entry(start).or_insert(' ');
        }
        if after(text, end).starts_with(glued_by) && lacks(text, end, ' ') {
            inserts.entry(end).or_insert(' ');
        }
    }
    let mut out = String::with_capacity(text.len() + inserts.len());
    let mut from = 0;
    for (at, white) in inserts {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push(white);
        from = at;
    }
    out.push_str(after(text, from));
    out
}

/// Whether a place lacks white space before it. A step behind a space moves to a line of its
/// own; an address needs no second space.
fn lacks(text: &str, at: usize, white: char) -> bool {
    let head = before(text, at);
    let apart = match white {
        '\n' => head.trim_end_matches(' ').ends_with('\n'),
        _ => head.ends_with(char::is_whitespace),
    };
    !apart && !head.trim_start().is_empty()
}

/// Tells the edits that lead from a text to its fitted form, which differs only by white space
/// added and by these pictures.
fn retrace(text: &str, fitted: &str, pictures: Vec<Edit>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut pictures = pictures.into_iter().peekable();
    let mut rest = fitted;
    let mut at = 0;
    loop {
        if let Some(edit) = pictures.next_if(|edit| edit.range.start == at) {
            at = edit.range.end;
            rest = rest.strip_prefix(edit.with.as_str()).unwrap_or(rest);
            edits.push(edit);
            continue;
        }
        let (wanted, found) = (after(text, at).chars().next(), rest.chars().next());
        match (wanted, found) {
            (Some(wanted), Some(found)) if wanted == found => at += wanted.len_utf8(),
            (_, Some(found)) => edits.push(Edit {
                range: at..at,
                with: found.to_string(),
                kind: if found == '\n' {
                    EditKind::LineBreak
                } else {
                    EditKind::Space
                },
            }),
            (_, None) => return edits,
        }
        rest = after(rest, found.map_or(0, char::len_utf8));
    }
}

/// Applies edits that are in order and do not overlap.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + edits.len());
    let mut from = 0;
    for edit in edits {
        out.push_str(text.get(from..edit.range.start).unwrap_or_default());
        out.push_str(&edit.with);
        from = edit.range.end;
    }
    out.push_str(after(text, from));
    out
}

/// A step's mark.
struct Mark {
    at: usize,
    /// 1 for `1` and for `a`.
    value: usize,
    letter: bool,
}

/// The places where a line begins: steps counted up from 1 without a gap, and notices.
fn breaks(text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let marks = step_marks(text);
    for letter in [false, true] {
        let mut run: Vec<usize> = Vec::new();
        let mut expected = 1;
        for mark in marks.iter().filter(|mark| mark.letter == letter) {
            if mark.value == expected {
                run.push(mark.at);
                expected += 1;
            } else if mark.value == 1 {
                keep_run(&mut out, &mut run);
                run.push(mark.at);
                expected = 2;
            }
        }
        keep_run(&mut out, &mut run);
    }
    let circles: Vec<usize> = circled()
        .find_iter(text)
        .map(|found| found.start())
        .collect();
    if circles.len() > 1 {
        out.extend(circles);
    }
    if !out.is_empty() {
        out.extend(notices(text));
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn keep_run(out: &mut Vec<usize>, run: &mut Vec<usize>) {
    if run.len() > 1 {
        out.append(run);
    }
    run.clear();
}

/// Marks that may begin a step: not inside an address, a number or a word.
fn step_marks(text: &str) -> Vec<Mark> {
    let inside: Vec<Range<usize>> = urls(text).into_iter().map(|url| url.range).collect();
    let mut out = Vec::new();
    for found in step().captures_iter(text) {
        let Some(mark) = found.name("mark") else {
            continue;
        };
        let (number, letter) = (found.name("n"), found.name("a"));
        let Some(label) = number.or(letter) else {
            continue;
        };
        // An address swallows digits that are not the step's: begin behind it.
        let at = inside
            .get(inside.partition_point(|url| url.end <= mark.start()))
            .filter(|url| url.start < mark.start())
            .map_or(mark.start(), |url| url.end);
        let label_text = text
            .get(at.max(label.start())..label.end())
            .unwrap_or_default();
        let value = match letter {
            Some(_) => label_text.bytes().next().map(|b| usize::from(b - b'a') + 1),
            None => label_text.parse().ok(),
        };
        let follows = after(text, mark.end()).chars().next();
        let comes = before(text, at).chars().next_back();
        let bracketed = mark.as_str().starts_with(['(', '（']);
        let closed = mark.as_str().ends_with([')', '）']);
        let plain = !closed || bracketed || comes.is_none_or(|c| c != '(' && c != '（');
        let dotted = mark.as_str().ends_with(['.', ':']);
        // 方法1 and 步骤2 are one word: the line begins before it.
        let at = at - worded(before(text, at));
        let comes = before(text, at).chars().next_back();
        if let Some(value) = value
            && plain
            && behind_is_a_step(
                comes,
                letter.is_some(),
                inside.binary_search_by_key(&at, |url| url.end).is_ok(),
            )
            && ahead_is_a_step(follows, dotted, comes)
        {
            out.push(Mark {
                at,
                value,
                letter: letter.is_some(),
            });
        }
    }
    out
}

/// Bytes of a word at the end of a text that belongs to the number behind it: 方法 does in
/// 方法1, and does not in 有两种方法1、.
fn worded(head: &str) -> usize {
    let word = ["方法", "方式", "步骤", "方案", "情况", "第"]
        .into_iter()
        .find_map(|word| Some((word, head.strip_suffix(word)?)));
    let counted =
        |rest: &str| rest.ends_with(['种', '个', '些', '下', '的', '有', '两', '三', '几']);
    word.filter(|(_, rest)| !counted(rest))
        .map_or(0, |(word, _)| word.len())
}

fn behind_is_a_step(comes: Option<char>, letter: bool, behind_url: bool) -> bool {
    behind_url
        || comes.is_none_or(|c| {
            let in_number = c.is_ascii_digit() || ".-_/=".contains(c);
            let in_word = letter && (c.is_ascii_lowercase());
            !in_number && !in_word
        })
}

fn ahead_is_a_step(follows: Option<char>, dotted: bool, comes: Option<char>) -> bool {
    follows.is_some_and(|c| {
        let word_behind = comes.is_some_and(|c| c.is_ascii_alphanumeric());
        match c {
            _ if c.is_ascii_digit() => false,
            _ if is_han(c) || "「『【[“\"《 \t".contains(c) => true,
            _ if c.is_ascii_alphabetic() => !dotted || !word_behind,
            _ => !dotted,
        }
    })
}

/// Headings of notices that do not stand within a sentence.
fn notices(text: &str) -> Vec<usize> {
    notice()
        .find_iter(text)
        .filter(|found| {
            found.as_str().ends_with(['：', ':'])
                || !before(text, found.start()).ends_with(|c: char| is_han(c) || c == '「')
        })
        .map(|found| found.start())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn run_on_steps_stand_on_lines_of_their_own() {
        let fitted = fit("步骤如下1.打开https://a.example.com/apply2.补全资料3.等待签发");
        assert_eq!(
            fitted.text,
            "步骤如下\n1.打开 https://a.example.com/apply\n2.补全资料\n3.等待签发"
        );
    }

    #[test]
    fn addresses_are_set_apart_and_pictures_dropped() {
        let fitted = fit("参考https://a.example.com/x然后刷新[图片]");
        assert_eq!(fitted.text, "参考 https://a.example.com/x 然后刷新");
        assert_eq!(fitted.pictures(), 1);
    }

    #[test]
    fn numbers_that_are_no_steps_stay() {
        for text in [
            "版本7.13.2与1.85元",
            "每月1-3号",
            "只有1、一个空间",
            "大于2.0即可，1.5不行",
        ] {
            assert_eq!(fit(text).text, text);
        }
    }

    #[test]
    fn letters_count_as_steps_below_steps() {
        assert_eq!(
            fit("确认：1.原因2.实例ID注意：a.需备份b.不可恢复").text,
            "确认：\n1.原因\n2.实例ID\n注意：\na.需备份\nb.不可恢复"
        );
    }

    proptest! {
        #[test]
        fn fitting_twice_changes_nothing_more(text in "([1-4][.、：]|[a-c][.、]|https://a\\.example\\.com/[a-z]{0,3}[0-9]?|[证书域名。，]|CDN|\\[图片\\]|[ \\n]|[0-9]|注意：|\\(|）){0,30}") {
            let once = fit(&text);
            let twice = fit(&once.text);
            prop_assert_eq!(&twice.text, &once.text);
        }

        #[test]
        fn edits_only_touch_white_space_and_pictures(text in "([1-4][.、：]|https://a\\.example\\.com/[a-z]{0,3}[0-9]?|[证书域名。，]|\\[图片\\]|[ \\n]){0,30}") {
            let fitted = fit(&text);
            let bare = |t: &str| t.replace("[图片]", "").split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&fitted.text), bare(&text));
            prop_assert_eq!(apply(&text, &fitted.edits), fitted.text);
        }
    }
}
