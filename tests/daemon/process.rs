//! Daemons as processes of their own: races, and ends without warning.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use gongdan::api::{Annotate, Answer, CauseChoice, Desk, Request, Row, Target, ask};
use gongdan::daemon::{self, DaemonError, Probe, ServeOptions, SocketDesk, Starter, Team, Where};
use gongdan::model::TicketFilter;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::fake::World;
use super::{LONG, Raw, agent, note, options, own, temp, until, way};

/// Names the data directory to the test binary that is run again as a daemon.
const DIR: &str = "GONGDAN_TEST_DAEMON";

/// Names the socket of a team's daemon to the same.
const TEAM_SOCKET: &str = "GONGDAN_TEST_TEAM";

/// Not a test of its own: it is the daemon that others start.
#[test]
#[ignore = "run as a daemon by the tests of this file"]
fn a_daemon_at_work() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else {
        return;
    };
    daemon::detach();
    let team = std::env::var_os(TEAM_SOCKET).map(|socket| Team {
        socket: socket.into(),
        group: None,
    });
    let options = ServeOptions {
        idle: Some(Duration::from_secs(20)),
        team,
        ..options(&dir)
    };
    let world = World::keeping(dir.join("notes"));
    daemon::serve(&options, || Ok(world.factory())).unwrap();
}

fn starter(dir: &Path) -> Starter {
    let variable = format!("{DIR}={}", dir.display());
    let program = std::env::current_exe().unwrap();
    let args = [
        variable.as_str(),
        program.to_str().unwrap(),
        "daemon::process::a_daemon_at_work",
        "--exact",
        "--ignored",
        "--nocapture",
    ];
    Starter {
        program: "/usr/bin/env".into(),
        args: args.iter().map(Into::into).collect(),
    }
}

/// A directory with a daemon to be started, which is ended with it.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(temp())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn client(&self) -> SocketDesk {
        SocketDesk::connect(way(own(self.path()), Some(starter(self.path())))).unwrap()
    }

    fn signal(&self, signal: Signal) {
        if let Ok(Probe::Ready(info)) = daemon::status(&own(self.path())) {
            let pid = Pid::from_raw(i32::try_from(info.pid).unwrap()).unwrap();
            kill_process(pid, signal).unwrap();
        }
    }

    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn notes(&self) -> BTreeSet<String> {
        fs::read_to_string(self.path().join("notes"))
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        daemon::stop(&own(self.path()), LONG).unwrap();
    }
}

#[test]
fn twenty_clients_racing_on_a_stale_socket_get_one_daemon() {
    let home = Home::new();
    drop(UnixListener::bind(home.path().join("desk.sock")).unwrap());
    let go = Arc::new(std::sync::Barrier::new(20));
    let clients: Vec<SocketDesk> = std::thread::scope(|scope| {
        let racing: Vec<_> = (0..20)
            .map(|_| {
                let (home, go) = (&home, Arc::clone(&go));
                scope.spawn(move || {
                    go.wait();
                    home.client()
                })
            })
            .collect();
        racing.into_iter().map(|c| c.join().unwrap()).collect()
    });
    let daemons: BTreeSet<u32> = clients.iter().map(|c| c.daemon().pid).collect();
    assert_eq!(daemons.len(), 1);
    clients.iter().for_each(|client| drop(agent(client)));
    let Ok(Probe::Ready(info)) = daemon::status(&own(home.path())) else {
        panic!()
    };
    assert_eq!(info.clients, 20);
}

