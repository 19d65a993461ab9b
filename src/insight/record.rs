//! Records that stand where a reply should: that nobody answered, what somebody did, a note.

use super::pattern::{patterns, weight};

/// Characters of the longest record that says that nobody answered.
const LONGEST_RECORD: usize = 60;

patterns! {
    /// A record that nobody answered, in the words of whoever kept it.
    unanswered = r"(?xi)(?:无|未|没有?|尚|缺少|缺乏|不包含|not|no|none|without|un)[^，。；]{0,16}(?:解答|答复|回复|回答|应答|答案|解决方案|处理结果|回应|answer|repl(?:y|ies|ied)|respon[sd]|resolution)
      | (?:answer|repl(?:y|ies)|response|resolution)s?[^，。；]{0,16}(?:missing|not|unavailable|none)
      | ^(?:客户|用户)(?:已)?自行(?:关闭|解决|撤销) | ^工单(?:已)?(?:自动|超时)?关闭[，,。]?(?:无|未)?";
    /// What somebody tells about an agent instead of what the agent said.
    told = r"(?x)^[（(\[【]?(?:该|由|经)?(?:客服|技术支持|支持人员|工作人员|工程师)(?:人员|工程师|同事)?(?:已|先|随后|首先|经)?[^，。电热邮微]{0,10}?(?:协助|帮助|引导|告知|指导|建议|要求|确认|核实|排查|处理|表示|回复|解释|提供|解答|询问)[^，。]{0,12}(?:用户|客户|其)";
    /// A note that is not meant for the customer.
    internal = r"(?i)^[\[【（(]?(?:内部|仅内部可见|internal|private)(?:备注|消息|沟通|留言|可见|\s*note|\s*memo)?[\]】）)：:]|^(?:备注|内部)[：:]";
    /// Whom an agent speaks to.
    speaks = r"您|请问|你|抱歉|亲";
}

/// Whether a text is no reply but a record: that nobody answered, what somebody did, a note.
pub(super) fn is_record(text: &str) -> bool {
    let text = text.trim();
    let short = text.chars().nth(LONGEST_RECORD).is_none();
    let bare = text.trim_matches(|c: char| "（）()[]【】\"“”".contains(c) || c.is_whitespace());
    internal().is_match(text)
        || !speaks().is_match(text)
            && (told().is_match(text)
                || short
                    && !text.contains("://")
                    && unanswered().is_match(bare)
                    && says_little(bare))
}

/// Whether nothing but the record is said: 无法回复短信 is about something.
fn says_little(bare: &str) -> bool {
    let rest = unanswered().replace_all(bare, "");
    let known = [
        "客服",
        "处理中",
        "工单",
        "对话",
        "记录",
        "详细",
        "人工",
        "提供",
        "该",
        "此",
        "中",
        "原始",
        "具体",
        "任何",
        "有效",
        "的",
        "已",
        "关闭",
        "客户",
        "用户",
        "暂",
        "agent",
        "support",
        "recorded",
        "record",
        "was",
        "provided",
        "available",
        "given",
        "yet",
        "the",
        "ticket",
        "by",
        "in",
        "from",
        "is",
        "been",
        "has",
        "ed",
        "内容",
        "仅",
        "包含",
        "问题",
        "描述",
        "文档",
        "数据",
        "信息",
    ];
    let mut left = rest.to_lowercase();
    for word in known {
        left = left.replace(word, "");
    }
    weight(&left) <= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_nobody_answered_is_no_reply() {
        for text in [
            "(客服处理中,未提供详细解答)",
            "客服处理中，未提供详细解答",
            "无客服回复",
            "暂无人工回复",
            "工单已关闭，未记录客服解答",
            "no agent answer recorded",
            "No reply from support was provided.",
            "对话中没有客服的答复",
            "客服人员协助用户完成了域名的过户",
            "客服已引导客户在控制台重新提交申请，问题解决",
            "【内部备注】此单转二线",
            "内部：周三前跟研发确认",
        ] {
            assert!(is_record(text), "{text}");
        }
        for text in [
            "您好，我们没有收到您的回复，请补充域名",
            "短信通道不支持回复，需要改用双向通道",
            "客服电话在官网底部，工作日九点到十八点接听",
            "源站没有响应时会返回 504",
            "不是即充即返，七天内到账",
        ] {
            assert!(!is_record(text), "{text}");
        }
    }
}
