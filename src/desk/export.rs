//! Exports: lossless JSON lines, a table for spreadsheets, and ticket documents.

use std::collections::HashSet;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;
use super::indexing::Indexing;
use super::jobs::Cancel;
use super::jobs::Jobs;
use crate::api::{Data, DeskError, ExportFormat, Row, TicketRow};
use crate::ingest::{LabelTable, markdown_out};
use crate::model::{Article, DocNo, JobId, Key, Record, Source, Ticket, TicketFilter, TicketId};
use crate::store::Body;
use crate::store::Store;

/// Version of the export's lines.
const VERSION: u16 = 1;
/// Bodies read at once.
const BATCH: usize = 512;

/// One line of a lossless export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum ExportLine {
    /// The first line.
    Header {
        gongdan_export: u16,
    },
    Ticket {
        id: TicketId,
        sources: Vec<Source>,
        ticket: Ticket,
    },
    Article {
        id: TicketId,
        sources: Vec<Source>,
        article: Article,
    },
    Record {
        record: Box<Record>,
    },
}

/// What leaves the store: exports and backups.
pub(super) struct Exports {
    pub(super) store: Arc<Store>,
    pub(super) indexing: Arc<Indexing>,
    pub(super) jobs: Arc<Jobs>,
    pub(super) catalogue: Arc<Catalogue>,
}

impl Exports {
    pub(super) fn export(
        exports: &Arc<Self>,
        format: ExportFormat,
        query: &str,
    ) -> Result<JobId, DeskError> {
        let mut docs = if query.trim().is_empty() {
            exports.store.directory().docs().collect()
        } else {
            exports.indexing.catch_up()?;
            exports
                .indexing
                .search
                .matching(query, &TicketFilter::default())?
        };
        // By number, which is the order of import: reading the export back keeps it.
        docs.sort_unstable();
        let (this, all) = (Arc::clone(exports), query.trim().is_empty());
        Ok(exports.jobs.start_output(move |out, cancel| match format {
            ExportFormat::Jsonl => this.write_jsonl(&docs, all, out, cancel),
            ExportFormat::Csv => this.write_csv(&docs, out, cancel),
            ExportFormat::Markdown => this.write_markdown(&docs, out, cancel),
            ExportFormat::Xlsx => this.write_xlsx(&docs, out, cancel),
        }))
    }

