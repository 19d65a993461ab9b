//! Root causes and categories: decided, undone, argued about.

use super::selected;

use crate::api::{Answer, Conflict, DeskError, LogEntry, Request, Row, Settlement, ask};
use crate::model::{Generation, RecordId, TicketId};
use crate::tui::fake_desk::{act, entry, ticket_id};
use crate::tui::msg::{Answered, ChangeKind, Msg, Topic};
use crate::tui::stage::{Stage, key};
use crate::tui::update::update;

#[test]
fn marked_tickets_are_annotated_as_one_request() {
    let mut stage = Stage::new(120, 36);
    stage.press("Space Space a");
    stage.write("TTL");
    stage.press("Enter");
    let orders = stage.asked(|request| matches!(request, Request::Annotate(_)));
    let [Request::Annotate(order)] = orders.as_slice() else {
        panic!("one request, not {orders:?}");
    };
    let mut ids: Vec<&str> = order
        .targets
        .iter()
        .map(|target| target.id.as_str())
        .collect();
    ids.sort_unstable();
    let mut wanted: Vec<TicketId> = vec![ticket_id(0), ticket_id(1)];
    wanted.sort();
    assert_eq!(ids, wanted.iter().map(TicketId::as_str).collect::<Vec<_>>());
    assert!(order.targets.iter().all(|target| target.base_rev.is_some()));
    assert!(stage.app.list.marked.is_empty());
    assert_eq!(stage.notice(), "2 条工单的根因：TTL 未过期");
}

#[test]
fn several_causes_and_a_note_are_saved_together() {
    let mut stage = Stage::new(120, 36);
    stage.press("a");
    stage.write("yhcs");
    stage.press("Backspace Backspace Backspace Backspace");
    stage.write("TTL");
    stage.press("Space");
    stage.write("权限");
    stage.press("Space Tab");
    stage.write("客户 确认");
    stage.press("Enter");
    let orders = stage.asked(|request| matches!(request, Request::Annotate(_)));
    let [Request::Annotate(order)] = orders.as_slice() else {
        panic!("one request, not {orders:?}");
    };
    // The ticket's own cause was ticked before.
    assert_eq!(order.causes.len(), 3);
    assert_eq!(order.note, "客户 确认");
}

#[test]
fn a_tickets_own_causes_are_ticked_unless_they_are_in_doubt() {
    let mut stage = Stage::new(120, 36);
    stage.press("a");
    assert!(
        stage.screen().contains("[x] 证书下发超时"),
        "{}",
        stage.screen()
    );
    assert!(stage.screen().contains("标注为：证书下发超时"));
    // What is suggested stands first.
    let screen = stage.screen();
    let first = screen.lines().find(|line| line.contains("[ ]")).unwrap();
    assert!(first.contains("TTL 未过期"), "{screen}");
    stage.press("Esc");
    let doubtful = stage.app.list.rows.iter().position(|row| match row {
        Row::Ticket(ticket) => ticket.suspect,
        Row::Passage(_) => false,
    });
    for _ in 0..doubtful.expect("one is suspect") {
        stage.press("j");
    }
    stage.press("a");
    assert!(!stage.screen().contains("[x]"), "{}", stage.screen());
}

#[test]
fn in_bulk_no_cause_is_taken_that_was_not_gone_to() {
    let mut stage = Stage::new(120, 36);
    stage.press("Space Space a Enter");
    assert!(!stage.screen().contains("[x]"), "{}", stage.screen());
    assert!(
        stage
            .asked(|request| matches!(request, Request::Annotate(_)))
            .is_empty()
    );
    assert!(stage.notice().contains("还没选根因"), "{}", stage.notice());
    stage.write("TTL");
    stage.press("Enter");
    assert_eq!(
        stage
            .asked(|request| matches!(request, Request::Annotate(_)))
            .len(),
        1
    );
}

#[test]
fn an_unknown_cause_is_only_created_on_purpose() {
    let mut stage = Stage::new(120, 36);
    stage.press("a");
    stage.write("TTL 未");
    stage.press("Enter");
    let known = stage.asked(|r| matches!(r, Request::Annotate(_)));
    assert!(format!("{known:?}").contains("Known(\"TTL 未过期\")"));
    stage.press("a");
    stage.write("机房断电");
    assert!(stage.screen().contains("新建根因：机房断电"));
    stage.press("Enter");
    let still = stage.asked(|r| matches!(r, Request::Annotate(_)));
    assert_eq!(still.len(), known.len());
    assert!(stage.notice().contains("词表中没有"));
    stage.press("C-o Enter");
    let both = stage.asked(|r| matches!(r, Request::Annotate(_)));
    assert!(format!("{both:?}").contains("New(\"机房断电\")"));
}

