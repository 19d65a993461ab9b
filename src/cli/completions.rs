//! `gongdan completions`: a script that completes commands and options in a shell.

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::args;
use super::context::Context;
use super::failure::{Exit, Failure};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// For which shell
    #[arg(value_enum)]
    shell: ShellName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShellName {
    Bash,
    Zsh,
    Fish,
}

/// Prints the script.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let shell = match args.shell {
        ShellName::Bash => Shell::Bash,
        ShellName::Zsh => Shell::Zsh,
        ShellName::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    let mut command = args::Args::command();
    clap_complete::generate(shell, &mut command, "gongdan", &mut script);
    cx.out.verbatim(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
