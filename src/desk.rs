//! The application behind one door: every reader and writer goes through [`Desk`].
//!
//! The workbench, the commands and the daemon's clients speak [`Request`] and [`Answer`] and
//! cannot tell whether the desk is in their process or behind a socket. Answers and errors carry
//! codes and values, never sentences: words belong to whoever shows them.

pub mod api;

pub use api::{Answer, Desk, DeskError, ErrorCode, Push, Request};
