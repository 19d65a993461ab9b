//! The masks on what agents type and paste: notes, reasons and replies pass them like documents.
//!
//! Names that others choose from (causes, datasets, views) are left: a mask in a name helps
//! nobody, so whoever gives one is warned instead.

use crate::api::{ReplyEdit, Request, ask};
use crate::ingest::Masking;
use crate::store::Store;

/// A request with the free text in it masked as the team has set it.
pub(super) fn masked(store: &Store, mut request: Request) -> Request {
    let texts = free_texts(&mut request);
    if !texts.is_empty() {
        let masking = Masking::of(&store.settings());
        for text in texts {
            *text = masking.masked(text);
        }
    }
    request
}

/// What of a request is kept as it was typed.
fn free_texts(request: &mut Request) -> Vec<&mut String> {
    match request {
        Request::Annotate(wanted) => vec![&mut wanted.note],
        Request::Vote(vote) => vec![&mut vote.note],
        Request::Recategorise(wanted) => vec![&mut wanted.note],
        Request::MarkOutdated(ask::MarkOutdated { reason, .. }) => vec![reason],
        Request::EditReply(ReplyEdit::Create { text, .. }) => vec![text],
        Request::EditReply(ReplyEdit::Change {
            text: Some(text), ..
        }) => vec![text],
        Request::EditReply(ReplyEdit::Outdated { reason, .. }) => vec![reason],
        _ => Vec::new(),
    }
}
