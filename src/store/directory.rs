//! Every ticket and article in memory, in columns: what browsing is served from.

mod counts;
mod ids;
mod order;
mod query;
mod row;
mod sets;

use std::sync::Arc;

use jiff::civil::Date;

pub(super) use row::{PAGE, Row, decode, encode};
pub(super) use sets::Interned;

use self::counts::Counts;
use self::ids::Ids;
use self::order::Order;
use super::Vocabulary;
use crate::model::{Category, CauseId, CauseState, DocNo, PackNo, Revision, TicketId};

/// Characters of the shortest beginning of an id that is shown.
const SHORTEST: usize = 6;

/// Ids named at most when a beginning is not unique.
const CANDIDATES: usize = 10;

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
pub struct Directory {
    ids: Vec<u64>,
    flags: Vec<u16>,
    category: Vec<u32>,
    set: Vec<u32>,
    causes: Vec<u32>,
    revision: Vec<u32>,
    date: Vec<i32>,
    pack: Vec<u32>,
    index: Ids,
    order: Order,
    counts: Counts,
    pub(super) categories: Interned<Category>,
    pub(super) datasets: Interned<String>,
    /// Sets of dataset numbers, sorted. Number 0 is the empty one.
    pub(super) sets: Interned<Vec<u32>>,
    /// Lists of causes. Number 0 is the empty one.
    pub(super) cause_lists: Interned<Vec<CauseId>>,
    pub(super) vocabulary: Arc<Vocabulary>,
}

impl Directory {
    /// A directory of nothing.
    pub(super) fn new() -> Self {
        let mut directory = Self::default();
        directory.sets.push(Vec::new());
        directory.cause_lists.push(Vec::new());
        directory
    }

    /// How many numbers are given: every [`DocNo`] below has an entry, removed ones included.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether no number is given.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What is known of one.
    pub fn entry(&self, doc: DocNo) -> Option<Entry> {
        let row = self.row(doc)?;
        Some(Entry {
            id: TicketId::from_bits(row.id),
            is_article: row.is_article(),
            category: row.category.checked_sub(1),
            state: row.state(),
            revision: Revision(row.revision),
            date: date_of(row.date),
            pack: PackNo(row.pack),
            slot: row.slot(),
            removed: row.removed(),
            disputed: row.disputed(),
            outdated: row.outdated(),
            corrected: row.corrected(),
        })
    }

    /// The number of an id, removed ones included.
    pub fn by_id(&self, id: TicketId) -> Option<DocNo> {
        self.index.find(id.to_bits(), &self.ids).map(DocNo)
    }

    /// What the beginning of an id leads to among what is shown; case does not matter.
    pub fn resolve(&self, prefix: &str) -> Resolved {
        let Some((low, high)) = ids::range_of(prefix).filter(|_| !prefix.is_empty()) else {
            return Resolved::None;
        };
        let mut found: Vec<u32> = self.shown_between(low, high).collect();
        match found.as_slice() {
            [] => Resolved::None,
            [one] => Resolved::One(DocNo(*one)),
            _ => {
                found.sort_unstable_by_key(|doc| self.ids[*doc as usize]);
                found.truncate(CANDIDATES);
                Resolved::Many(found.into_iter().map(|doc| self.id_of(doc)).collect())
            }
        }
    }

    /// Length of the shortest beginning, of at least 6 characters, that no other shown id has.
    pub fn short_len(&self, id: TicketId) -> usize {
        let text = id.as_str();
        let range = text.get(..SHORTEST).and_then(ids::range_of);
        let (low, high) = range.unwrap_or((0, 0));
        self.shown_between(low, high)
            .map(|doc| self.id_of(doc))
            .filter(|other| *other != id)
            .map(|other| {
                let pairs = text.bytes().zip(other.as_str().bytes());
                pairs.take_while(|(a, b)| a == b).count() + 1
            })
            .max()
            .map_or(SHORTEST, |len| len.max(SHORTEST))
    }

    /// A category by number.
    pub fn category(&self, number: u32) -> Option<&Category> {
        self.categories.get(number)
    }

    /// The effective category of a ticket.
    pub fn category_of(&self, doc: DocNo) -> Option<&Category> {
        let number = self.category.get(doc.0 as usize)?.checked_sub(1)?;
        self.categories.get(number)
    }

