//! Why the desk refuses a change of a standard reply, a cause or an outdated mark.

use crate::api::{BadCause, BadModel, BadOutdated, BadReply};

pub(super) fn reply_zh(name: &str, why: &BadReply) -> String {
    match why {
        BadReply::Empty => "标准回复的正文不能为空".to_owned(),
        BadReply::CodeTaken { code } => {
            format!("短码 {code} 已属于标准回复「{name}」，请换一个")
        }
        BadReply::CodeSpaced { code } => format!("短码「{code}」不能含空白"),
        BadReply::TextTaken => format!("标准回复「{name}」已有同样的正文"),
        BadReply::MergedIntoItself => format!("标准回复「{name}」不能并入自己"),
        BadReply::SuccessorIsItself => format!("标准回复「{name}」不能由自己接替"),
        BadReply::NothingOffered => format!("标准回复「{name}」没有待取舍的新说法"),
    }
}

pub(super) fn reply_en(name: &str, why: &BadReply) -> String {
    match why {
        BadReply::Empty => "a standard reply needs a text".to_owned(),
        BadReply::CodeTaken { code } => {
            format!("the short code {code} belongs to the standard reply “{name}”: choose another")
        }
        BadReply::CodeSpaced { code } => format!("the short code “{code}” must not hold blanks"),
        BadReply::TextTaken => format!("the standard reply “{name}” has this very text"),
        BadReply::MergedIntoItself => {
            format!("the standard reply “{name}” cannot be merged into itself")
        }
        BadReply::SuccessorIsItself => format!("the standard reply “{name}” cannot succeed itself"),
        BadReply::NothingOffered => {
            format!("the tickets offer no new text for the standard reply “{name}”")
        }
    }
}

pub(super) fn outdated_zh(id: &str, why: &BadOutdated) -> String {
    match why {
        BadOutdated::NoReason => format!("{id} 指定了接替者，还须写明过期原因"),
        BadOutdated::SuccessorIsItself => format!("{id} 不能由自己接替"),
        BadOutdated::SuccessorOutdated { reason } => {
            format!("{id} 自己已过期（{reason}），不能接替")
        }
    }
}

pub(super) fn outdated_en(id: &str, why: &BadOutdated) -> String {
    match why {
        BadOutdated::NoReason => format!("{id} has a successor: say why it is outdated, too"),
        BadOutdated::SuccessorIsItself => format!("{id} cannot succeed itself"),
        BadOutdated::SuccessorOutdated { reason } => {
            format!("{id} is outdated itself ({reason}): it cannot succeed")
        }
    }
}

pub(super) fn cause_zh(name: &str, why: BadCause) -> String {
    match why {
        BadCause::Empty => "根因的名称不能为空".to_owned(),
        BadCause::Placeholder => format!("「{name}」没有说出原因，不能作为根因"),
        BadCause::TooLong => format!("根因或分组的名称「{name}」太长，最多 100 字"),
        BadCause::NameTaken => format!("词表中已有根因「{name}」"),
        BadCause::InUse => format!("根因「{name}」仍有工单在用"),
        BadCause::Retired => format!("根因「{name}」已停用"),
        BadCause::GroupIsItself => format!("根因「{name}」不能以自己为上级"),
        BadCause::MergeIntoItself => format!("根因「{name}」不能并入自己"),
    }
}

pub(super) fn cause_en(name: &str, why: BadCause) -> String {
    match why {
        BadCause::Empty => "a cause needs a name".to_owned(),
        BadCause::Placeholder => format!("“{name}” names no cause and cannot be one"),
        BadCause::TooLong => {
            format!("the name “{name}” of a cause or group is too long: 100 characters at most")
        }
        BadCause::NameTaken => format!("the vocabulary has a cause “{name}” already"),
        BadCause::InUse => format!("tickets still have the cause “{name}”"),
        BadCause::Retired => format!("the cause “{name}” is retired"),
        BadCause::GroupIsItself => format!("the cause “{name}” cannot stand above itself"),
        BadCause::MergeIntoItself => format!("the cause “{name}” cannot be merged into itself"),
    }
}

pub(super) fn model_zh(path: &str, why: BadModel) -> String {
    match why {
        BadModel::Unreadable => format!("读不出模型 {path}"),
        BadModel::Damaged => format!("模型 {path} 已损坏，或文件互不相符"),
        BadModel::Unsupported => format!("不支持此种模型 {path}"),
        BadModel::Pooling => format!("不知道模型 {path} 怎样得出向量：文件和名称都没有说"),
        BadModel::SelfTest => format!("模型 {path} 未通过自检"),
        BadModel::NotBuilt => "本程序不含语义检索".to_owned(),
    }
}

pub(super) fn model_en(path: &str, why: BadModel) -> String {
    match why {
        BadModel::Unreadable => format!("the model {path} cannot be read"),
        BadModel::Damaged => format!("the model {path} is damaged, or its files do not fit"),
        BadModel::Unsupported => format!("the model {path} is of a kind that is not read"),
        BadModel::Pooling => format!("nothing says how the model {path} pools its vectors"),
        BadModel::SelfTest => format!("the model {path} fails its test"),
        BadModel::NotBuilt => "this program was built without search by meaning".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_short_code_names_its_owner_in_both_languages() {
        let taken = BadReply::CodeTaken {
            code: "zx".to_owned(),
        };
        let zh = reply_zh("关闭账号", &taken);
        assert_eq!(zh, "短码 zx 已属于标准回复「关闭账号」，请换一个");
        let en = reply_en("关闭账号", &taken);
        assert!(en.contains("zx") && en.contains("关闭账号"), "{en}");
    }

    #[test]
    fn a_successor_that_is_outdated_is_named_with_its_reason() {
        let why = BadOutdated::SuccessorOutdated {
            reason: "流程已改".to_owned(),
        };
        assert_eq!(
            outdated_zh("k7q2md", &why),
            "k7q2md 自己已过期（流程已改），不能接替"
        );
        assert!(outdated_en("k7q2md", &why).contains("流程已改"));
    }
}
