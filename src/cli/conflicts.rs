//! `gongdan conflicts`: changes that lost to somebody faster, and what becomes of them.

use clap::Subcommand;

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style};
use super::say::say;
use crate::api::{Conflict, Desk, DeskError, DeskExt, Settlement, ask};
use crate::model::RecordId;

/// Show or settle changes that lost to somebody faster
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Settle a conflict
    Resolve(Resolve),
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("verdict").required(true).args(["apply", "drop", "merge"])))]
struct Resolve {
    /// The kept record, by any unique prefix of its id
    record: String,
    /// Apply the kept change now
    #[arg(long)]
    apply: bool,
    /// Let the kept change go
    #[arg(long)]
    drop: bool,
    /// Make both changes hold
    #[arg(long)]
    merge: bool,
}

/// Shows or settles conflicts.
///
/// # Errors
/// When the desk cannot be opened, or the record is unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let conflicts = desk.ask(ask::Conflicts)?;
    match &args.command {
        None => list(cx, &conflicts),
        Some(Command::Resolve(resolve)) => settle(cx, &*desk, resolve, &conflicts),
    }
}

fn list(cx: &mut Context, conflicts: &[Conflict]) -> Result<Exit, Failure> {
    for conflict in conflicts {
        if cx.json() {
            cx.out.object(conflict)?;
            continue;
        }
        let record = conflict.record.to_string();
        cx.out.line(&Line::styled(Style::Strong, record))?;
        let mine = Line::plain("  ").join(acts::line(&conflict.mine, cx));
        cx.out.line(&mine)?;
        if let Some(theirs) = &conflict.theirs {
            let theirs =
                Line::plain(say!(cx.lang, "  先改的：", "  faster: ")).join(acts::line(theirs, cx));
            cx.out.line(&theirs)?;
        }
        let none = || say!(cx.lang, "（无）", "(none)");
        let joined = |values: &[String]| match values {
            [] => none(),
            values => values.join("；"),
        };
        let mut sides = vec![
            (say!(cx.lang, "  我的：", "  mine: "), &conflict.mine.after),
            (say!(cx.lang, "  现在：", "  now: "), &conflict.now),
        ];
        if let Some(merged) = &conflict.merged {
            sides.push((say!(cx.lang, "  合并：", "  merged: "), merged));
        }
        for (label, values) in sides {
            let side = Line::styled(Style::Faint, label).and(joined(values));
            cx.out.line(&side)?;
        }
    }
    if conflicts.is_empty() {
        cx.out.note(say!(cx.lang, "没有冲突", "no conflicts"));
    }
    Ok(Exit::Done)
}

fn settle(
    cx: &mut Context,
    desk: &dyn Desk,
    resolve: &Resolve,
    conflicts: &[Conflict],
) -> Result<Exit, Failure> {
    let record = unique(&resolve.record, conflicts)?;
    let how = match (resolve.apply, resolve.merge) {
        (true, _) => Settlement::Mine,
        (false, true) => Settlement::Merge,
        (false, false) => Settlement::Theirs,
    };
    let request = ask::ResolveConflict { record, how };
    acts::perform(cx, desk, request)
}

fn unique(prefix: &str, conflicts: &[Conflict]) -> Result<RecordId, DeskError> {
    let begins = |record: &RecordId| record.to_string().starts_with(prefix);
    let found: Vec<RecordId> = conflicts.iter().map(|c| c.record).filter(begins).collect();
    match found.as_slice() {
        [record] => Ok(*record),
        [] => Err(DeskError::UnknownConflict {
            record: prefix.to_owned(),
        }),
        several => {
            let several: Vec<String> = several.iter().map(RecordId::to_string).collect();
            Err(DeskError::AmbiguousId {
                id: prefix.to_owned(),
                candidates: several,
            })
        }
    }
}
