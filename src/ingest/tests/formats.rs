//! Every format that a team's export may come in; the rows are the same, so are the tickets.

use super::{Read, read_as, said};
use crate::ingest::{ColumnName, Options};

fn file(name: &str, bytes: &[u8]) -> Read {
    read_as(name, bytes, &Options::default(), 13)
}

/// What a table of two tickets must give, whatever it was written in.
fn two_tickets(read: &Read, name: &str) {
    assert_eq!(read.titles(), ["磁盘写满", "缓存不刷新"], "{name}");
    let first = read.ticket(0);
    assert_eq!(
        first.category.as_ref().unwrap().to_string(),
        "云主机｜磁盘",
        "{name}"
    );
    assert!(first.question.contains("写不进去"), "{name}");
    assert_eq!(said(first), ["A:您好，请先清理日志，再扩容"], "{name}");
    assert_eq!(first.causes, ["日志未轮转"], "{name}");
    assert_eq!(first.sections[0].heading, "工单编号", "{name}");
    assert_eq!(first.sections[0].text, "T-1", "{name}");
}

const CSV: &str = "工单编号,标题,问题分类,问题描述,客服回复,根本原因\nT-1,磁盘写满,云主机｜磁盘,\"写不进去，\n日志很大\",\"您好，请先清理日志，再扩容\",日志未轮转\nT-2,缓存不刷新,CDN｜刷新,\"改了图片,还是旧的\",请提交刷新任务,\n";

#[test]
fn one_table_reads_the_same_under_every_name_mark_and_encoding() {
    let bom = format!("\u{feff}{CSV}");
    let (gbk, _, _) = encoding_rs::GB18030.encode(CSV);
    let semicolons = CSV
        .replace("改了图片,还是旧的", "改了图片，还是旧的")
        .replace(',', ";");
    let tabs = semicolons.replace(';', "\t");
    for (name, bytes) in [
        ("a.csv", CSV.as_bytes()),
        ("a.txt", CSV.as_bytes()),
        ("a.md", CSV.as_bytes()),
        ("bom.csv", bom.as_bytes()),
        ("gbk.csv", &*gbk),
        ("semicolons.csv", semicolons.as_bytes()),
        ("tabs.tsv", tabs.as_bytes()),
    ] {
        let read = file(name, bytes);
        two_tickets(&read, name);
        assert_eq!(read.tickets[1].line, 4, "{name}");
    }
}

#[test]
fn a_title_row_repeated_columns_and_unknown_ones_are_kept() {
    let csv =
        "二零二四年工单汇总,,,\n标题,描述,Comment,Comment,优先级\n卡顿,很慢,先看监控,再看日志,高\n";
    let read = file("a.csv", csv.as_bytes());
    let ticket = read.ticket(0);
    assert_eq!(ticket.title, "卡顿");
    let sections: Vec<_> = ticket
        .sections
        .iter()
        .map(|s| (s.heading.as_str(), s.text.as_str()))
        .collect();
    assert_eq!(
        sections,
        [
            ("Comment", "先看监控"),
            ("Comment", "再看日志"),
            ("优先级", "高")
        ]
    );
}

#[test]
fn markdown_and_html_tables_are_tables_too() {
    let markdown = "# 导出\n\n| 工单编号 | 标题 | 问题分类 | 问题描述 | 客服回复 | 根本原因 |\n|---|---|---|---|---|---|\n| T-1 | 磁盘写满 | 云主机｜磁盘 | 写不进去，<br>日志很大 | 您好，请先清理日志，再扩容 | 日志未轮转 |\n| T-2 | 缓存不刷新 | CDN｜刷新 | 旧的 | 请提交刷新任务 | |\n";
    two_tickets(&file("a.md", markdown.as_bytes()), "markdown");
    let html = "<!DOCTYPE html><html><body><nav>首页</nav><table><tr><th>工单编号</th><th>标题</th><th>问题分类</th><th>问题描述</th><th>客服回复</th><th>根本原因</th></tr><tr><td>T-1</td><td>磁盘写满</td><td>云主机｜磁盘</td><td>写不进去，<br>日志很大</td><td>您好，请先清理日志，再扩容</td><td>日志未轮转</td></tr><tr><td>T-2</td><td>缓存不刷新</td><td>CDN｜刷新</td><td>旧的</td><td>请提交刷新任务</td><td></td></tr></table></body></html>";
    two_tickets(&file("a.html", html.as_bytes()), "html");
}

