//! Collecting from the index: best hits, counts, category trees, document numbers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader, TantivyError};

use super::clause::{Docs, Sets};
use super::index::TYPE_MARK;
use super::parallel::{WORTHY, each_segment};
use super::{Hit, Kind};
use crate::model::{DocNo, TreeNode};

/// Scored entries as hits, best first, a passage's score by its weight beside a ticket's; equal
/// scores by number, newest first.
pub fn hits(
    searcher: &Searcher,
    best: Vec<(f32, DocAddress)>,
    passage: f32,
) -> tantivy::Result<Vec<Found>> {
    let mut found = Vec::with_capacity(best.len());
    let mut places = Places::new(searcher);
    for (score, address) in best {
        let mut hit = places.hit(address, score)?;
        if hit.kind == Kind::Article {
            hit.score *= passage;
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
            section: None,
            near: None,
        })
    }
}

/// The numbers of some entries, ascending, each once.
pub fn numbers(searcher: &Searcher, sets: &Sets) -> tantivy::Result<Vec<DocNo>> {
    let mut numbers = Vec::with_capacity(sets.len());
    for (segment, docs) in searcher.segment_readers().iter().zip(&sets.by_segment) {
        let column = segment.fast_fields().u64("doc")?;
        docs.each(|doc| {
            let number = column.first(doc).unwrap_or(0);
            numbers.push(DocNo(u32::try_from(number).unwrap_or(u32::MAX)));
        });
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// What was made of segments, which never change.
pub struct BySegment<T>(Mutex<HashMap<SegmentId, Arc<T>>>);

impl<T> Default for BySegment<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> BySegment<T> {
    /// What was made of a segment of a searcher, now where it was not before.
    pub fn of(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        make: impl FnOnce() -> tantivy::Result<T>,
    ) -> tantivy::Result<Arc<T>> {
        let id = segment.segment_id();
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known().get(&id) {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(make()?);
        let mut known = known();
        let segments = searcher.segment_readers();
        known.retain(|id, _| segments.iter().any(|s| s.segment_id() == *id));
        known.insert(id, Arc::clone(&made));
        Ok(made)
    }
}

/// The passages of the articles, by segment.
#[derive(Default)]
pub struct Passages(BySegment<Vec<DocId>>);

impl Passages {
    /// All of them.
    pub fn all(&self, searcher: &Searcher) -> tantivy::Result<Sets> {
        let of = |segment: &SegmentReader| {
            let docs = self.0.of(searcher, segment, || passages(segment))?;
            let there = docs.iter().copied();
            let there = there.filter(|doc| !segment.is_deleted(*doc));
            Ok(Docs::Few(there.collect()))
        };
        let by_segment = searcher.segment_readers().iter().map(of);
        Ok(Sets {
            by_segment: by_segment.collect::<tantivy::Result<_>>()?,
        })
    }
}

fn passages(segment: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
    let places = segment.fast_fields().u64("place")?;
    if places.max_value() == 0 {
        return Ok(Vec::new());
    }
    let docs = 0..segment.max_doc();
    let passage = |doc: &DocId| places.first(*doc).is_some_and(|place| place > 0);
    Ok(docs.filter(passage).collect())
}

/// The categories of the large segments, unpacked: a count of common words asks for most of them.
#[derive(Default)]
pub struct Categories(BySegment<Option<Unpacked>>);

/// The categories of a segment.
struct Unpacked {
    /// By entry, the number of its category's name.
    numbers: Vec<u16>,
    names: Vec<String>,
}

impl Unpacked {
    /// `None` = it has none, or too many.
    fn of(segment: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let Some(column) = segment.fast_fields().str("column")? else {
            return Ok(None);
        };
        if column.num_terms() >= usize::from(u16::MAX) {
            return Ok(None);
        }
        let number = |doc| {
            let ord = column.ords().first(doc);
            ord.and_then(|ord| u16::try_from(ord).ok())
                .unwrap_or(u16::MAX)
        };
        let numbers = (0..segment.max_doc()).map(number).collect();
        let name = |ord| {
            let mut name = String::new();
            column.ord_to_str(ord, &mut name)?;
            Ok(name)
        };
        let names = (0..column.num_terms() as u64).map(name);
        Ok(Some(Self {
            numbers,
            names: names.collect::<std::io::Result<_>>()?,
        }))
    }

    fn counted(&self, docs: &Docs) -> Vec<(String, usize)> {
        let mut counts = vec![0_usize; self.names.len()];
        docs.each(|doc| {
            let number = self.numbers.get(doc as usize);
            if let Some(count) = number.and_then(|number| counts.get_mut(usize::from(*number))) {
                *count += 1;
            }
        });
        let counted = self.names.iter().cloned().zip(counts);
        counted.filter(|(_, count)| *count > 0).collect()
    }
}

impl Categories {
    /// The category tree of the tickets among some entries.
    pub fn tree(&self, searcher: &Searcher, sets: &Sets) -> tantivy::Result<Vec<TreeNode>> {
        let worthy = sets.len() >= WORTHY as usize;
        let found = each_segment(searcher, worthy, |segment, ord| {
            let Some(docs) = sets.of(ord) else {
                return Ok(Vec::new());
            };
            if segment.max_doc() < WORTHY {
                return counted(segment, docs);
            }
            let unpacked = self.0.of(searcher, segment, || Unpacked::of(segment))?;
            match unpacked.as_ref() {
                Some(unpacked) => Ok(unpacked.counted(docs)),
                None => counted(segment, docs),
            }
        })?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (name, count) in found.into_iter().flatten() {
            *counts.entry(name).or_default() += count;
        }
        Ok(nodes(counts))
    }
}

/// Some tickets of a segment by category.
fn counted(segment: &SegmentReader, docs: &Docs) -> tantivy::Result<Vec<(String, usize)>> {
    let Some(column) = segment.fast_fields().str("column")? else {
        return Ok(Vec::new());
    };
    let mut by_ord: BTreeMap<u64, usize> = BTreeMap::new();
    docs.each(|doc| {
        if let Some(ord) = column.ords().first(doc) {
            *by_ord.entry(ord).or_default() += 1;
        }
    });
    let mut found = Vec::new();
    for (ord, count) in by_ord {
        let mut name = String::new();
        if column.ord_to_str(ord, &mut name).unwrap_or(false) {
            found.push((name, count));
        }
    }
    Ok(found)
}

/// The category tree of some hits.
pub fn tree_of(searcher: &Searcher, found: &[Found]) -> tantivy::Result<Vec<TreeNode>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for Found { address, .. } in found {
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
