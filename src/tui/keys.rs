//! Keys of the terminal library as chords of the keymap.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::keymap::{Chord, Key, Mods};

/// The chord of a key event; `None` for keys that no keymap names.
pub fn chord(event: KeyEvent) -> Option<Chord> {
    let mut mods = Mods {
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
        shift: event.modifiers.contains(KeyModifiers::SHIFT),
    };
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => {
            mods.shift = true;
            Key::Tab
        }
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::F(n) => Key::F(n),
        _ => return None,
    };
    Some(Chord::new(key, mods))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_tab_is_one_chord_however_the_terminal_reports_it() {
        let back_tab = chord(KeyEvent::new(KeyCode::BackTab, KeyModifiers::NONE));
        let shift_tab = chord(KeyEvent::new(KeyCode::Tab, KeyModifiers::SHIFT));
        assert_eq!(back_tab, shift_tab);
        assert_eq!(back_tab.unwrap().to_string(), "S-Tab");
    }
}