#[test]
fn a_workbook_is_read_sheet_by_sheet() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("对象存储").unwrap();
    for (row, cells) in [
        ["标题", "问题描述", "答复", "日期"],
        ["上传慢", "很慢", "请用分片", ""],
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet
                .write_string(
                    u32::try_from(row).unwrap(),
                    u16::try_from(column).unwrap(),
                    *cell,
                )
                .unwrap();
        }
    }
    sheet.write_number(1, 3, 45_418).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let read = file("a.xlsx", &bytes);
    assert_eq!(read.titles(), ["上传慢"]);
    let ticket = read.ticket(0);
    assert_eq!(ticket.category.as_ref().unwrap().product, "对象存储");
    assert_eq!(said(ticket), ["A:请用分片"]);
    assert_eq!(ticket.date.unwrap().to_string(), "2024-05-06");
    let broken = file("b.xlsx", bytes.get(..bytes.len() / 2).unwrap());
    assert!(broken.tickets.is_empty() && broken.report.refused);
}

#[test]
fn columns_are_named_by_hand() {
    let options = Options {
        columns: [("标题", "A列"), ("答复", "3")]
            .map(|(label, column)| ColumnName {
                label: label.to_owned(),
                column: column.to_owned(),
            })
            .to_vec(),
        ..Options::default()
    };
    let csv = "甲,乙,丙\n打不开,x,请刷新\n";
    let read = read_as("a.csv", csv.as_bytes(), &options, 64);
    assert_eq!(read.titles(), ["打不开"]);
    assert_eq!(said(read.ticket(0)), ["A:请刷新"]);
    let unknown = file("a.csv", csv.as_bytes());
    assert!(unknown.tickets.is_empty() && unknown.articles.is_empty());
    assert!(
        unknown.kinds().contains(&"unknown_columns"),
        "{:?}",
        unknown.kinds()
    );
}

#[test]
fn helpdesks_are_read_in_their_own_shapes() {
    let zendesk = r#"{"tickets":[{"id":9,"subject":"镜像拉取慢","description":"拉取要十分钟","tags":["镜像"],"custom_fields":[{"id":1,"value":"容器｜镜像"},{"id":2,"value":null}],"requester_id":7,"created_at":"2024-05-06T02:00:00Z","comments":[{"author_id":7,"public":true,"body":"拉取要十分钟"},{"author_id":8,"public":true,"html_body":"<p>您好，<br>请换加速域名</p>"},{"author_id":8,"public":false,"body":"机房带宽打满"}]}],"count":1}"#;
    let freshdesk = r#"[{"subject":"镜像拉取慢","description":"<div>拉取要十分钟</div>","description_text":"拉取要十分钟","custom_fields":{"cf_x":"容器｜镜像"},"requester_id":7,"created_at":"2024-05-06T02:00:00Z","conversations":[{"body_text":"拉取要十分钟","incoming":true,"private":false,"user_id":7},{"body":"<div>您好，<br>请换加速域名</div>","incoming":false,"private":false,"user_id":8},{"body_text":"机房带宽打满","incoming":false,"private":true,"user_id":8}]}]"#;
    let zammad = r#"{"title":"镜像拉取慢","category":"容器｜镜像","created_at":"2024-05-06T02:00:00Z","articles":[{"sender":"Customer","internal":false,"body":"拉取要十分钟"},{"sender":"Agent","internal":false,"content_type":"text/html","body":"您好，<br>请换加速域名"},{"sender":"Agent","internal":true,"body":"机房带宽打满"}]}"#;
    let jira = r#"{"issues":[{"key":"A-1","fields":{"summary":"镜像拉取慢","description":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"拉取要十分钟"}]}]},"components":[{"name":"容器"}],"issuetype":{"name":"镜像"},"created":"2024-05-06T02:00:00.000+0000","reporter":{"accountId":"c1"},"comment":{"comments":[{"author":{"accountId":"c1"},"body":"拉取要十分钟","jsdPublic":true},{"author":{"accountId":"a1","displayName":"小李"},"body":"您好，\n请换加速域名","jsdPublic":true},{"author":{"accountId":"a1"},"body":"机房带宽打满","jsdPublic":false}]}}}]}"#;
    for (name, text) in [
        ("zendesk.json", zendesk),
        ("freshdesk.json", freshdesk),
        ("zammad.json", zammad),
        ("jira.txt", jira),
    ] {
        let read = file(name, text.as_bytes());
        assert_eq!(read.titles(), ["镜像拉取慢"], "{name}");
        let ticket = read.ticket(0);
        assert_eq!(
            ticket.category.as_ref().unwrap().to_string(),
            "容器｜镜像",
            "{name}"
        );
        assert_eq!(
            said(ticket),
            ["C:拉取要十分钟", "A:您好，\n请换加速域名", "I:机房带宽打满"],
            "{name}"
        );
        assert_eq!(ticket.date.unwrap().to_string(), "2024-05-06", "{name}");
    }
}

