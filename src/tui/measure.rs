//! The text room's functions under the names the screen uses.

use std::borrow::Cow;

pub use crate::text::width::width;
pub use crate::text::wrap::wrap;

/// Without controls.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect())
}

/// Substitutes.
pub fn narrow_substitutes(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Pinyin.
pub fn pinyin_matches(_text: &str, _typed: &str) -> bool {
    false
}
