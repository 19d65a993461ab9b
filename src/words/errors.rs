//! What the desk's refusals and failures mean, and what to do about them.

use super::{Lang, Values, refusals, unreached};

/// A sentence for an error of the desk, and a hint what to do next; the hint may be empty.
///
/// `code` is the error's name on the wire. A code that is not known here, of a newer desk, is
/// shown as it is.
pub fn error(lang: Lang, code: &str, values: Values<'_>) -> (String, String) {
    match lang {
        Lang::Zh => (message_zh(code, values), hint_zh(code, values)),
        Lang::En => (message_en(code, values), hint_en(code, values)),
    }
}

fn message_zh(code: &str, v: Values<'_>) -> String {
    match code {
        "unknown_id" => format!("没有编号为 {} 的工单或文章", v("id")),
        "ambiguous_id" => format!("有多个编号以 {} 开头", v("id")),
        "no_reply" => match (v("detail").as_str(), v("turns").as_str()) {
            ("holding", "0") => format!("工单 {} 没有客服回复，也没有合适的标准回复", v("id")),
            ("holding", _) => format!("工单 {} 只有过渡语，也没有合适的标准回复", v("id")),
            (_, turns) => format!("工单 {} 没有这条回复（共 {turns} 条）", v("id")),
        },
        "unknown_reply" => format!("没有标准回复 {}", v("id")),
        "bad_reply" => refusals::reply_zh(v),
        "bad_outdated" => refusals::outdated_zh(v),
        "unknown_cause" => format!("词表中没有根因「{}」", v("name")),
        "bad_cause" => refusals::cause_zh(v),
        "bad_vote" => match v("detail").as_str() {
            "own_decision" => format!("工单 {} 的根因是您自己确认的", v("id")),
            _ => format!("工单 {} 还没有人确认根因", v("id")),
        },
        "bad_category" => format!("分类「{}」缺少产品", v("text")),
        "unknown_dataset" => format!("没有数据集 {}", v("name")),
        "unknown_conflict" => format!("没有记录 {} 的冲突", v("record")),
        "no_merge" => format!("{} 的两种改法无法合并，只能选其一", v("key")),
        "unknown_job" => format!("任务 {} 不存在或已结束", v("job")),
        "unknown_view" => format!("没有视图「{}」", v("name")),
        "bad_view" => match v("detail").as_str() {
            "empty" => "视图要有名称".to_owned(),
            "too_long" => "视图名称太长".to_owned(),
            "taken" => format!("已有视图「{}」", v("name")),
            _ => "视图名称不能以 ~ 开头".to_owned(),
        },
        "bad_setting" => with_detail(format!("设置 {} 不能取此值", v("name")), "：", v),
        "nothing_to_undo" if !v("moved_on").is_empty() => {
            format!("无法撤销：{} 之后又有改动", v("moved_on"))
        }
        "nothing_to_undo" => "没有可撤销或重做的操作".to_owned(),
        "cancelled" => "已取消".to_owned(),
        "refused" => format!("没有权限：需要角色 {}", v("role")),
        "index_not_ready" => format!("索引尚未就绪（{} %）", v("percent")),
        "insight_not_ready" => format!("分析中 {} %", v("percent")),
        "busy" => format!("数据目录 {} 正被另一个进程使用", v("path")),
        "importing" => "另一次导入正在进行".to_owned(),
        "newer_format" => format!(
            "数据由更新的版本写入（格式 {}，本程序支持到 {}）",
            v("found"),
            v("known")
        ),
        "unreachable" => unreached::zh(v),
        "too_long" => format!("内容太长：一次最多 {} MiB", v("limit")),
        "storage" if v("path").is_empty() => with_cause_zh("磁盘故障或数据损坏".to_owned(), v),
        "storage" => with_cause_zh(format!("磁盘故障或数据损坏：{}", v("path")), v),
        "bug" => with_detail("程序内部错误".to_owned(), "：", v),
        other => with_detail(format!("出错了：{other}"), "：", v),
    }
}

