//! The role that a change of a key needs.

use crate::api::Role;
use crate::model::Key;

/// The least role that may change a key: of a conflict's, that may settle it.
pub(super) fn role_for_key(key: &Key) -> Role {
    match key {
        Key::Use(_) | Key::Star(..) => Role::Reader,
        // As with views themselves: one's own is named after its owner.
        Key::View(name) if name.starts_with('~') => Role::Reader,
        Key::Cause(_) | Key::Category(_) | Key::Vote(..) | Key::Outdated(_) | Key::Conflict(_) => {
            Role::Agent
        }
        Key::Reply(_) | Key::Vocab(_) | Key::View(_) | Key::Dataset(_) => Role::Curator,
        Key::Setting(_) => Role::Admin,
    }
}
