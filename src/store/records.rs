//! Records and parcels as the store keeps them: for reading, and to make the log's end again.

use super::codec::{Reader, put_bytes};
use super::cursor::ParcelRow;
use super::engine::Engine;
use super::packs::{self, Slots};
use super::tables::from_json;
use super::{StoreError, keys};
use crate::journal::{BodyFacts, Entry, Pack, Parcel};
use crate::model::{PackNo, Record, Sequence};

/// Texts at least this long are compressed.
const COMPRESS_FROM: usize = 400;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

/// A text as it is stored.
fn store(text: &[u8]) -> Result<Vec<u8>, StoreError> {
    let (kind, body) = if text.len() < COMPRESS_FROM {
        (PLAIN, std::borrow::Cow::Borrowed(text))
    } else {
        let packed = zstd::bulk::compress(text, 1).map_err(StoreError::Encode)?;
        (ZSTD, packed.into())
    };
    let mut out = vec![kind];
    out.extend_from_slice(&body);
    Ok(out)
}

fn unstore(bytes: &[u8], what: impl Fn() -> String) -> Result<Vec<u8>, StoreError> {
    let damaged = || StoreError::damaged(what());
    let (kind, body) = bytes.split_first().ok_or_else(damaged)?;
    match *kind {
        PLAIN => Ok(body.to_vec()),
        ZSTD => zstd::decode_all(body).ok().ok_or_else(damaged),
        _ => Err(damaged()),
    }
}

/// A record's JSON as a value.
pub(super) fn encode(json: &[u8]) -> Result<Vec<u8>, StoreError> {
    store(json)
}

fn json(engine: &Engine, sequence: Sequence) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes = engine.get(&keys::record(sequence))?;
    let what = || format!("record {sequence}");
    bytes.map(|bytes| unstore(&bytes, what)).transpose()
}

/// A record by its place.
pub(super) fn read(engine: &Engine, sequence: Sequence) -> Result<Option<Record>, StoreError> {
    let json = json(engine, sequence)?;
    json.map(|json| from_json(&json, "a record")).transpose()
}

/// The facts of a pack's bodies as a value.
pub(super) fn encode_facts(facts: &[BodyFacts]) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(facts).map_err(|e| StoreError::Encode(e.into()))?;
    let mut out = Vec::new();
    put_bytes(&mut out, &store(&json)?);
    Ok(out)
}

/// The facts of a pack's bodies; `None` = there is no such pack.
pub(super) fn facts(engine: &Engine, pack: PackNo) -> Result<Option<Vec<BodyFacts>>, StoreError> {
    let Some(bytes) = engine.get(&keys::facts(pack))? else {
        return Ok(None);
    };
    decode_facts(pack, &bytes).map(Some)
}

/// Reads the facts of a pack's bodies.
pub(super) fn decode_facts(pack: PackNo, bytes: &[u8]) -> Result<Vec<BodyFacts>, StoreError> {
    let what = || format!("the facts of pack {pack}");
    let stored = Reader(bytes).take_bytes();
    let stored = stored.ok_or_else(|| StoreError::damaged(what()))?;
    from_json(&unstore(stored, what)?, "the facts of a pack")
}

/// Makes a parcel again of what was folded; the chain tells whether it is the same.
pub(super) fn parcel(engine: &Engine, row: &ParcelRow) -> Result<Parcel, StoreError> {
    let missing = |what: String| StoreError::damaged(format!("{what} is missing"));
    let mut parcel = Parcel {
        level: row.level,
        ..Parcel::default()
    };
    for sequence in (row.first..row.first + row.records).map(Sequence) {
        let json = json(engine, sequence)?;
        let json = json.ok_or_else(|| missing(format!("record {sequence}")))?;
        let record = from_json(&json, "a record")?;
        parcel.entries.push(Entry { record, json });
    }
    for number in (row.first_pack..row.first_pack + row.packs).map(PackNo) {
        let bytes = engine.get(&keys::pack(number))?;
        let bytes = bytes.ok_or_else(|| missing(format!("pack {number}")))?;
        // Decoded for its checksum.
        packs::decode(number, &bytes, Slots::default())?;
        let facts = facts(engine, number)?;
        let facts = facts.ok_or_else(|| missing(format!("pack {number}")))?;
        parcel.packs.push(Pack::new(bytes, facts));
    }
    Ok(parcel)
}
