mod company;
mod orders;
mod views;

use proptest::prelude::{any, prop_assert, proptest};
use proptest::{collection, sample};
use ratatui::layout::Rect;

use crate::clipboard::Outcome;
use crate::config::Existing;
use crate::desk::api::{
    Conflict, Draft, DraftOf, JobState, LogEntry, Progress, ReplyEdit, Settlement,
};
use crate::desk::{Answer, DeskError, ErrorCode, Push, Request};
use crate::model::{RecordId, TicketId};
use crate::tui::app::Focus;
use crate::tui::fake_desk::{TICKETS, act, draft, entry, finding, ticket_id};
use crate::tui::msg::{Answered, Ask, Copied, CopyWhat, Deed, Effect, Msg, Saved, Topic};
use crate::tui::overlays::Overlay;
use crate::tui::panes::list::row_id;
use crate::tui::stage::{Stage, app, key, screen};
use crate::tui::update::update;

fn rows_question(effects: Vec<Effect>) -> Ask {
    let ask = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if matches!(ask.topic, Topic::Rows { .. }) => Some(ask),
        _ => None,
    });
    ask.expect("the rows were asked for")
}

/// A copy of what an agent said.
fn turn(ticket: usize, turn: Option<usize>) -> CopyWhat {
    CopyWhat::of(DraftOf::Turn {
        id: ticket_id(ticket).to_string(),
        turn,
    })
}

/// The copy that was asked for, which must be the only effect.
fn copy(stage: &Stage) -> CopyWhat {
    let [Effect::Copy(what)] = stage.effects.as_slice() else {
        panic!("a copy, not {:?}", stage.effects);
    };
    what.clone()
}

fn selected(stage: &Stage) -> String {
    row_id(stage.app.list.current().expect("a row is selected"))
}

#[test]
fn hits_of_an_older_query_are_not_passed_off_for_those_of_a_newer_one() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书");
    let shown = stage.screen();
    let asked = rows_question(update(&mut stage.app, Msg::Key(key("短"))));
    assert!(
        !stage.screen().contains("搜索中"),
        "an answer takes a moment"
    );
    update(&mut stage.app, Msg::Late(asked.generation));
    let late = stage.screen();
    let figure = format!("{} 条", stage.app.list.total);
    assert!(shown.contains(&figure), "{shown}");
    assert!(late.contains("搜索中") && !late.contains(&figure), "{late}");
    let answer = stage.answer(asked);
    stage.tell(answer);
    assert!(!stage.screen().contains("搜索中"), "{}", stage.screen());
}

#[test]
fn a_late_answer_does_not_replace_a_newer_query() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    let early = rows_question(update(&mut stage.app, Msg::Key(key("短"))));
    let late = rows_question(update(&mut stage.app, Msg::Key(key("信"))));
    let (early, late) = (stage.answer(early), stage.answer(late));
    stage.tell(late);
    let shown = stage.app.list.rows.clone();
    stage.tell(early);
    assert_eq!(stage.app.list.rows, shown);
}

#[test]
fn typing_is_possible_before_the_desk_is_there() {
    let mut app = app(80, 24);
    update(&mut app, Msg::Key(key("/")));
    for c in ["证", "书"] {
        assert!(update(&mut app, Msg::Key(key(c))).is_empty());
    }
    let ask = rows_question(update(&mut app, Msg::Linked(Ok(()))));
    assert!(matches!(ask.request, Request::Search { query, .. } if query == "证书"));
}

#[test]
fn escape_leaves_the_query_line_and_a_second_one_clears_it() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书");
    assert_eq!(stage.app.focus, Focus::Query);
    stage.press("Esc");
    assert_eq!(
        (stage.app.focus, stage.app.query.text()),
        (Focus::List, "证书")
    );
    stage.press("Esc");
    assert_eq!(stage.app.query.text(), "");
    assert_eq!(stage.app.list.total, TICKETS);
}

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
    assert_eq!(order.causes.len(), 2);
    assert_eq!(order.note, "客户 确认");
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
        topic: Topic::Act(Deed::Annotate),
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
    let orders = stage.asked(|r| matches!(r, Request::ResolveConflict { .. }));
    assert_eq!(
        orders,
        [Request::ResolveConflict {
            record: RecordId(7),
            how: Settlement::Merge
        }]
    );
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn a_digit_in_the_reply_picker_copies_that_reply() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y 2");
    assert_eq!(stage.effects, [Effect::Copy(turn(0, Some(2)))]);
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn one_key_copies_the_best_reply() {
    let mut stage = Stage::new(120, 36);
    stage.press("j y O");
    assert_eq!(
        stage.effects,
        [
            Effect::Copy(turn(1, None)),
            Effect::Copy(turn(1, None).original())
        ]
    );
}

