//! Agents who see each other: who is at a ticket, and queues that hand out different ones.

use crossbeam_channel::Receiver;
use gongdan::api::{
    Answer, Attended, Attending, Desk, Doing, Push, QueueKind, QueueRow, Request, ask,
};
use gongdan::model::{TicketFilter, TicketId};

use super::{Bench, DOCUMENT, all, import};

/// Longer than a push takes on a busy machine.
const LONG: std::time::Duration = std::time::Duration::from_secs(20);

fn attend(desk: &dyn Desk, id: TicketId, doing: Doing) -> Attending {
    let id = Some(id.to_string());
    match desk
        .call(Request::Attend(ask::Attend { id, doing }))
        .unwrap()
    {
        Answer::Attending(Some(attending)) => attending,
        other => panic!("{other:?}"),
    }
}

/// The next news of a ticket.
fn heard(pushes: &Receiver<Push>, id: TicketId) -> Attended {
    loop {
        if let Push::Present(told) = pushes.recv_timeout(LONG).unwrap()
            && let Some(told) = told.into_iter().find(|told| told.ticket == id)
        {
            return told;
        }
    }
}

pub fn who_is_at_a_ticket_is_told(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    import(mine, "team", "a.md", DOCUMENT);
    let (first, second) = (all(mine)[0].id, all(mine)[1].id);
    let pushes = mine.subscribe();
    let attending = attend(theirs, first, Doing::Reads);
    assert_eq!((attending.session.as_str(), attending.held_by), ("b", None));
    let told = heard(&pushes, first);
    let agent = &told.agents[0];
    assert_eq!((agent.name.as_str(), agent.session.as_str()), ("周", "b"));
    assert_eq!((agent.doing, agent.declared), (Doing::Reads, false));
    attend(theirs, first, Doing::Annotates);
    assert_eq!(heard(&pushes, first).agents[0].doing, Doing::Annotates);
    let Answer::Present(everybody) = mine.call(Request::Present(ask::Present)).unwrap() else {
        panic!()
    };
    assert_eq!(everybody.len(), 1);
    attend(theirs, second, Doing::Reads);
    assert!(heard(&pushes, first).agents.is_empty());
    let doing = Doing::Reads;
    theirs
        .call(Request::Attend(ask::Attend { id: None, doing }))
        .unwrap();
    while !heard(&pushes, second).agents.is_empty() {}
}

pub fn a_queue_hands_out_different_tickets(bench: &Bench) {
    let (mine, theirs) = (bench.first.as_ref(), bench.second.as_ref());
    let twice = DOCUMENT.replace("证书未重新绑定", "暂无");
    import(mine, "team", "a.md", &twice);
    mine.call(Request::Analyse(ask::Analyse)).unwrap();
    let queue = |desk: &dyn Desk| -> Vec<QueueRow> {
        let kind = Some(QueueKind::Placeholder);
        let request = Request::Queue(ask::Queue {
            kind,
            filter: TicketFilter::default(),
            limit: 10,
        });
        match desk.call(request).unwrap() {
            Answer::Queue(page) => page.rows,
            other => panic!("{other:?}"),
        }
    };
    let rows = queue(mine);
    assert!(rows.len() >= 2, "{rows:?}");
    assert_eq!(attend(mine, rows[0].id, Doing::Works).held_by, None);
    // Whoever comes second is told, and finds the ticket at the end.
    let held = attend(theirs, rows[0].id, Doing::Works).held_by.unwrap();
    assert_eq!(held.name, "林");
    let left = queue(theirs);
    assert_eq!(left[0].id, rows[1].id);
    assert_eq!(
        left.len(),
        rows.len(),
        "no ticket is out of sight of scripts"
    );
    let last = left.last().unwrap();
    assert_eq!((last.id, last.held_by.is_some()), (rows[0].id, true));
    assert!(queue(mine)[0].held_by.is_none(), "one's own is not held");
    // Whoever only reads holds nothing, and what is left alone is there again.
    attend(theirs, rows[1].id, Doing::Works);
    attend(mine, rows[0].id, Doing::Reads);
    assert!(queue(theirs).iter().all(|row| row.held_by.is_none()));
}
