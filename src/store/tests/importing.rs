//! Imports, datasets, lists, trees, ids.

use std::fs;

use super::kit::{Kit, accepted, body, causes, source, ticket, title};
use crate::model::{
    Article, CategoryFilter, CauseState, ImportBatch, Key, Op, TicketFilter, TicketId,
};
use crate::store::{Body, Resolved, StoreError, Verdict, cause_id};

fn titles(kit: &Kit, filter: &TicketFilter) -> Vec<String> {
    let docs: Vec<_> = kit.store.directory().list(filter).collect();
    let bodies = kit.store.bodies(&docs).unwrap();
    bodies.iter().map(|body| title(body).to_owned()).collect()
}

#[test]
fn what_is_imported_is_listed_and_read_back_after_reopening() {
    let mut kit = Kit::new();
    let bodies: Vec<Body> = (0..40)
        .map(|n| body(&format!("工单{n}"), "CDN｜证书问题", &["证书部署异常"]))
        .collect();
    let ids = kit.import("一", &bodies);
    let kit = kit.reopen();
    for (id, body) in ids.iter().zip(&bodies) {
        let doc = kit.doc(*id);
        assert_eq!(kit.store.body(doc).unwrap(), *body);
        assert_eq!(kit.cause_names(*id), ["证书部署异常"]);
    }
    assert_eq!(
        kit.store.sources(kit.doc(ids[20])).unwrap(),
        [source("一", 21)]
    );
    assert_eq!(kit.store.directory().count(&TicketFilter::default()), 40);
}

#[test]
fn lists_are_dated_first_then_newest_import_first_in_document_order() {
    let mut kit = Kit::new();
    let dated = |name: &str, date: &str| {
        let mut ticket = ticket(name, "CDN", &[]);
        ticket.date = Some(date.parse().unwrap());
        Body::Ticket(ticket)
    };
    kit.import(
        "一",
        &[
            body("甲", "CDN", &[]),
            dated("旧", "2024-01-02"),
            body("乙", "CDN", &[]),
        ],
    );
    kit.import(
        "二",
        &[
            body("丙", "CDN", &[]),
            dated("新", "2025-03-04"),
            body("丁", "CDN", &[]),
        ],
    );
    let wanted = ["新", "旧", "丙", "丁", "甲", "乙"];
    assert_eq!(titles(&kit, &TicketFilter::default()), wanted);
    let kit = kit.reopen();
    assert_eq!(titles(&kit, &TicketFilter::default()), wanted);
}

#[test]
fn the_tree_counts_products_before_their_types() {
    let mut kit = Kit::new();
    kit.import(
        "一",
        &[
            body("a", "存储｜上传", &[]),
            body("b", "CDN｜证书", &[]),
            body("c", "CDN｜回源", &[]),
            body("d", "CDN｜证书", &["证书过期"]),
            body("e", "", &[]),
        ],
    );
    let tree = kit.store.directory().tree(&TicketFilter::default());
    let flat: Vec<(&str, Option<&str>, usize)> = tree
        .iter()
        .map(|n| (n.product.as_str(), n.issue_type.as_deref(), n.count))
        .collect();
    assert_eq!(
        flat,
        [
            ("CDN", None, 3),
            ("CDN", Some("证书"), 2),
            ("CDN", Some("回源"), 1),
            ("", None, 1),
            ("存储", None, 1),
            ("存储", Some("上传"), 1),
        ]
    );
    let filter = TicketFilter {
        category: CategoryFilter::parse("CDN｜证书"),
        cause: Some(cause_id("证书过期")),
        ..TicketFilter::default()
    };
    assert_eq!(titles(&kit, &filter), ["d"]);
    assert_eq!(kit.store.directory().tree(&filter).len(), 2);
}

