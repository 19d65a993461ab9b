//! Numbers with a meaning: phones, identity cards, bank cards.

use super::{Contact, ContactClass};

/// Characters before a number in which a word can say what it is.
const NEARBY: usize = 24;

/// A run of digits, ASCII or full-width, unbroken.
struct Group {
    start: usize,
    end: usize,
    digits: String,
    /// What stands between this group and the next.
    gap: Gap,
}

/// What stands between two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A blank, a dash or a bracket: the number goes on.
    Joins,
    /// A dot, a slash and the like, as in numbers of other kinds.
    Odd,
    /// The end of a line.
    Line,
    /// Something else.
    Parts,
}

/// The value of a digit, ASCII or full-width.
pub(super) fn digit(c: char) -> Option<u8> {
    match c {
        '0'..='9' => u8::try_from(u32::from(c) - 0x30).ok(),
        '０'..='９' => u8::try_from(u32::from(c) - 0xff10).ok(),
        _ => None,
    }
}

/// Finds the numbers of a text.
pub(super) fn find(text: &str, found: &mut Vec<Contact>) {
    let ascii = text.bytes().filter(u8::is_ascii_digit).take(7).count();
    // Full-width digits are EF BC 9x.
    if ascii < 7 && !text.contains('１') {
        return;
    }
    let groups = groups(text);
    let mut at = 0;
    while at < groups.len() {
        at += match longest(text, &groups, at) {
            Some((taken, contact)) => {
                found.push(contact);
                taken
            }
            None => 1,
        };
    }
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let Some(first) = digit(c) else { continue };
        let mut group = Group {
            start,
            end: start + c.len_utf8(),
            digits: char::from(b'0' + first).to_string(),
            gap: Gap::Parts,
        };
        while let Some((at, d, c)) = chars.peek().and_then(|(at, c)| Some((*at, digit(*c)?, *c))) {
            group.digits.push(char::from(b'0' + d));
            group.end = at + c.len_utf8();
            chars.next();
        }
        if let Some(last) = groups.last_mut() {
            let gap = text.get(last.end..group.start).unwrap_or_default();
            last.gap = match gap {
                " " | "-" | "－" | "–" | "—" | "\u{a0}" | ")" | "）" | ") " | " - " | " (" => {
                    Gap::Joins
                }
                "." | "/" | "·" | "•" | "_" => Gap::Odd,
                "\n" | "\r\n" | "-\n" | "-\r\n" | " \n" => Gap::Line,
                _ => Gap::Parts,
            };
        }
        groups.push(group);
    }
    groups
}

/// The longest reading of the groups from `at` on: how many it takes, and what it is.
fn longest(text: &str, groups: &[Group], at: usize) -> Option<(usize, Contact)> {
    let reach = groups
        .get(at..)?
        .iter()
        .position(|g| g.gap == Gap::Parts)
        .map_or(groups.len() - at, |n| n + 1)
        .min(11);
    (1..=reach).rev().find_map(|take| {
        let part = groups.get(at..at + take)?;
        let digits: String = part.iter().map(|g| g.digits.as_str()).collect();
        let lens: Vec<usize> = part.iter().map(|g| g.digits.len()).collect();
        let (mut start, mut end) = (part.first()?.start, part.last()?.end);
        let between = |gap| part.iter().rev().skip(1).any(|group| group.gap == gap);
        // Dots join addresses, versions and decimals; in this form they are a telephone's.
        if between(Gap::Odd) && !(lens == [3, 4, 4] && is_mobile(&digits, &lens)) {
            return None;
        }
        if between(Gap::Line) {
            let split = is_split_mobile(text, start, end, &digits, take);
            return split.then(|| contact(take, start, end, ContactClass::Phone));
        }
        let follows = text.get(end..)?.chars().next();
        if digits.len() == 17 && matches!(follows, Some('x' | 'X' | 'Ｘ')) && is_id(&digits, 'X') {
            end += follows?.len_utf8();
            return lone(text, start, end).then(|| contact(take, start, end, ContactClass::IdCard));
        }
        let class = classify(text, start, &digits, &lens)?;
        let plain_mobile = take == 1 && digits.len() == 11 && is_mobile(&digits, &lens);
        let parted = plain_mobile && between_underscores(text, start, end);
        if !parted && !lone(text, start, end) {
            return None;
        }
        if class == ContactClass::Phone {
            let before = text.get(..start)?;
            if before.ends_with(['+', '＋', '(', '（']) {
                let opens = before.chars().next_back()?;
                let closes = text.get(start..end)?.contains([')', '）']);
                if matches!(opens, '+' | '＋') || closes {
                    start -= opens.len_utf8();
                }
            }
        }
        Some(contact(take, start, end, class))
    })
}

