//! Random histories fold to the same state, live, reopened and replayed.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::kit::{Kit, body, source};
use crate::model::{
    ActId, Category, CategoryFilter, CauseState, Change, ImportBatch, Key, Op, PackNo, Stance,
    TicketFilter, TicketId,
};
use crate::store::cursor::Cursor;
use crate::store::{Body, Directory, Store, cause_id, keys};

const CAUSES: [&str; 4] = ["证书过期", "回源失败", "配置错误", "欠费"];
const PLACES: [&str; 5] = ["CDN｜证书", "CDN｜回源", "存储｜上传", "存储", ""];
const DATASETS: [&str; 3] = ["一", "二", "三"];

/// A hash of everything the fold made, on the disk and in memory.
pub(super) fn digest(store: &Store) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    store
        .with(|backing| {
            for item in backing.engine.scan(&[]) {
                let (key, value) = item?;
                // Where the log has it differs from log to log.
                let own = key == Cursor::key() || key[0] == keys::PARCEL;
                if !own && key[0] != keys::PACK {
                    hasher
                        .update(&(key.len() as u64).to_le_bytes())
                        .update(&key);
                    hasher.update(&value);
                }
            }
            Ok(())
        })
        .unwrap();
    hasher.update(&store.writer().cursor.state);
    let directory = store.directory();
    hasher.update(in_memory(&directory).as_bytes());
    hasher.finalize()
}

fn in_memory(directory: &Directory) -> String {
    let all = TicketFilter::default();
    let mut counts: Vec<_> = directory.cause_counts().into_iter().collect();
    counts.sort_by_key(|(id, _)| *id);
    let rows: Vec<_> = (0..directory.len() as u32)
        .map(|doc| directory.row(crate::model::DocNo(doc)))
        .collect();
    format!(
        "{rows:?} {:?} {:?} {:?} {counts:?} {:?}",
        directory.list(&all).collect::<Vec<_>>(),
        directory.tree(&all),
        directory.datasets(),
        directory.vocabulary.entries().collect::<Vec<_>>(),
    )
}

#[derive(Debug, Clone)]
enum Deed {
    Import(usize, Vec<(u8, usize, Vec<usize>, Option<u8>)>),
    Update(usize, usize, usize),
    Again(usize, usize),
    Remove(usize),
    Causes(usize, Vec<usize>, Vec<usize>, bool, Option<u32>),
    Category(usize, Option<usize>, Option<u32>),
    Vote(usize, u32, Option<Vec<usize>>),
    Create(usize),
    Rename(usize, u8),
    Merge(usize, Option<usize>),
    Drop(usize),
    Settle(usize, bool),
    Undo,
    Repeat(usize),
    Reopen,
}

fn deed() -> impl Strategy<Value = Deed> {
    let cause = 0..CAUSES.len();
    let some = proptest::collection::vec(0..CAUSES.len(), 0..3);
    let base = proptest::option::weighted(0.7, 0..3u32);
    let new = (
        any::<u8>(),
        0..PLACES.len(),
        some.clone(),
        proptest::option::weighted(0.3, 1..28u8),
    );
    prop_oneof![
        3 => (0..3usize, proptest::collection::vec(new, 1..20)).prop_map(|(d, b)| Deed::Import(d, b)),
        1 => (any::<usize>(), 0..3usize, 0..PLACES.len()).prop_map(|(t, d, p)| Deed::Update(t, d, p)),
        1 => (any::<usize>(), 0..3usize).prop_map(|(t, d)| Deed::Again(t, d)),
        1 => (0..3usize).prop_map(Deed::Remove),
        6 => (any::<usize>(), some.clone(), some.clone(), any::<bool>(), base.clone())
            .prop_map(|(t, a, r, c, b)| Deed::Causes(t, a, r, c, b)),
        2 => (any::<usize>(), proptest::option::of(0..PLACES.len()), base)
            .prop_map(|(t, p, b)| Deed::Category(t, p, b)),
        2 => (any::<usize>(), 0..3u32, proptest::option::of(some)).prop_map(|(t, u, s)| Deed::Vote(t, u, s)),
        1 => cause.clone().prop_map(Deed::Create),
        1 => (cause.clone(), any::<u8>()).prop_map(|(c, n)| Deed::Rename(c, n)),
        1 => (cause.clone(), proptest::option::of(cause.clone())).prop_map(|(c, i)| Deed::Merge(c, i)),
        1 => cause.prop_map(Deed::Drop),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(n, a)| Deed::Settle(n, a)),
        2 => Just(Deed::Undo),
        1 => any::<usize>().prop_map(Deed::Repeat),
        1 => Just(Deed::Reopen),
    ]
}

