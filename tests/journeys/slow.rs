//! A slow line between the workbench and the agent, and what a key costs on it.

use std::fmt::Write;
use std::thread;
use std::time::{Duration, Instant};

use crate::terminal::{Home, Line, Terminal};

/// What the line carries.
const BYTES_PER_SECOND: u32 = 50_000;
/// How often a held key repeats.
const REPEAT: Duration = Duration::from_millis(12);
const KEYS: usize = 200;

/// What begins a frame.
const FRAME: &[u8] = b"\x1b[?2026h";

/// A home with one ticket more than there are keys.
fn home() -> Home {
    let mut text = String::from("# 工单\n");
    for n in 0..=KEYS {
        write!(
            text,
            "\n---\n\n## 第{n}号域名从昨天晚上起一直无法访问\n\n**问题分类**: CDN｜访问下载\n\n\
             ### 详细问题描述\n站点 s{n}.example.com 打不开，浏览器提示连接超时，麻烦看下是什么原因\n\n\
             ### 客服解答内容\n1. 您好，请检查 s{n}.example.com 的源站防火墙是否放行了回源地址段。\n\n\
             ### 根本原因分析\n源站防火墙拦截回源\n"
        )
        .unwrap();
    }
    let home = Home::new();
    let file = home.file("a.md", &text);
    home.objects(&["import", &file]);
    home
}

#[test]
fn over_a_slow_line_a_held_key_does_not_run_on_after_its_release() {
    let home = home();
    let line = Line::Slow {
        per_second: BYTES_PER_SECOND,
    };
    let terminal = Terminal::open_over(&home, 120, 40, line);
    terminal.until(&format!("工单 1/{}", KEYS + 1));
    terminal.until("s0.example.com");
    let before = terminal.written().len();
    for _ in 0..KEYS {
        terminal.send("j");
        // The key repeats by the clock, whatever the screen shows.
        thread::sleep(REPEAT);
    }
    let released = Instant::now();
    let last = format!("工单 {0}/{0}", KEYS + 1);
    terminal.until(&last);
    let late = released.elapsed();
    terminal.until(&format!("s{KEYS}.example.com"));
    let written = terminal.written().split_off(before);
    let frames = written.windows(FRAME.len()).filter(|w| *w == FRAME).count();
    let each = written.len() / frames.max(1);
    println!(
        "{KEYS} keys: {frames} frames of {each} bytes, {} bytes in all; \
         the last row {late:?} after the last key",
        written.len()
    );
    // Every key drawn as a whole screen of Chinese would be 2.7 MB: near a minute on this line.
    assert!(written.len() < 1_000_000, "{} bytes", written.len());
    terminal.send("q");
    assert!(terminal.ended());
}

/// What the answer to a kind of key costs on the line.
struct Cost {
    key: &'static str,
    /// Bytes of one key's frames; more is a fault of the drawing.
    at_most: usize,
}

/// Types keys one after the other, each when the screen has answered the one before, and tells
/// what they cost. `answered` says what the screen shows after the nth key, from 0.
fn costs(terminal: &Terminal, cost: &Cost, keys: &[&str], answered: impl Fn(usize) -> String) {
    let before = terminal.written().len();
    for (n, key) in keys.iter().enumerate() {
        terminal.send(key);
        terminal.until(&answered(n));
    }
    let written = terminal.written().split_off(before);
    let frames = written.windows(FRAME.len()).filter(|w| *w == FRAME).count();
    let each = written.len() / keys.len();
    println!(
        "{:<20} {:>5} bytes a key, {:>5} a frame ({} keys, {frames} frames)",
        cost.key,
        each,
        written.len() / frames.max(1),
        keys.len(),
    );
    assert!(each <= cost.at_most, "{}: {each} bytes a key", cost.key);
}

/// Run it with `--nocapture` for the figures.
#[test]
fn a_key_costs_the_line_no_more_than_what_changes() {
    let home = home();
    let terminal = Terminal::open(&home, 120, 40, &[]);
    let all = KEYS + 1;
    terminal.until(&format!("工单 1/{all}"));
    terminal.until("s0.example.com");
    let frame = terminal.written().len();
    println!("{:<20} {frame:>5} bytes", "until the first list");
    let down = Cost {
        key: "j",
        at_most: 800,
    };
    costs(&terminal, &down, &["j"; 30], |n| {
        format!("s{}.example.com", n + 1)
    });
    terminal.send("gg");
    terminal.until(&format!("工单 1/{all}"));
    let page = Cost {
        key: "C-f",
        at_most: 3_000,
    };
    // A page is as many rows as the list has.
    costs(&terminal, &page, &["\x06"; 5], |n| {
        let rows = 34;
        format!("s{}.example.com", (n + 1) * rows)
    });
    terminal.send("/");
    let typed = ["域", "名", "无", "法", "访", "问"];
    let letter = Cost {
        key: "a letter of a search",
        at_most: 1_500,
    };
    costs(&terminal, &letter, &typed, |n| {
        format!("/ {}", typed[..=n].concat())
    });
    terminal.kill();
}
