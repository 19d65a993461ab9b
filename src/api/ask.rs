//! Every request of the desk: its fields, its answer, and what it needs, in one table.
//!
//! A line gives a type of this module, a variant of [`Request`], the type of the answer and the
//! [`Rule`] by which a daemon treats it. A new request is a line here and an arm in the desk.

use serde::{Deserialize, Serialize};

use super::Role::{Admin, Agent, Curator, Reader};
use super::rule::Priority::{Background, Foreground, Immediate, Interactive, Secondary};
use super::rule::{Ask, Rule, begins, order, part_of, question};
use super::{
    ActDone, AdviceView, Answer, AtHandRow, Attended, Attending, CauseRow, Conflict, Data,
    DatasetRow, Doing, Draft, ExportFormat, Found, Health, ImportReport, LogEntry, ModelStatus,
    Offered, Page, QueueKind, QueuePage, ReplyRow, ReplyView, SettingRow, Settlement, SimilarTo,
    SuggestedCause, TicketOrArticle, UndoScope, Used, ViewRow,
};
use crate::model::{JobId, RecordId, Revision, Setting, TicketFilter, TicketId, TreeNode};

/// Makes the type of one request: a structure of its own, or one that has another use too.
macro_rules! question_type {
    ($(#[$doc:meta])* $name:ident = $payload:ident) => {
        pub use super::$payload as $name;
    };
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name;
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $of:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$about])* pub $field: $of,)*
        }
    };
}

