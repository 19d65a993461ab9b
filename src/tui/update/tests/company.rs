//! Others at the same tickets.

use crate::api::{
    Annotate, Attended, CauseChoice, Desk, Doing, Present, Push, QueueKind, Request, Row, Target,
    ask,
};
use crate::model::{CauseState, TicketId};
use crate::tui::fake_desk::ticket_id;
use crate::tui::msg::{Effect, Msg, Topic};
use crate::tui::panes::list::{Source, row_id};
use crate::tui::stage::{Stage, key};
use crate::tui::update::update;

/// Somebody at a ticket, as the desk tells it.
fn at(number: usize, session: &str, doing: Doing) -> Attended {
    Attended {
        ticket: ticket_id(number),
        agents: vec![Present {
            session: session.into(),
            name: "周敏".into(),
            uid: 1007,
            declared: true,
            doing,
        }],
    }
}

#[test]
fn others_at_a_ticket_are_named_beside_it_and_marked_in_the_list() {
    let mut stage = Stage::new(120, 36);
    stage.tell(Msg::Pushed(Push::Present(vec![
        at(0, "other", Doing::Annotates),
        at(2, "own", Doing::Reads),
    ])));
    let screen = stage.screen();
    assert!(screen.contains("@ 周敏 (自报) 正在标注"), "{screen}");
    // One in the list and one in the detail; one's own session is nobody else.
    assert_eq!(screen.matches('@').count(), 2, "{screen}");
    let gone = Attended {
        agents: Vec::new(),
        ..at(0, "other", Doing::Annotates)
    };
    stage.tell(Msg::Pushed(Push::Present(vec![gone])));
    assert!(!stage.screen().contains('@'));
}

#[test]
fn the_desk_is_told_where_the_agent_is_and_what_they_do() {
    let mut stage = Stage::new(120, 36);
    stage.press("j a");
    let told = |stage: &Stage| -> Vec<(Option<String>, Doing)> {
        let asked = stage.desk.asked.lock().unwrap();
        let told = asked.iter().filter_map(|request| match request {
            Request::Attend(ask::Attend { id, doing }) => Some((id.clone(), *doing)),
            _ => None,
        });
        told.collect()
    };
    let id = |number: usize| Some(ticket_id(number).to_string());
    let mut wanted = vec![
        (id(0), Doing::Reads),
        (id(1), Doing::Reads),
        (id(1), Doing::Annotates),
    ];
    assert_eq!(told(&stage), wanted);
    // Another daemon knows of nobody.
    stage.tell(Msg::Pushed(Push::Resync));
    wanted.push((id(1), Doing::Annotates));
    assert_eq!(told(&stage), wanted);
}

#[test]
fn a_queue_passes_over_what_others_work_on() {
    let mut stage = Stage::new(120, 36);
    stage.press("] ]");
    let queue = Source::Queue(QueueKind::Suspect);
    assert_eq!(stage.app.list.source, queue);
    let all: Vec<TicketId> = stage.app.list.tickets().collect();
    assert!(all.len() > 2);
    stage.press("j j");
    let asked = stage.desk.asked.lock().unwrap().len();
    let other = |doing| {
        let mut attended = at(0, "other", doing);
        attended.ticket = all[1];
        Msg::Pushed(Push::Present(vec![attended]))
    };
    stage.tell(other(Doing::Works));
    let handed: Vec<TicketId> = stage.app.list.tickets().collect();
    assert_eq!(handed.len(), all.len() - 1);
    assert!(!handed.contains(&all[1]));
    assert_eq!(stage.app.list.hits.as_ref().unwrap().total, handed.len());
    let cursor = |stage: &Stage| stage.app.list.current_ticket().map(|row| row.id);
    assert_eq!(cursor(&stage), Some(all[2]), "the cursor left its ticket");
    // Given back: whoever only reads holds nobody up.
    stage.tell(other(Doing::Reads));
    assert_eq!(stage.app.list.tickets().collect::<Vec<_>>(), all);
    assert_eq!(cursor(&stage), Some(all[2]));
    let queues = |request: &Request| matches!(request, Request::Queue(_));
    let since = stage.desk.asked.lock().unwrap().split_off(asked);
    assert!(!since.iter().any(queues), "the queue was asked for again");
}

/// What the desk was asked by a message from it.
fn asked_by(stage: &mut Stage, push: Push) -> Vec<Request> {
    let before = stage.desk.asked.lock().unwrap().len();
    stage.tell(Msg::Pushed(push));
    let asked = stage.desk.asked.lock().unwrap();
    asked.iter().skip(before).cloned().collect()
}

/// Somebody else decides on a ticket.
fn decide(stage: &Stage, id: TicketId) {
    let order = Request::Annotate(Annotate {
        targets: vec![Target {
            id: id.to_string(),
            base_rev: None,
        }],
        causes: vec![CauseChoice::New("别的原因".into())],
        note: String::new(),
    });
    stage.desk.call(order).unwrap();
}

