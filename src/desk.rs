//! The application behind one door: every reader and writer goes through [`Desk`](crate::api::Desk).
//!
//! The workbench, the commands and the daemon's clients speak the vocabulary of
//! [`api`](crate::api) and cannot tell whether the desk is in their process or behind a socket.
//! Answers and errors carry codes and values, never sentences: words belong to whoever shows them.
//!
//! `local` says which service answers what, `services` what each service is made of:
//!
//! | service | does | needs beside the store |
//! |---|---|---|
//! | `Catalogue` | rows, ids, queries, the tree | index, analysis |
//! | `History`, `Details` | the log; one ticket or article in full | catalogue |
//! | `Conflicts` | changes that came too late | catalogue, history |
//! | `Writer` | the one way by which a change gets in | index, analysis, listeners |
//! | `Annotations`, `Curation`, `Views` | what agents and curators decide | writer |
//! | `Replies`, `Advice`, `Queues`, `Figures` | what is known about it all | analysis, catalogue |
//! | `Imports`, `Exports` | documents in, documents out | jobs, writer |
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! actor documents errors insights jobs masks reloads reply_catalogue sample
//! indexing meaning names presence
//! catalogue
//! advice export figures history queues rows
//! audit conflicts find
//! writer
//! annotate curation import replies views
//! at_hand compose outdated settle undo votes
//! details
//! services
//! local
//! ```

mod actor;
mod advice;
mod annotate;
mod at_hand;
mod audit;
mod catalogue;
mod compose;
mod conflicts;
mod curation;
mod details;
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
mod meaning;
mod names;
mod outdated;
mod presence;
mod queues;
mod reloads;
mod replies;
mod reply_catalogue;
mod rows;
mod sample;
mod services;
mod settle;
mod undo;
mod views;
mod votes;
mod writer;

pub use actor::{Authority, Identity};
pub use local::LocalDesk;
