//! `gongdan cause`: root causes of tickets, and the vocabulary they come from.

pub mod waiting;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::filter::Filter;
use super::ids;
use super::output::{Line, Style, Table};
use super::say::say;
use super::wait;
use crate::api::{
    Annotate, Ballot, CastVote, CauseChoice, CauseRow, Desk, DeskExt, QueueKind, Target, TicketRow,
    VocabularyEdit, ask,
};
use crate::model::{CauseId, CauseState, CauseStatus, Revision};
use crate::words::{Lang, names};

/// Root causes: annotate tickets, manage the vocabulary
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set the root causes of tickets
    Set(Set),
    /// Agree or disagree with the causes another agent confirmed
    Vote(Vote),
    /// Suggest root causes for a ticket, with the tickets that speak for them
    Suggest {
        /// The ticket, by any unique prefix of its id
        id: String,
    },
    /// List tickets that wait for an agent, the most certain first
    Queue {
        /// Why they wait; by default anything but your own decisions
        #[arg(long, value_name = "KIND", value_parser = kinds())]
        kind: Option<String>,
        #[command(flatten)]
        filter: Filter,
        /// Rows at most
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        limit: usize,
    },
    /// List the vocabulary
    List(List),
    /// Add a cause to the vocabulary
    Create {
        /// Its name
        name: String,
        /// The upper level it stands under
        #[arg(long, default_value = "", hide_default_value = true)]
        group: String,
    },
    /// Give a cause another name; tickets follow
    Rename {
        /// Name or id
        cause: String,
        /// The new name
        name: String,
    },
    /// Make one cause another; tickets follow
    Merge {
        /// Name or id
        cause: String,
        /// The cause that takes its place
        into: String,
    },
    /// Move a cause under another upper level
    Group {
        /// Name or id
        cause: String,
        /// The upper level; leave out for none
        #[arg(default_value = "", hide_default_value = true)]
        group: String,
    },
    /// Offer a cause no more
    Retire {
        /// Name or id
        cause: String,
    },
    /// Offer a retired cause again
    Revive {
        /// Name or id
        cause: String,
    },
}

#[derive(Debug, clap::Args)]
struct Set {
    /// The ticket, by any unique prefix of its id; several with commas, - reads them from standard input
    id: String,
    /// Names or ids of the vocabulary
    #[arg(value_name = "CAUSE", required_unless_present = "none")]
    causes: Vec<String>,
    /// Confirm that the ticket has no root cause
    #[arg(long, conflicts_with = "causes")]
    none: bool,
    /// Why
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    note: String,
    /// Add unknown names to the vocabulary
    #[arg(long)]
    new: bool,
    /// The ticket's look-alikes too that nobody has decided on: one change, one undo
    #[arg(long, conflicts_with = "base_rev")]
    group: bool,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
    /// The revision the decision was made against; a newer one makes it a conflict
    #[arg(long, value_name = "N")]
    base_rev: Option<u32>,
}

#[derive(Debug, clap::Args)]
struct Vote {
    /// The tickets, by any unique prefix of their ids; - reads them from standard input
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// The causes are right
    #[arg(
        long,
        required_unless_present_any = ["dissent", "withdraw"],
        conflicts_with_all = ["dissent", "withdraw"]
    )]
    agree: bool,
    /// They are not
    #[arg(long, conflicts_with = "withdraw")]
    dissent: bool,
    /// Take your opinion back
    #[arg(long)]
    withdraw: bool,
    /// The cause you hold to be right; may be given several times
    #[arg(long, value_name = "CAUSE", requires = "dissent")]
    cause: Vec<String>,
    /// Why
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    note: String,
    /// Add unknown names to the vocabulary
    #[arg(long)]
    new: bool,
}

#[derive(Debug, clap::Args)]
struct List {
    /// Retired and merged ones too
    #[arg(long)]
    all: bool,
}

/// A cause as scripts see it.
#[derive(Serialize)]
struct Entry<'a> {
    id: CauseId,
    name: &'a str,
    group: &'a str,
    aliases: &'a [String],
    status: &'static str,
    into: Option<CauseId>,
    revision: Revision,
    given: usize,
    confirmed: usize,
}

