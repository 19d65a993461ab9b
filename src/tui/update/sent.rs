//! Forms whose orders are on the way: closed at once, so that the next key goes where the agent
//! looks, and back as they were filled in if nothing becomes of the order.

use crate::model::Generation;
use crate::tui::app::{App, Sent};
use crate::tui::overlays::Overlay;

/// The form of an order that was answered.
pub fn answered(app: &mut App, order: Generation) -> Option<Sent> {
    let at = app.sending.iter().position(|sent| sent.order == order)?;
    Some(app.sending.remove(at))
}

/// Brings a form back. What is being filled in meanwhile keeps the keys, and the form comes to stand
/// below it; a list that stayed open takes back what was sent from it.
pub fn back(app: &mut App, sent: Sent) {
    let mut open = app.overlays.iter_mut();
    if let Some(form) = open.try_fold(sent.form, |form, overlay| overlay.take_back(form)) {
        insert(app, sent.place, form);
    }
}

/// Opens an overlay above as many others as stood below it before.
pub fn insert(app: &mut App, place: usize, overlay: Overlay) {
    let place = place.min(app.overlays.len());
    app.overlays.insert(place, overlay);
}
