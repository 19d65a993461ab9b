//! Access and secret keys: long mixed tokens beside a word that announces them.

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

/// Prefixes by which vendors' keys are known anywhere.
const PREFIXES: [(&str, usize); 3] = [("AKIA", 20), ("LTAI", 16), ("AKID", 36)];

/// Characters between the word and its key.
const REACH: usize = 24;

/// Characters between two keys named together.
const CHAIN: usize = 12;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(WORDS.iter().chain(PREFIXES.iter().map(|(p, _)| p)))
        .ok()
});

/// Finds the keys of a text.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    // The shortest key has sixteen characters of ASCII.
    let (Some(finder), true) = (&*FINDER, text.len() > 18) else {
        return;
    };
    let mut floor = 0;
    for hit in finder.find_iter(text) {
        if hit.start() < floor {
            continue;
        }
        let mut at = hit.end();
        if let Some((prefix, least)) = hit
            .pattern()
            .as_usize()
            .checked_sub(WORDS.len())
            .and_then(|n| PREFIXES.get(n))
        {
            let end = token_end(text, hit.start());
            let exact = text.get(hit.start()..hit.end()) == Some(prefix);
            if exact && end - hit.start() >= *least && !inside_word(text, hit.start()) {
                found.push(Contact {
                    range: hit.start()..end,
                    class: ContactClass::Key,
                });
                floor = end;
            }
            continue;
        }
        if inside_word(text, hit.start()) && hit.end() - hit.start() == 2 {
            continue;
        }
        let mut reach = REACH;
        while let Some((start, end)) = next_key(text, at, reach) {
            found.push(Contact {
                range: start..end,
                class: ContactClass::Key,
            });
            (at, floor, reach) = (end, end, CHAIN);
        }
    }
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
