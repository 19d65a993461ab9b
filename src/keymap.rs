//! Placeholder of a room: keymap.
