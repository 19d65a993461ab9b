//! Orders of which nothing becomes: what was filled in for them is there to be sent once more.

use super::selected;
use crate::api::{Answer, Conflict, DeskError, Push, Request, Role, Settlement, Unreachable};
use crate::model::{RecordId, ReplyId};
use crate::tui::fake_desk::{act, entry};
use crate::tui::msg::{Answered, Ask, ChangeKind, Effect, Msg, Topic};
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::panes::tabs::{self, Tab};
use crate::tui::stage::{Stage, key};
use crate::tui::update::update;

const SIZES: [(u16, u16); 4] = [(200, 50), (120, 36), (80, 24), (40, 10)];

fn needs(role: Role) -> DeskError {
    DeskError::Refused { role }
}

/// Fills a form in, has its order refused, and sends it once more to a desk that takes it.
fn refused(name: &str, fill: &dyn Fn(&mut Stage), filled: &str, again: &str) {
    for (columns, rows) in SIZES {
        let mut stage = Stage::new(columns, rows);
        stage.refuses = Some(needs(Role::Curator));
        fill(&mut stage);
        let said = stage.notice();
        assert!(said.contains("需要角色 curator"), "{name}: {said}");
        let screen = stage.screen();
        assert!(screen.contains(filled), "{name} {columns}: {screen}");
        let below = stage.app.overlays.len() - 1;
        stage.refuses = None;
        stage.press(again);
        assert!(stage.app.sending.is_empty(), "{name}: {}", stage.notice());
        assert_eq!(stage.app.overlays.len(), below, "{name}: it is closed");
    }
}

#[test]
fn a_form_whose_order_was_refused_comes_back_as_it_was_filled_in() {
    let causes: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("a");
        stage.write("从未有过的根因");
        stage.press("C-o Enter");
    };
    refused("causes", causes, "从未有过的根因", "Enter");
    let dissent: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("V");
        stage.write("TTL");
        stage.press("Space Tab");
        stage.write("抓包看过");
        stage.press("Enter");
    };
    refused("dissent", dissent, "抓包看过", "Enter");
    let category: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("c");
        stage.write("CDN｜回源");
        stage.press("Enter");
    };
    refused("category", category, "CDN｜回源", "Enter");
    let view: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("w");
        stage.write("夜班");
        stage.press("Tab Enter");
    };
    refused("view", view, "夜班", "Enter");
    let setting: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("g , Enter");
        stage.write(" ");
        stage.press("C-s");
    };
    refused("setting", setting, "对象存储", "C-s");
    let outdated: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("g o");
        stage.write("控制台改版了");
        stage.press("Enter");
    };
    refused("outdated", outdated, "控制台改版了", "Enter");
    let rename: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("g c");
        stage.write("TTL");
        stage.press("Enter 2 C-u");
        stage.write("缓存未过期");
        stage.press("Enter");
    };
    refused("rename", rename, "缓存未过期", "Enter");
    let reply: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("Y j . 3");
        stage.write("请先看");
        stage.press("C-s");
    };
    refused("reply", reply, "请先看", "C-s");
    let merge: &dyn Fn(&mut Stage) = &|stage| {
        stage.press("Y j . 8");
        let Some(form) = stage.top_mut::<CodeForm>() else {
            panic!("{}", stage.screen());
        };
        let other = form.replies.as_mut().and_then(|rows| rows.first_mut());
        other.unwrap().id = ReplyId::from_hash(&[4; 32]);
        stage.write("重新提");
        stage.press("Enter");
    };
    refused("merge", merge, "重新提", "Enter");
}

