//! Actions in the panes.

use tui_input::Input;

use super::moves::{self, Way, in_pane};
use crate::desk::Request;
use crate::desk::api::{Annotate, CauseChoice, SimilarTo, Target, UndoScope};
use crate::keymap::Action;
use crate::model::{CauseState, Generation};
use crate::tui::app::{App, Focus, Weight};
use crate::tui::layout::{Shape, Zoom};
use crate::tui::line::clean;
use crate::tui::msg::{Ask, CopyWhat, Deed, Effect, Topic};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::annotate::{AnnotateForm, Field};
use crate::tui::overlays::category::CategoryForm;
use crate::tui::overlays::command::Command;
use crate::tui::overlays::conflicts::{ConflictList, Verdict};
use crate::tui::overlays::datasets::DatasetList;
use crate::tui::overlays::help::Help;
use crate::tui::overlays::pager::Pager;
use crate::tui::overlays::paste::PasteForm;
use crate::tui::overlays::replies::{self, Replies};
use crate::tui::overlays::stats::StatsView;
use crate::tui::panes::list::Source;
use crate::tui::panes::status::action_words;
use crate::tui::panes::tree::Fold;
use crate::tui::theme::Theme;
use crate::words::{self, Count, Msg, Word, names, word};

/// Changes of the log that are asked for.
const LOG: usize = 300;
/// Characters of a pasted message that are searched for.
const LONGEST_TEXT: usize = 20_000;

/// Does an action of the panes.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::MoveDown => in_pane(app, Way::Rows(1)),
        Action::MoveUp => in_pane(app, Way::Rows(-1)),
        Action::HalfPageDown => in_pane(app, Way::HalfPages(1)),
        Action::HalfPageUp => in_pane(app, Way::HalfPages(-1)),
        Action::PageDown => in_pane(app, Way::HalfPages(2)),
        Action::PageUp => in_pane(app, Way::HalfPages(-2)),
        Action::First => in_pane(app, Way::First),
        Action::Last => in_pane(app, Way::Last),
        Action::FocusNext => focus(app, next_focus(app.focus)),
        Action::FocusPrev => focus(app, previous_focus(app.focus)),
        Action::FocusTree => focus(app, Focus::Tree),
        Action::FocusList => focus(app, Focus::List),
        Action::FocusDetail => focus(app, Focus::Detail),
        Action::Back => back(app),
        Action::Expand => app.tree.fold(Some(Fold::Open)),
        Action::Collapse => app.tree.fold(Some(Fold::Closed)),
        Action::ToggleNode => app.tree.fold(None),
        Action::SelectCategory => select_category(app),
        Action::Search => focus(app, Focus::Query),
        Action::ClearSearch => clear_search(app),
        Action::Similar => similar(app),
        Action::FilterState => filter_state(app),
        Action::ClearFilters => clear_filters(app),
        Action::NextHit => hit(app, moves::to_next),
        Action::PrevHit => hit(app, moves::to_previous),
        Action::NextView | Action::PrevView => say(app, Word::NoView),
        Action::Open => open(app),
        Action::NextTicket => moves::in_list(app, Way::Rows(1)),
        Action::PrevTicket => moves::in_list(app, Way::Rows(-1)),
        Action::ScrollDown => moves::in_detail(app, Way::Rows(1)),
        Action::ScrollUp => moves::in_detail(app, Way::Rows(-1)),
        Action::NextTurn => turn(app, moves::to_next),
        Action::PrevTurn => turn(app, moves::to_previous),
        Action::History => return history(app),
        Action::CopyReply => return copy(app),
        Action::PickReply => pick_reply(app),
        Action::ReplyCode | Action::Export => not_here(app, action),
        Action::PasteAnswer => app.overlays.push(Overlay::Paste(PasteForm::default())),
        Action::Annotate => return annotate(app),
        Action::CorrectCategory => correct_category(app),
        Action::AcceptCause1 => return accept(app, 0),
        Action::AcceptCause2 => return accept(app, 1),
        Action::AcceptCause3 => return accept(app, 2),
        Action::Undo => return order(app, Deed::Undo, Request::Undo(UndoScope::Session)),
        Action::Redo => return order(app, Deed::Redo, Request::Redo(UndoScope::Session)),
        Action::Mark => mark(app),
        Action::MarkAll => app.list.mark_all(),
        Action::UnmarkAll => unmark_all(app),
        Action::Log => return log(app, None, Word::LogTitle),
        Action::Conflicts => return conflicts(app),
        Action::Vocabulary => {
            return pager(
                app,
                Word::VocabularyTitle,
                Word::NoCause,
                Topic::Vocabulary,
                Request::Vocabulary,
            );
        }
        Action::Datasets => return datasets(app),
        Action::Statistics => return statistics(app),
        Action::Settings => {
            return pager(
                app,
                Word::SettingsTitle,
                Word::NoHistory,
                Topic::Settings,
                Request::Settings,
            );
        }
        Action::Help => help(app),
        Action::CommandLine => app.overlays.push(Overlay::Command(Command::default())),
        Action::Status => {
            return pager(
                app,
                Word::StatusTitle,
                Word::Loading,
                Topic::StatusPage,
                Request::Status,
            );
        }
        Action::Theme => theme(app),
        Action::Redraw => app.repaints += 1,
        Action::Suspend => return vec![Effect::Suspend],
        Action::Quit => app.over = true,
        // Without an overlay there is nothing for these to act on.
        Action::Confirm
        | Action::Cancel
        | Action::ToggleChoice
        | Action::CreateChoice
        | Action::NextField
        | Action::PrevField
        | Action::DeleteWord
        | Action::DeleteToStart => {}
    }
    vec![]
}

