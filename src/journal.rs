//! Placeholder of a room: journal.