fn contact(taken: usize, start: usize, end: usize, class: ContactClass) -> (usize, Contact) {
    (
        taken,
        Contact {
            range: start..end,
            class,
        },
    )
}

/// Whether the end of a line has cut a mobile number in two: its sentence goes on behind it, or
/// says what it is. A column of figures is none.
fn is_split_mobile(text: &str, start: usize, end: usize, digits: &str, groups: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end_matches(' ');
    let after = text.get(end..).unwrap_or_default();
    let in_sentence = before.ends_with(|c: char| !c.is_ascii() && c.is_alphabetic())
        && after.starts_with(|c: char| !c.is_whitespace());
    groups == 2
        && is_mobile(digits, &[11])
        && lone(text, start, end)
        && (in_sentence || announced(text, start, &MOBILE_WORDS))
}

/// Whether underscores part a number from words without digits: `user_13800138000`.
fn between_underscores(text: &str, start: usize, end: usize) -> bool {
    let word = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let digit = |c: char| c.is_ascii_digit();
    let mut before = text.get(..start).unwrap_or_default().chars().rev();
    let mut after = text.get(end..).unwrap_or_default().chars();
    let parted = |next: Option<char>| next.is_none_or(|c| c == '_' || !word(&c));
    parted(before.clone().next())
        && parted(after.clone().next())
        && !before.by_ref().take_while(word).any(digit)
        && !after.by_ref().take_while(word).any(digit)
}

/// Whether a number behind `+` or `00` has the length of its country's numbers.
fn is_international(text: &str, start: usize, digits: &str) -> bool {
    const COUNTRIES: [(&str, std::ops::RangeInclusive<usize>); 20] = [
        ("852", 8..=8),
        ("853", 8..=8),
        ("886", 8..=10),
        ("1", 10..=10),
        ("7", 10..=10),
        ("33", 9..=9),
        ("44", 10..=10),
        ("49", 10..=11),
        ("60", 8..=10),
        ("61", 9..=9),
        ("62", 9..=12),
        ("63", 10..=10),
        ("65", 8..=8),
        ("66", 9..=9),
        ("81", 9..=10),
        ("82", 9..=10),
        ("84", 9..=10),
        ("91", 10..=10),
        ("971", 9..=9),
        ("55", 10..=11),
    ];
    let before = text.get(..start).unwrap_or_default();
    let plus = before.ends_with(['+', '＋']);
    let number = match digits.strip_prefix("00") {
        Some(number) if number.starts_with("85") || number.starts_with("886") => number,
        _ if plus => digits,
        // Written without a sign only where the word is there.
        _ if digits.starts_with("85") && announced(text, start, &MOBILE_WORDS) => digits,
        _ => return false,
    };
    COUNTRIES.iter().any(|(code, lengths)| {
        number
            .strip_prefix(code)
            .is_some_and(|rest| lengths.contains(&rest.len()))
    })
}

/// Whether a number is not the inside of an identifier, an address or a decimal.
fn lone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let word: String = before
        .chars()
        .rev()
        .take(9)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let named = [
        "tel", "phone", "mobile", "mob", "qq", "wx", "vx", "wechat", "id", "card", "no",
    ]
    .iter()
    .any(|n| word.eq_ignore_ascii_case(&n.chars().rev().collect::<String>()));
    let decimal = before.ends_with('.') || {
        let mut rest = after.chars();
        rest.next() == Some('.') && rest.next().is_some_and(|c| c.is_ascii_digit())
    };
    let tail: Vec<char> = after
        .chars()
        .take(12)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let identifier = tail.iter().any(|c| c.is_ascii_digit() || *c == '_');
    (word.is_empty() || named) && !decimal && !identifier
}

fn classify(text: &str, start: usize, digits: &str, lens: &[usize]) -> Option<ContactClass> {
    if digits.len() == 18 && matches!(lens, [18] | [6, 8, 4] | [6, 4, 4, 4] | [3, 3, 8, 4]) {
        let last = digits.chars().last()?;
        if is_id(digits.get(..17)?, last) {
            return Some(ContactClass::IdCard);
        }
    }
    let in_other_groups = || {
        (2..=4).contains(&lens.len())
            && is_mobile(digits, &[11])
            && announced(text, start, &MOBILE_WORDS)
    };
    if is_mobile(digits, lens)
        || is_landline(text, start, digits, lens)
        || is_international(text, start, digits)
        || in_other_groups()
    {
        return Some(ContactClass::Phone);
    }
    let card_shape = lens.len() == 1 || lens.iter().rev().skip(1).all(|n| *n == 4);
    let card = (13..=19).contains(&digits.len())
        && card_shape
        && luhn(digits)
        && (has_issuer(digits) || announced(text, start, &CARD_WORDS));
    card.then_some(ContactClass::BankCard)
}