#[test]
fn an_update_keeps_id_and_annotation_and_shows_the_new_body() {
    let mut kit = Kit::new();
    let ids = kit.import("一", &[body("甲", "CDN｜证书", &["证书过期"])]);
    let id = ids[0];
    assert_eq!(
        kit.commit(Key::Cause(id), Some(0), causes(&[], &["证书过期"], false)),
        accepted(1)
    );
    kit.update("一", id, body("甲", "CDN｜配置", &["配置错误"]));
    let entry = kit.store.directory().entry(kit.doc(id)).unwrap();
    assert_eq!(entry.state, CauseState::Confirmed);
    assert_eq!(entry.revision.0, 1);
    assert!(kit.cause_names(id).is_empty());
    let Body::Ticket(read) = kit.store.body(kit.doc(id)).unwrap() else {
        panic!("a ticket stays one");
    };
    assert_eq!(read.causes, ["配置错误"]);
    assert_eq!(kit.store.body_revision(kit.doc(id)).unwrap().0, 1);
    let category = kit
        .store
        .directory()
        .category_of(kit.doc(id))
        .cloned()
        .unwrap();
    assert_eq!(category.issue_type, "配置");
}

#[test]
fn removing_a_dataset_takes_only_what_is_nowhere_else_and_it_returns_annotated() {
    let mut kit = Kit::new();
    let both = body("两处", "CDN", &["证书过期"]);
    let ids = kit.import("一", &[both.clone(), body("一处", "CDN", &["证书过期"])]);
    let again = ImportBatch {
        pack: crate::model::PackNo(0),
        entries: Vec::new(),
        again: vec![(ids[0], source("二", 1))],
    };
    assert_eq!(
        kit.commit(Key::Dataset("二".into()), None, Op::Import(again)),
        accepted(1)
    );
    kit.commit(
        Key::Cause(ids[1]),
        Some(0),
        causes(&[], &["证书过期"], false),
    );
    let datasets = kit.store.directory().datasets();
    let one = datasets.iter().find(|d| d.name == "一").unwrap();
    assert_eq!((one.tickets, one.only_here), (2, 1));

    kit.commit(Key::Dataset("一".into()), None, Op::RemoveDataset);
    assert_eq!(titles(&kit, &TicketFilter::default()), ["两处"]);
    assert_eq!(kit.store.directory().datasets_of(kit.doc(ids[0])), ["二"]);
    assert_eq!(
        kit.commit(Key::Cause(ids[1]), None, causes(&[], &[], true)),
        Verdict::Refused(crate::store::Refusal::UnknownTicket)
    );
    let mut kit = kit.reopen();
    kit.update("三", ids[1], body("一处", "CDN", &["证书过期"]));
    assert!(kit.cause_names(ids[1]).is_empty());
    let entry = kit.store.directory().entry(kit.doc(ids[1])).unwrap();
    assert_eq!(entry.state, CauseState::Confirmed);
}

#[test]
fn articles_are_no_tickets_and_count_for_their_dataset() {
    let mut kit = Kit::new();
    let article = Body::Article(Article {
        title: "说明".into(),
        ..Article::default()
    });
    kit.import("一", &[body("甲", "CDN", &[]), article]);
    let directory = kit.store.directory();
    assert_eq!(directory.count(&TicketFilter::default()), 1);
    assert_eq!(directory.articles().count(), 1);
    assert_eq!(directory.datasets()[0].articles, 1);
    assert_eq!(directory.docs().count(), 2);
}

#[test]
fn ids_resolve_by_unique_prefix_and_show_their_shortest() {
    let mut kit = Kit::new();
    let bodies: Vec<Body> = (0..300)
        .map(|n| body(&format!("工单{n}"), "CDN", &[]))
        .collect();
    let ids = kit.import("一", &bodies);
    let directory = kit.store.directory();
    for id in &ids {
        let text = id.as_str();
        let short = directory.short_len(*id);
        assert!((6..=10).contains(&short));
        assert_eq!(
            directory.resolve(text.get(..short).unwrap()),
            Resolved::One(kit.doc(*id))
        );
        assert_eq!(
            directory.resolve(&text.to_uppercase()),
            Resolved::One(kit.doc(*id))
        );
        let alike: Vec<&TicketId> = ids
            .iter()
            .filter(|o| o.as_str().get(..2) == text.get(..2))
            .collect();
        match directory.resolve(text.get(..2).unwrap()) {
            Resolved::One(doc) => assert_eq!((alike.len(), doc), (1, kit.doc(*id))),
            Resolved::Many(some) => assert!(alike.len() >= some.len() && some.len() > 1),
            Resolved::None => panic!("{id} is there"),
        }
    }
    assert_eq!(directory.resolve("证书"), Resolved::None);
    assert_eq!(directory.resolve("0123456789ab"), Resolved::None);
}