#[test]
fn what_was_acknowledged_is_found_after_the_daemon_was_killed() {
    let home = Home::new();
    let acknowledged = std::sync::Mutex::new(Vec::new());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (home, acknowledged, over) = (&home, &acknowledged, &over);
            scope.spawn(move || {
                let desk = home.client();
                let mut n = 0;
                while !over.load(Ordering::Relaxed) {
                    n += 1;
                    let text = format!("{writer}-{n}");
                    // Killed or not, it is given until it is answered.
                    desk.call(note(&text)).unwrap();
                    acknowledged.lock().unwrap().push(text);
                }
            });
        }
        for _ in 0..10 {
            let before = acknowledged.lock().unwrap().len();
            until("work goes on", || {
                acknowledged.lock().unwrap().len() > before + 20
            });
            home.kill();
        }
        over.store(true, Ordering::Relaxed);
    });
    let (found, acknowledged) = (home.notes(), acknowledged.into_inner().unwrap());
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|n| !found.contains(*n))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    let written = fs::read_to_string(home.path().join("notes")).unwrap();
    assert_eq!(
        written.lines().count(),
        found.len(),
        "an order was done twice"
    );
}

/// The program itself as a daemon.
pub fn program(dir: &Path) -> Starter {
    let args = ["serve", "--background", "--idle", "1", "--data-dir"];
    Starter {
        program: env!("CARGO_BIN_EXE_gongdan").into(),
        args: args
            .into_iter()
            .map(Into::into)
            .chain([dir.as_os_str().to_owned()])
            .collect(),
    }
}

fn tickets(desk: &dyn Desk) -> Vec<String> {
    let list = Request::List(ask::List {
        filter: TicketFilter::default(),
        offset: 0,
        limit: 200,
    });
    let Ok(Answer::Page(page)) = desk.call(list) else {
        panic!()
    };
    let rows = page.rows.into_iter();
    rows.filter_map(|row| match row {
        Row::Ticket(row) => Some(row.id.to_string()),
        Row::Passage(_) => None,
    })
    .collect()
}

/// Annotates tickets in turn, with a note of its own each time, until told to stop; gives the
/// notes, all of which were acknowledged.
fn annotate_on(
    desk: &dyn Desk,
    tickets: &[String],
    done: &AtomicUsize,
    over: &AtomicBool,
) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for (n, ticket) in tickets.iter().cycle().enumerate() {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let text = format!("{ticket} {n}");
        // Another cause in each turn, so that there is always something to change.
        let cause = CauseChoice::New(format!("原因 {}", n / tickets.len() % 2));
        let order = Request::Annotate(Annotate {
            targets: vec![Target {
                id: ticket.clone(),
                base_rev: None,
            }],
            causes: vec![cause],
            note: text.clone(),
        });
        // Killed or not, every order is answered, by what the log shows if need be.
        match desk.call(order).unwrap() {
            Answer::Done(act) if act.entries.iter().any(|entry| entry.note == text) => {
                acknowledged.push(text);
                done.fetch_add(1, Ordering::Relaxed);
            }
            other => panic!("{other:?}"),
        }
    }
    acknowledged
}

