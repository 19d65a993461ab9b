//! `gongdan show`: tickets and articles in full.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style};
use super::rows;
use super::say::say;
use super::time;
use crate::api::{ArticleView, DeskExt, HistoryEntry, TicketOrArticle, TicketView, VoteView, ask};
use crate::model::{Speaker, Turn};
use crate::words::{self, Lang, Word, names};

/// Columns by which text under a heading is indented.
const INDENT: usize = 2;

/// Show tickets or articles in full
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Any unique prefix of an id; ID.N is a passage of an article
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

/// What is shown, with its kind beside the fields.
#[derive(Serialize)]
struct Kind<'a, T: Serialize> {
    kind: &'static str,
    #[serde(flatten)]
    view: &'a T,
}

/// Shows tickets and articles.
///
/// # Errors
/// When an id is unknown or ambiguous.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    for (at, id) in args.ids.iter().enumerate() {
        if at > 0 && !cx.json() {
            cx.out.say("")?;
        }
        match desk.ask(ask::Show { id: id.clone() })? {
            TicketOrArticle::Ticket(view) => ticket(cx, &view)?,
            TicketOrArticle::Article(view) => article(cx, &view)?,
        }
    }
    Ok(Exit::Done)
}

fn ticket(cx: &mut Context, view: &TicketView) -> Result<(), Failure> {
    if cx.json() {
        return cx.out.object(&Kind {
            kind: "ticket",
            view,
        });
    }
    head(cx, view)?;
    if !view.question.is_empty() {
        let heading = words::word(cx.lang, Word::Question);
        section(cx, heading, &view.question)?;
    }
    if !view.dialogue.is_empty() {
        let heading = words::word(cx.lang, Word::Dialogue);
        cx.out.say("")?;
        cx.out.line(&Line::styled(Style::Strong, heading))?;
        dialogue(cx, &view.dialogue)?;
    }
    for other in &view.sections {
        section(cx, &other.heading, &other.text)?;
    }
    related(cx, view)?;
    votes(cx, &view.votes)?;
    history(cx, &view.history)?;
    sources(
        cx,
        view.sources.iter().map(|s| (&s.dataset, &s.file, s.line)),
    )
}

fn head(cx: &mut Context, view: &TicketView) -> Result<(), Failure> {
    let (row, lang) = (&view.row, cx.lang);
    let title = Line::styled(Style::Strong, rows::title(row, lang))
        .with(Style::Faint, format!("  #{}", row.short_id));
    cx.out.line(&title)?;
    rows::outdated(cx, &row.outdated, row.successor)?;
    let category = rows::category(row);
    let mut facts = vec![(
        words::word(lang, Word::Category),
        Line::plain(if category.is_empty() {
            "—"
        } else {
            &category
        }),
    )];
    if let Some(given) = &view.category_given
        && given.to_string() != category
    {
        let given = say!(lang, "{given}（已更正）", "{given} (corrected)");
        facts.push((
            words::word(lang, Word::CategoryGiven),
            Line::styled(Style::Faint, given),
        ));
    }
    facts.push((words::word(lang, Word::Causes), rows::causes(row, lang)));
    let given = view.causes_given.join("；");
    if !given.is_empty() && row.causes.iter().map(|c| &c.name).ne(&view.causes_given) {
        facts.push((
            words::word(lang, Word::CausesGiven),
            Line::styled(Style::Faint, given),
        ));
    }
    if !row.scenarios.is_empty() {
        facts.push((
            words::word(lang, Word::Scenarios),
            Line::plain(row.scenarios.join("；")),
        ));
    }
    if let Some(date) = row.date {
        facts.push((words::word(lang, Word::Date), Line::plain(date.to_string())));
    }
    for (name, value) in facts {
        let name = say!(lang, "{name}：", "{name}: ");
        cx.out.line(&Line::styled(Style::Faint, name).join(value))?;
    }
    Ok(())
}

fn section(cx: &mut Context, heading: &str, text: &str) -> Result<(), Failure> {
    cx.out.say("")?;
    cx.out.line(&Line::styled(Style::Strong, heading))?;
    cx.out.text(text, INDENT)
}

fn dialogue(cx: &mut Context, turns: &[Turn]) -> Result<(), Failure> {
    let mut replies = 0;
    for turn in turns {
        let who = speaker(turn, cx.lang);
        let label = if turn.speaker == Speaker::Agent {
            replies += 1;
            format!("{who} [{replies}]")
        } else {
            who
        };
        cx.out.line(&Line::plain("  ").with(Style::Faint, label))?;
        cx.out.text(&turn.text, INDENT * 2)?;
    }
    Ok(())
}

fn speaker(turn: &Turn, lang: Lang) -> String {
    let role = words::word(
        lang,
        match turn.speaker {
            Speaker::Customer => Word::Customer,
            Speaker::Agent => Word::Agent,
            Speaker::Other => Word::OtherSpeaker,
            Speaker::Internal => Word::InternalNote,
        },
    );
    match &turn.name {
        Some(name) => format!("{role} {name}"),
        None => role.to_owned(),
    }
}

