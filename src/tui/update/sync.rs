//! Brings selections into bounds and asks for whatever is seen and not held.

use crate::api::{Doing, Request, ask};
use crate::tui::app::{App, Link};
use crate::tui::layout::{Focus, Shape, Zoom};
use crate::tui::msg::{Ask, Effect, Topic};
use crate::tui::panes::detail::{self, Shown};
use crate::tui::panes::list::{self, FIRST_HITS, HITS, Source, WINDOW};

/// Tickets like another that are asked for.
const SIMILAR: usize = 50;

/// Makes the state whole after a message; returns the questions that are open.
pub fn sync(app: &mut App) -> Vec<Effect> {
    keep_in_sight(app);
    let mut effects = Vec::new();
    if app.link == Link::Up {
        effects.extend(ask_rows(app));
        // Rows first: whoever types on before they are there needs no counts to them.
        if app.list.asked.is_none() {
            effects.extend(ask_tree(app));
        }
        effects.extend(ask_views(app));
        effects.extend(ask_detail(app));
        // Tickets that pass by while a query is typed are not dwelt on.
        if app.focus != Focus::Query {
            effects.extend(ask_suggestions(app));
            effects.extend(attend(app));
        }
    }
    detail::lay(app);
    let height = usize::from(app.areas().detail.height);
    let last_top = app.detail.text.lines.len().saturating_sub(height.max(1));
    app.detail.top = app.detail.top.min(last_top);
    effects
}

fn keep_in_sight(app: &mut App) {
    let areas = app.areas();
    if areas.shape == Shape::TooSmall {
        return;
    }
    if app.zoom == Zoom::Detail && app.focus != Focus::Query {
        app.focus = Focus::Detail;
    }
    let list = &mut app.list;
    list.selected = list.selected.min(list.total.saturating_sub(1));
    list.top = scrolled(
        list.top,
        list.selected,
        list.total,
        areas.list.height.into(),
    );
    let rows = app.tree.rows().len();
    let tree = &mut app.tree;
    tree.selected = tree.selected.min(rows.saturating_sub(1));
    tree.top = scrolled(tree.top, tree.selected, rows, areas.tree.height.into());
}

/// The first row drawn, so that the selected one is seen and no room is wasted.
fn scrolled(top: usize, selected: usize, count: usize, height: usize) -> usize {
    if height == 0 {
        return top;
    }
    let lowest = (selected + 1).saturating_sub(height);
    top.min(count.saturating_sub(height))
        .clamp(lowest, selected)
}

fn ask_rows(app: &mut App) -> Option<Effect> {
    let height = usize::from(app.areas().list.height).max(1);
    let is_query = app.list.source != Source::Query || !app.query.text().is_empty();
    if !app.list.stale && app.list.asked.is_none() && app.list.wants_all_hits(height) {
        app.list.all_hits = true;
        app.list.refresh();
    }
    let offset = if app.list.stale {
        if is_query {
            0
        } else {
            app.list.window_start(height)
        }
    } else {
        let wanted = app.list.wanted_window(height)?;
        if app.list.asked == Some(wanted) {
            return None;
        }
        wanted
    };
    let request = match &app.list.source {
        Source::Queue(kind) => Request::Queue(ask::Queue {
            kind: Some(*kind),
            filter: app.filter.clone(),
            limit: HITS,
        }),
        Source::Similar { to, .. } => Request::Similar(ask::Similar {
            to: to.clone(),
            limit: SIMILAR,
        }),
        Source::Query if is_query => Request::Search(ask::Search {
            query: app.query.text().to_owned(),
            filter: app.filter.clone(),
            limit: if app.list.all_hits { HITS } else { FIRST_HITS },
        }),
        Source::Query => Request::List(ask::List {
            filter: app.filter.clone(),
            offset,
            limit: WINDOW,
        }),
    };
    let generation = app.next_generation();
    app.list.stale = false;
    app.list.asked = Some(offset);
    app.list.missed.clear();
    app.list.generation = generation;
    Some(Effect::Ask(Ask {
        topic: Topic::Rows { offset },
        generation,
        request,
    }))
}

fn ask_tree(app: &mut App) -> Option<Effect> {
    // A queue brings the tree of what waits in it.
    if !app.tree.stale || matches!(app.list.source, Source::Queue(_)) {
        return None;
    }
    let generation = app.next_generation();
    app.tree.stale = false;
    app.tree.generation = generation;
    Some(Effect::Ask(Ask {
        topic: Topic::Tree,
        generation,
        request: Request::Tree(ask::Tree {
            query: app.query.text().to_owned(),
            filter: app.filter.clone(),
        }),
    }))
}

fn ask_views(app: &mut App) -> Option<Effect> {
    if !std::mem::take(&mut app.tabs.stale) {
        return None;
    }
    let generation = app.next_generation();
    app.tabs.generation = generation;
    Some(Effect::Ask(Ask {
        topic: Topic::Views,
        generation,
        request: Request::Views(ask::Views),
    }))
}

fn ask_detail(app: &mut App) -> Option<Effect> {
    let wanted = app.list.current().map(list::row_id);
    if wanted.is_none() && (app.list.asked.is_some() || !app.list.loaded) {
        // Its row is on the way.
        return None;
    }
    if wanted == app.detail.wanted && !app.detail.stale {
        return None;
    }
    app.detail.wanted.clone_from(&wanted);
    app.detail.stale = false;
    let generation = app.next_generation();
    app.detail.generation = generation;
    let Some(id) = wanted else {
        app.detail.replace(None, Shown::Nothing);
        return None;
    };
    Some(Effect::Ask(Ask {
        topic: Topic::Detail,
        generation,
        request: Request::Show(ask::Show { id }),
    }))
}

fn ask_suggestions(app: &mut App) -> Option<Effect> {
    let coming = app.detail.coming.as_ref().map(|(_, ticket)| &**ticket);
    let id = coming.or(app.detail.ticket())?.row.id.to_string();
    if !std::mem::take(&mut app.detail.suggests) {
        return None;
    }
    let generation = app.next_generation();
    app.detail.suggesting = generation;
    Some(Effect::Ask(Ask {
        topic: Topic::Suggest,
        generation,
        request: Request::Suggest(ask::Suggest { id }),
    }))
}

/// Tells the desk where the agent is: at the ticket that is shown, not at those passed by.
fn attend(app: &mut App) -> Option<Effect> {
    let id = app.detail.ticket()?.row.id;
    let annotates = app.overlays.iter().any(|layer| layer.overlay.decides());
    let doing = match (&app.list.source, annotates) {
        (_, true) => Doing::Annotates,
        (Source::Queue(_), false) => Doing::Works,
        (Source::Query | Source::Similar { .. }, false) => Doing::Reads,
    };
    let now = Some((id, doing));
    if std::mem::replace(&mut app.company.told, now) == now {
        return None;
    }
    Some(Effect::Ask(Ask {
        topic: Topic::Attend,
        generation: app.next_generation(),
        request: Request::Attend(ask::Attend {
            id: Some(id.to_string()),
            doing,
        }),
    }))
}
