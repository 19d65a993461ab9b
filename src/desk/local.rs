//! The desk in this process: one store, one index, any number of sessions.

use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::Receiver;

use crate::model::ActId;

use super::actor::{Actor, Identity};
use super::core::Core;
use super::presence::Seat;
use crate::api::{Answer, Desk, DeskError, Doing, Ordered, Push, Request};

/// One agent's session at a desk in this process.
///
/// Sessions share everything but their identity. When the last one is dropped, the background
/// work is stopped, and the store and the index are closed.
#[derive(Clone)]
pub struct LocalDesk {
    core: Arc<Core>,
    identity: Identity,
    seat: Arc<Seat>,
}

impl LocalDesk {
    /// Opens the store and the index of a data directory, or makes them.
    ///
    /// Browsing works when this returns; the index is caught up or rebuilt behind it.
    ///
    /// # Errors
    /// `busy`, `newer_format` or `storage`.
    pub fn open(dir: &Path, identity: Identity) -> Result<Self, DeskError> {
        let core = Core::open(dir)?;
        Ok(Self {
            seat: Arc::new(core.presence.seat()),
            core,
            identity,
        })
    }

    /// Another session at the same desk.
    #[must_use]
    pub fn session(&self, identity: Identity) -> Self {
        Self {
            core: Arc::clone(&self.core),
            seat: Arc::new(self.core.presence.seat()),
            identity,
        }
    }
}

impl LocalDesk {
    fn answer(&self, act: ActId, request: Request) -> Result<Answer, DeskError> {
        let core = &self.core;
        let who = &Actor {
            author: self.identity.author.clone(),
            origin: self.identity.origin.clone(),
            authority: self.identity.authority,
            act,
        };
        match core.masked(request) {
            Request::Status => Ok(Answer::Status(core.status(who))),
            Request::Tree { query, filter } => core.tree(&query, &filter).map(Answer::Tree),
            Request::List {
                filter,
                offset,
                limit,
            } => core.list(&filter, offset, limit).map(Answer::Page),
            Request::Search {
                query,
                filter,
                limit,
            } => core.search(&query, &filter, limit).map(Answer::Found),
            Request::Similar { to, limit } => core.similar(&to, limit).map(Answer::Found),
            Request::Rows { ids } => core.rows_of(&ids).map(Answer::Page),
            Request::Show { id } => core.show(&id),
            Request::Vocabulary => Ok(Answer::Vocabulary(core.vocabulary())),
            Request::Annotate(annotate) => core.annotate(who, &annotate).map(Answer::Done),
            Request::Vote(vote) => core.vote(who, &vote).map(Answer::Done),
            Request::Recategorise(change) => core.recategorise(who, &change).map(Answer::Done),
            Request::EditVocabulary(edit) => core.edit_vocabulary(who, &edit).map(Answer::Done),
            Request::Undo(scope) => core.undo(who, scope).map(Answer::Done),
            Request::Redo(scope) => core.redo(who, scope).map(Answer::Done),
            Request::Log { id, limit } => core.log(id.as_deref(), limit).map(Answer::Log),
            Request::Conflicts => core.conflicts().map(Answer::Conflicts),
            Request::ResolveConflict { record, how } => {
                core.settle(who, record, how).map(Answer::Done)
            }
            Request::MarkOutdated {
                id,
                reason,
                successor,
                base_rev,
            } => core
                .mark_outdated(who, &id, &reason, successor.as_deref(), base_rev)
                .map(Answer::Done),
            Request::Analyse => core.insights.wait().map(|()| Answer::Ok),
            Request::Replies(query) => core.replies(who, &query).map(Answer::Replies),
            Request::StandardReply { reply } => core
                .standard_reply(who, &reply)
                .map(|view| Answer::StandardReply(Box::new(view))),
            Request::Offers { id } => core.offers_to(who, &id).map(Answer::Offers),
            Request::Compose(wanted) => core
                .compose(&wanted)
                .map(|draft| Answer::Draft(Box::new(draft))),
            Request::EditReply(edit) => core.edit_reply(who, &edit).map(Answer::Done),
            Request::RecordUse { uses } => core.record_use(who, &uses).map(Answer::Done),
            Request::Star { reply, starred } => core.star(who, &reply, starred).map(Answer::Done),
            Request::AtHand { ticket } => core.at_hand(who, ticket.as_deref()).map(Answer::AtHand),
            Request::Answer { text } => core
                .advise(&text)
                .map(|advice| Answer::Advice(Box::new(advice))),
            Request::Suggest { id } => core.suggest(&id).map(Answer::Suggestions),
            Request::Lookalikes { id, limit } => core.lookalikes(&id, limit).map(Answer::Page),
            Request::Queue {
                kind,
                filter,
                limit,
            } => core
                .queue(who, kind, &filter, limit, &self.seat.held_by_others())
                .map(Answer::Queue),
            Request::Attend { id, doing } => self.attend(id.as_deref(), doing),
            Request::Present => Ok(Answer::Present(core.presence.all())),
            Request::ImportOpen(options) => Core::import_open(core, who, options).map(Answer::Job),
            Request::ImportData {
                job,
                file,
                bytes,
                end,
            } => core.import_data(job, file, bytes, end).map(|()| Answer::Ok),
            Request::ImportClose { job } => core.import_close(job).map(Answer::Imported),
            Request::LoadSample => Core::load_sample(core, who).map(Answer::Imported),
            Request::CatchUp => core.catch_up().map(|()| Answer::Ok),
            Request::Cancel { job } => core.cancel(job).map(|()| Answer::Ok),
            Request::Datasets => Ok(Answer::Datasets(core.datasets())),
            Request::RemoveDataset { name } => core.remove_dataset(who, &name).map(Answer::Done),
            Request::Views => Ok(Answer::Views(core.views(&who.author))),
            Request::EditView(edit) => core.edit_view(who, &edit).map(Answer::Done),
            Request::Settings => core.settings().map(Answer::Settings),
            Request::SetSetting {
                setting,
                value,
                base_rev,
            } => core
                .set_setting(who, setting, value, base_rev)
                .map(Answer::Done),
            Request::Export { format, query } => {
                Core::export(core, format, &query).map(Answer::Job)
            }
            Request::ExportLog { id } => Core::export_log(core, id.as_deref()).map(Answer::Job),
            Request::Backup => Core::backup(core).map(Answer::Job),
            Request::ReadData { job } => core
                .read_data(job)
                .map(|(bytes, end)| Answer::Data { bytes, end }),
            Request::Stats => core.stats().map(|stats| Answer::Stats(Box::new(stats))),
            Request::Check => core.check().map(Answer::Health),
        }
    }
}

