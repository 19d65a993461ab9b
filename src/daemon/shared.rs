//! What all connections of one daemon share.

use std::collections::HashMap;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::api::{Ordered, Role};

use super::SessionFactory;
use super::access::{RoleTable, role_of};
use super::accounts::{Accounts, HostAccounts};
use super::broadcast::Broadcast;
use super::message::{DaemonInfo, PROTOCOL, VERSION};
use super::peer::Peer;
use super::scheduler::Scheduler;

/// Sessions at the same time.
const SESSIONS: usize = 512;

/// Of these, sessions of one user of a team: a loop in somebody's script must leave room for the
/// others, and a Unix account that many agents share must have enough.
const SESSIONS_OF_ONE: usize = SESSIONS / 2;

/// Connections at the same time, greetings included.
const CONNECTIONS: usize = 1024;

/// Of these, connections of one user of a team, for the same reason.
const CONNECTIONS_OF_ONE: usize = CONNECTIONS / 2;

/// The state that connections, listener and the daemon's own loop share.
pub(super) struct Shared {
    /// `None` once the daemon is closing the store.
    factory: RwLock<Option<Arc<SessionFactory>>>,
    accounts: HostAccounts,
    pub(super) scheduler: Arc<Scheduler>,
    pub(super) pushes: Arc<Broadcast>,
    /// The team's roles; `None` = a private daemon, which has only its owner.
    roles: Option<RwLock<RoleTable>>,
    owner: u32,
    since: Timestamp,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    connections: HashMap<u64, Connection>,
    next: u64,
    sessions: usize,
    /// The same by user.
    sessions_of: HashMap<u32, usize>,
    /// When the last connection ended, or the daemon began.
    quiet_since: Instant,
    stopping: bool,
}

/// A connection that was accepted, whether it was greeted yet or not.
struct Connection {
    uid: u32,
    stream: Arc<UnixStream>,
}

/// Counts a session as long as it lives.
pub(super) struct Counted<'a> {
    shared: &'a Shared,
    uid: u32,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.sessions -= 1;
        if let Some(count) = state.sessions_of.get_mut(&self.uid) {
            *count -= 1;
            if *count == 0 {
                state.sessions_of.remove(&self.uid);
            }
        }
    }
}

impl Shared {
    pub(super) fn new(factory: SessionFactory, owner: u32, team: bool) -> Arc<Self> {
        Arc::new(Self {
            factory: RwLock::new(Some(Arc::new(factory))),
            accounts: HostAccounts::default(),
            scheduler: Scheduler::new(),
            pushes: Arc::default(),
            roles: team.then(RwLock::default),
            owner,
            since: Timestamp::now(),
            state: Mutex::new(State {
                connections: HashMap::new(),
                next: 0,
                sessions: 0,
                sessions_of: HashMap::new(),
                quiet_since: Instant::now(),
                stopping: false,
            }),
            changed: Condvar::new(),
        })
    }

    pub(super) fn info(&self) -> DaemonInfo {
        DaemonInfo {
            protocol: PROTOCOL,
            version: VERSION.to_owned(),
            pid: std::process::id(),
            since: Some(self.since),
            clients: self.sessions(),
        }
    }

    pub(super) fn accounts(&self) -> &dyn Accounts {
        &self.accounts
    }

    /// A client's role; `None` = it may not be here at all.
    pub(super) fn role(&self, peer: &Peer) -> Option<Role> {
        let Some(roles) = &self.roles else {
            return (peer.uid == self.owner).then_some(Role::Admin);
        };
        let table = roles.read().unwrap_or_else(PoisonError::into_inner);
        let who = (peer.uid, peer.gid);
        Some(role_of(&table, &self.accounts, who, self.owner))
    }

    /// Puts the team's roles in force.
    pub(super) fn set_roles(&self, table: RoleTable) {
        if let Some(roles) = &self.roles {
            *roles.write().unwrap_or_else(PoisonError::into_inner) = table;
        }
    }

    /// The desk of a session; `None` when the store is being closed.
    pub(super) fn open_session(&self, peer: &Peer) -> Option<Arc<dyn Ordered>> {
        let factory = self
            .factory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()?;
        Some(factory(peer))
    }

