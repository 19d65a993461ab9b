//! The log: an append-only sequence of parcels in files of its own, and the only truth there is.
//!
//! A *parcel* is what one commit puts at once: records, and the packs of bodies they name with
//! what the store's fold needs of each body. A *frame* is a parcel on this host's disk: its place,
//! its checksums, and a chain of hashes over everything before it. *Segments* are the files, some
//! 64 MiB each, under `log/`. What a parcel means is the store's fold to say; what is acknowledged
//! is what [`Log::sync`] returned for.
//!
//! | after | the log |
//! |---|---|
//! | a crash | ends with its last whole frame; bytes behind it were never acknowledged and are kept as `torn-POSITION` |
//! | a damaged frame in the middle | loses that parcel and no other: readers step over it and say so |
//! | a write that failed | has nothing of it: [`LogError::Refused`] |
//! | a sync that failed | may have it or not: [`LogError::Unknown`]; [`Log::recover`] writes the end again |
//!
//! | file | what it is |
//! |---|---|
//! | `files` | the directory behind a trait, so that tests have one that fails |
//! | `parcel`, `frame`, `segment` | the three layers, from the inside out |
//! | `scan` | walking and reading around damage |
//! | `log`, `verify` | appending, syncing, opening; checking everything |
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! error files parcel
//! frame testing
//! segment
//! scan
//! log verify
//! ```

mod error;
mod files;
mod frame;
mod log;
mod parcel;
mod scan;
mod segment;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod verify;

pub use error::LogError;
pub use files::{Disk, Files, LogFile};
pub use log::{Hint, Log};
pub use parcel::{BodyFacts, Entry, Hash, Pack, PackBytes, Parcel};
pub use scan::{Lost, Place, Read, Reader};
pub use segment::{Founding, Packs};
pub use verify::{Verified, founding_of, verify};
