//! A working day: searching, browsing, annotating, copying.

use super::{TICKETS, causes, goes_to, home, id, row, workbench};
use crate::terminal::{Home, Terminal};

/// Waits until the status line says something.
fn said(terminal: &Terminal, what: &str) {
    terminal.until_that(what, |screen| {
        screen
            .lines()
            .last()
            .is_some_and(|line| line.contains(what))
    });
}

#[test]
fn the_first_start_shows_the_sample_and_says_so_until_a_real_import() {
    let home = Home::new();
    let terminal = Terminal::open(&home, 120, 36, &[]);
    terminal.until("示例数据：导入自己的工单后自动移除");
    terminal.until("CDN");
    terminal.send("q");
    assert!(terminal.ended());

    let file = home.file("七月.md", TICKETS);
    let output = home.run(&["import", &file]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("示例数据已移除"), "{said}");
    let terminal = workbench(&home, 120, 36);
    let screen = terminal.until("工单 1/5");
    assert!(!screen.contains("示例数据"), "{screen}");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn a_search_narrows_with_every_character_typed() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    terminal.until("5 条");
    terminal.send("/");
    terminal.send("存");
    terminal.until_that("fewer rows", |screen| !screen.contains("子账号登录"));
    terminal.send("储桶");
    let screen = terminal.until("搜索 / 存储桶");
    assert!(screen.contains("存储桶删除失败"), "{screen}");
    // A bucket in a domain's name is found by its synonym, until the query says more.
    terminal.send("删除");
    terminal.until_that("one hit", |screen| {
        screen.contains("1 条 + 1 条近似") && !screen.contains("证书续期")
    });
    // Back to everything.
    terminal.send("\r");
    terminal.until("复制最佳回复");
    terminal.send("\x1b");
    terminal.until("证书续期后仍提示过期");
    terminal.until("5 条");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn a_category_is_browsed_from_tree_to_list_to_detail() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    // Rows come before the counts of the tree.
    terminal.until("│v 对象存储");
    // Down the tree: everything, CDN and its two types, then the next product.
    terminal.send("\x1bOQ");
    terminal.until("只看此类");
    let before = terminal.text();
    let line = before
        .lines()
        .filter(|line| line.starts_with('│'))
        .position(|line| line.starts_with("│v 对象存储"));
    for _ in 0..line.unwrap() {
        terminal.send("j");
    }
    terminal.send("\r");
    let screen = terminal.until_that("only one product", |screen| {
        screen.contains("工单 1/2") && !screen.contains("证书续期")
    });
    assert!(screen.contains("上传大文件超时"), "{screen}");
    assert!(screen.contains("存储桶删除失败"), "{screen}");
    terminal.send("\x1bOR");
    goes_to(&terminal, "上传大文件超时", "请使用分片上传");
    terminal.send("\r");
    terminal.until_that("the detail alone", |screen| {
        screen.contains("请使用分片上传") && !screen.contains("存储桶删除失败")
    });
    terminal.send("\x1b");
    terminal.until("存储桶删除失败");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn annotations_survive_quitting_and_an_undo_names_what_it_undid() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    // A cause that there is.
    goes_to(
        &terminal,
        "子账号登录报权限不足",
        "请在访问管理里给该子账号",
    );
    terminal.send("a");
    terminal.until("缓存规则未配置");
    terminal.send("缓存");
    terminal.until_that("the cause found", |screen| {
        screen.contains("缓存规则未配置") && !screen.contains("[ ] 证书未重新绑定")
    });
    terminal.send("\r");
    terminal.until("根因：缓存规则未配置");
    // One that there is not, on purpose.
    goes_to(&terminal, "存储桶删除失败", "历史版本和碎片");
    terminal.send("a");
    terminal.until("[ ] 证书未重新绑定");
    terminal.send("桶内有历史版本");
    terminal.until("新建根因：桶内有历史版本");
    terminal.send("\x0f");
    terminal.until("[x] 新建根因：桶内有历史版本");
    terminal.send("\r");
    said(&terminal, "根因：桶内有历史版本");
    terminal.send("q");
    assert!(terminal.ended());
    assert_eq!(causes(&home, "存储桶删除失败"), ["桶内有历史版本"]);
    assert_eq!(causes(&home, "子账号登录报权限不足"), ["缓存规则未配置"]);

    // The next day everything is as it was.
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "存储桶删除失败", "桶内有历史版本");
    terminal.send("a");
    terminal.until("[x] 桶内有历史版本");
    terminal.send("分片");
    terminal.until_that("the cause found", |screen| {
        screen.contains("[ ] 未使用分片上传") && !screen.contains("] 桶内")
    });
    terminal.send("\r");
    terminal.until("根因：未使用分片上传");
    terminal.send("u");
    let screen = terminal.until("已撤销");
    let said = screen.lines().last().unwrap();
    assert!(said.contains("未使用分片上传"), "{said}");
    terminal.until_that("the cause before", |screen| {
        screen.contains("根因  桶内有历史版本")
    });
    terminal.send("q");
    assert!(terminal.ended());
    assert_eq!(causes(&home, "存储桶删除失败"), ["桶内有历史版本"]);
}

