//! Broken documents: what can be saved is saved, and the rest is named.

use std::fmt::Write as _;

use super::{read, read_as, said};
use crate::ingest::{Options, Reader};

const TWO: &str = "## 甲\n\n**分类**：CDN｜证书\n\n### 问题描述\n\n证书一直处理中，无法访问\n\n### 客服解答\n\n请重新部署证书\n\n### 根本原因分析\n\n部署异常\n\n---\n\n## 乙\n\n**分类**：CDN｜缓存\n\n### 问题描述\n\n缓存不更新\n\n### 客服解答\n\n请刷新缓存\n\n### 根本原因分析\n\n缓存策略问题\n";

fn lossless(bytes: &[u8], piece: usize) -> super::Read {
    let read = read_as("x.md", bytes, &Options::default(), piece);
    assert_eq!(read.titles(), ["甲", "乙"]);
    assert_eq!(read.ticket(0).question, "证书一直处理中，无法访问");
    assert_eq!(said(read.ticket(1)), ["A:请刷新缓存"]);
    assert_eq!(read.ticket(1).causes, ["缓存策略问题"]);
    read
}

#[test]
fn every_encoding_of_the_family_is_read() {
    let (gbk, _, _) = encoding_rs::GB18030.encode(TWO);
    assert_eq!(
        lossless(&gbk, 3).value("encoding_converted", "encoding"),
        Some("gb18030")
    );
    for little in [true, false] {
        let bytes = |c: u16| {
            if little {
                c.to_le_bytes()
            } else {
                c.to_be_bytes()
            }
        };
        let plain: Vec<u8> = TWO.encode_utf16().flat_map(bytes).collect();
        let marked: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(TWO.encode_utf16())
            .flat_map(bytes)
            .collect();
        assert!(lossless(&plain, 5).kinds().contains(&"encoding_converted"));
        assert!(lossless(&marked, 5).kinds().contains(&"encoding_converted"));
    }
    assert!(
        lossless(format!("\u{feff}{TWO}").as_bytes(), 4)
            .kinds()
            .is_empty()
    );
}

#[test]
fn every_line_end_is_one() {
    let unix = lossless(TWO.as_bytes(), 9);
    for end in ["\r\n", "\r", "\u{2028}"] {
        let other = lossless(TWO.replace('\n', end).as_bytes(), 1);
        assert_eq!(other.tickets, unix.tickets, "{end:?}");
    }
}

#[test]
fn a_broken_byte_costs_its_character() {
    let mut bytes = TWO.as_bytes().to_vec();
    let at = TWO.find("部署异常").unwrap();
    bytes[at] = 0xff;
    let read = read_as("x.md", &bytes, &Options::default(), 8);
    assert_eq!(read.titles(), ["甲", "乙"]);
    assert!(read.ticket(0).causes[0].ends_with("署异常"));
    assert!(read.kinds().contains(&"invalid_bytes"));
}

#[test]
fn binary_and_foreign_files_are_refused_by_name() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
    let read = read_as("x.md", png, &Options::default(), 4);
    assert!(read.report.refused);
    assert_eq!(read.value("binary_file", "looks_like"), Some("PNG"));
    let zeros = read_as("x.md", &[0; 4096], &Options::default(), 512);
    assert_eq!(zeros.kinds(), ["binary_file"]);
    let (big5, _, _) = encoding_rs::BIG5
        .encode("憑證一直顯示處理中，網站無法訪問，請問應該怎麼辦呢？謝謝你們的幫助");
    let big5 = read_as("x.md", &big5.repeat(20), &Options::default(), 64);
    assert_eq!(big5.kinds(), ["encoding_unsupported"]);
}

#[test]
fn nothing_is_no_tickets_and_counts_as_a_failure() {
    for text in ["", "\n\n", "  \n---\n", "短"] {
        let read = read(text);
        assert_eq!(read.kinds(), ["no_tickets"], "{text:?}");
        assert!(read.report.refused, "{text:?}");
    }
}

#[test]
fn a_broken_array_gives_what_stands_before_the_break_and_names_its_line() {
    let text = "[\n{\"title\":\"一\",\"question\":\"慢\"},\n{\"title\":\"二\",\"question\":\"断\"},\n{\"title\":\"三\"";
    let read = read_as("cases.json", text.as_bytes(), &Options::default(), 5);
    assert_eq!(read.ticket(1).title, "二");
    let warned = read.report.warnings.iter();
    let lines: Vec<_> = warned
        .filter(|w| w.kind.name() == "unparsed_text")
        .map(|w| w.line)
        .collect();
    assert_eq!(lines, [Some(4)]);
}

