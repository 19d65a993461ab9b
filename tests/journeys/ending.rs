//! Ends that nobody asked for leave the terminal whole and the store as acknowledged.

use rustix::process::Signal;

use super::{causes, goes_to, home, workbench};
use crate::terminal::{Home, Line, Terminal, in_home, processes_with, until_gone};

/// Where a sequence was written last.
fn last(bytes: &[u8], sequence: &[u8]) -> Option<usize> {
    bytes
        .windows(sequence.len())
        .rposition(|window| window == sequence)
}

/// Alternate screen left, cursor shown, pastes no longer bracketed, and nothing drawn after.
fn is_whole(terminal: &Terminal) {
    let bytes = terminal.written();
    for (on, off) in [
        ("\x1b[?1049h", "\x1b[?1049l"),
        ("\x1b[?25l", "\x1b[?25h"),
        ("\x1b[?2004h", "\x1b[?2004l"),
    ] {
        let (on, off) = (last(&bytes, on.as_bytes()), last(&bytes, off.as_bytes()));
        assert!(on.is_some() && off > on, "{on:?} {off:?}");
    }
    terminal.with_screen(|screen| {
        assert!(!screen.alternate_screen());
        assert!(!screen.hide_cursor());
    });
}

/// Gives the ticket that no bucket can be deleted a cause, and waits until it is acknowledged.
fn annotates(terminal: &Terminal) {
    goes_to(terminal, "存储桶删除失败", "历史版本和碎片");
    terminal.send("a");
    terminal.until("[ ] 缓存规则未配置");
    terminal.send("缓存");
    terminal.until_that("the cause found", |screen| {
        screen.contains("[ ] 缓存规则未配置") && !screen.contains("[ ] 证书未")
    });
    terminal.send("\r");
    terminal.until("根因：缓存规则未配置");
}

/// The processes of a home besides its daemon.
fn left_over(home: &Home) -> Vec<rustix::process::Pid> {
    let daemon = home.objects(&["status"])[0]["pid"].as_i64().unwrap();
    let mut left = processes_with(&home.path().display().to_string());
    left.retain(|pid| i64::from(pid.as_raw_nonzero().get()) != daemon);
    left
}

#[test]
fn a_terminal_that_hangs_up_costs_nothing_and_leaves_no_process() {
    let home = home();
    // The leader of the session goes, so the kernel takes the terminal from all the others.
    let mut command = in_home(&home, "/bin/sh");
    let program = env!("CARGO_BIN_EXE_gongdan");
    command.args(["-c", &format!("{program}; true")]);
    let terminal = Terminal::runs(command, 120, 36, Line::Fast);
    terminal.until("证书续期后仍提示过期");
    annotates(&terminal);
    let left = left_over(&home);
    assert_eq!(left.len(), 2, "the leader and the workbench: {left:?}");
    terminal.kill();
    for process in left {
        until_gone(process);
    }
    assert_eq!(causes(&home, "存储桶删除失败"), ["缓存规则未配置"]);
}

#[test]
fn a_signal_leaves_the_terminal_whole_and_the_annotation_kept() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let home = home();
        let mut terminal = workbench(&home, 120, 36);
        annotates(&terminal);
        terminal.signal(signal);
        terminal.until_ended();
        terminal.until_written(b"\x1b[?1049l");
        is_whole(&terminal);
        assert_eq!(causes(&home, "存储桶删除失败"), ["缓存规则未配置"]);
    }
}

#[test]
fn quitting_leaves_the_terminal_whole() {
    let home = home();
    let mut terminal = workbench(&home, 120, 36);
    terminal.send("q");
    assert!(terminal.until_ended());
    terminal.until_written(b"\x1b[?1049l");
    is_whole(&terminal);
}

#[test]
fn a_program_that_is_killed_keeps_what_it_acknowledged() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "上传大文件超时", "请使用分片上传");
    terminal.send("a");
    terminal.until("[ ] 证书未重新绑定");
    terminal.send("证书");
    terminal.until_that("the cause found", |screen| {
        screen.contains("[ ] 证书未重新绑定") && !screen.contains("[ ] 缓存")
    });
    terminal.send("\r");
    terminal.until("根因：证书未重新绑定");
    terminal.kill();
    let reopened = workbench(&home, 120, 36);
    goes_to(&reopened, "上传大文件超时", "根因  证书未重新绑定");
    reopened.send("q");
    assert!(reopened.ended());
}

#[test]
fn a_daemon_that_is_killed_is_started_again_and_lost_nothing() {
    let home = home();
    let terminal = workbench(&home, 120, 36);
    goes_to(&terminal, "上传大文件超时", "请使用分片上传");
    let annotate = |typed: &str, cause: &str| {
        terminal.send("a");
        terminal.until("筛选:");
        terminal.until("] 未使用分片上传");
        terminal.send(typed);
        terminal.until_that("the cause found", |screen| {
            screen.contains(&format!("[ ] {cause}")) && !screen.contains("] 未使用")
        });
        terminal.send("\r");
        let screen = terminal.until_that("the annotation acknowledged", |screen| {
            let said = screen.lines().last();
            said.is_some_and(|line| line.contains(&format!("根因：{cause}")))
        });
        assert!(!screen.contains("冲突"), "{screen}");
    };
    annotate("证书", "证书未重新绑定");
    let status = home.objects(&["status"]);
    let pid = i32::try_from(status[0]["pid"].as_i64().unwrap()).unwrap();
    let daemon = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(daemon, Signal::KILL).unwrap();
    crate::terminal::until_gone(daemon);
    goes_to(&terminal, "上传大文件超时", "根因  证书未重新绑定");
    annotate("缓存", "缓存规则未配置");
    terminal.send("q");
    assert!(terminal.ended());
    assert_eq!(causes(&home, "上传大文件超时"), ["缓存规则未配置"]);
}
