//! What every desk promises, whichever way it is reached.
//!
//! Each promise is a function over a fresh desk; [`promises`] lists them, so that a desk of
//! another kind runs the same list.

mod again;
pub mod answering;
pub mod causes;
mod conflicts;
mod importing;
mod integrity;
pub mod keeping;
mod lasting;
mod meanwhile;
mod together;
mod undoing;
mod views;

use std::any::Any;
use std::sync::Arc;

use gongdan::api::{
    ActDone, Annotate, Answer, CauseChoice, Compose, Data, Desk, DeskError, DraftOf, ErrorCode,
    ExportFormat, Found, ImportOptions, ImportReport, Page, Push, Recategorise, Request, Row,
    Settlement, Target, TicketOrArticle, TicketRow, TicketView, UndoScope, VocabularyEdit, ask,
};
use gongdan::desk::{Identity, LocalDesk};
use gongdan::model::{
    Author, Category, CategoryFilter, CauseState, Origin, Revision, Setting, TicketFilter,
};

const DOCUMENT: &str = "# 工单汇总

本文档包含 3 个工单。

---

## 证书续期后浏览器仍提示过期

**问题分类**: CDN｜证书问题

### 详细问题描述
昨天续了证书，cdn.example.com 打开还是提示证书过期

### 客服解答内容
1. 您好，请稍等，这边看下
2. 您好，续期后需要在域名管理里重新绑定新证书，绑定后十分钟左右生效。

### 根本原因分析
证书未重新绑定

---

## 子账号无法登录控制台

**问题分类**: 账户与财务｜账户问题

### 详细问题描述
新建的子账号登录时报权限不足

### 客服解答内容
1. 您好，请在访问管理里给该子账号授予控制台登录权限。

### 根本原因分析
需要根据具体情况进一步分析

---

## 回源流量突增

**问题分类**: CDN｜计费问题

### 详细问题描述
昨晚开始 img.example.org 的回源流量突然变大

### 客服解答内容
1. 您好，源站响应头带了 no-cache，节点不缓存，所以每次都回源，去掉后即可恢复。

### 根本原因分析
源站响应头禁止缓存；缓存规则未配置

---
";

pub fn identity(name: &str, session: &str) -> Identity {
    let uid = name.bytes().map(u32::from).sum();
    Identity {
        authority: gongdan::desk::Authority::Owner,
        author: Author {
            uid,
            name: name.to_owned(),
            declared: false,
        },
        origin: Origin {
            host: "jump1".to_owned(),
            session: session.to_owned(),
        },
    }
}

/// A desk over an empty directory, and a second agent at the same desk.
pub struct Bench {
    pub first: Arc<dyn Desk>,
    pub second: Arc<dyn Desk>,
    /// What they need as long as they live.
    _keep: Box<dyn Any>,
}

impl Bench {
    pub fn new(first: Arc<dyn Desk>, second: Arc<dyn Desk>, keep: impl Any) -> Self {
        Self {
            first,
            second,
            _keep: Box::new(keep),
        }
    }
}

fn local() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let desk = LocalDesk::open(dir.path(), identity("林", "a")).unwrap();
    let second = desk.session(identity("周", "b"));
    Bench::new(Arc::new(desk), Arc::new(second), dir)
}

fn import(desk: &dyn Desk, dataset: &str, file: &str, text: &str) -> ImportReport {
    let options = ImportOptions {
        dataset: Some(dataset.to_owned()),
        articles: false,
        dry_run: false,
        no_mask: false,
        list_masks: false,
        columns: Vec::new(),
    };
    let Answer::Job(job) = desk.call(Request::ImportOpen(options)).unwrap() else {
        panic!()
    };
    // In small pieces, as a slow client would.
    let bytes = text.as_bytes();
    let pieces: Vec<&[u8]> = bytes.chunks(100).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let (bytes, end) = (piece.to_vec(), at + 1 == pieces.len());
        desk.call(Request::ImportData(ask::ImportData {
            job,
            file: file.to_owned(),
            bytes,
            end,
        }))
        .unwrap();
    }
    match desk
        .call(Request::ImportClose(ask::ImportClose { job }))
        .unwrap()
    {
        Answer::Imported(report) => report,
        other => panic!("{other:?}"),
    }
}

