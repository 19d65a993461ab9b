//! The log itself: appending, syncing, opening after any end.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::LogError;
use super::files::{Files, LogFile};
use super::frame::Frame;
use super::parcel::{self, Hash, Parcel};
use super::scan::{Place, Reader, Scan, Stretch};
use super::segment::{self, Founding, Header, Packs, Segment};

/// Bytes from which the next parcel begins a new segment.
const SEGMENT: u64 = 64 << 20;

/// Begins the name of a tail that was cut off.
const TORN: &str = "torn-";

/// Bytes copied at a time.
const STEP: usize = 1 << 20;

/// An append-only log in a directory of its own.
pub struct Log {
    files: Box<dyn Files>,
    founding: Founding,
    state: Mutex<State>,
    segment_size: u64,
}

struct State {
    segment: Segment,
    /// Where the next frame goes.
    end: u64,
    /// The last position; 0 = none.
    position: u64,
    chain: Hash,
    /// Everything up to this position and offset is on the disk.
    synced: u64,
    synced_end: u64,
    /// The bytes from there to the end: after a failed sync the system may have dropped them.
    unsynced: Vec<u8>,
    /// Whether the file must be written again from there before anything else.
    failed: bool,
    torn: Vec<String>,
}

/// What a reader of the log knows of it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// Whose log it is.
    pub founding: Founding,
    /// The last frame known.
    pub place: Option<Place>,
}