const CARD_WORDS: [&str; 9] = [
    "卡号",
    "银行卡",
    "储蓄卡",
    "借记卡",
    "信用卡",
    "账号",
    "帐号",
    "card",
    "Card",
];
pub(super) const PHONE_WORDS: [&str; 9] = [
    "电话", "座机", "热线", "传真", "固话", "总机", "tel", "Tel", "TEL",
];

const MOBILE_WORDS: [&str; 13] = [
    "电话", "手机", "号码", "联系", "拨打", "致电", "回电", "找我", "打给", "tel", "Tel", "phone",
    "mobile",
];

fn announced(text: &str, start: usize, words: &[&str]) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let from = before
        .char_indices()
        .rev()
        .take(NEARBY)
        .last()
        .map_or(start, |(at, _)| at);
    let near = before.get(from..).unwrap_or_default();
    words.iter().any(|w| near.contains(w))
}

fn is_mobile(digits: &str, lens: &[usize]) -> bool {
    let (number, lens) = match (digits, lens) {
        (d, [2, rest @ ..]) if d.starts_with("86") => (d.get(2..), rest),
        (d, [4, rest @ ..]) if d.starts_with("0086") => (d.get(4..), rest),
        (d, [13]) if d.starts_with("86") => (d.get(2..), &[11][..]),
        (d, [15]) if d.starts_with("0086") => (d.get(4..), &[11][..]),
        _ => (Some(digits), lens),
    };
    let Some(number) = number else { return false };
    let mut chars = number.bytes();
    number.len() == 11
        && chars.next() == Some(b'1')
        && chars.next().is_some_and(|b| (b'3'..=b'9').contains(&b))
        && matches!(
            lens,
            [11] | [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
                | [3, 4, 4]
                | [3, 8]
                | [7, 4]
                | [4, 4, 3]
                | [3, 3, 5]
        )
}

fn is_landline(text: &str, start: usize, digits: &str, lens: &[usize]) -> bool {
    if digits.starts_with("400") || digits.starts_with("800") {
        return matches!(lens, [3, 3, 4] | [3, 4, 3] | [4, 3, 3] | [3, 7] | [10]);
    }
    let area = digits.starts_with('0') && !digits.starts_with("00");
    match lens {
        [3 | 4, 7 | 8] => area,
        [3 | 4, 3 | 4, 4] => area,
        [3 | 4, 7 | 8, 1..=5] => area,
        [11 | 12] => area && announced(text, start, &PHONE_WORDS),
        [2, 2 | 3, 7 | 8] => digits.starts_with("86"),
        [7 | 8] => !digits.starts_with(['0', '1']) && announced_close(text, start, &PHONE_WORDS),
        _ => false,
    }
}

/// A bare local number is one only directly behind its word: `电话：88886666`.
fn announced_close(text: &str, start: usize, words: &[&str]) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let before = before.trim_end_matches([' ', ':', '：', '是', '为', '号', '码']);
    words.iter().any(|w| before.ends_with(w))
}

/// ISO 7064 MOD 11-2, a plausible birthday and a province code.
fn is_id(first: &str, check: char) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let number = |from: usize, to: usize| -> u32 {
        first
            .get(from..to)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0)
    };
    let sum: u32 = first
        .bytes()
        .zip(WEIGHTS)
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    first.len() == 17
        && (11..=91).contains(&number(0, 2))
        && (1900..=2100).contains(&number(6, 10))
        && (1..=12).contains(&number(10, 12))
        && (1..=31).contains(&number(12, 14))
        && CHECKS.get((sum % 11) as usize) == Some(&check)
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| match (at % 2, u32::from(b - b'0')) {
            (0, d) => d,
            (_, d) if d > 4 => d * 2 - 9,
            (_, d) => d * 2,
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|b| b != b'0')
}

/// Whether the number begins as UnionPay, Visa, Mastercard, American Express or JCB cards do.
fn has_issuer(digits: &str) -> bool {
    let lead = |n: usize| {
        digits
            .get(..n)
            .and_then(|s| s.parse::<u32>().ok())
            .unwrap_or(0)
    };
    match digits.len() {
        15 => matches!(lead(2), 34 | 37),
        16 => {
            lead(1) == 4
                || matches!(lead(2), 51..=55 | 62)
                || matches!(lead(4), 2221..=2720 | 3528..=3589 | 9558)
        }
        17..=19 => lead(2) == 62 || lead(4) == 9558,
        _ => false,
    }
}
