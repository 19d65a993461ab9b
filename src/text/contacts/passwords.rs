//! Passwords and verification codes, as people give them away: 密码是 X, `-pX`, 验证码 4821.

use std::ops::Range;

use super::beside::head;
use super::keys::is_quote;

/// How a password is tied to its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// `=` without a blank: an assignment.
    Assigned,
    /// A colon or an equals sign.
    Sign,
    /// 是, 为, 改成: a sentence.
    Verb,
    /// Only a blank.
    Blank,
}

const VERBS: [&str; 14] = [
    "就是",
    "是",
    "设置为",
    "重置为",
    "修改为",
    "改为",
    "设为",
    "为",
    "改成了",
    "改成",
    "设成了",
    "设成",
    "叫",
    "is ",
];

/// Names of algorithms, systems and programs: they have digits too.
const NAMES: [&str; 16] = [
    "sha", "aes", "rsa", "base64", "bcrypt", "hmac", "md5", "utf", "centos", "ubuntu", "windows",
    "mysql", "debian", "http", "error", "version",
];

/// What stands where a password would.
const PLACEHOLDERS: [&str; 17] = [
    "password",
    "passwd",
    "pass",
    "pwd",
    "string",
    "required",
    "null",
    "none",
    "true",
    "false",
    "example",
    "secret",
    "token",
    "value",
    "undefined",
    "optional",
    "changeme",
];

/// Bytes of a command's line that are looked at.
const COMMAND: usize = 400;

/// The password behind a word.
pub(super) fn behind(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let (start, tie) = tie(text, hit.end)?;
    let quoted = text.get(..start)?.ends_with(is_quote);
    let rest = text.get(start..)?;
    let stops = |c: char| {
        is_quote(c)
            || matches!(c, '<' | '>' | '[')
            || (tie == Tie::Assigned && matches!(c, '&' | ';'))
    };
    let run = rest
        .chars()
        .take_while(|c| c.is_ascii_graphic() && !stops(*c))
        .count();
    // All of it is ASCII.
    let value = rest.get(..run)?.trim_end_matches([',', '.', ';', ')']);
    let after = rest.get(value.len()..)?;
    let talk = after.trim_start().starts_with(['位', '个', '次', '天']);
    let sentence = matches!(tie, Tie::Verb | Tie::Blank);
    let runs_on = sentence && after.starts_with(|c: char| c.is_alphanumeric());
    let fits = fits(value, tie) || (quoted && tie == Tie::Assigned && value.len() >= 4);
    (fits && !talk && !runs_on && !is_no_password(value)).then(|| start..start + value.len())
}

/// How a word is tied to what follows, and where that begins.
fn tie(text: &str, at: usize) -> Option<(usize, Tie)> {
    let rest = text.get(at..)?;
    let loose = |c: char| c == ' ' || is_quote(c);
    let bare = rest.trim_start_matches(loose);
    let told = bare.trim_start_matches([':', '：', '=', '＝']);
    let place = |rest: &str| text.len() - rest.len();
    if told.len() < bare.len() {
        let assigned = bare.starts_with('=') && bare.len() == rest.len();
        let value = told.trim_start_matches(loose);
        let assigned = assigned && (value.len() == told.len() || told.starts_with(is_quote));
        let tie = if assigned { Tie::Assigned } else { Tie::Sign };
        return Some((place(value), tie));
    }
    if let Some(said) = VERBS.iter().find_map(|verb| bare.strip_prefix(verb)) {
        let value = said.trim_start_matches(|c: char| loose(c) || matches!(c, ':' | '：'));
        return Some((place(value), Tie::Verb));
    }
    (bare.len() < rest.len()).then(|| (place(bare), Tie::Blank))
}

/// Whether a value so tied is a password and not the next word.
fn fits(value: &str, tie: Tie) -> bool {
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    let letter = value.bytes().any(|b| b.is_ascii_alphabetic());
    let symbol = value.bytes().any(|b| b"!@#$%^&*?~+".contains(&b));
    let length = value.len();
    match tie {
        Tie::Assigned => length >= 4 && (digit || symbol || (letter && length >= 6)),
        Tie::Sign => length >= 6 && (digit || (symbol && letter)),
        Tie::Verb => length >= 6 && (digit || (letter && symbol)),
        Tie::Blank => length >= 6 && letter && (digit || symbol),
    }
}

/// Whether it is a path, a variable, or the name of something.
fn is_no_password(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    value.contains("://")
        || value.starts_with(['/', '$', '{', '%', '(', '-'])
        || NAMES.iter().any(|name| lower.starts_with(name))
        || is_placeholder(value)
}

/// Whether a value only stands for one: `xxxx`, `****`, `YOUR_TOKEN`, `password`.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let mut bytes = lower.bytes();
    let first = bytes.next();
    // `11111111` is a password that people have.
    let same = bytes.all(|b| Some(b) == first) && first.is_some_and(|b| !b.is_ascii_digit());
    same || lower.starts_with("your")
        || lower.contains("xxx")
        || PLACEHOLDERS.contains(&lower.as_str())
}

/// The digits beside 验证码: behind it, or before it as messages have them.
pub(super) fn code(text: &str, hit: Range<usize>) -> Option<Range<usize>> {
    let is_code = |digits: &str| (4..=8).contains(&digits.len());
    let rest = text.get(hit.end..)?;
    let start = match tie(text, hit.end) {
        Some((start, _)) => start,
        None => hit.end,
    };
    let value = text.get(start..)?;
    let length = value.bytes().take_while(u8::is_ascii_digit).count();
    let after = value.get(length..)?;
    let counted = after
        .trim_start()
        .starts_with(['位', '分', '秒', '个', '次', '条', '天', '月']);
    let word =
        after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if is_code(value.get(..length)?) && !counted && !word && rest.len() >= length {
        return Some(start..start + length);
    }
    let before = text.get(..hit.start)?;
    let said =
        before.trim_end_matches(|c: char| "是为您你的本次登录注册动态短信 【(（".contains(c));
    let digits = said.bytes().rev().take_while(u8::is_ascii_digit).count();
    let from = said.len() - digits;
    let lone = !said
        .get(..from)?
        .ends_with(|c: char| c.is_ascii_alphanumeric() || ".-_".contains(c));
    (said.len() < before.len() && is_code(said.get(from..)?) && lone).then_some(from..said.len())
}

/// What a command on the same line takes behind an option.
pub(super) fn option(text: &str, hit: Range<usize>, option: &str) -> Option<Range<usize>> {
    let line = head(text.get(hit.end..)?, COMMAND).split('\n').next()?;
    let at = line.find(option)? + option.len();
    let rest = line.get(at..)?;
    let quote = rest.chars().next().filter(|c| is_quote(*c));
    let start = hit.end + at + quote.map_or(0, char::len_utf8);
    let rest = text.get(start..)?;
    let value = match quote {
        Some(quote) => rest.split([quote, '\n']).next()?,
        None => {
            let run = rest.bytes().take_while(u8::is_ascii_graphic).count();
            rest.get(..run)?.trim_end_matches([';', ','])
        }
    };
    // `-p3306` is somebody's port.
    let port = value.len() <= 5 && value.bytes().all(|b| b.is_ascii_digit());
    let user_only = option == " -u " && !value.contains(':');
    (value.len() >= 4 && !port && !user_only && !is_no_password(value))
        .then(|| start..start + value.len())
}
