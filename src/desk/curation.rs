//! Changes of what the team shares: the vocabulary, its settings, its datasets.

use std::sync::Arc;

use super::actor::Actor;
use super::errors::bad_cause;
use super::names::{cause_name, group_name, unknown_cause};
use super::writer::ActBuilder;
use super::writer::Writer;
use crate::api::{ActDone, BadCause, DeskError, VocabularyEdit};
use crate::model::{CauseStatus, TeamSettings};
use crate::model::{Change, Key, Op, Revision, Setting};
use crate::store::Store;
use crate::store::cause_id;

/// Changes of what the team shares: vocabulary, settings, datasets.
pub(super) struct Curation {
    pub(super) store: Arc<Store>,
    pub(super) writer: Arc<Writer>,
}

impl Curation {
    pub(super) fn edit_vocabulary(
        &self,
        who: &Actor,
        edit: &VocabularyEdit,
    ) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut act = ActBuilder::new(who);
        let vocabulary = self.store.vocabulary();
        let find = |text: &str| {
            vocabulary
                .find(text)
                .ok_or_else(|| unknown_cause(&vocabulary, text))
        };
        let (id, base, op) = match edit {
            VocabularyEdit::Create { name, group } => {
                let (name, group) = (cause_name(name)?, group_name(group)?);
                if let Some(known) = vocabulary.find(&name) {
                    return Err(bad_cause(&known.name, BadCause::NameTaken));
                }
                (cause_id(&name), None, Op::CauseCreate { name, group })
            }
            VocabularyEdit::Rename { cause, name } => {
                let cause = find(cause)?;
                let name = cause_name(name)?;
                let change = Change {
                    from: cause.name.clone(),
                    to: name,
                };
                (cause.id, Some(cause.revision), Op::CauseRename(change))
            }
            VocabularyEdit::Group { cause, group } => {
                let cause = find(cause)?;
                let to = group_name(group)?;
                if to == cause.name {
                    return Err(bad_cause(&cause.name, BadCause::GroupIsItself));
                }
                let change = Change {
                    from: cause.group.clone(),
                    to,
                };
                (cause.id, Some(cause.revision), Op::CauseGroup(change))
            }
            VocabularyEdit::Merge { cause, into } => {
                let (cause, into) = (find(cause)?, find(into)?);
                if cause.id == into.id {
                    return Err(bad_cause(&cause.name, BadCause::MergeIntoItself));
                }
                let change = Change {
                    from: None,
                    to: Some(into.id),
                };
                (cause.id, Some(cause.revision), Op::CauseMerge(change))
            }
            VocabularyEdit::Retire { cause } => {
                let cause = find(cause)?;
                let change = Change {
                    from: cause.status == CauseStatus::Retired,
                    to: true,
                };
                (cause.id, Some(cause.revision), Op::CauseRetire(change))
            }
            VocabularyEdit::Revive { cause } => {
                let cause = find(cause)?;
                let change = Change {
                    from: cause.status == CauseStatus::Retired,
                    to: false,
                };
                (cause.id, Some(cause.revision), Op::CauseRetire(change))
            }
        };
        act.add(Key::Vocab(id), base, op);
        self.writer.finish(&writing, act)
    }

    pub(super) fn set_setting(
        &self,
        who: &Actor,
        setting: Setting,
        value: Option<String>,
        seen: Option<Revision>,
    ) -> Result<ActDone, DeskError> {
        // Refused here, with line and column, rather than by the fold.
        TeamSettings::check(setting, value.as_deref()).map_err(|error| DeskError::BadSetting {
            name: setting.name().to_owned(),
            detail: super::errors::chain(&error),
        })?;
        let writing = self.writer.write();
        let key = Key::Setting(setting);
        let from = Some(self.store.settings().get(setting));
        let base = self.writer.base(who, &key, seen)?;
        let mut act = ActBuilder::new(who);
        act.add(key, Some(base), Op::Setting(Change { from, to: value }));
        self.writer.finish(&writing, act)
    }

    pub(super) fn remove_dataset(&self, who: &Actor, name: &str) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut act = ActBuilder::new(who);
        act.add(Key::Dataset(name.to_owned()), None, Op::RemoveDataset);
        self.writer.finish(&writing, act)
    }
}
