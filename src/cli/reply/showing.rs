//! One standard reply in full, and what the tickets offer for kept ones.

use crate::api::{DeskExt, ReplyQuery, Row, ask};
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{Line, Style};
use crate::cli::say::say;
use crate::cli::show::{change, noted};
use crate::cli::{replies, rows, time, wait};
use crate::words::{self, Word};

/// Shows a reply with the tickets that have it and its history.
///
/// # Errors
/// When no reply is named so.
pub fn run(reply: &str, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    wait::for_insight(&*desk, cx)?;
    let request = ask::StandardReply {
        reply: reply.to_owned(),
    };
    let view = desk.ask(request)?;
    if cx.json() {
        cx.out.object(&*view)?;
        return Ok(Exit::Done);
    }
    if let Some(asked) = view.asked {
        let into = view.row.id;
        cx.out.note(say!(
            cx.lang,
            "{asked} 已并入 {into}",
            "{asked} was merged into {into}"
        ));
    }
    replies::whole(cx, &view.row)?;
    let found: Vec<Row> = view.found_in.into_iter().map(Row::Ticket).collect();
    rows::table(cx, &found)?;
    if !view.history.is_empty() {
        cx.out.say("")?;
        let heading = words::word(cx.lang, Word::History);
        cx.out.line(&Line::styled(Style::Strong, heading))?;
    }
    for entry in &view.history {
        let line = Line::plain("  ")
            .with(Style::Faint, time::short(entry.at))
            .and(format!("  {}  ", entry.author))
            .and(change(&entry.what, &entry.before, &entry.after, cx.lang));
        cx.out.line(&noted(line, &entry.note))?;
    }
    Ok(Exit::Done)
}

/// Lists kept replies of which the tickets say something else now.
///
/// # Errors
/// When the desk cannot be opened.
pub fn offers(cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    wait::for_insight(&*desk, cx)?;
    let query = ReplyQuery {
        all: true,
        changed: true,
        ..ReplyQuery::default()
    };
    let found = desk.ask(query)?;
    for row in &found {
        if cx.json() {
            cx.out.object(row)?;
            continue;
        }
        let head =
            Line::styled(Style::Faint, format!("{}  ", row.id)).with(Style::Strong, &row.title);
        cx.out.line(&head)?;
        let offered = row.mined_text.as_deref().unwrap_or_default();
        for (sign, style, line) in difference(&row.text, offered) {
            cx.out
                .line(&Line::plain("  ").with(style, format!("{sign} {line}")))?;
        }
    }
    if !cx.json() && !found.is_empty() {
        cx.out.note(say!(
            cx.lang,
            "gongdan reply take 编号 采用；gongdan reply keep 编号 保留现有文字",
            "`gongdan reply take ID` takes it; `gongdan reply keep ID` keeps the text there is"
        ));
    }
    Ok(Exit::Done)
}

/// The lines of two texts: those only the first has, those only the second has, those of both.
fn difference<'a>(kept: &'a str, offered: &'a str) -> Vec<(char, Style, &'a str)> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (kept.lines().collect(), offered.lines().collect());
    let mut out = Vec::new();
    let mut rest = after.as_slice();
    for line in before {
        match rest.iter().position(|other| *other == line) {
            Some(at) => {
                let (new, behind) = rest.split_at(at);
                out.extend(new.iter().map(|line| ('+', Style::Strong, *line)));
                out.push((' ', Style::Faint, line));
                rest = behind.get(1..).unwrap_or_default();
            }
            None => out.push(('-', Style::Warn, line)),
        }
    }
    out.extend(rest.iter().map(|line| ('+', Style::Strong, *line)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_lines_taken_away_and_lines_added() {
        let signs: String = difference("一\n二\n三", "一\n二点五\n三\n四")
            .into_iter()
            .map(|(sign, _, _)| sign)
            .collect();
        assert_eq!(signs, " -+ +");
    }
}