fn say(app: &mut App, what: Word) {
    let words = word(app.look.lang, what).to_owned();
    app.notices.say(Weight::Plain, words);
}

fn not_here(app: &mut App, action: Action) {
    let action = action_words(&app.look, action);
    let words = words::text(app.look.lang, &Msg::NotHere { action });
    app.notices.say(Weight::Plain, words);
}

fn next_focus(focus: Focus) -> Focus {
    match focus {
        Focus::Tree => Focus::List,
        Focus::Query | Focus::List => Focus::Detail,
        Focus::Detail => Focus::Tree,
    }
}

fn previous_focus(focus: Focus) -> Focus {
    match focus {
        Focus::Tree => Focus::Detail,
        Focus::Query | Focus::List => Focus::Tree,
        Focus::Detail => Focus::List,
    }
}

fn focus(app: &mut App, focus: Focus) {
    app.focus = focus;
    match focus {
        Focus::Tree | Focus::List => app.zoom = Zoom::Panes,
        Focus::Query | Focus::Detail => {}
    }
}

/// One step back: out of the full screen, out of a result, to the list, out of the query, out
/// of the filters.
fn back(app: &mut App) {
    if app.zoom == Zoom::Detail {
        focus(app, Focus::List);
    } else if app.focus != Focus::List {
        app.focus = Focus::List;
    } else if app.list.source != Source::Query {
        app.list.source = Source::Query;
        app.list.restart();
    } else if !app.query.input.value().is_empty() {
        clear_search(app);
    } else {
        clear_filters(app);
    }
}

fn select_category(app: &mut App) {
    app.filter.category = app.tree.selected_filter();
    app.list.source = Source::Query;
    app.list.restart();
    if app.areas().shape != Shape::Wide {
        app.focus = Focus::List;
    }
}

/// The query is another one: list and counts follow.
pub fn query_changed(app: &mut App) {
    app.list.source = Source::Query;
    app.list.restart();
    app.tree.stale = true;
}

fn clear_search(app: &mut App) {
    app.query.input = Input::default();
    query_changed(app);
}

fn clear_filters(app: &mut App) {
    if app.filter == Default::default() {
        return;
    }
    app.filter = Default::default();
    app.tree.select(None);
    query_changed(app);
}

