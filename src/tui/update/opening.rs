//! Overlays opened: each with the question that fills it.

use tui_input::Input;

use super::actions::{Subject, ask, not_here, subject};
use crate::desk::Request;
use crate::desk::api::Settlement;
use crate::keymap::Action;
use crate::model::ReplyId;
use crate::tui::app::App;
use crate::tui::line::clean;
use crate::tui::msg::{Effect, Topic};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::annotate::{AnnotateForm, Field, Purpose};
use crate::tui::overlays::at_hand::AtHandList;
use crate::tui::overlays::category::CategoryForm;
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::overlays::datasets::DatasetList;
use crate::tui::overlays::export::ExportForm;
use crate::tui::overlays::group::GroupForm;
use crate::tui::overlays::help::Help;
use crate::tui::overlays::outdate::OutdateForm;
use crate::tui::overlays::pager::Pager;
use crate::tui::overlays::reading::Reading;
use crate::tui::overlays::replies::Replies;
use crate::tui::overlays::reply_form::ReplyForm;
use crate::tui::overlays::settings::SettingList;
use crate::tui::overlays::stats::StatsView;
use crate::tui::overlays::vocabulary::VocabularyList;
use crate::tui::panes::detail::Shown;
use crate::tui::panes::list::Source;
use crate::words::{self, Count, Msg, Word, word};

/// Look-alikes annotated at once at most.
const GROUP: usize = 2_000;
/// Changes of the log that are asked for.
const LOG: usize = 300;

/// Opens the replies of a ticket.
pub fn pick_reply(app: &mut App) -> Vec<Effect> {
    let Some(ticket) = app.list.current_ticket() else {
        not_here(app, Action::PickReply);
        return vec![];
    };
    let id = ticket.id;
    let generation = app.next_generation();
    let mut list = Replies {
        id,
        offers: Vec::new(),
        generation,
        selected: 0,
    };
    // The one that a plain copy would take.
    let shown = app.detail.ticket().filter(|ticket| ticket.row.id == id);
    let best = shown.and_then(|ticket| ticket.best_turn);
    list.selected = best.map_or(0, |turn| turn.saturating_sub(1));
    app.overlays.push(Overlay::Replies(list));
    let id = id.to_string();
    vec![ask(generation, Topic::Offers, Request::Offers { id })]
}

/// Opens the standard replies, by short code.
pub fn reply_code(app: &mut App) -> Vec<Effect> {
    replies_by_code(app, None)
}

/// Opens the standard replies to pick the one that is merged into another.
pub fn merge_reply(app: &mut App, into: ReplyId) -> Vec<Effect> {
    replies_by_code(app, Some(into))
}

fn replies_by_code(app: &mut App, merge_into: Option<ReplyId>) -> Vec<Effect> {
    let generation = app.next_generation();
    let form = CodeForm {
        replies: None,
        generation,
        input: Input::default(),
        selected: 0,
        all: false,
        confirmed: false,
        merge_into,
        ticket: ticket_at_hand(app),
    };
    let request = Request::Replies(form.query());
    app.overlays.push(Overlay::Code(form));
    vec![ask(generation, Topic::StandardReplies, request)]
}

/// Opens favourites and last copies.
pub fn at_hand(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    let ticket = ticket_at_hand(app);
    app.overlays.push(Overlay::AtHand(AtHandList {
        rows: None,
        generation,
        selected: 0,
        ticket: ticket.clone(),
    }));
    vec![ask(generation, Topic::AtHand, Request::AtHand { ticket })]
}

/// The selected ticket, which gives values for blanks.
pub fn ticket_at_hand(app: &App) -> Option<String> {
    let ticket = app.list.current_ticket();
    ticket.map(|ticket| ticket.id.to_string())
}

/// Opens the form for a new standard reply.
pub fn new_reply(app: &mut App, name: String) -> Vec<Effect> {
    let form = ReplyForm::empty(name, &app.look);
    app.overlays.push(Overlay::ReplyForm(Box::new(form)));
    vec![]
}

/// Opens a ticket or article above what is being done.
pub fn reading(app: &mut App, id: String) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Reading(Box::new(Reading {
        shown: Shown::Nothing,
        generation,
        top: 0,
    })));
    vec![ask(generation, Topic::Reading, Request::Show { id })]
}

/// Asks for what can be done with a standard reply: the menu opens when it has come.
pub fn reply_menu(app: &mut App, reply: String) -> Vec<Effect> {
    let generation = app.next_generation();
    let request = Request::StandardReply { reply };
    vec![ask(generation, Topic::ReplyMenu, request)]
}

