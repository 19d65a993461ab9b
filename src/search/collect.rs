//! Collecting from the index: best hits, counts, category trees, document numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tantivy::collector::{Collector, TopDocs};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED, TantivyError};

use super::index::TYPE_MARK;
use super::{Hit, Kind, spare};
use crate::model::{DocNo, TreeNode};

/// What a passage's score counts beside a ticket's: short and under a title of its own, a passage
/// scores above tickets that say as much.
const PASSAGE: f32 = 0.8;

/// The best hits of a query, best first; equal scores by number, newest first.
pub fn top(searcher: &Searcher, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<Found>> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    // The collector makes room for all of them at once, and a limit can be any number.
    let limit = limit.min(
        usize::try_from(searcher.num_docs())
            .unwrap_or(usize::MAX)
            .max(1),
    );
    let collector = TopDocs::with_limit(limit).order_by_score();
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let ordinals: HashMap<SegmentId, u32> = (0..)
        .zip(searcher.segment_readers())
        .map(|(ord, segment)| (segment.segment_id(), ord))
        .collect();
    let fruits = each_segment(searcher, |segment| {
        let ord = ordinals.get(&segment.segment_id()).copied().unwrap_or(0);
        collector.collect_segment(weight.as_ref(), ord, segment)
    })?;
    let best = collector.merge_fruits(fruits)?;
    let mut found = Vec::with_capacity(best.len());
    let mut places = Places::new(searcher);
    for (score, address) in best {
        let mut hit = places.hit(address, score)?;
        if hit.kind == Kind::Article {
            hit.score *= PASSAGE;
        }
        found.push(Found { address, hit });
    }
    found.sort_by(|a, b| {
        b.hit
            .score
            .total_cmp(&a.hit.score)
            .then_with(|| b.hit.doc.cmp(&a.hit.doc))
    });
    Ok(found)
}

/// A hit and where it stands in the index.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it stands.
    pub address: DocAddress,
    /// The hit.
    pub hit: Hit,
}

/// What stands at addresses of the index: the columns of a segment are opened once.
pub struct Places<'a> {
    searcher: &'a Searcher,
    /// Number and place by segment.
    columns: Vec<Option<(Column<u64>, Column<u64>)>>,
}

impl<'a> Places<'a> {
    /// The places of a searcher.
    pub fn new(searcher: &'a Searcher) -> Self {
        let segments = searcher.segment_readers().iter();
        Self {
            searcher,
            columns: segments.map(|_| None).collect(),
        }
    }

    /// What stands at an address.
    pub fn hit(&mut self, address: DocAddress, score: f32) -> tantivy::Result<Hit> {
        let missing = || TantivyError::InvalidArgument("an address of another index".to_owned());
        let slot = self.columns.get_mut(address.segment_ord as usize);
        let slot = slot.ok_or_else(missing)?;
        let (numbers, places) = match slot {
            Some(columns) => columns,
            None => {
                let segment = self.searcher.segment_reader(address.segment_ord);
                let columns = segment.fast_fields();
                slot.insert((columns.u64("doc")?, columns.u64("place")?))
            }
        };
        let doc = numbers.first(address.doc_id).unwrap_or(0);
        let place = places.first(address.doc_id).unwrap_or(0);
        let passage = u32::try_from(place).ok().filter(|place| *place > 0);
        Ok(Hit {
            doc: DocNo(u32::try_from(doc).unwrap_or(u32::MAX)),
            kind: passage.map_or(Kind::Ticket, |_| Kind::Article),
            passage,
            score,
            relaxed: None,
        })
    }
}

/// Counts the entries that match, up to about `limit`; whether there may be more.
pub fn count(
    searcher: &Searcher,
    query: &dyn Query,
    limit: usize,
) -> tantivy::Result<(usize, bool)> {
    let mut count = 0;
    let complete = each(searcher, query, |_, _| {
        count += 1;
        count < limit
    })?;
    Ok((count, !complete))
}

/// Entries of a segment from which a thread of its own is worth while.
pub const WORTHY: u32 = 30_000;

/// What `ask` says of every segment, in their order; large ones are asked at the same time.
pub fn each_segment<T: Send>(
    searcher: &Searcher,
    ask: impl Fn(&SegmentReader) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    let segments = searcher.segment_readers();
    let large = segments.iter().filter(|s| s.max_doc() >= WORTHY).count();
    let cores = spare::threads();
    if large < 2 || cores < 2 {
        return segments.iter().map(ask).collect();
    }
    let ask = &ask;
    std::thread::scope(|scope| {
        let part = segments.len().div_ceil(cores);
        // The first part is this thread's own.
        let (own, others) = segments.split_at(part.min(segments.len()));
        let others: Vec<_> = others
            .chunks(part)
            .map(|part| scope.spawn(move || part.iter().map(ask).collect()))
            .collect();
        let mut found: Vec<T> = own.iter().map(ask).collect::<tantivy::Result<_>>()?;
        for other in others {
            let other: tantivy::Result<Vec<T>> = other.join().unwrap_or_else(|_panic| {
                Err(TantivyError::ErrorInThread("a segment's search".to_owned()))
            });
            found.extend(other?);
        }
        Ok(found)
    })
}