struct World {
    kit: Option<Kit>,
    ids: Vec<TicketId>,
}

impl World {
    fn kit(&mut self) -> &mut Kit {
        self.kit.as_mut().unwrap()
    }

    fn id(&self, n: usize) -> Option<TicketId> {
        (!self.ids.is_empty()).then(|| self.ids[n % self.ids.len()])
    }

    fn does(&mut self, deed: Deed) -> Option<()> {
        let ids = |which: Vec<usize>| which.into_iter().map(|n| cause_id(CAUSES[n])).collect();
        let (key, base, op) = match deed {
            Deed::Import(dataset, bodies) => {
                let bodies: Vec<Body> = bodies.into_iter().map(made).collect();
                let new = self.kit().import(DATASETS[dataset], &bodies);
                self.ids.extend(new);
                return None;
            }
            Deed::Update(ticket, dataset, place) => {
                let id = self.id(ticket)?;
                let body = body("改", PLACES[place], &[CAUSES[place % CAUSES.len()]]);
                self.kit().update(DATASETS[dataset], id, body);
                return None;
            }
            Deed::Reopen => {
                self.kit = self.kit.take().map(Kit::reopen);
                return None;
            }
            Deed::Undo => return self.undo(),
            Deed::Repeat(n) => {
                let applied = self.kit().store.applied().0;
                let sequence = crate::model::Sequence(n as u64 % applied.max(1) + 1);
                let logged = self.kit().store.record_at(sequence).unwrap()?;
                self.kit().store.commit(vec![logged.record]).unwrap();
                return None;
            }
            Deed::Again(ticket, dataset) => {
                let name = DATASETS[dataset];
                let batch = ImportBatch {
                    pack: PackNo(0),
                    entries: Vec::new(),
                    again: vec![(self.id(ticket)?, source(name, 7))],
                };
                (Key::Dataset(name.into()), None, Op::Import(batch))
            }
            Deed::Remove(dataset) => (
                Key::Dataset(DATASETS[dataset].into()),
                None,
                Op::RemoveDataset,
            ),
            Deed::Causes(ticket, add, remove, to, base) => {
                let op = Op::Causes {
                    add: ids(add),
                    remove: ids(remove),
                    confirmed: Change { from: !to, to },
                    note: "注".into(),
                };
                (Key::Cause(self.id(ticket)?), base, op)
            }
            Deed::Category(ticket, place, base) => {
                let op = Op::Category {
                    category: Change {
                        from: None,
                        to: place.and_then(|place| Category::parse(PLACES[place])),
                    },
                    note: String::new(),
                };
                (Key::Category(self.id(ticket)?), base, op)
            }
            Deed::Vote(ticket, uid, differ) => {
                let to = differ.map(|causes| Stance::Differ(ids(causes)));
                let op = Op::Vote {
                    stance: Change { from: None, to },
                    note: String::new(),
                };
                (Key::Vote(self.id(ticket)?, uid), None, op)
            }
            Deed::Create(cause) => {
                let (key, op) = super::kit::create(CAUSES[cause]);
                (key, None, op)
            }
            Deed::Drop(cause) => {
                let (key, op) = super::kit::create(CAUSES[cause]);
                (key, None, op.inverted()?)
            }
            Deed::Rename(cause, n) => {
                let change = Change {
                    from: CAUSES[cause].to_owned(),
                    to: format!("{}{}", CAUSES[cause], n % 3),
                };
                (
                    Key::Vocab(cause_id(CAUSES[cause])),
                    None,
                    Op::CauseRename(change),
                )
            }
            Deed::Merge(cause, into) => {
                let change = Change {
                    from: None,
                    to: into.map(|into| cause_id(CAUSES[into])),
                };
                (
                    Key::Vocab(cause_id(CAUSES[cause])),
                    None,
                    Op::CauseMerge(change),
                )
            }
            Deed::Settle(n, apply) => {
                let kept = self.kit().store.conflicts().unwrap();
                let kept = kept.get(n % kept.len().max(1))?;
                (Key::Conflict(kept.record.id), None, Op::Resolve { apply })
            }
        };
        self.kit().commit(key, base, op);
        None
    }

