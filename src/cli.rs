//! The command line: one file a subcommand; the only place that prints.
//!
//! [`args`] names the commands, [`output`] writes for people and scripts, [`failure`] maps what
//! went wrong to exit codes and words. A command asks the desk and tells the answer; it decides
//! nothing itself. Sentences that only one command says stand beside it, in both languages.

mod acts;
mod add;
mod args;
mod backup;
mod batch;
mod categories;
mod category;
mod cause;
mod completions;
mod conflicts;
mod connect;
mod context;
mod copy;
mod dataset;
mod doctor;
mod download;
mod export;
mod failure;
mod filter;
mod help;
mod identity;
mod import;
mod keys;
mod list;
mod log;
mod output;
mod restore;
mod rows;
mod say;
mod search;
mod settings;
mod shim;
mod show;
mod similar;
mod stats;
mod time;
mod undo;
mod usage;
mod version;
mod wait;
mod workbench;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use args::{Args, Command};
use context::Context;
use failure::{Exit, Failure};
use output::{Form, Output};
use shim::Env;

use crate::words::Lang;

/// The exit code of a fault of the program.
const BUG: u8 = 70;

/// Runs the command that the arguments name; the first is the program's name.
///
/// Returns the exit code, as the contract with scripts has it.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let env = Env;
    let early = Early::read(&args, &env);
    output::panics_in_short(early.form, early.lang);
    panic::catch_unwind(AssertUnwindSafe(|| guarded(args, env, &early))).unwrap_or(BUG)
}

/// What must be known before the arguments can be parsed: how to say that they cannot.
struct Early {
    lang: Lang,
    form: Form,
}

impl Early {
    fn read(args: &[OsString], env: &Env) -> Self {
        let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
        let form = if texts.contains(&"--json") {
            Form::Json
        } else {
            Form::Human
        };
        let asked = texts
            .windows(2)
            .find(|pair| pair[0] == "--lang")
            .map(|pair| pair[1])
            .or_else(|| texts.iter().find_map(|arg| arg.strip_prefix("--lang=")))
            .map(str::to_owned);
        let lang = match asked.or_else(|| env.get("GONGDAN_LANG")).as_deref() {
            Some("en") => Lang::En,
            _ => Lang::Zh,
        };
        Self { lang, form }
    }
}

fn guarded(args: Vec<OsString>, env: Env, early: &Early) -> u8 {
    let command = help::localised(Args::command(), early.lang);
    let parsed = command
        .try_get_matches_from(args)
        .and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => return not_parsed(&error, early, &env),
    };
    let form = if args.global.json {
        Form::Json
    } else {
        Form::Human
    };
    let colour = output::colour(args.global.no_color, |name| env.get(name));
    let mut cx = Context {
        lang: early.lang,
        data_dir: data_dir(&args, &env),
        env,
        out: Output::standard(form, colour),
    };
    let done = dispatch(&args, &mut cx).and_then(|exit| cx.out.flush().map(|()| exit));
    finish(done, &mut cx.out, cx.lang)
}

/// Help is an answer; anything else is a usage error.
fn not_parsed(error: &clap::Error, early: &Early, env: &Env) -> u8 {
    let mut out = Output::standard(early.form, output::colour(false, |name| env.get(name)));
    let help = ErrorKind::DisplayHelp;
    let done = if error.kind() == help {
        out.verbatim(&error.render().to_string())
            .and_then(|()| out.flush())
            .map(|()| Exit::Done)
    } else {
        Err(usage::failure(error, early.lang))
    };
    finish(done, &mut out, early.lang)
}

fn finish(done: Result<Exit, Failure>, out: &mut Output, lang: Lang) -> u8 {
    match done {
        Ok(exit) => exit.code(),
        Err(failure) => {
            if !matches!(failure, Failure::ClosedPipe) {
                let hint = failure.hint(lang);
                out.complain(&failure.name(), &failure.message(lang), hint.as_deref());
            }
            failure.code()
        }
    }
}

fn data_dir(args: &Args, env: &Env) -> PathBuf {
    args.global
        .data_dir
        .clone()
        .or_else(|| env.get("GONGDAN_DATA_DIR").map(PathBuf::from))
        .unwrap_or_else(|| shim::data_dir(env))
}

fn dispatch(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    if args.version {
        return version::run(cx);
    }
    let Some(command) = &args.command else {
        return workbench::run(cx);
    };
    match command {
        Command::Import(args) => import::run(args, cx),
        Command::Add(args) => add::run(args, cx),
        Command::List(args) => list::run(args, cx),
        Command::Search(args) => search::run(args, cx),
        Command::Similar(args) => similar::run(args, cx),
        Command::Show(args) => show::run(args, cx),
        Command::Categories(args) => categories::run(args, cx),
        Command::Cause(args) => cause::run(args, cx),
        Command::Category(args) => category::run(args, cx),
        Command::Copy(args) => copy::run(args, cx),
        Command::Undo(args) => undo::undo(args, cx),
        Command::Redo(args) => undo::redo(args, cx),
        Command::Log(args) => log::run(args, cx),
        Command::Conflicts(args) => conflicts::run(args, cx),
        Command::Stats(args) => stats::run(args, cx),
        Command::Dataset(args) => dataset::run(args, cx),
        Command::Export(args) => export::run(args, cx),
        Command::Backup(args) => backup::run(args, cx),
        Command::Restore(args) => restore::run(args, cx),
        Command::Settings(args) => settings::run(args, cx),
        Command::Doctor(args) => doctor::run(args, cx),
        Command::Keys(args) => keys::run(args, cx),
        Command::Completions(args) => completions::run(args, cx),
    }
}
