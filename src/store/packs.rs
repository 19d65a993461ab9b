//! Packs: up to sixteen bodies compressed together, decoded once for all of them.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::matcher::title_hash;
use super::{StoreError, codec};
use crate::journal::BodyFacts;
use crate::model::{Article, PackNo, Ticket};

/// Bodies a pack holds at most.
pub const PACK_BODIES: usize = 16;

/// zstd's level: 3 packs sixteen real tickets to a third; higher ones gain little for their time.
const LEVEL: i32 = 3;

/// Bodies kept at most in each half of the cache.
const CACHED: usize = 2_048;

/// Bodies of a pack longer than this, in bytes of JSON, are not kept.
const CACHEABLE: usize = 1 << 20;

/// Bytes of JSON of the packs that wait for who follows the store, at most.
const FRESH: usize = 64 << 20;

/// What a pack holds: a ticket or an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A ticket.
    Ticket(Ticket),
    /// A reference text.
    Article(Article),
}

/// What the fold needs of a body.
pub(super) fn facts_of(body: &Body) -> BodyFacts {
    match body {
        Body::Ticket(ticket) => BodyFacts {
            is_article: false,
            title: title_hash(&ticket.title),
            category: ticket.category.clone(),
            causes: ticket.causes.clone(),
            date: ticket.date,
        },
        Body::Article(article) => BodyFacts {
            is_article: true,
            title: title_hash(&article.title),
            category: None,
            causes: Vec::new(),
            date: article.date,
        },
    }
}

