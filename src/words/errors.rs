//! What the desk's refusals and failures mean, and what to do about them.
//!
//! Every kind of error, and every reason of one, has its sentence in both languages: a match
//! without a fallback, so that a new one does not compile before it has words.

use crate::api::{BadView, BadVote, DeskError, RepliesThere};

use super::system::with_cause_zh;
use super::{Lang, refusals, unreached};

/// A sentence for an error of the desk, and a hint what to do next; the hint may be empty.
pub fn error(lang: Lang, error: &DeskError) -> (String, String) {
    match lang {
        Lang::Zh => (message_zh(error), hint_zh(error)),
        Lang::En => (message_en(error), hint_en(error)),
    }
}

fn message_zh(error: &DeskError) -> String {
    match error {
        DeskError::UnknownId { id } => format!("没有编号为 {id} 的工单或文章"),
        DeskError::AmbiguousId { id, .. } => format!("有多个编号以 {id} 开头"),
        DeskError::NoReply { id, has } => match has {
            RepliesThere::Holding(0) => format!("工单 {id} 没有客服回复，也没有合适的标准回复"),
            RepliesThere::Holding(_) => format!("工单 {id} 只有过渡语，也没有合适的标准回复"),
            RepliesThere::Turns(turns) => format!("工单 {id} 没有这条回复（共 {turns} 条）"),
        },
        DeskError::UnknownReply { id } => format!("没有标准回复 {id}"),
        DeskError::BadReply { name, why } => refusals::reply_zh(name, why),
        DeskError::BadOutdated { id, why } => refusals::outdated_zh(id, why),
        DeskError::UnknownCause { name, .. } => format!("词表中没有根因「{name}」"),
        DeskError::BadCause { name, why } => refusals::cause_zh(name, *why),
        DeskError::BadVote { id, why } => match why {
            BadVote::OwnDecision => format!("工单 {id} 的根因是您自己确认的"),
            BadVote::Undecided => format!("工单 {id} 还没有人确认根因"),
        },
        DeskError::BadCategory { text } => format!("分类「{text}」缺少产品"),
        DeskError::UnknownDataset { name } => format!("没有数据集 {name}"),
        DeskError::UnknownConflict { record } => format!("没有记录 {record} 的冲突"),
        DeskError::NoMerge { key } => format!("{key} 的两种改法无法合并，只能选其一"),
        DeskError::UnknownJob { job } => format!("任务 {job} 不存在或已结束"),
        DeskError::UnknownView { name } => format!("没有视图「{name}」"),
        DeskError::BadView { name, why } => match why {
            BadView::Empty => "视图要有名称".to_owned(),
            BadView::TooLong => "视图名称太长".to_owned(),
            BadView::Taken => format!("已有视图「{name}」"),
            BadView::BeginsWithTilde => "视图名称不能以 ~ 开头".to_owned(),
        },
        DeskError::BadSetting { name, detail } => {
            with_detail(format!("设置 {name} 不能取此值"), "：", detail)
        }
        DeskError::BadModel { path, why, detail } => {
            with_detail(refusals::model_zh(path, *why), "：", detail)
        }
        DeskError::NothingToUndo { moved_on } if moved_on.is_empty() => {
            "没有可撤销或重做的操作".to_owned()
        }
        DeskError::NothingToUndo { moved_on } => {
            format!("无法撤销：{} 之后又有改动", moved_on.join(" "))
        }
        DeskError::Cancelled => "已取消".to_owned(),
        DeskError::Refused { role } => format!("没有权限：需要角色 {role}"),
        DeskError::InsightNotReady { percent } => format!("分析中 {percent} %"),
        DeskError::Busy { path } => format!("数据目录 {path} 正被另一个进程使用"),
        DeskError::Importing => "另一次导入正在进行".to_owned(),
        DeskError::NewerFormat { found, known } => {
            format!("数据由更新的版本写入（格式 {found}，本程序支持到 {known}）")
        }
        DeskError::Unreachable(why) => unreached::zh(why),
        DeskError::TooLong { limit } => format!("内容太长：一次最多 {limit} MiB"),
        DeskError::Storage { path, detail } => {
            let path = path.as_ref().map(|path| format!("：{path}"));
            let message = format!("磁盘故障或数据损坏{}", path.unwrap_or_default());
            with_cause_zh(message, detail)
        }
        DeskError::Bug { detail } => with_detail("程序内部错误".to_owned(), "：", detail),
    }
}

