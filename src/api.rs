//! The vocabulary of the desk: requests, answers, pushes, errors.

mod annotate;
mod answers;
mod copying;
mod error;
mod fanout;
mod import;
mod presence;
mod role;
mod rows;
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
pub use copying::Readiness;
pub use error::{
    BadCause, BadOutdated, BadReply, BadView, BadVote, DeskError, ErrorCode, RepliesThere,
};
pub use fanout::Fanout;
pub use import::{ImportFile, ImportOptions, ImportReport, ImportWarning, MaskCount, MaskPlace};
pub use presence::{Attended, Attending, Doing, Present};
pub use role::Role;
pub use rows::{
    ArticleView, CauseTag, Found, HistoryEntry, Page, PassageRow, Row, SimilarTo, TicketRow,
    TicketView, VoteView,
};
pub use state::{
    AgreementRow, Behind, CauseCount, Coverage, DatasetRow, Health, IndexWork, JobState,
    ProductCauses, ProductCoverage, Progress, ReplyUse, SettingRow, Stats, Status,
};
pub use unreachable::{DirectoryProblem, Unreachable};
pub use views::{ViewEdit, ViewName, ViewRow};

use crossbeam_channel::Receiver;
use serde::{Deserialize, Serialize};

use crate::model::{ActId, JobId, Revision, Setting, TicketFilter, TicketId, TreeNode};

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

