//! What must be looked at before a reply is copied to another customer.
//!
//! Values that name a customer, what redaction left over, dates, promises, and claims of
//! something done. Finding is all this does; whether to mask, to make a slot, to edit or to
//! copy anyway is the agent's choice.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::pattern::{after, before, patterns};
use super::value::{ValueKind, names_value, overlaps, values};
use super::vendor::{Vendor, host};

/// Characters of a note's line from which it is known again in another text.
const NOTE_LINE: usize = 6;

/// What a masked value is replaced with.
const MASK: &str = "***";

/// Why a place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Somebody's domain, or an address on it.
    Domain,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// Network address.
    Ip,
    /// Id of an instance.
    Instance,
    /// Number of an order or certificate.
    Order,
    /// Number of an account.
    Account,
    /// A value that decodes to an id.
    Encoded,
    /// What redaction left: a mark, with what is glued to it.
    Leftover,
    /// A day or a moment.
    Date,
    /// 明天 and the like.
    Promise,
    /// Something said to be done: 已电话沟通.
    Done,
    /// What agents wrote for each other.
    Internal,
}

impl FindingKind {
    /// The kind of a value that may name a customer.
    fn of(kind: ValueKind) -> Option<Self> {
        Some(match kind {
            ValueKind::Url | ValueKind::Domain => Self::Domain,
            ValueKind::Phone => Self::Phone,
            ValueKind::Email => Self::Email,
            ValueKind::Ip => Self::Ip,
            ValueKind::InstanceId => Self::Instance,
            ValueKind::OrderId => Self::Order,
            ValueKind::AccountId => Self::Account,
            ValueKind::Encoded => Self::Encoded,
            ValueKind::Mark => Self::Leftover,
            ValueKind::Date => Self::Date,
            ValueKind::Amount | ValueKind::Text => return None,
        })
    }

    /// Whether it is a value, which a mark can take the place of; words must be rewritten.
    fn is_value(self) -> bool {
        match self {
            Self::Domain
            | Self::Phone
            | Self::Email
            | Self::Ip
            | Self::Instance
            | Self::Order
            | Self::Account
            | Self::Encoded
            | Self::Leftover
            | Self::Date => true,
            Self::Promise | Self::Done | Self::Internal => false,
        }
    }

    /// The kind of slot that takes the place of such a value.
    pub fn slot(self) -> ValueKind {
        match self {
            Self::Domain => ValueKind::Domain,
            Self::Phone => ValueKind::Phone,
            Self::Email => ValueKind::Email,
            Self::Ip => ValueKind::Ip,
            Self::Instance => ValueKind::InstanceId,
            Self::Order => ValueKind::OrderId,
            Self::Account => ValueKind::AccountId,
            Self::Encoded => ValueKind::Encoded,
            Self::Date => ValueKind::Date,
            Self::Leftover | Self::Promise | Self::Done | Self::Internal => ValueKind::Text,
        }
    }
}

/// A place to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its bytes.
    pub range: Range<usize>,
    /// Why.
    pub kind: FindingKind,
}

patterns! {
    promise = r"(?x)明天|后天|明日|明早|今晚|今天(?:内|下午|晚上|可以|会|能)|今日内|下周[一二三四五六日天]?|周[一二三四五六日](?:前|会|可以)|节后|假期后
      | (?:稍后|晚点|晚些|回头)(?:会|再|给|帮|为|同步|回复|联系|处理) | 最迟 | 第一时间
      | (?:会|将)?尽快(?:为您|给您|帮您)?(?:回复|处理|联系|解决|修复|反馈|审核) | 预计还?(?:需要?|要)?(?:今天|今晚|[0-9~-]+\s*(?:分钟|min|小时)) | 还(?:需要?|要)\s*[0-9~-]+\s*(?:分钟|min|小时)
      | 有(?:进展|结果|消息)(?:后)?(?:会|将|再)?(?:同步|回复|通知|联系|告知) | (?:[0-9]+|半|一|几)个?(?:分钟|小时)(?:内|后)(?:回复|处理|联系|给您)";
    done = r"(?x)(?:已经?|刚刚?|刚才)(?:电话|邮件|短信)?(?:和|与|跟|向|给|为|帮|替)?(?:您|你们|客户|后端|后台|研发|技术|产品|同事|商务|财务)?(?:这边|手动|重新|电话|同步|加急|全部|直接)*
        (?:沟通|联系|处理|操作|配置|下发|修复|恢复|解决|反馈|提交|同步|更新|刷新|开通|关闭|退款|转交|升级|签发|部署|调整|重启|加急|催|核实|确认|添加|删除|过户|找回|降级|在修|修改|发送|回收|通知)
      | (?:正在|这边)(?:为您|帮您|给您)(?:处理|升级|降级|配置|操作|调整|重启|过户|找回|催) | (?:这边|我们)(?:手动介入|重新提)";
    conditional = r"(?:若|如|如果|是否|需要?|请您?|确认|当|待|等|会|您|数据|后|请先)$";
}

