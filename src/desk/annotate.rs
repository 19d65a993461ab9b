//! Agents' decisions: root causes, categories, the vocabulary, settings, datasets.

use std::collections::BTreeSet;

use crate::model::{
    ActId, CauseId, CauseState, CauseStatus, Change, Key, Op, Revision, Setting, Stance,
    TeamSettings, TicketId, is_placeholder,
};
use crate::store::{Folded, Verdict, Vocabulary, cause_id};

use super::actor::Actor;
use super::core::{ActBuilder, Core, Writing};
use super::errors::{bad_cause, refused};
use crate::api::{
    ActDone, Annotate, BadCause, CauseChoice, DeskError, Recategorise, Target, VocabularyEdit,
};

/// Names offered in the place of an unknown one.
const NEAREST: usize = 3;

/// Characters of a cause's or a group's name at most.
const LONGEST_NAME: usize = 100;

/// What is to be done so that a ticket has certain causes.
pub(super) enum Decided {
    /// They are decided by this operation.
    Anew(Box<Op>),
    /// Another agent decided so already.
    ByAnother,
    /// The agent decided so already.
    Already,
}

/// A name that a cause can have: one line, not too long, and more than 需要具体分析.
fn cause_name(text: &str) -> Result<String, DeskError> {
    let name = group_name(text)?;
    if name.is_empty() {
        return Err(bad_cause(&name, BadCause::Empty));
    }
    if is_placeholder(&name) {
        return Err(bad_cause(&name, BadCause::Placeholder));
    }
    Ok(name)
}

/// A name that a group of causes can have; empty = none.
fn group_name(text: &str) -> Result<String, DeskError> {
    let name = crate::text::sanitize::one_line(text).trim().to_owned();
    if name.chars().nth(LONGEST_NAME).is_some() {
        let head: String = name.chars().take(LONGEST_NAME / 5).collect();
        let name = format!("{head}…");
        return Err(bad_cause(&name, BadCause::TooLong));
    }
    Ok(name)
}

