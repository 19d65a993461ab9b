//! Packs: up to sixteen bodies compressed together, decoded once for all of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::matcher::title_hash;
use super::{StoreError, codec};
use crate::model::{Article, Category, PackNo, Ticket};

/// Bodies a pack holds at most.
pub const PACK_BODIES: usize = 16;

/// zstd's level: 3 packs sixteen real tickets to a third; higher ones gain little for their time.
const LEVEL: i32 = 3;

/// Decoded packs kept at most.
const CACHED: usize = 64;

/// A decoded pack longer than this, in bytes of JSON, is not kept.
const CACHEABLE: usize = 1 << 20;

/// Packs whose facts wait for their import record at most.
const WAITING: usize = 4096;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) is_article: bool,
    /// See [`title_hash`].
    pub(super) title: u64,
    pub(super) category: Option<Category>,
    pub(super) causes: Vec<String>,
    pub(super) date: Option<Date>,
}

impl Facts {
    pub(super) fn of(body: &Body) -> Self {
        match body {
            Body::Ticket(ticket) => Self {
                is_article: false,
                title: title_hash(&ticket.title),
                category: ticket.category.clone(),
                causes: ticket.causes.clone(),
                date: ticket.date,
            },
            Body::Article(article) => Self {
                is_article: true,
                title: title_hash(&article.title),
                category: None,
                causes: Vec::new(),
                date: article.date,
            },
        }
    }
}

thread_local! {
    /// Making a compressor costs more than compressing a small pack.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// Bodies as the bytes of a pack.
pub(super) fn encode(bodies: &[Body]) -> Result<Vec<u8>, StoreError> {
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
    Ok(out)
}

/// Bodies of a pack's bytes, and how long they were as JSON.
pub(super) fn decode(number: PackNo, bytes: &[u8]) -> Result<(Vec<Body>, usize), StoreError> {
    let damaged = || StoreError::damaged(format!("pack {number}"));
    let mut reader = codec::Reader(bytes);
    let len = reader.take_u32().ok_or_else(damaged)? as usize;
    let json = zstd::bulk::decompress(reader.0, len)
        .ok()
        .ok_or_else(damaged)?;
    let bodies = serde_json::from_slice(&json).ok().ok_or_else(damaged)?;
    Ok((bodies, json.len()))
}

/// The packs decoded last.
#[derive(Default)]
pub(super) struct PackCache(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    packs: HashMap<PackNo, (Arc<Vec<Body>>, u64)>,
    clock: u64,
}

impl PackCache {
    pub(super) fn get(&self, number: PackNo) -> Option<Arc<Vec<Body>>> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.clock += 1;
        let now = cached.clock;
        let (pack, used) = cached.packs.get_mut(&number)?;
        *used = now;
        Some(Arc::clone(pack))
    }

    pub(super) fn put(&self, number: PackNo, pack: &Arc<Vec<Body>>, json_len: usize) {
        if json_len > CACHEABLE {
            return;
        }
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.clock += 1;
        let now = cached.clock;
        if cached.packs.len() >= CACHED {
            let oldest = cached.packs.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(number, _)| *number) {
                cached.packs.remove(&oldest);
            }
        }
        cached.packs.insert(number, (Arc::clone(pack), now));
    }
}

/// Facts of packs just written, until their import record is folded.
#[derive(Default)]
pub(super) struct Waiting(Mutex<HashMap<PackNo, Vec<Facts>>>);

impl Waiting {
    pub(super) fn put(&self, number: PackNo, bodies: &[Body]) {
        let facts = bodies.iter().map(Facts::of).collect();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= WAITING {
            // They are decoded again then; cancelled imports must not pile up.
            waiting.clear();
        }
        waiting.insert(number, facts);
    }

    pub(super) fn take(&self, number: PackNo) -> Option<Vec<Facts>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.remove(&number)
    }
}
