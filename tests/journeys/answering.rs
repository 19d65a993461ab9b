//! What an agent comes for, with every key counted: replies found, filled, looked at, copied.

use std::cell::Cell;

use super::goes_to;
use crate::desk::answering::document;
use crate::terminal::{Home, Terminal};

/// What the down arrow sends.
const DOWN: &str = "\x1b[B";

/// A terminal on which every key struck is counted.
struct Counted {
    terminal: Terminal,
    keys: Cell<usize>,
}

impl Counted {
    /// The workbench over a home, on the ticket with this title, once it is understood.
    fn on(home: &Home, title: &str) -> Self {
        Self::with(home, title, &[])
    }

    /// The same with variables of the environment.
    fn with(home: &Home, title: &str, variables: &[(&str, &str)]) -> Self {
        let terminal = Terminal::open_with(home, 120, 36, &[], variables);
        terminal.until(title);
        // Replies are there once the tickets are understood, and with them what is suspect: its
        // line in the detail pane, not the tab of that name.
        goes_to(&terminal, title, "(原文)  存疑");
        Self {
            terminal,
            keys: Cell::new(0),
        }
    }

    /// Strikes one key.
    fn key(&self, key: &str) {
        assert!(
            key.chars().count() == 1 || key.starts_with('\x1b'),
            "one key: {key:?}"
        );
        self.keys.set(self.keys.get() + 1);
        self.terminal.send(key);
    }

    /// Types a text, a key a character.
    fn types(&self, text: &str) {
        for key in text.chars() {
            self.key(&key.to_string());
        }
    }

    /// Pastes a text: one key of the terminal's.
    fn pastes(&self, text: &str) {
        self.key(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// The keys struck since the last count.
    fn count(&self) -> usize {
        self.keys.take()
    }

    fn ends(self) {
        self.terminal.send("q");
        assert!(self.terminal.ended());
    }
}

fn home() -> Home {
    let home = Home::new();
    let file = home.file("a.md", &document());
    home.objects(&["import", &file]);
    for (name, code, text) in [
        (
            "清理缓存",
            "hc",
            "您好，请在控制台刷新缓存，五分钟左右生效。",
        ),
        ("修改解析", "jx", "您好，请把 {{域名}} 解析到 {{记录值}}。"),
        (
            "处理进度",
            "jd",
            "您好，已经为您处理，解析到 203.0.113.91。",
        ),
    ] {
        home.objects(&["reply", "new", name, text, "--code", code]);
    }
    home
}

const CLOSING: &str = "想要注销账号";

#[test]
fn the_best_reply_of_the_selected_ticket_takes_one_key() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    at.key("y");
    at.terminal.until("已发送");
    assert!(at.terminal.until_copied().contains("结清全部欠费"));
    assert_eq!(at.count(), 1);
    at.ends();
    // It was counted, and is at hand from now on.
    let recent = home.objects(&["replies", "--recent"]);
    assert_eq!(recent.len(), 1, "{recent:?}");
    assert_eq!(recent[0]["turn"], 1);
}

#[test]
fn a_known_reply_takes_two_keys_and_its_code() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    at.key(";");
    at.types("hc");
    at.key("\r");
    at.terminal
        .until_clipboard("您好，请在控制台刷新缓存，五分钟左右生效。");
    assert_eq!(at.count(), 2 + "hc".len());
    at.ends();
}

#[test]
fn a_reply_with_slots_takes_their_values_and_a_key_each_more() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    let known = 2 + "jx".len();
    at.key(";");
    at.types("jx");
    at.key("\r");
    at.terminal.until("填写回复");
    let (domain, value) = ("w.fig.test", "gw.fig.test");
    at.types(domain);
    at.key("\r");
    at.types(value);
    at.terminal.until("请把 w.fig.test 解析到 gw.fig.test。");
    at.key("\r");
    at.terminal
        .until_clipboard("您好，请把 w.fig.test 解析到 gw.fig.test。");
    let slots = 2;
    assert!(at.count() <= known + domain.len() + value.len() + slots + 1);
    // The next time what was filled in is a candidate, on another day as well.
    at.terminal.until("已发送");
    at.ends();
    let at = Counted::on(&home, CLOSING);
    at.key(";");
    at.types("jx");
    at.key("\r");
    at.terminal.until("我用过的");
    for _ in 0..2 {
        at.key(DOWN);
        at.key("\r");
    }
    at.key("\r");
    at.terminal
        .until_clipboard("您好，请把 w.fig.test 解析到 gw.fig.test。");
    at.ends();
}

#[test]
fn digits_typed_into_a_blank_stand_in_the_copied_reply() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    for _ in 0..2 {
        at.key(";");
        at.types("jx");
        at.key("\r");
        at.terminal.until("填写回复");
        // The second time there are candidates: a digit still is a digit.
        at.types("3000");
        at.key("\r");
        at.types("1");
        at.key("\r");
        at.terminal.until_clipboard("您好，请把 3000 解析到 1。");
        at.terminal.until("已发送");
    }
    at.ends();
}