#[test]
fn every_annotation_is_done_once_and_acknowledged_however_often_the_program_is_killed() {
    let rounds = std::env::var("GONGDAN_TEST_ROUNDS").map_or(5, |text| text.parse().unwrap());
    let home = Home::new();
    let sessions = AtomicUsize::new(0);
    let start = || {
        let session = sessions.fetch_add(1, Ordering::Relaxed);
        let mut way = way(own(home.path()), Some(program(home.path())));
        way.session = format!("s{session}");
        SocketDesk::connect(way).unwrap()
    };
    let desk = start();
    desk.call(Request::LoadSample(ask::LoadSample)).unwrap();
    let (done, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let all = tickets(&desk);
        let writing: Vec<_> = all
            .chunks(all.len().div_ceil(4))
            .map(|tickets| {
                let (done, over, start, tickets) = (&done, &over, &start, tickets.to_vec());
                scope.spawn(move || annotate_on(&start(), &tickets, done, over))
            })
            .collect();
        for _ in 0..rounds {
            let before = done.load(Ordering::Relaxed);
            until("work goes on", || {
                done.load(Ordering::Relaxed) > before + 20
            });
            home.kill();
        }
        over.store(true, Ordering::Relaxed);
        writing
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    let log = Request::Log(ask::Log {
        id: None,
        limit: usize::MAX,
    });
    let Ok(Answer::Log(entries)) = desk.call(log) else {
        panic!()
    };
    let noted: Vec<&str> = entries
        .iter()
        .map(|entry| entry.note.as_str())
        .filter(|note| !note.is_empty())
        .collect();
    let found: BTreeSet<&str> = noted.iter().copied().collect();
    assert_eq!(found.len(), noted.len(), "an order was done twice");
    let given: BTreeSet<&str> = acknowledged.iter().map(String::as_str).collect();
    assert_eq!(found, given);
    println!("{rounds} kills, {} annotations", given.len());
}

#[test]
fn a_question_is_asked_again_of_the_next_daemon() {
    let home = Home::new();
    let desk = home.client();
    let first = desk.daemon().pid;
    home.kill();
    agent(&desk);
    assert_ne!(desk.daemon().pid, first);
}

#[test]
fn a_daemon_that_is_told_to_terminate_removes_its_socket() {
    let home = Home::new();
    agent(&home.client());
    home.signal(Signal::TERM);
    until("the daemon is gone", || {
        daemon::status(&own(home.path())).unwrap() == Probe::Absent
    });
    assert!(!home.path().join("desk.sock").exists());
    assert!(!daemon::stop(&own(home.path()), LONG).unwrap());
}

#[test]
fn an_older_daemon_is_asked_to_go_and_a_new_one_is_started() {
    let home = Home::new();
    let path = home.path().join("desk.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let lock = fs::File::create(home.path().join("daemon.lock")).unwrap();
    lock.lock().unwrap();
    let older = std::thread::spawn(move || {
        let mut wants = Vec::new();
        while wants.last().is_none_or(|want| want != "stop") {
            let mut raw = Raw(listener.accept().unwrap().0);
            let hello = raw.receive().unwrap();
            let want = hello["want"].as_str().unwrap().to_owned();
            let verdict = if want == "session" {
                "protocol"
            } else {
                "fine"
            };
            raw.send(&json!({
                "verdict": verdict, "protocol": 0, "version": "0.0.1", "pid": 1
            }));
            wants.push(want);
        }
        fs::remove_file(path).unwrap();
        drop(lock);
        wants
    });
    let desk = home.client();
    assert_ne!(desk.daemon().pid, 1);
    agent(&desk);
    assert_eq!(older.join().unwrap(), ["session", "stop"]);
}

#[test]
fn a_socket_handed_over_by_the_service_manager_is_served() {
    let home = Home::new();
    let socket = home.path().join("handed.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let place = Where::Team {
        socket: socket.clone(),
    };
    for _ in 0..2 {
        // As the manager does it: descriptor 3, and the number of the process it is meant for.
        let mut service = Command::new("/bin/sh")
            .args(["-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\" 3<&0", "sh"])
            .arg(std::env::current_exe().unwrap())
            .args(["daemon::process::a_daemon_at_work", "--exact", "--ignored"])
            .env(DIR, home.path())
            .env(TEAM_SOCKET, &socket)
            .stdin(OwnedFd::from(listener.try_clone().unwrap()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let desk = SocketDesk::connect(way(place.clone(), None)).unwrap();
        assert_eq!(desk.daemon().pid, service.id());
        agent(&desk);
        let stopping = std::thread::spawn({
            let place = place.clone();
            move || daemon::stop(&place, LONG)
        });
        assert!(service.wait().unwrap().success());
        assert!(socket.exists(), "the socket is the manager's to remove");
        drop(stopping);
    }
}

#[test]
fn a_daemon_that_does_not_start_says_why() {
    let dir = temp();
    let starter = Starter {
        program: "/bin/sh".into(),
        args: ["-c", "echo no room on the disk >&2; exit 3"]
            .map(Into::into)
            .to_vec(),
    };
    let Err(DaemonError::NotStarted { detail, .. }) =
        SocketDesk::connect(way(own(dir.path()), Some(starter)))
    else {
        panic!()
    };
    assert!(detail.contains("no room on the disk"), "{detail}");
}

#[test]
fn a_daemon_that_was_stopped_is_started_again_by_the_next_call_only() {
    let home = Home::new();
    let desk = home.client();
    let _pushes = desk.subscribe();
    assert!(daemon::stop(&own(home.path()), LONG).unwrap());
    assert_eq!(daemon::status(&own(home.path())).unwrap(), Probe::Absent);
    desk.call(Request::Status(ask::Status)).unwrap();
}

/// Names the session to the test binary that is run again as a client.
const SESSION: &str = "GONGDAN_TEST_SESSION";

/// Not a test of its own: it is the client that the next one kills. What was acknowledged it writes
/// down, a line each.
#[test]
#[ignore = "run as a client, and killed, by whoever_is_killed_in_the_middle_of_an_order"]
fn a_client_at_work() {
    let (Some(dir), Ok(session)) = (std::env::var_os(DIR), std::env::var(SESSION)) else {
        return;
    };
    let dir = PathBuf::from(dir);
    let mut way = way(own(&dir), None);
    way.session = session.clone();
    let desk = SocketDesk::connect(way).unwrap();
    let tickets = tickets(&desk);
    let mut acknowledged = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(dir.join("acknowledged"))
        .unwrap();
    for (n, ticket) in tickets.iter().cycle().enumerate() {
        let note = format!("{session} {n}");
        let order = Request::Annotate(Annotate {
            targets: vec![Target {
                id: ticket.clone(),
                base_rev: None,
            }],
            causes: vec![CauseChoice::New(format!("原因 {}", n % 2))],
            note: note.clone(),
        });
        let Ok(Answer::Done(_)) = desk.call(order) else {
            panic!()
        };
        acknowledged
            .write_all(format!("{note}\n").as_bytes())
            .unwrap();
    }
}

#[test]
fn whoever_is_killed_in_the_middle_of_an_order_leaves_it_done_once_or_not_at_all() {
    let rounds = std::env::var("GONGDAN_TEST_ROUNDS").map_or(5, |text| text.parse().unwrap());
    let home = Home::new();
    let start = || SocketDesk::connect(way(own(home.path()), Some(program(home.path())))).unwrap();
    let desk = start();
    desk.call(Request::LoadSample(ask::LoadSample)).unwrap();
    let acknowledged = || {
        let text = fs::read_to_string(home.path().join("acknowledged"));
        text.unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect::<BTreeSet<String>>()
    };
    let client = |session: String| {
        Command::new(std::env::current_exe().unwrap())
            .args(["daemon::process::a_client_at_work", "--exact", "--ignored"])
            .env(DIR, home.path())
            .env(SESSION, session)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    for round in 0..rounds {
        let before = acknowledged().len();
        let mut clients: Vec<_> = (0..2).map(|n| client(format!("k{round}-{n}"))).collect();
        until("work goes on", || {
            acknowledged().len() > before + 5 + round % 7
        });
        for client in &mut clients {
            client.kill().unwrap();
            client.wait().unwrap();
        }
    }
    until(
        "the killed are gone",
        || matches!(desk.call(Request::Status(ask::Status)), Ok(Answer::Status(status)) if status.clients == 1),
    );
    let log = Request::Log(ask::Log {
        id: None,
        limit: usize::MAX,
    });
    let Ok(Answer::Log(entries)) = desk.call(log) else {
        panic!()
    };
    let notes: Vec<&str> = entries
        .iter()
        .map(|entry| entry.note.as_str())
        .filter(|note| note.starts_with('k'))
        .collect();
    let found: BTreeSet<&str> = notes.iter().copied().collect();
    assert_eq!(found.len(), notes.len(), "an order was done twice");
    let acknowledged = acknowledged();
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|note| !found.contains(note.as_str()))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    println!(
        "{} kills, {} acknowledged, {} done",
        rounds * 2,
        acknowledged.len(),
        found.len()
    );
}
