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
    let doc = "## 带宽跑满\n\n**分类**：云主机｜网络\n\n### 问题描述\n\n跑满了\n\n### 客服解答\n\n您好，请看监控\n第二行\n\n1. 先限速\n2. 再升级\n\n### 跟进安排\n\n客户是重点\n\n### 根本原因分析\n\n被攻击\n\n## 无法远程\n\n**分类**：云主机｜网络\n\n### 问题描述\n\n连不上\n\n### 客服解答\n\n请放行端口\n\n### 根本原因分析\n\n安全组未放行\n";
    let read = read(doc);
    assert_eq!(
        said(read.ticket(0)),
        ["A:您好，请看监控\n第二行", "A:1. 先限速\n2. 再升级"]
    );
    assert_eq!(read.ticket(0).sections[0].heading, "跟进安排");
    assert_eq!(read.ticket(0).sections[0].text, "客户是重点");
    assert_eq!(read.value("unknown_section", "heading"), Some("跟进安排"));
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

#[test]
fn a_label_with_its_extent_is_still_one_and_a_summary_marks_the_turns_it_repeats() {
    let read = read(
        "## 签名审核不过\n\n**分类**：短信->签名\n\n#### 客户问题\n\n三次不过\n\n\
         #### 客服解答要点\n\n1. 签名需与执照一致\n2. 需上传授权书\n\n\
         #### 完整对话\n\n**用户**: 三次不过\n**技术支持**: 您好，签名需与执照一致\n\
         **用户**: 商标可以吗\n**技术支持**: 可以，需上传授权书\n\n#### 原因归类\n\n资质不符\n",
    );
    let ticket = read.ticket(0);
    assert_eq!(
        said(ticket),
        [
            "C:三次不过",
            "A:您好，签名需与执照一致",
            "C:商标可以吗",
            "A:可以，需上传授权书"
        ]
    );
    let marked: Vec<bool> = ticket.dialogue.iter().map(|t| t.in_summary).collect();
    assert_eq!(marked, [false, true, false, true]);
    assert_eq!(ticket.causes, ["资质不符"]);
    assert_eq!(read.kinds(), [] as [&str; 0]);
}

#[test]
fn pictures_before_titles_speakers_and_causes_hide_nothing() {
    let read = read(
        "# 📚 知识库\n\n## 🎫 工单 1：支付失败\n\n🏷️ **分类**：财务 › 支付\n\n### ❓ 问题描述\n付不了\n\n\
         ### 💬 客服解答\n👤 客户：付不了\n👩‍💻 客服：您好，请换浏览器\n\n### 🔍 根本原因分析\n✅ 浏览器兼容\n",
    );
    assert_eq!(read.titles(), ["支付失败"]);
    assert_eq!(said(read.ticket(0)), ["C:付不了", "A:您好，请换浏览器"]);
    assert_eq!(read.ticket(0).causes, ["浏览器兼容"]);
}

#[test]
fn names_with_times_alone_on_a_line_begin_turns() {
    let read = read(
        "# 会话导出\n\n## 会话 20240102-001\n\n分类：主机｜网络\n\n\
         张三(客户) 2024-01-02 10:00:00\nping 不通\n\n客服-小李 2024-01-02 10:01:00\n您好，请检查安全组\n\n\
         根本原因：安全组未放行\n\n## 会话 20240102-002\n\n分类：主机｜登录\n\n\
         10:30:00 客服小陈\n您好，请重置密码\n\n根本原因：密码错误\n",
    );
    assert_eq!(read.titles(), ["会话 20240102-001", "会话 20240102-002"]);
    assert_eq!(
        said(read.ticket(0)),
        ["C:ping 不通", "A:您好，请检查安全组"]
    );
    assert_eq!(said(read.ticket(1)), ["A:您好，请重置密码"]);
    assert_eq!(read.ticket(0).dialogue[0].name.as_deref(), Some("张三"));
}

