//! Actions in the panes.

use tui_input::Input;

use super::moves::{self, in_pane};
use super::queues::{self, Turn};
use super::{layers, listing, notify, opinions, orders};
use crate::api::{DraftOf, Request, SimilarTo, UndoScope, ask};
use crate::keymap::Action;
use crate::model::CauseState;
use crate::tui::app::App;
use crate::tui::layout::{Focus, Shape, Zoom};
use crate::tui::msg::{ChangeKind, CopyWhat, Effect};
use crate::tui::notices::Weight;
use crate::tui::overlays::annotate::{AnnotateForm, Purpose};
use crate::tui::overlays::at_hand::AtHandList;
use crate::tui::overlays::category::CategoryForm;
use crate::tui::overlays::code::CodeForm;
use crate::tui::overlays::command::CommandLine;
use crate::tui::overlays::conflicts::ConflictList;
use crate::tui::overlays::datasets::DatasetList;
use crate::tui::overlays::export::ExportForm;
use crate::tui::overlays::group::GroupForm;
use crate::tui::overlays::help::Help;
use crate::tui::overlays::outdate::OutdateForm;
use crate::tui::overlays::pager::Pager;
use crate::tui::overlays::paste::PasteForm;
use crate::tui::overlays::replies::Replies;
use crate::tui::overlays::reply_form::ReplyForm;
use crate::tui::overlays::settings::SettingList;
use crate::tui::overlays::stats::StatsView;
use crate::tui::overlays::view_form::ViewForm;
use crate::tui::overlays::views::ViewList;
use crate::tui::overlays::vocabulary::VocabularyList;
use crate::tui::overlays::{Overlay, advice};
use crate::tui::panes::list::Source;
use crate::tui::panes::tabs::Tab;
use crate::tui::panes::tree::Fold;
use crate::tui::step::Way;
use crate::tui::theme::Theme;
use crate::tui::view::View;
use crate::words::{self, Msg, Word, names};

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
        Action::NextView => queues::turn(app, Turn::Next),
        Action::PrevView => queues::turn(app, Turn::Previous),
        Action::SaveView => return save_view(app),
        Action::Views => return layers::open(app, ViewList::default()),
        Action::Open => open(app),
        Action::NextTicket => moves::in_list(app, Way::Rows(1)),
        Action::PrevTicket => moves::in_list(app, Way::Rows(-1)),
        Action::ScrollDown => moves::in_detail(app, Way::Rows(1)),
        Action::ScrollUp => moves::in_detail(app, Way::Rows(-1)),
        Action::NextTurn => turn(app, moves::to_next),
        Action::PrevTurn => turn(app, moves::to_previous),
        Action::FoldHolding => {
            app.detail.holding = app.detail.holding.other();
            app.detail.text.forget();
        }
        Action::History => return open_for(app, action, Pager::history),
        Action::CopyReply | Action::CopyOriginal => return copy(app, action),
        Action::AtHand => {
            let list = AtHandList::of(&app.view());
            return layers::open(app, list);
        }
        Action::NewReply => {
            let form = ReplyForm::empty(String::new(), &app.look);
            return layers::open(app, form);
        }
        Action::PickReply => return open_for(app, action, Replies::of),
        Action::ReplyCode => {
            let form = CodeForm::of(&app.view());
            return layers::open(app, form);
        }
        Action::PasteAnswer => return layers::open(app, PasteForm::default()),
        Action::Annotate => {
            return open_for(app, action, |view| AnnotateForm::of(Purpose::Decide, view));
        }
        Action::AnnotateGroup => return open_for(app, action, GroupForm::of),
        Action::VoteAgree => return opinions::agree(app),
        Action::VoteDissent => {
            return open_for(app, action, |view| AnnotateForm::of(Purpose::Dissent, view));
        }
        Action::MarkOutdated => return open_for(app, action, OutdateForm::of),
        Action::CorrectCategory => return open_for(app, action, CategoryForm::of),
        Action::AcceptCause1 | Action::AcceptCause2 | Action::AcceptCause3 => {
            return queues::accept(app, action);
        }
        Action::Undo => {
            return orders::order(
                app,
                ChangeKind::Undo,
                Request::Undo(ask::Undo {
                    scope: UndoScope::Session,
                }),
            );
        }
        Action::Redo => {
            return orders::order(
                app,
                ChangeKind::Redo,
                Request::Redo(ask::Redo {
                    scope: UndoScope::Session,
                }),
            );
        }
        Action::Mark => mark(app),
        Action::MarkAll => app.list.mark_all(app.generation()),
        Action::UnmarkAll => unmark_all(app),
        Action::Log => return layers::open(app, Pager::log()),
        Action::Conflicts => return layers::open(app, ConflictList::new(None)),
        Action::Export => return open_for(app, action, ExportForm::of),
        Action::Vocabulary => return layers::open(app, VocabularyList::default()),
        Action::Datasets => return layers::open(app, DatasetList::default()),
        Action::Statistics => return layers::open(app, StatsView::default()),
        Action::Settings => return layers::open(app, SettingList::default()),
        Action::Help => {
            let help = Help::of(&app.view());
            return layers::open(app, help);
        }
        Action::CommandLine => return layers::open(app, CommandLine::default()),
        Action::Status => return layers::open(app, Pager::status()),
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
        | Action::Save
        | Action::EditOutside
        | Action::Favourite
        | Action::Promote
        | Action::ReplyMenu
        | Action::MaskFinding
        | Action::MaskAll
        | Action::MakeSlot
        | Action::EditText
        | Action::DeleteWord
        | Action::DeleteToStart => {}
    }
    vec![]
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

