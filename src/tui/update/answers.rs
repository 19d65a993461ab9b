//! Answers and news of the desk: here what the panes show.

mod acts;
mod copies;
mod files;
mod pushes;
mod replies;
pub use copies::copied;
pub use files::saved;
pub use pushes::pushed;

use super::{notify, outcome, queues};
use crate::api::{
    Answer, Attended, DeskError, Page, QueuePage, Request, Status, TicketOrArticle, ask,
};
use crate::model::TicketId;
use crate::tui::app::App;
use crate::tui::layout::Focus;
use crate::tui::msg::{Answered, Ask, Effect, Topic};
use crate::tui::notices::Weight;
use crate::tui::panes::detail::Shown;
use crate::tui::panes::list::{Hits, Source};
use crate::words::{Word, word};

/// Asks who is where.
pub fn ask_company(app: &mut App) -> Effect {
    Effect::Ask(Ask {
        topic: Topic::Present,
        generation: app.next_generation(),
        request: Request::Present(ask::Present),
    })
}

/// Asks what the store holds.
pub fn ask_status(app: &mut App) -> Effect {
    Effect::Ask(Ask {
        topic: Topic::Status,
        generation: app.next_generation(),
        request: Request::Status(ask::Status),
    })
}

/// Everything shown is asked for again; nobody loses their place.
pub fn everything_is_stale(app: &mut App) {
    app.list.refresh();
    app.tree.stale = true;
    app.detail.stale = true;
}

/// Takes an answer. One to a question that the user has moved past is dropped.
pub fn answered(app: &mut App, answered: Answered) -> Vec<Effect> {
    let Answered {
        topic,
        generation,
        result,
        took,
    } = answered;
    match topic {
        Topic::Rows { offset } if generation == app.list.generation => {
            return rows(app, offset, result, took.as_millis());
        }
        // What was asked for since is newer.
        Topic::Changed if generation > app.list.generation => changed_rows(app, result),
        Topic::Tree if generation == app.tree.generation => tree(app, result),
        Topic::Detail if generation == app.detail.generation => detail(app, result),
        Topic::Suggest if generation == app.detail.suggesting => suggestions(app, result),
        Topic::Views if generation == app.tabs.generation => views(app, result),
        Topic::Rows { .. }
        | Topic::Changed
        | Topic::Tree
        | Topic::Detail
        | Topic::Suggest
        | Topic::Views => {}
        Topic::Status => {
            if let Ok(Answer::Status(status)) = result {
                take_status(app, status);
            }
        }
        Topic::Attend => attending(app, result),
        Topic::Present => {
            if let Ok(Answer::Present(all)) = result {
                app.company.replace(all);
                app.detail.text.forget();
            }
        }
        Topic::StatusPage
        | Topic::Settings
        | Topic::Offers
        | Topic::Lookalikes
        | Topic::StandardReplies
        | Topic::Advice
        | Topic::Vocabulary
        | Topic::Log
        | Topic::Datasets
        | Topic::Stats
        | Topic::AtHand
        | Topic::Reading
        | Topic::Conflicts => return outcome::answered(app, generation, result),
        // A copy that was not counted must not be in the way.
        Topic::Used => {}
        Topic::ReplyMenu => return replies::menu(app, result),
        Topic::Promotion => return replies::promotion(app, result),
        Topic::Act(deed) => return acts::done(app, deed, generation, result),
    }
    vec![]
}

/// Takes the saved views. One that is open and was deleted is left as a query.
fn views(app: &mut App, result: Result<Answer, DeskError>) {
    match result {
        Ok(Answer::Views(rows)) => {
            let open = app.tabs.open.take();
            app.tabs.open = open.filter(|name| rows.iter().any(|row| row.called() == *name));
            app.tabs.rows = rows;
        }
        Ok(_) => notify::unexpected(app),
        Err(error) => notify::failed(app, &error),
    }
}

/// A ticket of a queue that somebody else works on makes way for the next.
fn attending(app: &mut App, result: Result<Answer, DeskError>) {
    if let Ok(Answer::Attending(Some(attending))) = result {
        let held = app.company.came(attending);
        app.detail.text.forget();
        if held && matches!(app.list.source, Source::Queue(_)) {
            app.list.refresh();
        }
    }
}

