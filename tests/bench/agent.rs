//! An agent at work: a workbench without a screen, used as people use it.
//!
//! An agent opens the workbench, types a question letter by letter, looks at what was found, goes
//! down some rows, reads one, and now and then decides on its root cause or corrects its category.
//! What is asked of the desk meanwhile is what the workbench asks: the newest tickets first; rows,
//! counts and the first ticket with each key; the ticket under the cursor with suggested causes, and
//! where the agent is, once the query is left; the vocabulary with the form; everything again after
//! an act of one's own, and what is shown of what others have changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use gongdan::api::{
    Annotate, Answer, CauseChoice, Desk, Doing, ErrorCode, JobState, Part, Push, Recategorise,
    Request, Row, Target, TicketOrArticle, TicketRow, ask,
};
use gongdan::daemon::SocketDesk;
use gongdan::model::{Category, Revision, TicketFilter, TicketId};

use crate::corpus::{Corpus, Dice};

/// Rows a workbench asks for with each key.
const HITS: usize = 50;

/// The same where nothing is asked for.
const WINDOW: usize = 200;

/// From and to, in milliseconds; what lies between is equally likely.
type Span = (u64, u64);

/// How fast agents are.
pub struct Pace {
    /// Until the first question of the day.
    begins: Span,
    /// From one Chinese character of a question to the next.
    han: Span,
    /// From one letter or digit to the next.
    letter: Span,
    /// Looks over what was found.
    looks: Span,
    /// Stays at a row on the way to the one that is read.
    passes: Span,
    /// Reads a ticket.
    reads: Span,
    /// Reads one that many look at.
    reads_hot: Span,
    /// Fills in the form.
    decides: Span,
    /// Is with the customer until the next question.
    away: Span,
}

/// Agents as they are on a busy day.
///
/// Professional typists of Chinese are examined at 80 to 120 characters a minute, which is one in
/// 500 to 750 ms; here each is a key of its own, though an input method hands over whole words,
/// which is fewer and longer pauses. 120 to 280 ms a letter are 40 to 100 English words a minute.
/// A ticket of some hundred characters is read whole in a minute (Chinese is read silently at 300
/// to 500 characters a minute) and looked through in 8 to 25 s. Support desks count 5 to 10 minutes
/// for a case and two or three at a time, which is one in about 3 minutes for an agent; with two
/// questions for each, one follows the other after about 90 s. All agents are at work all the time:
/// none is at a meeting, at lunch, or waits for a customer.
pub const PEOPLE: Pace = Pace {
    begins: (0, 90_000),
    han: (400, 900),
    letter: (120, 280),
    looks: (1_500, 4_000),
    passes: (1_500, 4_000),
    reads: (8_000, 25_000),
    reads_hot: (8_000, 25_000),
    decides: (3_000, 8_000),
    away: (30_000, 90_000),
};

/// Agents who do nothing but ask, faster than anybody types Chinese: a question each 8 s from each
/// of them. It shows what becomes of a host that has too much to do.
pub const RUSH: Pace = Pace {
    begins: (0, 9_000),
    han: (150, 250),
    letter: (150, 250),
    looks: (1_000, 2_500),
    passes: (300, 700),
    reads: (2_000, 5_000),
    reads_hot: (3_000, 8_000),
    decides: (500, 1_500),
    away: (0, 0),
};

/// What all agents share.
pub struct Office {
    pub corpus: Corpus,
    pub pace: Pace,
    /// Tickets that many look at.
    pub hot: Vec<TicketId>,
    pub until: Instant,
    /// When an annotation of a ticket was given last.
    pub given: Mutex<HashMap<TicketId, Instant>>,
}

/// An annotation that was answered.
pub struct Decision {
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
    /// When the annotation was given of which was told last, by ticket.
    told: HashMap<TicketId, Instant>,
}

impl Seen {
    fn note(&mut self, what: &'static str, took: Duration) {
        self.took.entry(what).or_default().push(took);
    }
}