#[test]
fn a_quoted_conversation_loses_its_marks_on_every_line() {
    let read = read(
        "## 1. Upload fails\n\n**Category:** Storage / Upload\n\n### Description\nA 6 GB form fails.\n\n\
         ### Support Replies\n> **Agent Amy (2024-05-01 10:00):** The limit is 1 GB.\n> Use multipart:\n>\n> see the SDK.\n>\n\
         > **Customer (10:05):** Thanks!\n\n### Root Cause\nLimit exceeded\n",
    );
    assert_eq!(
        said(read.ticket(0)),
        [
            "A:The limit is 1 GB.\nUse multipart:\n\nsee the SDK.",
            "C:Thanks!"
        ]
    );
    assert_eq!(read.ticket(0).dialogue[0].name.as_deref(), Some("Amy"));
}

#[test]
fn steps_that_a_reply_announces_stay_in_it_across_blank_lines() {
    let read = read(
        "## 迁移\n\n**分类**：存储｜迁移\n\n### 问题描述\n\n怎么迁\n\n### 客服解答\n\n\
         您好，步骤如下：\n\n1. 下载工具\n\n2. 登录\n\n请稍后验证。\n\n### 根本原因\n\n咨询\n",
    );
    assert_eq!(
        said(read.ticket(0)),
        [
            "A:您好，步骤如下：\n\n1. 下载工具\n\n2. 登录",
            "A:请稍后验证。"
        ]
    );
}

#[test]
fn titles_by_label_under_a_heading_or_a_bracketed_number() {
    for text in [
        "# 数据\n\n**1. 标题**：审核多久\n**分类**：备案 | 审核\n**问题**：没消息\n**回复1**：20 天\n**原因**：周期\n\n\
         **2. 标题**：被驳回\n**分类**：备案 | 驳回\n**问题**：不合规\n**回复1**：请修改\n**原因**：名称\n",
        "【工单1】\n【标题】审核多久\n【分类】备案-审核\n【问题描述】没消息\n【客服回复】20 天\n【根本原因】周期\n\n\
         【工单2】\n【标题】被驳回\n【分类】备案-驳回\n【问题描述】不合规\n【客服回复】请修改\n【根本原因】名称\n",
    ] {
        let read = read(text);
        assert_eq!(read.titles(), ["审核多久", "被驳回"]);
        assert_eq!(read.ticket(1).category.as_ref().unwrap().issue_type, "驳回");
        assert_eq!(read.ticket(0).causes, ["周期"]);
        assert_eq!(read.kinds(), [] as [&str; 0]);
    }
}

#[test]
fn a_table_of_contents_and_an_appendix_are_no_tickets() {
    let body = "**分类**: 存储｜上传\n\n### 问题描述\n\n失败\n\n### 客服解答\n\n请检查\n\n### 根本原因\n\n网络\n";
    let read = read(&format!(
        "# 手册\n\n## 目录\n\n- [1. 上传](#1)\n\n## 1. 上传\n\n{body}\n## 附录\n\n共 3 条。\n"
    ));
    assert_eq!(read.titles(), ["上传"]);
    assert_eq!(read.kinds(), ["unparsed_text", "declared_count_mismatch"]);
    assert_eq!(read.value("declared_count_mismatch", "declared"), Some("3"));
}

#[test]
fn what_follows_a_heading_of_the_question_is_its_text_whatever_it_looks_like() {
    let body = "### 客服解答\n1. 您好，按如下操作：\n\n---\n\n1. 进入费用中心\n2. 导出\n\n---\n2. 或换浏览器\n\n### 根本原因\n插件\n\n---\n";
    let read = read(&format!(
        "# 数据\n\n## 甲\n\n**分类**: 财务｜账单\n\n### 问题描述\n### 导出没反应\n**客服**：之前说可以\n\n{body}\n\
         ## 乙\n\n**分类**: 财务｜账单\n\n### 问题描述\n导出没反应\n\n---\n截图如上\n\n{body}"
    ));
    let question = &read.ticket(0).question;
    assert_eq!(question, "### 导出没反应\n**客服**：之前说可以");
    assert!(read.ticket(1).question.ends_with("截图如上"));
    for ticket in 0..2 {
        let said = said(read.ticket(ticket));
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("进入费用中心") && said[1] == "A:或换浏览器");
    }
    assert_eq!(read.kinds(), [] as [&str; 0]);
}

