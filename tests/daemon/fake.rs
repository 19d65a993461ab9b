//! A desk that does little, and shows what reaches it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use gongdan::api::{
    ActDone, Answer, ArticleView, Conflict, Data, Desk, DeskError, LogEntry, Ordered, Push,
    Request, SettingRow, Status, TicketOrArticle, ask,
};
use gongdan::daemon::{Peer, SessionFactory};
use gongdan::model::{
    ActId, ArticleId, JobId, Key, Passage, RecordId, ReplyId, Revision, Sequence, TicketId,
};

/// Bytes of the article `big`.
pub const BIG: usize = 20 << 20;

/// What all sessions of a fake share.
#[derive(Default)]
pub struct World {
    pub listeners: Mutex<Vec<Sender<Push>>>,
    pub cancelled: Mutex<Vec<JobId>>,
    pub roles: Mutex<String>,
    gate: Mutex<bool>,
    opened: Condvar,
    waiting: Mutex<usize>,
    notes: Option<PathBuf>,
}

impl World {
    /// A world that keeps the notes of annotations in a file.
    pub fn keeping(notes: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            notes: Some(notes),
            ..Self::default()
        })
    }

    pub fn factory(self: &Arc<Self>) -> SessionFactory {
        let world = Arc::clone(self);
        Box::new(move |peer| {
            Arc::new(Fake {
                peer: peer.clone(),
                world: Arc::clone(&world),
            })
        })
    }

    /// Lets everybody on who waits in `Show wait`.
    pub fn open_gate(&self) {
        *self.gate.lock().unwrap() = true;
        self.opened.notify_all();
    }

    /// How many wait in `Show wait` now.
    pub fn waiting(&self) -> usize {
        *self.waiting.lock().unwrap()
    }

    pub fn push(&self, push: &Push) {
        self.listeners
            .lock()
            .unwrap()
            .retain(|listener| listener.send(push.clone()).is_ok());
    }

    fn wait(&self) {
        *self.waiting.lock().unwrap() += 1;
        let open = self.gate.lock().unwrap();
        let limit = Duration::from_secs(60);
        drop(
            self.opened
                .wait_timeout_while(open, limit, |open| !*open)
                .unwrap(),
        );
        *self.waiting.lock().unwrap() -= 1;
    }
}

struct Fake {
    peer: Peer,
    world: Arc<World>,
}

impl Fake {
    fn status(&self) -> Status {
        let declared = self.peer.declared.as_deref().unwrap_or("-");
        Status {
            version: "0".into(),
            data_dir: String::new(),
            sequence: Sequence(0),
            tickets: 0,
            articles: 0,
            datasets: 0,
            sample: false,
            indexing: None,
            index_work: None,
            agent: format!("{}/{declared}/{}", self.peer.uid, self.peer.session),
            clients: 1,
        }
    }

    fn show(&self, id: &str) -> Result<Answer, DeskError> {
        let text = match id {
            "wait" => {
                self.world.wait();
                String::new()
            }
            "panic" => panic!("a fault in one request"),
            "big" => "证".repeat(BIG / 3),
            _ => return Err(DeskError::UnknownId { id: id.to_owned() }),
        };
        Ok(Answer::Shown(TicketOrArticle::Article(Box::new(
            ArticleView {
                id: ArticleId::from_hash(&[1; 32]),
                title: id.to_owned(),
                source: String::new(),
                passage: None,
                date: None,
                outdated: String::new(),
                successor: None,
                outdated_revision: Revision(0),
                passages: vec![Passage {
                    heading: String::new(),
                    text,
                }],
                datasets: Vec::new(),
                sources: Vec::new(),
            },
        ))))
    }

    fn annotate(&self, note: &str) -> Answer {
        if let Some(path) = &self.world.notes {
            let mut file = OpenOptions::new()
                .append(true)
                .create(true)
                .open(path)
                .unwrap();
            file.write_all(format!("{note}\n").as_bytes()).unwrap();
        }
        self.world
            .push(&Push::Changed(vec![TicketId::from_hash(&[1; 32])]));
        done()
    }
}

impl Ordered for Fake {
    fn order(&self, _: ActId, request: Request) -> Result<Answer, DeskError> {
        // Notes differ, so that a note is known again as an act is.
        let again = |note: &str| {
            let path = self.world.notes.as_ref()?;
            let text = std::fs::read_to_string(path).ok()?;
            text.lines().any(|line| line == note).then(done)
        };
        match &request {
            Request::Annotate(annotate) => match again(&annotate.note) {
                Some(done) => Ok(done),
                None => self.call(request),
            },
            _ => self.call(request),
        }
    }
}

fn done() -> Answer {
    Answer::Done(ActDone {
        act: ActId(1),
        entries: Vec::new(),
        unchanged: Vec::new(),
        conflicts: Vec::new(),
        moved_on: Vec::new(),
    })
}

/// A change of a standard reply that came too late.
fn kept() -> Conflict {
    let record = RecordId(7);
    let mine = LogEntry {
        sequence: Sequence(1),
        act: ActId(1),
        undoes: None,
        redo: false,
        at: "2026-01-31T10:00:00Z".parse().unwrap(),
        author: "林".into(),
        uid: 1000,
        declared: false,
        host: String::new(),
        session: String::new(),
        key: Key::Reply(ReplyId::from_hash(&[1; 32])).to_string(),
        what: "reply".into(),
        title: String::new(),
        before: Vec::new(),
        after: Vec::new(),
        note: String::new(),
        accepted: false,
    };
    Conflict {
        record,
        mine,
        theirs: None,
        now: Vec::new(),
        merged: None,
    }
}

impl Desk for Fake {
    fn call(&self, request: Request) -> Result<Answer, DeskError> {
        match request {
            Request::Status(ask::Status) => Ok(Answer::Status(self.status())),
            Request::Show(ask::Show { id }) => self.show(&id),
            Request::Annotate(annotate) => Ok(self.annotate(&annotate.note)),
            Request::Conflicts(ask::Conflicts) => Ok(Answer::Conflicts(vec![kept()])),
            Request::ResolveConflict(_) => Ok(done()),
            Request::ImportOpen(_) => Ok(Answer::Job(JobId(7))),
            Request::ImportData(ask::ImportData { bytes, .. })
                if bytes == vec![0xab; bytes.len()] =>
            {
                Ok(Answer::Taken(()))
            }
            Request::Backup(ask::Backup) => Ok(Answer::Job(JobId(8))),
            Request::ReadData(_) => Ok(Answer::Data(Data {
                bytes: vec![0xff; 1 << 20],
                end: true,
            })),
            Request::Cancel(ask::Cancel { job }) => {
                self.world.cancelled.lock().unwrap().push(job);
                Ok(Answer::Taken(()))
            }
            Request::Settings(ask::Settings) => Ok(Answer::Settings(vec![SettingRow {
                name: "roles".into(),
                value: self.world.roles.lock().unwrap().clone(),
                revision: Revision(0),
            }])),
            Request::SetSetting(ask::SetSetting { value, .. }) => {
                *self.world.roles.lock().unwrap() = value.unwrap_or_default();
                self.world.push(&Push::Reload);
                Ok(Answer::Taken(()))
            }
            other => Err(DeskError::bug(format!("not faked: {other:?}"))),
        }
    }

    fn subscribe(&self) -> Receiver<Push> {
        let (sender, receiver) = unbounded();
        self.world.listeners.lock().unwrap().push(sender);
        receiver
    }
}
