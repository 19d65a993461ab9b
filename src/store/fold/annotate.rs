//! Agents' decisions on a ticket: causes, category, votes, outdated.

use super::{Fold, Outcome, Refusal, Row};
use crate::journal::BodyFacts;
use crate::model::{
    CauseId, CauseState, DocNo, Op, OutdatedMark, PackNo, Record, Revision, Stance, TicketId,
    is_placeholder,
};
use crate::store::tables::from_json;
use crate::store::{CategoryFold, CausesFold, StoreError, Vote, keys};

impl Fold<'_> {
    pub(super) fn set_causes(
        &mut self,
        id: TicketId,
        record: &Record,
        revision: Revision,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let Op::Causes {
            add,
            remove,
            confirmed,
            note,
        } = &record.op
        else {
            return Ok(Err(Refusal::BadRecord));
        };
        let Some((doc, mut row)) = self.shown(id).filter(|(_, row)| !row.is_article()) else {
            return Ok(Err(Refusal::UnknownTicket));
        };
        if add
            .iter()
            .any(|id| self.directory.vocabulary.get(*id).is_none())
        {
            return Ok(Err(Refusal::UnknownCause));
        }
        let mut causes = Vec::new();
        let known = self.decision(id)?;
        let disputed = row.disputed();
        if confirmed.to {
            causes = self.directory.causes_of(doc).to_vec();
            for cause in add {
                if !causes.contains(cause) {
                    causes.push(*cause);
                }
            }
            causes.retain(|cause| !remove.contains(cause));
            row.causes = self.cause_list(&causes)?;
            row.set_state(CauseState::Confirmed);
        } else {
            let facts = self.facts_of(&row)?;
            self.give_causes(&facts, &mut row)?;
        }
        row.revision = revision.0;
        let mut fold = CausesFold {
            revision,
            causes,
            confirmed: confirmed.to,
            author: record.author.clone(),
            at: record.at,
            note: note.clone(),
        };
        if fold.confirmed {
            let again = record.undoes.is_some() && self.restore_decision(id, &mut fold)?;
            if !again {
                self.keep_opinions(id, known, &fold, disputed)?;
            }
        }
        self.put_json(keys::annotation(b'c', id), &fold)?;
        let disputed = self.is_disputed(id, &row)?;
        row.set_disputed(disputed);
        self.put_row(doc, row);
        touched.push(doc);
        Ok(Ok(()))
    }

    pub(super) fn set_category(
        &mut self,
        id: TicketId,
        record: &Record,
        revision: Revision,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let Op::Category { category, note } = &record.op else {
            return Ok(Err(Refusal::BadRecord));
        };
        let Some((doc, mut row)) = self.shown(id).filter(|(_, row)| !row.is_article()) else {
            return Ok(Err(Refusal::UnknownTicket));
        };
        row.set_corrected(category.to.is_some());
        row.category = match &category.to {
            Some(category) => self.category_number(category)?,
            None => match self.facts_of(&row)?.category {
                Some(category) => self.category_number(&category)?,
                None => 0,
            },
        };
        let fold = CategoryFold {
            revision,
            category: category.to.clone(),
            author: record.author.clone(),
            at: record.at,
            note: note.clone(),
        };
        self.put_json(keys::annotation(b'k', id), &fold)?;
        self.put_row(doc, row);
        touched.push(doc);
        Ok(Ok(()))
    }

    pub(super) fn set_vote(
        &mut self,
        id: TicketId,
        uid: u32,
        record: &Record,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let Op::Vote { stance, note } = &record.op else {
            return Ok(Err(Refusal::BadRecord));
        };
        let Some((doc, mut row)) = self.shown(id).filter(|(_, row)| !row.is_article()) else {
            return Ok(Err(Refusal::UnknownTicket));
        };
        match &stance.to {
            None => self.remove(keys::vote(id, uid)),
            Some(stance) => {
                let vote = Vote {
                    author: record.author.clone(),
                    stance: stance.clone(),
                    at: record.at,
                    note: note.clone(),
                    about: self.directory.causes_of(doc).to_vec(),
                    decided: false,
                    settled: false,
                };
                self.put_json(keys::vote(id, uid), &vote)?;
            }
        }
        let disputed = self.is_disputed(id, &row)?;
        row.set_disputed(disputed);
        self.put_row(doc, row);
        touched.push(doc);
        Ok(Ok(()))
    }

    pub(super) fn set_outdated(
        &mut self,
        id: TicketId,
        mark: Option<&OutdatedMark>,
        touched: &mut Vec<DocNo>,
    ) -> Result<Outcome, StoreError> {
        let Some((doc, mut row)) = self.shown(id) else {
            return Ok(Err(Refusal::UnknownTicket));
        };
        let key = keys::annotation(b'o', id);
        match mark {
            Some(mark) => self.put_json(key, mark)?,
            None => self.remove(key),
        }
        row.set_outdated(mark.is_some());
        self.put_row(doc, row);
        touched.push(doc);
        Ok(Ok(()))
    }

    /// Puts the decisions of agents, where there are any, over what the document gives.
    pub(super) fn annotate(
        &mut self,
        id: TicketId,
        facts: &BodyFacts,
        row: &mut Row,
    ) -> Result<(), StoreError> {
        row.set_outdated(self.get(&keys::annotation(b'o', id))?.is_some());
        if facts.is_article {
            return Ok(());
        }
        if let Some(bytes) = self.get(&keys::annotation(b'c', id))? {
            let fold: CausesFold = from_json(&bytes, "an annotation")?;
            if fold.confirmed {
                row.causes = self.cause_list(&fold.causes)?;
                row.set_state(CauseState::Confirmed);
            }
            row.revision = fold.revision.0;
        }
        if let Some(bytes) = self.get(&keys::annotation(b'k', id))? {
            let fold: CategoryFold = from_json(&bytes, "a category")?;
            if let Some(category) = fold.category {
                row.category = self.category_number(&category)?;
                row.set_corrected(true);
            }
        }
        let disputed = self.is_disputed(id, row)?;
        row.set_disputed(disputed);
        Ok(())
    }

    /// Gives a ticket the causes of its document; those of a new name enter the vocabulary.
    pub(super) fn give_causes(
        &mut self,
        facts: &BodyFacts,
        row: &mut Row,
    ) -> Result<(), StoreError> {
        let mut causes: Vec<CauseId> = Vec::new();
        for name in facts.causes.iter().filter(|name| !is_placeholder(name)) {
            if let Some(id) = self.seed_cause(name)?
                && !causes.contains(&id)
            {
                causes.push(id);
            }
        }
        row.set_state(if !causes.is_empty() {
            CauseState::Given
        } else if facts.causes.is_empty() {
            CauseState::None
        } else {
            CauseState::Placeholder
        });
        row.causes = self.cause_list(&causes)?;
        Ok(())
    }

    /// What the body of a line says.
    fn facts_of(&self, row: &Row) -> Result<BodyFacts, StoreError> {
        let facts = self.facts(PackNo(row.pack))?;
        facts
            .and_then(|mut all| {
                let slot = usize::from(row.slot());
                (slot < all.len()).then(|| all.swap_remove(slot))
            })
            .ok_or_else(|| StoreError::damaged(format!("pack {} is missing", row.pack)))
    }

    fn decision(&self, id: TicketId) -> Result<Option<CausesFold>, StoreError> {
        let known = self.get(&keys::annotation(b'c', id))?;
        known
            .map(|bytes| from_json(&bytes, "an annotation"))
            .transpose()
    }

    fn votes(&self, id: TicketId) -> Result<Vec<(u32, Vote)>, StoreError> {
        let found = self.scan(&keys::votes(id))?;
        found
            .into_iter()
            .map(|(key, bytes)| {
                let voter = keys::u32_at_end(&key);
                let voter = voter.ok_or_else(|| StoreError::damaged("a vote"))?;
                Ok((voter, from_json(&bytes, "a vote")?))
            })
            .collect()
    }

    /// Keeps the decision that another agent's replaces as an opinion beside it. Whoever decides
    /// where agents differ settles it: the opinions stay and dispute nothing any more.
    fn keep_opinions(
        &mut self,
        id: TicketId,
        before: Option<CausesFold>,
        now: &CausesFold,
        disputed: bool,
    ) -> Result<(), StoreError> {
        if disputed {
            for (voter, mut vote) in self.votes(id)? {
                vote.settled = true;
                self.put_json(keys::vote(id, voter), &vote)?;
            }
        }
        let other = |known: &CausesFold| known.author.voter() != now.author.voter();
        if let Some(before) = before.filter(|known| known.confirmed && other(known)) {
            let vote = Vote {
                stance: Stance::Differ(before.causes.clone()),
                at: before.at,
                note: before.note,
                about: before.causes,
                decided: true,
                settled: disputed,
                author: before.author,
            };
            self.put_json(keys::vote(id, vote.author.voter()), &vote)?;
        }
        Ok(())
    }

    /// Where an undo brings an earlier decision back, it is its author's again, and what was
    /// settled since is open.
    fn restore_decision(
        &mut self,
        id: TicketId,
        fold: &mut CausesFold,
    ) -> Result<bool, StoreError> {
        let now = self.meanings(&fold.causes);
        let mut votes = self.votes(id)?;
        let same = |vote: &Vote| vote.causes().is_some_and(|c| self.meanings(c) == now);
        let found = votes
            .iter()
            .enumerate()
            .filter(|(_, (_, vote))| vote.decided && same(vote))
            .max_by_key(|(_, (voter, vote))| (vote.at, *voter))
            .map(|(at, _)| at);
        let Some(at) = found else {
            return Ok(false);
        };
        let (voter, vote) = votes.swap_remove(at);
        self.remove(keys::vote(id, voter));
        (fold.author, fold.at, fold.note) = (vote.author, vote.at, vote.note);
        for (voter, mut vote) in votes {
            vote.settled = false;
            self.put_json(keys::vote(id, voter), &vote)?;
        }
        Ok(true)
    }

    /// Whether an agent holds other causes than those confirmed.
    fn is_disputed(&self, id: TicketId, row: &Row) -> Result<bool, StoreError> {
        if !row.confirmed() {
            return Ok(false);
        }
        let current = self.directory.cause_lists.get(row.causes);
        let current = self.meanings(current.map_or(&[], Vec::as_slice));
        let decider = self.decision(id)?.map(|fold| fold.author.voter());
        let differs = |vote: &Vote| match vote.causes() {
            Some(causes) => self.meanings(causes) != current,
            None => self.meanings(&vote.about) == current,
        };
        let votes = self.votes(id)?;
        Ok(votes
            .iter()
            .any(|(voter, vote)| Some(*voter) != decider && !vote.settled && differs(vote)))
    }

    fn meanings(&self, causes: &[CauseId]) -> Vec<CauseId> {
        let vocabulary = &self.directory.vocabulary;
        let mut causes: Vec<CauseId> = causes.iter().map(|id| vocabulary.resolve(*id)).collect();
        causes.sort_unstable();
        causes.dedup();
        causes
    }
}
