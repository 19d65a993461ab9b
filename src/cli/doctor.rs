//! `gongdan doctor`: whether everything is in order, and if not, what to do.

mod ask;
mod clipboard;
mod report;
mod ssh;
mod store;
mod surroundings;

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style};
use super::version::Version;
use crate::clipboard::Method;

/// Check store, terminal and clipboard
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the way to the clipboard; the script that sets up a jump host; a block for a bug
    /// report, without any customer's text
    #[arg(value_parser = ["clipboard", "ssh", "report"])]
    topic: Option<String>,
    /// Try only this way to the clipboard
    #[arg(long, value_name = "METHOD", value_parser = clipboard::WAYS, requires = "topic")]
    method: Option<String>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// In order.
    Ok,
    /// Worth knowing.
    Note,
    /// Not in order.
    Bad,
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    state: State,
    detail: String,
    hint: Option<String>,
}

impl Check {
    fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self {
            check,
            state: State::Ok,
            detail: detail.into(),
            hint: None,
        }
    }

    fn note(check: &'static str, detail: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            state: State::Note,
            hint,
            ..Self::ok(check, detail)
        }
    }

    fn bad(check: &'static str, detail: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            state: State::Bad,
            hint,
            ..Self::ok(check, detail)
        }
    }
}

/// Checks everything and tells it; a store that is not in order also decides the exit code.
///
/// # Errors
/// What keeps the store from being opened, or damage in it.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    if args.topic.as_deref() == Some("ssh") {
        ssh::tell(cx)?;
        return Ok(Exit::Done);
    }
    let mut checks = Vec::new();
    let mut fault = None;
    let reports = args.topic.as_deref() == Some("report");
    if args.topic.is_none() || reports {
        checks.push(Check::ok("version", Version::this().line()));
        checks.extend(surroundings::checks(cx));
        fault = store::check(cx, &mut checks).err();
    }
    checks.extend(clipboard::checks(cx));
    if reports {
        for line in report::lines(cx, &checks) {
            cx.out.say(line)?;
        }
        return Ok(Exit::Done);
    }
    for check in &checks {
        tell(cx, check)?;
    }
    if args.topic.as_deref() == Some("clipboard") && clipboard::somebody_pastes(cx) {
        let asked = args.method.as_deref().and_then(Method::parse);
        clipboard::trial(cx, asked)?;
    }
    fault.map_or(Ok(Exit::Done), Err)
}

fn tell(cx: &mut Context, check: &Check) -> Result<(), Failure> {
    if cx.json() {
        return cx.out.object(check);
    }
    let (mark, style) = match check.state {
        State::Ok => ("✓", Style::Plain),
        State::Note => ("·", Style::Faint),
        State::Bad => ("✗", Style::Warn),
    };
    let line = Line::styled(style, format!("{mark} {:<11}", check.check)).and(&check.detail);
    cx.out.line(&line)?;
    if let Some(hint) = &check.hint {
        let hint = Line::plain(" ".repeat(14)).with(Style::Faint, hint);
        cx.out.line(&hint)?;
    }
    Ok(())
}
