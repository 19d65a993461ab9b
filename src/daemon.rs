//! Placeholder of a room: daemon.
