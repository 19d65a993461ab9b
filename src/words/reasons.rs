//! Why a ticket waits for an agent, and why a place of a reply should be looked at.

use super::{Lang, names};

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
        "agents_differ" if zh => format!("有不同意见：{}", args.join("，")),
        "agents_differ" => format!("agents differ: {}", args.join(", ")),
        "decided" if zh => format!("已确认：{}", args.join("；")),
        "decided" => format!("confirmed: {}", args.join("; ")),
        other => format!("{other} {}", args.join(" ")).trim_end().to_owned(),
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
