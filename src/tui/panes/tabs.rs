//! The views as tabs above the list: everything, the queues, the team's and one's own.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::api::{QueueKind, ViewName, ViewRow};
use crate::model::{Generation, TicketFilter};
use crate::tui::app::App;
use crate::tui::line::{clean, cut, put};
use crate::tui::measure as text;
use crate::tui::panes::list::Source;
use crate::words::{Word, names, word};

/// Columns of a saved view's name at most.
const NAME: usize = 16;

/// The views, and which of the saved ones is open.
#[derive(Debug, Default)]
pub struct Tabs {
    /// The saved ones, in order.
    pub rows: Vec<ViewRow>,
    /// The newest question for them.
    pub generation: Generation,
    /// Whether they are out of date.
    pub stale: bool,
    /// The saved one that is open.
    pub open: Option<ViewName>,
    /// Query and filter as they were before it, or a queue, was opened.
    pub before: (String, TicketFilter),
}

impl Tabs {
    /// Calls what is listed a saved view.
    pub fn call(&mut self, name: ViewName) {
        if self.open.is_none() {
            // What was everything is a view now; everything is everything again.
            self.before = Default::default();
        }
        self.open = Some(name);
    }
}

/// What a tab shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tab {
    /// What query line and filter let through.
    All,
    /// Tickets that wait for an agent.
    Queue(QueueKind),
    /// A saved view.
    Saved(ViewName),
}

/// All tabs in order.
pub fn all(app: &App) -> Vec<Tab> {
    let saved = app.tabs.rows.iter().map(|row| Tab::Saved(row.called()));
    std::iter::once(Tab::All)
        .chain(QueueKind::ALL.map(Tab::Queue))
        .chain(saved)
        .collect()
}

/// The tab that is open; `None` = tickets like another, which no tab shows.
pub fn current(app: &App) -> Option<Tab> {
    match &app.list.source {
        Source::Queue(kind) => Some(Tab::Queue(*kind)),
        Source::Query => Some(app.tabs.open.clone().map_or(Tab::All, Tab::Saved)),
        Source::Similar { .. } => None,
    }
}

/// What a tab is called; a saved view that is shown changed has a star.
fn name(app: &App, tab: &Tab) -> String {
    match tab {
        Tab::All => word(app.look.lang, Word::AllTickets).to_owned(),
        Tab::Queue(kind) => names::queue(app.look.lang, kind.name()).to_owned(),
        Tab::Saved(view) => {
            let name = cut(&clean(&view.name), NAME, &app.look.glyphs);
            let row = app.tabs.rows.iter().find(|row| row.called() == *view);
            let is_open = app.tabs.open.as_ref() == Some(view);
            let changed =
                row.is_some_and(|row| row.query != app.query.text() || row.filter != app.filter);
            let star = if is_open && changed { "*" } else { "" };
            format!("{name}{star}")
        }
    }
}

/// Draws as many tabs as there is room for around the open one.
pub fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = &app.look.theme;
    let tabs = shown(app);
    let seen = window(&tabs, usize::from(area.width).saturating_sub(2));
    let more = |hidden: bool, mark: &str| {
        let mark = if hidden { mark } else { " " };
        Span::styled(mark.to_owned(), theme.dim)
    };
    let mut spans = vec![more(seen.first() != tabs.first(), "<")];
    spans.extend(seen.iter().map(|(name, is_open)| {
        let style = if *is_open {
            theme.title_focus
        } else {
            theme.dim
        };
        Span::styled(name.clone(), style)
    }));
    spans.push(more(seen.last() != tabs.last(), ">"));
    put(buffer, area, 0, &Line::from(spans));
}

/// All tabs as they are shown, and whether they are open.
fn shown(app: &App) -> Vec<(String, bool)> {
    let open = current(app);
    let shown = |tab: &Tab| {
        let (name, is_open) = (name(app, tab), Some(tab) == open.as_ref());
        // Brackets tell the open one where there is no colour.
        let shown = if is_open {
            format!("[{name}]")
        } else {
            format!(" {name} ")
        };
        (shown, is_open)
    };
    all(app).iter().map(shown).collect()
}

/// The tab that is drawn at a place.
pub fn at(app: &App, area: Rect, place: Position) -> Option<Tab> {
    let tabs = shown(app);
    let seen = window(&tabs, usize::from(area.width).saturating_sub(2));
    let first = tabs.iter().position(|tab| Some(tab) == seen.first())?;
    // The mark of hidden ones takes the first column.
    let mut left = usize::from(place.x.checked_sub(area.x)?).checked_sub(1)?;
    for (at, (name, _)) in seen.iter().enumerate() {
        match left.checked_sub(text::width(name)) {
            Some(rest) => left = rest,
            None => return all(app).into_iter().nth(first + at),
        }
    }
    None
}

/// The tabs that fit, the open one among them.
fn window(tabs: &[(String, bool)], room: usize) -> &[(String, bool)] {
    let open = tabs.iter().position(|(_, is_open)| *is_open).unwrap_or(0);
    let width = |from: usize, to: usize| -> usize {
        let part = tabs.get(from..to).unwrap_or_default();
        part.iter().map(|(name, _)| text::width(name)).sum()
    };
    let mut from = 0;
    while from < open && width(from, open + 1) > room {
        from += 1;
    }
    let mut to = tabs.len();
    while to > open + 1 && width(from, to) > room {
        to -= 1;
    }
    tabs.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_tab_is_seen_however_little_room_there_is() {
        let tabs: Vec<(String, bool)> = (0..9).map(|n| (format!(" 视图{n} "), n == 7)).collect();
        let seen = window(&tabs, 16);
        assert!(seen.len() == 2 && seen.iter().any(|(_, open)| *open));
        assert_eq!(window(&tabs, 400).len(), 9);
        assert_eq!(window(&tabs, 3).len(), 1);
    }
}