/// What is on the screen that is not drawn.
#[derive(Default)]
struct Screen {
    query: String,
    rows: Vec<TicketRow>,
    shown: Option<TicketId>,
    revision: Revision,
    /// Whether the query is left: tickets that pass by while it is typed are not dwelt on.
    dwells: bool,
    /// Whether causes of the ticket shown are still to be asked for.
    suggests: bool,
    /// Whether the form is open.
    decides: bool,
    /// Where the desk was told that the agent is.
    told: Option<(TicketId, Doing)>,
}

/// What somebody waits for on account of a key that was struck, or of something else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Key,
    Other,
}

/// A question with when its key was struck.
enum Ask {
    Rows(Why, Instant, String),
    Side(Why, Instant, Side),
    /// None will follow.
    Over,
}

impl Ask {
    /// Whether it makes those before it worthless.
    fn newest_wins(&self) -> bool {
        match self {
            Self::Side(_, _, Side::Vocabulary | Side::Rows(_) | Side::Opening(_)) => false,
            Self::Rows(..) | Self::Side(..) | Self::Over => true,
        }
    }
}

enum Side {
    Tree(String),
    Show(TicketId),
    /// What may have caused a ticket that an agent stays at.
    Suggest(TicketId),
    /// Where the agent is.
    Attend(TicketId, Doing),
    /// Causes to choose from.
    Vocabulary,
    /// Rows that others changed.
    Rows(Vec<TicketId>),
    /// Beside the first rows of all: what the store holds, who is where, and saved views.
    Opening(Request),
}

impl Side {
    /// What its answer is waited for as.
    fn name(&self, why: Why) -> Option<&'static str> {
        match (self, why) {
            (Self::Tree(_), Why::Key) => Some("keystroke: counts"),
            (Self::Tree(_), Why::Other) => Some("counts"),
            (Self::Show(_), Why::Key) => Some("keystroke: first ticket"),
            (Self::Show(_), Why::Other) => Some("ticket"),
            (Self::Suggest(_), _) => Some("suggested causes"),
            (Self::Vocabulary, _) => Some("vocabulary"),
            (Self::Rows(_), _) => Some("changed rows"),
            (Self::Attend(..) | Self::Opening(_), _) => None,
        }
    }
}

/// The ways to the threads that ask.
#[derive(Clone)]
struct Lanes {
    rows: Sender<Ask>,
    tree: Sender<Ask>,
    detail: Sender<Ask>,
    suggest: Sender<Ask>,
    attend: Sender<Ask>,
    side: Sender<Ask>,
}

impl Lanes {
    /// Asks for the rows of a query; what stands beside them is asked for when they are there.
    fn ask(&self, why: Why, query: &str) {
        let ask = Ask::Rows(why, Instant::now(), query.to_owned());
        let _ = self.rows.send(ask);
    }

    fn beside(&self, why: Why, since: Instant, side: Side) {
        let lane = match side {
            Side::Tree(_) => &self.tree,
            Side::Show(_) => &self.detail,
            Side::Suggest(_) => &self.suggest,
            Side::Attend(..) => &self.attend,
            Side::Vocabulary | Side::Rows(_) | Side::Opening(_) => &self.side,
        };
        let _ = lane.send(Ask::Side(why, since, side));
    }

    fn now(&self, side: Side) {
        self.beside(Why::Other, Instant::now(), side);
    }

    /// Asks for what is wanted of a ticket that an agent stays at, and tells where the agent is.
    fn dwell(&self, screen: &mut Screen) {
        let Some(shown) = screen.shown.filter(|_| screen.dwells) else {
            return;
        };
        if std::mem::take(&mut screen.suggests) {
            self.now(Side::Suggest(shown));
        }
        let doing = if screen.decides {
            Doing::Annotates
        } else {
            Doing::Reads
        };
        if screen.told.replace((shown, doing)) != Some((shown, doing)) {
            self.now(Side::Attend(shown, doing));
        }
    }

    /// Asks again for all that is shown.
    fn refresh(&self, screen: &Screen) {
        self.ask(Why::Other, &screen.query);
        if let Some(shown) = screen.shown {
            self.now(Side::Show(shown));
        }
    }

    fn all(&self) -> [&Sender<Ask>; 6] {
        [
            &self.rows,
            &self.tree,
            &self.detail,
            &self.suggest,
            &self.attend,
            &self.side,
        ]
    }
}

