//! The vocabulary of the desk: requests, answers, pushes, errors.
//!
//! # Files
//!
//! Each may use those on the lines above its own.
//!
//! ```text
//! annotate copying error fanout import presence role rule state unreachable views
//! ask rows
//! answers
//! ```

mod annotate;
mod answers;
pub mod ask;
mod copying;
mod error;
mod fanout;
mod import;
mod presence;
mod role;
mod rows;
mod rule;
mod state;
mod unreachable;
mod views;

pub use annotate::{
    ActDone, Annotate, Ballot, CastVote, CauseChoice, CauseRow, Conflict, LogEntry, Recategorise,
    Settlement, Target, UndoScope, VocabularyEdit,
};
pub use answers::{
    AdviceView, AdvisedReply, AtHandRow, Compose, Draft, DraftFinding, DraftOf, HealedFrom,
    LikelyCategory, Offered, QueueKind, QueuePage, QueueRow, ReplyCategory, ReplyEdit, ReplyQuery,
    ReplyRow, ReplyView, SlotRow, SuggestedCause, Used,
};
pub use ask::Request;
pub use copying::Readiness;
pub use error::{
    BadCause, BadModel, BadOutdated, BadReply, BadView, BadVote, DeskError, ErrorCode, RepliesThere,
};
pub use fanout::Fanout;
pub use import::{ImportFile, ImportOptions, ImportReport, ImportWarning, MaskCount, MaskPlace};
pub use presence::{Attended, Attending, Doing, Present};
pub use role::Role;
pub use rows::{
    ArticleView, CauseTag, Found, HistoryEntry, Page, PassageRow, Row, SimilarTo, TicketRow,
    TicketView, VoteView,
};
pub use rule::{Ask, Priority, Retry, Rule};
pub use state::{
    AgreementRow, Behind, CauseCount, Coverage, DatasetRow, Health, IndexWork, InstalledModel,
    JobState, ModelStatus, ProductCauses, ProductCoverage, Progress, ReplyUse, SettingRow, Stats,
    Status,
};
pub use unreachable::{DirectoryProblem, Unreachable};
pub use views::{ViewEdit, ViewName, ViewRow};

use crossbeam_channel::Receiver;
use serde::{Deserialize, Serialize};

use crate::model::{ActId, JobId, TicketId, TreeNode};

/// The only door to tickets, search and everything agents decided.
///
/// Calls of one client run concurrently. A call may take as long as the disk or the search
/// takes; whoever must not wait calls from a thread of its own.
pub trait Desk: Send + Sync {
    /// Answers one request.
    ///
    /// # Errors
    /// [`DeskError`] with a code that says what to do about it.
    fn call(&self, request: Request) -> Result<Answer, DeskError>;

    /// Tells what happens from now on. A slow receiver loses pushes and gets one
    /// [`Push::Resync`] instead.
    fn subscribe(&self) -> Receiver<Push>;
}

/// Asks a desk and takes the answer of the question's own type.
pub trait DeskExt: Desk {
    /// Answers one request.
    ///
    /// # Errors
    /// As [`Desk::call`]; an answer of another type is a fault of the program.
    fn ask<Q: Ask>(&self, question: Q) -> Result<Q::Answer, DeskError> {
        let answer = self.call(question.into())?;
        Q::take(answer).ok_or_else(|| DeskError::bug("an answer does not fit its request"))
    }
}

impl<D: Desk + ?Sized> DeskExt for D {}

/// A desk that does an order once, however often it is given: what a daemon asks.
pub trait Ordered: Desk {
    /// Answers an order that makes the act of this id; one that makes none is answered as
    /// [`Desk::call`] does.
    ///
    /// An act that is in the journal is not made again: the answer is put together from what
    /// the journal holds of it, without `unchanged` and `moved_on`. The store finds an act by
    /// its id however old it is, so that a client may give an order again after any time.
    ///
    /// # Errors
    /// As [`Desk::call`].
    fn order(&self, act: ActId, request: Request) -> Result<Answer, DeskError>;
}

