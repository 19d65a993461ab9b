//! Display width, wrapping, sanitising, pinyin, redaction marks and patterns: pure functions on text.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! contacts fold internal pinyin redaction sanitize similarity template width
//! phrases wrap
//! ```

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
