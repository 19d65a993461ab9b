//! What the tickets themselves tell: standard replies, slots, causes suggested, suspects named.

pub mod fit;
mod pattern;
pub mod slots;
mod url;
pub mod value;
pub mod vendor;