#[test]
fn many_tickets_are_asked_about_before_they_are_changed() {
    let mut stage = Stage::new(120, 36);
    stage.press("m a a");
    stage.write("TTL");
    stage.press("Enter");
    assert!(
        stage
            .asked(|r| matches!(r, Request::Annotate(_)))
            .is_empty()
    );
    assert!(stage.screen().contains("40 条工单的根因：TTL 未过期"));
    stage.press("Enter");
    assert_eq!(stage.asked(|r| matches!(r, Request::Annotate(_))).len(), 1);
}

#[test]
fn undo_says_what_it_took_back() {
    let mut stage = Stage::new(120, 36);
    stage.press("a");
    stage.write("TTL");
    stage.press("Enter u");
    assert_eq!(
        stage.notice(),
        "已撤销：「更换证书后一直显示处理中」根因：证书下发超时 → TTL 未过期"
    );
    stage.press("u");
    assert_eq!(stage.notice(), "没有可撤销的");
}

#[test]
fn undo_leads_back_to_what_it_took_back_and_says_how_many_tickets_that_is() {
    let mut stage = Stage::new(120, 36);
    let decided = selected(&stage);
    stage.press("1 j j j");
    assert_ne!(selected(&stage), decided);
    stage.press("u");
    assert_eq!(selected(&stage), decided);
    stage.press("Space Space Space a");
    stage.write("TTL");
    stage.press("Enter G u");
    assert_eq!(selected(&stage), decided);
    let said = stage.notice();
    assert!(said.starts_with("已撤销 3 张工单：「"), "{said}");
}

#[test]
fn a_conflict_is_shown_with_both_versions_and_can_be_settled() {
    let mut stage = Stage::new(120, 36);
    let version = |author: &str, after: &str| LogEntry {
        author: author.to_owned(),
        ..entry(
            "cause/x",
            "更换证书",
            vec!["旧".into()],
            vec![after.to_owned()],
        )
    };
    let mut done = act(Vec::new());
    done.conflicts.push(Conflict {
        record: RecordId(7),
        mine: version("小王", "证书下发超时"),
        theirs: Some(version("小李", "浏览器本地缓存")),
        now: vec!["浏览器本地缓存".into()],
        merged: Some(vec!["证书下发超时".into(), "浏览器本地缓存".into()]),
    });
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Act(ChangeKind::Annotate),
        generation: Default::default(),
        result: Ok(Answer::Done(done)),
        took: Default::default(),
    }));
    let shown = stage.screen();
    assert!(
        shown.contains("小李") && shown.contains("证书下发超时"),
        "{shown}"
    );
    stage.press("3");
    let orders = stage.asked(|r| matches!(r, Request::ResolveConflict(_)));
    assert_eq!(
        orders,
        [Request::ResolveConflict(ask::ResolveConflict {
            record: RecordId(7),
            how: Settlement::Merge
        })]
    );
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn a_digit_accepts_a_suggested_cause_and_goes_to_the_next_ticket() {
    let mut stage = Stage::new(120, 36);
    assert!(stage.screen().contains("82 %"));
    let before = selected(&stage);
    stage.press("1");
    let orders = stage.asked(|request| matches!(request, Request::Annotate(_)));
    let [Request::Annotate(order)] = orders.as_slice() else {
        panic!("one request, not {orders:?}");
    };
    assert_eq!(order.targets.first().unwrap().id, before);
    assert_eq!(order.causes.len(), 1);
    assert_ne!(selected(&stage), before);
}

#[test]
fn nothing_is_accepted_that_is_not_on_the_screen() {
    // One pane at a time: the suggestions are in the one that is not there.
    let mut stage = Stage::new(40, 10);
    let before = selected(&stage);
    stage.press("1");
    let asked = |stage: &mut Stage| stage.asked(|request| matches!(request, Request::Annotate(_)));
    assert_eq!(asked(&mut stage), []);
    let shown = stage.screen();
    assert!(
        shown.contains("1 TTL 未过期") && shown.contains("再按一次"),
        "{shown}"
    );
    stage.press("1");
    assert_eq!(asked(&mut stage).len(), 1);
    // Read past, they are brought back before anything is decided.
    let mut stage = Stage::new(110, 12);
    stage.press("Tab G");
    assert!(
        !stage.screen().contains("1 TTL 未过期"),
        "{}",
        stage.screen()
    );
    stage.press("1");
    assert_eq!(asked(&mut stage), []);
    assert!(
        stage.screen().contains("1 TTL 未过期"),
        "{}",
        stage.screen()
    );
    assert_eq!(selected(&stage), before);
    stage.press("1");
    assert_eq!(asked(&mut stage).len(), 1);
}

