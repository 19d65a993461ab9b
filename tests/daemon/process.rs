//! Daemons as processes of their own: races, and ends without warning.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gongdan::daemon::{self, DaemonError, Probe, ServeOptions, SocketDesk, Starter};
use gongdan::desk::{Desk, ErrorCode, Request};
use rustix::process::{Pid, Signal, kill_process};
use std::time::Duration;

use super::fake::World;
use super::{LONG, agent, note, options, own, temp, until, way};

/// Names the data directory to the test binary that is run again as a daemon.
const DIR: &str = "GONGDAN_TEST_DAEMON";

/// Not a test of its own: it is the daemon that others start.
#[test]
#[ignore = "run as a daemon by the tests of this file"]
fn a_daemon_at_work() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else {
        return;
    };
    daemon::detach();
    let options = ServeOptions {
        idle: Some(Duration::from_secs(20)),
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
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(temp())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn client(&self) -> SocketDesk {
        SocketDesk::connect(way(own(self.path()), Some(starter(self.path())))).unwrap()
    }

    fn kill(&self) {
        if let Ok(Probe::Ready(info)) = daemon::status(&own(self.path())) {
            let pid = Pid::from_raw(i32::try_from(info.pid).unwrap()).unwrap();
            kill_process(pid, Signal::KILL).unwrap();
        }
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
    let (acknowledged, unknown) = (std::sync::Mutex::new(Vec::new()), AtomicBool::new(false));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (home, acknowledged, unknown, over) = (&home, &acknowledged, &unknown, &over);
            scope.spawn(move || {
                let desk = home.client();
                let mut n = 0;
                while !over.load(Ordering::Relaxed) {
                    n += 1;
                    let text = format!("{writer}-{n}");
                    match desk.call(note(&text)) {
                        Ok(_) => acknowledged.lock().unwrap().push(text),
                        Err(error) => {
                            assert_eq!(error.code, ErrorCode::Unreachable, "{error}");
                            assert_eq!(error.value("outcome"), "unknown", "{error}");
                            unknown.store(true, Ordering::Relaxed);
                        }
                    }
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
fn a_daemon_that_does_not_start_says_why() {
    let dir = temp();
    let starter = Starter {
        program: "/bin/sh".into(),
        args: ["-c", "echo no room on the disk >&2; exit 3"]
            .map(Into::into)
            .to_vec(),
    };
    let Err(DaemonError::NotStarted { detail }) =
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
    desk.call(Request::Status).unwrap();
}
