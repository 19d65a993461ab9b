//! Second opinions: what other agents think of the causes one agent confirmed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::actor::Actor;
use super::annotate::Annotations;
use super::annotate::Decided;
use super::catalogue::Catalogue;
use super::writer::ActBuilder;
use crate::api::{ActDone, BadVote, Ballot, CastVote, DeskError, VoteView};
use crate::insight::agreement::{Agreement, Opinion, agreement};
use crate::model::{CauseId, CauseState, Change, DocNo, Key, Op, Stance, TicketFilter, TicketId};
use crate::store::Vote;

impl Annotations {
    pub(super) fn vote(&self, who: &Actor, wanted: &CastVote) -> Result<ActDone, DeskError> {
        let writing = self.writer.write();
        let mut act = ActBuilder::new(who);
        let named = match &wanted.ballot {
            Ballot::Differ(choices) => self.all_chosen(choices, &mut act)?,
            Ballot::Agree | Ballot::Withdraw => BTreeSet::new(),
        };
        let mut ids = BTreeSet::new();
        let mut unchanged = Vec::new();
        for id in &wanted.ids {
            let id = self.catalogue.resolve_ticket(id)?;
            if ids.insert(id) && !self.cast(&mut act, who, id, wanted, &named)? {
                unchanged.push(id);
            }
        }
        let mut done = self.writer.finish(&writing, act)?;
        done.unchanged = unchanged;
        Ok(done)
    }

    /// Adds an opinion on one ticket to an act; `false` = it changes nothing.
    fn cast(
        &self,
        act: &mut ActBuilder<'_>,
        who: &Actor,
        id: TicketId,
        wanted: &CastVote,
        named: &BTreeSet<CauseId>,
    ) -> Result<bool, DeskError> {
        let refused = |why| DeskError::BadVote {
            id: id.to_string(),
            why,
        };
        let now = self.catalogue.causes_now(id);
        let own = self
            .store
            .causes(id)?
            .is_some_and(|fold| fold.confirmed && fold.author.voter() == who.author.voter());
        let same =
            named.iter().copied().collect::<Vec<_>>() == self.catalogue.meanings(&now.causes);
        let stance = match &wanted.ballot {
            Ballot::Withdraw => None,
            Ballot::Agree => Some(Stance::Agree),
            Ballot::Differ(_) if same && !named.is_empty() => Some(Stance::Agree),
            Ballot::Differ(_) => Some(Stance::Differ(named.iter().copied().collect())),
        };
        if now.confirmed && !own {
            return self.add_vote(act, who, id, stance, &wanted.note);
        }
        let decided = match stance {
            None => return Ok(false),
            Some(Stance::Agree) if own => return Ok(false),
            Some(Stance::Differ(_)) if own => return Err(refused(BadVote::OwnDecision)),
            // Nobody has decided: the first opinion does.
            Some(Stance::Agree) => self.catalogue.meanings(&now.causes).into_iter().collect(),
            Some(Stance::Differ(_)) => named.clone(),
        };
        if decided.is_empty() {
            return Err(refused(BadVote::Undecided));
        }
        let Decided::Anew(op) = self.decide(who, id, &decided, &wanted.note)? else {
            return Ok(false);
        };
        let base = self.writer.base(who, &Key::Cause(id), None)?;
        act.add(Key::Cause(id), Some(base), *op);
        Ok(true)
    }

