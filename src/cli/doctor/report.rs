//! `gongdan doctor report`: a block to paste into a bug report.
//!
//! It holds what one needs to know of the program and its surroundings, and nothing that came
//! from a customer or names a person: of every check only its name and how it came out, of the
//! store only numbers. It is English in every language, for whoever reads the report.

use super::Check;
use crate::api::{DeskExt, ask};
use crate::cli::context::Context;
use crate::cli::environment::variable;
use crate::cli::failure::Failure;
use crate::cli::version::Version;
use crate::config::Choice;

/// Variables that say what the terminal is; none of them holds a name or a path.
const TERMINAL: [&str; 5] = ["TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL"];

/// Variables of which only it matters whether they are set.
const AROUND: [(&str, &str); 3] = [("TMUX", "tmux"), ("STY", "screen"), ("SSH_TTY", "ssh")];

/// The block, line by line.
pub(super) fn lines(cx: &Context, checks: &[Check]) -> Vec<String> {
    let version = Version::this();
    let mut lines = vec![
        "```".to_owned(),
        version.line(),
        format!("system     {}", system()),
        format!("terminal   {}", terminal()),
        format!(
            "settings   language {}, theme {}, keys {}, clipboard {}",
            cx.settings.language.name(),
            cx.settings.theme.name(),
            cx.settings.keys.name(),
            cx.settings.clipboard.name()
        ),
        format!(
            "store      {}",
            store(cx).unwrap_or_else(|error| error.name())
        ),
    ];
    lines.extend(
        checks
            .iter()
            .map(|check| format!("{:<10} {:?}", check.check, check.state).to_lowercase()),
    );
    lines.push("```".to_owned());
    lines
}

fn system() -> String {
    let uname = rustix::system::uname();
    let field = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    format!(
        "{} {} {}",
        field(uname.sysname()),
        field(uname.release()),
        field(uname.machine())
    )
}

fn terminal() -> String {
    let mut parts: Vec<String> = TERMINAL
        .iter()
        .filter_map(|name| variable(name).map(|value| format!("{name}={value}")))
        .collect();
    let around = AROUND.iter().filter(|(name, _)| variable(name).is_some());
    parts.extend(around.map(|(_, what)| (*what).to_owned()));
    parts.join(" ")
}

fn store(cx: &Context) -> Result<String, Failure> {
    let status = cx.desk()?.ask(ask::Status)?;
    let indexing = match status.indexing {
        Some(percent) => format!("index behind, {percent} %"),
        None => "index up to date".to_owned(),
    };
    Ok(format!(
        "{} tickets, {} articles, {} datasets, sequence {}, {indexing}",
        status.tickets, status.articles, status.datasets, status.sequence
    ))
}
