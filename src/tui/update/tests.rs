//! The workbench as an agent drives it: keys and answers in, screens and questions out.

mod annotating;
mod answering;
mod company;
mod copying;
mod drawing;
mod orders;
mod refused;
mod views;

use crate::api::{Answer, DeskError, JobState, Progress, Push, Request, Role, ask};
use crate::config::Existing;
use crate::tui::fake_desk::{TICKETS, entry, ticket_id};
use crate::tui::layout::Focus;
use crate::tui::msg::{Answered, Ask, ChangeKind, Effect, Msg, Saved, Topic};
use crate::tui::overlays::editor::Editor;
use crate::tui::overlays::pager::Pager;
use crate::tui::overlays::settings::SettingList;
use crate::tui::overlays::stats::StatsView;
use crate::tui::panes::list::row_id;
use crate::tui::stage::{Stage, app, key};
use crate::tui::update::update;

fn rows_question(effects: Vec<Effect>) -> Ask {
    let ask = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if matches!(ask.topic, Topic::Rows { .. }) => Some(ask),
        _ => None,
    });
    ask.expect("the rows were asked for")
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
fn rows_that_are_ranked_once_more_leave_the_cursor_on_its_row() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    let asked = rows_question(update(&mut stage.app, Msg::Key(key("短"))));
    let answer = stage.answer(asked.clone());
    stage.tell(answer);
    stage.press("Enter j");
    let before = selected(&stage);
    let Msg::Answered(mut again) = stage.answer(asked) else {
        panic!("an answer");
    };
    if let Ok(Answer::Found(found)) = &mut again.result {
        found.rows.reverse();
    }
    let first = stage.app.list.rows.first().map(row_id);
    stage.tell(Msg::Answered(again));
    assert_ne!(stage.app.list.rows.first().map(row_id), first);
    assert_eq!(selected(&stage), before);
}

#[test]
fn typing_is_possible_before_the_desk_is_there() {
    let mut app = app(80, 24);
    update(&mut app, Msg::Key(key("/")));
    for c in ["证", "书"] {
        assert!(update(&mut app, Msg::Key(key(c))).is_empty());
    }
    let ask = rows_question(update(&mut app, Msg::Linked(Ok(()))));
    assert!(matches!(ask.request, Request::Search(ask::Search { query, .. }) if query == "证书"));
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
fn the_command_line_completes_runs_and_remembers() {
    let mut stage = Stage::new(120, 36);
    stage.press(":");
    stage.write("stat");
    stage.press("Tab Enter");
    assert!(stage.top::<StatsView>().is_some() || stage.top::<Pager>().is_some());
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
    let error = DeskError::Refused { role: Role::Agent };
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Act(ChangeKind::Annotate),
        generation: Default::default(),
        result: Err(error),
        took: Default::default(),
    }));
    assert!(stage.notice().contains("没有权限"));
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
fn an_export_is_about_what_is_listed() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书 OR 短信");
    stage.press("Enter f g e Tab Enter");
    let Some(Effect::Save(order)) = stage.effects.last() else {
        panic!("a file, not {:?}", stage.effects);
    };
    assert_eq!(order.path, "gongdan-export.csv");
    let Request::Export(ask::Export { query, .. }) = &order.request else {
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
    stage.tell(Msg::Saved(order.form, Saved::Exists(order)));
    assert!(stage.screen().contains("gongdan-export.jsonl 已存在"));
    stage.press("Enter");
    let Some(Effect::Save(order)) = stage.effects.last() else {
        panic!("a file");
    };
    assert_eq!(order.existing, Existing::Replace);
}

#[test]
fn a_file_that_was_not_written_is_asked_for_again_under_the_same_name() {
    let mut stage = Stage::new(120, 36);
    let saving = |stage: &mut Stage| {
        stage.press("Enter");
        let Some(Effect::Save(order)) = stage.effects.pop() else {
            panic!("a file");
        };
        order
    };
    stage.press("g e C-u");
    stage.write("夜班.jsonl");
    // There is such a file, and it stays.
    let order = saving(&mut stage);
    stage.tell(Msg::Saved(order.form, Saved::Exists(order)));
    assert!(stage.screen().contains("已存在"), "{}", stage.screen());
    stage.press("Esc");
    assert!(stage.screen().contains("夜班.jsonl"), "{}", stage.screen());
    // The desk does not give the bytes.
    let order = saving(&mut stage);
    let refused = DeskError::Refused { role: Role::Agent };
    stage.tell(Msg::Saved(order.form, Saved::Refused(refused)));
    assert!(stage.notice().contains("需要角色 agent"));
    assert!(stage.screen().contains("夜班.jsonl"), "{}", stage.screen());
    // Replaced at last.
    let order = saving(&mut stage);
    stage.tell(Msg::Saved(order.form, Saved::Exists(order)));
    let order = saving(&mut stage);
    assert_eq!(order.existing, Existing::Replace);
    let (path, bytes) = (order.path, 5);
    stage.tell(Msg::Saved(order.form, Saved::Done { path, bytes }));
    assert!(stage.app.overlays.is_empty() && stage.app.sending.is_empty());
}

#[test]
fn a_dataset_goes_only_after_a_question_that_counts_its_tickets() {
    let mut stage = Stage::new(120, 36);
    stage.press("g d Enter 2");
    assert!(stage.screen().contains("其中 40 条工单将消失"));
    let removed = |stage: &Stage| {
        stage
            .asked(|r| matches!(r, Request::RemoveDataset(_)))
            .len()
    };
    assert_eq!(removed(&stage), 0);
    stage.press("Enter");
    assert_eq!(removed(&stage), 1);
    assert_eq!(stage.notice(), "已移除数据集 示例");
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
    let saved = stage.asked(|request| matches!(request, Request::SetSetting(_)));
    assert_eq!(saved.len(), 1);
    assert_eq!(stage.notice(), "已保存设置：产品词");
    assert!(stage.top::<Editor>().is_none());
}

#[test]
fn leaving_a_changed_setting_is_asked_about_once() {
    let mut stage = Stage::new(120, 36);
    stage.press("g , Enter");
    stage.write("[");
    stage.press("Esc");
    assert!(stage.top::<Editor>().is_some());
    stage.press("Esc");
    assert!(stage.top::<SettingList>().is_some());
}

#[test]
fn rows_found_by_relaxing_are_counted_and_explained_apart() {
    let mut stage = Stage::new(120, 36);
    let mut found = crate::api::Found {
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
        found.rows.push(crate::api::Row::Ticket(row));
    }
    stage.press("/");
    let mut ask = rows_question(update(&mut stage.app, Msg::Key(key("证"))));
    ask.request = Request::Status(ask::Status);
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
