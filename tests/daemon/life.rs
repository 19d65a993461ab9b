//! From the lock to the last connection.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gongdan::api::{Desk, DeskError, Push, Request, Unreachable, ask};
use gongdan::daemon::{
    self, DaemonError, PROTOCOL, Probe, ServeOptions, Server, SocketDesk, Where,
};
use serde_json::json;

use super::fake::World;
use super::{
    Daemon, LONG, Raw, agent, connect, note, options, own, show, temp, try_connect, until, way,
};

#[test]
fn one_directory_has_one_daemon() {
    let dir = temp();
    let _daemon = Daemon::start(dir.path());
    let world = Arc::new(World::default());
    let Err(error) = Server::start(&options(dir.path()), || Ok(world.factory())) else {
        panic!("a second daemon started")
    };
    let pid = Some(std::process::id());
    assert!(
        matches!(&error, DaemonError::Running { pid: found, .. } if *found == pid),
        "{error}"
    );
}

#[test]
fn a_socket_left_by_a_dead_daemon_is_replaced() {
    let dir = temp();
    // Bound and dropped: the file stays, and nobody listens.
    drop(UnixListener::bind(dir.path().join("desk.sock")).unwrap());
    assert!(matches!(
        try_connect(dir.path()),
        Err(DaemonError::Absent { .. })
    ));
    let _daemon = Daemon::start(dir.path());
    agent(&connect(dir.path()));
}

#[test]
fn a_daemon_whose_socket_is_gone_binds_again_and_keeps_its_sessions() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let before = connect(dir.path());
    fs::remove_file(&daemon.socket).unwrap();
    let after = SocketDesk::connect(way(own(dir.path()), None)).unwrap();
    agent(&before);
    agent(&after);
}

#[test]
fn a_daemon_goes_when_nobody_needs_it_and_stays_while_somebody_does() {
    let dir = temp();
    let idle = ServeOptions {
        idle: Some(Duration::from_millis(300)),
        ..options(dir.path())
    };
    let daemon = Daemon::with(idle, Arc::default());
    let desk = connect(dir.path());
    let long_after = Instant::now() + Duration::from_millis(900);
    while Instant::now() < long_after {
        assert!(!daemon.is_over(), "it went while it was needed");
        agent(&desk);
    }
    drop(desk);
    until("the daemon goes", || daemon.is_over());
    assert!(!daemon.socket.exists());
    assert_eq!(daemon::status(&own(dir.path())).unwrap(), Probe::Absent);
}

#[test]
fn stopping_lets_requests_finish_and_removes_the_socket() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let desk = connect(dir.path());
    let asking = std::thread::spawn(move || desk.call(show("wait")));
    until("the question is asked", || daemon.world.waiting() == 1);
    let place = own(dir.path());
    let stopping = std::thread::spawn(move || daemon::stop(&place, LONG));
    until("the socket is gone", || !daemon.socket.exists());
    daemon.world.open_gate();
    assert!(asking.join().unwrap().is_ok(), "the answer was lost");
    assert!(stopping.join().unwrap().unwrap());
    until("the daemon goes", || daemon.is_over());
    assert!(
        !daemon::stop(&own(dir.path()), LONG).unwrap(),
        "none is left"
    );
}

#[test]
fn the_store_is_closed_before_the_next_daemon_opens_it() {
    let dir = temp();
    let first = Daemon::start(dir.path());
    let world = Arc::downgrade(&first.world);
    daemon::stop(&own(dir.path()), LONG).unwrap();
    drop(first);
    let second = Server::start(&options(dir.path()), || {
        assert!(world.upgrade().is_none(), "the store is still open");
        Ok(Arc::new(World::default()).factory())
    });
    assert!(second.is_ok());
}

#[test]
fn a_store_that_a_command_holds_is_waited_for() {
    let dir = temp();
    let world = Arc::new(World::default());
    let mut busy = 3;
    let server = Server::start(&options(dir.path()), || {
        busy -= 1;
        if busy > 0 {
            return Err(DeskError::Busy {
                path: String::new(),
            });
        }
        Ok(world.factory())
    });
    assert!(server.is_ok());
    assert_eq!(busy, 0);
}

#[test]
fn a_daemon_without_a_store_says_why() {
    let dir = temp();
    let newer = || Err(DeskError::NewerFormat { found: 9, known: 8 });
    let Err(DaemonError::Desk(error)) = Server::start(&options(dir.path()), newer) else {
        panic!()
    };
    assert!(
        matches!(error, DeskError::NewerFormat { found: 9, .. }),
        "{error}"
    );
    assert_eq!(daemon::status(&own(dir.path())).unwrap(), Probe::Absent);
}

#[test]
fn programs_of_other_protocols_are_told_apart() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    for protocol in [PROTOCOL - 1, PROTOCOL + 1] {
        let welcome = Raw::knock(&daemon.socket).greet(protocol, "session");
        assert_eq!(welcome["verdict"], "protocol");
        assert_eq!(welcome["protocol"], PROTOCOL);
        let welcome = Raw::knock(&daemon.socket).greet(protocol, "probe");
        assert_eq!(welcome["verdict"], "fine");
    }
    let welcome = Raw::knock(&daemon.socket).greet(PROTOCOL + 1, "stop");
    assert_eq!(welcome["verdict"], "fine");
    until("it goes for a newer one", || daemon.is_over());
}

