//! Views of the list: everything, the queues of tickets that wait for an agent, saved ones.

use tui_input::Input;

use super::{moves, orders};
use crate::api::{
    Annotate, CauseChoice, CauseTag, QueueKind, QueueRow, Recategorise, Request, Row, Target,
    TicketRow, ViewName,
};
use crate::keymap::Action;
use crate::model::{CauseState, TicketFilter, TicketId};
use crate::tui::app::App;
use crate::tui::layout::{Focus, Zoom};
use crate::tui::msg::{ChangeKind, Effect};
use crate::tui::notices::Weight;
use crate::tui::panes::detail;
use crate::tui::panes::list::Source;
use crate::tui::panes::tabs::{self, Tab};
use crate::tui::step::Way;
use crate::words::{Word, word};

/// A way through the views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// To the next.
    Next,
    /// To the one before.
    Previous,
}

/// Goes to the next tab, or the one before.
pub fn turn(app: &mut App, turn: Turn) {
    let all = tabs::all(app);
    let count = all.len();
    let now = tabs::current(app).unwrap_or(Tab::All);
    let at = all.iter().position(|tab| *tab == now).unwrap_or(0);
    let step = match turn {
        Turn::Next => 1,
        Turn::Previous => count - 1,
    };
    if let Some(tab) = all.into_iter().nth((at + step) % count) {
        open(app, tab);
    }
}

/// Opens a tab. A saved view takes query line and filters, a queue has neither; both are given
/// back when the tab is left.
pub fn open(app: &mut App, tab: Tab) {
    if app.tabs.open.take().is_some() || matches!(app.list.source, Source::Queue(_)) {
        let (query, filter) = std::mem::take(&mut app.tabs.before);
        ask_for(app, &query, filter);
    }
    match tab {
        Tab::All => app.list.source = Source::Query,
        Tab::Queue(kind) => {
            aside(app, "", TicketFilter::default());
            app.list.source = Source::Queue(kind);
        }
        Tab::Saved(name) => {
            let Some(row) = app
                .tabs
                .rows
                .iter()
                .find(|row| row.called() == name)
                .cloned()
            else {
                return;
            };
            aside(app, &row.query, row.filter);
            app.tabs.open = Some(name);
            app.list.source = Source::Query;
        }
    }
    app.list.restart();
    app.zoom = Zoom::Panes;
    app.focus = Focus::List;
}

/// Leaves a saved view for everything, if it is the one that is open.
pub fn leave(app: &mut App, view: &ViewName) {
    if app.tabs.open.as_ref() == Some(view) {
        open(app, Tab::All);
    }
}

/// Asks for something else until the tab is left.
fn aside(app: &mut App, query: &str, filter: TicketFilter) {
    app.tabs.before = (app.query.input.value().to_owned(), app.filter.clone());
    ask_for(app, query, filter);
}

fn ask_for(app: &mut App, query: &str, filter: TicketFilter) {
    app.query.input = Input::new(query.to_owned());
    app.tree.select(filter.category.as_ref());
    app.filter = filter;
    app.tree.stale = true;
}

/// Shows what of the queue is handed to this agent: not what others work on.
pub fn hand_out(app: &mut App) {
    let queue = &app.list.queue;
    let free = queue.rows.iter().filter(|row| row.held_by.is_none());
    let rows = free
        .zip(1..)
        .map(|(row, rank)| Row::Ticket(ticket_row(row, rank)));
    let rows: Vec<Row> = rows.collect();
    let count = rows.len();
    let held = queue.rows.len() - count;
    if let Some(hits) = &mut app.list.hits {
        hits.total = queue.total.saturating_sub(held);
    }
    app.list.replace(0, rows, count);
}

/// Notes who works on tickets of the queue now; says whether that changes what is handed out.
pub fn held(app: &mut App, tickets: &[TicketId]) -> bool {
    let mut changes = false;
    let rows = app.list.queue.rows.iter_mut();
    for row in rows.filter(|row| tickets.contains(&row.id)) {
        let holder = app.company.holder(row.id).cloned();
        changes |= holder.is_some() != row.held_by.is_some();
        row.held_by = holder;
    }
    changes
}

