//! Values that are personal because of the word beside them: identity numbers, accounts, chat
//! names. What such a value looks like alone does not count, so that a wrong checksum hides none.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::numbers::digit;
use super::{Contact, ContactClass};

/// What a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Identity,
    Passport,
    Registration,
    /// Only a bank's.
    BankAccount,
    /// A bank's, or any other's.
    Account,
    WeChat,
    Qq,
}

const NAMES: &[(&str, Name)] = &[
    ("身份证", Name::Identity),
    ("证件号", Name::Identity),
    ("身份号", Name::Identity),
    ("idcard", Name::Identity),
    ("id card", Name::Identity),
    ("id_card", Name::Identity),
    ("identity card", Name::Identity),
    ("护照", Name::Passport),
    ("passport", Name::Passport),
    ("通行证", Name::Passport),
    ("回乡证", Name::Passport),
    ("台胞证", Name::Passport),
    ("信用代码", Name::Registration),
    ("纳税人识别号", Name::Registration),
    ("税号", Name::Registration),
    ("注册号", Name::Registration),
    ("执照号", Name::Registration),
    ("银行卡", Name::BankAccount),
    ("卡号", Name::BankAccount),
    ("对公账号", Name::BankAccount),
    ("对公帐号", Name::BankAccount),
    ("对公账户", Name::BankAccount),
    ("收款账号", Name::BankAccount),
    ("收款账户", Name::BankAccount),
    ("汇款账号", Name::BankAccount),
    ("银行账号", Name::BankAccount),
    ("银行账户", Name::BankAccount),
    ("银行帐号", Name::BankAccount),
    ("储蓄卡", Name::BankAccount),
    ("借记卡", Name::BankAccount),
    ("信用卡", Name::BankAccount),
    ("开户行", Name::BankAccount),
    ("bank card", Name::BankAccount),
    ("bank account", Name::BankAccount),
    ("card number", Name::BankAccount),
    ("card no", Name::BankAccount),
    ("账号", Name::Account),
    ("帐号", Name::Account),
    ("账户", Name::Account),
    ("account", Name::Account),
    ("微信", Name::WeChat),
    ("v信", Name::WeChat),
    ("薇信", Name::WeChat),
    ("威信", Name::WeChat),
    ("wechat", Name::WeChat),
    ("weixin", Name::WeChat),
    ("vx", Name::WeChat),
    ("wx", Name::WeChat),
    ("加v", Name::WeChat),
    ("qq", Name::Qq),
    ("扣扣", Name::Qq),
    ("企鹅", Name::Qq),
    ("加q", Name::Qq),
    ("q号", Name::Qq),
];

/// Words that name another number than the one before them did.
const OTHERS: [&str; 22] = [
    "订单", "工单", "编号", "单号", "流水", "手机", "电话", "时间", "日期", "错误", "端口", "金额",
    "实例", "像素", "备案", "request", "error", "reqid", "uid", "。", "；", "\n\n",
];

/// What no WeChat name begins with: words of its programs and interfaces.
const NO_WECHAT: [&str; 24] = [
    "android", "ios", "windows", "macos", "version", "sdk", "api", "http", "mini", "app", "open",
    "union", "pay", "access", "token", "jsapi", "scan", "login", "error", "code", "invalid",
    "template", "work", "iphone",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(NAMES.iter().map(|(word, _)| word))
        .ok()
});

/// Finds the values of a text that stand beside their names.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    let Some(finder) = &*FINDER else { return };
    for hit in finder.find_iter(text) {
        let Some((word, name)) = NAMES.get(hit.pattern().as_usize()) else {
            continue;
        };
        // A short Latin word is one only by itself.
        if word.is_ascii() && !stands_alone(text, hit.range()) && word.len() < 6 {
            continue;
        }
        let at = hit.end();
        let value = match name {
            Name::Identity => identity(text, at),
            Name::Passport => passport(text, at),
            Name::Registration => registration(text, at),
            Name::BankAccount => account(text, at, 12, 9),
            Name::Account => account(text, at, 0, 13),
            Name::WeChat => wechat(text, at),
            Name::Qq => qq(text, at),
        };
        found.extend(value.map(|(range, class)| Contact { range, class }));
    }
}

/// Whether one of the words stands within so many characters before a place.
pub(super) fn is_announced(text: &str, start: usize, nearby: usize, words: &[&str]) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let from = before.char_indices().rev().take(nearby).last();
    let near = from
        .and_then(|(at, _)| before.get(at..))
        .unwrap_or_default();
    let near = near.to_ascii_lowercase();
    words.iter().any(|word| near.contains(word))
}

/// The end of a text, of at most so many bytes: what is looked back at.
pub(super) fn tail(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default()
}

/// The beginning of a text, of at most so many bytes: what is looked ahead at.
pub(super) fn head(text: &str, most: usize) -> &str {
    let mut to = text.len().min(most);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(..to).unwrap_or_default()
}

fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    !before.ends_with(letter) && !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// What stands between a name and its value: `号码是：` and the like.
fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '号' | '码'
                | '是'
                | '为'
                | '名'
                | '群'
                | '叫'
                | '我'
                | ':'
                | '：'
                | '='
                | '＝'
                | '"'
                | '\''
                | '“'
                | '”'
                | '「'
                | '（'
                | '('
                | '【'
                | '`'
                | '.'
        )
}

