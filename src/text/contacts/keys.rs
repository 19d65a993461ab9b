//! Access and secret keys, tokens and cookies: what a vendor's prefix gives away, what a word
//! announces, and what a machine has mixed in a sentence that talks of keys.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::beside::head;
use super::{Contact, ContactClass, addresses, passwords};

/// What a word or prefix says about what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trigger {
    /// A key may stand within [`REACH`] characters.
    Announces,
    /// The sentence may be about a key.
    Talk,
    /// The key itself begins here: its least length and digits.
    Prefix(usize, usize),
    /// What a machine made stands directly behind.
    Token,
    /// What a person made up stands directly behind.
    Password,
    /// Digits that were sent to a phone stand beside.
    Code,
    /// `Basic` and its base64.
    Basic,
    /// A vendor's `KEY:SIGNATURE`.
    Signed,
    /// A header's cookies.
    Cookies,
    /// The value of a parameter.
    Parameter,
    /// `key=`, which only a media address makes a secret.
    MediaKey,
    /// The key of a live stream.
    StreamKey,
    /// A private key in a file's form.
    Pem,
    /// An address, which may hold a user and a password.
    Authority,
    /// The end of `user:password` in Go's database addresses.
    Dsn,
    /// A command that takes a password behind this option.
    Command(&'static str),
}

use Trigger::{
    Announces, Authority, Basic, Code, Command, Cookies, Dsn, MediaKey, Parameter, Password, Pem,
    Prefix, Signed, StreamKey, Talk, Token,
};

const TRIGGERS: &[(&str, Trigger)] = &[
    ("accesskey", Announces),
    ("access_key", Announces),
    ("access-key", Announces),
    ("access key", Announces),
    ("secretkey", Announces),
    ("secret_key", Announces),
    ("secret-key", Announces),
    ("secret key", Announces),
    ("secret", Announces),
    ("apikey", Announces),
    ("api_key", Announces),
    ("api-key", Announces),
    ("api key", Announces),
    ("密钥", Announces),
    ("秘钥", Announces),
    ("ak", Announces),
    ("sk", Announces),
    ("private key", Announces),
    ("AKIA", Prefix(20, 0)),
    ("ASIA", Prefix(20, 1)),
    ("LTAI", Prefix(16, 0)),
    ("AKID", Prefix(36, 0)),
    ("AIza", Prefix(30, 1)),
    ("eyJ", Prefix(24, 1)),
    ("sk-", Prefix(20, 2)),
    ("sk_live_", Prefix(16, 2)),
    ("sk_test_", Prefix(16, 2)),
    ("ghp_", Prefix(20, 2)),
    ("gho_", Prefix(20, 2)),
    ("ghu_", Prefix(20, 2)),
    ("ghs_", Prefix(20, 2)),
    ("ghr_", Prefix(20, 2)),
    ("github_pat_", Prefix(30, 2)),
    ("glpat-", Prefix(20, 1)),
    ("xoxa-", Prefix(20, 2)),
    ("xoxb-", Prefix(20, 2)),
    ("xoxp-", Prefix(20, 2)),
    ("xoxs-", Prefix(20, 2)),
    ("npm_", Prefix(30, 2)),
    ("hf_", Prefix(30, 1)),
    ("bearer", Token),
    ("token", Token),
    ("令牌", Token),
    ("password", Password),
    ("passwd", Password),
    ("pwd", Password),
    ("密码", Password),
    ("口令", Password),
    ("验证码", Code),
    ("校验码", Code),
    ("verification code", Code),
    ("basic", Basic),
    ("qbox", Signed),
    ("qiniu", Signed),
    ("cookie:", Cookies),
    ("cookie：", Cookies),
    ("signature=", Parameter),
    ("sign=", Parameter),
    ("sig=", Parameter),
    ("auth_key=", Parameter),
    ("authkey=", Parameter),
    ("token=", Parameter),
    ("credential=", Parameter),
    ("txsecret=", Parameter),
    ("wssecret=", Parameter),
    ("q-ak=", Parameter),
    ("accesskeyid=", Parameter),
    ("sessionid=", Parameter),
    ("session_id=", Parameter),
    ("phpsessid=", Parameter),
    ("sid=", Parameter),
    ("key=", MediaKey),
    ("推流码", StreamKey),
    ("推流密钥", StreamKey),
    ("串流密钥", StreamKey),
    ("串流码", StreamKey),
    ("直播码", StreamKey),
    ("stream key", StreamKey),
    ("streamkey", StreamKey),
    ("stream_key", StreamKey),
    ("key", Talk),
    ("-----begin", Pem),
    ("://", Authority),
    ("@tcp(", Dsn),
    ("@unix(", Dsn),
    ("mysql", Command(" -p")),
    ("mysqldump", Command(" -p")),
    ("mysqladmin", Command(" -p")),
    ("sshpass", Command(" -p ")),
    ("mongo", Command(" -p ")),
    ("redis-cli", Command(" -a ")),
    ("curl", Command(" -u ")),
];

