//! The application behind one door: every reader and writer goes through [`Desk`](crate::api::Desk).
//!
//! The workbench, the commands and the daemon's clients speak the vocabulary of
//! [`api`](crate::api) and
//! cannot tell whether the desk is in their process or behind a socket. Answers and errors carry
//! codes and values, never sentences: words belong to whoever shows them.

mod actor;
mod advice;
mod annotate;
mod at_hand;
mod audit;
mod compose;
mod conflicts;
mod core;
mod documents;
mod errors;
mod export;
mod figures;
mod find;
mod history;
mod import;
mod indexing;
mod insights;
mod jobs;
mod local;
mod masks;
mod outdated;
mod presence;
mod queues;
mod reloads;
mod replies;
mod rows;
mod sample;
mod undo;
mod views;
mod votes;

pub use actor::{Authority, Identity};
pub use local::LocalDesk;
