//! Documents become tickets, articles and an honest report.
//!
//! Bytes go in piece by piece, items come out one by one: a file of a gigabyte takes the memory
//! of its first 32 MiB. Labels are known by synonym ([`labels`]), everything else by the
//! document's own profile ([`profile`]). This module is pure: it opens no file, has no clock, and
//! knows no store. The project's own lossless export is the desk's to read.
//!
//! ```text
//! bytes ─ decode ─ sanitise ─ lines ─ draft ─ assemble ─ mask ─▶ Item
//!                       └ profile ┘       └ layout
//! ```
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! dates decode fingerprint front_matter labels markup mended report suspicious
//! helpdesk line
//! marker raw
//! profile
//! draft layout
//! assemble
//! article jsonl markdown_out masking
//! table
//! formats rows
//! reader
//! ```

mod article;
mod assemble;
mod dates;
mod decode;
mod draft;
pub mod fingerprint;
mod formats;
mod front_matter;
mod helpdesk;
pub mod jsonl;
pub mod labels;
mod layout;
mod line;
pub mod markdown_out;
mod marker;
mod markup;
mod masking;
mod mended;
mod profile;
mod raw;
mod reader;
mod report;
mod rows;
mod suspicious;
mod table;

#[cfg(test)]
mod tests;

pub use formats::reads_extension;
pub use labels::LabelTable;
pub(crate) use masking::Masker;
pub use masking::Masking;
pub use reader::Reader;
pub use report::{FileReport, MaskClass, MaskPlace, Side, Warning, WarningKind};
pub use table::ColumnName;

use crate::model::{Article, Fingerprint, Ticket};

/// How documents are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The labels, with a team's own.
    pub labels: LabelTable,
    /// Whether suspicious files are read as articles.
    pub articles: bool,
    /// Whether contacts are masked.
    pub masking: Masking,
    /// Key of the fingerprints: the store's own.
    pub fingerprint_key: [u8; 32],
    /// Columns of tables that an agent named by hand.
    pub columns: Vec<ColumnName>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            labels: LabelTable::built_in(),
            articles: false,
            masking: Masking::On {
                allow: Vec::new(),
                classes: Vec::new(),
            },
            fingerprint_key: [0; 32],
            columns: Vec::new(),
        }
    }
}

/// A ticket read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedTicket {
    /// The ticket, sanitised and masked.
    pub ticket: Ticket,
    /// Line of its first character, from 1.
    pub line: u32,
    /// Position among the file's tickets, from 1.
    pub ordinal: u32,
    /// Keyed hash of title, question and dialogue before masking.
    pub fingerprint: Fingerprint,
}

/// An article read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedArticle {
    /// The article, sanitised and masked.
    pub article: Article,
    /// Line of its first character, from 1.
    pub line: u32,
    /// Position among the file's articles, from 1.
    pub ordinal: u32,
    /// Keyed hash of its title and passages before masking.
    pub fingerprint: Fingerprint,
}

/// What a document gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A ticket.
    Ticket(Box<ParsedTicket>),
    /// An article.
    Article(Box<ParsedArticle>),
}
