//! Links that redaction broke, filled from copies of the same text that kept theirs.
//!
//! A mark took the place of everything up to the next white space: often the rest of the
//! sentence, where line breaks were lost. What it ate comes back from the same copy.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::pattern::{after, before};
use super::url::{marks, urls};
use crate::model::TicketId;

/// Characters before a link that two copies are compared by.
const CONTEXT: usize = 16;
/// Of them, how many must agree, unless the text begins sooner.
const AGREE: usize = 8;
/// Characters of a path that tell which page an address was of.
pub(super) const TELLING_PATH: usize = 5;
/// Fewer than these before a link prove nothing: 参考文档 stands before any link.
const LEAST: usize = 5;

/// A copy of a text, and the ticket it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Sibling<'a> {
    /// The ticket.
    pub source: TicketId,
    /// The text.
    pub text: &'a str,
}

/// A link that was filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealedLink {
    /// Bytes of the healed text: the link and what the mark had eaten behind it.
    pub range: Range<usize>,
    /// The ticket whose copy had it.
    pub source: TicketId,
}

/// A text with its links filled as far as copies allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healed {
    /// The text.
    pub text: String,
    /// Links that were filled.
    pub links: Vec<HealedLink>,
    /// Bytes of the healed text where a link is still broken.
    pub broken: Vec<Range<usize>>,
}

/// A broken link: its bytes, and what is left of the address.
struct Broken<'a> {
    range: Range<usize>,
    left: &'a str,
}

/// Where links of a text are broken.
pub fn broken_links(text: &str) -> Vec<Range<usize>> {
    broken(text).into_iter().map(|link| link.range).collect()
}

/// Gives the whole address that a masked one was, told by what is left of it and by the words
/// before it, with the ticket that has it.
pub type Elsewhere<'a> = dyn Fn(&str, &str) -> Option<(String, TicketId)> + 'a;

/// Fills broken links from copies of the same text, the one that fits best; what none of them
/// has is looked for elsewhere.
pub fn heal(text: &str, siblings: &[Sibling<'_>], elsewhere: &Elsewhere<'_>) -> Healed {
    let mut healed = Healed {
        text: String::new(),
        links: Vec::new(),
        broken: Vec::new(),
    };
    let mut from = 0;
    for link in broken(text) {
        healed
            .text
            .push_str(text.get(from..link.range.start).unwrap_or_default());
        let start = healed.text.len();
        let fill = best_fill(text, &link, siblings).map(|(fill, source)| (fill.to_owned(), source));
        match fill.or_else(|| elsewhere(link.left, before(text, link.range.start))) {
            Some((fill, source)) => {
                healed.text.push_str(&fill);
                healed.links.push(HealedLink {
                    range: start..healed.text.len(),
                    source,
                });
            }
            None => {
                healed
                    .text
                    .push_str(text.get(link.range.clone()).unwrap_or_default());
                healed.broken.push(start..healed.text.len());
            }
        }
        from = link.range.end;
    }
    healed.text.push_str(after(text, from));
    healed
}

fn broken(text: &str) -> Vec<Broken<'_>> {
    let urls = urls(text);
    let mut out: Vec<Broken<'_>> = urls
        .iter()
        .filter_map(|url| {
            url.mark?;
            Some(Broken {
                range: url.range.clone(),
                left: text.get(url.range.clone())?,
            })
        })
        .collect();
    for mark in marks(text) {
        let name = text.get(mark.clone()).unwrap_or_default().to_uppercase();
        let of_link = ["URL", "LINK", "PATH", "链接", "网址", "地址"]
            .iter()
            .any(|word| name.contains(word));
        let inside = urls
            .iter()
            .any(|url| url.range.start <= mark.start && mark.start < url.range.end);
        if of_link && !inside {
            out.push(Broken {
                range: mark,
                left: "",
            });
        }
    }
    out.sort_by_key(|link| link.range.start);
    out
}

