//! An agent at work: a workbench without a screen, used as people use it.
//!
//! An agent types a question letter by letter, looks at what was found, goes down some rows, reads
//! one, and now and then decides on its root cause. What is asked of the desk meanwhile is what the
//! workbench asks: rows and counts with each key, the ticket under the cursor with suggested
//! causes, and again what others have changed of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use gongdan::daemon::SocketDesk;
use gongdan::desk::api::{Annotate, CauseChoice, Doing, Row, Target, TicketRow};
use gongdan::desk::{Answer, Desk, ErrorCode, Push, Request};
use gongdan::model::{Revision, TicketFilter, TicketId};

use crate::corpus::{Corpus, Dice};

/// Rows a workbench asks for.
const HITS: usize = 200;

/// What all agents share.
pub struct Office {
    pub corpus: Corpus,
    /// Tickets that many look at.
    pub hot: Vec<TicketId>,
    pub until: Instant,
    /// When an annotation of a ticket was given last.
    pub given: Mutex<HashMap<TicketId, Instant>>,
}

/// An annotation that was answered.
pub struct Decision {
    pub ticket: TicketId,
    pub base: Revision,
    pub note: String,
    pub conflicts: usize,
    pub accepted: bool,
}

/// What one agent saw.
#[derive(Default)]
pub struct Seen {
    /// How long was waited, by what for.
    pub took: BTreeMap<&'static str, Vec<Duration>>,
    pub decisions: Vec<Decision>,
    pub pushes: BTreeMap<&'static str, usize>,
}

impl Seen {
    fn note(&mut self, what: &'static str, took: Duration) {
        self.took.entry(what).or_default().push(took);
    }
}

/// What is on the screen that is not drawn.
#[derive(Default)]
struct Screen {
    rows: Vec<TicketRow>,
    shown: Option<TicketId>,
    revision: Revision,
}

/// A question with when its key was struck.
enum Ask {
    Rows(Instant, String),
    Side(Instant, Side),
    /// None will follow.
    Over,
}

enum Side {
    Tree(String),
    Show(TicketId),
}

/// One agent with its threads.
struct Agent {
    office: Arc<Office>,
    desk: Arc<SocketDesk>,
    number: usize,
    screen: Arc<Mutex<Screen>>,
    seen: Arc<Mutex<Seen>>,
    rows: Sender<Ask>,
    tree: Sender<Ask>,
    detail: Sender<Ask>,
    /// How often each ticket was annotated.
    turns: HashMap<TicketId, usize>,
}

/// The two causes that an agent decides for in turn, so that no two agents mean the same.
pub fn causes(agent: usize) -> [String; 2] {
    ["甲", "乙"].map(|side| format!("原因{side}{agent}"))
}

/// Runs an agent to the end of its day.
pub fn work(office: &Arc<Office>, desk: SocketDesk, number: usize) -> Seen {
    let desk = Arc::new(desk);
    let (screen, seen) = (Arc::default(), Arc::default());
    let mut threads = Vec::new();
    let mut lane = || {
        let (sender, questions) = unbounded();
        let (desk, screen, seen) = (Arc::clone(&desk), Arc::clone(&screen), Arc::clone(&seen));
        threads.push(std::thread::spawn(move || {
            ask_all(desk.as_ref(), &questions, &screen, &seen)
        }));
        sender
    };
    let (rows, tree, detail) = (lane(), lane(), lane());
    let listening = listen(office, &desk, &screen, &seen, detail.clone());
    let mut agent = Agent {
        office: Arc::clone(office),
        desk,
        number,
        screen,
        seen: Arc::clone(&seen),
        rows,
        tree,
        detail,
        turns: HashMap::new(),
    };
    agent.day();
    for lane in [&agent.rows, &agent.tree, &agent.detail] {
        let _ = lane.send(Ask::Over);
    }
    drop(agent);
    for thread in threads {
        thread.join().expect("a lane ends well");
    }
    listening.join().expect("a listener ends well");
    Arc::into_inner(seen).map_or_else(Seen::default, |seen| seen.into_inner().expect("no panic"))
}

