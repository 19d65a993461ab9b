//! All integration tests in one binary: one link instead of a dozen.

mod cli;
mod clipboard;
mod daemon;
mod desk;
mod layering;
mod picture;
mod terminal;
mod words;
