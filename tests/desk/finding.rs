//! What is imported is listed, counted and found.

use gongdan::api::{Answer, Compose, DeskError, DraftOf, ErrorCode, Request, ask};
use gongdan::model::{CategoryFilter, CauseState, TicketFilter};

use super::{Bench, DOCUMENT, all, found, import, list, rows, show, titled};

pub fn imported_tickets_are_listed_in_order(bench: &Bench) {
    let desk = bench.first.as_ref();
    let report = import(desk, "team", "a.md", DOCUMENT);
    assert_eq!((report.tickets, report.new, report.files), (3, 3, 1));
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let titles: Vec<String> = all(desk).into_iter().map(|row| row.title).collect();
    assert_eq!(
        titles,
        [
            "证书续期后浏览器仍提示过期",
            "子账号无法登录控制台",
            "回源流量突增"
        ]
    );
    let states: Vec<CauseState> = all(desk).iter().map(|row| row.cause_state).collect();
    assert_eq!(
        states,
        [
            CauseState::Given,
            CauseState::Placeholder,
            CauseState::Given
        ]
    );
    let view = show(desk, all(desk)[2].id.as_str());
    assert_eq!(view.causes_given, ["源站响应头禁止缓存", "缓存规则未配置"]);
    assert_eq!(view.sources[0].ordinal, 3);
}

pub fn the_right_ticket_is_found(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    for (query, part) in [
        ("证书过期", "证书续期"),
        ("子账号 权限", "子账号"),
        ("no-cache", "回源"),
        ("回源", "回源"),
    ] {
        let found = found(desk, query);
        let first = rows(found.rows).into_iter().next().expect(query);
        assert!(first.title.contains(part), "{query} found {}", first.title);
    }
    assert_eq!(found(desk, "证书").indexing, None);
}

pub fn tree_and_filters_agree(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let request = Request::Tree(ask::Tree {
        query: String::new(),
        filter: TicketFilter::default(),
    });
    let Answer::Tree(nodes) = desk.call(request).unwrap() else {
        panic!()
    };
    for node in &nodes {
        let category = CategoryFilter {
            product: node.product.clone(),
            issue_type: node.issue_type.clone(),
        };
        let filter = TicketFilter {
            category: Some(category),
            ..TicketFilter::default()
        };
        assert_eq!(list(desk, filter).total, node.count, "{node:?}");
    }
    assert_eq!(
        nodes.first().map(|n| (n.product.as_str(), n.count)),
        Some(("CDN", 2))
    );
    let placeholder = TicketFilter {
        cause_state: Some(CauseState::Placeholder),
        ..TicketFilter::default()
    };
    assert_eq!(list(desk, placeholder).total, 1);
}

pub fn a_query_that_is_only_begun_leaves_the_list(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    for (query, kind) in [
        ("类:", "empty_term"),
        ("-", "empty_not"),
        ("\"\"", "empty_phrase"),
    ] {
        let found = found(desk, query);
        assert_eq!((found.total, found.rows.len()), (3, 3), "{query}");
        assert_eq!(found.notes[0].kind, kind);
    }
}

pub fn the_copied_reply_says_something(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "证书").id.to_string();
    let reply = |turn| {
        let of = DraftOf::Turn {
            id: id.clone(),
            turn,
            receiver: None,
        };
        desk.call(Request::Compose(Compose {
            of,
            values: Default::default(),
            original: false,
        }))
    };
    let Answer::Draft(best) = reply(None).unwrap() else {
        panic!()
    };
    assert!(best.text.contains("重新绑定新证书") && !best.holding);
    assert_eq!((best.turn, best.turns), (Some(2), 2));
    let Answer::Draft(first) = reply(Some(1)).unwrap() else {
        panic!()
    };
    assert!(first.holding);
    assert_eq!(reply(Some(3)).unwrap_err().code(), ErrorCode::NoReply);
}

pub fn unknown_ids_are_told_apart(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let unknown = desk
        .call(Request::Show(ask::Show {
            id: "zzzzzz".to_owned(),
        }))
        .unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::UnknownId);
    // More tickets than the id alphabet has characters: two of them begin alike.
    let many: String = (0..40)
        .map(|n| format!("## 第 {n} 个问题\n\n**分类**：CDN｜其他\n\n### 客服解答\n\n您好，第 {n} 个答复。\n\n"))
        .collect();
    import(desk, "team", "many.md", &many);
    let mut firsts: Vec<char> = all(desk)
        .iter()
        .filter_map(|row| row.id.as_str().chars().next())
        .collect();
    firsts.sort_unstable();
    let shared = firsts.windows(2).find(|pair| pair[0] == pair[1]).unwrap()[0];
    let ambiguous = desk
        .call(Request::Show(ask::Show {
            id: shared.to_string(),
        }))
        .unwrap_err();
    let DeskError::AmbiguousId { candidates, .. } = ambiguous else {
        panic!("{ambiguous}")
    };
    assert!(candidates.len() >= 2, "{candidates:?}");
}