    /// Adds an agent's opinion to an act; `false` = it is that already.
    pub(super) fn add_vote(
        &self,
        act: &mut ActBuilder<'_>,
        who: &Actor,
        id: TicketId,
        to: Option<Stance>,
        note: &str,
    ) -> Result<bool, DeskError> {
        let voter = who.author.voter();
        let votes = self.store.votes(id)?;
        let known = votes.into_iter().find(|vote| vote.author.voter() == voter);
        let now = self
            .catalogue
            .meanings(&self.catalogue.causes_now(id).causes);
        let holds = |vote: &Vote| vote.causes().map(|causes| self.catalogue.meanings(causes));
        let same = match (&known, &to) {
            (None, None) => true,
            (Some(vote), Some(Stance::Agree)) => holds(vote) == Some(now) && !vote.settled,
            (Some(vote), Some(differ)) => vote.stance == *differ && !vote.settled,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if same && note.is_empty() {
            return Ok(false);
        }
        let stance = Change {
            from: known.map(|vote| vote.stance),
            to,
        };
        let note = note.to_owned();
        act.add(Key::Vote(id, voter), None, Op::Vote { stance, note });
        Ok(true)
    }
}

impl Catalogue {
    /// The opinions on a ticket's causes as they stand to those that hold now.
    pub(super) fn vote_views(&self, id: TicketId) -> Result<Vec<VoteView>, DeskError> {
        let mut votes = self.store.votes(id)?;
        let now = self.causes_now(id);
        let decider = self.store.causes(id)?.map(|fold| fold.author.voter());
        votes.retain(|vote| now.confirmed && Some(vote.author.voter()) != decider);
        votes.sort_by_key(|vote| vote.at);
        let current = self.meanings(&now.causes);
        let view = |vote: Vote| {
            let agrees = match vote.causes() {
                Some(causes) => self.meanings(causes) == current,
                None => self.meanings(&vote.about) != current,
            };
            VoteView {
                stance: if agrees { "agree" } else { "differ" }.to_owned(),
                causes: self.cause_names(vote.causes().unwrap_or_default()),
                author: vote.author.name,
                declared: vote.author.declared,
                at: vote.at,
                note: vote.note,
                settled: vote.settled,
            }
        };
        Ok(votes.into_iter().map(view).collect())
    }

    /// How far agents agree, on all causes and on each, by the name of the cause.
    pub(super) fn agreement(&self) -> Result<Vec<(String, Agreement)>, DeskError> {
        let filter = TicketFilter {
            cause_state: Some(CauseState::Confirmed),
            ..TicketFilter::default()
        };
        let docs: Vec<DocNo> = self.store.directory().list(&filter).collect();
        let voted = self.store.all_votes()?;
        let mut by_ticket: HashMap<TicketId, Vec<Vote>> = HashMap::new();
        for (id, vote) in voted {
            by_ticket.entry(id).or_default().push(vote);
        }
        let mut opinions = Vec::new();
        for doc in docs {
            let Some(entry) = self.store.directory().entry(doc) else {
                continue;
            };
            let Some(votes) = by_ticket.get(&entry.id) else {
                continue;
            };
            let Some(decision) = self.store.causes(entry.id)? else {
                continue;
            };
            let mut each: BTreeMap<u32, Vec<CauseId>> = BTreeMap::new();
            for vote in votes {
                let causes = self.meanings(vote.causes().unwrap_or_default());
                each.insert(vote.author.voter(), causes);
            }
            // The decision is its author's last word.
            let now = self.meanings(&self.causes_now(entry.id).causes);
            each.insert(decision.author.voter(), now);
            opinions.extend(each.into_iter().map(|(agent, causes)| Opinion {
                ticket: entry.id,
                agent,
                causes,
            }));
        }
        let name = |cause: Option<CauseId>| {
            let names = self.cause_names(&cause.into_iter().collect::<Vec<_>>());
            names.into_iter().next().unwrap_or_default()
        };
        Ok(agreement(&opinions)
            .into_iter()
            .map(|found| (name(found.cause), found))
            .collect())
    }

    fn causes_now(&self, id: TicketId) -> Now {
        let directory = self.store.directory();
        let Some(doc) = directory.by_id(id) else {
            return Now::default();
        };
        Now {
            causes: directory.causes_of(doc).to_vec(),
            confirmed: directory
                .entry(doc)
                .is_some_and(|entry| entry.state == CauseState::Confirmed),
        }
    }

    /// Causes as they are called today, each once, in order.
    fn meanings(&self, causes: &[CauseId]) -> Vec<CauseId> {
        let vocabulary = self.store.vocabulary();
        let resolved: BTreeSet<CauseId> = causes.iter().map(|id| vocabulary.resolve(*id)).collect();
        resolved.into_iter().collect()
    }
}

/// The causes that hold.
#[derive(Default)]
struct Now {
    causes: Vec<CauseId>,
    confirmed: bool,
}
