//! Values in a text: addresses, ids, dates, amounts; what differs from customer to customer.

use std::ops::Range;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

use super::pattern::patterns;
use super::url::urls;

/// What a value is, told from its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Web address.
    Url,
    /// Domain name.
    Domain,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Network address.
    Ip,
    /// Id of a host, disk, address or other instance.
    InstanceId,
    /// Number of an order, a certificate, a payment.
    OrderId,
    /// Number of an account.
    AccountId,
    /// Text that decodes to an id, such as a verification value.
    Encoded,
    /// Date, with or without time.
    Date,
    /// Sum of money.
    Amount,
    /// What redaction left: a mark, with what is glued to it.
    Mark,
    /// Anything else.
    Text,
}

impl ValueKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Url,
        Self::Domain,
        Self::Email,
        Self::Phone,
        Self::Ip,
        Self::InstanceId,
        Self::OrderId,
        Self::AccountId,
        Self::Encoded,
        Self::Date,
        Self::Amount,
        Self::Mark,
        Self::Text,
    ];

    /// The name of a slot for such values.
    pub fn slot_name(self) -> &'static str {
        match self {
            Self::Url => "链接",
            Self::Domain => "域名",
            Self::Email => "邮箱",
            Self::Phone => "电话",
            Self::Ip => "IP地址",
            Self::InstanceId => "实例ID",
            Self::OrderId => "订单号",
            Self::AccountId => "账号ID",
            Self::Encoded => "验证值",
            Self::Date => "日期",
            Self::Amount => "金额",
            Self::Mark => "已脱敏",
            Self::Text => "内容",
        }
    }

    /// The kind that a slot's name asks for; a number behind the name is ignored.
    pub fn of_slot(name: &str) -> Self {
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
        Self::ALL
            .into_iter()
            .find(|kind| kind.slot_name() == name)
            .unwrap_or(Self::Text)
    }

    /// The kind of a value that stands alone.
    pub fn of_value(value: &str) -> Self {
        let value = value.trim();
        match values(value).as_slice() {
            [one] if one.range == (0..value.len()) => one.kind,
            _ => Self::Text,
        }
    }

    /// Whether such a value says who the customer is.
    pub fn is_personal(self) -> bool {
        match self {
            Self::Domain
            | Self::Email
            | Self::Phone
            | Self::Ip
            | Self::InstanceId
            | Self::OrderId
            | Self::AccountId
            | Self::Encoded => true,
            Self::Url | Self::Date | Self::Amount | Self::Mark | Self::Text => false,
        }
    }
}

/// A value in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ValueKind,
}

