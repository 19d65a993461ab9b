//! Keys that came at once: whether they are a paste that the terminal did not bracket.
//!
//! GNU screen and old versions of PuTTY do not bracket pastes, so that a pasted message arrives as
//! keys. Outside a text field each of its characters would be a command, and some commands change
//! what a team shares.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Characters from which on keys that came at once can be a paste. Somebody who types ahead on a
/// slow line sends fewer.
const SHORTEST: usize = 8;

/// Keys that came at once, as they come.
#[derive(Debug, Default)]
pub struct Burst {
    keys: Vec<KeyEvent>,
    has_text_of_no_key: bool,
    /// Whether text stands after a line end.
    has_inner_line_end: bool,
    ended_line: bool,
}

impl Burst {
    /// Adds a key; a key that is no text does not belong to a paste and comes back.
    pub fn push(&mut self, key: KeyEvent) -> Option<KeyEvent> {
        let Some(c) = character(key) else {
            return Some(key);
        };
        if c == '\n' {
            self.ended_line = true;
        } else {
            self.has_inner_line_end |= self.ended_line;
            self.has_text_of_no_key |= !c.is_ascii();
        }
        self.keys.push(key);
        None
    }

    /// Whether a character is among them that no key stands for: it comes from an input method
    /// or from a paste.
    pub fn has_text_of_no_key(&self) -> bool {
        self.has_text_of_no_key
    }

    /// Whether they are a paste: there are many, and one is on no keyboard, or a line ends and
    /// more text follows.
    pub fn is_paste(&self) -> bool {
        self.keys.len() >= SHORTEST && (self.has_text_of_no_key || self.has_inner_line_end)
    }

    /// The keys.
    pub fn into_keys(self) -> Vec<KeyEvent> {
        self.keys
    }
}

/// The text of keys, its line ends as `\n`.
pub fn text(keys: &[KeyEvent]) -> String {
    keys.iter().filter_map(|key| character(*key)).collect()
}

fn character(key: KeyEvent) -> Option<char> {
    let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Char(c) if plain => Some(c),
        KeyCode::Enter if plain => Some('\n'),
        KeyCode::Tab if plain => Some('\t'),
        // What a line feed is to a terminal in raw mode.
        KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => Some('\n'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burst(text: &str) -> Burst {
        let mut burst = Burst::default();
        for c in text.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                c => KeyCode::Char(c),
            };
            assert_eq!(burst.push(code.into()), None);
        }
        burst
    }

    #[test]
    fn chinese_or_several_lines_are_a_paste_and_keys_typed_ahead_are_not() {
        for pasted in [
            "客户ID 1380014",
            "您好，订单一直没到账",
            "order 12\nwhere is it",
        ] {
            assert!(burst(pasted).is_paste(), "{pasted}");
        }
        for typed in [
            "jj\n",
            "jjjjjjjjjjj",
            "\n\n\n\n\n\n\n\n\n",
            "gg/abcdef\n",
            "证书过期",
        ] {
            assert!(!burst(typed).is_paste(), "{typed}");
        }
    }

    #[test]
    fn a_line_feed_is_a_line_end_and_other_control_keys_are_no_text() {
        let feed = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL);
        assert_eq!(text(&[feed]), "\n");
        let control = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL);
        for key in [control, KeyCode::Esc.into()] {
            assert_eq!(Burst::default().push(key), Some(key));
        }
    }
}
