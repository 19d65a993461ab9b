//! Reference text: searchable beside tickets, never a source of replies or causes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A reference text with its sections.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Title; the file's name where the text gives none.
    pub title: String,
    /// Publisher or site, where the text names one.
    pub source: Option<String>,
    /// Date of publication, where the text gives one.
    pub date: Option<Date>,
    /// The passages in order.
    pub passages: Vec<Passage>,
}

/// One section of an article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Passage {
    /// Heading of the section; empty for text before the first.
    pub heading: String,
    /// The text under it.
    pub text: String,
}
