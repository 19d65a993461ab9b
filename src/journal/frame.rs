//! Frames: a parcel on this host's disk, with its place, its checksum and the chain.
//!
//! ```text
//! magic 4 │ content 4 │ packs 8 │ position 8 │ synced 8 │ before 32 │ chain 32 │ check 8
//! content, as stored …
//! the bytes of the packs, one after the other …
//! ```
//!
//! `check` covers the header, so that a frame whose content is damaged can be stepped over.
//! `chain` is the hash of the chain before it, the position and the content's hash: it proves the
//! content and everything before it. Packs are proved by the hashes in the content.

use super::parcel::Hash;

/// Begins every frame.
pub(super) const MAGIC: [u8; 4] = *b"GdF\x01";

/// Bytes of a header.
pub(super) const HEADER: usize = 104;

/// Bytes of the header's checksum at its end.
const CHECK: usize = 8;

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) position: u64,
    /// Every frame up to this position was on the disk when this one was written.
    pub(super) synced: u64,
    pub(super) before: Hash,
    pub(super) chain: Hash,
    /// Bytes of the stored content.
    pub(super) content: u32,
    /// Bytes of all packs.
    pub(super) packs: u64,
}

impl Frame {
    /// Bytes of the whole frame.
    pub(super) fn len(&self) -> u64 {
        HEADER as u64 + u64::from(self.content) + self.packs
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.content.to_le_bytes());
        for number in [self.packs, self.position, self.synced] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.before);
        out.extend_from_slice(&self.chain);
        let check = check(&out);
        out.extend_from_slice(&check);
        out
    }

    /// Reads a header; `None` = these bytes are none.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (covered, found) = bytes.get(..HEADER)?.split_last_chunk::<CHECK>()?;
        if !covered.starts_with(&MAGIC) || check(covered) != *found {
            return None;
        }
        let number = |at: usize| {
            let bytes = covered.get(at..)?.first_chunk()?;
            Some(u64::from_le_bytes(*bytes))
        };
        let hash = |at: usize| covered.get(at..)?.first_chunk::<32>().copied();
        Some(Self {
            content: u32::from_le_bytes(*covered.get(4..)?.first_chunk()?),
            packs: number(8)?,
            position: number(16)?,
            synced: number(24)?,
            before: hash(32)?,
            chain: hash(64)?,
        })
    }
}

fn check(covered: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    for (to, from) in check.iter_mut().zip(blake3::hash(covered).as_bytes()) {
        *to = *from;
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_and_no_flipped_bit_goes_unseen() {
        let frame = Frame {
            position: 9,
            synced: 7,
            before: [1; 32],
            chain: [2; 32],
            content: 300,
            packs: 5_000_000_000,
        };
        let bytes = frame.encode();
        assert_eq!(bytes.len(), HEADER);
        assert_eq!(Frame::decode(&bytes), Some(frame));
        for bit in 0..HEADER * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Frame::decode(&flipped), None, "bit {bit}");
        }
    }
}