fn filter_state(app: &mut App) {
    let order = [
        None,
        Some(CauseState::Placeholder),
        Some(CauseState::None),
        Some(CauseState::Given),
        Some(CauseState::Confirmed),
    ];
    let at = order
        .iter()
        .position(|state| *state == app.filter.cause_state);
    let next = at.map_or(0, |at| (at + 1) % order.len());
    app.filter.cause_state = order.get(next).copied().flatten();
    query_changed(app);
    if let Some(state) = app.filter.cause_state {
        let by = names::cause_state(app.look.lang, state.name());
        let words = words::text(app.look.lang, &Msg::Filtered { by });
        app.notices.say(Weight::Plain, words);
    }
}

fn similar(app: &mut App) {
    let Some(ticket) = app.list.current_ticket() else {
        return not_here(app, Action::Similar);
    };
    let title = if ticket.title.is_empty() {
        &ticket.snippet
    } else {
        &ticket.title
    };
    app.list.source = Source::Similar {
        to: SimilarTo::Id(ticket.id.to_string()),
        title: title.clone(),
    };
    app.list.restart();
    app.zoom = Zoom::Panes;
    app.focus = Focus::List;
}

/// Lists what is like a customer's message.
pub fn similar_to_text(app: &mut App, text: &str) {
    // Pasted line ends come as carriage returns.
    let text: String = text
        .replace('\r', "\n")
        .chars()
        .take(LONGEST_TEXT)
        .collect();
    let text = crate::tui::measure::sanitize(&text).trim().to_owned();
    if text.is_empty() {
        return say(app, Word::NothingPasted);
    }
    app.list.source = Source::Similar {
        title: clean(&text),
        to: SimilarTo::Text(text),
    };
    app.list.restart();
    app.zoom = Zoom::Panes;
    app.focus = Focus::List;
}

fn hit(app: &mut App, go: fn(&mut App, &[usize]) -> bool) {
    let hits = app.detail.text.hits.clone();
    if !go(app, &hits) {
        say(app, Word::NoMatch);
    }
}

fn turn(app: &mut App, go: fn(&mut App, &[usize]) -> bool) {
    let turns = app.detail.text.turns.clone();
    go(app, &turns);
}

fn open(app: &mut App) {
    match app.zoom {
        Zoom::Detail => focus(app, Focus::List),
        Zoom::Panes => {
            app.zoom = Zoom::Detail;
            app.focus = Focus::Detail;
        }
    }
}

fn copy(app: &mut App) -> Vec<Effect> {
    let Some(ticket) = app.list.current_ticket() else {
        not_here(app, Action::CopyReply);
        return vec![];
    };
    vec![Effect::Copy(CopyWhat::Reply {
        id: ticket.id,
        turn: None,
    })]
}

fn pick_reply(app: &mut App) {
    match app.list.current_ticket() {
        Some(ticket) => {
            let id = ticket.id;
            // The one that a plain copy would take.
            let rows = replies::rows(app, id).unwrap_or_default();
            let selected = rows.iter().rposition(|row| !row.holding).unwrap_or(0);
            app.overlays
                .push(Overlay::Replies(Replies { id, selected }));
        }
        None => not_here(app, Action::PickReply),
    }
}

fn mark(app: &mut App) {
    if app.focus != Focus::Tree {
        app.list.toggle_mark();
        moves::in_list(app, Way::Rows(1));
    }
}

fn unmark_all(app: &mut App) {
    app.list.marked.clear();
    say(app, Word::Unmarked);
}

/// The tickets that an order is about, and what a form calls them.
struct Subject {
    targets: Vec<Target>,
    name: String,
    current: Vec<String>,
}