/// Others came or went. A queue is handed out anew: what they left is there again.
fn company(app: &mut App, changed: Vec<Attended>) {
    let shown = app.detail.ticket().map(|ticket| ticket.row.id);
    if changed
        .iter()
        .any(|attended| Some(attended.ticket) == shown)
    {
        app.detail.text.forget();
    }
    let tickets: Vec<TicketId> = changed.iter().map(|attended| attended.ticket).collect();
    app.company.change(changed);
    if matches!(app.list.source, Source::Queue(_)) && queues::held(app, &tickets) {
        app.list.hold_place();
        queues::hand_out(app);
    }
}

/// Takes rows that somebody else changed. Not told of, they look as before.
fn changed_rows(app: &mut App, result: Result<Answer, DeskError>) {
    if let Ok(Answer::Page(page)) = result {
        app.list.patch(page.rows);
    }
}

fn take_status(app: &mut App, status: Status) {
    let before = app.status.as_ref().is_some_and(|known| known.sample);
    if status.sample && !before {
        let words = word(app.look.lang, Word::SampleShown).to_owned();
        app.notices.say(Weight::Plain, words);
    }
    app.status = Some(status);
}

fn rows(
    app: &mut App,
    offset: usize,
    result: Result<Answer, DeskError>,
    millis: u128,
) -> Vec<Effect> {
    match result {
        Ok(Answer::Queue(mut page)) => {
            let height = usize::from(app.areas().tree.height);
            app.tree.replace(std::mem::take(&mut page.tree), height);
            app.list.hits = Some(Hits {
                millis,
                ..Hits::default()
            });
            app.list.queue = page;
            queues::hand_out(app);
        }
        Ok(Answer::Page(Page { rows, total })) => {
            app.list.queue = QueuePage::default();
            app.list.hits = None;
            app.list.replace(offset, rows, total);
        }
        Ok(Answer::Found(found)) => {
            app.list.queue = QueuePage::default();
            app.list.hits = Some(Hits {
                behind: found.behind(),
                total: found.total,
                more: found.more,
                relaxed: found.relaxed,
                notes: found.notes,
                millis,
            });
            let count = found.rows.len();
            if app.list.asked.is_none() {
                // The rows are there already: they are ranked once more.
                app.list.hold_row();
            }
            app.list.replace(0, found.rows, count);
        }
        Ok(_) => notify::unexpected(app),
        Err(error) => {
            app.list.asked = None;
            app.list.hits = None;
            app.list.replace(0, Vec::new(), 0);
            notify::failed(app, &error);
        }
    }
    // What matched may be another thing now.
    app.detail.text.forget();
    let missed = std::mem::take(&mut app.list.missed);
    pushes::look_again(app, &missed).into_iter().collect()
}

fn tree(app: &mut App, result: Result<Answer, DeskError>) {
    match result {
        Ok(Answer::Tree(nodes)) => {
            let height = usize::from(app.areas().tree.height);
            app.tree.replace(nodes, height);
        }
        Ok(_) => notify::unexpected(app),
        Err(error) => notify::failed(app, &error),
    }
}

fn detail(app: &mut App, result: Result<Answer, DeskError>) {
    let shown = match result {
        Ok(Answer::Shown(TicketOrArticle::Ticket(ticket))) => Shown::Ticket(ticket),
        Ok(Answer::Shown(TicketOrArticle::Article(article))) => Shown::Article(article),
        Ok(_) => Shown::Failed(DeskError::bug("")),
        Err(error) => Shown::Failed(error),
    };
    let id = app.detail.wanted.clone();
    match shown {
        // While a query is typed nothing is asked about the tickets that pass by.
        Shown::Ticket(ticket) if id != app.detail.shown_id && app.focus != Focus::Query => {
            app.detail.expect(id, ticket);
        }
        shown => app.detail.replace(id, shown),
    }
}

/// Takes root causes for the ticket shown; while they cannot be told, there are none.
fn suggestions(app: &mut App, result: Result<Answer, DeskError>) {
    let suggested = match result {
        Ok(Answer::Suggestions(suggested)) => suggested,
        Ok(_) | Err(_) => Vec::new(),
    };
    app.detail.decide(suggested);
}
