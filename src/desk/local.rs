//! The desk in this process: one store, one index, any number of sessions.

use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::Receiver;

use crate::model::ActId;

use super::actor::{Actor, Identity};
use super::core::Core;
use super::presence::Seat;
use crate::api::{Answer, Ask, Attending, Desk, DeskError, Doing, Ordered, Push, Request, ask};

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
            Request::Status(q) => reply(&q, Ok(core.status(who))),
            Request::Tree(q) => reply(&q, core.tree(&q.query, &q.filter)),
            Request::List(q) => reply(&q, core.list(&q.filter, q.offset, q.limit)),
            Request::Search(q) => reply(&q, core.search(&q.query, &q.filter, q.limit)),
            Request::Similar(q) => reply(&q, core.similar(&q.to, q.limit)),
            Request::Rows(q) => reply(&q, core.rows_of(&q.ids)),
            Request::Show(q) => reply(&q, core.show(&q.id)),
            Request::Vocabulary(q) => reply(&q, Ok(core.vocabulary())),
            Request::Annotate(q) => reply(&q, core.annotate(who, &q)),
            Request::Vote(q) => reply(&q, core.vote(who, &q)),
            Request::Recategorise(q) => reply(&q, core.recategorise(who, &q)),
            Request::EditVocabulary(q) => reply(&q, core.edit_vocabulary(who, &q)),
            Request::Undo(q) => reply(&q, core.undo(who, q.scope)),
            Request::Redo(q) => reply(&q, core.redo(who, q.scope)),
            Request::Log(q) => reply(&q, core.log(q.id.as_deref(), q.limit)),
            Request::Conflicts(q) => reply(&q, core.conflicts()),
            Request::ResolveConflict(q) => reply(&q, core.settle(who, q.record, q.how)),
            Request::MarkOutdated(q) => reply(&q, core.mark_outdated(who, &q)),
            Request::Analyse(q) => reply(&q, core.insights.wait()),
            Request::Replies(q) => reply(&q, core.replies(who, &q)),
            Request::StandardReply(q) => {
                reply(&q, core.standard_reply(who, &q.reply).map(Box::new))
            }
            Request::Offers(q) => reply(&q, core.offers_to(who, &q.id)),
            Request::Compose(q) => reply(&q, core.compose(&q).map(Box::new)),
            Request::EditReply(q) => reply(&q, core.edit_reply(who, &q)),
            Request::RecordUse(q) => reply(&q, core.record_use(who, &q.uses)),
            Request::Star(q) => reply(&q, core.star(who, &q.reply, q.starred)),
            Request::AtHand(q) => reply(&q, core.at_hand(who, q.ticket.as_deref())),
            Request::Advise(q) => reply(&q, core.advise(&q.text).map(Box::new)),
            Request::Suggest(q) => reply(&q, core.suggest(&q.id)),
            Request::Lookalikes(q) => reply(&q, core.lookalikes(&q.id, q.limit)),
            Request::Queue(q) => {
                let held = self.seat.held_by_others();
                reply(&q, core.queue(who, q.kind, &q.filter, q.limit, &held))
            }
            Request::Attend(q) => reply(&q, self.attend(q.id.as_deref(), q.doing)),
            Request::Present(q) => reply(&q, Ok(core.presence.all())),
            Request::ImportOpen(q) => reply(&q, Core::import_open(core, who, q.clone())),
            Request::ImportData(q) => {
                let ask::ImportData {
                    job,
                    file,
                    bytes,
                    end,
                } = q;
                let taken = core.import_data(job, file, bytes, end);
                taken.map(ask::ImportData::wrap)
            }
            Request::ImportClose(q) => reply(&q, core.import_close(q.job)),
            Request::LoadSample(q) => reply(&q, Core::load_sample(core, who)),
            Request::CatchUp(q) => reply(&q, core.catch_up()),
            Request::Cancel(q) => reply(&q, core.cancel(q.job)),
            Request::Datasets(q) => reply(&q, Ok(core.datasets())),
            Request::RemoveDataset(q) => reply(&q, core.remove_dataset(who, &q.name)),
            Request::Views(q) => reply(&q, Ok(core.views(&who.author))),
            Request::EditView(q) => reply(&q, core.edit_view(who, &q)),
            Request::Settings(q) => reply(&q, core.settings()),
            Request::SetSetting(q) => reply(
                &q,
                core.set_setting(who, q.setting, q.value.clone(), q.base_rev),
            ),
            Request::Export(q) => reply(&q, Core::export(core, q.format, &q.query)),
            Request::ExportLog(q) => reply(&q, Core::export_log(core, q.id.as_deref())),
            Request::Backup(q) => reply(&q, Core::backup(core)),
            Request::ReadData(q) => reply(&q, core.read_data(q.job)),
            Request::Stats(q) => reply(&q, core.stats().map(Box::new)),
            Request::Check(q) => reply(&q, core.check()),
        }
    }
}

/// The answer to a question, which the question's type names.
fn reply<Q: Ask>(_: &Q, answer: Result<Q::Answer, DeskError>) -> Result<Answer, DeskError> {
    answer.map(Q::wrap)
}

impl LocalDesk {
    fn attend(&self, id: Option<&str>, doing: Doing) -> Result<Option<Attending>, DeskError> {
        let Some(id) = id else {
            self.seat.leave();
            return Ok(None);
        };
        let ticket = self.core.resolve_ticket(id)?;
        Ok(Some(self.seat.attend(&self.identity, ticket, doing)))
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