#[test]
fn what_was_saved_the_moment_before_quitting_is_saved() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "存储桶删除失败", "历史版本和碎片");
    terminal.send("a");
    terminal.until("[ ] 证书未重新绑定");
    terminal.send("缓存");
    terminal.until_that("the cause found", |screen| {
        screen.contains("[ ] 缓存规则未配置") && !screen.contains("[ ] 证书未")
    });
    terminal.send("\rq");
    assert!(terminal.ended());
    assert_eq!(causes(&home, "存储桶删除失败"), ["缓存规则未配置"]);
}

#[test]
fn marked_tickets_are_annotated_and_undone_as_one_act() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "上传大文件超时", "请使用分片上传");
    terminal.send(" ");
    terminal.until("已标记 1");
    goes_to(&terminal, "存储桶删除失败", "历史版本和碎片");
    terminal.send(" ");
    terminal.until("已标记 2");
    terminal.send("a");
    terminal.until("用于 2 条工单");
    terminal.send("缓存");
    terminal.until_that("the cause found", |screen| {
        screen.contains("[ ] 缓存规则未配置") && !screen.contains("[ ] 证书未")
    });
    terminal.send("\r");
    terminal.until("2 条工单的根因：缓存规则未配置");
    goes_to(&terminal, "证书续期后仍提示过期", "重新绑定新证书");
    terminal.send("u");
    terminal.until("已撤销 2 张工单：「");
    // The cursor is back where something changed.
    terminal.until_that("one of the two", |screen| {
        row(screen).is_some_and(|row| row.contains("上传大文件") || row.contains("存储桶删除"))
    });
    terminal.send("q");
    assert!(terminal.ended());
    assert_eq!(causes(&home, "上传大文件超时"), ["未使用分片上传"]);
    let log = home.objects(&["log"]);
    assert!(log.len() >= 4, "two changes and two undone: {log:?}");
}

#[test]
fn a_category_is_corrected_and_the_tree_follows() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "存储桶删除失败", "历史版本和碎片");
    terminal.send("c");
    terminal.until("改分类");
    terminal.send("流量问题");
    terminal.until_that("the category found", |screen| {
        screen
            .lines()
            .any(|line| line.contains("CDN｜流量问题") || line.contains("CDN 流量问题"))
    });
    terminal.send("\r");
    terminal.until("分类：CDN｜流量问题");
    terminal.until_that("the counts follow", |screen| {
        screen
            .lines()
            .any(|line| line.starts_with("│v CDN") && line.contains(" 3 │"))
    });
    terminal.send("q");
    assert!(terminal.ended());
    let shown = home.objects(&["show", &id(&home, "存储桶删除失败")]);
    assert_eq!(shown[0]["product"], "CDN");
    assert_eq!(shown[0]["issue_type"], "流量问题");
}

