//! Standard replies: what can be said again.

use serde::{Deserialize, Serialize};

use super::{Change, ReplyId, Revision};

/// A standard reply as an agent keeps it.
///
/// Slots stand in the text as `{{名称}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardReply {
    /// Its id, which survives editing.
    pub id: ReplyId,
    /// Its name; empty where nobody named it.
    pub name: String,
    /// Short code typed after `;`; empty = none.
    #[serde(default)]
    pub code: String,
    /// The text with its slots.
    pub text: String,
    /// Why it must not be sent any more; empty = it may.
    #[serde(default)]
    pub outdated: String,
    /// The reply that took its place.
    #[serde(default)]
    pub successor: Option<ReplyId>,
    /// Whether an agent took it out of use.
    #[serde(default)]
    pub retired: bool,
    /// The reply that it was merged into: its id leads there.
    #[serde(default)]
    pub merged: Option<ReplyId>,
    /// What the tickets said when an agent last wrote or looked; empty = nothing then.
    #[serde(default)]
    pub basis: String,
    /// Count of changes of this entry.
    pub revision: Revision,
}

impl StandardReply {
    /// A reply before its first change.
    pub fn blank(id: ReplyId) -> Self {
        Self {
            id,
            name: String::new(),
            code: String::new(),
            text: String::new(),
            outdated: String::new(),
            successor: None,
            retired: false,
            merged: None,
            basis: String::new(),
            revision: Revision(0),
        }
    }
}

/// Spells the parts of a reply that can change once: the change of each, and what is done to all.
macro_rules! changing {
    ($($(#[$doc:meta])* $part:ident: $of:ty,)*) => {
        /// What an agent changed of a standard reply; `None` = the part stays as it is.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct ReplyChange {
            $($(#[$doc])* #[serde(default)] pub $part: Option<Change<$of>>,)*
        }

        impl ReplyChange {
            /// The change that makes one reply of another; `None` = they are the same.
            pub fn between(before: &StandardReply, after: &StandardReply) -> Option<Self> {
                let change = Self {
                    $($part: (before.$part != after.$part).then(|| Change {
                        from: before.$part.clone(),
                        to: after.$part.clone(),
                    }),)*
                };
                (change != Self::default()).then_some(change)
            }

            /// Does the change to a reply.
            pub fn apply(&self, reply: &mut StandardReply) {
                $(if let Some(change) = &self.$part {
                    reply.$part.clone_from(&change.to);
                })*
            }

            /// The change that takes it back.
            #[must_use]
            pub fn inverted(self) -> Self {
                Self {
                    $($part: self.$part.map(Change::inverted),)*
                }
            }
        }
    };
}

changing! {
    /// Its name.
    name: String,
    /// Its short code.
    code: String,
    /// Its text.
    text: String,
    /// Why it is outdated; empty = it is not.
    outdated: String,
    /// What took its place.
    successor: Option<ReplyId>,
    /// Whether it is out of use.
    retired: bool,
    /// The reply that it was merged into.
    merged: Option<ReplyId>,
    /// What the tickets said when an agent last looked.
    basis: String,
}

/// Whether a reply answers nothing: 请稍等, 已经处理完成 and the like, and a note that an older
/// version stored as an agent's words.
pub fn is_holding(text: &str) -> bool {
    crate::text::phrases::is_holding(text) || crate::text::internal::is_note(text)
}
