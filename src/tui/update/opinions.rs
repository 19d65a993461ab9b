//! Second opinions: agreeing with causes another agent confirmed.

use super::{notify, orders};
use crate::api::{Ballot, CastVote, Request};
use crate::keymap::Action;
use crate::tui::app::App;
use crate::tui::msg::{ChangeKind, Effect};
use crate::tui::step::Way;
use crate::tui::update::moves;

/// Agrees with the causes of the selected or marked tickets, and goes to the next one.
pub fn agree(app: &mut App) -> Vec<Effect> {
    let Some(targets) = orders::targets(app) else {
        notify::not_here(app, Action::VoteAgree);
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
    orders::order(app, ChangeKind::Vote, request)
}
