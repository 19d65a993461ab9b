//! One line of the directory, and pages of them as they lie on the disk.

use crate::model::CauseState;
use crate::store::codec::{Reader, put};

/// Rows of a page on the disk.
pub(in crate::store) const PAGE: usize = 128;

const SLOT: u16 = 0xf;
const ARTICLE: u16 = 1 << 4;
const REMOVED: u16 = 1 << 5;
const DISPUTED: u16 = 1 << 6;
const OUTDATED: u16 = 1 << 7;
const STATE_SHIFT: u16 = 8;
const STATE: u16 = 3 << STATE_SHIFT;
const CORRECTED: u16 = 1 << 10;

/// What the directory keeps of one ticket or article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store) struct Row {
    /// The id in 50 bits.
    pub(in crate::store) id: u64,
    pub(in crate::store) flags: u16,
    /// Number of the effective category plus one; 0 = none.
    pub(in crate::store) category: u32,
    /// Number of its set of datasets.
    pub(in crate::store) set: u32,
    /// Number of its list of causes.
    pub(in crate::store) causes: u32,
    /// Revision of its causes.
    pub(in crate::store) revision: u32,
    /// The date as yyyymmdd; 0 = none.
    pub(in crate::store) date: i32,
    pub(in crate::store) pack: u32,
}

impl Row {
    pub(in crate::store) fn slot(&self) -> u8 {
        (self.flags & SLOT) as u8
    }

    pub(in crate::store) fn set_slot(&mut self, slot: usize) {
        self.flags = (self.flags & !SLOT) | (slot as u16 & SLOT);
    }

    pub(in crate::store) fn is_article(&self) -> bool {
        self.flags & ARTICLE != 0
    }

    pub(in crate::store) fn set_article(&mut self, on: bool) {
        self.switch(ARTICLE, on);
    }

    pub(in crate::store) fn removed(&self) -> bool {
        self.flags & REMOVED != 0
    }

    pub(in crate::store) fn set_removed(&mut self, on: bool) {
        self.switch(REMOVED, on);
    }

    pub(in crate::store) fn disputed(&self) -> bool {
        self.flags & DISPUTED != 0
    }

    pub(in crate::store) fn set_disputed(&mut self, on: bool) {
        self.switch(DISPUTED, on);
    }

    pub(in crate::store) fn outdated(&self) -> bool {
        self.flags & OUTDATED != 0
    }

    pub(in crate::store) fn set_outdated(&mut self, on: bool) {
        self.switch(OUTDATED, on);
    }

    pub(in crate::store) fn corrected(&self) -> bool {
        self.flags & CORRECTED != 0
    }

    pub(in crate::store) fn set_corrected(&mut self, on: bool) {
        self.switch(CORRECTED, on);
    }

    pub(in crate::store) fn state_bits(&self) -> u8 {
        ((self.flags & STATE) >> STATE_SHIFT) as u8
    }

    pub(in crate::store) fn state(&self) -> CauseState {
        match self.state_bits() {
            0 => CauseState::None,
            1 => CauseState::Placeholder,
            2 => CauseState::Given,
            _ => CauseState::Confirmed,
        }
    }

    pub(in crate::store) fn set_state(&mut self, state: CauseState) {
        self.flags = (self.flags & !STATE) | (u16::from(state_bits(state)) << STATE_SHIFT);
    }

    pub(in crate::store) fn confirmed(&self) -> bool {
        self.state() == CauseState::Confirmed
    }

    fn switch(&mut self, bit: u16, on: bool) {
        if on {
            self.flags |= bit;
        } else {
            self.flags &= !bit;
        }
    }
}

/// Whether flags are those of a ticket that is shown.
pub(super) fn shown_ticket(flags: u16) -> bool {
    flags & (ARTICLE | REMOVED) == 0
}

/// Whether flags are those of an article that is shown.
pub(super) fn shown_article(flags: u16) -> bool {
    flags & (ARTICLE | REMOVED) == ARTICLE
}

/// Whether flags are those of something removed.
pub(super) fn is_removed(flags: u16) -> bool {
    flags & REMOVED != 0
}

/// The state of causes in flags.
pub(super) fn flags_state(flags: u16) -> u8 {
    ((flags & STATE) >> STATE_SHIFT) as u8
}

/// A state as the number that flags hold.
pub(super) fn state_bits(state: CauseState) -> u8 {
    match state {
        CauseState::None => 0,
        CauseState::Placeholder => 1,
        CauseState::Given => 2,
        CauseState::Confirmed => 3,
    }
}

/// A page as bytes: rows with their import.
pub(in crate::store) fn encode(rows: impl Iterator<Item = (Row, u32)>) -> Vec<u8> {
    let mut out = Vec::with_capacity(PAGE * 20);
    let mut pack = 0u32;
    for (row, import) in rows {
        put(&mut out, row.id);
        put(&mut out, u64::from(row.flags));
        put(&mut out, u64::from(row.category));
        put(&mut out, u64::from(row.set));
        put(&mut out, u64::from(row.causes));
        put(&mut out, u64::from(row.revision));
        put(&mut out, row.date.unsigned_abs().into());
        // Neighbours share a pack; one updated since lies elsewhere, before or after.
        let step = i64::from(row.pack) - i64::from(pack);
        put(&mut out, ((step << 1) ^ (step >> 63)).cast_unsigned());
        pack = row.pack;
        put(&mut out, u64::from(import));
    }
    out
}

/// Reads [`encode`]'s bytes; `None` when they are damaged.
pub(in crate::store) fn decode(bytes: &[u8]) -> Option<Vec<(Row, u32)>> {
    let mut reader = Reader(bytes);
    let mut rows = Vec::with_capacity(PAGE);
    let mut pack = 0i64;
    while !reader.0.is_empty() {
        let mut row = Row {
            id: reader.take()?,
            flags: reader.take()?.try_into().ok()?,
            category: reader.take_u32()?,
            set: reader.take_u32()?,
            causes: reader.take_u32()?,
            revision: reader.take_u32()?,
            date: reader.take()?.try_into().ok()?,
            pack: 0,
        };
        let step = reader.take()?;
        pack += (step >> 1).cast_signed() ^ -(step & 1).cast_signed();
        row.pack = pack.try_into().ok()?;
        rows.push((row, reader.take_u32()?));
    }
    Some(rows)
}