#[test]
fn a_daemon_of_another_protocol_is_not_talked_to() {
    for (protocol, older) in [(0, true), (7, false)] {
        let dir = temp();
        let listener = UnixListener::bind(dir.path().join("desk.sock")).unwrap();
        let other = std::thread::spawn(move || {
            for _ in 0..2 {
                let mut raw = Raw(listener.accept().unwrap().0);
                let hello = raw.receive().unwrap();
                let verdict = if hello["want"] == "session" {
                    "protocol"
                } else {
                    "fine"
                };
                raw.send(&json!({
                    "verdict": verdict, "protocol": protocol, "version": "x", "pid": 1
                }));
            }
        });
        let error = try_connect(dir.path()).err().unwrap();
        let probe = daemon::status(&own(dir.path())).unwrap();
        if older {
            assert!(matches!(error, DaemonError::Older { .. }), "{error}");
            assert!(matches!(probe, Probe::Older(_)), "{probe:?}");
        } else {
            assert!(matches!(error, DaemonError::Newer { .. }), "{error}");
            assert!(matches!(probe, Probe::Newer(_)), "{probe:?}");
        }
        other.join().unwrap();
    }
}

#[test]
fn a_directory_that_cannot_be_trusted_is_refused_by_both_sides() {
    let dir = temp();
    let open = dir.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [open, link, file] {
        let world = Arc::new(World::default());
        let Err(error) = Server::start(&options(&place), || Ok(world.factory())) else {
            panic!("{} was taken", place.display())
        };
        assert!(matches!(error, DaemonError::Directory { .. }), "{error}");
        let error = try_connect(&place).err().unwrap();
        assert!(matches!(error, DaemonError::Directory { .. }), "{error}");
    }
}

#[test]
fn a_path_too_long_for_a_socket_is_served_from_the_runtime_directory() {
    let (dir, runtime) = (temp(), temp());
    let long = dir.path().join("a".repeat(120));
    let with_runtime = ServeOptions {
        runtime_dir: Some(runtime.path().join("gongdan")),
        ..options(&long)
    };
    let daemon = Daemon::with(with_runtime, Arc::default());
    assert!(daemon.socket.starts_with(runtime.path().join("gongdan")));
    // The lock file says where: a client need not know the runtime directory.
    agent(&connect(&long));
    let place = Where::Own {
        dir: long,
        runtime_dir: None,
    };
    assert!(matches!(daemon::status(&place).unwrap(), Probe::Ready(_)));
}

#[test]
fn a_client_finds_the_next_daemon_and_is_told_to_ask_again() {
    let dir = temp();
    let first = Daemon::start(dir.path());
    let desk = connect(dir.path());
    let heard = desk.subscribe();
    drop(first);
    let second = Daemon::start(dir.path());
    assert_eq!(heard.recv_timeout(LONG).unwrap(), Push::Resync);
    desk.call(note("x")).unwrap();
    assert!(matches!(
        heard.recv_timeout(LONG).unwrap(),
        Push::Changed(_)
    ));
    drop(second);
}

#[test]
fn without_a_daemon_a_call_says_so() {
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    let desk = connect(dir.path());
    drop(daemon);
    let error = desk.call(Request::Status(ask::Status)).unwrap_err();
    assert!(
        matches!(error, DeskError::Unreachable(Unreachable::Absent { .. })),
        "{error}"
    );
}

#[test]
fn a_directory_of_somebody_elses_is_refused_by_both_sides() {
    let dir = temp();
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give a directory away");
        return;
    }
    let theirs = dir.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    std::os::unix::fs::chown(&theirs, Some(65_534), None).unwrap();
    let world = Arc::new(World::default());
    let error = Server::start(&options(&theirs), || Ok(world.factory())).err();
    assert!(
        matches!(&error, Some(DaemonError::Directory { .. })),
        "{error:?}"
    );
    let error = try_connect(&theirs).err();
    assert!(
        matches!(&error, Some(DaemonError::Directory { .. })),
        "{error:?}"
    );
}

/// Something in the socket's place that binding cannot remove: as on a file system that has no
/// sockets, the first place fails, and the second is taken.
#[test]
fn a_data_directory_that_takes_no_socket_is_served_from_the_runtime_directory() {
    let (dir, runtime) = (temp(), temp());
    fs::create_dir(dir.path().join("desk.sock")).unwrap();
    let with_runtime = ServeOptions {
        runtime_dir: Some(runtime.path().join("gongdan")),
        ..options(dir.path())
    };
    let daemon = Daemon::with(with_runtime, Arc::default());
    assert!(daemon.socket.starts_with(runtime.path().join("gongdan")));
    let lock = fs::read_to_string(dir.path().join("daemon.lock")).unwrap();
    assert!(lock.contains(daemon.socket.to_str().unwrap()), "{lock}");
    agent(&connect(dir.path()));
}

#[test]
fn a_runtime_directory_that_cannot_be_trusted_is_not_used() {
    let (dir, elsewhere) = (temp(), temp());
    fs::create_dir(dir.path().join("desk.sock")).unwrap();
    let open = elsewhere.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    for runtime in [open, link] {
        let with_runtime = ServeOptions {
            runtime_dir: Some(runtime),
            ..options(dir.path())
        };
        let world = Arc::new(World::default());
        let error = Server::start(&with_runtime, || Ok(world.factory())).err();
        assert!(
            matches!(&error, Some(DaemonError::NoPlace { .. })),
            "{error:?}"
        );
    }
}
