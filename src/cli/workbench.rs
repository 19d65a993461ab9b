//! `gongdan` alone: the workbench.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use super::connect;
use super::context::Context;
use super::copy;
use super::failure::{Exit, Failure};
use super::say::say;
use crate::clipboard::{Clipboard, Environment, LastResort};
use crate::config::Choice;
use crate::desk::{Answer, Desk, DeskError, ErrorCode, Request};
use crate::keymap::{Builtin, Keymap};
use crate::tui::{self, TuiError, TuiOptions};
use crate::words::{self, Msg};

/// Opens the workbench; into a store without any dataset it loads the sample corpus first.
///
/// # Errors
/// When there is no terminal, or the desk cannot be opened.
pub fn run(cx: &mut Context) -> Result<Exit, Failure> {
    if !io::stdout().is_terminal() {
        return Err(Failure::usage(say!(
            cx.lang,
            "工作台需要终端；命令见 gongdan --help",
            "the workbench needs a terminal; for commands see gongdan --help"
        )));
    }
    let (keymap, notice) = keymap(cx);
    let environment = Environment::from_vars(|name| std::env::var_os(name), true);
    let probe = environment.takes_sequences();
    let options = TuiOptions {
        lang: cx.lang,
        theme: cx.settings.theme,
        color: cx.settings.color,
        keymap,
        clipboard: Clipboard::new(
            environment,
            LastResort::Show,
            &cx.paths.state,
            copy::holder(),
        ),
        method: copy::method(&cx.settings),
        mouse: cx.settings.mouse,
        probe,
        notice,
    };
    let dir = cx.data_dir().to_owned();
    let connect = move || {
        let desk = connect::open(&dir).map_err(desk_error)?;
        load_sample(&*desk)?;
        Ok::<Arc<dyn Desk>, DeskError>(desk)
    };
    match tui::run(options, Box::new(connect)) {
        Ok(()) => Ok(Exit::Done),
        Err(TuiError::Desk(error)) => Err(error.into()),
        Err(TuiError::Terminal(error)) => Err(Failure::Output(error)),
    }
}

/// The agent's keys; what is wrong with their file is said in the workbench, which opens anyway.
fn keymap(cx: &Context) -> (Keymap, Option<String>) {
    let builtin = Builtin::parse(cx.settings.keys.name()).unwrap_or_default();
    let keymap = Keymap::builtin(builtin);
    let problem = match cx.settings.keymap.read() {
        Ok(None) => return (keymap, None),
        Ok(Some((name, text))) => match keymap.clone().merged(&name, &text) {
            Ok(own) => return (own, None),
            Err(errors) => errors.first().map(ToString::to_string).unwrap_or_default(),
        },
        Err(error) => error.to_string(),
    };
    let msg = Msg::BadFile { problem: &problem };
    (keymap, Some(words::text(cx.lang, &msg)))
}

fn desk_error(failure: Failure) -> DeskError {
    match failure {
        Failure::Desk(error) => error,
        other => {
            let detail = other.message(words::Lang::En);
            DeskError::new(ErrorCode::Unreachable).with("detail", detail)
        }
    }
}

/// Loads the sample corpus into a store without any dataset. No other command ever does.
fn load_sample(desk: &dyn Desk) -> Result<(), DeskError> {
    match desk.call(Request::Status)? {
        Answer::Status(status) if status.datasets == 0 => {
            desk.call(Request::LoadSample).map(|_| ())
        }
        _ => Ok(()),
    }
}
