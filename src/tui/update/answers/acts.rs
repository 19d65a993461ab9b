//! Changes that were done, or were not.

use tui_input::Input;

use super::{everything_is_stale, failed, unexpected};
use crate::desk::api::{ActDone, Settlement};
use crate::desk::{Answer, DeskError, ErrorCode};
use crate::model::Generation;
use crate::tui::app::{App, Weight};
use crate::tui::msg::{Deed, Effect};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::panes::list::Source;
use crate::tui::say;
use crate::tui::update::opening;
use crate::words::{self, Count, Msg, Word, word};

/// A change was done, or was not.
pub(super) fn done(
    app: &mut App,
    deed: Deed,
    generation: Generation,
    result: Result<Answer, DeskError>,
) -> Vec<Effect> {
    let lang = app.look.lang;
    let form = app.sending.iter().position(|(sent, _)| *sent == generation);
    let form = form.map(|at| app.sending.remove(at).1);
    let act = match result {
        Ok(Answer::Done(act)) => act,
        Ok(_) => {
            unexpected(app);
            return vec![];
        }
        Err(error)
            if error.code == ErrorCode::NothingToUndo && error.value("moved_on").is_empty() =>
        {
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
            app.notices.say(Weight::Plain, word(lang, what).to_owned());
            return vec![];
        }
        Err(error) => {
            failed(app, &error);
            // What was filled in is there to be kept, or sent once more.
            app.overlays.extend(form);
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
    app.overlays
        .retain(|overlay| overlay.sent() != Some(generation));
    for overlay in &mut app.overlays {
        if let Overlay::Vocabulary(list) = overlay
            && list.sent == Some(generation)
        {
            // What was typed is a cause now.
            (list.input, list.selected, list.sent) = (Input::default(), 0, None);
        }
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
