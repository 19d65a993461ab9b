//! The formats that documents come in: to add one, write a [`Format`] and put it in [`FORMATS`].
//!
//! A format is known by a document's first bytes more than by its name; what none of them knows
//! is read as Markdown, plain text or JSON.

mod delimited;
mod mail;
mod page;
mod workbook;

use super::assemble::Assembled;
use super::labels::LabelTable;
use super::table::ColumnName;

pub(crate) use delimited::{Delimited, delimiter};

/// What a format finds in a document that it reads as a whole.
pub(crate) enum Found {
    /// A ticket by its line, or a row that is none.
    Ticket(u32, Box<Result<Assembled, ()>>),
    /// A text to be read as a document of Markdown.
    Document(String),
}

/// What every format is read with.
pub(crate) struct Reading<'a> {
    /// The labels, with a team's own.
    pub(crate) labels: &'a LabelTable,
    /// Columns that were named by hand.
    pub(crate) columns: &'a [ColumnName],
}

/// One kind of document that is read as a whole.
pub(crate) trait Format: Sync {
    /// Ends of file names, in lower case, that a folder's documents of this kind have.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether a document is of this kind, by its name in lower case and its first bytes.
    fn recognises(&self, name: &str, head: &[u8]) -> bool;

    /// Reads a document; an error says what it looks like instead.
    fn read(
        &self,
        bytes: &[u8],
        reading: &Reading<'_>,
        sink: &mut dyn FnMut(Found),
    ) -> Result<(), &'static str>;
}

/// Every format that is read as a whole, in the order they are asked.
static FORMATS: [&dyn Format; 3] = [&workbook::Workbook, &mail::Mail, &page::Page];

/// Ends of names of texts, which are read as they come.
const TEXTS: [&str; 8] = [
    "md", "markdown", "txt", "jsonl", "ndjson", "json", "csv", "tsv",
];

/// Bytes at the front by which a format is known.
pub(crate) const HEAD: usize = 1024;

/// The format of a document, by its name and first bytes.
pub(crate) fn of(name: &str, head: &[u8]) -> Option<&'static dyn Format> {
    let name = name.to_lowercase();
    FORMATS
        .iter()
        .copied()
        .find(|format| format.recognises(&name, head))
}

/// Whether documents with this end of a name are read when a folder is.
pub fn reads_extension(extension: &str) -> bool {
    let extension = extension.to_lowercase();
    TEXTS.contains(&extension.as_str())
        || FORMATS
            .iter()
            .any(|format| format.extensions().contains(&extension.as_str()))
}
