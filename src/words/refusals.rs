//! Why the desk refuses a change of a standard reply, a cause or an outdated mark.
//!
//! Each reason is a code in the error's `detail`; a code that is not known here, of a newer desk,
//! is shown as it is.

use super::Values;
use super::errors::with_detail;

pub(super) fn reply_zh(v: Values<'_>) -> String {
    let name = v("name");
    match v("detail").as_str() {
        "empty" => "标准回复的正文不能为空".to_owned(),
        "code_taken" => format!("短码 {} 已属于标准回复「{name}」，请换一个", v("code")),
        "code_spaced" => format!("短码「{}」不能含空白", v("code")),
        "text_taken" => format!("标准回复「{name}」已有同样的正文"),
        "merged_into_itself" => format!("标准回复「{name}」不能并入自己"),
        "successor_is_itself" => format!("标准回复「{name}」不能由自己接替"),
        "nothing_offered" => format!("标准回复「{name}」没有待取舍的新说法"),
        _ => with_detail(format!("标准回复「{name}」不能这样修改"), "：", v),
    }
}

pub(super) fn reply_en(v: Values<'_>) -> String {
    let name = v("name");
    match v("detail").as_str() {
        "empty" => "a standard reply needs a text".to_owned(),
        "code_taken" => format!(
            "the short code {} belongs to the standard reply “{name}”: choose another",
            v("code")
        ),
        "code_spaced" => format!("the short code “{}” must not hold blanks", v("code")),
        "text_taken" => format!("the standard reply “{name}” has this very text"),
        "merged_into_itself" => format!("the standard reply “{name}” cannot be merged into itself"),
        "successor_is_itself" => format!("the standard reply “{name}” cannot succeed itself"),
        "nothing_offered" => {
            format!("the tickets offer no new text for the standard reply “{name}”")
        }
        _ => with_detail(
            format!("the standard reply “{name}” cannot be changed so"),
            ": ",
            v,
        ),
    }
}

pub(super) fn outdated_zh(v: Values<'_>) -> String {
    let id = v("id");
    match v("detail").as_str() {
        "no_reason" => format!("{id} 指定了接替者，还须写明过期原因"),
        "successor_is_itself" => format!("{id} 不能由自己接替"),
        "successor_outdated" => format!("{id} 自己已过期（{}），不能接替", v("reason")),
        _ => with_detail(format!("{id} 不能这样标明"), "：", v),
    }
}

pub(super) fn outdated_en(v: Values<'_>) -> String {
    let id = v("id");
    match v("detail").as_str() {
        "no_reason" => format!("{id} has a successor: say why it is outdated, too"),
        "successor_is_itself" => format!("{id} cannot succeed itself"),
        "successor_outdated" => {
            format!(
                "{id} is outdated itself ({}): it cannot succeed",
                v("reason")
            )
        }
        _ => with_detail(format!("{id} cannot be marked so"), ": ", v),
    }
}

pub(super) fn cause_zh(v: Values<'_>) -> String {
    let name = v("name");
    match v("detail").as_str() {
        "empty" => "根因的名称不能为空".to_owned(),
        "placeholder" => format!("「{name}」没有说出原因，不能作为根因"),
        "too_long" => format!("根因或分组的名称「{name}」太长，最多 100 字"),
        "name_taken" => format!("词表中已有根因「{name}」"),
        "in_use" => format!("根因「{name}」仍有工单在用"),
        "retired" => format!("根因「{name}」已停用"),
        "group_is_itself" => format!("根因「{name}」不能以自己为上级"),
        "merge_into_itself" => format!("根因「{name}」不能并入自己"),
        _ => with_detail(format!("根因「{name}」不能这样修改"), "：", v),
    }
}

pub(super) fn cause_en(v: Values<'_>) -> String {
    let name = v("name");
    match v("detail").as_str() {
        "empty" => "a cause needs a name".to_owned(),
        "placeholder" => format!("“{name}” names no cause and cannot be one"),
        "too_long" => {
            format!("the name “{name}” of a cause or group is too long: 100 characters at most")
        }
        "name_taken" => format!("the vocabulary has a cause “{name}” already"),
        "in_use" => format!("tickets still have the cause “{name}”"),
        "retired" => format!("the cause “{name}” is retired"),
        "group_is_itself" => format!("the cause “{name}” cannot stand above itself"),
        "merge_into_itself" => format!("the cause “{name}” cannot be merged into itself"),
        _ => with_detail(format!("the cause “{name}” cannot be changed so"), ": ", v),
    }
}

#[cfg(test)]
mod tests {
    use crate::words::{Lang, error};

    #[test]
    fn a_taken_short_code_names_its_owner_in_both_languages() {
        let value = |name: &str| {
            let known = [
                ("name", "关闭账号"),
                ("code", "zx"),
                ("detail", "code_taken"),
            ];
            let found = known.iter().find(|(known, _)| *known == name);
            found.map_or_else(String::new, |(_, value)| (*value).to_owned())
        };
        let (zh, _) = error(Lang::Zh, "bad_reply", &value);
        assert_eq!(zh, "短码 zx 已属于标准回复「关闭账号」，请换一个");
        let (en, _) = error(Lang::En, "bad_reply", &value);
        assert!(en.contains("zx") && en.contains("关闭账号"), "{en}");
    }

    /// Every reason that the desk's sources name, so that none reaches a person as its code.
    #[test]
    fn every_reason_that_the_desk_gives_has_words() {
        let told = [
            (
                "bad_reply",
                include_str!("../desk/replies/edit.rs"),
                "bad_reply(",
            ),
            ("bad_outdated", include_str!("../desk/outdated.rs"), "bad("),
            (
                "bad_cause",
                include_str!("../desk/annotate.rs"),
                "bad_cause(",
            ),
            ("bad_cause", include_str!("../desk/errors.rs"), "bad_cause("),
        ];
        let mut seen = 0;
        for (code, source, call) in told {
            let calls = source.split(call).skip(1);
            let reasons = calls.filter_map(|rest| {
                let args = rest.split([';', '\n']).next()?;
                let reason = args.split('"').nth(1)?;
                reason
                    .contains(|c: char| c.is_ascii_lowercase())
                    .then_some(reason)
            });
            for reason in reasons {
                seen += 1;
                for lang in [Lang::Zh, Lang::En] {
                    let value =
                        |name: &str| (if name == "detail" { reason } else { "x" }).to_owned();
                    let (message, _) = error(lang, code, &value);
                    assert!(!message.contains(&format!(": {reason}")), "{message}");
                    assert!(!message.contains(&format!("：{reason}")), "{message}");
                }
            }
        }
        assert!(seen >= 12, "the sources are read: {seen}");
    }
}
