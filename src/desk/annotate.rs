//! Agents' decisions: root causes, categories, the vocabulary, settings, datasets.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::actor::Actor;
use super::catalogue::Catalogue;
use super::conflicts::Conflicts;
use super::errors::bad_cause;
use super::names::{cause_name, unknown_cause};
use super::writer::ActBuilder;
use super::writer::Writer;
use crate::api::{ActDone, Annotate, BadCause, CauseChoice, DeskError, Recategorise, Target};
use crate::model::{
    CauseId, CauseState, CauseStatus, Change, Key, Op, Revision, Stance, TicketId, is_placeholder,
};
use crate::store::Store;
use crate::store::cause_id;

/// What is to be done so that a ticket has certain causes.
pub(super) enum Decided {
    /// They are decided by this operation.
    Anew(Box<Op>),
    /// Another agent decided so already.
    ByAnother,
    /// The agent decided so already.
    Already,
}

/// Agents' decisions: causes, categories, votes, marks, and taking them back.
pub(super) struct Annotations {
    pub(super) store: Arc<Store>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) conflicts: Arc<Conflicts>,
    pub(super) writer: Arc<Writer>,
}

impl Annotations {
    pub(super) fn annotate(&self, who: &Actor, wanted: &Annotate) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut act = ActBuilder::new(who);
        let causes = self.all_chosen(&wanted.causes, &mut act)?;
        let mut unchanged = Vec::new();
        for (id, base_rev) in self.targets(&wanted.targets)? {
            match self.decide(who, id, &causes, &wanted.note)? {
                Decided::Anew(op) => {
                    let base = self.writer.base(who, &Key::Cause(id), base_rev)?;
                    let op = match self.causes_seen(id, base)? {
                        // It comes too late: it is kept as what its author made of what they saw.
                        Some(seen) => {
                            self.catalogue
                                .causes_op(id, Some(seen), &causes, &wanted.note)?
                        }
                        None => *op,
                    };
                    act.add(Key::Cause(id), Some(base), op);
                }
                // The same causes from another agent are a second opinion, not another decision.
                Decided::ByAnother => {
                    let agrees = Some(Stance::Agree);
                    if !self.add_vote(&mut act, who, id, agrees, &wanted.note)? {
                        unchanged.push(id);
                    }
                }
                Decided::Already => unchanged.push(id),
            }
        }
        let mut done = self.writer.finish(&writing, act)?;
        done.unchanged = unchanged;
        Ok(done)
    }

    /// The causes that a ticket had at a revision; `None` where it is today's.
    fn causes_seen(
        &self,
        id: TicketId,
        base: Revision,
    ) -> Result<Option<BTreeSet<CauseId>>, DeskError> {
        if base >= self.store.revision(&Key::Cause(id))? {
            return Ok(None);
        }
        Ok(self
            .catalogue
            .cause_states(id)?
            .seen
            .into_iter()
            .nth(base.0 as usize))
    }

    /// The causes an agent chose; new ones are added to the act.
    pub(super) fn all_chosen(
        &self,
        choices: &[CauseChoice],
        act: &mut ActBuilder<'_>,
    ) -> Result<BTreeSet<CauseId>, DeskError> {
        choices
            .iter()
            .map(|choice| self.chosen(choice, act))
            .collect()
    }

    /// What makes these the causes of a ticket.
    pub(super) fn decide(
        &self,
        who: &Actor,
        id: TicketId,
        wanted: &BTreeSet<CauseId>,
        note: &str,
    ) -> Result<Decided, DeskError> {
        let op = self.catalogue.causes_op(id, None, wanted, note)?;
        let Op::Causes {
            add,
            remove,
            confirmed,
            ..
        } = &op
        else {
            return Err(DeskError::bug(""));
        };
        let directory = self.store.directory();
        let entry = directory.by_id(id).and_then(|doc| directory.entry(doc));
        drop(directory);
        // Where agents differ, deciding the same again settles it.
        let disputed = entry.is_some_and(|entry| entry.disputed);
        if add.is_empty() && remove.is_empty() && confirmed.from && !disputed {
            let decider = self.store.causes(id)?.map(|fold| fold.author.voter());
            if decider != Some(who.author.voter()) {
                return Ok(Decided::ByAnother);
            }
            if note.is_empty() {
                return Ok(Decided::Already);
            }
        }
        Ok(Decided::Anew(Box::new(op)))
    }

    /// The cause an agent chose; a new one is added to the act before it is used.
    fn chosen(&self, choice: &CauseChoice, act: &mut ActBuilder<'_>) -> Result<CauseId, DeskError> {
        let vocabulary = self.store.vocabulary();
        match choice {
            CauseChoice::Known(name) => {
                let cause = vocabulary
                    .find(name)
                    .ok_or_else(|| unknown_cause(&vocabulary, name))?;
                if is_placeholder(&cause.name) {
                    return Err(bad_cause(&cause.name, BadCause::Placeholder));
                }
                match cause.status {
                    CauseStatus::Retired => Err(bad_cause(&cause.name, BadCause::Retired)),
                    CauseStatus::Active | CauseStatus::Merged(_) => Ok(cause.id),
                }
            }
            CauseChoice::New(name) => {
                let name = cause_name(name)?;
                if let Some(cause) = vocabulary.find(&name) {
                    return match cause.status {
                        CauseStatus::Retired => Err(bad_cause(&cause.name, BadCause::Retired)),
                        CauseStatus::Active | CauseStatus::Merged(_) => Ok(cause.id),
                    };
                }
                let id = cause_id(&name);
                let already = act
                    .records
                    .iter()
                    .any(|record| record.key == Key::Vocab(id));
                if !already {
                    act.add(
                        Key::Vocab(id),
                        None,
                        Op::CauseCreate {
                            name,
                            group: String::new(),
                        },
                    );
                }
                Ok(id)
            }
        }
    }

    /// The tickets of targets, each once.
    pub(super) fn targets(
        &self,
        targets: &[Target],
    ) -> Result<Vec<(TicketId, Option<Revision>)>, DeskError> {
        let mut found: Vec<(TicketId, Option<Revision>)> = Vec::with_capacity(targets.len());
        let mut seen = BTreeSet::new();
        for target in targets {
            let id = self.catalogue.resolve_ticket(&target.id)?;
            if seen.insert(id) {
                found.push((id, target.base_rev));
            }
        }
        Ok(found)
    }

    pub(super) fn recategorise(
        &self,
        who: &Actor,
        wanted: &Recategorise,
    ) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let to = match &wanted.category {
            Some(category) => {
                let clean = |text: &str| crate::text::sanitize::one_line(text).trim().to_owned();
                let (product, issue_type) = (clean(&category.product), clean(&category.issue_type));
                if product.is_empty() {
                    return Err(DeskError::BadCategory {
                        text: category.to_string(),
                    });
                }
                Some(crate::model::Category {
                    product,
                    issue_type,
                })
            }
            None => None,
        };
        let mut act = ActBuilder::new(who);
        let mut unchanged = Vec::new();
        for (id, base_rev) in self.targets(&wanted.targets)? {
            let fold = self.store.category(id)?;
            let from = fold.and_then(|fold| fold.category);
            if from == to && wanted.note.is_empty() {
                unchanged.push(id);
                continue;
            }
            let category = Change {
                from,
                to: to.clone(),
            };
            let op = Op::Category {
                category,
                note: wanted.note.clone(),
            };
            let key = Key::Category(id);
            let base = self.writer.base(who, &key, base_rev)?;
            act.add(key, Some(base), op);
        }
        let mut done = self.writer.finish(&writing, act)?;
        done.unchanged = unchanged;
        Ok(done)
    }
}

