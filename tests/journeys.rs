//! What a support agent does at the workbench, from the first start to the last key: the real
//! program on a real pseudo-terminal, screens read as the agent reads them.

mod answering;
mod completing;
mod doctor;
mod ending;
mod index;
mod looks;
mod restricted;
mod roles;
mod slow;
mod together;
mod work;

use crate::terminal::{Home, Terminal};

/// Five tickets of three products, with invented customers.
const TICKETS: &str = "# 七月

---

## 证书续期后仍提示过期

**问题分类**: CDN｜证书问题

### 详细问题描述
昨天续了证书，cdn.example.com 打开还是提示过期

### 客服解答内容
1. 您好，请稍等，这边看下
2. 您好，续期后请在域名管理里重新绑定新证书，绑定后十分钟左右生效。
3. 您好，请稍等

### 根本原因分析
证书未重新绑定

---

## 回源流量突然增加

**问题分类**: CDN｜流量问题

### 详细问题描述
昨晚起 img.example.org 的回源流量一直很大

### 客服解答内容
1. 您好，源站响应头带了 no-cache，节点不缓存，去掉后即可恢复。

### 根本原因分析
缓存规则未配置

---

## 子账号登录报权限不足

**问题分类**: 账户与财务｜账户问题

### 详细问题描述
新建的子账号登录控制台时报权限不足

### 客服解答内容
1. 您好，请在访问管理里给该子账号授予控制台登录权限。

### 根本原因分析
需要根据具体情况进一步分析

---

## 上传大文件超时

**问题分类**: 对象存储｜上传下载

### 详细问题描述
上传 2 GB 的文件到 bucket.example.com 总是超时

### 客服解答内容
1. 您好，大文件请使用分片上传，每片 8 MB 即可。

### 根本原因分析
未使用分片上传

---

## 存储桶删除失败

**问题分类**: 对象存储｜上传下载

### 详细问题描述
删除存储桶时提示非空

### 客服解答内容
1. 您好，请先清理桶内的历史版本和碎片，再删除存储桶。

### 根本原因分析
需要根据具体情况进一步分析
";

/// A home whose store holds [`TICKETS`].
fn home() -> Home {
    let home = Home::new();
    let file = home.file("七月.md", TICKETS);
    home.objects(&["import", &file, "--dataset", "七月"]);
    home
}

/// The workbench over such a home, with its tickets on the screen.
fn workbench(home: &Home, columns: u16, rows: u16) -> Terminal {
    let terminal = Terminal::open(home, columns, rows, &[]);
    terminal.until("证书续期后仍提示过期");
    terminal
}

/// Moves the cursor to the ticket with this title, and waits until it is shown in full.
fn goes_to(terminal: &Terminal, title: &str, shows: &str) {
    terminal.send("gg");
    terminal.until("工单 1/");
    for _ in 0..8 {
        let before = terminal.until_that("a cursor", |screen| row(screen).is_some());
        if row(&before).is_some_and(|line| line.contains(title)) {
            break;
        }
        terminal.send("j");
        terminal.until_that("the next row", |screen| row(screen) != row(&before));
    }
    terminal.until(shows);
}

/// The list's row under the cursor, where the panes have borders.
fn row(screen: &str) -> Option<&str> {
    screen
        .lines()
        .flat_map(|line| line.split('│'))
        .find(|cell| cell.starts_with("> ") || cell.starts_with(">*"))
}

/// The id of the ticket with this title.
fn id(home: &Home, title: &str) -> String {
    let rows = home.objects(&["list", "-n", "1000"]);
    let found = rows.iter().find(|row| row["title"] == title);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

/// The causes that the ticket with this title has now.
fn causes(home: &Home, title: &str) -> Vec<String> {
    let rows = home.objects(&["list", "-n", "1000"]);
    let found = rows.iter().find(|row| row["title"] == title).unwrap();
    let causes = found["causes"].as_array().unwrap();
    causes
        .iter()
        .map(|cause| cause["name"].as_str().unwrap().to_owned())
        .collect()
}
