//! What every desk promises, whichever way it is reached.
//!
//! Each promise is a function over a fresh desk; [`promises`] lists them, so that a desk of
//! another kind runs the same list.

mod again;
pub mod answering;
pub mod causes;
mod conflicts;
mod deciding;
mod finding;
mod importing;
mod integrity;
pub mod keeping;
mod lasting;
mod meanwhile;
mod together;
mod transfer;
mod undoing;
mod views;

use std::any::Any;
use std::sync::Arc;

use gongdan::api::{
    ActDone, Annotate, Answer, CauseChoice, Desk, DeskError, Found, ImportOptions, ImportReport,
    Page, Request, Row, Target, TicketOrArticle, TicketRow, TicketView, ask,
};
use gongdan::desk::{Identity, LocalDesk};
use gongdan::model::{Author, Origin, Revision, TicketFilter};

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
            finding::imported_tickets_are_listed_in_order,
        ),
        (
            "a second import of the same changes nothing",
            transfer::a_second_import_changes_nothing,
        ),
        (
            "a changed ticket keeps its id and annotation",
            transfer::a_changed_ticket_keeps_its_id,
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
        (
            "the right ticket is found",
            finding::the_right_ticket_is_found,
        ),
        ("tree and filters agree", finding::tree_and_filters_agree),
        (
            "an unknown cause is refused with near names",
            deciding::an_unknown_cause_is_refused,
        ),
        ("annotating and undoing", deciding::annotating_and_undoing),
        (
            "marked tickets are one act",
            deciding::marked_tickets_are_one_act,
        ),
        (
            "a colleague's change is not undone",
            deciding::a_colleagues_change_is_not_undone,
        ),
        (
            "the slower of two is told",
            deciding::the_slower_of_two_is_told,
        ),
        (
            "a corrected category counts",
            deciding::a_corrected_category_counts,
        ),
        (
            "a renamed cause is followed",
            deciding::a_renamed_cause_is_followed,
        ),
        (
            "an export imports back with history",
            transfer::an_export_imports_back,
        ),
        (
            "markdown exports are stable",
            transfer::markdown_exports_are_stable,
        ),
        (
            "a removed dataset takes its tickets",
            transfer::a_removed_dataset_takes_its_tickets,
        ),
        (
            "the copied reply is the last that says something",
            finding::the_copied_reply_says_something,
        ),
        (
            "a colleague hears of a change",
            deciding::a_colleague_hears_of_a_change,
        ),
        (
            "a bad setting is refused",
            deciding::a_bad_setting_is_refused,
        ),
        (
            "unknown ids are told apart",
            finding::unknown_ids_are_told_apart,
        ),
        (
            "a query that is only begun leaves the list",
            finding::a_query_that_is_only_begun_leaves_the_list,
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
