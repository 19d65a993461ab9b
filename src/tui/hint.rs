//! A key shown in the status line, with what it does where the keys are now.

use crate::keymap::Action;
use crate::words::{Lang, Word, word};

/// An action whose key is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The action.
    pub action: Action,
    /// What it does here; `None` = what it is called everywhere.
    does: Option<Word>,
}

impl Hint {
    /// An action under the name of what it does here.
    pub fn new(action: Action, does: Word) -> Self {
        Self {
            action,
            does: Some(does),
        }
    }

    /// What is said beside the key.
    pub fn words(&self, lang: Lang) -> &'static str {
        match self.does {
            Some(does) => word(lang, does),
            None => lang.pick(self.action.zh(), self.action.en()),
        }
    }
}

impl From<Action> for Hint {
    fn from(action: Action) -> Self {
        Self { action, does: None }
    }
}
