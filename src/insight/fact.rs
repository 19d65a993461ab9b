//! Short replies that say how the customer's matter stands: 流量是对的 answers, though it has
//! few words, and 已经处理好了 does not.

use super::pattern::{patterns, weight};
use super::value::values;

patterns! {
    clauses = r"[，,。.！!？?；;~～\s]+";
    /// Somebody is at work, or the customer is to wait or to look again.
    process = r"(?x)稍 | 等 | 正在 | 马上 | 中$ | 试 | [看查核催弄] | 刷新 | 确认 | 处理 | 跟进 | 介入 | 反馈 | 下发 | 提交 | 同步 | 联系 | 回复 | 通知
      | [为帮给]您 | 完成 | 修复 | 恢复 | 解决 | 操作(?:了|完|好|一?下) | [好可]以?了";
    /// What a customer has: a thing that can stand one way or another.
    matter = r"(?x)流量 | 带宽 | 用量 | 订单 | 域名 | 证书 | 账[号户] | 帐[号户] | 账单 | 费用 | 余额 | 价格 | 套餐 | 资源包 | 发票 | 合同 | 实例 | 主机 | 磁盘 | 快照 | 空间
      | 文件 | 图片 | 数据 | 链接 | 地址 | 端口 | 网络 | 缓存 | 密钥 | 权限 | 备案 | 解析 | 日志 | 节点 | 接口 | 参数 | 版本 | 规则 | 流程 | 步骤 | 格式 | 方式 | 时间 | 内容 | 功能 | 签名 | 模板";
    /// A thing is something: what stands before, and what it is said to be.
    equation = r"^(?P<thing>.*?)(?:确实|本来|其实|目前|现在|应该|[都也就不还])*(?:是|属于)(?P<said>.+)$";
    /// A thing got into a state that nobody brings about for a customer, or is not what it
    /// should be.
    state = r"(?x)(?:关闭|[过到]期|失效|欠费|冻结|停用|停机|注销|释放|删除|下架|封禁|作废|用完|超限|超出)(?:的|了|状态)*$ | (?:未|没有?|不|无法?)\p{Han}{2,6}$";
    /// Words that name nothing.
    nothing = r"这个|那个|这里|那里|这边|那边|问题|情况|您|你|我们?|已经?|都|的|了|就|也|嗯|好|对|没";
}

/// Whether a text says how a thing of the customer's stands, and nobody is at work on it.
pub(super) fn is_stated(body: &str) -> bool {
    !process().is_match(body) && clauses().split(body).any(stands)
}

/// Whether a text ends by asking about a thing of the customer's.
pub(super) fn is_asked(body: &str) -> bool {
    let end = body.trim_end_matches(|c: char| c.is_whitespace() || "？?。".contains(c));
    end.ends_with(['吗', '么']) && (matter().is_match(body) || !values(body).is_empty())
}

fn stands(clause: &str) -> bool {
    let named = |text: &str| weight(&nothing().replace_all(text, "")) >= 2;
    let equal = equation().captures(clause).is_some_and(|found| {
        let part = |name| found.name(name).map_or("", |part| part.as_str());
        named(part("thing")) || named(part("said"))
    });
    equal || (matter().is_match(clause) && state().is_match(clause))
}

#[cfg(test)]
mod tests {
    use crate::insight::normal::{Class, class};

    #[test]
    fn what_states_a_fact_is_not_holding() {
        for text in [
            "带宽是对的",
            "您好，这笔账单已经作废",
            "域名未备案",
            "嗯嗯是的，两种方式都是一样的",
            "这个就是回源带宽",
            "实例已到期",
            "您好，证书没有绑定",
            "这条解析是正确的哦",
        ] {
            assert!(class(text) > Class::Holding, "{text}");
        }
    }

    #[test]
    fn a_question_about_the_customers_matter_asks() {
        assert_eq!(class("shop.example.net是这个账号对吗"), Class::Asking);
        assert_eq!(class("您好，域名可以用了吗？"), Class::Asking);
        assert_eq!(class("您看可以了吗"), Class::Holding);
    }

    #[test]
    fn what_is_done_for_a_customer_stays_holding() {
        for text in [
            "订单已为您关闭",
            "证书正在部署中",
            "域名已经帮您处理，您再看下",
            "嗯嗯，是的",
            "您好，现在可以了，是好的",
            "配置是下发中",
        ] {
            assert_eq!(class(text), Class::Holding, "{text}");
        }
    }
}