#[test]
fn of_what_others_changed_only_rows_that_are_shown_are_asked_for_again() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书");
    stage.press("Enter");
    let ids: Vec<TicketId> = stage.app.list.tickets().collect();
    let before = stage.app.list.rows.clone();
    let (held, elsewhere) = (ids[1], TicketId::from_hash(&[9; 32]));
    decide(&stage, held);
    let changed = Push::Changed(vec![held, elsewhere]);
    let asked = asked_by(&mut stage, changed);
    assert_eq!(asked, [Request::Rows(ask::Rows { ids: vec![held] })]);
    let Row::Ticket(row) = &stage.app.list.rows[1] else {
        panic!()
    };
    assert_eq!(row.causes[0].name, "别的原因");
    // What the query found in it is still there, and nothing else has moved.
    let Row::Ticket(was) = &before[1] else {
        panic!()
    };
    assert_eq!(
        (row.rank, &row.title_highlights),
        (was.rank, &was.title_highlights)
    );
    assert_eq!(stage.app.list.rows[0], before[0]);
    assert_eq!(asked_by(&mut stage, Push::Changed(vec![elsewhere])), []);
    // The ticket that is shown in full is asked for in full.
    let shown = ids[0];
    let asked = asked_by(&mut stage, Push::Changed(vec![shown]));
    let id = shown.to_string();
    assert!(
        asked.contains(&Request::Show(ask::Show { id })),
        "{asked:?}"
    );
    let searches = |request: &Request| matches!(request, Request::Search(_));
    assert!(!asked.iter().any(searches), "{asked:?}");
}

#[test]
fn a_list_that_is_filtered_by_causes_is_asked_for_again_when_a_row_of_it_was_decided_on() {
    let mut stage = Stage::new(120, 36);
    stage.app.filter.cause_state = Some(CauseState::Given);
    stage.app.list.restart();
    stage.press("j");
    let held = stage.app.list.tickets().next().unwrap();
    let asked = asked_by(&mut stage, Push::Changed(vec![held]));
    let lists = |request: &Request| matches!(request, Request::List(_));
    assert!(asked.iter().any(lists), "{asked:?}");
}

#[test]
fn a_query_for_causes_is_asked_again_once_search_knows_what_was_decided() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("证书");
    stage.press("Enter");
    let held: Vec<TicketId> = stage.app.list.tickets().take(1).collect();
    assert_eq!(asked_by(&mut stage, Push::Findable(held.clone())), []);
    stage.app.filter.cause_state = Some(CauseState::Given);
    stage.app.list.restart();
    stage.press("j");
    let held: Vec<TicketId> = stage.app.list.tickets().take(1).collect();
    let asked = asked_by(&mut stage, Push::Findable(held));
    let searches = |request: &Request| matches!(request, Request::Search(_));
    assert!(asked.iter().any(searches), "{asked:?}");
}

#[test]
fn whoever_types_is_at_no_ticket_until_the_query_is_left() {
    let mut stage = Stage::new(120, 36);
    let before = stage.desk.asked.lock().unwrap().len();
    stage.press("/");
    stage.write("证书");
    let dwelt = |request: &Request| matches!(request, Request::Attend(_) | Request::Suggest(_));
    let since = |stage: &Stage| -> Vec<Request> {
        let asked = stage.desk.asked.lock().unwrap();
        asked
            .iter()
            .skip(before)
            .filter(|r| dwelt(r))
            .cloned()
            .collect()
    };
    assert_eq!(since(&stage), []);
    stage.press("Enter j");
    assert!(!since(&stage).is_empty());
}

/// Strikes a key that asks for rows, which are read before a ticket is decided on and come after
/// that was told; says what the desk was asked then.
fn overtaken(stage: &mut Stage, name: &str, changed: TicketId) -> Vec<Request> {
    let effects = update(&mut stage.app, Msg::Key(key(name)));
    let rows = effects.into_iter().find_map(|effect| match effect {
        Effect::Ask(ask) if matches!(ask.topic, Topic::Rows { .. }) => Some(ask),
        _ => None,
    });
    let early = stage.answer(rows.expect("the rows were asked for"));
    decide(stage, changed);
    stage.tell(Msg::Pushed(Push::Changed(vec![changed])));
    let before = stage.desk.asked.lock().unwrap().len();
    stage.tell(early);
    stage.desk.asked.lock().unwrap().split_off(before)
}

#[test]
fn a_row_that_changes_while_it_is_on_its_way_is_shown_as_it_is_now() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    let id = ticket_id(0);
    let asked = overtaken(&mut stage, "证", id);
    let Some(Row::Ticket(row)) = stage
        .app
        .list
        .rows
        .iter()
        .find(|row| row_id(row) == id.as_str())
    else {
        panic!("{}", stage.screen());
    };
    assert_eq!(row.causes[0].name, "别的原因");
    let searches = |request: &Request| matches!(request, Request::Search(_));
    assert!(!asked.iter().any(searches), "{asked:?}");
    // What did not change, or changed before it was asked for, is not asked for again.
    let asked = overtaken(&mut stage, "书", TicketId::from_hash(&[9; 32]));
    let again = |request: &Request| matches!(request, Request::Rows(_));
    assert!(!asked.iter().any(again), "{asked:?}");
}

#[test]
fn a_queue_out_of_which_a_ticket_is_decided_while_it_is_on_its_way_is_asked_for_again() {
    let mut stage = Stage::new(120, 36);
    stage.press("/");
    stage.write("没有这样的");
    stage.press("Esc");
    let asked = overtaken(&mut stage, "]", ticket_id(1));
    let queues = |request: &&Request| matches!(request, Request::Queue(_));
    assert_eq!(asked.iter().filter(queues).count(), 1, "{asked:?}");
}