#[test]
fn what_is_copied_is_what_copy_prints() {
    let home = home();
    let printed = |args: &[&str]| {
        let output = home.run(args);
        let text = String::from_utf8(output.stdout).unwrap();
        text.trim_end_matches('\n').to_owned()
    };
    let ticket = id(&home, "证书续期后仍提示过期");
    let best = printed(&["copy", &ticket, "--print"]);
    assert!(
        best.contains("重新绑定新证书"),
        "not a holding reply: {best}"
    );
    let first = printed(&["copy", &ticket, "--turn", "1", "--print"]);

    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "证书续期后仍提示过期", "重新绑定新证书");
    terminal.send("y");
    terminal.until("已发送");
    assert_eq!(terminal.until_copied(), best);
    // Another one, picked by its number.
    terminal.send("Y");
    terminal.until("选择回复");
    terminal.send("1");
    terminal.until("过渡语");
    terminal.until_clipboard(&first);
    // And by the cursor, which stands on the best one.
    terminal.send("Y");
    terminal.until("选择回复");
    terminal.send("\r");
    terminal.until_clipboard(&best);
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn the_cursor_stays_on_its_ticket_through_every_size() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "上传大文件超时", "请使用分片上传");
    for (columns, rows) in [(80, 24), (60, 15), (40, 10)] {
        terminal.resize(columns, rows);
        let screen = terminal.until("> 上传大文件超时");
        let lines: Vec<&str> = screen.lines().collect();
        assert!(lines.len() <= usize::from(rows), "{screen}");
    }
    terminal.resize(30, 5);
    let screen = terminal.until("窗口太小");
    assert!(screen.contains("40×10"), "{screen}");
    terminal.resize(120, 36);
    let screen = terminal.until("请使用分片上传");
    assert!(row(&screen).unwrap().contains("上传大文件超时"), "{screen}");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn a_ticket_without_look_alikes_says_so_instead_of_showing_a_group_of_one() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "子账号登录报权限不足", "请在访问管理里");
    terminal.send("A");
    said(&terminal, "没有与它相似的工单");
    assert!(!terminal.text().contains("[x]"), "{}", terminal.text());
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn whoever_reads_sees_how_far_they_are() {
    let home = home();
    let terminal = workbench(&home, 40, 10);
    terminal.send("\r");
    terminal.until("· 0 %");
    let bar = |screen: &str| -> Vec<usize> {
        let lines = screen.lines().enumerate();
        lines
            .filter(|(_, line)| line.ends_with('┃'))
            .map(|(y, _)| y)
            .collect()
    };
    let at_top = bar(&terminal.text());
    terminal.send("G");
    let screen = terminal.until("· 100 %");
    let at_end = bar(&screen);
    assert!(
        !at_top.is_empty() && at_top.first() < at_end.first(),
        "{screen}"
    );
    terminal.send("gg");
    terminal.until("· 0 %");
    // What is in sight as a whole has neither.
    terminal.resize(200, 50);
    let screen = terminal.until_that("no position", |screen| {
        screen.contains("详情 1/5") && !screen.contains("详情 1/5 ·")
    });
    assert!(bar(&screen).is_empty(), "{screen}");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn holding_replies_fold_into_one_line_until_they_are_asked_for() {
    let home = Home::new();
    let text = "# 八月\n\n---\n\n## 快照回滚一直排队\n\n**问题分类**: 云盘｜快照\n\n\
        ### 详细问题描述\n快照回滚排队两小时了\n\n### 客服解答内容\n\
        1. 您好，请稍等\n2. 您好，请稍等，正在为您查看\n3. 请稍等\n\
        4. 您好，同一地域的回滚任务依次执行，请先取消其他任务再试。\n5. 请稍等\n\n\
        ### 根本原因分析\n回滚任务排队\n";
    let file = home.file("八月.md", text);
    home.objects(&["import", &file]);
    let terminal = Terminal::open(&home, 120, 36, &[]);
    let folded = |screen: &str| {
        screen.contains("3 条应答") && !screen.contains("正在为您查看") && screen.contains("客服5")
    };
    let screen = terminal.until_that("holding replies folded", folded);
    assert!(screen.contains("客服4 您好，同一地域"), "{screen}");
    terminal.send("z");
    terminal.until_that("all of them", |screen| {
        screen.contains("客服2 您好，请稍等，正在为您查看") && !screen.contains("条应答")
    });
    terminal.send("z");
    terminal.until_that("holding replies folded again", folded);
    terminal.send("q");
    assert!(terminal.ended());
}
