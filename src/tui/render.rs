//! Draws the app: reads everything, changes nothing.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::app::App;
use super::layout::{Areas, SMALLEST, Shape, Zoom};
use super::line::{clean, cut, put};
use super::measure as text;
use super::overlays;
use super::panes::{detail, list, query, status, tabs, tree};
use super::say;
use crate::tui::layout::Focus;
use crate::words::{self, Count, Msg, Word, names, word};

/// Draws one frame.
pub fn render(app: &App, frame: &mut Frame<'_>) {
    let areas = app.areas();
    let screen = frame.area();
    if areas.shape == Shape::TooSmall || screen != areas.screen {
        too_small(app, screen, frame.buffer_mut());
        return;
    }
    let buffer = frame.buffer_mut();
    frames(app, &areas, buffer);
    let mut cursor = query::render(app, areas.query, buffer);
    tree::render(app, areas.tree, buffer);
    tabs::render(app, areas.tabs, buffer);
    list::render(app, areas.list, buffer);
    detail::render(app, areas.detail, buffer);
    status::render(app, areas.status, buffer);
    let view = app.view();
    for layer in &app.overlays {
        cursor = overlays::render(layer, &view, screen, buffer);
    }
    if !app.pending.is_empty() {
        let contexts = app.contexts();
        overlays::which_key::render(
            &app.look,
            &app.keymap,
            &contexts,
            &app.pending,
            screen,
            buffer,
        );
    }
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn too_small(app: &App, screen: Rect, buffer: &mut Buffer) {
    let lang = app.look.lang;
    let (columns, lines) = SMALLEST;
    let words = [
        word(lang, Word::TooSmall).to_owned(),
        words::text(lang, &Msg::NeedsRoom { columns, lines }),
    ];
    for (row, words) in (0..).zip(&words) {
        let words = cut(words, screen.width.into(), &app.look.glyphs);
        put(buffer, screen, row, &Line::from(words));
    }
}

/// The rules around and between the panes, and their titles.
fn frames(app: &App, areas: &Areas, buffer: &mut Buffer) {
    match areas.shape {
        Shape::Wide | Shape::Medium => boxed(app, areas, buffer),
        Shape::Narrow => open(app, areas, buffer),
        Shape::TooSmall => {}
    }
}

fn boxed(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let glyphs = &app.look.glyphs;
    let style = app.look.theme.border;
    let screen = areas.screen;
    let (right, bottom) = (screen.right() - 1, screen.bottom() - 2);
    rule(
        app,
        screen,
        0,
        buffer,
        [glyphs.corners[0], glyphs.corners[1]],
    );
    rule(app, screen, 1, buffer, [glyphs.tees[0], glyphs.tees[1]]);
    rule(
        app,
        screen,
        bottom,
        buffer,
        [glyphs.corners[2], glyphs.corners[3]],
    );
    for y in 2..bottom {
        buffer.set_string(0, y, glyphs.vertical, style);
        buffer.set_string(right, y, glyphs.vertical, style);
    }
    for pane in [areas.tree, areas.list] {
        let x = pane.right();
        if pane.is_empty() || x >= right {
            continue;
        }
        buffer.set_string(x, 1, glyphs.tees[2], style);
        buffer.set_string(x, bottom, glyphs.tees[3], style);
        for y in 2..bottom {
            buffer.set_string(x, y, glyphs.vertical, style);
        }
    }
    if areas.shape == Shape::Medium && areas.detail.y > 2 {
        rule(
            app,
            screen,
            areas.detail.y - 1,
            buffer,
            [glyphs.tees[0], glyphs.tees[1]],
        );
    }
    for (pane, focus) in [
        (areas.tree, Focus::Tree),
        (areas.list_pane(), Focus::List),
        (areas.detail, Focus::Detail),
    ] {
        if !pane.is_empty() {
            title(app, areas, pane, focus, buffer);
        }
    }
}

fn open(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let glyphs = &app.look.glyphs;
    rule(app, areas.screen, 0, buffer, [glyphs.horizontal; 2]);
    rule(app, areas.screen, 1, buffer, [glyphs.horizontal; 2]);
    for (pane, focus) in [
        (areas.tree, Focus::Tree),
        (areas.list_pane(), Focus::List),
        (areas.detail, Focus::Detail),
    ] {
        if !pane.is_empty() {
            title(app, areas, pane, focus, buffer);
        }
    }
}

fn rule(app: &App, screen: Rect, y: u16, buffer: &mut Buffer, ends: [&str; 2]) {
    let style = app.look.theme.border;
    let line = app.look.glyphs.horizontal.repeat(screen.width.into());
    buffer.set_stringn(0, y, line, screen.width.into(), style);
    buffer.set_string(0, y, ends[0], style);
    buffer.set_string(screen.right() - 1, y, ends[1], style);
}

/// A pane's title on the rule above it; with the path where the tree is not shown.
fn title(app: &App, areas: &Areas, pane: Rect, focus: Focus, buffer: &mut Buffer) {
    let has_keys = app.focus == focus || (app.focus == Focus::Query && focus == Focus::List);
    let theme = &app.look.theme;
    let style = if has_keys {
        theme.title_focus
    } else {
        theme.title
    };
    let name = match focus {
        Focus::Tree => Word::PaneTree,
        Focus::List | Focus::Query => Word::PaneList,
        Focus::Detail => Word::PaneDetail,
    };
    let mut words = word(app.look.lang, name).to_owned();
    let alone = areas.tree.is_empty() || app.zoom == Zoom::Detail;
    if focus == Focus::List && alone {
        words = format!("{} {} {words}", breadcrumb(app), app.look.glyphs.dot);
    }
    if focus == Focus::List || (areas.list.is_empty() && focus == Focus::Detail) {
        words.push_str(&position(app));
        for filter in filters(app) {
            words.push_str(&format!(" {} {filter}", app.look.glyphs.dot));
        }
    }
    if focus == Focus::Detail
        && let Some(position) = detail::part(app).position()
    {
        words.push_str(&format!(" {} {position}", app.look.glyphs.dot));
    }
    let room = usize::from(pane.width).saturating_sub(3);
    let words = cut(&words, room, &app.look.glyphs);
    let inset = if pane.x == 0 { 1 } else { 0 };
    let area = Rect::new(pane.x + inset, pane.y - 1, pane.width - inset, 1);
    let width = text::width(&words) + 2;
    let area = Rect {
        width: area.width.min(u16::try_from(width).unwrap_or(area.width)),
        ..area
    };
    let spans = vec![Span::raw(" "), Span::styled(words, style), Span::raw(" ")];
    buffer.set_style(area, Style::reset());
    put(buffer, area, 0, &Line::from(spans));
}

/// The category listed, as a path.
pub fn breadcrumb(app: &App) -> String {
    let all = word(app.look.lang, Word::AllTickets).to_owned();
    let step = app.look.glyphs.step;
    let Some(place) = app.place() else {
        return all;
    };
    let product = say::product(app.look.lang, &place.product);
    match &place.issue_type {
        Some(issue_type) => {
            format!(
                "{all} {step} {product} {step} {}",
                say::issue_type(app.look.lang, issue_type)
            )
        }
        None => format!("{all} {step} {product}"),
    }
}

/// What else the tickets listed must be, in words.
fn filters(app: &App) -> Vec<String> {
    let lang = app.look.lang;
    let state = app
        .filter
        .cause_state
        .map(|state| names::cause_state(lang, state.name()).to_owned());
    let dataset = app.filter.dataset.as_deref().map(clean);
    state.into_iter().chain(dataset).collect()
}

/// Where the cursor stands in the list.
fn position(app: &App) -> String {
    let total = app.list.total;
    if total == 0 {
        return String::new();
    }
    format!(" {}/{}", Count(app.list.selected + 1), Count(total))
}