/// Where the value behind a name begins, at most `most` fillers on; and what was filled.
fn behind(text: &str, at: usize, most: usize) -> Option<(usize, &str)> {
    let rest = text.get(at..)?;
    let english = [" number", " no.", " no:", " no "];
    let skipped = english.iter().find(|word| {
        rest.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    });
    let at = at + skipped.map_or(0, |word| word.len());
    let rest = text.get(at..)?;
    let end = rest
        .char_indices()
        .take(most + 1)
        .find(|(_, c)| !is_filler(*c))?
        .0;
    Some((at + end, rest.get(..end)?))
}

/// A number that begins at a place: its end, its digits, and how many stand in each group.
fn number(text: &str, start: usize) -> Option<(usize, String, Vec<usize>)> {
    let (mut end, mut digits, mut lens) = (start, String::new(), vec![0]);
    let mut chars = text.get(start..)?.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some(value) = digit(c) {
            digits.push(char::from(b'0' + value));
            end = start + at + c.len_utf8();
            if let Some(last) = lens.last_mut() {
                *last += 1;
            }
        } else if matches!(c, ' ' | '-' | '－')
            && chars.peek().is_some_and(|n| digit(n.1).is_some())
        {
            lens.push(0);
        } else {
            break;
        }
    }
    (!digits.is_empty()).then_some((end, digits, lens))
}

/// The first digit behind a name, where no other name stands between.
fn first_digit(text: &str, at: usize, reach: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let (offset, _) = rest
        .char_indices()
        .take(reach + 1)
        .find(|(_, c)| digit(*c).is_some())?;
    let between = rest.get(..offset)?.to_ascii_lowercase();
    let other = OTHERS.iter().any(|other| between.contains(other));
    let inside_word = between.ends_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (!other && !inside_word).then_some(at + offset)
}

fn ends_word(text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

fn identity(text: &str, at: usize) -> Option<(Range<usize>, ContactClass)> {
    let start = first_digit(text, at, 16)?;
    let (mut end, digits, _) = number(text, start)?;
    let after = text.get(end..)?;
    let check = after.starts_with(['x', 'X', 'Ｘ']) && digits.len() == 17;
    if check {
        end += after.chars().next()?.len_utf8();
    }
    let fits = matches!(digits.len(), 15 | 18) || check;
    (fits && !digits.starts_with('0') && ends_word(text, end))
        .then_some((start..end, ContactClass::IdCard))
}

/// A code of capital letters and digits that begins at a place, with its digits counted.
fn code(text: &str, start: usize) -> Option<(&str, usize)> {
    let rest = text.get(start..)?;
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let code = rest.get(..length)?;
    Some((code, code.bytes().filter(u8::is_ascii_digit).count()))
}

fn passport(text: &str, at: usize) -> Option<(Range<usize>, ContactClass)> {
    let (start, _) = behind(text, at, 8)?;
    let (code, digits) = code(text, start)?;
    let letters = code.len() - digits;
    let fits = (1..=2).contains(&letters) && (7..=10).contains(&digits);
    (fits && code.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then_some((start..start + code.len(), ContactClass::IdCard))
}

fn registration(text: &str, at: usize) -> Option<(Range<usize>, ContactClass)> {
    let (start, _) = behind(text, at, 8)?;
    let (code, digits) = code(text, start)?;
    let fits = code.len() == 18 && digits >= 8 || code.len() == 15 && digits == 15;
    fits.then_some((start..start + code.len(), ContactClass::IdCard))
}

/// An account of at least so many digits, within so many characters; 0 = directly behind.
fn account(
    text: &str,
    at: usize,
    reach: usize,
    least: usize,
) -> Option<(Range<usize>, ContactClass)> {
    let start = match reach {
        0 => behind(text, at, 5)?.0,
        reach => first_digit(text, at, reach)?,
    };
    let (end, digits, lens) = number(text, start)?;
    let is_date = matches!(lens.as_slice(), [4, 1..=2, 1..=2, ..]);
    let is_mobile = digits.len() == 11 && digits.starts_with('1');
    let fits = (least..=30).contains(&digits.len()) && !is_date && !is_mobile;
    (fits && ends_word(text, end)).then_some((start..end, ContactClass::BankCard))
}

fn wechat(text: &str, at: usize) -> Option<(Range<usize>, ContactClass)> {
    let (start, filler) = behind(text, at, 6)?;
    let rest = text.get(start..)?;
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    let name = rest.get(..length)?;
    let after = rest.get(length..)?;
    // A host, a file or an address.
    let dotted = after
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let lower = name.to_ascii_lowercase();
    let app = lower.len() == 18
        && lower
            .strip_prefix("wx")
            .is_some_and(|id| id.bytes().all(|b| b.is_ascii_hexdigit()));
    let said = filler.contains([':', '：', '号', '=', '是']);
    let mixed = name.bytes().any(|b| !b.is_ascii_alphabetic());
    let fits = (6..=20).contains(&length)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && (mixed || said)
        && !dotted
        && !after.starts_with(':')
        && !app
        && !NO_WECHAT.iter().any(|no| lower.starts_with(no));
    fits.then_some((start..start + length, ContactClass::Chat))
}

fn qq(text: &str, at: usize) -> Option<(Range<usize>, ContactClass)> {
    let (start, _) = behind(text, at, 6)?;
    let (end, digits, lens) = number(text, start)?;
    let after = text.get(end..)?.trim_start();
    let counts = after.starts_with(|c: char| "人个元位条次%年月日版万.".contains(c));
    let fits = (5..=11).contains(&digits.len()) && lens.len() == 1 && !counts;
    (fits && ends_word(text, end)).then_some((start..end, ContactClass::Chat))
}
