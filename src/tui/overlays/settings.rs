//! The team's settings; Enter edits one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::desk::api::SettingRow;
use crate::model::Generation;
use crate::tui::app::App;
use crate::tui::line::{clean, cut, pad};
use crate::words::{Word, names, word};

/// Columns of a setting's name.
const NAME: usize = 18;

/// The list's state.
#[derive(Debug)]
pub struct SettingList {
    /// The settings, when they have come.
    pub rows: Option<Vec<SettingRow>>,
    /// Number of the question for them.
    pub generation: Generation,
    /// The row under the cursor.
    pub selected: usize,
}

/// Draws the settings.
pub fn render(
    app: &App,
    list: &SettingList,
    screen: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let lang = app.look.lang;
    let theme = &app.look.theme;
    let count = list.rows.as_ref().map_or(1, Vec::len);
    let height = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    let area = frame::middle(screen, 84, height);
    let inner = frame::open(app, area, word(lang, Word::SettingsTitle), buffer);
    let Some(rows) = &list.rows else {
        frame::placeholder(app, inner, Word::Loading, buffer);
        return None;
    };
    let room = usize::from(inner.width).saturating_sub(NAME + 3);
    frame::rows(app, inner, rows.len(), list.selected, buffer, |at| {
        rows.get(at).map_or_else(Line::default, |row| {
            let name = cut(names::setting(lang, &row.name), NAME, &app.look.glyphs);
            let value = cut(&clean(&row.value), room, &app.look.glyphs);
            Line::from(vec![
                Span::styled(format!(" {} ", pad(&name, NAME)), theme.text),
                Span::styled(value, theme.dim),
            ])
        })
    });
    None
}
