//! The command line: global options and the names of the commands.
//!
//! The comments on commands and options are the English help; `cli/help.rs` holds the Chinese.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::{
    add, answer, backup, categories, category, cause, completions, conflicts, copy, dataset,
    doctor, export, import, keys, list, log, man, mask, model, outdated, replies, reply, restore,
    salvage, search, serve, settings, show, similar, stats, undo, verify, views,
};

/// A workbench for the resolved tickets of cloud support. Without a command it opens.
#[derive(Debug, Parser)]
#[command(
    name = "gongdan",
    disable_version_flag = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Args {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// Print the version; with --json also the version of the JSON contract
    #[arg(long, short = 'V', display_order = 904)]
    pub version: bool,
    /// The command; none opens the workbench.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Directory of store and index [env: GONGDAN_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR", display_order = 900)]
    pub data_dir: Option<PathBuf>,
    /// Language of the interface: zh or en [env: GONGDAN_LANG]
    #[arg(long, global = true, value_name = "LANG", value_parser = ["zh", "en"], display_order = 901)]
    pub lang: Option<String>,
    /// For scripts: one JSON object a line
    #[arg(long, global = true, display_order = 902)]
    pub json: bool,
    /// No colours
    #[arg(long, global = true, display_order = 903)]
    pub no_color: bool,
    /// Open the store in this process, without a daemon
    #[arg(long, global = true, display_order = 905)]
    pub standalone: bool,
}

/// The commands, in the order the help lists them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import ticket documents and reference texts
    Import(import::Args),
    /// Add one solved case from standard input
    Add(add::Args),
    /// List tickets
    List(list::Args),
    /// Search tickets and articles
    Search(search::Args),
    /// Find tickets like a ticket or a text
    Similar(similar::Args),
    /// Show tickets or articles in full
    Show(show::Args),
    /// List product areas and issue types with counts
    Categories(categories::Args),
    /// Root causes: annotate tickets, manage the vocabulary
    Cause(cause::Args),
    /// Correct the category of a ticket
    Category(category::Args),
    /// Say why a ticket or article must not be followed any more
    Outdated(outdated::Args),
    /// Category, replies, causes and tickets for a customer's message
    Answer(answer::Args),
    /// List standard replies
    Replies(replies::Args),
    /// Standard replies: write, change, retire
    Reply(reply::Args),
    /// Copy a reply to the clipboard
    Copy(copy::Args),
    /// Take back your last change
    Undo(undo::UndoArgs),
    /// Do again what undo took back
    Redo(undo::RedoArgs),
    /// Show changes, newest first
    Log(log::Args),
    /// Show or settle changes that lost to somebody faster
    Conflicts(conflicts::Args),
    /// Show figures over the whole store
    Stats(stats::Args),
    /// List or remove datasets
    Dataset(dataset::Args),
    /// Export tickets
    Export(export::Args),
    /// Find and mask personal and secret values in what is stored
    Mask(mask::Args),
    /// Write a backup of the store, also while it is in use
    Backup(backup::Args),
    /// Put a backup in place of the store
    Restore(restore::Args),
    /// Check every byte of the log of all changes
    Verify(verify::Args),
    /// Copy what can be read of a damaged store to a new directory
    Salvage(salvage::Args),
    /// The embedding model: install, watch, remove
    Model(model::Args),
    /// Views: queries kept under a name, the tabs of the workbench
    Views(views::Args),
    /// Team settings
    Settings(settings::Args),
    /// Check store, terminal and clipboard
    Doctor(doctor::Args),
    /// Own the store and serve it to workbenches and commands
    Serve(serve::ServeArgs),
    /// Show whether a daemon serves the store
    Status(serve::StatusArgs),
    /// Let the daemon finish what it does and go
    Stop(serve::StopArgs),
    /// Print the keys of the workbench
    Keys(keys::Args),
    /// Print a manual page, or write all of them for a package
    Man(man::Args),
    /// Keep the text of standard input in the desktop's clipboard
    #[command(hide = true)]
    HoldClipboard(copy::HoldArgs),
    /// Print names of the store, one a line, for completion scripts
    #[command(hide = true)]
    CompleteNames(completions::NamesArgs),
    /// Print a completion script for a shell
    Completions(completions::Args),
}
