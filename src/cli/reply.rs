//! `gongdan reply`: standard replies that agents keep.

mod showing;

use clap::Subcommand;

use super::acts;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use super::similar::standard_input;
use super::wait;
use crate::api::{ActDone, Ask, ReplyEdit, ask};
use crate::model::Revision;

/// Standard replies: write, change, retire
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Edit(Edit),
    /// Make a standard reply one of your favourites
    Star {
        /// Id or short code
        reply: String,
    },
    /// Take a standard reply out of your favourites
    Unstar {
        /// Id or short code
        reply: String,
    },
    /// List kept replies of which the tickets say something else now, and what
    Offers,
    /// Show a standard reply with the tickets that have it and its history
    Show {
        /// Id or short code
        reply: String,
    },
}

#[derive(Debug, Subcommand)]
enum Edit {
    /// Write a new standard reply
    New {
        /// Its name
        name: String,
        /// Its text, slots as {{名称}}; - reads it from standard input
        text: String,
        /// Short code by which it is found
        #[arg(long, default_value = "", hide_default_value = true)]
        code: String,
    },
    /// Name a standard reply, give it a short code, or change its text
    Set(Set),
    /// Offer a standard reply no more
    Retire {
        /// Id or short code
        reply: String,
    },
    /// Offer a retired standard reply again
    Revive {
        /// Id
        reply: String,
    },
    /// Say why a standard reply must not be sent any more
    Outdated {
        /// Id or short code
        reply: String,
        /// Why; leave out to take it back
        #[arg(default_value = "", hide_default_value = true)]
        reason: String,
        /// The reply that takes its place, by id or short code
        #[arg(long, value_name = "REPLY")]
        successor: Option<String>,
    },
    /// Merge standard replies into one; their ids and codes lead to it
    Merge {
        /// The one that stays, by id or short code
        reply: String,
        /// The others
        #[arg(required = true)]
        others: Vec<String>,
    },
    /// Part a standard reply from the one it was merged into
    Part {
        /// Id or short code
        reply: String,
    },
    /// Take what the tickets say now
    Take {
        /// Id or short code
        reply: String,
    },
    /// Keep the text as it is, until the tickets change again
    Keep {
        /// Id or short code
        reply: String,
    },
}

#[derive(Debug, clap::Args)]
struct Set {
    /// Id or short code
    reply: String,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// Short code by which it is found; empty takes it away
    #[arg(long)]
    code: Option<String>,
    /// Its text, slots as {{名称}}; - reads it from standard input
    #[arg(long)]
    text: Option<String>,
    /// The revision the change was made against; a newer one makes it a conflict
    #[arg(long, value_name = "N")]
    base_rev: Option<u32>,
}

/// Changes a standard reply.
///
/// # Errors
/// When the desk cannot be opened or refuses.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    match &args.command {
        Command::Offers => showing::offers(cx),
        Command::Show { reply } => showing::run(reply, cx),
        Command::Star { reply } | Command::Unstar { reply } => {
            let star = ask::Star {
                reply: reply.clone(),
                starred: matches!(args.command, Command::Star { .. }),
            };
            change(star, cx)
        }
        Command::Edit(command) => change(edit(command, cx)?, cx),
    }
}

/// Changes a reply, once it is known which there are.
fn change(order: impl Ask<Answer = ActDone>, cx: &mut Context) -> Result<Exit, Failure> {
    let desk = cx.desk()?;
    wait::for_insight(&*desk, cx)?;
    acts::perform(cx, &*desk, order)
}

fn edit(command: &Edit, cx: &Context) -> Result<ReplyEdit, Failure> {
    Ok(match command {
        Edit::New { name, text, code } => ReplyEdit::Create {
            name: name.clone(),
            code: code.clone(),
            text: given(text)?,
            of: None,
        },
        Edit::Set(set) => {
            if set.name.is_none() && set.code.is_none() && set.text.is_none() {
                return Err(Failure::usage(say!(
                    cx.lang,
                    "没有要改的：写 --name、--code 或 --text",
                    "nothing to change: give --name, --code or --text"
                )));
            }
            ReplyEdit::Change {
                reply: set.reply.clone(),
                name: set.name.clone(),
                code: set.code.clone(),
                text: set.text.as_deref().map(given).transpose()?,
                base_rev: set.base_rev.map(Revision),
            }
        }
        Edit::Retire { reply } => ReplyEdit::Retire {
            reply: reply.clone(),
            retired: true,
        },
        Edit::Revive { reply } => ReplyEdit::Retire {
            reply: reply.clone(),
            retired: false,
        },
        Edit::Outdated {
            reply,
            reason,
            successor,
        } => ReplyEdit::Outdated {
            reply: reply.clone(),
            reason: reason.clone(),
            successor: successor.clone(),
            base_rev: None,
        },
        Edit::Merge { reply, others } => ReplyEdit::Merge {
            reply: reply.clone(),
            others: others.clone(),
        },
        Edit::Part { reply } => ReplyEdit::Part {
            reply: reply.clone(),
        },
        Edit::Take { reply } => ReplyEdit::Settle {
            reply: reply.clone(),
            take: true,
        },
        Edit::Keep { reply } => ReplyEdit::Settle {
            reply: reply.clone(),
            take: false,
        },
    })
}

/// A text as it was given, or standard input for `-`.
///
/// # Errors
/// When standard input cannot be read.
pub fn given(text: &str) -> Result<String, Failure> {
    if text == "-" {
        standard_input()
    } else {
        Ok(text.to_owned())
    }
}
