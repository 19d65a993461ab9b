//! `gongdan copy`: a reply on its way to the agent's clipboard, and an honest word on it.

mod ladder;

use std::path::Path;

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::clipboard::{Method, Outcome};
use crate::desk::api::ReplyText;
use crate::desk::{Answer, Request};
use crate::model::TicketId;
use crate::words::{self, Msg, Word, names};

pub use ladder::{HoldArgs, hold, method, plan, terminal_takes_sequences, workbench_clipboard};

/// Copy a reply to the clipboard
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ticket, by any unique prefix of its id
    id: String,
    /// Which of the agent's turns, from 1; by default the last that answers something
    #[arg(long, value_name = "N")]
    turn: Option<usize>,
    /// Which way to the clipboard; by default the configured one
    #[arg(long, value_name = "METHOD", value_parser = Method::ALL.map(Method::name))]
    method: Option<String>,
    /// Print the text instead of copying it
    #[arg(long, conflicts_with = "method")]
    print: bool,
}

/// What became of a copy, for scripts.
#[derive(Serialize)]
struct Copied<'a> {
    id: TicketId,
    turn: usize,
    turns: usize,
    text: &'a str,
    holding: bool,
    marks: &'a [String],
    outcome: &'static str,
    via: Option<&'static str>,
    path: Option<&'a Path>,
}

/// Copies or prints a reply.
///
/// # Errors
/// When the ticket or the reply is unknown, or the method that was asked for failed.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let request = Request::Reply {
        id: args.id.clone(),
        turn: args.turn,
    };
    let Answer::Reply(reply) = desk.call(request)? else {
        return Err(Failure::unexpected());
    };
    // The store is not needed while the text finds its way; others may be.
    drop(desk);
    let outcome = if args.print {
        Outcome::Show
    } else {
        let asked = args.method.as_deref().and_then(Method::parse);
        ladder::copy(cx, asked, &reply.text)
    };
    tell(cx, &reply, &outcome)?;
    Ok(Exit::Done)
}

fn tell(cx: &mut Context, reply: &ReplyText, outcome: &Outcome) -> Result<(), Failure> {
    if let Outcome::Failed { via, error } = outcome {
        return Err(Failure::Refused {
            message: words::text(
                cx.lang,
                &Msg::CopyFailed {
                    via: names::via(cx.lang, via.name()),
                    why: &error.to_string(),
                },
            ),
            hint: Some("gongdan doctor clipboard".to_owned()),
        });
    }
    if cx.json() {
        return cx.out.object(&object(reply, outcome));
    }
    for_people(cx, reply, outcome)?;
    warn(cx, reply);
    Ok(())
}

fn object<'a>(reply: &'a ReplyText, outcome: &'a Outcome) -> Copied<'a> {
    let (name, via, path) = match outcome {
        Outcome::Copied { via } => ("copied", Some(via.name()), None),
        Outcome::Sent { via, .. } => ("sent", Some(via.name()), None),
        Outcome::Saved { path } => ("saved", None, Some(path.as_path())),
        Outcome::Show => ("printed", None, None),
        Outcome::Failed { via, .. } => ("failed", Some(via.name()), None),
    };
    Copied {
        id: reply.id,
        turn: reply.turn,
        turns: reply.turns,
        text: &reply.text,
        holding: reply.holding,
        marks: &reply.marks,
        outcome: name,
        via,
        path,
    }
}

fn for_people(cx: &mut Context, reply: &ReplyText, outcome: &Outcome) -> Result<(), Failure> {
    let Some(said) = ladder::said(cx.lang, outcome) else {
        cx.out.verbatim(&reply.text)?;
        return cx.out.verbatim("\n");
    };
    let turn = Msg::TurnCopied {
        turn: reply.turn,
        of: reply.turns,
    };
    let turn = words::text(cx.lang, &turn);
    let comma = cx.lang.pick("，", ", ");
    cx.out.say(format!("{said}{comma}{turn}"))
}

/// What the agent should know before the text is sent.
fn warn(cx: &mut Context, reply: &ReplyText) {
    if !reply.marks.is_empty() {
        let marks = reply.marks.join(" ");
        let msg = Msg::MarksLeft { marks: &marks };
        cx.out.note(words::text(cx.lang, &msg));
    }
    if reply.holding {
        cx.out.note(words::word(cx.lang, Word::Holding));
    }
}
