//! `gongdan answer`: what to say to a customer's message.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Line, Style};
use super::reply::given;
use super::rows;
use super::say::say;
use super::wait;
use crate::api::{AdviceView, DeskExt, Row, ask};
use crate::model::TicketId;
use crate::words::{Word, word};

/// Characters of an id that people are shown.
const SHORT: usize = 6;

/// Category, replies, causes and tickets for a customer's message
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The message; - or nothing reads it from standard input
    #[arg(value_name = "TEXT|-", default_value = "-", hide_default_value = true)]
    text: Vec<String>,
}

/// Advises on a message.
///
/// # Errors
/// When the desk cannot be opened.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let text = given(&args.text.join(" "))?;
    if text.trim().is_empty() {
        return Err(Failure::usage(say!(
            cx.lang,
            "没有文字",
            "there is no text"
        )));
    }
    let desk = cx.desk()?;
    wait::for_insight(&*desk, cx)?;
    let advice = desk.ask(ask::Advise { text })?;
    if cx.json() {
        cx.out.object(&*advice)?;
    } else {
        for_people(cx, *advice)?;
    }
    Ok(Exit::Done)
}

fn for_people(cx: &mut Context, advice: AdviceView) -> Result<(), Failure> {
    let lang = cx.lang;
    if !advice.category.is_empty() {
        heading(cx, &say!(lang, "分类", "Category"))?;
        for likely in &advice.category {
            let name = [likely.product.as_str(), likely.issue_type.as_str()];
            let name = name.into_iter().filter(|part| !part.is_empty());
            let name = name.collect::<Vec<_>>().join("｜");
            let (share, evidence) = (percent(likely.score), ids(&likely.evidence));
            let line = Line::plain(format!("  {name}"))
                .with(Style::Faint, format!("  {share}  {evidence}"));
            cx.out.line(&line)?;
        }
    }
    heading(cx, &say!(lang, "回复", "Replies"))?;
    if advice.replies.is_empty() {
        let none = word(lang, Word::NoAdvice);
        cx.out
            .line(&Line::styled(Style::Faint, format!("  {none}")))?;
    } else {
        for (at, reply) in advice.replies.iter().enumerate() {
            let (number, tickets, share) = (at + 1, reply.tickets, percent(reply.score));
            let id: String = reply.id.as_str().chars().take(SHORT).collect();
            let known = say!(lang, "见于 {tickets} 条工单", "in {tickets} tickets");
            let evidence = ids(&reply.evidence);
            let line = Line::plain(format!("{number} "))
                .with(Style::Strong, &reply.title)
                .with(
                    Style::Faint,
                    format!("  {id}  {share}  {known}  {evidence}"),
                );
            cx.out.line(&line)?;
            cx.out.text(&reply.text, 4)?;
        }
    }
    if !advice.causes.is_empty() {
        heading(cx, &say!(lang, "根因", "Root causes"))?;
        for cause in &advice.causes {
            let (share, evidence) = (percent(cause.score), ids(&cause.evidence));
            let line = Line::plain(format!("  {}", cause.cause))
                .with(Style::Faint, format!("  {share}  {evidence}"));
            cx.out.line(&line)?;
        }
    }
    if !advice.tickets.is_empty() {
        heading(cx, &say!(lang, "相似工单", "Tickets like it"))?;
        let tickets: Vec<Row> = advice.tickets.into_iter().map(Row::Ticket).collect();
        rows::hits(cx, &tickets, &[])?;
    }
    if !advice.passages.is_empty() {
        heading(cx, &say!(lang, "参考文章", "Articles"))?;
        let passages: Vec<Row> = advice.passages.into_iter().map(Row::Passage).collect();
        rows::hits(cx, &passages, &[])?;
    }
    Ok(())
}

fn heading(cx: &mut Context, text: &str) -> Result<(), Failure> {
    cx.out.line(&Line::styled(Style::Strong, text))
}

/// A score for people.
pub fn percent(score: f32) -> String {
    format!("{:.0} %", score * 100.0)
}

/// Tickets as people name them.
pub fn ids(tickets: &[TicketId]) -> String {
    let ids = tickets.iter().map(|id| {
        let short: String = id.as_str().chars().take(SHORT).collect();
        format!("#{short}")
    });
    ids.collect::<Vec<_>>().join(" ")
}
