//! One index on disk: its schema, how documents become its entries, and the payload of a commit.

mod entry;
mod schema;
mod shelf;
mod stream;
mod zone;

pub use entry::{DOUBLE, EDGE_LETTERS, entries};
pub use schema::{Fields, PINYIN_GRAM, TYPE_MARK, fold_category};
pub use shelf::{Payload, Shelf, failed, register, size};
pub use zone::{Zone, ZoneQuery};
