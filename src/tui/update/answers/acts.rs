//! Changes that were done, or were not.

use super::{everything_is_stale, failed, unexpected};
use crate::desk::api::{ActDone, Settlement};
use crate::desk::{Answer, DeskError, ErrorCode};
use crate::model::Generation;
use crate::tui::app::{App, Sent, Weight};
use crate::tui::msg::{Deed, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::panes::list::Source;
use crate::tui::say;
use crate::tui::update::{opening, overlays, sent};
use crate::words::{self, Count, Msg, Word, word};

/// A change was done, or was not.
pub(super) fn done(
    app: &mut App,
    deed: Deed,
    generation: Generation,
    result: Result<Answer, DeskError>,
) -> Vec<Effect> {
    let sent = sent::answered(app, generation);
    let act = match result {
        Ok(Answer::Done(act)) => act,
        refused => {
            not_done(app, deed, refused.err());
            if let Some(sent) = sent {
                sent::back(app, sent);
            }
            return vec![];
        }
    };
    tell(app, deed, &act);
    if matches!(deed, Deed::View | Deed::Undo | Deed::Redo) {
        app.tabs.stale = true;
    }
    if matches!(deed, Deed::Annotate | Deed::Recategorise) && act.conflicts.is_empty() {
        // Those set since it was sent are for the next.
        app.list.marked.retain(|_, mark| mark.since >= generation);
    }
    if let Some(Sent {
        form: Overlay::ViewForm(form),
        ..
    }) = sent
        && act.conflicts.is_empty()
    {
        overlays::view_saved(app, &form);
    }
    if deed == Deed::RemoveDataset {
        app.filter.dataset = None;
    }
    if matches!(app.list.source, Source::Queue(_))
        && matches!(deed, Deed::Annotate | Deed::Recategorise)
    {
        app.list.in_place = true;
    }
    everything_is_stale(app);
    if !act.conflicts.is_empty() {
        let generation = app.next_generation();
        app.overlays.push(Overlay::Conflicts(ConflictList {
            rows: Some(act.conflicts),
            generation,
            selected: 0,
            how: Settlement::Mine,
        }));
    }
    opening::refresh_overlays(app)
}

/// Says why nothing became of a change. What left a queue for it is there again.
fn not_done(app: &mut App, deed: Deed, error: Option<DeskError>) {
    let nothing = error.as_ref().is_some_and(|error| {
        error.code == ErrorCode::NothingToUndo && error.value("moved_on").is_empty()
    });
    if nothing {
        let what = match deed {
            Deed::Redo => Word::NothingToRedo,
            Deed::Annotate
            | Deed::Vote
            | Deed::Recategorise
            | Deed::Undo
            | Deed::Resolve
            | Deed::Vocabulary
            | Deed::Setting
            | Deed::Reply
            | Deed::Outdate
            | Deed::Star
            | Deed::View
            | Deed::RemoveDataset => Word::NothingToUndo,
        };
        let words = word(app.look.lang, what).to_owned();
        app.notices.say(Weight::Plain, words);
        return;
    }
    match error {
        Some(error) => failed(app, &error),
        None => unexpected(app),
    }
    if matches!(app.list.source, Source::Queue(_)) {
        app.list.refresh();
    }
}

fn tell(app: &mut App, deed: Deed, act: &ActDone) {
    let lang = app.look.lang;
    let mut parts: Vec<String> = say::done(lang, deed, act).into_iter().collect();
    let mut weight = Weight::Good;
    if !act.moved_on.is_empty() {
        weight = Weight::Warn;
        let (n, which) = (Count(act.moved_on.len()), say::list(lang, &act.moved_on));
        parts.push(words::text(lang, &Msg::MovedOn { n, which: &which }));
    }
    if !act.conflicts.is_empty() {
        weight = Weight::Warn;
        let n = Count(act.conflicts.len());
        parts.push(words::text(lang, &Msg::Conflicted { n }));
    }
    if parts.is_empty() {
        weight = Weight::Plain;
        parts.push(word(lang, Word::Unchanged).to_owned());
    }
    app.notices.say(weight, parts.join(lang.pick("；", "; ")));
}
