//! Every ticket and article in memory, in columns: what browsing is served from.

use jiff::civil::Date;

use crate::model::{
    Category, CauseId, CauseState, DocNo, PackNo, Revision, TicketFilter, TicketId, TreeNode,
};

/// What the directory knows of one ticket or article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: TicketId,
    /// Whether it is an article.
    pub is_article: bool,
    /// Number of its effective category, for [`Directory::category`]; `None` = it has none.
    pub category: Option<u32>,
    /// What is known of why.
    pub state: CauseState,
    /// Revision of its root causes.
    pub revision: Revision,
    /// Date, where the text gives one.
    pub date: Option<Date>,
    /// The pack of its body.
    pub pack: PackNo,
    /// Its place in the pack.
    pub slot: u8,
    /// Whether its last source is gone: it is not shown any more.
    pub removed: bool,
    /// Whether agents differ on its causes.
    pub disputed: bool,
    /// Whether an agent marked it outdated.
    pub outdated: bool,
    /// Whether an agent corrected its category.
    pub corrected: bool,
}

/// What the beginning of an id leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// Exactly one.
    One(DocNo),
    /// Several; the first few of them in the order of ids.
    Many(Vec<TicketId>),
    /// None.
    None,
}

/// A dataset with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetCount {
    /// Its name.
    pub name: String,
    /// Tickets in it.
    pub tickets: usize,
    /// Articles in it.
    pub articles: usize,
    /// Tickets and articles that are in no other dataset, and would go with it.
    pub only_here: usize,
}

/// How many tickets carry a cause, after merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CauseCounts {
    /// As given by the document, where no agent decided.
    pub given: usize,
    /// By an agent's decision.
    pub confirmed: usize,
}

/// Every ticket and article in memory.
#[derive(Debug, Default)]
pub struct Directory {}

impl Directory {
    /// How many numbers are given: every [`DocNo`] below has an entry, removed ones included.
    pub fn len(&self) -> usize {
        0
    }
    /// Whether no number is given.
    pub fn is_empty(&self) -> bool {
        true
    }
    /// What is known of one.
    pub fn entry(&self, _doc: DocNo) -> Option<Entry> {
        None
    }
    /// The number of an id, removed ones included.
    pub fn by_id(&self, _id: TicketId) -> Option<DocNo> {
        None
    }
    /// What the beginning of an id leads to among what is shown; case does not matter.
    pub fn resolve(&self, _prefix: &str) -> Resolved {
        Resolved::None
    }
    /// Length of the shortest beginning, of at least 6 characters, that no other shown id has.
    pub fn short_len(&self, _id: TicketId) -> usize {
        6
    }
    /// The tickets that a filter lets through, in list order: by date, newest first; then those
    /// without a date, newest import first, each in the order of its documents.
    pub fn list<'a>(&'a self, _filter: &TicketFilter) -> impl Iterator<Item = DocNo> + use<'a> {
        std::iter::empty()
    }
    /// The articles, in list order.
    pub fn articles(&self) -> impl Iterator<Item = DocNo> + '_ {
        std::iter::empty()
    }
    /// Everything shown, tickets and articles, by number.
    pub fn docs(&self) -> impl Iterator<Item = DocNo> + '_ {
        std::iter::empty()
    }
    /// How many tickets a filter lets through.
    pub fn count(&self, _filter: &TicketFilter) -> usize {
        0
    }
    /// How many articles are shown.
    pub fn article_count(&self) -> usize {
        0
    }
    /// Whether a filter lets a ticket through. For articles and removed ones: no.
    pub fn lets_through(&self, _filter: &TicketFilter, _doc: DocNo) -> bool {
        false
    }
    /// The category tree with counts: product areas by count, then name, each before its types.
    /// The filter's category is not applied.
    pub fn tree(&self, _filter: &TicketFilter) -> Vec<TreeNode> {
        Vec::new()
    }
    /// The same tree of some tickets only, such as the hits of a query.
    pub fn tree_of(&self, _docs: impl IntoIterator<Item = DocNo>) -> Vec<TreeNode> {
        Vec::new()
    }
    /// A category by number.
    pub fn category(&self, _number: u32) -> Option<&Category> {
        None
    }
    /// The effective category of a ticket.
    pub fn category_of(&self, _doc: DocNo) -> Option<&Category> {
        None
    }
    /// Every category that was ever met, by number.
    pub fn categories(&self) -> &[Category] {
        &[]
    }
    /// The datasets that hold something, with counts, in the order they were first met.
    pub fn datasets(&self) -> Vec<DatasetCount> {
        Vec::new()
    }
    /// The datasets of a ticket or article, in the order they were first met.
    pub fn datasets_of(&self, _doc: DocNo) -> Vec<&str> {
        Vec::new()
    }
    /// The root causes that hold for a ticket, by the ids recorded: follow merges with the
    /// vocabulary. Placeholders are not among them.
    pub fn causes_of(&self, _doc: DocNo) -> &[CauseId] {
        &[]
    }
    /// The tickets that carry a cause, after merges, by number.
    pub fn docs_with_cause(&self, _cause: CauseId) -> Vec<DocNo> {
        Vec::new()
    }
    /// How many tickets carry each cause, after merges.
    pub fn cause_counts(&self) -> std::collections::HashMap<CauseId, CauseCounts> {
        std::collections::HashMap::new()
    }
}
