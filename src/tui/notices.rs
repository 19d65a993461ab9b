//! What was said to the user.

/// What was said to the user: the last one in the status line, all in the message list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notices {
    /// What the status line says now.
    pub current: Option<Notice>,
    /// All of this session, the oldest first, at most [`Notices::KEPT`].
    pub all: Vec<Notice>,
}

/// Something said to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub weight: Weight,
    /// What is said.
    pub text: String,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Something went well.
    Good,
    /// Something to know.
    Plain,
    /// Something to look at.
    Warn,
    /// Something failed.
    Bad,
}

impl Notices {
    /// Notices kept for the message list.
    pub const KEPT: usize = 500;

    /// Says something.
    pub fn say(&mut self, weight: Weight, text: String) {
        let notice = Notice { weight, text };
        if self.all.len() == Self::KEPT {
            self.all.remove(0);
        }
        self.all.push(notice.clone());
        self.current = Some(notice);
    }
}
