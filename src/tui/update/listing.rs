//! What is listed: another query, another filter, tickets like another.

use tui_input::Input;

use crate::api::SimilarTo;
use crate::tui::app::App;
use crate::tui::layout::{Focus, Zoom};
use crate::tui::line::clean;
use crate::tui::panes::list::Source;

/// What is listed, a queue too, is narrowed by another filter.
pub fn narrowed(app: &mut App) {
    if matches!(app.list.source, Source::Similar { .. }) {
        app.list.source = Source::Query;
    }
    app.list.restart();
}

/// The filter is another one: list and counts follow.
pub fn filter_changed(app: &mut App) {
    narrowed(app);
    app.tree.stale = true;
}

/// The query is another one: list and counts follow.
pub fn query_changed(app: &mut App) {
    app.list.source = Source::Query;
    app.list.restart();
    app.tree.stale = true;
}

/// Lists what a query finds, which can be read and changed; what stands above goes.
pub fn show_query(app: &mut App, query: String) {
    app.overlays.clear();
    app.query.input = Input::new(query);
    app.zoom = Zoom::Panes;
    app.focus = Focus::List;
    query_changed(app);
}

/// Lists what is like a customer's message.
pub fn similar_to_text(app: &mut App, text: String) {
    app.list.source = Source::Similar {
        title: clean(&text),
        to: SimilarTo::Text(text),
    };
    app.list.restart();
    app.zoom = Zoom::Panes;
    app.focus = Focus::List;
}