fn rows(page: Vec<Row>) -> Vec<TicketRow> {
    page.into_iter()
        .filter_map(|row| match row {
            Row::Ticket(row) => Some(row),
            Row::Passage(_) => None,
        })
        .collect()
}

fn list(desk: &dyn Desk, filter: TicketFilter) -> Page {
    match desk
        .call(Request::List(ask::List {
            filter,
            offset: 0,
            limit: 100,
        }))
        .unwrap()
    {
        Answer::Page(page) => page,
        other => panic!("{other:?}"),
    }
}

fn all(desk: &dyn Desk) -> Vec<TicketRow> {
    rows(list(desk, TicketFilter::default()).rows)
}

fn found(desk: &dyn Desk, query: &str) -> Found {
    desk.call(Request::CatchUp(ask::CatchUp)).unwrap();
    let filter = TicketFilter::default();
    match desk
        .call(Request::Search(ask::Search {
            query: query.to_owned(),
            filter,
            limit: 20,
        }))
        .unwrap()
    {
        Answer::Found(found) => found,
        other => panic!("{other:?}"),
    }
}

fn show(desk: &dyn Desk, id: &str) -> TicketView {
    match desk
        .call(Request::Show(ask::Show { id: id.to_owned() }))
        .unwrap()
    {
        Answer::Shown(TicketOrArticle::Ticket(view)) => *view,
        other => panic!("{other:?}"),
    }
}

fn annotate(
    desk: &dyn Desk,
    ids: &[&str],
    base_rev: Option<u32>,
    causes: &[CauseChoice],
) -> Result<ActDone, DeskError> {
    let base_rev = base_rev.map(Revision);
    let targets = ids
        .iter()
        .map(|id| Target {
            id: (*id).to_owned(),
            base_rev,
        })
        .collect();
    annotate_targets(desk, targets, causes)
}

fn annotate_targets(
    desk: &dyn Desk,
    targets: Vec<Target>,
    causes: &[CauseChoice],
) -> Result<ActDone, DeskError> {
    let request = Annotate {
        targets,
        causes: causes.to_vec(),
        note: String::new(),
    };
    done(desk.call(Request::Annotate(request)))
}

fn done(answer: Result<Answer, DeskError>) -> Result<ActDone, DeskError> {
    match answer? {
        Answer::Done(done) => Ok(done),
        other => panic!("{other:?}"),
    }
}

fn new_cause(name: &str) -> CauseChoice {
    CauseChoice::New(name.to_owned())
}

fn known(name: &str) -> CauseChoice {
    CauseChoice::Known(name.to_owned())
}

fn cause_names(row: &TicketRow) -> Vec<&str> {
    row.causes.iter().map(|cause| cause.name.as_str()).collect()
}

fn titled(desk: &dyn Desk, part: &str) -> TicketRow {
    all(desk)
        .into_iter()
        .find(|row| row.title.contains(part))
        .unwrap()
}