/// One agent with its threads.
struct Agent {
    office: Arc<Office>,
    desk: Arc<SocketDesk>,
    number: usize,
    screen: Arc<Mutex<Screen>>,
    seen: Arc<Mutex<Seen>>,
    lanes: Lanes,
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
    let (screen, seen) = (Arc::default(), Arc::<Mutex<Seen>>::default());
    let [rows, tree, detail, suggest, attend, side] = [(); 6].map(|()| unbounded());
    let lanes = Lanes {
        rows: rows.0,
        tree: tree.0,
        detail: detail.0,
        suggest: suggest.0,
        attend: attend.0,
        side: side.0,
    };
    let questions = [rows.1, tree.1, detail.1, suggest.1, attend.1, side.1];
    let threads = questions.map(|questions| {
        let (desk, screen, seen) = (Arc::clone(&desk), Arc::clone(&screen), Arc::clone(&seen));
        let lanes = lanes.clone();
        std::thread::spawn(move || ask_all(&desk, &questions, &screen, &seen, &lanes))
    });
    let listening = listen(office, &desk, &screen, &seen, lanes.clone());
    let mut agent = Agent {
        office: Arc::clone(office),
        desk,
        number,
        screen,
        seen: Arc::clone(&seen),
        lanes,
        turns: HashMap::new(),
    };
    let _ = agent.day();
    for lane in agent.lanes.all() {
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
    /// Works until the day is over, whatever is not done yet: hundreds who finish it at the same
    /// moment are not the team that is measured.
    fn day(&mut self) -> Option<()> {
        let mut dice = Dice::new(self.number as u64 + 7);
        let office = Arc::clone(&self.office);
        let pace = &office.pace;
        self.think(&mut dice, pace.begins)?;
        self.opens();
        loop {
            self.types(&mut dice)?;
            self.stays();
            self.think(&mut dice, pace.looks)?;
            for _ in 0..dice.below(3) {
                self.looks_at_next();
                self.think(&mut dice, pace.passes)?;
            }
            self.looks_at_next();
            self.think(&mut dice, pace.reads)?;
            if dice.below(3) == 0 {
                self.decides(&mut dice)?;
            }
            self.think(&mut dice, pace.away)?;
        }
    }

    /// Lets time pass; `None` = the day is over.
    fn think(&self, dice: &mut Dice, (from, to): Span) -> Option<()> {
        let more = dice.below(usize::try_from(to - from).unwrap_or(0).max(1)) as u64;
        let left = self.office.until.saturating_duration_since(Instant::now());
        std::thread::sleep(Duration::from_millis(from + more).min(left));
        (Instant::now() < self.office.until).then_some(())
    }

    /// What a workbench asks when it begins.
    fn opens(&self) {
        self.lanes.ask(Why::Other, "");
        for request in [
            Request::Status(ask::Status),
            Request::Present(ask::Present),
            Request::Views(ask::Views),
        ] {
            self.lanes.now(Side::Opening(request));
        }
        self.stays();
    }

    /// Leaves the query for the list.
    fn stays(&self) {
        let mut screen = self.screen.lock().expect("no panic");
        screen.dwells = true;
        self.lanes.dwell(&mut screen);
    }

    fn types(&mut self, dice: &mut Dice) -> Option<()> {
        self.screen.lock().expect("no panic").dwells = false;
        let words: Vec<&str> = (0..1 + dice.below(3))
            .map(|_| self.office.corpus.word(dice))
            .collect();
        let question = words.join(" ");
        let mut typed = String::new();
        for letter in question.chars() {
            let pace = &self.office.pace;
            let pause = if letter.is_ascii() {
                pace.letter
            } else {
                pace.han
            };
            self.think(dice, pause)?;
            typed.push(letter);
            self.lanes.ask(Why::Key, &typed);
        }
        Some(())
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
            self.lanes.now(Side::Show(id));
        }
    }

