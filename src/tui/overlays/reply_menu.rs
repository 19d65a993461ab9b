//! What can be done with a standard reply, as the menu lists it.

use super::code::CodeForm;
use super::copying::{self, Version};
use super::menu::{Entry, Menu};
use super::outdate::OutdateForm;
use super::pager::Pager;
use super::reply_form::ReplyForm;
use super::{Command, Outcome};
use crate::api::{DraftOf, ReplyEdit, ReplyRow, Request};
use crate::tui::msg::ChangeKind;
use crate::tui::view::View;
use crate::words::Word;

/// The menu for a reply as it is now.
pub fn of(row: &ReplyRow, view: &View<'_>) -> Menu {
    let reply = row.id.to_string();
    let mut entries = Vec::new();
    let mut add = |label, outcome| entries.push(Entry::new(label, outcome));
    if !row.retired {
        add(Word::CopyReply, copy(row, Version::Fitted, view));
    }
    if !row.retired && !row.curated {
        add(Word::CopyOriginal, copy(row, Version::Original, view));
    }
    let star = Outcome::close().and(copying::star(reply.clone(), !row.favourite));
    if row.favourite {
        add(Word::UnstarReply, star);
    } else {
        add(Word::StarReply, star);
    }
    let form = ReplyForm::change(row, view.look);
    add(Word::EditReply, Outcome::close().open(form));
    if let Some(mined) = &row.mined_text {
        let form = ReplyForm::follow(row, mined, view.look);
        add(Word::FollowReply, Outcome::close().open(form));
        let (reply, take) = (reply.clone(), false);
        add(Word::KeepReply, edit(ReplyEdit::Settle { reply, take }));
    }
    let form = OutdateForm::of_reply(row);
    add(Word::Outdate, Outcome::close().open(form));
    let retired = !row.retired;
    let retire = ReplyEdit::Retire {
        reply: reply.clone(),
        retired,
    };
    let label = if retired {
        Word::RetireReply
    } else {
        Word::ReviveReply
    };
    add(label, edit(retire));
    if row.curated {
        let log = Pager::reply_history(reply);
        add(Word::ReplyHistory, Outcome::close().open(log));
    }
    if !row.evidence.is_empty() {
        let ids: Vec<String> = row.evidence.iter().map(|id| format!("id:{id}")).collect();
        let list = Command::ShowQuery(ids.join(" OR "));
        add(Word::ReplyTickets, Outcome::close().and(list));
    }
    if !row.retired && row.merged_into.is_none() {
        let form = CodeForm::merging(row.id);
        add(Word::MergeReply, Outcome::close().open(form));
    }
    if let Some(last) = row.merged.last() {
        let reply = last.to_string();
        add(Word::PartReply, edit(ReplyEdit::Part { reply }));
    }
    Menu::new(row.title.clone(), entries)
}

/// Copies the reply; nothing stays open above the ticket.
fn copy(row: &ReplyRow, version: Version, view: &View<'_>) -> Outcome {
    let of = DraftOf::Standard {
        reply: row.id.to_string(),
        ticket: view.ticket_at_hand(),
    };
    let what = version.of(of);
    let command = copying::copy(what, &row.title, &row.text, &row.slots, view);
    Outcome::close().and(Command::CloseAll).and(command)
}

fn edit(edit: ReplyEdit) -> Outcome {
    let request = Request::EditReply(edit);
    Outcome::close().and(Command::Change(ChangeKind::Reply, request))
}