#[test]
fn a_change_from_elsewhere_leaves_the_cursor_on_its_ticket() {
    let mut stage = Stage::new(120, 36);
    stage.press("j j j");
    let before = selected(&stage);
    stage.tell(Msg::Pushed(Push::Changed(vec![ticket_id(3)])));
    stage.tell(Msg::Pushed(Push::Resync));
    assert_eq!(selected(&stage), before);
    assert_eq!(stage.app.list.selected, 3);
}

#[test]
fn a_cursor_moved_while_the_list_is_asked_for_again_stays_where_it_went() {
    let mut stage = Stage::new(120, 36);
    stage.press("j");
    let ask = rows_question(update(&mut stage.app, Msg::Pushed(Push::Resync)));
    stage.press("j j");
    let before = selected(&stage);
    let answer = stage.answer(ask);
    stage.tell(answer);
    assert_eq!(selected(&stage), before);
    assert_eq!(stage.app.list.selected, 3);
}

#[test]
fn escape_goes_back_from_similar_tickets_to_the_list() {
    let mut stage = Stage::new(120, 36);
    stage.press("j s");
    assert!(stage.screen().contains("相似工单"));
    stage.press("Esc");
    assert_eq!(stage.app.list.total, TICKETS);
}

#[test]
fn a_category_lists_only_its_tickets_and_escape_shows_all_again() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Key(crossterm::event::KeyEvent::new(
        crossterm::event::KeyCode::F(2),
        crossterm::event::KeyModifiers::NONE,
    )));
    stage.press("j Enter");
    assert!(stage.app.list.total < TICKETS);
    stage.press("Esc Esc");
    assert_eq!(stage.app.list.total, TICKETS);
}

#[test]
fn tickets_like_a_pasted_message_are_listed_by_one_key() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Paste("证书一直处理中\r怎么办\r".into()));
    stage.press("Space");
    let asked = stage.asked(|r| matches!(r, Request::Similar { .. }));
    assert!(
        format!("{asked:?}").contains("证书一直处理中\\n怎么办"),
        "{asked:?}"
    );
}

#[test]
fn the_command_line_completes_runs_and_remembers() {
    let mut stage = Stage::new(120, 36);
    stage.press(":");
    stage.write("stat");
    stage.press("Tab Enter");
    assert!(matches!(
        stage.app.overlays.last(),
        Some(Overlay::Stats(_) | Overlay::Pager(_))
    ));
    stage.press("Esc :");
    assert!(
        stage
            .screen()
            .contains(stage.app.commands.last().unwrap().as_str())
    );
    stage.write("no-such-thing");
    stage.press("Enter");
    assert!(stage.notice().starts_with("没有这个命令"));
}

#[test]
fn the_desks_own_work_does_not_take_the_place_of_what_an_act_did() {
    let mut stage = Stage::new(120, 36);
    stage.press("a");
    stage.write("TTL");
    stage.press("Enter");
    let said = stage.notice().to_owned();
    let progress = |job, state| {
        Msg::Pushed(Push::Progress(Progress {
            job,
            what: "reindex".into(),
            done: 1,
            total: 1,
            state,
        }))
    };
    stage.tell(progress(None, JobState::Done));
    assert_eq!(stage.notice(), said);
    stage.tell(progress(None, JobState::Failed));
    assert_eq!(stage.notice(), "重建索引失败");
}

#[test]
fn an_error_of_the_desk_is_said_in_words() {
    let mut stage = Stage::new(120, 36);
    let error = DeskError::new(ErrorCode::Refused).with("role", "agent");
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Act(Deed::Annotate),
        generation: Default::default(),
        result: Err(error),
        took: Default::default(),
    }));
    assert!(stage.notice().contains("没有权限"));
}

