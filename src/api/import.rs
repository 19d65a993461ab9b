//! Imports: what to read, and the honest report.

use serde::{Deserialize, Serialize};

/// How to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOptions {
    /// The dataset; `None` = `default`. An export's tickets keep their own.
    pub dataset: Option<String>,
    /// Whether suspicious files are imported as articles.
    pub articles: bool,
    /// Whether nothing is stored.
    pub dry_run: bool,
    /// Whether masking is left out.
    pub no_mask: bool,
    /// Whether [`ImportReport::places`] is filled.
    pub list_masks: bool,
    /// Columns of tables named by hand: a label, and the column's letter, number or heading.
    #[serde(default)]
    pub columns: Vec<(String, String)>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// The dataset imported into.
    pub dataset: String,
    /// Files read.
    pub files: usize,
    /// Files refused or failed.
    pub failed: usize,
    /// Tickets met.
    pub tickets: usize,
    /// Tickets that were new.
    pub new: usize,
    /// Tickets that had changed.
    pub updated: usize,
    /// Tickets met again as they were.
    pub unchanged: usize,
    /// Articles met.
    pub articles: usize,
    /// Passages of those articles.
    pub passages: usize,
    /// Seconds it took.
    pub seconds: f64,
    /// What a person should look at.
    pub warnings: Vec<ImportWarning>,
    /// What was masked, by class and side.
    pub masked: Vec<MaskCount>,
    /// Where something was or would be masked; only when asked for. Never a value.
    pub places: Vec<MaskPlace>,
    /// Contacts that stand in three or more agents' replies: proposed for the allow-list.
    pub proposed_contacts: Vec<String>,
    /// Whether the sample corpus was removed, because this was the first real import.
    pub sample_removed: bool,
    /// Whether it was cancelled; what it acknowledged stays.
    pub cancelled: bool,
    /// Counts by file, in the order they were read.
    pub by_file: Vec<ImportFile>,
}

/// What one file held.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportFile {
    /// Its name.
    pub file: String,
    /// Tickets in it.
    pub tickets: usize,
    /// Articles in it.
    pub articles: usize,
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportWarning {
    /// File name.
    pub file: String,
    /// Line, from 1; `None` = the file as a whole.
    pub line: Option<u32>,
    /// The kind, as the contract names it, such as `declared_count_mismatch`.
    pub kind: String,
    /// Values for a sentence about it, such as `declared` and `found`; never ticket text that
    /// masking would hide.
    pub values: std::collections::BTreeMap<String, String>,
}

/// How often a class of value was masked on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskCount {
    /// `phone`, `email`, `id_card`, `bank_card` or `key`.
    pub class: String,
    /// `customer`, `agent` or `other`.
    pub side: String,
    /// How often.
    pub count: usize,
}

/// A place where something was masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskPlace {
    /// File name.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// As in [`MaskCount`].
    pub class: String,
    /// As in [`MaskCount`].
    pub side: String,
}
