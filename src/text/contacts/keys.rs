//! Access and secret keys, tokens and passwords: long mixed tokens beside a word that announces
//! them, or what stands directly behind one.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Contact, ContactClass};

/// Words that announce a key. Short ones count only as whole words.
const WORDS: [&str; 16] = [
    "accesskey",
    "access_key",
    "access-key",
    "access key",
    "secretkey",
    "secret_key",
    "secret-key",
    "secret key",
    "secret",
    "apikey",
    "api_key",
    "密钥",
    "秘钥",
    "ak",
    "sk",
    "private key",
];

/// Words that announce a secret only directly before it: people talk of tokens and passwords.
const CLOSE_WORDS: [(&str, Secret); 8] = [
    ("bearer", Secret::Token),
    ("token", Secret::Token),
    ("令牌", Secret::Token),
    ("password", Secret::Password),
    ("passwd", Secret::Password),
    ("pwd", Secret::Password),
    ("密码", Secret::Password),
    ("口令", Secret::Password),
];

/// Prefixes by which vendors' keys are known anywhere, with the least length and digits.
const PREFIXES: [(&str, usize, usize); 7] = [
    ("AKIA", 20, 0),
    ("LTAI", 16, 0),
    ("AKID", 36, 0),
    ("eyJ", 24, 1),
    ("sk-", 20, 2),
    ("sk_live_", 16, 2),
    ("sk_test_", 16, 2),
];

/// What a word announces.
#[derive(Clone, Copy)]
enum Secret {
    /// What a machine made.
    Token,
    /// What a person made up.
    Password,
}

/// Characters between the word and its key.
const REACH: usize = 24;

/// Characters between two keys named together.
const CHAIN: usize = 12;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(
            WORDS
                .iter()
                .chain(PREFIXES.iter().map(|(prefix, ..)| prefix))
                .chain(CLOSE_WORDS.iter().map(|(word, _)| word)),
        )
        .ok()
});

/// Finds the keys of a text.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    // The shortest is a password of six characters behind `pwd=`.
    let (Some(finder), true) = (&*FINDER, text.len() >= 10) else {
        return;
    };
    let mut floor = 0;
    for hit in finder.find_iter(text) {
        if hit.start() < floor {
            continue;
        }
        let mut at = hit.end();
        let pattern = hit.pattern().as_usize();
        let beyond = pattern.checked_sub(WORDS.len());
        if let Some((prefix, least, digits)) = beyond.and_then(|n| PREFIXES.get(n)) {
            let end = dotted_end(text, hit.start());
            let token = text.get(hit.start()..end).unwrap_or_default();
            let mixed = token.bytes().filter(u8::is_ascii_digit).count() >= *digits;
            let exact = token.starts_with(prefix);
            if exact && mixed && token.len() >= *least && !inside_word(text, hit.start()) {
                found.push(key(hit.start()..end));
                floor = end;
                continue;
            }
            if !prefix.starts_with("sk") {
                continue;
            }
            // No key of that form: the word before the sign may still announce one.
            at = hit.start() + 2;
        }
        let close = beyond.and_then(|n| n.checked_sub(PREFIXES.len()));
        if let Some((_, secret)) = close.and_then(|n| CLOSE_WORDS.get(n)) {
            let range = match secret {
                Secret::Token => token_behind(text, at),
                Secret::Password => password_behind(text, at),
            };
            if let Some(range) = range {
                floor = range.end;
                found.push(key(range));
            }
            continue;
        }
        if inside_word(text, hit.start()) && at - hit.start() == 2 {
            continue;
        }
        let mut reach = REACH;
        while let Some((start, end)) = next_key(text, at, reach) {
            found.push(key(start..end));
            (at, floor, reach) = (end, end, CHAIN);
        }
    }
}

fn key(range: Range<usize>) -> Contact {
    Contact {
        range,
        class: ContactClass::Key,
    }
}

/// Where what a word announces begins, behind blanks, quotation marks and at most one sign that
/// says what it is; says whether there was such a sign.
fn behind(text: &str, at: usize) -> Option<(usize, bool)> {
    let rest = text.get(at..)?;
    let loose = |c: char| c == ' ' || is_quote(c);
    let bare = rest.trim_start_matches(loose);
    let told = bare.trim_start_matches([':', '：', '=', '＝']);
    let value = told.trim_start_matches(loose);
    Some((text.len() - value.len(), told.len() < bare.len()))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '「' | '」')
}

/// The token directly behind a word.
fn token_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let (start, _) = behind(text, at)?;
    let end = dotted_end(text, start);
    looks_random(text.get(start..token_end(text, start))?).then_some(start..end)
}

/// The password behind a word and a colon: six characters or more, a digit among them.
fn password_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let (start, told) = behind(text, at)?;
    let rest = text.get(start..)?;
    let run = rest
        .chars()
        .take_while(|c| c.is_ascii_graphic() && !is_quote(*c) && !matches!(c, '<' | '>' | '['))
        .count();
    // All of it is ASCII.
    let value = rest.get(..run)?.trim_end_matches([',', '.', ';', ')']);
    let mixed = value.bytes().any(|b| b.is_ascii_digit());
    let path = value.contains("://") || value.starts_with('/');
    (told && value.len() >= 6 && mixed && !path).then_some(start..start + value.len())
}

/// The end of a token whose parts dots may join.
fn dotted_end(text: &str, start: usize) -> usize {
    let mut end = token_end(text, start);
    while text.as_bytes().get(end) == Some(&b'.') {
        let next = token_end(text, end + 1);
        if next <= end + 8 {
            break;
        }
        end = next;
    }
    end
}

fn inside_word(text: &str, start: usize) -> bool {
    start > 0
        && text
            .as_bytes()
            .get(start - 1)
            .is_some_and(u8::is_ascii_alphanumeric)
}

/// The first key that begins within `reach` characters.
fn next_key(text: &str, from: usize, reach: usize) -> Option<(usize, usize)> {
    let mut at = from;
    let mut passed = 0;
    while passed <= reach {
        let c = text.get(at..)?.chars().next()?;
        if is_token(c) {
            let end = token_end(text, at);
            if looks_random(text.get(at..end)?) {
                return Some((at, end));
            }
            passed += end - at;
            at = end;
            // A path or an address is no key, and nothing in it is.
            if text.get(at..)?.starts_with("://") {
                return None;
            }
        } else {
            passed += 1;
            at += c.len_utf8();
        }
    }
    None
}

fn token_end(text: &str, start: usize) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    start
        + rest
            .iter()
            .take_while(|b| b.is_ascii() && is_token(char::from(**b)))
            .count()
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=')
}

/// Whether a token is mixed as only a machine mixes.
fn looks_random(token: &str) -> bool {
    let core = token.trim_end_matches('=');
    if core.len() < 16 || core.len() > 128 || core.starts_with('/') {
        return false;
    }
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let upper = core.bytes().any(|b| b.is_ascii_uppercase());
    let lower = core.bytes().any(|b| b.is_ascii_lowercase());
    let plain = core.bytes().all(|b| b.is_ascii_alphanumeric());
    (upper && lower && digits > 0) || (plain && digits >= 4 && (upper || lower))
}
