//! The fixed regions of the screen: each file holds a pane's state and how it is drawn.

pub mod detail;
pub mod list;
pub mod query;
pub mod status;
pub mod tabs;
pub mod tree;
