//! Tickets and articles that must not be followed any more: why, and what took their place.

use super::actor::Actor;
use super::annotate::Annotations;
use super::catalogue::Catalogue;
use super::errors::unknown_id;
use super::writer::ActBuilder;
use crate::api::{ActDone, BadOutdated, DeskError, ask};
use crate::model::{Change, Key, Op, OutdatedMark, TicketId};
use crate::store::Entry;

impl Annotations {
    /// Marks a ticket or article outdated; an empty reason takes the mark away.
    pub(super) fn mark_outdated(
        &self,
        who: &Actor,
        wanted: &ask::MarkOutdated,
    ) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let id = self.catalogue.resolve_any(&wanted.id)?;
        let reason = crate::text::sanitize::one_line(&wanted.reason);
        let reason = reason.trim().to_owned();
        let successor = wanted.successor.as_deref();
        let successor = successor
            .map(|id| self.catalogue.resolve_any(id))
            .transpose()?;
        let seen = wanted.base_rev;
        if successor == Some(id) {
            return Err(bad(id, BadOutdated::SuccessorIsItself));
        }
        if let Some(successor) = successor
            && let Some(mark) = self.store.outdated(successor)?
        {
            return Err(bad(
                successor,
                BadOutdated::SuccessorOutdated {
                    reason: mark.reason.clone(),
                },
            ));
        }
        if reason.is_empty() && successor.is_some() {
            return Err(bad(id, BadOutdated::NoReason));
        }
        let from = self.store.outdated(id)?;
        let to = (!reason.is_empty()).then_some(OutdatedMark { reason, successor });
        let mut act = ActBuilder::new(who);
        if from != to {
            let key = Key::Outdated(id);
            let base = self.writer.base(who, &key, seen)?;
            act.add(key, Some(base), Op::Outdated(Change { from, to }));
        }
        let nothing = act.records.is_empty();
        let mut done = self.writer.finish(&writing, act)?;
        if nothing {
            done.unchanged.push(id);
        }
        Ok(done)
    }
}

impl Catalogue {
    /// Why something must not be followed any more, and what took its place; empty = it may.
    pub(super) fn outdated_of(
        &self,
        entry: &Entry,
    ) -> Result<(String, Option<TicketId>), DeskError> {
        if !entry.outdated {
            return Ok(Default::default());
        }
        let mark = self.store.outdated(entry.id)?;
        Ok(mark.map_or_else(Default::default, |mark| (mark.reason, mark.successor)))
    }

    /// The ticket or article that the beginning of an id names; a passage names its article.
    pub(super) fn resolve_any(&self, prefix: &str) -> Result<TicketId, DeskError> {
        let prefix = prefix
            .split_once('.')
            .map_or(prefix, |(article, _)| article);
        let doc = self.resolve(prefix)?;
        let entry = self.store.directory().entry(doc);
        entry
            .map(|entry| entry.id)
            .ok_or_else(|| unknown_id(prefix))
    }
}

fn bad(id: TicketId, why: BadOutdated) -> DeskError {
    DeskError::BadOutdated {
        id: id.to_string(),
        why,
    }
}