impl Log {
    /// Begins a log in an empty directory.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn create(files: Box<dyn Files>, founding: Founding) -> Result<Self, LogError> {
        let header = Header {
            founding,
            first: 1,
            before: founding.chain(),
        };
        let segment = Segment::create(&*files, header).map_err(LogError::Io)?;
        Ok(Self::new(files, founding, segment, header.before, 0))
    }

    fn new(
        files: Box<dyn Files>,
        founding: Founding,
        segment: Segment,
        chain: Hash,
        position: u64,
    ) -> Self {
        Self {
            files,
            founding,
            state: Mutex::new(State {
                segment,
                end: segment::HEADER,
                position,
                chain,
                synced: position,
                synced_end: segment::HEADER,
                unsynced: Vec::new(),
                failed: false,
                torn: Vec::new(),
            }),
            segment_size: SEGMENT,
        }
    }

    /// Opens a log. Frames from the hint's on are checked, without one those of the last segment.
    ///
    /// Bytes that were never acknowledged are cut off, and kept in a file `torn-POSITION`.
    ///
    /// # Errors
    /// [`LogError::Missing`] when there is none, [`LogError::Damaged`] when no header can be
    /// read; else when the disk fails.
    pub fn open(files: Box<dyn Files>, hint: Option<Hint>) -> Result<Self, LogError> {
        let firsts = segment::list(&*files).map_err(LogError::Io)?;
        let last = *firsts.last().ok_or(LogError::Missing)?;
        let founding = founding(&*files, &firsts, hint)?;
        let begin = hint.and_then(|hint| hint.place);
        let begin = begin.filter(|place| firsts.contains(&place.segment));
        let begin = match begin {
            Some(place) if holds(&*files, &place).map_err(LogError::Io)? => Some(place),
            Some(_) | None => None,
        };
        let mut log = {
            let segment = Segment::open(&*files, last).map_err(LogError::Io)?;
            Self::new(files, founding, segment, founding.chain(), 0)
        };
        log.find_end(begin, last).map_err(LogError::Io)?;
        Ok(log)
    }

    /// Finds the last whole frame, and cuts off what was never acknowledged behind it.
    fn find_end(&mut self, begin: Option<Place>, last: u64) -> io::Result<()> {
        let mut scan = match &begin {
            Some(place) => Scan::at(&*self.files, place)?,
            None => Scan::new(&*self.files, last)?,
        };
        let mut stretches = Vec::new();
        while let Some(stretch) = scan.next()? {
            let whole = is_whole(&stretch)?;
            stretches.push((stretch, whole));
        }
        drop(scan);
        let cut = cut_at(&stretches, begin.map_or(last, |place| place.position));
        let kept = stretches.iter().take(cut).rev();
        let end = kept
            .filter_map(|(stretch, _)| Some((stretch, stretch.frame?)))
            .next();
        let torn = stretches.get(cut..).unwrap_or_default();
        let (segment, offset, position, chain) = match end {
            Some((stretch, frame)) => {
                let segment = stretch.segment.clone();
                // Bytes behind the last frame that were kept as damage are stepped over.
                let kept = stretches.iter().take(cut).map(|(stretch, _)| stretch);
                let same = kept.filter(|other| other.segment.first == segment.first);
                let offset = same.map(|other| other.end).max();
                (
                    segment,
                    offset.unwrap_or(stretch.end),
                    frame.position,
                    frame.chain,
                )
            }
            None => self.empty_end(last)?,
        };
        let names = if torn.is_empty() && segment.first == last {
            Vec::new()
        } else {
            self.cut_off(&segment, offset, position + 1)?
        };
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.segment = segment;
        (state.end, state.synced_end) = (offset, offset);
        (state.position, state.synced) = (position, position);
        state.chain = chain;
        state.torn = self.files.list()?;
        state.torn.retain(|name| name.starts_with(TORN));
        state.torn.extend(names);
        state.torn.sort_unstable();
        state.torn.dedup();
        Ok(())
    }

    /// The end of a log whose last segment has no whole frame.
    fn empty_end(&self, last: u64) -> io::Result<(Segment, u64, u64, Hash)> {
        let segment = Segment::open(&*self.files, last)?;
        if let Some(header) = segment.header {
            return Ok((segment, segment::HEADER, last - 1, header.before));
        }
        let firsts = segment::list(&*self.files)?;
        let Some(before) = firsts.iter().rev().nth(1).copied() else {
            // The only one: its frames are all that is known of it.
            let header = Header {
                founding: self.founding,
                first: last,
                before: self.founding.chain(),
            };
            segment.file.write_at(&header.encode(), 0)?;
            return Ok((segment, segment::HEADER, last - 1, header.before));
        };
        // It was being made when the end came: the log ends in the one before.
        let mut scan = Scan::new(&*self.files, before)?;
        let mut end = None;
        while let Some(stretch) = scan.next()? {
            if stretch.segment.first == before
                && let Some(frame) = stretch.frame
            {
                end = Some((stretch.segment, stretch.end, frame.position, frame.chain));
            }
        }
        end.ok_or_else(|| io::Error::other("two segments without a frame"))
    }

    /// Moves what lies behind an offset to a file of its own.
    fn cut_off(&self, segment: &Segment, offset: u64, position: u64) -> io::Result<Vec<String>> {
        let firsts = segment::list(&*self.files)?;
        let later: Vec<u64> = firsts
            .into_iter()
            .filter(|first| *first > segment.first)
            .collect();
        let mut name = format!("{TORN}{position}");
        let known = self.files.list()?;
        let mut again = 1;
        while known.contains(&name) {
            again += 1;
            name = format!("{TORN}{position}-{again}");
        }
        let kept = self.files.create(&name)?;
        let mut end = copy(&*segment.file, offset, &*kept, 0)?;
        for first in &later {
            let from = self.files.open(&segment::name(*first))?;
            end = copy(&*from, 0, &*kept, end)?;
        }
        kept.sync()?;
        self.files.sync()?;
        segment.file.set_len(offset)?;
        segment.file.sync()?;
        for first in later {
            self.files.remove(&segment::name(first))?;
        }
        if end == 0 {
            self.files.remove(&name)?;
            self.files.sync()?;
            return Ok(Vec::new());
        }
        self.files.sync()?;
        Ok(vec![name])
    }

    /// Whose log it is.
    pub fn founding(&self) -> Founding {
        self.founding
    }

    /// The last position, and the chain after it.
    pub fn end(&self) -> (u64, Hash) {
        let state = self.state();
        (state.position, state.chain)
    }

    /// Tails that were cut off, by the names of their files.
    pub fn torn(&self) -> Vec<String> {
        self.state().torn.clone()
    }

    /// Appends a parcel. It is on the disk with the next [`Self::sync`].
    ///
    /// # Errors
    /// [`LogError::Refused`] when nothing of it can be on the disk; [`LogError::Unknown`] when
    /// an earlier failure must be made good first, see [`Self::recover`].
    pub fn append(&self, parcel: &Parcel) -> Result<Place, LogError> {
        let content = parcel.content().map_err(LogError::Encode)?;
        let stored = parcel::store(&content).map_err(LogError::Refused)?;
        let mut state = self.state();
        if state.failed {
            return Err(LogError::Unknown(io::Error::other(
                "an earlier write to the log failed",
            )));
        }
        if state.end >= self.segment_size && state.end > segment::HEADER {
            self.roll(&mut state)?;
        }
        let position = state.position + 1;
        let frame = Frame {
            position,
            synced: state.synced,
            before: state.chain,
            chain: parcel::chain(&state.chain, position, &content),
            content: stored.len() as u32,
            packs: parcel.packs.iter().map(|pack| u64::from(pack.len)).sum(),
        };
        let mut bytes = frame.encode();
        bytes.extend_from_slice(&stored);
        for pack in &parcel.packs {
            match pack.bytes.whole() {
                Some(pack) => bytes.extend_from_slice(pack),
                None => bytes.resize(bytes.len() + pack.len as usize, 0),
            }
        }
        if let Err(error) = state.segment.file.write_at(&bytes, state.end) {
            // Half a frame is none; but it must not stand behind the next one.
            let end = state.end;
            if state.segment.file.set_len(end).is_err() {
                state.failed = true;
            }
            return Err(LogError::Refused(error));
        }
        let place = Place {
            position,
            segment: state.segment.first,
            offset: state.end,
            chain: frame.chain,
        };
        state.end += bytes.len() as u64;
        state.unsynced.extend_from_slice(&bytes);
        state.position = position;
        state.chain = frame.chain;
        Ok(place)
    }

    /// Begins the next segment; all of this one is on the disk before.
    fn roll(&self, state: &mut State) -> Result<(), LogError> {
        if let Err(error) = state.segment.file.sync() {
            state.failed = true;
            return Err(LogError::Unknown(error));
        }
        state.settle(state.position, state.end);
        let header = Header {
            founding: self.founding,
            first: state.position + 1,
            before: state.chain,
        };
        let made = Segment::create(&*self.files, header);
        state.segment = made.map_err(|error| {
            // What was made of it stands in nobody's way: the next try makes it anew.
            let _ = self.files.remove(&segment::name(header.first));
            LogError::Refused(error)
        })?;
        (state.end, state.synced_end) = (segment::HEADER, segment::HEADER);
        Ok(())
    }

    /// Returns once everything appended before the call is on the disk.
    ///
    /// # Errors
    /// [`LogError::Unknown`]: what was not on the disk before may be there or not.
    pub fn sync(&self) -> Result<(), LogError> {
        let (file, first, position, end) = {
            let state = self.state();
            if state.failed {
                return Err(LogError::Unknown(io::Error::other(
                    "an earlier write to the log failed",
                )));
            }
            let file: Arc<dyn LogFile> = Arc::clone(&state.segment.file);
            (file, state.segment.first, state.position, state.end)
        };
        let synced = file.sync();
        let mut state = self.state();
        if let Err(error) = synced {
            state.failed = true;
            return Err(LogError::Unknown(error));
        }
        // A segment that was left meanwhile is on the disk by that.
        if state.segment.first == first {
            state.settle(position, end);
        }
        Ok(())
    }

    /// Makes good a failed write: what was not on the disk is written again and synced.
    ///
    /// After a failed sync the system takes pages for written that are not, so syncing again
    /// would prove nothing.
    ///
    /// # Errors
    /// When the disk still fails.
    pub fn recover(&self) -> Result<(), LogError> {
        let mut state = self.state();
        if !state.failed {
            return Ok(());
        }
        let file = Arc::clone(&state.segment.file);
        let begin = state.synced_end;
        file.write_at(&state.unsynced, begin)
            .and_then(|()| file.set_len(state.end))
            .and_then(|()| file.sync())
            .map_err(LogError::Unknown)?;
        let (position, end) = (state.position, state.end);
        state.settle(position, end);
        state.failed = false;
        Ok(())
    }

    /// Reads parcels from a position on.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn read(&self, from: u64, packs: Packs) -> Result<Reader<'_>, LogError> {
        let scan = Scan::new(&*self.files, from).map_err(LogError::Io)?;
        Ok(Reader::new(scan, from, packs))
    }

    /// The same from behind a frame that is known.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn read_after(&self, place: &Place, packs: Packs) -> Result<Reader<'_>, LogError> {
        if !holds(&*self.files, place).map_err(LogError::Io)? {
            return self.read(place.position + 1, packs);
        }
        let scan = Scan::at(&*self.files, place).map_err(LogError::Io)?;
        Ok(Reader::new(scan, place.position + 1, packs))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes segments short, so that a test meets their ends.
    #[cfg(test)]
    pub(crate) fn with_segments_of(mut self, bytes: u64) -> Self {
        self.segment_size = bytes;
        self
    }
}

