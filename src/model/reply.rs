//! Standard replies: what can be said again.

use serde::{Deserialize, Serialize};

use super::{ReplyId, Revision};

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

/// Whether a reply answers nothing: 请稍等, 已经处理完成 and the like, and a note that an older
/// version stored as an agent's words.
pub fn is_holding(text: &str) -> bool {
    crate::text::phrases::is_holding(text) || crate::text::internal::is_note(text)
}
