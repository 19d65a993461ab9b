//! The saved views: a list of them, and the form that names one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::frame;
use crate::desk::api::{ViewName, ViewRow};
use crate::model::TicketFilter;
use crate::tui::app::App;
use crate::tui::line::{clean, cut, pad, put};
use crate::words::{Word, names, word};

/// Columns of a view's name.
const NAME: usize = 24;

/// The list's state; the views are the app's own.
#[derive(Debug, Default)]
pub struct ViewList {
    /// The row under the cursor.
    pub selected: usize,
}

/// The form's state.
#[derive(Debug)]
pub struct ViewForm {
    /// The view that gets another name; `None` = what is listed is saved.
    pub renamed: Option<ViewName>,
    /// What is saved.
    pub query: String,
    /// What is saved with it.
    pub filter: TicketFilter,
    /// Its name.
    pub name: Input,
    /// Whether it is for the team.
    pub team: bool,
}

impl ViewForm {
    /// The name that is typed.
    pub fn names(&self) -> ViewName {
        ViewName {
            name: self.name.value().trim().to_owned(),
            team: self.team,
        }
    }
}

/// Draws the list.
pub fn render(app: &App, list: &ViewList, screen: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let theme = &app.look.theme;
    let rows = &app.tabs.rows;
    // Two for the words that stand there while there is none.
    let height = u16::try_from(rows.len().max(2)).unwrap_or(u16::MAX);
    let area = frame::middle(screen, 84, height.saturating_add(2));
    let inner = frame::open(app, area, word(lang, Word::ViewsTitle), buffer);
    if rows.is_empty() {
        frame::placeholder(app, inner, Word::NoViews, buffer);
        return None;
    }
    let room = usize::from(inner.width).saturating_sub(NAME + 12);
    frame::rows(app, inner, rows.len(), list.selected, buffer, |at| {
        rows.get(at).map_or_else(Line::default, |row| {
            let kind = names::view_kind(lang, if row.team { "team" } else { "own" });
            let name = pad(&cut(&clean(&row.name), NAME, &app.look.glyphs), NAME + 1);
            let shows = cut(&clean(&shows(app, row)), room, &app.look.glyphs);
            Line::from(vec![
                Span::styled(format!(" {} ", pad(kind, 8)), theme.dim),
                Span::styled(name, theme.text),
                Span::styled(shows, theme.dim),
            ])
        })
    });
    None
}

/// What a view shows, in words.
fn shows(app: &App, row: &ViewRow) -> String {
    let state = row.filter.cause_state;
    let category = row
        .filter
        .category
        .as_ref()
        .map(|node| match &node.issue_type {
            Some(issue_type) => format!("{}｜{issue_type}", node.product),
            None => node.product.clone(),
        });
    let parts = [
        Some(row.query.clone()),
        category,
        state.map(|state| names::cause_state(app.look.lang, state.name()).to_owned()),
        row.filter.dataset.clone(),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(&format!(" {} ", app.look.glyphs.dot))
}

/// Draws the form.
pub fn render_form(
    app: &App,
    form: &ViewForm,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let title = if form.renamed.is_some() {
        Word::RenameViewTitle
    } else {
        Word::SaveViewTitle
    };
    let area = frame::middle(screen, 60, 4);
    let inner = frame::open(app, area, word(lang, title), buffer);
    if inner.height < 2 {
        return None;
    }
    let cursor = frame::labelled_field(app, inner, Word::Name, &form.name, buffer);
    let kind = names::view_kind(lang, if form.team { "team" } else { "own" });
    let hint = if form.renamed.is_some() {
        String::new()
    } else {
        format!(" {kind}  {}", word(lang, Word::ViewHint))
    };
    put(
        buffer,
        inner,
        1,
        &Line::from(Span::styled(hint, app.look.theme.dim)),
    );
    Some(cursor)
}
