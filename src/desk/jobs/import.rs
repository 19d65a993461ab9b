//! An import as a job: where its bytes go, and how it is stopped.

use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::Sender;

use super::Cancel;
use crate::api::{DeskError, ImportReport};

/// A running import.
pub(in crate::desk) struct ImportJob {
    /// `None` once the input is over.
    pub(in crate::desk) input: Mutex<Option<Sender<Piece>>>,
    pub(in crate::desk) thread: Mutex<Option<JoinHandle<Result<ImportReport, DeskError>>>>,
    pub(in crate::desk) cancel: Cancel,
}

impl ImportJob {
    /// Stops at the next safe point: what it acknowledged stays.
    pub(in crate::desk) fn cancel(&self) {
        self.cancel.set();
        drop(self.close());
    }

    pub(in crate::desk) fn close(&self) -> Option<Sender<Piece>> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.take()
    }
}

/// Some bytes of a document.
pub(in crate::desk) struct Piece {
    pub(in crate::desk) file: String,
    pub(in crate::desk) bytes: Vec<u8>,
    pub(in crate::desk) end: bool,
}
