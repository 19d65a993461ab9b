//! Mail addresses, as they are written and as they are disguised: `(at)`, `#`, blanks, 艾特.

use std::sync::LazyLock;

use regex::Regex;

use super::beside::{is_announced, tail};
use super::{Contact, ContactClass};

/// Hosts whose addresses are a person's wherever they stand.
const HOSTS: &str = r"(?:qq|163|126|139|189|yeah|sina|sohu|foxmail|gmail|outlook|hotmail|live|yahoo|icloud|aliyun|msn)";

/// Words before an address in disguise.
const WORDS: [&str; 6] = ["邮箱", "邮件", "邮址", "信箱", "mail", "联系"];

/// Characters before an address in which a word can say what it is.
const NEARBY: usize = 16;

/// Local part, sign, host: what is no plain address is one in any of these spellings. The first
/// group is set where the sign alone makes it one.
static DISGUISED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let dot = r"(?:\.|．|\s?[(\[{（【]\s*(?:dot|点)\s*[)\]}）】]\s?|\s(?:dot)\s|点)";
    let pattern = format!(
        r"(?i)[a-z0-9][a-z0-9._%+-]{{1,63}}(?:(\s?[(\[{{（【<]\s*(?:at|@|艾特|#)\s*[)\]}}）】>]\s?|\s?艾特\s?|＠)|\s?[@＠#＃]\s?|\sat\s)(?:[a-z0-9-]+{dot}){{1,3}}(?:com|cn|net|org|edu|gov|io|top|vip|cc|co|info|me|hk|tw|jp)\b"
    );
    Regex::new(&pattern).ok()
});

static KNOWN_HOST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)[^a-z0-9.-]{HOSTS}(?:\.|．|点|[\s(\[{{（]+(?:dot|点)[\s)\]}}）]+)(?:com|cn|net)"
    ))
    .ok()
});

/// Finds the mail addresses of a text.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    if text.as_bytes().contains(&b'@') || text.contains('＠') {
        plain(text, found);
    }
    if may_be_disguised(text) {
        disguised(text, found);
    }
}

/// Whether any sign of a disguise is there: most texts are spared the expression.
fn may_be_disguised(text: &str) -> bool {
    let bytes = text.as_bytes();
    let spaced = |sign: u8| {
        bytes.windows(3).any(|w| {
            w.get(1) == Some(&sign)
                && [w.first(), w.get(2)]
                    .into_iter()
                    .flatten()
                    .all(|b| *b == b' ' || b.is_ascii_alphanumeric())
        })
    };
    spaced(b'@')
        || spaced(b'#')
        || text.contains(['＠', '＃'])
        || text.contains("艾特")
        || bytes.windows(4).any(|w| {
            let [open, a, t, close] = w else { return false };
            a.eq_ignore_ascii_case(&b'a')
                && t.eq_ignore_ascii_case(&b't')
                && !open.is_ascii_alphanumeric()
                && !close.is_ascii_alphanumeric()
        })
}

fn disguised(text: &str, found: &mut Vec<Contact>) {
    let Some(pattern) = &*DISGUISED else { return };
    for captures in pattern.captures_iter(text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let before = text.get(..whole.start()).unwrap_or_default();
        // Part of a path, an address or a longer word.
        if before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '@')) {
            continue;
        }
        let known = KNOWN_HOST
            .as_ref()
            .is_some_and(|host| host.is_match(whole.as_str()));
        let by_itself = captures.get(1).is_some();
        if by_itself || known || is_announced(text, whole.start(), NEARBY, &WORDS) {
            found.push(Contact {
                range: whole.range(),
                class: ContactClass::Email,
            });
        }
    }
}

fn plain(text: &str, found: &mut Vec<Contact>) {
    let bytes = text.as_bytes();
    let mut floor = 0;
    for (at, sign) in text.match_indices(['@', '＠']) {
        let local = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
        let left = bytes.get(floor..at).unwrap_or_default();
        let mut start = at - left.iter().rev().take(64).take_while(|b| local(b)).count();
        while bytes.get(start).is_some_and(|b| b".-+%".contains(b)) && start < at {
            start += 1;
        }
        let after = at + sign.len();
        let right = bytes.get(after..).unwrap_or_default();
        let host = |b: &u8| b.is_ascii_alphanumeric() || b".-".contains(b);
        let mut end = after + right.iter().take(253).take_while(|b| host(b)).count();
        while end > after && bytes.get(end - 1).is_some_and(|b| b".-".contains(b)) {
            end -= 1;
        }
        let name = text.get(start..at).unwrap_or_default();
        // The password of `https://user:password@host`, which is the keys' to judge.
        let word = tail(text.get(..start).unwrap_or_default(), 200);
        let word = word.rsplit(char::is_whitespace).next().unwrap_or_default();
        let userinfo = word.ends_with(':') && word.contains("://");
        if name.is_empty() || name == "git" || userinfo {
            continue;
        }
        let Some((_, top)) = text.get(after..end).and_then(|h| h.rsplit_once('.')) else {
            continue;
        };
        if top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()) {
            found.push(Contact {
                range: start..end,
                class: ContactClass::Email,
            });
            floor = end;
        }
    }
}
