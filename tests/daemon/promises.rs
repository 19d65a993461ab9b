//! The same promises as a desk in this process, kept over a socket.

use std::path::Path;
use std::sync::Arc;

use gongdan::daemon::{SessionFactory, SocketDesk};
use gongdan::desk::LocalDesk;

use super::{Daemon, options, own, temp, way};
use crate::desk::{Bench, identity, promises};

/// A real desk's sessions. The name decides who it is, so that one user can be two agents.
fn sessions(dir: &Path) -> SessionFactory {
    let desk = LocalDesk::open(dir, identity("服务", "daemon")).unwrap();
    Box::new(move |peer| {
        let name = peer.declared.as_deref().unwrap_or(&peer.name);
        Arc::new(desk.session(identity(name, &peer.session)))
    })
}

fn agent(dir: &Path, name: &str, session: &str) -> Arc<SocketDesk> {
    let mut way = way(own(dir), None);
    way.declared = Some(name.to_owned());
    way.session = session.to_owned();
    Arc::new(SocketDesk::connect(way).unwrap())
}

#[test]
fn a_desk_behind_a_socket_keeps_every_promise() {
    for (name, promise) in promises() {
        println!("{name}");
        let dir = temp();
        let daemon = Daemon::serving(&options(dir.path()), sessions(dir.path()), Arc::default());
        let (first, second) = (agent(dir.path(), "林", "a"), agent(dir.path(), "周", "b"));
        promise(&Bench::new(first, second, (daemon, dir)));
    }
}
