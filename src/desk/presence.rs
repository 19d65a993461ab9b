//! Who is at which ticket: a seat for each session, which is empty when the session ends,
//! however it ends.
//!
//! It is of this process alone and never written down. A ticket that an agent works on, from a
//! queue or in the annotation form, is held for it: the first to come holds it, and for no
//! longer than [`LEASE`] after it last said so, so that a ticket is not kept by somebody who
//! went home.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::actor::Identity;
use crate::api::{Attended, Attending, Doing, Fanout, Present, Push};
use crate::model::TicketId;

/// How long a ticket is held for an agent who does nothing more.
const LEASE: Duration = Duration::from_secs(15 * 60);

/// How long changes are collected before they are told.
const GATHER: Duration = Duration::from_millis(60);

/// How long after it was told last: hundreds of agents that move on are one push a second to each,
/// of what they were in the meantime nobody need hear.
const PACE: Duration = Duration::from_secs(1);

/// All seats of a desk.
pub(super) struct Presence {
    state: Mutex<State>,
    pushes: Arc<Fanout>,
}

#[derive(Default)]
struct State {
    seats: HashMap<u64, Sitting>,
    next: u64,
    /// Tickets whose change is still to be told.
    untold: BTreeSet<TicketId>,
    /// Whether somebody is about to tell.
    telling: bool,
    told: Option<Instant>,
}

/// Somebody at a ticket.
struct Sitting {
    ticket: TicketId,
    agent: Present,
    /// The place in the order of coming.
    came: u64,
    /// When it last said so.
    said: Instant,
}

impl Sitting {
    fn holds(&self, ticket: TicketId) -> bool {
        let works = match self.agent.doing {
            Doing::Reads => false,
            Doing::Works | Doing::Annotates => true,
        };
        works && self.ticket == ticket && self.said.elapsed() < LEASE
    }
}

/// A session's place. Dropping it empties it.
pub(super) struct Seat {
    presence: Arc<Presence>,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Presence {
    pub(super) fn new(pushes: Arc<Fanout>) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            pushes,
        })
    }

    /// A seat for a new session.
    pub(super) fn seat(self: &Arc<Self>) -> Seat {
        let mut state = self.lock();
        state.next += 1;
        Seat {
            presence: Arc::clone(self),
            number: state.next,
        }
    }

    /// Everybody there is.
    pub(super) fn all(&self) -> Vec<Attended> {
        let state = self.lock();
        let tickets: BTreeSet<TicketId> = state.seats.values().map(|s| s.ticket).collect();
        tickets.into_iter().map(|id| state.at(id)).collect()
    }

    /// Tickets that other sessions work on, with who does.
    pub(super) fn held(&self, own: &Seat) -> BTreeMap<TicketId, Present> {
        let state = self.lock();
        let tickets: BTreeSet<TicketId> = state.seats.values().map(|s| s.ticket).collect();
        let held = tickets.into_iter().filter_map(|ticket| {
            let (number, sitting) = state.holder(ticket)?;
            (number != own.number).then(|| (ticket, sitting.agent.clone()))
        });
        held.collect()
    }

    /// Tells everybody, in a moment, that a ticket's company has changed.
    fn changed(self: &Arc<Self>, mut state: MutexGuard<'_, State>, tickets: &[TicketId]) {
        state.untold.extend(tickets);
        if std::mem::replace(&mut state.telling, true) {
            return;
        }
        let since = state.told.map_or(PACE, |told| told.elapsed());
        let wait = PACE.saturating_sub(since).max(GATHER);
        drop(state);
        let presence = Arc::clone(self);
        let spawned = std::thread::Builder::new()
            .name("gongdan-present".to_owned())
            .spawn(move || {
                std::thread::sleep(wait);
                presence.tell();
            });
        if spawned.is_err() {
            self.tell();
        }
    }

    fn tell(&self) {
        let mut state = self.lock();
        state.telling = false;
        state.told = Some(Instant::now());
        let untold = std::mem::take(&mut state.untold);
        let told = untold.into_iter().map(|ticket| state.at(ticket)).collect();
        drop(state);
        self.pushes.send(&Push::Present(told));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn at(&self, ticket: TicketId) -> Attended {
        let mut there: Vec<&Sitting> = self.seats.values().filter(|s| s.ticket == ticket).collect();
        there.sort_by_key(|sitting| sitting.came);
        Attended {
            ticket,
            agents: there.into_iter().map(|s| s.agent.clone()).collect(),
        }
    }

    /// The first to come of those who work on a ticket.
    fn holder(&self, ticket: TicketId) -> Option<(u64, &Sitting)> {
        let holding = self.seats.iter().filter(|(_, s)| s.holds(ticket));
        holding
            .min_by_key(|(_, sitting)| sitting.came)
            .map(|(number, sitting)| (*number, sitting))
    }
}

impl Seat {
    /// Comes to a ticket, or goes on to do something else there.
    pub(super) fn attend(&self, who: &Identity, ticket: TicketId, doing: Doing) -> Attending {
        let mut state = self.presence.lock();
        state.next += 1;
        let number = state.next;
        let before = state.seats.remove(&self.number);
        let stays = before.as_ref().filter(|sitting| sitting.ticket == ticket);
        let same = stays.is_some_and(|sitting| sitting.agent.doing == doing);
        let agent = Present {
            session: who.origin.session.clone(),
            name: who.author.name.clone(),
            uid: who.author.uid,
            declared: who.author.declared,
            doing,
        };
        let sitting = Sitting {
            ticket,
            agent,
            came: stays.map_or(number, |sitting| sitting.came),
            said: Instant::now(),
        };
        state.seats.insert(self.number, sitting);
        let holder = state.holder(ticket);
        let attending = Attending {
            session: who.origin.session.clone(),
            held_by: holder
                .filter(|(number, _)| *number != self.number)
                .map(|(_, sitting)| sitting.agent.clone()),
        };
        if !same {
            let left = before.map_or(ticket, |sitting| sitting.ticket);
            self.presence.changed(state, &[ticket, left]);
        }
        attending
    }

    /// Goes away from wherever it is.
    pub(super) fn leave(&self) {
        let mut state = self.presence.lock();
        if let Some(left) = state.seats.remove(&self.number) {
            self.presence.changed(state, &[left.ticket]);
        }
    }

    /// Everybody else's tickets.
    pub(super) fn held_by_others(&self) -> BTreeMap<TicketId, Present> {
        self.presence.held(self)
    }
}