#[test]
fn a_screen_made_smaller_and_larger_again_keeps_its_selection() {
    let mut stage = Stage::new(120, 36);
    stage.press("G");
    let before = selected(&stage);
    for (columns, rows) in [(40, 10), (10, 3), (80, 24), (120, 36)] {
        stage.tell(Msg::Resize(columns, rows));
    }
    assert_eq!(selected(&stage), before);
    assert!(stage.screen().contains("40/40"));
}

#[test]
fn a_ticket_without_title_and_text_is_no_blank_row() {
    let mut stage = Stage::new(120, 36);
    if let Some(crate::desk::api::Row::Ticket(row)) = stage.app.list.rows.first_mut() {
        row.title.clear();
        row.snippet.clear();
    }
    assert!(stage.screen().contains("（无标题）"), "{}", stage.screen());
}

#[test]
fn in_english_too_a_blank_stands_between_who_speaks_and_what_is_said() {
    let mut stage = Stage::new(120, 36);
    stage.app.look.lang = crate::words::Lang::En;
    stage.press("j");
    let screen = stage.screen();
    assert!(screen.contains("Agent1   您好"), "{screen}");
    assert!(!screen.contains("Agent1您好"), "{screen}");
}

#[test]
fn a_favourite_is_told_in_words() {
    use crate::tui::say::log_entry;
    use crate::words::Lang;
    let mut told = entry("star/r", "证书申请步骤", vec![], vec!["favourite".into()]);
    told.what = "star".into();
    assert_eq!(log_entry(Lang::Zh, &told), "「证书申请步骤」加入收藏");
    told.after.clear();
    assert_eq!(log_entry(Lang::Zh, &told), "「证书申请步骤」取消收藏");
}

#[test]
fn nothing_a_ticket_holds_reaches_the_screen_as_a_control() {
    let mut stage = Stage::new(120, 36);
    if let Some(crate::desk::api::Row::Ticket(row)) = stage.app.list.rows.first_mut() {
        row.title = "\u{1b}]52;c;AAAA\u{7}标题\u{202e}\u{200b}".into();
    }
    let shown = stage.screen();
    assert!(shown.contains("标题"));
    assert!(!shown.contains("]52;c") && !shown.contains('\u{202e}'));
}

const KEYS: [&str; 53] = [
    "j",
    "k",
    "g",
    "G",
    "l",
    "h",
    "Tab",
    "S-Tab",
    "Esc",
    "/",
    "s",
    "f",
    "F",
    "n",
    "N",
    "Enter",
    "J",
    "K",
    "}",
    "{",
    "H",
    "'",
    "O",
    "o",
    "M",
    "P",
    ".",
    "e",
    "F2",
    "C-s",
    "y",
    "Y",
    ";",
    "p",
    "a",
    "c",
    "1",
    "u",
    "Space",
    "m",
    "x",
    ":",
    "?",
    "证",
    "C-d",
    "C-u",
    "C-w",
    "C-o",
    "C-t",
    "Backspace",
    "Down",
    "Up",
    ",",
];

proptest! {
    #[test]
    fn no_sequence_of_keys_on_any_screen_panics(
        keys in collection::vec(sample::select(KEYS.to_vec()), 0..40),
        sizes in collection::vec((1u16..220, 1u16..60), 1..4),
    ) {
        let mut stage = Stage::new(120, 36);
        for (at, name) in keys.iter().enumerate() {
            if at % 8 == 0 {
                let (columns, rows) = sizes[at / 8 % sizes.len()];
                stage.tell(Msg::Resize(columns, rows));
            }
            stage.press(name);
            stage.screen();
        }
        for (columns, rows) in [(1, 1), (40, 10), (39, 10), (40, 9), (3, 60)] {
            stage.tell(Msg::Resize(columns, rows));
            stage.screen();
        }
    }

    #[test]
    fn a_box_over_chinese_text_keeps_its_borders(
        x in 0u16..60, y in 0u16..20, columns in 4u16..40, rows in 3u16..10, shift in any::<bool>(),
    ) {
        let app = app(100, 30);
        let mut buffer = ratatui::buffer::Buffer::empty(Rect::new(0, 0, 100, 30));
        for line in 0..30 {
            let text = format!("{}{}", if shift { "a" } else { "" }, "证书配置问题".repeat(9));
            buffer.set_stringn(0, line, text, 100, ratatui::style::Style::new());
        }
        let area = Rect::new(x, y, columns, rows);
        crate::tui::overlays::frame::open(&app, area, "题", &mut buffer);
        let lines = crate::tui::stage::lines(&buffer);
        for line in &lines[usize::from(y) + 1..usize::from(y + rows) - 1] {
            let borders: Vec<usize> = line.columns.iter().filter(|(_, s)| s == "│").map(|(x, _)| *x).collect();
            prop_assert!(borders == [usize::from(x), usize::from(x + columns) - 1], "{borders:?}");
        }
    }
}

