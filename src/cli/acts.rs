//! What became of an act, for people and for scripts.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style};
use super::say::say;
use super::show::{change, noted};
use super::time;
use crate::api::{ActDone, Ask, Desk, DeskExt, LogEntry};

/// Asks the desk for an act and tells what became of it.
///
/// # Errors
/// When the desk refuses.
pub fn perform(
    cx: &mut Context,
    desk: &dyn Desk,
    order: impl Ask<Answer = ActDone>,
) -> Result<Exit, Failure> {
    let done = desk.ask(order)?;
    tell(cx, &done)
}

/// Tells what became of an act.
///
/// # Errors
/// When standard output cannot be written.
pub fn tell(cx: &mut Context, done: &ActDone) -> Result<Exit, Failure> {
    if cx.json() {
        cx.out.object(done)?;
    } else {
        for entry in done.entries.iter().filter(|entry| entry.accepted) {
            let line = line(entry, cx);
            cx.out.line(&line)?;
        }
        for id in &done.unchanged {
            cx.out.say(say!(
                cx.lang,
                "{id} 本来就是这样，没有改动",
                "{id} had this already: unchanged"
            ))?;
        }
        for key in &done.moved_on {
            cx.out.say(say!(
                cx.lang,
                "{key} 之后又有改动，保持不变",
                "{key} has moved on since: left alone"
            ))?;
        }
        lost(cx, done)?;
    }
    Ok(if done.conflicts.is_empty() {
        Exit::Done
    } else {
        Exit::Conflict
    })
}

fn lost(cx: &mut Context, done: &ActDone) -> Result<(), Failure> {
    for conflict in &done.conflicts {
        let key = &conflict.mine.key;
        let by = conflict.theirs.as_ref().map_or("?", |t| t.author.as_str());
        let text = say!(
            cx.lang,
            "{key}：{by} 先改了，您的改动留作冲突",
            "{key}: {by} was faster; your change is kept as a conflict"
        );
        cx.out.line(&Line::styled(Style::Warn, text))?;
    }
    if !done.conflicts.is_empty() {
        cx.out.note(say!(
            cx.lang,
            "用 gongdan conflicts 查看和处理",
            "see and settle them with `gongdan conflicts`"
        ));
    }
    Ok(())
}

/// An entry of the log on a line: when, who, what, from what to what.
pub fn line(entry: &LogEntry, cx: &Context) -> Line {
    let subject = if entry.title.is_empty() {
        entry.key.clone()
    } else {
        format!("{}  {}", entry.key, entry.title)
    };
    let mut line = Line::styled(Style::Faint, time::short(entry.at))
        .and(format!("  {}  ", entry.author))
        .and(change(&entry.what, &entry.before, &entry.after, cx.lang))
        .with(Style::Faint, format!("  {subject}"));
    if entry.redo {
        line = line.with(Style::Faint, say!(cx.lang, "（重做）", " (redo)"));
    } else if entry.undoes.is_some() {
        line = line.with(Style::Faint, say!(cx.lang, "（撤销）", " (undo)"));
    }
    if !entry.accepted {
        line = line.with(Style::Warn, say!(cx.lang, "（冲突）", " (conflict)"));
    }
    noted(line, &entry.note)
}
