//! Why a command failed: exit code, message and hint.

use std::io;
use std::path::PathBuf;

use super::say::say;
use super::shim::Lang;
use crate::desk::{DeskError, ErrorCode};

/// How a command ended that did not fail. The numbers are the contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; an empty list is done too.
    Done,
    /// `search`, `similar` or `show` found nothing.
    Nothing,
    /// Somebody was faster; the change is kept as a conflict.
    Conflict,
    /// Some files failed, the rest is done.
    Partly,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Nothing => 1,
            Self::Conflict => 5,
            Self::Partly => 6,
        }
    }
}

/// Why a command did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// The desk refused or failed.
    Desk(DeskError),
    /// The command line asks for something that makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A guard said no.
    Refused {
        /// Why.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard output could not be written.
    Output(io::Error),
    /// Nobody reads standard output any more.
    ClosedPipe,
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

impl Failure {
    /// A usage error without a hint.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: None,
        }
    }

    /// A failure to write standard output.
    pub fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Output(error),
        }
    }

    /// A fault of the program.
    pub fn bug(detail: impl std::fmt::Display) -> Self {
        Self::Desk(DeskError::new(ErrorCode::Bug).with("detail", detail))
    }

    /// The desk answered something that was not asked.
    pub fn unexpected() -> Self {
        Self::bug("the desk's answer does not fit its request")
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Desk(error) => desk_code(error.code),
            Self::Usage { .. } => 2,
            Self::Refused { .. } => 4,
            Self::File { .. } | Self::Output(_) => 74,
            Self::ClosedPipe => 0,
        }
    }

    /// The name scripts know the failure by.
    pub fn name(&self) -> String {
        match self {
            Self::Desk(error) => code_name(error.code),
            Self::Usage { .. } => "usage".to_owned(),
            Self::Refused { .. } => "refused".to_owned(),
            Self::File { .. } => "file".to_owned(),
            Self::Output(_) | Self::ClosedPipe => "output".to_owned(),
        }
    }

    /// What happened, in words.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Desk(error) => desk_message(error, lang),
            Self::Usage { message, .. } | Self::Refused { message, .. } => message.clone(),
            Self::File { path, source } => {
                let path = path.display();
                say!(lang, "{path}：{source}", "{path}: {source}")
            }
            Self::Output(error) => {
                say!(lang, "无法写到标准输出：{error}", "cannot write to standard output: {error}")
            }
            Self::ClosedPipe => String::new(),
        }
    }

    /// What to do about it, in words.
    pub fn hint(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Desk(error) => desk_hint(error, lang),
            Self::Usage { hint, .. } | Self::Refused { hint, .. } => hint.clone(),
            Self::File { .. } | Self::Output(_) | Self::ClosedPipe => None,
        }
    }
}

/// The one table of what a desk's refusal means to a script.
fn desk_code(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::UnknownId | ErrorCode::NoReply => 1,
        ErrorCode::AmbiguousId
        | ErrorCode::BadCategory
        | ErrorCode::UnknownDataset
        | ErrorCode::UnknownConflict
        | ErrorCode::BadSetting => 2,
        ErrorCode::Busy | ErrorCode::Unreachable | ErrorCode::IndexNotReady => 3,
        ErrorCode::UnknownCause
        | ErrorCode::BadCause
        | ErrorCode::NothingToUndo
        | ErrorCode::Refused => 4,
        ErrorCode::Cancelled => 6,
        ErrorCode::UnknownJob | ErrorCode::Bug => 70,
        ErrorCode::NewerFormat | ErrorCode::Storage => 74,
    }
}

