//! Second opinions: agreeing or disagreeing with causes another agent confirmed.

use super::{actions, opening};
use crate::desk::Request;
use crate::desk::api::{Ballot, CastVote};
use crate::keymap::Action;
use crate::tui::app::App;
use crate::tui::msg::{Deed, Effect};
use crate::tui::overlays::annotate::Purpose;
use crate::tui::update::moves::{self, Way};

/// Agrees with the causes of the selected or marked tickets, and goes to the next one.
pub fn agree(app: &mut App) -> Vec<Effect> {
    let Some(targets) = actions::targets(app) else {
        actions::not_here(app, Action::VoteAgree);
        return vec![];
    };
    let request = Request::Vote(CastVote {
        ids: targets.into_iter().map(|target| target.id).collect(),
        ballot: Ballot::Agree,
        note: String::new(),
    });
    if app.list.marked.is_empty() {
        moves::in_list(app, Way::Rows(1));
    }
    actions::order(app, Deed::Vote, request)
}

/// Opens the form for the causes that the agent holds against those confirmed.
pub fn dissent(app: &mut App) -> Vec<Effect> {
    match actions::subject(app) {
        Some(subject) => opening::causes_form(app, Purpose::Dissent, subject),
        None => {
            actions::not_here(app, Action::VoteDissent);
            vec![]
        }
    }
}
