//! What the program finds around it: configuration, keys, language, terminal.

use std::io::{self, IsTerminal};

use super::Check;
use crate::cli::context::Context;
use crate::cli::environment::variable;
use crate::cli::faults;
use crate::cli::output;
use crate::cli::say::say;
use crate::config::{Choice, KeymapFile};
use crate::keymap::{Builtin, Keymap};
use crate::words::Lang;

/// Checks the surroundings.
pub(super) fn checks(cx: &Context) -> Vec<Check> {
    let mut checks = configuration(cx);
    checks.push(keys(cx));
    checks.push(language(cx));
    checks.push(locale(cx.lang));
    checks.push(terminal(cx.lang));
    checks
}

fn configuration(cx: &Context) -> Vec<Check> {
    if !cx.problems.is_empty() {
        let bad = |problem| {
            let hint = say!(
                cx.lang,
                "改好之前这一项用默认值",
                "the default holds for this one until it is mended"
            );
            Check::bad("config", faults::config(cx.lang, problem), Some(hint))
        };
        return cx.problems.iter().map(bad).collect();
    }
    [&cx.paths.host_config, &cx.paths.config]
        .map(|path| {
            let shown = path.display();
            if path.exists() {
                Check::ok("config", shown.to_string())
            } else {
                let detail = say!(cx.lang, "{shown}（没有）", "{shown} (none)");
                Check::note("config", detail, None)
            }
        })
        .into()
}

fn keys(cx: &Context) -> Check {
    let base = cx.settings.keys.name();
    let builtin = Builtin::parse(base).unwrap_or_default();
    match cx.settings.keymap.read() {
        Err(error) => Check::bad("keys", faults::config(cx.lang, &error), None),
        Ok(None) => Check::ok("keys", base),
        Ok(Some((name, text))) => {
            let (_, errors) = Keymap::builtin(builtin).merged(&name, &text);
            if errors.is_empty() {
                return Check::ok("keys", format!("{base} + {name}"));
            }
            let errors: Vec<String> = errors
                .iter()
                .map(|error| faults::keymap(cx.lang, error))
                .collect();
            Check::bad("keys", errors.join("; "), own_keymap(cx))
        }
    }
}

fn own_keymap(cx: &Context) -> Option<String> {
    match &cx.settings.keymap {
        KeymapFile::Usual(path) | KeymapFile::Named(path) => Some(path.display().to_string()),
    }
}

fn language(cx: &Context) -> Check {
    let language = cx.settings.language.name();
    Check::ok(
        "language",
        say!(
            cx.lang,
            "{language}（--lang、GONGDAN_LANG 或配置可改）",
            "{language} (change it by --lang, GONGDAN_LANG or the configuration)"
        ),
    )
}

/// The character set is all that matters; the language of `LANG` is not read.
fn locale(lang: Lang) -> Check {
    let found = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| variable(name).map(|value| (*name, value)));
    let (name, value) = match &found {
        Some((name, value)) => (*name, value.as_str()),
        None => ("LANG", ""),
    };
    if is_utf8(value) {
        return Check::ok("locale", format!("{name}={value}"));
    }
    Check::note(
        "locale",
        say!(
            lang,
            "{name}={value}：不是 UTF-8，tmux 等可能显示乱码",
            "{name}={value}: not UTF-8; tmux and others may garble Chinese"
        ),
        Some("export LC_ALL=C.UTF-8".to_owned()),
    )
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.ends_with("utf-8") || locale.ends_with("utf8")
}

fn terminal(lang: Lang) -> Check {
    let term = variable("TERM").unwrap_or_else(|| "—".to_owned());
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Check::note(
            "terminal",
            say!(
                lang,
                "TERM={term}；输入或输出不是终端",
                "TERM={term}; input or output is no terminal"
            ),
            None,
        );
    }
    let columns = output::terminal_columns().unwrap_or_default();
    let around: Vec<&str> = [
        ("TMUX", "tmux"),
        ("STY", "screen"),
        ("SSH_CONNECTION", "ssh"),
    ]
    .into_iter()
    .filter(|(name, _)| variable(name).is_some())
    .map(|(_, what)| what)
    .collect();
    let around = around.join(" ");
    let detail = say!(
        lang,
        "TERM={term}，宽 {columns} 列 {around}",
        "TERM={term}, {columns} columns {around}"
    );
    if term == "dumb" || term == "—" {
        let hint = say!(
            lang,
            "工作台需要支持光标定位的终端",
            "the workbench needs a terminal that can place its cursor"
        );
        return Check::note("terminal", detail, Some(hint));
    }
    Check::ok("terminal", detail.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_recognised_in_its_spellings() {
        assert!(is_utf8("zh_CN.UTF-8") && is_utf8("C.utf8"));
        assert!(!is_utf8("zh_CN.GBK") && !is_utf8("POSIX") && !is_utf8(""));
    }
}
