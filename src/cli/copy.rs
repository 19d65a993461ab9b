//! `gongdan copy`: a reply on its way to the agent's clipboard, and an honest word on it.

mod ladder;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::say::say;
use super::wait;
use crate::api::{
    Compose, Desk, DeskExt, Draft, DraftFinding, DraftOf, ErrorCode, HealedFrom, Readiness,
    SlotRow, ask,
};
use crate::clipboard::{Method, Outcome};
use crate::model::{ReplyId, TicketId};
use crate::words::{self, Msg, Word, names};

pub use ladder::{
    HoldArgs, copy_in, environment_of_a_terminal, hold, method, plan, uncopied, workbench_clipboard,
};

/// Copy a reply to the clipboard
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A ticket or a standard reply, by any unique prefix of its id, or by short code
    id: String,
    /// Which of the agent's turns, from 1; by default the best that answers
    #[arg(long, value_name = "N", conflicts_with = "reply")]
    turn: Option<usize>,
    /// The Nth reply that is offered for the ticket
    #[arg(long, value_name = "N")]
    reply: Option<usize>,
    /// Fill a slot; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// The ticket whose customer gets it
    #[arg(long = "for", value_name = "ID", conflicts_with = "reply")]
    for_ticket: Option<String>,
    /// As it was written: no line breaks restored, no links filled
    #[arg(long)]
    original: bool,
    /// Copy though there is something to look at; this is recorded
    #[arg(long)]
    anyway: bool,
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
    id: String,
    reply: ReplyId,
    turn: Option<usize>,
    turns: usize,
    text: &'a str,
    holding: bool,
    marks: &'a [String],
    ticket: Option<TicketId>,
    slots: &'a [SlotRow],
    findings: &'a [DraftFinding],
    healed: &'a [HealedFrom],
    broken_links: &'a [String],
    pictures: usize,
    outdated: Option<&'a str>,
    successor: Option<&'a str>,
    merged_from: Option<ReplyId>,
    lent: bool,
    retired: bool,
    outcome: &'static str,
    via: Option<&'static str>,
    path: Option<&'a Path>,
}

/// Copies or prints a reply.
///
/// # Errors
/// When the ticket or the reply is unknown, a slot is left, the guard found something to look at,
/// or the method that was asked for failed.
pub fn run(args: &Args, cx: &mut Context) -> Result<Exit, Failure> {
    let values = values(&args.set, cx)?;
    let desk = cx.desk()?;
    let draft = draft(args, values.clone(), cx, &*desk)?;
    known(values.keys(), &draft, cx)?;
    // A ticket's own turn that is only printed is read where it was said: that sends nothing.
    let read = args.print && !draft.standard && args.reply.is_none() && draft.outdated.is_empty();
    let overridden = match draft.readiness(args.anyway) {
        Readiness::Ready { overridden } => overridden,
        Readiness::Unfilled | Readiness::Guarded if read => Vec::new(),
        Readiness::Unfilled => return Err(unfilled(&draft, cx)),
        Readiness::Guarded => return Err(guarded(&draft, cx)),
    };
    let outcome = if args.print {
        Outcome::Show
    } else {
        let asked = args.method.as_deref().and_then(Method::parse);
        ladder::copy(cx, asked, &draft.text)
    };
    // What did not reach a clipboard was not used.
    if !args.print && !matches!(outcome, Outcome::Failed { .. }) {
        let uses = vec![draft.used(overridden)];
        desk.ask(ask::RecordUse { uses })?;
    }
    // The store is not needed while the text is read; others may need it.
    drop(desk);
    tell(cx, &draft, &outcome)?;
    Ok(Exit::Done)
}

/// Slots' values as the command line gives them.
fn values(set: &[String], cx: &Context) -> Result<BTreeMap<String, String>, Failure> {
    let pair = |given: &String| {
        let pair = given.split_once('=');
        let pair = pair.map(|(name, value)| (name.trim().to_owned(), value.to_owned()));
        pair.ok_or_else(|| {
            Failure::usage(say!(
                cx.lang,
                "--set 写成 名称=值，而不是「{given}」",
                "--set takes NAME=VALUE, not “{given}”"
            ))
        })
    };
    set.iter().map(pair).collect()
}