fn message_en(error: &DeskError) -> String {
    match error {
        DeskError::UnknownId { id } => format!("there is no ticket or article {id}"),
        DeskError::AmbiguousId { id, .. } => format!("several ids begin with {id}"),
        DeskError::NoReply { id, has } => match has {
            RepliesThere::Holding(0) => {
                format!("ticket {id} has no replies, and no standard reply fits")
            }
            RepliesThere::Holding(_) => {
                format!("ticket {id} has holding replies only, and no standard reply fits")
            }
            RepliesThere::Turns(turns) => {
                format!("ticket {id} has no such reply (it has {turns})")
            }
        },
        DeskError::UnknownReply { id } => format!("there is no standard reply {id}"),
        DeskError::BadReply { name, why } => refusals::reply_en(name, why),
        DeskError::BadOutdated { id, why } => refusals::outdated_en(id, why),
        DeskError::UnknownCause { name, .. } => format!("the vocabulary has no cause “{name}”"),
        DeskError::BadCause { name, why } => refusals::cause_en(name, *why),
        DeskError::BadVote { id, why } => match why {
            BadVote::OwnDecision => format!("you confirmed the causes of {id} yourself"),
            BadVote::Undecided => format!("nobody has confirmed causes of {id} yet"),
        },
        DeskError::BadCategory { text } => format!("the category “{text}” has no product"),
        DeskError::UnknownDataset { name } => format!("there is no dataset {name}"),
        DeskError::UnknownConflict { record } => format!("there is no conflict of record {record}"),
        DeskError::NoMerge { key } => format!("both changes of {key} cannot hold: choose one"),
        DeskError::UnknownJob { job } => format!("there is no job {job}, or it is over"),
        DeskError::UnknownView { name } => format!("there is no view “{name}”"),
        DeskError::BadView { name, why } => match why {
            BadView::Empty => "a view needs a name".to_owned(),
            BadView::TooLong => "the name of the view is too long".to_owned(),
            BadView::Taken => format!("there is a view “{name}” already"),
            BadView::BeginsWithTilde => "the name of a view cannot begin with ~".to_owned(),
        },
        DeskError::BadSetting { name, detail } => with_detail(
            format!("setting {name} cannot take this value"),
            ": ",
            detail,
        ),
        DeskError::BadModel { path, why, detail } => {
            with_detail(refusals::model_en(path, *why), ": ", detail)
        }
        DeskError::NothingToUndo { moved_on } if moved_on.is_empty() => {
            "there is nothing to undo or redo".to_owned()
        }
        DeskError::NothingToUndo { moved_on } => {
            format!("not undone: {} was changed since", moved_on.join(" "))
        }
        DeskError::Cancelled => "cancelled".to_owned(),
        DeskError::Refused { role } => format!("not permitted: this needs the role {role}"),
        DeskError::InsightNotReady { percent } => format!("analysing the tickets ({percent} %)"),
        DeskError::Busy { path } => format!("another process uses the data directory {path}"),
        DeskError::Importing => "another import is under way".to_owned(),
        DeskError::NewerFormat { found, known } => format!(
            "the store was written by a newer version (format {found}, known up to {known})"
        ),
        DeskError::Unreachable(why) => with_detail(
            "the desk cannot be reached".to_owned(),
            ": ",
            &unreached::en(why),
        ),
        DeskError::TooLong { limit } => format!("too long: at most {limit} MiB at once"),
        DeskError::Storage { path, detail } => {
            let path = path.as_ref().map(|path| format!(": {path}"));
            let message = format!(
                "the disk failed or data is damaged{}",
                path.unwrap_or_default()
            );
            with_detail(message, ": ", detail)
        }
        DeskError::Bug { detail } => with_detail("a fault of the program".to_owned(), ": ", detail),
    }
}

