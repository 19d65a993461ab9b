//! Everything found, as bytes, so that a short command need not find it again.
//!
//! The form is of this version only: whoever stores the bytes stores [`VERSION`] beside them, and
//! finds everything again where it differs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::causes::Causes;
use super::replies::Replies;
use super::table::Table;
use super::vendor::Vendor;
use super::{Insight, Words};

/// Version of what is found and of its form: it is raised when the same tickets would give
/// something else.
pub const VERSION: u32 = 1;

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
    /// Everything as bytes.
    ///
    /// # Errors
    /// When a part cannot be written, which is a fault of the program.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(&Out {
            table: &self.table,
            vendor: &self.vendor,
            replies: &self.replies,
            causes: &self.causes,
        })
    }

    /// What [`Self::to_bytes`] wrote; `words` are those it was found with.
    ///
    /// # Errors
    /// When the bytes are of another version, or damaged.
    pub fn from_bytes(words: Arc<dyn Words>, bytes: &[u8]) -> Result<Self, postcard::Error> {
        let In {
            table,
            vendor,
            replies,
            causes,
        } = postcard::from_bytes(bytes)?;
        Ok(Self {
            words,
            table,
            vendor,
            replies,
            causes,
        })
    }
}
