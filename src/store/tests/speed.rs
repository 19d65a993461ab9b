//! How fast it is: run by hand, in release, with `--ignored --nocapture`.

use std::time::Instant;

use super::kit::{Kit, ticket};
use crate::model::{CategoryFilter, CauseState, Speaker, TicketFilter, Turn};
use crate::store::{Body, PACK_BODIES};

#[test]
#[ignore = "a measurement: takes a minute and wants a release build"]
fn loading_opening_and_browsing() {
    let tickets: usize = std::env::var("TICKETS").map_or(100_000, |n| n.parse().unwrap());
    let mut kit = Kit::new();
    let mut spent = std::time::Duration::ZERO;
    for first in (0..tickets).step_by(100 * PACK_BODIES) {
        let bodies: Vec<Body> = (first..first + 100 * PACK_BODIES).map(made).collect();
        let mut records = Vec::new();
        let begun = Instant::now();
        for (at, bodies) in bodies.chunks(PACK_BODIES).enumerate() {
            let pack = kit.store.put_pack(bodies.to_vec()).unwrap();
            records.push((at, pack));
        }
        spent += begun.elapsed();
        let records = records
            .into_iter()
            .map(|(at, pack)| kit.bare_import(pack, first + at * PACK_BODIES, PACK_BODIES))
            .collect();
        let begun = Instant::now();
        kit.store.commit(records).unwrap();
        spent += begun.elapsed();
    }
    println!("load {:.0} tickets/s", tickets as f64 / spent.as_secs_f64());
    println!("disk {} MB", kit.store.size_on_disk() / 1_000_000);
    let time = |what: &str, work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        println!("{what} {:.2} ms", begun.elapsed().as_secs_f64() * 1e3);
    };
    time("settle", &mut || kit.store.settle().unwrap());
    for _ in 0..2 {
        let begun = Instant::now();
        kit = kit.reopen();
        println!("reopen {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    }
    let directory = kit.store.directory();
    let all = TicketFilter::default();
    let rare = TicketFilter {
        category: CategoryFilter::parse("产品7｜类型3"),
        cause_state: Some(CauseState::Given),
        ..TicketFilter::default()
    };
    let cause = TicketFilter {
        cause: Some(crate::store::cause_id("原因17")),
        ..TicketFilter::default()
    };
    for (name, filter) in [("all", &all), ("rare", &rare), ("cause", &cause)] {
        time(&format!("first 50 of {name}"), &mut || {
            assert_eq!(directory.list(filter).take(50).count(), 50);
        });
        time(&format!("tree of {name}"), &mut || {
            assert!(!directory.tree(filter).is_empty());
        });
        time(&format!("count of {name}"), &mut || {
            assert!(directory.count(filter) > 0);
        });
    }
    drop(directory);
    time("matcher", &mut || drop(kit.store.matcher().unwrap()));
    let docs: Vec<_> = kit.store.directory().list(&rare).take(50).collect();
    time("50 scattered bodies", &mut || {
        kit.store.bodies(&docs).unwrap();
    });
}

fn made(n: usize) -> Body {
    let category = format!("产品{}｜类型{}", n % 13, n % 7);
    let cause = format!("原因{}", n % 97);
    let mut ticket = ticket(&format!("第 {n} 号工单的标题"), &category, &[&cause]);
    if n.is_multiple_of(3) {
        ticket.date = Some(jiff::civil::date(
            2024,
            1 + (n % 12) as i8,
            1 + (n % 28) as i8,
        ));
    }
    ticket.dialogue = (0..6)
        .map(|turn| Turn {
            speaker: if turn % 2 == 0 {
                Speaker::Customer
            } else {
                Speaker::Agent
            },
            name: None,
            text: format!(
                "第 {turn} 轮：编号 {} 的请求在节点 {} 返回 {}",
                n * 7919,
                n % 501,
                n % 599
            ),
            in_summary: false,
        })
        .collect();
    Body::Ticket(ticket)
}
