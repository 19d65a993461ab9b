//! Checking a whole log, without writing to it.

use std::ops::ControlFlow;

use super::error::LogError;
use super::files::Files;
use super::parcel::PackBytes;
use super::scan::{Lost, Read, Reader, Scan};
use super::segment::{self, Founding, Packs, Segment};

/// Whose log a directory holds, by any header that can be read.
///
/// # Errors
/// [`LogError::Missing`] or [`LogError::Damaged`] where no header can be read; else when the disk
/// fails.
pub fn founding_of(files: &dyn Files) -> Result<Founding, LogError> {
    let firsts = segment::list(files).map_err(LogError::Io)?;
    if firsts.is_empty() {
        return Err(LogError::Missing);
    }
    for first in &firsts {
        let segment = Segment::open(files, *first).map_err(LogError::Io)?;
        if let Some(header) = segment.header {
            return Ok(header.founding);
        }
    }
    Err(LogError::Damaged {
        what: "the headers of all segments".to_owned(),
    })
}

/// What a check of the log found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Segments there are.
    pub segments: u64,
    /// Parcels that can be read.
    pub parcels: u64,
    /// Records in them.
    pub records: u64,
    /// Packs in them.
    pub packs: u64,
    /// Packs that were erased on purpose.
    pub erased: u64,
    /// Parcels that cannot be read, and bytes that belong to none.
    pub lost: Vec<Lost>,
    /// Positions of parcels of which a pack is damaged.
    pub damaged_packs: Vec<u64>,
    /// Positions that do not follow on what stands before them.
    pub broken_chain: Vec<u64>,
    /// First positions of segments whose header is damaged.
    pub damaged_headers: Vec<u64>,
}

impl Verified {
    /// Whether everything is as it was written.
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty()
            && self.damaged_packs.is_empty()
            && self.broken_chain.is_empty()
            && self.damaged_headers.is_empty()
    }
}

/// Reads and checks every byte of a log; `progress` is told positions and may stop it.
///
/// # Errors
/// When there is no log, or the disk fails.
pub fn verify(
    files: &dyn Files,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Verified, LogError> {
    let firsts = segment::list(files).map_err(LogError::Io)?;
    if firsts.is_empty() {
        return Err(LogError::Missing);
    }
    let mut found = Verified {
        segments: firsts.len() as u64,
        ..Verified::default()
    };
    let mut due = None;
    for first in &firsts {
        match Segment::open(files, *first).map_err(LogError::Io)?.header {
            Some(header) if *first == 1 => due = Some(header.founding.chain()),
            Some(_) => {}
            None => found.damaged_headers.push(*first),
        }
    }
    let begin = firsts.first().copied().unwrap_or(1);
    let scan = Scan::new(files, begin).map_err(LogError::Io)?;
    let mut reader = Reader::new(scan, begin, Packs::Read);
    while let Some(read) = reader.next().map_err(LogError::Io)? {
        match read {
            Read::Lost(lost) => {
                found.lost.push(lost);
                due = None;
            }
            Read::Parcel {
                place,
                before,
                parcel,
            } => {
                if due.is_some_and(|due| due != before) {
                    found.broken_chain.push(place.position);
                }
                due = Some(place.chain);
                found.parcels += 1;
                found.records += parcel.entries.len() as u64;
                found.packs += parcel.packs.len() as u64;
                let packs = || parcel.packs.iter().map(|pack| &pack.bytes);
                found.erased += packs().filter(|b| **b == PackBytes::Erased).count() as u64;
                if packs().any(|bytes| *bytes == PackBytes::Damaged) {
                    found.damaged_packs.push(place.position);
                }
                if progress(place.position).is_break() {
                    break;
                }
            }
        }
    }
    Ok(found)
}
