//! What the team shares: standard replies, views, settings, use counts.

use std::sync::Arc;

use super::{Fold, Outcome, Refusal};
use crate::model::{
    Record, ReplyChange, ReplyId, Revision, Setting, StandardReply, TicketId, View,
};
use crate::store::tables::{CopyMade, encode_uses};
use crate::store::{StoreError, keys};

impl Fold<'_> {
    pub(super) fn change_reply(
        &mut self,
        id: ReplyId,
        change: &ReplyChange,
        revision: Revision,
    ) -> Result<Outcome, StoreError> {
        let known = self.tables.replies.get(&id).cloned();
        if known.is_none() && change.text.is_none() {
            return Ok(Err(Refusal::UnknownReply));
        }
        let mut reply = known.unwrap_or_else(|| StandardReply::blank(id));
        reply.revision = revision;
        change.apply(&mut reply);
        if reply.text.is_empty() {
            // Writing it was taken back.
            self.remove(keys::reply(id));
            self.tables.replies.remove(&id);
        } else {
            self.put_json(keys::reply(id), &reply)?;
            self.tables.replies.insert(id, reply);
        }
        Ok(Ok(()))
    }

    pub(super) fn set_view(
        &mut self,
        name: &str,
        view: Option<&View>,
        revision: Revision,
    ) -> Result<Outcome, StoreError> {
        match view {
            None => {
                self.remove(keys::view(name));
                self.tables.views.remove(name);
            }
            Some(view) => {
                let entry = (view.clone(), revision);
                self.put_json(keys::view(name), &entry)?;
                self.tables.views.insert(name.to_owned(), entry);
            }
        }
        Ok(Ok(()))
    }

    pub(super) fn set_setting(&mut self, setting: Setting, value: Option<&str>) -> Outcome {
        let settings = Arc::make_mut(&mut self.tables.settings);
        if settings.set(setting, value).is_err() {
            return Err(Refusal::BadSetting);
        }
        let key = keys::setting(setting.name());
        match value {
            Some(value) => self.put(key, value.as_bytes().to_vec()),
            None => self.remove(key),
        }
        Ok(())
    }

    pub(super) fn count_use(
        &mut self,
        id: ReplyId,
        count: u32,
        turn: Option<(TicketId, u32)>,
        record: &Record,
    ) -> Result<Outcome, StoreError> {
        let (uid, at) = (record.author.voter(), record.at);
        let uses = self.tables.uses.entry(id).or_default();
        uses.count += u64::from(count);
        uses.last = uses.last.max(Some(at));
        let uses = *uses;
        self.put(keys::uses(id), encode_uses(uses));
        let hand = self.tables.at_hand.entry(uid).or_default();
        let reply = id;
        hand.copied(CopyMade { reply, turn, at });
        let copies = hand.copies.clone();
        self.put_json(keys::of_user(keys::COPIES, uid), &copies)?;
        Ok(Ok(()))
    }

    pub(super) fn star(
        &mut self,
        id: ReplyId,
        uid: u32,
        starred: bool,
    ) -> Result<Outcome, StoreError> {
        let stars = &mut self.tables.at_hand.entry(uid).or_default().stars;
        stars.retain(|known| *known != id);
        if starred {
            stars.push(id);
        }
        let stars = stars.clone();
        self.put_json(keys::of_user(keys::STARS, uid), &stars)?;
        Ok(Ok(()))
    }
}
