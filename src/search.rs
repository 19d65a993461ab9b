//! Placeholder of a room: search.
