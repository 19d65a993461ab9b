//! The box around an overlay, and lists inside it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use tui_input::Input;

use crate::tui::flow::Flow;
use crate::tui::layout::Shape;
use crate::tui::line::{clean, cut, put};
use crate::tui::look::Look;
use crate::tui::view::View;
use crate::tui::{field, measure as text};
use crate::words::{Word, word};

/// Rows of a sheet that its content needs at least.
const SHEET: u16 = 7;

/// A rectangle in the middle of the screen, of at most these columns and rows.
pub fn middle(screen: Rect, columns: u16, rows: u16) -> Rect {
    // The status line below stays in sight.
    let height = screen.height.saturating_sub(1);
    let (columns, rows) = (columns.min(screen.width), rows.min(height));
    Rect::new(
        screen.x + (screen.width - columns) / 2,
        screen.y + (height - rows) / 2,
        columns,
        rows,
    )
}

/// Where an overlay stands in which something is decided about the ticket shown: over the list,
/// beside the dialogue; where there is only one pane, a sheet at the bottom.
pub fn beside(view: &View<'_>, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX);
    let areas = &view.areas;
    let pane = [areas.list_pane(), areas.tree]
        .into_iter()
        .find(|pane| !pane.is_empty());
    match (areas.shape, pane) {
        (Shape::Wide | Shape::Medium, Some(pane)) => Rect {
            x: pane.x - 1,
            y: pane.y - 1,
            width: pane.width + 2,
            height: rows.min(pane.height + 2),
        },
        _ => sheet(view.screen, rows),
    }
}

/// A sheet across the bottom, above the status line; the upper part of the screen stays in sight.
fn sheet(screen: Rect, rows: u16) -> Rect {
    let height = screen.height.saturating_sub(1);
    let rows = rows.min((height / 2).max(SHEET)).min(height);
    Rect {
        y: screen.y + height - rows,
        height: rows,
        ..screen
    }
}

/// Rows of a box for this many lines of content, at most so many.
pub fn rows_for(lines: usize, most: u16) -> u16 {
    u16::try_from(lines)
        .unwrap_or(u16::MAX)
        .saturating_add(2)
        .min(most)
}

/// Lines that a text takes at a width.
pub fn lines_of(look: &Look, words: &str, width: usize) -> usize {
    let mut flow = Flow::new(width, look.glyphs);
    flow.text(words, look.theme.text);
    flow.lines.len()
}

/// Columns inside a box of so many columns, with a blank one on both sides.
pub fn inner_columns(screen: Rect, columns: u16) -> usize {
    usize::from(columns.min(screen.width)).saturating_sub(4)
}

/// Lets a screen step back behind an overlay: all but its status line and one part of it.
pub fn dim(look: &Look, screen: Rect, but: Rect, buffer: &mut Buffer) {
    for y in screen.y..screen.bottom().saturating_sub(1) {
        for x in screen.x..screen.right() {
            if but.contains(Position::new(x, y)) {
                continue;
            }
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.set_style(Style::reset().patch(look.theme.dim));
            }
        }
    }
}

/// Takes away what would be left of the words that a box cuts through, on both sides of it.
fn clear_torn(look: &Look, area: Rect, buffer: &mut Buffer) {
    let glyphs = &look.glyphs;
    let is_frame = |symbol: &str| {
        let rules = [glyphs.horizontal, glyphs.vertical];
        let ends = glyphs.corners.iter().chain(&glyphs.tees);
        rules.iter().chain(ends).any(|glyph| *glyph == symbol)
    };
    let is_word = |buffer: &Buffer, x: u16, y: u16| {
        let cell = buffer.cell((x, y));
        cell.is_some_and(|cell| !cell.symbol().trim().is_empty() && !is_frame(cell.symbol()))
    };
    // The second cell of a wide character is blank: the one before it tells.
    let is_text = |buffer: &Buffer, x: u16, y: u16| {
        let wide = |x: u16| {
            let cell = buffer.cell((x, y));
            cell.is_some_and(|cell| text::width(cell.symbol()) > 1)
        };
        is_word(buffer, x, y) || x.checked_sub(1).is_some_and(wide)
    };
    for y in area.y..area.bottom() {
        let last = area.right().saturating_sub(1);
        let left = is_text(buffer, area.x, y);
        let right = is_text(buffer, last, y);
        let before = (0..area.x).rev();
        let after = area.right()..buffer.area.right();
        let mut torn: Vec<u16> = Vec::new();
        if left {
            torn.extend(before.take_while(|x| is_text(buffer, *x, y)));
        }
        if right {
            torn.extend(after.take_while(|x| is_text(buffer, *x, y)));
        }
        for x in torn {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.set_symbol(" ");
            }
        }
    }
}

