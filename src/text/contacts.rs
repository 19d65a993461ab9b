//! What redaction may have missed: phone numbers, mail addresses, identity and bank cards, keys.
//!
//! The scanner makes one pass and looks closer only at `@`, at runs of digits and at words that
//! announce a key. It finds places; it does not decide what is masked.

mod keys;
mod numbers;

use std::ops::Range;

/// A class of personal or secret value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContactClass {
    /// Mobile or land-line number.
    Phone,
    /// E-mail address.
    Email,
    /// Identity-card number with a valid checksum.
    IdCard,
    /// Bank-card number that passes Luhn.
    BankCard,
    /// Access or secret key.
    Key,
}

impl ContactClass {
    /// The name that reports and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::IdCard => "id_card",
            Self::BankCard => "bank_card",
            Self::Key => "key",
        }
    }

    /// The mark that takes a value's place, in the documents' own style.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Phone => "[REDACTED_PHONE]",
            Self::Email => "[REDACTED_EMAIL]",
            Self::IdCard => "[REDACTED_ID_CARD]",
            Self::BankCard => "[REDACTED_BANK_CARD]",
            Self::Key => "[REDACTED_KEY]",
        }
    }
}

/// A value found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub class: ContactClass,
}

/// Finds the contacts of a text in order, without overlaps.
pub fn find(text: &str) -> Vec<Contact> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    if bytes.contains(&b'@') || text.contains('＠') {
        emails(text, &mut found);
    }
    numbers::find(text, &mut found);
    keys::find(text, &mut found);
    found.sort_by_key(|c| (c.range.start, usize::MAX - c.range.end));
    let mut end = 0;
    found.retain(|c| {
        let free = c.range.start >= end;
        if free {
            end = c.range.end;
        }
        free
    });
    found
}

/// One spelling for one contact: what an allow-list compares.
pub fn normalised(value: &str) -> String {
    if value.contains(['@', '＠']) {
        return value.replace('＠', "@").to_lowercase();
    }
    let digits: String = value
        .chars()
        .filter_map(numbers::digit)
        .map(|d| char::from(b'0' + d))
        .collect();
    match digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86"))
    {
        Some(rest) if rest.len() >= 10 => rest.to_owned(),
        _ => digits,
    }
}

fn emails(text: &str, found: &mut Vec<Contact>) {
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
        if name.is_empty() || name == "git" {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for c in find(text) {
            out.push_str(text.get(at..c.range.start).unwrap());
            out.push_str(c.class.name());
            at = c.range.end;
        }
        out.push_str(text.get(at..).unwrap());
        out
    }

    #[test]
    fn phones_are_found_in_their_usual_spellings() {
        for number in [
            "13800138000",
            "138-0013-8000",
            "138 0013 8000",
            "138.0013.8000",
            "+86 138 0013 8000",
            "+8613800138000",
            "8613800138000",
            "0571-88888888",
            "010-12345678",
            "(0571)88888888",
            "（0571）88888888",
            "400-123-4567",
            "4001234567",
            "１３８００１３８０００",
        ] {
            assert_eq!(
                masked(&format!("请联系{number}，谢谢")),
                "请联系phone，谢谢",
                "{number}"
            );
        }
        assert_eq!(masked("tel13800138000"), "telphone");
        assert_eq!(masked("电话：057188888888。"), "电话：phone。");
    }

    #[test]
    fn times_ids_and_versions_are_left_alone() {
        for text in [
            "2024-10-14 21:14:52",
            "66fcc1b438f8c85defc4af14",
            "订单1728352800123",
            "20241014211452",
            "版本 7.13.27.14.0",
            "1380013.8000 138.00138000 1.138.0013.8000 138.0013.8000.2",
            "https://docs.example.com/kb/1574/free",
            "E68CB54F085A79499A88A5218B0E3B92",
            "1:10.20.30.40 0.51",
            "req a13912345678f0",
            "git@github.com:a/b.git pkg@1.2.3",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn mail_addresses_end_where_chinese_begins() {
        assert_eq!(
            masked("邮箱wang.wu+a@mail.example.com谢谢"),
            "邮箱email谢谢"
        );
        assert_eq!(masked("<a_b@example.cn>."), "<email>.");
    }

    #[test]
    fn cards_need_their_checksum() {
        assert_eq!(masked("身份证11010519491231002X。"), "身份证id_card。");
        assert_eq!(
            masked("身份证110105194912310021"),
            "身份证110105194912310021"
        );
        assert_eq!(
            masked("6222 0212 3456 7890 128"),
            masked("6222021234567890128")
        );
        assert_eq!(masked("4111111111111111"), "bank_card");
        assert_eq!(masked("4111111111111112"), "4111111111111112");
        assert_eq!(masked("7992739871399999"), "7992739871399999");
    }

    #[test]
    fn tokens_and_passwords_are_found_where_they_are_given() {
        for (text, shown) in [
            (
                "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
                "Authorization: Bearer key",
            ),
            (
                "令牌是eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.",
                "令牌是key.",
            ),
            (
                "token=sk-4f9a8c7e6d5b4a3f2e1d0c9b，麻烦看下",
                "token=key，麻烦看下",
            ),
            ("secret sk_live_4ec39hqlyjwd", "secret key"),
            ("\"token\": \"a81f3c5e7d9b2a4c6e8f\"", "\"token\": \"key\""),
            ("密码: Hunter2!abc", "密码: key"),
            (
                "账号 zhang 密码：abc12345，登录不了",
                "账号 zhang 密码：key，登录不了",
            ),
            ("pwd=a1b2c3", "pwd=key"),
            ("{\"password\":\"abc12345\"}", "{\"password\":\"key\"}"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }

    #[test]
    fn talk_of_tokens_and_passwords_is_left_alone() {
        for text in [
            "忘记密码怎么办，密码需要8-16位，包含大小写字母和数字",
            "密码：请在控制台重置，24小时内生效",
            "密码错误提示 error 40029001",
            "密码为AES256加密，口令 6 位以上",
            "密码：[REDACTED_KEY]",
            "重置密码: https://console.example.com/reset/2024",
            "token 过期，requestid 66fcc1b438f8c85defc4af14",
            "请检查token是否正确，token有效期7200秒",
            "bearer token 需要放在请求头里",
            "sk-learn 1.4.2 和 disk-a1b2c3d4e5f6a7b8c9d0",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn keys_are_found_beside_their_names() {
        let key = "Qx7bVnE2mKp0LsT9aYcR4uHdWf6GjZi1OoBvNtXk";
        assert_eq!(masked(&format!("ak：{key}")), "ak：key");
        assert_eq!(
            masked(&format!("secretKey = \"{key}\"")),
            "secretKey = \"key\""
        );
        assert_eq!(
            masked(&format!("AK/SK 分别是 {key} 和 {key}")),
            "AK/SK 分别是 key 和 key"
        );
        assert_eq!(masked(&format!("task {key}")), format!("task {key}"));
        let doc = "sk 的说明见 https://docs.example.com/security/access-key-management-2024";
        assert_eq!(masked(doc), doc);
    }
}
