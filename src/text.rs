//! Display width, wrapping, sanitising, pinyin, redaction marks and patterns: pure functions on text.

pub mod contacts;
pub mod phrases;
pub mod redaction;
pub mod sanitize;
pub mod similarity;
