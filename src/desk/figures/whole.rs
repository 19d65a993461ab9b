//! Figures that show where work is left: coverage, agreement, replies by use, causes by product.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::api::{AgreementRow, Coverage, DeskError, ProductCauses, ProductCoverage, ReplyUse};
use crate::desk::figures::Figures;
use crate::desk::reply_catalogue::{Known, ReplyCatalogue};
use crate::insight::normal::Class;
use crate::model::{CauseId, CauseState, DocNo, ReplyId, TicketFilter};
use crate::store::Uses;

impl Figures {
    /// Standard replies that were copied; forms of one reply count together.
    pub(super) fn replies_by_use(&self) -> Vec<ReplyUse> {
        let used = self.store.all_uses();
        let (kept, counts) = (self.store.replies(), self.catalogue.uses());
        let insight = self.insights.at_hand();
        let shelf = insight
            .as_deref()
            .map(|insight| ReplyCatalogue::new(insight, &kept, &counts));
        let known = |id: ReplyId| shelf.as_ref().and_then(|shelf| shelf.get(id));
        let mut sums: HashMap<ReplyId, Uses> = HashMap::new();
        for (id, uses) in used {
            let group = known(id).and_then(|known| known.id()).unwrap_or(id);
            let sum = sums.entry(group).or_default();
            sum.count += uses.count;
            sum.last = sum.last.max(uses.last);
        }
        let mut rows: Vec<ReplyUse> = sums
            .into_iter()
            .map(|(id, uses)| ReplyUse {
                id,
                title: known(id).map(|known| known.title()).unwrap_or_default(),
                uses: uses.count,
                last: uses.last,
            })
            .collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.uses), row.id));
        rows
    }

    /// How many tickets have a standard reply that is offered; `None` = not analysed yet.
    pub(super) fn coverage(&self) -> Result<Option<Coverage>, DeskError> {
        let Some(insight) = self.insights.at_hand() else {
            return Ok(None);
        };
        let (kept, uses) = (self.store.replies(), self.catalogue.uses());
        let shelf = ReplyCatalogue::new(&insight, &kept, &uses);
        let answers = |known: &Known<'_>| {
            let answer = known.mined.is_none_or(|mined| mined.class == Class::Answer);
            known.offered() && (answer || known.kept.is_some())
        };
        let reusable: HashSet<ReplyId> = shelf
            .all()
            .iter()
            .filter(|known| answers(known))
            .filter_map(|known| known.mined.map(|mined| mined.id))
            .collect();
        let directory = self.store.directory();
        let mut products: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for doc in directory.list(&TicketFilter::default()) {
            let Some(entry) = directory.entry(doc) else {
                continue;
            };
            let product = directory
                .category_of(doc)
                .map_or("", |category| category.product.as_str());
            let row = products.entry(product).or_default();
            row.0 += 1;
            let replies = insight.replies_of(entry.id);
            if replies.iter().any(|reply| reusable.contains(&reply.id)) {
                row.1 += 1;
            }
        }
        let mut products: Vec<ProductCoverage> = products
            .into_iter()
            .map(|(product, (tickets, covered))| ProductCoverage {
                product: product.to_owned(),
                tickets,
                covered,
            })
            .collect();
        // Stable: equals stay in the order of their names.
        products.sort_by_key(|row| std::cmp::Reverse(row.tickets));
        let tickets: usize = products.iter().map(|row| row.tickets).sum();
        let covered: usize = products.iter().map(|row| row.covered).sum();
        Ok(Some(Coverage {
            tickets,
            covered,
            percent: covered as f64 * 100.0 / tickets.max(1) as f64,
            products,
        }))
    }

    /// How far agents agree: all together, then each cause, the most disputed first.
    pub(super) fn agreement_rows(&self) -> Result<Vec<AgreementRow>, DeskError> {
        let mut rows: Vec<AgreementRow> = self
            .catalogue
            .agreement()?
            .into_iter()
            .filter(|(_, found)| found.tickets > 0)
            .map(|(name, found)| AgreementRow {
                cause: found.cause.map(|_| name),
                tickets: found.tickets,
                percent: found.percent,
                kappa: found.kappa,
            })
            .collect();
        rows.sort_by(|a, b| {
            let by_cause = a.cause.is_some().cmp(&b.cause.is_some());
            by_cause
                .then(a.percent.total_cmp(&b.percent))
                .then(b.tickets.cmp(&a.tickets))
                .then_with(|| a.cause.cmp(&b.cause))
        });
        Ok(rows)
    }

    /// Tickets on whose causes agents differ.
    pub(super) fn disputed_count(&self) -> usize {
        let filter = TicketFilter {
            cause_state: Some(CauseState::Confirmed),
            ..TicketFilter::default()
        };
        let directory = self.store.directory();
        let entries = directory
            .list(&filter)
            .filter_map(|doc| directory.entry(doc));
        entries.filter(|entry| entry.disputed).count()
    }

    /// The causes of each product area, the area with most tickets first.
    pub(super) fn causes_by_product(&self) -> Vec<ProductCauses> {
        let vocabulary = self.store.vocabulary();
        let directory = self.store.directory();
        let docs: Vec<DocNo> = directory.list(&TicketFilter::default()).collect();
        let mut products: BTreeMap<&str, (usize, HashMap<CauseId, usize>)> = BTreeMap::new();
        for doc in docs {
            let product = directory
                .category_of(doc)
                .map_or("", |category| category.product.as_str());
            let (tickets, causes) = products.entry(product).or_default();
            *tickets += 1;
            let mut held: Vec<CauseId> = directory
                .causes_of(doc)
                .iter()
                .map(|id| vocabulary.resolve(*id))
                .collect();
            held.sort_unstable();
            held.dedup();
            for cause in held {
                *causes.entry(cause).or_default() += 1;
            }
        }
        let mut rows: Vec<ProductCauses> = products
            .into_iter()
            .map(|(product, (tickets, causes))| {
                let named = causes.into_iter().filter_map(|(id, tickets)| {
                    let cause = vocabulary.get(id)?.name.clone();
                    Some((cause, tickets))
                });
                ProductCauses {
                    product: product.to_owned(),
                    tickets,
                    causes: super::sorted(named),
                }
            })
            .collect();
        rows.sort_by_key(|row: &ProductCauses| std::cmp::Reverse(row.tickets));
        rows
    }
}
