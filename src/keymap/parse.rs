//! Reading chords and key sequences as keymap files write them.

use std::str::FromStr;

use super::{Chord, Key, Mods, Sequence};

/// Keys with names; the first name of a key is the one that is shown.
const NAMES: [(&str, Key); 18] = [
    ("Space", Key::Char(' ')),
    ("Enter", Key::Enter),
    ("Return", Key::Enter),
    ("Esc", Key::Esc),
    ("Tab", Key::Tab),
    ("Backspace", Key::Backspace),
    ("Del", Key::Delete),
    ("Delete", Key::Delete),
    ("Ins", Key::Insert),
    ("Insert", Key::Insert),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PgUp", Key::PageUp),
    ("PgDn", Key::PageDown),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Left", Key::Left),
    ("Right", Key::Right),
];

/// The last function key that terminals report.
const LAST_F: u8 = 24;

/// A text that names no chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{text}” is no key: write d, C-d, A-x, S-Tab, F1, Enter, Esc, Space, and a blank between keys"
)]
pub struct BadChord {
    /// The text.
    pub text: String,
}

impl FromStr for Chord {
    type Err = BadChord;

    fn from_str(text: &str) -> Result<Self, BadChord> {
        let mut mods = Mods::NONE;
        let mut rest = text;
        while let Some((held, after)) = modifier(rest) {
            mods.ctrl |= held.ctrl;
            mods.alt |= held.alt;
            mods.shift |= held.shift;
            rest = after;
        }
        let key = key(rest).ok_or_else(|| BadChord {
            text: text.to_owned(),
        })?;
        Ok(Self::new(key, mods))
    }
}

impl FromStr for Sequence {
    type Err = BadChord;

    fn from_str(text: &str) -> Result<Self, BadChord> {
        let chords: Vec<Chord> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        if chords.is_empty() {
            return Err(BadChord {
                text: text.to_owned(),
            });
        }
        Ok(Self(chords))
    }
}

/// A modifier at the beginning and what follows it; `C-` alone has no key and is none.
fn modifier(text: &str) -> Option<(Mods, &str)> {
    let (name, rest) = text.split_once('-').filter(|(_, rest)| !rest.is_empty())?;
    let mut mods = Mods::NONE;
    match name {
        "C" => mods.ctrl = true,
        "A" | "M" => mods.alt = true,
        "S" => mods.shift = true,
        _ => return None,
    }
    Some((mods, rest))
}

/// A key by its name, or the character itself.
fn key(text: &str) -> Option<Key> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(Key::Char(c));
    }
    NAMES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, key)| *key)
        .or_else(|| function_key(text))
}

/// `F1` to `F24`.
fn function_key(text: &str) -> Option<Key> {
    let number: u8 = text.strip_prefix(['F', 'f'])?.parse().ok()?;
    (1..=LAST_F).contains(&number).then_some(Key::F(number))
}
