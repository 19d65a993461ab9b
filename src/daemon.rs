//! The desk over a Unix socket: one process owns the store, everybody else talks to it.
//!
//! It is the same vocabulary ([`crate::api`]) and the same promises; only the way differs.
//! This module knows nothing of stores and indexes: whoever runs [`serve`] brings a
//! [`SessionFactory`] that makes a desk for each client.
//!
//! | file | what it holds |
//! |---|---|
//! | `wire` | frames |
//! | `message` | greetings, requests, answers, pushes as frames |
//! | `place`, `lock`, `listener`, `inherited` | the files of a daemon: directory, lock, socket |
//! | `server`, `shared`, `session`, `pool`, `scheduler`, `outbox`, `broadcast` | the daemon |
//! | `peer`, `accounts`, `access`, `rules` | who is there, and what they may do |
//! | `probe`, `start`, `client` | the way to it |
//!
//! The truth about whether a daemon lives is the lock on `daemon.lock`, which ends with its
//! process, however that ends. The socket is only the way: whoever holds the lock may remove and
//! make it.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! accounts error rules scheduler wire
//! access inherited lock message place pool
//! listener outbox peer
//! broadcast probe
//! shared start
//! client session
//! server
//! ```

mod access;
mod accounts;
mod broadcast;
mod client;
mod error;
mod inherited;
mod listener;
mod lock;
mod message;
mod outbox;
mod peer;
mod place;
mod pool;
mod probe;
mod rules;
mod scheduler;
mod server;
mod session;
mod shared;
mod start;
mod wire;

use std::sync::Arc;

use crate::api::Ordered;

pub use client::{ConnectOptions, SocketDesk};
pub use error::{DaemonError, DirectoryProblem};
pub use message::{DaemonInfo, PROTOCOL};
pub use peer::Peer;
pub use place::may_keep;
pub use probe::Probe;
pub use server::{ServeOptions, Server, Stopper, Team, serve};
pub use start::{Starter, Where, detach, socket, status, stop};

/// Makes the desk of a client's session.
pub type SessionFactory = Box<dyn Fn(&Peer) -> Arc<dyn Ordered> + Send + Sync>;