patterns! {
    shaped = r"(?x)
      (?P<email>(?-u:\b)[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)
    | (?P<date>(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?(?:[\ T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?
        | \d{1,2}月\d{1,2}[日号](?:[\ ]*\d{1,2}[:：]\d{2})?)
    | (?P<amount>[￥¥]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:元|美元|RMB))
    | (?P<ip>(?-u:\b)(?:\d{1,3}\.){3}\d{1,3}(?-u:\b))
    | (?P<domain>(?-u:\b)(?:[A-Za-z0-9_*](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+(?i:com|cn|net|org|top|xyz|vip|io|cc|info|co|me|site|shop|online|club|tech|store|cloud|app|asia|ltd|wang|pro|biz|tv|edu|gov|mobi|fun|live|link|ink|ren|work|world|group|example|test|icu|art|ai|hk|tw|jp|us|uk|de|fm|so|la|im|in|ru|kr|sg|eu|space|website|love|host|run|plus|chat|wiki|design|video|games|zone|email|网址|中国|公司|网络)(?-u:\b))
    | (?P<phone>(?-u:\b)(?:(?:\+?86[-\ ]?)?1[3-9]\d{9}|400[-\ ]?\d{3}[-\ ]?\d{4}|0\d{2,3}[-\ ]\d{7,8})(?-u:\b))
    | (?P<instance>(?-u:\b)(?i:ins|i|qvm|vm|eip|bkt|disk|vol|vpc|subnet|lb|snap|img|sg|rds|db|redis|ecs|cvm|host|kvm|nat|pool|node)-[0-9A-Za-z]{6,}(?-u:\b))
    | (?P<token>[A-Za-z0-9+/_=-]{6,})";
}

/// The values of a text, in order, none overlapping another.
pub fn values(text: &str) -> Vec<Value> {
    let urls = urls(text).into_iter().map(|url| Value {
        range: url.range,
        kind: ValueKind::Url,
    });
    let marks = super::url::marks(text).map(|range| Value {
        range: with_leftover(text, range),
        kind: ValueKind::Mark,
    });
    let known = merged(urls.collect(), marks);
    let shaped: Vec<Value> = shaped()
        .captures_iter(text)
        .filter_map(|found| {
            let range = found.get(0)?.range();
            match NAMED
                .into_iter()
                .find(|(name, _)| found.name(name).is_some())
            {
                Some((_, ValueKind::Ip)) if !is_address(text, &range) => None,
                Some((_, kind)) => Some(Value { range, kind }),
                None => token(text, range),
            }
        })
        .collect();
    merged(known, shaped.into_iter())
}

/// Whether a text names a value: whole, and not as a part of a longer one. A text names a
/// domain, too, where it names one below it or a mail address at it.
pub fn names_value(text: &str, value: &str) -> bool {
    let (text, value) = (text.to_lowercase(), value.trim().to_lowercase());
    let below = ValueKind::of_value(&value) == ValueKind::Domain;
    let joins = |c: char| matches!(c, '.' | '-' | '_' | '@');
    // What stands next to it, as far as it belongs to the same value.
    let glued = |c: Option<char>, next: Option<char>| {
        let part = |c: char| c.is_ascii_alphanumeric();
        c.filter(|c| part(*c) || (joins(*c) && next.is_some_and(part)))
    };
    !value.is_empty()
        && text.match_indices(&value).any(|(at, _)| {
            let mut before = super::pattern::before(&text, at).chars().rev();
            let mut after = super::pattern::after(&text, at + value.len()).chars();
            let before = glued(before.next(), before.next());
            let whole = before.is_none_or(|c| below && matches!(c, '.' | '@'));
            whole && glued(after.next(), after.next()).is_none()
        })
}

/// The groups of the pattern that tell a kind by themselves.
const NAMED: [(&str, ValueKind); 7] = [
    ("email", ValueKind::Email),
    ("date", ValueKind::Date),
    ("amount", ValueKind::Amount),
    ("ip", ValueKind::Ip),
    ("domain", ValueKind::Domain),
    ("phone", ValueKind::Phone),
    ("instance", ValueKind::InstanceId),
];

/// Adds values to known ones, both in order, unless they overlap one that is known better.
fn merged(mut known: Vec<Value>, more: impl Iterator<Item = Value>) -> Vec<Value> {
    let ranges: Vec<Range<usize>> = known.iter().map(|value| value.range.clone()).collect();
    known.extend(more.filter(|value| !overlaps(&ranges, &value.range)));
    known.sort_by_key(|value| value.range.start);
    known
}

/// Whether a range overlaps one of ranges that are in order and do not overlap.
pub(super) fn overlaps(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    let at = ranges.partition_point(|known| known.end <= range.start);
    ranges.get(at).is_some_and(|known| known.start < range.end)
}

/// A mark with the digits and letters that redaction left behind it, such as
/// `[REDACTED_PHONE]0123X`.
fn with_leftover(text: &str, range: Range<usize>) -> Range<usize> {
    let rest = super::pattern::after(text, range.end);
    let glued = rest.len()
        - rest
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric())
            .len();
    range.start..range.end + glued
}

/// Whether four numbers are a network address: a version can have as many, or more of them.
fn is_address(text: &str, range: &Range<usize>) -> bool {
    let numbers = text.get(range.clone()).unwrap_or_default().split('.');
    let small = |number: &str| number.parse::<u16>().is_ok_and(|number| number <= 255);
    let head = super::pattern::before(text, range.start);
    let tail = super::pattern::after(text, range.end);
    let joined = head.ends_with('.') || {
        let mut next = tail.chars();
        next.next() == Some('.') && next.next().is_some_and(|c| c.is_ascii_digit())
    };
    let label = head.trim_end_matches([' ', ':', '：', '号', '是', '为']);
    let version = label.ends_with("版本") || tail.trim_start().starts_with("版本");
    numbers.into_iter().all(small) && !joined && !version
}

/// What a run of letters and digits is, if it is an id at all.
fn token(text: &str, range: Range<usize>) -> Option<Value> {
    let token = text.get(range.clone())?;
    let core = token.trim_matches(['-', '_', '/', '+', '=']);
    let start = range.start + token.find(core).unwrap_or(0);
    let range = start..start + core.len();
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let hex = core.bytes().all(|b| b.is_ascii_hexdigit());
    let kind = if core.len() >= 12 && decodes_to_id(core) {
        ValueKind::Encoded
    } else if digits == core.len() {
        match digits {
            0..=6 => return None,
            7..=11 => ValueKind::AccountId,
            _ => ValueKind::OrderId,
        }
    } else if (hex && core.len() >= 16 && digits >= 4) || is_random(core, digits) {
        ValueKind::OrderId
    } else {
        return None;
    };
    Some(Value { range, kind })
}

/// Whether letters and digits alternate as they do in ids and not in words.
fn is_random(core: &str, digits: usize) -> bool {
    if core.len() < 12 || digits < 3 || core.contains(['/', '+']) {
        return false;
    }
    let bytes = core.as_bytes();
    let turns = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    turns >= 3
}

/// Whether a value is base64 or hex of readable text that holds an id.
pub(super) fn decodes_to_id(value: &str) -> bool {
    let value = value.trim_end_matches('=');
    if value.len() < 12 {
        return false;
    }
    // Hex digits are base64 digits, too: whatever gives readable text is meant.
    let hex = value.trim_start_matches("0x");
    [
        HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok(),
        BASE64_NOPAD.decode(value.as_bytes()).ok(),
        BASE64URL_NOPAD.decode(value.as_bytes()).ok(),
    ]
    .into_iter()
    .flatten()
    .any(|bytes| std::str::from_utf8(&bytes).is_ok_and(holds_id))
}

/// Whether decoded text is readable and holds a number or an address, or is a name by itself: a
/// word hardly ever decodes to one.
fn holds_id(decoded: &str) -> bool {
    let readable = decoded
        .chars()
        .all(|c| !c.is_control() && (c.is_ascii() || super::pattern::is_han(c)));
    let longest_number = decoded
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or(0);
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = decoded.len() >= 9 && decoded.chars().all(name);
    readable && (longest_number >= 5 || decoded.contains('@') || is_name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<(&str, ValueKind)> {
        values(text)
            .into_iter()
            .map(|v| (text.get(v.range).unwrap(), v.kind))
            .collect()
    }

    #[test]
    fn values_are_told_by_their_form() {
        assert_eq!(
            kinds("域名cdn.shop.example.com已解析"),
            [("cdn.shop.example.com", ValueKind::Domain)]
        );
        assert_eq!(
            kinds("订单5f0c1a2b3c4d5e6f7a8b9c0d请核对"),
            [("5f0c1a2b3c4d5e6f7a8b9c0d", ValueKind::OrderId)]
        );
        assert_eq!(
            kinds("请拨打13812345678"),
            [("13812345678", ValueKind::Phone)]
        );
        assert_eq!(kinds("退款￥ 17.60元"), [("￥ 17.60", ValueKind::Amount)]);
        assert_eq!(
            kinds("发到a.b@example.com"),
            [("a.b@example.com", ValueKind::Email)]
        );
        assert_eq!(
            kinds("实例ins-a1b2c3d4已关机"),
            [("ins-a1b2c3d4", ValueKind::InstanceId)]
        );
        assert_eq!(
            kinds("2026-01-31 10:20:30提交"),
            [("2026-01-31 10:20:30", ValueKind::Date)]
        );
        assert_eq!(
            kinds("[REDACTED_PHONE]12345X"),
            [("[REDACTED_PHONE]12345X", ValueKind::Mark)]
        );
        assert_eq!(kinds("使用putfile-upload接口，版本7.13.2"), []);
    }

    #[test]
    fn a_part_of_a_longer_value_is_not_named() {
        let text =
            "myshop-lemon.cn 解析到 118.24.66.912，订单 8824017735501，zhang.san@qq.com，11月3日";
        for part in [
            "shop-lemon.cn",
            "118.24.66.91",
            "88240177355",
            "san@qq.com",
            "1月3日",
        ] {
            assert!(!names_value(text, part), "{part}");
        }
        assert!(!names_value("my-shop.cn.evil.test", "shop.cn"));
        assert!(!names_value("my-shop.cn", "shop.cn"));
        assert!(!names_value("a.shop.cn", "b.a.shop.cn"));
        assert!(!names_value("1.118.24.66.91", "118.24.66.91"));
    }

    #[test]
    fn a_value_is_named_whole_and_a_domain_by_one_below_it() {
        let text =
            "我的CDN.Shop.cn和https://img.shop.cn:80/a打不开.订单8824017735501,找a@shop.cn。";
        for value in [
            "cdn.shop.cn",
            "img.shop.cn",
            "shop.cn",
            "8824017735501",
            "a@shop.cn",
        ] {
            assert!(names_value(text, value), "{value}");
        }
        assert!(names_value("域名是shop.cn.", "shop.cn"));
    }

    #[test]
    fn a_version_is_no_network_address() {
        for version in [
            "升级到7.13.27.14.0版本",
            "版本：7.13.27.14",
            "见7.13.27.14版本",
            "1.7.13.27.14",
            "9.300.1.2",
        ] {
            assert_eq!(kinds(version), [], "{version}");
        }
        assert_eq!(
            kinds("回源到 118.24.66.91。"),
            [("118.24.66.91", ValueKind::Ip)]
        );
        assert_eq!(kinds("(10.0.0.1:8080)"), [("10.0.0.1", ValueKind::Ip)]);
    }

    #[test]
    fn a_value_that_decodes_to_an_account_is_known() {
        let value = BASE64_NOPAD.encode(b"acme-20260131-998877665");
        assert_eq!(
            kinds(&format!("记录值 {value}")),
            [(value.as_str(), ValueKind::Encoded)]
        );
        let value = BASE64_NOPAD.encode(b"shop-verify-demo-01");
        assert_eq!(kinds(&value), [(value.as_str(), ValueKind::Encoded)]);
        for word in [
            "ssl-certificate-of-free-guide",
            "accessControlAllowOrigin",
            "SignatureDoesNotMatch",
            "RequestTimeTooSkewed",
        ] {
            assert!(!decodes_to_id(word), "{word}");
        }
    }

    #[test]
    fn hex_that_decodes_to_an_account_is_no_order() {
        let said = "user=998877665;shop";
        for value in [
            data_encoding::HEXLOWER.encode(said.as_bytes()),
            data_encoding::HEXUPPER.encode(said.as_bytes()),
        ] {
            assert_eq!(kinds(&value), [(value.as_str(), ValueKind::Encoded)]);
        }
        for order in ["5f0c1a2b3c4d5e6f7a8b9c0d", "20260131102030405060"] {
            assert_eq!(kinds(order), [(order, ValueKind::OrderId)]);
        }
    }

    proptest! {
        #[test]
        fn values_stand_on_character_boundaries_and_do_not_overlap(text in "(https://|[a-z0-9./@=_-]|[证书域名、。]|\\[REDACTED_URL\\]|13812345678|\\n){0,60}") {
            let found = values(&text);
            for value in &found {
                prop_assert!(text.get(value.range.clone()).is_some_and(|v| !v.is_empty()));
            }
            for pair in found.windows(2) {
                prop_assert!(pair[0].range.end <= pair[1].range.start);
            }
        }
    }
}