type Promise = (&'static str, fn(&Bench));

/// Everything a desk promises.
pub fn promises() -> Vec<Promise> {
    vec![
        (
            "imported tickets are listed in order",
            imported_tickets_are_listed_in_order,
        ),
        (
            "a second import of the same changes nothing",
            a_second_import_changes_nothing,
        ),
        (
            "a changed ticket keeps its id and annotation",
            a_changed_ticket_keeps_its_id,
        ),
        (
            "two imports never store a ticket twice",
            importing::two_imports_never_store_a_ticket_twice,
        ),
        (
            "a cancelled import makes room for the next",
            importing::a_cancelled_import_makes_room_for_the_next,
        ),
        (
            "a ticket that moved in its file still takes corrections",
            importing::a_ticket_that_moved_in_its_file_still_takes_corrections,
        ),
        (
            "any number of rows may be asked for",
            importing::any_number_of_rows_may_be_asked_for,
        ),
        ("the right ticket is found", the_right_ticket_is_found),
        ("tree and filters agree", tree_and_filters_agree),
        (
            "an unknown cause is refused with near names",
            an_unknown_cause_is_refused,
        ),
        ("annotating and undoing", annotating_and_undoing),
        ("marked tickets are one act", marked_tickets_are_one_act),
        (
            "a colleague's change is not undone",
            a_colleagues_change_is_not_undone,
        ),
        ("the slower of two is told", the_slower_of_two_is_told),
        ("a corrected category counts", a_corrected_category_counts),
        ("a renamed cause is followed", a_renamed_cause_is_followed),
        (
            "an export imports back with history",
            an_export_imports_back,
        ),
        ("markdown exports are stable", markdown_exports_are_stable),
        (
            "a removed dataset takes its tickets",
            a_removed_dataset_takes_its_tickets,
        ),
        (
            "the copied reply is the last that says something",
            the_copied_reply_says_something,
        ),
        (
            "a colleague hears of a change",
            a_colleague_hears_of_a_change,
        ),
        ("a bad setting is refused", a_bad_setting_is_refused),
        ("unknown ids are told apart", unknown_ids_are_told_apart),
        (
            "a query that is only begun leaves the list",
            a_query_that_is_only_begun_leaves_the_list,
        ),
        (
            "repeated replies are found, holding ones never",
            answering::repeated_replies_are_found,
        ),
        ("a message is answered", answering::a_message_is_answered),
        (
            "a reply is filled before it is copied",
            answering::a_reply_is_filled_before_it_is_copied,
        ),
        (
            "a ticket's own replies are offered first",
            answering::a_tickets_own_replies_are_offered_first,
        ),
        (
            "the reply copied is the one that answers, not the last",
            answering::the_reply_copied_is_the_one_that_answers,
        ),
        (
            "a ticket of holding replies lends a standard reply",
            answering::a_ticket_of_holding_replies_lends_a_standard_reply,
        ),
        (
            "values that name another customer are not filled in",
            answering::values_that_name_another_customer_are_not_filled_in,
        ),
        (
            "a kept reply stays the tickets' own when they come again, reworded",
            answering::a_kept_reply_stays_the_tickets_own_when_they_come_again_reworded,
        ),
        (
            "a kept reply is the agent's",
            answering::a_kept_reply_is_the_agents,
        ),
        (
            "what is outdated is not offered",
            answering::what_is_outdated_is_not_offered,
        ),
        (
            "merged replies lead to the one that stays",
            keeping::merged_replies_lead_to_the_one_that_stays,
        ),
        (
            "what agents write is offered where it fits",
            keeping::what_agents_write_is_offered_where_it_fits,
        ),
        (
            "what the tickets say anew is offered, not imposed",
            keeping::what_the_tickets_say_anew_is_offered_not_imposed,
        ),
        (
            "holding replies are listed and never offered",
            keeping::holding_replies_are_listed_and_never_offered,
        ),
        (
            "an outdated ticket says why and is not offered",
            keeping::an_outdated_ticket_says_why_and_is_not_offered,
        ),
        (
            "a retired cause is suggested no more",
            keeping::a_retired_cause_is_suggested_no_more,
        ),
        (
            "a value like the customer's own is looked at",
            answering::a_value_like_the_customers_own_is_looked_at,
        ),
        (
            "a wrong cause is suspect",
            answering::a_wrong_cause_is_suspect,
        ),
        (
            "a confirmed cause is suggested",
            answering::a_confirmed_cause_is_suggested,
        ),
        (
            "a second opinion is kept beside the first",
            causes::a_second_opinion_is_kept,
        ),
        (
            "whoever decides where agents differ settles it",
            causes::a_new_decision_settles_a_dispute,
        ),
        ("an opinion is taken back", causes::an_opinion_is_taken_back),
        (
            "an opinion needs a decision",
            causes::an_opinion_needs_a_decision,
        ),
        ("look-alikes are one act", causes::look_alikes_are_one_act),
        ("placeholders never vote", causes::placeholders_never_vote),
        (
            "a placeholder is no cause",
            causes::a_placeholder_is_no_cause,
        ),
        (
            "the log says what was, what is and what was redone",
            causes::the_log_says_what_was_and_is,
        ),
        (
            "an agent is never in the way of themselves",
            causes::an_agent_is_never_in_their_own_way,
        ),
        (
            "figures tell agreement and coverage",
            causes::figures_tell_agreement_and_coverage,
        ),
        (
            "whoever listens hears of the analysis",
            answering::whoever_listens_hears_of_the_analysis,
        ),
        (
            "both versions are shown and any can be kept",
            conflicts::both_versions_are_shown_and_any_can_be_kept,
        ),
        (
            "undo takes back a settlement and nothing older",
            conflicts::undo_takes_back_a_settlement_and_nothing_older,
        ),
        (
            "a change that waits keeps its new cause",
            conflicts::a_change_that_waits_keeps_its_new_cause,
        ),
        (
            "two categories cannot be merged",
            conflicts::two_categories_cannot_be_merged,
        ),
        (
            "two edits of a reply are merged by lines",
            conflicts::two_edits_of_a_reply_are_merged_by_lines,
        ),
        (
            "another decision on the ticket is not in the way of an undo",
            undoing::another_decision_on_the_ticket_is_not_in_the_way_of_an_undo,
        ),
        (
            "an undo passes over what went with its dataset",
            undoing::an_undo_passes_over_what_went_with_its_dataset,
        ),
        (
            "another decision on the ticket is no conflict",
            undoing::another_decision_on_the_ticket_is_no_conflict,
        ),
        (
            "who is at a ticket is told",
            together::who_is_at_a_ticket_is_told,
        ),
        (
            "a setting changed meanwhile is a conflict",
            meanwhile::a_setting_changed_meanwhile_is_a_conflict,
        ),
        (
            "a mark made meanwhile is a conflict",
            meanwhile::a_mark_made_meanwhile_is_a_conflict,
        ),
        (
            "a queue hands out different tickets",
            together::a_queue_hands_out_different_tickets,
        ),
        (
            "views are saved, named, ordered and deleted",
            views::views_are_saved_named_ordered_and_deleted,
        ),
    ]
}

#[test]
fn a_desk_in_this_process_keeps_every_promise() {
    for (name, promise) in promises() {
        println!("{name}");
        promise(&local());
    }
}

fn imported_tickets_are_listed_in_order(bench: &Bench) {
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

fn a_second_import_changes_nothing(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let before = all(desk);
    let again = import(desk, "team", "a.md", DOCUMENT);
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, 3));
    assert_eq!(all(desk), before);
}