/// Opens the form for root causes.
pub fn annotate(app: &mut App) -> Vec<Effect> {
    let Some(subject) = subject(app) else {
        not_here(app, Action::Annotate);
        return vec![];
    };
    causes_form(app, Purpose::Decide, subject)
}

/// Opens the form in which causes are chosen.
pub(super) fn causes_form(app: &mut App, purpose: Purpose, subject: Subject) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Annotate(AnnotateForm {
        purpose,
        targets: subject.targets,
        subject: subject.name,
        current: subject.current,
        vocabulary: None,
        generation,
        input: Input::default(),
        note: Input::default(),
        field: Field::Causes,
        chosen: Vec::new(),
        selected: 0,
    }));
    vec![ask(generation, Topic::Vocabulary, Request::Vocabulary)]
}

/// Opens the look-alikes of the selected ticket.
pub fn group(app: &mut App) -> Vec<Effect> {
    let Some(ticket) = app.list.current_ticket().cloned() else {
        not_here(app, Action::AnnotateGroup);
        return vec![];
    };
    let id = ticket.id.to_string();
    let shown = app.detail.suggested_for.as_deref() == Some(id.as_str());
    let suggestions = if shown {
        app.detail.suggestions.clone()
    } else {
        Vec::new()
    };
    let form = GroupForm::new(app.next_generation(), &ticket, suggestions);
    let generation = form.generation;
    app.overlays.push(Overlay::Group(form));
    let request = Request::Lookalikes { id, limit: GROUP };
    vec![ask(generation, Topic::Lookalikes, request)]
}

/// Opens the form that marks what is shown as outdated.
pub fn mark_outdated(app: &mut App) {
    let form = match &app.detail.shown {
        Shown::Ticket(ticket) => OutdateForm::of_ticket(ticket),
        Shown::Article(article) => OutdateForm::of_article(article),
        Shown::Nothing | Shown::Failed(_) => return not_here(app, Action::MarkOutdated),
    };
    app.overlays.push(Overlay::Outdate(form));
}

/// Opens the form for categories.
pub fn correct_category(app: &mut App) {
    let Some(subject) = subject(app) else {
        return not_here(app, Action::CorrectCategory);
    };
    let mut targets = subject.targets;
    for target in &mut targets {
        // A row carries the revision of its causes; that of its category comes with the ticket.
        let shown = app
            .detail
            .ticket()
            .filter(|t| t.row.id.as_str() == target.id);
        target.base_rev = shown.map(|ticket| ticket.category_revision);
    }
    app.overlays.push(Overlay::Category(CategoryForm {
        targets,
        subject: subject.name,
        input: Input::default(),
        selected: 0,
    }));
}

/// Opens running text that the desk is asked for.
pub fn pager(
    app: &mut App,
    title: Word,
    empty: Word,
    topic: Topic,
    request: Request,
) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Pager(Pager {
        title,
        generation,
        text: None,
        empty,
        top: 0,
    }));
    vec![ask(generation, topic, request)]
}

/// Opens changes, of a ticket or of everything.
pub fn log(app: &mut App, id: Option<String>, title: Word) -> Vec<Effect> {
    let request = Request::Log { id, limit: LOG };
    pager(app, title, Word::NoHistory, Topic::Log, request)
}

/// Opens the changes of the selected ticket.
pub fn history(app: &mut App) -> Vec<Effect> {
    let Some(ticket) = app.list.current_ticket() else {
        not_here(app, Action::History);
        return vec![];
    };
    let id = ticket.id.to_string();
    log(app, Some(id), Word::HistoryTitle)
}

/// Opens the changes that came too late.
pub fn conflicts(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Conflicts(ConflictList {
        rows: None,
        generation,
        selected: 0,
        how: Settlement::Mine,
    }));
    vec![ask(generation, Topic::Conflicts, Request::Conflicts)]
}

/// Opens the datasets.
pub fn datasets(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Datasets(DatasetList {
        rows: None,
        generation,
        selected: 0,
    }));
    vec![ask(generation, Topic::Datasets, Request::Datasets)]
}

/// Opens the vocabulary.
pub fn vocabulary(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Vocabulary(VocabularyList {
        causes: None,
        generation,
        input: Input::default(),
        selected: 0,
    }));
    vec![ask(generation, Topic::Vocabulary, Request::Vocabulary)]
}

