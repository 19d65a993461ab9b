//! A store whose index is gone: browsing goes on, and search comes back by itself.

use std::fmt::Write;
use std::fs;

use crate::terminal::{Home, Terminal};

/// Enough that building the index takes a moment.
const MANY: usize = 4_000;

/// A home with many tickets and no index.
fn home_without_index() -> Home {
    let mut text = String::from("# 很多工单\n");
    for n in 0..MANY {
        write!(
            text,
            "\n---\n\n## 第{n}号域名无法访问\n\n**问题分类**: CDN｜访问下载\n\n\
             ### 详细问题描述\n站点 s{n}.example.com 从昨天起打不开，浏览器提示连接超时\n\n\
             ### 客服解答内容\n1. 您好，请检查 s{n}.example.com 的源站防火墙是否放行回源地址 {n}。\n\n\
             ### 根本原因分析\n源站防火墙拦截回源\n",
        )
        .unwrap();
    }
    let home = Home::new();
    let file = home.file("很多.md", &text);
    home.objects(&["import", &file]);
    fs::remove_dir_all(home.data().join("index")).unwrap();
    home
}

#[test]
fn without_its_index_the_workbench_browses_at_once_and_search_says_why_it_waits() {
    let home = home_without_index();
    let terminal = Terminal::open(&home, 120, 36, &[]);
    terminal.send("/3999");
    // Browsing works while the index is built.
    terminal.until("正在重建索引");
    terminal.send("\r");
    terminal.until("复制最佳回复");
    terminal.send("\x1b");
    // In the order of the document, however many pieces its import took.
    terminal.until("> 第0号域名无法访问");
    terminal.until("工单 1/4 000");
    terminal.send("jj");
    terminal.until("工单 3/4 000");
    // And when it is there, everything is found.
    terminal.send("/s3999.example.com");
    terminal.until_that("the ticket found", |screen| {
        screen.contains("第3999号域名无法访问") && !screen.contains("正在重建索引")
    });
    terminal.send("\r");
    terminal.until("复制最佳回复");
    terminal.send("q");
    assert!(terminal.ended());
}

#[test]
fn without_its_index_a_command_finds_what_list_holds() {
    let home = home_without_index();
    let listed = home.objects(&["list", "-n", "1"]);
    let title = listed[0]["title"].as_str().unwrap();
    let found = home.objects(&["search", title, "-n", "3"]);
    assert_eq!(found[0]["id"], listed[0]["id"]);
    let health = home.objects(&["doctor"]);
    let index = health.iter().find(|check| check["check"] == "index");
    assert_eq!(index.unwrap()["state"], "ok", "{health:?}");
}