    fn decides(&mut self, dice: &mut Dice) -> Option<()> {
        if dice.below(2) == 0 {
            let hot = self.office.hot[dice.below(self.office.hot.len())];
            self.lanes.now(Side::Show(hot));
            self.think(dice, self.office.pace.reads_hot)?;
        }
        let (ticket, base) = {
            let mut screen = self.screen.lock().expect("no panic");
            // Whose questions find nothing has nothing to decide on.
            let Some(shown) = screen.shown else {
                return Some(());
            };
            screen.decides = true;
            self.lanes.now(Side::Vocabulary);
            self.lanes.dwell(&mut screen);
            (shown, screen.revision)
        };
        self.think(dice, self.office.pace.decides)?;
        if dice.below(10) == 0 {
            self.files_anew(dice, ticket);
        } else {
            let turn = self.turns.entry(ticket).or_default();
            *turn += 1;
            let cause = causes(self.number)[*turn % 2].clone();
            self.annotate(ticket, base, cause);
        }
        let mut screen = self.screen.lock().expect("no panic");
        screen.decides = false;
        self.lanes.refresh(&screen);
        self.lanes.dwell(&mut screen);
        Some(())
    }

    /// Corrects the category of a ticket, whatever it is now.
    fn files_anew(&self, dice: &mut Dice, ticket: TicketId) {
        let category = Category {
            product: "CDN".to_owned(),
            issue_type: format!("改类{}", dice.below(20)),
        };
        let order = Request::Recategorise(Recategorise {
            targets: vec![Target {
                id: ticket.to_string(),
                base_rev: None,
            }],
            category: Some(category),
            note: String::new(),
        });
        let begun = Instant::now();
        self.desk.call(order).expect("an order is answered");
        let mut seen = self.seen.lock().expect("no panic");
        seen.note("correct a category", begun.elapsed());
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
            base,
            note,
            conflicts: done.conflicts.len(),
            accepted,
        });
    }
}

/// A lane of a workbench: of questions that wait only the newest is asked, but on the side, where
/// all are.
fn ask_all(
    desk: &SocketDesk,
    questions: &Receiver<Ask>,
    screen: &Mutex<Screen>,
    seen: &Mutex<Seen>,
    lanes: &Lanes,
) {
    while let Ok(first) = questions.recv() {
        let mut asked = vec![first];
        if asked.iter().all(Ask::newest_wins) {
            asked.extend(questions.try_iter());
        }
        // A push may have been told after the end of the day.
        if asked.iter().any(|ask| matches!(ask, Ask::Over)) {
            return;
        }
        match asked.last() {
            Some(Ask::Rows(why, since, query)) => {
                let first = ask_rows(desk, *why, query, screen);
                // Whoever has typed on needs nothing beside these.
                if questions.is_empty() {
                    lanes.beside(*why, *since, Side::Tree(query.clone()));
                    if let Some(first) = first {
                        lanes.beside(*why, *since, Side::Show(first));
                    }
                }
            }
            Some(Ask::Side(_, _, side)) => ask_side(desk, side, screen, lanes),
            Some(Ask::Over) | None => {}
        }
        let mut seen = seen.lock().expect("no panic");
        for ask in asked {
            // Whoever struck a key waited until rows to it, or to a later one, were there.
            let waited = match &ask {
                Ask::Rows(Why::Key, since, _) => Some(("keystroke: rows", since)),
                Ask::Rows(Why::Other, since, _) => Some(("rows", since)),
                Ask::Side(why, since, side) => side.name(*why).map(|name| (name, since)),
                Ask::Over => None,
            };
            if let Some((name, since)) = waited {
                seen.note(name, since.elapsed());
            }
        }
    }
}

/// Asks for rows; the ticket that the cursor comes to, where it is another than is shown.
fn ask_rows(desk: &SocketDesk, why: Why, query: &str, screen: &Mutex<Screen>) -> Option<TicketId> {
    let filter = TicketFilter::default();
    let rows = if query.is_empty() {
        let list = Request::List(ask::List {
            filter,
            offset: 0,
            limit: WINDOW,
        });
        match desk.call(list).expect("an answer") {
            Answer::Page(page) => page.rows,
            answer => panic!("{answer:?}"),
        }
    } else {
        let search = Request::Search(ask::Search {
            query: query.to_owned(),
            filter,
            limit: HITS,
        });
        match desk.call(search).expect("an answer") {
            Answer::Found(found) => found.rows,
            answer => panic!("{answer:?}"),
        }
    };
    let tickets = rows.into_iter().filter_map(|row| match row {
        Row::Ticket(row) => Some(row),
        Row::Passage(_) => None,
    });
    let mut screen = screen.lock().expect("no panic");
    query.clone_into(&mut screen.query);
    screen.rows = tickets.collect();
    let first = screen.rows.first().map(|row| row.id);
    first.filter(|first| match (why, screen.shown) {
        (Why::Key, Some(shown)) => shown != *first,
        // The cursor stays where it is.
        (Why::Other, Some(_)) => false,
        (_, None) => true,
    })
}

