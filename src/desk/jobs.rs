//! Long work by number: imports that take bytes, exports and backups that give them.

mod import;

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::api::DeskError;
use crate::model::JobId;

pub(super) use import::{ImportJob, Piece};

/// Bytes of one answer to `ReadData`.
const CHUNK: usize = 1 << 20;
/// Chunks written ahead of the reader.
const AHEAD: usize = 4;

/// Set when a job is to stop at its next safe point.
#[derive(Debug, Clone, Default)]
pub(super) struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A job that is under way.
#[derive(Clone)]
pub(super) enum Job {
    Import(Arc<ImportJob>),
    Output(Output),
}

/// The reading end of an export or backup.
#[derive(Clone)]
pub(super) struct Output {
    chunks: Receiver<Result<Vec<u8>, DeskError>>,
    cancel: Cancel,
}

/// The jobs of a desk.
#[derive(Default)]
pub(super) struct Jobs {
    last: AtomicU64,
    running: Mutex<HashMap<JobId, Job>>,
}

impl Jobs {
    pub(super) fn next_id(&self) -> JobId {
        JobId(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    pub(super) fn insert(&self, id: JobId, job: Job) {
        self.lock().insert(id, job);
    }

    pub(super) fn get(&self, id: JobId) -> Result<Job, DeskError> {
        self.lock().get(&id).cloned().ok_or_else(|| unknown(id))
    }

    pub(super) fn take(&self, id: JobId) -> Result<Job, DeskError> {
        self.lock().remove(&id).ok_or_else(|| unknown(id))
    }

    /// Stops a job; what it acknowledged stays.
    pub(super) fn cancel(&self, id: JobId) -> Result<(), DeskError> {
        match self.get(id)? {
            // Its thread ends with the input; what it did can still be asked by closing it.
            Job::Import(job) => job.cancel(),
            Job::Output(output) => {
                output.cancel.set();
                self.lock().remove(&id);
            }
        }
        Ok(())
    }

    /// Stops all jobs, when the desk closes.
    pub(super) fn cancel_all(&self) {
        for (_, job) in self.lock().drain() {
            match job {
                Job::Import(job) => job.cancel(),
                Job::Output(output) => output.cancel.set(),
            }
        }
    }

    /// Starts a job that writes bytes; they are read with [`Self::read`].
    pub(super) fn start_output<F>(&self, write: F) -> JobId
    where
        F: FnOnce(&mut dyn Write, &Cancel) -> Result<(), DeskError> + Send + 'static,
    {
        let id = self.next_id();
        let (sender, chunks) = bounded(AHEAD);
        let cancel = Cancel::default();
        self.insert(
            id,
            Job::Output(Output {
                chunks,
                cancel: cancel.clone(),
            }),
        );
        thread::spawn(move || {
            let mut out = Chunks {
                buffer: Vec::new(),
                sender: sender.clone(),
            };
            let result = write(&mut out, &cancel)
                .and_then(|()| out.flush().map_err(|_gone| DeskError::Cancelled));
            if let Err(error) = result {
                // Nobody listens any more when the reader went away.
                let _ = sender.send(Err(error));
            }
        });
        id
    }

    /// The next bytes of an output job, and whether they were the last.
    pub(super) fn read(&self, id: JobId) -> Result<(Vec<u8>, bool), DeskError> {
        let Job::Output(output) = self.get(id)? else {
            return Err(unknown(id));
        };
        match output.chunks.recv() {
            Ok(Ok(bytes)) => Ok((bytes, false)),
            Ok(Err(error)) => {
                self.lock().remove(&id);
                Err(error)
            }
            // The writer ended: all of it was read.
            Err(_) => {
                self.lock().remove(&id);
                Ok((Vec::new(), true))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, Job>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn unknown(id: JobId) -> DeskError {
    DeskError::UnknownJob {
        job: id.to_string(),
    }
}

/// Collects writes into chunks for the reader; fails once the reader is gone.
struct Chunks {
    buffer: Vec<u8>,
    sender: Sender<Result<Vec<u8>, DeskError>>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK - self.buffer.len();
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or(bytes);
        self.buffer.extend_from_slice(taken);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::take(&mut self.buffer);
        self.sender
            .send(Ok(chunk))
            .map_err(|_gone| io::ErrorKind::BrokenPipe.into())
    }
}