fn a_changed_ticket_keeps_its_id(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let before = titled(desk, "回源");
    annotate(
        desk,
        &[before.id.as_str()],
        None,
        &[new_cause("缓存头配置错误")],
    )
    .unwrap();
    let changed = DOCUMENT.replace("去掉后即可恢复", "去掉后五分钟内恢复");
    let report = import(desk, "team", "a.md", &changed);
    assert_eq!((report.new, report.updated, report.unchanged), (0, 1, 2));
    let after = titled(desk, "回源");
    assert_eq!(after.id, before.id);
    assert_eq!(cause_names(&after), ["缓存头配置错误"]);
    assert!(
        show(desk, after.id.as_str()).dialogue[0]
            .text
            .contains("五分钟")
    );
}

fn the_right_ticket_is_found(bench: &Bench) {
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

fn tree_and_filters_agree(bench: &Bench) {
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

fn an_unknown_cause_is_refused(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    let error = annotate(desk, &[id.as_str()], None, &[known("证书没有重新绑定")]).unwrap_err();
    let DeskError::UnknownCause { candidates, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(candidates[0], "证书未重新绑定");
    assert_eq!(titled(desk, "子账号").cause_state, CauseState::Placeholder);
}

fn annotating_and_undoing(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    annotate(
        desk,
        &[id.as_str()],
        Some(0),
        &[new_cause("未授予登录权限")],
    )
    .unwrap();
    let row = titled(desk, "子账号");
    assert_eq!(
        (cause_names(&row), row.cause_state),
        (vec!["未授予登录权限"], CauseState::Confirmed)
    );
    assert_eq!(row.causes[0].by, "林");
    assert_eq!(rows(found(desk, "因:未授予登录权限").rows)[0].id, id);
    annotate(
        desk,
        &[id.as_str()],
        Some(1),
        &[known("未授予登录权限"), new_cause("文档缺失")],
    )
    .unwrap();
    let undo = done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(
        undo.entries.iter().filter(|e| e.what == "causes").count(),
        1
    );
    assert_eq!(cause_names(&titled(desk, "子账号")), ["未授予登录权限"]);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(titled(desk, "子账号").cause_state, CauseState::Placeholder);
    let error = done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap_err();
    assert_eq!(error.code(), ErrorCode::NothingToUndo);
    done(desk.call(Request::Redo(ask::Redo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(cause_names(&titled(desk, "子账号")), ["未授予登录权限"]);
    let history = show(desk, id.as_str()).history;
    assert_eq!(history.len(), 5);
    assert!(history[1].undo && !history[4].undo);
    assert_eq!(history[4].after, ["未授予登录权限"]);
}

fn marked_tickets_are_one_act(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let ids: Vec<String> = all(desk).iter().map(|row| row.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let act = annotate(desk, &ids, None, &[new_cause("用户操作不当")]).unwrap();
    assert_eq!(act.entries.iter().filter(|e| e.what == "causes").count(), 3);
    assert!(
        all(desk)
            .iter()
            .all(|row| cause_names(row) == ["用户操作不当"])
    );
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert!(
        all(desk)
            .iter()
            .all(|row| row.cause_state != CauseState::Confirmed)
    );
    assert_eq!(cause_names(&titled(desk, "证书")), ["证书未重新绑定"]);
}

fn a_colleagues_change_is_not_undone(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let (a, b) = (titled(mine, "子账号").id, titled(mine, "证书").id);
    annotate(mine, &[a.as_str(), b.as_str()], None, &[new_cause("甲")]).unwrap();
    annotate(theirs, &[a.as_str()], None, &[new_cause("乙")]).unwrap();
    let undo = done(mine.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(undo.moved_on, [format!("cause/{a}")]);
    assert_eq!(cause_names(&titled(mine, "子账号")), ["乙"]);
    assert_eq!(cause_names(&titled(mine, "证书")), ["证书未重新绑定"]);
}

fn the_slower_of_two_is_told(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let id = titled(mine, "子账号").id;
    annotate(theirs, &[id.as_str()], Some(0), &[new_cause("乙")]).unwrap();
    let act = annotate(mine, &[id.as_str()], Some(0), &[new_cause("甲")]).unwrap();
    assert_eq!(act.conflicts.len(), 1);
    let conflict = &act.conflicts[0];
    assert_eq!(conflict.mine.after, ["甲"]);
    assert_eq!(
        conflict.theirs.as_ref().map(|e| e.after.clone()),
        Some(vec!["乙".to_owned()])
    );
    assert_eq!(cause_names(&titled(mine, "子账号")), ["乙"]);
    let record = conflict.record;
    let how = Settlement::Mine;
    done(mine.call(Request::ResolveConflict(ask::ResolveConflict {
        record,
        how,
    })))
    .unwrap();
    assert_eq!(cause_names(&titled(mine, "子账号")), ["甲"]);
    assert_eq!(
        mine.call(Request::Conflicts(ask::Conflicts)).unwrap(),
        Answer::Conflicts(vec![])
    );
}

fn a_corrected_category_counts(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    let request = Recategorise {
        targets: vec![Target {
            id: id.to_string(),
            base_rev: None,
        }],
        category: Category::parse("访问管理｜授权"),
        note: "不是账户问题".to_owned(),
    };
    done(desk.call(Request::Recategorise(request))).unwrap();
    let row = titled(desk, "子账号");
    assert_eq!(
        (row.product.as_str(), row.issue_type.as_str()),
        ("访问管理", "授权")
    );
    let view = show(desk, id.as_str());
    assert_eq!(
        view.category_given.map(|c| c.product),
        Some("账户与财务".to_owned())
    );
    assert_eq!(view.history[0].note, "不是账户问题");
    assert_eq!(rows(found(desk, "类:访问管理").rows)[0].id, id);
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    assert_eq!(titled(desk, "子账号").product, "账户与财务");
}

fn a_renamed_cause_is_followed(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let edit = VocabularyEdit::Rename {
        cause: "证书未重新绑定".to_owned(),
        name: "新证书未绑定到域名".to_owned(),
    };
    done(desk.call(Request::EditVocabulary(edit))).unwrap();
    assert_eq!(cause_names(&titled(desk, "证书")), ["新证书未绑定到域名"]);
    assert_eq!(
        rows(found(desk, "新证书未绑定到域名").rows)[0].title,
        "证书续期后浏览器仍提示过期"
    );
    // The old name still leads there.
    let id = titled(desk, "子账号").id;
    annotate(desk, &[id.as_str()], None, &[known("证书未重新绑定")]).unwrap();
    assert_eq!(cause_names(&titled(desk, "子账号")), ["新证书未绑定到域名"]);
}

fn read_all(desk: &dyn Desk, format: ExportFormat) -> String {
    let request = Request::Export(ask::Export {
        format,
        query: String::new(),
    });
    let Answer::Job(job) = desk.call(request).unwrap() else {
        panic!()
    };
    let mut all = Vec::new();
    loop {
        let Answer::Data(Data { bytes, end }) =
            desk.call(Request::ReadData(ask::ReadData { job })).unwrap()
        else {
            panic!()
        };
        all.extend(bytes);
        if end {
            return String::from_utf8(all).unwrap();
        }
    }
}

fn an_export_imports_back(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let id = titled(desk, "子账号").id;
    annotate(desk, &[id.as_str()], None, &[new_cause("未授予登录权限")]).unwrap();
    let export = read_all(desk, ExportFormat::Jsonl);
    let other = local();
    let copy = other.first.as_ref();
    let report = import(copy, "ignored", "export.jsonl", &export);
    assert_eq!((report.tickets, report.new), (3, 3));
    assert_eq!(all(copy), all(desk));
    assert_eq!(
        show(copy, id.as_str()).history,
        show(desk, id.as_str()).history
    );
    assert_eq!(read_all(copy, ExportFormat::Jsonl), export);
    let again = import(copy, "ignored", "export.jsonl", &export);
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, 3));
    assert_eq!(all(copy), all(desk));
}

fn markdown_exports_are_stable(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "team", "a.md", DOCUMENT);
    let first = read_all(desk, ExportFormat::Markdown);
    let other = local();
    import(other.first.as_ref(), "team", "b.md", &first);
    assert_eq!(
        read_all(other.first.as_ref(), ExportFormat::Markdown),
        first
    );
    let table = read_all(desk, ExportFormat::Csv);
    assert!(table.starts_with('\u{feff}'));
    assert_eq!(table.matches("回源流量突增").count(), 1);
}

fn a_removed_dataset_takes_its_tickets(bench: &Bench) {
    let desk = bench.first.as_ref();
    import(desk, "one", "a.md", DOCUMENT);
    let half: String = DOCUMENT
        .split("---")
        .take(2)
        .collect::<Vec<_>>()
        .join("---");
    import(desk, "two", "b.md", &half);
    assert_eq!(all(desk).len(), 3);
    done(desk.call(Request::RemoveDataset(ask::RemoveDataset {
        name: "one".to_owned(),
    })))
    .unwrap();
    let left = all(desk);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].datasets, ["two"]);
    assert_eq!(found(desk, "回源").total, 0);
    let unknown = desk
        .call(Request::RemoveDataset(ask::RemoveDataset {
            name: "three".to_owned(),
        }))
        .unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::UnknownDataset);
}

fn a_query_that_is_only_begun_leaves_the_list(bench: &Bench) {
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

fn the_copied_reply_says_something(bench: &Bench) {
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

fn a_colleague_hears_of_a_change(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let heard = theirs.subscribe();
    let id = titled(mine, "子账号").id;
    annotate(mine, &[id.as_str()], None, &[known("证书未重新绑定")]).unwrap();
    let deadline = std::time::Duration::from_secs(10);
    loop {
        if heard.recv_timeout(deadline).unwrap() == Push::Changed(vec![id]) {
            return;
        }
    }
}

fn a_bad_setting_is_refused(bench: &Bench) {
    let desk = bench.first.as_ref();
    let set = |value: &str| {
        let value = Some(value.to_owned());
        done(desk.call(Request::SetSetting(ask::SetSetting {
            setting: Setting::Words,
            value,
            base_rev: None,
        })))
    };
    assert_eq!(set("{").unwrap_err().code(), ErrorCode::BadSetting);
    set("[\"云舟盘\"]").unwrap();
    let Answer::Settings(rows) = desk.call(Request::Settings(ask::Settings)).unwrap() else {
        panic!()
    };
    assert!(
        rows.iter()
            .any(|row| row.name == "words" && row.value == "[\"云舟盘\"]")
    );
    done(desk.call(Request::Undo(ask::Undo {
        scope: UndoScope::Session,
    })))
    .unwrap();
    let Answer::Settings(rows) = desk.call(Request::Settings(ask::Settings)).unwrap() else {
        panic!()
    };
    assert!(
        rows.iter()
            .any(|row| row.name == "words" && row.value == "[]")
    );
}

fn unknown_ids_are_told_apart(bench: &Bench) {
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