fn hint_zh(error: &DeskError) -> String {
    let hint = match error {
        DeskError::UnknownId { .. } => "用 gongdan search 或 gongdan list 查编号",
        DeskError::AmbiguousId { candidates, .. } => {
            return listed("请多写几位：", &candidates.join("、"));
        }
        DeskError::UnknownCause { candidates, .. } if candidates.is_empty() => "加 --new 可新建",
        DeskError::UnknownCause { candidates, .. } => {
            return format!("相近的有：{}；加 --new 可新建", candidates.join("、"));
        }
        DeskError::BadVote { .. } => "用 gongdan cause set 确认或改掉",
        DeskError::BadCategory { .. } => "写成 产品｜类型",
        DeskError::UnknownDataset { .. } => "用 gongdan dataset list 查看",
        DeskError::UnknownConflict { .. } => "可能已被处理",
        DeskError::UnknownView { .. } => "用 gongdan views 查看",
        DeskError::BadSetting { .. } => "用 gongdan settings get 查看现值",
        DeskError::BadModel { .. } => {
            "要模型库的目录：config.json、tokenizer.json、model.safetensors；只读 BERT 一类"
        }
        DeskError::Refused { .. } => "请管理员在设置 roles 中授予",
        DeskError::Busy { .. } => "关闭另一个 gongdan，或用 --data-dir 指定其他目录",
        DeskError::Importing => "等它结束后再试",
        DeskError::NewerFormat { .. } => "请升级 gongdan",
        DeskError::Unreachable(why) => return unreached::hint_zh(why),
        DeskError::Storage { .. } => "检查磁盘空间与权限，再运行 gongdan doctor",
        DeskError::Bug { .. } => "请连同此信息报告",
        DeskError::NoReply { .. }
        | DeskError::UnknownReply { .. }
        | DeskError::BadReply { .. }
        | DeskError::BadOutdated { .. }
        | DeskError::BadCause { .. }
        | DeskError::NoMerge { .. }
        | DeskError::UnknownJob { .. }
        | DeskError::BadView { .. }
        | DeskError::NothingToUndo { .. }
        | DeskError::Cancelled
        | DeskError::InsightNotReady { .. }
        | DeskError::TooLong { .. } => "",
    };
    hint.to_owned()
}

fn hint_en(error: &DeskError) -> String {
    let hint = match error {
        DeskError::UnknownId { .. } => "find ids with gongdan search or gongdan list",
        DeskError::AmbiguousId { candidates, .. } => {
            return listed("write more of it: ", &candidates.join(", "));
        }
        DeskError::UnknownCause { candidates, .. } if candidates.is_empty() => "--new creates it",
        DeskError::UnknownCause { candidates, .. } => {
            return format!(
                "the nearest are {}; --new creates it",
                candidates.join(", ")
            );
        }
        DeskError::BadVote { .. } => "confirm or change them with gongdan cause set",
        DeskError::BadCategory { .. } => "write PRODUCT｜TYPE",
        DeskError::UnknownDataset { .. } => "gongdan dataset list shows them",
        DeskError::UnknownConflict { .. } => "it may have been settled",
        DeskError::UnknownView { .. } => "gongdan views lists them",
        DeskError::BadSetting { .. } => "gongdan settings get shows the value there is",
        DeskError::BadModel { .. } => {
            "a hub's directory is wanted: config.json, tokenizer.json, model.safetensors, of type bert"
        }
        DeskError::Refused { .. } => "an admin grants it in the setting roles",
        DeskError::Busy { .. } => {
            "close the other gongdan, or name another directory with --data-dir"
        }
        DeskError::Importing => "try again when it is over",
        DeskError::NewerFormat { .. } => "upgrade gongdan",
        DeskError::Unreachable(why) => return unreached::hint_en(why),
        DeskError::Storage { .. } => "check space and permissions, then run gongdan doctor",
        DeskError::Bug { .. } => "please report it with this text",
        DeskError::NoReply { .. }
        | DeskError::UnknownReply { .. }
        | DeskError::BadReply { .. }
        | DeskError::BadOutdated { .. }
        | DeskError::BadCause { .. }
        | DeskError::NoMerge { .. }
        | DeskError::UnknownJob { .. }
        | DeskError::BadView { .. }
        | DeskError::NothingToUndo { .. }
        | DeskError::Cancelled
        | DeskError::InsightNotReady { .. }
        | DeskError::TooLong { .. } => "",
    };
    hint.to_owned()
}

