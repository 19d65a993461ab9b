//! Classes that a team asks for: hosts, hardware, plates, street addresses, companies, orders.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Contact, ContactClass};

/// Regular expressions, each with its class; the value is the group `v`.
static PATTERNS: LazyLock<Vec<(ContactClass, Regex)>> = LazyLock::new(|| {
    [
        (ContactClass::PublicIp, r"(?P<v>\d{1,3}(?:\.\d{1,3}){3})"),
        (ContactClass::PublicIp, r"(?i)(?P<v>[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f]{1,4})"),
        (
            ContactClass::Mac,
            r"(?i)(?-u:\b)(?P<v>(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|(?:[0-9a-f]{2}-){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?-u:\b)",
        ),
        (
            ContactClass::Plate,
            r"(?P<v>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•. ]?[A-HJ-NP-Z0-9]{5,6})(?:[^A-Za-z0-9]|$)",
        ),
        (
            ContactClass::Address,
            r"(?P<v>(?:[\p{Han}]{2,7}?(?:省|自治区))?(?:[\p{Han}]{2,6}?市)?(?:[\p{Han}]{1,7}?[区县旗镇乡])?[\p{Han}]{1,12}?(?:路|街|道|巷|弄|段|胡同|园)[东南西北中]?\d{1,5}\s?(?:号|弄|栋|幢)(?:院|楼)?(?:[A-Za-z]座|\d{1,4}[号栋幢座楼层单元室-]{1,2}|[A-Za-z]?\d{1,5}室){0,5})",
        ),
        (
            ContactClass::Company,
            r"(?P<v>[\p{Han}（）()]{2,30}?(?:有限责任公司|股份有限公司|集团有限公司|有限公司|事务所|研究院有限公司))",
        ),
        (
            ContactClass::Company,
            r"(?P<v>(?:[A-Z][A-Za-z&-]* ){1,6}(?:Co\.,? ?Ltd\.?|Inc\.?|LLC|Ltd\.|Limited))",
        ),
        (
            ContactClass::Order,
            r"(?i)(?:订单号?|订单编号|流水号?|交易号|单号|支付单号|order[ _]?(?:id|no|number)?\.?)(?:码|是|为)?\s?[:：=]?\s?(?P<v>[a-z0-9][a-z0-9-]{6,38}[a-z0-9])",
        ),
    ]
    .into_iter()
    .filter_map(|(class, pattern)| Some((class, Regex::new(pattern).ok()?)))
    .collect()
});

/// What stands before a company or an address and is no part of it.
const LEADS: [&str; 17] = [
    "我们是",
    "备案主体为",
    "主体为",
    "备案主体",
    "企业名称",
    "公司名称",
    "主体",
    "抬头",
    "公司在",
    "地址是",
    "地址",
    "寄到",
    "发票寄",
    "寄",
    "发给",
    "我在",
    "是",
];

/// Finds the values of the classes that are asked for.
pub(super) fn find(text: &str, classes: &[ContactClass], found: &mut Vec<Contact>) {
    for (class, pattern) in PATTERNS.iter().filter(|(class, _)| classes.contains(class)) {
        for captures in pattern.captures_iter(text) {
            let Some(value) = captures.name("v") else {
                continue;
            };
            let range = match class {
                ContactClass::Company | ContactClass::Address => {
                    without_lead(value.as_str(), value.start())
                }
                _ => value.range(),
            };
            if is_one(text, range.clone(), *class) {
                let class = *class;
                found.push(Contact { range, class });
            }
        }
    }
}

fn without_lead(value: &str, start: usize) -> Range<usize> {
    let end = start + value.len();
    let mut rest = value;
    while let Some(shorter) = LEADS.iter().find_map(|lead| rest.strip_prefix(lead)) {
        rest = shorter;
    }
    end - rest.len()..end
}

fn is_one(text: &str, range: Range<usize>, class: ContactClass) -> bool {
    let value = text.get(range.clone()).unwrap_or_default();
    match class {
        ContactClass::PublicIp => is_public(text, range),
        ContactClass::Order => value.bytes().filter(u8::is_ascii_digit).count() >= 6,
        _ => !value.is_empty(),
    }
}

fn is_public(text: &str, range: Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let longer = before.ends_with(|c: char| joins(c) || c == ':')
        || after.starts_with(|c: char| c.is_ascii_alphanumeric())
        || (after.starts_with('.') && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    let version = before.trim_end().ends_with(['v', 'V', '本']) || before.ends_with("版本号");
    let value = text.get(range).unwrap_or_default();
    let public = match value.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => is_public_v4(address),
        Ok(IpAddr::V6(address)) => is_public_v6(address),
        Err(_) => false,
    };
    public && !longer && !version
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let first = address.octets()[0];
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || first == 0
        || first >= 224)
}

/// Global unicast: the rest is a network's own.
fn is_public_v6(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xe000 == 0x2000
}
