//! Display width, wrapping, sanitising, pinyin, redaction marks and patterns: pure functions on text.

pub mod fold;
pub mod phrases;
pub mod pinyin;