#[test]
fn whoever_decides_in_a_queue_stays_where_they_are_and_the_next_comes() {
    let mut stage = Stage::new(120, 36);
    stage.press("] ]");
    let (first, total) = (selected(&stage), stage.app.list.total);
    let effects = update(&mut stage.app, Msg::Key(key("1")));
    assert!(!effects.is_empty());
    // At once, before any answer.
    assert_eq!(stage.app.list.selected, 0);
    assert_ne!(selected(&stage), first);
    assert_eq!(stage.app.list.total, total - 1);
    // The queue comes again in another order: the cursor follows no ticket.
    let mut rows = stage.app.list.rows.clone();
    rows.reverse();
    stage.app.list.keep = true;
    stage.app.list.replace(0, rows, total - 1);
    assert_eq!(stage.app.list.selected, 0);
    // Until it is moved.
    stage.press("j k");
    assert!(!stage.app.list.in_place);
}

#[test]
fn a_ticket_is_marked_outdated_where_it_is_read() {
    let mut stage = Stage::new(120, 36);
    let shown = selected(&stage);
    stage.press("g o");
    stage.write("控制台改版了");
    stage.press("Enter");
    let orders = stage.asked(|request| matches!(request, Request::MarkOutdated(_)));
    let [
        Request::MarkOutdated(ask::MarkOutdated {
            id,
            reason,
            base_rev,
            ..
        }),
    ] = orders.as_slice()
    else {
        panic!("one mark, not {orders:?}");
    };
    assert_eq!((id, reason.as_str()), (&shown, "控制台改版了"));
    assert!(base_rev.is_some());
    assert!(stage.app.overlays.is_empty(), "it closes when it is done");
}

#[test]
fn the_first_digit_takes_the_proposed_category_of_a_misfiled_ticket() {
    let mut stage = Stage::new(120, 36);
    stage.press("] ] ]");
    let before = selected(&stage);
    stage.press("1");
    let orders = stage.asked(|request| matches!(request, Request::Recategorise(_)));
    let [Request::Recategorise(order)] = orders.as_slice() else {
        panic!("one request, not {orders:?}");
    };
    assert_eq!(order.targets.first().unwrap().id, before);
    assert_eq!(
        order.category.as_ref().unwrap().to_string(),
        "CDN｜缓存刷新"
    );
}

#[test]
fn an_undo_that_is_refused_names_what_was_changed_since() {
    let mut stage = Stage::new(120, 36);
    let refused = |error: DeskError| {
        Msg::Answered(Answered {
            topic: Topic::Act(ChangeKind::Undo),
            generation: Generation::default(),
            result: Err(error),
            took: std::time::Duration::ZERO,
        })
    };
    stage.tell(refused(DeskError::NothingToUndo {
        moved_on: vec!["cause/f1dhsn9z9x".to_owned()],
    }));
    assert!(
        stage.notice().contains("cause/f1dhsn9z9x"),
        "{}",
        stage.notice()
    );
    stage.tell(refused(DeskError::NothingToUndo { moved_on: vec![] }));
    assert_eq!(stage.notice(), "没有可撤销的");
}

#[test]
fn a_cause_is_renamed_merged_and_created_from_the_vocabulary() {
    let mut stage = Stage::new(120, 36);
    stage.press("g c");
    stage.write("TTL");
    stage.press("Enter 2 C-u");
    stage.write("缓存未过期");
    stage.press("Enter");
    stage.press("Enter 3");
    stage.write("权限");
    stage.press("Enter");
    assert!(stage.screen().contains("合并到「子账号权限不足」"));
    stage.press("Enter C-u");
    stage.write("网络/机房断电");
    stage.press("Enter");
    let edits = stage.asked(|request| matches!(request, Request::EditVocabulary(_)));
    let edits = format!("{edits:?}");
    for part in [
        "Rename",
        "缓存未过期",
        "Merge",
        "Create",
        "name: \"机房断电\"",
        "group: \"网络\"",
    ] {
        assert!(edits.contains(part), "{part}: {edits}");
    }
}