impl State {
    /// Notes that everything up to an offset is on the disk.
    fn settle(&mut self, position: u64, end: u64) {
        let more = end.saturating_sub(self.synced_end) as usize;
        self.unsynced.drain(..more.min(self.unsynced.len()));
        self.synced_end = self.synced_end.max(end);
        self.synced = self.synced.max(position);
    }
}

/// Whose log it is, by any header that can be read.
fn founding(files: &dyn Files, firsts: &[u64], hint: Option<Hint>) -> Result<Founding, LogError> {
    for first in firsts.iter().rev() {
        let segment = Segment::open(files, *first).map_err(LogError::Io)?;
        if let Some(header) = segment.header {
            return Ok(header.founding);
        }
    }
    hint.map(|hint| hint.founding).ok_or(LogError::Damaged {
        what: "the headers of all segments".to_owned(),
    })
}

/// Whether the frame of a place is there.
fn holds(files: &dyn Files, place: &Place) -> io::Result<bool> {
    let known = segment::list(files)?;
    if !known.contains(&place.segment) {
        return Ok(false);
    }
    let stretch = Scan::at(files, place)?.next()?;
    Ok(stretch.is_some_and(|stretch| stretch.place() == Some(*place)))
}

/// Whether a stretch is a frame of which content and packs are as they were written, or erased.
fn is_whole(stretch: &Stretch) -> io::Result<bool> {
    let parcel = stretch.parcel(Packs::Read)?;
    Ok(parcel.is_some_and(|parcel| {
        let mut packs = parcel.packs.iter();
        packs.all(|pack| pack.bytes != parcel::PackBytes::Damaged)
    }))
}

/// How many stretches stay: up to the first that is not whole, and that no later frame knows to
/// have been on the disk. What was acknowledged and is damaged stays where it is.
fn cut_at(stretches: &[(Stretch, bool)], first: u64) -> usize {
    let mut proved = 0;
    let mut known = vec![0; stretches.len()];
    for ((stretch, whole), known) in stretches.iter().zip(&mut known).rev() {
        *known = proved;
        if let Some(frame) = stretch.frame.filter(|_| *whole) {
            proved = proved.max(frame.synced);
        }
    }
    let mut due = first;
    for (at, ((stretch, whole), known)) in stretches.iter().zip(known).enumerate() {
        if !whole && due > known {
            return at;
        }
        if let Some(frame) = &stretch.frame {
            due = frame.position + 1;
        }
    }
    stretches.len()
}

fn copy(from: &dyn LogFile, mut at: u64, to: &dyn LogFile, mut end: u64) -> io::Result<u64> {
    let mut bytes = vec![0; STEP];
    loop {
        let read = from.read_at(&mut bytes, at)?;
        if read == 0 {
            return Ok(end);
        }
        to.write_at(bytes.get(..read).unwrap_or_default(), end)?;
        at += read as u64;
        end += read as u64;
    }
}
