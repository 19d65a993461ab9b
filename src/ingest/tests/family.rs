//! Dialects that nobody announced: every reply and turn must find its place.

use super::{read, read_as, said};
use crate::ingest::Options;

#[test]
fn headings_with_numbered_replies() {
    let doc = "# 售后问答 Part 3\n\n共 2 条\n\n---\n\n## 1. 存储桶打不开\n\n**分类**：对象存储 > 访问\n\n### 问题描述\n\n打开报 403\n第二行\n\n### 客服解答\n\n1. 您好，步骤如下1.打开控制台2.点权限\n1.免费证书申请\n2.补全信息\n\n   续行\n2. 还有问题再联系\n\n### 根本原因分析\n\n权限未开放；Referer 为空\n\n---\n## 2. 证书过期\n\n**分类**：CDN | 证书\n\n### 问题描述\n\n过期了\n\n### 客服解答\n\n1. 重新申请\n\n### 根本原因分析\n\n待确认\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["存储桶打不开", "证书过期"]);
    let first = read.ticket(0);
    assert_eq!(
        first.category.as_ref().unwrap().to_string(),
        "对象存储｜访问"
    );
    assert_eq!(first.question, "打开报 403\n第二行");
    assert_eq!(
        said(first),
        [
            "A:您好，步骤如下1.打开控制台2.点权限\n1.免费证书申请\n2.补全信息\n\n   续行",
            "A:还有问题再联系"
        ]
    );
    assert_eq!(first.causes, ["权限未开放", "Referer 为空"]);
    assert_eq!((read.tickets[0].line, read.tickets[1].line), (7, 30));
    assert!(
        read.report.warnings.is_empty(),
        "{:?}",
        read.report.warnings
    );
}

#[test]
fn bold_sections_instead_of_headings() {
    let doc = "## Q1: 域名解析失败\n**问题分类**: DNS/解析\n**问题描述**：解析不到\n**客服解答**：\n- 您好，请检查 NS\n- 已为您刷新\n**根本原因**：NS 未切换\n\n## Q2: 域名被锁定\n**问题分类**: DNS/过户\n**问题描述：** 无法转出\n**客服解答：**\n- 联系注册商解锁\n**根本原因：** 注册商锁定\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["域名解析失败", "域名被锁定"]);
    assert_eq!(said(read.ticket(0)), ["A:您好，请检查 NS", "A:已为您刷新"]);
    assert_eq!(read.ticket(1).question, "无法转出");
    assert_eq!(read.ticket(1).causes, ["注册商锁定"]);
}

#[test]
fn conversations_with_names_times_and_lines() {
    let doc = "### 【问题】短信收不到\n\n分类：短信 ｜ 下发\n\n#### 对话记录\n\n[2024-10-08 09:12] 客户张三：收不到验证码\n手机是安卓\n[2024-10-08 09:15:01] 客服小王：您好，稍等\n**客服(小李)**：签名未审核\n请重新提交：\n1. 登录\n2. 提交\n系统：会话结束\n\n#### 原因分析\n\n1. 签名未审核\n2. 模板有误\n";
    let read = read(doc);
    let ticket = read.ticket(0);
    assert_eq!(ticket.title, "短信收不到");
    assert_eq!(
        said(ticket),
        [
            "C:收不到验证码\n手机是安卓",
            "A:您好，稍等",
            "A:签名未审核\n请重新提交：\n1. 登录\n2. 提交",
            "O:会话结束"
        ]
    );
    let names: Vec<_> = ticket.dialogue.iter().map(|t| t.name.as_deref()).collect();
    assert_eq!(
        names,
        [Some("张三"), Some("小王"), Some("小李"), Some("系统")]
    );
    assert_eq!(ticket.causes, ["签名未审核", "模板有误"]);
    assert_eq!(ticket.question, "");
}

#[test]
fn a_conversation_repeated_beside_the_replies_is_one() {
    let doc = "## 直播卡顿\n**分类**: 直播>播放\n### 问题描述\n卡\n### 客服解答\n1. 请换线路\n2. 已扩容\n### 完整对话\n**客户**：卡\n**客服**：请稍等\n**客服**：请换线路\n**客户**：还卡\n**客服**：已扩容\n### 根本原因\n带宽不足\n";
    let read = read(doc);
    let ticket = read.ticket(0);
    assert_eq!(
        said(ticket),
        ["C:卡", "A:请稍等", "A:请换线路", "C:还卡", "A:已扩容"]
    );
    let marks: Vec<bool> = ticket.dialogue.iter().map(|t| t.in_summary).collect();
    assert_eq!(marks, [false, false, true, false, true]);
}

#[test]
fn plain_labels_without_any_heading() {
    let doc = "标题：无法登录控制台\n产品：账户\n类型：登录\n时间：2024年10月8日\n问题描述：密码不对\n原话：急\n客服回复：请用邮箱重置密码\n根因：密码遗忘\n\n标题：余额不足\n产品：账户\n类型：计费\n问题描述：欠费了\n客服回复：请充值\n根因：欠费\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["无法登录控制台", "余额不足"]);
    let first = read.ticket(0);
    assert_eq!(first.category.as_ref().unwrap().to_string(), "账户｜登录");
    assert_eq!(first.date.unwrap().to_string(), "2024-10-08");
    assert_eq!(first.question, "密码不对\n原话：急");
    assert_eq!(said(first), ["A:请用邮箱重置密码"]);
}

