//! Gives overlays keys, texts and answers, and applies the outcome: what they ask for.

use crossterm::event::KeyEvent;
use ratatui::layout::Position;

use super::layers::{ask_for, insert, push};
use super::orders::{self, ask};
use super::{actions, listing, notify, queues};
use crate::api::{Answer, DeskError};
use crate::keymap::Action;
use crate::model::Generation;
use crate::tui::app::{App, Sent};
use crate::tui::line::clean;
use crate::tui::msg::{CopyWhat, Effect, SaveFile, Topic};
use crate::tui::notices::Weight;
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::{self, Command, Layer, Next, Outcome, Overlay, Work};
use crate::tui::view::View;
use crate::words::{self, Msg};

/// Commands kept in the history.
const KEPT: usize = 50;

/// Gives the last overlay a key, with the action it is bound to.
pub fn key(app: &mut App, action: Option<Action>, event: KeyEvent) -> Vec<Effect> {
    to_last(app, |overlay, view| overlay.key(action, event, view))
}

/// Gives the last overlay an action that no key stands behind.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    to_last(app, |overlay, view| overlays::act(overlay, action, view))
}

/// Gives the last overlay a click.
pub fn click(app: &mut App, place: Position) -> Vec<Effect> {
    to_last(app, |overlay, view| overlay.click(place, view))
}

/// Gives the last overlay a pasted text.
pub fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    to_last(app, |overlay, view| overlay.paste(text, view))
}

/// Gives the last overlay the text as another program left it.
pub fn edited_outside(app: &mut App, edited: Result<String, String>) -> Vec<Effect> {
    match edited {
        Ok(text) => to_last(app, |overlay, view| {
            overlay.edited_outside(&text, view);
            Outcome::stay()
        }),
        Err(why) => {
            app.notices.say(Weight::Bad, clean(&why));
            vec![]
        }
    }
}