fn message_en(code: &str, v: Values<'_>) -> String {
    match code {
        "unknown_id" => format!("there is no ticket or article {}", v("id")),
        "ambiguous_id" => format!("several ids begin with {}", v("id")),
        "no_reply" => match (v("detail").as_str(), v("turns").as_str()) {
            ("holding", "0") => format!(
                "ticket {} has no replies, and no standard reply fits",
                v("id")
            ),
            ("holding", _) => format!(
                "ticket {} has holding replies only, and no standard reply fits",
                v("id")
            ),
            (_, turns) => format!("ticket {} has no such reply (it has {turns})", v("id")),
        },
        "unknown_reply" => format!("there is no standard reply {}", v("id")),
        "bad_reply" => refusals::reply_en(v),
        "bad_outdated" => refusals::outdated_en(v),
        "unknown_cause" => format!("the vocabulary has no cause “{}”", v("name")),
        "bad_cause" => refusals::cause_en(v),
        "bad_vote" => match v("detail").as_str() {
            "own_decision" => format!("you confirmed the causes of {} yourself", v("id")),
            _ => format!("nobody has confirmed causes of {} yet", v("id")),
        },
        "bad_category" => format!("the category “{}” has no product", v("text")),
        "unknown_dataset" => format!("there is no dataset {}", v("name")),
        "unknown_conflict" => format!("there is no conflict of record {}", v("record")),
        "no_merge" => format!("both changes of {} cannot hold: choose one", v("key")),
        "unknown_job" => format!("there is no job {}, or it is over", v("job")),
        "unknown_view" => format!("there is no view “{}”", v("name")),
        "bad_view" => match v("detail").as_str() {
            "empty" => "a view needs a name".to_owned(),
            "too_long" => "the name of the view is too long".to_owned(),
            "taken" => format!("there is a view “{}” already", v("name")),
            _ => "the name of a view cannot begin with ~".to_owned(),
        },
        "bad_setting" => with_detail(
            format!("setting {} cannot take this value", v("name")),
            ": ",
            v,
        ),
        "nothing_to_undo" if !v("moved_on").is_empty() => {
            format!("not undone: {} was changed since", v("moved_on"))
        }
        "nothing_to_undo" => "there is nothing to undo or redo".to_owned(),
        "cancelled" => "cancelled".to_owned(),
        "refused" => format!("not permitted: this needs the role {}", v("role")),
        "index_not_ready" => format!("the index is not ready ({} %)", v("percent")),
        "insight_not_ready" => format!("analysing the tickets ({} %)", v("percent")),
        "busy" => format!("another process uses the data directory {}", v("path")),
        "importing" => "another import is under way".to_owned(),
        "newer_format" => format!(
            "the store was written by a newer version (format {}, known up to {})",
            v("found"),
            v("known")
        ),
        "unreachable" => with_detail("the desk cannot be reached".to_owned(), ": ", v),
        "too_long" => format!("too long: at most {} MiB at once", v("limit")),
        "storage" => {
            let path = v("path");
            let colon = if path.is_empty() { "" } else { ": " };
            let message = format!("the disk failed or data is damaged{colon}{path}");
            with_detail(message, ": ", v)
        }
        "bug" => with_detail("a fault of the program".to_owned(), ": ", v),
        other => with_detail(format!("error {other}"), ": ", v),
    }
}

fn hint_zh(code: &str, v: Values<'_>) -> String {
    match code {
        "unknown_id" => "用 gongdan search 或 gongdan list 查编号".to_owned(),
        "ambiguous_id" => listed("请多写几位：", &v("candidates").replace(' ', "、")),
        "unknown_cause" => {
            let like = v("candidates");
            if like.is_empty() {
                "加 --new 可新建".to_owned()
            } else {
                format!("相近的有：{}；加 --new 可新建", like.replace('\n', "、"))
            }
        }
        "bad_vote" => "用 gongdan cause set 确认或改掉".to_owned(),
        "bad_category" => "写成 产品｜类型".to_owned(),
        "unknown_dataset" => "用 gongdan dataset list 查看".to_owned(),
        "unknown_conflict" => "可能已被处理".to_owned(),
        "unknown_view" => "用 gongdan views 查看".to_owned(),
        "bad_setting" => "用 gongdan settings get 查看现值".to_owned(),
        "refused" => "请管理员在设置 roles 中授予".to_owned(),
        "index_not_ready" => "可先按产品浏览，稍后再搜".to_owned(),
        "busy" => "关闭另一个 gongdan，或用 --data-dir 指定其他目录".to_owned(),
        "importing" => "等它结束后再试".to_owned(),
        "newer_format" => "请升级 gongdan".to_owned(),
        "unreachable" => unreached::hint_zh(v),
        "storage" => "检查磁盘空间与权限，再运行 gongdan doctor".to_owned(),
        "bug" => "请连同此信息报告".to_owned(),
        _ => String::new(),
    }
}

fn hint_en(code: &str, v: Values<'_>) -> String {
    match code {
        "unknown_id" => "find ids with gongdan search or gongdan list".to_owned(),
        "ambiguous_id" => listed("write more of it: ", &v("candidates").replace(' ', ", ")),
        "unknown_cause" => {
            let like = v("candidates");
            if like.is_empty() {
                "--new creates it".to_owned()
            } else {
                format!(
                    "the nearest are {}; --new creates it",
                    like.replace('\n', ", ")
                )
            }
        }
        "bad_vote" => "confirm or change them with gongdan cause set".to_owned(),
        "bad_category" => "write PRODUCT｜TYPE".to_owned(),
        "unknown_dataset" => "gongdan dataset list shows them".to_owned(),
        "unknown_conflict" => "it may have been settled".to_owned(),
        "unknown_view" => "gongdan views lists them".to_owned(),
        "bad_setting" => "gongdan settings get shows the value there is".to_owned(),
        "refused" => "an admin grants it in the setting roles".to_owned(),
        "index_not_ready" => "browse by product meanwhile".to_owned(),
        "busy" => "close the other gongdan, or name another directory with --data-dir".to_owned(),
        "importing" => "try again when it is over".to_owned(),
        "newer_format" => "upgrade gongdan".to_owned(),
        "unreachable" => unreached::hint_en(v),
        "storage" => "check space and permissions, then run gongdan doctor".to_owned(),
        "bug" => "please report it with this text".to_owned(),
        _ => String::new(),
    }
}

