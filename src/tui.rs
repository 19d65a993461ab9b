//! Placeholder of a room: tui.
