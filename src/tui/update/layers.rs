//! The stack of overlays: opened, asked for again, sent away with their work and brought back.

use super::orders::ask;
use crate::model::Generation;
use crate::tui::app::{App, Sent};
use crate::tui::msg::Effect;
use crate::tui::overlays::{Layer, Overlay};

/// Opens an overlay above all others, and asks its question.
pub fn open(app: &mut App, overlay: impl Overlay) -> Vec<Effect> {
    push(app, Layer::new(Box::new(overlay)))
}

/// Opens a layer above all others, and asks its question.
pub fn push(app: &mut App, layer: Layer) -> Vec<Effect> {
    let place = app.overlays.len();
    insert(app, place, layer);
    ask_for(app, place)
}

/// Asks again for what overlays of shared things show.
pub fn refresh(app: &mut App) -> Vec<Effect> {
    let layers = app.overlays.iter().enumerate();
    let stale = layers.filter(|(_, layer)| layer.overlay.asks_again());
    let stale: Vec<usize> = stale.map(|(place, _)| place).collect();
    let asked = stale.into_iter().map(|place| ask_for(app, place));
    asked.flatten().collect()
}

/// The form of work that was done, or was not.
pub fn sent(app: &mut App, number: Generation) -> Option<Sent> {
    let at = app.sending.iter().position(|sent| sent.number == number)?;
    Some(app.sending.remove(at))
}

/// Brings a form back whose work was not done. What is being filled in meanwhile keeps the keys, and
/// the form comes to stand below it; a list that stayed open takes back what was sent from it.
pub fn back(app: &mut App, sent: Sent) {
    let Sent {
        mut form, place, ..
    } = sent;
    let form_of = form.overlay.as_mut();
    let mut open = app.overlays.iter_mut();
    if !open.any(|layer| layer.overlay.take_back(form_of)) {
        insert(app, place, form);
    }
}

/// Asks what an overlay asks; answers to what it asked before are not waited for any more.
pub fn ask_for(app: &mut App, place: usize) -> Vec<Effect> {
    let layer = app.overlays.get(place);
    let questions = layer.map_or_else(Vec::new, |layer| layer.overlay.questions());
    let mut waits = Vec::new();
    let mut effects = Vec::new();
    for question in questions {
        let number = app.next_generation();
        waits.push(number);
        effects.push(ask(number, question.topic, question.request));
    }
    if let Some(layer) = app.overlays.get_mut(place) {
        layer.waits = waits;
    }
    effects
}

/// Opens a layer above as many others as stood below it before.
pub fn insert(app: &mut App, place: usize, layer: Layer) {
    let place = place.min(app.overlays.len());
    app.overlays.insert(place, layer);
}
