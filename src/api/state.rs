//! What the desk holds and how it fares.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{JobId, ReplyId, Revision, Sequence, TreeNode};

/// What the index is busy with; the names are those of [`Progress::what`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexWork {
    /// It takes in what changed since it was written last.
    Index,
    /// It is built anew, and finds only what it holds so far.
    Reindex,
}

impl IndexWork {
    /// The name that pushes and scripts see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Reindex => "reindex",
        }
    }
}

/// How far the index is behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// With what it is busy.
    pub work: IndexWork,
    /// How much of that is done, in percent.
    pub percent: u8,
}

/// What the store holds and what runs in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Program version.
    pub version: String,
    /// Data directory.
    pub data_dir: String,
    /// Applied sequence of the store.
    pub sequence: Sequence,
    /// Tickets shown.
    pub tickets: usize,
    /// Articles shown.
    pub articles: usize,
    /// Datasets shown.
    pub datasets: usize,
    /// Whether only the sample corpus is shown.
    pub sample: bool,
    /// Index: `None` = up to date, else percent of what it is busy with.
    pub indexing: Option<u8>,
    /// What the index is busy with; `None` = up to date.
    pub index_work: Option<IndexWork>,
    /// The agent this session acts for.
    pub agent: String,
    /// Processes with access: 1 in-process, else clients of the daemon.
    pub clients: usize,
}

impl Status {
    /// How far the index is behind; `None` = it is up to date.
    pub fn behind(&self) -> Option<Behind> {
        behind(self.indexing, self.index_work)
    }
}

/// The two fields of an answer as one.
pub(super) fn behind(percent: Option<u8>, work: Option<IndexWork>) -> Option<Behind> {
    let (percent, work) = (percent?, work?);
    Some(Behind { work, percent })
}

/// A dataset with its counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetRow {
    /// Its name.
    pub name: String,
    /// Tickets in it.
    pub tickets: usize,
    /// Articles in it.
    pub articles: usize,
    /// Tickets that are in no other dataset, and would go with it.
    pub only_here: usize,
}

/// A team setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingRow {
    /// Its name.
    pub name: String,
    /// JSON text.
    pub value: String,
    /// Its revision: the `base_rev` of the next change.
    #[serde(default)]
    pub revision: Revision,
}

/// How a job goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The job; `None` = the desk's own background work.
    pub job: Option<JobId>,
    /// `import`, `index`, `insight`, `embed`, `export`, `backup`.
    pub what: String,
    /// Done so far, in the unit of `total`.
    pub done: u64,
    /// In all; 0 = unknown.
    pub total: u64,
    /// Whether it goes on.
    pub state: JobState,
}

/// The embedding model by which tickets are found by what they mean.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelStatus {
    /// The model; `None` = none is installed, and words alone find.
    pub installed: Option<InstalledModel>,
    /// Tickets that are embedded.
    pub embedded: usize,
    /// Tickets that wait to be.
    pub waiting: usize,
    /// Whether the model is in memory now.
    pub loaded: bool,
    /// Why no more tickets are embedded; `None` = they are.
    pub failed: Option<String>,
}

/// A model that is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledModel {
    /// The name of the directory it came in.
    pub name: String,
    /// Of all its files.
    pub hash: String,
    /// Numbers in a vector.
    pub dimensions: usize,
    /// Layers.
    pub layers: usize,
    /// Words of its tokenizer.
    pub vocabulary: usize,
}

/// Whether a job goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It goes on.
    Running,
    /// It came to its end.
    Done,
    /// It was cancelled.
    Cancelled,
    /// It failed.
    Failed,
}

/// Figures over the whole store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Tickets.
    pub tickets: usize,
    /// Articles.
    pub articles: usize,
    /// Passages.
    pub passages: usize,
    /// By product area and issue type, as the tree shows them.
    pub categories: Vec<TreeNode>,
    /// Tickets by state of their causes: name, count.
    pub cause_states: Vec<(String, usize)>,
    /// Causes as given by the documents, most frequent first.
    pub causes_given: Vec<CauseCount>,
    /// Causes that hold now, most frequent first.
    pub causes_now: Vec<CauseCount>,
    /// Annotations by day (`2026-01-31`), oldest first.
    pub by_day: Vec<(String, usize)>,
    /// Annotations by agent, most first.
    pub by_agent: Vec<(String, usize)>,
    /// Copies of replies recorded.
    pub copies: usize,
    /// Standard replies that were copied, most used first.
    #[serde(default)]
    pub replies: Vec<ReplyUse>,
    /// Tickets that a reusable answer is known for; `None` = not analysed yet.
    #[serde(default)]
    pub coverage: Option<Coverage>,
    /// How far agents agree: all causes together first, then each.
    #[serde(default)]
    pub agreement: Vec<AgreementRow>,
    /// Tickets on whose causes agents differ.
    #[serde(default)]
    pub disputed: usize,
    /// The causes of each product area, the area with most tickets first.
    #[serde(default)]
    pub causes_by_product: Vec<ProductCauses>,
    /// Bytes on disk of store and index.
    pub store_bytes: u64,
    /// Bytes on disk of the index.
    pub index_bytes: u64,
}

/// How often a standard reply was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyUse {
    /// Its id.
    pub id: ReplyId,
    /// Name or beginning; empty while it is not known.
    pub title: String,
    /// Copies.
    pub uses: u64,
    /// The last one.
    pub last: Option<Timestamp>,
}

/// How many tickets have an answer that can be used again: a standard reply that is offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Tickets.
    pub tickets: usize,
    /// Those with a reusable answer.
    pub covered: usize,
    /// Their share, in percent.
    pub percent: f64,
    /// The same for each product area, the one with most tickets first.
    pub products: Vec<ProductCoverage>,
}

/// How many tickets of a product area have an answer that can be used again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductCoverage {
    /// Product area; empty = none.
    pub product: String,
    /// Tickets.
    pub tickets: usize,
    /// Those with a reusable answer.
    pub covered: usize,
}

/// How far agents agree on a cause, of the tickets on which two or more have an opinion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreementRow {
    /// The cause's name; `None` = all together.
    pub cause: Option<String>,
    /// Tickets: of a cause, those where somebody named it.
    pub tickets: usize,
    /// Pairs of agents who say the same, in percent.
    pub percent: f64,
    /// Fleiss' kappa; `None` where chance alone explains everything.
    pub kappa: Option<f64>,
}

/// The causes of a product area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCauses {
    /// Product area; empty = none.
    pub product: String,
    /// Its tickets.
    pub tickets: usize,
    /// Its causes, most frequent first.
    pub causes: Vec<CauseCount>,
}

/// How many tickets carry a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseCount {
    /// Its name.
    pub cause: String,
    /// How many.
    pub tickets: usize,
}

/// What a check of store and index found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Tickets and articles in the store.
    pub store_documents: usize,
    /// Documents the index holds for them.
    pub index_documents: usize,
    /// Bodies that could not be read: ids.
    pub unreadable: Vec<String>,
    /// Applied sequence of the store.
    pub store_sequence: Sequence,
    /// Sequence the index stands at.
    pub index_sequence: Sequence,
    /// Conflicts waiting to be settled.
    pub conflicts: usize,
}
