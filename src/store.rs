//! Placeholder of a room: store.