    /// Lets go of the desk; the store closes with its last session.
    pub(super) fn close_desk(&self) {
        let factory = self
            .factory
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(factory);
    }

    pub(super) fn sessions(&self) -> usize {
        self.lock().sessions
    }

    /// Counts a new session of a user; `None` where there are too many.
    pub(super) fn admit(&self, uid: u32) -> Option<Counted<'_>> {
        let mut state = self.lock();
        let of_team = self.roles.is_some();
        let own = state.sessions_of.get(&uid).copied().unwrap_or_default();
        let too_many = of_team && own >= SESSIONS_OF_ONE;
        if too_many || state.sessions >= SESSIONS {
            return None;
        }
        state.sessions_of.insert(uid, own + 1);
        state.sessions += 1;
        Some(Counted { shared: self, uid })
    }

    /// Counts a new connection of a user; `None` where there are too many.
    pub(super) fn enter(&self, uid: u32, stream: &Arc<UnixStream>) -> Option<u64> {
        let mut state = self.lock();
        let own = state.connections.values().filter(|other| other.uid == uid);
        let too_many = self.roles.is_some() && own.count() >= CONNECTIONS_OF_ONE;
        if state.stopping || too_many || state.connections.len() >= CONNECTIONS {
            return None;
        }
        let number = state.next;
        state.next += 1;
        let stream = Arc::clone(stream);
        state.connections.insert(number, Connection { uid, stream });
        Some(number)
    }

    pub(super) fn ended(&self, number: u64) {
        let mut state = self.lock();
        state.connections.remove(&number);
        state.quiet_since = Instant::now();
        drop(state);
        self.changed.notify_all();
    }

    /// Asks the daemon to finish and go.
    pub(super) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    /// Waits a moment; says whether the daemon goes on. One that nobody needed for `idle` stops.
    pub(super) fn tick(&self, moment: Duration, idle: Option<Duration>) -> bool {
        let (mut state, _) = self
            .changed
            .wait_timeout_while(self.lock(), moment, |state| !state.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        let unused = state.connections.is_empty()
            && idle.is_some_and(|idle| state.quiet_since.elapsed() >= idle);
        // Under the same lock as accepting: nobody is let in and then left standing.
        state.stopping |= unused;
        !state.stopping
    }

    /// Ends one direction, or both, of all connections, and waits for them to be over.
    pub(super) fn hang_up(&self, how: Shutdown, patience: Duration) -> bool {
        let state = self.lock();
        for connection in state.connections.values() {
            // A connection that is over cannot be shut down, and need not.
            let _ = connection.stream.shutdown(how);
        }
        let (state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| !state.connections.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        state.connections.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(team: bool) -> Arc<Shared> {
        Shared::new(Box::new(|_| unreachable!("nobody opens a desk")), 500, team)
    }

    #[test]
    fn one_user_of_a_team_leaves_room_for_the_others() {
        let shared = shared(true);
        let mut own: Vec<_> = (0..SESSIONS).map_while(|_| shared.admit(1000)).collect();
        assert_eq!(own.len(), SESSIONS_OF_ONE);
        assert!(shared.admit(1001).is_some());
        own.pop();
        assert!(shared.admit(1000).is_some(), "there is room again");
        drop(own);
        assert_eq!(shared.sessions(), 0);
        assert!(shared.lock().sessions_of.is_empty());
    }

    #[test]
    fn connections_that_greet_nobody_leave_room_for_the_others() {
        let shared = shared(true);
        let stream = Arc::new(UnixStream::pair().unwrap().0);
        let mut own: Vec<u64> = (0..CONNECTIONS)
            .map_while(|_| shared.enter(1000, &stream))
            .collect();
        assert_eq!(own.len(), CONNECTIONS_OF_ONE);
        assert!(shared.enter(1001, &stream).is_some());
        shared.ended(own.pop().unwrap());
        assert!(shared.enter(1000, &stream).is_some(), "there is room again");
    }

    #[test]
    fn the_owner_of_a_private_daemon_may_have_all_sessions() {
        let shared = shared(false);
        let own: Vec<_> = (0..=SESSIONS).map_while(|_| shared.admit(500)).collect();
        assert_eq!(own.len(), SESSIONS);
    }
}