macro_rules! requests {
    ($(
        $(#[$doc:meta])*
        $name:ident $(= $payload:ident)? $({ $($fields:tt)* })? -> $answer:ident($of:ty), $rule:expr;
    )*) => {
        $(question_type! { $(#[$doc])* $name $(= $payload)? $({ $($fields)* })? })*

        /// What can be asked of the desk.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Request {
            $($(#[$doc])* $name($name),)*
        }

        impl Request {
            /// What a daemon must know of the request.
            pub fn rule(&self) -> Rule {
                match self {
                    $(Self::$name(request) => request.rule(),)*
                }
            }
        }

        $(
            impl From<$name> for Request {
                fn from(request: $name) -> Self {
                    Self::$name(request)
                }
            }

            impl Ask for $name {
                type Answer = $of;

                fn rule(&self) -> Rule {
                    let rule: fn(&Self) -> Rule = $rule;
                    rule(self)
                }

                fn wrap(answer: $of) -> Answer {
                    Answer::$answer(answer)
                }

                fn take(answer: Answer) -> Option<$of> {
                    match answer {
                        Answer::$answer(answer) => Some(answer),
                        _ => None,
                    }
                }
            }
        )*
    };
}

requests! {
    /// What the store holds and what runs in the background.
    Status -> Status(super::Status), |_| question(Immediate);
    /// The category tree with counts, of everything or of a query's hits.
    Tree {
        /// Query in the query language; empty = everything.
        query: String,
        /// What else must hold; its category is not applied, so that the tree stays whole.
        filter: TicketFilter,
    } -> Tree(Vec<TreeNode>), |_| question(Secondary);
    /// A page of tickets in list order: date where given, else newest import first.
    List {
        /// Which tickets.
        filter: TicketFilter,
        /// Rows to skip.
        offset: usize,
        /// Rows wanted at most.
        limit: usize,
    } -> Page(Page), |_| question(Immediate);
    /// The best hits of a query.
    Search {
        /// Query in the query language. A malformed one degrades to words.
        query: String,
        /// What else must hold.
        filter: TicketFilter,
        /// Rows wanted at most.
        limit: usize,
    } -> Found(Found), |_| question(Interactive);
    /// The best hits of a query by its words and by what it means; as [`Search`] where no model is
    /// installed.
    SearchNear {
        /// Query in the query language. A malformed one degrades to words.
        query: String,
        /// What else must hold.
        filter: TicketFilter,
        /// Rows wanted at most.
        limit: usize,
    } -> Found(Found), |_| question(Foreground);
    /// Tickets like a ticket or like a text.
    Similar {
        /// Like what.
        to: SimilarTo,
        /// Rows wanted at most.
        limit: usize,
    } -> Found(Found), |_| question(Foreground);
    /// The rows of some tickets as they are now, in the order asked for; those that are gone are
    /// left out.
    Rows {
        /// The tickets.
        ids: Vec<TicketId>,
    } -> Page(Page), |_| question(Immediate);
    /// One ticket or article in full, by any unique prefix of its id.
    Show {
        /// The id or a prefix of it; a passage's `ID.N` shows its article.
        id: String,
    } -> Shown(TicketOrArticle), |_| question(Immediate);
    /// The vocabulary of root causes, most used first.
    Vocabulary -> Vocabulary(Vec<CauseRow>), |_| question(Immediate);
    /// Sets root causes of one or several tickets as one act.
    Annotate = Annotate -> Done(ActDone), |_| order(Agent);
    /// Agrees or disagrees with causes another agent confirmed.
    Vote = CastVote -> Done(ActDone), |_| order(Agent);
    /// Corrects the category of one or several tickets as one act.
    Recategorise = Recategorise -> Done(ActDone), |_| order(Agent);
    /// Changes the vocabulary.
    EditVocabulary = VocabularyEdit -> Done(ActDone), |_| order(Curator);
    /// Takes back the author's last act not yet undone.
    Undo {
        /// Whose.
        scope: UndoScope,
    } -> Done(ActDone), |_| order(Agent);
    /// Does again what the author's last undo took back.
    Redo {
        /// Whose.
        scope: UndoScope,
    } -> Done(ActDone), |_| order(Agent);
    /// Changes, newest first.
    Log {
        /// Of this ticket, or standard reply that agents keep, only: by any unique prefix of its id.
        id: Option<String>,
        /// Entries wanted at most.
        limit: usize,
    } -> Log(Vec<LogEntry>), |_| question(Background);
    /// Records that did not apply because somebody was faster.
    Conflicts -> Conflicts(Vec<Conflict>), |_| question(Immediate);
    /// Settles a conflict.
    ResolveConflict {
        /// The kept record's id.
        record: RecordId,
        /// How.
        how: Settlement,
    } -> Done(ActDone), |_| order(Agent);
    /// Says that a ticket or article must not be followed any more, or that it may be again.
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
    } -> Done(ActDone), |_| order(Agent);
    /// Waits until standard replies, suggestions and queues hold everything acknowledged so far.
    ///
    /// Until the first analysis is done, the requests that need one are refused with
    /// `insight_not_ready`, and [`Request::Advise`] tells what search knows; whoever must not wait
    /// asks again when [`super::Push::Progress`] says so.
    Analyse -> Taken(()), |_| question(Immediate);
    /// Standard replies, the most used first.
    Replies = ReplyQuery -> Replies(Vec<ReplyRow>), |_| question(Interactive);
    /// One standard reply with the tickets behind it and its history.
    StandardReply {
        /// Any unique prefix of its id, or its short code.
        reply: String,
    } -> StandardReply(Box<ReplyView>), |_| question(Immediate);
    /// What can be said to a ticket, best first.
    Offers {
        /// The ticket, by any unique prefix of its id.
        id: String,
    } -> Offers(Vec<Offered>), |_| question(Foreground);
    /// A text fit for the clipboard.
    Compose = Compose -> Draft(Box<Draft>), |_| question(Immediate);
    /// Changes a standard reply.
    EditReply = ReplyEdit -> Done(ActDone), |_| order(Curator);
    /// Counts copies of replies, as one act.
    RecordUse {
        /// The copies.
        uses: Vec<Used>,
    } -> Done(ActDone), |_| order(Reader);
    /// Makes a reply a favourite of the agent, or no more.
    Star {
        /// Which, by any unique prefix of its id, or by its short code.
        reply: String,
        /// Whether it is a favourite afterwards.
        starred: bool,
    } -> Done(ActDone), |_| order(Reader);
    /// The agent's favourites, then what was copied lately.
    AtHand {
        /// The ticket, by any unique prefix of its id, whose values stand first in the blanks.
        ticket: Option<String>,
    } -> AtHand(Vec<AtHandRow>), |_| question(Immediate);
    /// Category, replies, tickets, causes and passages for a customer's message.
    Advise {
        /// The message, however long.
        text: String,
    } -> Advice(Box<AdviceView>), |_| question(Foreground);
    /// Up to three root causes for a ticket.
    Suggest {
        /// The ticket, by any unique prefix of its id.
        id: String,
    } -> Suggestions(Vec<SuggestedCause>), |_| question(Secondary);
    /// A ticket and its look-alikes, which one decision can settle, itself first, then the most
    /// alike.
    Lookalikes {
        /// The ticket, by any unique prefix of its id.
        id: String,
        /// Rows wanted at most.
        limit: usize,
    } -> Page(Page), |_| question(Secondary);
    /// Tickets that wait for an agent, the most certain first.
    Queue {
        /// Why; `None` = all but the agent's own.
        kind: Option<QueueKind>,
        /// What else must hold.
        #[serde(default)]
        filter: TicketFilter,
        /// Rows wanted at most.
        limit: usize,
    } -> Queue(QueuePage), |_| question(Foreground);
    /// Tells what the agent is at, for others to see, until it tells something else or its session
    /// ends; the answer says who else is there, `None` where it is at nothing.
    Attend {
        /// The ticket, by any unique prefix of its id; `None` = none.
        id: Option<String>,
        /// What the agent does there.
        doing: Doing,
    } -> Attending(Option<Attending>), |_| question(Immediate);
    /// Who is at which ticket.
    Present -> Present(Vec<Attended>), |_| question(Immediate);
    /// Begins an import; documents follow as [`Request::ImportData`].
    ImportOpen = ImportOptions -> Job(JobId), |_| begins(Curator);
    /// The next bytes of a document, at most 1 MiB.
    ImportData {
        /// The import.
        job: JobId,
        /// File name, relative to the named folder.
        file: String,
        /// The bytes.
        #[serde(with = "super::bytes_as_base64")]
        bytes: Vec<u8>,
        /// Whether the document ends here.
        end: bool,
    } -> Taken(()), |part| part_of(part.job);
    /// Ends an import's input and waits for the rest.
    ImportClose {
        /// The import.
        job: JobId,
    } -> Imported(ImportReport), |part| part_of(part.job);
    /// Loads the sample corpus into a store without any dataset; imports nothing where there is one.
    LoadSample -> Imported(ImportReport), |_| begins(Curator);
    /// Waits until search holds everything acknowledged so far and its dictionary is loaded, which
    /// a search does not wait for.
    CatchUp -> Taken(()), |_| question(Immediate);
    /// Stops a job at its next safe point; what it acknowledged stays.
    Cancel {
        /// The job.
        job: JobId,
    } -> Taken(()), |part| part_of(part.job);
    /// The datasets with their counts.
    Datasets -> Datasets(Vec<DatasetRow>), |_| question(Immediate);
    /// Drops a dataset; asks nothing.
    RemoveDataset {
        /// Its name.
        name: String,
    } -> Done(ActDone), |_| order(Curator);
    /// The team's saved views, then the agent's own, in the order of their tabs.
    Views -> Views(Vec<ViewRow>), |_| question(Immediate);
    /// Changes saved views.
    EditView = ViewEdit -> Done(ActDone), |edit| order(if edit.name().team { Curator } else { Reader });
    /// Team settings with their values.
    Settings -> Settings(Vec<SettingRow>), |_| question(Immediate);
    /// Changes a team setting.
    SetSetting {
        /// Which.
        setting: Setting,
        /// JSON text; `None` = the default.
        value: Option<String>,
        /// The revision the change was made against; `None` = whatever it is now.
        #[serde(default)]
        base_rev: Option<Revision>,
    } -> Done(ActDone), |_| order(Admin);
    /// Begins an export; it is read with [`Request::ReadData`].
    Export {
        /// In which form.
        format: ExportFormat,
        /// Query in the query language; empty = everything.
        query: String,
    } -> Job(JobId), |_| begins(Agent);
    /// Begins an export of the audit trail as a table, newest first, with everything that
    /// [`Request::Log`] tells; it is read with [`Request::ReadData`].
    ExportLog {
        /// Of this ticket only, by any unique prefix of its id.
        id: Option<String>,
    } -> Job(JobId), |_| begins(Reader);
    /// Begins a backup, consistent while in use; it is read with [`Request::ReadData`].
    Backup -> Job(JobId), |_| begins(Admin);
    /// The next bytes of an export or backup, at most 1 MiB.
    ReadData {
        /// The job.
        job: JobId,
    } -> Data(Data), |part| part_of(part.job);
    /// Figures over the whole store.
    Stats -> Stats(Box<super::Stats>), |_| question(Background);
    /// Checks store and index against each other.
    Check -> Health(Health), |_| question(Background);
    /// The embedding model, and how far it has come.
    Model -> Model(ModelStatus), |_| question(Immediate);
    /// Waits until every ticket is embedded.
    AwaitModel -> Taken(()), |_| question(Immediate);
    /// Copies an embedding model, checks it, and puts it in the place of the one there is.
    InstallModel {
        /// Its directory, as the desk's process sees it.
        path: String,
    } -> Model(ModelStatus), |_| begins(Curator);
    /// Takes the embedding model away, and everything made by it.
    RemoveModel -> Model(ModelStatus), |_| begins(Curator);
}
