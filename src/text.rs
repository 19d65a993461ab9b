//! Display width, wrapping, sanitising, pinyin, redaction marks and patterns: pure functions on text.

pub mod phrases;
pub mod width;
pub mod wrap;
