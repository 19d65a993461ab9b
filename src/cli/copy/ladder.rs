//! The ladder to the clipboard, as one command walks it.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal};

use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::clipboard::{
    self, Clipboard, CopyError, Environment, Hint, Holder, LastResort, Method, Outcome, Plan,
    Refused,
};
use crate::config::{Choice, Paths};
use crate::text::sanitize;
use crate::words::{self, Lang, Msg, Word, names};

/// The hidden command that keeps a text in the desktop's clipboard after `copy` has ended.
const HOLD: &str = "hold-clipboard";

/// Keep the text of standard input in the desktop's clipboard
#[derive(Debug, clap::Args)]
pub struct HoldArgs {}

/// Keeps standard input in the desktop's clipboard until something else is copied.
///
/// # Errors
/// When there is no desktop.
pub fn hold(_: &HoldArgs) -> Result<Exit, Failure> {
    clipboard::hold(&mut io::stdin(), &mut io::stdout())
        .map(|()| Exit::Done)
        .map_err(|error| Failure::Refused {
            message: error.to_string(),
            hint: None,
        })
}

/// The configured way; a restricted session writes no file, whatever is configured.
pub fn method(cx: &Context) -> Method {
    match Method::parse(cx.settings.clipboard.name()) {
        Some(Method::File) if cx.is_restricted() => Method::Auto,
        method => method.unwrap_or_default(),
    }
}

/// What a copy of so many bytes would try, the first first.
pub fn plan(cx: &Context, size: usize) -> Result<Plan, Refused> {
    let environment = environment(terminal().is_some());
    Plan::new(method(cx), &environment, size, last_resort(cx))
}

/// Copies a text; `asked` is the command line's method, before the configured one.
pub fn copy(cx: &Context, asked: Option<Method>, text: &str) -> Outcome {
    let method = asked.unwrap_or_else(|| method(cx));
    let text = sanitize::for_clipboard(text);
    copy_in(cx, &environment(terminal().is_some()), method, &text)
}

/// Copies a text in surroundings that are known already.
pub fn copy_in(cx: &Context, environment: &Environment, method: Method, text: &str) -> Outcome {
    let environment = environment.clone();
    let mut clipboard = Clipboard::new(environment, last_resort(cx), &cx.paths.state, holder());
    match terminal() {
        Some(mut terminal) => clipboard.copy(method, text, &mut terminal),
        None => clipboard.copy(method, text, &mut io::sink()),
    }
}

/// The clipboard of the workbench, kept for its whole run.
pub fn workbench_clipboard(paths: &Paths) -> Clipboard {
    Clipboard::new(environment(true), LastResort::Show, &paths.state, holder())
}

/// The surroundings of a session whose output is known to be a terminal.
pub fn environment_of_a_terminal() -> Environment {
    environment(true)
}

/// The controlling terminal: standard output may go elsewhere, and the sequences must not.
fn terminal() -> Option<File> {
    let terminal = OpenOptions::new().write(true).open("/dev/tty");
    terminal.ok()
}

fn environment(tty: bool) -> Environment {
    Environment::from_vars(|name| std::env::var_os(name), tty)
}

/// A text that nothing can carry is printed where somebody sees it or no file may be written, and
/// else kept in a file.
fn last_resort(cx: &Context) -> LastResort {
    if cx.is_restricted() || io::stdout().is_terminal() {
        LastResort::Show
    } else {
        LastResort::File
    }
}

/// This program, started again as the keeper of the text.
fn holder() -> Option<Holder> {
    Some(Holder {
        program: std::env::current_exe().ok()?,
        args: vec![HOLD.into()],
    })
}

/// What became of a copy, in words; `None` when the text itself is to be shown.
pub fn said(lang: Lang, outcome: &Outcome) -> Option<String> {
    let path;
    let msg = match outcome {
        Outcome::Copied { via } => Msg::Copied {
            via: names::via(lang, via.name()),
        },
        Outcome::Sent { via, hint } => Msg::Sent {
            via: names::via(lang, via.name()),
            hint: words::word(lang, advice(*hint)),
        },
        Outcome::Saved { path: saved } => {
            path = saved.display().to_string();
            Msg::SavedTo { path: &path }
        }
        Outcome::Show | Outcome::Failed { .. } => return None,
    };
    Some(words::text(lang, &msg))
}

/// Why a text was not copied.
pub fn uncopied(lang: Lang, error: &CopyError) -> String {
    words::uncopied(lang, error.name(), &|name| error.value(name))
}

fn advice(hint: Hint) -> Word {
    match hint {
        Hint::Unconfirmed => Word::SentUnconfirmed,
        Hint::OuterTmux => Word::HintTmuxOuter,
        Hint::TmuxBufferOnly => Word::HintTmuxTerminal,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Args;

    #[test]
    fn the_keeper_of_the_text_is_a_command_of_ours() {
        let command = Args::command();
        assert!(command.find_subcommand(HOLD).is_some());
    }

    #[test]
    fn a_text_that_was_only_sent_is_not_called_copied() {
        let sent = Outcome::Sent {
            via: clipboard::Via::Osc52,
            hint: Hint::Unconfirmed,
        };
        let said = said(Lang::En, &sent).unwrap();
        assert!(!said.to_lowercase().contains("copied"), "{said}");
    }
}