/// The forms an export can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One JSON object a line; imports back lossless.
    Jsonl,
    /// A table for spreadsheets: byte-order mark, formula cells neutralised.
    Csv,
    /// Ticket documents as `import` reads them.
    Markdown,
    /// A workbook: every cell a text, so that long numbers stay whole and formulas inert.
    Xlsx,
}

/// What the desk answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Taken, with nothing to tell.
    Taken(()),
    /// See [`Request::Status`].
    Status(Status),
    /// Product areas and their issue types in display order, each area before its types.
    Tree(Vec<TreeNode>),
    /// A page of rows.
    Page(Page),
    /// The hits of a query.
    Found(Found),
    /// One ticket or article in full.
    Shown(TicketOrArticle),
    /// The vocabulary.
    Vocabulary(Vec<CauseRow>),
    /// An act was done, or partly lost to somebody faster.
    Done(ActDone),
    /// Changes, newest first.
    Log(Vec<LogEntry>),
    /// Records that did not apply.
    Conflicts(Vec<Conflict>),
    /// Standard replies.
    Replies(Vec<ReplyRow>),
    /// One standard reply in full.
    StandardReply(Box<ReplyView>),
    /// Favourites, then what was copied lately, each newest first.
    AtHand(Vec<AtHandRow>),
    /// What can be said to a ticket.
    Offers(Vec<Offered>),
    /// A text for the clipboard.
    Draft(Box<Draft>),
    /// What is likely about a message.
    Advice(Box<AdviceView>),
    /// Root causes that may hold.
    Suggestions(Vec<SuggestedCause>),
    /// Tickets that wait.
    Queue(QueuePage),
    /// Who else is where the agent is.
    Attending(Option<Attending>),
    /// Who is at which ticket.
    Present(Vec<Attended>),
    /// Long work has begun.
    Job(JobId),
    /// The report of an import.
    Imported(ImportReport),
    /// The datasets.
    Datasets(Vec<DatasetRow>),
    /// Saved views.
    Views(Vec<ViewRow>),
    /// Team settings.
    Settings(Vec<SettingRow>),
    /// Bytes of an export or backup.
    Data(Data),
    /// Figures.
    Stats(Box<Stats>),
    /// What a check found.
    Health(Health),
    /// The embedding model.
    Model(ModelStatus),
}

/// What an id names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketOrArticle {
    /// A ticket.
    Ticket(Box<TicketView>),
    /// An article.
    Article(Box<ArticleView>),
}

/// Bytes of an export or backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// The bytes.
    #[serde(with = "bytes_as_base64")]
    pub bytes: Vec<u8>,
    /// Whether these were the last.
    pub end: bool,
}

/// What the desk tells without being asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Push {
    /// These tickets changed, by whomever: whoever shows them asks for them again.
    Changed(Vec<TicketId>),
    /// Search knows of the last changes of these tickets: a query may find others than before.
    Findable(Vec<TicketId>),
    /// Something beside the tickets changed.
    Part(Part),
    /// Datasets, names or settings changed: everything shown is out of date.
    Reload,
    /// Background work went on.
    Progress(Progress),
    /// At these tickets others are now.
    Present(Vec<Attended>),
    /// Pushes were lost: ask again for everything shown.
    Resync,
}

/// What can change beside the tickets.
///
/// Hundreds of screens ask again for what they are told of, so they are told no more than is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// How many tickets are in which category.
    Counts,
    /// Root causes that can be chosen.
    Vocabulary,
    /// Standard replies.
    Replies,
    /// Saved views.
    Views,
}

/// Texts that may be absent: empty here, `null` to scripts.
mod absent {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &str, out: S) -> Result<S::Ok, S::Error> {
        (!text.is_empty()).then_some(text).serialize(out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        Ok(Option::deserialize(from)?.unwrap_or_default())
    }
}

/// Bytes inside JSON.
mod bytes_as_base64 {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        BASE64
            .decode(text.as_bytes())
            .map_err(serde::de::Error::custom)
    }
}