#[test]
fn a_list_of_facts_under_the_title_becomes_sections_and_nobody_speaks_in_it() {
    let read = read(
        "## [TK-1] 函数超时\n\n- 工单编号：TK-1\n- 创建时间：2024-02-03 09:10:11\n- 产品：云函数\n- 类型：性能\n\
         - 优先级：紧急\n- 处理人：王工\n\n### 描述\n\n超过 3 秒就超时\n\n### 处理过程\n\n\
         **客户 (2024-02-03 09:10:11)**\n超过 3 秒就超时\n\n**王工（客服） (2024-02-03 09:12:00)**\n请调大超时。\n\n### 原因\n\n默认太短\n",
    );
    let ticket = read.ticket(0);
    assert_eq!(ticket.question, "超过 3 秒就超时");
    assert_eq!(said(ticket), ["C:超过 3 秒就超时", "A:请调大超时。"]);
    let sections: Vec<(&str, &str)> = ticket
        .sections
        .iter()
        .map(|s| (s.heading.as_str(), s.text.as_str()))
        .collect();
    assert_eq!(
        sections,
        [("工单编号", "TK-1"), ("优先级", "紧急"), ("处理人", "王工")]
    );
    assert_eq!(ticket.category.as_ref().unwrap().issue_type, "性能");
}

#[test]
fn a_table_of_facts_is_read_like_its_lines() {
    let read = read(
        "## 签名错\n\n| 字段 | 内容 |\n| --- | --- |\n| 分类 | CDN｜鉴权 |\n| 优先级 | 低 |\n| 日期 | 2024-06-02 |\n\n\
         ### 问题描述\n\n签名错误\n\n### 客服回复\n\n1. 请检查 key\n\n### 根本原因\n\nkey 错误\n",
    );
    let ticket = read.ticket(0);
    assert_eq!(ticket.category.as_ref().unwrap().product, "CDN");
    assert_eq!(ticket.date.unwrap().to_string(), "2024-06-02");
    assert_eq!(ticket.question, "签名错误");
    assert_eq!(ticket.sections.len(), 1);
    assert_eq!(ticket.sections[0].heading, "优先级");
}

#[test]
fn no_line_under_a_label_of_one_line_is_lost() {
    let read = read(
        "## 甲\n\n**分类**：\n- CDN\n- 证书\n\n**日期**：2024-01-02\n由夜班补录\n\n### 问题描述\n问\n\n### 客服解答\n答\n\n### 根本原因\n因\n",
    );
    let ticket = read.ticket(0);
    let category = ticket.category.as_ref().unwrap();
    assert_eq!(
        (category.product.as_str(), category.issue_type.as_str()),
        ("CDN", "证书")
    );
    assert_eq!(ticket.sections[0].text, "由夜班补录");
}

#[test]
fn a_table_of_tickets_gives_one_ticket_a_row() {
    let read = read(
        "# 汇总\n\n| 序号 | 标题 | 分类 | 问题描述 | 客服回复 | 根本原因 |\n|---|---|---|---|---|---|\n\
         | 1 | 退款进度 | 财务｜退款 | 一周没到 | 已催促 | 审批延迟 |\n\
         | 2 | 上传 403 | 存储｜上传 | 报 403 | 请检查权限<br>或 a\\|b | 过期；不足 |\n\n以上共 2 条\n",
    );
    assert_eq!(read.titles(), ["退款进度", "上传 403"]);
    assert_eq!(said(read.ticket(1)), ["A:请检查权限\n或 a|b"]);
    assert_eq!(read.ticket(1).causes, ["过期", "不足"]);
    assert_eq!(read.tickets[1].line, 6);
}

#[test]
fn facts_without_colons_questions_as_titles_and_kinds_of_causes() {
    let facts = read(
        "## 问题 1: 怎么绑定？\n\n> **分类** CDN / 域名\n\n**用户提问**\n怎么绑定？\n\n**客服回复**\n1. 登录\n\n\
         **原因分析**\n- **主要原因**：咨询\n- **次要原因**：文档不清\n",
    );
    assert_eq!(
        facts.ticket(0).category.as_ref().unwrap().issue_type,
        "域名"
    );
    assert_eq!(facts.ticket(0).causes, ["咨询", "文档不清"]);
    let asked =
        read("# 记录\n\n## Q: 流量怎么算？\nA: 按下行计费。\n\n## Q: 回源收费吗？\nA: 收费。\n");
    assert_eq!(asked.titles(), ["流量怎么算？", "回源收费吗？"]);
    assert_eq!(said(asked.ticket(1)), ["A:收费。"]);
}
