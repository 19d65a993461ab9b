//! The datasets; Enter lists one's tickets only.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::DatasetRow;
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::line::clean;
use crate::words::{self, Count, Msg, Word, word};

/// The list's state.
#[derive(Debug)]
pub struct DatasetList {
    /// The datasets, when they have come.
    pub rows: Option<Vec<DatasetRow>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// The row under the cursor.
    pub selected: usize,
}

/// Draws the datasets.
pub fn render(
    app: &App,
    list: &DatasetList,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let theme = &app.look.theme;
    let count = list.rows.as_ref().map_or(1, |rows| rows.len().max(1));
    let height = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    let area = frame::middle(screen, 70, height);
    let inner = frame::open(app, area, word(lang, Word::DatasetsTitle), buffer);
    let Some(rows) = &list.rows else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    frame::rows(app, inner, rows.len(), list.selected, buffer, |at| {
        rows.get(at).map_or_else(Line::default, |row| {
            let counts = Msg::DatasetCounts {
                tickets: Count(row.tickets),
                articles: Count(row.articles),
            };
            Line::from(vec![
                Span::styled(format!(" {}  ", clean(&row.name)), theme.text),
                Span::styled(words::text(lang, &counts), theme.dim),
            ])
        })
    });
    None
}