/// Clears a rectangle and draws a titled box; returns its inside.
pub fn open(look: &Look, area: Rect, title: &str, buffer: &mut Buffer) -> Rect {
    clear_torn(look, area, buffer);
    clear(area, buffer);
    let inner = inside(area);
    if inner.is_empty() {
        return inner;
    }
    let glyphs = &look.glyphs;
    let style = look.theme.border_focus;
    let inside = usize::from(area.width) - 2;
    let across = glyphs.horizontal.repeat(inside);
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for (y, left_corner, right_corner) in [
        (area.y, glyphs.corners[0], glyphs.corners[1]),
        (bottom, glyphs.corners[2], glyphs.corners[3]),
    ] {
        buffer.set_string(area.x, y, left_corner, style);
        buffer.set_stringn(area.x + 1, y, &across, inside, style);
        buffer.set_string(right, y, right_corner, style);
    }
    for y in area.y + 1..bottom {
        buffer.set_string(area.x, y, glyphs.vertical, style);
        buffer.set_string(right, y, glyphs.vertical, style);
    }
    let title = cut(&clean(title), inside.saturating_sub(4), glyphs);
    if !title.is_empty() {
        let words = format!(" {title} ");
        buffer.set_stringn(
            area.x + 2,
            area.y,
            words,
            inside - 1,
            look.theme.title_focus,
        );
    }
    inner
}

/// The inside of a box; empty where there is no room for one.
pub fn inside(area: Rect) -> Rect {
    if area.width < 4 || area.height < 3 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// Clears a rectangle, and with it a wide character that it cuts in two.
pub fn clear(area: Rect, buffer: &mut Buffer) {
    if area.x > 0 {
        for y in area.y..area.bottom() {
            if let Some(cell) = buffer.cell_mut((area.x - 1, y))
                && text::width(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
        }
    }
    Clear.render(area, buffer);
}

/// The rows seen of a list, so that the row under the cursor stands near the middle.
pub fn window(rows: usize, selected: usize, height: usize) -> Range<usize> {
    let top = selected
        .saturating_sub(height / 2)
        .min(rows.saturating_sub(height));
    top..(top + height).min(rows)
}

/// Draws rows of a list with the one under the cursor made visible.
pub fn rows(
    look: &Look,
    area: Rect,
    count: usize,
    selected: usize,
    buffer: &mut Buffer,
    mut line: impl FnMut(usize) -> Line<'static>,
) {
    let seen = window(count, selected, area.height.into());
    for (at, y) in seen.zip(0..) {
        let drawn = line(at);
        let drawn = if at == selected {
            drawn.style(look.theme.selected)
        } else {
            drawn
        };
        put(buffer, area, y, &drawn);
    }
}

/// Draws a labelled field in the first row; returns where its cursor stands.
pub fn labelled_field(
    look: &Look,
    area: Rect,
    label: Word,
    input: &Input,
    buffer: &mut Buffer,
) -> (u16, u16) {
    let label = format!(" {}: ", word(look.lang, label));
    let columns = u16::try_from(text::width(&label)).unwrap_or(0);
    let columns = columns.min(area.width);
    let label = Line::from(Span::styled(label, look.theme.dim));
    put(buffer, area, 0, &label);
    let rest = Rect {
        x: area.x + columns,
        width: area.width - columns,
        height: area.height.min(1),
        ..area
    };
    if rest.is_empty() {
        return (area.x, area.y);
    }
    field::render(input, rest, look.theme.text, buffer).cursor
}

/// An area without its first rows.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

/// Draws a rule across an area's first row.
pub fn rule(look: &Look, area: Rect, buffer: &mut Buffer) {
    let rule = look.glyphs.horizontal.repeat(area.width.into());
    put(
        buffer,
        area,
        0,
        &Line::from(Span::styled(rule, look.theme.border)),
    );
}

/// Draws a word where nothing has come yet or there is nothing.
pub fn placeholder(look: &Look, area: Rect, what: Word, buffer: &mut Buffer) {
    let mut flow = Flow::new(usize::from(area.width).saturating_sub(2), look.glyphs);
    let dim = look.theme.dim;
    flow.labelled("", dim, 1, word(look.lang, what), dim);
    for (line, y) in flow.lines.iter().zip(0..area.height) {
        put(buffer, area, y, line);
    }
}