impl Agent {
    fn day(&mut self) {
        let mut dice = Dice::new(self.number as u64 + 7);
        think(&mut dice, 0, 9_000);
        while Instant::now() < self.office.until {
            self.types(&mut dice);
            think(&mut dice, 1_000, 2_500);
            for _ in 0..1 + dice.below(3) {
                self.looks_at_next();
                think(&mut dice, 300, 700);
            }
            think(&mut dice, 2_000, 5_000);
            if dice.below(3) == 0 {
                self.decides(&mut dice);
            }
        }
    }

    fn types(&mut self, dice: &mut Dice) {
        let words: Vec<&str> = (0..1 + dice.below(3))
            .map(|_| self.office.corpus.word(dice))
            .collect();
        let question = words.join(" ");
        let mut typed = String::new();
        for letter in question.chars() {
            typed.push(letter);
            let now = Instant::now();
            let _ = self.rows.send(Ask::Rows(now, typed.clone()));
            let _ = self.tree.send(Ask::Side(now, Side::Tree(typed.clone())));
            think(dice, 150, 250);
        }
    }

    /// Goes to the row below the one that is shown.
    fn looks_at_next(&self) {
        let next = {
            let screen = self.screen.lock().expect("no panic");
            let at = screen
                .rows
                .iter()
                .position(|row| Some(row.id) == screen.shown);
            screen.rows.get(at.map_or(0, |at| at + 1)).map(|row| row.id)
        };
        if let Some(id) = next {
            let _ = self.detail.send(Ask::Side(Instant::now(), Side::Show(id)));
        }
    }

    fn decides(&mut self, dice: &mut Dice) {
        if dice.below(2) == 0 {
            let hot = self.office.hot[dice.below(self.office.hot.len())];
            let _ = self.detail.send(Ask::Side(Instant::now(), Side::Show(hot)));
            think(dice, 3_000, 8_000);
        }
        let (ticket, base) = {
            let screen = self.screen.lock().expect("no panic");
            match screen.shown {
                Some(id) => (id, screen.revision),
                None => return,
            }
        };
        let annotates = Request::Attend {
            id: Some(ticket.to_string()),
            doing: Doing::Annotates,
        };
        self.desk.call(annotates).expect("presence is told");
        think(dice, 500, 1_500);
        let turn = self.turns.entry(ticket).or_default();
        *turn += 1;
        let cause = causes(self.number)[*turn % 2].clone();
        self.annotate(ticket, base, cause);
    }

    fn annotate(&self, ticket: TicketId, base: Revision, cause: String) {
        let mut seen = self.seen.lock().expect("no panic");
        let note = format!("{} {}", self.number, seen.decisions.len());
        let order = Request::Annotate(Annotate {
            targets: vec![Target {
                id: ticket.to_string(),
                base_rev: Some(base),
            }],
            causes: vec![CauseChoice::Known(cause)],
            note: note.clone(),
        });
        drop(seen);
        let begun = Instant::now();
        self.office
            .given
            .lock()
            .expect("no panic")
            .insert(ticket, begun);
        let answer = self.desk.call(order).expect("an order is answered");
        seen = self.seen.lock().expect("no panic");
        seen.note("annotate", begun.elapsed());
        let Answer::Done(done) = answer else {
            panic!("{answer:?}");
        };
        let accepted = done
            .entries
            .iter()
            .any(|entry| entry.note == note && entry.accepted);
        seen.decisions.push(Decision {
            ticket,
            base,
            note,
            conflicts: done.conflicts.len(),
            accepted,
        });
    }
}

fn think(dice: &mut Dice, from: u64, to: u64) {
    let more = dice.below(usize::try_from(to - from).unwrap_or(1)) as u64;
    std::thread::sleep(Duration::from_millis(from + more));
}

