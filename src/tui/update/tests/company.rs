//! Others at the same tickets.

use crate::desk::api::{Attended, Doing, Present, QueueKind};
use crate::desk::{Push, Request};
use crate::model::TicketId;
use crate::tui::fake_desk::ticket_id;
use crate::tui::msg::Msg;
use crate::tui::panes::list::Source;
use crate::tui::stage::Stage;

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
            Request::Attend { id, doing } => Some((id.clone(), *doing)),
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
    let queues = |request: &Request| matches!(request, Request::Queue { .. });
    let since = stage.desk.asked.lock().unwrap().split_off(asked);
    assert!(!since.iter().any(queues), "the queue was asked for again");
}
