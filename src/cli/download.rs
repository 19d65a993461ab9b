//! Bytes that the desk streams back: exports and backups.

use std::io::Write;
use std::path::Path;

use super::failure::Failure;
use crate::api::{Answer, Desk, Request};
use crate::config::{Existing, OutFile};
use crate::model::JobId;

/// Begins a job whose bytes are to be read.
///
/// # Errors
/// When the desk refuses.
pub fn begin(desk: &dyn Desk, request: Request) -> Result<JobId, Failure> {
    let Answer::Job(job) = desk.call(request)? else {
        return Err(Failure::unexpected());
    };
    Ok(job)
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
        let Answer::Data { bytes, end } = desk.call(Request::ReadData { job })? else {
            return Err(Failure::unexpected());
        };
        total += bytes.len() as u64;
        if let Err(failure) = take(&bytes) {
            // Nobody wants the rest; a desk that cannot cancel has come to its end already.
            let _ = desk.call(Request::Cancel { job });
            return Err(failure);
        }
        if end {
            return Ok(total);
        }
    }
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