impl LocalDesk {
    fn attend(&self, id: Option<&str>, doing: Doing) -> Result<Answer, DeskError> {
        let Some(id) = id else {
            self.seat.leave();
            return Ok(Answer::Ok);
        };
        let ticket = self.core.resolve_ticket(id)?;
        let attending = self.seat.attend(&self.identity, ticket, doing);
        Ok(Answer::Attending(attending))
    }
}

impl Ordered for LocalDesk {
    fn order(&self, act: ActId, request: Request) -> Result<Answer, DeskError> {
        if let Some(done) = self.core.made(act)? {
            return self.core.acknowledged(Answer::Done(done));
        }
        let answer = match self.answer(act, request) {
            // What it asks for may be in the way of itself: it was made while it waited.
            Err(error) => self.core.made(act)?.map(Answer::Done).ok_or(error)?,
            Ok(done) => done,
        };
        self.core.acknowledged(answer)
    }
}

impl Desk for LocalDesk {
    fn call(&self, request: Request) -> Result<Answer, DeskError> {
        let answer = self.answer(ActId::random(), request)?;
        self.core.acknowledged(answer)
    }

    fn subscribe(&self) -> Receiver<Push> {
        // Whoever listens stays: suggestions and flags should be there when they are wanted. A
        // thread that cannot be had now is tried again by the first request that needs it.
        drop(self.core.insights.start());
        self.core.pushes.subscribe()
    }
}
