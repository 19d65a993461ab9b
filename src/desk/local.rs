//! The desk in this process: one store, one index, any number of sessions.

use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::Receiver;

use super::actor::{Actor, Identity};
use super::export::Exports;
use super::history::History;
use super::import::Imports;
use super::masks::masked;
use super::presence::Seat;
use super::services::Services;
use crate::api::{Answer, Ask, Attending, Desk, DeskError, Doing, Ordered, Push, Request, ask};
use crate::model::ActId;

/// One agent's session at a desk in this process.
///
/// Sessions share everything but their identity. When the last one is dropped, the background
/// work is stopped, and the store and the index are closed.
#[derive(Clone)]
pub struct LocalDesk {
    desk: Arc<Services>,
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
        let desk = Arc::new(Services::open(dir)?);
        Ok(Self {
            seat: Arc::new(desk.presence.seat()),
            desk,
            identity,
        })
    }

    /// Another session at the same desk.
    #[must_use]
    pub fn session(&self, identity: Identity) -> Self {
        Self {
            desk: Arc::clone(&self.desk),
            seat: Arc::new(self.desk.presence.seat()),
            identity,
        }
    }
}

impl LocalDesk {
    fn answer(&self, act: ActId, request: Request) -> Result<Answer, DeskError> {
        let desk = &self.desk;
        let who = &Actor {
            author: self.identity.author.clone(),
            origin: self.identity.origin.clone(),
            authority: self.identity.authority,
            act,
        };
        match masked(&desk.store, request) {
            Request::Status(q) => reply(&q, Ok(desk.figures.status(who))),
            Request::Tree(q) => reply(&q, desk.catalogue.tree(&q.query, &q.filter)),
            Request::List(q) => reply(&q, desk.catalogue.list(&q.filter, q.offset, q.limit)),
            Request::Search(q) => reply(&q, desk.catalogue.search(&q.query, &q.filter, q.limit)),
            Request::SearchNear(q) => {
                let found = desk.catalogue.search_near(&q.query, &q.filter, q.limit);
                reply(&q, found)
            }
            Request::Similar(q) => reply(&q, desk.catalogue.similar(&q.to, q.limit)),
            Request::Rows(q) => reply(&q, desk.catalogue.rows_of(&q.ids)),
            Request::Show(q) => reply(&q, desk.details.show(&q.id)),
            Request::Vocabulary(q) => reply(&q, Ok(desk.catalogue.vocabulary())),
            Request::Annotate(q) => reply(&q, desk.annotations.annotate(who, &q)),
            Request::Vote(q) => reply(&q, desk.annotations.vote(who, &q)),
            Request::Recategorise(q) => reply(&q, desk.annotations.recategorise(who, &q)),
            Request::EditVocabulary(q) => reply(&q, desk.curation.edit_vocabulary(who, &q)),
            Request::Undo(q) => reply(&q, desk.annotations.undo(who, q.scope)),
            Request::Redo(q) => reply(&q, desk.annotations.redo(who, q.scope)),
            Request::Log(q) => reply(&q, desk.history.log(q.id.as_deref(), q.limit)),
            Request::Conflicts(q) => reply(&q, desk.conflicts.conflicts()),
            Request::ResolveConflict(q) => reply(&q, desk.annotations.settle(who, q.record, q.how)),
            Request::MarkOutdated(q) => reply(&q, desk.annotations.mark_outdated(who, &q)),
            Request::Analyse(q) => reply(&q, desk.insights.wait()),
            Request::Replies(q) => reply(&q, desk.replies.replies(who, &q)),
            Request::StandardReply(q) => {
                reply(&q, desk.replies.standard_reply(who, &q.reply).map(Box::new))
            }
            Request::Offers(q) => reply(&q, desk.replies.offers_to(who, &q.id)),
            Request::Compose(q) => reply(&q, desk.replies.compose(&q).map(Box::new)),
            Request::EditReply(q) => reply(&q, desk.replies.edit_reply(who, &q)),
            Request::RecordUse(q) => reply(&q, desk.replies.record_use(who, &q.uses)),
            Request::Star(q) => reply(&q, desk.replies.star(who, &q.reply, q.starred)),
            Request::AtHand(q) => reply(&q, desk.replies.at_hand(who, q.ticket.as_deref())),
            Request::Advise(q) => reply(&q, desk.advice.advise(&q.text).map(Box::new)),
            Request::Suggest(q) => reply(&q, desk.advice.suggest(&q.id)),
            Request::Lookalikes(q) => reply(&q, desk.queues.lookalikes(&q.id, q.limit)),
            Request::Queue(q) => {
                let held = self.seat.held_by_others();
                reply(
                    &q,
                    desk.queues.queue(who, q.kind, &q.filter, q.limit, &held),
                )
            }
            Request::Attend(q) => reply(&q, self.attend(q.id.as_deref(), q.doing)),
            Request::Present(q) => reply(&q, Ok(desk.presence.all())),
            Request::ImportOpen(q) => {
                reply(&q, Imports::import_open(&desk.imports, who, q.clone()))
            }
            Request::ImportData(q) => {
                let ask::ImportData {
                    job,
                    file,
                    bytes,
                    end,
                } = q;
                let taken = desk.imports.import_data(job, file, bytes, end);
                taken.map(ask::ImportData::wrap)
            }
            Request::ImportClose(q) => reply(&q, desk.imports.import_close(q.job)),
            Request::LoadSample(q) => reply(&q, Imports::load_sample(&desk.imports, who)),
            Request::CatchUp(q) => reply(&q, desk.catalogue.catch_up()),
            Request::Cancel(q) => reply(&q, desk.exports.cancel(q.job)),
            Request::Datasets(q) => reply(&q, Ok(desk.catalogue.datasets())),
            Request::RemoveDataset(q) => reply(&q, desk.curation.remove_dataset(who, &q.name)),
            Request::Views(q) => reply(&q, Ok(desk.views.views(&who.author))),
            Request::EditView(q) => reply(&q, desk.views.edit_view(who, &q)),
            Request::Settings(q) => reply(&q, desk.catalogue.settings()),
            Request::SetSetting(q) => reply(
                &q,
                desk.curation
                    .set_setting(who, q.setting, q.value.clone(), q.base_rev),
            ),
            Request::Export(q) => reply(&q, Exports::export(&desk.exports, q.format, &q.query)),
            Request::ExportLog(q) => reply(&q, History::export_log(&desk.history, q.id.as_deref())),
            Request::Backup(q) => reply(&q, Exports::backup(&desk.exports)),
            Request::ReadData(q) => reply(&q, desk.exports.read_data(q.job)),
            Request::Stats(q) => reply(&q, desk.figures.stats().map(Box::new)),
            Request::Check(q) => reply(&q, desk.figures.check()),
            Request::Model(q) => reply(&q, Ok(desk.meaning.status())),
            Request::AwaitModel(q) => reply(&q, desk.meaning.wait()),
            Request::InstallModel(q) => reply(&q, desk.meaning.install(&q.path)),
            Request::RemoveModel(q) => reply(&q, desk.meaning.remove()),
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
        let ticket = self.desk.catalogue.resolve_ticket(id)?;
        Ok(Some(self.seat.attend(&self.identity, ticket, doing)))
    }
}

impl Ordered for LocalDesk {
    fn order(&self, act: ActId, request: Request) -> Result<Answer, DeskError> {
        if let Some(done) = self.desk.writer.made(act)? {
            return self.desk.writer.acknowledged(Answer::Done(done));
        }
        let answer = match self.answer(act, request) {
            // What it asks for may be in the way of itself: it was made while it waited.
            Err(error) => self.desk.writer.made(act)?.map(Answer::Done).ok_or(error)?,
            Ok(done) => done,
        };
        self.desk.writer.acknowledged(answer)
    }
}

impl Desk for LocalDesk {
    fn call(&self, request: Request) -> Result<Answer, DeskError> {
        let answer = self.answer(ActId::random(), request)?;
        self.desk.writer.acknowledged(answer)
    }

    fn subscribe(&self) -> Receiver<Push> {
        // Whoever listens stays: suggestions and flags should be there when they are wanted. A
        // thread that cannot be had now is tried again by the first request that needs it.
        drop(self.desk.insights.start());
        drop(self.desk.meaning.start());
        self.desk.pushes.subscribe()
    }
}
