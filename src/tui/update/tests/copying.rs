//! What is copied, and what is looked at before.

use crate::api::{DeskError, Draft, DraftOf, Request, Unreachable, ask};
use crate::clipboard::Outcome;
use crate::model::ReplyId;
use crate::tui::fake_desk::{draft, finding, ticket_id};
use crate::tui::msg::{Copied, CopyWhat, Effect, Msg};
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::guard::Guard;
use crate::tui::overlays::slots::SlotForm;
use crate::tui::stage::{Stage, key};
use crate::tui::update::update;

/// A copy of what an agent said.
fn turn(ticket: usize, turn: Option<usize>) -> CopyWhat {
    CopyWhat::of(DraftOf::Turn {
        id: ticket_id(ticket).to_string(),
        turn,
        receiver: None,
    })
}

/// The copy that was asked for, which must be the only effect.
fn copy(stage: &Stage) -> CopyWhat {
    let [Effect::Copy(what)] = stage.effects.as_slice() else {
        panic!("a copy, not {:?}", stage.effects);
    };
    what.clone()
}

/// A copy that the guard stopped.
fn guarded(text: &str, value: &str) -> Msg {
    let compose = CopyWhat::of(DraftOf::Standard {
        reply: "r".into(),
        ticket: None,
    });
    let findings = vec![finding(text, value, "domain", "域名")];
    let copied = Copied::Guarded {
        compose: compose.compose,
        draft: Box::new(Draft {
            findings,
            ..draft(text)
        }),
    };
    Msg::Copied(None, copied)
}

fn changed(what: &CopyWhat) -> &str {
    match &what.compose.of {
        DraftOf::Changed { text, .. } => text,
        other => panic!("a changed text, not {other:?}"),
    }
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
    stage.press("Down Down Enter");
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
    stage.press("; z s Enter Down Enter Down Enter Enter");
    let compose = copy(&stage).compose;
    assert_eq!(compose.values["域名"], "www.example.com");
    assert_eq!(compose.values["分钟"], "10");
}

#[test]
fn the_code_of_an_outdated_reply_says_why_instead_of_copying_another() {
    let mut stage = Stage::new(120, 36);
    stage.press(";");
    let Some(form) = stage.top_mut::<CodeForm>() else {
        panic!("the code form");
    };
    let replies = form.replies.as_mut().expect("the replies came");
    let mut old = replies[0].clone();
    (old.id, old.code) = (ReplyId::from_hash(&[9; 32]), "old".into());
    (old.offered, old.outdated) = (false, "只有三个月了".into());
    // Another one whose text fits what is typed.
    replies[0].text.push_str("old");
    replies.push(old.clone());
    assert!(
        !stage.screen().contains("只有三个月了"),
        "it is not offered"
    );
    stage.press("o l d");
    assert!(
        stage.screen().contains("只有三个月了"),
        "{}",
        stage.screen()
    );
    let Some(form) = stage.top::<CodeForm>() else {
        panic!("the code form");
    };
    assert_eq!(form.rows()[0].id, old.id);
}

#[test]
fn a_short_code_struck_faster_than_the_replies_come_is_copied_when_they_do() {
    let mut stage = Stage::new(120, 36);
    let mut effects = update(&mut stage.app, Msg::Key(key(";")));
    let Some(Effect::Ask(ask)) = effects.pop() else {
        panic!("{effects:?}");
    };
    stage.press("z s Enter");
    assert!(stage.top::<CodeForm>().is_some());
    let replies = stage.answer(ask);
    stage.tell(replies);
    assert!(stage.top::<SlotForm>().is_some());
    stage.press("Down Enter Down Enter Enter");
    assert_eq!(copy(&stage).compose.values["域名"], "www.example.com");
}

#[test]
fn a_digit_in_a_blank_is_typed_and_takes_no_value() {
    let mut stage = Stage::new(120, 36);
    stage.press("; z s Enter");
    let Some(form) = stage.top::<SlotForm>() else {
        panic!("{:?}", stage.app.overlays);
    };
    let offered = form.slots[form.at].candidates.len();
    assert!(offered > 0);
    stage.press("3 0 0 0");
    let Some(form) = stage.top::<SlotForm>() else {
        panic!("{:?}", stage.app.overlays);
    };
    assert_eq!((form.at, form.slots[0].input.value()), (0, "3000"));
}