    pub(super) fn backup(exports: &Arc<Self>) -> Result<JobId, DeskError> {
        let store = Arc::clone(&exports.store);
        Ok(exports.jobs.start_output(move |out, cancel| {
            let mut go_on = |_done, _total| {
                if cancel.is_set() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            store.backup(out, &mut go_on)?;
            Ok(())
        }))
    }

    pub(super) fn read_data(&self, job: JobId) -> Result<Data, DeskError> {
        let (bytes, end) = self.jobs.read(job)?;
        Ok(Data { bytes, end })
    }

    pub(super) fn cancel(&self, job: JobId) -> Result<(), DeskError> {
        self.jobs.cancel(job)
    }

    fn write_jsonl(
        &self,
        docs: &[DocNo],
        all: bool,
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        line(
            out,
            &ExportLine::Header {
                gongdan_export: VERSION,
            },
        )?;
        let mut written = HashSet::new();
        for batch in docs.chunks(BATCH) {
            stop_if(cancel)?;
            for (doc, body) in batch.iter().zip(self.store.bodies(batch)?) {
                let Some(entry) = self.store.directory().entry(*doc) else {
                    continue;
                };
                let (id, sources) = (entry.id, self.store.sources(*doc)?);
                written.insert(id);
                line(
                    out,
                    &match body {
                        Body::Ticket(ticket) => ExportLine::Ticket {
                            id,
                            sources,
                            ticket,
                        },
                        Body::Article(article) => ExportLine::Article {
                            id,
                            sources,
                            article,
                        },
                    },
                )?;
            }
        }
        self.write_records(&written, all, out, cancel)
    }

    /// The records in the journal's order, without imports: their bodies stand above.
    fn write_records(
        &self,
        written: &HashSet<TicketId>,
        all: bool,
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let mut places = Vec::new();
        let mut before = None;
        loop {
            stop_if(cancel)?;
            let logged = self.store.log(before, BATCH)?;
            let Some(last) = logged.last() else { break };
            before = Some(last.sequence);
            let kept = logged.iter().filter(|l| exported(&l.record, written, all));
            places.extend(kept.map(|logged| logged.sequence));
        }
        for sequence in places.into_iter().rev() {
            if let Some(logged) = self.store.record_at(sequence)? {
                line(
                    out,
                    &ExportLine::Record {
                        record: Box::new(logged.record),
                    },
                )?;
            }
        }
        Ok(())
    }

    fn write_csv(
        &self,
        docs: &[DocNo],
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let mut table = table(out, &COLUMNS)?;
        self.each_ticket(docs, cancel, &mut |row, ticket| {
            table
                .write_record(cells(row, ticket).map(neutral))
                .map_err(broken)
        })?;
        table.flush().map_err(gone)
    }

    /// Gives out the tickets among some documents, each with its row.
    fn each_ticket(
        &self,
        docs: &[DocNo],
        cancel: &Cancel,
        take: &mut dyn FnMut(&TicketRow, &Ticket) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        for batch in docs.chunks(BATCH) {
            stop_if(cancel)?;
            let rows = self.catalogue.plain_rows(batch, 1)?;
            for (row, body) in rows.iter().zip(self.store.bodies(batch)?) {
                if let (Row::Ticket(row), Body::Ticket(ticket)) = (row, &body) {
                    take(row, ticket)?;
                }
            }
        }
        Ok(())
    }

    /// Writes a workbook: a sheet holds a million rows, then the next begins.
    fn write_xlsx(
        &self,
        docs: &[DocNo],
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let mut sheets = 0_u32;
        let mut row_no = SHEET_ROWS;
        self.each_ticket(docs, cancel, &mut |row, ticket| {
            if row_no >= SHEET_ROWS {
                sheets += 1;
                row_no = 0;
                let sheet = book.add_worksheet();
                sheet.set_name(format!("工单{sheets}")).map_err(broken)?;
                write_cells(sheet, 0, SHEET_COLUMNS.map(str::to_owned))?;
            }
            row_no += 1;
            let sheet = book.worksheet_from_index((sheets - 1) as usize);
            write_cells(sheet.map_err(broken)?, row_no, cells(row, ticket))
        })?;
        if sheets == 0 {
            let sheet = book.add_worksheet();
            write_cells(sheet, 0, SHEET_COLUMNS.map(str::to_owned))?;
        }
        let bytes = book.save_to_buffer().map_err(broken)?;
        out.write_all(&bytes).map_err(gone)
    }

    fn write_markdown(
        &self,
        docs: &[DocNo],
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let tickets: Vec<DocNo> = {
            let directory = self.store.directory();
            let is_ticket = |doc: &DocNo| directory.entry(*doc).is_some_and(|e| !e.is_article);
            docs.iter().copied().filter(is_ticket).collect()
        };
        let labels = LabelTable::with(&self.store.settings().labels);
        out.write_all(markdown_out::document_header(tickets.len()).as_bytes())
            .map_err(gone)?;
        for batch in tickets.chunks(BATCH) {
            stop_if(cancel)?;
            let rows = self.catalogue.plain_rows(batch, 1)?;
            for (row, body) in rows.iter().zip(self.store.bodies(batch)?) {
                if let (Row::Ticket(row), Body::Ticket(mut ticket)) = (row, body) {
                    ticket.category = crate::model::Category::parse(&row.product).map(|c| {
                        crate::model::Category {
                            issue_type: row.issue_type.clone(),
                            ..c
                        }
                    });
                    ticket.causes = row.causes.iter().map(|cause| cause.name.clone()).collect();
                    out.write_all(markdown_out::ticket_to_markdown(&ticket, &labels).as_bytes())
                        .map_err(gone)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a record goes into an export of these tickets.
fn exported(record: &Record, written: &HashSet<TicketId>, all: bool) -> bool {
    match &record.key {
        Key::Cause(id) | Key::Category(id) | Key::Vote(id, _) | Key::Outdated(id) => {
            written.contains(id)
        }
        Key::Vocab(_) => true,
        Key::Reply(_) | Key::View(_) | Key::Setting(_) | Key::Use(_) | Key::Conflict(_) => all,
        Key::Star(..) | Key::Dataset(_) => false,
    }
}

/// Rows of one sheet below its header.
const SHEET_ROWS: u32 = 1_000_000;

/// Characters that a cell of a workbook holds.
const CELL: usize = 32_767;

/// Headings of a workbook's columns: the labels that documents use.
const SHEET_COLUMNS: [&str; 12] = [
    "编号",
    "标题",
    "产品",
    "问题类型",
    "适用场景",
    "问题描述",
    "对话记录",
    "根本原因",
    "根因状态",
    "数据集",
    "日期",
    "原文根因",
];

/// Writes a row of texts: no cell of it is a number or a formula.
fn write_cells(
    sheet: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    cells: [String; 12],
) -> Result<(), DeskError> {
    for (cell, column) in cells.into_iter().zip(0_u16..) {
        let cell = match cell.char_indices().nth(CELL) {
            Some((at, _)) => cell.get(..at).unwrap_or_default().to_owned(),
            None => cell,
        };
        if !cell.is_empty() {
            sheet.write_string(row, column, cell).map_err(broken)?;
        }
    }
    Ok(())
}

const COLUMNS: [&str; 12] = [
    "id",
    "title",
    "product",
    "issue_type",
    "scenarios",
    "question",
    "dialogue",
    "causes",
    "cause_state",
    "datasets",
    "date",
    "given_causes",
];

fn cells(row: &TicketRow, ticket: &Ticket) -> [String; 12] {
    let dialogue: Vec<String> = ticket
        .dialogue
        .iter()
        .map(|turn| {
            let speaker = match turn.speaker {
                crate::model::Speaker::Customer => "客户",
                crate::model::Speaker::Agent => "客服",
                crate::model::Speaker::Other => "其他",
                crate::model::Speaker::Internal => "内部备注",
            };
            format!("{speaker}：{}", turn.text)
        })
        .collect();
    let causes: Vec<&str> = row.causes.iter().map(|cause| cause.name.as_str()).collect();
    [
        row.id.to_string(),
        row.title.clone(),
        row.product.clone(),
        row.issue_type.clone(),
        row.scenarios.join("；"),
        ticket.question.clone(),
        dialogue.join("\n"),
        causes.join("；"),
        row.cause_state.name().to_owned(),
        row.datasets.join("；"),
        row.date.map(|date| date.to_string()).unwrap_or_default(),
        ticket.causes.join("；"),
    ]
}

/// A table for spreadsheets, with its first line.
pub(super) fn table<'a>(
    out: &'a mut dyn Write,
    columns: &[&str],
) -> Result<csv::Writer<&'a mut dyn Write>, DeskError> {
    // Without the mark spreadsheets take UTF-8 for something else.
    out.write_all("\u{feff}".as_bytes()).map_err(gone)?;
    let mut table = csv::Writer::from_writer(out);
    table.write_record(columns).map_err(broken)?;
    Ok(table)
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub(super) fn neutral(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn line(out: &mut dyn Write, line: &ExportLine) -> Result<(), DeskError> {
    let mut bytes = serde_json::to_vec(line).map_err(broken)?;
    bytes.push(b'\n');
    out.write_all(&bytes).map_err(gone)
}

pub(super) fn stop_if(cancel: &Cancel) -> Result<(), DeskError> {
    if cancel.is_set() {
        Err(DeskError::Cancelled)
    } else {
        Ok(())
    }
}

/// The reader went away.
pub(super) fn gone(_error: std::io::Error) -> DeskError {
    DeskError::Cancelled
}

pub(super) fn broken(error: impl std::error::Error) -> DeskError {
    DeskError::bug(super::errors::chain(&error))
}
