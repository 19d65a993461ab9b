//! The honest report: what a file held, and what a person should look at.

use std::collections::{BTreeMap, HashMap};

use crate::text::contacts::ContactClass;

/// Warnings of one kind that are listed one by one; the rest are counted.
const MAX_OF_A_KIND: u64 = 1_000;

/// Contacts of one file that are counted; a file with more is a list of contacts.
const MAX_CONTACTS: usize = 10_000;

/// What a masked value was.
pub use crate::text::contacts::ContactClass as MaskClass;

/// Kinds of warnings, by the names of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningKind {
    /// The header promises another number of tickets: `declared`, `found`.
    DeclaredCountMismatch,
    /// A ticket without a title.
    EmptyTitle,
    /// The last ticket is cut off: `missing`, the parts that others have.
    TruncatedTicket,
    /// The same ticket stood in this file before: `first`, its line.
    DuplicateTicket,
    /// A ticket without a root cause.
    MissingCause,
    /// A ticket without a category.
    MissingCategory,
    /// A ticket no agent answered.
    MissingReply,
    /// A section no label names: `heading`.
    UnknownSection,
    /// Text that belongs to no part of a ticket.
    UnparsedText,
    /// A field of unusual size: `field`, `bytes`.
    OversizedField,
    /// Neither tickets nor an article.
    NoTickets,
    /// Program documentation, source code or a listing: `looks_like`.
    SuspiciousFile,
    /// Broken bytes: `count`; each cost one character.
    InvalidBytes,
    /// The text was not UTF-8: `encoding`.
    EncodingConverted,
    /// No encoding that is known here; the file was refused.
    EncodingUnsupported,
    /// Not text; the file was refused: `looks_like`.
    BinaryFile,
    /// A table whose columns nobody knows; the file was refused.
    UnknownColumns,
    /// Contacts were masked: `count`.
    Masked,
    /// A record of an export that whoever imports it may not bring along: `key`.
    RecordRefused,
}

impl WarningKind {
    /// The name that reports and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeclaredCountMismatch => "declared_count_mismatch",
            Self::EmptyTitle => "empty_title",
            Self::TruncatedTicket => "truncated_ticket",
            Self::DuplicateTicket => "duplicate_ticket",
            Self::MissingCause => "missing_cause",
            Self::MissingCategory => "missing_category",
            Self::MissingReply => "missing_reply",
            Self::UnknownSection => "unknown_section",
            Self::UnparsedText => "unparsed_text",
            Self::OversizedField => "oversized_field",
            Self::NoTickets => "no_tickets",
            Self::SuspiciousFile => "suspicious_file",
            Self::InvalidBytes => "invalid_bytes",
            Self::EncodingConverted => "encoding_converted",
            Self::EncodingUnsupported => "encoding_unsupported",
            Self::BinaryFile => "binary_file",
            Self::UnknownColumns => "unknown_columns",
            Self::Masked => "masked",
            Self::RecordRefused => "record_refused",
        }
    }
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Line, from 1; `None` = the file as a whole.
    pub line: Option<u32>,
    /// What it is.
    pub kind: WarningKind,
    /// Values for a sentence about it; never text that masking would hide.
    pub values: BTreeMap<String, String>,
}

/// Whose words a masked value stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The customer's: title, question, turns.
    Customer,
    /// An agent's reply.
    Agent,
    /// Anything else.
    Other,
}

impl Side {
    /// The name that reports and JSON use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Other => "other",
        }
    }
}

/// A place where something was, or would be, masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaskPlace {
    /// Line, from 1.
    pub line: u32,
    /// What it was.
    pub class: MaskClass,
    /// Whose words it stood in.
    pub side: Side,
}

/// What one file held.
#[derive(Debug, Clone, Default)]
pub struct FileReport {
    /// What a person should look at, in the order it was met.
    pub warnings: Vec<Warning>,
    /// How often each class was masked on each side.
    pub masked: Vec<(MaskClass, Side, usize)>,
    /// Where; never what.
    pub places: Vec<MaskPlace>,
    /// Tickets given out.
    pub tickets: usize,
    /// Articles given out.
    pub articles: usize,
    /// Passages of those articles.
    pub passages: usize,
    /// Contacts in agents' replies that no allow-list names, with the number of replies each
    /// stands in. Kept in memory for the proposal; not for a report.
    pub contacts: BTreeMap<String, u32>,
    /// Whether the file was refused as a whole: binary, or of an unknown encoding.
    pub refused: bool,
}

/// Collects a [`FileReport`] while a file is read.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    report: FileReport,
    kinds: HashMap<WarningKind, u64>,
    masked: BTreeMap<(MaskClass, Side), usize>,
}

impl Collector {
    /// Adds a warning without values.
    pub(crate) fn warn(&mut self, line: impl Into<Option<u32>>, kind: WarningKind) {
        self.warn_with(line, kind, &[]);
    }

    /// Adds a warning with values.
    pub(crate) fn warn_with(
        &mut self,
        line: impl Into<Option<u32>>,
        kind: WarningKind,
        values: &[(&str, String)],
    ) {
        let met = self.kinds.entry(kind).or_insert(0);
        *met += 1;
        if *met > MAX_OF_A_KIND {
            return;
        }
        self.report.warnings.push(Warning {
            line: line.into(),
            kind,
            values: values
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect(),
        });
    }

    /// Notes a masked value.
    pub(crate) fn mask(&mut self, line: u32, class: ContactClass, side: Side) {
        *self.masked.entry((class, side)).or_insert(0) += 1;
        self.report.places.push(MaskPlace { line, class, side });
    }

    /// Notes that a contact stands in one more agent's reply.
    pub(crate) fn contact(&mut self, value: String) {
        let known = &mut self.report.contacts;
        if known.len() < MAX_CONTACTS || known.contains_key(&value) {
            *known.entry(value).or_insert(0) += 1;
        }
    }

    /// Notes a ticket given out.
    pub(crate) fn ticket(&mut self) {
        self.report.tickets += 1;
    }

    /// Tickets given out so far.
    pub(crate) fn tickets(&self) -> usize {
        self.report.tickets
    }

    /// Notes an article given out.
    pub(crate) fn article(&mut self, passages: usize) {
        self.report.articles += 1;
        self.report.passages += passages;
    }

    /// Notes that the file was refused.
    pub(crate) fn refuse(&mut self) {
        self.report.refused = true;
    }

    /// Closes the report.
    pub(crate) fn finish(mut self) -> FileReport {
        self.report.masked = self.masked.iter().map(|((c, s), n)| (*c, *s, *n)).collect();
        let count: usize = self.masked.values().sum();
        if count > 0 {
            self.warn_with(None, WarningKind::Masked, &[("count", count.to_string())]);
        }
        let hidden: Vec<_> = self
            .kinds
            .iter()
            .filter(|(_, met)| **met > MAX_OF_A_KIND)
            .map(|(kind, met)| (*kind, met - MAX_OF_A_KIND))
            .collect();
        for (kind, more) in hidden {
            self.report.warnings.push(Warning {
                line: None,
                kind,
                values: BTreeMap::from([("more".to_owned(), more.to_string())]),
            });
        }
        self.report
    }
}
