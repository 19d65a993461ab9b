//! Everything found, as bytes, so that a short command need not find it again.
//!
//! The form is of this version only: whoever stores the bytes stores [`VERSION`] beside them, and
//! finds everything again where it differs.

use std::io::{Read, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::causes::Causes;
use super::replies::Replies;
use super::table::Table;
use super::vendor::Vendor;
use super::{Insight, Words};

/// Version of what is found and of its form: it is raised when the same tickets would give
/// something else.
pub const VERSION: u32 = 5;

/// Bytes of the longest text that is read back.
const LONGEST: usize = 1 << 20;

#[derive(Serialize)]
struct Out<'a> {
    table: &'a Table,
    vendor: &'a Vendor,
    replies: &'a Replies,
    causes: &'a Causes,
}

#[derive(Deserialize)]
struct In {
    table: Table,
    vendor: Vendor,
    replies: Replies,
    causes: Causes,
}

impl Insight {
    /// Writes everything, bit by bit: no second copy of it is held.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, to: impl Write) -> Result<(), postcard::Error> {
        let everything = Out {
            table: &self.table,
            vendor: &self.vendor,
            replies: &self.replies,
            causes: &self.causes,
        };
        postcard::to_io(&everything, to).map(drop)
    }

    /// Reads what [`Self::write`] wrote; `words` are those it was found with.
    ///
    /// # Errors
    /// When the bytes are of another version, or damaged.
    pub fn read(words: Arc<dyn Words>, from: impl Read) -> Result<Self, postcard::Error> {
        let mut text = vec![0; LONGEST];
        let (found, _) = postcard::from_io::<In, _>((from, &mut text))?;
        Ok(Self {
            table: found.table,
            vendor: found.vendor,
            replies: found.replies,
            causes: found.causes,
            ..Self::new(words)
        })
    }
}
