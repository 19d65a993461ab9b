//! When a text may be copied, and what is counted of it: the same for the screen and the commands.

use super::{Draft, Used};

/// Whether a draft may be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// Blanks are left: nothing fills them but values.
    Unfilled,
    /// Something has to be looked at first; whoever has seen it may copy anyway.
    Guarded,
    /// It may be copied, in spite of these warnings, which are recorded with the use.
    Ready {
        /// What was seen and overridden, by name.
        overridden: Vec<String>,
    },
}

impl Draft {
    /// Whether it may be copied; `anyway` = whoever copies has seen the warnings.
    pub fn readiness(&self, anyway: bool) -> Readiness {
        if !self.unfilled.is_empty() {
            return Readiness::Unfilled;
        }
        let overridden = self.warnings();
        if !anyway && !overridden.is_empty() {
            return Readiness::Guarded;
        }
        Readiness::Ready { overridden }
    }

    /// What is recorded of one copy, once it is made: a copy that failed is not counted.
    pub fn used(&self, overridden: Vec<String>) -> Used {
        Used {
            reply: self.reply,
            count: 1,
            overridden,
            turn: self.copied_turn(),
        }
    }
}