#[test]
fn a_taken_id_takes_the_next_salt() {
    let mut kit = Kit::new();
    let first = kit.store.new_id(["text"], None);
    assert_eq!(kit.store.new_id(["text"], None), first);
    let mut matcher = kit.store.matcher().unwrap();
    matcher.add(first, crate::model::Fingerprint(1), &source("一", 1), "甲");
    assert_ne!(kit.store.new_id(["text"], Some(&matcher)), first);
    let ids = kit.import("一", &[body("甲", "", &[])]);
    let text = serde_json::to_string(&body("甲", "", &[])).unwrap();
    assert_ne!(kit.store.new_id([text.as_str()], None), ids[0]);
}

#[test]
fn a_matcher_recognises_by_print_place_and_unique_title() {
    let mut kit = Kit::new();
    let twins = [
        body("同名", "A", &[]),
        body("同名", "B", &[]),
        body("独名", "A", &[]),
    ];
    let ids = kit.import("一", &twins);
    let kit = kit.reopen();
    let matcher = kit.store.matcher().unwrap();
    assert_eq!(
        matcher.by_fingerprint(super::kit::print_of(&twins[1])),
        Some(ids[1])
    );
    assert_eq!(matcher.by_place(&source("一", 1), "同名"), Some(ids[0]));
    assert_eq!(matcher.by_place(&source("一", 1), "别名"), None);
    assert_eq!(matcher.by_title("一", "同名"), None);
    assert_eq!(matcher.by_title("一", "独名"), Some(ids[2]));
    assert_eq!(matcher.by_title("二", "独名"), None);
}

#[test]
fn big_bodies_come_back_whole_and_never_leave_the_database_file() {
    let mut kit = Kit::new();
    // Hardly compressible.
    let noise = |len: usize, salt: u32| -> String {
        let mut state = salt;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x4e00 + (state >> 8) % 20_000).unwrap()
        };
        (0..len / 3).map(step).collect()
    };
    let big = |len: usize, salt: u32| {
        let mut ticket = ticket("大", "CDN", &[]);
        ticket.question = noise(len, salt);
        Body::Ticket(ticket)
    };
    let mut bodies: Vec<Body> = (0..64).map(|n| big(20_000, n)).collect();
    bodies.push(big(300_000, 99));
    bodies.push(big(20_000_000, 100));
    let ids = kit.import("一", &bodies);
    let kit = kit.reopen();
    for (id, body) in ids.iter().zip(&bodies) {
        assert!(
            kit.store.body(kit.doc(*id)).unwrap() == *body,
            "{id} came back otherwise"
        );
    }
    let blobs = kit.path().join("sled/blobs");
    assert_eq!(fs::read_dir(blobs).unwrap().count(), 0);
}

#[test]
fn a_pack_holds_sixteen_bodies_and_an_import_names_one_that_is_there() {
    let mut kit = Kit::new();
    let many = vec![body("甲", "", &[]); 17];
    assert!(matches!(
        kit.store.put_pack(many.clone()),
        Err(StoreError::PackSize { given: 17, .. })
    ));
    let (_, mut records) = kit.import_records("一", &many[..1]);
    if let Op::Import(batch) = &mut records[0].op {
        batch.pack = crate::model::PackNo(77);
    }
    let folded = kit.store.commit(records).unwrap();
    assert_eq!(
        folded[0].verdict,
        Verdict::Refused(crate::store::Refusal::BadPack)
    );
    assert!(kit.store.directory().is_empty());
}

#[test]
fn bodies_handed_over_to_who_follows_are_there_for_everybody_else() {
    let mut kit = Kit::new();
    let bodies: Vec<_> = (0..40).map(|n| body(&format!("{n}"), "CDN", &[])).collect();
    let ids = kit.import("一", &bodies);
    let docs: Vec<_> = ids.iter().map(|id| kit.doc(*id)).collect();
    assert_eq!(kit.store.followed_bodies(&docs).unwrap(), bodies);
    assert_eq!(kit.store.bodies(&docs).unwrap(), bodies);
    // Handed over once: what is asked for again comes from the disk.
    assert_eq!(kit.store.followed_bodies(&docs).unwrap(), bodies);
}