/// Characters between the word and its key.
const REACH: usize = 24;

/// Characters between two keys named together.
const CHAIN: usize = 12;

/// Bytes between a word about keys and a key that stands alone.
const SENTENCE: usize = 180;

/// Bytes of a header's cookies.
const COOKIES: usize = 8_192;

/// Characters of a key that stands alone: those of most vendors' secrets.
const ALONE: Range<usize> = 30..65;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(TRIGGERS.iter().map(|(word, _)| word))
        .ok()
});

/// Finds the keys of a text.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    // The shortest is a code of four digits beside its word.
    let (Some(finder), true) = (&*FINDER, text.len() >= 8) else {
        return;
    };
    let mut floor = 0;
    // Where keys are talked of.
    let mut talk = Vec::new();
    for hit in finder.find_iter(text) {
        let Some((word, trigger)) = TRIGGERS.get(hit.pattern().as_usize()) else {
            continue;
        };
        if talks_of_keys(text, hit.range(), *trigger) {
            talk.push(hit.start());
        }
        if hit.start() < floor {
            continue;
        }
        for range in values(text, hit.range(), word, *trigger) {
            floor = floor.max(range.end);
            found.push(key(range));
        }
    }
    alone(text, &talk, found);
}

fn values(text: &str, hit: Range<usize>, word: &str, trigger: Trigger) -> Vec<Range<usize>> {
    let one = match trigger {
        Talk => return Vec::new(),
        Announces => return announced(text, hit),
        Prefix(least, digits) => match prefixed(text, hit.start, word, least, digits) {
            None if word.starts_with("sk") => {
                // No key of that form: the word before the sign may still announce one.
                return announced(text, hit.start..hit.start + 2);
            }
            one => one,
        },
        Token => token_behind(text, hit.end),
        Password => passwords::behind(text, hit),
        Code => passwords::code(text, hit),
        Basic => basic(text, hit),
        Signed => signed(text, hit),
        Cookies => cookies(text, hit.end),
        Parameter => addresses::parameter(text, hit),
        MediaKey => addresses::media_key(text, hit),
        StreamKey => stream_key(text, hit.end),
        Pem => pem(text, hit),
        Authority => addresses::userinfo(text, hit.end),
        Dsn => addresses::dsn(text, hit.start),
        Command(option) => passwords::option(text, hit, option),
    };
    one.into_iter().collect()
}

fn key(range: Range<usize>) -> Contact {
    Contact {
        range,
        class: ContactClass::Key,
    }
}

/// Whether a word makes a long token in its sentence a key.
fn talks_of_keys(text: &str, hit: Range<usize>, trigger: Trigger) -> bool {
    let short = hit.len() == 2;
    matches!(trigger, Announces | Talk) && !(short && inside_word(text, hit.start))
}

/// The keys within reach of a word that announces them.
fn announced(text: &str, hit: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if inside_word(text, hit.start) && hit.len() == 2 {
        return found;
    }
    let (mut at, mut reach) = (hit.end, REACH);
    while let Some((start, end)) = next_key(text, at, reach) {
        found.push(start..end);
        (at, reach) = (end, CHAIN);
    }
    found
}

fn prefixed(
    text: &str,
    start: usize,
    prefix: &str,
    least: usize,
    digits: usize,
) -> Option<Range<usize>> {
    let end = dotted_end(text, start);
    let token = text.get(start..end)?;
    let mixed = token.bytes().filter(u8::is_ascii_digit).count() >= digits;
    (token.starts_with(prefix) && mixed && token.len() >= least && !inside_word(text, start))
        .then_some(start..end)
}

/// Where what a word announces begins, behind blanks, quotation marks and at most one sign that
/// says what it is.
fn behind(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let loose = |c: char| c == ' ' || is_quote(c);
    let told = rest
        .trim_start_matches(loose)
        .trim_start_matches([':', '：', '=', '＝']);
    Some(text.len() - told.trim_start_matches(loose).len())
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '「' | '」')
}

