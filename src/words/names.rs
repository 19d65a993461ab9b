//! Words for what JSON and the command line call by short English names.
//!
//! A name that is not known here, of a newer desk, is shown as it is.

use super::Lang;

/// A name with its Chinese and its English words.
type Row = (&'static str, &'static str, &'static str);

macro_rules! names {
    ($( $(#[$doc:meta])* $function:ident { $( $name:literal => $zh:literal, $en:literal; )+ } )+) => {
        $(
            $(#[$doc])*
            pub fn $function(lang: Lang, name: &str) -> &str {
                const ROWS: &[Row] = &[$( ($name, $zh, $en), )+];
                find(ROWS, lang, name)
            }
        )+
    };
}

fn find<'a>(rows: &[Row], lang: Lang, name: &'a str) -> &'a str {
    let row = rows.iter().find(|(known, ..)| *known == name);
    row.map_or(name, |(_, zh, en)| lang.pick(zh, en))
}

names! {
    /// Why a ticket waits for an agent.
    queue {
        "placeholder" => "待标注", "placeholder";
        "suspect" => "存疑", "suspect";
        "misfiled" => "误分类", "misfiled";
        "disputed" => "有分歧", "disputed";
        "mine" => "我的", "mine";
    }
    /// An opinion on causes that names none.
    stance {
        "agree" => "同意", "agrees";
        "differ" => "不同意", "disagrees";
    }
    /// How it stands with a conflict.
    settlement {
        "open" => "待处理", "open";
        "settled" => "已裁定", "settled";
        "applied" => "已应用", "applied";
    }
    /// What the guard found in a reply.
    finding {
        "domain" => "域名", "domain";
        "phone" => "电话", "phone number";
        "email" => "邮箱", "e-mail address";
        "ip" => "IP 地址", "IP address";
        "instance" => "实例编号", "instance id";
        "order" => "订单号", "order number";
        "account" => "账号", "account";
        "encoded" => "编码的编号", "encoded id";
        "leftover" => "脱敏残留", "redaction leftover";
        "broken_link" => "链接不完整", "broken link";
        "date" => "日期", "date";
        "promise" => "承诺", "promise";
        "done" => "已办事项", "claim of something done";
        "internal" => "内部备注", "internal note";
    }
    /// State of root causes.
    cause_state {
        "none" => "无根因", "none";
        "placeholder" => "待标注", "placeholder";
        "given" => "原文给出", "given";
        "confirmed" => "已确认", "confirmed";
    }
    /// What a change is about.
    log_kind {
        "causes" => "根因", "causes";
        "category" => "分类", "category";
        "vote" => "意见", "vote";
        "vocabulary" => "词表", "vocabulary";
        "reply" => "标准回复", "reply";
        "use" => "复制", "copy";
        "star" => "收藏", "favourite";
        "outdated" => "过时标记", "outdated";
        "view" => "视图", "view";
        "setting" => "设置", "setting";
        "import" => "导入", "import";
        "remove_dataset" => "移除数据集", "dataset removed";
        "resolve" => "处理冲突", "conflict settled";
    }
    /// Background work.
    job {
        "import" => "导入", "import";
        "index" => "更新索引", "updating the index";
        "reindex" => "重建索引", "rebuilding the index";
        "insight" => "分析", "analysis";
        "embed" => "语义索引", "the index of meaning";
        "export" => "导出", "export";
        "backup" => "备份", "backup";
    }
    /// How a query was relaxed.
    relaxed {
        "dropped" => "少词", "fewer words";
        "pinyin" => "拼音", "pinyin";
        "fuzzy" => "近似", "likeness";
    }
    /// What of a query was not understood.
    query_note {
        "unknown_field" => "没有这个字段，按普通词搜索", "no such field, taken as words";
        "unknown_value" => "没有这个值，按普通词搜索", "no such value, taken as words";
        "unbalanced" => "括号或引号不成对", "brackets or quotes are not in pairs";
        "empty_term" => "冒号后没有内容", "nothing after the colon";
        "empty_phrase" => "引号里没有内容", "nothing between the quotes";
        "empty_not" => "减号后没有要排除的词", "no word to leave out after the minus";
        "only_negative" => "只有排除词", "only words to leave out";
    }
    /// Class of a masked value.
    mask_class {
        "phone" => "电话", "phone numbers";
        "email" => "邮箱", "e-mail addresses";
        "id_card" => "证件号", "identity numbers";
        "bank_card" => "银行账号", "cards and accounts";
        "key" => "密钥与密码", "keys and passwords";
        "chat" => "微信与 QQ", "chat accounts";
        "public_ip" => "公网 IP", "public IP addresses";
        "mac" => "MAC 地址", "hardware addresses";
        "plate" => "车牌", "number plates";
        "address" => "住址", "street addresses";
        "company" => "公司名", "company names";
        "order" => "单号", "order numbers";
    }
    /// What a file reads like that holds no tickets.
    document {
        "source code" => "源代码", "source code";
        "listing" => "文件列表", "a listing";
        "log" => "日志", "a log";
        "configuration" => "配置文件", "configuration";
        "data" => "数据", "data";
        "program documentation" => "程序文档", "program documentation";
    }
    /// Part of a ticket.
    field {
        "title" => "标题", "title";
        "category" => "分类", "category";
        "scenarios" => "适用场景", "scenarios";
        "question" => "问题", "question";
        "replies" => "回复", "replies";
        "dialogue" => "对话", "dialogue";
        "causes" => "根因", "causes";
        "date" => "日期", "date";
        "section" => "其他段落", "section";
    }
    /// Side of a masked value or a turn.
    side {
        "customer" => "客户", "customer";
        "agent" => "客服", "agent";
        "other" => "其他", "other";
    }
    /// A team setting.
    setting {
        "labels" => "标签同义词", "label synonyms";
        "words" => "产品词", "product words";
        "synonyms" => "搜索同义词", "search synonyms";
        "mask_classes" => "另外脱敏的种类", "further classes masked";
        "allow_contacts" => "不脱敏的联系方式", "contacts left unmasked";
        "roles" => "角色", "roles";
    }
    /// A theme.
    theme {
        "dark" => "深色", "dark";
        "light" => "浅色", "light";
        "plain" => "无颜色", "plain";
        "ascii" => "ASCII 边框", "ASCII borders";
    }
    /// Whose a view is.
    view_kind {
        "all" => "全部", "all";
        "queue" => "队列", "queue";
        "team" => "团队", "team";
        "own" => "个人", "own";
    }
    /// A way to the clipboard.
    via {
        "tmux" => "tmux", "tmux";
        "osc52" => "OSC 52", "OSC 52";
        "screen" => "screen", "screen";
        "local" => "系统剪贴板", "the system's clipboard";
        "page" => "全屏文本", "full-screen text";
        "file" => "文件", "a file";
        "print" => "标准输出", "standard output";
    }
    /// A role.
    role {
        "reader" => "只读", "reader";
        "agent" => "客服", "agent";
        "curator" => "审校", "curator";
        "admin" => "管理员", "admin";
    }
    /// State of a cause in the vocabulary, or of a standard reply.
    cause_status {
        "active" => "在用", "in use";
        "retired" => "已停用", "retired";
        "merged" => "已合并", "merged";
    }
}

/// A value before or after a change of this kind: a state has a word, anything else stands for
/// itself.
pub fn changed<'a>(lang: Lang, what: &str, value: &'a str) -> &'a str {
    match what {
        "vote" => stance(lang, value),
        "resolve" => settlement(lang, value),
        "vocabulary" | "reply" => cause_status(lang, value),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_name_has_words_and_an_unknown_one_stays() {
        assert_eq!(cause_state(Lang::Zh, "placeholder"), "待标注");
        assert_eq!(changed(Lang::Zh, "vocabulary", "retired"), "已停用");
        assert_eq!(changed(Lang::Zh, "causes", "retired"), "retired");
        assert_eq!(job(Lang::En, "index"), "updating the index");
        assert_eq!(job(Lang::Zh, "brewing"), "brewing");
    }
}