    fn undo(&mut self) -> Option<()> {
        let act = self.kit().store.last_act(1000, None, None).unwrap()?;
        let mut records = Vec::new();
        for (_, record) in act.records.iter().rev() {
            let op = record.op.inverted()?;
            let mut inverse = self.kit().record(record.key.clone(), None, op);
            inverse.undoes = Some(act.id);
            inverse.act = ActId(u128::MAX - act.id.0);
            records.push(inverse);
        }
        self.kit().store.commit(records).unwrap();
        None
    }
}

fn made((name, place, causes, day): (u8, usize, Vec<usize>, Option<u8>)) -> Body {
    let causes: Vec<&str> = causes.into_iter().map(|n| CAUSES[n]).collect();
    let mut ticket = super::kit::ticket(&format!("工单{name}"), PLACES[place], &causes);
    ticket.date = day.map(|day| jiff::civil::date(2025, 1, day as i8));
    Body::Ticket(ticket)
}

/// Lists, counts and trees against counting by hand.
fn compare_with_brute_force(store: &Store) {
    let directory = store.directory();
    let mut filters = vec![TicketFilter::default()];
    filters.extend(PLACES.iter().map(|place| TicketFilter {
        category: CategoryFilter::parse(place),
        ..TicketFilter::default()
    }));
    filters.extend(CauseState::ALL.iter().map(|state| TicketFilter {
        cause_state: Some(*state),
        dataset: Some("一".into()),
        ..TicketFilter::default()
    }));
    filters.extend(CAUSES.iter().map(|cause| TicketFilter {
        cause: Some(cause_id(cause)),
        ..TicketFilter::default()
    }));
    for filter in &filters {
        let by_hand: Vec<_> = (0..directory.len() as u32)
            .map(crate::model::DocNo)
            .filter(|doc| passes_by_hand(&directory, filter, *doc))
            .collect();
        let mut listed: Vec<_> = directory.list(filter).collect();
        listed.sort();
        assert_eq!(listed, by_hand, "{filter:?}");
        assert_eq!(directory.count(filter), by_hand.len());
        let mut products: BTreeMap<String, usize> = BTreeMap::new();
        let tree_filter = TicketFilter {
            category: None,
            ..filter.clone()
        };
        for doc in directory.list(&tree_filter) {
            let product = directory.category_of(doc).map_or("", |c| &c.product);
            *products.entry(product.to_owned()).or_default() += 1;
        }
        let tree = directory.tree(filter);
        let areas = tree.iter().filter(|node| node.issue_type.is_none());
        let areas: BTreeMap<String, usize> = areas
            .map(|node| (node.product.clone(), node.count))
            .collect();
        assert_eq!(areas, products, "{filter:?}");
    }
}

fn passes_by_hand(directory: &Directory, filter: &TicketFilter, doc: crate::model::DocNo) -> bool {
    let entry = directory.entry(doc).unwrap();
    let (product, issue_type) = directory
        .category_of(doc)
        .map_or(("", ""), |c| (c.product.as_str(), c.issue_type.as_str()));
    let vocabulary = &directory.vocabulary;
    let wanted = filter.cause.map(|cause| vocabulary.resolve(cause));
    let mut causes = directory.causes_of(doc).iter();
    let dataset = filter.dataset.as_deref();
    !entry.removed
        && !entry.is_article
        && filter
            .category
            .as_ref()
            .is_none_or(|node| node.holds(product, issue_type))
        && filter.cause_state.is_none_or(|state| state == entry.state)
        && wanted.is_none_or(|wanted| causes.any(|id| vocabulary.resolve(*id) == wanted))
        && dataset.is_none_or(|name| directory.datasets_of(doc).contains(&name))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_folds_to_the_same_state_live_reopened_and_replayed(
        deeds in proptest::collection::vec(deed(), 1..40)
    ) {
        let mut world = World { kit: Some(Kit::new()), ids: Vec::new() };
        for deed in deeds {
            world.does(deed);
        }
        compare_with_brute_force(&world.kit().store);
        let live = digest(&world.kit().store);
        let mut backup = Vec::new();
        let go_on = &mut |_: u64, _: u64| ControlFlow::Continue(());
        world.kit().store.backup(&mut backup, go_on).unwrap();
        world.does(Deed::Reopen);
        prop_assert_eq!(digest(&world.kit().store), live, "reopened");
        let dir = tempfile::tempdir().unwrap();
        Store::restore(dir.path(), &mut backup.as_slice(), go_on).unwrap();
        let replayed = Store::open(dir.path()).unwrap();
        prop_assert_eq!(digest(&replayed), live, "replayed");
    }
}
