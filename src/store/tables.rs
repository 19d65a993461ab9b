//! What is small and kept in memory whole: settings, views, curated replies, uses, recent ids.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::codec::{Reader, put};
use super::engine::Engine;
use super::{StoreError, keys};
use crate::model::{
    ActId, RecordId, ReplyId, Revision, Sequence, Setting, StandardReply, TeamSettings, TicketId,
    View,
};

/// Record ids remembered at least: a retry of any of them is folded once only.
pub(super) const REMEMBERED: u64 = 100_000;

/// Ids of a page on the disk: a page is written with every commit, so it is small.
const PAGE: u64 = 64;

/// Imports of which the act is remembered, so that their records stay one import.
const IMPORTS: usize = 16;

/// How often a standard reply was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uses {
    /// How often.
    pub count: u64,
    /// The last time.
    pub last: Option<Timestamp>,
}

/// Copies remembered of each user.
const COPIES: usize = 20;

/// A copy that a user made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CopyMade {
    /// The reply.
    pub reply: ReplyId,
    /// The ticket and agent turn, from 1, that it was copied from, where it was no standard
    /// reply.
    pub turn: Option<(TicketId, u32)>,
    /// When.
    pub at: Timestamp,
}

/// What one user has at hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AtHand {
    /// Favourites, the newest last.
    pub stars: Vec<ReplyId>,
    /// Last copies, each reply once, the newest last.
    pub copies: Vec<CopyMade>,
}

impl AtHand {
    /// Remembers a copy, and forgets the oldest.
    pub(super) fn copied(&mut self, copy: CopyMade) {
        self.copies.retain(|known| known.reply != copy.reply);
        self.copies.push(copy);
        let over = self.copies.len().saturating_sub(COPIES);
        self.copies.drain(..over);
    }
}

/// The small tables.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) settings: Arc<TeamSettings>,
    pub(super) views: BTreeMap<String, (View, Revision)>,
    pub(super) replies: BTreeMap<ReplyId, StandardReply>,
    pub(super) uses: BTreeMap<ReplyId, Uses>,
    /// By uid.
    pub(super) at_hand: BTreeMap<u32, AtHand>,
}

impl Tables {
    /// Reads them.
    pub(super) fn load(engine: &Engine) -> Result<Self, StoreError> {
        let mut tables = Self::default();
        let mut settings = TeamSettings::default();
        for setting in Setting::ALL {
            if let Some(value) = engine.get(&keys::setting(setting.name()))? {
                let text = String::from_utf8_lossy(&value);
                settings
                    .set(setting, Some(&text))
                    .map_err(|error| StoreError::damaged(error.to_string()))?;
            }
        }
        tables.settings = Arc::new(settings);
        for item in engine.scan(&[keys::VIEW]) {
            let (key, value) = item?;
            let name = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            tables.views.insert(name, from_json(&value, "a view")?);
        }
        for item in engine.scan(&[keys::REPLY]) {
            let reply: StandardReply = from_json(&item?.1, "a standard reply")?;
            tables.replies.insert(reply.id, reply);
        }
        for item in engine.scan(&[keys::USE]) {
            let (key, value) = item?;
            let id = keys::number_at(&key, 1).map(ReplyId::from_bits);
            let uses = decode_uses(&value);
            let (Some(id), Some(uses)) = (id, uses) else {
                return Err(StoreError::damaged("a use count"));
            };
            tables.uses.insert(id, uses);
        }
        for item in engine.scan(&[keys::STARS]) {
            let (key, value) = item?;
            tables.of_user(&key)?.stars = from_json(&value, "a user's favourites")?;
        }
        for item in engine.scan(&[keys::COPIES]) {
            let (key, value) = item?;
            tables.of_user(&key)?.copies = from_json(&value, "a user's last copies")?;
        }
        Ok(tables)
    }

    fn of_user(&mut self, key: &[u8]) -> Result<&mut AtHand, StoreError> {
        let uid = keys::u32_at_end(key).ok_or_else(|| StoreError::damaged("a user's replies"))?;
        Ok(self.at_hand.entry(uid).or_default())
    }
}

/// Reads JSON that the store wrote.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    bytes: &[u8],
    what: &str,
) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| StoreError::damaged(format!("{what}: {error}")))
}

/// A use count as bytes.
pub(super) fn encode_uses(uses: Uses) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, uses.count);
    let last = uses.last.map_or(0, Timestamp::as_microsecond);
    put(&mut out, last.cast_unsigned());
    out
}

fn decode_uses(bytes: &[u8]) -> Option<Uses> {
    let mut reader = Reader(bytes);
    Some(Uses {
        count: reader.take()?,
        last: Timestamp::from_microsecond(reader.take()?.cast_signed()).ok(),
    })
}

