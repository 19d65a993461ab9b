//! `gongdan restore`: a backup in place of the store.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::connect::{self, Way};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use super::time;
use crate::api::{DeskError, ErrorCode};
use crate::daemon;

/// Put a backup in place of the store
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup
    file: PathBuf,
    /// Where there is a store already: move it aside, beside the data directory
    #[arg(long)]
    replace: bool,
}

/// What was restored, for scripts.
#[derive(Serialize)]
struct Restored<'a> {
    data_dir: &'a Path,
    moved_aside: Option<&'a Path>,
}

/// Restores a backup. What was there is never deleted.
///
/// # Errors
/// When a store is there and `--replace` is not given, when it is in use, or when the backup
/// cannot be read: everything stays as it was then.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let dir = cx.data_dir().to_owned();
    daemon::may_keep(&dir).map_err(DeskError::from)?;
    let backup = File::open(&args.file).map_err(failed(&args.file))?;
    let mut backup = BufReader::new(backup);
    let aside = if is_empty(&dir)? {
        connect::restore(&dir, &mut backup)?;
        None
    } else {
        if !args.replace {
            return Err(occupied(cx));
        }
        refuse_busy(cx)?;
        Some(replace(&dir, &mut backup)?)
    };
    tell(cx, &dir, aside.as_deref())?;
    Ok(Exit::Done)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::File {
        path: path.to_owned(),
        source,
    }
}

fn is_empty(dir: &Path) -> Result<bool, Failure> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(failed(dir)(error)),
    }
}

fn occupied(cx: &Context) -> Failure {
    let dir = cx.data_dir().display();
    Failure::Refused {
        message: say!(
            cx.lang,
            "数据目录 {dir} 已有数据",
            "the data directory {dir} holds data already"
        ),
        hint: Some(say!(
            cx.lang,
            "加 --replace 把现有数据移到一旁，或用 --data-dir 指定新目录",
            "--replace moves it aside; or name a new directory with --data-dir"
        )),
    }
}

/// A store in use must not be moved, by a daemon no more than by a command; a damaged one may.
fn refuse_busy(cx: &Context) -> Result<(), Failure> {
    let alone = Way {
        standalone: true,
        ..cx.way()
    };
    match alone.open() {
        Err(error) if error.code() == ErrorCode::Busy => Err(error.into()),
        _ => Ok(()),
    }
}

/// Restores beside the directory, then swaps: there is no moment with half a store.
fn replace(dir: &Path, backup: &mut dyn io::Read) -> Result<PathBuf, Failure> {
    let stamp = time::compact(jiff::Timestamp::now());
    let fresh = beside(dir, &format!("restoring-{stamp}"));
    let aside = beside(dir, &format!("before-restore-{stamp}"));
    if let Err(failure) = connect::restore(&fresh, backup) {
        // Nothing of worth is in it; a rest that cannot be removed does no harm.
        let _ = fs::remove_dir_all(&fresh);
        return Err(failure);
    }
    fs::rename(dir, &aside).map_err(failed(dir))?;
    fs::rename(&fresh, dir).map_err(failed(&fresh))?;
    Ok(aside)
}

fn beside(dir: &Path, what: &str) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    dir.with_file_name(format!("{name}.{what}"))
}

fn tell(cx: &mut Context, dir: &Path, aside: Option<&Path>) -> Result<(), Failure> {
    if cx.json() {
        return cx.out.object(&Restored {
            data_dir: dir,
            moved_aside: aside,
        });
    }
    let dir = dir.display();
    cx.out
        .say(say!(cx.lang, "已恢复到 {dir}", "restored to {dir}"))?;
    if let Some(aside) = aside {
        let aside = aside.display();
        cx.out.say(say!(
            cx.lang,
            "原有数据移到 {aside}",
            "what was there is now in {aside}"
        ))?;
    }
    Ok(())
}