fn ticket_row(row: &QueueRow, rank: usize) -> TicketRow {
    let cause_state = match row.kind {
        QueueKind::Placeholder => CauseState::Placeholder,
        QueueKind::Suspect | QueueKind::Misfiled => CauseState::Given,
        QueueKind::Disputed | QueueKind::Mine => CauseState::Confirmed,
    };
    let cause = |name: &String| CauseTag {
        id: None,
        name: name.clone(),
        by: String::new(),
    };
    TicketRow {
        rank,
        id: row.id,
        short_id: row.id.as_str().chars().take(6).collect(),
        title: row.title.clone(),
        title_highlights: Vec::new(),
        product: row.product.clone(),
        issue_type: row.issue_type.clone(),
        scenarios: Vec::new(),
        datasets: Vec::new(),
        dataset: None,
        causes: row.causes.iter().map(cause).collect(),
        cause_state,
        suspect: row.kind == QueueKind::Suspect,
        disputed: row.kind == QueueKind::Disputed,
        misfiled: row.kind == QueueKind::Misfiled,
        outdated: String::new(),
        successor: None,
        date: None,
        revision: row.revision,
        score: Some(row.score),
        snippet: String::new(),
        highlights: Vec::new(),
        relaxed: None,
        section: None,
        missing: Vec::new(),
        near: String::new(),
    }
}

/// The queue's own row of the ticket under the cursor.
pub fn current(app: &App) -> Option<&QueueRow> {
    let id = app.list.current_ticket()?.id;
    app.list.queue.rows.iter().find(|row| row.id == id)
}

/// Accepts a suggestion for the ticket under the cursor and goes to the next one.
///
/// Of a misfiled ticket the first is the proposed category.
pub fn accept(app: &mut App, action: Action) -> Vec<Effect> {
    let digits = [
        Action::AcceptCause1,
        Action::AcceptCause2,
        Action::AcceptCause3,
    ];
    let Some(at) = digits.iter().position(|digit| *digit == action) else {
        return vec![];
    };
    if let Some(effects) = unseen(app, at) {
        return effects;
    }
    if at == 0 && app.list.source == Source::Queue(QueueKind::Misfiled) {
        return accept_category(app);
    }
    let Some(ticket) = app.list.current_ticket() else {
        return nothing(app);
    };
    let shown = app.detail.suggested_for.as_deref() == Some(ticket.id.as_str());
    let Some(cause) = app.detail.suggestions.get(at).filter(|_| shown) else {
        return nothing(app);
    };
    let cause = cause.cause_id.to_string();
    let Some(targets) = orders::targets(app) else {
        return nothing(app);
    };
    let request = Request::Annotate(Annotate {
        targets,
        causes: vec![CauseChoice::Known(cause)],
        note: String::new(),
    });
    go_on(app);
    orders::order(app, ChangeKind::Annotate, request)
}

/// Goes to the next ticket. A queue is left by what was decided on, at once: the cursor stays where
/// it stands, and there the next is.
pub fn go_on(app: &mut App) {
    match app.list.source {
        Source::Queue(kind) if kind != QueueKind::Mine => {}
        _ => return moves::in_list(app, Way::Rows(1)),
    }
    let decided = app.list.current_ticket().map(|ticket| ticket.id);
    app.list.queue.rows.retain(|row| Some(row.id) != decided);
    app.list.queue.total = app.list.queue.total.saturating_sub(1);
    app.list.in_place = true;
    hand_out(app);
}

fn accept_category(app: &mut App) -> Vec<Effect> {
    let proposed = current(app).and_then(|row| Some((row.id, row.proposed.clone()?)));
    let Some((id, category)) = proposed else {
        return nothing(app);
    };
    let ticket = app.detail.ticket().filter(|ticket| ticket.row.id == id);
    let base_rev = ticket.map(|ticket| ticket.category_revision);
    let request = Request::Recategorise(Recategorise {
        targets: vec![Target {
            id: id.to_string(),
            base_rev,
        }],
        category: Some(category),
        note: String::new(),
    });
    go_on(app);
    orders::order(app, ChangeKind::Recategorise, request)
}

/// Nothing is accepted unseen: what is not on the screen is shown first, and the key pressed again
/// accepts it. `None` = it is on the screen, or there is no such suggestion.
fn unseen(app: &mut App, digit: usize) -> Option<Vec<Effect>> {
    let area = app.areas().detail;
    detail::lay(app);
    if app.detail.text.offers.get(digit).is_none() && area.height > 0 {
        return None;
    }
    if area.height == 0 {
        app.focus = Focus::Detail;
        let height = usize::from(app.areas().detail.height);
        detail::lay(app);
        app.detail.shows_offer(digit, height);
    } else if app.detail.shows_offer(digit, usize::from(area.height)) {
        return None;
    }
    let words = word(app.look.lang, Word::ShownFirst).to_owned();
    app.notices.say(Weight::Plain, words);
    Some(vec![])
}

fn nothing(app: &mut App) -> Vec<Effect> {
    let words = word(app.look.lang, Word::NoSuggestion).to_owned();
    app.notices.say(Weight::Plain, words);
    vec![]
}
