//! One index on disk: its schema, how documents become its entries, and the payload of a commit.

mod entry;
mod handle;
mod schema;
mod stream;
mod zone;

pub use entry::{EDGE_LETTERS, Entry, Slot, entries, initials, pair};
pub use handle::{GROUP, IndexHandle, Payload, failed, register, size};
pub use schema::{Fields, TYPE_MARK, fold_category};
pub use zone::{Bounds, Zone, ZoneQuery};