/// A message with what a library or the system said, where it said anything.
fn with_detail(message: String, colon: &str, detail: &str) -> String {
    if detail.is_empty() {
        message
    } else {
        format!("{message}{colon}{detail}")
    }
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
    use crate::api::Unreachable;

    #[test]
    fn an_unknown_cause_names_the_nearest_ones() {
        let unknown = |candidates: &[&str]| DeskError::UnknownCause {
            name: "证书异常".to_owned(),
            candidates: candidates.iter().map(|name| (*name).to_owned()).collect(),
        };
        let (message, hint) = error(Lang::Zh, &unknown(&["证书过期", "证书部署异常"]));
        assert_eq!(message, "词表中没有根因「证书异常」");
        assert_eq!(hint, "相近的有：证书过期、证书部署异常；加 --new 可新建");
        let (_, hint) = error(Lang::En, &unknown(&[]));
        assert_eq!(hint, "--new creates it");
    }

    #[test]
    fn a_failure_names_its_path_once_and_its_cause_in_the_readers_language() {
        let storage = |path: Option<&str>, detail: &str| DeskError::Storage {
            path: path.map(str::to_owned),
            detail: detail.to_owned(),
        };
        let full = storage(Some("/d/lock"), "No space left on device (os error 28)");
        let (message, _) = error(Lang::Zh, &full);
        assert_eq!(message, "磁盘故障或数据损坏：/d/lock：磁盘已满");
        let other = storage(None, "the database of the store failed");
        let (message, _) = error(Lang::Zh, &other);
        assert_eq!(
            message,
            "磁盘故障或数据损坏（the database of the store failed）"
        );
        let (message, _) = error(Lang::En, &other);
        assert_eq!(
            message,
            "the disk failed or data is damaged: the database of the store failed"
        );
        let busy = DeskError::Unreachable(Unreachable::Other {
            detail: "Resource temporarily unavailable (os error 11)".to_owned(),
        });
        let (message, _) = error(Lang::Zh, &busy);
        assert_eq!(message, "无法连接到服务：暂时没有回应");
    }

    #[test]
    fn an_ambiguous_id_lists_what_it_may_be() {
        let ambiguous = DeskError::AmbiguousId {
            id: "k7".to_owned(),
            candidates: vec!["k7q2md".to_owned(), "k7zzzz".to_owned()],
        };
        let (_, hint) = error(Lang::Zh, &ambiguous);
        assert_eq!(hint, "请多写几位：k7q2md、k7zzzz");
    }

    #[test]
    fn a_ticket_without_the_reply_asked_for_says_what_it_has() {
        let none = |has| DeskError::NoReply {
            id: "k7q2md".to_owned(),
            has,
        };
        let zh = |has| error(Lang::Zh, &none(has)).0;
        assert_eq!(
            zh(RepliesThere::Turns(2)),
            "工单 k7q2md 没有这条回复（共 2 条）"
        );
        assert!(zh(RepliesThere::Holding(0)).contains("没有客服回复"));
        assert!(zh(RepliesThere::Holding(3)).contains("只有过渡语"));
    }
}