/// Opens the team's settings.
pub fn settings(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Settings(SettingList {
        rows: None,
        generation,
        selected: 0,
    }));
    vec![ask(generation, Topic::Settings, Request::Settings)]
}

/// Asks again for what overlays of shared things show.
pub fn refresh_overlays(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut overlays = std::mem::take(&mut app.overlays);
    for overlay in &mut overlays {
        let (known, topic, request) = match overlay {
            Overlay::Vocabulary(list) => {
                (&mut list.generation, Topic::Vocabulary, Request::Vocabulary)
            }
            // Filled in while it could not be asked for.
            Overlay::Annotate(form) if form.vocabulary.is_none() => {
                (&mut form.generation, Topic::Vocabulary, Request::Vocabulary)
            }
            Overlay::Datasets(list) => (&mut list.generation, Topic::Datasets, Request::Datasets),
            Overlay::Settings(list) => (&mut list.generation, Topic::Settings, Request::Settings),
            Overlay::AtHand(list) => {
                let ticket = list.ticket.clone();
                (
                    &mut list.generation,
                    Topic::AtHand,
                    Request::AtHand { ticket },
                )
            }
            // What waits for the first analysis; advice that is here stays as it was read.
            Overlay::Advice(advice) if advice.waits() => {
                let text = advice.text.clone();
                (
                    &mut advice.generation,
                    Topic::Advice,
                    Request::Answer { text },
                )
            }
            Overlay::Code(form) => {
                let request = Request::Replies(form.query());
                (&mut form.generation, Topic::StandardReplies, request)
            }
            Overlay::Replies(list) => {
                let id = list.id.to_string();
                (&mut list.generation, Topic::Offers, Request::Offers { id })
            }
            _ => continue,
        };
        *known = app.next_generation();
        effects.push(ask(*known, topic, request));
    }
    app.overlays = overlays;
    effects
}

/// Opens the figures.
pub fn statistics(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Stats(StatsView {
        stats: None,
        generation,
        top: 0,
    }));
    vec![ask(generation, Topic::Stats, Request::Stats)]
}

/// Opens the keys of this place.
pub fn help(app: &mut App) {
    let contexts = app.contexts();
    app.overlays.push(Overlay::Help(Help {
        contexts,
        input: Input::default(),
        top: 0,
    }));
}

/// The form for an export of the marked tickets, else of what is listed.
pub fn export(app: &mut App) {
    if !app.may_save {
        return not_here(app, Action::Export);
    }
    let Some((query, subject)) = exported(app) else {
        return not_here(app, Action::Export);
    };
    app.overlays
        .push(Overlay::Export(ExportForm::new(query, subject)));
}

/// What an export is about, as a query and in words; `None` = no query says it.
fn exported(app: &App) -> Option<(String, String)> {
    let by_id = |ids: Vec<String>| {
        let n = Count(ids.len());
        let words = words::text(app.look.lang, &Msg::ForTickets { n });
        (!ids.is_empty()).then(|| (ids.join(" OR "), words))
    };
    let term = |id: &crate::model::TicketId| format!("id:{id}");
    if !app.list.marked.is_empty() {
        return by_id(app.list.marked.keys().map(term).collect());
    }
    if app.list.source != Source::Query {
        let tickets = app.list.rows.iter().filter_map(|row| match row {
            crate::desk::api::Row::Ticket(ticket) => Some(term(&ticket.id)),
            crate::desk::api::Row::Passage(_) => None,
        });
        return by_id(tickets.collect());
    }
    let mut parts = Vec::new();
    if let Some(node) = &app.filter.category {
        if node.product.is_empty() {
            return None;
        }
        let category = match &node.issue_type {
            Some(issue_type) if issue_type.is_empty() => return None,
            Some(issue_type) => format!("{}｜{issue_type}", node.product),
            None => node.product.clone(),
        };
        parts.push(format!("类:\"{category}\""));
    }
    if let Some(state) = app.filter.cause_state {
        parts.push(format!("态:{}", state.name()));
    }
    if let Some(dataset) = &app.filter.dataset {
        parts.push(format!("集:\"{dataset}\""));
    }
    let typed = app.query.text();
    if !typed.is_empty() && !parts.is_empty() {
        parts.push(format!("({typed})"));
    } else if !typed.is_empty() {
        parts.push(typed.to_owned());
    }
    let query = parts.join(" ");
    let subject = if query.is_empty() {
        word(app.look.lang, Word::AllTickets).to_owned()
    } else {
        clean(&query)
    };
    Some((query, subject))
}