/// Finds what must be looked at, in order, none overlapping another.
///
/// `own` says whether a value is of the customer who gets the reply: it may stay.
pub fn findings(text: &str, vendor: &Vendor, own: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    for value in values(text) {
        let said = text.get(value.range.clone()).unwrap_or_default();
        let named = if value.kind == ValueKind::Url {
            host(said)
        } else {
            said
        };
        let broken = value.kind == ValueKind::Url && super::url::marks(said).next().is_some();
        let id_in_path = value.kind == ValueKind::Url && hides_id(said);
        let harmless = vendor.owns(value.kind, said) || own(named) || is_example(said);
        let kind = match FindingKind::of(value.kind) {
            _ if broken => FindingKind::Leftover,
            _ if id_in_path => FindingKind::Account,
            // Redaction marks and decoded ids are never anybody's to keep.
            Some(kind @ (FindingKind::Leftover | FindingKind::Encoded)) => kind,
            Some(kind) if !harmless => kind,
            Some(_) | None => continue,
        };
        out.push(Finding {
            range: value.range,
            kind,
        });
    }
    let values: Vec<Range<usize>> = out.iter().map(|finding| finding.range.clone()).collect();
    let done = done()
        .find_iter(text)
        .filter(|found| !conditional().is_match(last_clause(text, found.start())))
        .map(|found| found.range());
    let done: Vec<Range<usize>> = done.filter(|range| !overlaps(&values, range)).collect();
    let promised = promise().find_iter(text).map(|found| found.range());
    for range in promised.filter(|range| !overlaps(&values, range) && !overlaps(&done, range)) {
        out.push(Finding {
            range,
            kind: FindingKind::Promise,
        });
    }
    out.extend(done.into_iter().map(|range| Finding {
        range,
        kind: FindingKind::Done,
    }));
    out.sort_by_key(|finding| finding.range.start);
    out
}

/// Finds what agents wrote for each other: marked as a note, or the words of a note of the ticket
/// at hand. Such a place takes the place of every other finding within it.
pub fn with_notes(text: &str, notes: &[&str], mut found: Vec<Finding>) -> Vec<Finding> {
    let mut ranges = crate::text::internal::notes(text);
    for note in notes {
        let said = note.lines().map(str::trim);
        for line in said.filter(|line| line.chars().count() >= NOTE_LINE) {
            ranges.extend(text.match_indices(line).map(|(at, _)| at..at + line.len()));
        }
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    found.retain(|finding| !overlaps(&joined, &finding.range));
    found.extend(joined.into_iter().map(|range| Finding {
        range,
        kind: FindingKind::Internal,
    }));
    found.sort_by_key(|finding| finding.range.start);
    found
}

/// Whether a text says that something was done.
pub(super) fn claims(text: &str) -> bool {
    done()
        .find_iter(text)
        .any(|found| !conditional().is_match(last_clause(text, found.start())))
}

/// What is hidden of a text, and what stands there instead: a value gives way to a mark that a
/// customer reads as one, a promise or claim goes with its clause.
pub fn hidden(text: &str, finding: &Finding) -> (Range<usize>, &'static str) {
    if finding.kind == FindingKind::Internal {
        (finding.range.clone(), "")
    } else if finding.kind.is_value() {
        (finding.range.clone(), MASK)
    } else {
        (clause(text, &finding.range), "")
    }
}

/// The few characters before a place, which may make a claim a condition.
fn last_clause(text: &str, at: usize) -> &str {
    let head = before(text, at);
    let from = head.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    after(head, from)
}

/// Whether an address carries an account's or order's number.
fn hides_id(url: &str) -> bool {
    let path = url.split_once("://").map_or("", |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    path.split(['/', '?', '&', '=', '#']).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        (digits == part.len() && digits >= 7) || super::value::decodes_to_id(part)
    })
}

