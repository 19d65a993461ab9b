//! An answer is one ranking in sections: what has all the words, then what has some of them.

use super::{shop, ticket};
use crate::model::{MatchSection, TicketFilter};
use crate::search::{Hit, Hits};

fn find(query: &str, limit: usize) -> Hits {
    let mut tickets = vec![ticket(
        0,
        "证书过期以后打不开",
        "证书昨天过期了",
        "已经核实",
    )];
    // As many as once ended the search.
    for number in 1..=12 {
        tickets.push(ticket(number, "证书", "证书和过期都写了", "已经核实"));
    }
    for number in 13..=20 {
        tickets.push(ticket(number, "证书", "证书怎么申请", "已经核实"));
    }
    tickets.push(ticket(21, "空间", "空间怎么删除", "已经核实"));
    let shop = shop(&tickets);
    let found = shop.search.find(query, &TicketFilter::default(), limit);
    found.unwrap()
}

fn section(hits: &[Hit], section: MatchSection) -> Vec<&Hit> {
    let of = hits.iter().filter(|hit| hit.section == Some(section));
    of.collect()
}

fn counts(hits: &Hits) -> Vec<(MatchSection, usize, bool)> {
    let counts = hits.sections.iter();
    counts.map(|s| (s.section, s.count, s.more)).collect()
}

#[test]
fn enough_rows_with_all_words_do_not_end_the_list() {
    let hits = find("证书 过期", 50);
    assert_eq!(section(&hits.hits, MatchSection::All).len(), 13);
    let partial = section(&hits.hits, MatchSection::Part);
    assert_eq!(partial.len(), 8);
    for hit in partial {
        assert_eq!(hit.relaxed.as_ref().unwrap().dropped, ["过期"]);
    }
    let expected = [
        (MatchSection::All, 13, false),
        (MatchSection::Part, 8, false),
    ];
    assert_eq!(counts(&hits), expected);
    assert_eq!(hits.total, 13, "the tree counts what has all words");
}

#[test]
fn the_sections_stand_in_their_order_in_questions_too() {
    for query in [
        "证书 过期",
        "证书 过期 核实 打不开",
        "证书过期了怎么申请证书核实",
    ] {
        let hits = find(query, 50).hits;
        assert!(hits.len() > 13, "{query}");
        assert!(hits.is_sorted_by_key(|hit| hit.section), "{query}");
    }
}

#[test]
fn where_all_rows_that_are_wanted_have_all_words_nothing_else_is_counted() {
    let hits = find("证书 过期", 5);
    assert_eq!(hits.hits.len(), 5);
    assert_eq!(counts(&hits), [(MatchSection::All, 13, false)]);
}

#[test]
fn what_is_typed_strictly_is_never_matched_in_part() {
    for (query, found) in [("\"证书昨天\"", 1), ("(空间 OR 昨天)", 2)] {
        let hits = find(query, 50);
        assert_eq!(hits.hits.len(), found, "{query}");
        assert!(
            section(&hits.hits, MatchSection::Part).is_empty(),
            "{query}"
        );
    }
    // Where nothing has the phrase and the words beside it, the quotes are left out and named.
    let hits = find("\"证书怎么\" 过期", 50);
    let relaxed = hits.hits[0].relaxed.as_ref().unwrap();
    assert!(
        relaxed.dropped.contains(&"\"证书怎么\"".to_owned()),
        "{relaxed:?}"
    );
}