impl Core {
    pub(super) fn annotate(&self, who: &Actor, wanted: &Annotate) -> Result<ActDone, DeskError> {
        let writing = self.write();
        let mut act = ActBuilder::new(who);
        let causes = self.all_chosen(&wanted.causes, &mut act)?;
        let mut unchanged = Vec::new();
        for (id, base_rev) in self.targets(&wanted.targets)? {
            match self.decide(who, id, &causes, &wanted.note)? {
                Decided::Anew(op) => {
                    let base = self.base(who, &Key::Cause(id), base_rev)?;
                    let op = match self.causes_seen(id, base)? {
                        // It comes too late: it is kept as what its author made of what they saw.
                        Some(seen) => self.causes_op(id, Some(seen), &causes, &wanted.note)?,
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
        let mut done = self.finish(&writing, act)?;
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
        Ok(self.cause_states(id)?.seen.into_iter().nth(base.0 as usize))
    }

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

    /// The revision a change is made against: the one the agent saw, or today's where only the
    /// agent's own session has changed the key since, faster than its answers came back.
    pub(super) fn base(
        &self,
        who: &Actor,
        key: &Key,
        seen: Option<Revision>,
    ) -> Result<Revision, DeskError> {
        let now = self.store.revision(key)?;
        let Some(seen) = seen.filter(|seen| *seen < now) else {
            return Ok(seen.unwrap_or(now));
        };
        let since = self.store.history_of(key)?;
        let own = since
            .iter()
            .filter(|l| matches!(l.verdict, Verdict::Accepted { revision } if revision > seen))
            .all(|l| l.record.author == who.author && l.record.origin == who.origin);
        Ok(if own { now } else { seen })
    }

    /// What makes these the causes of a ticket.
    pub(super) fn decide(
        &self,
        who: &Actor,
        id: TicketId,
        wanted: &BTreeSet<CauseId>,
        note: &str,
    ) -> Result<Decided, DeskError> {
        let op = self.causes_op(id, None, wanted, note)?;
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
            let id = self.resolve_ticket(&target.id)?;
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
        let writing = self.write();
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
            let base = self.base(who, &key, base_rev)?;
            act.add(key, Some(base), op);
        }
        let mut done = self.finish(&writing, act)?;
        done.unchanged = unchanged;
        Ok(done)
    }

    pub(super) fn edit_vocabulary(
        &self,
        who: &Actor,
        edit: &VocabularyEdit,
    ) -> Result<ActDone, DeskError> {
        let writing = self.write();
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
        self.finish(&writing, act)
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
        let writing = self.write();
        let key = Key::Setting(setting);
        let from = Some(self.store.settings().get(setting));
        let base = self.base(who, &key, seen)?;
        let mut act = ActBuilder::new(who);
        act.add(key, Some(base), Op::Setting(Change { from, to: value }));
        self.finish(&writing, act)
    }

    pub(super) fn remove_dataset(&self, who: &Actor, name: &str) -> Result<ActDone, DeskError> {
        let writing = self.write();
        let mut act = ActBuilder::new(who);
        act.add(Key::Dataset(name.to_owned()), None, Op::RemoveDataset);
        self.finish(&writing, act)
    }

    /// Commits an act and tells what became of it. A record that makes no sense is an error;
    /// a conflict is part of the answer.
    pub(super) fn finish(
        &self,
        writing: &Writing<'_>,
        act: ActBuilder<'_>,
    ) -> Result<ActDone, DeskError> {
        let id = act.act;
        // Under the writer's lock: the same order may have been before us.
        if let Some(done) = self.made(id)? {
            return Ok(done);
        }
        let names: Vec<String> = act.records.iter().map(record_name).collect();
        let folded = writing.commit(act.records)?;
        let mut done = ActDone {
            act: id,
            entries: Vec::new(),
            unchanged: Vec::new(),
            conflicts: Vec::new(),
            moved_on: Vec::new(),
        };
        for (fold, name) in folded.iter().zip(&names) {
            self.note_verdict(fold, name, &mut done)?;
        }
        Ok(done)
    }

    /// What became of an act that was made before.
    pub(super) fn made(&self, act: ActId) -> Result<Option<ActDone>, DeskError> {
        let records = self.store.act(act)?;
        if records.is_empty() {
            return Ok(None);
        }
        let mut done = ActDone {
            act,
            entries: Vec::new(),
            unchanged: Vec::new(),
            conflicts: Vec::new(),
            moved_on: Vec::new(),
        };
        let mut known = Default::default();
        for logged in records {
            if logged.verdict != Verdict::Conflict {
                done.entries.push(self.log_entry(&logged, &mut known)?);
            } else if let Some(kept) = self.store.conflict(logged.record.id)? {
                done.conflicts.push(self.conflict(&kept)?);
            }
        }
        Ok(Some(done))
    }

    fn note_verdict(&self, fold: &Folded, name: &str, done: &mut ActDone) -> Result<(), DeskError> {
        match fold.verdict {
            Verdict::Accepted { .. } => {
                if let Some(logged) = self.store.record_at(fold.sequence)? {
                    done.entries
                        .push(self.log_entry(&logged, &mut Default::default())?);
                }
                Ok(())
            }
            Verdict::Conflict => {
                let logged = self.store.record_at(fold.sequence)?;
                let id = logged.map(|logged| logged.record.id);
                let kept = id.map(|id| self.store.conflict(id)).transpose()?;
                if let Some(kept) = kept.flatten() {
                    done.conflicts.push(self.conflict(&kept)?);
                }
                Ok(())
            }
            Verdict::Repeated => Ok(()),
            Verdict::Refused(refusal) => Err(refused(refusal, name)),
        }
    }
}

/// What a record is about, as an error names it.
fn record_name(record: &crate::model::Record) -> String {
    match (&record.op, &record.key) {
        (Op::CauseCreate { name, .. }, _) => name.clone(),
        (Op::CauseRename(change), _) => change.to.clone(),
        (_, Key::Dataset(name) | Key::View(name)) => name.clone(),
        (_, Key::Cause(id) | Key::Category(id) | Key::Vote(id, _) | Key::Outdated(id)) => {
            id.to_string()
        }
        (_, key) => key.to_string(),
    }
}

/// An unknown cause with the nearest names of the vocabulary.
fn unknown_cause(vocabulary: &Vocabulary, name: &str) -> DeskError {
    let mut near: Vec<(f64, &str)> = vocabulary
        .entries()
        .filter(|cause| cause.status == CauseStatus::Active)
        .map(|cause| (likeness(name, &cause.name), cause.name.as_str()))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let nearest = near.into_iter().take(NEAREST);
    DeskError::UnknownCause {
        name: name.to_owned(),
        candidates: nearest.map(|(_, name)| name.to_owned()).collect(),
    }
}

/// How alike two names are, 0 to 1: shared pairs of characters, or a typing slip.
fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let contained = if b.contains(&a) || a.contains(&b) {
        0.5
    } else {
        0.0
    };
    strsim::sorensen_dice(&a, &b)
        .max(strsim::normalized_levenshtein(&a, &b))
        .max(contained)
}
