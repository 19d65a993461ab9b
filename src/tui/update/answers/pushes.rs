//! What the desk tells without being asked.

use std::collections::BTreeSet;

use super::{ask_company, ask_status, company, everything_is_stale};
use crate::api::{JobState, Part, Progress, Push, Request, ask};
use crate::model::TicketId;
use crate::tui::app::App;
use crate::tui::msg::{Effect, Topic};
use crate::tui::notices::Weight;
use crate::tui::panes::list::Source;
use crate::tui::update::{layers, orders};
use crate::words::{self, Msg, Word, names, word};

/// Takes what the desk tells without being asked.
pub fn pushed(app: &mut App, push: Push) -> Vec<Effect> {
    match push {
        Push::Changed(ids) => changed(app, &ids.into_iter().collect())
            .into_iter()
            .collect(),
        Push::Findable(ids) => {
            findable(app, &ids);
            vec![]
        }
        Push::Part(part) => part_changed(app, part),
        Push::Reload => {
            everything_is_stale(app);
            app.tabs.stale = true;
            let mut effects = layers::refresh(app);
            effects.push(ask_status(app));
            effects
        }
        Push::Resync => {
            everything_is_stale(app);
            app.tabs.stale = true;
            let words = word(app.look.lang, Word::Resynced).to_owned();
            app.notices.say(Weight::Plain, words);
            // The desk may be another one, which knows of nobody.
            app.company.told = None;
            let mut effects = layers::refresh(app);
            effects.extend([ask_status(app), ask_company(app)]);
            effects
        }
        Push::Present(changed) => {
            company(app, changed);
            vec![]
        }
        Push::Progress(progress) => progressed(app, progress),
    }
}

/// Others changed tickets: what is on its way may have been read before.
fn changed(app: &mut App, ids: &BTreeSet<TicketId>) -> Option<Effect> {
    let wanted = app.detail.wanted.as_deref();
    if wanted.is_some_and(|wanted| ids.iter().any(|id| id.as_str() == wanted)) {
        app.detail.stale = true;
    }
    if app.list.asked.is_some() {
        app.list.missed.extend(ids);
    }
    look_again(app, ids)
}

/// Only rows that are shown are asked for again, so that a team that annotates all the time does not
/// make each of its screens search all the time.
pub(super) fn look_again(app: &mut App, ids: &BTreeSet<TicketId>) -> Option<Effect> {
    let held: Vec<TicketId> = app.list.tickets().filter(|id| ids.contains(id)).collect();
    if held.is_empty() {
        return None;
    }
    // A ticket that was decided on may no longer belong to the list. What a query finds is told
    // later: see `findable`.
    let lists_causes = by_causes(app) && app.query.text().is_empty();
    match app.list.source {
        Source::Queue(_) => app.list.refresh(),
        Source::Query if lists_causes => {
            app.list.refresh();
            app.tree.stale = true;
        }
        Source::Query | Source::Similar { .. } => {
            let generation = app.next_generation();
            let request = Request::Rows(ask::Rows { ids: held });
            return Some(orders::ask(generation, Topic::Changed, request));
        }
    }
    None
}

/// Search has caught up with changed tickets: a query that asks for what can change, such as causes,
/// is asked again where it found them.
fn findable(app: &mut App, ids: &[TicketId]) {
    let query = app.query.text();
    let names_fields = query.contains([':', '：']);
    let found_by_it = by_causes(app) || names_fields;
    let is_query = app.list.source == Source::Query && !query.is_empty();
    if is_query && found_by_it && app.list.tickets().any(|id| ids.contains(&id)) {
        app.list.refresh();
        app.tree.stale = true;
    }
}

fn by_causes(app: &App) -> bool {
    app.filter.cause_state.is_some() || app.filter.cause.is_some()
}

fn part_changed(app: &mut App, part: Part) -> Vec<Effect> {
    match part {
        // Of what a query found, the count is as old as the rows.
        Part::Counts => {
            if app.query.text().is_empty() {
                app.tree.stale = true;
                if app.filter.category.is_some() {
                    app.list.refresh();
                }
            }
            vec![]
        }
        Part::Vocabulary | Part::Replies => {
            // What waits is found anew with the replies.
            if part == Part::Replies && matches!(app.list.source, Source::Queue(_)) {
                app.list.refresh();
            }
            layers::refresh(app)
        }
        Part::Views => {
            app.tabs.stale = true;
            vec![]
        }
    }
}

fn progressed(app: &mut App, progress: Progress) -> Vec<Effect> {
    match progress.state {
        JobState::Running => {
            app.progress = Some(progress);
            vec![]
        }
        JobState::Done | JobState::Cancelled | JobState::Failed => {
            app.progress = None;
            ended(app, &progress);
            everything_is_stale(app);
            // What could not be told before it was done can be now.
            let mut effects = layers::refresh(app);
            effects.push(ask_status(app));
            effects
        }
    }
}

/// Says how a job ended. The desk's own work says so only when it failed: it must not take the
/// place of what the agent's last act did.
fn ended(app: &mut App, progress: &Progress) {
    let what = names::job(app.look.lang, &progress.what);
    let (weight, message) = match (progress.state, progress.job) {
        (JobState::Failed, _) => (Weight::Bad, Msg::JobFailed { what }),
        (_, None) => return,
        (JobState::Cancelled, Some(_)) => (Weight::Plain, Msg::JobCancelled { what }),
        (JobState::Running | JobState::Done, Some(_)) => (Weight::Good, Msg::JobDone { what }),
    };
    let words = words::text(app.look.lang, &message);
    app.notices.say(weight, words);
}