#[test]
fn json_may_be_wrapped_keyed_or_written_over_lines() {
    let one = r#"{"title":"甲","question":"问","reply":"答"}"#;
    for text in [
        format!("{{\"data\":{{\"list\":[{one}]}}}}"),
        format!("{{\"helpdesk_ticket\":{one}}}"),
        format!("{{\"101\":{one}}}"),
        format!("{{\"results\": [\n{one}\n], \"next\": null}}"),
        "{\n  \"title\": \"甲\",\n  \"question\": \"问\",\n  \"reply\": \"答\"\n}\n".to_owned(),
    ] {
        for name in ["a.json", "a.txt"] {
            let read = file(name, text.as_bytes());
            assert_eq!(read.titles(), ["甲"], "{name} {text}");
            assert_eq!(said(read.ticket(0)), ["A:答"], "{name} {text}");
        }
    }
}

#[test]
fn a_saved_page_is_a_ticket() {
    let html = "<!DOCTYPE html><html><head><title>工单</title><style>a{}</style><script>x<y</script></head><body><nav>首页</nav><h2>实例起不来</h2><div>问题分类：云主机｜启动</div><h3>问题描述</h3><p>重启后起不来，&nbsp;黑屏&hellip;</p><h3>客服回复</h3><ol><li>请用 VNC 看 <code>dmesg</code></li><li>见<a href=\"https://help.example.com/boot\">文档</a></li></ol><h3>根本原因</h3><p>内核参数有误</p><table><tr><td>处理人</td><td>小周</td></tr></table><footer>版权</footer></body></html>";
    let read = file("a.html", html.as_bytes());
    assert_eq!(read.titles(), ["实例起不来"]);
    let ticket = read.ticket(0);
    assert_eq!(
        ticket.category.as_ref().unwrap().to_string(),
        "云主机｜启动"
    );
    assert_eq!(ticket.question, "重启后起不来， 黑屏…");
    assert_eq!(
        said(ticket),
        [
            "A:请用 VNC 看 dmesg",
            "A:见[文档](https://help.example.com/boot)"
        ]
    );
    assert_eq!(ticket.causes, ["内核参数有误"]);
    assert_eq!(ticket.sections[0].heading, "处理人");
}

#[test]
fn a_thread_of_mail_is_a_ticket() {
    let mbox = "From a@c.example Mon May  6 10:00:00 2024\r\nFrom: =?utf-8?B?5byg5LiJ?= <a@c.example>\r\nTo: help@v.example\r\nSubject: =?utf-8?B?6K+B5Lmm6L+H5pyf?=\r\nDate: Mon, 6 May 2024 10:00:00 +0800\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n证书昨天过期了\r\n\r\nFrom help@v.example Mon May  6 11:00:00 2024\r\nFrom: help@v.example\r\nTo: a@c.example\r\nSubject: Re: =?utf-8?B?6K+B5Lmm6L+H5pyf?=\r\nDate: Mon, 6 May 2024 11:00:00 +0800\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>您好，<br>请续期</p>\r\n\r\n";
    let read = file("box.mbox", mbox.as_bytes());
    assert_eq!(read.titles(), ["证书过期"]);
    let ticket = read.ticket(0);
    assert_eq!(ticket.question, "证书昨天过期了");
    assert_eq!(said(ticket), ["A:您好，\n请续期"]);
    assert_eq!(ticket.date.unwrap().to_string(), "2024-05-06");
}

