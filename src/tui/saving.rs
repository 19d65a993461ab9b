//! Exports written to files, on a worker: readable by their owner alone, whole or not at all,
//! and never over another file unless that was asked about.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::msg::{SaveFile, Saved};
use crate::api::{Answer, Data, Desk, DeskError, Request, ask};
use crate::config::{Existing, OutFile};
use crate::model::JobId;

/// Begins the job, and writes its bytes to the file.
pub fn save(desk: &dyn Desk, order: SaveFile) -> Saved {
    let path = PathBuf::from(&order.path);
    if order.existing == Existing::Keep && path.symlink_metadata().is_ok() {
        return Saved::Exists(order);
    }
    let written = begin(desk, &order.request)
        .map_err(Failure::Desk)
        .and_then(|job| write(desk, job, &path, order.existing));
    match written {
        Ok(bytes) => Saved::Done {
            path: order.path,
            bytes,
        },
        Err(Failure::Desk(error)) => Saved::Refused(error),
        Err(Failure::File(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            Saved::Exists(order)
        }
        Err(Failure::File(error)) => Saved::Failed {
            path: order.path,
            why: error.to_string(),
        },
    }
}

enum Failure {
    Desk(DeskError),
    File(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

fn begin(desk: &dyn Desk, request: &Request) -> Result<JobId, DeskError> {
    match desk.call(request.clone())? {
        Answer::Job(job) => Ok(job),
        _ => Err(DeskError::bug("")),
    }
}

fn write(desk: &dyn Desk, job: JobId, path: &Path, existing: Existing) -> Result<u64, Failure> {
    let written = stream(desk, job, path, existing);
    if written.is_err() {
        // Nobody wants the rest; a job that is over already cannot be cancelled.
        let _ = desk.call(Request::Cancel(ask::Cancel { job }));
    }
    written
}

fn stream(desk: &dyn Desk, job: JobId, path: &Path, existing: Existing) -> Result<u64, Failure> {
    let mut file = OutFile::create(path)?;
    let mut total = 0;
    loop {
        let read = desk.call(Request::ReadData(ask::ReadData { job }));
        let Answer::Data(Data { bytes, end }) = read.map_err(Failure::Desk)? else {
            return Err(Failure::Desk(DeskError::bug("")));
        };
        file.write_all(&bytes)?;
        total += bytes.len() as u64;
        if end {
            break;
        }
    }
    file.finish(existing)?;
    Ok(total)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::api::ExportFormat;
    use crate::tui::fake_desk::FakeDesk;

    fn order(path: &Path, existing: Existing) -> SaveFile {
        SaveFile {
            request: Request::Export(ask::Export {
                format: ExportFormat::Csv,
                query: String::new(),
            }),
            path: path.display().to_string(),
            existing,
            form: Default::default(),
        }
    }

    #[test]
    fn an_export_is_written_whole_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        let saved = save(&FakeDesk::new(), order(&path, Existing::Keep));
        assert!(matches!(saved, Saved::Done { bytes: 6, .. }), "{saved:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "id\nabc");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_there_stays_until_it_may_be_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        std::fs::write(&path, "mine").unwrap();
        let saved = save(&FakeDesk::new(), order(&path, Existing::Keep));
        let Saved::Exists(mut again) = saved else {
            panic!("it is there: {saved:?}");
        };
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        again.existing = Existing::Replace;
        save(&FakeDesk::new(), again);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "id\nabc");
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let path = Path::new("/nonexistent/out.csv");
        let saved = save(&FakeDesk::new(), order(path, Existing::Keep));
        assert!(matches!(saved, Saved::Failed { .. }), "{saved:?}");
    }
}
