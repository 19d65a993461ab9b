//! Placeholder of a room: config.
