//! `gongdan doctor clipboard`: a marker goes out, is pasted back, and the way is judged by it.

use gongdan::clipboard::Multiplexer;

use crate::terminal::{Home, Terminal};

/// Waits for the question who the terminal is, and answers it.
fn answers(terminal: &Terminal, answer: &str) {
    terminal.until_written(Multiplexer::QUERY.as_bytes());
    terminal.send(answer);
}

#[test]
fn a_marker_that_is_pasted_back_proves_the_way() {
    let home = Home::new();
    let mut terminal = Terminal::open(&home, 100, 30, &["doctor", "clipboard"]);
    answers(&terminal, "\x1b[>41;354;0c");
    terminal.until("请在这里粘贴");
    let marker = terminal.until_copied();
    assert!(marker.starts_with("工单-"), "{marker}");
    terminal.send(&format!("{marker}\r"));
    assert!(terminal.until_ended());
    let screen = terminal.until("结论");
    assert!(
        screen.contains("收到了") && screen.contains("不用改"),
        "{screen}"
    );
}

#[test]
fn below_an_outer_tmux_the_answer_decides_and_a_remedy_is_named() {
    let home = Home::new();
    let args = ["--restricted", "--lang", "en", "doctor", "clipboard"];
    let mut terminal = Terminal::open(&home, 100, 30, &args);
    answers(&terminal, "\x1b[>84;0;0c");
    terminal.until("it is tmux");
    terminal.until("paste here");
    assert!(terminal.until_copied().starts_with("工单-"));
    terminal.send("something else\r");
    assert!(terminal.until_ended());
    let screen = terminal.until("no way works");
    assert!(screen.contains("set-clipboard on"), "{screen}");
}

#[test]
fn a_way_that_works_only_by_name_is_named_as_the_setting() {
    let home = Home::new();
    let args = ["--lang", "en", "doctor", "clipboard", "--method", "screen"];
    let mut terminal = Terminal::open(&home, 100, 30, &args);
    answers(&terminal, "\x1b[>83;40900;0c");
    terminal.until("it is GNU screen");
    terminal.until("paste here");
    let marker = terminal.until_copied();
    terminal.send(&format!("{marker}\r"));
    assert!(terminal.until_ended());
    let screen = terminal.until("So:");
    assert!(screen.contains("clipboard = \"screen\" into"), "{screen}");
}
