//! Changes that were done, or were not.

use super::everything_is_stale;
use crate::api::{ActDone, Answer, DeskError};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::msg::{ChangeKind, Effect};
use crate::tui::notices::Weight;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::panes::list::Source;
use crate::tui::say;
use crate::tui::update::{layers, notify, outcome};
use crate::words::{self, Count, Msg, Word, word};

/// A change was done, or was not.
pub(super) fn done(
    app: &mut App,
    kind: ChangeKind,
    generation: Generation,
    result: Result<Answer, DeskError>,
) -> Vec<Effect> {
    let sent = layers::sent(app, generation);
    let act = match result {
        Ok(Answer::Done(act)) => act,
        refused => {
            not_done(app, kind, refused.err());
            if let Some(sent) = sent {
                layers::back(app, sent);
            }
            return vec![];
        }
    };
    tell(app, kind, &act);
    if matches!(kind, ChangeKind::View | ChangeKind::Undo | ChangeKind::Redo) {
        app.tabs.stale = true;
    }
    if matches!(kind, ChangeKind::Annotate | ChangeKind::Recategorise) && act.conflicts.is_empty() {
        // Those set since it was sent are for the next.
        app.list.marked.retain(|_, mark| mark.since >= generation);
    }
    let mut effects = Vec::new();
    if let Some(sent) = sent.filter(|_| act.conflicts.is_empty()) {
        effects.extend(outcome::finish(app, &sent));
    }
    if kind == ChangeKind::RemoveDataset {
        app.filter.dataset = None;
    }
    if matches!(app.list.source, Source::Queue(_))
        && matches!(kind, ChangeKind::Annotate | ChangeKind::Recategorise)
    {
        app.list.in_place = true;
    }
    if matches!(kind, ChangeKind::Undo | ChangeKind::Redo) {
        app.list.return_to(act.tickets().into_iter().collect());
    }
    everything_is_stale(app);
    if !act.conflicts.is_empty() {
        let conflicts = ConflictList::new(Some(act.conflicts));
        effects.extend(layers::open(app, conflicts));
    }
    effects.extend(layers::refresh(app));
    effects
}

/// Says why nothing became of a change. What left a queue for it is there again.
fn not_done(app: &mut App, kind: ChangeKind, error: Option<DeskError>) {
    let nothing = error.as_ref().is_some_and(
        |error| matches!(error, DeskError::NothingToUndo { moved_on } if moved_on.is_empty()),
    );
    if nothing {
        let what = match kind {
            ChangeKind::Redo => Word::NothingToRedo,
            ChangeKind::Annotate
            | ChangeKind::Vote
            | ChangeKind::Recategorise
            | ChangeKind::Undo
            | ChangeKind::Resolve
            | ChangeKind::Vocabulary
            | ChangeKind::Setting
            | ChangeKind::Reply
            | ChangeKind::Outdate
            | ChangeKind::Star
            | ChangeKind::View
            | ChangeKind::RemoveDataset => Word::NothingToUndo,
        };
        let words = word(app.look.lang, what).to_owned();
        app.notices.say(Weight::Plain, words);
        return;
    }
    match error {
        Some(error) => notify::failed(app, &error),
        None => notify::unexpected(app),
    }
    if matches!(app.list.source, Source::Queue(_)) {
        app.list.refresh();
    }
}

fn tell(app: &mut App, kind: ChangeKind, act: &ActDone) {
    let lang = app.look.lang;
    let mut parts: Vec<String> = say::done(lang, kind, act).into_iter().collect();
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