    /// Every category that was ever met, by number.
    pub fn categories(&self) -> &[Category] {
        self.categories.all()
    }

    /// The datasets of a ticket or article, in the order they were first met.
    pub fn datasets_of(&self, doc: DocNo) -> Vec<&str> {
        let set = self.set.get(doc.0 as usize).and_then(|n| self.sets.get(*n));
        set.into_iter()
            .flatten()
            .filter_map(|number| self.datasets.get(*number).map(String::as_str))
            .collect()
    }

    /// The root causes that hold for a ticket, by the ids recorded: follow merges with the
    /// vocabulary. Placeholders are not among them.
    pub fn causes_of(&self, doc: DocNo) -> &[CauseId] {
        let list = self.causes.get(doc.0 as usize);
        list.and_then(|number| self.cause_lists.get(*number))
            .map_or(&[], Vec::as_slice)
    }

    fn shown_between(&self, low: u64, high: u64) -> impl Iterator<Item = u32> + '_ {
        self.index
            .between(low, high, &self.ids)
            .filter(|doc| !row::is_removed(self.flags[*doc as usize]))
    }

    fn id_of(&self, doc: u32) -> TicketId {
        TicketId::from_bits(self.ids[doc as usize])
    }

    /// One line.
    pub(super) fn row(&self, doc: DocNo) -> Option<Row> {
        let at = doc.0 as usize;
        Some(Row {
            id: *self.ids.get(at)?,
            flags: self.flags[at],
            category: self.category[at],
            set: self.set[at],
            causes: self.causes[at],
            revision: self.revision[at],
            date: self.date[at],
            pack: self.pack[at],
        })
    }

    /// Adds a line under the next number.
    pub(super) fn push(&mut self, row: Row, import: u32) -> DocNo {
        let doc = self.ids.len() as u32;
        self.append(&row, import);
        self.index.add(row.id, doc, &self.ids);
        DocNo(doc)
    }

    /// Changes a line.
    pub(super) fn put(&mut self, doc: DocNo, row: Row) {
        let Some(old) = self.row(doc) else {
            return;
        };
        let at = doc.0 as usize;
        self.counts.remove(&old);
        self.counts.add(&row);
        if old.date != row.date {
            if old.date != 0 {
                self.order.undate(doc.0, old.date);
            }
            if row.date != 0 {
                self.order.date(doc.0, row.date);
            }
        }
        self.flags[at] = row.flags;
        self.category[at] = row.category;
        self.set[at] = row.set;
        self.causes[at] = row.causes;
        self.revision[at] = row.revision;
        self.date[at] = row.date;
        self.pack[at] = row.pack;
    }

    /// Takes in lines as they lie on the disk; [`Self::loaded`] ends it.
    pub(super) fn load(&mut self, rows: &[(Row, u32)]) {
        for (row, import) in rows {
            self.append(row, *import);
        }
    }

    /// Makes what is derived from the lines loaded.
    pub(super) fn loaded(&mut self) {
        self.index.build(&self.ids);
    }

    /// A page as it lies on the disk.
    pub(super) fn page(&self, page: u32) -> Vec<u8> {
        let first = page * PAGE as u32;
        let docs = first..first + PAGE as u32;
        encode(docs.map_while(|doc| Some((self.row(DocNo(doc))?, self.order.import_of(doc)))))
    }

    fn append(&mut self, row: &Row, import: u32) {
        self.ids.push(row.id);
        self.flags.push(row.flags);
        self.category.push(row.category);
        self.set.push(row.set);
        self.causes.push(row.causes);
        self.revision.push(row.revision);
        self.date.push(row.date);
        self.pack.push(row.pack);
        self.order.push(import);
        if row.date != 0 {
            self.order.date(self.ids.len() as u32 - 1, row.date);
        }
        self.counts.add(row);
    }
}

/// A date as the directory keeps it; years before 1 are none.
pub(super) fn date_number(date: Option<Date>) -> i32 {
    date.filter(|date| date.year() > 0).map_or(0, |date| {
        i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
    })
}

fn date_of(number: i32) -> Option<Date> {
    let year = i16::try_from(number / 10_000).ok()?;
    let month = i8::try_from(number / 100 % 100).ok()?;
    Date::new(year, month, i8::try_from(number % 100).ok()?).ok()
}
