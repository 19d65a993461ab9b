//! Placeholder of a room: words.
