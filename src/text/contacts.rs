//! What redaction may have missed: phone numbers, mail addresses, identity numbers, cards and
//! accounts, chat accounts, keys and passwords; on request also hosts, plates and the like.
//!
//! Values that speak for themselves are found wherever they stand; others only beside a word that
//! names them. This finds places; it does not decide what is masked.

mod addresses;
mod beside;
mod keys;
mod mail;
mod numbers;
mod optional;
mod passwords;
#[cfg(test)]
mod probes;
mod spoken;

use std::ops::Range;

/// A class of personal or secret value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContactClass {
    /// Mobile or land-line number.
    Phone,
    /// E-mail address.
    Email,
    /// Number of an identity card, a passport or a company's registration.
    IdCard,
    /// Number of a bank card or account.
    BankCard,
    /// Key, token, password or verification code.
    Key,
    /// Account of WeChat or QQ.
    Chat,
    /// Public IP address; optional, as all that follow.
    PublicIp,
    /// Hardware address.
    Mac,
    /// Number plate.
    Plate,
    /// Street address.
    Address,
    /// Name of a company.
    Company,
    /// Number of an order, a payment or a parcel.
    Order,
}

impl ContactClass {
    /// All classes, in the order they are listed.
    pub const ALL: [Self; 12] = [
        Self::Phone,
        Self::Email,
        Self::IdCard,
        Self::BankCard,
        Self::Key,
        Self::Chat,
        Self::PublicIp,
        Self::Mac,
        Self::Plate,
        Self::Address,
        Self::Company,
        Self::Order,
    ];

    /// The name that settings, reports and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::IdCard => "id_card",
            Self::BankCard => "bank_card",
            Self::Key => "key",
            Self::Chat => "chat",
            Self::PublicIp => "public_ip",
            Self::Mac => "mac",
            Self::Plate => "plate",
            Self::Address => "address",
            Self::Company => "company",
            Self::Order => "order",
        }
    }

    /// Reads [`Self::name`] back.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Whether it is looked for only where a team asks for it: a vendor's tickets are full of
    /// such values, and many answers need them.
    pub fn is_optional(self) -> bool {
        match self {
            Self::Phone | Self::Email | Self::IdCard | Self::BankCard | Self::Key | Self::Chat => {
                false
            }
            Self::PublicIp
            | Self::Mac
            | Self::Plate
            | Self::Address
            | Self::Company
            | Self::Order => true,
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
            Self::Chat => "[REDACTED_CHAT]",
            Self::PublicIp => "[REDACTED_IP]",
            Self::Mac => "[REDACTED_MAC]",
            Self::Plate => "[REDACTED_PLATE]",
            Self::Address => "[REDACTED_ADDRESS]",
            Self::Company => "[REDACTED_COMPANY]",
            Self::Order => "[REDACTED_ORDER]",
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
    find_also(text, &[])
}

/// Finds the contacts of a text, and of the optional classes those that are asked for.
pub fn find_also(text: &str, optional: &[ContactClass]) -> Vec<Contact> {
    let mut found = Vec::new();
    mail::find(text, &mut found);
    numbers::find(text, &mut found);
    spoken::find(text, &mut found);
    beside::find(text, &mut found);
    keys::find(text, &mut found);
    if !optional.is_empty() {
        optional::find(text, optional, &mut found);
    }
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
        // Beside its name it needs none; alone it does.
        assert_eq!(masked("编号110105194912310021"), "编号110105194912310021");
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
