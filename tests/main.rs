//! All integration tests in one binary: one link instead of a dozen.

mod cli;
mod clipboard;
mod desk;
mod layering;
mod picture;
mod terminal;
mod words;