fn code_name(code: ErrorCode) -> String {
    serde_json::to_value(code)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn desk_message(error: &DeskError, lang: Lang) -> String {
    let value = |name| error.value(name);
    let (id, name, detail, path) = (value("id"), value("name"), value("detail"), value("path"));
    match error.code {
        ErrorCode::UnknownId => say!(lang, "没有编号为 {id} 的工单或文章", "no ticket or article has the id {id}"),
        ErrorCode::AmbiguousId => say!(lang, "以 {id} 开头的编号不止一个", "several ids begin with {id}"),
        ErrorCode::NoReply => {
            let turns = value("turns");
            say!(lang, "工单 {id} 没有这条客服回复（共 {turns} 条）", "ticket {id} has no such reply (it has {turns})")
        }
        ErrorCode::UnknownCause => say!(lang, "根因词表里没有「{name}」", "the vocabulary has no cause “{name}”"),
        ErrorCode::BadCause => say!(lang, "根因「{name}」不能这样改：{detail}", "cause “{name}” cannot be changed so: {detail}"),
        ErrorCode::BadCategory => {
            let text = value("text");
            say!(lang, "类别「{text}」没有产品", "the category “{text}” has no product")
        }
        ErrorCode::UnknownDataset => say!(lang, "没有名为「{name}」的数据集", "no dataset is called “{name}”"),
        ErrorCode::UnknownConflict => {
            let record = value("record");
            say!(lang, "没有记录 {record} 的冲突", "no conflict is kept for record {record}")
        }
        ErrorCode::UnknownJob => {
            let job = value("job");
            say!(lang, "任务 {job} 不存在或已结束", "job {job} does not exist or is over")
        }
        ErrorCode::BadSetting => say!(lang, "设置 {name} 的值读不懂：{detail}", "the value of setting {name} cannot be read: {detail}"),
        ErrorCode::NothingToUndo => say!(lang, "没有可撤销或重做的操作", "there is nothing to undo or redo"),
        ErrorCode::Cancelled => say!(lang, "已取消", "cancelled"),
        ErrorCode::Refused => {
            let role = value("role");
            say!(lang, "没有权限（需要角色 {role}）", "not allowed (the role {role} is needed)")
        }
        ErrorCode::IndexNotReady => {
            let percent = value("percent");
            say!(lang, "正在重建索引 {percent} %", "the index is being rebuilt: {percent} %")
        }
        ErrorCode::Busy => say!(lang, "另一个进程正占用工单库 {path}", "another process holds the ticket store at {path}"),
        ErrorCode::NewerFormat => {
            let (found, known) = (value("found"), value("known"));
            say!(lang, "工单库的格式是 {found}，本程序只认识到 {known}", "the store has format {found}; this program knows up to {known}")
        }
        ErrorCode::Unreachable => say!(lang, "连不上工单库：{detail}", "the desk cannot be reached: {detail}"),
        ErrorCode::Storage => say!(lang, "磁盘出错或数据损坏：{path} {detail}", "the disk failed or data is damaged: {path} {detail}"),
        ErrorCode::Bug => say!(lang, "程序内部错误：{detail}", "a fault of the program: {detail}"),
    }
}

fn desk_hint(error: &DeskError, lang: Lang) -> Option<String> {
    let candidates = error.value("candidates");
    let listed = candidates.split(['\n', ' ']).collect::<Vec<_>>().join("  ");
    let named = candidates.replace('\n', lang_comma(lang));
    match error.code {
        ErrorCode::UnknownId => Some(say!(
            lang,
            "用 gongdan list 或 gongdan search 查编号",
            "find ids with `gongdan list` or `gongdan search`"
        )),
        ErrorCode::AmbiguousId => Some(say!(lang, "请写长一些：{listed}", "give more of it: {listed}")),
        ErrorCode::UnknownCause if !named.is_empty() => Some(say!(
            lang,
            "相近的有：{named}；确实要新增请加 --new",
            "the nearest are: {named}; add --new to create it on purpose"
        )),
        ErrorCode::UnknownCause => Some(say!(
            lang,
            "用 gongdan cause list 查看词表；确实要新增请加 --new",
            "see `gongdan cause list`; add --new to create it on purpose"
        )),
        ErrorCode::UnknownDataset => Some(say!(
            lang,
            "用 gongdan dataset list 查看",
            "see `gongdan dataset list`"
        )),
        ErrorCode::UnknownConflict => Some(say!(
            lang,
            "用 gongdan conflicts 查看",
            "see `gongdan conflicts`"
        )),
        ErrorCode::BadCategory => Some(say!(lang, "写成 产品｜类型", "write it as PRODUCT｜TYPE")),
        ErrorCode::IndexNotReady => Some(say!(lang, "浏览可用，稍后再搜索", "browsing works; search again in a moment")),
        ErrorCode::Busy => Some(say!(
            lang,
            "请关闭另一个 gongdan，或用 --data-dir 指定别的目录",
            "close the other gongdan, or name another directory with --data-dir"
        )),
        ErrorCode::NewerFormat => Some(say!(lang, "请升级 gongdan", "upgrade gongdan")),
        ErrorCode::Storage => Some(say!(
            lang,
            "用 gongdan doctor 检查；有备份时可用 gongdan restore",
            "check with `gongdan doctor`; with a backup, use `gongdan restore`"
        )),
        ErrorCode::NoReply
        | ErrorCode::BadCause
        | ErrorCode::UnknownJob
        | ErrorCode::BadSetting
        | ErrorCode::NothingToUndo
        | ErrorCode::Cancelled
        | ErrorCode::Refused
        | ErrorCode::Unreachable
        | ErrorCode::Bug => None,
    }
}

fn lang_comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_the_contract() {
        let code = |code| Failure::from(DeskError::new(code)).code();
        assert_eq!(code(ErrorCode::UnknownId), 1);
        assert_eq!(code(ErrorCode::AmbiguousId), 2);
        assert_eq!(code(ErrorCode::Busy), 3);
        assert_eq!(code(ErrorCode::UnknownCause), 4);
        assert_eq!(code(ErrorCode::Bug), 70);
        assert_eq!(code(ErrorCode::Storage), 74);
        assert_eq!(Failure::usage("x").code(), 2);
        assert_eq!(Failure::ClosedPipe.code(), 0);
        assert_eq!((Exit::Done.code(), Exit::Nothing.code()), (0, 1));
        assert_eq!((Exit::Conflict.code(), Exit::Partly.code()), (5, 6));
    }

    #[test]
    fn an_unknown_cause_names_the_nearest_three() {
        let error = DeskError::new(ErrorCode::UnknownCause)
            .with("name", "证书过起")
            .with("candidates", "证书过期\n证书部署异常\n证书链不完整");
        let failure = Failure::from(error);
        assert_eq!(failure.message(Lang::Zh), "根因词表里没有「证书过起」");
        assert!(failure.hint(Lang::Zh).unwrap().contains("证书过期、证书部署异常、证书链不完整"));
        assert_eq!(failure.name(), "unknown_cause");
    }
}
