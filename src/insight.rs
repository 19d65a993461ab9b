//! Placeholder of a room: insight.
