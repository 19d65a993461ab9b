//! What the program finds around it: configuration, keys, language, terminal, clipboard.

use std::io::{self, IsTerminal};

use super::Check;
use crate::cli::context::{Context, variable};
use crate::cli::copy;
use crate::cli::output;
use crate::cli::say::say;
use crate::clipboard::{LIMIT, Outer, Step};
use crate::config::{Choice, KeymapFile};
use crate::keymap::{Builtin, Keymap};
use crate::words::{self, Bytes, Lang, Word, names};

/// Bytes of a usual reply.
const USUAL_REPLY: usize = 2_000;

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
    if let Some(problem) = &cx.problem {
        let hint = say!(
            cx.lang,
            "改好之前使用默认设置",
            "the defaults hold until it is mended"
        );
        return vec![Check::bad("config", problem.to_string(), Some(hint))];
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
        Err(error) => Check::bad("keys", error.to_string(), None),
        Ok(None) => Check::ok("keys", base),
        Ok(Some((name, text))) => match Keymap::builtin(builtin).merged(&name, &text) {
            Ok(_) => Check::ok("keys", format!("{base} + {name}")),
            Err(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Check::bad("keys", errors.join("; "), own_keymap(cx))
            }
        },
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

/// The ways a copy would take.
///
/// Nothing is copied: only what is known beforehand is told.
pub(super) fn clipboard(cx: &Context) -> Vec<Check> {
    let lang = cx.lang;
    let method = copy::method(&cx.settings);
    let name = method.name();
    let plan = match copy::plan(method, USUAL_REPLY) {
        Ok(plan) => plan,
        Err(refused) => {
            let why = refused.error.to_string();
            let hint = say!(
                lang,
                "配置 clipboard = \"{name}\" 在这里行不通",
                "the configured clipboard = \"{name}\" cannot work here"
            );
            return vec![Check::bad("clipboard", why, Some(hint))];
        }
    };
    let ways: Vec<String> = plan.steps.iter().map(|step| way(*step, lang)).collect();
    let ways = ways.join(" → ");
    let limit = Bytes(LIMIT as u64);
    let detail = say!(
        lang,
        "{name}：{ways}（经终端最多 {limit}）",
        "{name}: {ways} (terminals take {limit})"
    );
    let first = plan.steps.first().copied();
    match first.and_then(|step| caveat(step, lang)) {
        Some(hint) => vec![Check::note("clipboard", detail, Some(hint))],
        None => vec![Check::ok("clipboard", detail)],
    }
}

fn way(step: Step, lang: Lang) -> String {
    let name = match step {
        Step::Show => "page",
        Step::Tmux | Step::Local | Step::Osc52 { .. } | Step::File => step.via().name(),
    };
    names::via(lang, name).to_owned()
}

/// What to know about a way before relying on it.
fn caveat(step: Step, lang: Lang) -> Option<String> {
    match step {
        Step::Tmux | Step::Local => None,
        Step::Osc52 {
            outer: Outer::Tmux | Outer::Either,
        } => Some(words::word(lang, Word::HintTmuxOuter).to_owned()),
        Step::Osc52 {
            outer: Outer::None | Outer::Screen,
        } => Some(words::word(lang, Word::SentUnconfirmed).to_owned()),
        Step::File | Step::Show => Some(say!(
            lang,
            "这里没有可用的剪贴板：文字会显示出来或存成文件",
            "no clipboard can be reached from here: the text is shown or written to a file"
        )),
    }
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