#[test]
fn the_first_screen_before_any_answer_can_be_drawn_at_every_size() {
    for columns in [1, 39, 40, 69, 70, 109, 110, 200] {
        for rows in [1, 9, 10, 50] {
            screen(&app(columns, rows));
        }
    }
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
fn views_are_turned_through_and_say_why_each_ticket_waits() {
    let mut stage = Stage::new(120, 36);
    stage.press("]");
    stage.press("]");
    let screen = stage.screen();
    assert!(
        screen.contains(" 全部  待标注 [存疑] 误分类  有分歧  我的 "),
        "{screen}"
    );
    assert!(
        screen.contains("存疑：给定「证书下发超时」，而标题和回复说的是"),
        "{screen}"
    );
    assert_eq!(stage.app.list.total, 3);
    stage.press("Esc");
    assert_eq!(stage.app.list.total, TICKETS);
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
fn from_a_paste_to_a_copied_reply_it_is_one_digit() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Paste("证书一直处理中\r怎么办\r".into()));
    let screen = stage.screen();
    for words in [
        "CDN｜证书问题  75 %",
        "等待证书下发",
        "证书下发超时  66 %",
        "HTTPS 配置指南",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    stage.press("1");
    let what = copy(&stage);
    assert!(what.compose.values.is_empty() && !what.anyway);
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn blanks_are_filled_on_one_form_with_the_text_below() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Paste("证书一直处理中".into()));
    stage.press("2 Enter");
    assert_eq!(stage.notice(), "还有空没填");
    stage.press("2");
    assert!(
        stage
            .screen()
            .contains("请在控制台对 cdn.example.com 重新提交")
    );
    stage.write("30");
    stage.press("Enter");
    let compose = copy(&stage).compose;
    assert_eq!(compose.values["域名"], "cdn.example.com");
    assert_eq!(compose.values["分钟"], "30");
}

#[test]
fn a_known_reply_is_copied_by_its_short_code() {
    let mut stage = Stage::new(120, 36);
    stage.press("; z s Enter 1 1 Enter");
    let compose = copy(&stage).compose;
    assert_eq!(compose.values["域名"], "www.example.com");
    assert_eq!(compose.values["分钟"], "10");
}

#[test]
fn a_short_code_struck_faster_than_the_replies_come_is_copied_when_they_do() {
    let mut stage = Stage::new(120, 36);
    let mut effects = update(&mut stage.app, Msg::Key(key(";")));
    let Some(Effect::Ask(ask)) = effects.pop() else {
        panic!("{effects:?}");
    };
    stage.press("z s Enter");
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Code(_))));
    let replies = stage.answer(ask);
    stage.tell(replies);
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Slots(_))));
    stage.press("1 1 Enter");
    assert_eq!(copy(&stage).compose.values["域名"], "www.example.com");
}

#[test]
fn every_part_of_what_is_likely_can_be_taken() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Paste("证书一直处理中".into()));
    // From the replies over category and cause to the tickets.
    stage.press("Tab Tab Tab Enter");
    assert!(matches!(
        stage.app.overlays.last(),
        Some(Overlay::Reading(_))
    ));
    assert!(stage.screen().contains("更换证书后一直显示处理中"));
    stage.press("Esc Tab Enter");
    let asked = stage.asked(|r| matches!(r, Request::Show { .. }));
    assert!(format!("{:?}", asked.last()).contains(".1"), "{asked:?}");
    stage.press("Esc S-Tab S-Tab Enter");
    assert!(stage.app.overlays.is_empty());
    assert_eq!(stage.app.query.text(), "因:\"证书下发超时\"");
}

