//! Categories that are probably wrong, with the one that tickets alike are filed under.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{Causes, Row};
use crate::insight::replies::Replies;
use crate::insight::table::Table;
use crate::insight::topics::Topics;
use crate::model::Category;

/// Score from which a category is called wrong.
const MISFILED: f32 = 0.5;
/// Tickets alike that must be filed elsewhere.
const ENOUGH: usize = 2;

/// A ticket whose category is probably wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Misfiled<T> {
    /// The ticket.
    pub ticket: T,
    /// The category proposed.
    pub proposed: Category,
    /// How certain, 0 to 1.
    pub score: f32,
    /// Tickets alike that are filed under the proposed one.
    pub evidence: Vec<T>,
}

/// A category and what its name speaks of.
#[derive(Debug, Clone)]
struct Shelf {
    no: u32,
    product: String,
    /// Of product and issue type.
    topics: Topics,
    /// Of the issue type.
    label: Topics,
    /// Whether its product is accounts or money.
    general: bool,
}

/// The categories in use.
pub(in crate::insight) struct Shelves {
    by_no: HashMap<u32, Shelf>,
    /// Those whose issue type names one subject.
    labelled: Vec<Shelf>,
}

impl Shelves {
    fn topics_of(&self, no: u32) -> Topics {
        self.by_no
            .get(&no)
            .map(|shelf| shelf.topics)
            .unwrap_or_default()
    }
}

impl Causes {
    /// Reads the names of the categories in use.
    pub(in crate::insight) fn shelves(&self, table: &Table) -> Shelves {
        let used: BTreeSet<u32> = self
            .rows
            .iter()
            .filter(|row| row.present)
            .map(|row| row.category)
            .collect();
        let mut shelves = Shelves {
            by_no: HashMap::new(),
            labelled: Vec::new(),
        };
        for no in used {
            let Some(category) = table.category_at(no) else {
                continue;
            };
            let label = Topics::of(&category.issue_type.to_lowercase());
            let of_product = Topics::of(&category.product.to_lowercase());
            let general = ["账户", "账号", "财务", "费用"]
                .iter()
                .any(|word| category.product.contains(word));
            let product = category.product.clone();
            let shelf = Shelf {
                no,
                product,
                topics: label.union(of_product),
                label,
                general,
            };
            if label.len() == 1 {
                shelves.labelled.push(shelf.clone());
            }
            shelves.by_no.insert(no, shelf);
        }
        shelves
    }

    /// Doubts about a ticket's category; `None` where there are too few.
    pub(in crate::insight) fn misfiled(
        &self,
        no: u32,
        replies: &Replies,
        shelves: &Shelves,
        table: &Table,
    ) -> Option<Misfiled<u32>> {
        let row = self.row(no).filter(|row| row.category != u32::MAX)?;
        let own = shelves.topics_of(row.category);
        // The name of its shelf says what the ticket says: it stands well there.
        if own.meets(row.parts.loud()) {
            return None;
        }
        let by_others = self.by_others(no, row, replies, shelves);
        let by_words = by_words(row, shelves);
        let (category, score, evidence) = match (by_others, by_words) {
            (Some((category, score, evidence)), Some((same, words))) if same == category => {
                (category, 1.0 - (1.0 - score) * (1.0 - words), evidence)
            }
            (Some(found), _) => found,
            (None, Some((category, score))) => (category, score, Vec::new()),
            (None, None) => return None,
        };
        let proposed = table.category_at(category)?.clone();
        (score >= MISFILED).then_some(Misfiled {
            ticket: no,
            proposed,
            score,
            evidence,
        })
    }

    /// Where tickets are filed whose agents said the same or that asked the same.
    fn by_others(
        &self,
        no: u32,
        row: &Row,
        replies: &Replies,
        shelves: &Shelves,
    ) -> Option<(u32, f32, Vec<u32>)> {
        let mut votes: BTreeMap<u32, (f32, Vec<u32>)> = BTreeMap::new();
        for (other, weight) in self.of_groups(no, row, replies) {
            let Some(theirs) = self.row(other).filter(|theirs| theirs.category != u32::MAX) else {
                continue;
            };
            let entry = votes.entry(theirs.category).or_default();
            entry.0 += weight;
            entry.1.push(other);
        }
        let whole: f32 = votes.values().map(|(mass, _)| mass).sum();
        let own = votes.get(&row.category).map_or(0.0, |(mass, _)| *mass);
        let (best, (mass, evidence)) = votes.into_iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
        let label = shelves.topics_of(best);
        let fits = label.is_empty() || label.meets(row.parts.loud());
        if best == row.category || evidence.len() < ENOUGH || own * 5.0 > whole || !fits {
            return None;
        }
        let certainty = (evidence.len().min(5) as f32) / 5.0;
        Some((best, mass / whole * (0.5 + 0.4 * certainty), evidence))
    }
}

/// The category whose name says what title and replies say: the only one, or the one of the
/// same product, or of accounts and money, which belong to no product.
fn by_words(row: &Row, shelves: &Shelves) -> Option<(u32, f32)> {
    let spoken = row.parts.title.common(row.parts.replies);
    if spoken.len() != 1 {
        return None;
    }
    let fitting: Vec<&Shelf> = shelves
        .labelled
        .iter()
        .filter(|shelf| shelf.label == spoken && shelf.no != row.category)
        .collect();
    let own = shelves.by_no.get(&row.category)?;
    let near = fitting.iter().find(|shelf| shelf.product == own.product);
    let general = fitting.iter().find(|shelf| shelf.general);
    let only = fitting.first().filter(|_| fitting.len() == 1);
    let shelf = near.or(general).or(only)?;
    // A shelf that names another subject is a clearer mistake than 其他.
    let score = if own.topics.is_empty() { 0.52 } else { 0.62 };
    let asked = row.parts.question.is_empty() || row.parts.question.meets(spoken);
    Some((shelf.no, if asked { score + 0.06 } else { score }))
}
