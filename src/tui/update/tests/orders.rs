//! Answers to orders that come after the agent has gone on.

use crate::api::{Answer, Conflict, LogEntry};
use crate::model::RecordId;
use crate::tui::fake_desk::{act, entry, ticket_id};
use crate::tui::msg::{Answered, Ask, ChangeKind, Effect, Msg, Topic};
use crate::tui::overlays::editor::Editor;
use crate::tui::overlays::reply_form::ReplyForm;
use crate::tui::stage::{Stage, key};
use crate::tui::update::update;

/// Strikes a key that sends an order, which the desk does not answer yet.
fn sent(stage: &mut Stage, name: &str) -> Ask {
    let effects = update(&mut stage.app, Msg::Key(key(name)));
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if matches!(ask.topic, Topic::Act(_)) => Some(ask),
        _ => None,
    });
    order.expect("an order was sent")
}

fn done(stage: &mut Stage, order: Ask) {
    let answer = stage.answer(order);
    stage.tell(answer);
}

#[test]
fn a_late_answer_leaves_a_reply_that_is_written_meanwhile() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y j .");
    let retired = sent(&mut stage, "5");
    stage.press(". 3 请");
    done(&mut stage, retired);
    let Some(form) = stage.top::<ReplyForm>() else {
        panic!("{}", stage.screen());
    };
    assert!(form.template().starts_with("请您好"));
    stage.press("C-s");
    assert!(stage.top::<ReplyForm>().is_none());
}

#[test]
fn what_is_written_after_saving_is_not_closed_by_the_answer() {
    let mut stage = Stage::new(120, 36);
    stage.press("g , Enter");
    stage.write(" ");
    let saved = sent(&mut stage, "C-s");
    // Closed at once, and opened once more before the answer.
    stage.press("Enter");
    stage.write("甲");
    done(&mut stage, saved);
    assert!(stage.top::<Editor>().is_some());
    assert!(stage.screen().contains("甲"), "{}", stage.screen());
}

#[test]
fn marks_set_after_an_order_are_for_the_next() {
    let mut stage = Stage::new(120, 36);
    stage.press("Space Space a");
    stage.write("TTL");
    stage.press("Space");
    let annotated = sent(&mut stage, "Enter");
    stage.press("Space");
    assert_eq!(stage.app.list.marked.len(), 3);
    done(&mut stage, annotated);
    let marked: Vec<_> = stage.app.list.marked.keys().copied().collect();
    assert_eq!(marked, [ticket_id(2)]);
}

#[test]
fn a_conflict_about_a_setting_says_which_and_its_undo_is_told_in_words() {
    let mut stage = Stage::new(120, 36);
    let change = |what: &str, key: &str, before: &str, after: &str| LogEntry {
        what: what.to_owned(),
        ..entry(key, "", vec![before.into()], vec![after.into()])
    };
    let mut done = act(vec![change("resolve", "conflict/7", "settled", "open")]);
    done.conflicts.push(Conflict {
        record: RecordId(7),
        mine: change("setting", "settings/words", "[]", "[\"云舟盘\"]"),
        theirs: None,
        now: vec!["[]".into()],
        merged: None,
    });
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Act(ChangeKind::Undo),
        generation: Default::default(),
        result: Ok(Answer::Done(done)),
        took: Default::default(),
    }));
    let shown = stage.screen();
    assert!(shown.contains("设置  产品词"), "{shown}");
    let told = stage.notice();
    assert!(told.contains("已裁定") && told.contains("待处理"), "{told}");
}