/// What can be asked of the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// What the store holds and what runs in the background. → [`Answer::Status`]
    Status,
    /// The category tree with counts, of everything or of a query's hits. → [`Answer::Tree`]
    Tree {
        /// Query in the query language; empty = everything.
        query: String,
        /// What else must hold; its category is not applied, so that the tree stays whole.
        filter: TicketFilter,
    },
    /// A page of tickets in list order: date where given, else newest import first.
    /// → [`Answer::Page`]
    List {
        /// Which tickets.
        filter: TicketFilter,
        /// Rows to skip.
        offset: usize,
        /// Rows wanted at most.
        limit: usize,
    },
    /// The best hits of a query. → [`Answer::Found`]
    Search {
        /// Query in the query language. A malformed one degrades to words.
        query: String,
        /// What else must hold.
        filter: TicketFilter,
        /// Rows wanted at most.
        limit: usize,
    },
    /// Tickets like a ticket or like a text. → [`Answer::Found`]
    Similar {
        /// Like what.
        to: SimilarTo,
        /// Rows wanted at most.
        limit: usize,
    },
    /// The rows of some tickets as they are now, in the order asked for; those that are gone are
    /// left out. → [`Answer::Page`]
    Rows {
        /// The tickets.
        ids: Vec<TicketId>,
    },
    /// One ticket or article in full, by any unique prefix of its id. → [`Answer::Ticket`] or
    /// [`Answer::Article`]
    Show {
        /// The id or a prefix of it; a passage's `ID.N` shows its article.
        id: String,
    },
    /// The vocabulary of root causes, most used first. → [`Answer::Vocabulary`]
    Vocabulary,
    /// Sets root causes of one or several tickets as one act. → [`Answer::Done`]
    Annotate(Annotate),
    /// Agrees or disagrees with causes another agent confirmed. → [`Answer::Done`]
    Vote(CastVote),
    /// Corrects the category of one or several tickets as one act. → [`Answer::Done`]
    Recategorise(Recategorise),
    /// Changes the vocabulary. → [`Answer::Done`]
    EditVocabulary(VocabularyEdit),
    /// Takes back the author's last act not yet undone. → [`Answer::Done`]
    Undo(UndoScope),
    /// Does again what the author's last undo took back. → [`Answer::Done`]
    Redo(UndoScope),
    /// Changes, newest first. → [`Answer::Log`]
    Log {
        /// Of this ticket, or standard reply that agents keep, only: by any unique prefix of its id.
        id: Option<String>,
        /// Entries wanted at most.
        limit: usize,
    },
    /// Records that did not apply because somebody was faster. → [`Answer::Conflicts`]
    Conflicts,
    /// Settles a conflict. → [`Answer::Done`]
    ResolveConflict {
        /// The kept record's id.
        record: crate::model::RecordId,
        /// How.
        how: Settlement,
    },
    /// Says that a ticket or article must not be followed any more, or that it may be again.
    /// → [`Answer::Done`]
    MarkOutdated {
        /// The ticket or article, by any unique prefix of its id.
        id: String,
        /// Why; empty = it holds again.
        reason: String,
        /// The ticket or article that took its place, by any unique prefix of its id.
        successor: Option<String>,
        /// The revision the mark was made against; `None` = whatever it is now.
        #[serde(default)]
        base_rev: Option<Revision>,
    },
    /// Waits until standard replies, suggestions and queues hold everything acknowledged so far.
    /// → [`Answer::Ok`]
    ///
    /// Until the first analysis is done, the requests that need one are refused with
    /// `insight_not_ready`, and [`Request::Answer`] tells what search knows; whoever must not wait
    /// asks again when [`Push::Progress`] says so.
    Analyse,
    /// Standard replies, the most used first. → [`Answer::Replies`]
    Replies(ReplyQuery),
    /// One standard reply with the tickets behind it and its history.
    /// → [`Answer::StandardReply`]
    StandardReply {
        /// Any unique prefix of its id, or its short code.
        reply: String,
    },
    /// What can be said to a ticket, best first. → [`Answer::Offers`]
    Offers {
        /// The ticket, by any unique prefix of its id.
        id: String,
    },
    /// A text fit for the clipboard. → [`Answer::Draft`]
    Compose(Compose),
    /// Changes a standard reply. → [`Answer::Done`]
    EditReply(ReplyEdit),
    /// Counts copies of replies, as one act. → [`Answer::Done`]
    RecordUse {
        /// The copies.
        uses: Vec<Used>,
    },
    /// Makes a reply a favourite of the agent, or no more. → [`Answer::Done`]
    Star {
        /// Which, by any unique prefix of its id, or by its short code.
        reply: String,
        /// Whether it is a favourite afterwards.
        starred: bool,
    },
    /// The agent's favourites, then what was copied lately. → [`Answer::AtHand`]
    AtHand {
        /// The ticket, by any unique prefix of its id, whose values stand first in the blanks.
        ticket: Option<String>,
    },
    /// Category, replies, tickets, causes and passages for a customer's message.
    /// → [`Answer::Advice`]
    Answer {
        /// The message, however long.
        text: String,
    },
    /// Up to three root causes for a ticket. → [`Answer::Suggestions`]
    Suggest {
        /// The ticket, by any unique prefix of its id.
        id: String,
    },
    /// A ticket and its look-alikes, which one decision can settle, itself first, then the most
    /// alike. → [`Answer::Page`]
    Lookalikes {
        /// The ticket, by any unique prefix of its id.
        id: String,
        /// Rows wanted at most.
        limit: usize,
    },
    /// Tickets that wait for an agent, the most certain first. → [`Answer::Queue`]
    Queue {
        /// Why; `None` = all but the agent's own.
        kind: Option<QueueKind>,
        /// What else must hold.
        #[serde(default)]
        filter: TicketFilter,
        /// Rows wanted at most.
        limit: usize,
    },
    /// Tells what the agent is at, for others to see, until it tells something else or its
    /// session ends. → [`Answer::Attending`]; [`Answer::Ok`] where it is at nothing
    Attend {
        /// The ticket, by any unique prefix of its id; `None` = none.
        id: Option<String>,
        /// What the agent does there.
        doing: Doing,
    },
    /// Who is at which ticket. → [`Answer::Present`]
    Present,
    /// Begins an import; documents follow as [`Request::ImportData`]. → [`Answer::Job`]
    ImportOpen(ImportOptions),
    /// The next bytes of a document, at most 1 MiB. → [`Answer::Ok`], given once they are taken
    ImportData {
        /// The import.
        job: JobId,
        /// File name, relative to the named folder.
        file: String,
        /// The bytes.
        #[serde(with = "bytes_as_base64")]
        bytes: Vec<u8>,
        /// Whether the document ends here.
        end: bool,
    },
    /// Ends an import's input and waits for the rest. → [`Answer::Imported`]
    ImportClose {
        /// The import.
        job: JobId,
    },
    /// Loads the sample corpus into a store without any dataset. → [`Answer::Imported`]; with
    /// nothing imported where there is a dataset already
    LoadSample,
    /// Waits until search holds everything acknowledged so far and its dictionary is loaded, which
    /// a search does not wait for. → [`Answer::Ok`]
    CatchUp,
    /// Stops a job at its next safe point; what it acknowledged stays. → [`Answer::Ok`]
    Cancel {
        /// The job.
        job: JobId,
    },
    /// The datasets with their counts. → [`Answer::Datasets`]
    Datasets,
    /// Drops a dataset; asks nothing. → [`Answer::Done`]
    RemoveDataset {
        /// Its name.
        name: String,
    },
    /// The team's saved views, then the agent's own, in the order of their tabs.
    /// → [`Answer::Views`]
    Views,
    /// Changes saved views. → [`Answer::Done`]
    EditView(ViewEdit),
    /// Team settings with their values. → [`Answer::Settings`]
    Settings,
    /// Changes a team setting. → [`Answer::Done`]
    SetSetting {
        /// Which.
        setting: Setting,
        /// JSON text; `None` = the default.
        value: Option<String>,
        /// The revision the change was made against; `None` = whatever it is now.
        #[serde(default)]
        base_rev: Option<Revision>,
    },
    /// Begins an export; it is read with [`Request::ReadData`]. → [`Answer::Job`]
    Export {
        /// In which form.
        format: ExportFormat,
        /// Query in the query language; empty = everything.
        query: String,
    },
    /// Begins an export of the audit trail as a table, newest first, with everything that
    /// [`Request::Log`] tells; it is read with [`Request::ReadData`]. → [`Answer::Job`]
    ExportLog {
        /// Of this ticket only, by any unique prefix of its id.
        id: Option<String>,
    },
    /// Begins a backup, consistent while in use; it is read with [`Request::ReadData`].
    /// → [`Answer::Job`]
    Backup,
    /// The next bytes of an export or backup, at most 1 MiB. → [`Answer::Data`]
    ReadData {
        /// The job.
        job: JobId,
    },
    /// Figures over the whole store. → [`Answer::Stats`]
    Stats,
    /// Checks store and index against each other. → [`Answer::Health`]
    Check,
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
    /// Taken.
    Ok,
    /// See [`Request::Status`].
    Status(Status),
    /// Product areas and their issue types in display order, each area before its types.
    Tree(Vec<TreeNode>),
    /// A page of rows.
    Page(Page),
    /// The hits of a query.
    Found(Found),
    /// One ticket in full.
    Ticket(Box<TicketView>),
    /// One article in full.
    Article(Box<ArticleView>),
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
    /// The agent is at a ticket.
    Attending(Attending),
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
    /// Bytes of an export; the last answer has `end`.
    Data {
        /// The bytes.
        #[serde(with = "bytes_as_base64")]
        bytes: Vec<u8>,
        /// Whether this was the last.
        end: bool,
    },
    /// Figures.
    Stats(Box<Stats>),
    /// What a check found.
    Health(Health),
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
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        STANDARD
            .decode(text.as_bytes())
            .map_err(serde::de::Error::custom)
    }
}
