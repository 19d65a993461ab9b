//! Lists, trees and counts of what a filter lets through.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::row::{flags_state, shown_article, shown_ticket, state_bits};
use super::{CauseCounts, DatasetCount, Directory};
use crate::model::{CauseId, CauseStatus, DocNo, TicketFilter, TreeNode};

/// A filter made ready: each part a table by number, so that a line costs a look-up or two.
struct Sieve {
    categories: Option<Vec<bool>>,
    state: Option<u8>,
    sets: Option<Vec<bool>>,
    causes: Option<Vec<bool>>,
}

impl Sieve {
    fn cell(&self, category: usize, state: u8, set: u32) -> bool {
        holds(self.categories.as_ref(), category)
            && self.state.is_none_or(|wanted| wanted == state)
            && holds(self.sets.as_ref(), set as usize)
    }
}

fn holds(table: Option<&Vec<bool>>, number: usize) -> bool {
    table.is_none_or(|table| table.get(number).copied().unwrap_or(false))
}

impl Directory {
    /// The tickets that a filter lets through, in list order: by date, newest first; then those
    /// without a date, newest import first, each in the order of its documents.
    pub fn list<'a>(&'a self, filter: &TicketFilter) -> impl Iterator<Item = DocNo> + use<'a> {
        let sieve = self.sieve(filter, Part::All);
        // Ends after the last instead of looking for one more to the end.
        let count = self.count_by(&sieve);
        self.in_order()
            .filter(move |doc| self.passes(&sieve, *doc))
            .take(count)
            .map(DocNo)
    }

    /// The articles, in list order.
    pub fn articles(&self) -> impl Iterator<Item = DocNo> + '_ {
        self.in_order()
            .filter(|doc| shown_article(self.flags[*doc as usize]))
            .take(self.article_count())
            .map(DocNo)
    }

    /// Everything shown, tickets and articles, by number.
    pub fn docs(&self) -> impl Iterator<Item = DocNo> + '_ {
        (0u32..)
            .zip(&self.flags)
            .filter(|(_, flags)| !super::row::is_removed(**flags))
            .map(|(doc, _)| DocNo(doc))
    }

    /// How many tickets a filter lets through.
    pub fn count(&self, filter: &TicketFilter) -> usize {
        self.count_by(&self.sieve(filter, Part::All))
    }

    /// How many articles are shown.
    pub fn article_count(&self) -> usize {
        self.counts.articles.values().sum()
    }

    /// Whether a filter lets a ticket through. For articles and removed ones: no.
    ///
    /// For many tickets take [`Self::keep`].
    pub fn lets_through(&self, filter: &TicketFilter, doc: DocNo) -> bool {
        (doc.0 as usize) < self.len() && self.passes(&self.sieve(filter, Part::All), doc.0)
    }

    /// Keeps of some tickets those that a filter lets through.
    pub fn keep(&self, filter: &TicketFilter, docs: &mut Vec<DocNo>) {
        let sieve = self.sieve(filter, Part::All);
        docs.retain(|doc| (doc.0 as usize) < self.len() && self.passes(&sieve, doc.0));
    }

    /// The category tree with counts: product areas by count, then name, each before its types.
    /// The filter's category is not applied.
    pub fn tree(&self, filter: &TicketFilter) -> Vec<TreeNode> {
        let sieve = self.sieve(filter, Part::WithoutCategory);
        let mut counts = vec![0; self.categories.all().len() + 1];
        if sieve.causes.is_some() {
            for doc in (0..self.len() as u32).filter(|doc| self.passes(&sieve, *doc)) {
                counts[self.category[doc as usize] as usize] += 1;
            }
        } else {
            for (category, cells) in self.counts.cells.iter().enumerate() {
                let held = cells
                    .iter()
                    .filter(|cell| sieve.cell(category, cell.state, cell.set));
                counts[category] = held.map(|cell| cell.count).sum();
            }
        }
        self.tree_from(&counts)
    }

    /// The same tree of some tickets only, such as the hits of a query.
    pub fn tree_of(&self, docs: impl IntoIterator<Item = DocNo>) -> Vec<TreeNode> {
        let mut counts = vec![0; self.categories.all().len() + 1];
        for doc in docs {
            let flags = self.flags.get(doc.0 as usize).copied();
            if flags.is_some_and(shown_ticket) {
                counts[self.category[doc.0 as usize] as usize] += 1;
            }
        }
        self.tree_from(&counts)
    }

    /// The datasets that hold something, with counts, in the order they were first met.
    pub fn datasets(&self) -> Vec<DatasetCount> {
        let mut rows: Vec<DatasetCount> = self
            .datasets
            .all()
            .iter()
            .map(|name| DatasetCount {
                name: name.clone(),
                tickets: 0,
                articles: 0,
                only_here: 0,
            })
            .collect();
        let tickets = self.counts.cells.iter().flatten();
        let tickets = tickets.map(|cell| (cell.set, cell.count, false));
        let articles = self.counts.articles.iter();
        for (set, count, article) in tickets.chain(articles.map(|(set, n)| (*set, *n, true))) {
            let members = self.sets.get(set).map_or(&[][..], Vec::as_slice);
            for number in members {
                let row = &mut rows[*number as usize];
                if article {
                    row.articles += count;
                } else {
                    row.tickets += count;
                }
                if members.len() == 1 {
                    row.only_here += count;
                }
            }
        }
        rows.retain(|row| row.tickets + row.articles > 0);
        rows
    }

    /// The tickets that carry a cause, after merges, by number.
    pub fn docs_with_cause(&self, cause: CauseId) -> Vec<DocNo> {
        let filter = TicketFilter {
            cause: Some(cause),
            ..TicketFilter::default()
        };
        let sieve = self.sieve(&filter, Part::All);
        (0..self.len() as u32)
            .filter(|doc| self.passes(&sieve, *doc))
            .map(DocNo)
            .collect()
    }

    /// How many tickets carry each cause, after merges.
    pub fn cause_counts(&self) -> HashMap<CauseId, CauseCounts> {
        let mut counts: HashMap<CauseId, CauseCounts> = HashMap::new();
        for ((list, confirmed), tickets) in self.counts.causes.iter().filter(|(_, n)| **n > 0) {
            let list = self.cause_lists.get(*list).map_or(&[][..], Vec::as_slice);
            let mut causes: Vec<CauseId> =
                list.iter().map(|id| self.vocabulary.resolve(*id)).collect();
            causes.sort_unstable();
            causes.dedup();
            for cause in causes {
                let row = counts.entry(cause).or_default();
                if *confirmed {
                    row.confirmed += tickets;
                } else {
                    row.given += tickets;
                }
            }
        }
        counts
    }

    fn in_order(&self) -> impl Iterator<Item = u32> + '_ {
        let undated = self.order.by_import();
        let undated = undated.filter(|doc| self.date[*doc as usize] == 0);
        self.order.dated().chain(undated)
    }

    fn passes(&self, sieve: &Sieve, doc: u32) -> bool {
        let at = doc as usize;
        let flags = self.flags[at];
        shown_ticket(flags)
            && sieve.cell(self.category[at] as usize, flags_state(flags), self.set[at])
            && holds(sieve.causes.as_ref(), self.causes[at] as usize)
    }

    fn count_by(&self, sieve: &Sieve) -> usize {
        let only_cause =
            sieve.categories.is_none() && sieve.state.is_none() && sieve.sets.is_none();
        if only_cause && sieve.causes.is_some() {
            let lists = self.counts.causes.iter();
            let held = lists.filter(|((list, _), _)| holds(sieve.causes.as_ref(), *list as usize));
            return held.map(|(_, tickets)| tickets).sum();
        }
        if sieve.causes.is_some() {
            let docs = 0..self.len() as u32;
            return docs.filter(|doc| self.passes(sieve, *doc)).count();
        }
        let cells = self.counts.cells.iter().enumerate();
        cells
            .flat_map(|(category, cells)| cells.iter().map(move |cell| (category, cell)))
            .filter(|(category, cell)| sieve.cell(*category, cell.state, cell.set))
            .map(|(_, cell)| cell.count)
            .sum()
    }

    fn sieve(&self, filter: &TicketFilter, part: Part) -> Sieve {
        let category = match part {
            Part::All => filter.category.as_ref(),
            Part::WithoutCategory => None,
        };
        Sieve {
            categories: category.map(|node| {
                let none = std::iter::once(node.holds("", ""));
                let all = self.categories.all().iter();
                none.chain(all.map(|c| node.holds(&c.product, &c.issue_type)))
                    .collect()
            }),
            state: filter.cause_state.map(state_bits),
            sets: filter.dataset.as_ref().map(|name| {
                let number = self.datasets.find(name.as_str());
                let sets = self.sets.all().iter();
                sets.map(|set| number.is_some_and(|n| set.contains(&n)))
                    .collect()
            }),
            causes: filter.cause.map(|cause| {
                let wanted = self.ids_meaning(cause);
                let lists = self.cause_lists.all().iter();
                lists
                    .map(|list| list.iter().any(|id| wanted.contains(id)))
                    .collect()
            }),
        }
    }

    /// A cause and all that were merged into it.
    fn ids_meaning(&self, cause: CauseId) -> Vec<CauseId> {
        let target = self.vocabulary.resolve(cause);
        let merged = self
            .vocabulary
            .entries()
            .filter(|entry| matches!(entry.status, CauseStatus::Merged(_)))
            .map(|entry| entry.id)
            .filter(|id| self.vocabulary.resolve(*id) == target);
        merged.chain([target]).collect()
    }

    fn tree_from(&self, counts: &[usize]) -> Vec<TreeNode> {
        let mut products: BTreeMap<&str, Area<'_>> = BTreeMap::new();
        for (number, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let category = number
                .checked_sub(1)
                .and_then(|n| self.categories.all().get(n));
            let (product, issue_type) =
                category.map_or(("", ""), |c| (c.product.as_str(), c.issue_type.as_str()));
            let (total, types) = products.entry(product).or_default();
            *total += count;
            if !issue_type.is_empty() {
                types.push((issue_type, *count));
            }
        }
        let mut areas: Vec<_> = products.into_iter().collect();
        areas.sort_by_key(|(name, (total, _))| (Reverse(*total), *name));
        let mut nodes = Vec::new();
        for (product, (total, mut types)) in areas {
            let node = |issue_type: Option<&str>, count| TreeNode {
                product: product.to_owned(),
                issue_type: issue_type.map(str::to_owned),
                count,
            };
            nodes.push(node(None, total));
            types.sort_by_key(|(name, count)| (Reverse(*count), *name));
            nodes.extend(types.iter().map(|(name, count)| node(Some(name), *count)));
        }
        nodes
    }
}

/// Tickets of a product area, and its types with theirs.
type Area<'a> = (usize, Vec<(&'a str, usize)>);

/// Which parts of a filter count.
#[derive(Clone, Copy)]
enum Part {
    All,
    WithoutCategory,
}
