//! `gongdan cause suggest` and `cause queue`: likely causes, and what waits for an agent.

use serde::Serialize;

use crate::api::{Desk, DeskError, DeskExt, QueueKind, QueueRow, TicketOrArticle, ask};
use crate::cli::answer::{ids, percent};
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{Line, Style, Table};
use crate::cli::say::say;
use crate::cli::show::step;
use crate::cli::wait;
use crate::model::{TicketFilter, TicketId};
use crate::words::{self, Lang, names};

/// Characters of an id that people are shown.
const SHORT: usize = 6;

/// A ticket that waits, with the reason in words.
#[derive(Serialize)]
struct Entry<'a> {
    id: TicketId,
    title: &'a str,
    kind: QueueKind,
    reason_kind: &'a str,
    reason_args: &'a [String],
    reason: String,
    score: f32,
}

/// A cause that may hold, as scripts see it.
#[derive(Serialize)]
struct Likely<'a> {
    cause: &'a str,
    score: f32,
    evidence: &'a [TicketId],
}

/// Suggests root causes for a ticket.
///
/// # Errors
/// When the ticket is unknown.
pub fn suggest(id: &str, cx: &mut Context, desk: &dyn Desk) -> Result<Exit, Failure> {
    wait::for_insight(desk, cx)?;
    let found = desk.ask(ask::Suggest { id: id.to_owned() })?;
    for (at, cause) in found.iter().enumerate() {
        if cx.json() {
            cx.out.object(&Likely {
                cause: &cause.cause,
                score: cause.score,
                evidence: &cause.evidence,
            })?;
            continue;
        }
        let (number, share, evidence) = (at + 1, percent(cause.score), ids(&cause.evidence));
        let line = Line::plain(format!("{number} {share:>5}  "))
            .with(Style::Strong, &cause.cause)
            .with(Style::Faint, format!("  {evidence}"));
        cx.out.line(&line)?;
    }
    if found.is_empty() {
        cx.out
            .note(say!(cx.lang, "没有可建议的根因", "nothing to suggest"));
    }
    Ok(Exit::Done)
}

/// Lists tickets that wait for an agent.
///
/// # Errors
/// When the desk fails.
pub fn queue(
    kind: Option<&str>,
    filter: TicketFilter,
    limit: usize,
    cx: &mut Context,
    desk: &dyn Desk,
) -> Result<Exit, Failure> {
    wait::for_insight(desk, cx)?;
    let kind = kind.and_then(QueueKind::parse);
    let request = ask::Queue {
        kind,
        filter,
        limit,
    };
    let page = desk.ask(request)?;
    let lang = cx.lang;
    let entries = page.rows.iter().map(|row: &QueueRow| Entry {
        id: row.id,
        title: &row.title,
        kind: row.kind,
        reason_kind: &row.reason_kind,
        reason_args: &row.reason_args,
        reason: words::reason(lang, &row.reason_kind, &row.reason_args),
        score: row.score,
    });
    if cx.json() {
        for entry in entries {
            cx.out.object(&entry)?;
        }
        return Ok(Exit::Done);
    }
    let mut table = match lang {
        Lang::Zh => Table::new(&["编号", "", "把握", "标题", "原因"], 4),
        Lang::En => Table::new(&["ID", "", "score", "title", "reason"], 4),
    };
    for entry in entries {
        let id: String = entry.id.as_str().chars().take(SHORT).collect();
        table.row(vec![
            Line::styled(Style::Faint, id),
            Line::styled(Style::Warn, names::queue(lang, entry.kind.name())),
            Line::plain(percent(entry.score)),
            Line::plain(entry.title),
            Line::plain(&entry.reason),
        ]);
    }
    cx.out.table(table)?;
    let (shown, total) = (page.rows.len(), page.total);
    if shown < total {
        cx.out.note(say!(
            lang,
            "显示 {shown} 条，共 {total} 条（-n 调整）",
            "{shown} of {total} shown (-n shows more)"
        ));
    }
    Ok(Exit::Done)
}

/// What a decision would change of one ticket.
#[derive(Serialize)]
struct Preview<'a> {
    id: TicketId,
    title: &'a str,
    before: Vec<String>,
    after: &'a [String],
}

/// Shows what a decision would change, and changes nothing.
///
/// # Errors
/// When a ticket is unknown or the desk fails.
pub fn preview(
    ids: Vec<String>,
    causes: &[String],
    cx: &mut Context,
    desk: &dyn Desk,
) -> Result<Exit, Failure> {
    for id in ids {
        let TicketOrArticle::Ticket(ticket) = desk.ask(ask::Show { id: id.clone() })? else {
            return Err(DeskError::UnknownId { id }.into());
        };
        let row = &ticket.row;
        let entry = Preview {
            id: row.id,
            title: &row.title,
            before: row.causes.iter().map(|cause| cause.name.clone()).collect(),
            after: causes,
        };
        if cx.json() {
            cx.out.object(&entry)?;
            continue;
        }
        let step = step(&entry.before, causes);
        let line = Line::styled(Style::Faint, format!("#{}  ", row.short_id))
            .and(&row.title)
            .with(Style::Strong, format!("  {step}"));
        cx.out.line(&line)?;
    }
    Ok(Exit::Done)
}