fn related(cx: &mut Context, view: &TicketView) -> Result<(), Failure> {
    if view.related_passages.is_empty() {
        return Ok(());
    }
    let heading = words::word(cx.lang, Word::RelatedPassages);
    cx.out.say("")?;
    cx.out.line(&Line::styled(Style::Strong, heading))?;
    for passage in &view.related_passages {
        let line = Line::plain("  ")
            .with(Style::Faint, format!("{}  ", passage.id))
            .and(rows::passage_title(passage));
        cx.out.fitted(line)?;
    }
    Ok(())
}

fn votes(cx: &mut Context, votes: &[VoteView]) -> Result<(), Failure> {
    if votes.is_empty() {
        return Ok(());
    }
    let heading = words::word(cx.lang, Word::Opinions);
    cx.out.say("")?;
    cx.out.line(&Line::styled(Style::Strong, heading))?;
    for vote in votes {
        let line = Line::plain("  ")
            .with(Style::Faint, time::short(vote.at))
            .and(format!("  {}  ", vote.author))
            .and(words::opinion(cx.lang, &vote.stance, &vote.causes));
        let line = match vote.settled {
            true => line.with(Style::Faint, say!(cx.lang, "（已裁定）", " (settled)")),
            false => line,
        };
        cx.out.line(&noted(line, &vote.note))?;
    }
    Ok(())
}

fn history(cx: &mut Context, entries: &[HistoryEntry]) -> Result<(), Failure> {
    if entries.is_empty() {
        return Ok(());
    }
    let heading = words::word(cx.lang, Word::History);
    cx.out.say("")?;
    cx.out.line(&Line::styled(Style::Strong, heading))?;
    for entry in entries {
        let line = Line::plain("  ")
            .with(Style::Faint, time::short(entry.at))
            .and(format!("  {}  ", entry.author))
            .and(change(&entry.what, &entry.before, &entry.after, cx.lang));
        let line = match (entry.undo, entry.redo) {
            (_, true) => line.with(Style::Faint, say!(cx.lang, "（重做）", " (redo)")),
            (true, false) => line.with(Style::Faint, say!(cx.lang, "（撤销）", " (undo)")),
            (false, false) => line,
        };
        cx.out.line(&noted(line, &entry.note))?;
    }
    Ok(())
}

/// Adds an agent's note to a line.
pub fn noted(line: Line, note: &str) -> Line {
    if note.is_empty() {
        line
    } else {
        line.with(Style::Faint, format!("  “{note}”"))
    }
}

/// A change in words: what, from what, to what.
pub fn change(what: &str, before: &[String], after: &[String], lang: Lang) -> String {
    if what == "star" {
        let kept = if after.is_empty() {
            Word::NoFavourite
        } else {
            Word::MadeFavourite
        };
        return words::word(lang, kept).to_owned();
    }
    let named = |values: &[String]| -> Vec<String> {
        let words = values.iter();
        let words = words.map(|value| names::changed(lang, what, value).to_owned());
        words.collect()
    };
    let step = step(&named(before), &named(after));
    format!("{}  {step}", names::log_kind(lang, what))
}

/// From what to what.
pub fn step(before: &[String], after: &[String]) -> String {
    let side = |names: &[String]| match names {
        [] => "—".to_owned(),
        names => names.join("；"),
    };
    format!("{} → {}", side(before), side(after))
}

fn sources<'a>(
    cx: &mut Context,
    sources: impl Iterator<Item = (&'a String, &'a String, u32)>,
) -> Result<(), Failure> {
    cx.out.say("")?;
    for (dataset, file, line) in sources {
        let text = say!(
            cx.lang,
            "来源：{dataset} {file}:{line}",
            "source: {dataset} {file}:{line}"
        );
        cx.out.line(&Line::styled(Style::Faint, text))?;
    }
    Ok(())
}

fn article(cx: &mut Context, view: &ArticleView) -> Result<(), Failure> {
    if cx.json() {
        return cx.out.object(&Kind {
            kind: "article",
            view,
        });
    }
    let title =
        Line::styled(Style::Strong, &view.title).with(Style::Faint, format!("  #{}", view.id));
    cx.out.line(&title)?;
    let date = view
        .date
        .map(|date| format!("  {date}"))
        .unwrap_or_default();
    let facts = format!("{}{date}", view.source);
    cx.out.line(&Line::styled(Style::Faint, facts))?;
    rows::outdated(cx, &view.outdated, view.successor)?;
    for (number, passage) in (1..).zip(&view.passages) {
        if view.passage.is_some_and(|wanted| wanted != number) {
            continue;
        }
        let heading = format!("{number}. {}", passage.heading);
        section(cx, heading.trim_end_matches(". "), &passage.text)?;
    }
    sources(
        cx,
        view.sources.iter().map(|s| (&s.dataset, &s.file, s.line)),
    )
}