#[test]
fn a_paste_above_any_list_is_a_message() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y");
    stage.tell(Msg::Paste("证书一直处理中".into()));
    assert!(matches!(
        stage.app.overlays.last(),
        Some(Overlay::Advice(_))
    ));
}

/// A copy that the guard stopped.
fn guarded(text: &str, value: &str) -> Msg {
    let compose = CopyWhat::of(DraftOf::Standard {
        reply: "r".into(),
        ticket: None,
    });
    let found = vec![finding(text, value, "domain", "域名")];
    Msg::Copied(Copied::Guarded {
        compose: compose.compose,
        draft: Box::new(Draft {
            findings: found,
            ..draft(text)
        }),
    })
}

fn changed(what: &CopyWhat) -> &str {
    match &what.compose.of {
        DraftOf::Changed { text, .. } => text,
        other => panic!("a changed text, not {other:?}"),
    }
}

#[test]
fn what_the_guard_found_is_masked_made_a_blank_or_edited_before_the_copy() {
    let text = "请把 a.fig.test 解析好";
    for (keys, wanted) in [
        ("m Enter", "请把 *** 解析好"),
        ("M Enter", "请把 *** 解析好"),
        ("s Enter", "请把 {{域名}} 解析好"),
        ("e 请 C-s", "请请把 a.fig.test 解析好"),
    ] {
        let mut stage = Stage::new(120, 36);
        stage.tell(guarded(text, "a.fig.test"));
        stage.press(keys);
        let what = copy(&stage);
        assert_eq!(changed(&what), wanted, "{keys}");
        assert!(!what.anyway, "{keys}");
        assert!(stage.app.overlays.is_empty());
    }
    let mut stage = Stage::new(120, 36);
    stage.tell(guarded(text, "a.fig.test"));
    stage.press("Enter");
    assert!(copy(&stage).anyway);
}

#[test]
fn leaving_the_edited_text_goes_back_to_what_the_guard_found() {
    let mut stage = Stage::new(120, 36);
    stage.tell(guarded("请把 a.fig.test 解析好", "a.fig.test"));
    stage.press("e Esc");
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Guard(_))));
    stage.press("m Enter");
    assert_eq!(changed(&copy(&stage)), "请把 *** 解析好");
}

#[test]
fn in_a_longer_text_too_the_start_of_a_line_is_deleted_by_its_key() {
    let mut stage = Stage::new(120, 36);
    stage.tell(guarded("请把 a.fig.test 解析好", "a.fig.test"));
    stage.press("e 一 二 C-u 三 C-s");
    assert_eq!(changed(&copy(&stage)), "三请把 a.fig.test 解析好");
}

#[test]
fn every_copy_is_counted_with_what_was_overridden() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Copied(Copied::Done {
        outcome: Outcome::Show,
        draft: Box::new(draft("请稍后重试。")),
        sequence: Vec::new(),
        overridden: vec!["domain".into()],
        values: [("域名".to_owned(), "a.fig.test".to_owned())].into(),
    }));
    let counted = stage.asked(|r| matches!(r, Request::RecordUse { .. }));
    let [Request::RecordUse { uses }] = counted.as_slice() else {
        panic!("one count, not {counted:?}");
    };
    assert_eq!(uses[0].overridden, ["domain"]);
    // What was filled in is offered the next time, and named for what it is.
    stage.press("Esc ; z s Enter");
    let screen = stage.screen();
    assert!(screen.contains("我用过的  2 a.fig.test"), "{screen}");
    assert!(screen.contains("别的工单  3 cdn.example.com"), "{screen}");
}

#[test]
fn what_an_agent_said_becomes_a_standard_reply_with_slots_and_a_diff() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y P");
    let screen = stage.screen();
    assert!(
        screen.contains("[x] {{时间}}") && screen.contains('↵'),
        "{screen}"
    );
    stage.write("证书下发");
    stage.press("Enter");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    let [Request::EditReply(ReplyEdit::Create { name, text, of, .. })] = saved.as_slice() else {
        panic!("one new reply, not {saved:?}");
    };
    assert_eq!(name, "证书下发");
    assert!(text.contains("约需 {{时间}}；\n超过"), "{text}");
    assert!(of.is_some());
    // The form went with the answer; the replies stand there again.
    assert!(matches!(
        stage.app.overlays.last(),
        Some(Overlay::Replies(_))
    ));
}