/// The marked tickets, else the selected one; `None` = an article or nothing.
fn subject(app: &App) -> Option<Subject> {
    let target = |id: &crate::model::TicketId, revision| Target {
        id: id.to_string(),
        base_rev: Some(revision),
    };
    if !app.list.marked.is_empty() {
        let marked = app.list.marked.iter();
        let n = Count(app.list.marked.len());
        return Some(Subject {
            targets: marked
                .map(|(id, known)| target(id, known.revision))
                .collect(),
            name: words::text(app.look.lang, &Msg::ForTickets { n }),
            current: Vec::new(),
        });
    }
    let ticket = app.list.current_ticket()?;
    Some(Subject {
        targets: vec![target(&ticket.id, ticket.revision)],
        name: ticket.title.clone(),
        current: ticket
            .causes
            .iter()
            .map(|cause| cause.name.clone())
            .collect(),
    })
}

fn annotate(app: &mut App) -> Vec<Effect> {
    let Some(subject) = subject(app) else {
        not_here(app, Action::Annotate);
        return vec![];
    };
    let generation = app.next_generation();
    app.overlays.push(Overlay::Annotate(AnnotateForm {
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

/// Makes a suggested cause the cause of the marked tickets, else of the selected one, and moves
/// on.
fn accept(app: &mut App, number: usize) -> Vec<Effect> {
    let selected = app.list.current().map(crate::tui::panes::list::row_id);
    let suggested = app.detail.suggestions().get(number);
    let suggested = suggested.filter(|_| selected == app.detail.shown_id);
    let Some((cause, subject)) = suggested.cloned().zip(subject(app)) else {
        say(app, Word::NoSuggestion);
        return vec![];
    };
    // A list of what is not decided closes the gap by itself.
    let stays = matches!(app.filter.cause_state, None | Some(CauseState::Confirmed));
    if stays && app.list.marked.is_empty() {
        moves::in_list(app, Way::Rows(1));
    }
    let annotation = Annotate {
        targets: subject.targets,
        causes: vec![CauseChoice::Known(cause.cause_id.to_string())],
        note: String::new(),
    };
    order(app, Deed::Annotate, Request::Annotate(annotation))
}

fn correct_category(app: &mut App) {
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

fn ask(generation: Generation, topic: Topic, request: Request) -> Effect {
    Effect::Ask(Ask {
        topic,
        generation,
        request,
    })
}

/// Sends a change on its way.
pub fn order(app: &mut App, deed: Deed, request: Request) -> Vec<Effect> {
    let generation = app.next_generation();
    vec![ask(generation, Topic::Act(deed), request)]
}

fn pager(app: &mut App, title: Word, empty: Word, topic: Topic, request: Request) -> Vec<Effect> {
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

fn log(app: &mut App, id: Option<String>, title: Word) -> Vec<Effect> {
    let request = Request::Log { id, limit: LOG };
    pager(app, title, Word::NoHistory, Topic::Log, request)
}

fn history(app: &mut App) -> Vec<Effect> {
    let Some(ticket) = app.list.current_ticket() else {
        not_here(app, Action::History);
        return vec![];
    };
    let id = ticket.id.to_string();
    log(app, Some(id), Word::HistoryTitle)
}

fn conflicts(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Conflicts(ConflictList {
        rows: None,
        generation,
        selected: 0,
        verdict: Verdict::Mine,
    }));
    vec![ask(generation, Topic::Conflicts, Request::Conflicts)]
}

fn datasets(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Datasets(DatasetList {
        rows: None,
        generation,
        selected: 0,
    }));
    vec![ask(generation, Topic::Datasets, Request::Datasets)]
}

fn statistics(app: &mut App) -> Vec<Effect> {
    let generation = app.next_generation();
    app.overlays.push(Overlay::Stats(StatsView {
        stats: None,
        generation,
        top: 0,
    }));
    vec![ask(generation, Topic::Stats, Request::Stats)]
}

fn help(app: &mut App) {
    let contexts = app.contexts();
    app.overlays.push(Overlay::Help(Help {
        contexts,
        input: Input::default(),
        top: 0,
    }));
}

fn theme(app: &mut App) {
    app.look.theme = Theme::of(app.look.theme.name.next());
    let name = names::theme(app.look.lang, app.look.theme.name.name());
    let words = words::text(app.look.lang, &Msg::ThemeNow { name });
    app.notices.say(Weight::Plain, words);
}