#[test]
fn alt_and_a_digit_or_a_click_take_a_value() {
    let filled = |stage: &Stage| {
        let form = stage.top::<SlotForm>().expect("the blanks");
        form.slots[0].input.value().to_owned()
    };
    let mut stage = Stage::new(120, 36);
    stage.press("; z s Enter A-1");
    assert_eq!(filled(&stage), "www.example.com");
    let mut stage = Stage::new(120, 36);
    stage.press("; z s Enter");
    let shown = stage.screen();
    let row = shown
        .lines()
        .position(|line| line.contains("1 www.example.com"));
    let row = row.unwrap();
    let line = shown.lines().nth(row).unwrap();
    let before = line.split("www.example.com").next().unwrap();
    stage.click(crate::tui::measure::width(before), row);
    assert_eq!(filled(&stage), "www.example.com");
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
    assert!(stage.top::<Guard>().is_some());
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
    let copied = Copied::Done {
        outcome: Outcome::Show,
        draft: Box::new(draft("请稍后重试。")),
        sequence: Vec::new(),
        overridden: vec!["domain".into()],
        values: [("域名".to_owned(), "a.fig.test".to_owned())].into(),
    };
    stage.tell(Msg::Copied(None, copied));
    let counted = stage.asked(|r| matches!(r, Request::RecordUse(_)));
    let [Request::RecordUse(ask::RecordUse { uses })] = counted.as_slice() else {
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
fn favourites_and_last_copies_are_one_key_away() {
    let mut stage = Stage::new(120, 36);
    stage.press("' 2");
    assert_eq!(copy(&stage), turn(1, Some(2)));
    stage.press("' f");
    let starred = stage.asked(|r| matches!(r, Request::Star(_)));
    assert!(matches!(
        starred.as_slice(),
        [Request::Star(ask::Star { starred: false, .. })]
    ));
    // It is asked for again, for it is another list now.
    assert_eq!(stage.asked(|r| matches!(r, Request::AtHand(_))).len(), 3);
}

#[test]
fn blanks_and_texts_whose_copy_was_refused_come_back_as_they_were_filled_in() {
    let slots: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("; z s Enter C-u");
        stage.write("b.fig.test");
        stage.press("Enter");
        stage.write("30");
        stage.press("Enter");
    };
    let text: &dyn Fn(&mut Stage) = &|stage| {
        stage.tell(guarded("请把 a.fig.test 解析好", "a.fig.test"));
        stage.press("e");
        stage.write("b.fig.test ");
        stage.press("C-s");
    };
    let masked: &dyn Fn(&mut Stage) = &|stage| {
        stage.tell(guarded("请把 a.fig.test 换成 b.fig.test", "a.fig.test"));
        stage.press("m Enter");
    };
    for (fill, again) in [(slots, "Enter"), (text, "C-s"), (masked, "Enter")] {
        let mut stage = Stage::new(120, 36);
        fill(&mut stage);
        assert!(stage.app.overlays.is_empty(), "{}", stage.screen());
        let first = copy(&stage);
        let refused = Copied::Refused(DeskError::Unreachable(Unreachable::NotAnswered));
        stage.tell(Msg::Copied(first.form, refused));
        assert!(stage.screen().contains("b.fig.test"), "{}", stage.screen());
        stage.effects.clear();
        stage.press(again);
        let second = copy(&stage);
        assert_eq!(second.compose, first.compose);
        let warned = Copied::Guarded {
            compose: second.compose,
            draft: Box::new(draft("请稍后重试。")),
        };
        stage.tell(Msg::Copied(second.form, warned));
        assert!(stage.app.sending.is_empty(), "nothing is on the way");
    }
}

#[test]
fn whoever_heeds_a_warning_is_back_at_the_blanks_they_filled() {
    let mut stage = Stage::new(120, 36);
    stage.press("; z s Enter C-u");
    stage.write("b.fig.test");
    stage.press("Enter");
    stage.write("30");
    stage.press("Enter");
    let warns = |stage: &mut Stage| {
        let what = copy(stage);
        stage.effects.clear();
        let text = "请对 b.fig.test 重新提交";
        let draft = Draft {
            findings: vec![finding(text, "b.fig.test", "domain", "域名")],
            ..draft(text)
        };
        let copied = Copied::Guarded {
            compose: what.compose,
            draft: Box::new(draft),
        };
        stage.tell(Msg::Copied(what.form, copied));
        assert!(stage.top::<Guard>().is_some());
    };
    warns(&mut stage);
    // Masked, and warned of all the same: there is one way back, not one for each warning.
    stage.press("m Enter");
    warns(&mut stage);
    stage.press("Esc");
    assert!(stage.app.overlays.len() == 1 && stage.top::<SlotForm>().is_some());
    let screen = stage.screen();
    assert!(
        screen.contains("b.fig.test") && screen.contains("30"),
        "{screen}"
    );
}
