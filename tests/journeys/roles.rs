//! What an agent with the least role sees of what it may not do: at a team's daemon, as another
//! user than its owner.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use portable_pty::CommandBuilder;

use super::home;
use crate::terminal::{Home, Line, Terminal};

/// Makes a team's daemon in namespaces of its own, where it has the place of a host's, and opens the
/// workbench there as `nobody`: PROGRAM DATA HOME.
const TEAM: &str = r#"set -eu
mount -t tmpfs tmpfs /run
install -d -m 0755 /run/gongdan
"$1" serve --system --group nogroup --data-dir "$2" &
until [ -S /run/gongdan/desk.sock ]; do sleep 0.05; done
cd /
exec setpriv --reuid nobody --regid nogroup --clear-groups \
    env -i HOME="$3" PATH="$PATH" TERM=xterm-256color "$1"
"#;

/// The workbench of somebody who may only read; `None`, with a message, where there can be none.
fn reader(home: &Home) -> Option<Terminal> {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can act as two users");
        return None;
    }
    let tried = Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--mount-proc", "sh", "-c"])
        .arg("mount -t tmpfs tmpfs /run && setpriv --version")
        .output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: there is no setpriv, or no file system can be laid over another");
        return None;
    }
    home.objects(&["settings", "set", "roles", r#"{"nobody":"reader"}"#]);
    assert!(home.run(&["stop"]).status.success() || !home.data().join("desk.sock").exists());
    let open = |path| std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    open(home.path());
    let own = home.path().join("nobody");
    std::fs::create_dir(&own).unwrap();
    std::fs::set_permissions(&own, PermissionsExt::from_mode(0o777)).unwrap();
    let program = home.path().join("gongdan");
    // By another process: what is open for writing here cannot be run there.
    let copied = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_gongdan"))
        .arg(&program)
        .status();
    assert!(copied.unwrap().success());
    let mut command = CommandBuilder::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]);
    command.args(["sh", "-c", TEAM, "sh"]);
    command.args([program, home.data(), own]);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Some(Terminal::runs(command, 120, 36, Line::Fast))
}

#[test]
fn a_reader_is_told_which_role_is_needed_and_loses_nothing_that_was_typed() {
    let home = home();
    let Some(terminal) = reader(&home) else {
        return;
    };
    terminal.until("证书续期后仍提示过期");
    // Reading is free.
    terminal.send("/回源\r");
    terminal.until("带了 no-cache");
    // A decision is refused when it is sent, and what was written stays in the form.
    terminal.send("a");
    terminal.until("[ ] 未使用分片上传");
    terminal.send("分片");
    terminal.until_that("the cause found", |screen| {
        screen.contains("[ ] 未使用分片上传") && !screen.contains("[ ] 证书未")
    });
    terminal.send("\r");
    let screen = terminal.until("没有权限：需要角色 agent");
    assert!(screen.contains("分片"), "{screen}");
    terminal.send("\x1b");
    terminal.until_that("the form is closed", |screen| !screen.contains("筛选:"));
    // The same of a category of their own.
    terminal.send("c");
    terminal.until("─ 改分类");
    terminal.send("CDN｜回源问题\r");
    let refused = |screen: &str| screen.contains("需要角色 agent") && screen.contains("回源问题");
    terminal.until_that("the form is back", refused);
    terminal.send("\x1b");
    // What stands beside the tickets takes a curator, and settings an admin.
    terminal.until_that("the form is closed", |screen| !screen.contains("回源问题"));
    terminal.send("gc");
    terminal.until("缓存规则未配置");
    terminal.send("节点过热");
    terminal.until("新建根因：节点过热");
    terminal.send("\r");
    let refused = |screen: &str| screen.contains("需要角色 curator") && screen.contains("节点过热");
    terminal.until_that("the new cause is refused and stays", refused);
    terminal.send("\x1b");
    terminal.until_that("the list is closed", |screen| !screen.contains("节点过热"));
    terminal.send("go");
    terminal.until("原因为空即取消过时");
    terminal.send("控制台改版了\r");
    let refused = |screen: &str| screen.contains("需要角色 ") && screen.contains("控制台改版了");
    terminal.until_that("the reason is back", refused);
    terminal.send("\x1b");
    terminal.until_that("the form is closed", |screen| {
        !screen.contains("控制台改版")
    });
    terminal.send("w");
    terminal.until("─ 保存为视图");
    terminal.send("no-cache 的\t\r");
    let refused =
        |screen: &str| screen.contains("需要角色 curator") && screen.contains("no-cache 的");
    terminal.until_that("the view's name is back", refused);
    terminal.send("\x1b");
    terminal.until_that("the form is closed", |screen| {
        !screen.contains("no-cache 的")
    });
    terminal.send("g,");
    terminal.until("标签同义词");
    terminal.send("\r");
    terminal.until("每项一行");
    terminal.send(" \x13");
    terminal.until("没有权限：需要角色 admin");
    terminal.until("每项一行");
    // Leaving it asks first, as of any text that is not saved.
    terminal.send("\x1b");
    terminal.until("再按一次");
    terminal.send("\x1b");
    terminal.until_that("it is closed", |screen| !screen.contains("每项一行"));
    terminal.send("qq");
    assert!(terminal.ended());
}