/// A message with the desk's own words on the cause, where it has any.
pub(super) fn with_detail(message: String, colon: &str, values: Values<'_>) -> String {
    let detail = values("detail");
    if detail.is_empty() {
        message
    } else {
        format!("{message}{colon}{detail}")
    }
}

/// A Chinese message with what the system or a library said: what is known in Chinese, the rest
/// in brackets as it came, for whoever looks into it.
pub(super) fn with_cause_zh(message: String, values: Values<'_>) -> String {
    let detail = values("detail");
    match system_zh(&detail) {
        Some(cause) => format!("{message}：{cause}"),
        None if detail.is_empty() => message,
        None => format!("{message}（{detail}）"),
    }
}

/// What the system said of a failure, in the reader's language where it is known in that.
pub fn system(lang: Lang, said: &str) -> &str {
    match lang {
        Lang::Zh => system_zh(said).unwrap_or(said),
        Lang::En => said,
    }
}

/// What the system's own error means, of a text that ends with its number.
pub(super) fn system_zh(detail: &str) -> Option<&'static str> {
    let (_, number) = detail.rsplit_once("(os error ")?;
    let number = number.split(')').next()?;
    Some(match number {
        "1" | "13" => "没有权限",
        "2" => "没有这个文件或目录",
        "5" => "读写出错",
        "11" => "暂时没有回应",
        "20" => "路径中有一段不是目录",
        "21" => "这是目录，不是文件",
        "24" => "打开的文件太多",
        "28" => "磁盘已满",
        "30" => "文件系统只读",
        "32" | "104" => "对方断开了连接",
        "111" => "没有服务在监听",
        "122" => "磁盘配额已用完",
        _ => return None,
    })
}

fn listed(before: &str, candidates: &str) -> String {
    if candidates.is_empty() {
        String::new()
    } else {
        format!("{before}{candidates}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lang: Lang, code: &str, values: &[(&str, &str)]) -> (String, String) {
        error(lang, code, &|name| {
            let found = values.iter().find(|(known, _)| *known == name);
            found.map_or_else(String::new, |(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_unknown_cause_names_the_nearest_ones() {
        let values = [
            ("name", "证书异常"),
            ("candidates", "证书过期\n证书部署异常"),
        ];
        let (message, hint) = said(Lang::Zh, "unknown_cause", &values);
        assert_eq!(message, "词表中没有根因「证书异常」");
        assert_eq!(hint, "相近的有：证书过期、证书部署异常；加 --new 可新建");
        let (_, hint) = said(Lang::En, "unknown_cause", &values[..1]);
        assert_eq!(hint, "--new creates it");
    }

    #[test]
    fn a_failure_names_its_path_once_and_its_cause_in_the_readers_language() {
        let full = ("detail", "No space left on device (os error 28)");
        let (message, _) = said(Lang::Zh, "storage", &[("path", "/d/lock"), full]);
        assert_eq!(message, "磁盘故障或数据损坏：/d/lock：磁盘已满");
        let other = ("detail", "the database of the store failed");
        let (message, _) = said(Lang::Zh, "storage", &[other]);
        assert_eq!(
            message,
            "磁盘故障或数据损坏（the database of the store failed）"
        );
        let (message, _) = said(Lang::En, "storage", &[other]);
        assert_eq!(
            message,
            "the disk failed or data is damaged: the database of the store failed"
        );
        let busy = ("detail", "Resource temporarily unavailable (os error 11)");
        let (message, _) = said(Lang::Zh, "unreachable", &[busy]);
        assert_eq!(message, "无法连接到服务：暂时没有回应");
    }

    #[test]
    fn an_ambiguous_id_lists_what_it_may_be() {
        let values = [("id", "k7"), ("candidates", "k7q2md k7zzzz")];
        let (_, hint) = said(Lang::Zh, "ambiguous_id", &values);
        assert_eq!(hint, "请多写几位：k7q2md、k7zzzz");
    }

    #[test]
    fn a_code_of_a_newer_desk_is_shown_as_it_is() {
        let (message, hint) = said(Lang::En, "on_fire", &[("detail", "very")]);
        assert_eq!(
            (message.as_str(), hint.as_str()),
            ("error on_fire: very", "")
        );
    }
}
