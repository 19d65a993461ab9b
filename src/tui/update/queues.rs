//! Views of the list: everything, and the queues of tickets that wait for an agent.

use super::{actions, moves};
use crate::desk::Request;
use crate::desk::api::{
    Annotate, CauseChoice, CauseTag, QueueKind, QueuePage, QueueRow, Recategorise, Row, Target,
    TicketRow,
};
use crate::keymap::Action;
use crate::model::CauseState;
use crate::tui::app::{App, Focus, Weight};
use crate::tui::layout::Zoom;
use crate::tui::msg::{Deed, Effect};
use crate::tui::panes::list::Source;
use crate::tui::update::moves::Way;
use crate::words::{Word, names, word};

/// A way through the views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// To the next.
    Next,
    /// To the one before.
    Previous,
}

/// Goes to the next view, or the one before: everything, then the queues.
pub fn turn(app: &mut App, turn: Turn) {
    let views: Vec<Option<QueueKind>> = std::iter::once(None)
        .chain(QueueKind::ALL.map(Some))
        .collect();
    let now = match &app.list.source {
        Source::Queue(kind) => Some(*kind),
        Source::Query | Source::Similar { .. } => None,
    };
    let at = views.iter().position(|view| *view == now).unwrap_or(0);
    let step = match turn {
        Turn::Next => 1,
        Turn::Previous => views.len() - 1,
    };
    let next = views.get((at + step) % views.len()).copied().flatten();
    app.list.source = next.map_or(Source::Query, Source::Queue);
    app.list.restart();
    app.zoom = Zoom::Panes;
    app.focus = Focus::List;
    let lang = app.look.lang;
    let tabs: Vec<String> = views
        .into_iter()
        .map(|view| {
            let name = match view {
                Some(kind) => names::queue(lang, kind.name()),
                None => word(lang, Word::AllTickets),
            };
            if view == next {
                format!("[{name}]")
            } else {
                name.to_owned()
            }
        })
        .collect();
    app.notices.say(Weight::Plain, tabs.join(" "));
}

/// What of a queue is handed to this agent: not what others work on.
pub fn handed(mut page: QueuePage) -> QueuePage {
    let before = page.rows.len();
    page.rows.retain(|row| row.held_by.is_none());
    page.total -= before - page.rows.len();
    page
}

/// The rows of a queue, as the list shows them.
pub fn rows(page: &QueuePage) -> Vec<Row> {
    let rows = page.rows.iter().zip(1..);
    rows.map(|(row, rank)| Row::Ticket(ticket_row(row, rank)))
        .collect()
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
    }
}

/// The queue's own row of the ticket under the cursor.
pub fn current(app: &App) -> Option<&QueueRow> {
    let id = app.list.current_ticket()?.id;
    app.list.queue.iter().find(|row| row.id == id)
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
    let Some(targets) = actions::targets(app) else {
        return nothing(app);
    };
    let request = Request::Annotate(Annotate {
        targets,
        causes: vec![CauseChoice::Known(cause)],
        note: String::new(),
    });
    moves::in_list(app, Way::Rows(1));
    actions::order(app, Deed::Annotate, request)
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
    moves::in_list(app, Way::Rows(1));
    actions::order(app, Deed::Recategorise, request)
}

fn nothing(app: &mut App) -> Vec<Effect> {
    let words = word(app.look.lang, Word::NoSuggestion).to_owned();
    app.notices.say(Weight::Plain, words);
    vec![]
}