#[test]
fn a_value_is_a_slot_or_not_as_the_agent_chooses() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y P Tab Tab Space C-s");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    assert!(format!("{saved:?}").contains("约需 10 分钟"), "{saved:?}");
}

#[test]
fn favourites_and_last_copies_are_one_key_away() {
    let mut stage = Stage::new(120, 36);
    stage.press("' 2");
    assert_eq!(copy(&stage), turn(1, Some(2)));
    stage.press("' f");
    let starred = stage.asked(|r| matches!(r, Request::Star { .. }));
    assert!(matches!(
        starred.as_slice(),
        [Request::Star { starred: false, .. }]
    ));
    // It is asked for again, for it is another list now.
    assert_eq!(stage.asked(|r| matches!(r, Request::AtHand)).len(), 3);
}

#[test]
fn a_reply_is_changed_and_taken_out_of_use_from_its_menu() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y j .");
    let screen = stage.screen();
    assert!(
        screen.contains("标为过时") && screen.contains("停用"),
        "{screen}"
    );
    // Copy, favourite, edit: the text is where the cursor stands.
    stage.press("3 请 C-s");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    let [Request::EditReply(ReplyEdit::Change { text, base_rev, .. })] = saved.as_slice() else {
        panic!("one change, not {saved:?}");
    };
    assert!(text.as_deref().unwrap().starts_with("请您好"));
    assert!(base_rev.is_some());
    stage.press(". 5");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    assert!(matches!(
        saved.last(),
        Some(Request::EditReply(ReplyEdit::Retire { retired: true, .. }))
    ));
    stage.press(". 4");
    stage.write("换了流程");
    stage.press("Enter");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    let Some(Request::EditReply(ReplyEdit::Outdated { reason, .. })) = saved.last() else {
        panic!("outdated, not {saved:?}");
    };
    assert_eq!(reason, "换了流程");
}

#[test]
fn another_reply_is_merged_into_one_from_its_menu() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y j .");
    let screen = stage.screen();
    let line = screen
        .lines()
        .find(|line| line.contains("把另一条并入这条"));
    let digit = line.and_then(|line| line.chars().find(char::is_ascii_digit));
    stage.press(&digit.unwrap().to_string());
    assert!(stage.screen().contains("并入哪一条"), "{}", stage.screen());
    // It cannot be merged into itself; another is at hand.
    if let Some(Overlay::Code(form)) = stage.app.overlays.last_mut() {
        assert!(form.rows().is_empty());
        let mut other = form.replies.clone().unwrap_or_default().remove(0);
        other.id = crate::model::ReplyId::from_bits(7);
        form.replies = Some(vec![other]);
    }
    stage.press("Enter");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    let [Request::EditReply(ReplyEdit::Merge { reply, others })] = saved.as_slice() else {
        panic!("one merge, not {saved:?}");
    };
    assert!(others.len() == 1 && others[0] != *reply);
}

#[test]
fn standard_replies_stand_after_the_tickets_own_turns() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y");
    assert!(stage.screen().contains("3 [标准] 重新提交配置"));
    stage.press("3");
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Slots(_))));
}

#[test]
fn an_export_is_about_what_is_listed() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书 OR 短信");
    stage.press("Enter f g e Tab Enter");
    let Some(Effect::Save(order)) = stage.effects.last() else {
        panic!("a file, not {:?}", stage.effects);
    };
    assert_eq!(order.path, "gongdan-export.csv");
    let Request::Export { query, .. } = &order.request else {
        panic!("an export, not {order:?}");
    };
    assert_eq!(query, "态:placeholder (证书 OR 短信)");
}

#[test]
fn a_file_that_is_there_is_asked_about_before_it_is_replaced() {
    let mut stage = Stage::new(120, 36);
    stage.press("g e Enter");
    let Some(Effect::Save(order)) = stage.effects.pop() else {
        panic!("a file");
    };
    stage.tell(Msg::Saved(Saved::Exists(order)));
    assert!(stage.screen().contains("gongdan-export.jsonl 已存在"));
    stage.press("Enter");
    let Some(Effect::Save(order)) = stage.effects.last() else {
        panic!("a file");
    };
    assert_eq!(order.existing, Existing::Replace);
}

