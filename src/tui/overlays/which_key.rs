//! The which-key popup: how a sequence in the making can go on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use crate::keymap::{Chord, Context, Keymap, Lookup, Next, Sequence};
use crate::tui::line::{cut, pad, put};
use crate::tui::look::Look;
use crate::tui::panes::status::action_words;
use crate::words::{Word, word};

/// Columns of one way on.
const COLUMN: u16 = 26;

/// Draws the popup at the bottom, above the status line.
pub fn render(
    look: &Look,
    keymap: &Keymap,
    contexts: &[Context],
    pending: &[Chord],
    screen: Rect,
    buffer: &mut Buffer,
) {
    let Lookup::Pending(ways) = keymap.lookup(contexts, pending) else {
        return;
    };
    let columns = (screen.width.saturating_sub(2) / COLUMN).max(1);
    let count = u16::try_from(ways.len()).unwrap_or(u16::MAX);
    let rows = count.div_ceil(columns);
    let height = (rows + 2).min(screen.height.saturating_sub(1));
    let used = count.div_ceil(rows.max(1)).min(columns);
    let width = (used * COLUMN + 2).min(screen.width);
    let area = Rect::new(
        screen.right() - width,
        screen.bottom().saturating_sub(1 + height),
        width,
        height,
    );
    let keys = Sequence(pending.to_vec());
    let title = format!("{keys}  {}", word(look.lang, Word::WhichKeyTitle));
    let inner = frame::open(look, area, &title, buffer);
    for (at, way) in (0u16..).zip(&ways) {
        let (column, row) = (at / rows.max(1), at % rows.max(1));
        let x = inner.x + column * COLUMN;
        if x >= inner.right() {
            break;
        }
        let what = match way.next {
            Next::Action(action) => action_words(look, action).to_owned(),
            Next::More(n) => format!("+{n}"),
        };
        let cell = Rect {
            x,
            width: COLUMN.min(inner.right() - x),
            ..inner
        };
        let room = usize::from(cell.width).saturating_sub(8);
        let what = cut(&what, room, &look.glyphs);
        let chord = pad(&way.chord.to_string(), 5);
        let line = Line::from(vec![
            Span::styled(format!(" {chord} "), look.theme.key),
            Span::styled(what, look.theme.text),
        ]);
        put(buffer, cell, row, &line);
    }
}
