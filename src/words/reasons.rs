//! Why a ticket waits for an agent, why a place of a reply should be looked at, and why a text was
//! not copied.

use super::{Bytes, Lang, Values, names};

/// A sentence for a reason of a queue, by its name and values.
///
/// A name that is not known here, of a newer desk, is shown as it is with its values.
pub fn reason(lang: Lang, kind: &str, args: &[String]) -> String {
    let arg = |at: usize| args.get(at).map_or("", String::as_str);
    let (first, second, third) = (arg(0), arg(1), arg(2));
    let zh = lang == Lang::Zh;
    match kind {
        "lookalikes" if first == "1" && zh => "尚无根因".to_owned(),
        "lookalikes" if first == "1" => "no root cause yet".to_owned(),
        "lookalikes" if zh => format!("尚无根因，相似的共 {first} 条，可一并标注"),
        "lookalikes" => format!("no root cause yet; {first} alike can be settled together"),
        "neighbours_disagree" if zh => {
            format!("给定「{first}」，而 {third} 条相似工单的根因是「{second}」")
        }
        "neighbours_disagree" => {
            format!("given “{first}”, but {third} tickets like it carry “{second}”")
        }
        "no_word_in_common" if zh && second.is_empty() => {
            format!("给定「{first}」，而标题和回复都没有提到")
        }
        "no_word_in_common" if second.is_empty() => {
            format!("given “{first}”, which neither title nor replies mention")
        }
        "no_word_in_common" if zh => {
            format!("给定「{first}」，而标题和回复说的是{second}")
        }
        "no_word_in_common" => {
            format!("given “{first}”, but title and replies speak of {second}")
        }
        "odd_for_category" if zh => {
            format!("给定「{first}」，而同类的 {second} 条工单都不是")
        }
        "odd_for_category" => {
            format!("given “{first}”, which none of {second} tickets of its category carries")
        }
        "filed_elsewhere" if third == "0" && zh => {
            format!("现在归在「{first}」，而说的是「{second}」的事")
        }
        "filed_elsewhere" if third == "0" => {
            format!("filed under “{first}”, but it speaks of “{second}”")
        }
        "filed_elsewhere" if zh => {
            format!("现在归在「{first}」，而 {third} 条相似工单归在「{second}」")
        }
        "filed_elsewhere" => {
            format!("filed under “{first}”, but {third} tickets like it under “{second}”")
        }
        "agents_differ" => opinions(lang, args),
        "decided" if zh => format!("已确认：{}", args.join("；")),
        "decided" => format!("confirmed: {}", args.join("; ")),
        other => format!("{other} {}", args.join(" ")).trim_end().to_owned(),
    }
}

/// Why a text was not copied, by the name and values of the failure.
pub fn uncopied(lang: Lang, why: &str, v: Values<'_>) -> String {
    let bytes = |name| Bytes(v(name).parse().unwrap_or_default());
    match why {
        "too_large" => {
            let (size, limit) = (bytes("size"), bytes("limit"));
            lang.pick(
                format!("内容 {size}，超过终端剪贴板上限 {limit}"),
                format!("{size} is more than the {limit} that terminals take"),
            )
        }
        "not_in_tmux" => lang.pick(
            "这个会话不在 tmux 里".to_owned(),
            "this session runs in no tmux".to_owned(),
        ),
        "tmux" => detailed(lang, "tmux 没有收下", "tmux did not take it", v),
        "no_terminal" => lang.pick(
            "这里没有能识别 OSC 52 的终端".to_owned(),
            "there is no terminal here that understands OSC 52".to_owned(),
        ),
        "local" => detailed(
            lang,
            "连不上本机桌面的剪贴板",
            "the desktop's clipboard cannot be reached",
            v,
        ),
        "write" => detailed(lang, "终端无法写入", "the terminal cannot be written to", v),
        "file" => {
            let path = v("path");
            let (zh, en) = (
                format!("文件 {path} 无法写入"),
                format!("{path} cannot be written"),
            );
            detailed(lang, &zh, &en, v)
        }
        other => detailed(lang, other, other, v),
    }
}

/// A sentence with what a program or the system said, which is in its own language.
fn detailed(lang: Lang, zh: &str, en: &str, v: Values<'_>) -> String {
    let detail = v("detail");
    match lang {
        _ if detail.is_empty() => lang.pick(zh, en).to_owned(),
        Lang::Zh => format!("{zh}：{detail}"),
        Lang::En => format!("{en}: {detail}"),
    }
}

/// What an agent thinks of confirmed causes: agrees, holds others, or only says no.
pub fn opinion(lang: Lang, stance: &str, causes: &[String]) -> String {
    if stance != "differ" || causes.is_empty() {
        return names::stance(lang, stance).to_owned();
    }
    lang.pick("认为是：", "holds: ").to_owned() + &causes.join(lang.pick("；", "; "))
}

/// Who holds which causes: agent and causes in turn, who decided first.
fn opinions(lang: Lang, args: &[String]) -> String {
    let zh = lang == Lang::Zh;
    let each: Vec<String> = args
        .chunks(2)
        .map(|pair| match pair {
            [who, causes] if causes.is_empty() && zh => format!("{who}：不同意"),
            [who, causes] if causes.is_empty() => format!("{who}: not so"),
            [who, causes] if zh => format!("{who}：{causes}"),
            [who, causes] => format!("{who}: {causes}"),
            _ => pair.concat(),
        })
        .collect();
    if zh {
        format!("有不同意见：{}", each.join("，"))
    } else {
        format!("agents differ: {}", each.join(", "))
    }
}

/// What the guard found, such as `电话 138…`, in a list.
pub fn findings<'a>(lang: Lang, found: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let each: Vec<String> = found
        .map(|(kind, value)| format!("{} {value}", names::finding(lang, kind)))
        .collect();
    each.join(lang.pick("、", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_both_causes_and_how_many_disagree() {
        let args = ["证书配置", "账号注销", "3"].map(str::to_owned);
        assert_eq!(
            reason(Lang::Zh, "neighbours_disagree", &args),
            "给定「证书配置」，而 3 条相似工单的根因是「账号注销」"
        );
        let said = reason(Lang::En, "neighbours_disagree", &args);
        assert!(said.contains("证书配置") && said.contains("账号注销") && said.contains('3'));
    }

    #[test]
    fn a_reason_of_a_newer_desk_is_shown_as_it_is() {
        assert_eq!(reason(Lang::Zh, "moon", &["满".to_owned()]), "moon 满");
    }
}
