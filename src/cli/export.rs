//! `gongdan export`: tickets for other programs, and for an import elsewhere.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use super::context::Context;
use super::download;
use super::failure::{Exit, Failure};
use super::wait;
use crate::api::{ExportFormat, ask};
use crate::words::{self, Bytes, Msg};

/// Export tickets
#[derive(Debug, clap::Args)]
pub struct Args {
    /// In which form
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Only the hits of this query
    #[arg(
        long,
        value_name = "QUERY",
        default_value = "",
        hide_default_value = true
    )]
    query: String,
    /// File to write; standard output without it
    #[arg(short = 'o', long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Replace the file where there is one
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One JSON object a line; imports back lossless
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// Ticket documents
    Markdown,
    /// A workbook
    Xlsx,
}

/// A written file, for scripts.
#[derive(Serialize)]
pub struct Written<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its size.
    pub bytes: u64,
}

/// Exports tickets.
///
/// # Errors
/// When the desk cannot be opened, or the file cannot be written.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let output = args.output.as_deref();
    let output = output.filter(|path| *path != Path::new("-"));
    if let Some(path) = output {
        download::may_write(cx, path, args.force)?;
    }
    let desk = cx.desk()?;
    if !args.query.is_empty() {
        wait::for_index(&*desk, cx)?;
    }
    let request = ask::Export {
        format: match args.format {
            Format::Jsonl => ExportFormat::Jsonl,
            Format::Csv => ExportFormat::Csv,
            Format::Markdown => ExportFormat::Markdown,
            Format::Xlsx => ExportFormat::Xlsx,
        },
        query: args.query.clone(),
    };
    let job = download::begin(&*desk, request)?;
    match output {
        None => {
            download::each(&*desk, job, |bytes| cx.out.document(bytes))?;
        }
        Some(path) => {
            let bytes = download::to_file(&*desk, job, path)?;
            written(cx, path, bytes)?;
        }
    }
    Ok(Exit::Done)
}

/// Tells where a file was written, and how large it is.
///
/// # Errors
/// When standard output cannot be written.
pub fn written(cx: &mut Context, path: &Path, bytes: u64) -> Result<(), Failure> {
    if cx.json() {
        return cx.out.object(&Written { path, bytes });
    }
    let path = path.display().to_string();
    let written = Msg::Exported {
        size: Bytes(bytes),
        path: &path,
    };
    cx.out.say(words::text(cx.lang, &written))
}
