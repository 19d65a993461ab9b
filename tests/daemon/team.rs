//! One daemon for a whole team: roles, and users who are not its owner.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use gongdan::api::{Answer, Desk, DeskError, ErrorCode, Request, Settlement, ask};
use gongdan::daemon::{ServeOptions, SocketDesk, Team, Where};
use gongdan::model::{RecordId, Setting};
use tempfile::TempDir;

use super::fake::World;
use super::{Daemon, agent, note, options, temp, until, way};

/// `nobody` on every Linux, user and group.
const NOBODY: u32 = 65534;

/// Where the test binary, run again as somebody else, finds the socket.
const SOCKET: &str = "GONGDAN_TEST_SOCKET";

fn team(dir: &TempDir, roles: &str) -> Daemon {
    let world = World::default();
    roles.clone_into(&mut world.roles.lock().unwrap());
    let team = Team {
        socket: dir.path().join("run/desk.sock"),
        group: None,
    };
    fs::create_dir(dir.path().join("run")).unwrap();
    let options = ServeOptions {
        team: Some(team),
        ..options(&dir.path().join("data"))
    };
    Daemon::with(options, Arc::new(world))
}

fn colleague(socket: &Path) -> SocketDesk {
    let place = Where::Team {
        socket: socket.to_path_buf(),
    };
    SocketDesk::connect(way(place, None)).unwrap()
}

/// The role that a refusal asks for.
fn needed(error: &DeskError) -> &'static str {
    match error {
        DeskError::Refused { role } => role.name(),
        other => panic!("{other}"),
    }
}

#[test]
fn the_owner_of_a_teams_daemon_is_its_admin() {
    let dir = temp();
    let daemon = team(&dir, "{}");
    let desk = colleague(&daemon.socket);
    assert_eq!(desk.role(), "admin");
    agent(&desk);
}

/// Not a test of its own: it is what the next one runs as another user.
#[test]
#[ignore = "run as another user by a_colleague_may_what_the_role_allows"]
fn a_colleague_at_work() {
    let Some(socket) = std::env::var_os(SOCKET) else {
        return;
    };
    let desk = colleague(Path::new(&socket));
    println!("role {}", desk.role());
    println!("agent {}", agent(&desk));
    match desk.call(note("x")) {
        Ok(_) => println!("annotated"),
        Err(error) => println!("refused {}", needed(&error)),
    }
    let settle = Request::ResolveConflict(ask::ResolveConflict {
        record: RecordId(7),
        how: Settlement::Mine,
    });
    if let Err(error) = desk.call(settle) {
        println!("settlement refused {}", needed(&error));
    }
    let remove = Request::RemoveDataset(ask::RemoveDataset { name: "一".into() });
    let error = desk.call(remove).unwrap_err();
    if error.code() == ErrorCode::Refused {
        println!("import refused {}", needed(&error));
    }
    let place = Where::Team {
        socket: socket.into(),
    };
    match gongdan::daemon::stop(&place, super::LONG) {
        Ok(stopped) => println!("stop {stopped}"),
        Err(error) => println!("{error}"),
    }
}

/// Makes a copy of this program that another user may run, wherever this one lies.
fn lend_program(dir: &Path) {
    // By another process: a test that starts one just now would hand it the open file, and a
    // file that is open for writing cannot be run.
    let copied = Command::new("cp")
        .arg(std::env::current_exe().unwrap())
        .arg(dir.join("colleague"))
        .status()
        .unwrap();
    assert!(copied.success());
}

/// Runs [`a_colleague_at_work`] as `nobody`; gives what it printed.
fn as_nobody(socket: &Path, home: &Path) -> String {
    let out = Command::new(home.join("colleague"))
        .args(["daemon::team::a_colleague_at_work", "--exact", "--ignored"])
        .args(["--nocapture", "--test-threads=1"])
        .env(SOCKET, socket)
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(
        out.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&out.stderr)
    );
    text
}

#[test]
fn a_colleague_may_what_the_role_allows() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can act as two users");
        return;
    }
    let dir = temp();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    lend_program(dir.path());
    let daemon = team(&dir, r#"{"nobody":"reader"}"#);
    // As a service manager makes it: only the group gets to the socket.
    let run = dir.path().join("run");
    chown(&run, None, Some(NOBODY)).unwrap();
    fs::set_permissions(&run, fs::Permissions::from_mode(0o2750)).unwrap();
    chown(&daemon.socket, None, Some(NOBODY)).unwrap();
    fs::set_permissions(&daemon.socket, fs::Permissions::from_mode(0o660)).unwrap();
    assert_eq!(fs::metadata(&run).unwrap().mode() & 0o777, 0o750);

    let told = as_nobody(&daemon.socket, dir.path());
    assert!(told.contains("role reader"), "{told}");
    assert!(told.contains(&format!("agent {NOBODY}/-/s1")), "{told}");
    assert!(told.contains("refused agent"), "{told}");
    assert!(told.contains("import refused curator"), "{told}");
    assert!(told.contains("the role admin is needed"), "{told}");
    assert!(!daemon.is_over(), "a reader stopped the daemon");

    // Roles change while the daemon runs.
    let admin = colleague(&daemon.socket);
    let set = Request::SetSetting(ask::SetSetting {
        setting: Setting::Roles,
        value: Some(r#"{"@nogroup":"agent","@no such group":"admin"}"#.to_owned()),
        base_rev: None,
    });
    assert_eq!(admin.call(set), Ok(Answer::Taken(())));
    until("the new role is in force", || {
        as_nobody(&daemon.socket, dir.path()).contains("role agent")
    });
    let told = as_nobody(&daemon.socket, dir.path());
    assert!(told.contains("annotated"), "{told}");
    // The conflict is about a standard reply, which an agent may not change.
    assert!(told.contains("settlement refused curator"), "{told}");
}

#[test]
fn another_user_cannot_connect_to_a_private_daemon() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can act as two users");
        return;
    }
    let dir = temp();
    let daemon = Daemon::start(dir.path());
    // Even where the directory and the socket are opened to all by mistake.
    let home = temp();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    lend_program(home.path());
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&daemon.socket, fs::Permissions::from_mode(0o666)).unwrap();
    let out = Command::new(home.path().join("colleague"))
        .args(["daemon::team::a_colleague_at_work", "--exact", "--ignored"])
        .env(SOCKET, &daemon.socket)
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(!out.status.success(), "{text}");
    assert!(text.contains("Refused"), "{text}");
}
