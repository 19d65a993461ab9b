//! One index on disk: its schema, how documents become its entries, and the payload of a commit.

mod entry;
mod schema;
mod shelf;
mod stream;
mod zone;

pub use entry::{EDGE_LETTERS, Entry, Slot, entries, initials, pair};
pub use schema::{Fields, TYPE_MARK, fold_category};
pub use shelf::{GROUP, Payload, Shelf, failed, register, size};
pub use zone::{Bounds, Zone, ZoneQuery};
