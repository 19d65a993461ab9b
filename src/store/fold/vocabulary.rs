//! Changes of the vocabulary.

use std::sync::Arc;

use super::{Fold, Outcome, Refusal};
use crate::model::{Cause, CauseId, CauseStatus, DocNo, Op, Record, Revision};
use crate::store::{StoreError, Vocabulary, cause_id, keys};

impl Fold<'_> {
    pub(super) fn change_cause(
        &mut self,
        id: CauseId,
        op: &Op,
        record: &Record,
        revision: Revision,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let known = self.directory.vocabulary.get(id).cloned();
        if let Op::CauseCreate { name, group } = op {
            return self.create_cause(id, name, group, known, revision);
        }
        let Some(mut cause) = known else {
            return Ok(Err(Refusal::UnknownCause));
        };
        cause.revision = revision;
        match op {
            Op::CauseDrop { .. } => return Ok(self.drop_cause(id)),
            Op::CauseRename(change) => {
                let taken = self.directory.vocabulary.named(&change.to);
                if taken.is_some_and(|other| other.id != id) {
                    return Ok(Err(Refusal::NameTaken));
                }
                rename(&mut cause, &change.to, record.undoes.is_some());
                touched.extend(self.directory.docs_with_cause(id));
            }
            Op::CauseGroup(change) => cause.group.clone_from(&change.to),
            Op::CauseMerge(change) => {
                if let Some(into) = change.to {
                    let vocabulary = &self.directory.vocabulary;
                    if vocabulary.get(into).is_none() {
                        return Ok(Err(Refusal::UnknownCause));
                    }
                    if vocabulary.resolve(into) == id {
                        return Ok(Err(Refusal::InUse));
                    }
                }
                // Those that follow it to the other side, and those that come back.
                touched.extend(self.directory.docs_with_cause(id));
                cause.status = change.to.map_or(CauseStatus::Active, CauseStatus::Merged);
            }
            Op::CauseRetire(change) => {
                cause.status = if change.to {
                    CauseStatus::Retired
                } else {
                    CauseStatus::Active
                };
            }
            // `fits` let no other operation through.
            _ => return Ok(Err(Refusal::BadRecord)),
        }
        self.put_cause(cause)?;
        Ok(Ok(()))
    }

    /// The cause that a document means by a name; a new one where nothing is called so.
    pub(super) fn seed_cause(&mut self, name: &str) -> Result<Option<CauseId>, StoreError> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(known) = self.directory.vocabulary.called(name) {
            return Ok(Some(known));
        }
        let cause = Cause {
            id: cause_id(name),
            name: name.to_owned(),
            group: String::new(),
            aliases: Vec::new(),
            status: CauseStatus::Active,
            // One that was dropped before goes on counting.
            revision: self
                .head(&crate::model::Key::Vocab(cause_id(name)))?
                .revision,
        };
        let id = cause.id;
        self.put_json(keys::cause(id), &cause)?;
        self.vocabulary().put_new(cause);
        Ok(Some(id))
    }

    fn create_cause(
        &mut self,
        id: CauseId,
        name: &str,
        group: &str,
        known: Option<Cause>,
        revision: Revision,
    ) -> Result<Outcome, StoreError> {
        let taken = self.directory.vocabulary.named(name);
        if taken.is_some_and(|other| other.id != id) {
            return Ok(Err(Refusal::NameTaken));
        }
        // Two agents may create the same cause at once: the second finds it there.
        let cause = known.map_or_else(
            || Cause {
                id,
                name: name.trim().to_owned(),
                group: group.trim().to_owned(),
                aliases: Vec::new(),
                status: CauseStatus::Active,
                revision,
            },
            |known| Cause { revision, ..known },
        );
        self.put_cause(cause)?;
        Ok(Ok(()))
    }

    fn drop_cause(&mut self, id: CauseId) -> Outcome {
        let directory = &*self.directory;
        let used = !directory.docs_with_cause(id).is_empty();
        let heir = directory
            .vocabulary
            .entries()
            .any(|other| other.status == CauseStatus::Merged(id));
        if used || heir {
            return Err(Refusal::InUse);
        }
        self.remove(keys::cause(id));
        self.vocabulary().drop(id);
        Ok(())
    }

    fn put_cause(&mut self, cause: Cause) -> Result<(), StoreError> {
        self.put_json(keys::cause(cause.id), &cause)?;
        self.vocabulary().put(cause);
        Ok(())
    }

    fn vocabulary(&mut self) -> &mut Vocabulary {
        Arc::make_mut(&mut self.directory.vocabulary)
    }
}

fn rename(cause: &mut Cause, name: &str, undo: bool) {
    let old = std::mem::replace(&mut cause.name, name.trim().to_owned());
    cause.aliases.retain(|alias| *alias != cause.name);
    // Nobody should find a cause by a name that was a mistake.
    if !undo && old != cause.name && !cause.aliases.contains(&old) {
        cause.aliases.push(old);
    }
}
