//! What lists, searches and the detail pane show.
//!
//! The field names are the contract with scripts: fields are only ever added.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{
    ArticleId, Category, CauseId, CauseState, MatchSection, Passage, QueryNote, Relaxed, Revision,
    Section, SectionCount, Source, TicketId, Turn,
};

use super::state::{Behind, IndexWork, behind};

/// One row of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Row {
    /// A ticket.
    Ticket(TicketRow),
    /// A passage of an article.
    Passage(PassageRow),
}

/// A ticket as a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketRow {
    /// Position in the result, from 1.
    pub rank: usize,
    /// Full id.
    pub id: TicketId,
    /// The shortest unique prefix of at least six characters.
    pub short_id: String,
    /// Title; empty where the ticket has none.
    pub title: String,
    /// What the query matched in the title, in characters.
    pub title_highlights: Vec<(usize, usize)>,
    /// Product area, corrected where an agent did; empty = none.
    pub product: String,
    /// Issue type, corrected where an agent did; empty = none.
    pub issue_type: String,
    /// Products and scenarios the text says it fits.
    pub scenarios: Vec<String>,
    /// Datasets it belongs to.
    pub datasets: Vec<String>,
    /// The first of `datasets`.
    pub dataset: Option<String>,
    /// Root causes that hold now.
    pub causes: Vec<CauseTag>,
    /// What is known of why.
    pub cause_state: CauseState,
    /// Whether the causes are probably wrong.
    pub suspect: bool,
    /// Whether two agents differ.
    pub disputed: bool,
    /// Whether the category is probably wrong.
    pub misfiled: bool,
    /// Why it must not be followed any more; empty = it may.
    #[serde(default, with = "super::absent")]
    pub outdated: String,
    /// The ticket or article that took its place.
    pub successor: Option<TicketId>,
    /// Date of the case, where the text gives one.
    pub date: Option<Date>,
    /// Revision of its root causes: the `base_rev` of the next annotation.
    pub revision: Revision,
    /// Score of the hit; `None` in lists.
    pub score: Option<f32>,
    /// The best passage of its text, on one line; in lists the beginning of the question.
    pub snippet: String,
    /// What the query matched in `snippet`, in characters.
    pub highlights: Vec<(usize, usize)>,
    /// How the query was relaxed to find it; `None` = it matches as asked.
    pub relaxed: Option<Relaxed>,
    /// The section of the answer that it belongs to; `None` in lists.
    #[serde(default)]
    pub section: Option<MatchSection>,
    /// The words of the query that it does not have.
    #[serde(default)]
    pub missing: Vec<String>,
    /// What in it means the like of the query, where no word of it led here; else empty.
    #[serde(default, with = "super::absent")]
    pub near: String,
}

/// A passage of an article as a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PassageRow {
    /// Position in the result, from 1.
    pub rank: usize,
    /// `ARTICLE.N`, N from 1.
    pub id: String,
    /// Title of the article.
    pub article: String,
    /// Heading of the section; empty before the first.
    pub heading: String,
    /// Publisher or site, else the file's name.
    pub source: String,
    /// Why the article must not be followed any more; empty = it may.
    #[serde(default, with = "super::absent")]
    pub outdated: String,
    /// The ticket or article that took its place.
    pub successor: Option<TicketId>,
    /// Date of publication.
    pub date: Option<Date>,
    /// Score of the hit.
    pub score: Option<f32>,
    /// The best part of the passage, on one line.
    pub snippet: String,
    /// What the query matched in `snippet`, in characters.
    pub highlights: Vec<(usize, usize)>,
    /// How the query was relaxed to find it; `None` = it matches as asked.
    pub relaxed: Option<Relaxed>,
    /// The section of the answer that it belongs to; `None` in lists.
    #[serde(default)]
    pub section: Option<MatchSection>,
    /// The words of the query that it does not have.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// A root cause on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseTag {
    /// Its id; `None` for a placeholder, which is in no vocabulary.
    pub id: Option<CauseId>,
    /// Its name today.
    pub name: String,
    /// `given`, or the name of the agent who confirmed it.
    pub by: String,
}

/// Rows of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// How many tickets the filter lets through.
    pub total: usize,
}

/// The hits of a query.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Found {
    /// The best first.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: usize,
    /// Whether `total` is a lower bound.
    pub more: bool,
    /// How many each section has, of those that were looked for and have any.
    #[serde(default)]
    pub sections: Vec<SectionCount>,
    /// How the query was relaxed; `None` = rows match as asked.
    pub relaxed: Option<Relaxed>,
    /// What of the query was not understood.
    pub notes: Vec<QueryNote>,
    /// Progress of the index in percent, while results may be incomplete.
    pub indexing: Option<u8>,
    /// What the index is busy with; `None` = it is up to date.
    pub index_work: Option<IndexWork>,
    /// Whether what the query means has no part in the order, and could have: [`SearchNear`] tells.
    ///
    /// [`SearchNear`]: super::ask::SearchNear
    #[serde(default)]
    pub reranks: bool,
}