#[test]
fn from_a_paste_to_a_copied_reply_it_takes_two_keys() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    at.pastes("你好，我们公司想要注销账号，请问怎么操作");
    // The overlay's own line: the text alone stands in the pane below it too.
    at.terminal.until_that("a reply to take", |screen| {
        screen.contains("可能的答案") && screen.contains("│ 1 ")
    });
    at.key("1");
    at.terminal.until("已发送");
    assert!(at.terminal.until_copied().contains("结清全部欠费"));
    assert_eq!(at.count(), 2);
    at.ends();
}

#[test]
fn a_paste_without_brackets_is_a_message_and_no_key_of_it_changes_anything() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    let log = || home.objects(&["log"]).len();
    let before = log();
    for message in [
        "工单编号 8811-2024\ra账号注销\r你好 1 2 3 天了\rVAcuu",
        "客户ID 1380014",
        "工单编号 8811-2024\na账号注销\n你好 1 2 3 天了\nVAcuu",
    ] {
        at.terminal.send(message);
        at.terminal.until("可能的答案");
        at.terminal.send("\x1b");
        at.terminal.until_that("the overlay to close", |screen| {
            !screen.contains("可能的答案")
        });
    }
    // Keys that wait together are still keys.
    at.terminal.send("?");
    at.terminal.until("移动");
    at.terminal.send("\x1b");
    assert_eq!(log(), before);
    at.ends();
}

#[test]
fn a_turn_becomes_a_standard_reply_by_four_keys_and_its_name() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    let name = "销户须知";
    at.key("Y");
    at.terminal.until("选择回复");
    at.key("P");
    at.terminal.until("与原文对照");
    at.types(name);
    at.key("\r");
    at.terminal.until("标准回复：销户须知");
    assert!(at.count() <= 4 + name.chars().count());
    at.terminal.send("q");
    at.terminal
        .until_that("the picker closed", |screen| !screen.contains("选择回复"));
    let kept = || home.objects(&["replies", "销户须知"]);
    at.terminal.send("u");
    at.terminal.until("已撤销");
    at.ends();
    assert!(kept().is_empty(), "it was taken back");
}

#[test]
fn a_warning_is_masked_or_overridden_and_the_log_says_so() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    let opens = || {
        at.key(";");
        at.types("jd");
        at.key("\r");
        at.terminal.until("发送前请核对");
    };
    opens();
    at.key("M");
    at.terminal.until("都已处理");
    at.key("\r");
    at.terminal.until_that("the copy", |_| {
        at.terminal
            .clipboard()
            .is_some_and(|text| text.contains("***") && !text.contains("203"))
    });
    at.terminal.until("已发送");
    opens();
    at.key("\r");
    at.terminal
        .until_clipboard("您好，已经为您处理，解析到 203.0.113.91。");
    at.terminal.until("已发送");
    at.ends();
    let log = home.objects(&["log"]);
    let overridden = log[0]["before"].to_string();
    assert!(
        overridden.contains("ip") && overridden.contains("done"),
        "{log:?}"
    );
    assert_eq!(log[1]["before"].to_string(), "[]");
}

#[test]
fn a_favourite_is_still_one_after_a_restart() {
    let home = home();
    let at = Counted::on(&home, CLOSING);
    at.key(";");
    at.types("hc");
    at.key("\r");
    at.terminal.until("已发送");
    at.key("'");
    at.terminal.until("收藏与最近复制");
    at.terminal.until("清理缓存");
    at.key("f");
    at.terminal.until("1 *");
    at.key("\x1b");
    at.terminal.until_that("the list closed", |screen| {
        !screen.contains("收藏与最近复制")
    });
    at.ends();
    let favourites = home.objects(&["replies", "--favourites"]);
    assert_eq!(favourites[0]["code"], "hc");

    let at = Counted::on(&home, CLOSING);
    at.key("'");
    at.terminal.until("1 *");
    at.key("1");
    at.terminal
        .until_clipboard("您好，请在控制台刷新缓存，五分钟左右生效。");
    assert_eq!(at.count(), 2);
    at.ends();
}

#[test]
fn a_reply_is_written_with_the_agents_own_editor() {
    let home = home();
    let edits = ("EDITOR", "sed -i s/五分钟/十分钟/");
    let Counted { terminal, .. } = Counted::with(&home, CLOSING, &[edits]);
    terminal.send(";");
    terminal.send("hc");
    terminal.until("刷新缓存");
    terminal.send("\x1bOQ");
    terminal.until("标为过时");
    terminal.send("3");
    terminal.until("编辑标准回复");
    terminal.send("\x18\x05");
    terminal.until("十分钟");
    terminal.send("\x13");
    terminal.until("标准回复：");
    terminal.send("\x1b");
    terminal.until("复制最佳回复");
    terminal.send("q");
    assert!(terminal.ended());
    let kept = home.objects(&["replies", "清理缓存"]);
    assert!(kept[0]["text"].as_str().unwrap().contains("十分钟"));
}