#[test]
fn hostile_characters_go_at_the_door() {
    let doc = TWO.replace(
        "部署异常",
        "部署\u{1b}]52;c;ZXZpbA==\u{7}\u{202e}异\0常\u{200b}",
    );
    assert_eq!(read(&doc).ticket(0).causes, ["部署异常"]);
}

#[test]
fn a_cut_last_ticket_is_named() {
    for cut in [
        "### 根本原因分析\n\n缓存策略问题\n",
        "\n缓存策略问题\n",
        "根本原因分析\n\n缓存策略问题\n",
        "原因分析\n\n缓存策略问题\n",
    ] {
        let doc = TWO.strip_suffix(cut).unwrap();
        let three = format!("{}\n---\n\n{doc}", TWO.replace("甲", "丙"));
        let read = read(&three);
        assert_eq!(read.tickets.len(), 4, "{cut:?}");
        assert!(
            read.kinds().contains(&"truncated_ticket"),
            "{cut:?} {:?}",
            read.kinds()
        );
        assert_eq!(read.ticket(3).sections.len(), 0, "{cut:?}");
    }
    assert!(!read(TWO.trim_end()).kinds().contains(&"truncated_ticket"));
}

#[test]
fn what_is_missing_is_named_by_line() {
    let doc = "## 甲\n**分类**：CDN\n### 问题描述\nx\n### 客服解答\ny\n### 根本原因\nz\n## \n### 问题描述\nx\n## 丙\n";
    let read = read(doc);
    assert_eq!(read.tickets.len(), 3);
    for kind in [
        "empty_title",
        "missing_category",
        "missing_reply",
        "missing_cause",
    ] {
        assert!(read.kinds().contains(&kind), "{kind}");
    }
    let empty = read
        .report
        .warnings
        .iter()
        .find(|w| w.kind.name() == "empty_title")
        .unwrap();
    assert_eq!(empty.line, Some(9));
}

#[test]
fn the_same_ticket_twice_is_given_out_twice_and_named() {
    let doc = format!("{TWO}\n---\n\n{TWO}");
    let read = read(&doc);
    assert_eq!(read.tickets.len(), 4);
    assert_eq!(read.tickets[0].fingerprint, read.tickets[2].fingerprint);
    assert_eq!(read.value("duplicate_ticket", "first"), Some("1"));
}

#[test]
fn dialects_mixed_in_one_file() {
    let doc = format!(
        "{TWO}\n### 丁\n\n**问题分类**：存储/上传\n\n**问题描述**：上传慢\n\n**客服解答**：\n\n请换区域\n\n**根本原因**：跨区域\n\n---\n\n## 戊\n\n分类：短信\n\n问题：收不到\n\n回复：请检查签名\n\n原因：签名未审核\n"
    );
    let read = read(&doc);
    assert_eq!(read.titles(), ["甲", "乙", "丁", "戊"]);
    assert_eq!(said(read.ticket(2)), ["A:请换区域"]);
    assert_eq!(said(read.ticket(3)), ["A:请检查签名"]);
    assert_eq!(read.ticket(3).causes, ["签名未审核"]);
}

#[test]
fn unbalanced_marks_do_not_swallow_tickets() {
    let doc = TWO
        .replace("**分类**：CDN｜证书", "**分类：CDN｜证书")
        .replace("请重新部署证书", "请执行：\n```\nnginx -s reload");
    let read = read(&doc);
    assert_eq!(read.titles(), ["甲", "乙"]);
    assert_eq!(read.ticket(0).category.as_ref().unwrap().issue_type, "证书");
    assert_eq!(read.ticket(0).causes, ["部署异常"]);
}

#[test]
fn a_label_within_a_closed_fence_is_a_part_of_what_it_holds() {
    let doc = "## 甲\n\n**分类**：CDN｜证书\n\n### 问题描述\n模板是这样的：\n```\n### 客服解答\n请填写\n```\n为什么不生效\n\n\
               ### 客服解答\n1. 请重新部署证书\n\n### 根本原因分析\n部署异常\n";
    let read = read(doc);
    assert_eq!(said(read.ticket(0)), ["A:请重新部署证书"]);
    let question = &read.ticket(0).question;
    assert!(
        question.contains("### 客服解答\n请填写\n```\n为什么不生效"),
        "{question}"
    );
}