/// A lane of a workbench: of questions that wait only the newest is asked.
fn ask_all(
    desk: &SocketDesk,
    questions: &Receiver<Ask>,
    screen: &Mutex<Screen>,
    seen: &Mutex<Seen>,
) {
    while let Ok(first) = questions.recv() {
        let mut asked = vec![first];
        asked.extend(questions.try_iter());
        match asked.last() {
            Some(Ask::Rows(_, query)) => ask_rows(desk, query, screen),
            Some(Ask::Side(_, Side::Tree(query))) => ask_tree(desk, query),
            Some(Ask::Side(_, Side::Show(id))) => ask_ticket(desk, *id, screen),
            Some(Ask::Over) | None => return,
        }
        let mut seen = seen.lock().expect("no panic");
        for ask in asked {
            // Whoever struck a key waited until rows to it, or to a later one, were there.
            match ask {
                Ask::Rows(since, _) => seen.note("keystroke: rows", since.elapsed()),
                Ask::Side(since, Side::Tree(_)) => seen.note("keystroke: counts", since.elapsed()),
                Ask::Side(since, Side::Show(_)) => seen.note("ticket", since.elapsed()),
                Ask::Over => {}
            }
        }
    }
}

fn ask_rows(desk: &SocketDesk, query: &str, screen: &Mutex<Screen>) {
    let search = Request::Search {
        query: query.to_owned(),
        filter: TicketFilter::default(),
        limit: HITS,
    };
    let Answer::Found(found) = desk.call(search).expect("an answer") else {
        panic!("rows");
    };
    let tickets = found.rows.into_iter().filter_map(|row| match row {
        Row::Ticket(row) => Some(row),
        Row::Passage(_) => None,
    });
    screen.lock().expect("no panic").rows = tickets.collect();
}

fn ask_tree(desk: &SocketDesk, query: &str) {
    let tree = Request::Tree {
        query: query.to_owned(),
        filter: TicketFilter::default(),
    };
    desk.call(tree).expect("counts");
}

/// Shows a ticket, with suggested causes, and tells where the agent is.
fn ask_ticket(desk: &SocketDesk, id: TicketId, screen: &Mutex<Screen>) {
    let id = id.to_string();
    let Answer::Ticket(view) = desk
        .call(Request::Show { id: id.clone() })
        .expect("a ticket")
    else {
        panic!("a ticket");
    };
    {
        let mut screen = screen.lock().expect("no panic");
        screen.shown = Some(view.row.id);
        screen.revision = view.row.revision;
    }
    match desk.call(Request::Suggest { id: id.clone() }) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.code, ErrorCode::InsightNotReady),
    }
    let reads = Request::Attend {
        id: Some(id),
        doing: Doing::Reads,
    };
    desk.call(reads).expect("presence is told");
}

/// Takes pushes as a workbench does: what it shows and others changed is asked for again.
fn listen(
    office: &Arc<Office>,
    desk: &Arc<SocketDesk>,
    screen: &Arc<Mutex<Screen>>,
    seen: &Arc<Mutex<Seen>>,
    detail: Sender<Ask>,
) -> JoinHandle<()> {
    let pushes = desk.subscribe();
    let (office, desk) = (Arc::clone(office), Arc::downgrade(desk));
    let (screen, seen) = (Arc::clone(screen), Arc::clone(seen));
    std::thread::spawn(move || {
        for push in pushes {
            let what = name(&push);
            *seen
                .lock()
                .expect("no panic")
                .pushes
                .entry(what)
                .or_default() += 1;
            let Push::Changed(ids) = push else { continue };
            let now = Instant::now();
            let given = office.given.lock().expect("no panic");
            let since = ids.first().and_then(|id| given.get(id)).copied();
            drop(given);
            if let Some(since) = since {
                seen.lock()
                    .expect("no panic")
                    .note("told elsewhere", now - since);
            }
            let ids: BTreeSet<TicketId> = ids.into_iter().collect();
            let (shown, rows) = {
                let screen = screen.lock().expect("no panic");
                let rows = screen.rows.iter().filter(|row| ids.contains(&row.id));
                (screen.shown, rows.count())
            };
            let Some(desk) = desk.upgrade() else { return };
            let _ = (rows, &desk);
            // Whoever decides now does so on what they see: the answer comes later.
            if let Some(shown) = shown.filter(|shown| ids.contains(shown)) {
                let _ = detail.send(Ask::Side(now, Side::Show(shown)));
            }
        }
    })
}

fn name(push: &Push) -> &'static str {
    match push {
        Push::Changed(_) => "changed",
        Push::Part(_) => "part",
        Push::Reload => "reload",
        Push::Progress(_) => "progress",
        Push::Present(_) => "present",
        Push::Resync => "resync",
    }
}