#[test]
fn look_alikes_that_were_refused_keep_their_causes_and_their_note() {
    let mut stage = Stage::new(120, 36);
    stage.refuses = Some(needs(Role::Agent));
    let first = selected(&stage);
    stage.press("A Space Tab");
    stage.write("TTL");
    stage.press("Space Tab");
    stage.write("抓包看过");
    stage.press("Enter Enter");
    assert!(stage.notice().contains("需要角色 agent"));
    assert!(stage.screen().contains("抓包看过"), "{}", stage.screen());
    // The note is there when other causes are chosen, too.
    stage.press("Tab Tab");
    assert!(stage.screen().contains("抓包看过"), "{}", stage.screen());
    stage.press("Esc");
    stage.refuses = None;
    stage.press("Enter");
    let orders = stage.asked(|request| matches!(request, Request::Annotate(_)));
    let [Request::Annotate(order)] = orders.as_slice() else {
        panic!("one request, not {orders:?}");
    };
    assert_eq!(order.note, "抓包看过");
    assert!(order.targets.iter().all(|target| target.id != first));
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn a_question_that_is_answered_with_no_brings_its_form_back() {
    let mut stage = Stage::new(120, 36);
    stage.press("m a a");
    stage.write("TTL");
    stage.press("Space Tab");
    stage.write("抓包看过");
    stage.press("Enter");
    assert!(stage.screen().contains("40 条工单的根因"));
    stage.press("Esc");
    assert!(stage.screen().contains("抓包看过"), "{}", stage.screen());
    assert!(stage.app.sending.is_empty(), "nothing is on the way");
    stage.press("Esc g c");
    stage.write("TTL");
    stage.press("Enter 3");
    stage.write("权限");
    stage.press("Enter");
    assert!(stage.screen().contains("合并到"));
    stage.press("Esc");
    assert!(stage.screen().contains("权限"), "{}", stage.screen());
    // Asked once more and answered with yes, it is an order that can be refused.
    stage.refuses = Some(needs(Role::Curator));
    stage.press("Enter Enter");
    assert!(stage.notice().contains("需要角色 curator"));
    assert!(stage.screen().contains("权限"), "{}", stage.screen());
}

#[test]
fn a_new_cause_that_was_refused_does_not_take_the_place_of_the_next() {
    let mut stage = Stage::new(120, 36);
    stage.press("g c");
    stage.write("节点过热");
    let first = sent(&mut stage);
    stage.write("链路");
    stage.tell(nothing_became_of(first));
    assert!(stage.screen().contains("链路"), "{}", stage.screen());
    stage.press("C-u Esc");
    assert!(stage.screen().contains("节点过热"), "{}", stage.screen());
    // Where nothing was typed since, it stands in the field again.
    let again = sent(&mut stage);
    assert!(!stage.screen().contains("节点过热"), "{}", stage.screen());
    stage.tell(nothing_became_of(again));
    assert!(stage.screen().contains("节点过热"), "{}", stage.screen());
    assert_eq!(stage.app.overlays.len(), 1);
}

#[test]
fn a_form_that_comes_back_does_not_take_the_keys_from_another() {
    let mut stage = Stage::new(120, 36);
    stage.press("g o");
    stage.write("控制台改版了");
    let order = sent(&mut stage);
    stage.press("c");
    stage.write("CDN");
    stage.tell(nothing_became_of(order));
    stage.write("｜回源");
    assert!(stage.screen().contains("CDN｜回源"), "{}", stage.screen());
    stage.press("Esc");
    assert!(stage.screen().contains("控制台改版了"));
}

#[test]
fn a_conflict_that_could_not_be_settled_is_in_the_list_again() {
    let mut stage = Stage::new(120, 36);
    let conflict = |record: u128, title: &str| Conflict {
        record: RecordId(record),
        mine: entry("cause/x", title, vec!["旧".into()], vec!["新".into()]),
        theirs: None,
        now: vec!["别的".into()],
        merged: None,
    };
    let mut done = act(Vec::new());
    done.conflicts = vec![conflict(7, "更换证书"), conflict(8, "回源失败")];
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Act(ChangeKind::Annotate),
        generation: Default::default(),
        result: Ok(Answer::Done(done)),
        took: Default::default(),
    }));
    stage.refuses = Some(needs(Role::Agent));
    let list = |stage: &Stage| {
        let Some(list) = stage.top::<ConflictList>() else {
            panic!("{}", stage.screen());
        };
        let rows = list.rows.as_deref().unwrap_or_default();
        (rows[list.selected].record.0, list.how, rows.len())
    };
    stage.press("j 2");
    assert!(stage.notice().contains("需要角色 agent"));
    assert_eq!(list(&stage), (8, Settlement::Theirs, 2));
    // The last of them, with which the list closes, too.
    stage.refuses = None;
    stage.press("1");
    stage.refuses = Some(needs(Role::Agent));
    stage.press("2");
    assert_eq!(list(&stage), (7, Settlement::Theirs, 1));
}

#[test]
fn a_ticket_whose_decision_was_refused_is_in_the_queue_again() {
    for keys in ["1", "A Enter"] {
        let mut stage = Stage::new(120, 36);
        stage.press("] ]");
        let (first, total) = (selected(&stage), stage.app.list.total);
        stage.refuses = Some(needs(Role::Agent));
        stage.press(keys);
        assert!(stage.notice().contains("需要角色 agent"), "{keys}");
        assert_eq!(stage.app.list.total, total, "{keys}");
        assert_eq!(selected(&stage), first, "{keys}");
    }
}

#[test]
fn what_was_typed_stays_where_the_desk_is_lost_and_found_again() {
    let mut stage = Stage::new(120, 36);
    let effects = update(&mut stage.app, Msg::Key(key("a")));
    let vocabulary = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if ask.topic == Topic::Vocabulary => Some(ask),
        _ => None,
    });
    stage.press("Tab");
    stage.write("抓包看过");
    stage.tell(Msg::Answered(Answered {
        topic: Topic::Vocabulary,
        generation: vocabulary.unwrap().generation,
        result: Err(DeskError::Unreachable(Unreachable::NotAnswered)),
        took: Default::default(),
    }));
    assert!(stage.screen().contains("抓包看过"), "{}", stage.screen());
    stage.tell(Msg::Pushed(Push::Resync));
    stage.press("Tab");
    stage.write("TTL");
    stage.press("Enter");
    let orders = stage.asked(|request| matches!(request, Request::Annotate(_)));
    let [Request::Annotate(order)] = orders.as_slice() else {
        panic!("one request, not {orders:?}");
    };
    assert_eq!(order.note, "抓包看过");
}

#[test]
fn a_view_that_was_not_saved_is_not_open() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书");
    stage.press("Esc w");
    stage.write("夜班");
    stage.refuses = Some(needs(Role::Curator));
    stage.press("Tab Enter Esc");
    assert_eq!(tabs::current(&stage.app), Some(Tab::All));
    // The search is still what stands behind a queue.
    stage.press("] [");
    assert_eq!(stage.app.query.text(), "证书");
}

/// Strikes Enter, which sends an order that the desk does not answer yet.
fn sent(stage: &mut Stage) -> Ask {
    let effects = update(&mut stage.app, Msg::Key(key("Enter")));
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if matches!(ask.topic, Topic::Act(_)) => Some(ask),
        _ => None,
    });
    order.expect("an order was sent")
}

fn nothing_became_of(order: Ask) -> Msg {
    Msg::Answered(Answered {
        topic: order.topic,
        generation: order.generation,
        result: Err(needs(Role::Curator)),
        took: Default::default(),
    })
}
