//! The audit trail as a table: every change there was, with who made it, where, and from what to
//! what. It tells what the log tells, for spreadsheets and for safekeeping elsewhere.

use std::io::Write;
use std::sync::Arc;

use super::export::{broken, gone, neutral, stop_if, table};
use super::history::History;
use super::history::Known;
use super::jobs::Cancel;
use crate::api::{DeskError, LogEntry};
use crate::model::{JobId, TicketId};
use crate::store::Logged;

/// Changes read at once.
const BATCH: usize = 512;

/// Between the values of one cell.
const AND: &str = "；";

const COLUMNS: [&str; 16] = [
    "sequence", "at", "author", "uid", "declared", "host", "session", "what", "key", "title",
    "before", "after", "note", "accepted", "act", "undoes",
];

impl History {
    pub(super) fn export_log(history: &Arc<Self>, id: Option<&str>) -> Result<JobId, DeskError> {
        let of = id.map(|id| history.catalogue.resolve_any(id)).transpose()?;
        let (log, jobs) = (Arc::clone(history), &history.jobs);
        Ok(jobs.start_output(move |out, cancel| log.write_log(of, out, cancel)))
    }

    fn write_log(
        &self,
        of: Option<TicketId>,
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let mut table = table(out, &COLUMNS)?;
        let mut write = |logged: &[Logged]| -> Result<(), DeskError> {
            stop_if(cancel)?;
            // Titles and causes are remembered for one batch: a trail may be longer than memory.
            let mut known = Known::default();
            for logged in logged {
                let entry = self.log_entry(logged, &mut known)?;
                table
                    .write_record(cells(entry).map(neutral))
                    .map_err(broken)?;
            }
            Ok(())
        };
        if let Some(id) = of {
            let mut history = self.store.history(id)?;
            history.reverse();
            write(&history)?;
        } else {
            let mut before = None;
            loop {
                let logged = self.store.log(before, BATCH)?;
                let Some(last) = logged.last() else { break };
                before = Some(last.sequence);
                write(&logged)?;
            }
        }
        table.flush().map_err(gone)
    }
}

fn cells(entry: LogEntry) -> [String; 16] {
    [
        entry.sequence.0.to_string(),
        entry.at.to_string(),
        entry.author,
        entry.uid.to_string(),
        entry.declared.to_string(),
        entry.host,
        entry.session,
        entry.what,
        entry.key,
        entry.title,
        entry.before.join(AND),
        entry.after.join(AND),
        entry.note,
        entry.accepted.to_string(),
        entry.act.to_string(),
        entry.undoes.map(|act| act.to_string()).unwrap_or_default(),
    ]
}