#[test]
fn front_matter_gives_defaults() {
    let doc = "---\ntitle: 短信延迟\ncategory: 短信｜下发\ntags: [短信, 延迟]\ndate: 2024-05-06\nroot_cause: 运营商拥塞\n---\n\n# 短信延迟\n\n## 问题描述\n\n晚到半小时\n\n## 客服回复\n\n您好，请换通道。\n";
    let read = file("a.md", doc.as_bytes());
    assert_eq!(read.titles(), ["短信延迟"]);
    let ticket = read.ticket(0);
    assert_eq!(ticket.category.as_ref().unwrap().to_string(), "短信｜下发");
    assert_eq!(ticket.causes, ["运营商拥塞"]);
    assert_eq!(ticket.date.unwrap().to_string(), "2024-05-06");
    assert_eq!(ticket.question, "晚到半小时");
    assert_eq!(ticket.sections[0].heading, "tags");
}

#[test]
fn sections_are_found_by_name_wherever_they_stand() {
    let doc = "# 集\n\n---\n\n## 下载中断\n\n**问题分类**: 对象存储｜下载\n\n### 根本原因分析\n超时太短\n\n### 客服解答内容\n1. 请用断点续传\n1. 把超时调大\n1. 再试一次\n\n### 详细问题描述\n下到一半就断\n\n---\n";
    let read = file("a.md", doc.as_bytes());
    let ticket = read.ticket(0);
    assert_eq!(ticket.question, "下到一半就断");
    assert_eq!(
        said(ticket),
        ["A:请用断点续传", "A:把超时调大", "A:再试一次"]
    );
}

#[test]
fn a_label_at_any_level_is_a_section_and_a_title_may_begin_with_its_word() {
    let ticket = |title: &str| {
        format!(
            "---\n## {title}\n\n**问题分类**：CDN｜配置\n\n#\n## 详细问题描述\n想这么配\n\n#\n## 客服解答内容\n1. 您好，可以\n\n#\n## 根本原因分析\n功能咨询\n\n"
        )
    };
    let doc = format!(
        "# 问题集\n\n> 本文档包含 3 个问题\n\n{}{}{}",
        ticket("图片打不开"),
        ticket("适用范围：测试环境能用吗"),
        ticket("使用场景：直播")
    );
    let read = file("a.md", doc.as_bytes());
    assert_eq!(
        read.titles(),
        ["图片打不开", "适用范围：测试环境能用吗", "使用场景：直播"]
    );
    assert_eq!(read.ticket(1).causes, ["功能咨询"]);
}

#[test]
fn levels_placeholders_and_empty_promises() {
    let doc = "## 甲\n\n**分类**：云主机｜磁盘｜扩容\n\n### 问题描述\n满了\n\n### 客服解答\n请扩容\n\n## 乙\n\n**分类**：未分类｜其他\n\n### 问题描述\n满了\n\n### 客服解答\n请清理\n";
    let read = file("a.md", doc.as_bytes());
    assert_eq!(
        read.ticket(0).category.as_ref().unwrap().to_string(),
        "云主机｜磁盘"
    );
    assert_eq!(read.ticket(0).scenarios, ["扩容"]);
    assert_eq!(read.ticket(1).category, None);
    let none = file(
        "b.md",
        "# 工单\n\n本文件包含 80 个工单。\n\n---\n".as_bytes(),
    );
    assert_eq!(
        none.value("declared_count_mismatch", "declared"),
        Some("80")
    );
    assert!(none.articles.is_empty() && none.report.refused);
}
