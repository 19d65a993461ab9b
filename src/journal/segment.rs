//! Segments: the files of the log, each with a header that says whose it is and where it begins.

use std::io;
use std::sync::Arc;

use super::files::{Files, LogFile};
use super::frame::{self, Frame};
use super::parcel::{self, Hash, Pack, PackBytes, Parcel};

/// Begins every segment.
const MAGIC: [u8; 16] = *b"GONGDAN LOG 1\n\0\0";

/// Bytes of a segment's header; its first frame follows.
pub(super) const HEADER: u64 = 152;

/// Ends of a segment's name.
const SUFFIX: &str = ".segment";

/// Bytes read at once while a frame is looked for.
const WINDOW: usize = 64 * 1024;

/// What stays the same in all segments of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Founding {
    /// The log's id, which is the store's too.
    pub id: [u8; 16],
    /// The key of fingerprints.
    pub fingerprint_key: [u8; 32],
}

impl Founding {
    /// The chain before the first parcel.
    pub fn chain(&self) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&MAGIC);
        hasher.update(&self.id);
        hasher.update(&self.fingerprint_key);
        *hasher.finalize().as_bytes()
    }
}

/// A segment's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) founding: Founding,
    /// Position of its first parcel.
    pub(super) first: u64,
    /// The chain before that.
    pub(super) before: Hash,
}

impl Header {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER as usize);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.founding.id);
        out.extend_from_slice(&self.founding.fingerprint_key);
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.before);
        // Room for what a later version wants to say.
        out.extend_from_slice(&[0; 16]);
        let check = *blake3::hash(&out).as_bytes();
        out.extend_from_slice(&check);
        out
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (covered, check) = bytes.split_last_chunk::<32>()?;
        if !covered.starts_with(&MAGIC) || blake3::hash(covered).as_bytes() != check {
            return None;
        }
        Some(Self {
            founding: Founding {
                id: *covered.get(16..)?.first_chunk()?,
                fingerprint_key: *covered.get(32..)?.first_chunk()?,
            },
            first: u64::from_le_bytes(*covered.get(64..)?.first_chunk()?),
            before: *covered.get(72..)?.first_chunk()?,
        })
    }
}

/// The name of the segment that begins at a position.
pub(super) fn name(first: u64) -> String {
    format!("{first:020}{SUFFIX}")
}

/// The position that a segment's name tells.
fn first_of(name: &str) -> Option<u64> {
    name.strip_suffix(SUFFIX)?.parse().ok()
}

/// The first positions of all segments, ascending.
pub(super) fn list(files: &dyn Files) -> io::Result<Vec<u64>> {
    let mut firsts: Vec<u64> = files.list()?.iter().filter_map(|n| first_of(n)).collect();
    firsts.sort_unstable();
    Ok(firsts)
}

/// One open segment.
#[derive(Clone)]
pub(super) struct Segment {
    pub(super) first: u64,
    pub(super) file: Arc<dyn LogFile>,
    /// `None` = damaged.
    pub(super) header: Option<Header>,
}

/// What stands at an offset of a segment.
pub(super) enum Step {
    /// A header that is whole, and bytes enough behind it.
    Frame(Frame),
    /// No frame; the next begins at the offset, which is the segment's length where there is none.
    Gap(u64),
    /// Nothing more.
    End,
}

impl Segment {
    pub(super) fn open(files: &dyn Files, first: u64) -> io::Result<Self> {
        let file = files.open(&name(first))?;
        let mut bytes = vec![0; HEADER as usize];
        let read = file.read_at(&mut bytes, 0)?;
        bytes.truncate(read);
        let header = Header::decode(&bytes).filter(|header| header.first == first);
        Ok(Self {
            first,
            file,
            header,
        })
    }

    pub(super) fn create(files: &dyn Files, header: Header) -> io::Result<Self> {
        let file = files.create(&name(header.first))?;
        file.write_at(&header.encode(), 0)?;
        file.sync()?;
        files.sync()?;
        Ok(Self {
            first: header.first,
            file,
            header: Some(header),
        })
    }

    /// Looks at an offset.
    pub(super) fn step(&self, offset: u64) -> io::Result<Step> {
        let len = self.file.size()?;
        if offset >= len {
            return Ok(Step::End);
        }
        if let Some(frame) = self.frame_at(offset, len)? {
            return Ok(Step::Frame(frame));
        }
        let mut window = vec![0; WINDOW];
        let mut at = offset + 1;
        while at < len {
            let read = self.file.read_at(&mut window, at)?;
            let found = window.get(..read).unwrap_or_default();
            for (skip, bytes) in found.windows(frame::MAGIC.len()).enumerate() {
                let place = at + skip as u64;
                if bytes == frame::MAGIC && self.frame_at(place, len)?.is_some() {
                    return Ok(Step::Gap(place));
                }
            }
            // A magic may lie across two windows.
            let whole = read.saturating_sub(frame::MAGIC.len() - 1).max(1);
            at += whole as u64;
        }
        Ok(Step::Gap(len))
    }

    fn frame_at(&self, offset: u64, len: u64) -> io::Result<Option<Frame>> {
        let mut bytes = [0; frame::HEADER];
        if self.file.read_at(&mut bytes, offset)? < frame::HEADER {
            return Ok(None);
        }
        let frame = Frame::decode(&bytes);
        Ok(frame.filter(|frame| {
            let end = offset.checked_add(frame.len());
            end.is_some_and(|end| end <= len)
        }))
    }

    /// The content of a frame; `None` = it is damaged.
    pub(super) fn content(&self, frame: &Frame, offset: u64) -> io::Result<Option<Vec<u8>>> {
        let mut stored = vec![0; frame.content as usize];
        let at = offset + frame::HEADER as u64;
        if self.file.read_at(&mut stored, at)? < stored.len() {
            return Ok(None);
        }
        let content = parcel::unstore(&stored);
        Ok(content
            .filter(|content| parcel::chain(&frame.before, frame.position, content) == frame.chain))
    }

    /// The parcel of a frame, with the bytes of its packs where they are wanted; `None` = its
    /// content is damaged.
    pub(super) fn parcel(
        &self,
        frame: &Frame,
        offset: u64,
        packs: Packs,
    ) -> io::Result<Option<Parcel>> {
        let content = self.content(frame, offset)?;
        let Some(mut parcel) = content.and_then(|content| Parcel::from_content(&content)) else {
            return Ok(None);
        };
        let mut at = offset + frame::HEADER as u64 + u64::from(frame.content);
        for pack in &mut parcel.packs {
            if packs == Packs::Read {
                pack.bytes = self.pack(pack, at)?;
            }
            at += u64::from(pack.len);
        }
        let whole = at == offset + frame.len();
        Ok(whole.then_some(parcel))
    }

    fn pack(&self, pack: &Pack, offset: u64) -> io::Result<PackBytes> {
        let mut bytes = vec![0; pack.len as usize];
        let read = self.file.read_at(&mut bytes, offset)?;
        bytes.truncate(read);
        Ok(pack.judge(bytes))
    }
}

/// Whether the bytes of packs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packs {
    /// They are read and compared with their hashes.
    Read,
    /// They are left where they are.
    Skip,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_and_no_flipped_bit_goes_unseen() {
        let header = Header {
            founding: Founding {
                id: [3; 16],
                fingerprint_key: [4; 32],
            },
            first: 12,
            before: [5; 32],
        };
        let bytes = header.encode();
        assert_eq!(bytes.len() as u64, HEADER);
        assert_eq!(Header::decode(&bytes), Some(header));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::decode(&flipped), None, "bit {bit}");
        }
    }
}
