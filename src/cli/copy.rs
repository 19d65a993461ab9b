//! `gongdan copy`: a reply on its way to the agent's clipboard.

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::desk::api::ReplyText;
use crate::desk::{Answer, Request};
use crate::model::TicketId;
use crate::words::{self, Msg, Word};

/// Copy a reply to the clipboard
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ticket, by any unique prefix of its id
    id: String,
    /// Which of the agent's turns, from 1; by default the last that answers something
    #[arg(long, value_name = "N")]
    turn: Option<usize>,
    /// Print the text instead of copying it
    #[arg(long)]
    print: bool,
}

/// What was copied, for scripts.
#[derive(Serialize)]
struct Copied<'a> {
    id: TicketId,
    turn: usize,
    turns: usize,
    text: &'a str,
    holding: bool,
    marks: &'a [String],
}

/// Copies or prints a reply.
///
/// # Errors
/// When the ticket or the reply is unknown.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    let request = Request::Reply {
        id: args.id.clone(),
        turn: args.turn,
    };
    let Answer::Reply(reply) = desk.call(request)? else {
        return Err(Failure::unexpected());
    };
    if cx.json() {
        cx.out.object(&Copied {
            id: reply.id,
            turn: reply.turn,
            turns: reply.turns,
            text: &reply.text,
            holding: reply.holding,
            marks: &reply.marks,
        })?;
    } else {
        cx.out.verbatim(&reply.text)?;
        cx.out.verbatim("\n")?;
        warn(cx, &reply);
    }
    Ok(Exit::Done)
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
