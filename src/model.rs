//! Tickets, categories, causes, replies and records: plain data, no I/O, no clock.
//!
//! Every other module speaks in these types. They are what the journal stores and what the
//! socket carries, so a field is only ever added, with `#[serde(default)]`.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! article category cause change id query record reply settings ticket
//! ```

mod article;
mod category;
mod cause;
mod change;
mod id;
mod query;
mod record;
mod reply;
mod settings;
mod ticket;

pub use article::{Article, Passage};
pub use category::{Category, CategoryFilter};
pub use cause::{Cause, CauseState, CauseStatus, is_placeholder};
pub use change::Change;
pub use id::{
    ActId, ArticleId, CauseId, DocNo, Fingerprint, Generation, IdError, JobId, PackNo, RecordId,
    ReplyId, Revision, Sequence, TicketId, random,
};
pub use query::{MatchSection, QueryNote, Relaxed, SectionCount, TicketFilter, TreeNode};
pub use record::{
    Author, ImportBatch, ImportEntry, Key, KeyError, Op, Origin, OutdatedMark, Record, Stance, View,
};
pub use reply::{ReplyChange, StandardReply, is_holding};
pub use settings::{LabelKind, Setting, SettingError, TeamSettings};
pub use ticket::{Section, Source, Speaker, Ticket, Turn};
