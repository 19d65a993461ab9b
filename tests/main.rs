//! All integration tests in one binary: one link instead of a dozen.

mod cli;
mod clipboard;
mod crash;
mod daemon;
mod desk;
mod journeys;
mod layering;
mod picture;
mod ssh;
mod terminal;
mod words;