#[test]
fn a_dataset_goes_only_after_a_question_that_counts_its_tickets() {
    let mut stage = Stage::new(120, 36);
    stage.press("g d Enter 2");
    assert!(stage.screen().contains("其中 40 条工单将消失"));
    let removed = |stage: &Stage| {
        stage
            .asked(|r| matches!(r, Request::RemoveDataset { .. }))
            .len()
    };
    assert_eq!(removed(&stage), 0);
    stage.press("Enter");
    assert_eq!(removed(&stage), 1);
    assert_eq!(stage.notice(), "已移除数据集 示例");
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

#[test]
fn a_setting_that_cannot_be_read_is_named_by_line_and_stays_open() {
    let mut stage = Stage::new(120, 36);
    stage.press("g , Enter Down");
    stage.write("x");
    stage.press("C-s");
    let screen = stage.screen();
    assert!(screen.contains("第 2 行第"), "{screen}");
    stage.press("C-d");
    stage.write(" ");
    stage.press("C-s");
    let saved = stage.asked(|request| matches!(request, Request::SetSetting { .. }));
    assert_eq!(saved.len(), 1);
    assert_eq!(stage.notice(), "已保存设置：产品词");
    assert!(!matches!(
        stage.app.overlays.last(),
        Some(Overlay::Editor(_))
    ));
}

#[test]
fn leaving_a_changed_setting_is_asked_about_once() {
    let mut stage = Stage::new(120, 36);
    stage.press("g , Enter");
    stage.write("[");
    stage.press("Esc");
    assert!(matches!(
        stage.app.overlays.last(),
        Some(Overlay::Editor(_))
    ));
    stage.press("Esc");
    assert!(matches!(
        stage.app.overlays.last(),
        Some(Overlay::Settings(_))
    ));
}

#[test]
fn rows_found_by_relaxing_are_counted_and_explained_apart() {
    let mut stage = Stage::new(120, 36);
    let mut found = crate::desk::api::Found {
        total: 2,
        ..Default::default()
    };
    for number in 0..5 {
        let mut row = stage.desk.row(number);
        if number > 1 {
            row.relaxed = Some(crate::model::Relaxed {
                kind: "dropped".into(),
                dropped: vec!["长颈鹿".into()],
            });
        }
        found.rows.push(crate::desk::api::Row::Ticket(row));
    }
    stage.press("/");
    let mut ask = rows_question(update(&mut stage.app, Msg::Key(key("证"))));
    ask.request = Request::Status;
    stage.tell(Msg::Answered(Answered {
        topic: ask.topic,
        generation: ask.generation,
        result: Ok(Answer::Found(found)),
        took: std::time::Duration::from_millis(4),
    }));
    assert!(stage.screen().contains("2 条 + 3 条近似 (~)"));
    stage.press("Enter j j");
    assert!(stage.screen().contains("~ 没有完全匹配；少了「长颈鹿」"));
}

#[test]
fn a_restricted_session_writes_no_files() {
    let mut stage = Stage::new(120, 36);
    stage.app.may_save = false;
    stage.press("g e");
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn a_form_whose_order_was_refused_comes_back_as_it_was_filled_in() {
    let mut stage = Stage::new(120, 36);
    stage.press("a");
    stage.write("从未有过的根因");
    stage.press("C-o");
    let sent = update(&mut stage.app, Msg::Key(key("Enter")));
    let sent = sent.iter().find_map(|effect| match effect {
        Effect::Ask(ask) if matches!(ask.topic, Topic::Act(_)) => Some(ask.generation),
        _ => None,
    });
    assert!(stage.app.overlays.is_empty());
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Act(Deed::Annotate),
        generation: sent.unwrap(),
        result: Err(DeskError::new(ErrorCode::Refused).with("role", "agent")),
        took: Default::default(),
    }));
    assert!(stage.notice().contains("需要角色 agent"));
    assert!(stage.screen().contains("从未有过的根因"));
    // Sent once more it is an order like any other, and gone when that is done.
    stage.press("Enter");
    assert!(stage.app.overlays.is_empty() && stage.app.sending.is_empty());
}