#[test]
fn english_labels_and_speakers() {
    let doc = "# Resolved tickets\n\nThis file contains 3 tickets.\n\n## 1) Upload fails\n\n**Category:** Object Storage | Upload\n\n**Description:** 403 on PUT\n\n**Conversation:**\nCustomer: it fails\nSupport Engineer (Amy): check the token\nand the clock\n\n**Root Cause:** token expired\n\n## 2) Slow site\n\n**Category:** CDN | Speed\n\n**Description:** slow\n\n**Conversation:**\nCustomer: slow\nAgent: purge the cache\n\n**Root Cause:** cold cache\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["Upload fails", "Slow site"]);
    assert_eq!(
        said(read.ticket(0)),
        ["C:it fails", "A:check the token\nand the clock"]
    );
    assert_eq!(read.value("declared_count_mismatch", "declared"), Some("3"));
}

#[test]
fn paragraphs_are_replies_and_unknown_sections_stay() {
    let doc = "## 带宽跑满\n\n**分类**：云主机｜网络\n\n### 问题描述\n\n跑满了\n\n### 客服解答\n\n您好，请看监控\n第二行\n\n1. 先限速\n2. 再升级\n\n### 内部备注\n\n客户是重点\n\n### 根本原因分析\n\n被攻击\n\n## 无法远程\n\n**分类**：云主机｜网络\n\n### 问题描述\n\n连不上\n\n### 客服解答\n\n请放行端口\n\n### 根本原因分析\n\n安全组未放行\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        ["A:您好，请看监控\n第二行", "A:1. 先限速\n2. 再升级"]
    );
    assert_eq!(read.ticket(0).sections[0].heading, "内部备注");
    assert_eq!(read.ticket(0).sections[0].text, "客户是重点");
    assert_eq!(read.value("unknown_section", "heading"), Some("内部备注"));
}

#[test]
fn labels_on_the_level_of_titles() {
    let doc = "## 图片打不开\n## 问题描述\n打不开\n## 客服解答\n请刷新\n## 补充说明\n无痕模式正常\n## 根本原因\n缓存\n## 视频打不开\n## 问题描述\n黑屏\n## 客服解答\n请转码\n## 根本原因\n编码不支持\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["图片打不开", "视频打不开"]);
    assert_eq!(read.ticket(0).sections[0].heading, "补充说明");
    assert_eq!(said(read.ticket(1)), ["A:请转码"]);
}

#[test]
fn no_blank_lines_and_no_rules() {
    let doc = "# 集锦\n## 问题1：空间删不掉\n**分类**：对象存储｜管理\n### 问题描述\n删不掉\n### 客服解答\n请先清空文件\n清空后再删\n### 根本原因分析\n空间非空\n## 问题2：配额不够\n**分类**：对象存储｜管理\n### 问题描述\n不够\n### 客服解答\n请提交申请，内容：\n用途\n### 根本原因分析\n配额用尽\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["空间删不掉", "配额不够"]);
    assert_eq!(said(read.ticket(0)), ["A:请先清空文件", "A:清空后再删"]);
    assert_eq!(said(read.ticket(1)), ["A:请提交申请，内容：\n用途"]);
}

#[test]
fn chapters_front_matter_and_bracketed_labels() {
    let doc = "---\ntitle: 汇编\ntotal: 2\n---\n\n# 第一章 存储\n\n## 案例一：上传慢\n\n【分类】存储／上传\n\n【问题描述】\n很慢\n\n【客服解答】\n1、换区域\n2、用加速域名\n\n【根本原因】跨国链路\n\n# 第二章 网络\n\n## 案例二：丢包\n\n【分类】网络／链路\n\n【问题描述】\n丢包\n\n【客服解答】\n1、已切换线路\n\n【根本原因】线路抖动\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["上传慢", "丢包"]);
    assert_eq!(said(read.ticket(0)), ["A:换区域", "A:用加速域名"]);
    assert_eq!(
        read.ticket(1).category.as_ref().unwrap().to_string(),
        "网络｜链路"
    );
    assert!(
        read.report.warnings.is_empty(),
        "{:?}",
        read.report.warnings
    );
}

#[test]
fn questions_and_answers_are_tickets_of_their_own() {
    let doc = "Q: 如何开通 CDN？\nA: 控制台添加域名即可。\n\nQ: 如何关闭？\nA: 停用域名。\n停用后生效。\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["如何开通 CDN？", "如何关闭？"]);
    assert_eq!(said(read.ticket(1)), ["A:停用域名。\n停用后生效。"]);
}

