//! One-line text fields: how keys edit them and where their cursor is drawn.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui_textarea::TextArea;
use tui_input::{Input, InputRequest};

use super::line::clean;
use super::step::{Deleted, Step};
use crate::keymap::Action;
use crate::tui::measure as text;

/// Characters a field takes at most; a longer paste is cut.
const LONGEST: usize = 2000;

/// What was drawn of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Where the cursor stands on the screen; input methods draw there.
    pub cursor: (u16, u16),
    /// Columns that the text fills.
    pub width: u16,
}

/// Edits a field by a key that no binding took; says whether its text changed.
pub fn edit(input: &mut Input, key: KeyEvent) -> bool {
    let Some(request) = request_of(key) else {
        return false;
    };
    let full = input.value().chars().count() >= LONGEST;
    if full && matches!(request, InputRequest::InsertChar(_)) {
        return false;
    }
    input.handle(request).is_some_and(|changed| changed.value)
}

/// Inserts a pasted text at the cursor, on one line.
pub fn paste(input: &mut Input, pasted: &str) {
    let room = LONGEST.saturating_sub(input.value().chars().count());
    // Pasted line ends come as carriage returns.
    let text = clean(&pasted.replace('\r', "\n"));
    for c in text.trim().chars().take(room) {
        input.handle(InputRequest::InsertChar(c));
    }
}

fn request_of(key: KeyEvent) -> Option<InputRequest> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Char(_) if ctrl || alt => return None,
        KeyCode::Char(c) => InputRequest::InsertChar(c),
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left if ctrl || alt => InputRequest::GoToPrevWord,
        KeyCode::Right if ctrl || alt => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}

/// Draws a field in one row, scrolled so that its cursor is seen.
pub fn render(input: &Input, area: Rect, style: Style, buffer: &mut Buffer) -> Shown {
    let room = usize::from(area.width);
    let scroll = input.visual_scroll(room.saturating_sub(1));
    let mut column = 0;
    let mut x = area.x;
    for c in input.value().chars() {
        let columns = text::width(c.encode_utf8(&mut [0; 4]));
        let start = column;
        column += columns;
        if start < scroll || columns == 0 {
            continue;
        }
        if column - scroll > room {
            break;
        }
        let (next, _) = buffer.set_stringn(x, area.y, clean(&c.to_string()), columns, style);
        x = next;
    }
    let cursor = input
        .visual_cursor()
        .saturating_sub(scroll)
        .min(room.saturating_sub(1));
    Shown {
        cursor: (area.x + u16::try_from(cursor).unwrap_or(0), area.y),
        width: x - area.x,
    }
}

/// Inserts a pasted text at the cursor of a text of several lines.
pub fn paste_text(text: &mut TextArea<'static>, pasted: &str) {
    // Pasted line ends come as carriage returns.
    let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
    text.insert_str(crate::tui::measure::sanitize(&pasted));
}

/// A key in a text of several lines: deleting is as in a field, whatever the editor binds itself.
/// Says whether the text changed.
pub fn in_text(text: &mut TextArea<'static>, action: Option<Action>, event: KeyEvent) -> bool {
    match action.and_then(Step::of) {
        Some(Step::Delete(Deleted::ToStart)) => text.delete_line_by_head(),
        Some(Step::Delete(Deleted::Word)) => text.delete_word(),
        _ => text.input(event),
    }
}

/// Deletes from a field; says whether its text changed.
pub fn delete(input: &mut Input, what: Deleted) -> bool {
    let before = input.value().to_owned();
    match what {
        Deleted::Word => {
            input.handle(InputRequest::DeletePrevWord);
        }
        Deleted::ToStart => {
            let rest: String = before.chars().skip(input.cursor()).collect();
            *input = Input::new(rest).with_cursor(0);
        }
    }
    before != input.value()
}