/// Annotates a ticket, or lists or changes the vocabulary.
///
/// # Errors
/// When the desk cannot be opened or refuses.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let edit = match &args.command {
        Command::List(list) => return self::list(list, cx, &*desk),
        Command::Suggest { id } => return waiting::suggest(id, cx, &*desk),
        Command::Queue {
            kind,
            filter,
            limit,
        } => {
            let filter = filter.resolve(&*desk, cx.lang)?;
            return waiting::queue(kind.as_deref(), filter, *limit, cx, &*desk);
        }
        Command::Set(set) => {
            let mut ids = ids::given([&set.id])?;
            if set.group {
                wait::for_insight(&*desk, cx)?;
                let open = |row: &TicketRow| row.cause_state != CauseState::Confirmed;
                ids = ids::with_lookalikes(&*desk, &ids, open)?;
            }
            if set.dry_run {
                return waiting::preview(ids, &set.causes, cx, &*desk);
            }
            return acts::perform(cx, &*desk, annotation(set, ids));
        }
        Command::Vote(vote) => return acts::perform(cx, &*desk, ballot(vote)?),
        Command::Create { name, group } => VocabularyEdit::Create {
            name: name.clone(),
            group: group.clone(),
        },
        Command::Rename { cause, name } => VocabularyEdit::Rename {
            cause: cause.clone(),
            name: name.clone(),
        },
        Command::Merge { cause, into } => VocabularyEdit::Merge {
            cause: cause.clone(),
            into: into.clone(),
        },
        Command::Group { cause, group } => VocabularyEdit::Group {
            cause: cause.clone(),
            group: group.clone(),
        },
        Command::Retire { cause } => VocabularyEdit::Retire {
            cause: cause.clone(),
        },
        Command::Revive { cause } => VocabularyEdit::Revive {
            cause: cause.clone(),
        },
    };
    acts::perform(cx, &*desk, edit)
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(QueueKind::ALL.map(QueueKind::name))
}

fn choices(names: &[String], new: bool) -> Vec<CauseChoice> {
    let choice = if new {
        CauseChoice::New
    } else {
        CauseChoice::Known
    };
    names.iter().cloned().map(choice).collect()
}

fn annotation(set: &Set, ids: Vec<String>) -> Annotate {
    let base_rev = set.base_rev.map(Revision);
    Annotate {
        targets: ids.into_iter().map(|id| Target { id, base_rev }).collect(),
        causes: choices(&set.causes, set.new),
        note: set.note.clone(),
    }
}

fn ballot(vote: &Vote) -> Result<CastVote, Failure> {
    Ok(CastVote {
        ids: ids::given(&vote.ids)?,
        ballot: if vote.agree {
            Ballot::Agree
        } else if vote.withdraw {
            Ballot::Withdraw
        } else {
            Ballot::Differ(choices(&vote.cause, vote.new))
        },
        note: vote.note.clone(),
    })
}

fn list(list: &List, cx: &mut Context, desk: &dyn Desk) -> Result<Exit, Failure> {
    let rows = desk.ask(ask::Vocabulary)?;
    let shown = rows
        .iter()
        .filter(|row| list.all || row.cause.status == CauseStatus::Active);
    if cx.json() {
        for row in shown {
            cx.out.object(&entry(row))?;
        }
        return Ok(Exit::Done);
    }
    let mut table = match cx.lang {
        Lang::Zh => Table::new(&["编号", "根因", "上级", "给定", "确认", "状态"], 1),
        Lang::En => Table::new(&["ID", "cause", "group", "given", "confirmed", "status"], 1),
    };
    for row in shown {
        table.row(vec![
            Line::styled(Style::Faint, row.cause.id.as_str()),
            Line::plain(&row.cause.name),
            Line::plain(&row.cause.group),
            Line::plain(row.given.to_string()),
            Line::plain(row.confirmed.to_string()),
            Line::styled(Style::Faint, status_word(row, cx.lang)),
        ]);
    }
    cx.out.table(table)?;
    Ok(Exit::Done)
}

fn entry(row: &CauseRow) -> Entry<'_> {
    let (status, into) = match row.cause.status {
        CauseStatus::Active => ("active", None),
        CauseStatus::Retired => ("retired", None),
        CauseStatus::Merged(into) => ("merged", Some(into)),
    };
    Entry {
        id: row.cause.id,
        name: &row.cause.name,
        group: &row.cause.group,
        aliases: &row.cause.aliases,
        status,
        into: into.or(row.into),
        revision: row.cause.revision,
        given: row.given,
        confirmed: row.confirmed,
    }
}

fn status_word(row: &CauseRow, lang: Lang) -> String {
    match row.cause.status {
        CauseStatus::Active => String::new(),
        CauseStatus::Retired => names::cause_status(lang, "retired").to_owned(),
        CauseStatus::Merged(into) => say!(lang, "并入 {into}", "merged into {into}"),
    }
}
