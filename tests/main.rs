//! All integration tests in one binary: one link instead of a dozen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips"
)]

mod cli;
mod clipboard;
mod crash;
mod daemon;
mod desk;
mod fuzz;
mod journeys;
mod layering;
mod picture;
mod ssh;
mod terminal;
mod words;
