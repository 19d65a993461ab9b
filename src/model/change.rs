//! A value before and after a change.

use serde::{Deserialize, Serialize};

/// A value before and after; `None` on either side = absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// Before.
    pub from: T,
    /// After.
    pub to: T,
}

impl<T> Change<T> {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverted(self) -> Self {
        Self {
            from: self.to,
            to: self.from,
        }
    }
}
