//! `gongdan backup`: the whole store in one file, consistent while in use.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::download;
use super::export;
use super::failure::{Exit, Failure};
use crate::api::ask;

/// Write a backup of the store, also while it is in use
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File to write; - for standard output
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
}

/// Writes a backup.
///
/// # Errors
/// When the desk cannot be opened, or the file cannot be written.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let job = download::begin(&*desk, ask::Backup)?;
    if args.file == Path::new("-") {
        download::each(&*desk, job, |bytes| cx.out.binary(bytes))?;
        return Ok(Exit::Done);
    }
    let bytes = download::to_file(&*desk, job, &args.file)?;
    export::written(cx, &args.file, bytes)?;
    Ok(Exit::Done)
}
