//! `gongdan views`: queries kept under a name, the tabs of the workbench.

use clap::Subcommand;
use serde::Serialize;

use super::cause::waiting;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::filter::Filter;
use super::output::{Line, Style, Table};
use super::{acts, list, search, wait};
use crate::api::{Desk, DeskError, DeskExt, QueueKind, ViewEdit, ViewName, ViewRow, ask};
use crate::model::{CauseId, CauseState, TicketFilter};
use crate::words::{self, Lang, Word, names};

/// Views: queries kept under a name, the tabs of the workbench
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the views in the order of their tabs
    List,
    /// Keep a query under a name; a view of that name is replaced
    Save {
        /// Its name
        name: String,
        /// The query; leave out for everything the options let through
        query: Vec<String>,
        #[command(flatten)]
        filter: Filter,
        /// For the whole team
        #[arg(long)]
        team: bool,
    },
    /// List the tickets of a saved view
    Open {
        /// Its name
        name: String,
        /// The team's, where you have one of that name too
        #[arg(long)]
        team: bool,
        /// Rows at most
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        limit: usize,
    },
    /// Give a view another name
    Rename {
        /// Its name
        name: String,
        /// The new name
        to: String,
        /// The team's
        #[arg(long)]
        team: bool,
    },
    /// Move a view among the tabs
    Move {
        /// Its name
        name: String,
        /// Its place among your own, or the team's, from 1
        place: usize,
        /// The team's
        #[arg(long)]
        team: bool,
    },
    /// Delete a view; its tickets stay
    Delete {
        /// Its name
        name: String,
        /// The team's
        #[arg(long)]
        team: bool,
    },
}

/// A view as scripts see it.
#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    name: &'a str,
    queue: Option<QueueKind>,
    query: Option<&'a str>,
    category: Option<String>,
    cause_state: Option<CauseState>,
    cause: Option<CauseId>,
    dataset: Option<&'a str>,
}

/// Lists, opens or changes views.
///
/// # Errors
/// When the desk cannot be opened or refuses.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let called = |name: &String, team: &bool| ViewName {
        name: name.clone(),
        team: *team,
    };
    let edit = match args.command.as_ref().unwrap_or(&Command::List) {
        Command::List => return tabs(cx, &*desk),
        Command::Open { name, team, limit } => return open(name, *team, *limit, cx, &*desk),
        Command::Save {
            name,
            query,
            filter,
            team,
        } => ViewEdit::Save {
            name: called(name, team),
            query: query.join(" "),
            filter: filter.resolve(&*desk, cx.lang)?,
        },
        Command::Rename { name, to, team } => ViewEdit::Rename {
            name: called(name, team),
            to: to.clone(),
        },
        Command::Move { name, place, team } => ViewEdit::Move {
            name: called(name, team),
            to: place.saturating_sub(1),
        },
        Command::Delete { name, team } => ViewEdit::Drop {
            name: called(name, team),
        },
    };
    acts::perform(cx, &*desk, edit)
}

fn views(desk: &dyn Desk) -> Result<Vec<ViewRow>, Failure> {
    Ok(desk.ask(ask::Views)?)
}

fn tabs(cx: &mut Context, desk: &dyn Desk) -> Result<Exit, Failure> {
    let lang = cx.lang;
    let saved = views(desk)?;
    let fixed = |kind, name, queue| Entry {
        kind,
        name,
        queue,
        query: None,
        category: None,
        cause_state: None,
        cause: None,
        dataset: None,
    };
    let all = fixed("all", words::word(lang, Word::AllTickets), None);
    let queues = QueueKind::ALL.map(|kind| {
        let name = names::queue(lang, kind.name());
        fixed("queue", name, Some(kind))
    });
    let saved = saved.iter().map(|row| Entry {
        kind: if row.team { "team" } else { "own" },
        name: &row.name,
        queue: None,
        query: Some(&row.query),
        category: row.filter.category.as_ref().map(category),
        cause_state: row.filter.cause_state,
        cause: row.filter.cause,
        dataset: row.filter.dataset.as_deref(),
    });
    let entries = std::iter::once(all).chain(queues).chain(saved);
    if cx.json() {
        for entry in entries {
            cx.out.object(&entry)?;
        }
        return Ok(Exit::Done);
    }
    let mut table = match lang {
        Lang::Zh => Table::new(&["", "名称", "内容"], 2),
        Lang::En => Table::new(&["", "name", "shows"], 2),
    };
    for entry in entries {
        table.row(vec![
            Line::styled(Style::Faint, names::view_kind(lang, entry.kind)),
            Line::plain(entry.name),
            Line::plain(shows(&entry, lang)),
        ]);
    }
    cx.out.table(table)?;
    Ok(Exit::Done)
}

fn category(filter: &crate::model::CategoryFilter) -> String {
    match &filter.issue_type {
        Some(issue_type) => format!("{}｜{issue_type}", filter.product),
        None => filter.product.clone(),
    }
}

/// What a saved view shows, in words.
fn shows(entry: &Entry<'_>, lang: Lang) -> String {
    let state = entry.cause_state.map(CauseState::name);
    let parts = [
        entry.query.map(str::to_owned),
        entry.category.clone(),
        state.map(|name| names::cause_state(lang, name).to_owned()),
        entry.cause.map(|id| id.to_string()),
        entry.dataset.map(str::to_owned),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(" · ")
}

/// Lists the tickets of a saved view: the agent's own comes before the team's.
fn open(
    name: &str,
    team: bool,
    limit: usize,
    cx: &mut Context,
    desk: &dyn Desk,
) -> Result<Exit, Failure> {
    let mut views = views(desk)?;
    views.retain(|view| view.name == name && (view.team || !team));
    let Some(view) = views.pop() else {
        // The queues stand in the same list.
        let queue = QueueKind::ALL.into_iter().find(|kind| {
            let called = names::queue(cx.lang, kind.name());
            !team && (called == name || kind.name() == name)
        });
        if let Some(kind) = queue {
            let all = TicketFilter::default();
            return waiting::queue(Some(kind.name()), all, limit, cx, desk);
        }
        return Err(DeskError::UnknownView {
            name: name.to_owned(),
        }
        .into());
    };
    if view.query.is_empty() {
        return plain(view.filter, limit, cx, desk);
    }
    wait::for_index(desk, cx)?;
    let found = desk.ask(ask::Search {
        query: view.query,
        filter: view.filter,
        limit,
    })?;
    search::one(cx, &found)
}

fn plain(
    filter: TicketFilter,
    limit: usize,
    cx: &mut Context,
    desk: &dyn Desk,
) -> Result<Exit, Failure> {
    let request = ask::List {
        filter,
        offset: 0,
        limit,
    };
    let page = desk.ask(request)?;
    list::shown(cx, &page)
}
