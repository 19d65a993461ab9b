//! Placeholder of a room: cli.
