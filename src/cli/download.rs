//! Bytes that the desk streams back: exports and backups.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::Failure;
use super::say::say;
use crate::api::{Ask, Data, Desk, DeskExt, ask};
use crate::config::{Existing, OutFile};
use crate::model::JobId;

/// Begins a job whose bytes are to be read.
///
/// # Errors
/// When the desk refuses.
pub fn begin(desk: &dyn Desk, request: impl Ask<Answer = JobId>) -> Result<JobId, Failure> {
    Ok(desk.ask(request)?)
}

/// Hands every chunk of a job to `take`; how many bytes there were.
///
/// # Errors
/// When the desk fails, or `take` does; the job is cancelled then.
pub fn each(
    desk: &dyn Desk,
    job: JobId,
    mut take: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut total = 0;
    loop {
        let Data { bytes, end } = desk.ask(ask::ReadData { job })?;
        total += bytes.len() as u64;
        if let Err(failure) = take(&bytes) {
            // Nobody wants the rest; a desk that cannot cancel has come to its end already.
            let _ = desk.ask(ask::Cancel { job });
            return Err(failure);
        }
        if end {
            return Ok(total);
        }
    }
}

/// Makes sure that a file may be written: one that is there only by `--force`, and none in the
/// data directory, where it could take the place of the store.
///
/// # Errors
/// [`Failure::Refused`] where it may not.
pub fn may_write(cx: &Context, path: &Path, force: bool) -> Result<(), Failure> {
    let shown = path.display();
    let refused = |message, hint| Err(Failure::Refused { message, hint });
    let real = |path: &Path| path.canonicalize().ok();
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let dir = real(parent.unwrap_or(Path::new(".")));
    let whole = real(path);
    let data = real(cx.data_dir());
    let inside = |found: &Option<PathBuf>| match (found, &data) {
        (Some(found), Some(data)) => found.starts_with(data),
        _ => false,
    };
    if inside(&dir) || inside(&whole) {
        let message = say!(
            cx.lang,
            "{shown} 在数据目录里，不能写",
            "{shown} lies in the data directory, where nothing else is written"
        );
        return refused(message, None);
    }
    if !force && path.metadata().is_ok_and(|found| found.is_file()) {
        let message = say!(cx.lang, "{shown} 已存在", "{shown} exists already");
        let hint = say!(cx.lang, "要替换请加 --force", "--force replaces it");
        return refused(message, Some(hint));
    }
    Ok(())
}

/// Writes a job's bytes to a file, readable by its owner alone, that appears only when whole.
///
/// # Errors
/// When the desk fails or the file cannot be written; an older file stays then.
pub fn to_file(desk: &dyn Desk, job: JobId, path: &Path) -> Result<u64, Failure> {
    let failed = |source| Failure::File {
        path: path.to_owned(),
        source,
    };
    let mut file = OutFile::create(path).map_err(failed)?;
    let total = each(desk, job, |bytes| file.write_all(bytes).map_err(failed))?;
    file.finish(Existing::Replace).map_err(failed)?;
    Ok(total)
}
