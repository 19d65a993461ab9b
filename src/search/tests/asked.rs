//! What holds of every query: phrases against substrings, counts against rows, and no dead ends.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Shop, category, shop, ticket};
use crate::model::{CategoryFilter, TicketFilter};

/// Texts whose words overlap one way and another.
const TEXTS: [&str; 8] = [
    "对象存储空间的源站域名配置回源",
    "存储空间域名解析到源站，回源失败",
    "空间存储对象，域名配置失败",
    "cdn 域名的 https 证书过期",
    "证书过期 cdn.example.com 打不开",
    "时间戳防盗链配置以后域名打不开",
    "云主机登录失败，密码过期",
    "上传文件失败 errcode 612",
];

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let tickets: Vec<_> = TEXTS
        .iter()
        .zip(0..)
        .map(|(text, number)| {
            let product = ["甲类", "乙类", "丙类"][number as usize % 3];
            let question = if number % 2 == 0 { *text } else { "如题" };
            let agent = if number % 2 == 0 {
                "已经核实"
            } else {
                *text
            };
            category(ticket(number, "甲乙", question, agent), product, "其他")
        })
        .collect();
    shop(&tickets)
});

/// A stretch of Chinese of one of the texts.
fn stretch() -> impl Strategy<Value = String> {
    let runs: Vec<Vec<char>> = TEXTS
        .iter()
        .flat_map(|text| text.split(|c: char| c.is_ascii() || c == '，'))
        .map(|run| run.chars().collect())
        .filter(|run: &Vec<char>| run.len() >= 2)
        .collect();
    (
        prop::sample::select(runs),
        any::<prop::sample::Index>(),
        2..7_usize,
    )
        .prop_map(|(run, at, len)| {
            let from = at.index(run.len() - 1);
            run.iter().skip(from).take(len).collect()
        })
}

/// Bits of the query language and of the texts, in any order.
fn typed() -> impl Strategy<Value = String> {
    let bits = [
        "类:",
        "型:",
        "因:",
        "态:",
        "集:",
        "问:",
        "答:",
        "题:",
        "id:",
        "cat:",
        "state:none",
        "\"",
        "“",
        "(",
        ")",
        "（",
        " OR ",
        "|",
        "-",
        "－",
        "*",
        " ",
        "证书",
        "域名",
        "过期",
        "zhengshu",
        "cdn",
        "CDN",
        "612",
        "sll",
        "长颈鹿",
        "placeholder",
        "，",
        "https://",
        "é",
        "\u{0}",
        "🦒",
    ];
    prop::collection::vec(prop::sample::select(bits.to_vec()), 0..8).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_phrase_finds_exactly_the_texts_that_hold_it(phrase in stretch()) {
        let mut found = SHOP.asked(&format!("\"{phrase}\""));
        found.sort_unstable();
        let holding = TEXTS.iter().zip(0..).filter(|(text, _)| text.contains(&phrase));
        let expected: Vec<u32> = holding.map(|(_, number)| number).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_phrase_of_one_side_finds_exactly_the_texts_of_that_side(phrase in stretch()) {
        for (name, parity) in [("问", 0), ("答", 1)] {
            let mut found = SHOP.asked(&format!("{name}:\"{phrase}\""));
            found.sort_unstable();
            let holding = TEXTS.iter().zip(0..).filter(|(text, _)| text.contains(&phrase));
            let expected: Vec<u32> =
                holding.map(|(_, number)| number).filter(|n| n % 2 == parity).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn anything_typed_is_answered(query in typed()) {
        let hits = SHOP.search.find(&query, &TicketFilter::default(), 20);
        prop_assert!(hits.is_ok(), "{query}: {hits:?}");
        SHOP.search.highlighter(&query).marks(TEXTS[3]);
    }

    #[test]
    fn the_tree_counts_what_the_filtered_list_shows(query in typed()) {
        let whole = TicketFilter::default();
        let asked = SHOP.search.find(&query, &whole, 20).unwrap();
        for node in SHOP.search.counts(&query, &whole).unwrap() {
            let filter = TicketFilter {
                category: Some(CategoryFilter { product: node.product, issue_type: node.issue_type }),
                ..TicketFilter::default()
            };
            let rows = SHOP.search.find(&query, &filter, 20).unwrap();
            // What was relaxed for all of them may hold as asked for none of a node, and the
            // other way round.
            if asked.relaxed == rows.relaxed {
                prop_assert!(rows.total >= node.count, "{query}: {} of {}", rows.total, node.count);
            }
        }
    }
}

#[test]
fn words_that_are_there_never_end_in_an_empty_list() {
    for (query, dropped) in [
        ("证书 态:confirmed", "confirmed"),
        ("\"过期证书\"", "\"过期证书\""),
        ("题:证书", "证书"),
        ("证书 集:一月 因:无此根因 态:confirmed", "confirmed"),
    ] {
        let hits = SHOP
            .search
            .find(query, &TicketFilter::default(), 20)
            .unwrap();
        assert!(!hits.hits.is_empty(), "{query}");
        for hit in &hits.hits {
            let relaxed = hit.relaxed.as_ref().unwrap();
            assert!(
                relaxed.dropped.iter().any(|text| text == dropped),
                "{query}: {relaxed:?}"
            );
        }
        // Nothing is exported or annotated that the query does not mean.
        let all = SHOP.search.matching(query, &TicketFilter::default());
        assert!(all.unwrap().is_empty(), "{query}");
    }
    // No word of it is there; a character is.
    let hits = SHOP
        .search
        .find("空军源头", &TicketFilter::default(), 20)
        .unwrap();
    assert!(!hits.hits.is_empty());
    assert_eq!(hits.relaxed.unwrap().kind, "fuzzy");
}

#[test]
fn pinyin_of_known_words_finds_them_in_what_was_said() {
    for (query, found) in [
        ("mima guoqi", 6),
        ("mimaguoqi", 6),
        ("shijianchuofangdaolian", 5),
        ("fdl", 5),
        ("zhengshu guoqi cdn.example.com", 4),
    ] {
        assert_eq!(SHOP.docs(query).first(), Some(&found), "{query}");
    }
}