fn ask_side(desk: &SocketDesk, side: &Side, screen: &Mutex<Screen>, lanes: &Lanes) {
    let request = match side {
        Side::Tree(query) => Request::Tree(ask::Tree {
            query: query.clone(),
            filter: TicketFilter::default(),
        }),
        Side::Show(id) => Request::Show(ask::Show { id: id.to_string() }),
        Side::Suggest(id) => Request::Suggest(ask::Suggest { id: id.to_string() }),
        Side::Attend(id, doing) => Request::Attend(ask::Attend {
            id: Some(id.to_string()),
            doing: *doing,
        }),
        Side::Vocabulary => Request::Vocabulary(ask::Vocabulary),
        Side::Rows(ids) => Request::Rows(ask::Rows { ids: ids.clone() }),
        Side::Opening(request) => request.clone(),
    };
    match desk.call(request) {
        Ok(Answer::Shown(TicketOrArticle::Ticket(view))) => {
            let mut screen = screen.lock().expect("no panic");
            screen.shown = Some(view.row.id);
            screen.revision = view.row.revision;
            screen.suggests = true;
            lanes.dwell(&mut screen);
        }
        Ok(_) => {}
        Err(error) => assert_eq!(error.code(), ErrorCode::InsightNotReady),
    }
}

/// Takes pushes as a workbench does: what it shows and others changed is asked for again.
fn listen(
    office: &Arc<Office>,
    desk: &Arc<SocketDesk>,
    screen: &Arc<Mutex<Screen>>,
    seen: &Arc<Mutex<Seen>>,
    lanes: Lanes,
) -> JoinHandle<()> {
    let pushes = desk.subscribe();
    let office = Arc::clone(office);
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
            let screen = screen.lock().expect("no panic");
            match push {
                Push::Changed(ids) => changed(&office, &screen, &seen, &lanes, &ids),
                Push::Part(Part::Counts) if screen.query.is_empty() => {
                    lanes.now(Side::Tree(String::new()));
                }
                // Its questions name no causes.
                Push::Findable(_) | Push::Part(_) | Push::Present(_) => {}
                Push::Progress(progress) if progress.state == JobState::Running => {}
                Push::Reload | Push::Resync | Push::Progress(_) => lanes.refresh(&screen),
            }
        }
    })
}

fn changed(office: &Office, screen: &Screen, seen: &Mutex<Seen>, lanes: &Lanes, ids: &[TicketId]) {
    let now = Instant::now();
    let given = office.given.lock().expect("no panic");
    let since = ids.first().and_then(|id| given.get(id)).copied();
    drop(given);
    if let (Some(since), Some(id)) = (since, ids.first()) {
        let mut seen = seen.lock().expect("no panic");
        // What is told of it later is told of something else: a doubt, say.
        if seen.told.insert(*id, since) != Some(since) {
            seen.note("told elsewhere", now - since);
        }
    }
    let rows = screen.rows.iter().map(|row| row.id);
    let rows: Vec<TicketId> = rows.filter(|id| ids.contains(id)).collect();
    if !rows.is_empty() {
        lanes.now(Side::Rows(rows));
    }
    // Whoever decides now does so on what they see: the answer comes later.
    if let Some(shown) = screen.shown.filter(|shown| ids.contains(shown)) {
        lanes.now(Side::Show(shown));
    }
}

fn name(push: &Push) -> &'static str {
    match push {
        Push::Changed(_) => "changed",
        Push::Findable(_) => "findable",
        Push::Part(_) => "part",
        Push::Reload => "reload",
        Push::Progress(_) => "progress",
        Push::Present(_) => "present",
        Push::Resync => "resync",
    }
}