impl Found {
    /// How far the index is behind; `None` = it is up to date.
    pub fn behind(&self) -> Option<Behind> {
        behind(self.indexing, self.index_work)
    }
}

/// Like what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimilarTo {
    /// A ticket, by any unique prefix of its id.
    Id(String),
    /// A text, such as a customer's message.
    Text(String),
}

/// One ticket in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketView {
    /// The row, without a query.
    #[serde(flatten)]
    pub row: TicketRow,
    /// The customer's question in full.
    pub question: String,
    /// The dialogue.
    pub dialogue: Vec<Turn>,
    /// Which agent turn is copied where none is named, from 1; `None` = none of them answers.
    #[serde(default)]
    pub best_turn: Option<usize>,
    /// Root causes as given, placeholders included.
    pub causes_given: Vec<String>,
    /// Category as given.
    pub category_given: Option<Category>,
    /// Revision of its category: the `base_rev` of the next correction.
    pub category_revision: Revision,
    /// Revision of its mark as outdated: the `base_rev` of the next one.
    #[serde(default)]
    pub outdated_revision: Revision,
    /// Sections that no label names.
    #[serde(with = "sections_as_map")]
    pub sections: Vec<Section>,
    /// Where it came from.
    pub sources: Vec<Source>,
    /// Passages of articles about the same.
    pub related_passages: Vec<PassageRow>,
    /// What agents decided, newest first.
    pub history: Vec<HistoryEntry>,
    /// What other agents think of the causes confirmed, oldest first.
    #[serde(default)]
    pub votes: Vec<VoteView>,
}

/// What another agent thinks of the causes confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteView {
    /// The agent's name.
    pub author: String,
    /// Whether the name was declared.
    pub declared: bool,
    /// `agree` or `differ`, held against the causes confirmed now.
    pub stance: String,
    /// The causes the agent holds to be right; empty = only not those confirmed, or none.
    pub causes: Vec<String>,
    /// When.
    pub at: Timestamp,
    /// Why, in the agent's words.
    #[serde(default, with = "super::absent")]
    pub note: String,
    /// Whether somebody decided anew since, knowing that agents differed.
    pub settled: bool,
}

/// One article in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleView {
    /// Its id.
    pub id: ArticleId,
    /// Title.
    pub title: String,
    /// Publisher or site, else the file's name.
    pub source: String,
    /// Date of publication.
    pub date: Option<Date>,
    /// Datasets it belongs to.
    pub datasets: Vec<String>,
    /// The passages.
    pub passages: Vec<Passage>,
    /// Where it came from.
    pub sources: Vec<Source>,
    /// The passage that was asked for, from 1; `None` = the article as a whole.
    pub passage: Option<usize>,
    /// Why it must not be followed any more; empty = it may.
    #[serde(default, with = "super::absent")]
    pub outdated: String,
    /// The ticket or article that took its place.
    pub successor: Option<TicketId>,
    /// Revision of its mark as outdated: the `base_rev` of the next one.
    #[serde(default)]
    pub outdated_revision: Revision,
}

/// A decision on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// The agent's name.
    pub author: String,
    /// Whether the name was declared.
    pub declared: bool,
    /// `causes`, `category`, `vote` or `outdated`.
    pub what: String,
    /// Names before.
    pub before: Vec<String>,
    /// Names after.
    pub after: Vec<String>,
    /// Why, in the agent's words.
    #[serde(default, with = "super::absent")]
    pub note: String,
    /// Whether it took an earlier act back.
    pub undo: bool,
    /// Whether it did again what was taken back.
    #[serde(default)]
    pub redo: bool,
}

/// Sections as `{heading: text}`, the contract's form; equal headings are joined by a blank line.
mod sections_as_map {
    use std::borrow::Cow;

    use serde::de::{Deserializer, MapAccess, Visitor};
    use serde::ser::{SerializeMap, Serializer};

    use crate::model::Section;

    pub(super) fn serialize<S: Serializer>(sections: &[Section], s: S) -> Result<S::Ok, S::Error> {
        let mut merged: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for section in sections {
            match merged
                .iter_mut()
                .find(|(heading, _)| *heading == section.heading)
            {
                Some((_, text)) => {
                    let text = text.to_mut();
                    text.push_str("\n\n");
                    text.push_str(&section.text);
                }
                None => merged.push((&section.heading, Cow::Borrowed(&section.text))),
            }
        }
        let mut map = s.serialize_map(Some(merged.len()))?;
        for (heading, text) in merged {
            map.serialize_entry(heading, text.as_ref())?;
        }
        map.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Section>, D::Error> {
        struct Sections;
        impl<'de> Visitor<'de> for Sections {
            type Value = Vec<Section>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map of heading to text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut sections = Vec::new();
                while let Some((heading, text)) = map.next_entry()? {
                    sections.push(Section { heading, text });
                }
                Ok(sections)
            }
        }
        d.deserialize_map(Sections)
    }
}