fn to_last(
    app: &mut App,
    give: impl FnOnce(&mut dyn Overlay, &View<'_>) -> Outcome,
) -> Vec<Effect> {
    let (layers, view) = app.overlays_and_view();
    let Some(layer) = layers.last_mut() else {
        return vec![];
    };
    let outcome = give(layer.overlay.as_mut(), &view);
    let place = app.overlays.len() - 1;
    apply(app, place, outcome)
}

/// Gives an answer to the overlay that waits for it.
pub fn answered(
    app: &mut App,
    number: Generation,
    result: Result<Answer, DeskError>,
) -> Vec<Effect> {
    let (layers, view) = app.overlays_and_view();
    let waiting = layers
        .iter()
        .position(|layer| layer.waits.contains(&number));
    let answered = match result {
        Ok(answer) => {
            let Some(place) = waiting else {
                return vec![];
            };
            let Some(layer) = layers.get_mut(place) else {
                return vec![];
            };
            match layer.overlay.answer(answer, &view) {
                Ok(outcome) => return apply(app, place, outcome),
                Err(overlays::WrongAnswer) => DeskError::bug(""),
            }
        }
        Err(error) => error,
    };
    // One that gets no answer closes, unless there is something in it.
    app.overlays
        .retain(|layer| !layer.waits.contains(&number) || layer.overlay.is_filled());
    notify::failed(app, &answered);
    vec![]
}

/// Does what follows work that was done.
pub fn finish(app: &mut App, sent: &Sent) -> Vec<Effect> {
    let commands = sent.form.overlay.done(&app.view());
    let place = app.overlays.len();
    run_all(app, place, commands)
}

/// Applies what an overlay asks for that has this many others below it.
fn apply(app: &mut App, place: usize, outcome: Outcome) -> Vec<Effect> {
    let mut effects = become_next(app, place, outcome.next);
    effects.extend(run_all(app, place, outcome.commands));
    effects
}

fn become_next(app: &mut App, place: usize, next: Next) -> Vec<Effect> {
    if matches!(next, Next::Stay) || place >= app.overlays.len() {
        return vec![];
    }
    let layer = app.overlays.remove(place);
    match next {
        Next::Stay | Next::Close => {}
        Next::Leave => {
            if let Some(back) = layer.back {
                insert(app, place, *back);
            }
        }
        Next::GiveWay(overlay) => {
            stand_in(app, place, overlay, layer);
            return ask_for(app, place);
        }
        Next::AskFirst { question, work } => {
            stand_in(app, place, Box::new(Confirm { question, work }), layer);
        }
        Next::Submit(work) => return vec![submit(app, place, Some(layer), work)],
        Next::Proceed(work) => {
            let form = layer.back.map(|back| *back);
            return vec![submit(app, place, form, work)];
        }
    }
    vec![]
}

/// Puts an overlay in the place of another, which is there again when it is left.
fn stand_in(app: &mut App, place: usize, overlay: Box<dyn Overlay>, before: Layer) {
    let layer = Layer {
        back: Some(Box::new(before)),
        ..Layer::new(overlay)
    };
    insert(app, place, layer);
}

/// Sends work on its way; its form waits for what becomes of it.
fn submit(app: &mut App, place: usize, form: Option<Layer>, work: Work) -> Effect {
    let number = app.next_generation();
    if let Some(form) = form {
        app.sending.push(Sent {
            number,
            form,
            place,
        });
    }
    match work {
        Work::Change(kind, request) => ask(number, Topic::Act(kind), request),
        Work::Copy(what) => Effect::Copy(CopyWhat {
            form: Some(number),
            ..what
        }),
        Work::Save(file) => Effect::Save(SaveFile {
            form: number,
            ..file
        }),
    }
}

fn run_all(app: &mut App, place: usize, commands: Vec<Command>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for command in commands {
        effects.extend(run(app, place, command));
    }
    effects
}

/// Does one thing that an overlay asks for.
fn run(app: &mut App, place: usize, command: Command) -> Vec<Effect> {
    match command {
        Command::Say(weight, words) => app.notices.say(weight, words),
        Command::Ask(topic, request) => {
            let number = app.next_generation();
            return vec![ask(number, topic, request)];
        }
        Command::AskAgain => return ask_for(app, place),
        Command::Change(kind, request) => return orders::order(app, kind, request),
        Command::SubmitPart(part, work) => {
            return vec![submit(app, place, Some(Layer::new(part)), work)];
        }
        Command::Copy(what) => return vec![Effect::Copy(what)],
        Command::EditOutside(text) => return vec![Effect::EditOutside(text)],
        Command::Open(overlay) => return push(app, Layer::new(overlay)),
        Command::Hand(handed) => {
            let below = place.checked_sub(1);
            if let Some(layer) = below.and_then(|at| app.overlays.get_mut(at)) {
                layer.overlay.take(handed);
            }
        }
        Command::CloseAll => app.overlays.clear(),
        Command::ShowQuery(query) => listing::show_query(app, query),
        Command::ShowSimilar(text) => listing::similar_to_text(app, text),
        Command::OnlyDataset(name) => only_dataset(app, name),
        Command::OpenTab(tab) => {
            app.overlays.clear();
            queues::open(app, tab);
        }
        Command::LeaveView(name) => queues::leave(app, &name),
        Command::NameView(name) => app.tabs.call(name),
        Command::GoOn => queues::go_on(app),
        Command::Run(action) => return run_action(app, action),
    }
    vec![]
}

fn only_dataset(app: &mut App, name: String) {
    app.overlays.clear();
    let by = clean(&name);
    app.filter.dataset = Some(name);
    listing::filter_changed(app);
    let words = words::text(app.look.lang, &Msg::Filtered { by: &by });
    app.notices.say(Weight::Plain, words);
}

fn run_action(app: &mut App, action: Action) -> Vec<Effect> {
    let name = action.name().to_owned();
    app.commands.retain(|known| *known != name);
    app.commands.push(name);
    let surplus = app.commands.len().saturating_sub(KEPT);
    app.commands.drain(..surplus);
    actions::act(app, action)
}