/// The ids of the last records, and of the last imports.
#[derive(Debug, Default)]
pub(super) struct Recent {
    ids: HashMap<RecordId, Sequence>,
    ring: VecDeque<(RecordId, Sequence)>,
    /// Records ever remembered.
    total: u64,
    imports: VecDeque<(ActId, u32)>,
}

impl Recent {
    /// Reads them.
    pub(super) fn load(engine: &Engine) -> Result<Self, StoreError> {
        let damaged = || StoreError::damaged("the ids of the last records");
        let mut recent = Self::default();
        for item in engine.scan(&[keys::RECENT]) {
            let (key, value) = item?;
            let page = keys::u32_at_end(&key).ok_or_else(damaged)?;
            if recent.ring.is_empty() {
                recent.total = u64::from(page) * PAGE;
            }
            let (entries, _) = value.as_chunks::<24>();
            for entry in entries {
                let (id, sequence) = entry.split_first_chunk::<16>().ok_or_else(damaged)?;
                let sequence = keys::number_at(sequence, 0).ok_or_else(damaged)?;
                recent.push(RecordId(u128::from_be_bytes(*id)), Sequence(sequence));
            }
        }
        if let Some(bytes) = engine.get(&keys::meta("imports"))? {
            recent.imports = from_json::<VecDeque<_>>(&bytes, "the last imports")?;
        }
        Ok(recent)
    }

    /// Where a record of this id was folded.
    pub(super) fn sequence(&self, id: RecordId) -> Option<Sequence> {
        self.ids.get(&id).copied()
    }

    /// Remembers a record, and returns the page that is forgotten for it.
    pub(super) fn push(&mut self, id: RecordId, sequence: Sequence) -> Option<u32> {
        self.ids.insert(id, sequence);
        self.ring.push_back((id, sequence));
        self.total += 1;
        if self.ring.len() as u64 <= REMEMBERED + PAGE || !self.total.is_multiple_of(PAGE) {
            return None;
        }
        let first = (self.total - self.ring.len() as u64) / PAGE;
        for (id, _) in self.ring.drain(..PAGE as usize) {
            self.ids.remove(&id);
        }
        u32::try_from(first).ok()
    }

    /// The page that the newest id is on.
    pub(super) fn last_page(&self) -> u32 {
        (self.total.saturating_sub(1) / PAGE) as u32
    }

    /// A page as bytes.
    pub(super) fn page(&self, page: u32) -> Vec<u8> {
        let first = self.total - self.ring.len() as u64;
        let skip = (u64::from(page) * PAGE).saturating_sub(first) as usize;
        let mut out = Vec::with_capacity(PAGE as usize * 24);
        for (id, sequence) in self.ring.iter().skip(skip).take(PAGE as usize) {
            out.extend_from_slice(&id.0.to_be_bytes());
            out.extend_from_slice(&sequence.0.to_be_bytes());
        }
        out
    }

    /// The number of an act's import, if it is one of the last.
    pub(super) fn import(&self, act: ActId) -> Option<u32> {
        let known = self.imports.iter().find(|(known, _)| *known == act)?;
        Some(known.1)
    }

    /// Gives an act's import the next number, and returns what is to be written.
    pub(super) fn push_import(&mut self, act: ActId) -> Result<(u32, Vec<u8>), StoreError> {
        let number = self.imports.back().map_or(0, |(_, last)| last + 1);
        self.imports.push_back((act, number));
        if self.imports.len() > IMPORTS {
            self.imports.pop_front();
        }
        let json = serde_json::to_vec(&self.imports).map_err(|e| StoreError::Encode(e.into()))?;
        Ok((number, json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hundred_thousand_ids_are_remembered_and_no_end_of_older_ones() {
        let mut recent = Recent::default();
        let mut forgotten = Vec::new();
        let last = REMEMBERED + 10 * PAGE;
        for n in 0..last {
            forgotten.extend(recent.push(RecordId(n.into()), Sequence(n)));
        }
        for n in [last - REMEMBERED, last - 1] {
            assert_eq!(recent.sequence(RecordId(n.into())), Some(Sequence(n)));
        }
        assert_eq!(recent.sequence(RecordId(0)), None);
        let pages: Vec<u32> = (0..forgotten.len() as u32).collect();
        assert_eq!(forgotten, pages);
        // What is left is on the pages that were not forgotten, each of them full.
        let first_left = recent.page(forgotten.len() as u32);
        assert_eq!(first_left.len(), 24 * PAGE as usize);
        let id = u128::from(forgotten.len() as u64 * PAGE).to_be_bytes();
        assert_eq!(first_left.get(..16), Some(&id[..]));
    }
}
