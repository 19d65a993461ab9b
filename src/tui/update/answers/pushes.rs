//! What the desk tells without being asked.

use super::{ask_company, ask_status, company, everything_is_stale};
use crate::desk::Push;
use crate::desk::api::{JobState, Progress};
use crate::tui::app::{App, Weight};
use crate::tui::msg::Effect;
use crate::tui::update::opening;
use crate::words::{self, Msg, Word, names, word};

/// Takes what the desk tells without being asked.
pub fn pushed(app: &mut App, push: Push) -> Vec<Effect> {
    match push {
        Push::Changed(_) => {
            everything_is_stale(app);
            vec![]
        }
        Push::Reload => {
            everything_is_stale(app);
            app.tabs.stale = true;
            let mut effects = opening::refresh_overlays(app);
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
            vec![ask_status(app), ask_company(app)]
        }
        Push::Present(changed) => {
            company(app, changed);
            vec![]
        }
        Push::Progress(progress) => progressed(app, progress),
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
            let mut effects = opening::refresh_overlays(app);
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
