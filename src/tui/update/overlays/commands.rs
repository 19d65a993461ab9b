//! The command line: an action by its name.

use tui_input::Input;

use super::Then;
use crate::keymap::Action;
use crate::tui::app::{App, Weight};
use crate::tui::msg::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::command::{self, Command};
use crate::tui::update::actions;
use crate::tui::update::keys::delete;
use crate::tui::update::moves::{Step, Way, moved};
use crate::words::{self, Msg};

/// Commands kept in the history.
const KEPT: usize = 50;

pub(super) fn in_command(app: &mut App, mut line: Command, step: Step) -> Then {
    let proposals = command::proposals(app, line.input.value());
    match step {
        Step::Move(way) => {
            line.selected = match (line.selected, way) {
                (None, Way::Rows(1)) => (!proposals.is_empty()).then_some(0),
                (Some(0), Way::Rows(-1)) => None,
                (at, way) => at.map(|at| moved(at, way, proposals.len(), 8)),
            };
        }
        Step::Next => {
            if let Some(name) = proposals.get(line.selected.unwrap_or(0)) {
                line.input = Input::new(name.clone());
                line.selected = None;
            }
        }
        Step::Delete(what) => {
            delete(&mut line.input, what);
            line.selected = None;
        }
        Step::Confirm => {
            let chosen = line.selected.and_then(|at| proposals.get(at).cloned());
            let name = chosen.unwrap_or_else(|| line.input.value().trim().to_owned());
            return Then::close(run(app, &name));
        }
        Step::Toggle | Step::Create | Step::Previous | Step::Cancel | Step::Reply(_) => {}
    }
    Then::stay(Overlay::Command(line))
}

/// Does a command by its name; a name cut short counts when it is the only one.
fn run(app: &mut App, typed: &str) -> Vec<Effect> {
    if typed.is_empty() {
        return vec![];
    }
    let begun: Vec<Action> = Action::ALL
        .iter()
        .copied()
        .filter(|action| action.name().starts_with(typed))
        .collect();
    let only = match begun.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let Some(action) = Action::parse(typed).or(only) else {
        let lang = app.look.lang;
        let name = crate::tui::line::clean(typed);
        let like = Action::nearest(typed).join(lang.pick("、", ", "));
        let message = if like.is_empty() {
            Msg::UnknownCommand { name: &name }
        } else {
            Msg::UnknownCommandLike {
                name: &name,
                like: &like,
            }
        };
        app.notices.say(Weight::Warn, words::text(lang, &message));
        return vec![];
    };
    let name = action.name().to_owned();
    app.commands.retain(|known| *known != name);
    app.commands.push(name);
    let surplus = app.commands.len().saturating_sub(KEPT);
    app.commands.drain(..surplus);
    actions::act(app, action)
}