/// Refuses a value for a slot that the reply does not have: it would be lost without a word.
fn known<'a>(
    mut names: impl Iterator<Item = &'a String>,
    draft: &Draft,
    cx: &Context,
) -> Result<(), Failure> {
    let Some(name) = names.find(|name| draft.slots.iter().all(|slot| slot.name != **name)) else {
        return Ok(());
    };
    let there: Vec<&str> = draft.slots.iter().map(|slot| slot.name.as_str()).collect();
    let there = there.join(cx.lang.pick("、", ", "));
    Err(Failure::Usage {
        message: say!(
            cx.lang,
            "这条回复没有空位「{name}」",
            "the reply has no slot “{name}”"
        ),
        hint: (!there.is_empty()).then(|| say!(cx.lang, "有：{there}", "it has: {there}")),
    })
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=@,%+…".contains(c);
    if argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

fn draft(
    args: &Args,
    values: BTreeMap<String, String>,
    cx: &mut Context,
    desk: &dyn Desk,
) -> Result<Draft, Failure> {
    let compose = |of: DraftOf| {
        let draft = desk.ask(Compose {
            of,
            values: values.clone(),
            original: args.original,
        })?;
        Ok(*draft)
    };
    // What tickets say alike tells which links are broken, whose an address is, and what must not
    // be sent any more.
    wait::for_insight(desk, cx)?;
    let id = args.id.clone();
    if let Some(number) = args.reply {
        return compose(DraftOf::Offer { id, number });
    }
    let standard = DraftOf::Standard {
        reply: id.clone(),
        ticket: args.for_ticket.clone(),
    };
    if args.for_ticket.is_some() && args.turn.is_none() {
        return compose(standard);
    }
    let turn = DraftOf::Turn {
        id,
        turn: args.turn,
        receiver: args.for_ticket.clone(),
    };
    match compose(turn) {
        // Not a ticket's: a standard reply's id or code.
        Err(Failure::Desk(error))
            if error.code() == ErrorCode::UnknownId && args.turn.is_none() =>
        {
            match compose(standard) {
                // Neither: the first word on it is the better known one.
                Err(Failure::Desk(other)) if other.code() == ErrorCode::UnknownReply => {
                    Err(error.into())
                }
                done => done,
            }
        }
        done => done,
    }
}

/// Why a draft with blanks is not copied.
fn unfilled(draft: &Draft, cx: &Context) -> Failure {
    let lang = cx.lang;
    let left = draft.unfilled.join(lang.pick("、", ", "));
    let first = draft.unfilled.first().map_or("", String::as_str);
    let seen = draft.slots.iter().find(|slot| slot.name == first);
    let value = seen.and_then(|slot| slot.offered().first());
    let value = value.map_or("…", String::as_str);
    Failure::Refused {
        message: say!(lang, "还有空位没有填：{left}", "slots are left: {left}"),
        hint: Some(format!("--set {}", quoted(&format!("{first}={value}")))),
    }
}

/// Why a draft that has to be looked at is not copied: the gravest first.
fn guarded(draft: &Draft, cx: &Context) -> Failure {
    let lang = cx.lang;
    let again = Some(say!(
        lang,
        "确认无误后加 --anyway；会记录",
        "--anyway copies it nevertheless; this is recorded"
    ));
    let message = if !draft.outdated.is_empty() {
        let heir = draft.successor.as_deref().unwrap_or_default();
        words::outdated(lang, &draft.outdated, heir)
    } else if draft.retired {
        words::word(lang, Word::Retired).to_owned()
    } else {
        let broken = draft.broken_links.iter();
        let broken = broken.map(|link| ("broken_link", link.as_str()));
        let found = draft.findings.iter();
        let found = found.map(|found| (found.kind.as_str(), found.value.as_str()));
        let found = words::findings(lang, found.chain(broken));
        say!(
            lang,
            "发送前请留意：{found}",
            "look at this before: {found}"
        )
    };
    Failure::Refused {
        message,
        hint: again,
    }
}

fn tell(cx: &mut Context, draft: &Draft, outcome: &Outcome) -> Result<(), Failure> {
    if let Outcome::Failed { via, error } = outcome {
        return Err(Failure::Refused {
            message: words::text(
                cx.lang,
                &Msg::CopyFailed {
                    via: names::via(cx.lang, via.name()),
                    why: &uncopied(cx.lang, error),
                },
            ),
            hint: Some("gongdan doctor clipboard".to_owned()),
        });
    }
    if cx.json() {
        return cx.out.object(&object(draft, outcome));
    }
    for_people(cx, draft, outcome)?;
    warn(cx, draft);
    Ok(())
}

fn object<'a>(draft: &'a Draft, outcome: &'a Outcome) -> Copied<'a> {
    let (name, via, path) = match outcome {
        Outcome::Copied { via } => ("copied", Some(via.name()), None),
        Outcome::Sent { via, .. } => ("sent", Some(via.name()), None),
        Outcome::Saved { path } => ("saved", None, Some(path.as_path())),
        Outcome::Show => ("printed", None, None),
        Outcome::Failed { via, .. } => ("failed", Some(via.name()), None),
    };
    let ticket = draft.ticket.filter(|_| !draft.standard);
    Copied {
        id: ticket.map_or_else(|| draft.reply.to_string(), |id| id.to_string()),
        reply: draft.reply,
        turn: draft.turn,
        turns: draft.turns,
        text: &draft.text,
        holding: draft.holding,
        marks: &draft.marks,
        ticket: draft.ticket,
        slots: &draft.slots,
        findings: &draft.findings,
        healed: &draft.healed,
        broken_links: &draft.broken_links,
        pictures: draft.pictures,
        outdated: Some(draft.outdated.as_str()).filter(|why| !why.is_empty()),
        successor: draft.successor.as_deref(),
        merged_from: draft.merged_from,
        lent: draft.lent,
        retired: draft.retired,
        outcome: name,
        via,
        path,
    }
}

fn for_people(cx: &mut Context, draft: &Draft, outcome: &Outcome) -> Result<(), Failure> {
    let Some(said) = ladder::said(cx.lang, outcome) else {
        cx.out.verbatim(&draft.text)?;
        return cx.out.verbatim("\n");
    };
    let comma = cx.lang.pick("，", ", ");
    let what = match draft.turn {
        Some(turn) => {
            let turn = Msg::TurnCopied {
                turn,
                of: draft.turns,
            };
            words::text(cx.lang, &turn)
        }
        None => draft.title.clone(),
    };
    cx.out.say(format!("{said}{comma}{what}"))
}

/// What the agent should know before the text is sent.
fn warn(cx: &mut Context, draft: &Draft) {
    let lang = cx.lang;
    if draft.lent {
        let title = &draft.title;
        cx.out.note(words::text(lang, &Msg::Lent { title }));
    }
    if !draft.marks.is_empty() {
        let marks = draft.marks.join(" ");
        let msg = Msg::MarksLeft { marks: &marks };
        cx.out.note(words::text(lang, &msg));
    }
    if draft.pictures > 0 {
        let count = draft.pictures;
        cx.out.note(say!(
            lang,
            "原文此处有图（{count} 处）",
            "the original has pictures here ({count})"
        ));
    }
    // Said once a copy, however many links came from elsewhere.
    let mut sources: Vec<String> = Vec::new();
    for healed in &draft.healed {
        let source = format!("#{}", healed.source);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if !sources.is_empty() {
        let sources = sources.join(lang.pick("、", ", "));
        cx.out.note(say!(
            lang,
            "残缺的链接已按工单 {sources} 补全",
            "a broken link was filled from ticket {sources}"
        ));
    }
    for link in &draft.broken_links {
        cx.out.note(say!(
            lang,
            "链接不完整：{link}",
            "the link is broken: {link}"
        ));
    }
    if let Some(id) = draft.merged_from {
        let into = draft.reply;
        cx.out.note(say!(
            lang,
            "{id} 已并入 {into}",
            "{id} was merged into {into}"
        ));
    }
    if !draft.findings.is_empty() {
        let found = draft.findings.iter();
        let found = found.map(|found| (found.kind.as_str(), found.value.as_str()));
        let found = words::findings(lang, found);
        cx.out
            .note(say!(lang, "请留意：{found}", "look at this: {found}"));
    }
    if draft.holding {
        cx.out.note(words::word(lang, Word::Holding));
    }
}