impl Catalogue {
    /// The operation that makes these the causes of a ticket that has those seen; `None` = those
    /// it has now.
    pub(super) fn causes_op(
        &self,
        id: TicketId,
        seen: Option<BTreeSet<CauseId>>,
        wanted: &BTreeSet<CauseId>,
        note: &str,
    ) -> Result<Op, DeskError> {
        let directory = self.store.directory();
        let doc = directory.by_id(id);
        let doc = doc.ok_or_else(|| super::errors::unknown_id(id.as_str()))?;
        let entry = directory.entry(doc);
        // By the ids recorded, so that taking a merged cause away takes the right one.
        let held = seen.unwrap_or_else(|| directory.causes_of(doc).iter().copied().collect());
        drop(directory);
        let vocabulary = self.store.vocabulary();
        let holds = |cause: &CauseId| held.iter().any(|h| vocabulary.resolve(*h) == *cause);
        let add = wanted.iter().copied().filter(|cause| !holds(cause));
        let remove = held.iter().copied();
        let remove = remove.filter(|h| !wanted.contains(&vocabulary.resolve(*h)));
        Ok(Op::Causes {
            add: add.collect(),
            remove: remove.collect(),
            confirmed: Change {
                from: entry.is_some_and(|entry| entry.state == CauseState::Confirmed),
                to: true,
            },
            note: note.to_owned(),
        })
    }
}