/// What fills a link, from the copy whose words before it agree longest.
fn best_fill<'a>(
    text: &str,
    link: &Broken<'_>,
    siblings: &[Sibling<'a>],
) -> Option<(&'a str, TicketId)> {
    let context = context(before(text, link.range.start));
    let rest = after(text, link.range.end);
    let mut best: Option<(usize, &'a str, TicketId)> = None;
    for sibling in siblings {
        for url in urls(sibling.text)
            .into_iter()
            .filter(|url| url.mark.is_none())
        {
            let address = sibling.text.get(url.range.clone()).unwrap_or_default();
            let agree = agreement(&context, before(sibling.text, url.range.start));
            let wanted = AGREE.min(context.len()).max(LEAST);
            let longer = best.as_ref().is_none_or(|(most, _, _)| agree > *most);
            let by_path = path_left(link.left) >= TELLING_PATH;
            if fits(link.left, address) && (agree >= wanted || by_path) && longer {
                let eaten = if by_path {
                    0
                } else {
                    eaten(rest, after(sibling.text, url.range.end))
                };
                let end = url.range.end + eaten;
                let fill = sibling.text.get(url.range.start..end).unwrap_or_default();
                best = Some((agree, fill, sibling.source));
            }
        }
    }
    best.map(|(_, fill, source)| (fill, source))
}

/// Whether an address is what a masked one was: all that is left of it stands there, in order.
/// Whether it began with `http` or `https` says nothing.
pub(super) fn fits(masked: &str, address: &str) -> bool {
    let pieces = literal_pieces(masked);
    let (Some((first, rest)), whole) = (pieces.split_first(), without_scheme(address)) else {
        return true;
    };
    let Some((last, middle)) = rest.split_last() else {
        return true;
    };
    let Some(mut at) = whole.strip_prefix(first) else {
        return false;
    };
    for piece in middle {
        match at
            .find(piece)
            .and_then(|found| at.get(found + piece.len()..))
        {
            Some(rest) => at = rest,
            None => return false,
        }
    }
    at.strip_suffix(last)
        .is_some_and(|filled| !filled.is_empty())
}

/// What is left of a masked address, without its scheme, cut at its marks.
fn literal_pieces(masked: &str) -> Vec<&str> {
    let body = without_scheme(masked);
    let mut pieces = Vec::new();
    let mut from = 0;
    for mark in crate::text::redaction::marks(body) {
        pieces.push(body.get(from..mark.start).unwrap_or_default());
        from = mark.end;
    }
    pieces.push(after(body, from));
    pieces
}

fn without_scheme(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

/// Characters of the path that stands behind the last mark of an address: so many of them tell
/// which page it was.
pub(super) fn path_left(masked: &str) -> usize {
    let pieces = literal_pieces(masked);
    let last = pieces.last().filter(|_| pieces.len() > 1);
    let path = last.and_then(|last| last.split_once('/'));
    path.map_or(0, |(_, path)| path.len())
}

/// The last characters of a text that carry meaning, last first.
fn context(text: &str) -> Vec<char> {
    text.chars()
        .rev()
        .filter(|c| c.is_alphanumeric())
        .take(CONTEXT)
        .collect()
}

/// How many characters before a link agree with a context.
fn agreement(wanted: &[char], text: &str) -> usize {
    let theirs = text.chars().rev().filter(|c| c.is_alphanumeric());
    wanted
        .iter()
        .zip(theirs)
        .take_while(|(a, b)| *a == b)
        .count()
}

/// How many bytes behind the sibling's link the mark had eaten: up to the next white space,
/// unless what is left of the text goes on sooner.
fn eaten(rest: &str, behind: &str) -> usize {
    let word = behind.len()
        - behind
            .trim_start_matches(|c: char| !c.is_whitespace())
            .len();
    let left = head(rest);
    if left.is_empty() {
        // The mark ends the text: the sentence it stood in ends where the copy's does.
        let end = sentence(behind, word);
        return behind
            .get(..end)
            .map_or(0, |eaten| eaten.trim_end_matches("[图片]").len());
    }
    let goes_on = |text: &str| {
        let theirs = head(text);
        let n = left.len().min(theirs.len());
        n >= 2 && theirs.get(..n) == left.get(..n)
    };
    if goes_on(behind) {
        0
    } else if goes_on(after(behind, word)) {
        word
    } else {
        0
    }
}

/// Where the sentence ends that a place of a text is in or behind.
fn sentence(text: &str, at: usize) -> usize {
    let ends = |c: char| matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n');
    if before(text, at).ends_with(ends) {
        return at;
    }
    let rest = after(text, at);
    let end = rest.char_indices().find(|(_, c)| ends(*c));
    at + end.map_or(rest.trim_end().len(), |(end, c)| {
        if c == '\n' { end } else { end + c.len_utf8() }
    })
}

/// The first characters of a text that carry meaning.
fn head(text: &str) -> Vec<char> {
    text.replace("[图片]", "")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(6)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "关闭服务可在控制台自助操作https://console.cloud.example/user/close关闭前需结清欠费并删除数据";

    fn siblings() -> [Sibling<'static>; 1] {
        [Sibling {
            source: TicketId::from_hash(&[3; 32]),
            text: WHOLE,
        }]
    }

    #[test]
    fn a_mark_in_any_spelling_is_filled_with_what_it_ate() {
        for broken in [
            "关闭服务可在控制台自助操作https://console.cloud.example/[REDACTED_PATH]",
            "关闭服务可在控制台自助操作https://console.cloud.example/[URL已脱敏]",
            "关闭服务可在控制台自助操作[SANITIZED_URL]",
        ] {
            let healed = heal(broken, &siblings(), &|_, _| None);
            assert_eq!(healed.text, WHOLE);
            assert_eq!(healed.links[0].source, siblings()[0].source);
            assert!(healed.broken.is_empty());
        }
    }

    #[test]
    fn the_whole_sentence_that_the_mark_ended_comes_back() {
        let whole = "急着下载的话可以先用命令行https://docs.cloud.example/cli 里的 get 命令，再提交一次即可。另有问题请补充";
        let sibling = [Sibling {
            source: TicketId::from_hash(&[3; 32]),
            text: whole,
        }];
        let healed = heal(
            "急着下载的话可以先用命令行[REDACTED_URL]",
            &sibling,
            &|_, _| None,
        );
        assert!(healed.text.ends_with("再提交一次即可。"), "{}", healed.text);
    }

    #[test]
    fn text_behind_the_mark_is_not_doubled() {
        let healed = heal(
            "关闭服务可在控制台自助操作[REDACTED_URL]关闭前需结清欠费并删除数据",
            &siblings(),
            &|_, _| None,
        );
        assert_eq!(healed.text, WHOLE);
    }

    #[test]
    fn another_sites_link_or_another_sentence_heals_nothing() {
        for broken in [
            "关闭服务可在控制台自助操作https://doc.cloud.example/[REDACTED_PATH]",
            "参考文档https://console.cloud.example/[REDACTED_PATH]",
        ] {
            let healed = heal(broken, &siblings(), &|_, _| None);
            assert_eq!(healed.text, broken);
            assert_eq!(healed.broken.len(), 1);
        }
    }
}
