//! Walking through the frames of a log, around what is damaged.

use std::io;

use super::files::Files;
use super::frame::Frame;
use super::parcel::{Hash, Parcel};
use super::segment::{self, Packs, Segment, Step};

/// Where a frame begins, and what it proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The position of its parcel, from 1.
    pub position: u64,
    /// First position of its segment.
    pub segment: u64,
    /// Its offset in the segment.
    pub offset: u64,
    /// The chain after it.
    pub chain: Hash,
}

/// A stretch of a segment: one frame, or bytes that are none.
pub(super) struct Stretch {
    pub(super) segment: Segment,
    pub(super) offset: u64,
    pub(super) end: u64,
    pub(super) frame: Option<Frame>,
}

/// Walks through segments from an offset on.
pub(super) struct Scan<'a> {
    files: &'a dyn Files,
    /// Segments still to be opened, the next last.
    waiting: Vec<u64>,
    current: Option<Segment>,
    offset: u64,
}

impl<'a> Scan<'a> {
    /// From the beginning of the segment that a position lies in.
    pub(super) fn new(files: &'a dyn Files, position: u64) -> io::Result<Self> {
        let mut waiting = segment::list(files)?;
        let before = waiting.partition_point(|first| *first <= position);
        waiting.drain(..before.saturating_sub(1));
        waiting.reverse();
        Ok(Self {
            files,
            waiting,
            current: None,
            offset: 0,
        })
    }

    /// From a frame on, that one included.
    pub(super) fn at(files: &'a dyn Files, place: &Place) -> io::Result<Self> {
        let mut scan = Self::new(files, place.segment)?;
        scan.next_segment()?;
        scan.offset = place.offset;
        Ok(scan)
    }

    fn next_segment(&mut self) -> io::Result<bool> {
        let Some(first) = self.waiting.pop() else {
            self.current = None;
            return Ok(false);
        };
        self.current = Some(Segment::open(self.files, first)?);
        self.offset = segment::HEADER;
        Ok(true)
    }

    /// The next stretch; `None` at the end of the log.
    pub(super) fn next(&mut self) -> io::Result<Option<Stretch>> {
        loop {
            let Some(segment) = &self.current else {
                if self.next_segment()? {
                    continue;
                }
                return Ok(None);
            };
            let offset = self.offset;
            let (end, frame) = match segment.step(offset)? {
                Step::End => {
                    self.current = None;
                    continue;
                }
                Step::Frame(frame) => (offset + frame.len(), Some(frame)),
                Step::Gap(end) => (end, None),
            };
            self.offset = end;
            return Ok(Some(Stretch {
                segment: segment.clone(),
                offset,
                end,
                frame,
            }));
        }
    }
}

impl Stretch {
    /// The frame's parcel; `None` = there is no whole one.
    pub(super) fn parcel(&self, packs: Packs) -> io::Result<Option<Parcel>> {
        match &self.frame {
            Some(frame) => self.segment.parcel(frame, self.offset, packs),
            None => Ok(None),
        }
    }

    /// The place of the frame, if it is one.
    pub(super) fn place(&self) -> Option<Place> {
        let frame = self.frame.as_ref()?;
        Some(Place {
            position: frame.position,
            segment: self.segment.first,
            offset: self.offset,
            chain: frame.chain,
        })
    }
}

/// What a reader finds next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// A parcel.
    Parcel {
        /// Its place.
        place: Place,
        /// The chain before it.
        before: Hash,
        /// The parcel.
        parcel: Parcel,
    },
    /// Parcels that cannot be read.
    Lost(Lost),
}

/// A place of the log that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The first position that is missing.
    pub first: u64,
    /// The last one; less than the first where no parcel is missing but bytes are damaged.
    pub last: u64,
    /// First position of the segment.
    pub segment: u64,
    /// Where in it the damage was met.
    pub offset: u64,
}

/// Reads parcels in order.
pub struct Reader<'a> {
    scan: Scan<'a>,
    /// The position that is due.
    due: u64,
    packs: Packs,
    /// Read already, but after what was lost before it.
    next: Option<Read>,
    /// Where damage was met that is not yet told.
    damaged: Option<(u64, u64)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(scan: Scan<'a>, due: u64, packs: Packs) -> Self {
        Self {
            scan,
            due,
            packs,
            next: None,
            damaged: None,
        }
    }

    /// Reads a whole log that nobody opened, a damaged or read-only one too.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn over(files: &'a dyn Files, packs: Packs) -> io::Result<Self> {
        let first = segment::list(files)?.first().copied().unwrap_or(1);
        Ok(Self::new(Scan::new(files, first)?, first, packs))
    }

    /// The next parcel, or what is lost; `None` at the end.
    ///
    /// # Errors
    /// When the disk fails.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator of results would hide that a disk error ends nothing"
    )]
    pub fn next(&mut self) -> io::Result<Option<Read>> {
        if let Some(read) = self.next.take() {
            return Ok(Some(read));
        }
        while let Some(stretch) = self.scan.next()? {
            let met = (stretch.segment.first, stretch.offset);
            let Some((frame, place)) = stretch.frame.zip(stretch.place()) else {
                self.damaged.get_or_insert(met);
                continue;
            };
            if frame.position < self.due {
                continue;
            }
            let Some(parcel) = stretch.parcel(self.packs)? else {
                self.damaged.get_or_insert(met);
                continue;
            };
            let read = Read::Parcel {
                place,
                before: frame.before,
                parcel,
            };
            let missing = frame.position > self.due;
            let lost = self.lost(missing.then_some(met), frame.position - 1);
            self.due = frame.position + 1;
            if lost.is_some() {
                self.next = Some(read);
                return Ok(lost);
            }
            return Ok(Some(read));
        }
        Ok(self.lost(None, self.due))
    }

    fn lost(&mut self, met: Option<(u64, u64)>, last: u64) -> Option<Read> {
        let (segment, offset) = self.damaged.take().or(met)?;
        Some(Read::Lost(Lost {
            first: self.due,
            last,
            segment,
            offset,
        }))
    }
}
