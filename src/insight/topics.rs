//! What a text is about, told by the words of the trade.
//!
//! A coarse map: a dozen and a half subjects of cloud support. It decides whether a cause and a
//! ticket speak of the same thing at all, where no two words are equal: 欠费 and 账单.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use serde::{Deserialize, Serialize};

use super::pattern::{after, patterns};

/// A set of subjects, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(super) struct Topics(u32);

/// Subjects: the word that names one first, then the words that betray it.
const SUBJECTS: [&[&str]; 19] = [
    &[
        "证书",
        "ssl",
        "sll",
        "https",
        "tls",
        "trustasia",
        "所有权验证",
        "加密套件",
    ],
    &[
        "计费",
        "扣费",
        "收费",
        "账单",
        "费用",
        "欠费",
        "资源包",
        "流量包",
        "免费额度",
        "额度",
        "消费",
        "余额",
        "充值",
        "价格",
        "单价",
        "扣款",
        "出账",
        "代金券",
        "套餐",
    ],
    &["发票", "开票", "抬头", "税号", "纳税"],
    &[
        "账号",
        "帐号",
        "账户",
        "登录",
        "密码",
        "口令",
        "注销",
        "实名",
        "子账户",
        "手机号",
        "绑定邮箱",
        "验证码",
        "iam",
        "权限",
    ],
    &["退款", "退费", "退订", "提现", "退货"],
    &["域名", "解析", "cname", "dns", "备案", "txt记录", "泛域名"],
    &["缓存", "刷新", "预取", "预热", "max-age", "cache"],
    &[
        "上传",
        "token",
        "accesskey",
        "secretkey",
        "凭证",
        "分片",
        "表单",
        "putpolicy",
        "qshell",
        "ak",
        "sk",
        "密钥",
        "签名错误",
        "401",
    ],
    &[
        "访问",
        "打不开",
        "下载",
        "404",
        "403",
        "502",
        "504",
        "超时",
        "回源",
        "源站",
        "无法打开",
        "加载",
    ],
    &[
        "主机",
        "实例",
        "服务器",
        "关机",
        "重启",
        "开机",
        "磁盘",
        "镜像",
        "公网ip",
        "安全组",
        "远程",
        "ssh",
    ],
    &["短信", "签名审核", "模板审核", "验证短信"],
    &["直播", "推流", "拉流", "播流", "连麦"],
    &[
        "转码",
        "截图",
        "水印",
        "m3u8",
        "数据处理",
        "持久化",
        "图片处理",
        "瘦身",
        "pfop",
    ],
    &[
        "防盗链",
        "referer",
        "黑白名单",
        "黑名单",
        "白名单",
        "盗刷",
        "恶意",
        "时间戳防盗链",
        "访问控制",
        "刷流量",
    ],
    &["跨域", "cors"],
    &["迁移", "镜像回源", "同步数据", "跨区域"],
    &["删除", "恢复数据", "误删", "生命周期", "归档", "低频"],
    &[
        "网络", "带宽", "限速", "延迟", "丢包", "卡顿", "速度", "链路", "慢", "节点",
    ],
    &["日志", "统计", "监控", "报表", "流量分析", "用量"],
];

patterns! {
    noise = r"(?i)https?://[\x21-\x7e]+|域名管理|证书管理|账号管理|财务中心|费用中心|存储空间|空间管理|个人中心|登录\p{Han}{0,6}控制台|重新登录|登录一?下|退出登录后";
}

/// The searcher, and of each word the bit of its subject and whether it is Latin.
type Finder = (AhoCorasick, Vec<(u32, bool)>);

static WORDS: LazyLock<Option<Finder>> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut of = Vec::new();
    for (at, subject) in SUBJECTS.iter().enumerate() {
        for word in *subject {
            words.push(*word);
            of.push((1 << at, word.is_ascii()));
        }
    }
    let searcher = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .ok()?;
    Some((searcher, of))
});

/// A text without addresses and names of menus, which stand in any answer.
pub(super) fn telling(text: &str) -> Cow<'_, str> {
    noise().replace_all(text, " ")
}

impl Topics {
    /// The subjects of a text.
    pub(super) fn of(text: &str) -> Self {
        let Some((searcher, of)) = WORDS.as_ref() else {
            return Self::default();
        };
        let text = telling(text);
        let mut bits = 0;
        for found in searcher.find_iter(text.as_ref()) {
            let Some((bit, ascii)) = of.get(found.pattern().as_usize()) else {
                continue;
            };
            if !*ascii || stands_alone(&text, found.start(), found.end()) {
                bits |= bit;
            }
        }
        Self(bits)
    }

    /// Whether there are none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether two texts have a subject in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The subjects of both.
    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The subjects both have.
    pub(super) fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// How many there are.
    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The words that name them.
    pub(super) fn names(self) -> Vec<&'static str> {
        SUBJECTS
            .iter()
            .enumerate()
            .filter(|(at, _)| self.0 & (1 << at) != 0)
            .filter_map(|(_, subject)| subject.first().copied())
            .collect()
    }
}

/// Whether a Latin word is not a part of a longer one.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric();
    !super::pattern::before(text, start).ends_with(inner) && !after(text, end).starts_with(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_subject_meet_and_addresses_do_not_count() {
        assert!(Topics::of("资源包用完后欠费").meets(Topics::of("查看账单明细")));
        assert!(!Topics::of("证书部署有误").meets(Topics::of("注销见https://a.example.com/ssl")));
        assert!(Topics::of("如题").is_empty());
        assert_eq!(Topics::of("TASK and ask").names(), Vec::<&str>::new());
    }
}
