//! What a query is about and what became of it: shared by directory, search and desk.

use serde::{Deserialize, Serialize};

use super::{CategoryFilter, CauseId, CauseState};

/// Which tickets a list, a search or a count is about. The default lets all through.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketFilter {
    /// A node of the category tree, by the corrected category where there is one.
    pub category: Option<CategoryFilter>,
    /// State of the root causes.
    pub cause_state: Option<CauseState>,
    /// Tickets with this cause.
    pub cause: Option<CauseId>,
    /// Tickets of this dataset.
    pub dataset: Option<String>,
}

/// One node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeNode {
    /// Product area; empty = tickets without a category.
    pub product: String,
    /// Issue type; `None` = the whole product area.
    pub issue_type: Option<String>,
    /// Tickets under it.
    pub count: usize,
}

/// How a query was relaxed because nothing matched as asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relaxed {
    /// `dropped` (words left out), `pinyin` or `fuzzy`.
    pub kind: String,
    /// The words left out.
    pub dropped: Vec<String>,
}

/// The sections of an answer, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchSection {
    /// What has all words of the query, or their synonyms.
    All,
    /// What has some of them, or has them spelled otherwise.
    Part,
    /// What has none of them that counts, and means the like: among those of [`Self::Part`], in
    /// the order of both.
    Meaning,
}

/// How many hits a section of an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionCount {
    /// The section.
    pub section: MatchSection,
    /// Its hits, shown or not.
    pub count: usize,
    /// Whether `count` is a lower bound.
    pub more: bool,
}

/// What of a query was not understood and taken as words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryNote {
    /// `unknown_field`, `unknown_value`, `unbalanced`, `empty_term`, `empty_phrase`, `empty_not` or
    /// `only_negative`.
    pub kind: String,
    /// The part of the query.
    pub text: String,
}
