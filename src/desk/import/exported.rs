//! Reading a lossless export: which of its lines are taken over, and as whose.
//!
//! Anybody may have edited such a file. Its text passes the sanitiser like all text, and its
//! records are taken at their word only from whoever owns the store.

use jiff::Timestamp;
use serde_json::Value;

use crate::desk::actor::{Actor, Authority};
use crate::desk::export::ExportLine;
use crate::ingest::{
    FileReport, MaskClass, MaskPlace, Masker, Masking, Side, Warning, WarningKind, fingerprint,
};
use crate::model::{Fingerprint, Key, Op, Record};
use crate::store::Body;
use crate::text::sanitize;

/// The fingerprint of a body whose raw text is not known any more.
pub(super) fn print(key: &[u8; 32], body: &Body) -> Fingerprint {
    match body {
        Body::Ticket(ticket) => fingerprint::ticket(ticket, key),
        Body::Article(article) => fingerprint::article(article, key),
    }
}

/// Reads a lossless export line by line.
pub(super) struct ExportReader<'a> {
    who: &'a Actor,
    masker: Masker,
    pending: Vec<u8>,
    line: u32,
    report: FileReport,
}

impl<'a> ExportReader<'a> {
    /// Whether a file's first bytes are those of an export.
    pub(super) fn recognises(first: &[u8]) -> bool {
        first.starts_with(br#"{"kind":"header","gongdan_export":"#)
    }

    /// Begins a file that this agent imports. Its texts pass the masks like any document's:
    /// anybody may have written them, and an older version masked less.
    pub(super) fn new(who: &'a Actor, masking: &Masking) -> Self {
        Self {
            who,
            masker: Masker::new(masking),
            pending: Vec::new(),
            line: 0,
            report: FileReport::default(),
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(ExportLine)) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.pending.extend_from_slice(part);
            if part.last() == Some(&b'\n') {
                self.take(sink);
            }
        }
    }

    pub(super) fn finish(mut self, sink: &mut dyn FnMut(ExportLine)) -> FileReport {
        self.take(sink);
        self.report
    }

    fn take(&mut self, sink: &mut dyn FnMut(ExportLine)) {
        let bytes = std::mem::take(&mut self.pending);
        self.line += 1;
        if bytes.trim_ascii().is_empty() {
            return;
        }
        match self.parse(&bytes) {
            Ok(ExportLine::Record { record }) => {
                let key = record.key.to_string();
                match admitted(*record, self.who) {
                    Some(record) => sink(ExportLine::Record {
                        record: Box::new(record),
                    }),
                    None => self.warn(WarningKind::RecordRefused, "key", key),
                }
            }
            Ok(line) => {
                self.count(&line);
                sink(line);
            }
            Err(error) => self.warn(WarningKind::UnparsedText, "detail", error.to_string()),
        }
    }

    /// A line with every text of it clean, however deep it stands, and what people wrote masked.
    fn parse(&mut self, bytes: &[u8]) -> Result<ExportLine, serde_json::Error> {
        let mut value: Value = serde_json::from_slice(bytes)?;
        clean(&mut value);
        let (masker, line, report) = (&self.masker, self.line, &mut self.report);
        let mut tell = |class| {
            let side = Side::Other;
            report.places.push(MaskPlace { line, class, side });
            let counted = report.masked.iter_mut().find(|(known, ..)| *known == class);
            match counted {
                Some((.., count)) => *count += 1,
                None => report.masked.push((class, side, 1)),
            }
        };
        for part in ["ticket", "article"] {
            if let Some(part) = value.get_mut(part) {
                mask(part, masker, &mut tell);
            }
        }
        if let Some(op) = value.pointer_mut("/record/op") {
            mask_written(op, masker, &mut tell);
        }
        serde_json::from_value(value)
    }

    fn count(&mut self, line: &ExportLine) {
        match line {
            ExportLine::Ticket { .. } => self.report.tickets += 1,
            ExportLine::Article { article, .. } => {
                self.report.articles += 1;
                self.report.passages += article.passages.len();
            }
            ExportLine::Header { .. } | ExportLine::Record { .. } => {}
        }
    }

    fn warn(&mut self, kind: WarningKind, name: &str, value: String) {
        self.report.warnings.push(Warning {
            line: Some(self.line),
            kind,
            values: [(name.to_owned(), value)].into(),
        });
    }
}

/// Masks every text of a body.
fn mask(value: &mut Value, masker: &Masker, tell: &mut dyn FnMut(MaskClass)) {
    match value {
        Value::String(text) => masker.part(text, tell),
        Value::Array(values) => values.iter_mut().for_each(|v| mask(v, masker, tell)),
        Value::Object(fields) => fields.values_mut().for_each(|v| mask(v, masker, tell)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Masks what a person wrote in a record: its ids and names are left.
fn mask_written(value: &mut Value, masker: &Masker, tell: &mut dyn FnMut(MaskClass)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if matches!(name.as_str(), "note" | "text" | "reason") {
                    mask(field, masker, tell);
                } else {
                    mask_written(field, masker, tell);
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|v| mask_written(v, masker, tell)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn clean(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(cleaned) = sanitize::clean(text) {
                *text = cleaned;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A record as it may be taken over; `None` = not at all.
///
/// The owner of a store moves it with its history. A member of a team brings decisions along as
/// their own, made now: who made a change is what the kernel says, never what a file does. And
/// what only an admin may change is not changed by a curator's file.
fn admitted(record: Record, who: &Actor) -> Option<Record> {
    // Bodies and datasets come as lines of their own.
    if matches!(record.op, Op::Import(_) | Op::RemoveDataset) {
        return None;
    }
    match who.authority {
        Authority::Owner => Some(record),
        Authority::Member if is_anothers(&record, who) => None,
        Authority::Member => Some(Record {
            author: who.author.clone(),
            origin: who.origin.clone(),
            at: Timestamp::now(),
            ..record
        }),
    }
}

/// Whether a record changes what is not the member's to change.
fn is_anothers(record: &Record, who: &Actor) -> bool {
    match &record.key {
        Key::Setting(_) | Key::Conflict(_) | Key::Dataset(_) => true,
        Key::Vote(_, voter) | Key::Star(_, voter) => *voter != who.author.voter(),
        // The name says whose it is as well as the view does.
        Key::View(name) if !who.author.may_keep_view(name) => true,
        Key::View(_) => match &record.op {
            Op::View(change) => [&change.from, &change.to]
                .into_iter()
                .flatten()
                .any(|view| view.owner.is_some_and(|owner| owner != who.author.voter())),
            _ => true,
        },
        Key::Cause(_)
        | Key::Category(_)
        | Key::Outdated(_)
        | Key::Reply(_)
        | Key::Vocab(_)
        | Key::Use(_) => false,
    }
}
