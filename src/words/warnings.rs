//! What an import's warnings mean.

use super::{Lang, Values, names};

/// A sentence for a warning of an import, without file and line.
///
/// `kind` is the warning's name in the contract. Values that the warning does not carry are
/// left out of the sentence; a kind that is not known here is shown as it is.
pub fn warning(lang: Lang, kind: &str, values: Values<'_>) -> String {
    let plain = match lang {
        Lang::Zh => zh(kind),
        Lang::En => en(kind),
    };
    let base = plain.map_or_else(|| kind.to_owned(), str::to_owned);
    match detail(lang, values) {
        Some(detail) => format!("{base}{}{detail}", lang.pick("：", ": ")),
        None => base,
    }
}

fn zh(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "declared_count_mismatch" => "文件声明的工单数与实际不符",
        "empty_title" => "工单没有标题",
        "truncated_ticket" => "工单似乎被截断",
        "duplicate_ticket" => "与另一条工单重复",
        "missing_cause" => "工单没有根因",
        "missing_category" => "工单没有分类",
        "missing_reply" => "工单没有客服回复",
        "unknown_section" => "无法识别的段落标题，已原样保留",
        "unparsed_text" => "有文字不属于任何工单",
        "oversized_field" => "字段过长",
        "no_tickets" => "没有可导入的内容：既没有工单，也不足以成为文章；表格可用 --map 指明各列",
        "suspicious_file" => "看起来是程序文档或文件列表，未导入；确要导入请加 --articles",
        "invalid_bytes" => "含无效字节，已逐字符替换",
        "encoding_converted" => "已从其他编码转换",
        "encoding_unsupported" => "不支持的编码，未导入",
        "binary_file" => "读不了这种文件，未导入；请另存为 xlsx、csv、md 或 txt",
        "unknown_columns" => {
            "看不懂表头；请写明各列：gongdan import 文件 --map 标题=A列,问题=B列,答复=C列"
        }
        "masked" => "已脱敏",
        "record_refused" => "改动记录不能由您带入（设置由管理员更改，他人的事由本人决定），未导入",
        _ => return None,
    })
}

fn en(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "declared_count_mismatch" => "the file declares another number of tickets than it holds",
        "empty_title" => "a ticket without a title",
        "truncated_ticket" => "the ticket seems to be cut off",
        "duplicate_ticket" => "the same as another ticket",
        "missing_cause" => "a ticket without a root cause",
        "missing_category" => "a ticket without a category",
        "missing_reply" => "a ticket without a reply",
        "unknown_section" => "a section of an unknown name, kept as it is",
        "unparsed_text" => "text that belongs to no ticket",
        "oversized_field" => "a field of unusual length",
        "no_tickets" => "nothing to import: no tickets, and too little text for an article",
        "suspicious_file" => {
            "reads like program documentation or a listing, not imported; --articles imports it"
        }
        "invalid_bytes" => "invalid bytes, replaced one by one",
        "encoding_converted" => "converted from another encoding",
        "encoding_unsupported" => "an encoding that is not supported, not imported",
        "binary_file" => "a binary file, not imported",
        "unknown_columns" => {
            "the columns are not understood; name them: \
             gongdan import FILE --map title=A,question=B,answer=C"
        }
        "masked" => "personal data was masked",
        "record_refused" => {
            "a change that is not yours to bring along (settings are an admin's, and others decide \
             for themselves), not imported"
        }
        _ => return None,
    })
}

/// The values that make a warning precise, in the order of what helps most.
fn detail(lang: Lang, values: Values<'_>) -> Option<String> {
    let value = |name: &str| Some(values(name)).filter(|value| !value.is_empty());
    let said = |name: &str, zh: &dyn Fn(&str) -> String, en: &dyn Fn(&str) -> String| {
        value(name).map(|value| lang.pick(zh, en)(&value))
    };
    let told: Vec<String> = [
        said("declared", &|n| format!("声明 {n}"), &|n| {
            format!("declared {n}")
        }),
        said("found", &|n| format!("实际 {n}"), &|n| {
            format!("found {n}")
        }),
        value("heading"),
        value("encoding"),
        value("looks_like").map(|what| names::document(lang, &what).to_owned()),
        said(
            "missing",
            &|field| format!("断在「{}」", names::field(lang, field)),
            &|field| format!("in the {}", names::field(lang, field)),
        ),
        value("field").map(|field| names::field(lang, &field).to_owned()),
        said("bytes", &|n| format!("{n} 字节"), &|n| {
            format!("{n} bytes")
        }),
        said("dropped", &|n| format!("舍去 {n} 字节"), &|n| {
            format!("{n} bytes dropped")
        }),
        said("first", &|n| format!("首次在第 {n} 行"), &|n| {
            format!("first in line {n}")
        }),
        said("count", &|n| format!("{n} 处"), &|n| format!("{n} places")),
        said("more", &|n| format!("另有 {n} 处"), &|n| {
            format!("{n} more")
        }),
        value("key"),
        value("detail"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!told.is_empty()).then(|| told.join(lang.pick("，", ", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_mismatch_names_both_numbers() {
        let values = |name: &str| match name {
            "declared" => "114".to_owned(),
            "found" => "10".to_owned(),
            _ => String::new(),
        };
        let said = warning(Lang::Zh, "declared_count_mismatch", &values);
        assert_eq!(said, "文件声明的工单数与实际不符：声明 114，实际 10");
    }

    #[test]
    fn every_kind_of_the_contract_has_a_sentence_in_both_languages() {
        for kind in [
            "declared_count_mismatch",
            "empty_title",
            "truncated_ticket",
            "duplicate_ticket",
            "missing_cause",
            "missing_category",
            "missing_reply",
            "unknown_section",
            "unparsed_text",
            "oversized_field",
            "no_tickets",
            "suspicious_file",
            "invalid_bytes",
            "encoding_converted",
            "encoding_unsupported",
            "binary_file",
            "unknown_columns",
            "masked",
            "record_refused",
        ] {
            for lang in [Lang::Zh, Lang::En] {
                assert_ne!(warning(lang, kind, &|_| String::new()), kind);
            }
        }
    }

    #[test]
    fn a_cut_ticket_names_where_it_ends() {
        let values = |name: &str| match name {
            "missing" => "dialogue".to_owned(),
            _ => String::new(),
        };
        assert_eq!(
            warning(Lang::Zh, "truncated_ticket", &values),
            "工单似乎被截断：断在「对话」"
        );
        assert_eq!(
            warning(Lang::En, "truncated_ticket", &values),
            "the ticket seems to be cut off: in the dialogue"
        );
    }

    #[test]
    fn values_are_told_where_there_are_any() {
        let values = |name: &str| match name {
            "heading" => "处理备注".to_owned(),
            _ => String::new(),
        };
        assert_eq!(
            warning(Lang::En, "unknown_section", &values),
            "a section of an unknown name, kept as it is: 处理备注"
        );
    }
}
