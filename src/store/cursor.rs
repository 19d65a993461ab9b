//! How far the store has folded the log, and what each parcel became in it.

use super::codec::{Reader, put};
use super::verdict::Folded;
use super::{StoreError, keys};
use crate::journal::{Founding, Hash, Place};

/// The rules by which records are folded. Whoever changes what comes of any record raises it: a
/// log says by which rules each of its parcels is to be folded.
pub(super) const LEVEL: u16 = 1;

/// The fold's place in the log, written with what was folded in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Whose log it is.
    pub(super) founding: Founding,
    /// The last parcel that was folded; its position is 0 where there is none.
    pub(super) place: Place,
    /// Records folded.
    pub(super) sequence: u64,
    /// Packs numbered.
    pub(super) packs: u32,
    /// The rolling digest of everything folded.
    pub(super) state: Hash,
}

impl Cursor {
    /// Before the first parcel.
    pub(super) fn new(founding: Founding, chain: Hash) -> Self {
        Self {
            founding,
            place: Place {
                position: 0,
                segment: 0,
                offset: 0,
                chain,
            },
            sequence: 0,
            packs: 0,
            state: [0; 32],
        }
    }

    /// The key it lies under.
    pub(super) fn key() -> Vec<u8> {
        keys::meta("cursor")
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&self.founding.id);
        out.extend_from_slice(&self.founding.fingerprint_key);
        out.extend_from_slice(&self.place.chain);
        out.extend_from_slice(&self.state);
        for number in [
            self.place.position,
            self.place.segment,
            self.place.offset,
            self.sequence,
            u64::from(self.packs),
        ] {
            put(&mut out, number);
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk()?;
        let (fingerprint_key, rest) = rest.split_first_chunk()?;
        let (chain, rest) = rest.split_first_chunk()?;
        let (state, rest) = rest.split_first_chunk()?;
        let mut rest = Reader(rest);
        Some(Self {
            founding: Founding {
                id: *id,
                fingerprint_key: *fingerprint_key,
            },
            place: Place {
                position: rest.take()?,
                segment: rest.take()?,
                offset: rest.take()?,
                chain: *chain,
            },
            sequence: rest.take()?,
            packs: rest.take_u32()?,
            state: *state,
        })
    }

    /// Takes what became of a record into the digest: its verdict, the lines it touched as they
    /// are afterwards, and the pack it brought. Record by record, so that it does not matter how
    /// a log is cut into batches.
    pub(super) fn digest(&mut self, folded: &Folded, rows: &[Vec<u8>], pack: Option<&Hash>) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.state);
        hasher.update(&folded.sequence.0.to_le_bytes());
        hasher.update(format!("{:?}", folded.verdict).as_bytes());
        for row in rows {
            hasher.update(row);
        }
        if let Some(pack) = pack {
            hasher.update(pack);
        }
        self.state = *hasher.finalize().as_bytes();
    }
}

/// What a parcel became: enough to make it again, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParcelRow {
    pub(super) chain: Hash,
    pub(super) level: u16,
    /// Sequence of its first record, and how many there are.
    pub(super) first: u64,
    pub(super) records: u64,
    /// Number of its first pack, and how many there are.
    pub(super) first_pack: u32,
    pub(super) packs: u32,
}

impl ParcelRow {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = self.chain.to_vec();
        put(&mut out, u64::from(self.level));
        put(&mut out, self.first);
        put(&mut out, self.records);
        put(&mut out, u64::from(self.first_pack));
        put(&mut out, u64::from(self.packs));
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let row = || {
            let (chain, rest) = bytes.split_first_chunk()?;
            let mut rest = Reader(rest);
            Some(Self {
                chain: *chain,
                level: u16::try_from(rest.take()?).ok()?,
                first: rest.take()?,
                records: rest.take()?,
                first_pack: rest.take_u32()?,
                packs: rest.take_u32()?,
            })
        };
        row().ok_or_else(|| StoreError::damaged("the place of a parcel"))
    }
}