/// Calls `found` for every entry that matches until it says `false`; whether it never did.
fn each(
    searcher: &Searcher,
    query: &dyn Query,
    mut found: impl FnMut(&SegmentReader, DocId) -> bool,
) -> tantivy::Result<bool> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    for segment in searcher.segment_readers() {
        let mut docs = weight.scorer(segment, 1.0)?;
        let alive = segment.alive_bitset();
        let mut doc = docs.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) && !found(segment, doc) {
                return Ok(false);
            }
            doc = docs.advance();
        }
    }
    Ok(true)
}

/// The numbers of the documents that match, ascending.
pub fn numbers(searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Vec<DocNo>> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut numbers = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().u64("doc")?;
        let alive = segment.alive_bitset();
        let mut docs = weight.scorer(segment, 1.0)?;
        let mut doc = docs.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let number = column.first(doc).unwrap_or(0);
                numbers.insert(DocNo(u32::try_from(number).unwrap_or(u32::MAX)));
            }
            doc = docs.advance();
        }
    }
    Ok(numbers.into_iter().collect())
}

/// The category tree of the tickets that match.
pub fn tree(searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Vec<TreeNode>> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let found = each_segment(searcher, |segment| counted(segment, weight.as_ref()))?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, count) in found.into_iter().flatten() {
        *counts.entry(name).or_default() += count;
    }
    Ok(nodes(counts))
}

/// The matching tickets of a segment by category.
fn counted(segment: &SegmentReader, weight: &dyn Weight) -> tantivy::Result<Vec<(String, usize)>> {
    let Some(column) = segment.fast_fields().str("column")? else {
        return Ok(Vec::new());
    };
    let mut by_ord = vec![0_usize; column.num_terms()];
    let ords = column.ords();
    let alive = segment.alive_bitset();
    let mut docs = weight.scorer(segment, 1.0)?;
    let mut doc = docs.doc();
    while doc != TERMINATED {
        if alive.is_none_or(|alive| alive.is_alive(doc))
            && let Some(ord) = ords.first(doc)
            && let Some(count) = usize::try_from(ord)
                .ok()
                .and_then(|ord| by_ord.get_mut(ord))
        {
            *count += 1;
        }
        doc = docs.advance();
    }
    let mut found = Vec::new();
    for (ord, count) in (0..).zip(by_ord).filter(|(_, count)| *count > 0) {
        let mut name = String::new();
        if column.ord_to_str(ord, &mut name).unwrap_or(false) {
            found.push((name, count));
        }
    }
    Ok(found)
}

/// The category tree of some entries.
pub fn tree_of(searcher: &Searcher, entries: &[DocAddress]) -> tantivy::Result<Vec<TreeNode>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for address in entries {
        let segment = searcher.segment_reader(address.segment_ord);
        let Some(column) = segment.fast_fields().str("column")? else {
            continue;
        };
        let mut name = String::new();
        if let Some(ord) = column.ords().first(address.doc_id)
            && column.ord_to_str(ord, &mut name).unwrap_or(false)
        {
            *counts.entry(name).or_default() += 1;
        }
    }
    Ok(nodes(counts))
}

/// Product areas by count, then name, each before its types in the same order.
fn nodes(counts: BTreeMap<String, usize>) -> Vec<TreeNode> {
    let mut products: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (name, count) in counts {
        let (product, issue_type) = name.split_once(TYPE_MARK).unwrap_or((&name, ""));
        let types = products.entry(product.to_owned()).or_default();
        types.push((issue_type.to_owned(), count));
    }
    let mut products: Vec<_> = products
        .into_iter()
        .map(|(product, types)| {
            let total: usize = types.iter().map(|(_, count)| count).sum();
            (product, total, types)
        })
        .collect();
    products.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut nodes = Vec::new();
    for (product, total, mut types) in products {
        nodes.push(TreeNode {
            product: product.clone(),
            issue_type: None,
            count: total,
        });
        types.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        for (issue_type, count) in types.into_iter().filter(|(name, _)| !name.is_empty()) {
            nodes.push(TreeNode {
                product: product.clone(),
                issue_type: Some(issue_type),
                count,
            });
        }
    }
    nodes
}
