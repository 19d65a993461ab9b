//! One index on disk: its schema, how documents become its entries, and the payload of a commit.

mod entry;
mod schema;
mod shelf;
mod stream;

pub use entry::{EDGE_LETTERS, entries};
pub use schema::{Fields, PINYIN_GRAM, TYPE_MARK, fold_category};
pub use shelf::{Payload, Shelf, failed, size};
