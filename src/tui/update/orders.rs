//! Questions and changes on their way to the desk.

use crate::api::{Request, Target};
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::msg::{Ask, ChangeKind, Effect, Topic};

/// The marked tickets, else the selected one, with the revisions that were seen.
pub fn targets(app: &App) -> Option<Vec<Target>> {
    app.view().subject().map(|subject| subject.targets)
}

/// A question to the desk.
pub fn ask(generation: Generation, topic: Topic, request: Request) -> Effect {
    Effect::Ask(Ask {
        topic,
        generation,
        request,
    })
}

/// Sends a change on its way.
pub fn order(app: &mut App, kind: ChangeKind, request: Request) -> Vec<Effect> {
    let number = app.next_generation();
    vec![ask(number, Topic::Act(kind), request)]
}