thread_local! {
    /// Making a compressor costs more than compressing a small pack.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// Decompressors with the memory they write to: making one costs more than what it does to a pack,
/// and the threads that read packs are new with every answer.
static DECOMPRESSORS: Mutex<Vec<(zstd::bulk::Decompressor<'static>, Vec<u8>)>> =
    Mutex::new(Vec::new());

/// Decompressors that are kept.
const KEPT: usize = 4;

/// Bodies as the bytes of a pack, and how long they are before compression.
pub(super) fn encode(bodies: &[Body]) -> Result<(Vec<u8>, usize), StoreError> {
    let json = serde_json::to_vec(bodies).map_err(|e| StoreError::Encode(e.into()))?;
    let mut out = Vec::with_capacity(json.len() / 2);
    codec::put(&mut out, json.len() as u64);
    let packed = COMPRESSOR
        .with_borrow_mut(|slot| -> io::Result<Vec<u8>> {
            let compressor = match slot {
                Some(compressor) => compressor,
                None => slot.insert(zstd::bulk::Compressor::new(LEVEL)?),
            };
            compressor.include_checksum(true)?;
            compressor.compress(&json)
        })
        .map_err(StoreError::Encode)?;
    out.extend_from_slice(&packed);
    Ok((out, json.len()))
}

/// The bodies of a pack at some places, with their places, ascending; and whether they are worth
/// keeping. A place that the pack does not have is left out.
pub(super) fn decode(
    number: PackNo,
    bytes: &[u8],
    slots: Slots,
) -> Result<(Vec<(u8, Body)>, bool), StoreError> {
    let damaged = || StoreError::damaged(format!("pack {number}"));
    let mut reader = codec::Reader(bytes);
    let len = reader.take_u32().ok_or_else(damaged)? as usize;
    let free = || DECOMPRESSORS.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut decompressor, mut json) = free().pop().unwrap_or_default();
    json.clear();
    json.reserve(len);
    decompressor
        .decompress_to_buffer(reader.0, &mut json)
        .ok()
        .ok_or_else(damaged)?;
    let mut stream = serde_json::Deserializer::from_slice(&json);
    let bodies = slots.deserialize(&mut stream).ok().ok_or_else(damaged)?;
    let keep = json.len() <= CACHEABLE;
    let mut free = free();
    if keep && free.len() < KEPT {
        free.push((decompressor, json));
    }
    Ok((bodies, keep))
}

/// Some places of a pack, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slots(u32);

impl Slots {
    /// All places there can be.
    pub(super) const ALL: Self = Self(u32::MAX);

    pub(super) fn add(&mut self, slot: u8) {
        self.0 |= 1_u32.checked_shl(u32::from(slot)).unwrap_or(0);
    }

    fn has(self, slot: u8) -> bool {
        self.0.checked_shr(u32::from(slot)).unwrap_or(0) & 1 == 1
    }
}

// Bodies that nobody asked for are passed over, at a fraction of what building them costs.
impl<'de> DeserializeSeed<'de> for Slots {
    type Value = Vec<(u8, Body)>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Slots {
    type Value = Vec<(u8, Body)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the bodies of a pack")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        for slot in 0..=u8::MAX {
            if self.has(slot) {
                let Some(body) = input.next_element()? else {
                    break;
                };
                found.push((slot, body));
            } else if input.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// Bodies read lately. Packs never change, so a place in one names a body for ever.
#[derive(Default)]
pub(super) struct BodyCache(Mutex<Cached>);

/// What is asked for moves to the young half; when that is full, the old half is forgotten.
#[derive(Default)]
struct Cached {
    young: HashMap<(PackNo, u8), Arc<Body>>,
    old: HashMap<(PackNo, u8), Arc<Body>>,
}

impl BodyCache {
    pub(super) fn get(&self, place: (PackNo, u8)) -> Option<Arc<Body>> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(body) = cached.young.get(&place) {
            return Some(Arc::clone(body));
        }
        let body = cached.old.remove(&place)?;
        cached.put(place, Arc::clone(&body));
        Some(body)
    }

    pub(super) fn put(&self, place: (PackNo, u8), body: Arc<Body>) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.put(place, body);
    }
}

impl Cached {
    fn put(&mut self, place: (PackNo, u8), body: Arc<Body>) {
        if self.young.len() >= CACHED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(place, body);
    }
}

/// Packs written lately, until whoever follows the store has their bodies.
///
/// An import's bodies are asked for right after they are written: by the index for their text.
#[derive(Default)]
pub(super) struct Fresh(Mutex<Lately>);

#[derive(Default)]
struct Lately {
    packs: HashMap<PackNo, FreshPack>,
    /// As they were written; some may be gone.
    order: VecDeque<PackNo>,
    bytes: usize,
}

struct FreshPack {
    /// Those that were not taken yet.
    bodies: Vec<Option<Arc<Body>>>,
    bytes: usize,
}

impl Fresh {
    pub(super) fn put(&self, number: PackNo, bodies: Vec<Body>, bytes: usize) {
        let bodies = bodies.into_iter().map(|body| Some(Arc::new(body)));
        let pack = FreshPack {
            bodies: bodies.collect(),
            bytes,
        };
        let mut lately = self.lock();
        lately.bytes += bytes;
        lately.packs.insert(number, pack);
        lately.order.push_back(number);
        // They are read from the disk then; an import that nobody follows must not pile up.
        while lately.bytes > FRESH
            && let Some(oldest) = lately.order.pop_front()
        {
            lately.forget(oldest);
        }
    }

    /// Hands a body over.
    pub(super) fn take(&self, place: (PackNo, u8)) -> Option<Arc<Body>> {
        let mut lately = self.lock();
        let pack = lately.packs.get_mut(&place.0)?;
        let body = pack.bodies.get_mut(usize::from(place.1))?.take();
        if pack.bodies.iter().all(Option::is_none) {
            lately.forget(place.0);
        }
        body
    }

    fn lock(&self) -> MutexGuard<'_, Lately> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lately {
    fn forget(&mut self, number: PackNo) {
        if let Some(pack) = self.packs.remove(&number) {
            self.bytes -= pack.bytes;
        }
        while let Some(oldest) = self.order.front()
            && !self.packs.contains_key(oldest)
        {
            self.order.pop_front();
        }
    }
}