/// Whether a value is an example by its own words.
pub(super) fn is_example(value: &str) -> bool {
    let value = value.to_lowercase();
    let named = ["example.com", "127.0.0.1", "0.0.0.0", "localhost"];
    let marked = ["xxx", "***", "your-", "yourdomain"];
    named.iter().any(|known| names_value(&value, known))
        || marked.iter().any(|mark| value.contains(mark))
}

/// The clause around a range, with the mark that ends it.
fn clause(text: &str, range: &Range<usize>) -> Range<usize> {
    let ends = |c: char| "，,。；;！!？?\n".contains(c);
    let start = before(text, range.start)
        .char_indices()
        .rev()
        .find(|(_, c)| ends(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let rest = after(text, range.end);
    let end = rest
        .char_indices()
        .find(|(_, c)| ends(*c))
        .map_or(text.len(), |(at, c)| {
            // A line's end stays: the next line must not join this one.
            range.end + at + if c == '\n' { 0 } else { c.len_utf8() }
        });
    start..end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(&str, FindingKind)> {
        findings(text, &Vendor::default(), &|_| false)
            .into_iter()
            .map(|finding| (text.get(finding.range).unwrap(), finding.kind))
            .collect()
    }

    #[test]
    fn only_an_example_itself_is_harmless() {
        assert_eq!(found("例如 www.example.com 这样填"), []);
        assert_eq!(
            found("请把my-example.com.evil-shop.cn解析好"),
            [("my-example.com.evil-shop.cn", FindingKind::Domain)]
        );
    }

    #[test]
    fn another_customers_values_are_found() {
        assert_eq!(
            found("请把cdn.shop.test解析好"),
            [("cdn.shop.test", FindingKind::Domain)]
        );
        assert_eq!(
            found("税号[REDACTED_PHONE]12345X"),
            [("[REDACTED_PHONE]12345X", FindingKind::Leftover)]
        );
        assert_eq!(
            found("记录值 YWNtZS0yMDI2MDEzMS05OTg4Nzc2NjU"),
            [("YWNtZS0yMDI2MDEzMS05OTg4Nzc2NjU", FindingKind::Encoded)]
        );
        assert_eq!(
            found("见https://console.cloud.test/user/138134450"),
            [(
                "https://console.cloud.test/user/138134450",
                FindingKind::Account
            )]
        );
    }

    #[test]
    fn promises_and_claims_are_found_and_conditions_are_not() {
        assert_eq!(found("最迟明天回复您")[0].1, FindingKind::Promise);
        assert_eq!(found("您好，已电话沟通，请留意")[0].1, FindingKind::Done);
        assert_eq!(found("已为您处理"), [("已为您处理", FindingKind::Done)]);
        for text in [
            "若已备份，请回复",
            "请确认数据是否已删除",
            "退款需1-3个工作日",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn every_kind_of_anothers_value_is_found() {
        use FindingKind::{
            Account, Date, Domain, Done, Email, Encoded, Instance, Ip, Leftover, Order, Phone,
            Promise,
        };
        for (text, kind) in [
            ("请登录 shop.lemon-store.cn 后台查看", Domain),
            ("有事请打 13912345670", Phone),
            ("座机 0571-88123456 转 2", Phone),
            ("证书发到 wang@lemon-store.cn 了", Email),
            ("源站 118.24.66.91 不通", Ip),
            ("实例 ins-4f8a0c2e 需要重启", Instance),
            ("订单号 20260117093512345678 已关闭", Order),
            ("账号 1380012345 名下没有资源", Account),
            ("UID：138001234 没有权限", Account),
            ("税号[REDACTED_PHONE]436090K", Leftover),
            ("文件 [已脱敏] 找不到", Leftover),
            ("记录值 dWlkLTEzODAwMTIzNDU2Nzg5MA==", Encoded),
            ("校验值 7569643d31333830303132333435", Encoded),
            ("2026年1月17日到期", Date),
            ("1月17号重新签发", Date),
            ("明天上午给您结果", Promise),
            ("下周一前会回复", Promise),
            ("我们会尽快为您处理", Promise),
            ("已电话沟通，后续按此执行", Done),
            ("这边已经帮您重新下发", Done),
            ("已为您退款", Done),
        ] {
            let all = found(text);
            assert!(all.iter().any(|(_, k)| *k == kind), "{text}: {all:?}");
        }
    }

    #[test]
    fn what_any_customer_may_read_is_not_found() {
        let mut vendor = Vendor::default();
        vendor.allow(["cloud.test".to_owned()]);
        for text in [
            "按量价格 0.12 元/GB，包月 200 元",
            "请参考 https://docs.cloud.test/guide/faq#3 的说明",
            "入口 console.cloud.test/cdn/domain",
            "版本需要 1.2.10 以上",
            "把 TTL 设为 600，端口填 8080",
            "证书有效期 90 天，提前 30 天提醒",
            "返回 403 或 502 时检查回源配置",
            "示例：www.example.com 换成您的域名",
            "提交后 3-5 个工作日到账",
            "若已完成实名认证，请直接开通",
            "请确认是否已删除旧记录",
            "每天 10000 次以内免费",
            "回环地址 127.0.0.1 不需要填",
            "Content-Type 填 application/octet-stream",
            "在 nginx.conf 里加一行，再看 access.log",
        ] {
            let all: Vec<_> = findings(text, &vendor, &|_| false)
                .into_iter()
                .map(|finding| text.get(finding.range).unwrap())
                .collect();
            assert!(all.is_empty(), "{text}: {all:?}");
        }
    }

    #[test]
    fn the_vendors_and_the_customers_own_values_may_stay() {
        let mut vendor = Vendor::default();
        vendor.allow(["cloud.test".to_owned()]);
        let text = "请在https://console.cloud.test/x添加a.shop.test";
        assert_eq!(findings(text, &vendor, &|_| false).len(), 1);
        assert!(findings(text, &vendor, &|value| value == "a.shop.test").is_empty());
    }

    fn masked(text: &str, finding: &Finding) -> String {
        let (range, with) = hidden(text, finding);
        let mut text = text.to_owned();
        text.replace_range(range, with);
        text
    }

    #[test]
    fn a_value_is_masked_and_a_claim_goes_with_its_clause() {
        let text = "添加a.shop.test，再访问a.shop.test";
        let finding = &findings(text, &Vendor::default(), &|_| false)[0];
        let once = masked(text, finding);
        assert_eq!(once, "添加***，再访问a.shop.test");
        // What stands there now is nothing to look at again.
        assert_eq!(found(&once), [("a.shop.test", FindingKind::Domain)]);
        let text = "已电话沟通，请重新登录";
        let finding = &findings(text, &Vendor::default(), &|_| false)[0];
        assert_eq!(masked(text, finding), "请重新登录");
    }

    #[test]
    fn a_note_is_found_by_its_mark_and_by_its_words() {
        let notes = ["客户欠费，先别承诺时间"];
        let text = "您好，已收到\n客户欠费，先别承诺时间\n\n【内部备注】明天走审批";
        let found = with_notes(text, &notes, Vec::new());
        let said: Vec<_> = found
            .iter()
            .map(|f| (f.kind, text.get(f.range.clone()).unwrap()))
            .collect();
        assert_eq!(
            said,
            [
                (FindingKind::Internal, "客户欠费，先别承诺时间"),
                (FindingKind::Internal, "【内部备注】明天走审批"),
            ]
        );
        assert_eq!(hidden(text, &found[1]).1, "");
        assert!(with_notes("您好，请在内部网络重试", &[], Vec::new()).is_empty());
    }

    proptest! {
        #[test]
        fn findings_are_whole_characters_in_order(text in "(明天|已处理|[a-z]{1,4}\\.com|[证。，]|13812345678|\\[REDACTED\\]|[0-9 ]|https://){0,30}") {
            let all = findings(&text, &Vendor::default(), &|_| false);
            for finding in &all {
                prop_assert!(text.get(finding.range.clone()).is_some_and(|value| !value.is_empty()));
                masked(&text, finding);
            }
            for pair in all.windows(2) {
                prop_assert!(pair[0].range.end <= pair[1].range.start);
            }
        }
    }
}