/// The token directly behind a word.
fn token_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let start = behind(text, at)?;
    let end = dotted_end(text, start);
    looks_random(text.get(start..token_end(text, start))?).then_some(start..end)
}

/// The base64 behind `Basic`.
fn basic(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(hit.end..)?;
    let value = rest.trim_start_matches(' ');
    if value.len() == rest.len() || inside_word(text, hit.start) {
        return None;
    }
    let start = text.len() - value.len();
    let end = token_end(text, start);
    let token = text.get(start..end)?;
    let has = |of: fn(&u8) -> bool| token.bytes().any(|b| of(&b));
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let coded = mixed && (has(u8::is_ascii_digit) || token.ends_with('='));
    (token.len() >= 8 && coded).then_some(start..end)
}

/// `KEY:SIGNATURE` behind a vendor's name.
fn signed(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let value = text.get(hit.end..)?.trim_start_matches(' ');
    let start = text.len() - value.len();
    let length = value
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-:=+/".contains(b))
        .count();
    let value = value.get(..length)?;
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    (length >= 30 && value.contains(':') && digit && !value.contains("://"))
        .then_some(start..start + length)
}

/// All cookies of a header, to the end of its line or quotation.
fn cookies(text: &str, at: usize) -> Option<Range<usize>> {
    let value = text.get(at..)?.trim_start_matches(' ');
    let start = text.len() - value.len();
    let line = head(value, COOKIES)
        .split(['\n', '\'', '"'])
        .next()?
        .trim_end();
    let (name, _) = line.split_once('=')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.%".contains(c);
    (line.len() >= 8 && !name.is_empty() && name.chars().all(plain))
        .then(|| start..start + line.len())
}

fn stream_key(text: &str, at: usize) -> Option<Range<usize>> {
    let start = behind(text, at)?;
    let token = text.get(start..token_end(text, start))?;
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    (token.len() >= 8 && digits >= 3).then(|| start..start + token.len())
}

/// A private key from its first line to its last.
fn pem(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(hit.start..)?;
    let first = head(rest, 80).lines().next()?;
    if !first.to_ascii_uppercase().contains("PRIVATE KEY") {
        return None;
    }
    let end = rest.find("-----END").and_then(|at| {
        let last = rest.get(at..)?;
        let close = last.get(8..)?.find("-----")?;
        Some(at + 8 + close + 5)
    });
    Some(hit.start..hit.start + end.unwrap_or(rest.len()))
}

/// Long mixed tokens near words about keys, before or behind them.
fn alone(text: &str, talk: &[usize], found: &mut Vec<Contact>) {
    let known: Vec<Range<usize>> = found.iter().map(|contact| contact.range.clone()).collect();
    let mut checked = 0;
    for at in talk {
        let mut start = floor_char(text, at.saturating_sub(SENTENCE).max(checked));
        let end = floor_char(text, (at + SENTENCE).min(text.len()));
        while let Some(offset) = text
            .get(start..end)
            .and_then(|rest| rest.find(|c: char| c.is_ascii_alphanumeric()))
        {
            let token = start + offset..token_end(text, start + offset);
            start = token.end;
            let taken = || known.iter().any(|range| range.contains(&token.start));
            if is_lone_key(text, &token) && !taken() {
                found.push(key(token));
            }
        }
        checked = start.max(checked);
    }
}

/// The last character's boundary at or before a byte.
fn floor_char(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn is_lone_key(text: &str, token: &Range<usize>) -> bool {
    let value = text.get(token.clone()).unwrap_or_default();
    let has = |of: fn(&u8) -> bool| value.bytes().filter(of).count();
    let mixed = has(u8::is_ascii_uppercase) >= 3
        && has(u8::is_ascii_lowercase) >= 3
        && has(u8::is_ascii_digit) >= 3;
    // Words and paths are joined by these.
    let joined = value.contains("--") || value.split(['/', '-', '_', '=']).count() > 4;
    let before = text.get(..token.start).unwrap_or_default();
    let after = text.get(token.end..).unwrap_or_default();
    let part = before.ends_with(['/', '.', ':', '%', '?', '&', '@'])
        || after.starts_with(['.', ':', '%', '@']) && !after.starts_with(". ");
    ALONE.contains(&value.trim_end_matches('=').len()) && mixed && !joined && !part
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

pub(super) fn inside_word(text: &str, start: usize) -> bool {
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
