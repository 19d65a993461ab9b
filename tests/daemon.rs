//! The daemon and the way to it: real sockets, real processes, no sleeping.

mod bulk;
mod fake;
mod import;
mod life;
mod process;
mod promises;
mod rubbish;
mod socketless;
mod team;
mod traffic;

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gongdan::api::{Annotate, Answer, Desk, Request, Row, ask};
use gongdan::daemon::{
    ConnectOptions, DaemonError, ServeOptions, Server, SessionFactory, SocketDesk, Starter,
    Stopper, Where,
};
use gongdan::model::TicketFilter;
use serde_json::{Value, json};
use tempfile::TempDir;

use fake::World;

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// Waits until something holds, looking often.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONG;
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The ids of the first tickets, and how many there are said to be.
fn listed(desk: &dyn Desk, limit: usize) -> (Vec<String>, usize) {
    let list = Request::List(ask::List {
        filter: TicketFilter::default(),
        offset: 0,
        limit,
    });
    let Ok(Answer::Page(page)) = desk.call(list) else {
        panic!("a list");
    };
    let rows = page.rows.into_iter().filter_map(|row| match row {
        Row::Ticket(row) => Some(row.id.to_string()),
        Row::Passage(_) => None,
    });
    (rows.collect(), page.total)
}

/// A daemon in this process, over a fake.
struct Daemon {
    world: Arc<World>,
    stopper: Stopper,
    socket: PathBuf,
    thread: Option<JoinHandle<()>>,
}

impl Daemon {
    fn start(dir: &Path) -> Self {
        Self::with(options(dir), Arc::default())
    }

    fn with(options: ServeOptions, world: Arc<World>) -> Self {
        let factory = world.factory();
        Self::serving(&options, factory, world)
    }

    fn serving(options: &ServeOptions, factory: SessionFactory, world: Arc<World>) -> Self {
        let mut factory = Some(factory);
        let server = Server::start(options, || Ok(factory.take().unwrap())).unwrap();
        let (stopper, socket) = (server.stopper(), server.socket().to_path_buf());
        let thread = Some(std::thread::spawn(move || server.run()));
        Self {
            world,
            stopper,
            socket,
            thread,
        }
    }

    fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.world.open_gate();
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn options(dir: &Path) -> ServeOptions {
    ServeOptions {
        dir: dir.to_path_buf(),
        runtime_dir: None,
        team: None,
        idle: None,
        patience: LONG,
    }
}

fn own(dir: &Path) -> Where {
    Where::Own {
        dir: dir.to_path_buf(),
        runtime_dir: None,
    }
}

fn way(place: Where, starter: Option<Starter>) -> ConnectOptions {
    ConnectOptions {
        place,
        starter,
        patience: LONG,
        session: "s1".to_owned(),
        declared: None,
    }
}

fn connect(dir: &Path) -> SocketDesk {
    try_connect(dir).unwrap()
}

fn try_connect(dir: &Path) -> Result<SocketDesk, DaemonError> {
    SocketDesk::connect(way(own(dir), None))
}

fn temp() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn agent(desk: &dyn Desk) -> String {
    match desk.call(Request::Status(ask::Status)).unwrap() {
        Answer::Status(status) => status.agent,
        other => panic!("{other:?}"),
    }
}

fn show(id: &str) -> Request {
    Request::Show(ask::Show { id: id.to_owned() })
}

fn note(text: &str) -> Request {
    Request::Annotate(Annotate {
        targets: Vec::new(),
        causes: Vec::new(),
        note: text.to_owned(),
    })
}

/// A client that speaks bytes, as a faulty or foreign program would.
struct Raw(UnixStream);

impl Raw {
    fn knock(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        Self(stream)
    }

    /// One that was let in.
    fn session(socket: &Path) -> Self {
        let mut raw = Self::knock(socket);
        let welcome = raw.greet(gongdan::daemon::PROTOCOL, "session");
        assert_eq!(welcome["verdict"], "fine", "{welcome}");
        raw
    }

    fn greet(&mut self, protocol: u32, want: &str) -> Value {
        self.send(&json!({"protocol": protocol, "version": "9.9", "want": want}));
        self.receive().unwrap()
    }

    fn send(&mut self, header: &Value) {
        self.0.write_all(&frame(header)).unwrap();
    }

    /// The next frame's header; `None` when the daemon hung up.
    fn receive(&mut self) -> Option<Value> {
        let mut lengths = [0; 8];
        self.0.read_exact(&mut lengths).ok()?;
        let length = u32::from_be_bytes(lengths[..4].try_into().unwrap()) as usize;
        let header = u32::from_be_bytes(lengths[4..].try_into().unwrap()) as usize;
        let mut rest = vec![0; length - 4];
        self.0.read_exact(&mut rest).ok()?;
        Some(serde_json::from_slice(&rest[..header]).unwrap())
    }

    fn hung_up(mut self) -> bool {
        self.receive().is_none()
    }
}

fn frame(header: &Value) -> Vec<u8> {
    let header = serde_json::to_vec(header).unwrap();
    let length = u32::try_from(header.len()).unwrap();
    let mut bytes = (length + 4).to_be_bytes().to_vec();
    bytes.extend(length.to_be_bytes());
    bytes.extend(header);
    bytes
}
