//! Display width, wrapping, sanitising, pinyin, redaction marks and patterns: pure functions on text.

pub mod contacts;
pub mod fold;
pub mod internal;
pub mod phrases;
pub mod pinyin;
pub mod redaction;
pub mod sanitize;
pub mod similarity;
pub mod template;
pub mod width;
pub mod wrap;
