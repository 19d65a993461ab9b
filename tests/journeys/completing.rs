//! Tab in real shells: what a document calls its category is data, whatever a shell could read
//! in it.

use std::path::{Path, PathBuf};

use crate::terminal::{Home, Line, Terminal, in_home};

/// A ticket whose category would make a file for each way a shell runs what it reads.
const TRAP: &str = "# 工单

---

## 证书续期后仍提示过期

**问题分类**: Ab$(touch ran-dollar)`touch ran-backtick`;touch ran-semicolon;'\"${IFS}｜证书问题

### 详细问题描述
续期后还是提示过期

### 客服解答内容
1. 您好，请在域名管理里重新绑定新证书。

---
";

/// A shell, how it is started without anybody's settings, and how it takes the completions.
struct Shell {
    name: &'static str,
    args: &'static [&'static str],
    setup: &'static str,
    /// What shows the last command's exit code, as `code-0`.
    code: &'static str,
}

const SHELLS: [Shell; 3] = [
    Shell {
        name: "bash",
        args: &["--norc", "--noprofile", "-i"],
        setup: "source <(gongdan completions bash)",
        code: "echo code''-$?",
    },
    Shell {
        name: "zsh",
        args: &["-f", "-i"],
        setup: "autoload -U compinit; compinit -D -u; source <(gongdan completions zsh)",
        code: "echo code''-$?",
    },
    Shell {
        name: "fish",
        args: &["--no-config", "-i"],
        setup: "gongdan completions fish | source",
        code: "echo code''-$status",
    },
];

/// Every shell that is here; bash is everywhere.
fn installed() -> impl Iterator<Item = &'static Shell> {
    let path = std::env::var_os("PATH").unwrap();
    let dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
    SHELLS.iter().filter(move |shell| {
        let here = dirs.iter().any(|dir| dir.join(shell.name).exists());
        assert!(here || shell.name != "bash", "there is no bash");
        here
    })
}

fn traps_sprung(dir: &Path) -> Vec<String> {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("ran-"))
        .collect()
}

#[test]
fn tab_completes_a_hostile_category_and_runs_nothing_of_it() {
    let home = Home::new();
    let document = home.file("doc.md", TRAP);
    assert!(home.run(&["import", &document]).status.success());
    for shell in installed() {
        let bin = Path::new(env!("CARGO_BIN_EXE_gongdan")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut command = in_home(&home, shell.name);
        command.args(shell.args);
        command.cwd(home.path());
        command.env("LANG", "C.UTF-8");
        command.env("PATH", format!("{}:{path}", bin.display()));
        let terminal = Terminal::runs(command, 200, 50, Line::Fast);
        terminal.send(&format!("{}; echo rea''dy\r", shell.setup));
        terminal.until("ready");
        terminal.send("gongdan list --category A\t");
        terminal.until("touch");
        // What Tab put on the line names the category: the command finds its ticket.
        terminal.send("\r");
        terminal.until("证书续期后仍提示过期");
        terminal.send(&format!("{}\r", shell.code));
        terminal.until("code-0");
        assert_eq!(traps_sprung(home.path()), [""; 0], "{}", shell.name);
        terminal.kill();
    }
}
