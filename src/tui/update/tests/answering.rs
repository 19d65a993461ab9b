//! What a message is answered with, and how a reply becomes everybody's.

use crate::api::{AdviceView, Answer, JobState, Progress, Push, ReplyEdit, Request};
use crate::tui::msg::{Effect, Msg};
use crate::tui::overlays::advice::Advice;
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::reading::Reading;
use crate::tui::overlays::replies::Replies;
use crate::tui::overlays::slots::SlotForm;
use crate::tui::stage::{Stage, key};
use crate::tui::update::update;

#[test]
fn tickets_like_a_pasted_message_are_listed_by_one_key() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Paste("证书一直处理中\r怎么办\r".into()));
    stage.press("Space");
    let asked = stage.asked(|r| matches!(r, Request::Similar(_)));
    assert!(
        format!("{asked:?}").contains("证书一直处理中\\n怎么办"),
        "{asked:?}"
    );
}

#[test]
fn every_part_of_what_is_likely_can_be_taken() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Paste("证书一直处理中".into()));
    // From the replies over category and cause to the tickets.
    stage.press("Tab Tab Tab Enter");
    assert!(stage.top::<Reading>().is_some());
    assert!(stage.screen().contains("更换证书后一直显示处理中"));
    stage.press("Esc Tab Enter");
    let asked = stage.asked(|r| matches!(r, Request::Show(_)));
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
    assert!(stage.top::<Advice>().is_some());
}

#[test]
fn a_message_pasted_before_the_tickets_are_understood_gets_its_replies_afterwards() {
    let mut stage = Stage::new(120, 36);
    let asked = update(&mut stage.app, Msg::Paste("证书一直处理中".into()));
    let [Effect::Ask(asked)] = asked.as_slice() else {
        panic!("one question, not {asked:?}");
    };
    let Msg::Answered(mut early) = stage.answer(asked.clone()) else {
        panic!("an answer");
    };
    let Ok(Answer::Advice(view)) = &mut early.result else {
        panic!("advice");
    };
    **view = AdviceView {
        tickets: view.tickets.clone(),
        analysing: Some(37),
        ..AdviceView::default()
    };
    let ticket = view.tickets[0].title.clone();
    stage.tell(Msg::Answered(early));
    let shown = stage.screen();
    assert!(shown.contains("37 %") && shown.contains(&ticket), "{shown}");
    assert!(!shown.contains("等待证书下发"), "{shown}");
    stage.press("1");
    assert!(stage.screen().contains("37 %"), "nothing is copied unseen");
    stage.tell(Msg::Pushed(Push::Progress(Progress {
        job: None,
        what: "insight".into(),
        done: 0,
        total: 0,
        state: JobState::Done,
    })));
    let shown = stage.screen();
    assert!(shown.contains("等待证书下发"), "{shown}");
    assert!(!shown.contains("37 %"), "{shown}");
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
    assert!(stage.top::<Replies>().is_some());
}

#[test]
fn a_value_is_a_slot_or_not_as_the_agent_chooses() {
    let mut stage = Stage::new(120, 36);
    stage.press("Y P Tab Tab Space C-s");
    let saved = stage.asked(|r| matches!(r, Request::EditReply(_)));
    assert!(format!("{saved:?}").contains("约需 10 分钟"), "{saved:?}");
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
    assert!(
        stage.screen().contains("把哪一条并入"),
        "{}",
        stage.screen()
    );
    // It cannot be merged into itself; another is at hand.
    if let Some(form) = stage.top_mut::<CodeForm>() {
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
    assert!(stage.top::<SlotForm>().is_some());
}

fn burst(text: &str) -> Msg {
    let typed = |c| match c {
        '\n' => key("Enter"),
        ' ' => key("Space"),
        c => key(&c.to_string()),
    };
    Msg::Burst(text.chars().map(typed).collect())
}

#[test]
fn a_paste_without_brackets_changes_nothing_and_is_a_customers_message() {
    let mut stage = Stage::new(120, 36);
    let before = stage.desk.asked.lock().unwrap().len();
    stage.tell(burst(
        "工单号 20240613-11\na退款问题\n您好 3 天了还没到账\nVAcuu",
    ));
    assert!(stage.top::<Advice>().is_some());
    let asked = stage.desk.asked.lock().unwrap();
    let changes = |request: &&Request| {
        matches!(
            request,
            Request::Annotate(_) | Request::Undo(_) | Request::Vote(_) | Request::Recategorise(_)
        )
    };
    assert_eq!(asked.iter().skip(before).find(changes), None);
}

#[test]
fn a_burst_in_the_query_line_is_typed_or_pasted_there() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.tell(burst("证书一直处理中怎么办"));
    assert_eq!(stage.app.query.input.value(), "证书一直处理中怎么办");
    stage.tell(burst("\n退款的问题\na1a1"));
    assert!(stage.app.overlays.is_empty());
    assert_eq!(stage.app.focus, crate::tui::layout::Focus::Query);
}