#[test]
fn speakers_straight_under_the_title() {
    let doc = "## 发票没收到\n**分类**：财务｜发票\n\n客户：发票呢\n客服小陈：已寄出，单号 SF1\n客户：谢谢\n\n**根本原因**：物流延迟\n\n## 开票抬头错了\n**分类**：财务｜发票\n\n客户：抬头错了\n客服小陈：请退回重开\n\n**根本原因**：填写错误\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        ["C:发票呢", "A:已寄出，单号 SF1", "C:谢谢"]
    );
    assert_eq!(read.ticket(1).causes, ["填写错误"]);
}

#[test]
fn the_words_of_a_label_inside_a_reply_do_not_split_it() {
    let doc = "## 回源失败\n**分类**：CDN｜回源\n### 问题描述\n502\n### 客服解答\n**客户**：502\n**客服**：您好\n原因：源站超时\n**解决方案**：调大超时\n### 根本原因分析\n源站超时\n## 命中率低\n**分类**：CDN｜缓存\n### 问题描述\n低\n### 客服解答\n**客服**：去参数\n### 根本原因分析\n参数各异\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        ["C:502", "A:您好\n原因：源站超时\n**解决方案**：调大超时"]
    );
    assert_eq!(read.ticket(0).causes, ["源站超时"]);
}

#[test]
fn a_pasted_conversation_is_one_case() {
    let read = read("用户：证书申请失败\n客服：请添加 TXT 记录\n用户：好了\n");
    assert_eq!(read.titles(), ["证书申请失败"]);
    assert_eq!(read.ticket(0).dialogue.len(), 3);
}

#[test]
fn json_lines_are_tickets_too() {
    let doc = "{\"title\":\"a\",\"question\":\"b\",\"answer\":[\"c\",\"d\"],\"category\":\"X/Y\",\"根因\":\"e\"}\n\nbroken\n{\"title\":\"f\",\"answer\":\"g\"}\n";
    let read = read_as("x.jsonl", doc.as_bytes(), &Options::default(), 5);
    assert_eq!(read.titles(), ["a", "f"]);
    assert_eq!(said(read.ticket(0)), ["A:c", "A:d"]);
    assert_eq!(read.tickets[1].line, 4);
    assert!(read.kinds().contains(&"unparsed_text"));
}

#[test]
fn an_article_has_passages_without_the_page_around_it() {
    let body =
        "对象存储的生命周期规则可以在控制台中按前缀设置，规则每天执行一次，删除之后不能恢复。";
    let doc = format!(
        "首页\n当前位置：首页 >> 云 >>\n\n生命周期规则如何设置\n\n2024-03-05 来源：示例站 围观：3次\n\n{body}\n\n1. 规则概述\n\n{body}按前缀匹配对象。\n\n2. 操作步骤\n\n登录之后打开存储空间的规则页面，新建一条规则并保存。\n\n相关文章\n • 另一篇\n\n   {body}\n"
    );
    let read = read_as("a.txt", doc.as_bytes(), &Options::default(), 11);
    let article = &read.articles[0].article;
    assert_eq!(article.title, "生命周期规则如何设置");
    assert_eq!(article.source.as_deref(), Some("示例站"));
    assert_eq!(article.date.unwrap().to_string(), "2024-03-05");
    let headings: Vec<&str> = article
        .passages
        .iter()
        .map(|p| p.heading.as_str())
        .collect();
    assert_eq!(headings, ["", "1. 规则概述", "2. 操作步骤"]);
    assert!(!article.passages.iter().any(|p| p.text.contains("另一篇")));
}

#[test]
fn program_text_is_suspicious_and_imported_only_when_asked() {
    let doc = "# tool\n\n## Installation\n\n    cargo install tool\n\n## Usage\n\nRun `tool --help` to see what it can do for you today.\n\n## License\n\nMIT\n";
    let refused = read_as("notes.md", doc.as_bytes(), &Options::default(), 64);
    assert_eq!(
        (refused.articles.len(), refused.kinds()),
        (0, vec!["suspicious_file"])
    );
    let options = Options {
        articles: true,
        ..Options::default()
    };
    assert_eq!(
        read_as("notes.md", doc.as_bytes(), &options, 64)
            .articles
            .len(),
        1
    );
}

#[test]
fn bold_titles_quoted_questions_and_named_replies() {
    let doc = "**1. 上传超时**\n**分类**：存储｜上传\n> **问题**：超时\n> 换网也不行\n\n**回复**：\n回复1：请分片\n回复2：请换网络\n**原因**：网络差\n---\n**2. 下载慢**\n**分类**：存储｜下载\n**问题**：慢\n**回复**：\n回复1：请用加速\n**原因**：跨境\n---\n";
    let read = read(doc);
    assert_eq!(read.titles(), ["上传超时", "下载慢"]);
    assert_eq!(read.ticket(0).question, "超时\n换网也不行");
    assert_eq!(said(read.ticket(0)), ["A:请分片", "A:请换网络"]);
}

#[test]
fn a_solution_that_nobody_said_stands_after_the_conversation() {
    let doc = "## 备案被驳回\n**分类**：备案\n### 对话记录\n客户：被驳回\n客服：请补材料\n### 解决方案\n1. 重新上传身份证\n### 根因\n材料不全\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        ["C:被驳回", "A:请补材料", "A:重新上传身份证"]
    );
}
