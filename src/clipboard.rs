//! Placeholder of a room: clipboard.
