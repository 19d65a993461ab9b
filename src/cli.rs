//! The command line: one file a subcommand; the only place that prints.
//!
//! [`args`] names the commands, [`output`] writes for people and scripts, [`failure`] maps what
//! went wrong to exit codes and words. A command asks the desk and tells the answer; it decides
//! nothing itself. Sentences that only one command says stand beside it, in both languages.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! environment faults help identity say time
//! failure
//! connect filter ids output usage
//! context
//! batch completions download import keys man model restore rows salvage serve verify version wait
//! categories copy export list mask replies search show
//! acts backup doctor similar stats
//! add category conflicts dataset log outdated reply settings undo
//! answer workbench
//! cause
//! views
//! args
//! restricted
//! ```

mod acts;
mod add;
mod answer;
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
mod environment;
mod export;
mod failure;
mod faults;
mod filter;
mod help;
mod identity;
mod ids;
mod import;
mod keys;
mod list;
mod log;
mod man;
mod mask;
mod model;
mod outdated;
mod output;
mod replies;
mod reply;
mod restore;
mod restricted;
mod rows;
mod salvage;
mod say;
mod search;
mod serve;
mod settings;
mod show;
mod similar;
mod stats;
mod time;
mod undo;
mod usage;
mod verify;
mod version;
mod views;
mod wait;
mod workbench;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use args::{Args, Command};
use context::{Context, Early, Restricted};
use failure::{Exit, Failure};
use output::{Colour, Form, Output};

use crate::config::Paths;
use crate::words::{self, Lang, Msg};

/// The exit code of a fault of the program.
const BUG: u8 = 70;

/// Runs the command that the arguments name; the first is the program's name.
///
/// Returns the exit code, as the contract with scripts has it.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    output::panics_in_short(context::form(&args));
    panic::catch_unwind(AssertUnwindSafe(|| guarded(args))).unwrap_or(BUG)
}

fn guarded(args: Vec<OsString>) -> u8 {
    let entry = match restricted::enter(args) {
        Ok(entry) => entry,
        Err(failure) => {
            let mut out = Output::standard(Form::Human, Colour::Off);
            return finish(Err(failure), &mut out, Lang::Zh);
        }
    };
    let restricted = entry.restricted;
    let args = entry.args;
    let early = match Early::read(&args) {
        Ok(early) => early,
        Err(error) => {
            let mut out = Output::standard(context::form(&args), Colour::Off);
            return finish(Err(error.into()), &mut out, Lang::Zh);
        }
    };
    let command = help::localised(Args::command(), early.lang());
    let matches = command.try_get_matches_from(search::shielded(args));
    if let (Ok(matches), true) = (&matches, restricted.is_some())
        && let Err(failure) = restricted::check(matches, early.lang())
    {
        let mut out = Output::standard(early.form, Colour::Off);
        return finish(Err(failure), &mut out, early.lang());
    }
    match matches.and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => parsed_run(&args, early, restricted),
        Err(error) => not_parsed(&error, &early),
    }
}

fn parsed_run(args: &Args, early: Early, restricted: Option<Restricted>) -> u8 {
    let lang = early.lang();
    let wanted = early.settings.color && !args.global.no_color;
    let mut out = Output::standard(early.form, output::colour(wanted, early.settings.theme));
    let paths = match Paths::new(&early.env, args.global.data_dir.as_deref()) {
        Ok(paths) => paths,
        Err(error) => return finish(Err(error.into()), &mut out, lang),
    };
    let mut cx = Context {
        lang,
        paths,
        wants_colour: wanted,
        settings: early.settings,
        problems: early.problems,
        out,
        restricted,
        standalone: args.global.standalone,
        named_dir: args.global.data_dir.is_some() || early.env.data_dir.is_some(),
    };
    for problem in &cx.problems {
        let problem = faults::config(lang, problem);
        let msg = Msg::BadFile { problem: &problem };
        cx.out.note(words::text(lang, &msg));
    }
    let done = dispatch(args, &mut cx).and_then(|exit| cx.out.flush().map(|()| exit));
    finish(done, &mut cx.out, lang)
}

/// Help is an answer; anything else is a usage error.
fn not_parsed(error: &clap::Error, early: &Early) -> u8 {
    let colour = output::colour(early.settings.color, early.settings.theme);
    let mut out = Output::standard(early.form, colour);
    let done = if error.kind() == ErrorKind::DisplayHelp {
        out.verbatim(&error.render().to_string())
            .and_then(|()| out.flush())
            .map(|()| Exit::Done)
    } else {
        Err(usage::failure(error, early.lang()))
    };
    finish(done, &mut out, early.lang())
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
        Command::Outdated(args) => outdated::run(args, cx),
        Command::Answer(args) => answer::run(args, cx),
        Command::Replies(args) => replies::run(args, cx),
        Command::Reply(args) => reply::run(args, cx),
        Command::Copy(args) => copy::run(args, cx),
        Command::Undo(args) => undo::undo(args, cx),
        Command::Redo(args) => undo::redo(args, cx),
        Command::Log(args) => log::run(args, cx),
        Command::Conflicts(args) => conflicts::run(args, cx),
        Command::Stats(args) => stats::run(args, cx),
        Command::Dataset(args) => dataset::run(args, cx),
        Command::Export(args) => export::run(args, cx),
        Command::Mask(args) => mask::run(args, cx),
        Command::Backup(args) => backup::run(args, cx),
        Command::Restore(args) => restore::run(args, cx),
        Command::Verify(args) => verify::run(args, cx),
        Command::Model(args) => model::run(args, cx),
        Command::Salvage(args) => salvage::run(args, cx),
        Command::Views(args) => views::run(args, cx),
        Command::Settings(args) => settings::run(args, cx),
        Command::Doctor(args) => doctor::run(args, cx),
        Command::Serve(args) => serve::serve(args, cx),
        Command::Status(args) => serve::status(args, cx),
        Command::Stop(args) => serve::stop(args, cx),
        Command::Keys(args) => keys::run(args, cx),
        Command::Man(args) => man::run(args, &Args::command(), cx),
        Command::HoldClipboard(args) => copy::hold(args),
        Command::CompleteNames(args) => completions::names(args, cx),
        Command::Completions(args) => completions::run(args, Args::command(), cx),
    }
}