#[test]
fn many_tickets_and_huge_lines_are_read_whole() {
    let mut doc = String::from("# 大文件\n\n共 20000 条\n");
    for n in 0..20_000 {
        let _ = write!(
            doc,
            "\n## 第{n}号问题\n**分类**：CDN｜证书\n### 问题描述\n编号 {n}\n### 客服解答\n1. 已处理\n### 根本原因分析\n部署\n"
        );
    }
    let read = read_as("x.md", doc.as_bytes(), &Options::default(), 1 << 20);
    assert_eq!(read.tickets.len(), 20_000);
    let huge = TWO
        .replace("缓存不更新", &"长".repeat(2_000_000))
        .replace("请刷新缓存", &"回复一行\n".repeat(200_000));
    let read = read_as("x.md", huge.as_bytes(), &Options::default(), 1 << 20);
    assert_eq!(read.ticket(1).question.len(), 6_000_000);
    assert_eq!(read.ticket(1).dialogue.len(), 1);
    assert!(read.kinds().contains(&"oversized_field"));
    let line = read_as(
        "x.md",
        "字".repeat(2_000_000).as_bytes(),
        &Options::default(),
        1 << 16,
    );
    assert_eq!(line.tickets.len(), 0);
}

#[test]
fn a_footer_is_no_part_of_the_last_ticket_and_its_count_is_compared() {
    let ticket = |n: u32| {
        format!(
            "## 甲{n}\n\n**分类**：A｜B\n\n### 问题描述\n问\n\n### 客服解答\n1. 答\n\n### 根本原因\n因\n\n---\n\n"
        )
    };
    let text = format!(
        "# 集\n\n{}{}*本文档共收录 15 个工单*\n",
        ticket(1),
        ticket(2)
    );
    let read = read(&text);
    assert_eq!(read.kinds(), ["unparsed_text", "declared_count_mismatch"]);
    assert_eq!(
        read.value("declared_count_mismatch", "declared"),
        Some("15")
    );
    assert!(read.ticket(1).sections.is_empty());
}

#[test]
fn documents_joined_to_one_keep_their_own_counts() {
    let part = |n: u32| {
        format!(
            "# 集 {n}\n\n本文件包含 1 个工单\n\n---\n\n## 甲{n}\n\n**分类**：A｜B\n\n### 问题描述\n问\n\n### 客服解答\n1. 答\n\n### 根本原因\n因\n\n---\n\n"
        )
    };
    let whole = read(&format!("{}{}", part(1), part(2)));
    assert_eq!(whole.tickets.len(), 2);
    assert!(!whole.kinds().contains(&"declared_count_mismatch"));
    let short = read(&format!(
        "{}{}",
        part(1),
        part(2).replace("包含 1", "包含 9")
    ));
    assert_eq!(
        short.value("declared_count_mismatch", "declared"),
        Some("10")
    );
}

#[test]
fn a_json_array_is_known_without_its_name_and_a_category_by_its_keys() {
    let text = r#"[{"title":"下载慢","category":{"product":"存储","issue_type":"下载"},"question":"慢","replies":["换节点"],"cause":"跨境"}]"#;
    let read = read_as("cases.txt", text.as_bytes(), &Options::default(), 7);
    let category = read.ticket(0).category.clone().unwrap();
    assert_eq!(
        (category.product.as_str(), category.issue_type.as_str()),
        ("存储", "下载")
    );
}

#[test]
fn a_long_document_is_read_as_it_comes_and_a_long_article_whole() {
    const PIECE: usize = 1 << 20;
    let mut cases = String::new();
    for n in 0..80_000 {
        let _ = write!(
            cases,
            "## 标题{n}\n\n### 问题描述\n问题的内容是第{n}号\n\n### 客服解答\n答复{n}\n\n"
        );
    }
    let options = Options::default();
    let mut reader = Reader::new("cases.md", &options);
    let (mut before, mut all) = (0, 0);
    for part in cases.as_bytes().chunks(PIECE) {
        before = all;
        reader.feed(part, &mut |_| all += 1);
    }
    assert!(before > 0, "nothing is given out before the last piece");
    let report = reader.finish(&mut |_| all += 1);
    assert_eq!((all, report.tickets), (80_000, 80_000));

    let mut article = "# 产品手册\n\n".to_owned();
    for n in 0..90_000 {
        article.push_str(&format!(
            "## 第{n}节\n\n这一节讲第{n}件事，写成一段话。\n\n"
        ));
    }
    let read = read_as("manual.md", article.as_bytes(), &options, PIECE);
    assert_eq!((read.tickets.len(), read.articles.len()), (0, 1));
    assert!(article.len() > 4 << 20);
    assert_eq!(read.articles[0].article.passages.len(), 90_000);
}