/// One step back: out of the full screen, out of a result, to the list, out of a queue's filters,
/// out of the queue, out of the query, out of the filters.
fn back(app: &mut App) {
    if app.zoom == Zoom::Detail {
        focus(app, Focus::List);
    } else if app.focus != Focus::List {
        app.focus = Focus::List;
    } else if matches!(app.list.source, Source::Similar { .. }) {
        app.list.source = Source::Query;
        app.list.restart();
    } else if matches!(app.list.source, Source::Queue(_)) && app.filter != Default::default() {
        clear_filters(app);
    } else if app.tabs.open.is_some() || app.list.source != Source::Query {
        queues::open(app, Tab::All);
    } else if !app.query.input.value().is_empty() {
        clear_search(app);
    } else {
        clear_filters(app);
    }
}

fn select_category(app: &mut App) {
    app.filter.category = app.tree.selected_filter();
    listing::narrowed(app);
    if app.areas().shape != Shape::Wide {
        app.focus = Focus::List;
    }
}

fn clear_search(app: &mut App) {
    app.query.input = Input::default();
    listing::query_changed(app);
}

fn clear_filters(app: &mut App) {
    if app.filter == Default::default() {
        return;
    }
    app.filter = Default::default();
    app.tree.select(None);
    listing::filter_changed(app);
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
    listing::filter_changed(app);
    if let Some(state) = app.filter.cause_state {
        let by = names::cause_state(app.look.lang, state.name());
        let words = words::text(app.look.lang, &Msg::Filtered { by });
        app.notices.say(Weight::Plain, words);
    }
}

fn similar(app: &mut App) {
    let Some(ticket) = app.list.current_ticket() else {
        return notify::not_here(app, Action::Similar);
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

/// Opens what is likely about a customer's message.
pub fn advise(app: &mut App, text: &str) -> Vec<Effect> {
    match advice::open(text) {
        Ok(advice) => layers::open(app, advice),
        Err(what) => {
            notify::say(app, what);
            vec![]
        }
    }
}

/// Opens an overlay for what is shown or selected, or says that there is nothing for it here.
fn open_for<O: Overlay>(
    app: &mut App,
    action: Action,
    of: impl FnOnce(&View<'_>) -> Option<O>,
) -> Vec<Effect> {
    match of(&app.view()) {
        Some(overlay) => layers::open(app, overlay),
        None => {
            notify::not_here(app, action);
            vec![]
        }
    }
}

/// Opens the form that saves what is listed as a view.
fn save_view(app: &mut App) -> Vec<Effect> {
    match ViewForm::of(&app.view()) {
        Some(form) => layers::open(app, form),
        None => {
            notify::say(app, Word::NothingToSave);
            vec![]
        }
    }
}

fn hit(app: &mut App, go: fn(&mut App, &[usize]) -> bool) {
    let hits = app.detail.text.hits.clone();
    if !go(app, &hits) {
        notify::say(app, Word::NoMatch);
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

/// The best reply of the selected ticket; `None` = an article or nothing, and that was said.
fn best(app: &mut App, action: Action) -> Option<CopyWhat> {
    let Some(ticket) = app.list.current_ticket() else {
        notify::not_here(app, action);
        return None;
    };
    Some(CopyWhat::of(DraftOf::Turn {
        id: ticket.id.to_string(),
        turn: None,
        receiver: None,
    }))
}

fn copy(app: &mut App, action: Action) -> Vec<Effect> {
    let best = best(app, action).map(|what| match action {
        Action::CopyOriginal => what.original(),
        _ => what,
    });
    best.map(Effect::Copy).into_iter().collect()
}

fn mark(app: &mut App) {
    if app.focus != Focus::Tree {
        app.list.toggle_mark(app.generation());
        moves::in_list(app, Way::Rows(1));
    }
}

fn unmark_all(app: &mut App) {
    app.list.marked.clear();
    notify::say(app, Word::Unmarked);
}

fn theme(app: &mut App) {
    app.look.theme = Theme::of(app.look.theme.name.next());
    let name = names::theme(app.look.lang, app.look.theme.name.name());
    let words = words::text(app.look.lang, &Msg::ThemeNow { name });
    app.notices.say(Weight::Plain, words);
}
